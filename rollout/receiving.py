"""The receiving desk: a partner's file is checked, its original kept, its events recorded, its receipt written."""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from rollout import pipeline, proposing
from rollout.analysis import places
from rollout.analysis.placing import phase_districts
from rollout.errors import OutputError, ProjectError
from rollout.files import write_together
from rollout.history import FILE_NAME, Delivery, Recorded, Store, counting, deliveries, events, open_store, record
from rollout.history.store import KEPT_COPIES
from rollout.intake.arrival import take_in
from rollout.intake.checking import check_delivery
from rollout.intake.matching import Directory
from rollout.intake.reading import read_delivery
from rollout.intake.receipt import Known, Receipt, Terms, Verdict
from rollout.intake.refusal import DeliveryError
from rollout.intake.rules import MISSING
from rollout.proposing import ORIGINALS_FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import geopandas as gpd

    from rollout.pipeline import Checked
    from rollout.project import Project

RECEIPT_FORMS = ("html", "md", "json")

_EVENT_COLUMNS = ["entity", "entity_id", "valid_on", "row", "status", "reason", "note"]

_LENGTH_COLUMNS = ["segment_id", "row", "drawn_m", "reported_m"]

_STATE_COLUMNS = ["entity", "entity_id", "status", "valid_on", "reported_by", "delivery_id"]

_MANIFEST_HINT = "Nennen Sie je Lieferung file, sender, received_at (Tag und Uhrzeit) und state_on."

_SAID_IN_MANIFEST = {"file": str, "sender": str, "received_at": dt.datetime}


@dataclass(frozen=True, slots=True)
class Received:
    """
    What became of a file.

    Attributes
    ----------
    receipt
        The Eingangsprüfung.
    recorded
        What the store says; None where the file was refused, or is new and nothing was to be written.
    files
        The original and the receipts, where they were written.
    """

    receipt: Receipt
    recorded: Recorded | None
    files: tuple[Path, ...]

    @property
    def is_refused(self) -> bool:
        """Whether nothing of the file is taken in, now or earlier."""
        return self.recorded is None and self.receipt.verdict is Verdict.REFUSED


@dataclass(frozen=True)
class Desk:
    """
    A project opened for deliveries: layers and events are read once, whatever the number of files.

    Attributes
    ----------
    project
        What the project file says.
    checked
        Its layers, without faults.
    store
        Where deliveries are recorded; None for a project without one that is only to be looked at.
    told
        What is remembered of the store: delivery → its events, as `Known.states` has them.
    phased
        What is remembered of the targets: how many memberships have begun → targets in their phases.
    recorded
        What this desk recorded: SHA-256 → what the store said.
    """

    project: Project
    checked: Checked
    store: Store | None
    told: dict[str, pd.DataFrame] = field(default_factory=dict, repr=False, compare=False)
    phased: dict[int, gpd.GeoDataFrame] = field(default_factory=dict, repr=False, compare=False)
    recorded: dict[str, Recorded] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def memberships(self) -> pd.DataFrame:
        """Which districts belong to which phase, and from when on."""
        return phase_districts(self.project, self.checked.layers["districts"])

    @cached_property
    def targets(self) -> gpd.GeoDataFrame:
        """The targets, each in its district."""
        targets, districts = self.checked.layers["targets"], self.checked.layers["districts"]
        return targets.assign(district_id=places.assign_district(targets, districts))

    @cached_property
    def directory(self) -> Directory:
        """The addresses of the targets."""
        return Directory(self.targets)


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
    checked = pipeline.faultless(pipeline.check(project, with_base=False))
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
    earlier = None if desk.store is None else _earlier(desk.store, receipt.delivery.arrival.sha256)
    if earlier is not None or desk.store is None or not write:
        return Received(receipt, earlier, ())
    files = write_together(desk.project.folder / ORIGINALS_FOLDER, _kept(receipt, desk.project))
    return Received(receipt, _recorded(desk, desk.store, receipt), tuple(files))


