"""Promised ends: which one holds on a day, and how often and how far they were moved."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    import datetime as dt

    from rollout.project import Phase, Project
    from rollout.schedule import Promise

_DAYS_OF_A_MONTH = 365.25 / 12


def promises_on(phase: Phase, day: dt.date) -> tuple[Promise, ...]:
    """
    Return the promises that had been made by a day.

    Parameters
    ----------
    phase
        A construction phase.
    day
        The Stichtag.

    Returns
    -------
    promises
        Oldest first.
    """
    return tuple(promise for promise in phase.promises if promise.said_on <= day)


def planned_end(phase: Phase, day: dt.date) -> dt.date | None:
    """
    Return the end of a phase as it was promised on a day.

    Parameters
    ----------
    phase
        A construction phase.
    day
        The Stichtag.

    Returns
    -------
    end
        The youngest promise made by then; the only date ever named; or None.
    """
    made = promises_on(phase, day)
    return made[-1].planned_end_on if made else phase.planned_end_on


def slips(project: Project, day: dt.date) -> pd.DataFrame:
    """
    Tell how often and how far the promised ends were moved.

    Parameters
    ----------
    project
        What the project file says.
    day
        The Stichtag; later promises do not exist yet.

    Returns
    -------
    rows
        One row per phase with a promised end, in the project's order: `programme_id`, `phase_id`, `first_end`
        (NaT where only one date was ever named without saying when), `planned_end`, `later` and `earlier` (how
        often it was moved which way), `days` and `months` (from the first promise to the last), `source` (of
        the last).
    """
    rows = [_slip(phase, day) for phase in project.phases if planned_end(phase, day) is not None]
    names = ["programme_id", "phase_id", "first_end", "planned_end", "later", "earlier", "days", "months", "source"]
    return pd.DataFrame(rows, columns=names).astype(
        {"programme_id": "string", "phase_id": "string", "source": "string"}
    )


def _slip(phase: Phase, day: dt.date) -> tuple[object, ...]:
    made = promises_on(phase, day)
    ends = [promise.planned_end_on for promise in made]
    later = sum(after > before for before, after in pairwise(ends))
    earlier = sum(after < before for before, after in pairwise(ends))
    days = (ends[-1] - ends[0]).days if ends else 0
    source = made[-1].source if made else None
    first = ends[0] if ends else None
    end = planned_end(phase, day)
    return phase.programme, phase.id, first, end, later, earlier, days, round(days / _DAYS_OF_A_MONTH), source
