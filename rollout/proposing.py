"""Proposals of partners: taken in as a delivery that changes nothing, listed beside the state, decided one by one."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from rollout import pipeline
from rollout.analysis.corrections import compared
from rollout.errors import DataError, InputError
from rollout.files import write_together
from rollout.history import FILE_NAME, Delivery, events, open_store, proposals, record, statuses
from rollout.history.moments import LOCAL
from rollout.history.rulings import NO_EVENTS, Ruling, as_delivery, as_file, record_ruling
from rollout.intake.entries import Terms
from rollout.intake.proposals import names_format, read_decision, read_proposals
from rollout.intake.refusal import DeliveryError
from rollout.marks import DECISION_FORMAT, ENTITIES, NAME_LETTERS, REMARK_LETTERS, Kind, Outcome, fault_of, told
from rollout.vocabulary import NO_DATA_LABEL, STATUS_LABELS

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    import geopandas as gpd

    from rollout.history import Recorded, Store
    from rollout.intake.proposals import Submission
    from rollout.project import Project

ORIGINALS_FOLDER = "eingang"
"""Beside the store: every file that was taken in, under its hash."""

_LISTED = "Die Vorschläge und ihre Kennungen zeigt: rollout proposals --all"
_NO_STORE = (
    "Berichtigen Sie den Status dort, oder nehmen Sie zuerst die Lieferungen der Partner auf: "
    "rollout receive DATEI --from ABSENDER"
)


@dataclass(frozen=True, slots=True)
class Board:
    """
    A project opened for proposals.

    Attributes
    ----------
    project
        What the project file says.
    layers
        Its layers, without faults.
    store
        Where proposals and decisions are recorded.
    """

    project: Project
    layers: Mapping[str, gpd.GeoDataFrame]
    store: Store


@dataclass(frozen=True, slots=True)
class Submitted:
    """
    What became of a file of proposals.

    Attributes
    ----------
    submission
        What it holds.
    recorded
        What the store says; None where nothing was to be written.
    sender
        Who sent it.
    """

    submission: Submission
    recorded: Recorded | None
    sender: str


def open_board(project: Project) -> Board:
    """
    Open a project for proposals.

    Parameters
    ----------
    project
        What the project file says.

    Returns
    -------
    board
        Ready to receive, list and decide.

    Raises
    ------
    LayerError, CrsError, DataError
        If the layers cannot be used.
    InputError
        If the project has no store, or it cannot be opened.
    """
    if not pipeline.has_store(project):
        msg = "das Projekt führt keine Lieferungen, sein Stand steht in den Layern selbst"
        raise InputError(msg, _NO_STORE)
    layers = pipeline.faultless(pipeline.check(project, with_base=False)).layers
    return Board(project, layers, open_store(project.folder / FILE_NAME))


def submit(board: Board, path: Path, sender: str | None, on: dt.datetime, *, write: bool = True) -> Submitted:
    """
    Take in a file of proposals, whole or not at all. The state of nothing changes.

    Parameters
    ----------
    board
        The project opened for proposals.
    path
        As a page saved it.
    sender
        Key of the partner in `[partners]`; by default the audience that the page names.
    on
        The moment of receipt.
    write
        False to check everything and write nothing.

    Returns
    -------
    submitted
        The same file twice changes nothing and says so.

    Raises
    ------
    DeliveryError, DataError
        If the file or one of its entries is not what it should be.
    OutputError
        If the store or the folder of originals cannot be written.
    """
    submission = _read(board, path, sender, on.date())
    by = sender or submission.audience
    if not write:
        return Submitted(submission, None, by)
    keep(board.project, submission.arrival.sha256, submission.arrival.content)
    return Submitted(submission, _record(board.store, submission, by, None), by)


def keep(project: Project, sha256: str, content: bytes) -> None:
    """
    Keep an original under its hash, so that the history can be built anew from it.

    Parameters
    ----------
    project
        Beside its store.
    sha256
        Of the content.
    content
        The file's bytes.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    write_together(project.folder / ORIGINALS_FOLDER, {f"{sha256[:12]}/{sha256}.json": content})


def _read(board: Board, path: Path, sender: str | None, day: dt.date) -> Submission:
    project = board.project
    if sender is not None and sender not in project.partners:
        msg = f"der Absender '{sender}' steht nicht in rollout.toml"
        raise DeliveryError(msg, f"Bekannt ist: {', '.join(project.partners) or 'keiner'}. Oder lassen Sie --from weg.")
    ids = {entity: frozenset(board.layers[f"{entity}s"][f"{entity}_id"]) for entity in ("segment", "target")}
    return read_proposals(path, Terms(project.name, project.place, ids, day, project.audiences))


