"""
A table of counts as a reader with a pencil sees it: what is printed, what adds up to what, what must stay unknown.

The unknowns are bins: connections of one place and category that stand between two milestones. Every figure
printed is a sum of bins, so sums, subtotals and the nesting of the milestones need no rule of their own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]
    Matrix = Any
    """A sparse matrix; scipy is untyped."""


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """
    Counts, the figures that may be printed of them, and what must not be found out.

    Two tables of the same content are equal: what was worked out for one audience is not worked out again for the next.

    Attributes
    ----------
    bins
        The true counts, shape `(b,)`.
    figures
        Which bins each figure adds up, 0 and 1, shape `(f, b)`.
    weights
        What it costs to leave a figure out, shape `(f,)`.
    floors
        What a reader knows each figure to be at least, shape `(f,)`.
    fixed
        Figures that are known whatever is printed, shape `(f,)`.
    silent
        Figures that are not printed and known all the same, as differences, shape `(f,)`.
    risks
        Which bins each count adds up that must stay unknown, shape `(r, b)`.
    smallest
        The smallest count that may be known.
    marks
        Figures whose mark „less than the smallest“ was given away before and stays, shape `(f,)`; none at first.
    """

    bins: Floats
    figures: Matrix
    weights: Floats
    floors: Floats
    fixed: Flags
    silent: Flags
    risks: Matrix
    smallest: int
    marks: Flags

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Table) and self._content == other._content

    def __hash__(self) -> int:
        return hash(self._content)

    @property
    def _content(self) -> tuple[object, ...]:
        matrices = [(rows.shape, *(part.tobytes() for part in _stored(rows))) for rows in (self.figures, self.risks)]
        arrays = (self.bins, self.weights, self.floors, self.fixed, self.silent, self.marks)
        return (self.smallest, *matrices, *(array.tobytes() for array in arrays))

    @property
    def truth(self) -> Floats:
        """The true figures, shape `(f,)`."""
        return np.asarray(self.figures @ self.bins)

    @property
    def is_joint(self) -> bool:
        """Whether the table holds several releases: only they have differences among their figures."""
        return bool((self.figures.data < 0).any())

    @property
    def ceiling(self) -> float:
        """More than any bin needs to be."""
        return float(self.bins.sum()) + 1000.0 if self.is_joint else float("inf")

    @property
    def bounded(self) -> Flags:
        """Which figures have a least value that bins alone do not give them: they are differences, or were printed."""
        is_difference = np.asarray(self.figures.min(axis=1).todense()).ravel() < 0
        found: Flags = is_difference | (self.floors > 0)
        return found

    @property
    def small(self) -> Flags:
        """Which figures are themselves a count that must not be printed."""
        return is_small(self.truth, self.smallest)


def _stored(rows: Matrix) -> tuple[Any, Any, Any]:
    return rows.indptr, rows.indices, rows.data


def is_small(values: Floats, smallest: int) -> Flags:
    """
    Tell which counts are of a few.

    Parameters
    ----------
    values
        Counts.
    smallest
        The smallest count that may be known.

    Returns
    -------
    small
        True from 1 to one less than `smallest`. Nothing is no small count: it singles out nobody.
    """
    found: Flags = (values >= 1) & (values < smallest)
    return found


def levels(steps: int) -> Matrix:
    """
    Return how the figures of a ladder add up its bins.

    Parameters
    ----------
    steps
        Figures of the ladder, each holding the next.

    Returns
    -------
    matrix
        Shape `(steps, steps)`; figure `i` adds up the bins from `i` on.
    """
    return sparse.csr_array(np.triu(np.ones((steps, steps))))


def spans(steps: int) -> Matrix:
    """
    Return every count that the difference of two figures of a ladder can tell, the figures themselves included.

    Parameters
    ----------
    steps
        Figures of the ladder.

    Returns
    -------
    matrix
        One row for each run of neighbouring bins, shape `(steps * (steps + 1) / 2, steps)`.
    """
    runs = [
        [float(first <= one <= last) for one in range(steps)] for first in range(steps) for last in range(first, steps)
    ]
    return sparse.csr_array(np.array(runs))


def table_of(bins: Floats, places: Floats, weights: Floats, smallest: int) -> Table:
    """
    Make the table of several ladders and their sums.

    Parameters
    ----------
    bins
        Counts by ladder and bin, shape `(n, steps)`.
    places
        Which ladders each printed line adds up, shape `(p, n)`.
    weights
        What it costs to leave out a figure, shape `(p, steps)`.
    smallest
        The smallest count that may be known.

    Returns
    -------
    table
        Figures line by line. A risk is every run of bins of a line that holds a few.
    """
    steps = bins.shape[1]
    flat = bins.astype(np.float64).ravel()
    figures = sums_at(places, levels(steps))
    count = figures.shape[0]
    return Table(
        flat,
        figures,
        weights.astype(np.float64).ravel(),
        np.zeros(count),
        np.zeros(count, dtype=bool),
        np.zeros(count, dtype=bool),
        risks_of(bins, places, smallest),
        smallest,
        np.zeros(count, dtype=bool),
    )


def risks_of(bins: Floats, places: Floats, smallest: int) -> Matrix:
    """
    Return every run of bins of some lines that holds a few.

    Parameters
    ----------
    bins
        Counts by ladder and bin, shape `(n, steps)`.
    places
        Which ladders each line adds up, shape `(p, n)`.
    smallest
        The smallest count that may be known.

    Returns
    -------
    risks
        0 and 1, shape `(r, n * steps)`, none twice.
    """
    runs = sums_at(places, spans(bins.shape[1]))
    return without_repeats(runs[np.flatnonzero(is_small(runs @ bins.ravel(), smallest))])


def sums_at(places: Floats, steps: Matrix) -> Matrix:
    """
    Return sums of bins at places.

    Parameters
    ----------
    places
        Which ladders each line adds up, shape `(p, n)`.
    steps
        Which bins of a ladder each sum adds up, shape `(s, steps)`.

    Returns
    -------
    sums
        Line by line, shape `(p * s, n * steps)`.
    """
    # In blocks, as scipy would choose, zeros would be stored as well.
    found = sparse.csr_array(sparse.kron(sparse.csr_array(places.astype(np.float64)), steps, format="csr"))
    found.eliminate_zeros()
    found.sort_indices()
    return found


def with_changes(table: Table, before: Floats, steps: int) -> Table:
    """
    Keep unknown, too, by how few a figure changed since it was last printed.

    Parameters
    ----------
    table
        The table.
    before
        The figures as printed on other days, shape `(n, f)`, NaN where one was not.
    steps
        Figures of a ladder. The first is no milestone and may fall.

    Returns
    -------
    table
        Changes of a few are risks. A reader is taken to believe that no milestone is taken back, so a figure is at
        least what it was printed as.
    """
    now = table.truth
    changed = is_small(np.abs(now - before), table.smallest).any(axis=0)
    is_milestone = np.arange(len(now)) % steps > 0
    known = np.where(is_milestone & (before <= now), before, 0.0).max(axis=0, initial=0.0)
    risks = sparse.vstack([table.risks, table.figures[np.flatnonzero(changed)]], format="csr")
    return replace(table, floors=np.maximum(table.floors, known), risks=without_repeats(risks))


def without_repeats(rows: Matrix) -> Matrix:
    """
    Drop rows that are there already: a phase of one district tells what the district tells.

    Parameters
    ----------
    rows
        0 and 1, shape `(r, b)`.

    Returns
    -------
    different
        Each row once, in the order of their first.
    """
    seen = {
        rows.indices[rows.indptr[row] : rows.indptr[row + 1]].tobytes(): row for row in range(rows.shape[0] - 1, -1, -1)
    }
    return rows[sorted(seen.values())]
