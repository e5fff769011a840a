"""How everything came to stand where it stands: every change up to the Stichtag, and who told it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from rollout.vocabulary import DROPPED

if TYPE_CHECKING:
    import datetime as dt

    import pandas as pd

    from rollout.analysis.state import State


@dataclass(frozen=True, slots=True)
class Course:
    """
    The way to a state, as known with it.

    Attributes
    ----------
    steps
        One row per change of status or reason, entity after entity and day after day: `entity` (`segment`, `target`),
        `entity_id`, `valid_on`, `status` (<NA> where the word is that nothing is known), `reason`.
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
