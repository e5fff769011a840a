"""Which streets get a trench: a backbone between the nodes, ways to clusters of streets, and the clusters."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

from rollout.synthetic.spec import Pace
from rollout.vocabulary import NodeKind

if TYPE_CHECKING:
    from rollout.synthetic.quotas import DistrictQuota
    from rollout.synthetic.spec import CitySpec
    from rollout.synthetic.streets import StreetNetwork

MINOR_COST = 1.5
"""A metre of minor street counts as this many metres of main road: ways prefer main roads."""

RESERVE = 1.03
"""Streets are chosen for a little more than the length wanted; what is too much is cut off at the tips."""

FAR_ENOUGH_M = 900.0
"""Seeds need not be further apart than this, so that not every cluster lies at the edge of a district."""

NEAR_TRUNK_M = 700.0
"""Clusters further than this from the backbone become unlikely: the way to them would be long and serve few."""

PART_SHARE = 0.45
"""Where only a part of a district is served, the part holds this share of its junctions."""

NOWHERE = -1

RING_M = (171.0, 249.0)
"""Length of the street that closes the ring, if there is one: one piece of trench, and no tip that might be dropped."""


@dataclass(frozen=True, slots=True)
class Corridors:
    """
    The streets with a trench, as trees that grow from the nodes.

    Attributes
    ----------
    edges
        Street edges, each after the one it continues.
    forward
        Whether the trench runs from the edge's first junction to its second.
    parents
        Position in `edges` of the edge it continues; -1 at a node.
    depths
        Way from the node to the start, in metres.
    backbone
        Whether the edge lies between two nodes.
    grown
        Rank in which the edge was chosen: the highest are the last tips grown.
    node_junctions
        Junction of each node.
    """

    edges: np.ndarray
    forward: np.ndarray
    parents: np.ndarray
    depths: np.ndarray
    backbone: np.ndarray
    grown: np.ndarray
    node_junctions: np.ndarray


def corridors(
    network: StreetNetwork,
    edge_districts: np.ndarray,
    quotas: list[DistrictQuota],
    spec: CitySpec,
    rng: np.random.Generator,
) -> Corridors:
    """
    Choose the streets that get a trench.

    Parameters
    ----------
    network
        The streets.
    edge_districts
        Name of the district of each edge.
    quotas
        Length wanted in each district, and whether only a part of it is served.
    spec
        Its nodes are placed.
    rng
        Random numbers.

    Returns
    -------
    corridors
        Trees from the nodes, a little longer in all than the quotas.
    """
    growth = _Growth(network)
    nodes = np.array([_node_junction(network, edge_districts, plan.district) for plan in spec.nodes])
    growth.reached = {int(node) for node, plan in zip(nodes, spec.nodes, strict=True) if plan.kind == NodeKind.POP}
    growth.reach(nodes)
    backbone = set(growth.chosen)
    trunk = np.array(sorted(growth.reached))
    seeds = {quota.name: _seeds(network, edge_districts, quota, trunk, rng) for quota in quotas}
    growth.reach(np.concatenate([seeds[quota.name] for quota in quotas]))
    wanted = _beyond_backbone(growth, backbone, edge_districts, {quota.name: quota.length_m for quota in quotas})
    _fill(growth, edge_districts, wanted, _ranks(network, edge_districts, seeds, rng))
    return _with_ring(network, edge_districts, _rooted(network, growth.chosen, nodes, backbone), spec)


class _Growth:
    """Edges chosen so far, in order, and the junctions they reach."""

    def __init__(self, network: StreetNetwork) -> None:
        self.network = network
        self.lengths = network.lengths
        self.costs = np.round(self.lengths * np.where(network.main, 1.0, MINOR_COST), 1)
        count = len(network.places)
        self.graph = _graph(network.ends, self.costs, count)
        self.edge_of = {frozenset(pair): edge for edge, pair in enumerate(network.ends.tolist())}
        self.chosen: dict[int, None] = {}
        self.reached: set[int] = set()

    def reach(self, seeds: np.ndarray) -> None:
        """Lead a way to every seed, the nearest first, from whatever is chosen by then."""
        left = sorted(set(seeds.tolist()) - self.reached)
        while left:
            tree = sorted(self.reached)
            ways, before, _ = dijkstra(
                self.graph, directed=False, indices=tree, return_predecessors=True, min_only=True
            )
            nearest = min(left, key=lambda seed: (round(float(ways[seed]), 1), seed))
            self._add_way(nearest, before)
            left = [seed for seed in left if seed not in self.reached]

    def add(self, edge: int) -> None:
        """Choose an edge."""
        self.chosen.setdefault(edge)
        self.reached.update(self.network.ends[edge].tolist())

    def _add_way(self, end: int, before: np.ndarray) -> None:
        here = end
        while here not in self.reached:
            prior = int(before[here])
            self.chosen.setdefault(self.edge_of[frozenset((here, prior))])
            self.reached.add(here)
            here = prior


def _graph(ends: np.ndarray, costs: np.ndarray, count: int) -> csr_array:
    return csr_array((costs, (ends[:, 0], ends[:, 1])), shape=(count, count))


def _node_junction(network: StreetNetwork, edge_districts: np.ndarray, district: str) -> int:
    """Return the junction of main roads nearest to the middle of a district's streets."""
    own = edge_districts == district
    middle = np.median(network.places[network.ends[own].ravel()], axis=0)
    on_main = np.unique(network.ends[own & network.main])
    gaps = np.round(np.hypot(*(network.places[on_main] - middle).T), 1)
    return int(on_main[int(np.argmin(gaps))])


