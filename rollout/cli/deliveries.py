"""`receive`, `undo`, `redo`, `log`, `explain`, `backup`: what partners send, and what becomes of it."""

from __future__ import annotations

import datetime as dt
import gc
import getpass
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rollout.cli import proposals
from rollout.cli.arguments import DATE_FORMATS, AsJson, AsOf, DryRun, KnownAt, ProjectOption, day
from rollout.cli.speaking import console, rows_table, say, say_json
from rollout.errors import RolloutError
from rollout.vocabulary import STATUS_LABELS, Figure

if TYPE_CHECKING:
    import pandas as pd

    from rollout.history import Store
    from rollout.receiving import Desk, Received

_REFUSED = 4
_VERDICTS = {"accepted": "aufgenommen", "partial": "in Teilen aufgenommen", "refused": "abgewiesen"}
_ENTITIES = {"segments": "Trassenabschnitte", "targets": "Anschlüsse"}

_Files = Annotated[list[Path], typer.Argument(metavar="DATEI…", help="Was der Partner geschickt hat.")]
_Sender = Annotated[
    str | None,
    typer.Option("--from", metavar="ABSENDER", help="Wie unter [partners], z. B. EVL; bei Vorschlägen entbehrlich."),
]
_StateOn = Annotated[
    dt.datetime | None,
    typer.Option("--state-on", metavar="DATUM", formats=DATE_FORMATS, help="Stand der Datei, wo sie keinen nennt."),
]
_Partial = Annotated[bool, typer.Option("--partial", help="Gute Zeilen auch dann aufnehmen, wenn andere Fehler haben.")]
_Complete = Annotated[
    bool | None, typer.Option("--full-list/--changes-only", help="Vollständige Liste, oder nur Änderungen.")
]
_Delivery = Annotated[str, typer.Argument(metavar="LIEFERUNG", help="Kennung der Lieferung, siehe: rollout log")]
_Why = Annotated[str, typer.Option("--why", metavar="GRUND", help="Bleibt in der Geschichte stehen.")]
_What = Annotated[
    str | None,
    typer.Argument(metavar="KENNUNG", help="Trassenabschnitt, Anschluss oder Lieferung; ohne: alle Lieferungen."),
]
_PlaceName = Annotated[str, typer.Argument(metavar="ORT", help="Stadtteil, Bauabschnitt oder Förderprojekt.")]
_Measure = Annotated[Figure, typer.Option("--measure", "-m", help="Welche Zahl der Tabelle.")]
_Manifest = Annotated[
    Path | None,
    typer.Option("--manifest", metavar="DATEI", help="Ohne Angabe: deliveries/deliveries.toml im Projekt."),
]
_Keep = Annotated[int, typer.Option("--keep", min=1, help="So viele Sicherungen bleiben stehen.")]


