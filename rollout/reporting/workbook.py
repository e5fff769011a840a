"""XLSX: one sheet per table, real numbers, ready to print; no formula, no link, no name of a person."""

from __future__ import annotations

import datetime as dt
import io
import re
from typing import TYPE_CHECKING, Any

from rollout.reporting.cells import Flat, flat
from rollout.reporting.report import Kind, RowKind

if TYPE_CHECKING:
    from rollout.reporting.report import Chart, Column, Report, Section

_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}

_NUMBER_FORMATS = {
    Kind.COUNT: "#,##0",
    Kind.PERCENT: "0.0%",
    Kind.LENGTH_KM: "#,##0.0",
    Kind.LENGTH_M: "#,##0",
    Kind.QUANTITY: "#,##0.00",
    Kind.DATE: "dd.mm.yyyy",
}

_WIDTHS = {Kind.COUNT: 11, Kind.PERCENT: 13, Kind.DATE: 13, Kind.QUANTITY: 12, Kind.LENGTH_KM: 12, Kind.LENGTH_M: 12}
_TEXT_WIDTHS = (14, 60)
_SHEET_NAME = 31
_A4 = 9
_LINE_HEIGHT = 15
_TALLEST = 409
"""Points; no row of Excel is higher."""

_BOLD, _TITLE, _PLAIN, _SMALL = 1.15, 1.5, 1.0, 0.85
"""Widths of a letter in a heading, a title, a sentence and a note; a column is as wide as so many digits."""

_HEAD_ROW = 4
_LINES = {
    "planned": ("#6B7785", "round_dot"),
    "done": ("#0B4F8A", "solid"),
    "needed": ("#A8400A", "dash_dot"),
    "middle": ("#0B4F8A", "dash"),
}
_BAND = ("#9DB8D6", "square_dot")
_INK, _PAPER, _BAR = "#1B365D", "#E9EEF4", "#9DB8D6"


def render(report: Report) -> bytes:
    """
    Write a report as a workbook.

    Parameters
    ----------
    report
        Any report.

    Returns
    -------
    content
        The same bytes for the same report: the date of creation is the Stichtag.
    """
    import xlsxwriter  # noqa: PLC0415 - a tenth of a second that only this format needs

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, _OPTIONS) as book:
        created = dt.datetime.combine(report.as_of, dt.time())
        book.set_properties({"title": report.title, "author": "", "created": created})
        styles = _Styles(book)
        names: set[str] = set()
        for section in report.sections:
            name = _sheet_name(section.short, names)
            names.add(name.casefold())
            sheet = book.add_worksheet(name)
            _write_section(sheet, report, section, styles)
            if section.chart is not None and section.rows:
                _draw_chart(book, sheet, section, section.chart)
    return buffer.getvalue()


class _Styles:
    """Cell formats by kind of column and row; each is made once."""

    def __init__(self, book: Any) -> None:  # noqa: ANN401 - the library has no types
        self._book = book
        self._made: dict[tuple[str, str], Any] = {}
        sentence = {"text_wrap": True, "valign": "top"}
        self.title = book.add_format({**sentence, "bold": True, "font_size": 14, "font_color": _INK})
        self.note = book.add_format({**sentence, "font_size": 9, "font_color": "#444444"})
        self.intro = book.add_format({**sentence, "italic": True, "font_color": "#444444"})

    def head(self, column: Column) -> Any:  # noqa: ANN401 - see above
        align = "right" if column.is_numeric else "left"
        said = {"bold": True, "font_color": "#FFFFFF", "bg_color": _INK, "text_wrap": True, "valign": "vcenter"}
        return self._of("head", align, {**said, "align": align, "indent": 0 if column.is_numeric else 1})

    def cell(self, kind: Kind, row: RowKind) -> Any:  # noqa: ANN401 - see above
        made = self._made.get((kind.value, row.value))
        return made or self._of(kind.value, row.value, self._said_of(kind, row))

    def _said_of(self, kind: Kind, row: RowKind) -> dict[str, object]:
        said: dict[str, object] = {"valign": "top", "bottom": 4, "bottom_color": "#C8CED6"}
        if kind == Kind.TEXT:
            said |= {"text_wrap": True, "align": "left", "indent": 1}
        elif kind == Kind.DATE:
            said |= {"num_format": _NUMBER_FORMATS[kind], "align": "left", "indent": 1}
        else:
            said |= {"num_format": _NUMBER_FORMATS[kind], "align": "right"}
        if row != RowKind.BODY:
            said |= {"bold": True, "bg_color": _PAPER, "top": 2 if row == RowKind.TOTAL else 1}
        return said

    def _of(self, first: str, second: str, said: dict[str, object]) -> Any:  # noqa: ANN401 - see above
        if (first, second) not in self._made:
            self._made[first, second] = self._book.add_format(said)
        return self._made[first, second]


