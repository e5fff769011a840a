"""Looking back: how often what came lay within the range that was forecast with what was known then."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from rollout.analysis.gains import WORKS, Reports, by_week, gains, shares
from rollout.analysis.pace import RANGE, RECENT, WINDOW, Outlook, courses, draws, workdays_of
from rollout.analysis.workdays import WEEK

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from rollout.analysis.pace import Course, Draws, Weekly
    from rollout.analysis.state import State
    from rollout.vocabulary import Level

HORIZONS = (RECENT, WINDOW)
"""So many working weeks ahead a forecast is held against what came."""

TRIALS = tuple(f"{what}_{horizon}" for horizon in (*HORIZONS, "end") for what in ("tried", "hit"))
"""Columns of a back-test."""


def backtest(
    state: State,
    rows: pd.DataFrame,
    known: tuple[Reports, Sequence[tuple[dt.date, Reports]]],
    level: Level,
    seed: int = 1,
) -> pd.DataFrame:
    """
    Repeat past forecasts with what was known then, and hold them against what is known now.

    Parameters
    ----------
    state
        The programme on one day.
    rows
        From `to_do` or `forecast`.
    known
        What is known now; and past Stichtage, each with what was known on that day.
    level
        Districts within phases, phases, or programmes.
    seed
        As for the forecast.

    Returns
    -------
    rows
        In the order of the rows: `tried_4`, `hit_4`, `tried_12`, `hit_12` (forecasts of the
        quantity done 4 and 12 working weeks later, and how many of those ranges held it), `tried_end`,
        `hit_end` (of the day on which it was done, for works that are). int64.
    """
    (now, then), dice = known, draws(seed)
    trials = np.zeros((len(rows), len(TRIALS)), dtype=np.int64)
    adding, calendar = shares(state, rows, level), workdays_of(state)
    truth = _truth(rows, gains(adding, now), {work: now.told_until(work, state.as_of) for work in WORKS})
    for day, known_then in then:
        for place, course in enumerate(courses(rows, adding, known_then, (calendar, day))):
            if course.outlook is Outlook.FORECAST:
                trials[place] += _trial(course, truth, place, dice)
    return pd.DataFrame(trials, columns=list(TRIALS), index=rows.index)


@dataclass(frozen=True, slots=True)
class _Truth:
    """What was done by the end of each day, as known now."""

    rows: pd.DataFrame
    days: NDArray[np.datetime64]
    done: Weekly
    """Shape `(len(rows), len(days))`."""
    until: tuple[dt.date | None, ...]
    """Up to which day it is known, by row."""

    def done_by(self, place: int, day: np.datetime64) -> int | None:
        """Return what was done by a day; None where that is not known yet."""
        until = self.until[place]
        if until is None or day > np.datetime64(until):
            return None
        return int(self.done[place, np.searchsorted(self.days, day, side="right") - 1])

    def ended_on(self, place: int) -> np.datetime64 | None:
        """Return the day on which the last of it was done; None where some is still to do."""
        if self.rows["open"].iloc[place] > 0:
            return None
        day: np.datetime64 = self.days[np.argmax(self.done[place] >= self.done[place, -1])]
        return day


def _truth(rows: pd.DataFrame, steps: pd.DataFrame, told: dict[str, dt.date | None]) -> _Truth:
    moved = steps["valid_on"].to_numpy().astype("datetime64[D]")
    days = np.arange(moved.min() - 1, moved.max() + 1) if len(moved) else np.array(["1970-01-01"], "datetime64[D]")
    done = by_week(steps, len(rows), days).cumsum(axis=1)
    return _Truth(rows, days, done, tuple(told[work] for work in rows["work"]))


def _trial(course: Course, truth: _Truth, place: int, dice: Draws) -> list[int]:
    """Count what one past forecast tried and hit, in the order of `TRIALS`."""
    base, planned = int(course.weekly.sum()), int(truth.rows["planned"].iloc[place])
    assert course.until is not None  # noqa: S101 - there is no forecast without
    if base >= planned:
        return [0] * len(TRIALS)
    total = np.minimum(base + dice.courses(course.window, max(HORIZONS)), planned)
    counts: list[int] = []
    for horizon in HORIZONS:
        day = course.calendar.later(course.until, np.array([WEEK * horizon]))[0]
        came = truth.done_by(place, day)
        low, high = _range(total[:, horizon - 1])
        counts += [int(came is not None), int(came is not None and low <= came <= high)]
    return counts + _end_trial(course, truth, place, dice, base)


def _end_trial(course: Course, truth: _Truth, place: int, dice: Draws, base: int) -> list[int]:
    ended = truth.ended_on(place)
    still = int(truth.done[place, -1]) - base
    if ended is None or still <= 0:
        return [0, 0]
    days = course.finish(still, dice)
    return [1, int(days[0] <= ended and not days[-1] < ended)]


def _range(total: Weekly) -> tuple[int, int]:
    ordered = np.sort(total)
    low, high = (int(ordered[int(np.ceil(share * len(ordered))) - 1]) for share in (RANGE[0], RANGE[-1]))
    return low, high
