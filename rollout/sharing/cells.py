"""
Cells of 100 m: which of them may be told apart, and which of their figures.

A cell shows only figures that its district shows too. It then tells nothing of the district that was not printed,
and each district can be looked at for itself: a table of cells by rung whose sums are known. What is in no cell of
its own is the district's rest, which is never drawn and known all the same, as the difference.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from rollout.audiences import CellRule
from rollout.errors import OutputError
from rollout.sharing.coupling import joined
from rollout.sharing.suppression import suppress
from rollout.sharing.tables import is_small, table_of, with_changes
from rollout.vocabulary import Category

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from rollout.sharing.coupling import Printed
    from rollout.sharing.tables import Flags, Floats

    Strings = NDArray[np.str_]

FEWEST_NUMBERS = 5
"""So many house numbers side by side stand for more than one household (§ 10 WPG reckons with as many)."""

_FIRST_WEIGHT = 20.0
"""How many connections a cell has is worth more than any of its milestones: without it, the cell says nothing."""


@dataclass(frozen=True, slots=True)
class CellCounts:
    """
    The cells of one district that stand alone.

    Attributes
    ----------
    cells
        Their names, `c` of them.
    truth
        Figures by cell and printed rung of the district, shape `(c, s)`.
    hidden, marked
        Which of them are left out, and which of those are marked as of a few, shape `(c, s)`.
    merged
        How many cells with connections are part of the rest.
    """

    cells: list[str]
    truth: Floats
    hidden: Flags
    marked: Flags
    merged: int


def may_stand_alone(targets: pd.DataFrame, names: Strings, rule: CellRule, smallest: int) -> set[str]:
    """
    Tell which cells hold enough to be told apart.

    Parameters
    ----------
    targets
        Connections with `category`, `street` and `house_number`.
    names
        The cell of each.
    rule
        What is counted: households, or house numbers.
    smallest
        The least number of households.

    Returns
    -------
    cells
        Their names.
    """
    if rule is CellRule.HOUSEHOLDS:
        counted = names[(targets["category"] == Category.HOUSEHOLD).to_numpy(dtype=bool)].tolist()
    else:
        numbers = {*zip(names.tolist(), targets["street"], targets["house_number"], strict=True)}
        counted, smallest = [name for name, _, _ in numbers], max(FEWEST_NUMBERS, smallest)
    return {name for name, count in Counter(counted).items() if count >= smallest}


@dataclass(frozen=True, slots=True)
class Told:
    """
    What was printed of a district on another day.

    Attributes
    ----------
    cells
        Names of its cells, `c` of them.
    printed
        Figures and signs of the cells and, last, of the district itself, `c + 1` lines of all rungs.
    is_near
        Whether it is worked on together with the new release.
    """

    cells: tuple[str, ...]
    printed: Printed
    is_near: bool


def count_cells(
    grid: Mapping[str, Floats], alone: set[str], smallest: int, told: Sequence[Told] = (), shown: Flags | None = None
) -> CellCounts:
    """
    Find which cells of a district, and which figures of them, may be printed.

    Parameters
    ----------
    grid
        Cell → connections by bin, shape `(s,)`.
    alone
        Cells that hold enough to be told apart.
    smallest
        The smallest count that may be known.
    told
        What was printed on other days, by day.
    shown
        Which rungs the district prints, the first among them, shape `(s,)`; all by default.

    Returns
    -------
    counts
        As many cells as can be kept apart, each with its first figure in print. Where one cannot, the smallest is
        added to the rest.
    """
    kept = sorted(alone.intersection(grid))
    while kept:
        cut = _cut(grid, kept, told)
        found = None if is_small(cut.bins[len(kept) :].sum(), smallest) else _kept_apart(cut, smallest, told, shown)
        bare = kept if found is None else [name for name, gone in zip(kept, found.hidden[:, 0], strict=True) if gone]
        if found is not None and not bare:
            return replace(found, merged=len(grid) - len(kept))
        kept.remove(min(bare, key=lambda name: (grid[name].sum(), name)))
    nothing = np.zeros((0, 0), dtype=bool)
    return CellCounts([], np.zeros((0, 0)), nothing, nothing, len(grid))


@dataclass(frozen=True, slots=True)
class _Cut:
    """
    A district cut into parts: the cells kept apart, cells that were kept apart on other days, and all else.

    Bins by part and rung; names of the parts but the last; how many of them are kept now.
    """

    bins: Floats
    names: list[str]
    kept: int

    @property
    def lines(self) -> Floats:
        """The parts that each line adds up: each cell, the rest, the district."""
        parts = np.arange(len(self.bins))
        return np.vstack([np.eye(len(parts))[: self.kept], parts >= self.kept, np.ones(len(parts))])

    def lines_of(self, told: Told) -> Floats:
        """Return the parts that the lines of another day added up."""
        cells = np.array([*self.names, ""]) == np.array(told.cells, dtype=np.str_)[:, None]
        return np.vstack([cells.reshape(-1, len(self.bins)), np.ones(len(self.bins))])


def _cut(grid: Mapping[str, Floats], kept: list[str], told: Sequence[Told]) -> _Cut:
    names = [*kept, *sorted({name for one in told if one.is_near for name in one.cells}.difference(kept))]
    none = np.zeros_like(grid[kept[0]])
    others = [bins for name, bins in grid.items() if name not in names]
    rest = np.sum(others, axis=0) if others else none
    return _Cut(np.vstack([*(grid.get(name, none) for name in names), rest]), names, len(kept))


def _kept_apart(cut: _Cut, smallest: int, told: Sequence[Told], shown: Flags | None) -> CellCounts | None:
    """Leave out of the cells what it takes; None where nothing helps."""
    count, steps = cut.kept, cut.bins.shape[1]
    printable = np.ones(steps, dtype=bool) if shown is None else shown
    weights = np.tile(np.where(np.arange(steps) == 0, _FIRST_WEIGHT, 1.0), (count + 2, 1))
    line, is_told = np.repeat(np.arange(count + 2), steps), np.tile(printable, count + 2)
    table = table_of(cut.bins, cut.lines, weights, smallest)
    table = replace(table, fixed=(line == count + 1) & is_told, silent=(line == count) | ~is_told)
    before = np.array([_before(one, cut, steps) for one in told]).reshape(len(told), len(line))
    table = with_changes(table, before, steps)
    then = [replace(one.printed, lines=cut.lines_of(one)) for one in told if one.is_near]
    try:
        pattern = suppress(joined(table, cut.lines, steps, then)).pattern.first(len(line))
    except OutputError:
        return None
    rows, shape = (slice(count), printable), (-1, steps)
    values, hidden, marked = table.truth.reshape(shape), pattern.hidden.reshape(shape), pattern.marked.reshape(shape)
    return CellCounts(cut.names[:count], values[rows], hidden[rows], marked[rows], 0)


def _before(told: Told, cut: _Cut, steps: int) -> Floats:
    """Return what was printed of the cells; of the rest, what followed from it if it was the same rest."""
    unknown = np.full(steps, np.nan)
    of = dict(zip(told.cells, told.printed.figures, strict=False))
    kept = cut.names[: cut.kept]
    cells = [of.get(name, unknown) for name in kept]
    rest = told.printed.figures[-1] - np.sum(cells, axis=0) if set(of) == set(kept) else unknown
    return np.concatenate([*cells, rest, unknown])