def _sheet_name(wanted: str, taken: set[str]) -> str:
    plain = re.sub(r"[\[\]:*?/\\]", " ", wanted).strip(" '") or "Tabelle"
    name, count = plain[:_SHEET_NAME], 1
    while name.casefold() in taken:
        count += 1
        name = f"{plain[: _SHEET_NAME - 4]} {count}"
    return name


def _write_section(sheet: Any, report: Report, section: Section, styles: _Styles) -> None:  # noqa: ANN401 - see above
    table = flat(section)
    widths = [_width(table, position) for position in range(len(table.columns))]
    _write_line(sheet, 0, section.title, widths, (styles.title, _TITLE))
    _write_line(sheet, 1, _about(report, section), widths, (styles.note, _SMALL))
    _write_line(sheet, 2, section.intro, widths, (styles.intro, _PLAIN))
    for position, (column, width) in enumerate(zip(table.columns, widths, strict=True)):
        sheet.set_column(position, position, width)
        sheet.write_string(_HEAD_ROW, position, column.label, styles.head(column))
    lines = max(_wrapped(column.label, width) for column, width in zip(table.columns, widths, strict=True))
    sheet.set_row(_HEAD_ROW, _LINE_HEIGHT * lines + 4)
    _write_rows(sheet, table, styles, widths)
    for line, text in enumerate(section.footer):
        _write_line(sheet, _HEAD_ROW + len(table.rows) + 2 + line, text, widths, (styles.note, _SMALL))
    _set_up_print(sheet, table)
    _set_data_bars(sheet, table)


def _about(report: Report, section: Section) -> str:
    """Say whose table it is; what stands under the table as well would push it out of sight here."""
    lines = [line for line in report.subtitle if not any(line in below for below in section.footer)]
    return " · ".join((report.title, *lines))


def _write_line(sheet: Any, down: int, text: str, widths: list[float], look: tuple[Any, float]) -> None:  # noqa: ANN401 - see above
    """Write a sentence across the columns of the table: if it ran on, a sheet fitted to it could not be read."""
    style, letter = look
    last = len(widths) - 1
    if last:
        sheet.merge_range(down, 0, down, last, "", style)
    sheet.write_string(down, 0, text, style)
    sheet.set_row(down, min(_LINE_HEIGHT * letter**0.5 * _wrapped(text, sum(widths), letter) + 2, _TALLEST))


def _write_rows(sheet: Any, table: Flat, styles: _Styles, widths: list[float]) -> None:  # noqa: ANN401 - see above
    looks = {kind: [styles.cell(column.kind, kind) for column in table.columns] for kind in dict.fromkeys(table.kinds)}
    quantities = [column.kind == Kind.QUANTITY for column in table.columns]
    for down, (row, row_kind) in enumerate(zip(table.rows, table.kinds, strict=True), start=_HEAD_ROW + 1):
        for across, (value, look, is_quantity) in enumerate(zip(row, looks[row_kind], quantities, strict=True)):
            style = styles.cell(Kind.COUNT, row_kind) if is_quantity and isinstance(value, int) else look
            if value is None:
                sheet.write_blank(down, across, None, style)
            elif isinstance(value, str):
                sheet.write_string(down, across, value, style)
            elif isinstance(value, dt.date):
                sheet.write_datetime(down, across, dt.datetime.combine(value, dt.time()), style)
            else:
                sheet.write_number(down, across, value, style)
        lines = max(_lines_of(value, width, row_kind) for value, width in zip(row, widths, strict=True))
        if lines > 1:
            sheet.set_row(down, min(_LINE_HEIGHT * lines, _TALLEST))


