"""`proposals`: what partners marked in their pages as wrong, and what becomes of it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rollout.cli.arguments import AsJson, ProjectOption
from rollout.cli.speaking import console, rows_table, say, say_json

if TYPE_CHECKING:
    import pandas as pd

    from rollout.analysis.state import State
    from rollout.marks import Outcome
    from rollout.project import Project

group = typer.Typer(help="Vorschläge der Partner aus ihren Seiten: zeigen, annehmen, ablehnen.", rich_markup_mode=None)

_All = Annotated[bool, typer.Option("--all", help="Auch die entschiedenen und zurückgenommenen.")]
_Id = Annotated[str, typer.Argument(metavar="KENNUNG", help="Des Vorschlags; der Anfang genügt.")]
_By = Annotated[str, typer.Option("--by", metavar="NAME", help="Wer entscheidet.")]
_Reason = Annotated[str, typer.Option("--reason", metavar="GRUND", help="Bleibt in der Geschichte stehen.")]
_Anyway = Annotated[bool, typer.Option("--anyway", help="Auch annehmen, wenn sich der Stand seither geändert hat.")]
_Csv = Annotated[Path | None, typer.Option("--csv", metavar="DATEI", help="Für das GIS: Koordinaten in EPSG:25832.")]

_HEADINGS = {
    "proposal_id": "Vorschlag",
    "object": "Objekt",
    "said": "die Seite sagte",
    "now": "heute",
    "proposed": "vorgeschlagen",
    "from": "von",
    "remark": "Bemerkung",
}
_DECIDED = {"decided": "Entscheidung"}
_IN_PLAN = {
    "proposal_id": "Vorschlag",
    "object": "Objekt",
    "x": "Rechtswert",
    "y": "Hochwert",
    "distance_m": "Meter",
    "from": "von",
    "decided": "Entscheidung",
}
_PLAIN = (
    "proposal_id", "standing", "entity", "entity_id", "what", "kind", "said_status", "said_since", "status_now",
    "since_now", "has_changed", "status", "valid_on", "lon", "lat", "x", "y", "distance_m", "remark", "author",
    "sender", "audience", "file_name", "state_on", "recorded_at", "decided_by", "decided_why", "decided_at",
    "decision_id",
)  # fmt: skip


def is_submission(path: Path) -> bool:
    """
    Tell whether a file holds proposals.

    Parameters
    ----------
    path
        Any file.

    Returns
    -------
    is_submission
        Whether it says so in its first entry.
    """
    from rollout.intake.proposals import names_format

    return names_format(path)


def submit(project: Project, path: Path, sender: str | None, *, write: bool, quiet: bool) -> dict[str, Any]:
    """
    Take in a file of proposals and say what became of it.

    Parameters
    ----------
    project
        What the project file says.
    path
        As a page saved it.
    sender
        Key of the partner, where it was given.
    write
        False to write nothing.
    quiet
        Whether nothing is to be printed.

    Returns
    -------
    said
        As JSON has it.
    """
    from rollout import proposing
    from rollout.history.moments import LOCAL

    taken = proposing.submit(proposing.open_board(project), path, sender, dt.datetime.now(LOCAL), write=write)
    submission, recorded = taken.submission, taken.recorded
    count = len(submission.rows)
    if not quiet:
        is_known = recorded is not None and not recorded.is_new
        became = "schon bekannt, nichts geändert" if is_known else "aufgenommen" if write else "ohne Fehler"
        many = "1 Vorschlag" if count == 1 else f"{count} Vorschläge"
        say(f"{path.name}: {many} von {submission.author} ({taken.sender}) {became}", err=False)
        say("  Am Stand ändert sich erst etwas, wenn Sie annehmen: rollout proposals")
    return {
        "file": submission.arrival.name,
        "sha256": submission.arrival.sha256,
        "author": submission.author,
        "sender": taken.sender,
        "state_on": submission.state_on,
        "proposals": count,
        "is_new": recorded is not None and recorded.is_new,
    }


@group.callback(invoke_without_command=True)
def listed(
    context: typer.Context, *, project: ProjectOption = Path(), every: _All = False, as_json: AsJson = False
) -> None:
    """Zeigt die offenen Vorschläge neben dem, was heute gilt."""
    if context.invoked_subcommand is not None:
        return
    from rollout.analysis.corrections import OPEN
    from rollout.wording import counted

    rows = _rows(project)
    shown = rows if every else rows[(rows["standing"] == OPEN).astype(bool)]
    if as_json:
        say_json({"proposals": _objects(shown)})
        return
    if len(shown):
        console().print(rows_table(_worded(shown), _HEADINGS | (_DECIDED if every else {})))
    is_open = int((rows["standing"] == OPEN).sum())
    say(f"{counted(is_open, 'offener Vorschlag', 'offene Vorschläge')}. ", err=False)
    if is_open:
        say("Einzeln entscheiden: rollout proposals accept|reject KENNUNG --by NAME --reason GRUND")


@group.command("accept")
def accept(  # noqa: PLR0913 - one per option
    proposal: _Id,
    *,
    by: _By,
    reason: _Reason,
    anyway: _Anyway = False,
    project: ProjectOption = Path(),
    as_json: AsJson = False,
) -> None:
    """Nimmt einen Vorschlag an; ein anderer Status wird als Meldung aufgenommen."""
    from rollout.marks import Outcome

    _decide(project, proposal, (Outcome.ACCEPTED, by, reason), anyway=anyway, as_json=as_json)


@group.command("reject")
def reject(
    proposal: _Id, *, by: _By, reason: _Reason, project: ProjectOption = Path(), as_json: AsJson = False
) -> None:
    """Lehnt einen Vorschlag ab; er bleibt mit dem Grund in der Geschichte."""
    from rollout.marks import Outcome

    _decide(project, proposal, (Outcome.REJECTED, by, reason), anyway=False, as_json=as_json)


@group.command("plan")
def plan(*, project: ProjectOption = Path(), csv: _Csv = None, as_json: AsJson = False) -> None:
    """Zeigt, was im Plan zu ändern ist: angenommene Orte, die der Layer noch nicht hat."""
    from rollout.analysis.corrections import to_change
    from rollout.files import write_file
    from rollout.reporting.plan_changes import as_csv

    rows = to_change(_rows(project))
    if csv is not None:
        write_file(csv, as_csv(rows))
        say(f"Geschrieben: {csv}")
    if as_json:
        say_json({"proposals": _objects(rows)})
        return
    if len(rows):
        console().print(rows_table(_worded(rows), _IN_PLAN))
    say(f"Im Plan zu ändern: {len(rows)}, Koordinaten in EPSG:25832.", err=False)


def with_corrections(project: Project, rows: pd.DataFrame) -> pd.DataFrame:
    """
    Name the correction behind a state, where it comes from one.

    Parameters
    ----------
    project
        With a store.
    rows
        With `delivery_id`.

    Returns
    -------
    rows
        With `correction`: who proposed it, who accepted it and why; missing where a partner's list says so.
    """
    from rollout.history import FILE_NAME, decisions, open_store

    taken = decisions(open_store(project.folder / FILE_NAME)).set_index("delivery_id")
    said = taken["author"] + ", angenommen von " + taken["decided_by"] + ": " + taken["decided_why"]
    return rows.assign(correction=rows["delivery_id"].map(said))


def print_file(project: Path, name: str) -> bool:
    """
    Print the proposals of a file, or the one that a decision is about.

    Parameters
    ----------
    project
        Where the project is.
    name
        The beginning of a delivery's identifier.

    Returns
    -------
    is_printed
        False where there is nothing of the kind.
    """
    rows = _rows(project)
    starts = [rows[key].str.startswith(name).fillna(value=False).astype(bool) for key in ("delivery_id", "decision_id")]
    found = rows[starts[0] | starts[1]]
    if len(found):
        console().print(rows_table(_worded(found), _HEADINGS | _DECIDED))
    return not found.empty


def say_corrections(before: State, after: State) -> None:
    """
    Say which accepted corrections lie between two states.

    Parameters
    ----------
    before, after
        Of one project.
    """
    from rollout.history import FILE_NAME, decisions, open_store
    from rollout.standing import sources_of

    if before.sources is None or after.sources is None:
        return
    taken = decisions(open_store(after.project.folder / FILE_NAME)).set_index("delivery_id", drop=False)
    keys = taken[["entity", "entity_id"]].drop_duplicates()
    then, now = (
        set(sources_of(state.project, keys, state.as_of, state.known_at)["delivery_id"]) for state in (before, after)
    )
    for row in taken[taken["delivery_id"].isin(now - then)].itertuples():
        what = f"{row.entity_id}: {_status(row.status, row.valid_on)}"
        say(f"Korrektur {what}, von {row.author}, angenommen von {row.decided_by}: {row.decided_why}")


def _decide(project: Path, name: str, said: tuple[Outcome, str, str], *, anyway: bool, as_json: bool) -> None:
    from rollout import proposing
    from rollout.history.moments import LOCAL
    from rollout.history.rulings import Ruling
    from rollout.project import open_project

    board = proposing.open_board(open_project(project))
    ruling = Ruling(*said, dt.datetime.now(LOCAL), anyway)
    decided = proposing.decide(board, name, ruling)
    if as_json:
        say_json({"proposal": _objects(decided.to_frame().T)[0]})
        return
    word = "angenommen" if ruling.outcome.value == "accepted" else "abgelehnt"
    say(f"Vorschlag {decided['proposal_id']} {word}. {_follows(decided)}", err=False)
    say(f"Zurücknehmen: rollout undo {decided['decision_id']} --why GRUND")


def _follows(decided: pd.Series[Any]) -> str:
    """Say what an acceptance changes."""
    from rollout.marks import Kind, Outcome

    if decided["verdict"] == Outcome.REJECTED:
        return "Am Stand ändert sich nichts."
    if decided["kind"] == Kind.PLACE:
        return "Der Ort ist im Layer zu ändern, siehe: rollout proposals plan"
    if decided["kind"] == Kind.REMARK:
        return "Am Stand ändert sich nichts."
    return f"{decided['entity_id']}: jetzt '{_status(decided['status_now'], decided['since_now'])}'."


def _rows(project: Path) -> pd.DataFrame:
    from rollout import proposing
    from rollout.history.moments import LOCAL
    from rollout.project import open_project

    return proposing.listing(proposing.open_board(open_project(project)), dt.datetime.now(LOCAL).date())


def _objects(rows: pd.DataFrame) -> list[dict[str, Any]]:
    plain = rows[list(_PLAIN)].astype(object)
    return [
        {str(key): value for key, value in row.items()} for row in plain.where(plain.notna(), None).to_dict("records")
    ]


def _worded(rows: pd.DataFrame) -> pd.DataFrame:
    """Word each proposal in the columns of the terminal."""
    return rows.assign(
        object=[" ".join(filter(None, pair)) for pair in zip(rows["entity_id"], rows["what"].fillna(""), strict=True)],
        said=[_said(row) for row in rows.itertuples()],
        now=[_now(row) for row in rows.itertuples()],
        proposed=[_proposed(row) for row in rows.itertuples()],
        decided=[_decision(row) for row in rows.itertuples()],
        **{"from": rows["author"] + " (" + rows["sender"] + ")"},
    )


def _said(row: Any) -> str:  # noqa: ANN401 - a row of any frame
    return f"{_status(row.said_status, row.said_since)} (Stand {row.state_on:%d.%m.%Y})"


def _now(row: Any) -> str:  # noqa: ANN401 - as above
    changed = " – inzwischen geändert" if row.has_changed else ""
    return _status(row.status_now, row.since_now) + changed


def _proposed(row: Any) -> str:  # noqa: ANN401 - as above
    from rollout.marks import Kind
    from rollout.wording import length

    if row.kind == Kind.STATUS:
        return _status(row.status, row.valid_on)
    return f"Lage um {length(row.distance_m)} anders" if row.kind == Kind.PLACE else "nur ein Hinweis"


def _decision(row: Any) -> str:  # noqa: ANN401 - as above
    words = {"open": "offen", "accepted": "angenommen", "rejected": "abgelehnt", "withdrawn": "Datei zurückgenommen"}
    word = words[row.standing]
    return word if row.standing in {"open", "withdrawn"} else f"{word} von {row.decided_by}: {row.decided_why}"


def _status(status: object, since: object) -> str:
    import pandas as pd

    from rollout.vocabulary import NO_DATA_LABEL, STATUS_LABELS

    label = STATUS_LABELS.get(str(status), NO_DATA_LABEL)
    return f"{label} seit {since:%d.%m.%Y}" if isinstance(since, pd.Timestamp) else label
