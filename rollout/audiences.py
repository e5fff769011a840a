"""Who gets what: an audience as an allow-list. What it does not name is not in a package."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import Field

from rollout.validation import Part, Text

SharedLayer = Literal["segments", "targets", "nodes"]
"""A layer whose rows an audience may get; districts and the base map are in every package."""


class Trenches(StrEnum):
    """How exactly trenches are drawn."""

    EXACT = "exact"
    """As surveyed, or rounded to `precision_m`."""
    STREET = "street"
    """As the street they lie in, one state per street."""
    NONE = "none"


class Figures(StrEnum):
    """What the figures of a package are counted by."""

    ROWS = "rows"
    """Every number as counted: the rows themselves are in the package."""
    DISTRICTS = "districts"
    """Districts and phases, small counts suppressed."""
    CELLS = "cells"
    """Cells of 100 m as well, small counts suppressed."""


class CellRule(StrEnum):
    """When a cell of 100 m stands alone."""

    HOUSEHOLDS = "households"
    """It holds at least `smallest_cell` households."""
    HOUSE_NUMBERS = "house_numbers"
    """It holds at least five house numbers, which lie side by side within 100 m."""


class Rhythm(StrEnum):
    """How often figures may be given away."""

    ANY = "any"
    QUARTER = "quarter"


class Audience(Part):
    """One kind of receiver, and all that it may see."""

    title: Text
    """What the audience is called."""
    recipient: Text
    """To whom the package goes; printed on every page."""
    purpose: Text
    """What for; printed on every page."""
    columns: dict[SharedLayer, tuple[str, ...]] = {}
    """Layer → the columns that are given; a layer not named is not given."""
    statuses: dict[SharedLayer, tuple[str, ...]] = {}
    """Layer → the statuses whose rows are given; all of them where the layer is not named."""
    told_as: dict[SharedLayer, dict[str, str]] = {}
    """Layer → status → the status it is told as, e.g. `activated` as `connected`."""
    trenches: Trenches = Trenches.NONE
    precision_m: float = Field(default=0.0, ge=0, le=1000)
    """Coordinates are rounded to this; 0 gives them as they are."""
    figures: Figures = Figures.DISTRICTS
    smallest_cell: int = Field(default=4, ge=3, le=100)
    """A count from 1 to one less than this is suppressed; „less than 2“ would say that it is one."""
    cell_rule: CellRule = CellRule.HOUSEHOLDS
    """When a cell stands alone; only for figures by cells."""
    rhythm: Rhythm = Rhythm.QUARTER
    history: bool = False
    """Whether the course of the statuses is given, or the Stichtag alone."""
    valid_days: int = Field(default=92, ge=1, le=3660)
    """After how many days from the Stichtag a package has expired."""