def _seeds(
    network: StreetNetwork,
    edge_districts: np.ndarray,
    quota: DistrictQuota,
    trunk: np.ndarray,
    rng: np.random.Generator,
) -> np.ndarray:
    """Spread seeds over a district, not too far from the trunk; where only a part is served, over that part."""
    junctions = np.unique(network.ends[(edge_districts == quota.name) & ~network.main])
    places = network.places[junctions]
    ways, _ = cKDTree(network.places[trunk]).query(places)
    near = 1.0 / (1.0 + (ways / NEAR_TRUNK_M) ** 2)
    gaps = np.full(len(junctions), FAR_ENOUGH_M)
    chosen: list[int] = []
    while len(chosen) < quota.clusters:
        score = np.minimum(gaps, FAR_ENOUGH_M) * near * rng.uniform(0.6, 1.0, len(gaps))
        chosen.append(int(np.argmax(score.round(3))))
        away = np.hypot(*(places - places[chosen[-1]]).T)
        gaps = np.minimum(gaps, away)
        if quota.in_parts and len(chosen) == 1:
            gaps[away > np.quantile(away, PART_SHARE)] = 0.0
    return junctions[chosen]


def _fill(growth: _Growth, edge_districts: np.ndarray, wanted: dict[str, float], ranks: list[float]) -> None:
    """Grow the clusters street by street about their seeds, always where most is missing."""
    missing, at_first = dict(wanted), {name: max(length, 1.0) for name, length in wanted.items()}
    queues = _queues(growth, edge_districts, ranks, list(wanted))
    while sum(missing.values()) > 0:
        name = max((name for name in missing if queues[name]), key=lambda name: missing[name] / at_first[name])
        _, edge = heapq.heappop(queues[name])
        new = [end for end in growth.network.ends[edge].tolist() if end not in growth.reached]
        if len(new) == 1:
            growth.add(edge)
            missing[name] -= float(growth.lengths[edge])
            for later in np.flatnonzero((growth.network.ends == new[0]).any(axis=1)).tolist():
                heapq.heappush(queues[str(edge_districts[later])], (ranks[later], later))


def _beyond_backbone(
    growth: _Growth, backbone: set[int], edge_districts: np.ndarray, quota_of: dict[str, float]
) -> dict[str, float]:
    """Share out what the backbone leaves: a district that it crosses still gets streets of its own."""
    total = sum(quota_of.values())
    trunk_m = float(growth.lengths[sorted(backbone)].sum())
    wanted = {name: length * (RESERVE * total - trunk_m) / total for name, length in quota_of.items()}
    for edge in growth.chosen:
        if edge not in backbone:
            wanted[str(edge_districts[edge])] -= float(growth.lengths[edge])
    return wanted


def _ranks(
    network: StreetNetwork, edge_districts: np.ndarray, seeds: dict[str, np.ndarray], rng: np.random.Generator
) -> list[float]:
    middles = network.places[network.ends].mean(axis=1)
    noise = rng.uniform(0.8, 1.25, len(middles))
    ranks = []
    for middle, name, factor in zip(middles, edge_districts, noise, strict=True):
        gaps = np.hypot(*(network.places[seeds[name]] - middle).T)
        ranks.append(round(float(gaps.min() * factor), 1))
    return ranks


