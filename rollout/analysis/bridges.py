"""Segments no second way leads round: what fails with each of them, hospital and schools first."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from rollout.analysis.graphs import NOWHERE
from rollout.analysis.network import join_segments
from rollout.analysis.reach import built
from rollout.vocabulary import DROPPED, Category, Drive

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rollout.analysis.network import Network
    from rollout.analysis.state import State

    Flags = NDArray[np.bool_]
    Integers = NDArray[np.int64]

COUNTS = ("hospitals", "schools", "funded", "extended")
"""What hangs on a segment, in the order of its weight; schools and hospitals are among the funded."""


def single_paths(state: State, programme_id: str) -> pd.DataFrame:
    """
    List the built segments whose failure would cut off connections from every node.

    For internal eyes only: it tells where the network can be hurt.

    Parameters
    ----------
    state
        The programme on one day.
    programme_id
        Whose network.

    Returns
    -------
    rows
        `segment_id`, and how many reachable connections that are not dropped lose their node with it: `hospitals`,
        `schools`, `funded`, `extended`. Segments that cut off none are left out; most important first, then by
        `segment_id`.
    """
    own = built(state.segments, programme_id)
    counting = state.targets["reachable"] & state.targets["status"].ne(DROPPED).fillna(value=True)
    targets = state.targets[counting & state.targets["segment_id"].isin(own["segment_id"])]
    network = join_segments(own, state.nodes.sort_values("node_id"), tolerance_m=_tolerance(state))
    place = pd.Index(own["segment_id"]).get_indexer(pd.Index(targets["segment_id"]))
    behind = lost_with(network, np.ones(len(own), dtype=bool), place, _weights(targets))
    rows = pd.DataFrame(behind, columns=[*COUNTS]).assign(segment_id=own["segment_id"].array)
    ordered = rows[(rows[[*COUNTS]] > 0).any(axis=1)].sort_values(
        [*COUNTS, "segment_id"], ascending=[False] * 4 + [True]
    )
    return ordered[["segment_id", *COUNTS]].reset_index(drop=True)


def _tolerance(state: State) -> float:
    return state.project.definitions.join_tolerance_m


def _weights(targets: pd.DataFrame) -> Integers:
    """One row per target: whether it is a hospital, a school, funded, of the extended drive."""
    category, funded = targets["category"], targets["drive"].eq(Drive.FUNDED.value)
    flags = [category.eq(Category.HOSPITAL.value), category.eq(Category.SCHOOL.value), funded, ~funded]
    return np.column_stack([flag.to_numpy(dtype=np.int64) for flag in flags])


def lost_with(network: Network, open_segments: Flags, place: Integers, weights: Integers) -> Integers:
    """
    Add up what would lose every node with each segment.

    Parameters
    ----------
    network
        The network.
    open_segments
        Whether each segment may be walked, shape `(segments,)`.
    place
        Position of the segment each thing hangs on, shape `(things,)`.
    weights
        What each counts, shape `(things, kinds)`.

    Returns
    -------
    lost
        Sums by segment, shape `(segments, kinds)`. What hangs on a segment itself is lost with it.
    """
    segments = len(network.first_edges)
    own = np.zeros((network.vertices + segments + 1, weights.shape[1]), dtype=np.int64)
    np.add.at(own, network.vertices + place, weights)
    neighbours = _neighbours(network, open_segments)
    order, number, above = _depth_first(neighbours)
    lowest, held, lost = number.copy(), own.copy(), own.copy()
    for here in reversed(order[1:]):
        parent = above[here]
        lowest[here] = min(lowest[here], *(number[other] for other in neighbours[here]))
        lowest[parent] = min(lowest[parent], lowest[here])
        held[parent] += held[here]
        if lowest[here] >= number[parent]:  # nothing beyond leads back before the parent
            lost[parent] += held[here]
    seen = np.zeros(len(own), dtype=bool)
    seen[order] = True
    return np.asarray(np.where(seen[:, None], lost, 0)[network.vertices : network.vertices + segments])


def _neighbours(network: Network, open_segments: Flags) -> list[list[int]]:
    """
    Link every open segment with the vertices it meets, and the nodes' vertices with one place outside.

    Vertices come first, then the segments, then the place outside: a segment that fails is a place taken away.
    """
    edges = np.flatnonzero(open_segments[network.segment])
    segment = network.vertices + network.segment[edges]
    outside = network.vertices + len(network.first_edges)
    begins = np.unique(network.node[network.node != NOWHERE])
    links = np.concatenate(
        [
            np.column_stack([segment, network.tail[edges]]),
            np.column_stack([segment, network.head[edges]]),
            np.column_stack([np.full(len(begins), outside), begins]),
        ]
    )
    both = np.unique(np.concatenate([links, links[:, ::-1]]), axis=0)
    stops = np.searchsorted(both[:, 0], np.arange(outside + 2)).tolist()
    others = both[:, 1].tolist()
    return [others[start:stop] for start, stop in pairwise(stops)]


def _depth_first(neighbours: list[list[int]]) -> tuple[list[int], Integers, Integers]:
    """Visit what hangs on the last place, deepest first: the order, the number in it, and what each hangs on."""
    number, above = np.full(len(neighbours), NOWHERE), np.full(len(neighbours), NOWHERE)
    order: list[int] = []
    waiting = [(len(neighbours) - 1, NOWHERE)]
    while waiting:
        place, parent = waiting.pop()
        if number[place] == NOWHERE:
            number[place], above[place] = len(order), parent
            order.append(place)
            waiting += [(other, place) for other in neighbours[place] if number[other] == NOWHERE]
    return order, number, above
