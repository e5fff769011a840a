"""Where a report and the built network disagree, side by side; neither is ever overwritten."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from rollout.analysis.reach import at_least
from rollout.vocabulary import BUILT_HEIGHT, MILESTONE_HEIGHT, Contradiction, Drive, Milestone

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rollout.analysis.state import State

AGREED = ("consent_given", "surveyed")
"""A connection in one of these waits for nothing but its duct."""

ENTRY_HEIGHT = 5
"""From `house_entry` on, work at the house has begun."""

_TARGET = ["target_id", "programme_id", "drive", "category", "street", "house_number", "district_id", "phase_id"]


def contradictions(state: State) -> pd.DataFrame:
    """
    List the connections whose report the built network contradicts.

    A connection reported as connected (or further) needs built segments to a node, and cable in all of them. A funded
    one whose owner has consented, at the end of a way with cable all along, has nothing left to wait for. A
    connection of the extended drive is made later on purpose, and does not count as waiting.

    Parameters
    ----------
    state
        The programme on one day.

    Returns
    -------
    rows
        `kind` (a `Contradiction`), `target_id`, `programme_id`, `drive`, `category`, `street`, `house_number`,
        `district_id`, `phase_id`, `status`, `status_since` as reported, and `segment_id`, `segment_status`,
        `segment_since` of the segment it hangs on. By kind, then by `target_id`.
    """
    kinds = kinds_of(state.targets)
    parts = [_beside_segment(state, kinds == kind).assign(kind=kind.value) for kind in Contradiction]
    rows = pd.concat(parts, ignore_index=True).astype({"kind": "string"})
    columns = ["kind", *_TARGET, "status", "status_since", "segment_id", "segment_status", "segment_since"]
    return rows[columns]


def kinds_of(targets: pd.DataFrame) -> NDArray[np.object_]:
    """
    Tell how each report is contradicted by the built network.

    Parameters
    ----------
    targets
        With `status`, `height`, `drive`, `reachable` and `cable_reachable`.

    Returns
    -------
    kinds
        A `Contradiction` or None, shape `(len(targets),)`.
    """
    reachable, cabled = (targets[name].to_numpy(dtype=bool) for name in ("reachable", "cable_reachable"))
    connected = at_least(targets, MILESTONE_HEIGHT[Milestone.CONNECTED])
    agreed = (targets["status"].isin(AGREED) & targets["drive"].eq(Drive.FUNDED.value)).to_numpy(dtype=bool)
    found = {
        Contradiction.CONNECTED_WITHOUT_PATH: connected & ~reachable,
        Contradiction.CONNECTED_WITHOUT_CABLE: connected & reachable & ~cabled,
        Contradiction.WAITING_WITH_PATH: agreed & cabled,
    }
    kinds = np.full(len(targets), None, dtype=object)
    for kind, there in found.items():
        kinds[there] = kind.value
    return kinds


def house_first(state: State) -> pd.DataFrame:
    """
    List the houses that were prepared before their trench was built.

    That is a normal way to work where a permit for the trench is late, and no contradiction.

    Parameters
    ----------
    state
        The programme on one day.

    Returns
    -------
    rows
        As `contradictions` returns them, without `kind`: connections with a house entry or a termination point on a
        segment whose duct is not laid. By `target_id`.
    """
    targets, segments = state.targets, state.segments
    built = pd.Series(at_least(segments, BUILT_HEIGHT), index=segments["segment_id"])
    entered = at_least(targets, ENTRY_HEIGHT) & ~at_least(targets, MILESTONE_HEIGHT[Milestone.CONNECTED])
    waits = ~built.reindex(targets["segment_id"], fill_value=False).to_numpy(dtype=bool)
    return _beside_segment(state, entered & waits)


def _beside_segment(state: State, chosen: NDArray[np.bool_]) -> pd.DataFrame:
    rows = pd.DataFrame(state.targets[chosen])
    segments = state.segments.set_index("segment_id")[["status", "status_since"]].add_prefix("segment_")
    segments = segments.rename(columns={"segment_status_since": "segment_since"})
    beside = rows[[*_TARGET, "status", "status_since", "segment_id"]].join(segments, on="segment_id")
    return beside.sort_values("target_id", ignore_index=True)
