"""
Two questions to a graph, answered with arrays: what hangs together, and the shortest ways from some places.

Waves of places are worked on at once. A wave is a step further from the start, so the work grows with the edges and
with the number of steps across the network, which in a network of streets is small. A library for sparse graphs
answers the same (and is the oracle in the tests); to import it takes about a third of the time of Geopandas and Folium.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]
    Metres = NDArray[np.float64]

NOWHERE = -1

_SHORTEST_M = 1e-9
"""An edge without length counts as this long, so that of two places one is always before the other."""


def components(count: int, tail: Integers, head: Integers) -> Integers:
    """
    Tell which places hang together.

    Parameters
    ----------
    count
        Number of places.
    tail, head
        The places each edge joins, shape `(edges,)`.

    Returns
    -------
    group
        Shape `(count,)`, numbers from 0 in the order of the first place of each group.
    """
    root = np.arange(count)
    while True:
        low = np.minimum(root[tail], root[head])
        lower = root.copy()
        np.minimum.at(lower, root[tail], low)
        np.minimum.at(lower, root[head], low)
        lower = followed(lower)
        if np.array_equal(lower, root):
            return np.asarray((np.cumsum(root == np.arange(count)) - 1)[root])
        root = lower


def followed(pointers: Integers) -> Integers:
    """
    Follow each place's pointer to its end.

    Parameters
    ----------
    pointers
        The place that each place points at, itself at an end; no circles.

    Returns
    -------
    ends
        The place where each way ends.
    """
    while True:
        further = pointers[pointers]
        if np.array_equal(further, pointers):
            return pointers
        pointers = further


def shortest_ways(
    edges: tuple[Integers, Integers], metres: Metres, starts: Integers, at_m: Metres, count: int
) -> tuple[Metres, Integers]:
    """
    Find the shortest way to every place from the nearest of some starts.

    Parameters
    ----------
    edges
        Tail and head of each edge, which may be walked both ways, shape `(edges,)` each; two edges may join the
        same places.
    metres
        Length of each edge, not negative.
    starts, at_m
        Places to begin at, and the metres that are behind each already.
    count
        Number of places.

    Returns
    -------
    far, before
        Metres to each place, inf where no way leads; and the place before it on its way, of several ways equally
        short the smallest, -1 at a start and where no way leads.
    """
    tail, head = np.concatenate(edges), np.concatenate(edges[::-1])
    length = np.tile(np.maximum(metres, _SHORTEST_M), 2)
    order = np.argsort(tail, kind="stable")
    head, length = head[order], length[order]
    rows = np.concatenate([[0], np.cumsum(np.bincount(tail, minlength=count))])
    far = np.full(count, np.inf)
    np.minimum.at(far, starts, at_m)
    begun = far.copy()
    wave = np.unique(starts)
    while len(wave):
        which, edge = ranges(rows[wave], rows[wave + 1])
        place, way = head[edge], far[wave][which] + length[edge]
        shorter = way < far[place]
        place = place[shorter]
        np.minimum.at(far, place, way[shorter])
        wave = np.unique(place)
    return far, _before(tail[order], head, far, (length, begun))


def _before(tail: Integers, head: Integers, far: Metres, how: tuple[Metres, Metres]) -> Integers:
    """Return the place each way comes from: an edge is on a shortest way where it makes up the whole difference."""
    length, begun = how
    on_way = np.flatnonzero((far[tail] + length == far[head]) & np.isfinite(far[head]) & (far[head] < begun[head]))
    before = np.full(len(far), len(far))
    np.minimum.at(before, head[on_way], tail[on_way])
    return np.where(before == len(far), NOWHERE, before)


def ranges(start: Integers, stop: Integers) -> tuple[Integers, Integers]:
    """
    Lay ranges of whole numbers end to end.

    Parameters
    ----------
    start, stop
        First number of each range, and the one behind its last.

    Returns
    -------
    which, number
        For every number of every range, which range it is of, and the number.
    """
    count = stop - start
    which = np.repeat(np.arange(len(count)), count)
    return which, np.arange(len(which)) - np.repeat(np.cumsum(count) - count - start, count)
