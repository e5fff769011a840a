"""
Linear programmes, solved by HiGHS: unknowns of least cost, within limits on themselves and on sums of them.

A programme is handed over once and solved for many costs and limits; each solution is where the search for the next
begins. One thread and one seed: the same programmes in the same order have the same solutions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import highspy
import numpy as np
from scipy import sparse

from rollout.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rollout.sharing.tables import Flags, Floats, Matrix

_OPTIONS: dict[str, bool | int | float | str] = {
    "output_flag": False,
    "threads": 1,
    "random_seed": 0,
    "presolve": "on",
    "mip_rel_gap": 0.0,
    "primal_feasibility_tolerance": 1e-7,
    "dual_feasibility_tolerance": 1e-7,
    "mip_feasibility_tolerance": 1e-6,
}


_NOTHING_THERE = (
    highspy.HighsModelStatus.kInfeasible,
    highspy.HighsModelStatus.kUnbounded,
    highspy.HighsModelStatus.kUnboundedOrInfeasible,
    highspy.HighsModelStatus.kModelEmpty,
)


class _Silent(highspy.Highs):
    """A solver that calls nobody back: to enable that prints its name and version, whatever its options say."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # highspy leaves it untyped

    def enableCallbacks(self) -> None:  # noqa: N802 - named there
        """Leave them off."""


class Programme:
    """
    Unknowns, their limits, and the sums of them that are limited.

    Parameters
    ----------
    sums
        What each sum adds up, shape `(s, n)`.
    least, most
        Limits of each unknown, shape `(n,)`; infinite for none.
    whole
        Which unknowns are whole numbers, shape `(n,)`; none by default.
    """

    def __init__(self, sums: Matrix, least: Floats, most: Floats, whole: Flags | None = None) -> None:
        self._solver = _Silent()
        for name, value in _OPTIONS.items():
            self._solver.setOptionValue(name, value)
        self._sums, self._unknowns = (np.arange(count, dtype=np.int32) for count in sums.shape)
        nothing = np.zeros(len(self._sums))
        self._solver.passModel(
            *(len(least), len(nothing), len(sums.data)),
            *(highspy.MatrixFormat.kRowwise.value, highspy.ObjSense.kMinimize.value, 0.0),
            *(np.zeros(len(least)), least, most, nothing, nothing),
            *(sums.indptr, sums.indices, sums.data),
            np.zeros(len(least), dtype=np.int32) if whole is None else whole.astype(np.int32),
        )

    def solved(self, costs: Floats, lower: Floats, upper: Floats) -> Floats | None:
        """
        Find the unknowns of least cost.

        Parameters
        ----------
        costs
            Of one more of each unknown, shape `(n,)`.
        lower, upper
            Limits of each sum, shape `(s,)`; infinite for none.

        Returns
        -------
        unknowns
            Shape `(n,)`; None where nothing is within the limits, the cost has no lower limit, or nothing is unknown.

        Raises
        ------
        OutputError
            If the solver gave up: what it did not find must not pass for what is not there.
        """
        self._solver.changeColsCost(len(costs), self._unknowns, costs)
        self._solver.changeRowsBounds(len(lower), self._sums, lower, upper)  # type: ignore[attr-defined]  # no stub
        self._solver.run()
        status = self._solver.getModelStatus()
        if status == highspy.HighsModelStatus.kOptimal:
            return np.array(self._solver.getSolution().col_value)
        if status in _NOTHING_THERE:
            return None
        msg = f"der Schutz kleiner Zahlen ließ sich nicht beweisen (HiGHS: {self._solver.modelStatusToString(status)})"
        raise OutputError(msg, "Es wurde nichts geschrieben. Melden Sie den Fall mit Projektdatei und Stichtag.")


@dataclass(frozen=True, slots=True)
class Limit:
    """
    Sums of unknowns that stay within limits.

    Attributes
    ----------
    sums
        What each sum adds up, shape `(s, n)`.
    lower, upper
        Limits of each sum, shape `(s,)`, or one for all.
    """

    sums: Matrix
    lower: Floats | float = -np.inf
    upper: Floats | float = np.inf


def cheapest(
    costs: Floats, limits: Sequence[Limit], least: Floats, most: Floats, whole: Flags | None = None
) -> Floats | None:
    """
    Solve a programme that is asked only once.

    Parameters
    ----------
    costs
        Of one more of each unknown, shape `(n,)`.
    limits
        Sums that are limited.
    least, most, whole
        As `Programme` takes them.

    Returns
    -------
    unknowns
        As `Programme.solved` returns them.
    """
    sums, lower, upper = stacked(limits)
    return Programme(sums, least, most, whole).solved(costs, lower, upper)


def stacked(limits: Sequence[Limit]) -> tuple[Matrix, Floats, Floats]:
    """
    Return the sums of several limits one under the other, and their limits.

    Parameters
    ----------
    limits
        Sums that are limited.

    Returns
    -------
    sums, lower, upper
        As `Programme` and `Programme.solved` take them.
    """
    lower, upper = (
        np.concatenate([np.broadcast_to(limit, one.sums.shape[0]) for one, limit in zip(limits, of, strict=True)])
        for of in ([one.lower for one in limits], [one.upper for one in limits])
    )
    return sparse.vstack([one.sums for one in limits], format="csr"), lower, upper
