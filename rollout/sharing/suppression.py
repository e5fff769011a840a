"""
Which figures of a table are left out, so that no count of a few can be worked out from the rest.

A count of a few is left out itself (primary). What else must go (secondary) is found count by count: a linear
programme finds the cheapest two tables that hold the count far apart and otherwise look the same; what differs
between them is left out. At the end every figure left out is tried in print again, the dearest first.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from rollout.errors import OutputError
from rollout.sharing.attack import (
    NEAR,
    Pattern,
    Proof,
    Reader,
    check,
    free_ways,
    looks_alike,
    still_free,
    unproven,
    unsigned,
)
from rollout.sharing.programmes import Limit, Programme, cheapest, stacked

if TYPE_CHECKING:
    from rollout.sharing.tables import Flags, Floats, Table

_KEPT_TABLES = 16
"""Council and public get the same tables of a day, one for each programme."""

_MARK_COST = 10.0
"""A mark „less than four“ is worth this part more than the dearest figure: it is given up last."""


@dataclass(frozen=True, slots=True)
class Suppressed:
    """
    What is printed of a table, and the proof that it keeps what it must.

    Attributes
    ----------
    pattern
        What is left out and how it is marked.
    proof
        Tables that look the same in print.
    """

    pattern: Pattern
    proof: Proof


def primary(table: Table) -> Pattern:
    """
    Leave out the figures that are themselves of a few, and no others.

    Parameters
    ----------
    table
        The table.

    Returns
    -------
    pattern
        All that is left out is marked, except what is never printed.
    """
    small = table.small & ~table.fixed
    return Pattern(small | table.silent, (small & ~table.silent) | table.marks)


@lru_cache(maxsize=_KEPT_TABLES)
def suppress(table: Table) -> Suppressed:
    """
    Find what to leave out of a table; for several audiences of one day, once.

    Parameters
    ----------
    table
        The table.

    Returns
    -------
    suppressed
        The same for the same table. For every count of a few there are two tables at least `smallest` apart that
        fit all printed numbers, and two different ones of whole numbers that fit the marks as well.

    Raises
    ------
    OutputError
        If what is known anyway gives a count away.
    """
    search = _Search(table)
    search.spread_all()
    search.tidy()
    search.sign_all()
    pattern = Pattern(search.hidden.copy(), search.marked.copy())
    proof = Proof(search.spread, search.signed)
    check(table, pattern, proof)
    return Suppressed(pattern, proof)


@dataclass(slots=True)
class _Search:
    """The state of the search: what is left out so far, and the tables that show what stays unknown."""

    table: Table
    hidden: Flags = field(init=False)
    marked: Flags = field(init=False)
    spread: Floats = field(init=False)
    signed: Floats = field(init=False)
    reader: Reader = field(init=False)

    def __post_init__(self) -> None:
        first = primary(self.table)
        self.hidden, self.marked = first.hidden, first.marked
        self.spread = self.table.bins[None, :]
        self.signed = self.table.bins[None, :]
        self.reader = Reader(self.table)

    @property
    def pattern(self) -> Pattern:
        return Pattern(self.hidden, self.marked)

    @property
    def proof(self) -> Proof:
        return Proof(self.spread, self.signed)

    def spread_all(self) -> None:
        """Leave out what it takes to hold every count far enough apart."""
        if self.table.is_joint:
            self._spread_together()
        if not len(unproven(self.table, self.proof)):
            return
        pairs = _Pairs(self.table)
        while len(open_risks := unproven(self.table, self.proof)):
            up, down = pairs.apart(self.hidden, int(open_risks[0]))
            moved = np.abs(np.array([self.table.figures @ up, self.table.figures @ down])).max(axis=0)
            self.hidden = self.hidden | (moved > NEAR)
            self.spread = np.vstack([self.spread, self.table.bins + up, self.table.bins + down])

    def _spread_together(self) -> None:
        """Show by a few tables for many counts at once that what was printed leaves them apart."""
        number = len(self.table.risks.indptr)
        while len(unproven(self.table, self.proof)) < number:
            number = len(unproven(self.table, self.proof))
            open_risks = _all_open(self.table, self.spread)
            self.spread = np.vstack([self.spread, *_ends(self.reader, self.pattern.without_marks(), open_risks)])

    def tidy(self) -> None:
        """Print again what need not be left out, the dearest first."""
        extra = np.flatnonzero(self.hidden & ~self.table.small & ~self.table.silent)
        free = free_ways(self.table.figures[np.flatnonzero(~self.hidden | self.table.fixed)].toarray())
        for figure in sorted(extra.tolist(), key=lambda one: (-self.table.weights[one], one)):
            left = still_free(free, self.table.figures[[figure]].toarray()[0])
            # Most figures fail here, by linear algebra alone.
            if _all_move(self.table, left) and self._is_in_print(figure):
                free = left

    def _is_in_print(self, figure: int) -> bool:
        """Print a figure again where every count stays as far apart as it must."""
        hidden = self.hidden.copy()
        hidden[figure] = False
        pattern = Pattern(hidden, np.zeros_like(hidden))
        kept = self.spread[looks_alike(self.table, pattern, self.spread)]
        kept = np.vstack([kept, *_ends(self.reader, pattern, _all_open(self.table, kept))])
        while len(open_risks := unproven(self.table, Proof(kept, self.signed))):
            risk = self.table.risks[[int(open_risks[0])]].toarray()[0]
            kept = np.vstack([kept, *_ends(self.reader, pattern, risk)])
            if open_risks[0] in unproven(self.table, Proof(kept, self.signed)):
                return False
        self.hidden, self.spread = hidden, kept
        return True

    def sign_all(self) -> None:
        """Leave out, or leave unmarked, what it takes that no count is exact for who reads the marks too."""
        self._sign_together()
        while len(open_risks := unsigned(self.table, self.proof)):
            self._sign(int(open_risks[0]))

    def _sign_together(self) -> None:
        """One table that changes many counts at once saves a programme for each."""
        for way in (1.0, -1.0):
            open_risks = unsigned(self.table, self.proof)
            if len(open_risks):
                self._note(self.reader.extreme(self.pattern, way * self.table.risks[open_risks].sum(axis=0)))

    def _sign(self, number: int) -> None:
        risk = self.table.risks[[number]].toarray()[0]
        for need in (0, 1, 2, self.table.smallest, 2 * self.table.smallest):
            if need:
                self._make_way(risk, float(need))
            for way in (-1.0, 1.0):
                self._note(self.reader.extreme(self.pattern, way * risk))
                if number not in unsigned(self.table, self.proof):
                    return
                self._note(self.reader.extreme(self.pattern, way * risk, whole=True))
                if number not in unsigned(self.table, self.proof):
                    return
        raise _given_away()

    def _note(self, bins: Floats | None) -> None:
        """Keep a table as proof where it is one: whole, and with the same marks."""
        if bins is None:
            return
        whole = np.rint(bins)
        if looks_alike(self.table, self.pattern, whole[None, :])[0]:
            self.signed = np.vstack([self.signed, whole])

    def _make_way(self, risk: Floats, need: float) -> None:
        ways = [_moved(self.table, self.pattern, way * risk, need) for way in (1.0, -1.0)]
        possible = [way for way in ways if way is not None]
        if not possible:
            raise _given_away()
        _, step = min(possible, key=lambda way: way[0])
        shown = np.asarray(self.table.figures @ step)
        self.hidden = self.hidden | (np.abs(shown) > NEAR)
        after = self.table.truth + shown
        outside = (after < 1 - NEAR) | (after > self.table.smallest - 1 + NEAR)
        self.marked = self.marked & ~outside


def _given_away() -> OutputError:
    msg = "eine kleine Zahl ließe sich aus dem errechnen, was ohnehin bekannt ist"
    return OutputError(msg, "Fassen Sie Stadtteile zusammen, oder lassen Sie die Aufteilung weg.")


def _all_move(table: Table, free: Floats) -> bool:
    """Tell whether every count of a few moves in some way at all."""
    return bool((np.abs(table.risks @ free).max(axis=1, initial=0.0) > NEAR).all())


def _all_open(table: Table, spread: Floats) -> Floats:
    """Return the sum of all counts that are not far enough apart yet: one table often serves many."""
    open_risks = unproven(table, Proof(spread, spread))
    return np.asarray(table.risks[open_risks].sum(axis=0), dtype=np.float64)


def _ends(reader: Reader, pattern: Pattern, risk: Floats) -> list[Floats]:
    """Return tables that hold a count at its least and at its most; a wide bound stands in for none."""
    found = [reader.extreme(pattern, way * risk) for way in ((1.0, -1.0) if risk.any() else ())]
    return [bins for bins in found if bins is not None]


class _Pairs:
    """Two changes of a table, up and down; one programme for all counts, solved again as more is left out."""

    def __init__(self, table: Table) -> None:
        self._table = table
        count, size = table.figures.shape
        none, shown = sparse.csr_array((count, size)), sparse.eye_array(count, format="csr")
        rows, risks = table.figures, table.risks
        blocks = [[rows, none, -shown], [-rows, none, -shown], [none, rows, -shown], [none, -rows, -shown]]
        apart = sparse.hstack([risks, -risks, sparse.csr_array((risks.shape[0], count))], format="csr")
        limits = [
            Limit(apart),
            Limit(sparse.block_array(blocks, format="csr"), upper=0.0),
            *_floored(table, [0, size], 2 * size + count),
        ]
        sums, self._lower, self._upper = stacked(limits)
        least = np.concatenate([-table.bins, -table.bins, np.zeros(count)])
        most = np.concatenate([np.full(2 * size, np.inf), np.where(table.fixed, 0.0, np.inf)])
        self._programme = Programme(sums, least, most)

    def apart(self, hidden: Flags, risk: int) -> tuple[Floats, Floats]:
        """Return the cheapest pair that holds a count `smallest` apart: what is left out already costs nothing."""
        table, lower = self._table, self._lower.copy()
        lower[risk] = table.smallest
        size = len(table.bins)
        costs = np.concatenate([np.zeros(2 * size), np.where(hidden, 0.0, table.weights)])
        found = self._programme.solved(costs, lower, self._upper)
        if found is None:
            raise _given_away()
        return found[:size], found[size : 2 * size]


def _moved(table: Table, pattern: Pattern, risk: Floats, need: float) -> tuple[float, Floats] | None:
    """Return the cheapest change that moves a count by `need`, and its cost; a mark may be given up for it."""
    size = len(table.bins)
    held = np.flatnonzero(~pattern.hidden | pattern.marked)
    rows, slack = table.figures[held], sparse.eye_array(len(held), format="csr")
    marked, values = pattern.marked[held], table.truth[held]
    room_up = np.where(marked, table.smallest - 1 - values, 0.0)
    room_down = np.where(marked, values - 1, 0.0)
    limits = [
        Limit(sparse.block_array([[rows, -slack]], format="csr"), upper=room_up),
        Limit(sparse.block_array([[-rows, -slack]], format="csr"), upper=room_down),
        Limit(sparse.csr_array(np.concatenate([risk, np.zeros(len(held))])[None, :]), lower=need),
        *_floored(table, [0], size + len(held)),
    ]
    dear = _MARK_COST * max(float(table.weights.max()), 1.0)
    costs = np.concatenate([np.zeros(size), np.where(marked, dear, table.weights[held])])
    least = np.concatenate([-table.bins, np.zeros(len(held))])
    most = np.concatenate([np.full(size, np.inf), np.where(table.fixed[held] | table.marks[held], 0.0, np.inf)])
    found = cheapest(costs, limits, least, most)
    return None if found is None else (float(costs @ found), found[:size])


def _floored(table: Table, starts: list[int], width: int) -> list[Limit]:
    """Return that no figure falls below what is known of it, for each run of bins among the unknowns."""
    known = np.flatnonzero(table.bounded)
    if not len(known):
        return []
    rows = table.figures[known]
    size = rows.shape[1]
    limits = []
    for start in starts:
        after = width - start - size
        parts = [sparse.csr_array((len(known), start)), rows, sparse.csr_array((len(known), after))]
        block = sparse.hstack(parts, format="csr")
        limits.append(Limit(block, lower=table.floors[known] - table.truth[known]))
    return limits
