"""One measured ratio, and how two contenders are measured so that neither has the warmer machine."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

ROUNDS = 5


@dataclass(frozen=True)
class Ratio:
    """What was compared, both figures, and what the ratio may be at most."""

    name: str
    rival: str
    ours: float
    theirs: float
    unit: str
    limit: float

    @property
    def value(self) -> float:
        return self.ours / self.theirs

    @property
    def holds(self) -> bool:
        return self.value <= self.limit


def medians(*contenders: Callable[[], float], rounds: int = ROUNDS) -> list[float]:
    """Measure contenders in turn, round by round, and return the median of each."""
    measured = [[contender() for contender in contenders] for _ in range(rounds)]
    return [statistics.median(column) for column in zip(*measured, strict=True)]


def seconds(work: Callable[[], object]) -> Callable[[], float]:
    """Turn work into a contender that returns its wall-clock seconds."""

    def timed() -> float:
        begun = time.perf_counter()
        work()
        return time.perf_counter() - begun

    return timed
