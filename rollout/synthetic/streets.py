"""The street network: main roads and minor streets joined, pruned, bent, and chained into streets with one name."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import shapely

from rollout.synthetic.base import dry_land
from rollout.synthetic.blocks import EDGE_OF_TOWN, Cell, Place, StreetPlan, divide
from rollout.synthetic.mains import MainRoads, main_roads

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rollout.synthetic.base import Base
    from rollout.synthetic.spec import CitySpec

LONGEST_DEAD_END_M = 130.0
DEAD_ENDS_KEPT = 0.45
LONGEST_MERGED_M = 230.0
CORNER_SPACING_M = 110.0
"""Longer pieces get corners about this far apart, so that bending them shows."""

SHORTEST_EDGE_M = 22.0
GREEN_MARGIN_M = 10.0
SAFE_DISTANCE_M = 8.0
"""Streets keep at least this distance from border and river."""

STRAIGHT_COSINE = np.cos(np.radians(38.0))
"""A street goes on under its name where the bend at a junction is smaller than this."""


@dataclass(frozen=True, slots=True)
class StreetNetwork:
    """
    Streets as a graph.

    Attributes
    ----------
    ends
        Junction numbers at both ends of each edge, shape (n, 2).
    paths
        Coordinates of each edge from its first junction to its second.
    lines
        The same as LineStrings.
    lengths
        Length of each edge in metres.
    places
        Coordinates of the junctions.
    main
        Whether an edge is a main road.
    chains
        Edges of each named street in order, as (edge, forward) pairs.
    """

    ends: np.ndarray
    paths: list[np.ndarray]
    lines: np.ndarray
    lengths: np.ndarray
    places: np.ndarray
    main: np.ndarray
    chains: list[list[tuple[int, bool]]]


@dataclass(frozen=True, slots=True)
class _Edge:
    path: tuple[Place, ...]
    main: bool

    @property
    def length(self) -> float:
        return round(float(np.hypot(*np.diff(np.array(self.path), axis=0).T).sum()), 2)


def street_network(base: Base, spec: CitySpec, rng: np.random.Generator) -> StreetNetwork:
    """
    Make the city's streets.

    Parameters
    ----------
    base, spec
        The base data and the figures.
    rng
        Random numbers.

    Returns
    -------
    network
        Edges that meet in junctions only, inside the city and out of the river.
    """
    roads = main_roads(base, spec)
    edges = _out_of_greens(_collapsed(_edges(_plan(roads, spec, rng))), roads)
    edges = _merged(_pruned(edges, rng))
    land = dry_land(base, spec, SAFE_DISTANCE_M)
    bent = [_Edge(_bent(_with_corners(edge.path)), edge.main) for edge in edges]
    inside = shapely.covers(land, [shapely.LineString(edge.path) for edge in bent])
    return _network(_connected(_without_crossings([edge for edge, ok in zip(bent, inside, strict=True) if ok])))


def _plan(roads: MainRoads, spec: CitySpec, rng: np.random.Generator) -> StreetPlan:
    plan = StreetPlan()
    numbers: dict[frozenset[Place], int] = {}
    for piece in roads.pieces:
        start, end = (float(piece[0, 0]), float(piece[0, 1])), (float(piece[1, 0]), float(piece[1, 1]))
        numbers[frozenset((start, end))] = plan.add(start, end, main=True)
    for shape in roads.cells:
        corners = [(float(x), float(y)) for x, y in shapely.get_coordinates(shape.exterior)[:-1]]
        following = [*corners[1:], corners[0]]
        sides = [numbers.get(frozenset(side), EDGE_OF_TOWN) for side in zip(corners, following, strict=True)]
        divide(Cell(corners, sides), plan, spec.block_area_m2 * float(rng.uniform(0.7, 1.35)), rng)
    return plan


def _edges(plan: StreetPlan) -> list[_Edge]:
    edges = []
    for (start, end), junctions, main in zip(plan.lines, plan.junctions, plan.main, strict=True):
        way = np.subtract(end, start)
        along = sorted({(round(float(np.subtract(spot, start) @ way), 1), spot) for spot in junctions})
        spots = [spot for _, spot in along]
        edges += [_Edge((a, b), main) for a, b in pairwise(spots)]
    return edges


def _collapsed(edges: list[_Edge]) -> list[_Edge]:
    """Draw two junctions into one where they all but touch."""
    moved: dict[Place, Place] = {}
    for edge in edges:
        one, other = (moved.get(spot, spot) for spot in edge.path)
        if edge.length < SHORTEST_EDGE_M and one != other:
            moved = {spot: one if now == other else now for spot, now in moved.items()} | {other: one}
    new = [_Edge(tuple(moved.get(spot, spot) for spot in edge.path), edge.main) for edge in edges]
    return [edge for edge in new if edge.path[0] != edge.path[-1]]


def _out_of_greens(edges: list[_Edge], roads: MainRoads) -> list[_Edge]:
    middles = shapely.points([np.mean(edge.path, axis=0) for edge in edges])
    shapely.prepare(roads.built_up)
    near = shapely.dwithin(roads.built_up, middles, GREEN_MARGIN_M)
    return [edge for edge, ok in zip(edges, near, strict=True) if ok or edge.main]


def _arms(edges: Iterable[_Edge]) -> dict[Place, list[_Edge]]:
    arms: dict[Place, list[_Edge]] = {}
    for edge in edges:
        for spot in (edge.path[0], edge.path[-1]):
            arms.setdefault(spot, []).append(edge)
    return arms


def _pruned(edges: list[_Edge], rng: np.random.Generator) -> list[_Edge]:
    """Take away most dead ends; a few short ones stay, as in every town."""
    spared: set[_Edge] = set()
    while True:
        arms = _arms(edges)
        tips = {edge for edge in edges if 1 in (len(arms[edge.path[0]]), len(arms[edge.path[-1]]))} - spared
        if not tips:
            return edges
        for edge in sorted(tips, key=lambda edge: edge.path):
            fine = 50.0 < edge.length < LONGEST_DEAD_END_M and not edge.main  # noqa: PLR2004
            if fine and rng.random() < DEAD_ENDS_KEPT:
                spared.add(edge)
        edges = [edge for edge in edges if edge not in tips or edge in spared]


def _merged(edges: list[_Edge]) -> list[_Edge]:
    """Join two edges where nothing else meets them, as long as the block edge stays short."""
    waiting = True
    while waiting:
        waiting, arms = False, _arms(edges)
        gone: set[_Edge] = set()
        new: list[_Edge] = []
        for spot, pair in sorted(arms.items()):
            if len(pair) != 2 or pair[0].main != pair[1].main or gone & set(pair):  # noqa: PLR2004
                continue
            if pair[0].length + pair[1].length <= LONGEST_MERGED_M and pair[0] != pair[1]:
                gone |= set(pair)
                new.append(_joined(pair[0], pair[1], spot))
        if new:
            waiting, edges = True, sorted([e for e in edges if e not in gone] + new, key=lambda e: e.path)
    return edges


def _joined(one: _Edge, two: _Edge, spot: Place) -> _Edge:
    first = one.path if one.path[-1] == spot else one.path[::-1]
    second = two.path if two.path[0] == spot else two.path[::-1]
    return _Edge(first + second[1:], one.main)


def _with_corners(path: tuple[Place, ...]) -> np.ndarray:
    line = shapely.LineString(path)
    if line.length <= 1.4 * CORNER_SPACING_M:
        return np.array(path)
    return shapely.get_coordinates(line.segmentize(CORNER_SPACING_M))


def _bent(path: np.ndarray) -> tuple[Place, ...]:
    """Shift places by a slow wave: straight lines become long bends, and nothing that did not cross begins to."""
    x, y = path[:, 0], path[:, 1]
    east = 15.0 * np.sin(x / 260.0 + y / 190.0) + 11.0 * np.sin(y / 137.0 - x / 330.0 + 1.0)
    north = 15.0 * np.sin(y / 270.0 - x / 180.0 + 2.0) + 11.0 * np.sin(x / 141.0 + y / 350.0 + 3.0)
    return tuple((float(a), float(b)) for a, b in np.round(np.column_stack([x + east, y + north]), 2))


def _without_crossings(edges: list[_Edge]) -> list[_Edge]:
    """Drop the lesser of two edges that touch anywhere but in a common junction."""
    lines = np.array([shapely.LineString(edge.path) for edge in edges])
    ones, others = shapely.STRtree(lines).query(lines, predicate="intersects")
    dropped: set[int] = set()
    for one, other in zip(ones[ones < others].tolist(), others[ones < others].tolist(), strict=True):
        ends = {edges[one].path[0], edges[one].path[-1]} & {edges[other].path[0], edges[other].path[-1]}
        met = shapely.get_coordinates(lines[one].intersection(lines[other]))
        shared = {(float(x), float(y)) for x, y in np.round(met, 2)}
        if (len(met) == 0 or shared != ends) and not dropped & {one, other}:
            dropped.add(max((one, other), key=lambda index: (not edges[index].main, -edges[index].length, index)))
    return [edge for index, edge in enumerate(edges) if index not in dropped]


def _connected(edges: list[_Edge]) -> list[_Edge]:
    """Keep the streets that can be reached from most of the others."""
    arms = _arms(edges)
    seen: set[Place] = set()
    best: list[Place] = []
    for start in sorted(arms):
        waiting, part = [start], []
        while waiting:
            spot = waiting.pop()
            if spot not in seen:
                seen.add(spot)
                part.append(spot)
                waiting += [end for edge in arms[spot] for end in (edge.path[0], edge.path[-1]) if end not in seen]
        best = max(best, part, key=len)
    kept = set(best)
    return [edge for edge in edges if edge.path[0] in kept]


def _network(edges: list[_Edge]) -> StreetNetwork:
    edges = sorted(edges, key=lambda edge: (edge.path[0], edge.path[-1]))
    spots = sorted(_arms(edges))
    numbers = {spot: number for number, spot in enumerate(spots)}
    lines = np.array([shapely.LineString(edge.path) for edge in edges])
    return StreetNetwork(
        ends=np.array([(numbers[edge.path[0]], numbers[edge.path[-1]]) for edge in edges]),
        paths=[np.array(edge.path) for edge in edges],
        lines=lines,
        lengths=np.round(shapely.length(lines), 3),
        places=np.array(spots),
        main=np.array([edge.main for edge in edges]),
        chains=_chains(edges),
    )


def _chains(edges: list[_Edge]) -> list[list[tuple[int, bool]]]:
    """Pair the arms of each junction that go straight on, and follow the pairs from end to end."""
    onward: dict[tuple[int, bool], tuple[int, bool]] = {}
    arms: dict[Place, list[tuple[int, bool]]] = {}
    for index, edge in enumerate(edges):
        arms.setdefault(edge.path[0], []).append((index, False))
        arms.setdefault(edge.path[-1], []).append((index, True))
    for spot in sorted(arms):
        for one, other in _straight_pairs(arms[spot], edges):
            onward[one], onward[other] = other, one
    return _followed(onward, len(edges))


def _straight_pairs(
    arms: list[tuple[int, bool]], edges: list[_Edge]
) -> list[tuple[tuple[int, bool], tuple[int, bool]]]:
    ways = {arm: _way_out(edges[arm[0]], at_end=arm[1]) for arm in arms}
    found = []
    for index, one in enumerate(arms):
        for other in arms[index + 1 :]:
            cosine = -float(ways[one] @ ways[other])
            if edges[one[0]].main == edges[other[0]].main and cosine > STRAIGHT_COSINE and one[0] != other[0]:
                found.append((-round(cosine, 6), one, other))
    pairs = []
    taken: set[tuple[int, bool]] = set()
    for _, one, other in sorted(found):
        if not {one, other} & taken:
            taken |= {one, other}
            pairs.append((one, other))
    return pairs


def _way_out(edge: _Edge, *, at_end: bool) -> np.ndarray:
    tip, inner = (edge.path[-1], edge.path[-2]) if at_end else (edge.path[0], edge.path[1])
    way = np.subtract(inner, tip)
    return np.asarray(way / np.hypot(*way))


def _followed(onward: dict[tuple[int, bool], tuple[int, bool]], count: int) -> list[list[tuple[int, bool]]]:
    chains, seen = [], set()
    # Chains with an end are followed from it; what is left afterwards are rings.
    starts = [(index, end) for index in range(count) for end in (False, True) if (index, end) not in onward]
    for start in [*starts, *[(index, False) for index in range(count)]]:
        arm, chain = start, []
        while arm[0] not in seen:
            seen.add(arm[0])
            chain.append((arm[0], not arm[1]))
            arm = onward.get((arm[0], not arm[1]), arm)
        if chain:
            chains.append(chain)
    return chains
