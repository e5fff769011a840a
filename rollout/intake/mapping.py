"""From a partner's columns to ours, and whether a table tells of segments or of targets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from rollout.intake.table import DBF_NAME, Table, Wanted, column_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rollout.intake.table import Array
    from rollout.project import Partner, PartnerTable

_COMMON = ("status", "valid_on", "state_on", "reason", "note")
COLUMNS = {
    "segments": ("segment_id", *_COMMON, "length_m"),
    "targets": ("target_id", "street", "house_number", "suffix", "postcode", *_COMMON),
}
"""What is read of each entity; nothing else of a partner's file is kept."""

IDS = {"segments": "segment_id", "targets": "target_id"}
_LINES = {1, 5}
_POINT = 0


@dataclass(frozen=True, slots=True)
class Batch:
    """
    All rows a delivery holds of one entity, over all its sheets.

    Attributes
    ----------
    entity
        `segments` or `targets`.
    rows
        Columns of `COLUMNS` (dtype `string`; all `<NA>` where the file has none), `row` in the file and
        `sheet`; index 0 to n-1.
    geometry
        n geometries in `METRIC_CRS` with None where missing, or None for a list without map.
    mapping
        Our column → the file's.
    """

    entity: str
    rows: pd.DataFrame
    geometry: Array | None
    mapping: dict[str, str]


def wanted_of(partner: Partner) -> Wanted:
    """
    Return the columns to look for in a partner's files.

    Parameters
    ----------
    partner
        Who sends.

    Returns
    -------
    wanted
        The names agreed with the partner and, for columns without one, our own.
    """
    tables = {"segments": partner.segments, "targets": partner.targets}
    names = (_name(table, column) for entity, table in tables.items() for column in COLUMNS[entity])
    return Wanted(frozenset(column_key(name) for name in names))


def _name(table: PartnerTable, column: str) -> str:
    return next((theirs for ours, theirs in table.columns.items() if ours == column), column)


def entity_of(table: Table, partner: Partner) -> tuple[str, dict[str, str]] | None:
    """
    Tell what a table's rows are.

    Parameters
    ----------
    table
        As read.
    partner
        Who sent it.

    Returns
    -------
    entity, mapping
        `segments` or `targets`, and our column → the file's; None where it can be neither or both.
    """
    found = {
        "segments": _resolve(partner.segments, "segments", table),
        "targets": _resolve(partner.targets, "targets", table),
    }
    fitting = [entity for entity, mapping in found.items() if _suffices(entity, mapping, table)]
    if len(fitting) > 1:
        # A list that has an identifier of one kind only is a list of that kind.
        fitting = [entity for entity in fitting if IDS[entity] in found[entity]]
    return (fitting[0], found[fitting[0]]) if len(fitting) == 1 else None


def _resolve(partner_table: PartnerTable, entity: str, table: Table) -> dict[str, str]:
    there = {column_key(name): name for name in table.rows.columns}
    mapping = {}
    for column in COLUMNS[entity]:
        key = column_key(_name(partner_table, column))
        if key in there:
            mapping[column] = there[key]
        elif len(key) > DBF_NAME and key[:DBF_NAME] in there and len(there[key[:DBF_NAME]]) == DBF_NAME:
            mapping[column] = there[key[:DBF_NAME]]
    once = list(mapping.values())
    return {column: name for column, name in mapping.items() if once.count(name) == 1}


def _suffices(entity: str, mapping: dict[str, str], table: Table) -> bool:
    types = set() if table.geometry is None else set(np.unique(shapely.get_type_id(table.geometry))) - {-1}
    if (
        "status" not in mapping
        or (entity == "targets" and types & _LINES)
        or (entity == "segments" and _POINT in types)
    ):
        return False
    if entity == "segments":
        return "segment_id" in mapping or bool(types)
    return "target_id" in mapping or {"street", "house_number"} <= mapping.keys()


def gather(entity: str, parts: Sequence[tuple[Table, dict[str, str]]], geometry: Sequence[Array | None]) -> Batch:
    """
    Put the tables of one entity together.

    Parameters
    ----------
    entity
        `segments` or `targets`.
    parts
        Tables and their mappings, k of them.
    geometry
        Their placed geometry, k arrays, or None each.

    Returns
    -------
    batch
        Their rows one below the other.
    """
    frames = [_renamed(table, mapping, entity) for table, mapping in parts]
    placed = [
        np.full(len(frame), None, dtype=object) if array is None else array
        for frame, array in zip(frames, geometry, strict=True)
    ]
    there = any(array is not None for array in geometry)
    mapping = {column: name for _, named in reversed(parts) for column, name in named.items()}
    rows = pd.concat(frames, ignore_index=True)
    return Batch(entity, rows, np.concatenate(placed) if there else None, mapping)


def _renamed(table: Table, mapping: dict[str, str], entity: str) -> pd.DataFrame:
    rows = table.rows
    empty = pd.Series(pd.NA, index=rows.index, dtype="string")
    columns = {column: rows[mapping[column]] if column in mapping else empty for column in COLUMNS[entity]}
    sheet = pd.Series(table.sheet or pd.NA, index=rows.index, dtype="string")
    return pd.DataFrame({**columns, "sheet": sheet, "row": rows.index.to_numpy()})
