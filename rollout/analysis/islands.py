"""Islands: segments that are built, and joined to no node by others that are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from rollout.vocabulary import DROPPED, Category, Drive, SegmentKind

if TYPE_CHECKING:
    from rollout.analysis.state import State

_PLACE = ["programme_id", "phase_id", "district_id"]


def islands(state: State) -> pd.DataFrame:
    """
    List what is built and hangs on nothing, with the connections that wait behind it.

    Parameters
    ----------
    state
        The programme on one day.

    Returns
    -------
    rows
        One per island: `island_id`, `programme_id`, `phase_id`, `district_id` (where most of its metres lie),
        `segments` (how many), `new_duct_m`, `co_used_m`, `gap_m` (metres to the nearest segment that is joined to a
        node, of the same programme; NaN where there is none), then connections behind it that are not dropped:
        `funded`, `extended`, `schools`, `hospitals`. Most funded connections first, then by `island_id`.
    """
    alone = state.segments[state.segments["island_id"].notna()]
    metres = _metres(state, alone).join(_connections(state, alone)).join(_gaps(state, alone))
    rows = metres.reset_index().sort_values(["funded", "island_id"], ascending=[False, True], ignore_index=True)
    columns = ["island_id", *_PLACE, "segments", "new_duct_m", "co_used_m", "gap_m"]
    return rows[[*columns, "funded", "extended", "schools", "hospitals"]]


def _metres(state: State, alone: pd.DataFrame) -> pd.DataFrame:
    by_segment = alone.set_index("segment_id")["island_id"]
    pieces = state.pieces[state.pieces["segment_id"].isin(alone["segment_id"])]
    pieces = pieces.assign(island_id=by_segment.reindex(pieces["segment_id"]).array)
    summed: pd.DataFrame = pieces.groupby(["island_id", *_PLACE], dropna=False)[["length_m"]].sum().reset_index()
    ordered = summed.sort_values(["island_id", "length_m", "district_id"], ascending=[True, False, True])
    place = ordered.drop_duplicates("island_id").set_index("island_id")[_PLACE]
    lengths = {
        f"{kind}_m": alone["length_m"].where(alone["kind"] == kind.value, 0.0).groupby(alone["island_id"]).sum()
        for kind in SegmentKind
    }
    rows: pd.DataFrame = place.assign(segments=alone.groupby("island_id").size(), **lengths)
    return rows


def _connections(state: State, alone: pd.DataFrame) -> pd.DataFrame:
    by_segment = alone.set_index("segment_id")["island_id"]
    near = state.targets["drop_m"].le(state.project.definitions.drop_limit_m)
    kept = state.targets[near & state.targets["status"].ne(DROPPED).fillna(value=True)]
    island = by_segment.reindex(kept["segment_id"]).set_axis(kept.index)
    funded = kept["drive"].eq(Drive.FUNDED.value)
    flags = {"funded": funded, "extended": ~funded}
    flags |= {f"{kind.value}s": kept["category"].eq(kind.value) for kind in (Category.SCHOOL, Category.HOSPITAL)}
    counts = pd.DataFrame(flags).astype("int64").groupby(island).sum()
    return counts.reindex(sorted(set(alone["island_id"])), fill_value=0).rename_axis("island_id")


def _gaps(state: State, alone: pd.DataFrame) -> pd.Series[float]:
    """Metres from each island to what is joined: a few centimetres are a fault of the drawing."""
    gaps = pd.Series(np.nan, index=alone.index, name="gap_m")
    for programme, own in alone.groupby("programme_id"):
        joined = state.segments[state.segments["reached"] & state.segments["programme_id"].eq(programme)]
        if len(joined):
            at, apart = shapely.STRtree(joined.geometry.to_numpy()).query_nearest(
                own.geometry.to_numpy(), return_distance=True, all_matches=False
            )
            gaps[own.index[at[0]]] = apart
    return gaps.groupby(alone["island_id"]).min()
