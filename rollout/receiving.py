"""The receiving desk: a partner's file is checked, its original kept, its events recorded, its receipt written."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from rollout import pipeline
from rollout.analysis import places
from rollout.analysis.placing import phase_districts
from rollout.errors import OutputError, ProjectError
from rollout.files import write_together
from rollout.history import FILE_NAME, Delivery, Recorded, Store, events, open_store, record
from rollout.history.store import KEPT_COPIES
from rollout.intake.checking import check_delivery
from rollout.intake.reading import read_delivery
from rollout.intake.receipt import Known, Receipt, Terms, Verdict
from rollout.intake.refusal import DeliveryError
from rollout.reporting.receipt import render_receipt

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from rollout.pipeline import Checked
    from rollout.project import Project

ORIGINALS_FOLDER = "eingang"
"""Beside the store: every file that was taken in, under its hash, with its receipts."""

RECEIPT_FORMS = ("html", "md", "json")

_EVENT_COLUMNS = ["entity", "entity_id", "valid_on", "row", "status", "reason", "note"]

_LENGTH_COLUMNS = ["segment_id", "row", "drawn_m", "reported_m"]

_STATE_COLUMNS = ["entity", "entity_id", "status", "valid_on", "reported_by", "delivery_id"]


@dataclass(frozen=True, slots=True)
class Received:
    """
    What became of a file.

    Attributes
    ----------
    receipt
        The Eingangsprüfung.
    recorded
        What the store says; None where the file was refused, or nothing was to be written.
    files
        The original and the receipts, where they were written.
    """

    receipt: Receipt
    recorded: Recorded | None
    files: tuple[Path, ...]

    @property
    def is_refused(self) -> bool:
        """Whether nothing of the file is taken in."""
        return self.receipt.verdict is Verdict.REFUSED


@dataclass(frozen=True, slots=True)
class Desk:
    """
    A project opened for deliveries: its layers are read once, whatever the number of files.

    Attributes
    ----------
    project
        What the project file says.
    checked
        Its layers, without faults.
    store
        Where deliveries are recorded; None for a project without one that is only to be looked at.
    """

    project: Project
    checked: Checked
    store: Store | None


def open_desk(project: Project, *, write: bool = True, keep: int = KEPT_COPIES) -> Desk:
    """
    Open a project for deliveries.

    Parameters
    ----------
    project
        What the project file says.
    write
        Whether a store is made where there is none.
    keep
        So many copies of the store are kept of those made before each import; 0 for a store built anew.

    Returns
    -------
    desk
        Ready to receive.

    Raises
    ------
    LayerError, CrsError, DataError
        If the layers cannot be used.
    InputError, OutputError
        If the store cannot be opened or made.
    """
    checked = pipeline.faultless(pipeline.check(project))
    if not write and not pipeline.has_store(project):
        return Desk(project, checked, None)
    return Desk(project, checked, open_store(project.folder / FILE_NAME, create=write, keep=keep))


def receive(desk: Desk, path: Path, sender: str, terms: Terms, *, write: bool = True) -> Received:
    """
    Take in one file, whole or not at all.

    Parameters
    ----------
    desk
        The project opened for deliveries.
    path
        The partner's file.
    sender
        Key of the partner in `[partners]`.
    terms
        Day of receipt, Stand by hand, whether good rows are taken alone.
    write
        False to check everything and write nothing.

    Returns
    -------
    received
        The receipt, also of a file that is refused.

    Raises
    ------
    DeliveryError
        If the file cannot be taken in at all.
    OutputError
        If the store or the folder of originals cannot be written.
    """
    receipt = judge(desk, path, sender, terms)
    if not write or desk.store is None:
        return Received(receipt, None, ())
    files = write_together(desk.project.folder / ORIGINALS_FOLDER, _kept(receipt, desk.project))
    return Received(receipt, _recorded(desk.store, receipt), tuple(files))


def judge(desk: Desk, path: Path, sender: str, terms: Terms) -> Receipt:
    """
    Check a file against all that is known, and write nothing.

    Parameters
    ----------
    desk, path, sender, terms
        As for `receive`.

    Returns
    -------
    receipt
        The Eingangsprüfung.

    Raises
    ------
    DeliveryError
        If the file cannot be taken in at all.
    """
    delivery = read_delivery(path, desk.project, sender)
    return check_delivery(delivery, desk.project, _known(desk, terms.received_on), terms)


def replay(project: Project, manifest: Path) -> Iterator[tuple[str, Recorded | None]]:
    """
    Build the store anew from deliveries that were kept, each at the moment it was received.

    Parameters
    ----------
    project
        What the project file says; it may have no store yet.
    manifest
        `deliveries.toml`: for each file its `file`, `sender`, `received_at`, `state_on`, and as far as they
        were set `partial` and `complete`. The files stand beside it.

    Yields
    ------
    file, recorded
        Name of the file, and what the store says; None where it was refused.

    Raises
    ------
    OutputError
        If the project has a store.
    ProjectError
        If the manifest cannot be read.
    """
    if pipeline.has_store(project):
        msg = f"'{project.folder / FILE_NAME}' gibt es schon"
        raise OutputError(msg, "Nachspielen baut die Geschichte neu auf; legen Sie die vorhandene vorher beiseite.")
    said = _manifest(manifest)
    desk = open_desk(project, keep=0)
    for entry in sorted(said, key=lambda one: one["received_at"]):
        yield entry["file"], _replayed(desk, manifest.parent / entry["file"], entry)


def _manifest(path: Path) -> list[dict[str, Any]]:
    try:
        entries: list[dict[str, Any]] = tomllib.loads(path.read_text(encoding="utf-8"))["deliveries"]
    except (OSError, ValueError, KeyError) as error:
        msg = f"'{path}' ist nicht lesbar: {error}"
        raise ProjectError(msg, "Nennen Sie je Lieferung file, sender, received_at und state_on.") from error
    return entries


def _replayed(desk: Desk, path: Path, entry: Mapping[str, Any]) -> Recorded | None:
    moment = entry["received_at"]
    terms = Terms(moment.date(), entry.get("state_on"), entry.get("partial", False), entry.get("complete"))
    try:
        receipt = judge(desk, path, entry["sender"], terms)
    except DeliveryError:
        return None
    return None if desk.store is None else _recorded(desk.store, receipt, moment)


def _recorded(store: Store, receipt: Receipt, moment: dt.datetime | None = None) -> Recorded | None:
    if receipt.verdict is Verdict.REFUSED:
        return None
    reports, lengths = receipt.events[_EVENT_COLUMNS], receipt.lengths[_LENGTH_COLUMNS]
    return record(store, _as_delivery(receipt, moment), reports, lengths)


def _known(desk: Desk, day: dt.date) -> Known:
    layers = desk.checked.layers
    memberships = phase_districts(desk.project, layers["districts"])
    targets = layers["targets"].assign(district_id=places.assign_district(layers["targets"], layers["districts"]))
    targets["phase_id"] = places.assign_phase(targets, places.phases_on(memberships, day))
    said = pd.DataFrame(columns=_STATE_COLUMNS) if desk.store is None else events(desk.store)[_STATE_COLUMNS]
    return Known(layers["segments"], targets, said.rename(columns={"valid_on": "status_since"}))


def _kept(receipt: Receipt, project: Project) -> dict[str, bytes]:
    arrival = receipt.delivery.arrival
    name = arrival.sha256[:12]
    kept = {f"{name}/{arrival.sha256}{_ending(arrival.name)}": arrival.content}
    kept |= {f"{name}/eingangspruefung.{form}": render_receipt(receipt, project, form) for form in RECEIPT_FORMS}
    return kept


def _ending(name: str) -> str:
    return "." + name.rpartition(".")[2].lower()


def _as_delivery(receipt: Receipt, moment: dt.datetime | None) -> Delivery:
    arrival, counts = receipt.delivery.arrival, receipt.counts.values()
    return Delivery(
        sender=receipt.delivery.sender,
        file_name=arrival.name,
        sha256=arrival.sha256,
        state_on=receipt.state_on,
        accepted=sum(count.accepted for count in counts),
        unchanged=sum(count.unchanged + count.repeated for count in counts),
        refused=sum(count.refused for count in counts),
        rules_run=_run(receipt.rules),
        receipt={"verdict": receipt.verdict.value, "state_on_from": receipt.state_on_from},
        recorded_at=moment,
    )


def _run(rules: Sequence[Any]) -> tuple[str, ...]:
    return tuple(sorted({rule.rule for rule in rules if rule.hits is not None}))
