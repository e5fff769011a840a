"""How one cell is written for people, and how a table is laid out flat for programs."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rollout.reporting.report import Cell, Column, Kind, RowKind, Share
from rollout.wording import DASH, date, number, percent, share

if TYPE_CHECKING:
    from rollout.reporting.report import Section

_SMALLEST_KM = 0.05
"""Less than this is written `< 0,1`: something is there, and it is not nothing."""


def shown(cell: Cell, kind: Kind) -> str:
    """
    Write a cell for reading.

    Parameters
    ----------
    cell
        Its value.
    kind
        Kind of its column.

    Returns
    -------
    text
        German; a dash where there is nothing.
    """
    if cell is None:
        return DASH
    if isinstance(cell, Share):
        if kind == Kind.PERCENT:
            return percent(cell.part, cell.whole)
        return share(int(cell.part), int(cell.whole))
    if isinstance(cell, dt.date):
        return date(cell)
    return cell if isinstance(cell, str) else _figure(cell, kind)


def _figure(value: float, kind: Kind) -> str:
    if kind == Kind.LENGTH_KM:
        return f"< {number(0.1, 1)}" if 0 < value / 1000 < _SMALLEST_KM else number(value / 1000, 1)
    if kind == Kind.QUANTITY and isinstance(value, float):
        return number(value, 2)
    return number(value)


@dataclass(frozen=True, slots=True)
class Flat:
    """
    A table with one plain value per cell.

    Attributes
    ----------
    columns
        Every share is two of them: the part, and the fraction. Labels hold the group of the column.
    rows
        Plain values: text, numbers, dates, None. Kilometres are kilometres, fractions lie in 0…1.
    kinds
        What each row is.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[str | int | float | dt.date | None, ...], ...]
    kinds: tuple[RowKind, ...]


def flat(section: Section) -> Flat:
    """
    Lay a table out flat, for formats that are read by programs.

    Parameters
    ----------
    section
        Any section.

    Returns
    -------
    table
        With the group of the rows as its first column, where rows stand under groups.
    """
    columns = [wide for column in section.columns for wide in _flat_columns(column)]
    head = [Column("group", section.group_label, Kind.TEXT, "")] if section.group_label else []
    rows = tuple(
        (
            *([row.group] if head else []),
            *(
                value
                for cell, column in zip(row.cells, section.columns, strict=True)
                for value in _flat_cell(cell, column)
            ),
        )
        for row in section.rows
    )
    return Flat((*head, *columns), rows, tuple(row.kind for row in section.rows))


def _flat_columns(column: Column) -> list[Column]:
    label = f"{column.group}: {column.label}" if column.group else column.label
    named = replace(column, label=label, group="")
    if column.kind != Kind.SHARE:
        return [replace(named, label=f"{label} in %") if column.kind == Kind.PERCENT else named]
    fraction = replace(named, key=f"{column.key}_share", label=f"{label} in %", kind=Kind.PERCENT)
    return [replace(named, kind=Kind.COUNT), fraction]


def _flat_cell(cell: Cell, column: Column) -> list[str | int | float | dt.date | None]:
    if isinstance(cell, Share):
        return [cell.fraction] if column.kind == Kind.PERCENT else [cell.part, cell.fraction]
    if column.kind == Kind.LENGTH_KM and isinstance(cell, (int, float)):
        return [cell / 1000]
    return [cell]
