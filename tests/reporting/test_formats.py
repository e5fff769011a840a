"""Every format: what is written can be read back, is the same twice, and no text of the data does anything."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
import zipfile
from dataclasses import replace
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import openpyxl
import pytest

from rollout.reporting import delimited, html, markdown, terminal, workbook
from rollout.reporting.cells import flat, shown
from rollout.reporting.describe import progress_report
from rollout.reporting.formats import Format
from rollout.reporting.render import render
from rollout.reporting.report import Column, Kind, Report, Row, RowKind, Section, Share

if TYPE_CHECKING:
    from collections.abc import Callable

    from rollout.analysis.state import State

HOSTILE = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "＝1+1",  # noqa: RUF001 - the wide sign is the point
    "</td><script>alert(1)</script>",
    "{{ 6*7777 }}",
    "a {# b",
    "\u202eabc",
    "x" * 10_000,
    "a\nb",
    "a|b",
    'quote " and ; semicolon',
    "[red]bold[/red] :smile:",
    "http://example.org",
    "#ref <!-- --> & *stars* _lines_ `code`",
    "1. one",
    "[Content]:*?/\\",
]


def table_of(text: str) -> Report:
    """A report whose every text is hostile."""
    columns = (
        Column("name", text, Kind.TEXT, text, "", text),
        Column("n", text, Kind.COUNT, text, text, text),
        Column("share", text, Kind.SHARE, text, text, text),
    )
    rows = tuple(Row(kind, (text, -3, Share(1, 3)), text) for kind in RowKind)
    sections = tuple(Section(key, text, text, text, columns, rows, (text,), text) for key in ("a", "b"))
    return Report(text, (text,), dt.date(2022, 3, 28), sample=True, sections=sections)


@pytest.fixture(scope="module")
def report(city: State) -> Report:
    return progress_report(city)


@pytest.fixture(scope="module")
def book(report: Report) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(workbook.render(report)))


class Outline(HTMLParser):
    """Tags, ids and visible text of a document."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.attributes: set[str] = set()
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}
        self.ids += [value or "" for name, value in attrs if name == "id"]

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def outline(content: bytes) -> Outline:
    parser = Outline()
    parser.feed(content.decode())
    return parser


@pytest.mark.parametrize("into", list(Format))
def test_the_same_state_gives_the_same_bytes(into: Format, build_city: Callable[..., State]) -> None:
    first, second = (render(progress_report(build_city(targets=200, segments=40)), into) for _ in range(2))
    assert first == second
    assert first


@pytest.mark.parametrize("into", list(Format))
def test_a_table_without_rows_can_be_written_in_every_format(into: Format, report: Report) -> None:
    empty = replace(report, sections=(replace(report.sections[2], rows=()),))
    assert render(empty, into)


@pytest.mark.parametrize("into", list(Format))
@pytest.mark.parametrize("text", HOSTILE)
def test_no_hostile_text_stops_a_format(into: Format, text: str) -> None:
    assert render(table_of(text), into)


def test_a_share_is_written_with_its_count_and_base(report: Report) -> None:
    assert shown(Share(350, 437), Kind.SHARE) == "350/437 (80,1\u202f%)"
    assert shown(Share(0, 0), Kind.SHARE) == "–"
    assert shown(None, Kind.LENGTH_KM) == "–"
    assert shown(40.0, Kind.LENGTH_KM) == "< 0,1"
    assert shown(0.0, Kind.LENGTH_KM) == "0,0"
    assert shown(12_345.0, Kind.LENGTH_KM) == "12,3"
    assert shown(1234.4, Kind.LENGTH_M) == "1.234"
    assert shown(-21, Kind.QUANTITY) == "-21"
    assert shown(49.5, Kind.QUANTITY) == "49,50"
    assert "923/" in html.render(report).decode() or "/1." in html.render(report).decode()


# --- CSV -------------------------------------------------------------------------------------------