def _record(store: Store, submission: Submission, sender: str, moment: dt.datetime | None) -> Recorded:
    about = {"audience": submission.audience, "package": submission.package, "proposals": len(submission.rows)}
    arrival = submission.arrival
    delivery = Delivery(
        sender=sender,
        file_name=arrival.name,
        sha256=arrival.sha256,
        state_on=submission.state_on,
        receipt={**about, "author": submission.author},
        recorded_at=moment,
    )
    named = [f"{delivery.delivery_id}-{row}" for row in submission.rows["row"]]
    return record(store, delivery, NO_EVENTS, beside={"proposals": submission.rows.assign(proposal_id=named)})


def listing(board: Board, day: dt.date) -> pd.DataFrame:
    """
    List every proposal beside what is known now.

    Parameters
    ----------
    board
        The project opened for proposals.
    day
        Today: what is now the state.

    Returns
    -------
    proposals
        As `history.proposals` and `analysis.corrections.compared` have them, in order of arrival.
    """
    kept = proposals(board.store)
    about = kept["receipt"].map(json.loads)
    kept = kept.assign(audience=about.map(lambda one: one["audience"]).astype("string"))
    return compared(kept, statuses(board.store, day), board.layers, board.project.audiences)


def decide(board: Board, name: str, ruling: Ruling) -> pd.Series[Any]:
    """
    Accept or reject one proposal.

    Accepting another state records an event, as of a delivery of its own; what else is accepted is recorded as
    decided and changes nothing, since layers are the project's own files.

    Parameters
    ----------
    board
        The project opened for proposals.
    name
        Identifier of the proposal, or the beginning of it.
    ruling
        What is decided, by whom and why.

    Returns
    -------
    proposal
        As `listing` has it afterwards.

    Raises
    ------
    InputError
        If there is no such proposal, it is decided or withdrawn, or name or reason cannot be recorded.
    DataError
        If what the page said holds no longer, or an acceptance would have no effect, and it is not to be `anyway`.
    OutputError
        If the store cannot be written, or another run writes for too long.
    """
    _expect_text(ruling.by, "--by", NAME_LETTERS)
    _expect_text(ruling.why, "--reason", REMARK_LETTERS)
    proposal = _open_one(listing(board, ruling.day), name)
    content = as_file(proposal["proposal_id"], ruling)
    delivery = as_delivery(proposal["proposal_id"], content, ruling)
    if ruling.outcome is Outcome.ACCEPTED and not ruling.anyway:
        _refuse_objections(objections(board, proposal, delivery))
    keep(board.project, delivery.sha256, content)
    record_ruling(board.store, proposal, delivery, ruling)
    after = listing(board, ruling.day).set_index("proposal_id", drop=False)
    decided: pd.Series[Any] = after.loc[proposal["proposal_id"]]
    return decided


def _expect_text(text: str, option: str, most: int) -> None:
    fault = fault_of(text, most) or (None if text else "ist leer")
    if fault:
        msg = f"{option} {fault}"
        raise InputError(msg, "Schreiben Sie eine Zeile Text; sie bleibt in der Geschichte stehen.")


def _open_one(listed: pd.DataFrame, name: str) -> pd.Series[Any]:
    found = (
        listed[listed["proposal_id"] == name]
        if name in set(listed["proposal_id"])
        else listed[listed["proposal_id"].str.startswith(name) & bool(name)]
    )
    if len(found) != 1:
        many = f"ist nicht eindeutig: {', '.join(found['proposal_id'].head(5))}"
        msg = f"den Vorschlag '{name}' gibt es nicht" if found.empty else f"der Vorschlag '{name}' {many}"
        raise InputError(msg, _LISTED)
    proposal = found.iloc[0]
    named = proposal["proposal_id"]
    if proposal["withdrawn"]:
        msg = f"die Datei des Vorschlags {named} ist zurückgenommen"
        raise InputError(msg, f"Wieder in Kraft: rollout redo {proposal['delivery_id']} --why …")
    if not pd.isna(proposal["verdict"]):
        word = "angenommen" if proposal["verdict"] == Outcome.ACCEPTED else "abgelehnt"
        when = proposal["decided_at"].tz_convert(LOCAL)
        msg = f"der Vorschlag {named} ist am {when:%d.%m.%Y} von {proposal['decided_by']} {word} worden"
        raise InputError(msg, f"Die Entscheidung nimmt zurück: rollout undo {proposal['decision_id']} --why …")
    return proposal


