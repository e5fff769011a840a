"""Who has got how far: milestones of the targets, metres of the trenches, what is blocked and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa

from rollout.analysis.sums import Record, added, addends, addends_of, frame, records, words
from rollout.once import once_each
from rollout.project import PassedDefinition
from rollout.vocabulary import (
    ACCEPTED_HEIGHT,
    BLOCKED,
    BUILT_HEIGHT,
    CABLE_HEIGHT,
    DROPPED,
    MILESTONE_HEIGHT,
    REFUSED,
    Level,
    Milestone,
    SegmentKind,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rollout.analysis.state import State

NEAR_M = 20.0
"""A building this near to a built segment is passed for the Bundesnetzagentur."""

CABLE = "cable"
"""The third measure of length, beside the two kinds of segment."""

MEASURES: tuple[str, ...] = (SegmentKind.NEW_DUCT.value, SegmentKind.CO_USED.value, CABLE)
"""The three lengths, in the order they are shown."""

_APART = ("programme_id", "drive", "measure")
"""Populations and lengths that are never added up."""

_COUNTS = (
    "refused",
    "no_data",
    "passed",
    "passed_other_definition",
    "prepared",
    "connected",
    "activated",
    "reachable",
)

_STOPPED_KEYS = ("layer", "programme_id", "kind", "phase_id", "district_id", "status", "reason")
_STOPPED = ["count", "length_m", "since"]

_LAST = "\U0010ffff"
"""Comes after every `district_id`."""

LEVEL_KEYS: dict[Level, tuple[str, ...]] = {
    Level.DISTRICT: ("phase_id", "district_id"),
    Level.PHASE: ("phase_id",),
    Level.PROGRAMME: (),
}
"""The keys of a place beside its programme."""


def milestones(state: State) -> pd.DataFrame:
    """
    Tell for each target which milestones it has passed.

    `passed` follows the definition the project names, `passed_other_definition` the other one. The
    milestones hold each other: passed ⊇ prepared ⊇ connected ⊇ activated, under either definition. A
    dropped target and one without data have none.

    Parameters
    ----------
    state
        The programme on one day.

    Returns
    -------
    milestones
        Booleans `passed`, `passed_other_definition`, `prepared`, `connected`, `activated`, `refused`,
        `dropped`, `no_data`, and `reachable`, which is computed and no milestone: a connection without data may be
        reachable, and a connected one not. Index of `state.targets`.
    """
    return pd.DataFrame(_reached(state.targets, state.project.definitions.passed), index=state.targets.index)


@once_each
def _reached(targets: pd.DataFrame, named: PassedDefinition) -> dict[str, NDArray[np.bool_]]:
    status, height = targets["status"], targets["height"].to_numpy(dtype="float64", na_value=np.nan)
    dropped, no_data = _is(status, DROPPED), status.isna().to_numpy(dtype=bool)
    known = ~no_data & ~dropped
    reached = {step: (height >= rung) & known for step, rung in MILESTONE_HEIGHT.items()}
    near = known & (targets["near_built_m"].to_numpy() <= NEAR_M)
    by_definition = {
        PassedDefinition.OWN_SIDE: reached[Milestone.PASSED],
        PassedDefinition.WITHIN_20_M: near | reached[Milestone.PREPARED],
    }
    return {
        "passed": by_definition[named],
        "passed_other_definition": by_definition[other_definition(named)],
        **{step.value: reached[step] for step in (Milestone.PREPARED, Milestone.CONNECTED, Milestone.ACTIVATED)},
        "refused": _is(status, REFUSED),
        "dropped": dropped,
        "no_data": no_data,
        "reachable": targets["reachable"].to_numpy(dtype=bool) & ~dropped,
    }


def other_definition(named: PassedDefinition) -> PassedDefinition:
    """
    Return the definition of passed that is shown for comparison.

    Parameters
    ----------
    named
        The definition the project counts by.

    Returns
    -------
    other
        The other of the two.
    """
    return next(definition for definition in PassedDefinition if definition != named)


def district_progress(state: State) -> pd.DataFrame:
    """
    Count the targets by programme, drive, phase, district and category.

    Parameters
    ----------
    state
        The programme on one day.

    Returns
    -------
    rows
        The five keys, then integers `listed`, `dropped`, `counted` (listed less dropped, the base of every
        share), `refused`, `no_data`, `passed`, `passed_other_definition`, `prepared`, `connected`,
        `activated`, `reachable`. `district_id` and `phase_id` are <NA> for targets outside every district or phase.
    """
    keys = ["programme_id", "drive", "phase_id", "district_id", "category"]
    reached = _reached(state.targets, state.project.definitions.passed)
    counts = {
        "listed": np.ones(len(state.targets), dtype="int64"),
        "dropped": reached["dropped"].astype("int64"),
        "counted": (~reached["dropped"]).astype("int64"),
        **{name: reached[name].astype("int64") for name in _COUNTS},
    }
    return frame(added(addends({**{key: state.targets[key] for key in keys}, **counts}), keys))


def trench_progress(state: State) -> pd.DataFrame:
    """
    Add up the metres by programme, phase, district and measure.

    New duct, co-used duct and cable are three measures on rows of their own and never one sum. Duct is
    done from `duct_laid` on, cable from `cable_blown` on; a dropped segment is not planned any more; a
    blocked one counts as far as it had come.

    Parameters
    ----------
    state
        The programme on one day.

    Returns
    -------
    rows
        `programme_id`, `phase_id`, `district_id`, `measure` (`new_duct`, `co_used`, `cable`), then metres
        `planned_m`, `done_m`, `accepted_m`, `blocked_m`, `no_data_m`. Every piece is rounded to the
        millimetre before it is added, so that parts add up to the whole exactly and in any order.
    """
    return _of_pieces(state.pieces)


@once_each
def _of_pieces(pieces: pd.DataFrame) -> pd.DataFrame:
    places = {key: words(pieces[key]) for key in ("programme_id", "phase_id", "district_id")}
    planned = pa.array(~_is(pieces["status"], DROPPED))
    duct = {**places, "measure": words(pieces["kind"]), **_metres(pieces, "length_m", BUILT_HEIGHT)}
    cables = pa.repeat(pa.scalar(CABLE, pa.large_string()), len(pieces))
    cable = {**places, "measure": cables, **_metres(pieces, "cable_m", CABLE_HEIGHT)}
    rows = pa.concat_tables([addends(measure).filter(planned) for measure in (duct, cable)])
    return frame(added(rows, [*places, "measure"]))


def blocked(state: State) -> pd.DataFrame:
    """
    List what does not go on, by reason: segments blocked or dropped, targets refused or dropped.

    A segment that crosses a border is counted once, in the district of its longest part (the smaller
    `district_id` if parts are alike); its metres stay where they lie.

    Parameters
    ----------
    state
        The programme on one day.

    Returns
    -------
    rows
        `layer` (`segments`, `targets`), `programme_id`, `kind` (kind of segment, or drive of target),
        `phase_id`, `district_id`, `status`, `reason`, then `count`, `length_m` (0 for targets) and `since`
        (the oldest date). `reason` is <NA> where none is given.
    """
    rows = pa.concat_tables([_stopped_segments(state), _stopped_targets(state)])
    return frame(added(rows, _STOPPED_KEYS))


def roll_up(rows: pd.DataFrame, level: Level, *, by_category: bool = False) -> pd.DataFrame:
    """
    Add up the rows of `district_progress` or `trench_progress` to a level.

    Programmes, drives and measures always stay apart. Counts are whole numbers and metres whole
    millimetres, so that sums are exact and do not depend on the order of rows.

    Parameters
    ----------
    rows
        Rows of either frame, or of an earlier roll-up to a lower level.
    level
        Districts within phases, phases, or programmes.
    by_category
        Keep categories apart as well.

    Returns
    -------
    rolled
        One row for each combination of the keys kept, sorted by them.
    """
    return frame(_rolled(rows, level, by_category=by_category))


def rolled_records(rows: pd.DataFrame, level: Level, *, by_category: bool = False) -> list[Record]:
    """
    Add up rows as `roll_up` does, for a table that is written from plain values.

    Parameters
    ----------
    rows, level, by_category
        As in `roll_up`.

    Returns
    -------
    rolled
        One dictionary for each row of `roll_up`; missing keys are None.
    """
    return records(_rolled(rows, level, by_category=by_category))


def _rolled(rows: pd.DataFrame, level: Level, *, by_category: bool) -> pa.Table:
    keys = [key for key in _APART if key in rows.columns] + list(LEVEL_KEYS[level])
    return added(addends_of(rows), [*keys, "category"] if by_category else keys)


def _is(status: pd.Series[str], word: str) -> NDArray[np.bool_]:
    return (status == word).to_numpy(dtype=bool, na_value=False)


def _metres(pieces: pd.DataFrame, length: str, done_height: int) -> dict[str, NDArray[np.float64]]:
    known = np.nan_to_num(pieces[length].to_numpy(dtype="float64", na_value=np.nan)).round(3)
    heights = pieces["height"].to_numpy(dtype="float64", na_value=np.nan)
    return {
        "planned_m": known,
        "done_m": np.where(heights >= done_height, known, 0.0),
        "accepted_m": np.where(heights >= ACCEPTED_HEIGHT, known, 0.0),
        "blocked_m": np.where(_is(pieces["status"], BLOCKED), known, 0.0),
        "no_data_m": np.where(pieces["status"].isna(), known, 0.0),
    }


def counted_once(state: State, chosen: pd.Series[bool] | NDArray[np.bool_]) -> pd.DataFrame:
    """
    Return pieces of segments ready to be counted: each segment once, its metres where they lie.

    Parameters
    ----------
    state
        The programme on one day.
    chosen
        Which of `state.pieces`.

    Returns
    -------
    rows
        The pieces with `layer`, `count` (1 for the longest piece of a segment, in the smaller `district_id` if
        pieces are alike, else 0), `length_m` in whole millimetres, and `since` (when the status began).
    """
    pieces = state.pieces[chosen].reset_index(drop=True)
    since = pd.Series(state.segments["status_since"].array, index=state.segments["segment_id"].array)
    return pieces.assign(
        layer="segments",
        count=_is_longest(pieces).astype("int64"),
        length_m=pieces["length_m"].round(3),
        since=since.reindex(pieces["segment_id"]).to_numpy(),
    )


def _is_longest(pieces: pd.DataFrame) -> NDArray[np.bool_]:
    lengths, districts = pieces["length_m"].tolist(), pieces["district_id"].fillna(_LAST).tolist()
    longest: dict[str, int] = {}
    segments = pieces["segment_id"].tolist()
    for place in sorted(range(len(pieces)), key=lambda place: (-lengths[place], districts[place])):
        longest.setdefault(segments[place], place)
    return np.isin(np.arange(len(pieces)), [*longest.values()])


def _stopped_segments(state: State) -> pa.Table:
    status = state.pieces["status"]
    stopped = counted_once(state, _is(status, BLOCKED) | _is(status, DROPPED))
    return addends({**{key: words(stopped[key]) for key in _STOPPED_KEYS}, **stopped[_STOPPED]})


def _stopped_targets(state: State) -> pa.Table:
    targets, status = state.targets, state.targets["status"]
    layer, *named = _STOPPED_KEYS
    keys = {key: words(targets["drive" if key == "kind" else key]) for key in named}
    layers = pa.repeat(pa.scalar("targets", pa.large_string()), len(targets))
    figures = {"count": np.ones(len(targets), dtype="int64"), "length_m": np.zeros(len(targets))}
    rows = addends({layer: layers, **keys, **figures, "since": targets["status_since"]})
    return rows.filter(pa.array(_is(status, REFUSED) | _is(status, DROPPED)))
