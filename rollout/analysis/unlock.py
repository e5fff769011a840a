"""Which segments to ask for next: sets of unbuilt ones by the connections they gain for each metre."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from rollout.analysis.graphs import NOWHERE, shortest_ways
from rollout.analysis.network import join_segments
from rollout.analysis.reach import alive, at_least
from rollout.analysis.routes import components
from rollout.vocabulary import BUILT_HEIGHT, DROPPED, Category, Drive

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rollout.analysis.network import Network
    from rollout.analysis.state import State

    Flags = NDArray[np.bool_]
    Integers = NDArray[np.int64]
    Metres = NDArray[np.float64]

_MM = 1000

GAINS = ("funded", "extended", "schools", "hospitals")
"""Connections gained, counted apart; schools and hospitals are among the funded."""


@dataclass(frozen=True, slots=True)
class Unlocked:
    """
    Sets of unbuilt segments, the best first.

    Attributes
    ----------
    sets
        One row per set: `rank` (from 1), `segments` (how many), `length_m`, `funded`, `extended`, `schools`,
        `hospitals` (gained), `per_km` (funded gained per kilometre), `needs` (rank of the earlier set it continues;
        <NA> where it begins at what is built).
    members
        One row per segment, in the order they are to be built: `rank`, `segment_id`, `length_m`.
    """

    sets: pd.DataFrame
    members: pd.DataFrame


def unlock(
    state: State, programme_id: str, *, counted: pd.Series[bool] | None = None, limit: int | None = None
) -> Unlocked:
    """
    Rank sets of unbuilt segments by the funded connections they make reachable for each metre.

    The next set is the one that gains most per metre among all that grow from what is built, or from an earlier set,
    along the shortest remaining ways; metres that several ways share count once. Where the unbuilt network is a
    tree, no set gains more; in a ring another way round might. Taking the best next set again and again is not
    always the best choice for a given number of metres. `docs/reach.md` tells how far off it was.

    Parameters
    ----------
    state
        The programme on one day.
    programme_id
        Whose network.
    counted
        Which targets count as gained, index of `state.targets`; all by default.
    limit
        Number of sets; all by default, until nothing is left to gain.

    Returns
    -------
    unlocked
        The sets. A connection counts where it is not reachable, not dropped, and near enough to its segment.
    """
    own = alive(state.segments, programme_id).sort_values("segment_id")  # of ways alike, not the first row decides
    network = join_segments(
        own, state.nodes.sort_values("node_id"), tolerance_m=state.project.definitions.join_tolerance_m
    )
    gains = _gains(state, own["segment_id"], counted)
    work = Work(network, own["length_m"].to_numpy(), gains[:, 0], np.arange(len(own)))
    return _framed(ranked(work, at_least(own, BUILT_HEIGHT), limit), own, gains)


def _gains(state: State, segment_ids: pd.Series[str], counted: pd.Series[bool] | None) -> Integers:
    """Count the connections that wait on each segment, shape (segments, 4), in the order of `GAINS`."""
    targets = state.targets
    waits = ~targets["reachable"] & targets["drop_m"].le(state.project.definitions.drop_limit_m)
    waits &= targets["status"].ne(DROPPED).fillna(value=True)
    waits &= counted if counted is not None else True
    waiting = targets[waits & targets["segment_id"].isin(segment_ids)]
    funded = waiting["drive"].eq(Drive.FUNDED.value)
    flags = [funded, ~funded, *(waiting["category"].eq(kind.value) for kind in (Category.SCHOOL, Category.HOSPITAL))]
    gains = np.zeros((len(segment_ids), len(GAINS)), dtype=np.int64)
    place = pd.Index(segment_ids).get_indexer(pd.Index(waiting["segment_id"]))
    np.add.at(gains, place, np.column_stack([flag.to_numpy(dtype=np.int64) for flag in flags]))
    return gains


@dataclass(frozen=True, slots=True)
class Work:
    """
    What may be built, and what it would gain.

    Attributes
    ----------
    network
        All segments, built or not.
    length_m
        Length of each, shape `(segments,)`.
    gain
        What becomes reachable with each, shape `(segments,)`.
    order
        Place of each in the order that settles which of two sets alike comes first.
    """

    network: Network
    length_m: Metres
    gain: Integers
    order: Integers


@dataclass(frozen=True, slots=True)
class _Tree:
    """
    The shortest remaining ways from what is supplied, as a tree of unbuilt segments, each after the one before it.

    Attributes
    ----------
    segment, before
        Position of each segment, and place in the tree of the one before it; -1 where it begins at what is supplied.
    millimetres, gain
        Its length, and what it gains: its own, and the islands it is the first to meet.
    """

    segment: list[int]
    before: list[int]
    millimetres: list[int]
    gain: list[int]


@dataclass(frozen=True, slots=True)
class Chosen:
    """
    A set of segments to build.

    Attributes
    ----------
    segments
        Positions, in the order they are to be built.
    gained
        Positions of the segments whose connections become reachable, built islands among them.
    needs
        Rank of the earlier set it continues, 0 where it begins at what is built.
    """

    segments: list[int]
    gained: Integers
    needs: int


def ranked(work: Work, built: Flags, limit: int | None) -> list[Chosen]:
    """
    Choose set after set, each the one that gains most per metre once the earlier ones are built.

    Parameters
    ----------
    work
        What may be built.
    built
        Whether each segment is built, shape `(segments,)`.
    limit
        Number of sets; None for all.

    Returns
    -------
    sets
        The best first; none gains nothing.
    """
    network = work.network
    sets: list[Chosen] = []
    since, held = np.where(_supplied(network, built), 0, NOWHERE), _held(network, built)
    while limit is None or len(sets) < limit:
        chosen = _densest(_tree(work, built), work.order)
        if not chosen:
            break
        first = network.segment == chosen[0]
        begins = since[np.concatenate([network.tail[first], network.head[first]])]
        built = built.copy()
        built[chosen] = True
        now_held = _held(network, built)
        gained = np.flatnonzero(now_held & ~held)
        sets.append(Chosen(chosen, gained, int(begins[begins != NOWHERE].min())))
        held = now_held
        since = np.where(_supplied(network, built) & (since == NOWHERE), len(sets), since)
    return sets


def _supplied(network: Network, built: Flags) -> Flags:
    """Vertices that built segments join to a node."""
    group = components(network, built)
    return np.isin(group, group[network.node[network.node != NOWHERE]])


def _held(network: Network, built: Flags) -> Flags:
    """Segments that are built and joined to a node."""
    return built & _supplied(network, built)[network.tail[network.first_edges]]


def _tree(work: Work, built: Flags) -> _Tree:
    """
    Find the shortest remaining ways.

    Places that built segments join are one place, so that an island costs nothing to cross. A segment is a place as
    well, half its length from each place it meets: it is built whole, wherever the way enters and leaves it.
    """
    network = work.network
    joint = components(network, built)
    joints = int(joint.max(initial=NOWHERE)) + 1
    joint[_supplied(network, built)] = joints  # whatever is supplied is one place, where every way begins
    edges = np.flatnonzero(~built[network.segment])
    links = np.unique(
        np.concatenate(
            [np.column_stack([network.segment[edges], joint[end[edges]]]) for end in (network.tail, network.head)]
        ),
        axis=0,
    )
    segment, place = links.T
    half = work.length_m[segment] / 2.0
    size = joints + 1 + len(built)
    start = np.array([joints])
    far, before = shortest_ways((place, joints + 1 + segment), half, start, np.zeros(1), size)
    return _grown(work, (far[joints + 1 :], before), _waiting(work, joint, built))


def _waiting(work: Work, joint: Integers, built: Flags) -> Integers:
    """Count what waits on the islands, by place; on what is supplied nothing waits."""
    waiting = np.zeros(int(joint.max(initial=NOWHERE)) + 2, dtype=np.int64)
    np.add.at(waiting, joint[work.network.tail[work.network.first_edges]], np.where(built, work.gain, 0))
    return waiting


def _grown(work: Work, ways: tuple[Metres, Integers], waiting: Integers) -> _Tree:
    far, before = ways
    joints = len(before) - len(far)
    reached = np.flatnonzero(np.isfinite(far))
    ordered = reached[np.lexsort((work.order[reached], far[reached]))]
    entered = before[joints + ordered]
    place_in_tree = np.full(len(far) + 1, NOWHERE)
    place_in_tree[ordered] = np.arange(len(ordered))
    prior = before[entered]
    came = np.where(prior < 0, NOWHERE, place_in_tree[np.maximum(prior - joints, NOWHERE)])
    islands = np.flatnonzero(waiting[:joints])
    islands = islands[before[islands] >= joints]  # a segment is the first to meet them, and no other gains them again
    met = np.zeros(len(far), dtype=np.int64)
    np.add.at(met, before[islands] - joints, waiting[islands])
    gain = work.gain[ordered] + met[ordered]
    millimetres = np.rint(work.length_m[ordered] * _MM).astype(np.int64)
    return _Tree(ordered.tolist(), came.tolist(), millimetres.tolist(), gain.tolist())


def _densest(tree: _Tree, order: Integers) -> list[int]:
    """
    Return the branch of the tree, cut back as is best, that gains most per metre; nothing where none gains.

    Dinkelbach's method: at a price per millimetre the best branch is found from the tips inwards; what it gains per
    millimetre is the next price, until no branch is worth more than its price. Whole numbers, so nothing is rounded.
    """
    price = (0, 1)
    best: list[int] = []
    while True:
        worth, sums = _worth(tree, price)
        branches = [place for place, before in enumerate(tree.before) if before == NOWHERE and worth[place] > 0]
        if not branches:
            return [tree.segment[place] for place in best]
        top = max(branches, key=lambda place: (Fraction(*sums[place]), -sums[place][1], -order[tree.segment[place]]))
        price, best = sums[top], _kept(tree, top, worth)


def _worth(tree: _Tree, price: tuple[int, int]) -> tuple[list[int], list[tuple[int, int]]]:
    """Return what each place and the best of what is behind it are worth at a price, and their gain and millimetres."""
    gain, per = price
    worth = [own * per - gain * length for own, length in zip(tree.gain, tree.millimetres, strict=True)]
    sums = list(zip(tree.gain, tree.millimetres, strict=True))
    for place in range(len(worth) - 1, -1, -1):
        before = tree.before[place]
        if before != NOWHERE and worth[place] > 0:
            worth[before] += worth[place]
            sums[before] = (sums[before][0] + sums[place][0], sums[before][1] + sums[place][1])
    return worth, sums


def _kept(tree: _Tree, top: int, worth: list[int]) -> list[int]:
    """Return the places of a branch that are worth their price, nearest first."""
    kept = {top}
    for place in range(top + 1, len(tree.before)):
        if tree.before[place] in kept and worth[place] > 0:
            kept.add(place)
    return sorted(kept)


def _framed(chosen: list[Chosen], own: pd.DataFrame, gains: Integers) -> Unlocked:
    length_m = own["length_m"].to_numpy()
    rows = [
        {
            "rank": rank,
            "segments": len(one.segments),
            "length_m": float(length_m[one.segments].sum()),
            **dict(zip(GAINS, gains[one.gained].sum(axis=0).tolist(), strict=True)),
            "needs": one.needs or pd.NA,
        }
        for rank, one in enumerate(chosen, start=1)
    ]
    sets = pd.DataFrame(rows, columns=["rank", "segments", "length_m", *GAINS, "needs"]).astype({"needs": "Int64"})
    sets.insert(7, "per_km", sets["funded"] / sets["length_m"] * _MM)
    place = [at for one in chosen for at in one.segments]
    members = pd.DataFrame(
        {
            "rank": [rank for rank, one in enumerate(chosen, start=1) for _ in one.segments],
            "segment_id": own["segment_id"].array[place],
            "length_m": length_m[place],
        }
    )
    return Unlocked(sets, members)
