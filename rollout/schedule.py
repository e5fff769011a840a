"""The dates of a project file: when work rests, and which ends of a phase were announced when."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from pydantic import field_validator

from rollout.validation import Part, Text

if TYPE_CHECKING:
    from collections.abc import Sequence

Region = Literal["BB", "BE", "BW", "BY", "HB", "HE", "HH", "MV", "NI", "NW", "RP", "SH", "SL", "SN", "ST", "TH"]
"""A Land, as ISO 3166-2 has it."""


class WorkCalendar(Part):
    """When works stand still, beside Saturdays and Sundays."""

    region: Region = "NW"
    """The Land whose public holidays count."""
    winter_break: tuple[str, str] | None = None
    """First and last day of the pause in winter as month and day, `12-20`; it may reach over the turn of the year."""

    @field_validator("winter_break")
    @classmethod
    def _days_exist(cls, days: tuple[str, str] | None) -> tuple[str, str] | None:
        for day in days or ():
            try:
                dt.date.fromisoformat(f"2021-{day}")
            except ValueError:
                msg = f"den Tag '{day}' gibt es nicht in jedem Jahr; schreiben Sie Monat-Tag, z. B. 12-20"
                raise ValueError(msg) from None
        return days


class Promise(Part):
    """An end of a phase that was announced, and when and where."""

    said_on: dt.date
    planned_end_on: dt.date
    source: Text


def unlike_promises(promises: Sequence[Promise], starts_on: dt.date, planned_end_on: dt.date | None) -> str:
    """
    Say what is wrong with the announced ends of a phase.

    Parameters
    ----------
    promises
        In the order of the file.
    starts_on
        The phase's first day.
    planned_end_on
        Its end where only one was ever named.

    Returns
    -------
    problem
        German, empty where nothing is wrong.
    """
    if planned_end_on is not None and promises:
        return "planned_end_on und promises nennen beide das Ende; tragen Sie es nur in promises ein"
    if any(later.said_on <= earlier.said_on for earlier, later in pairwise(promises)):
        return "promises: said_on muss von Eintrag zu Eintrag später sein"
    if any(promise.planned_end_on < starts_on for promise in promises):
        return "promises: planned_end_on liegt vor starts_on"
    return ""
