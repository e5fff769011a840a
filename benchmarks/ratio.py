"""One measured ratio, and how the contenders are measured: alike, each warmed up, none paying for another."""

from __future__ import annotations

import gc
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
    """Measure each contender so many times in a row, after one run that does not count, and return the medians."""
    return [_median(contender, rounds) for contender in contenders]


def _median(contender: Callable[[], float], rounds: int) -> float:
    contender()
    return statistics.median(contender() for _ in range(rounds))


def seconds(work: Callable[[], object]) -> Callable[[], float]:
    """Turn work into a contender that returns its wall-clock seconds."""

    def timed() -> float:
        gc.collect()  # nobody pays for another's garbage
        begun = time.perf_counter()
        work()
        return time.perf_counter() - begun

    return timed
