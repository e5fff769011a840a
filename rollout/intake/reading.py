"""From a path to a delivery: through the gate, by the plain reader of its format, into our columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rollout.findings import Finding, Rule, Severity, Spot, listed
from rollout.intake.arrival import Format, take_in
from rollout.intake.delimited import read_delimited
from rollout.intake.geojson import read_geojson
from rollout.intake.geopackage import read_geopackage
from rollout.intake.mapping import COLUMNS, Batch, entity_of, gather, wanted_of
from rollout.intake.placing import COARSE_M, Placed, place_geometry
from rollout.intake.receipt import Delivery, Fault
from rollout.intake.refusal import DeliveryError
from rollout.intake.rules import BAD_GEOMETRY, COARSE_TRANSFORMATION, OUTSIDE, TABLE_SKIPPED
from rollout.intake.shapefile import read_shapefile
from rollout.intake.table import Remark, Table
from rollout.intake.workbook import read_workbook

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rollout.project import Partner, Place, Project

_READERS = {
    Format.CSV: read_delimited,
    Format.XLSX: read_workbook,
    Format.GEOJSON: read_geojson,
    Format.GEOPACKAGE: read_geopackage,
    Format.SHAPEFILE: read_shapefile,
}


@dataclass(frozen=True, slots=True)
class _Part:
    entity: str
    mapping: dict[str, str]
    table: Table
    placed: Placed | None


def read_delivery(path: Path, project: Project, sender: str) -> Delivery:
    """
    Read a partner's file.

    Parameters
    ----------
    path
        A local file: GeoPackage, zipped Shapefile, GeoJSON, XLSX or CSV.
    project
        Says how the sender's columns are called, and where the project lies.
    sender
        Key of the partner in `[partners]`.

    Returns
    -------
    delivery
        Rows in our columns and the words of the file, geometry in `METRIC_CRS`; nothing judged yet.

    Raises
    ------
    DeliveryError
        If the file cannot be taken in at all.
    """
    partner = _partner(project, sender)
    arrival = take_in(path)
    tables = _READERS[arrival.format](arrival, wanted_of(partner))
    parts, passed_over = _parts(arrival.name, tables, partner, project.place)
    batches = tuple(_batch(entity, parts) for entity in COLUMNS if any(part.entity == entity for part in parts))
    if not sum(len(batch.rows) for batch in batches):
        msg = f"'{arrival.name}' hat keine Zeilen mit Status und Schlüssel, Adresse oder Trasse"
        raise DeliveryError(msg, "Prüfen Sie die Spaltennamen unter [partners] in rollout.toml.")
    return Delivery(
        arrival,
        sender,
        partner,
        batches,
        crs=next((table.crs for table in tables if table.crs), None),
        encoding=next((table.encoding for table in tables if table.encoding), None),
        stated_on=max((table.stated_on for table in tables if table.stated_on), default=None),
        unread=tuple(dict.fromkeys(name for table in tables for name in table.unread)),
        findings=tuple(_findings(arrival.name, [*_notes(tables), *passed_over])),
        faults=tuple(_faults(parts)),
    )


def _partner(project: Project, sender: str) -> Partner:
    if sender in project.partners:
        return project.partners[sender]
    msg = f"der Absender '{sender}' steht nicht in rollout.toml"
    known = ", ".join(project.partners) or "keiner"
    raise DeliveryError(msg, f"Tragen Sie ihn unter [partners] ein; bekannt ist: {known}.")


def _parts(name: str, tables: list[Table], partner: Partner, place: Place) -> tuple[list[_Part], list[Remark]]:
    parts, passed_over = [], []
    for table in tables:
        found = entity_of(table, partner)
        if found is None:
            what = f"nicht gelesen: '{table.sheet or name}' ist weder eine Liste von Trassen noch von Anschlüssen"
            passed_over.append(Remark(TABLE_SKIPPED, Spot(what)))
            continue
        placed = None
        if table.geometry is not None and table.crs is not None and len(table.rows):
            placed = place_geometry(name, table.geometry, table.crs, place)
            if placed.accuracy_m > COARSE_M:
                what = f"{table.crs} ist hier nur auf {placed.accuracy_m:.0f} m genau umrechenbar"
                passed_over.append(Remark(COARSE_TRANSFORMATION, Spot(what)))
        parts.append(_Part(*found, table, placed))
    return parts, passed_over


def _batch(entity: str, parts: list[_Part]) -> Batch:
    own = [part for part in parts if part.entity == entity]
    geometry = [None if part.placed is None else part.placed.geometry for part in own]
    return gather(entity, [(part.table, part.mapping) for part in own], geometry)


def _faults(parts: list[_Part]) -> Iterator[Fault]:
    """Rows that a reader or the map found broken, by their position in the batch they ended up in."""
    begins = dict.fromkeys(COLUMNS, 0)
    for part in parts:
        begin, rows = begins[part.entity], part.table.rows.index
        for remark in part.table.remarks:
            row = remark.spot.row
            if remark.rule.severity is Severity.ERROR and row is not None and row in rows:
                at = begin + int(np.searchsorted(rows, row))
                yield Fault(part.entity, at, remark.rule, remark.spot.message)
        for rule, at in _misplaced(part):
            yield Fault(part.entity, begin + at, rule, f"Zeile {rows[at]}: {rule.what}")
        begins[part.entity] += len(rows)


def _misplaced(part: _Part) -> Iterator[tuple[Rule, int]]:
    if part.placed is None or part.table.geometry is None:
        return
    for at in part.placed.broken:
        if part.table.geometry[at] is not None:
            yield BAD_GEOMETRY, int(at)
    for at in part.placed.outside:
        yield OUTSIDE, int(at)


def _notes(tables: list[Table]) -> Iterator[Remark]:
    return (remark for table in tables for remark in table.remarks if remark.rule.severity is not Severity.ERROR)


def _findings(name: str, remarks: list[Remark]) -> Iterator[Finding]:
    for rule in dict.fromkeys(remark.rule for remark in remarks):
        spots = [remark.spot for remark in remarks if remark.rule == rule]
        yield from listed(rule, "delivery", name, spots, len(spots))
