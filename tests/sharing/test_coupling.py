from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from rollout.sharing import coupling
from rollout.sharing.attack import Pattern
from rollout.sharing.coupling import Printed
from rollout.sharing.suppression import suppress
from rollout.sharing.tables import table_of, with_changes
from tests.sharing.attacker import Attacker

SMALLEST = 4
LINES = np.array([np.kron(place, kind) for place in ([1, 0], [0, 1], [1, 1]) for kind in ([1, 1], [1, 0], [0, 1])])
LINES = LINES.astype(float)
"""Two districts and the city; all connections, households, others."""


def ladder(lots: np.random.Generator, releases: int) -> list[np.ndarray]:
    """Bins of four parts on some days; a few connections take a step from one to the next."""
    steps = 2 if lots.random() < 0.85 else 3
    bins = lots.poisson(lots.choice([0.6, 2.0, 6.0, 20.0], size=(4, steps))).astype(float)
    days = [bins]
    for _ in range(releases - 1):
        now = days[-1].copy()
        for _ in range(5):
            part, rung = lots.integers(0, 4), lots.integers(0, steps - 1)
            if now[part, rung]:
                now[part, rung] -= 1
                now[part, rung + 1] += 1
        days.append(now)
    return days


def printed(days: list[np.ndarray], *, together: bool = True) -> list[Pattern]:
    """What is given away day by day."""
    found: list[Pattern] = []
    for number, bins in enumerate(days):
        steps = bins.shape[1]
        told = [told_then(*one) for one in zip(days, found, strict=False)]
        table = table_of(bins, LINES, np.outer(LINES.sum(axis=1), np.arange(steps, 0, -1)), SMALLEST)
        before = np.array([one.figures.ravel() for one in told]).reshape(number, len(LINES) * steps)
        table = with_changes(table, before, steps)
        joint = coupling.joined(table, LINES, steps, told if together else [])
        found.append(suppress(joint).pattern.first(len(LINES) * steps))
    return found


def told_then(bins: np.ndarray, pattern: Pattern) -> Printed:
    values = figures_of(bins)
    shape = values.shape
    below = np.where(pattern.marked.reshape(shape), SMALLEST, 0)
    return Printed(LINES, np.where(pattern.hidden.reshape(shape), np.nan, values), below)


def figures_of(bins: np.ndarray) -> np.ndarray:
    return np.array([[line @ bins[:, rung:].sum(axis=1) for rung in range(bins.shape[1])] for line in LINES])


class Believer:
    """A reader of several releases who takes it that nothing is taken back and that the connections are the same."""

    def __init__(self, days: list[np.ndarray], patterns: list[Pattern]) -> None:
        self.days, self.steps = days, days[0].shape[1]
        self.attacker = Attacker(len(days) * 4 * self.steps)
        for day, pattern in enumerate(patterns):
            self._reads(day, pattern)
        for before, after in pairwise(range(len(days))):
            for part in np.eye(4):
                for rung in range(self.steps):
                    span = range(rung, self.steps)
                    grown = self.members(after, part, span) - self.members(before, part, span)
                    self.attacker.reads(grown, 0, np.inf if rung else 0)

    def members(self, day: int, line: np.ndarray, rungs: range) -> np.ndarray:
        block = np.kron(line, np.isin(range(self.steps), rungs)).astype(float)
        return np.kron(np.arange(len(self.days)) == day, block)

    def _reads(self, day: int, pattern: Pattern) -> None:
        values = figures_of(self.days[day]).ravel()
        for number, (value, hidden, marked) in enumerate(zip(values, pattern.hidden, pattern.marked, strict=True)):
            line, rung = divmod(number, self.steps)
            members = self.members(day, LINES[line], range(rung, self.steps))
            if not hidden:
                self.attacker.reads(members, value, value)
            elif marked:
                self.attacker.reads(members, 1, SMALLEST - 1)

    def works_out(self) -> list[int]:
        """Which small counts of any day, or small changes between two, can be only one number."""
        truth = np.concatenate([bins.ravel() for bins in self.days])
        spans = [range(first, last) for first in range(self.steps) for last in range(first + 1, self.steps + 1)]
        counts = [self.members(day, line, span) for day in range(len(self.days)) for line in LINES for span in spans]
        changes = [
            self.members(after, line, range(rung, self.steps)) - self.members(before, line, range(rung, self.steps))
            for before in range(len(self.days))
            for after in range(before + 1, len(self.days))
            for line in LINES
            for rung in range(1, self.steps)
        ]
        return self.attacker.works_out([row for row in (*counts, *changes) if 0 < abs(row @ truth) < SMALLEST])


def given_away(seed: int, releases: int, *, together: bool = True) -> bool:
    days = ladder(np.random.default_rng(seed), releases)
    return bool(Believer(days, printed(days, together=together)).works_out())


@pytest.mark.parametrize("part", range(2))
def test_who_believes_in_progress_works_nothing_out_of_two_releases(part: int) -> None:
    for seed in range(part * 25, part * 25 + 25):
        assert not given_away(seed, 2), f"city {seed}"


@pytest.mark.parametrize("part", range(1))
def test_nor_out_of_three_releases(part: int) -> None:
    for seed in range(1000 + part * 8, 1008 + part * 8):
        assert not given_away(seed, 3), f"city {seed}"


def test_the_same_reader_succeeds_where_each_release_is_looked_at_for_itself() -> None:
    assert sum(given_away(seed, 2, together=False) for seed in range(40)) > 2
