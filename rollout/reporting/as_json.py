"""One JSON object: raw numbers, ISO dates, and every definition beside its column."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING

from rollout.reporting.report import Cell, Column, Kind, Row, Section, Share

if TYPE_CHECKING:
    from rollout.reporting.report import Report


def render(report: Report) -> bytes:
    """
    Write a report as one JSON object.

    Parameters
    ----------
    report
        Any report.

    Returns
    -------
    content
        UTF-8, each column and each row on a line of its own. Lengths are metres, shares objects of `part`, `whole` and
        `fraction`.
    """
    said = {
        "title": _plain(report.title),
        "subtitle": _plain(report.subtitle),
        "as_of": _plain(report.as_of.isoformat()),
        "sample": _plain(report.sample),
        "sections": _below([_section(section) for section in report.sections], "["),
    }
    return (_below(_named(said)) + "\n").encode()


def _section(section: Section) -> str:
    said = {
        "key": _plain(section.key),
        "title": _plain(section.title),
        "intro": _plain(section.intro),
        "columns": _below([_plain(_column(column)) for column in section.columns], "["),
        "rows": _below([_plain(_row(row, section)) for row in section.rows], "["),
        "footer": _plain(section.footer),
    }
    return _below(_named(said))


_plain = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode


def _named(said: dict[str, str]) -> list[str]:
    return [f'"{name}": {value}' for name, value in said.items()]


def _below(parts: list[str], opening: str = "{") -> str:
    """Set parts one below the other: who compares two reports sees the rows that differ."""
    closing = {"{": "}", "[": "]"}[opening]
    return "\n".join((opening, ",\n".join(parts), closing)) if parts else opening + closing


def _column(column: Column) -> dict[str, object]:
    unit = {"unit": "m"} if column.kind in {Kind.LENGTH_KM, Kind.LENGTH_M} else {}
    label = f"{column.group}: {column.label}" if column.group else column.label
    label = label.removesuffix(" km").removesuffix(" m") if unit else label
    return {"key": column.key, "label": label, "kind": column.kind.value, **unit, "definition": column.definition}


def _row(row: Row, section: Section) -> dict[str, object]:
    cells = {column.key: _cell(cell) for column, cell in zip(section.columns, row.cells, strict=True)}
    group = {"group": row.group or None} if section.group_label else {}
    return {"kind": row.kind.value, **group, "cells": cells}


def _cell(cell: Cell) -> object:
    if isinstance(cell, Share):
        return {"part": cell.part, "whole": cell.whole, "fraction": cell.fraction}
    return cell.isoformat() if isinstance(cell, dt.date) else cell
