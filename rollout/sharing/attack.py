"""What a reader of a table can work out: the least and the most a count can be, given all that is printed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rollout.errors import OutputError
from rollout.sharing.programmes import Programme

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rollout.sharing.tables import Flags, Floats, Table

    Indices = NDArray[np.intp]

NEAR = 1e-6
"""Solutions of a linear programme are told apart from this on."""

_NOTHING = 1e-9
"""A figure of whole bins that changes by less does not change at all."""

_NUMBERS = "ein Gegenbeispiel passt nicht zu den Zahlen"
_MARKS = "ein Gegenbeispiel passt nicht zu den Zeichen"
_COUNTS = "eine kleine Zahl ließe sich errechnen"


@dataclass(frozen=True, slots=True)
class Pattern:
    """
    What is printed of a table.

    Attributes
    ----------
    hidden
        Figures that are left out, shape `(f,)`.
    marked
        Those of them printed as „less than the smallest“, shape `(f,)`; the reader knows them to be from 1 up.
    """

    hidden: Flags
    marked: Flags

    def first(self, count: int) -> Pattern:
        """Return what is printed of so many figures at the beginning."""
        return Pattern(self.hidden[:count], self.marked[:count])

    def without_marks(self) -> Pattern:
        """Return what is printed where all that is left out looks alike."""
        return Pattern(self.hidden, np.zeros_like(self.marked))


def range_of(table: Table, pattern: Pattern, risk: Floats) -> tuple[float, float]:
    """
    Return the least and the most a sum of bins can be for a reader.

    Parameters
    ----------
    table
        The table.
    pattern
        What is printed of it.
    risk
        Which bins are added up, shape `(b,)`.

    Returns
    -------
    low, high
        `high` is infinite where nothing printed limits it.
    """
    return _range_for(Reader(table), pattern, risk)


def _range_for(reader: Reader, pattern: Pattern, risk: Floats) -> tuple[float, float]:
    low, high = reader.extreme(pattern, risk), reader.extreme(pattern, -risk)
    return (
        0.0 if low is None else float(risk @ low),
        float("inf") if high is None else float(risk @ high),
    )


class Reader:
    """
    Who holds the print of a table, and a solver.

    One programme serves for all that is asked about the table, whatever is left out of it.

    Parameters
    ----------
    table
        The true table.
    """

    def __init__(self, table: Table) -> None:
        self._table = table
        self._programme = self._any(whole=False)

    def extreme(self, pattern: Pattern, cost: Floats, *, whole: bool = False) -> Floats | None:
        """
        Find the table of least cost that looks the same in print.

        Parameters
        ----------
        pattern
            What is printed of the table.
        cost
            Cost of one more in each bin, shape `(b,)`.
        whole
            Whether only whole numbers are looked for.

        Returns
        -------
        bins
            Shape `(b,)`; None where the cost has no lower limit.
        """
        programme = self._any(whole=True) if whole else self._programme
        return programme.solved(cost, *printed_limits(self._table, pattern))

    def _any(self, *, whole: bool) -> Programme:
        """Return the programme of all tables that have the same sums."""
        size = len(self._table.bins)
        most = np.full(size, self._table.ceiling)
        return Programme(self._table.figures, np.zeros(size), most, np.full(size, whole))


def printed_limits(table: Table, pattern: Pattern) -> tuple[Floats, Floats]:
    """
    Return what is known of each figure.

    Parameters
    ----------
    table
        The table.
    pattern
        What is printed of it.

    Returns
    -------
    lower, upper
        Both the value where it is printed or known anyway, shape `(f,)`.
    """
    values = table.truth
    known = ~pattern.hidden | table.fixed
    unknown = np.where(pattern.marked, np.maximum(table.floors, 1.0), table.floors)
    most = np.where(pattern.marked, table.smallest - 1.0, np.inf)
    return np.where(known, values, unknown), np.where(known, values, most)


def looks_alike(table: Table, pattern: Pattern, tables: Floats) -> Flags:
    """
    Tell which tables fit all that is printed.

    Parameters
    ----------
    table
        The true table.
    pattern
        What is printed of it.
    tables
        Bins of other tables, shape `(n, b)`.

    Returns
    -------
    alike
        Shape `(n,)`.
    """
    lower, upper = printed_limits(table, pattern)
    found = (table.figures @ tables.T).T
    inside = (found >= lower - NEAR) & (found <= upper + NEAR)
    alike: Flags = inside.all(axis=1) & (tables >= -NEAR).all(axis=1)
    return alike


def free_ways(printed: Floats) -> Floats:
    """
    Return the ways in which bins can change without a change in print.

    Parameters
    ----------
    printed
        Which bins each printed figure adds up, shape `(f, b)`.

    Returns
    -------
    ways
        An orthonormal base of the null space, as columns, shape `(b, b - rank)`.
    """
    ways = np.eye(printed.shape[1])
    for figure in printed:
        ways = still_free(ways, figure)
    return ways


def still_free(ways: Floats, figure: Floats) -> Floats:
    """
    Return the ways that are left when one more figure is printed.

    Parameters
    ----------
    ways
        An orthonormal base, as columns, shape `(b, k)`.
    figure
        Which bins it adds up, shape `(b,)`.

    Returns
    -------
    left
        As `ways`, one column less unless none of them changes the figure. The base is mirrored (Householder) so that
        the first way alone changes it, and that one is dropped.
    """
    moved = figure @ ways
    by = float(np.linalg.norm(moved))
    if by < _NOTHING:
        return ways
    moved[0] += np.copysign(by, moved[0])
    left: Floats = ways[:, 1:] - np.outer(ways @ moved, moved[1:] * (2.0 / (moved @ moved)))
    return left


@dataclass(frozen=True, slots=True)
class Proof:
    """
    Tables that all look the same in print, and so show what nobody can find out.

    Attributes
    ----------
    spread
        Tables that fit the printed numbers, shape `(n, b)`.
    signed
        Tables of whole numbers that fit the printed marks as well, shape `(m, b)`.
    """

    spread: Floats
    signed: Floats


@dataclass(frozen=True, slots=True)
class Audit:
    """
    How well the counts of a few are kept.

    Attributes
    ----------
    risks
        How many there are.
    exact
        How many of them could be worked out exactly.
    narrow
        How many could be narrowed down to fewer than `smallest` apart.
    """

    risks: int
    exact: int
    narrow: int


def audit(table: Table, pattern: Pattern) -> Audit:
    """
    Work out every count of a few by linear programming, from the printed numbers and sums.

    Parameters
    ----------
    table
        The table.
    pattern
        What is printed of it.

    Returns
    -------
    audit
        Marks are not used: „less than four“ narrows a count down by itself.
    """
    rows, reader = table.risks.toarray(), Reader(table)
    found = np.array([_range_for(reader, pattern.without_marks(), row) for row in rows]).reshape(-1, 2)
    widths = found[:, 1] - found[:, 0]
    return Audit(len(rows), int((widths < NEAR).sum()), int((widths < table.smallest - NEAR).sum()))


def check(table: Table, pattern: Pattern, proof: Proof) -> None:
    """
    Refuse a table whose counts of a few are not proven to stay unknown.

    No solver is believed: every table of the proof is added up and compared with what is printed.

    Parameters
    ----------
    table
        The table.
    pattern
        What is printed of it.
    proof
        Tables that look the same.

    Raises
    ------
    OutputError
        If a count of a few is known to within less than the threshold, or exactly with the marks.
    """
    if not looks_alike(table, pattern.without_marks(), proof.spread).all():
        raise _unproven(_NUMBERS)
    whole = np.abs(proof.signed - np.rint(proof.signed)) < NEAR
    if not (whole.all() and looks_alike(table, pattern, proof.signed).all()):
        raise _unproven(_MARKS)
    if len(unproven(table, proof)) or len(unsigned(table, proof)):
        raise _unproven(_COUNTS)


def unproven(table: Table, proof: Proof) -> Indices:
    """
    Find the counts that no two tables of the proof hold far enough apart.

    Parameters
    ----------
    table
        The table.
    proof
        Tables that look the same.

    Returns
    -------
    risks
        Rows of `table.risks`.
    """
    found = np.asarray(table.risks @ proof.spread.T)
    return np.flatnonzero(found.max(axis=1) - found.min(axis=1) < table.smallest - NEAR)


def unsigned(table: Table, proof: Proof) -> Indices:
    """
    Find the counts that every table of the proof has alike, marks considered.

    Parameters
    ----------
    table
        The table.
    proof
        Tables that look the same.

    Returns
    -------
    risks
        Rows of `table.risks`.
    """
    found = np.asarray(table.risks @ proof.signed.T)
    return np.flatnonzero(found.max(axis=1) - found.min(axis=1) < 1 - NEAR)


def _unproven(why: str) -> OutputError:
    hint = "Geben Sie die Tabelle so nicht heraus; nennen Sie eine höhere smallest_cell, oder melden Sie den Fehler."
    return OutputError(f"die Geheimhaltung der kleinen Zahlen ist nicht bewiesen: {why}", hint)
