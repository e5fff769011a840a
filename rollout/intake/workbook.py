"""XLSX by openpyxl, document types refused before: every visible sheet, its header found, its silent damage named."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

import defusedxml.ElementTree as SafeTree  # type: ignore[import-untyped]
import openpyxl  # type: ignore[import-untyped]
from defusedxml.common import DefusedXmlException  # type: ignore[import-untyped]
from openpyxl.utils.exceptions import InvalidFileException  # type: ignore[import-untyped]

from rollout.findings import Spot
from rollout.intake.container import open_archive
from rollout.intake.markup import refuse_document_types
from rollout.intake.refusal import DeliveryError
from rollout.intake.rules import FORMULA_WITHOUT_VALUE, HIDDEN_ROWS, TABLE_SKIPPED
from rollout.intake.table import (
    HEADER_WITHIN,
    Remark,
    Table,
    as_text,
    header_at,
    stated_day,
    text_frame,
    without_blanks,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rollout.intake.arrival import Arrival
    from rollout.intake.table import Wanted

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_WORTH_A_LOOK = re.compile(rb"[<:]f[ >/]|hidden=")
_BROKEN = (
    InvalidFileException,
    DefusedXmlException,
    zipfile.BadZipFile,
    SafeTree.ParseError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    OverflowError,
)
"""What openpyxl lets through from a workbook that is not one."""


@dataclass(frozen=True, slots=True)
class _Marks:
    hidden: frozenset[int]
    without_value: frozenset[str]


def read_workbook(arrival: Arrival, wanted: Wanted) -> list[Table]:
    """
    Read every visible sheet that has the columns looked for.

    Parameters
    ----------
    arrival
        The file.
    wanted
        The columns looked for.

    Returns
    -------
    tables
        At least one; remarks on sheets passed over are with the first.

    Raises
    ------
    DeliveryError
        If it is no workbook, or no sheet has a header with the columns looked for.
    """
    archive = open_archive(arrival.name, arrival.content)
    try:
        refuse_document_types(archive)
        tables, passed_over = _sheets(arrival, wanted)
    except _BROKEN as error:
        msg = f"'{arrival.name}' ist keine lesbare Excel-Arbeitsmappe: {type(error).__name__}"
        raise DeliveryError(msg, "In Excel öffnen, neu als .xlsx speichern und neu senden lassen.") from error
    if not tables:
        msg = f"'{arrival.name}': kein Blatt hat eine Kopfzeile mit den erwarteten Spalten ({', '.join(passed_over)})"
        raise DeliveryError(msg, "Tragen Sie unter [partners] in rollout.toml ein, wie der Absender die Spalten nennt.")
    remarks = tuple(Remark(TABLE_SKIPPED, Spot(f"nicht gelesen: {what}")) for what in passed_over)
    first = tables[0]
    merged = Table(
        first.rows, first.sheet, stated_on=first.stated_on, unread=first.unread, remarks=first.remarks + remarks
    )
    return [merged, *tables[1:]]


def _sheets(arrival: Arrival, wanted: Wanted) -> tuple[list[Table], list[str]]:
    book = openpyxl.load_workbook(io.BytesIO(arrival.content), read_only=True, data_only=True, keep_links=False)
    tables, passed_over = [], []
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            passed_over.append(f"ausgeblendetes Blatt '{sheet.title}'")
            continue
        table = _sheet(sheet, arrival.content, wanted)
        if table is None:
            passed_over.append(f"Blatt '{sheet.title}'")
        else:
            tables.append(table)
    return tables, passed_over


def _sheet(sheet: Any, content: bytes, wanted: Wanted) -> Table | None:  # noqa: ANN401 - openpyxl has no types
    sheet.reset_dimensions()  # the size a sheet states may be a lie
    lines = _lines(sheet)
    first = list(islice(lines, HEADER_WITHIN))
    at = header_at([cells for _, cells in first], wanted)
    if at is None:
        return None
    header = first[at][1]
    positions = {name: column for column, name in enumerate(header) if name and name in wanted}
    records = [*first[at + 1 :], *lines]
    numbers = [number for number, _ in records]
    columns = {
        name: [cells[column] if column < len(cells) else None for _, cells in records]
        for name, column in positions.items()
    }
    unread = tuple(name for name in header if name and name not in wanted)
    remarks = tuple(_remarks(_marks(sheet, content), numbers, positions))
    stated = stated_day(cells for _, cells in first[:at])
    return Table(
        without_blanks(text_frame(columns, numbers)), sheet.title, stated_on=stated, unread=unread, remarks=remarks
    )


def _lines(sheet: Any) -> Iterator[tuple[int, list[str | None]]]:  # noqa: ANN401
    for number, values in enumerate(sheet.iter_rows(values_only=True), 1):
        cells = [as_text(value) for value in values]
        if any(cells) or number <= HEADER_WITHIN:
            yield number, cells


def _marks(sheet: Any, content: bytes) -> _Marks:  # noqa: ANN401
    """Find what openpyxl's streaming reader does not tell: hidden rows, and formulas that were never computed."""
    hidden, without_value = set(), set()
    path = sheet._worksheet_path  # noqa: SLF001 - the only place that says which part of the archive a sheet is
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        part = archive.read(path)
    if _WORTH_A_LOOK.search(part):  # most sheets have neither, and are not parsed again
        for _, element in SafeTree.iterparse(io.BytesIO(part), forbid_dtd=True):
            if element.tag == f"{_MAIN}c" and element.find(f"{_MAIN}f") is not None:
                value = element.find(f"{_MAIN}v")
                if value is None or not value.text:
                    without_value.add(element.get("r", ""))
            elif element.tag == f"{_MAIN}row":
                if element.get("hidden") in {"1", "true"}:
                    hidden.add(int(element.get("r", "0")))
                element.clear()
    return _Marks(frozenset(hidden), frozenset(without_value))


def _remarks(marks: _Marks, numbers: list[int], positions: dict[str, int]) -> Iterator[Remark]:
    hidden = sorted(marks.hidden.intersection(numbers))
    if hidden:
        listed = ", ".join(map(str, hidden[:10])) + (" …" if len(hidden) > 10 else "")  # noqa: PLR2004
        yield Remark(HIDDEN_ROWS, Spot(f"{len(hidden)} ausgeblendete Zeilen: {listed}", row=hidden[0]))
    letters = {openpyxl.utils.get_column_letter(at + 1): name for name, at in positions.items()}
    there = set(numbers)
    for cell in sorted(marks.without_value):
        letter, row = cell.rstrip("0123456789"), int(cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") or 0)
        if letter in letters and row in there:
            what = f"Zelle {cell} ('{letters[letter]}') ist eine Formel ohne gespeichertes Ergebnis"
            yield Remark(FORMULA_WITHOUT_VALUE, Spot(what, row=row, column=letters[letter]))
