"""Steps of a story on numbered working days, so that a day earlier or later is one less or more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rollout.synthetic.workdays import CALENDAR

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

_ALL = np.arange("2020-06-01", "2023-01-01", dtype="datetime64[D]")
WORKDAYS = _ALL[np.is_busday(_ALL, busdaycal=CALENDAR)]
"""Every working day about the time of the works."""

NEVER = len(WORKDAYS) * 10
"""A number behind every day."""


@dataclass(frozen=True, slots=True)
class Step:
    """
    One row reaching one state.

    Attributes
    ----------
    status
        The state.
    at
        Number of the working day.
    reason
        Why, for a side state or a step back.
    """

    status: str
    at: int
    reason: str | None = None


def number_of(day: date) -> int:
    """
    Return the number of a day.

    Parameters
    ----------
    day
        Any day of the time of the works.

    Returns
    -------
    number
        That of the day, or of the last working day before it.
    """
    return int(WORKDAYS.searchsorted(np.datetime64(day, "D"), side="right")) - 1


def spread(statuses: Sequence[str], first: int, last: int) -> list[Step]:
    """
    Put steps evenly between two days.

    Parameters
    ----------
    statuses
        The states in order; there must be days enough for them.
    first, last
        Numbers of the days of the first and the last state.

    Returns
    -------
    steps
        One per state, no two on one day.
    """
    gaps = max(len(statuses) - 1, 1)
    return [Step(status, first + (last - first) * place // gaps) for place, status in enumerate(statuses[:-1])] + [
        Step(status, last) for status in statuses[-1:]
    ]


def until(steps: Sequence[Step], end: int) -> list[Step]:
    """
    Return the steps up to a day.

    Parameters
    ----------
    steps
        In order.
    end
        Number of the last day.

    Returns
    -------
    steps
        Those not later.
    """
    return [step for step in steps if step.at <= end]