def read(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_a_csv_opens_in_a_german_excel(report: Report) -> None:
    content = delimited.render(report.only(["trassen"]))
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.endswith(b"\r\n")
    head, *rows = read(content)
    assert head[0] == "Bauabschnitt"
    assert head[-2:] == ["Zeile", "Stand"]
    assert {row[-2] for row in rows} == {"Wert", "Zwischensumme", "Summe"}
    assert {len(row) for row in rows} == {len(head)}


def test_a_csv_read_back_holds_the_same_numbers(report: Report) -> None:
    for section in report.sections:
        table = flat(section)
        _, *rows = read(delimited.render(report.only([section.key])))
        for row, told in zip(table.rows, rows, strict=True):
            for value, text, column in zip(row, told, table.columns, strict=False):
                if isinstance(value, (int, float)):
                    number = float(text.replace(",", "."))
                    wanted = 100 * value if column.kind == Kind.PERCENT else value
                    assert number == pytest.approx(wanted, abs=0.0051)


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_of_a_csv_starts_a_formula(text: str) -> None:
    content = delimited.render(table_of(text))
    for row in read(content):
        for cell in row:
            assert cell[:1] not in tuple("=+@\t\r＝")  # noqa: RUF001 - the wide sign is the point
            assert cell[:1] != "-" or cell == "-3"
    assert read(delimited.render(table_of(text).only(["a"])))[1][1].removeprefix("'") == text


def test_several_tables_follow_each_other_in_one_csv(report: Report) -> None:
    rows = read(delimited.render(report))
    titles = [row[0] for row in rows if len(row) == 1]
    assert titles == [section.title for section in report.sections]


# --- XLSX ------------------------------------------------------------------------------------------


def test_numbers_of_a_workbook_are_numbers(report: Report, book: openpyxl.Workbook) -> None:
    for section, sheet in zip(report.sections, book.worksheets, strict=True):
        table = flat(section)
        told = sheet.iter_rows(min_row=6, max_row=5 + len(table.rows), max_col=len(table.columns), values_only=True)
        for row, cells in zip(table.rows, told, strict=True):
            for value, cell in zip(row, cells, strict=True):
                if isinstance(value, dt.date):
                    assert cell == dt.datetime.combine(value, dt.time())
                elif isinstance(value, str):
                    assert cell == value
                else:
                    assert cell == (pytest.approx(value) if value is not None else None)


def test_a_workbook_has_no_formula_no_link_and_no_name(report: Report, book: openpyxl.Workbook) -> None:
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)
    assert all(cell.hyperlink is None for sheet in book for row in sheet.iter_rows() for cell in row)
    assert not book.properties.creator
    assert not book.properties.lastModifiedBy
    assert book.properties.created == dt.datetime(2022, 3, 28)  # noqa: DTZ001 - Excel has no zones
    with zipfile.ZipFile(io.BytesIO(workbook.render(report))) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_workbook_is_ready_to_print(book: openpyxl.Workbook) -> None:
    assert "Definitionen" in book.sheetnames
    for sheet in book:
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.page_setup.paperSize == 9
        assert sheet.print_title_rows == "$5:$5"
        assert sheet.freeze_panes is not None
    assert book["Anschlüsse"].conditional_formatting


def test_sentences_of_a_workbook_are_no_wider_than_its_table(report: Report) -> None:
    long = "Dieser Satz ist viel länger als die Tabelle breit ist, über der er steht. " * 12
    said = replace(report, subtitle=(long,), sections=tuple(replace(one, footer=(long,)) for one in report.sections))
    for sheet in openpyxl.load_workbook(io.BytesIO(workbook.render(said))):
        last = max(cell.column for cell in sheet[5] if cell.value)
        merged = {(cells.min_row, cells.min_col, cells.max_row, cells.max_col) for cells in sheet.merged_cells.ranges}
        for cell in (cell for cell in sheet["A"] if cell.value and cell.row not in range(4, sheet.max_row)):
            assert (cell.row, 1, cell.row, last) in merged
            assert cell.alignment.wrap_text
        assert 30 < sheet.row_dimensions[sheet.max_row].height <= 409
        assert long not in sheet["A2"].value, "what stands under the table pushes nothing out of sight above it"


def test_a_row_of_a_workbook_is_as_high_as_its_longest_text() -> None:
    long = "Ein Satz, der länger ist als eine Spalte breit. " * 4
    columns = (Column("name", "Name", Kind.TEXT, "Wer."), Column("text", "Bedeutung", Kind.TEXT, "Was."))
    rows = (Row(RowKind.BODY, ("a", long)), Row(RowKind.TOTAL, ("Gesamt", "kurz")))
    section = Section("a", "a", "a", "a", columns, rows, ("a",))
    made = workbook.render(Report("a", ("a",), dt.date(2022, 3, 28), sample=False, sections=(section,)))
    sheet = openpyxl.load_workbook(io.BytesIO(made))["a"]
    assert sheet.row_dimensions[6].height >= 4 * 15
    assert sheet.row_dimensions[7].height in {None, 15}
    bold = replace(section, rows=(Row(RowKind.TOTAL, ("Gesamt", "keine Prognose: noch zu wenige Arbeitswochen")),))
    made = workbook.render(Report("a", ("a",), dt.date(2022, 3, 28), sample=False, sections=(bold,)))
    sheet = openpyxl.load_workbook(io.BytesIO(made))["a"]
    assert sheet.column_dimensions["B"].width > 1.15 * 44


def test_a_column_of_a_workbook_has_room_for_a_long_word_in_capitals() -> None:
    cell = "CRS25832RES100mN5660000E361900"
    section = Section("a", "a", "a", "a", (Column("c", "Zelle", Kind.TEXT, "Wo."),), (Row(RowKind.BODY, (cell,)),), ())
    made = workbook.render(Report("a", ("a",), dt.date(2022, 3, 28), sample=False, sections=(section,)))
    sheet = openpyxl.load_workbook(io.BytesIO(made))["a"]
    assert sheet.column_dimensions["A"].width > 1.15 * len(cell) + 2
    assert sheet.row_dimensions[6].height in {None, 15}