def objections(board: Board, proposal: pd.Series[Any], delivery: Delivery) -> list[str]:
    """
    Tell why an acceptance should be thought over.

    Parameters
    ----------
    board
        The project opened for proposals.
    proposal
        One row of `listing`.
    delivery
        The decision that is to be recorded.

    Returns
    -------
    objections
        In German; none where what the page said still holds and the acceptance counts.
    """
    found = []
    if proposal["has_changed"] and proposal["kind"] == Kind.PLACE:
        found.append("der Anschluss liegt im Layer inzwischen anders als auf der Seite")
    elif proposal["has_changed"]:
        since = "" if pd.isna(proposal["since_now"]) else f" seit {proposal['since_now']:%d.%m.%Y}"
        said, now = (_label(proposal[key]) for key in ("said_status", "status_now"))
        found.append(f"die Seite sagte '{said}', inzwischen gilt '{now}'{since}")
    return [*found, *_coarsened(board, proposal), *_overruling(board, proposal, delivery)]


def _coarsened(board: Board, proposal: pd.Series[Any]) -> Iterator[str]:
    """Say where the page tells a state as the one that is proposed, so that its reader could not know better."""
    now, layer = proposal["status_now"], ENTITIES[proposal["entity"]]
    if proposal["kind"] != Kind.STATUS or pd.isna(now) or now == proposal["status"]:
        return
    if told(now, layer, board.project.audiences.get(proposal["audience"])) == proposal["status"]:
        yield f"die Seite nannte '{_label(now)}' nur '{_label(proposal['status'])}'; die Annahme stufte zurück"


def _overruling(board: Board, proposal: pd.Series[Any], delivery: Delivery) -> Iterator[str]:
    """Name the report that would still count after the acceptance, in place of what was accepted."""
    if proposal["kind"] != Kind.STATUS:
        return
    reports = events(board.store, entity=proposal["entity"], entity_id=proposal["entity_id"])
    ours = (proposal["valid_on"], pd.Timestamp(delivery.state_on), delivery.delivery_id)
    for last in reports.tail(1).itertuples():
        if (last.valid_on, last.state_on, last.delivery_id) > ours and last.status != proposal["status"]:
            what = f"die Meldung '{_label(last.status)}' zum {last.valid_on:%d.%m.%Y} ist jünger"
            yield f"{what}; am heutigen Stand änderte die Annahme nichts"


def _label(status: object) -> str:
    return STATUS_LABELS.get(str(status), NO_DATA_LABEL)


def _refuse_objections(found: list[str]) -> None:
    if found:
        raise DataError("; ".join(found), "Prüfen Sie den Vorschlag noch einmal; dennoch annehmen mit: --anyway")


def is_kept(path: Path) -> bool:
    """
    Tell whether a kept file is one of proposals, or a decision.

    Parameters
    ----------
    path
        Any file.

    Returns
    -------
    is_kept
        False for every other delivery.
    """
    return names_format(path) or names_format(path, DECISION_FORMAT)


def replayed(board: Board, path: Path, sender: str, moment: dt.datetime) -> Recorded | None:
    """
    Record a kept file of proposals, or a kept decision, at the moment it came.

    Parameters
    ----------
    board
        The project opened for proposals.
    path
        As `is_kept` knows it.
    sender
        Who sent it.
    moment
        When it was recorded.

    Returns
    -------
    recorded
        What the store says; None where the file is refused, or decides of what is not there.
    """
    try:
        if names_format(path):
            partner = sender if sender in board.project.partners else None
            submission = _read(board, path, partner, moment.date())
            return _record(board.store, submission, sender, moment)
        said = read_decision(path)
    except (DeliveryError, DataError):
        return None
    kept = proposals(board.store)
    found = kept[kept["proposal_id"] == said.proposal_id]
    if found.empty:
        return None
    ruling = Ruling(said.outcome, said.by, said.why, said.decided_at)
    delivery = as_delivery(said.proposal_id, said.arrival.content, ruling, moment)
    return record_ruling(board.store, found.iloc[0], delivery, ruling)
