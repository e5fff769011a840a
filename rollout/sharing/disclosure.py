"""
The figures that may be given away: small counts left out, and nothing in print that gives them back.

From the full state to plain frames. No count that was left out is in them, so nothing made of them can leak one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

import geopandas as gpd
import numpy as np
import pandas as pd

from rollout import wording
from rollout.analysis.progress import roll_up, trench_progress
from rollout.audiences import Figures
from rollout.cartography.areas import Areas
from rollout.crs import METRIC_CRS
from rollout.errors import InputError
from rollout.sharing.cells import CellCounts, Told, count_cells, may_stand_alone
from rollout.sharing.counting import (
    ALL,
    CATEGORIES,
    Counted,
    Place,
    counted,
    grid_of,
    known_anyway,
    lines_of,
    places_of,
    table_for,
)
from rollout.sharing.coupling import joined
from rollout.sharing.disclosure_rules import LEFT_OUT, few_of, rules_of
from rollout.sharing.earlier import key_of, printed_of, printed_then
from rollout.sharing.grid import cell_names, cell_shape
from rollout.sharing.releases import Release, as_it_was, nearest, release_day, told_before
from rollout.sharing.suppression import suppress
from rollout.sharing.tables import Table, with_changes
from rollout.vocabulary import Level

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from rollout.analysis.state import State
    from rollout.audiences import Audience
    from rollout.sharing.attack import Pattern
    from rollout.sharing.releases import Key, Register
    from rollout.sharing.tables import Flags, Floats

Value = TypeVar("Value", np.float64, np.bool_)

_KEYS = ["programme_id", "level", "phase_id", "district_id", "category", "rung"]
_LENGTHS = ("planned_m", "done_m")
_ROUNDED_M = 100.0


@dataclass(frozen=True, slots=True)
class Disclosed:
    """
    The figures of one day as an audience may have them.

    Attributes
    ----------
    figures
        One row per figure: `programme_id`, `level` (`programme`, `phase`, `district`), `phase_id`, `district_id` (<NA>
        for none), `category` (`all`, `household`, `other`), `rung` (`counted`, `passed`, …), `value` (Int64, <NA> where
        left out) and `text` (`1.625`, `< 4`, `·`).
    lengths
        Metres, rounded to 100: `programme_id`, `level`, `phase_id`, `district_id`, `measure`, `planned_m`, `done_m`.
    cells
        One row per cell of 100 m: `programme_id`, `phase_id`, `district_id`, `cell_id`, for each rung its figure
        (Int64) and its text in `<rung>_text`; squares in `METRIC_CRS`. No rows for an audience without cells.
    withheld
        What was left out, in numbers: `figures`, `small`, `other`, `cells`, `merged`, `cell_figures`.
    rules
        German sentences to stand under every table and on every page.
    release
        What is printed, for the register.
    """

    figures: pd.DataFrame
    lengths: pd.DataFrame
    cells: gpd.GeoDataFrame
    withheld: Mapping[str, int]
    rules: tuple[str, ...]
    release: Release

    @property
    def drawn(self) -> Areas:
        """The same figures for a page."""
        return Areas(self.figures, self.cells, self.lengths, LEFT_OUT)


def disclosed(state: State, audience: Audience, name: str, earlier: Register = ()) -> Disclosed:
    """
    Return what an audience may know of the figures of one day.

    Parameters
    ----------
    state
        The whole programme on one day, nothing left out of it.
    audience
        Who gets the figures.
    name
        What the register calls it.
    earlier
        What was given away so far.

    Returns
    -------
    disclosed
        The same for the same state and register; what was given away for this day once, again.

    Raises
    ------
    InputError
        If the figures of this day may not be given away, or the audience gets the rows themselves.
    OutputError
        If a small count could be worked out, whatever is left out.
    """
    _require_disclosable(state, audience)
    # Others may have the tables of this day already; its cells are new until this audience has them.
    told = told_before(as_it_was(earlier, state.as_of), state.as_of)
    of_cells = told_before(as_it_was(earlier, state.as_of, name), state.as_of)
    parts = [_programme(state, audience, one, told, of_cells) for one in counted(state, audience)]
    figures = pd.concat([_figures(part) for part in parts], ignore_index=True) if parts else _no_figures()
    cells = _cells(parts)
    withheld = _withheld(figures, cells, parts)
    release = Release(
        name,
        state.as_of,
        {**_printed(figures), **_printed_cells(cells)},
        signs_of(figures, cells, audience.smallest_cell),
    )
    compared = len(of_cells if audience.figures is Figures.CELLS else told)
    rules = rules_of(audience, withheld, compared)
    return Disclosed(figures, _lengths(state, audience), cells, withheld, rules, release)


def _require_disclosable(state: State, audience: Audience) -> None:
    if audience.figures is Figures.ROWS:
        msg = f"'{audience.title}' erhält die Anschlüsse selbst; Zahlen werden für diesen Empfänger nicht unterdrückt"
        raise InputError(msg, 'Nennen Sie figures = "districts" oder "cells", wenn nur Zahlen herausgehen sollen.')
    day = release_day(state.as_of, audience.rhythm)
    if day != state.as_of:
        msg = f"'{audience.title}' erhält Zahlen nur zum Ende eines Quartals, nicht zum {wording.date(state.as_of)}"
        raise InputError(msg, f"Nehmen Sie den Stichtag {wording.date(day)}: --as-of {day.isoformat()}")


@dataclass(frozen=True, slots=True)
class _Part:
    """One programme: its table, what is left out of it, and its cells by place."""

    one: Counted
    places: list[Place]
    table: Table
    pattern: Pattern
    cells: dict[Place, tuple[tuple[str, ...], CellCounts]]


def _programme(
    state: State, audience: Audience, one: Counted, told: Sequence[Release], of_cells: Sequence[Release]
) -> _Part:
    places = places_of(state, one)
    table = table_for(places, one, audience.smallest_cell)
    keys = [
        key_of(one.programme_id, place, category, rung)
        for place in places
        for category in CATEGORIES
        for rung in one.rungs
    ]
    before = np.array([[then.figures.get(key, np.nan) for key in keys] for then in told]).reshape(len(told), len(keys))
    known = known_anyway(state.project, one, table)
    table = with_changes(replace(table, fixed=known), before, len(one.rungs))
    then = printed_then(nearest(told, state.as_of), one, places, state.as_of)
    found = suppress(joined(table, lines_of(places, places), len(one.rungs), then)).pattern.first(len(keys))
    part = _Part(one, places, table, found, {})
    if audience.figures is Figures.CELLS:
        part.cells.update(_cells_by_place(part, audience, of_cells, state.as_of))
    return part


def _cells_by_place(
    part: _Part, audience: Audience, told: Sequence[Release], day: dt.date
) -> dict[Place, tuple[tuple[str, ...], CellCounts]]:
    """Count cells by the rungs that their district prints for all categories together."""
    one = part.one
    names = cell_names(one.targets.geometry)
    near, by_day = nearest(told, day), sorted(told, key=lambda then: then.day)
    hidden = part.pattern.hidden.reshape(len(part.places), len(CATEGORIES), len(one.rungs))
    found = {}
    for number, place in enumerate(part.places):
        shown = np.flatnonzero(~hidden[number, list(CATEGORIES).index(ALL)])
        if place[0] is not Level.DISTRICT or not len(shown) or shown[0] != 0:
            continue
        here = _is_in(one, place)
        alone = may_stand_alone(one.targets[here], names[here], audience.cell_rule, audience.smallest_cell)
        # What other releases told of a cell may be of rungs that its district does not print now.
        rungs = np.arange(len(one.rungs)) if told else shown
        grid = grid_of(np.searchsorted(rungs, one.heights[here], side="right") - 1, names[here], len(rungs))
        before = [_told_of(one, place, then, day, is_near=then in near) for then in by_day]
        counts = count_cells(grid, alone, audience.smallest_cell, before, np.isin(rungs, shown))
        found[place] = (tuple(one.rungs[rung] for rung in shown), counts)
    return found


def _is_in(one: Counted, place: Place) -> Flags:
    _, phase, district = place
    inside: Flags = ((one.targets["phase_id"] == phase) & (one.targets["district_id"] == district)).to_numpy(dtype=bool)
    return inside


def _told_of(one: Counted, place: Place, then: Release, day: dt.date, *, is_near: bool) -> Told:
    """Return what another release printed of a district and its cells, the district last."""
    where = key_of(one.programme_id, place, "", "")[:3]
    cells = sorted({key[3] for key in (*then.figures, *then.signs) if key[:3] == where and key[3]})
    keys = [[key_of(one.programme_id, place, ALL, rung, cell) for rung in one.rungs] for cell in (*cells, "")]
    return Told(tuple(cells), printed_of(then, keys, np.zeros((len(keys), 0)), day), is_near=is_near)


def _figures(part: _Part) -> pd.DataFrame:
    pattern, values = part.pattern, part.table.truth
    rows = [
        (part.one.programme_id, place[0].value, place[1] or pd.NA, place[2] or pd.NA, category, rung)
        for place in part.places
        for category in CATEGORIES
        for rung in part.one.rungs
    ]
    figures = pd.DataFrame(rows, columns=_KEYS).astype("string")
    told = _values(values, pattern.hidden)
    return figures.assign(value=told, text=_texts(told, pattern.marked, part.table.smallest))


def _no_figures() -> pd.DataFrame:
    empty = pd.DataFrame(columns=[*_KEYS, "text"]).astype("string")
    empty.insert(len(_KEYS), "value", pd.Series(dtype="Int64"))
    return empty


def _values(values: Floats, hidden: Flags) -> pd.Series[int]:
    """Make missing what is left out; it is nowhere after."""
    return pd.Series(pd.array(np.where(hidden, 0, np.rint(values)).astype(np.int64), dtype="Int64")).mask(hidden)


def _texts(values: pd.Series[int], marked: Flags, smallest: int) -> pd.Series[str]:
    few = few_of(smallest)
    gone = values.isna().tolist()
    words = [
        (few if is_few else LEFT_OUT) if is_gone else wording.number(value)
        for value, is_gone, is_few in zip(values.fillna(0), gone, marked.tolist(), strict=True)
    ]
    return pd.Series(words, index=values.index, dtype="string")


def _cells(parts: list[_Part]) -> gpd.GeoDataFrame:
    alone = [(part, place, *of) for part in parts for place, of in part.cells.items() if of[1].cells]
    names = [
        (part.one.programme_id, place[1] or pd.NA, place[2] or pd.NA, cell)
        for part, place, _, found in alone
        for cell in found.cells
    ]
    cells = pd.DataFrame(names, columns=["programme_id", "phase_id", "district_id", "cell_id"]).astype("string")
    rungs = parts[0].one.rungs if parts else ()
    shape, columns = (len(cells), len(rungs)), [np.isin(rungs, told) for _, _, told, _ in alone]
    truth = _laid(np.zeros(shape), columns, [found.truth for *_, found in alone])
    hidden = _laid(np.ones(shape, dtype=bool), columns, [found.hidden for *_, found in alone])
    marked = _laid(np.zeros(shape, dtype=bool), columns, [found.marked for *_, found in alone])
    for number, rung in enumerate(rungs):
        told = _values(truth[:, number], hidden[:, number])
        cells[rung], cells[f"{rung}_text"] = told, _texts(told, marked[:, number], parts[0].table.smallest)
    return gpd.GeoDataFrame(cells, geometry=[cell_shape(name) for name in cells["cell_id"]], crs=METRIC_CRS)


def _laid(ground: NDArray[Value], columns: list[Flags], blocks: list[NDArray[Value]]) -> NDArray[Value]:
    """Lay blocks of rows one under the other, each into its columns."""
    first = 0
    for there, block in zip(columns, blocks, strict=True):
        ground[first : first + len(block), there] = block
        first += len(block)
    return ground


def _printed(figures: pd.DataFrame) -> dict[Key, int]:
    shown = figures[figures["value"].notna()]
    keys = [shown[name].fillna("") for name in ("programme_id", "phase_id", "district_id", "category", "rung")]
    return {
        (programme, phase, district, "", category, rung): int(value)
        for programme, phase, district, category, rung, value in zip(*keys, shown["value"], strict=True)
    }


def _printed_cells(cells: gpd.GeoDataFrame) -> dict[Key, int]:
    rungs = [name.removesuffix("_text") for name in cells.columns if name.endswith("_text")]
    keys = list(
        zip(*(cells[name].fillna("") for name in ("programme_id", "phase_id", "district_id", "cell_id")), strict=True)
    )
    return {
        (*key, ALL, rung): int(value)
        for rung in rungs
        for key, value in zip(keys, cells[rung], strict=True)
        if value is not pd.NA
    }


def signs_of(figures: pd.DataFrame, cells: gpd.GeoDataFrame, smallest: int) -> dict[Key, int]:
    """
    Return the signs printed instead of figures, as the register keeps them.

    Parameters
    ----------
    figures, cells
        As `Disclosed` has them.
    smallest
        The smallest count that may be known.

    Returns
    -------
    signs
        `smallest` for „< 4“, 0 for „·“.
    """
    gone = figures[figures["value"].isna()]
    keys = [gone[name].fillna("") for name in ("programme_id", "phase_id", "district_id", "category", "rung")]
    meant = np.where(gone["text"] == LEFT_OUT, 0, smallest).tolist()
    signs: dict[Key, int] = {
        (programme, phase, district, "", category, rung): sign
        for programme, phase, district, category, rung, sign in zip(*keys, meant, strict=True)
    }
    for rung in (name.removesuffix("_text") for name in cells.columns if name.endswith("_text")):
        gone = cells[cells[rung].isna()]
        keys = [gone[name].fillna("") for name in ("programme_id", "phase_id", "district_id", "cell_id")]
        meant = np.where(gone[f"{rung}_text"] == LEFT_OUT, 0, smallest).tolist()
        signs |= {(*key, ALL, rung): sign for *key, sign in zip(*keys, meant, strict=True)}
    return signs


def _withheld(figures: pd.DataFrame, cells: gpd.GeoDataFrame, parts: list[_Part]) -> dict[str, int]:
    gone = figures["value"].isna()
    plain = gone & (figures["text"] == LEFT_OUT)
    rungs = [name.removesuffix("_text") for name in cells.columns if name.endswith("_text")]
    return {
        "figures": len(figures),
        "small": int((gone & ~plain).sum()),
        "other": int(plain.sum()),
        "cells": len(cells),
        "merged": sum(found.merged for part in parts for _, found in part.cells.values()),
        "cell_figures": int(cells[rungs].isna().to_numpy().sum()) if len(cells) else 0,
    }


def _lengths(state: State, audience: Audience) -> pd.DataFrame:
    """Metres by phase; by district only for who sees the trenches anyway."""
    rows = trench_progress(state)
    at = [Level.PROGRAMME, Level.PHASE, *([] if audience.trenches == "none" else [Level.DISTRICT])]
    levels = [roll_up(rows, level).assign(level=level.value) for level in at]
    lengths = pd.concat(levels, ignore_index=True)
    keys = ["programme_id", "level", "phase_id", "district_id", "measure"]
    metres = {name: (lengths[name] / _ROUNDED_M).round() * _ROUNDED_M for name in _LENGTHS}
    named = lengths.reindex(columns=[*keys, *_LENGTHS]).assign(**metres)
    return named.astype(dict.fromkeys(keys, "string"))
