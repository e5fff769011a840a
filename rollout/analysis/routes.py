"""The shortest ways from the nodes of a network over its open segments, and which of them hang together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rollout.analysis import graphs
from rollout.analysis.graphs import NOWHERE, followed, shortest_ways

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rollout.analysis.network import Network

    Flags = NDArray[np.bool_]
    Integers = NDArray[np.int64]
    Metres = NDArray[np.float64]

# Of several nodes equally far the first serves. The head start that settles it is a thousandth of a millimetre for
# each position: far less than any drawing knows, far more than a sum of metres loses.
_HEAD_START_M = 1e-6


@dataclass(frozen=True, slots=True)
class Routes:
    """
    The shortest ways from the nodes over the open edges of a network.

    Attributes
    ----------
    metres
        Way to each vertex, shape `(vertices,)`; inf where none leads there.
    node
        Position of the node it comes from; -1 where there is none.
    """

    metres: Metres
    node: Integers


def routes(network: Network, open_segments: Flags, sources: Integers) -> Routes:
    """
    Find the shortest way from any of some nodes to every vertex.

    Parameters
    ----------
    network
        As `join_segments` returns.
    open_segments
        Whether each segment may be walked, shape `(segments,)`.
    sources
        Positions of the nodes to begin at, ascending; of several equally near the first serves.

    Returns
    -------
    routes
        Metres along the segments. A node that meets no segment begins nowhere.
    """
    begins = sources[network.node[sources] != NOWHERE]
    edges = np.flatnonzero(open_segments[network.segment])
    ends, metres = (network.tail[edges], network.head[edges]), (network.to_m - network.from_m)[edges]
    head_start = _HEAD_START_M * (begins + 1)
    far, before = shortest_ways(ends, metres, network.node[begins], head_start, network.vertices)
    node = np.full(network.vertices, NOWHERE)
    node[network.node[begins][::-1]] = begins[::-1]  # of several at one place the first serves
    node = node[followed(np.where(before == NOWHERE, np.arange(len(before)), before))]
    node = np.where(np.isfinite(far), node, NOWHERE)
    return Routes(np.where(node == NOWHERE, np.inf, far - _HEAD_START_M * (node + 1)), node)


def along(network: Network, found: Routes, segment: Integers, at_m: Metres) -> tuple[Metres, Integers]:
    """
    Return the way to places on segments.

    Parameters
    ----------
    network
        The network.
    found
        The ways to its vertices.
    segment
        Position of the segment each place is on, shape `(places,)`.
    at_m
        Metres along it.

    Returns
    -------
    metres, node
        Over the nearer end of the edge the place is on, and the node the way comes from, the first of two equally
        near; inf and -1 where none leads there. That the segment itself is open is the caller's to know.
    """
    edge = _edge_at(network, segment, at_m)
    by_tail = found.metres[network.tail[edge]] + np.maximum(at_m - network.from_m[edge], 0.0)
    by_head = found.metres[network.head[edge]] + np.maximum(network.to_m[edge] - at_m, 0.0)
    from_tail, from_head = found.node[network.tail[edge]], found.node[network.head[edge]]
    tail_first = by_tail + _HEAD_START_M * from_tail <= by_head + _HEAD_START_M * from_head
    return np.minimum(by_tail, by_head), np.where(tail_first, from_tail, from_head)


def _edge_at(network: Network, segment: Integers, at_m: Metres) -> Integers:
    """Return the edge of each place."""
    first = network.first_edges
    last = np.append(first[1:], len(network.segment)) - 1
    edge = first[segment]
    cut = np.flatnonzero(last[segment] > edge)
    if len(cut):
        before = np.cumsum(network.to_m[last]) - network.to_m[last]  # all segments laid end to end
        begins = before[network.segment] + network.from_m
        found = np.searchsorted(begins, before[segment[cut]] + at_m[cut], side="right") - 1
        edge[cut] = np.clip(found, edge[cut], last[segment[cut]])
    return edge


def connected(network: Network, open_segments: Flags) -> Integers:
    """
    Tell which segments hang together.

    Parameters
    ----------
    network
        The network.
    open_segments
        Whether each segment may be walked, shape `(segments,)`.

    Returns
    -------
    group
        One number for all segments that hang together, shape `(segments,)`; -1 for those that are not open.
    """
    group = components(network, open_segments)
    return np.where(open_segments, group[network.tail[network.first_edges]], NOWHERE)


def components(network: Network, open_segments: Flags) -> Integers:
    """
    Tell which vertices hang together.

    Parameters
    ----------
    network
        The network.
    open_segments
        Whether each segment may be walked, shape `(segments,)`.

    Returns
    -------
    group
        One number for all vertices that hang together, shape `(vertices,)`; a vertex that no open segment meets is
        alone.
    """
    edges = np.flatnonzero(open_segments[network.segment])
    return graphs.components(network.vertices, network.tail[edges], network.head[edges])
