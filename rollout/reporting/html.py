"""
One HTML document: no script, nothing from outside, every text escaped, ready to print.

The tables are written here and not by great-tables, which sets every cell through pandas: for a
city that takes over a second beside another for its import, and this takes a twentieth of one.
"""

from __future__ import annotations

from html import escape
from importlib import resources
from itertools import groupby
from typing import TYPE_CHECKING

from rollout.reporting.cells import shown
from rollout.reporting.report import Column, RowKind

if TYPE_CHECKING:
    from rollout.reporting.report import Kind, Report, Row, Section

MANY = 9
"""So many columns stand closer together, or they would not fit beside each other."""

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
"""A report may be pasted into another page's frame; nothing in it can run or load."""


def render(report: Report) -> bytes:
    """
    Write a report as a self-contained document.

    Parameters
    ----------
    report
        Any report.

    Returns
    -------
    content
        UTF-8; the same bytes for the same report. Ids come from the keys of the sections, which are unique.
    """
    style = resources.files("rollout.reporting").joinpath("report.css").read_text(encoding="utf-8")
    body = "\n".join(map(section_fragment, report.sections))
    subtitle = "".join(f"<p>{escape(line)}</p>" for line in report.subtitle)
    title = escape(report.title)
    return (
        '<!doctype html>\n<html lang="de">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>\n{style}</style>\n</head>\n<body>\n"
        f"<header><h1>{title}</h1>{subtitle}</header>\n{_contents(report)}\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    ).encode()


def section_fragment(section: Section) -> str:
    """
    Write one table with what stands above and below it, for a page that has its own head.

    Parameters
    ----------
    section
        Any section.

    Returns
    -------
    fragment
        A `<section>` whose ids come from the section's key; every text is escaped.
    """
    name = escape(section.key)
    table = _table(section, name) if section.rows else "<p>Keine Einträge.</p>"
    if section.chart is not None:
        table = f"{figure_fragment(section)}\n<details><summary>Zahlen je Arbeitswoche</summary>\n{table}\n</details>"
    footer = "".join(f"<p>{escape(line)}</p>" for line in section.footer)
    return (
        f'<section id="{name}" aria-labelledby="{name}-title">\n'
        f'<h2 id="{name}-title">{escape(section.title)}</h2>\n<p class="intro">{escape(section.intro)}</p>\n'
        f"{table}\n<footer>{footer}</footer>\n</section>"
    )


def figure_fragment(section: Section) -> str:
    """
    Write the picture of a table.

    Parameters
    ----------
    section
        A section with a chart.

    Returns
    -------
    fragment
        A `<figure>` with the drawing in it; every text is escaped.
    """
    from rollout.reporting.curves import svg_of  # noqa: PLC0415 - half a second that only pictures need

    said = escape(section.chart.text) if section.chart else ""
    return f'<figure class="curve">\n{svg_of(section)}\n<figcaption>{said}</figcaption>\n</figure>'


def _contents(report: Report) -> str:
    entries = (f'<li><a href="#{escape(section.key)}">{escape(section.title)}</a></li>' for section in report.sections)
    return f'<nav aria-label="Inhalt"><ol>{"".join(entries)}</ol></nav>' if len(report.sections) > 1 else ""


def _table(section: Section, name: str) -> str:
    bodies = "\n".join(
        _body(group, list(rows), section.columns) for group, rows in groupby(section.rows, key=lambda row: row.group)
    )
    many = ' class="many"' if len(section.columns) >= MANY else ""
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-labelledby="{name}-title">\n'
        f'<table{many} aria-labelledby="{name}-title">\n{_head(section.columns)}\n{bodies}\n</table>\n</div>'
    )


def _head(columns: tuple[Column, ...]) -> str:
    labels = "".join(
        f'<th scope="col"{_align(column)} title="{escape(column.definition)}">{escape(column.label)}</th>'
        for column in columns
    )
    if not any(column.group for column in columns):
        return f"<thead><tr>{labels}</tr></thead>"
    spans = []
    for group, members in groupby(columns, key=lambda column: column.group):
        width = len(list(members))
        span = f'<th scope="colgroup" class="span" colspan="{width}">{escape(group)}</th>'
        spans.append(span if group else "<td></td>" * width)
    return f"<thead><tr>{''.join(spans)}</tr>\n<tr>{labels}</tr></thead>"


def _body(group: str, rows: list[Row], columns: tuple[Column, ...]) -> str:
    heading = ""
    if group:
        width = len(columns)
        heading = f'<tr><th scope="rowgroup" class="group" colspan="{width}">{escape(group)}</th></tr>\n'
    looks = [(column.kind, _align(column)) for column in columns]
    return f"<tbody>\n{heading}" + "\n".join(_row(row, looks) for row in rows) + "\n</tbody>"


def _row(row: Row, looks: list[tuple[Kind, str]]) -> str:
    first, *others = ((escape(shown(cell, kind)), align) for cell, (kind, align) in zip(row.cells, looks, strict=True))
    name = "" if row.kind == RowKind.BODY else f' class="{row.kind.value}"'
    cells = "".join(f"<td{align}>{text}</td>" for text, align in others)
    return f'<tr{name}><th scope="row">{first[0]}</th>{cells}</tr>'


def _align(column: Column) -> str:
    return ' class="number"' if column.is_numeric else ""
