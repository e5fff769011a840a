"""
Several releases as one table, as a reader sees them who believes that nothing built is ever taken back.

Such a reader knows that each milestone of each smallest part (a district's households, a cell) counts at least what it
counted before, and that the connections are the same unless print says otherwise. So the counts of every release are
unknowns beside those of the new one; what was printed then is settled, and a figure more in the new release must
narrow down neither its own small counts nor those of then nor the changes between them.

The true counts of then are in no register. One way in which they can have been stands in for them; a count of then is
held open where it can be small.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations, pairwise
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from rollout.sharing.attack import NEAR, Pattern, Proof, Reader, free_ways, looks_alike, unproven, unsigned
from rollout.sharing.programmes import Limit, cheapest
from rollout.sharing.tables import is_small, levels, spans, sums_at, without_repeats

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from rollout.sharing.attack import Indices
    from rollout.sharing.tables import Flags, Floats, Matrix, Table


@dataclass(frozen=True, slots=True)
class Printed:
    """
    What another release printed of the same parts.

    Attributes
    ----------
    lines
        Which parts each line adds up, shape `(p, n)`.
    figures
        By line and rung, NaN where one was not printed, shape `(p, steps)`.
    below
        What the sign „less than …“ named, 0 where there was none, shape `(p, steps)`.
    is_later
        Whether it is of a later day than the new release.
    """

    lines: Floats
    figures: Floats
    below: NDArray[np.int_]
    is_later: bool = False


def joined(table: Table, lines: Floats, steps: int, others: Sequence[Printed]) -> Table:
    """
    Put the table of a new release beside what others printed.

    Parameters
    ----------
    table
        Of the new release.
    lines
        Which parts each line of it adds up, shape `(p, n)`.
    steps
        Figures of a ladder, the first no milestone.
    others
        The other releases, by day.

    Returns
    -------
    joint
        Bins and figures of `table` first. Where no count of then goes with what was printed, as after districts were
        cut anew, or nothing was, `table` itself.
    """
    if not others:
        return table
    joint = _Joint(table, lines, steps, tuple(others))
    bins = joint.bins_of_then()
    return table if bins is None else joint.table_with(bins)


@dataclass(frozen=True, slots=True)
class _Joint:
    """The new release as block 0 of the bins, the others behind it in their order."""

    table: Table
    lines: Floats
    steps: int
    others: tuple[Printed, ...]

    @property
    def by_day(self) -> list[int]:
        """The blocks in the order of their days."""
        numbered = list(enumerate(self.others, start=1))
        return [*(n for n, one in numbered if not one.is_later), 0, *(n for n, one in numbered if one.is_later)]

    def placed(self, rows: Matrix, block: int) -> Matrix:
        """Return sums of bins of one release among the bins of all."""
        before, after = block * rows.shape[1], (len(self.others) - block) * rows.shape[1]
        parts = [sparse.csr_array((rows.shape[0], before)), rows, sparse.csr_array((rows.shape[0], after))]
        return sparse.csr_array(sparse.hstack(parts, format="csr"))

    def lines_of(self, block: int) -> Floats:
        return self.others[block - 1].lines if block else self.lines

    def printed_then(self) -> tuple[Matrix, Floats, Flags]:
        """Return the figures of the others, their values and marks."""
        rows = [self.placed(sums_at(one.lines, levels(self.steps)), n) for n, one in enumerate(self.others, start=1)]
        values = np.concatenate([one.figures.ravel() for one in self.others])
        # A sign of another threshold is read as none: the marks of a table have one meaning.
        marks = np.concatenate([(one.below == self.table.smallest).ravel() for one in self.others])
        return sparse.vstack(rows, format="csr"), values, marks

    def changes(self) -> Matrix:
        """Return by how much each figure of each part grows from one release to the next."""
        each = sums_at(np.eye(self.lines.shape[1]), levels(self.steps))
        grown = [self.placed(each, after) - self.placed(each, before) for before, after in pairwise(self.by_day)]
        return sparse.vstack(grown, format="csr")

    def bins_of_then(self) -> _Then | None:
        """Find counts of the other releases that go with all that was printed, and with the true ones of now."""
        figures, values, marks = self.printed_then()
        grown = self.changes()
        known = ~np.isnan(values)
        least = np.where(known, values, np.where(marks, 1.0, 0.0))
        most = np.where(known, values, np.where(marks, self.table.smallest - 1.0, np.inf))
        count, size = grown.shape
        slack, none = sparse.eye_array(count, format="csr"), sparse.csr_array((figures.shape[0], 2 * count))
        is_base = np.arange(count) % self.steps == 0
        limits = [
            Limit(sparse.hstack([figures, none], format="csr"), least, most),
            Limit(sparse.hstack([grown, slack, -slack], format="csr"), 0.0, np.where(is_base, 0.0, np.inf)),
        ]
        now, rest = self.table.bins, np.zeros(size - len(self.table.bins))
        floor = np.concatenate([now, rest, np.zeros(2 * count)])
        ceiling = np.concatenate([now, np.full(len(rest) + 2 * count, np.inf)])
        is_count = np.arange(size + 2 * count) < size
        found = cheapest((~is_count).astype(np.float64), limits, floor, ceiling, is_count)
        if found is None:
            return None
        bins = np.rint(found[:size])
        broken = np.asarray(grown @ bins)
        wrong = np.where(is_base, broken != 0, broken < 0)
        # Where connections came or went, a reader does not know in which part.
        moved = wrong.reshape(-1, self.lines.shape[1] * self.steps)[:, :: self.steps].any(axis=1)
        wrong |= is_base & np.repeat(moved, self.lines.shape[1] * self.steps)
        return _Then(bins, ~wrong)

    def table_with(self, then: _Then) -> Table:
        """Return the table of all releases."""
        figures, values, marks = self.printed_then()
        grown = self.changes()[np.flatnonzero(then.holds)]
        is_base = np.flatnonzero(then.holds) % self.steps == 0
        known, now = ~np.isnan(values), self.table
        more = len(values) + len(is_base)
        table = replace(
            now,
            bins=then.bins,
            figures=sparse.vstack([self.placed(now.figures, 0), figures, grown], format="csr"),
            weights=np.concatenate([now.weights, np.ones(more)]),
            floors=np.concatenate([now.floors, np.zeros(more)]),
            fixed=np.concatenate([now.fixed, known, is_base]),
            silent=np.concatenate([now.silent, ~known, ~is_base]),
            risks=self.placed(now.risks, 0),
            marks=np.concatenate([now.marks, marks & ~known, np.zeros(len(is_base), dtype=bool)]),
        )
        wanted = sparse.vstack([self.counts_of_then(), self.growth()], format="csr")
        return replace(table, risks=sparse.vstack([table.risks, wanted[_open(table, wanted)]], format="csr"))

    def counts_of_then(self) -> Matrix:
        """Return every count that two figures of a line of the others could tell."""
        rows = [self.placed(sums_at(one.lines, spans(self.steps)), n) for n, one in enumerate(self.others, start=1)]
        return without_repeats(sparse.vstack(rows, format="csr"))

    def growth(self) -> Matrix:
        """Return every change of a figure between two releases that is one of a few, or can be."""
        found = [sparse.csr_array((0, (len(self.others) + 1) * len(self.table.bins)))]
        for before, after in combinations(self.by_day, 2):
            lines, change = self._changes_of_lines(before, after)
            if len(lines):
                rows = sums_at(lines, levels(self.steps))
                # Where both are known, so is the change, and most change by none or by many.
                few = np.isnan(change) | is_small(np.abs(change), self.table.smallest)
                grown = self.placed(rows, after) - self.placed(rows, before)
                found.append(grown[np.flatnonzero(few.ravel())])
        return sparse.vstack(found, format="csr")

    def _changes_of_lines(self, before: int, after: int) -> tuple[Floats, Floats]:
        """Return the lines that two releases share, and by how much their figures changed: NaN where one is unknown."""
        numbers = {line.tobytes(): number for number, line in enumerate(self.lines_of(after))}
        names = [line.tobytes() for line in self.lines_of(before)]
        of_before = [number for number, name in enumerate(names) if name in numbers]
        of_after = [numbers[names[number]] for number in of_before]
        change: Floats = self._figures_of(after)[of_after] - self._figures_of(before)[of_before]
        return self.lines_of(before)[of_before], change

    def _figures_of(self, block: int) -> Floats:
        """Return the true figures of the new release, and what another printed."""
        if block:
            return self.others[block - 1].figures
        return np.asarray(sums_at(self.lines, levels(self.steps)) @ self.table.bins).reshape(-1, self.steps)


@dataclass(frozen=True, slots=True)
class _Then:
    """Counts of all releases, and which changes between them are as a reader believes them to be."""

    bins: Floats
    holds: Flags


def _open(table: Table, rows: Matrix) -> Indices:
    """Return which counts could be small, and are not given away before the new release is printed at all."""
    hidden = ~table.fixed
    pattern = Pattern(hidden, table.marks)
    free = free_ways(table.figures[np.flatnonzero(table.fixed)].toarray())
    moving = np.flatnonzero(np.abs(rows @ free).max(axis=1, initial=0.0) > NEAR)
    left = replace(table, risks=rows[moving])
    reader = Reader(table)
    spread = _spread(left, reader, pattern.without_marks())
    kept = np.setdiff1d(np.arange(len(moving)), unproven(left, Proof(spread, spread)))
    kept = kept[_can_be_small(replace(left, risks=left.risks[kept]), reader, pattern.without_marks(), spread)]
    left = replace(left, risks=left.risks[kept])
    signed = _signed(left, reader, pattern)
    exact = unsigned(left, Proof(signed, signed))
    return moving[np.delete(kept, exact)]


def _spread(table: Table, reader: Reader, pattern: Pattern) -> Floats:
    """Return tables that look the same, and hold every count far enough apart that can be."""
    found, tried = table.bins[None, :], set[int]()
    while True:
        todo = [one for one in unproven(table, Proof(found, found)).tolist() if one not in tried]
        if not todo:
            return found
        before = len(todo)
        found = np.vstack([found, *_both(reader, pattern, table.risks[todo].sum(axis=0))])
        left = [one for one in unproven(table, Proof(found, found)).tolist() if one not in tried]
        if left and len(left) > 0.8 * before:
            found = np.vstack([found, *_both(reader, pattern, table.risks[[left[0]]].toarray()[0])])
            tried.add(left[0])


def _can_be_small(table: Table, reader: Reader, pattern: Pattern, spread: Floats) -> Flags:
    """Tell which counts some table that looks the same holds to be less than the smallest."""
    least = np.asarray(table.risks @ spread.T).min(axis=1, initial=np.inf)
    for row in np.flatnonzero(least >= table.smallest):
        if least[row] >= table.smallest:
            found = reader.extreme(pattern, table.risks[[int(row)]].toarray()[0])
            if found is not None:
                least = np.minimum(least, table.risks @ found)
    small: Flags = least < table.smallest - NEAR
    return small


def _signed(table: Table, reader: Reader, pattern: Pattern) -> Floats:
    """Return tables of whole numbers that fit the marks, and differ in every count that can differ."""
    found, tried = table.bins[None, :], set[int]()
    while todo := [one for one in unsigned(table, Proof(found, found)).tolist() if one not in tried]:
        bulk = _both(reader, pattern, np.asarray(table.risks[todo].sum(axis=0)))
        found = _with_whole(table, pattern, found, bulk)
        left = [one for one in unsigned(table, Proof(found, found)).tolist() if one not in tried]
        if left and len(left) > 0.8 * len(todo):
            risk = table.risks[[left[0]]].toarray()[0]
            found = _with_whole(table, pattern, found, _both(reader, pattern, risk, whole=True))
            tried.add(left[0])
    return found


def _with_whole(table: Table, pattern: Pattern, found: Floats, more: list[Floats]) -> Floats:
    whole = np.rint(np.array(more)).reshape(len(more), -1)
    return np.vstack([found, whole[looks_alike(table, pattern, whole)]]) if more else found


def _both(reader: Reader, pattern: Pattern, cost: Floats, *, whole: bool = False) -> list[Floats]:
    found = [reader.extreme(pattern, way * cost, whole=whole) for way in (1.0, -1.0)]
    return [bins for bins in found if bins is not None]