def _lines_of(value: object, width: float, kind: RowKind) -> int:
    """How many lines a cell takes; only what is too long for the widest column takes more than one."""
    if not isinstance(value, str) or len(value) * _letter(kind) + 2 <= width:
        return 1
    return _wrapped(value, width - 2, _SMALL * _letter(kind))


def _draw_chart(book: Any, sheet: Any, section: Section, chart: Chart) -> None:  # noqa: ANN401 - see above
    """Draw Excel's own chart, which follows when somebody changes a figure; it stands beside its table."""
    drawn = book.add_chart({"type": "line"})
    first, last = _HEAD_ROW + 1, _HEAD_ROW + len(section.rows)
    places = {column.key: place for place, column in enumerate(section.columns)}
    for key, _label in chart.lines:
        line = {"color": _LINES.get(key, _BAND)[0], "dash_type": _LINES.get(key, _BAND)[1], "width": 2}
        name, at = sheet.get_name(), places[key]
        drawn.add_series(
            {
                "name": [name, _HEAD_ROW, at],
                "categories": [name, first, 0, last, 0],
                "values": [name, first, at, last, at],
                "line": line,
            }
        )
    drawn.set_title({"name": section.title, "name_font": {"size": 12, "color": _INK}})
    drawn.set_x_axis({"date_axis": True, "num_format": "mm/yyyy", "major_unit": 2, "major_unit_type": "months"})
    drawn.set_y_axis({"name": chart.unit, "num_format": "#,##0", "min": 0, "major_gridlines": {"visible": True}})
    drawn.set_legend({"position": "bottom"})
    drawn.set_size({"width": 900, "height": 460})
    options = {"description": chart.text, "object_position": 2}
    # Below the headings, which are printed again on every page.
    sheet.insert_chart(_HEAD_ROW + 1, len(section.columns) + 1, drawn, options)


def _width(table: Flat, position: int) -> float:
    column = table.columns[position]
    if column.kind != Kind.TEXT:
        return max(_WIDTHS[column.kind], *(len(word) * _BOLD + 2 for word in column.label.split()))
    texts = {(str(row[position]), kind) for row, kind in zip(table.rows, table.kinds, strict=True)}
    longest = max((len(text) * _letter(kind) for text, kind in texts), default=0)
    word = max((len(word) for text, _ in texts for word in text.split()), default=0)  # unbroken; capitals are wide
    return min(max(longest + 2, word * _BOLD + 2, _TEXT_WIDTHS[0]), _TEXT_WIDTHS[1])


def _letter(kind: RowKind) -> float:
    return _PLAIN if kind == RowKind.BODY else _BOLD


def _wrapped(text: str, width: float, letter: float = _BOLD) -> int:
    """How many lines a text takes; a spreadsheet does not work out the height of a row by itself."""
    lines, room = 1, width
    for word in text.split():
        needed = len(word) * letter + 1
        lines, room = (lines, room - needed) if needed <= room else (lines + 1, width - needed)
    return lines


def _set_up_print(sheet: Any, table: Flat) -> None:  # noqa: ANN401 - see above
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_HEAD_ROW)
    sheet.set_footer("&L&A&RSeite &P von &N")
    sheet.hide_gridlines(2)
    texts = next((i for i, column in enumerate(table.columns) if column.is_numeric), 0)
    sheet.freeze_panes(_HEAD_ROW + 1, texts)


def _set_data_bars(sheet: Any, table: Flat) -> None:  # noqa: ANN401 - see above
    if not table.rows:
        return
    bar = {"type": "data_bar", "bar_color": _BAR, "min_type": "num", "max_type": "num"}
    for position, column in enumerate(table.columns):
        if column.kind == Kind.PERCENT:
            rows = (_HEAD_ROW + 1, position, _HEAD_ROW + len(table.rows), position)
            sheet.conditional_format(*rows, {**bar, "min_value": 0, "max_value": 1})
