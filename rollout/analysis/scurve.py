"""The S-curve of a construction phase, week by week: planned, done, needed, and expected with its range."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from rollout.analysis.forecast import due_dates, to_do
from rollout.analysis.gains import UNITS, Reports, shares
from rollout.analysis.pace import RANGE, Outlook, courses, draws, workdays_of
from rollout.analysis.workdays import WEEK
from rollout.vocabulary import DROPPED, Drive, Level, SegmentKind

if TYPE_CHECKING:
    import datetime as dt

    from numpy.typing import NDArray

    from rollout.analysis.pace import Course, Draws
    from rollout.analysis.state import State
    from rollout.project import Phase

    Days = NDArray[np.datetime64]
    Amounts = NDArray[np.float64]

DRAWN: tuple[str, ...] = (SegmentKind.NEW_DUCT, Drive.FUNDED)
"""Works that have a curve."""

_MOST_AHEAD = 78
"""A curve looks so many working weeks ahead at most; the table says what lies beyond."""


class Plan(StrEnum):
    """Where the planned curve comes from."""

    SEGMENTS = "segments"
    LINEAR = "linear"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class SCurve:
    """
    One work of one phase.

    Attributes
    ----------
    programme_id, phase_id, work
        What it is about.
    weeks
        One row per end of a working week: `day`, and metres or connections `planned`, `done`, `needed`,
        `low`, `middle`, `high`; NaN where a curve does not run.
    total
        All there is to do, without what was dropped or refused.
    due
        The promised end, or None.
    plan
        Where the planned curve comes from.
    """

    programme_id: str
    phase_id: str
    work: str
    weeks: pd.DataFrame
    total: float
    due: dt.date | None
    plan: Plan


def s_curves(state: State, reports: Reports, seed: int = 1) -> list[SCurve]:
    """
    Return the curves of every phase.

    Parameters
    ----------
    state
        The programme on one day.
    reports
        What deliveries reported up to then.
    seed
        As for the forecast.

    Returns
    -------
    curves
        By phase in the project's order, then by work; none for a work the phase does not have.
    """
    rows = to_do(state, Level.PHASE)
    told = courses(rows, shares(state, rows, Level.PHASE), reports, (workdays_of(state), state.as_of))
    dice, ends = draws(seed), due_dates(state)
    by_key = {(row["phase_id"], row["work"]): place for place, row in enumerate(rows.to_dict("records"))}
    found = []
    for phase in state.project.phases:
        for work in DRAWN:
            place = by_key.get((phase.id, work))
            if place is not None and rows["planned"].iloc[place] > 0:
                due = ends.get((phase.programme, phase.id))
                found.append(_curve(state, phase, (rows.iloc[place], told[place]), due, dice))
    return found


def _curve(state: State, phase: Phase, what: tuple[pd.Series[int], Course], due: dt.date | None, dice: Draws) -> SCurve:
    row, course = what
    work = str(row["work"])
    total = int(row["done"] + row["open"])
    past = _past(course, phase.starts_on, state.as_of)
    ahead = _ahead(course, int(row["open"]), dice)
    last = np.datetime64(due) if due else past[-1]
    steps = np.arange(1, max(len(ahead), -(-course.calendar.count(past[-1], last) // WEEK)) + 1)
    days = np.concatenate([past, course.calendar.later(past[-1], WEEK * steps)])
    told = np.full(len(days), np.nan)
    done = int(row["done"]) - np.append(np.cumsum(course.weekly[::-1])[::-1], 0)
    done = np.concatenate([np.full(max(len(past) - len(done), 0), done[0]), done])[-len(past) :]
    told[: len(past)] = done
    spread = np.full((len(days), len(RANGE)), np.nan)
    if len(ahead):
        spread[len(past) - 1 : len(past) + len(ahead)] = np.vstack([[done[-1]] * len(RANGE), done[-1] + ahead])
    planned, plan = _planned(state, phase, work, days, (total, due))
    unit = UNITS[work]
    weeks = pd.DataFrame({"day": days.astype("datetime64[ms]"), "planned": planned / unit, "done": told / unit})
    weeks["needed"] = _needed(course, days, (done[-1], total), (state.as_of, due)) / unit
    weeks[["low", "middle", "high"]] = np.minimum(spread, total) / unit
    return SCurve(phase.programme, phase.id, work, weeks, total / unit, due, plan)


def _past(course: Course, starts_on: dt.date, as_of: dt.date) -> Days:
    until = course.until or as_of
    weeks = max(course.calendar.count(starts_on, until) // WEEK + 1, len(course.weekly))
    days = course.calendar.later(until, -WEEK * np.arange(weeks + 1)[::-1])
    days[-1] = np.datetime64(until)
    return days


def _ahead(course: Course, still: int, dice: Draws) -> NDArray[np.int64]:
    """Quantiles of what is gained in the weeks to come, until the slow end of the range is done."""
    if still <= 0 or course.outlook is not Outlook.FORECAST:
        return np.zeros((0, len(RANGE)), dtype=np.int64)
    total = np.sort(dice.courses(course.window, _MOST_AHEAD), axis=0)
    at = [int(np.ceil(share * len(total))) - 1 for share in RANGE]
    spread = total[at].T
    done = np.flatnonzero(spread[:, 0] >= still)
    return spread[: done[0] + 1] if len(done) else spread


def _needed(course: Course, days: Days, amounts: tuple[int, int], when: tuple[dt.date, dt.date | None]) -> Amounts:
    (done, total), (as_of, due) = amounts, when
    line = np.full(len(days), np.nan)
    weeks = 0 if due is None else course.calendar.count(as_of, due)
    if due is None or not weeks or done >= total:
        return line
    here = (days >= np.datetime64(as_of)) & (days <= course.calendar.later(due, np.array([WEEK - 1]))[0])
    passed = np.array([course.calendar.count(as_of, day) for day in days[here]])
    line[here] = done + (total - done) * np.minimum(passed / weeks, 1.0)
    return line


def _planned(
    state: State, phase: Phase, work: str, days: Days, ends: tuple[int, dt.date | None]
) -> tuple[Amounts, Plan]:
    total, due = ends
    pieces = state.pieces[(state.pieces["phase_id"] == phase.id) & (state.pieces["kind"] == work)]
    pieces = pieces[(pieces["status"] != DROPPED).fillna(value=True).astype(bool)]
    dated = state.segments.set_index("segment_id")["planned_on"].reindex(pieces["segment_id"])
    if dated.notna().any():
        on = dated.fillna(dated.max() if due is None else pd.Timestamp(due)).to_numpy().astype("datetime64[D]")
        order = np.argsort(on, kind="stable")
        sums = np.append(0, np.cumsum((pieces["length_m"].to_numpy() * UNITS[work])[order]))
        return sums[np.searchsorted(on[order], days, side="right")], Plan.SEGMENTS
    if due is None:
        return np.full(len(days), np.nan), Plan.NONE
    calendar = workdays_of(state)
    whole = max(calendar.count(phase.starts_on, due), 1)
    passed = np.array([calendar.count(phase.starts_on, day) for day in days])
    return total * np.minimum(passed / whole, 1.0), Plan.LINEAR