def receive(  # noqa: PLR0913 - one per option
    files: _Files,
    *,
    sender: _Sender = None,
    state_on: _StateOn = None,
    partial: _Partial = False,
    complete: _Complete = None,
    project: ProjectOption = Path(),
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Prüft Dateien eines Partners und nimmt sie auf, je Datei ganz oder gar nicht."""
    from rollout import receiving
    from rollout.intake.receipt import Terms
    from rollout.project import open_project

    terms = Terms(dt.datetime.now().astimezone().date(), day(state_on), partial, complete)
    opened, write = open_project(project), not dry_run
    lists = [path for path in files if not proposals.is_submission(path)]
    if lists and sender is None:
        msg = f"Wer schickt '{lists[0].name}'? Nur für Vorschläge aus einer Seite ist das entbehrlich."
        raise typer.BadParameter(msg, param_hint="--from")
    desk = receiving.open_desk(opened, write=write) if lists else None
    results: list[Received] = []
    submitted: list[dict[str, Any]] = []
    failure: RolloutError | None = None
    try:
        for path in files:
            if desk is None or sender is None or path not in lists:
                submitted.append(proposals.submit(opened, path, sender, write=write, quiet=as_json))
                continue
            results.append(receiving.receive(desk, path, sender, terms, write=write))
            if not as_json:
                _print(results[-1], desk, dry_run=dry_run)
    except RolloutError as error:
        if not as_json or not (results or submitted):
            raise
        failure = error  # what was taken in before it is said too
    if as_json:
        said = {"deliveries": [_as_object(received) for received in results], "written": write}
        said |= {"proposals": submitted} if submitted else {}
        say_json(said | (_as_failure(failure) if failure else {}))
    code = failure.exit_code if failure else _REFUSED * any(received.is_refused for received in results)
    if code:
        raise typer.Exit(code)


def _as_failure(error: RolloutError) -> dict[str, Any]:
    fault = {"type": type(error).__name__, "message": error.message, "hint": error.hint}
    return {"error": fault, "exit_code": error.exit_code}


def _as_object(received: Received) -> dict[str, Any]:
    receipt = received.receipt
    return {
        "file": receipt.delivery.arrival.name,
        "sha256": receipt.delivery.arrival.sha256,
        "verdict": receipt.verdict.value,
        "is_new": received.recorded is not None and received.recorded.is_new,
        "state_on": receipt.state_on,
        "rows": {entity: asdict(counts) for entity, counts in receipt.counts.items()},
        "files": list(received.files),
    }


def _print(received: Received, desk: Desk, *, dry_run: bool) -> None:
    receipt, recorded = received.receipt, received.recorded
    name = receipt.delivery.arrival.name
    if recorded is not None and not recorded.is_new:
        say(f"{name}: schon am {_local(recorded.recorded_at):%d.%m.%Y} aufgenommen, nichts geändert", err=False)
        if recorded.withdrawn:
            say(f"  Sie ist zurückgenommen. Wieder in Kraft: rollout redo {recorded.delivery_id} --why …", err=False)
        return
    _print_counts(received)
    if dry_run:
        from rollout.reporting.receipt import render_receipt

        say(f"\n{render_receipt(receipt, desk.project, 'md').decode()}", err=False)


def _print_counts(received: Received) -> None:
    receipt, name = received.receipt, received.receipt.delivery.arrival.name
    say(f"{name}: {_VERDICTS[receipt.verdict.value]}, Stand {receipt.state_on:%d.%m.%Y}", err=False)
    for entity, counts in receipt.counts.items():
        parts = f"{counts.accepted} neu, {counts.unchanged + counts.repeated} bekannt, {counts.refused} mit Fehlern"
        say(f"  {_ENTITIES[entity]}: {counts.rows} Zeilen, davon {parts}", err=False)
    for refused in receipt.refused.head(5).itertuples():
        say(f"  Zeile {refused.row}: {refused.message}", err=False)
    for path in received.files:
        if path.suffix == ".html":
            say(f"  Eingangsprüfung: {path}", err=False)


def replay(*, project: ProjectOption = Path(), manifest: _Manifest = None) -> None:
    """Baut die Geschichte aus aufbewahrten Lieferungen neu auf."""
    from rollout import receiving
    from rollout.project import open_project

    opened = open_project(project)
    path = manifest or opened.folder / "deliveries" / "deliveries.toml"
    gc.freeze()  # what the imports made stays to the end, and need not be looked through again and again
    for name, recorded in receiving.replay(opened, path):
        new = "aufgenommen" if recorded and recorded.is_new else "schon bekannt"
        say(f"{name}: {new if recorded else 'abgewiesen'}", err=False)


def undo(delivery: _Delivery, *, why: _Why, project: ProjectOption = Path()) -> None:
    """Nimmt eine Lieferung durch einen Gegeneintrag zurück; gelöscht wird nichts."""
    from rollout.history import withdraw

    moment = withdraw(_store(project), delivery, why, _user())
    say(f"Lieferung {delivery} zurückgenommen am {_local(moment):%d.%m.%Y %H:%M}.", err=False)


def redo(delivery: _Delivery, *, why: _Why, project: ProjectOption = Path()) -> None:
    """Setzt eine zurückgenommene Lieferung wieder in Kraft."""
    from rollout.history import reinstate

    moment = reinstate(_store(project), delivery, why, _user())
    say(f"Lieferung {delivery} gilt wieder seit {_local(moment):%d.%m.%Y %H:%M}.", err=False)


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # no such user on this system, as in containers
        return "unbekannt"


def _local(moment: dt.datetime) -> dt.datetime:
    from rollout.history.moments import LOCAL

    return moment.astimezone(LOCAL)


def log(what: _What = None, *, project: ProjectOption = Path(), known_at: KnownAt = None) -> None:
    """Zeigt die Lieferungen, oder die Geschichte eines Abschnitts, Anschlusses oder einer Lieferung."""
    from rollout import history

    store, moment = _store(project), day(known_at)
    received = history.deliveries(store, moment)
    if what is None:
        console().print(rows_table(_in_local_time(received), _DELIVERY_HEADINGS))
        return
    said = _said_of(store, what, received, moment)
    if said.empty and proposals.print_file(project, what):
        return
    if said.empty:
        msg = f"Zu '{what}' ist nichts bekannt. Alle Lieferungen zeigt: rollout log"
        raise typer.BadParameter(msg)
    why = received.loc[received["withdrawn"]].set_index("delivery_id")["answered_why"]
    rows = _in_local_time(said.assign(answered_why=said["delivery_id"].map(why)))
    noted = {"note": "Bemerkung"} if rows["note"].notna().any() else {}
    console().print(rows_table(rows.replace({"status": STATUS_LABELS}), _EVENT_HEADINGS | noted))


def _said_of(store: Store, what: str, received: pd.DataFrame, known_at: dt.date | None) -> pd.DataFrame:
    """Return all that was ever said of an object, or by a delivery, also where it is withdrawn since."""
    import pandas as pd

    from rollout import history

    for entity in ("segment", "target"):
        said = history.entity_log(store, entity, what, known_at)
        if len(said):
            return said
    answered = received.loc[received["withdrawn"] & received["delivery_id"].str.startswith(what), "answered_at"]
    moments = [known_at, *(answered - pd.Timedelta(microseconds=1)).dt.to_pydatetime()]
    said = pd.concat([history.events(store, known_at=moment) for moment in moments])
    rows = said.drop_duplicates(["delivery_id", "entity", "entity_id", "valid_on", "row"])
    return rows[rows["delivery_id"].str.startswith(what)]


def _in_local_time(rows: pd.DataFrame) -> pd.DataFrame:
    from rollout.history.moments import LOCAL

    return rows.assign(recorded_at=rows["recorded_at"].dt.tz_convert(LOCAL))


_DELIVERY_HEADINGS = {
    "delivery_id": "Lieferung",
    "sender": "Absender",
    "file_name": "Datei",
    "state_on": "Stand",
    "recorded_at": "aufgenommen",
    "accepted": "neu",
    "unchanged": "bekannt",
    "refused": "Fehler",
    "answered_why": "zurückgenommen, weil",
}

_EVENT_HEADINGS = {
    "entity_id": "Kennung",
    "valid_on": "gilt seit",
    "status": "Status",
    "reason": "Grund",
    "reported_by": "gemeldet von",
    "file_name": "Datei",
    "row": "Zeile",
    "recorded_at": "aufgenommen",
    "delivery_id": "Lieferung",
    "answered_why": "zurückgenommen, weil",
}


def explain(  # noqa: PLR0913 - one per option
    place: _PlaceName,
    *,
    measure: _Measure = Figure.CONNECTED,
    project: ProjectOption = Path(),
    as_of: AsOf = None,
    known_at: KnownAt = None,
    as_json: AsJson = False,
) -> None:
    """Zeigt die Zeilen hinter einer Zahl der Tabelle, mit Datei, Zeile und Lieferung."""
    from rollout import pipeline
    from rollout.analysis.evidence import LENGTHS, rows_behind
    from rollout.project import open_project
    from rollout.wording import counted, date, length

    opened = open_project(project)
    state = pipeline.state(opened, day(as_of), known_at=day(known_at))
    rows = rows_behind(state, place, measure)
    headings = dict(_ROW_HEADINGS)
    if pipeline.has_store(opened):
        from rollout.standing import sources_of

        rows = sources_of(opened, rows, state.as_of, state.known_at)
        headings |= {"file_name": "Datei", "row": "Zeile", "delivery_id": "Lieferung"}
        rows = proposals.with_corrections(opened, rows)
        headings |= {"correction": "Korrektur"} if rows["correction"].notna().any() else {}
    if as_json:
        plain = rows.astype(object).where(rows.notna(), None)  # JSON knows no NaN
        say_json({"place": place, "measure": measure.value, "as_of": state.as_of, "rows": plain.to_dict("records")})
        return
    console().print(rows_table(rows.replace({"status": STATUS_LABELS}), headings))
    total = length(rows["length_m"].sum()) if measure in LENGTHS else counted(len(rows), "Anschluss", "Anschlüsse")
    say(f"{place}, {measure.value}: {total}, Stand {date(state.as_of)}.", err=False)


_ROW_HEADINGS = {
    "entity_id": "Kennung",
    "what": "Adresse oder Straße",
    "status": "Status",
    "status_since": "seit",
    "length_m": "Meter",
}


def backup(*, project: ProjectOption = Path(), keep: _Keep = 10) -> None:
    """Sichert die Geschichte in eine geprüfte Kopie, auch während gelesen oder geschrieben wird."""
    from rollout import history

    store = _store(project)
    say(str(history.backup(store, store.copies_folder, keep)), err=False)


def _store(project: Path) -> Store:
    from rollout.history import FILE_NAME, open_store
    from rollout.project import open_project

    return open_store(open_project(project).folder / FILE_NAME)
