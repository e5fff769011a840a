"""The figures a programme must reach, held against the layers, and where every connection stands."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from rollout.analysis.names import recognise
from rollout.analysis.progress import CABLE, milestones, trench_progress
from rollout.analysis.sums import Record, added, addends, addends_of, exact_sum, records
from rollout.project import GoalMeasure
from rollout.vocabulary import BUILT_HEIGHT, MILESTONE_HEIGHT, Milestone

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

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
    words = _of_goal(goal).items()
    wanted = [(rows[column] == word).to_numpy(dtype=bool, na_value=False) for column, word in words]
    holds: NDArray[np.bool_] = np.all(wanted, axis=0)
    return pd.Series(holds, index=rows.index)


def _of_goal(goal: Goal) -> dict[str, str]:
    """Say which words a row holds that a goal is about."""
    words: dict[str, str | None] = {"programme_id": goal.programme}
    if goal.measure is GoalMeasure.TARGETS:
        words |= {"drive": goal.drive, "category": goal.category}
    else:
        words |= {"kind": goal.segment_kind}
    return {column: word for column, word in words.items() if word is not None}


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
    trenches = records(addends_of(trench_progress(state)))
    standing = _standing(state)
    rows = [_reconciled(goal, state, standing, trenches) for goal in state.project.goals]
    kinds = dict.fromkeys(("programme_id", "measure", "category", "drive"), "string") | {"districts": "object"}
    kinds |= dict.fromkeys(("value", "held", "difference", "tolerance"), "float64")
    kinds |= {"met": "bool", "as_of": "object", "source": "string"} | dict.fromkeys(BINS, "Int64")
    return pd.DataFrame({name: pd.Series([row.get(name) for row in rows], dtype=kinds[name]) for name in kinds})


def _standing(state: State) -> list[Record]:
    """Count the targets of each population, category, district and bin."""
    columns = {name: state.targets[name] for name in ("programme_id", "drive", "category", "district_id")}
    columns |= {"bin": target_bins(state)}
    return records(added(addends({**columns, "count": np.ones(len(state.targets), dtype="int64")}), [*columns]))


def _reconciled(goal: Goal, state: State, standing: list[Record], trenches: list[Record]) -> dict[str, object]:
    counted = goal.measure == GoalMeasure.TARGETS
    split = _split(goal, state, standing) if counted else {}
    held = sum(split.values()) - split["dropped"] if counted else _kilometres(goal, state, trenches)
    return {
        "programme_id": goal.programme,
        "measure": goal.measure.value,
        "category": goal.category.value if counted and goal.category else None,
        "drive": goal.drive.value if counted else None,
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


def _split(goal: Goal, state: State, standing: list[Record]) -> dict[str, int]:
    found: Counter[str] = Counter()
    for one in _inside(goal, state, _holding(_of_goal(goal), standing)):
        found[one["bin"]] += one["count"]
    return {name: found[name] for name in BINS}


def _kilometres(goal: Goal, state: State, trenches: list[Record]) -> float:
    measure = goal.segment_kind.value if goal.segment_kind else CABLE
    wanted = _holding({"programme_id": goal.programme, "measure": measure}, trenches)
    return exact_sum(one["planned_m"] for one in _inside(goal, state, wanted)) / 1000


def _holding(words: Mapping[str, str], rows: list[Record]) -> list[Record]:
    return [one for one in rows if all(one[column] == word for column, word in words.items())]


def _inside(goal: Goal, state: State, rows: list[Record]) -> list[Record]:
    if not goal.districts:
        return rows
    inside = {*_district_ids(goal, state)}
    return [one for one in rows if one["district_id"] in inside]


def _district_ids(goal: Goal, state: State) -> list[str]:
    return districts_of(goal, state.districts, state.project.district_variants)
