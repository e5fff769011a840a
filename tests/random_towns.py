"""Random small towns: the networks of `benchmarks.unlock` with houses beside their trenches."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np

from benchmarks.unlock import drawn
from rollout.analysis.reach import with_reach
from rollout.analysis.state import State
from tests.drawing import Row, house, node, town, trench


def towns(seed: int, *, rings: bool, nodes: int = 1) -> State:
    """A drawn case as a town, with houses beside the middle of each segment."""
    case = drawn(seed, rings=rings)
    lots = np.random.default_rng(seed)
    ways: list[Row] = []
    houses: list[Row] = []
    for number, line in enumerate(case.lines):
        status = "duct_laid" if case.built[number] else str(lots.choice(["planned", "permitted", "digging"]))
        ways.append(trench(f"S{number:02}", [*line.coords], status))
        middle = line.interpolate(0.37, normalized=True)
        for one in range(int(lots.integers(0, 4))):
            said = {
                "drive": str(lots.choice(["funded", "extended"])),
                "category": str(lots.choice(["household", "school"])),
            }
            houses.append(house(f"{number}-{one}", (middle.x + 1, middle.y + 1 + one), **said))
    others = [line.coords[0] for line in lots.permutation(case.lines)[: nodes - 1]]
    stands = [node(f"N{number}", spot, "pop") for number, spot in enumerate([case.node.coords[0], *others])]
    return town(stands, ways, houses)


def built_too(state: State, segment_ids: set[str]) -> State:
    """The same town with some segments built as well."""
    now = state.segments
    height = now["height"].mask(now["segment_id"].isin(segment_ids), 4)
    return computed(state, now.assign(height=height), state.targets, state.nodes)


def computed(state: State, segments: gpd.GeoDataFrame, targets: gpd.GeoDataFrame, nodes: gpd.GeoDataFrame) -> State:
    """The town with other rows, its reach computed anew."""
    segments, targets, nodes = with_reach(
        segments.drop(columns=["reached", "island_id"]),
        targets.drop(columns=["reachable", "cable_reachable", "node_id", "route_m"]),
        nodes.drop(columns=["joined", "pop_id", "feed_m"]),
        state.project.definitions,
    )
    return replace(state, segments=segments, targets=targets, nodes=nodes)
