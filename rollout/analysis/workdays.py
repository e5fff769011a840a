"""Working days of a Land: no Saturday, no Sunday, no public holiday, no day of the winter break."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import datetime as dt

    from numpy.typing import NDArray

    from rollout.schedule import WorkCalendar

    Days = NDArray[np.datetime64]

WEEK = 5
"""So many working days are a working week, whatever lies between them."""

_YEARS = 15
"""The calendar is known so many years before and after the Stichtag."""


@dataclass(frozen=True, slots=True)
class Workdays:
    """
    Counts and steps in working days.

    Attributes
    ----------
    calendar
        Saturdays, Sundays and the days off.
    """

    calendar: np.busdaycalendar

    def count(self, after: dt.date | np.datetime64, until: dt.date | np.datetime64) -> int:
        """Return how many working days lie after one day and up to another; none where it lies before."""
        first, last = np.array([after, until], dtype="datetime64[D]") + 1
        return max(int(np.busday_count(first, last, busdaycal=self.calendar)), 0)

    def later(self, day: dt.date | np.datetime64, steps: NDArray[np.int64]) -> Days:
        """Return the days by whose end so many working days have passed; before the day where negative."""
        start = np.array(day, dtype="datetime64[D]")
        days: Days = np.busday_offset(start, steps, roll="backward", busdaycal=self.calendar)
        return days

    def is_working(self, days: Days) -> NDArray[np.bool_]:
        """Tell which days are working days."""
        return np.asarray(np.is_busday(days, busdaycal=self.calendar))

    def week_ends(self, until: dt.date, since: dt.date) -> Days:
        """
        Return the last days of the working weeks that end on a day, back to the one that holds another.

        Parameters
        ----------
        until
            The last of them.
        since
            Lies in the first week.

        Returns
        -------
        ends
            Ascending; the first is the day before the first week. Each week has five working days, so a
            holiday or a winter break makes it longer and not poorer.
        """
        weeks = self.count(since, until) // WEEK + 1
        ends = self.later(until, -WEEK * np.arange(weeks + 1, dtype=np.int64)[::-1])
        ends[-1] = np.datetime64(until, "D")
        return ends


@lru_cache(maxsize=8)
def workdays(settings: WorkCalendar, around: int) -> Workdays:
    """
    Make the calendar of a project.

    Parameters
    ----------
    settings
        What the project file says of it.
    around
        The year in the middle; fifteen years to either side are known.

    Returns
    -------
    workdays
        For counting.
    """
    import holidays  # noqa: PLC0415 - only forecasts need it

    years = range(around - _YEARS, around + _YEARS + 1)
    public = holidays.country_holidays("DE", subdiv=settings.region, years=years)
    off = [np.array(sorted(public), dtype="datetime64[D]"), *(_winter(settings, year) for year in years)]
    return Workdays(np.busdaycalendar(holidays=np.unique(np.concatenate(off))))


def _winter(settings: WorkCalendar, year: int) -> Days:
    if settings.winter_break is None:
        return np.array([], dtype="datetime64[D]")
    first, last = settings.winter_break
    over = last < first
    return np.arange(np.datetime64(f"{year}-{first}"), np.datetime64(f"{year + over}-{last}") + 1)
