"""One measured ratio, and how the contenders are measured: alike, each warmed up, none paying for another."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from multiprocessing import get_context

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


@contextmanager
def apart(*preparations: Callable[[], Callable[[], object]]) -> Iterator[list[Callable[[], float]]]:
    """
    Give each contender a process of its own, so that the heap and the caches that one leaves behind slow no other.

    Each preparation, a function of a module, is run there once and returns the work that is timed.
    """
    with ExitStack() as running:
        pools = [
            running.enter_context(ProcessPoolExecutor(1, get_context("spawn"), _prepare, (one,)))
            for one in preparations
        ]
        yield [lambda pool=pool: pool.submit(_timed).result() for pool in pools]


_prepared: list[Callable[[], float]] = []


def _prepare(preparation: Callable[[], Callable[[], object]]) -> None:
    _prepared.append(seconds(preparation()))


def _timed() -> float:
    return _prepared[0]()