def _queues(
    growth: _Growth, edge_districts: np.ndarray, ranks: list[float], names: list[str]
) -> dict[str, list[tuple[float, int]]]:
    queues: dict[str, list[tuple[float, int]]] = {name: [] for name in names}
    touching = np.isin(growth.network.ends, sorted(growth.reached)).any(axis=1)
    for edge in np.flatnonzero(touching).tolist():
        heapq.heappush(queues[str(edge_districts[edge])], (ranks[edge], edge))
    return queues


def _rooted(network: StreetNetwork, chosen: dict[int, None], nodes: np.ndarray, backbone: set[int]) -> Corridors:
    """Orient every edge away from its nearest node and find the edge it continues."""
    edges = np.array(list(chosen))
    lengths = network.lengths
    graph = _graph(network.ends[edges], lengths[edges], len(network.places))
    starting = np.unique(nodes)
    depths, before, _ = dijkstra(graph, directed=False, indices=starting, return_predecessors=True, min_only=True)
    depths = np.round(depths, 1)
    ends = network.ends[edges]
    forward = depths[ends[:, 0]] <= depths[ends[:, 1]]
    starts = np.where(forward, ends[:, 0], ends[:, 1])
    order = np.lexsort((edges, depths[starts]))
    position = {frozenset(ends[row].tolist()): place for place, row in enumerate(order.tolist())}
    before_start = before[starts[order]]
    parents = [
        position[frozenset((int(start), int(prior)))] if prior >= 0 else NOWHERE
        for start, prior in zip(starts[order], before_start, strict=True)
    ]
    return Corridors(
        edges=edges[order],
        forward=forward[order],
        parents=np.array(parents),
        depths=depths[starts[order]],
        backbone=np.isin(edges[order], sorted(backbone)),
        grown=order,
        node_junctions=nodes,
    )


def _with_ring(network: StreetNetwork, edge_districts: np.ndarray, trees: Corridors, spec: CitySpec) -> Corridors:
    """Close one ring, by a street between two trenches of a district whose works are nearly done."""
    ends = _far_ends(network, trees)
    finishing = [plan.name for plan in spec.districts if plan.pace is Pace.FINISHING]
    free = ~np.isin(np.arange(len(network.ends)), trees.edges) & ~network.main & (network.lengths < RING_M[1])
    free &= np.isin(network.ends, ends).all(axis=1)
    wanted = free & np.isin(edge_districts, finishing) & (network.lengths > RING_M[0])
    edge = int(np.flatnonzero(wanted if wanted.any() else free)[0])
    parent = int(np.flatnonzero(ends == network.ends[edge, 0])[0])
    depth = round(float(trees.depths[parent] + network.lengths[trees.edges[parent]]), 1)
    return Corridors(
        edges=np.append(trees.edges, edge),
        forward=np.append(trees.forward, True),
        parents=np.append(trees.parents, parent),
        depths=np.append(trees.depths, depth),
        backbone=np.append(trees.backbone, False),
        grown=np.append(trees.grown, NOWHERE),
        node_junctions=trees.node_junctions,
    )


def _far_ends(network: StreetNetwork, trees: Corridors) -> np.ndarray:
    """Junction at which each trench ends."""
    ends = network.ends[trees.edges]
    return np.asarray(np.where(trees.forward, ends[:, 1], ends[:, 0]))


def park_corridor(
    network: StreetNetwork, edge_districts: np.ndarray, taken: Corridors, spec: CitySpec
) -> tuple[int, list[tuple[int, bool]]]:
    """
    Choose a street for the business park, apart from every other trench.

    Parameters
    ----------
    network, edge_districts
        The streets and the district of each.
    taken
        The trees of the main programme.
    spec
        Its park is placed.

    Returns
    -------
    chain, edges
        The street's number and its first edges as (edge, forward), long enough for the park.
    """
    others = shapely.MultiLineString(network.lines[taken.edges].tolist())
    gaps = np.round(shapely.distance(network.lines, others), 0)
    lengths = network.lengths
    best: tuple[float, int, list[tuple[int, bool]]] | None = None
    for number, chain in enumerate(network.chains):
        edges = [edge for edge, _ in chain]
        fits = set(edge_districts[edges].tolist()) <= set(spec.park.districts) and not network.main[edges].any()
        if fits and lengths[edges].sum() > spec.park.length_m + 20.0 and gaps[edges].min() > 0:
            found = (-float(gaps[edges].min()), number, chain)
            best = found if best is None else min(best, found)
    if best is None:
        msg = "no street is left for the business park"
        raise ValueError(msg)
    return best[1], best[2]
