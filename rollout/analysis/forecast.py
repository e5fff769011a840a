"""What is still to do, at which rate it goes on, and when it will be done: a range, or the reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from rollout.analysis.gains import UNITS, WORKS, Reports, shares
from rollout.analysis.pace import RANGE, RECENT, WINDOW, Course, Draws, Outlook, courses, draws, workdays_of
from rollout.analysis.progress import LEVEL_KEYS, district_progress, roll_up, trench_progress
from rollout.analysis.promises import planned_end
from rollout.analysis.workdays import WEEK
from rollout.vocabulary import Level

if TYPE_CHECKING:
    import datetime as dt

    from rollout.analysis.state import State


class Deadline(StrEnum):
    """How the forecast stands to the promised end."""

    NONE = "none"
    PASSED = "passed"
    MET = "met"
    AT_RISK = "at_risk"
    MISSED = "missed"
    UNKNOWN = "unknown"


def to_do(state: State, level: Level) -> pd.DataFrame:
    """
    List what is done and what is still to do.

    Parameters
    ----------
    state
        The programme on one day.
    level
        Districts within phases, phases, or programmes.

    Returns
    -------
    rows
        `programme_id`, the keys of the level, `work` (one of `WORKS`), and int64 in the unit of `UNITS`:
        `planned` (dropped ones left out), `done`, `refused` (connections whose owner refuses; 0 for metres)
        and `open`, which is planned less done less refused.
    """
    keys = ["programme_id", *LEVEL_KEYS[level]]
    metres = roll_up(trench_progress(state), level).rename(columns={"measure": "work"}).assign(refused=0.0)
    homes = roll_up(district_progress(state), level).rename(columns={"drive": "work"})
    metres = metres.rename(columns={"planned_m": "planned", "done_m": "done"})
    homes = homes.rename(columns={"counted": "planned", "connected": "done"})
    figures = ["planned", "done", "refused"]
    rows = pd.concat([metres[[*keys, "work", *figures]], homes[[*keys, "work", *figures]]], ignore_index=True)
    unit = rows["work"].map(UNITS).astype("float64")  # of no row it would be text
    rows[figures] = rows[figures].mul(unit, axis=0).round().astype("int64")
    rows = rows.astype(dict.fromkeys([*keys, "work"], "string")).assign(
        open=rows["planned"] - rows["done"] - rows["refused"]
    )
    order = rows["work"].map({work: place for place, work in enumerate(WORKS)})
    return rows.assign(order=order).sort_values(["order", *keys], ignore_index=True).drop(columns="order")


def due_dates(state: State) -> dict[tuple[str, str], dt.date]:
    """
    Return the promised end of every phase, and of every programme that of its last phase.

    Parameters
    ----------
    state
        The programme on one day.

    Returns
    -------
    ends
        `(programme_id, phase_id)` → day; `(programme_id, "")` for the programme.
    """
    ends = {(phase.programme, phase.id): planned_end(phase, state.as_of) for phase in state.project.phases}
    known = {key: day for key, day in ends.items() if day is not None}
    for programme in state.project.programmes:
        all_ends = [day for (owner, _), day in ends.items() if owner == programme.id]
        dated = [day for day in all_ends if day is not None]
        if dated and len(dated) == len(all_ends):
            known[programme.id, ""] = max(dated)
    return known


def forecast(state: State, reports: Reports | None, *, by: Level = Level.DISTRICT, seed: int = 1) -> pd.DataFrame:
    """
    Forecast every work of every place.

    Parameters
    ----------
    state
        The programme on one day.
    reports
        What deliveries reported up to then; None for a project without deliveries, whose layers carry only
        the latest status of each row and so no course.
    by
        What one row is about.
    seed
        The same seed gives the same bytes.

    Returns
    -------
    rows
        As `to_do`, then `told_until` (up to which day it is known what was done), `due` (promised end),
        `weeks_left` (working weeks from the Stichtag to it), `needed` (per working week, to meet it),
        `rate_4`, `rate_12` (actual, per working week), `p10`, `p50`, `p90` (days; NaT where there is no
        forecast, or none within five years), `outlook` and `deadline`. Rates are in metres or connections.
    """
    rows = to_do(state, by)
    told = courses(rows, shares(state, rows, by), reports, (workdays_of(state), state.as_of))
    dice, ends = draws(seed), due_dates(state)
    found = [
        _one(row, course, Terms(state.as_of, ends.get(_whose(row))), dice)
        for row, course in zip(rows.to_dict("records"), told, strict=True)
    ]
    return pd.concat([rows, pd.DataFrame(found, columns=list(_KINDS))], axis=1).astype(_KINDS)


@dataclass(frozen=True, slots=True)
class Terms:
    """
    What a forecast is held against.

    Attributes
    ----------
    as_of
        The Stichtag.
    due
        The promised end, or None.
    """

    as_of: dt.date
    due: dt.date | None


_FIGURES = ("weeks_left", "needed", "rate_4", "rate_12")
_DAYS = ("told_until", "due", "p10", "p50", "p90")
_KINDS: dict[str, str] = {
    **dict.fromkeys(_FIGURES, "float64"),
    **dict.fromkeys(_DAYS, "datetime64[ms]"),
    "outlook": "string",
    "deadline": "string",
}


def _whose(row: dict[Any, Any]) -> tuple[str, str]:
    phase = row.get("phase_id", "")
    return str(row["programme_id"]), "" if phase is pd.NA else str(phase)


def _one(row: dict[Any, Any], course: Course, terms: Terms, dice: Draws) -> dict[str, object]:
    work, still = str(row["work"]), int(str(row["open"]))
    outlook = Outlook.DONE if still <= 0 else course.outlook
    days: list[Any] = [np.datetime64("NaT")] * len(RANGE)
    if outlook is Outlook.FORECAST:
        # What was not told as done by the Stichtag is not done before it, however old the last report is.
        days = [day if np.isnat(day) else max(day, np.datetime64(terms.as_of)) for day in course.finish(still, dice)]
    weeks = None if terms.due is None else course.calendar.count(terms.as_of, terms.due) / WEEK
    rates = [course.rate(RECENT), course.rate(WINDOW)]
    return {
        "weeks_left": weeks,
        "needed": still / UNITS[work] / weeks if weeks else None,
        "rate_4": None if rates[0] is None else rates[0] / UNITS[work],
        "rate_12": None if rates[1] is None else rates[1] / UNITS[work],
        "told_until": course.until,
        "due": terms.due,
        **dict(zip(("p10", "p50", "p90"), days, strict=True)),
        "outlook": outlook.value,
        "deadline": _deadline(outlook, days, terms).value,
    }


def _deadline(outlook: Outlook, days: list[Any], terms: Terms) -> Deadline:
    if terms.due is None:
        return Deadline.NONE
    if outlook is Outlook.DONE:
        return Deadline.MET
    if terms.due <= terms.as_of:
        return Deadline.PASSED
    if outlook is not Outlook.FORECAST:
        return Deadline.UNKNOWN
    due = np.datetime64(terms.due)
    if days[-1] <= due:
        return Deadline.MET
    return Deadline.AT_RISK if days[0] <= due else Deadline.MISSED
