"""Tables for the terminal: short headings where the window is narrow, text never read as markup."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from rollout.reporting.cells import shown
from rollout.reporting.report import Cell, Column, Kind, RowKind, Share
from rollout.wording import DASH, number, percent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console
    from rich.table import Table

    from rollout.reporting.report import Report, Row, Section

NARROW = 100
"""Width where none is given."""

WIDE = 175
"""From this width on, headings and shares are written out."""

_TEXT_WIDTHS = {False: 27, True: 40}
"""Widest column of text beside others, in a narrow and in a wide window."""

_STYLES = {RowKind.BODY: "", RowKind.SUBTOTAL: "bold", RowKind.TOTAL: "bold"}


def render(report: Report, width: int = NARROW, *, colour: bool = False) -> bytes:
    """
    Write a report for the terminal.

    Parameters
    ----------
    report
        Any report.
    width
        Columns of the window.
    colour
        Whether to write bold and dim as escape codes.

    Returns
    -------
    content
        UTF-8, no line longer than `width`. In a narrow window a share is `350 80,1 %`, its base stands in
        the column N of the same row.
    """
    from rich.console import Console  # noqa: PLC0415 - only this format needs it

    file = io.StringIO()
    console = Console(
        file=file,
        width=width,
        force_terminal=colour,
        color_system="standard" if colour else None,
        no_color=not colour,
        markup=False,
        highlight=False,
        emoji=False,
        legacy_windows=False,
    )
    for block in _blocks(report, console):
        console.print(block)
    return "\n".join(line.rstrip() for line in file.getvalue().splitlines()).encode() + b"\n"


def _blocks(report: Report, console: Console) -> Iterator[object]:
    from rich.text import Text  # noqa: PLC0415 - see above

    yield Text(report.title, style="bold")
    yield from (Text(line) for line in report.subtitle)
    wide = console.width >= WIDE
    for section in report.sections:
        yield Text(f"\n{section.title}", style="bold")
        yield Text(section.intro, style="dim")
        for group, columns in _split(section.columns):
            if group:
                yield Text(f"\n{group}", style="bold")
            yield _table(section, columns, wide=wide) if section.rows else Text("Keine Einträge.")
        yield from (Text(line, style="dim") for line in section.footer)


def _split(columns: tuple[Column, ...]) -> list[tuple[str, list[int]]]:
    """Positions of the columns of each table: one for every group of columns, since side by side they do not fit."""
    alone = [position for position, column in enumerate(columns) if not column.group]
    groups = dict.fromkeys(column.group for column in columns if column.group)
    if not groups:
        return [("", alone)]
    return [(group, alone + [i for i, column in enumerate(columns) if column.group == group]) for group in groups]


def _table(section: Section, positions: list[int], *, wide: bool) -> Table:
    from rich import box  # noqa: PLC0415 - see above
    from rich.table import Table  # noqa: PLC0415 - see above
    from rich.text import Text  # noqa: PLC0415 - see above

    gap = (0, 1, 0, 0) if wide else (0, 0)
    table = Table(box=box.SIMPLE_HEAD, padding=gap, pad_edge=False, show_edge=False)
    *firsts, last = (section.columns[position] for position in positions)
    for column in (*firsts, last):
        table.add_column(
            Text(_heading(column, wide=wide)),
            justify="right" if column.is_numeric else "left",
            no_wrap=column.is_numeric or column.kind == Kind.DATE,
            overflow="fold",
            max_width=_TEXT_WIDTHS[wide] if column.kind == Kind.TEXT and column is not last else None,
        )
    above = ""
    for row in section.rows:
        if section.group_label and row.group != above:
            table.add_section()
            if row.group:
                table.add_row(Text(row.group, style="italic"))
            above = row.group
        table.add_row(*(Text(text) for text in _texts(row, section, positions, wide=wide)), style=_STYLES[row.kind])
    return table


def _heading(column: Column, *, wide: bool) -> str:
    return column.label if wide and column.kind != Kind.COUNT else column.short or column.label


def _texts(row: Row, section: Section, positions: list[int], *, wide: bool) -> list[str]:
    write = shown if wide else _short
    return [write(row.cells[position], section.columns[position].kind) for position in positions]


def _short(cell: Cell, kind: Kind) -> str:
    if isinstance(cell, Share) and kind == Kind.SHARE:
        return f"{number(cell.part)} {percent(cell.part, cell.whole):>7}" if cell.whole else DASH
    return shown(cell, kind)
