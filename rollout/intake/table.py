"""A table as a reader hands it on: text in every cell, whatever the file's format, and the row it stood in."""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pandas.arrays import ArrowStringArray

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rollout.findings import Rule, Spot

Array = np.ndarray[Any, np.dtype[Any]]

HEADER_WITHIN = 30
"""A header row is looked for in so many rows."""

MAX_ROWS = 2_000_000
EXACT = 10**15
"""From here on Excel has replaced digits of a number by zeros."""

DBF_NAME = 10
"""So many characters of a column's name survive in a shapefile."""

_STATED = re.compile(r"\bstand(?:\s+vom)?\s*:?\s*(\d{1,2})\.(\d{1,2})\.(\d{4})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Remark:
    """
    Something a reader noticed.

    Attributes
    ----------
    rule
        Which rule it falls under.
    spot
        Where, and in which words.
    """

    rule: Rule
    spot: Spot


@dataclass(frozen=True, slots=True)
class Table:
    """
    A sheet, a feature table or a whole file.

    Attributes
    ----------
    rows
        Only the columns looked for, under the file's names; dtype `string`; the index is the row in the
        file as its program counts them (with the header; features from 1).
    sheet
        Name of the sheet or table, where the file can hold several.
    geometry
        Shapely geometries, one per row, None where empty or unreadable; or None for a list without map.
    crs
        What the file states, one of `placing.KNOWN`; None for a list.
    encoding
        In which the texts were read.
    stated_on
        The Stand that the file names outside its rows.
    unread
        Columns of the file that were not looked for.
    remarks
        What the reader noticed.
    """

    rows: pd.DataFrame
    sheet: str | None = None
    geometry: Array | None = None
    crs: str | None = None
    encoding: str | None = None
    stated_on: dt.date | None = None
    unread: tuple[str, ...] = ()
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """
    The columns looked for in a file.

    Attributes
    ----------
    names
        Their names in either language, as `column_key` writes them.
    """

    names: frozenset[str]

    def __contains__(self, name: str) -> bool:
        return column_key(name) in self.names

    def within_ten(self, name: str) -> bool:
        """Whether a shapefile's column may be one of them, cut to ten characters."""
        return name in self or any(known[:DBF_NAME] == column_key(name) for known in self.names)

    def count(self, cells: Iterable[str | None]) -> int:
        """Return how many of them stand in a row."""
        return len({column_key(cell) for cell in cells if cell} & self.names)


def column_key(name: str) -> str:
    """
    Return what two spellings of a column's name have in common.

    Parameters
    ----------
    name
        As the file or the project has it.

    Returns
    -------
    key
        Composed, folded, with single spaces.
    """
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


def header_at(lines: Sequence[Sequence[str | None]], wanted: Wanted) -> int | None:
    """
    Find the header among the first rows, below any title.

    Parameters
    ----------
    lines
        The first rows of a sheet.
    wanted
        The columns looked for.

    Returns
    -------
    position
        The row with most of them, at least two; None where there is none.
    """
    counts = [wanted.count(line) for line in lines]
    best = max(counts, default=0)
    return counts.index(best) if best > 1 else None


def stated_day(lines: Iterable[Iterable[str | None]]) -> dt.date | None:
    """
    Find a „Stand: 28.03.2022“ in the rows above a header.

    Parameters
    ----------
    lines
        Those rows.

    Returns
    -------
    day
        The first one named, or None.
    """
    for line in lines:
        found = _STATED.search(" ".join(cell for cell in line if cell))
        if found:
            try:
                return dt.date(int(found[3]), int(found[2]), int(found[1]))
            except ValueError:
                return None
    return None


def as_text(value: object) -> str | None:
    """
    Write a cell as a German reader would, so that typed and plain files are read by one rule.

    Parameters
    ----------
    value
        Text, number, day, or nothing.

    Returns
    -------
    text
        Days as `2022-03-28`, numbers with a decimal comma, whole numbers without; numbers that have lost
        digits in their program keep its exponent. None for nothing.
    """
    if value is None or value == "":
        return None
    if isinstance(value, str):
        # A lone surrogate is no character and cannot be stored; it is shown as what it is: damage.
        return value.encode("utf-8", "replace").decode("utf-8").strip() if not value.isascii() else value.strip()
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ", "seconds")
    if isinstance(value, float):
        return _number(value)
    return "WAHR" if value is True else "FALSCH" if value is False else str(value)


def _number(value: float) -> str | None:
    if math.isnan(value):
        return None
    if math.isinf(value) or abs(value) >= EXACT:
        return f"{value:.14G}".replace(".", ",")
    return str(int(value)) if value.is_integer() else repr(value).replace(".", ",")


def only(keep: Array, geometry: Array) -> Array:
    """
    Return geometries, with None in place of some.

    Parameters
    ----------
    keep
        Which to keep, bool, shape `(n,)`.
    geometry
        n shapely geometries.

    Returns
    -------
    geometry
        n geometries or None.
    """
    kept = np.full(len(geometry), None, dtype=object)
    kept[keep] = geometry[keep]
    return kept


def without_blanks(rows: pd.DataFrame) -> pd.DataFrame:
    """
    Return the rows that hold anything; lists are full of empty ones.

    Parameters
    ----------
    rows
        Texts.

    Returns
    -------
    rows
        Those with at least one cell; the index keeps their place in the file.
    """
    return rows[rows.notna().any(axis=1)]


def text_frame(columns: Mapping[str, Sequence[str | None]], numbers: Sequence[int]) -> pd.DataFrame:
    """
    Make a frame of texts.

    Parameters
    ----------
    columns
        Name in the file → n cells.
    numbers
        n rows in the file.

    Returns
    -------
    rows
        n rows, dtype `string`, stripped, empty cells `<NA>`.
    """
    index = pd.Index(np.asarray(numbers, dtype="int64"), name="row")
    return pd.DataFrame({name: _texts(cells) for name, cells in columns.items()}, index=index)


def _texts(cells: Sequence[str | None]) -> ArrowStringArray:
    stripped = pc.utf8_trim_whitespace(pa.array(cells, pa.large_string()))
    return ArrowStringArray(pc.if_else(pc.equal(stripped, ""), None, stripped))
