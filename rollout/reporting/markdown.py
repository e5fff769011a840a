"""Markdown tables for a note or a ticket."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rollout.reporting.arrange import TOTAL
from rollout.reporting.cells import shown
from rollout.reporting.report import RowKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rollout.reporting.report import Column, Report, Row, Section

_SIGNS = re.compile(r"([\\`*_\[\]#|~!{}$])")
_LINE_START = re.compile(r"^(\d+)([.)])|^([-+])(?=\s)")


def render(report: Report) -> bytes:
    """
    Write a report as Markdown.

    Parameters
    ----------
    report
        Any report.

    Returns
    -------
    content
        UTF-8, with pipe tables; no text of the data can start markup or HTML.
    """
    blocks = [f"# {escaped(report.title)}", *map(escaped, report.subtitle)]
    for section in report.sections:
        blocks += [f"## {escaped(section.title)}", escaped(section.intro), _table(section)]
        blocks += [escaped(line) for line in section.footer]
    return ("\n\n".join(block for block in blocks if block) + "\n").encode()


def escaped(text: str) -> str:
    """
    Escape a text so that Markdown shows it as it is.

    Parameters
    ----------
    text
        Any text.

    Returns
    -------
    text
        On one line.
    """
    plain = _SIGNS.sub(r"\\\1", " ".join(text.split()))
    plain = plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _LINE_START.sub(lambda found: found[1] + "\\" + found[2] if found[1] else "\\" + found[3], plain)


def _table(section: Section) -> str:
    if not section.rows:
        return "Keine Einträge."
    head = ([section.group_label] if section.group_label else []) + [_label(column) for column in section.columns]
    rule = ([":--"] if section.group_label else []) + ["--:" if c.is_numeric else ":--" for c in section.columns]
    lines = [_line(map(escaped, head)), _line(rule), *(_line(_cells(row, section)) for row in section.rows)]
    return "\n".join(lines)


def _label(column: Column) -> str:
    return f"{column.group}: {column.label}" if column.group else column.label


def _cells(row: Row, section: Section) -> list[str]:
    group = [escaped(row.group or TOTAL)] if section.group_label else []
    cells = [escaped(shown(cell, column.kind)) for cell, column in zip(row.cells, section.columns, strict=True)]
    return group + (cells if row.kind == RowKind.BODY else [f"**{cell}**" if cell else "" for cell in cells])


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"
