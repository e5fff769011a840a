"""Working days in North Rhine-Westphalia over the years of the works: no site reports on a Sunday."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rollout.analysis.workdays import workdays
from rollout.schedule import WorkCalendar

if TYPE_CHECKING:
    from datetime import date

CALENDAR = workdays(WorkCalendar(region="NW"), 2021).calendar


def working_days(days: np.ndarray) -> np.ndarray:
    """
    Move each date back to a working day.

    Parameters
    ----------
    days
        Dates.

    Returns
    -------
    days
        The same day, or the last working day before it.
    """
    return np.busday_offset(days.astype("datetime64[D]"), 0, roll="backward", busdaycal=CALENDAR)


def between(first: date | np.ndarray, last: date | np.ndarray, shares: np.ndarray) -> np.ndarray:
    """
    Return working days part of the way between two dates.

    Parameters
    ----------
    first, last
        One date for all, or one for each share; a last day before the first counts as the first.
    shares
        From 0 (the first day) to 1 (the last).

    Returns
    -------
    days
        One working day per share, never after the last day unless that is before the first.
    """
    start = np.broadcast_to(np.asarray(first, dtype="datetime64[D]"), shares.shape)
    end = np.broadcast_to(np.asarray(last, dtype="datetime64[D]"), shares.shape)
    span = np.maximum((end - start).astype(int), 0)
    return working_days(start + np.round(span * np.round(shares, 6)).astype("timedelta64[D]"))