def _earlier(store: Store, sha256: str) -> Recorded | None:
    """Return what is recorded of the same bytes; their receipt of then is not to be overwritten."""
    received = deliveries(store)
    same = received[received["sha256"] == sha256]
    if same.empty:
        return None
    first = same.iloc[0]
    moment = first["recorded_at"].to_pydatetime()
    return Recorded(first["delivery_id"], moment, is_new=False, withdrawn=bool(first["withdrawn"]))


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
        entries: list[dict[str, Any]] = list(tomllib.loads(path.read_text(encoding="utf-8"))["deliveries"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        msg = f"'{path}' ist nicht lesbar: {error}"
        raise ProjectError(msg, _MANIFEST_HINT) from error
    for number, entry in enumerate(entries, 1):
        for name, kind in _SAID_IN_MANIFEST.items():
            if not isinstance(entry.get(name), kind):
                msg = f"'{path}': die {number}. Lieferung hat kein gültiges '{name}'"
                raise ProjectError(msg, _MANIFEST_HINT)
    return entries


def _replayed(desk: Desk, path: Path, entry: Mapping[str, Any]) -> Recorded | None:
    moment = entry["received_at"]
    if desk.store is not None and proposing.is_kept(path):
        board = proposing.Board(desk.project, desk.checked.layers, desk.store)
        return proposing.replayed(board, path, entry["sender"], moment)
    terms = Terms(moment.date(), entry.get("state_on"), entry.get("partial", False), entry.get("complete"))
    try:
        earlier = desk.recorded.get(take_in(path).sha256)
        receipt = None if earlier else judge(desk, path, entry["sender"], terms)
    except DeliveryError:
        return None
    if earlier or receipt is None or desk.store is None:
        return earlier and replace(earlier, is_new=False)
    return _recorded(desk, desk.store, receipt, moment)


def _recorded(desk: Desk, store: Store, receipt: Receipt, moment: dt.datetime | None = None) -> Recorded | None:
    if receipt.verdict is Verdict.REFUSED:
        return None
    measured = receipt.lengths[_LENGTH_COLUMNS].dropna(subset=["drawn_m", "reported_m"], how="all")
    recorded = record(store, _as_delivery(receipt, moment), receipt.events[_EVENT_COLUMNS], measured)
    if recorded.is_new:
        desk.told[recorded.delivery_id] = _as_told(receipt, recorded.delivery_id)
        desk.recorded[receipt.delivery.arrival.sha256] = recorded
    return recorded


def _as_told(receipt: Receipt, delivery_id: str) -> pd.DataFrame:
    said = receipt.events.sort_values("row", kind="stable")
    by = pd.Series(receipt.delivery.sender, index=said.index, dtype="string")
    named = pd.Series(delivery_id, index=said.index, dtype="string")
    return said.assign(reported_by=by, delivery_id=named)[_STATE_COLUMNS]


def _known(desk: Desk, day: dt.date) -> Known:
    states = _told(desk).rename(columns={"valid_on": "status_since"})
    return Known(desk.checked.layers["segments"], _in_phases(desk, day), states, desk.directory)


def _in_phases(desk: Desk, day: dt.date) -> gpd.GeoDataFrame:
    """Return the targets with the phase of the day, put together once for all days between two announcements."""
    begun = int((desk.memberships["from_date"] <= pd.Timestamp(day)).sum())
    if begun not in desk.phased:
        phases = places.phases_on(desk.memberships, day)
        desk.phased[begun] = desk.targets.assign(phase_id=places.assign_phase(desk.targets, phases))
    return desk.phased[begun]


def _told(desk: Desk) -> pd.DataFrame:
    """Return the events that count; of two on one object and day the stronger is the later row, as in the store."""
    if desk.store is None:
        return pd.DataFrame(columns=_STATE_COLUMNS)
    order = counting(desk.store)
    if not desk.told.keys() >= set(order):
        said = events(desk.store)[_STATE_COLUMNS]
        desk.told.update(dict.fromkeys(order, said[:0]))
        desk.told.update({str(id_): rows for id_, rows in said.groupby("delivery_id")})
    told = [desk.told[id_] for id_ in order if len(desk.told[id_])]
    return pd.concat(told, ignore_index=True) if told else pd.DataFrame(columns=_STATE_COLUMNS)


def _kept(receipt: Receipt, project: Project) -> dict[str, bytes]:
    from rollout.reporting.receipt import render_receipt  # noqa: PLC0415 - a replay writes no receipts

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
        is_full_list=any(rule.rule == MISSING.id and rule.hits is not None for rule in receipt.rules),
        accepted=sum(count.accepted for count in counts),
        unchanged=sum(count.unchanged + count.repeated for count in counts),
        refused=sum(count.refused for count in counts),
        rules_run=_run(receipt.rules),
        receipt={"verdict": receipt.verdict.value, "state_on_from": receipt.state_on_from},
        recorded_at=moment,
    )


def _run(rules: Sequence[Any]) -> tuple[str, ...]:
    return tuple(sorted({rule.rule for rule in rules if rule.hits is not None}))
