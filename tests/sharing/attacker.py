"""
A reader with a solver: works out counts from what is printed, and from nothing else.

Shares no code with what it attacks. It knows that counts are whole and not negative, what adds up to what, and what
the marks mean.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import LinearConstraint, milp


@dataclass
class Attacker:
    """Unknown counts, and what was read about sums of them."""

    unknowns: int
    rows: list[np.ndarray] = field(default_factory=list)
    least: list[float] = field(default_factory=list)
    most: list[float] = field(default_factory=list)

    def reads(self, members: np.ndarray, least: float, most: float) -> None:
        self.rows.append(members)
        self.least.append(least)
        self.most.append(most)

    def bounds(self, members: np.ndarray) -> tuple[float, float]:
        """The least and the most a sum of unknowns can be, in whole numbers."""
        low, high = self._solve(members), self._solve(-members)
        return (0.0 if low is None else round(members @ low), np.inf if high is None else round(members @ high))

    def works_out(self, wanted: list[np.ndarray]) -> list[int]:
        """Which of the sums can be only one number; each solution that was found is held against all of them."""
        seen: list[np.ndarray] = []
        for sign in (1.0, -1.0):
            left = self._alike(wanted, seen)
            seen += self._tables(sign * np.sum([wanted[one] for one in left], axis=0)) if left else []
        for one in self._alike(wanted, seen):
            for sign in (1.0, -1.0):
                if one in self._alike(wanted, seen):
                    seen += self._tables(sign * wanted[one])
        return self._alike(wanted, seen)

    def _alike(self, wanted: list[np.ndarray], seen: list[np.ndarray]) -> list[int]:
        """Which sums are the same in all tables seen so far."""
        return [one for one, row in enumerate(wanted) if len({round(row @ table) for table in seen}) < 2]

    def _tables(self, cost: np.ndarray) -> list[np.ndarray]:
        """The table of least cost; one of much less than any known, where there is no least."""
        found = self._solve(cost)
        if found is None:
            far = Attacker(self.unknowns, [*self.rows, -cost], [*self.least, -np.inf], [*self.most, 10_000.0])
            found = far._solve(cost)
        return [] if found is None else [np.rint(found)]

    def _solve(self, cost: np.ndarray) -> np.ndarray | None:
        limits = LinearConstraint(np.array(self.rows), self.least, self.most) if self.rows else ()
        found = milp(cost, constraints=limits, integrality=np.ones(self.unknowns))
        assert found.status != 2, "what is printed contradicts itself"
        return found.x
