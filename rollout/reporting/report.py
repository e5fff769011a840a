"""What a report is, before any format: sections of columns and rows, every number still a number."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Kind(StrEnum):
    """What the cells of a column hold, and so how they are written."""

    TEXT = "text"
    COUNT = "count"
    SHARE = "share"
    """A `Share` of counts, written `350/437 (80,1 %)`."""
    PERCENT = "percent"
    """A `Share` whose part and whole stand in the columns beside it, written `80,1 %`."""
    LENGTH_KM = "length_km"
    """Metres, written in kilometres."""
    LENGTH_M = "length_m"
    """Metres, written in metres."""
    QUANTITY = "quantity"
    """A whole number, or a decimal one written with two decimals; its unit has a column of its own."""
    DATE = "date"


class RowKind(StrEnum):
    """Whether a row may be added to others."""

    BODY = "body"
    SUBTOTAL = "subtotal"
    TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Share:
    """
    A part of a whole.

    Attributes
    ----------
    part, whole
        Counts or metres.
    """

    part: float
    whole: float

    @property
    def fraction(self) -> float | None:
        """Part over whole; None where there is no whole, since nothing of nothing is not zero."""
        return self.part / self.whole if self.whole else None


Cell = str | int | float | dt.date | Share | None


@dataclass(frozen=True, slots=True)
class Column:
    """
    One column of a table.

    Attributes
    ----------
    key
        Name in data formats.
    label
        German heading.
    kind
        What its cells hold.
    definition
        One German sentence.
    group
        Heading shared with the neighbours, or empty.
    short
        Heading where space is short.
    """

    key: str
    label: str
    kind: Kind
    definition: str
    group: str = ""
    short: str = ""

    @property
    def is_numeric(self) -> bool:
        """Whether its cells stand to the right."""
        return self.kind not in {Kind.TEXT, Kind.DATE}


@dataclass(frozen=True, slots=True)
class Row:
    """
    One row of a table.

    Attributes
    ----------
    kind
        Body, subtotal or total.
    cells
        One per column of the section.
    group
        What the row stands under, e.g. its construction phase; empty for none.
    """

    kind: RowKind
    cells: tuple[Cell, ...]
    group: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """
    A picture of a table: lines over its first column. Each format draws it its own way, or not at all.

    Attributes
    ----------
    unit
        What the lines count, at the axis.
    lines
        Key of a column → name of its line.
    band
        Keys of the columns between which the range lies, low and high.
    marks
        Label → day of the first column that is marked.
    text
        What the picture shows, in a sentence, for who cannot see it.
    """

    unit: str
    lines: tuple[tuple[str, str], ...]
    band: tuple[str, str]
    marks: tuple[tuple[str, dt.date], ...]
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """
    One table with what must be read beside it.

    Attributes
    ----------
    key
        Stable name.
    short
        A name of few letters, for a sheet.
    title, intro
        What stands above.
    columns, rows
        The table; rows may be none.
    footer
        Lines below: day, sources, definitions.
    group_label
        What the groups of rows are, or empty.
    chart
        A picture of the table, or None.
    """

    key: str
    short: str
    title: str
    intro: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    footer: tuple[str, ...] = ()
    group_label: str = ""
    chart: Chart | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """
    A whole report.

    Attributes
    ----------
    title
        Name of the project.
    subtitle
        Lines under it: day, municipality, and whether the data are made up.
    as_of
        The Stichtag.
    sample
        True for made-up data.
    sections
        The tables in order.
    """

    title: str
    subtitle: tuple[str, ...]
    as_of: dt.date
    sample: bool
    sections: tuple[Section, ...]

    def only(self, keys: Iterable[str]) -> Report:
        """
        Return the report cut down to some sections.

        Parameters
        ----------
        keys
            Keys of sections.

        Returns
        -------
        report
            With those sections, in the report's order.

        Raises
        ------
        KeyError
            If a key is none of the report's; the message lists those there are.
        """
        wanted = set(keys)
        held = [section.key for section in self.sections]
        if unknown := sorted(wanted - set(held)):
            msg = f"no section '{unknown[0]}'; there are {', '.join(held)}"
            raise KeyError(msg)
        return replace(self, sections=tuple(section for section in self.sections if section.key in wanted))
