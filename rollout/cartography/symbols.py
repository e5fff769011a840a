"""
The colour ladder: which class each rung is drawn as, and how a class looks.

Colour, line style, width and shape all speak, so that no class depends on colour alone. Colours
darken as the work goes on; every one stands at least 3:1 against the ground it is drawn on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rollout.cartography.columns import Coded, coded
from rollout.vocabulary import BLOCKED, DROPPED, NO_DATA, NO_DATA_LABEL, REFUSED, Category, NodeKind, Reach

if TYPE_CHECKING:
    import pandas as pd

LAND = "#f8f6f0"
"""Ground of the districts the page is about."""

LAND_ASIDE = "#eeebe4"
"""Ground of the other districts of the city."""

INK = "#1d2733"
"""Text, outlines, the dark half of a hatch."""

PAPER = "#ffffff"
"""Halos, the light half of a hatch, the inside of hollow symbols."""

UNKNOWN = "#c4126a"
"""What has no data; used for nothing else."""


@dataclass(frozen=True, slots=True)
class LineStyle:
    """
    How a class of segments is drawn.

    Attributes
    ----------
    key
        Name of the class.
    label
        German name in the legend.
    rungs
        Status words of the segment ladder that are drawn this way.
    colour
        Line colour.
    width
        Factor on the width that the zoom gives.
    dash
        Lengths of stroke and gap, in line widths; empty for a solid line.
    mark
        What is drawn beside the plain line: `hatch`, `crosses`, `question`, or nothing.
    """

    key: str
    label: str
    rungs: tuple[str, ...]
    colour: str
    width: float = 1.0
    dash: tuple[float, ...] = ()
    mark: str = ""


@dataclass(frozen=True, slots=True)
class PointStyle:
    """
    How a class of targets is drawn; the shape comes from the category.

    Attributes
    ----------
    key
        Name of the class.
    label
        German name in the legend.
    rungs
        Status words of the target ladder that are drawn this way.
    colour
        Filling, or outline of a hollow symbol.
    mark
        `hollow`, `slash`, `crosses`, `question`, `core` for a filled symbol that is white in the middle, or nothing for
        a filled one.
    """

    key: str
    label: str
    rungs: tuple[str, ...]
    colour: str
    mark: str = ""


SEGMENT_STYLES: tuple[LineStyle, ...] = (
    LineStyle("planned", "geplant", ("planned", "applied"), "#84817a", 0.9, (0.2, 2.0)),
    LineStyle("permitted", "genehmigt", ("permitted",), "#1f80bd", 1.0, (3.2, 1.8)),
    LineStyle("digging", "im Bau", ("digging",), "#c2520a", 1.75),
    LineStyle("duct", "Rohr verlegt", ("duct_laid", "duct_tested"), "#2560c6", 1.15),
    LineStyle("fibre", "Kabel im Rohr", ("cable_blown", "spliced", "documented"), "#6f1d8e", 1.15),
    LineStyle("done", "abgenommen", ("accepted", "handed_over", "in_service"), "#04362f", 1.35),
    LineStyle(BLOCKED, "gesperrt", (BLOCKED,), INK, 1.5, (1.3, 1.3), "hatch"),
    LineStyle(NO_DATA, NO_DATA_LABEL, (), UNKNOWN, 1.2, (), "question"),
    LineStyle(DROPPED, "entfallen", (DROPPED,), "#77746d", 0.5, (), "crosses"),
)
"""In the order of the ladder, side states last."""

TARGET_STYLES: tuple[PointStyle, ...] = (
    PointStyle("open", "noch offen", ("identified", "owner_contacted"), "#77746d", "hollow"),
    PointStyle("consent", "Gestattung liegt vor", ("consent_given", "surveyed"), "#1f80bd", "core"),
    PointStyle("property", "Rohr am Gebäude", ("duct_at_property", "house_entry"), "#2560c6"),
    PointStyle("fibre", "Glasfaser im Haus", ("termination_point",), "#6f1d8e", "core"),
    PointStyle("connected", "angeschlossen", ("connected", "orderable", "activated"), "#04362f"),
    PointStyle(REFUSED, "abgelehnt", (REFUSED,), INK, "slash"),
    PointStyle(NO_DATA, NO_DATA_LABEL, (), UNKNOWN, "question"),
    PointStyle(DROPPED, "entfallen", (DROPPED,), "#77746d", "crosses"),
)
"""In the order of the ladder, side states last."""

REACH_STYLES: dict[str, str] = {Reach.CABLE: "#4fae94", Reach.DUCT: "#7fa6e6", Reach.ISLAND: "#e8590c"}
"""Band under what is built, by what it is joined to; an island is edged as well, so that it shows without colour."""

PACKAGE = "#f2b705"
"""Band under the segments of a set to build next; its number stands on it."""

DOUBT = "#b3001b"
"""Ring about a connection whose report the built network contradicts; the mark in it tells the kinds apart."""

CATEGORY_SHAPES: dict[str, str] = {
    Category.HOUSEHOLD: "circle",
    Category.BUSINESS: "square",
    Category.SCHOOL: "triangle",
    Category.HOSPITAL: "cross",
}

NODE_SHAPES: dict[str, str] = {NodeKind.POP: "pop", NodeKind.CABINET: "cabinet"}


def class_of(status: pd.Series, styles: tuple[LineStyle, ...] | tuple[PointStyle, ...]) -> Coded:
    """
    Return the class each row is drawn as.

    Parameters
    ----------
    status
        Status words of one ladder, <NA> without data.
    styles
        The classes of that ladder.

    Returns
    -------
    class
        Coded; `no_data` where there is no status.
    """
    classes = {rung: style.key for style in styles for rung in style.rungs}
    return coded(status, classes.get, NO_DATA)
