"""
Districts and cells coloured by what may be told of them, where a page shows no connection by itself.

Everything here is made of figures in print; a share is told only where part and whole are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from rollout import wording
from rollout.cartography.card import Fact
from rollout.cartography.columns import coded, text
from rollout.cartography.facts import filled
from rollout.cartography.legend_rows import LegendGroup, LegendRow
from rollout.once import once_each
from rollout.vocabulary import Level, Milestone

if TYPE_CHECKING:
    import geopandas as gpd

    from rollout.cartography.facts import Columns
    from rollout.cartography.scope import Contents, Scope

COUNTED, ALL = "counted", "all"

_LABELS: dict[str, str] = {
    COUNTED: "Anschlüsse",
    Milestone.PASSED: "davon erreicht",
    Milestone.PREPARED: "davon vorbereitet",
    Milestone.CONNECTED: "davon angeschlossen",
    Milestone.ACTIVATED: "davon aktiviert",
}

_CATEGORIES = {"household": "Haushalte", "other": "Übrige"}

_COLUMN = "figure_"

_NOT_TOLD = "nicht genannt"

CLASSES: dict[str, tuple[str, str]] = {
    "none": ("noch keiner angeschlossen", "#f3ead2"),
    "some": ("unter 25 %", "#cfe5dc"),
    "quarter": ("25 bis unter 50 %", "#9fcfc0"),
    "half": ("50 bis unter 75 %", "#62ad9b"),
    "most": ("75 bis unter 100 %", "#2f8171"),
    "whole": ("alle angeschlossen", "#04463c"),
    "kept": (_NOT_TOLD, "#a39d90"),
}
"""Class → its label and colour; the last one is hatched."""

THEME = {"areas": ("districts", "share")}
"""The theme that colours districts, as `themes.THEMES` has it."""

_QUARTERS = ("some", "quarter", "half", "most")


@dataclass(frozen=True, slots=True)
class Areas:
    """
    What may be told of the connections.

    Attributes
    ----------
    figures
        One row per figure: `programme_id`, `level`, `phase_id`, `district_id`, `category`, `rung`, `value` (<NA> where
        left out), `text`.
    cells
        One row per cell of 100 m: `programme_id`, `phase_id`, `district_id`, `cell_id`, each rung and `<rung>_text`.
    lengths
        Metres: `programme_id`, `level`, `phase_id`, `measure`, `planned_m`, `done_m`.
    left_out
        What stands for a figure that is not told.
    """

    figures: pd.DataFrame
    cells: gpd.GeoDataFrame
    lengths: pd.DataFrame
    left_out: str


def colours() -> dict[str, str]:
    """
    Return how the classes are drawn.

    Returns
    -------
    colours
        Class → its colour.
    """
    return {key: colour for key, (_, colour) in CLASSES.items()}


def area_facts(areas: Areas) -> dict[str, list[Fact]]:
    """
    Return the lines of the cards.

    Parameters
    ----------
    areas
        What may be told.

    Returns
    -------
    facts
        For `districts`, to be added to theirs, and for `cells`.
    """
    figures = [Fact(_LABELS[rung], _COLUMN + rung) for rung in _rungs(areas)]
    return {"districts": figures, "cells": [*figures, Fact("Stadtteil", "district")]}


def _rungs(areas: Areas) -> list[str]:
    there = {one.rung for one in _read(areas.figures)}
    return [rung for rung in _LABELS if rung in there]


def district_columns(areas: Areas, contents: Contents) -> Columns:
    """
    Encode what a page tells of the connections of each district.

    Parameters
    ----------
    areas
        What may be told.
    contents
        The rows of the page.

    Returns
    -------
    columns
        `share`, the class, and `figure_<rung>`, in the order of the districts.
    """
    ids = contents.state.districts["district_id"].tolist()
    told = _by_district(areas, contents.scope)
    columns: dict[str, Any] = {"share": _words([_class_of(told.get(one)) for one in ids])}
    for rung in _rungs(areas):
        columns[_COLUMN + rung] = _words([_sentence(told.get(one), rung) for one in ids])
    return filled(columns)


_Told = dict[tuple[str, str], tuple[int | None, str]]
"""Category and rung → value and text."""


class _Figure(NamedTuple):
    """One figure, as `Areas.figures` has it; None for what is not there."""

    programme_id: str
    level: str
    phase_id: str | None
    district_id: str | None
    category: str
    rung: str
    value: int | None
    text: str


@once_each
def _read(figures: pd.DataFrame) -> list[_Figure]:
    """Read the figures for all pages, each of which asks for a few of them several times."""
    columns = (figures[name].astype(object).where(figures[name].notna(), None).tolist() for name in _Figure._fields)
    return [_Figure(*one) for one in zip(*columns, strict=True)]


def _figures_in(areas: Areas, scope: Scope, level: Level) -> list[_Figure]:
    """Return the figures of a level that belong to the programme and phase of a page."""
    return [
        one
        for one in _read(areas.figures)
        if one.level == level
        and one.programme_id == scope.programme.id
        and (scope.phase is None or one.phase_id == scope.phase.id)
    ]


def _by_district(areas: Areas, scope: Scope) -> dict[str, _Told]:
    """Return the figures of each district; where it lies in two phases, their sum if both are in print."""
    found: dict[str, _Told] = {}
    for one in _figures_in(areas, scope, Level.DISTRICT):
        if one.district_id is not None:
            told, key, now = found.setdefault(one.district_id, {}), (one.category, one.rung), (one.value, one.text)
            told[key] = now if key not in told else _sum_of(told[key], now, areas)
    return found


def _sum_of(one: tuple[int | None, str], other: tuple[int | None, str], areas: Areas) -> tuple[int | None, str]:
    if one[0] is None or other[0] is None:
        return None, areas.left_out
    return one[0] + other[0], wording.number(one[0] + other[0])


def _in_scope(rows: pd.DataFrame, scope: Scope) -> pd.DataFrame:
    ours = rows[rows["programme_id"] == scope.programme.id]
    return ours if scope.phase is None else ours[(ours["phase_id"] == scope.phase.id).fillna(value=False)]


def _class_of(told: _Told | None) -> str | None:
    if told is None:
        return None
    return share_class(told[ALL, COUNTED][0], told[ALL, Milestone.CONNECTED.value][0])


def share_class(whole: int | None, part: int | None) -> str | None:
    """
    Return the class of a share of connections.

    Parameters
    ----------
    whole, part
        All, and those that are connected; None where left out.

    Returns
    -------
    class
        One of `CLASSES`; None where there is no connection.
    """
    if whole == 0:
        return None
    if whole is None or part is None:
        return "kept"
    if part in (0, whole):
        return "whole" if part else "none"
    return _QUARTERS[4 * part // whole]


def _sentence(told: _Told | None, rung: str) -> str | None:
    if told is None:
        return None
    parts = [f"{label} {told[category, rung][1]}" for category, label in _CATEGORIES.items()]
    return f"{told[ALL, rung][1]} ({', '.join(parts)})"


def _words(words: list[str | None]) -> Any:  # noqa: ANN401 - a column of the page
    return coded(pd.Series(words, dtype="string"))


def cells_in(areas: Areas, contents: Contents) -> gpd.GeoDataFrame:
    """
    Return the cells a page shows.

    Parameters
    ----------
    areas
        What may be told.
    contents
        The rows of the page.

    Returns
    -------
    cells
        Those of its programme and phase.
    """
    return _in_scope(areas.cells, contents.scope)


def cell_columns(areas: Areas, cells: gpd.GeoDataFrame, contents: Contents) -> Columns:
    """
    Encode what a page tells of each cell.

    Parameters
    ----------
    areas
        What may be told.
    cells
        As `cells_in` returns them.
    contents
        The rows of the page.

    Returns
    -------
    columns
        `id`, `class`, `district` and `figure_<rung>`.
    """
    names = contents.state.districts.set_index("district_id")["name"]
    columns: dict[str, Any] = {
        "id": text(cells["cell_id"].reset_index(drop=True)),
        "class": _words(_cell_classes(cells)),
        "district": _words(cells["district_id"].map(names).tolist()),
    }
    for rung in _rungs(areas):
        columns[_COLUMN + rung] = _words(cells[f"{rung}_text"].tolist())
    return filled(columns)


def _cell_classes(cells: gpd.GeoDataFrame) -> list[str | None]:
    if cells.empty:
        return []
    pairs = zip(cells[COUNTED], cells[Milestone.CONNECTED.value], strict=True)
    return [share_class(*(None if pd.isna(value) else int(value) for value in pair)) for pair in pairs]


def area_groups(contents: Contents) -> tuple[LegendGroup, ...]:
    """
    Return the groups of the legend for districts and cells.

    Parameters
    ----------
    contents
        The rows of the page.

    Returns
    -------
    groups
        Those that show anything; none where a page shows connections by themselves.
    """
    areas = contents.additions.disclosed
    if areas is None:
        return ()
    told = [_class_of(one) for one in _by_district(areas, contents.scope).values()]
    note = "Anteil der geförderten Anschlüsse, die angeschlossen sind."
    districts = _group("areas", "Stadtteile", told, f"{note} Schraffiert: Anzahl nicht genannt.")
    cells = _group(
        "cells", "Zellen von 100 m", _cell_classes(cells_in(areas, contents)), "Nur Zellen mit genug Anschlüssen."
    )
    return tuple(group for group in (districts, cells) if group.rows)


def _group(layer: str, label: str, classes: list[str | None], note: str) -> LegendGroup:
    rows = tuple(
        LegendRow("class", key, name, (wording.number(classes.count(key)),))
        for key, (name, _) in CLASSES.items()
        if key in classes
    )
    count = wording.number(sum(one is not None for one in classes))
    return LegendGroup(layer, label, count, (), rows, note=note, static=True)


def area_figures(contents: Contents) -> list[tuple[str, str, float | None]]:
    """
    Return the progress of the page's phase or programme, as far as it may be told.

    Parameters
    ----------
    contents
        The rows of the page.

    Returns
    -------
    figures
        Label, text and share; no share where part or whole was left out.
    """
    areas = contents.additions.disclosed
    if areas is None:
        return []
    figures = _figures_in(areas, contents.scope, _level_of(contents.scope))
    told = {one.rung: (one.value, one.text) for one in figures if one.category == ALL}
    steps = [step.value for step in (Milestone.PASSED, Milestone.CONNECTED) if step in told and COUNTED in told]
    return [(_LABELS[step].removeprefix("davon "), *_part_of(told[step], told[COUNTED], areas)) for step in steps]


def _level_of(scope: Scope) -> Level:
    """Return the level at which the phase or programme of a page is told as one."""
    return Level.PROGRAMME if scope.phase is None else Level.PHASE


def area_lengths(contents: Contents) -> dict[str, tuple[float, float]]:
    """
    Return the metres of the page's phase or programme, as far as they may be told.

    Parameters
    ----------
    contents
        The rows of the page.

    Returns
    -------
    metres
        Measure → planned and done; as in the tables, whatever of the trenches is drawn.
    """
    areas = contents.additions.disclosed
    if areas is None:
        return {}
    rows = _in_scope(areas.lengths, contents.scope)
    rows = rows[rows["level"] == _level_of(contents.scope)]
    metres = zip(rows["planned_m"], rows["done_m"], strict=True)
    return {
        str(measure): (float(planned), float(done))
        for measure, (planned, done) in zip(rows["measure"], metres, strict=True)
    }


def _part_of(part: tuple[int | None, str], whole: tuple[int | None, str], areas: Areas) -> tuple[str, float | None]:
    if areas.left_out in {part[1], whole[1]}:
        return _NOT_TOLD, None
    if part[0] is None or whole[0] is None:
        return f"{part[1]} von {whole[1]}", None
    return wording.share(part[0], whole[0]), part[0] / whole[0] if whole[0] else 0.0
