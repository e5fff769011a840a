"""The figures a programme must reach, held against the layers, and where every connection stands."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from rollout.analysis.names import recognise
from rollout.analysis.progress import CABLE, milestones, roll_up, trench_progress
from rollout.project import GoalMeasure
from rollout.vocabulary import BUILT_HEIGHT, MILESTONE_HEIGHT, Level, Milestone

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rollout.analysis.state import State
    from rollout.project import Goal

BINS: tuple[str, ...] = ("done", "in_build", "planned", "refused", "no_data", "outside", "dropped")
"""Where a connection stands; every one is in exactly one of them."""

_ROUNDING = 1e-6
"""A goal in kilometres is not missed by a millimetre."""


def concerns(goal: Goal, rows: pd.DataFrame) -> pd.Series[bool]:
    """
    Find the rows a goal is about, wherever they lie and whatever their status.

    Parameters
    ----------
    goal
        Of the project.
    rows
        Targets for a goal in targets, else segments.

    Returns
    -------
    mask
        Shape `(n,)`, index of `rows`.
    """
    wanted = rows["programme_id"] == goal.programme
    if goal.measure is GoalMeasure.TARGETS:
        wanted &= rows["drive"] == goal.drive
        if goal.category is not None:
            wanted &= rows["category"] == goal.category
    elif goal.segment_kind is not None:
        wanted &= rows["kind"] == goal.segment_kind
    return wanted.fillna(value=False).astype(bool)


def is_met(goal: Goal, held: float) -> bool:
    """
    Decide whether a figure meets a goal.

    Parameters
    ----------
    goal
        Of the project.
    held
        What the layers hold, in the unit of the goal.

    Returns
    -------
    met
        Whether it is off by no more than the tolerance.
    """
    return abs(held - goal.value) <= goal.tolerance + _ROUNDING


def districts_of(goal: Goal, districts: pd.DataFrame, variants: Mapping[str, Sequence[str]]) -> list[str]:
    """
    Find the districts a goal is limited to.

    Parameters
    ----------
    goal
        Of the project.
    districts, variants
        As in `names.recognise`.

    Returns
    -------
    district_ids
        Of the names that are known; empty for the whole programme.
    """
    matches = recognise(goal.districts, districts, variants).values()
    return [match.district_id for match in matches if match.district_id is not None]


def target_bins(state: State) -> pd.Series[str]:
    """
    Put every target into exactly one bin.

    Parameters
    ----------
    state
        The programme on one day.

    Returns
    -------
    bin
        Text, index of `state.targets`: `dropped`; else `outside` every district; else `no_data`; else
        `refused`; else `done` (connected or further), `in_build` (duct at the property), `planned`.
    """
    targets = state.targets
    reached, heights = milestones(state), targets["height"].to_numpy(dtype="float64", na_value=np.nan)
    rules = {
        "dropped": reached["dropped"],
        "outside": targets["district_id"].isna(),
        "no_data": reached["no_data"],
        "refused": reached["refused"],
        "done": heights >= MILESTONE_HEIGHT[Milestone.CONNECTED],
        "in_build": heights >= BUILT_HEIGHT,
    }
    holds = [np.asarray(rule, dtype=bool) for rule in rules.values()]
    return pd.Series(np.select(holds, [*rules], "planned"), index=targets.index, dtype="string", name="bin")


def reconcile_goals(state: State) -> pd.DataFrame:
    """
    Hold every goal against the figure in the layers.

    Parameters
    ----------
    state
        The programme on one day.

    Returns
    -------
    rows
        One row per goal, in the project's order: `programme_id`, `measure`, `category`, `drive` (<NA>
        where the goal says none or counts metres), `districts` (tuple of names), `value`, `held` (targets
        not dropped, or planned kilometres), `difference` (held minus value), `tolerance`, `met`, `as_of`,
        `source`, and for targets the integers of `BINS`, which add up to all targets listed.
    """
    trenches = trench_progress(state)
    bins = target_bins(state)
    rows = [_reconciled(goal, state, bins, trenches) for goal in state.project.goals]
    columns = ["programme_id", "measure", "category", "drive", "districts", "value", "held", "difference"]
    frame = pd.DataFrame(rows, columns=[*columns, "tolerance", "met", "as_of", "source", *BINS])
    kinds = dict.fromkeys(("programme_id", "measure", "category", "drive", "source"), "string")
    kinds |= dict.fromkeys(("value", "held", "difference", "tolerance"), "float64") | {"met": "bool"}
    return frame.astype(kinds | dict.fromkeys(BINS, "Int64"))


def _reconciled(goal: Goal, state: State, bins: pd.Series[str], trenches: pd.DataFrame) -> dict[str, object]:
    counted = goal.measure == GoalMeasure.TARGETS
    split = _split(goal, state, bins) if counted else {}
    held = sum(split.values()) - split["dropped"] if counted else _kilometres(goal, state, trenches)
    return {
        "programme_id": goal.programme,
        "measure": goal.measure.value,
        "category": goal.category.value if counted and goal.category else pd.NA,
        "drive": goal.drive.value if counted else pd.NA,
        "districts": goal.districts,
        "value": goal.value,
        "held": held,
        "difference": held - goal.value,
        "tolerance": goal.tolerance,
        "met": is_met(goal, held),
        "as_of": goal.as_of,
        "source": goal.source,
        **split,
    }


def _split(goal: Goal, state: State, bins: pd.Series[str]) -> dict[str, int]:
    wanted = concerns(goal, state.targets)
    if goal.districts:
        wanted &= state.targets["district_id"].isin(_district_ids(goal, state))
    found = Counter(bins[wanted].tolist())
    return {name: found[name] for name in BINS}


def _kilometres(goal: Goal, state: State, trenches: pd.DataFrame) -> float:
    measure = goal.segment_kind.value if goal.segment_kind else CABLE
    wanted = trenches[(trenches["programme_id"] == goal.programme) & (trenches["measure"] == measure)]
    if goal.districts:
        wanted = wanted[wanted["district_id"].isin(_district_ids(goal, state))]
    return float(roll_up(wanted, Level.PROGRAMME)["planned_m"].sum()) / 1000


def _district_ids(goal: Goal, state: State) -> list[str]:
    return districts_of(goal, state.districts, state.project.district_variants)