def test_a_sign_instead_of_a_number_stands_where_the_numbers_do() -> None:
    columns = (Column("name", "Name", Kind.TEXT, "Wer."), Column("n", "Zahl", Kind.COUNT, "Wie viele."))
    rows = (Row(RowKind.BODY, ("a", 12)), Row(RowKind.BODY, ("b", "< 4")))
    section = Section("a", "a", "a", "a", columns, rows, ("a",))
    made = workbook.render(Report("a", ("a",), dt.date(2022, 3, 28), sample=False, sections=(section,)))
    sheet = openpyxl.load_workbook(io.BytesIO(made))["a"]
    assert [sheet[place].value for place in ("B6", "B7")] == [12, "< 4"]
    assert {sheet[place].alignment.horizontal for place in ("B6", "B7")} == {"right"}


@pytest.mark.parametrize("text", HOSTILE)
def test_no_hostile_text_becomes_a_formula_or_a_link(text: str) -> None:
    written = openpyxl.load_workbook(io.BytesIO(workbook.render(table_of(text))))
    assert len(written.sheetnames) == 2
    for sheet in written:
        cells = [cell for row in sheet.iter_rows() for cell in row]
        assert all(cell.data_type in {"s", "n"} and cell.hyperlink is None for cell in cells)
        assert sheet.cell(6, 3).value == -3


# --- HTML ------------------------------------------------------------------------------------------


def test_a_page_has_no_script_and_nothing_from_outside(report: Report) -> None:
    content = html.render(report)
    page = outline(content)
    assert not {"script", "link", "img", "iframe", "form", "object"} & set(page.tags)
    assert b"http:" not in content
    assert b"https:" not in content
    assert b"default-src 'none'" in content
    assert '<html lang="de">' in content.decode()
    assert len(page.ids) == len(set(page.ids))


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stands_on_a_page_as_it_is(text: str) -> None:
    page = outline(html.render(table_of(text)))
    harmless = outline(html.render(table_of("harmless")))
    assert page.tags == harmless.tags
    assert page.attributes == harmless.attributes
    assert " ".join(text.split()) in " ".join(" ".join(page.text).split())


def test_every_row_of_a_page_names_its_header(report: Report) -> None:
    content = html.render(report.only(["trassen"])).decode()
    rows = len(report.only(["trassen"]).sections[0].rows)
    assert content.count('<th scope="row">') == rows
    assert content.count('scope="colgroup"') == 3


# --- Markdown, JSON, terminal ----------------------------------------------------------------------


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_breaks_no_markdown_table(text: str) -> None:
    lines = markdown.render(table_of(text)).decode().splitlines()
    rows = [line for line in lines if line.startswith("| ")]
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {5}
    assert not any("<" in line or "{{" in line for line in lines)


def test_markdown_keeps_plain_words_plain() -> None:
    assert markdown.escaped("Bergisch Neukirchen (in Teilen)") == "Bergisch Neukirchen (in Teilen)"
    assert markdown.escaped("- a") == "\\- a"
    assert markdown.escaped("12. a") == "12\\. a"


def test_json_holds_raw_numbers_and_every_definition(report: Report) -> None:
    told = json.loads(render(report, Format.JSON))
    assert told["as_of"] == "2022-03-28"
    assert told["sample"] is True
    table = told["sections"][0]
    assert all(column["definition"] for column in table["columns"])
    total = table["rows"][-1]["cells"]
    assert total["passed"]["whole"] == total["counted"]
    assert 0 < total["passed"]["fraction"] < 1
    lengths = told["sections"][2]
    assert lengths["columns"][1]["unit"] == "m"
    assert lengths["columns"][1]["label"] == "neues Leerrohr: geplant"


@pytest.mark.parametrize("width", [80, 100, 140, 180])
def test_no_line_of_the_terminal_is_wider_than_the_window(report: Report, width: int) -> None:
    lines = terminal.render(report, width).decode().splitlines()
    assert max(map(len, lines)) <= width


def test_a_wide_terminal_writes_the_base_beside_every_share(report: Report) -> None:
    wide, narrow = (terminal.render(report.only(["anschluesse"]), width).decode() for width in (180, 110))
    total = report.sections[0].rows[-1].cells
    assert shown(total[2], Kind.SHARE) in wide
    assert shown(total[2], Kind.SHARE) not in narrow
    assert "Lützenkirchen (in Teilen)" in wide
    assert "Lützenkirchen (in Teilen)" in narrow


def test_the_terminal_reads_no_markup_and_writes_no_codes_unless_asked(report: Report) -> None:
    assert "[red]bold[/red] :smile:" in terminal.render(table_of("[red]bold[/red] :smile:"), 200).decode()
    assert b"\x1b" not in terminal.render(report)
    assert b"\x1b[1m" in terminal.render(report, colour=True)
