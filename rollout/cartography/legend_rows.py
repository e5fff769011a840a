"""What a legend is made of: groups of rows, each a switch with its figures."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LegendRow:
    """
    One line of the legend, a switch.

    Attributes
    ----------
    facet
        Column of the features it switches: `class`, `kind` or `category`.
    value
        Word in that column.
    label
        What people read.
    figures
        Counts and lengths, one for each column of the group.
    hint
        The rungs of the ladder that are drawn this way.
    """

    facet: str
    value: str
    label: str
    figures: tuple[str, ...]
    hint: str = ""


@dataclass(frozen=True, slots=True)
class LegendGroup:
    """
    One layer of features, with its rows.

    Attributes
    ----------
    layer
        The layer it switches.
    label
        What people read.
    figure
        Count of the whole layer.
    columns
        Headings of the figures; empty where counts speak for themselves.
    rows
        The rows.
    shown
        Whether it is switched on at first.
    note
        One sentence under the heading.
    head
        What the rows under the columns are.
    static
        Whether the figures are those of the whole, whatever is in view.
    """

    layer: str
    label: str
    figure: str
    columns: tuple[str, ...]
    rows: tuple[LegendRow, ...]
    shown: bool = True
    note: str = ""
    head: str = "Stand"
    static: bool = False
