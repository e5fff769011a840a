"""The figures a programme must reach, held against the layers, and where every connection stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from rollout.analysis.names import match_districts
from rollout.analysis.progress import CABLE, Level, milestones, roll_up, trench_progress
from rollout.project import GoalMeasure
from rollout.vocabulary import BUILT_HEIGHT, MILESTONE_HEIGHT, Milestone

if TYPE_CHECKING:
    from rollout.analysis.state import State
    from rollout.project import Goal

BINS: tuple[str, ...] = ("done", "in_build", "planned", "refused", "no_data", "outside", "dropped")
"""Where a connection stands; every one is in exactly one of them."""

_ROUNDING = 1e-9
"""Kilometres are quotients of whole millimetres; a goal is not missed by the last bit."""


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
    reached = milestones(state)
    rules = (
        ("in_build", targets["height"] >= BUILT_HEIGHT),
        ("done", targets["height"] >= MILESTONE_HEIGHT[Milestone.CONNECTED]),
        ("refused", reached["refused"]),
        ("no_data", reached["no_data"]),
        ("outside", targets["district_id"].isna()),
        ("dropped", reached["dropped"]),
    )
    bins = pd.Series("planned", index=targets.index, dtype="string", name="bin")
    for name, holds in rules:
        bins = bins.mask(holds.fillna(value=False).astype(bool), name)
    return bins


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
        "met": abs(held - goal.value) <= goal.tolerance + _ROUNDING,
        "as_of": goal.as_of,
        "source": goal.source,
        **split,
    }


def _split(goal: Goal, state: State, bins: pd.Series[str]) -> dict[str, int]:
    targets = state.targets
    wanted = (targets["programme_id"] == goal.programme) & (targets["drive"] == goal.drive)
    if goal.category is not None:
        wanted &= targets["category"] == goal.category
    if goal.districts:
        wanted &= targets["district_id"].isin(_district_ids(goal, state))
    found = bins[wanted.fillna(value=False).astype(bool)].value_counts()
    return {name: int(found.get(name, 0)) for name in BINS}


def _kilometres(goal: Goal, state: State, trenches: pd.DataFrame) -> float:
    measure = goal.segment_kind.value if goal.segment_kind else CABLE
    wanted = trenches[(trenches["programme_id"] == goal.programme) & (trenches["measure"] == measure)]
    if goal.districts:
        wanted = wanted[wanted["district_id"].isin(_district_ids(goal, state))]
    return float(roll_up(wanted, Level.PROGRAMME)["planned_m"].sum()) / 1000


def _district_ids(goal: Goal, state: State) -> list[str]:
    names = pd.Series(goal.districts, dtype="string")
    ids = match_districts(names, state.districts, state.project.district_variants)
    return [str(district_id) for district_id in ids.dropna()]
