"""How everything came to stand where it stands: every change up to the Stichtag, and who told it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from rollout.vocabulary import (
    BUILT_HEIGHT,
    CABLE_HEIGHT,
    DROPPED,
    MILESTONE_HEIGHT,
    Milestone,
    SegmentKind,
)

if TYPE_CHECKING:
    import datetime as dt

    from numpy.typing import NDArray

    from rollout.analysis.state import State

    Integers = NDArray[np.int64]


_DROPPED_HEIGHT, _NO_HEIGHT = -1, -2


@dataclass(frozen=True, slots=True)
class Course:
    """
    The way to a state, as known with it.

    Attributes
    ----------
    steps
        One row per change of status or reason, entity after entity and day after day: `entity` (`segment`, `target`),
        `entity_id`, `valid_on`, `status` (<NA> where the word is that nothing is known), `reason`, and `height` as
        `ladder.heights_over_time` tells it.
    sources
        One row for each day on which another delivery becomes the youngest of a partner that counts: `from_on`,
        `sender`, `state_on` (missing where none of them counts any more), day after day.
    days
        The days deliveries are true for, up to the Stichtag, ascending.
    unsettled
        Connections that may have hung on another segment on some earlier day, by `target_id`.
    """

    steps: pd.DataFrame
    sources: pd.DataFrame
    days: tuple[dt.date, ...]
    unsettled: frozenset[str]


def unsettled(state: State, steps: pd.DataFrame) -> frozenset[str]:
    """
    Find the connections that may have hung on another segment before.

    A connection hangs on a segment that is not dropped: the nearest, or a free one within the limit. Only a segment
    that was dropped on some day, and lies no farther than that, can ever have changed the choice.

    Parameters
    ----------
    state
        The programme on the Stichtag.
    steps
        Every change up to then, as a `Course` has them.

    Returns
    -------
    target_ids
        Rather a few too many than one too few.
    """
    told = steps[(steps["entity"] == "segment") & steps["status"].eq(DROPPED).fillna(value=False)]
    lines = state.segments[state.segments["segment_id"].isin(told["entity_id"])]
    targets = state.targets
    hangs_there = targets["segment_id"].isin(lines["segment_id"]).to_numpy(dtype=bool)
    reach_m = np.maximum(targets["drop_m"].to_numpy(), state.project.definitions.drop_limit_m)
    points, tree = targets.geometry.to_numpy(), shapely.STRtree(lines.geometry.to_numpy())
    near, line = tree.query(points, predicate="dwithin", distance=reach_m)
    is_of_one = targets["programme_id"].array[near] == lines["programme_id"].array[line]
    rows = {*np.flatnonzero(hangs_there), *near[np.asarray(is_of_one, dtype=bool)]}
    return frozenset(targets["target_id"].iloc[sorted(rows)])


def figures_over_time(state: State, steps: pd.DataFrame, joined_on: Integers, days: tuple[int, int]) -> pd.DataFrame:
    """
    Count on every day what a state of that day counts: connections by their reports, and lengths.

    Parameters
    ----------
    state
        What is counted: the connections and segments of one scope, with the pieces of the segments.
    steps
        Every change, as a `Course` has them.
    joined_on
        Since when each connection is counted, as a number; shape `(len(state.targets),)`.
    days
        The first and the last; days are numbers counted from 1970-01-01.

    Returns
    -------
    figures
        One row per day, whole numbers. Connections: `whole` (not dropped), and of these `passed` (as reported) and
        `connected`. Millimetres, without what is dropped: `new_duct` and of it `built`, `cable` and of it `blown`,
        `co_used`.
    """
    homes = _Counted(_stretches(steps, "target", state.targets["target_id"], days), joined_on, days)
    dug = _Counted(_stretches(steps, "segment", state.segments["segment_id"], days), None, days)
    one, lengths = np.ones(len(state.targets), dtype=np.int64), _millimetres(state)
    new = lengths[SegmentKind.NEW_DUCT]
    return pd.DataFrame(
        {
            "whole": homes.kept(one),
            "passed": homes.from_height(one, MILESTONE_HEIGHT[Milestone.PASSED]),
            "connected": homes.from_height(one, MILESTONE_HEIGHT[Milestone.CONNECTED]),
            "new_duct": dug.kept(new),
            "built": dug.from_height(new, BUILT_HEIGHT),
            "cable": dug.kept(lengths[_CABLE]),
            "blown": dug.from_height(lengths[_CABLE], CABLE_HEIGHT),
            "co_used": dug.kept(lengths[SegmentKind.CO_USED]),
        }
    )


_CABLE = "cable"


@dataclass(frozen=True, slots=True)
class _Counted:
    """Stretches of days in which rows stood alike, laid over the days that are counted."""

    stretches: pd.DataFrame
    joined_on: Integers | None
    days: tuple[int, int]

    def kept(self, amounts: Integers) -> Integers:
        """Add up on every day what is not dropped."""
        first, last = self.days
        joined = np.full(len(amounts), first) if self.joined_on is None else self.joined_on
        dropped = self.stretches[self.stretches["height"] == _DROPPED_HEIGHT]
        return self._laid(joined, np.full(len(amounts), last + 1), amounts) - self._of(dropped, amounts)

    def from_height(self, amounts: Integers, height: int) -> Integers:
        """Add up on every day what stands at least so high."""
        return self._of(self.stretches[self.stretches["height"] >= height], amounts)

    def _of(self, stretches: pd.DataFrame, amounts: Integers) -> Integers:
        row, begin, end = (stretches[name].to_numpy() for name in ("row", "begin", "end"))
        return self._laid(
            begin if self.joined_on is None else np.maximum(begin, self.joined_on[row]), end, amounts[row]
        )

    def _laid(self, begin: Integers, end: Integers, amounts: Integers) -> Integers:
        first, last = self.days
        sums = np.zeros(last - first + 2, dtype=np.int64)
        lasts = begin < end
        np.add.at(sums, np.clip(begin[lasts], first, last + 1) - first, amounts[lasts])
        np.add.at(sums, np.clip(end[lasts], first, last + 1) - first, -amounts[lasts])
        return sums.cumsum()[:-1]


def _stretches(steps: pd.DataFrame, entity: str, ids: pd.Series, days: tuple[int, int]) -> pd.DataFrame:
    """Return how high which row stood from when until before when; none before the first word on a row."""
    own = steps[steps["entity"] == entity]
    row = pd.Index(ids).get_indexer(pd.Index(own["entity_id"]))
    height = own["height"].fillna(_NO_HEIGHT).to_numpy(dtype=np.int64)
    order = np.argsort(row, kind="stable")[(row < 0).sum() :]
    row, begin = row[order], day_numbers(own["valid_on"])[order]
    end = np.where(np.append(row[1:], -1) == row, np.append(begin[1:], 0), days[1] + 1)
    return pd.DataFrame({"row": row, "begin": begin, "end": end, "height": height[order]})


def _millimetres(state: State) -> dict[str, Integers]:
    """Add up the pieces of each segment, of its own kind and of its cable, as the figures of a day do."""
    pieces = state.pieces
    row = pd.Index(state.segments["segment_id"]).get_indexer(pd.Index(pieces["segment_id"]))
    found = {}
    for name, column in ((_CABLE, "cable_m"), *((kind, "length_m") for kind in SegmentKind)):
        counts = (row >= 0) & (True if name == _CABLE else pieces["kind"].eq(name).to_numpy(dtype=bool))
        metres = np.nan_to_num(pieces[column].to_numpy(dtype="float64", na_value=np.nan))[counts]
        found[str(name)] = np.bincount(row[counts], np.rint(metres * 1000), len(state.segments)).astype(np.int64)
    return found


def day_numbers(days: pd.Series) -> Integers:
    """
    Count days from 1970-01-01.

    Parameters
    ----------
    days
        Dates without a time.

    Returns
    -------
    numbers
        Whole numbers, same order.
    """
    return days.to_numpy().astype("datetime64[D]").astype(np.int64)
