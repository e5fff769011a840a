"""At which pace works go on, week by week, and how they may go on: courses drawn from the weeks observed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from rollout.analysis.gains import Reports, by_week, gains
from rollout.analysis.workdays import WEEK, Workdays, workdays

if TYPE_CHECKING:
    import datetime as dt

    import pandas as pd
    from numpy.typing import NDArray

    from rollout.analysis.state import State

    Weekly = NDArray[np.int64]

WINDOW = 12
"""So many of the last working weeks are drawn from."""

RECENT = 4
"""The shorter window of the actual rate; with fewer weeks since the first gain there is no forecast."""

STRETCH = 2
"""So many weeks in a row make a tempo that a course keeps. Single weeks drawn from all of the window would even each
other out and make the range far too narrow; the back-test says so."""

DRAWS = 1000
RANGE = (0.1, 0.5, 0.9)
"""Quantiles of the drawn courses."""

MOST_WEEKS = 260
"""A course that does not end in five years of working weeks is out of sight."""

_USUAL_WEEKS = 52
"""Most courses end within a year of working weeks; only where one does not are they followed to the last."""

_NEVER = np.iinfo(np.int64).max


class Outlook(StrEnum):
    """Whether there is a forecast, or why there is none."""

    FORECAST = "forecast"
    DONE = "done"
    NO_REPORTS = "no_reports"
    NOT_BEGUN = "not_begun"
    TOO_SHORT = "too_short"
    STALLED = "stalled"


@dataclass(frozen=True, slots=True)
class Draws:
    """
    Random numbers, drawn once for all populations, so that none depends on the others.

    Attributes
    ----------
    start
        Uniform in 0…1, shape `(DRAWS, 1)`: where in the window the stretch of a course begins.
    pick
        Numbers below `STRETCH`, shape `(DRAWS, MOST_WEEKS)`: which week of the stretch comes next.
    """

    start: NDArray[np.float64]
    pick: NDArray[np.int64]

    def courses(self, weekly: Weekly, weeks: int) -> Weekly:
        """
        Draw courses from the weeks of a window: each takes a stretch of it, and its weeks from there.

        Parameters
        ----------
        weekly
            Gains of the window, oldest first, at least `STRETCH` of them.
        weeks
            How far to go.

        Returns
        -------
        total
            Running totals, shape `(DRAWS, weeks)`.
        """
        first = (self.start * (len(weekly) - STRETCH + 1)).astype(np.int64)
        total: Weekly = weekly[first + self.pick[:, :weeks]].cumsum(axis=1)
        return total


def draws(seed: int) -> Draws:
    """
    Throw the dice.

    Parameters
    ----------
    seed
        The same seed gives the same forecasts.

    Returns
    -------
    draws
        For every population.
    """
    chance = np.random.default_rng(seed)
    return Draws(chance.random((DRAWS, 1)), (chance.random((DRAWS, MOST_WEEKS)) * STRETCH).astype(np.int64))


@dataclass(frozen=True, slots=True)
class Course:
    """
    How one work went on in one place.

    Attributes
    ----------
    calendar
        The working days.
    until
        Up to which day it is known what was done; None without reports.
    weekly
        Gains of each working week from the first gain on, the last of them ending on that day.
    """

    calendar: Workdays
    until: dt.date | None
    weekly: Weekly

    @property
    def window(self) -> Weekly:
        """The weeks that are drawn from."""
        return self.weekly[-WINDOW:]

    @property
    def outlook(self) -> Outlook:
        """Whether there is a forecast, should anything be left to do."""
        if self.until is None:
            return Outlook.NO_REPORTS
        if not len(self.weekly):
            return Outlook.NOT_BEGUN
        if len(self.weekly) < RECENT:
            return Outlook.TOO_SHORT
        return Outlook.FORECAST if self.window.sum() > 0 else Outlook.STALLED

    def rate(self, weeks: int) -> float | None:
        """Return the mean gain of the last weeks, or of as many as there are; None without reports."""
        if self.until is None:
            return None
        return float(self.weekly[-weeks:].mean()) if len(self.weekly) else 0.0

    def finish(self, still: int, dice: Draws) -> list[np.datetime64]:
        """Return the days of `RANGE` by which so much is done; NaT where it takes longer than five years."""
        days = np.sort(_days_needed(dice.courses(self.window, _USUAL_WEEKS), still))
        if days[-1] == _NEVER:
            days = np.sort(_days_needed(dice.courses(self.window, MOST_WEEKS), still))
        picked = [int(days[int(np.ceil(share * len(days))) - 1]) for share in RANGE]
        assert self.until is not None  # noqa: S101 - there is no window without reports
        until = self.until
        return [
            np.datetime64("NaT", "D") if steps == _NEVER else self.calendar.later(until, np.array([steps]))[0]
            for steps in picked
        ]


def workdays_of(state: State) -> Workdays:
    """
    Return the working days of a state's project.

    Parameters
    ----------
    state
        The programme on one day.

    Returns
    -------
    workdays
        Fifteen years before and after the day.
    """
    return workdays(state.project.calendar, state.as_of.year)


def courses(
    rows: pd.DataFrame, adding: pd.DataFrame, reports: Reports | None, when: tuple[Workdays, dt.date]
) -> list[Course]:
    """
    Return how each work of each place went on.

    Parameters
    ----------
    rows
        From `to_do`.
    adding
        What each segment and target adds to them, from `shares`.
    reports
        What was reported; None without deliveries.
    when
        The working days and the Stichtag.

    Returns
    -------
    courses
        One per row.
    """
    calendar, day = when
    nothing = np.zeros(0, dtype=np.int64)
    if reports is None:
        return [Course(calendar, None, nothing)] * len(rows)
    steps = gains(adding, reports)
    told = [Course(calendar, day, nothing)] * len(rows)
    for work in rows["work"].unique():
        until = reports.told_until(work, day)
        places = np.flatnonzero(rows["work"] == work)
        own = steps[steps["place"].isin(places)]
        if until is not None and len(own):
            weekly = by_week(own, len(rows), calendar.week_ends(until, own["valid_on"].min().date()))[:, 1:]
            for place in places:
                told[place] = Course(calendar, until, _since_begun(weekly[place]))
    return told


def _since_begun(weekly: Weekly) -> Weekly:
    begun = np.flatnonzero(weekly > 0)
    return weekly[begun[0] :] if len(begun) else weekly[:0]


def _days_needed(total: Weekly, still: int) -> NDArray[np.int64]:
    """Return after how many working days each course has gained so much; within a week it goes evenly."""
    reached = total >= still
    week = reached.argmax(axis=1)
    draw = np.arange(len(total))
    after = total[draw, week]
    before = np.where(week > 0, total[draw, week - 1], 0)
    part = (still - before) / np.maximum(after - before, 1)
    days = np.ceil(WEEK * (week + np.clip(part, 0.0, 1.0)) - 1e-9).astype(np.int64)
    return np.where(reached.any(axis=1), np.maximum(days, 1), _NEVER)
