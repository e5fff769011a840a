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
    """
    Return the median of each contender, after one run that does not count.

    They take turns: whatever else the machine does for a while then slows all of them, not one.
    """
    for contender in contenders:
        contender()
    turns = [[contender() for contender in contenders] for _ in range(rounds)]
    return [statistics.median(found) for found in zip(*turns, strict=True)]


def seconds(work: Callable[[], object]) -> Callable[[], float]:
    """Turn work into a contender that returns its wall-clock seconds."""

    def timed() -> float:
        gc.collect()  # nobody pays for another's garbage
        begun = time.perf_counter()
        work()
        return time.perf_counter() - begun

    return timed
