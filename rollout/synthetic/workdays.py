"""Working days in North Rhine-Westphalia over the years of the works: no site reports on a Sunday."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from datetime import date

HOLIDAYS = np.array(
    [
        "2020-05-01", "2020-05-21", "2020-06-01", "2020-06-11", "2020-10-03", "2020-11-01", "2020-12-25", "2020-12-26",
        "2021-01-01", "2021-04-02", "2021-04-05", "2021-05-01", "2021-05-13", "2021-05-24", "2021-06-03", "2021-10-03",
        "2021-11-01", "2021-12-25", "2021-12-26", "2022-01-01", "2022-04-15", "2022-04-18", "2022-05-01", "2022-05-26",
        "2022-06-06", "2022-06-16", "2022-10-03", "2022-11-01", "2022-12-25", "2022-12-26",
    ],
    dtype="datetime64[D]",
)  # fmt: skip


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
    return np.busday_offset(days.astype("datetime64[D]"), 0, roll="backward", holidays=HOLIDAYS)


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
