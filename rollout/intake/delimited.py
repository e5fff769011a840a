"""CSV as partners write it: any usual delimiter and encoding, `sep=` lines, titles above the header."""

from __future__ import annotations

import codecs
import csv
import io
from itertools import chain, islice, zip_longest
from typing import TYPE_CHECKING

import pandas as pd

from rollout.findings import Spot
from rollout.intake.encoding import encoding_of
from rollout.intake.refusal import DeliveryError
from rollout.intake.rules import ROW_WIDTH
from rollout.intake.table import (
    HEADER_WITHIN,
    MAX_ROWS,
    Remark,
    Table,
    header_at,
    stated_day,
    text_frame,
    without_blanks,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rollout.intake.arrival import Arrival
    from rollout.intake.table import Wanted

DELIMITERS = (";", ",", "\t", "|")
CHUNK = 65_536
"""Rows held as Python texts at a time; the rest lies packed in columns, so a million rows stay small."""


def read_delimited(arrival: Arrival, wanted: Wanted) -> list[Table]:
    """
    Read a delimited text file.

    Parameters
    ----------
    arrival
        The file.
    wanted
        The columns looked for.

    Returns
    -------
    tables
        Exactly one.

    Raises
    ------
    DeliveryError
        If no header with the columns looked for is found, or quotes are broken.
    """
    encoding = encoding_of(arrival.content)
    try:
        return [_read(arrival, encoding, wanted)]
    except UnicodeDecodeError as error:
        msg = f"'{arrival.name}' ist in keiner bekannten Kodierung (gelesen als {encoding}, Byte {error.start})"
        raise DeliveryError(msg, "Bitten Sie um eine Ausgabe als „CSV UTF-8“.") from error
    except csv.Error as error:
        msg = f"'{arrival.name}' ist kein gültiges CSV: {error}"
        raise DeliveryError(
            msg, "Ein Anführungszeichen ist nicht geschlossen, oder die Datei ist abgeschnitten."
        ) from error


def _lines(arrival: Arrival, encoding: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(arrival.content), encoding=encoding, newline="")


def _read(arrival: Arrival, encoding: str, wanted: Wanted) -> Table:
    delimiter, skipped = _delimiter(arrival, encoding, wanted)
    reader = csv.reader(_lines(arrival, encoding), delimiter=delimiter, strict=True)
    first = list(islice(reader, HEADER_WITHIN))
    at = header_at(first, wanted)
    if at is None:
        msg = f"'{arrival.name}': keine Kopfzeile mit den erwarteten Spalten in den ersten {HEADER_WITHIN} Zeilen"
        hint = "Tragen Sie unter [partners] in rollout.toml ein, wie der Absender die Spalten nennt."
        raise DeliveryError(msg, hint)
    header = [name.strip() for name in first[at]]
    rows, remarks = _records(chain(first[at + 1 :], reader), header, at + 2, wanted)
    unread = tuple(name for name in header if name and name not in wanted)
    stated = stated_day(first[skipped:at])
    return Table(rows, encoding=codecs.lookup(encoding).name, stated_on=stated, unread=unread, remarks=tuple(remarks))


def _delimiter(arrival: Arrival, encoding: str, wanted: Wanted) -> tuple[str, int]:
    """Return the stated or else the most fruitful delimiter, and how many lines state it."""
    head = list(islice(_lines(arrival, encoding), HEADER_WITHIN))
    stated = head[0].strip().lower() if head else ""
    if stated.startswith("sep=") and len(stated) <= len("sep=;"):
        return stated[4:] or "\t", 1
    # Leniently: the thirtieth line may end inside a quoted cell.
    found = {sign: max(map(wanted.count, csv.reader(head, delimiter=sign)), default=0) for sign in DELIMITERS}
    return max(DELIMITERS, key=lambda sign: found[sign]), 0


def _records(
    records: Iterator[list[str]], header: list[str], first_row: int, wanted: Wanted
) -> tuple[pd.DataFrame, list[Remark]]:
    positions = {name: at for at, name in enumerate(header) if name in wanted}
    frames = [text_frame({name: [] for name in positions}, [])]
    remarks: list[Remark] = []
    row = first_row
    while chunk := list(islice(records, CHUNK)):
        numbers = [row + i for i, cells in enumerate(chunk) if any(cells)]
        row += len(chunk)
        filled = [cells for cells in chunk if any(cells)]
        remarks += _odd_widths(filled, numbers, len(header))
        columns = list(zip_longest(*filled, fillvalue=""))
        empty = ("",) * len(filled)
        frames.append(
            text_frame({name: columns[at] if at < len(columns) else empty for name, at in positions.items()}, numbers)
        )
        if row > MAX_ROWS:
            msg = f"die Datei hat mehr als {MAX_ROWS} Zeilen"
            raise DeliveryError(msg, "Bitten Sie um einen Auszug nur mit dem Projektgebiet.")
    return without_blanks(pd.concat(frames)), remarks


def _odd_widths(filled: Sequence[list[str]], numbers: Sequence[int], width: int) -> list[Remark]:
    if {width}.issuperset(map(len, filled)):
        return []
    odd = [
        (number, len(cells))
        for number, cells in zip(numbers, filled, strict=True)
        if len(cells) < width or any(cells[width:])
    ]
    return [
        Remark(ROW_WIDTH, Spot(f"Zeile {number} hat {count} statt {width} Felder", row=number)) for number, count in odd
    ]
