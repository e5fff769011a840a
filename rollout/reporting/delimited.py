"""CSV for a German Excel: semicolons, decimal comma, UTF-8 with BOM, and no text that turns into a formula."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from rollout.reporting.cells import Flat, flat
from rollout.reporting.report import Kind, RowKind
from rollout.wording import date

if TYPE_CHECKING:
    from rollout.reporting.report import Report, Section

_FORMULA_STARTS = frozenset("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
"""Signs that make a spreadsheet take a text for a formula; the wide ones are folded by some locales."""

_ROW_KINDS = {RowKind.BODY: "Wert", RowKind.SUBTOTAL: "Zwischensumme", RowKind.TOTAL: "Summe"}

_DECIMALS = {Kind.LENGTH_KM: 6, Kind.LENGTH_M: 3, Kind.PERCENT: 2, Kind.QUANTITY: 6}

ENCODING = "utf-8-sig"


def render(report: Report) -> bytes:
    """
    Write a report as CSV.

    Parameters
    ----------
    report
        Any report. With one section the file is that table and nothing else; several follow each other,
        each under its title and with an empty line between.

    Returns
    -------
    content
        Text always quoted, numbers never; a text that a spreadsheet would take for a formula begins with
        an apostrophe. The column `Zeile` tells sums from values, `Stand` is the Stichtag.
    """
    sections = report.sections
    if len(sections) == 1:
        lines = _table(sections[0], report.as_of)
    else:
        lines = [line for section in sections for line in (_text(section.title), *_table(section, report.as_of), "")]
    return "".join(f"{line}\r\n" for line in lines).encode(ENCODING)


def _table(section: Section, as_of: dt.date) -> list[str]:
    table = flat(section)
    labels = [*(column.label for column in table.columns), "Zeile", "Stand"]
    return [";".join(map(_text, labels)), *_rows(table, as_of)]


def _rows(table: Flat, as_of: dt.date) -> list[str]:
    kinds = [column.kind for column in table.columns]
    return [
        ";".join(
            [
                *(_value(value, kind) for value, kind in zip(row, kinds, strict=True)),
                _text(_ROW_KINDS[row_kind]),
                date(as_of),
            ]
        )
        for row, row_kind in zip(table.rows, table.kinds, strict=True)
    ]


def _value(value: str | float | dt.date | None, kind: Kind) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, dt.date):
        return date(value)
    return _number(100 * value if kind == Kind.PERCENT else value, _DECIMALS.get(kind, 0))


def _number(value: float, decimals: int) -> str:
    if float(value).is_integer():
        return str(int(value))
    return f"{value:.{decimals}f}".rstrip("0").rstrip(".").replace(".", ",")


def _text(text: str) -> str:
    safe = f"'{text}" if text[:1] in _FORMULA_STARTS else text
    return '"' + safe.replace('"', '""') + '"'
