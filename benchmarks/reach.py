"""
Reach over a million segments and a million targets, the graph built from the drawn lines, in CPU time.

Two rivals answer the same question, how long the way from a node to each target is. One is networkx on the very
vertices that our snapping found, so that it pays for no geometry. The other is the usual way: coordinates rounded to
the tolerance as vertices, networkx, one Python loop over the lines. How many targets that way loses is printed.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import shapely

import rollout
from benchmarks.ratio import Ratio, medians
from rollout.analysis.network import join_segments
from rollout.analysis.reach import with_reach
from rollout.analysis.routes import along, routes
from rollout.crs import METRIC_CRS

SEED = 20220328
BLOCK_M = 100.0
TOLERANCE_M = 0.5
DRAWN_APART = 0.02
"""Share of the ends that are drawn some centimetres or decimetres off."""

BUILT = 0.75
NODES_EACH = 1000
"""Street corners for each node."""

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Town:
    """A grid of streets with a trench along each, and targets along the trenches."""

    segments: gpd.GeoDataFrame
    nodes: gpd.GeoDataFrame
    built: np.ndarray
    place: np.ndarray
    along_m: np.ndarray


def town(corners: int) -> Town:
    """Make a town of so many corners a side: about two segments and two targets for each corner."""
    rng = np.random.default_rng(SEED)
    grid = np.stack(np.meshgrid(*(2 * [np.arange(corners) * BLOCK_M])), -1).reshape(-1, 2)
    places = grid + np.array([350_000.0, 5_650_000.0]) + rng.uniform(-25, 25, grid.shape)
    number = np.arange(len(places)).reshape(corners, corners)
    tail = np.concatenate([number[:, :-1].ravel(), number[:-1].ravel()])
    head = np.concatenate([number[:, 1:].ravel(), number[1:].ravel()])
    middle = (places[tail] + places[head]) / 2 + rng.uniform(-5, 5, (len(tail), 2))
    paths = np.stack([_drawn(places[tail], rng), middle, _drawn(places[head], rng)], axis=1)
    ids = pd.array([f"T{index:07d}" for index in range(len(tail))], dtype="string")
    segments = gpd.GeoDataFrame({"segment_id": ids}, geometry=shapely.linestrings(paths.round(3)), crs=METRIC_CRS)
    chosen = rng.choice(len(places), max(4, len(places) // NODES_EACH), replace=False)
    names = [f"N{index:04d}" for index in range(len(chosen))]
    nodes = gpd.GeoDataFrame({"node_id": names}, geometry=shapely.points(places[chosen].round(3)), crs=METRIC_CRS)
    place = rng.integers(0, len(tail), len(tail))
    return Town(segments, nodes, rng.random(len(tail)) < BUILT, place, rng.uniform(0, 40, len(tail)))


def _drawn(places: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    off = rng.random((len(places), 1)) < DRAWN_APART
    return places + off * rng.normal(0, 0.12, places.shape)


def ours(drawn: Town) -> np.ndarray:
    """Metres to each target, the graph built from the lines."""
    network = join_segments(drawn.segments, drawn.nodes, tolerance_m=TOLERANCE_M)
    found = routes(network, drawn.built, np.arange(len(drawn.nodes)))
    metres, _ = along(network, found, drawn.place, drawn.along_m)
    return np.where(drawn.built[drawn.place], metres, np.inf)


def on_the_same_ends(drawn: Town) -> Callable[[], np.ndarray]:
    """Let networkx begin where our snapping ended."""
    network = join_segments(drawn.segments, drawn.nodes, tolerance_m=TOLERANCE_M)
    edges = np.flatnonzero(drawn.built[network.segment])
    rows = list(
        zip(
            network.tail[edges].tolist(),
            network.head[edges].tolist(),
            (network.to_m - network.from_m)[edges].tolist(),
            strict=True,
        )
    )
    first, length = network.first_edges, shapely.length(drawn.segments.geometry.to_numpy())
    ends = list(zip(network.tail[first][drawn.place].tolist(), network.head[first][drawn.place].tolist(), strict=True))

    def searched() -> np.ndarray:
        graph = nx.Graph()
        graph.add_weighted_edges_from(rows)
        sources = {node for node in network.node.tolist() if node in graph}
        return _at(nx.multi_source_dijkstra_path_length(graph, sources), ends, drawn, length)

    return searched


def the_usual_way(drawn: Town) -> np.ndarray:
    """Round coordinates to the tolerance, and loop."""
    graph, ends = nx.Graph(), []
    for line, built in zip(drawn.segments.geometry, drawn.built.tolist(), strict=True):
        pair = tuple(_rounded(line.coords[at]) for at in (0, -1))
        ends.append(pair)
        if built:
            graph.add_edge(*pair, weight=line.length)
    sources = {_rounded(point.coords[0]) for point in drawn.nodes.geometry}
    ways = nx.multi_source_dijkstra_path_length(graph, {source for source in sources if source in graph})
    length = [line.length for line in drawn.segments.geometry]
    return _at(ways, [ends[place] for place in drawn.place.tolist()], drawn, np.array(length))


def _rounded(place: tuple[float, ...]) -> tuple[float, float]:
    return round(place[0] / TOLERANCE_M) * TOLERANCE_M, round(place[1] / TOLERANCE_M) * TOLERANCE_M


def _at(ways: dict, ends: list, drawn: Town, length: np.ndarray) -> np.ndarray:
    far = float("inf")
    metres = [
        min(ways.get(tail, far) + at, ways.get(head, far) + whole - at)
        for (tail, head), at, whole in zip(ends, drawn.along_m.tolist(), length[drawn.place].tolist(), strict=True)
    ]
    return np.where(drawn.built[drawn.place], metres, far)


def cpu(work: Callable[[], object]) -> Callable[[], float]:
    """Turn work into a contender that returns its CPU seconds."""

    def timed() -> float:
        begun = time.process_time()
        work()
        return time.process_time() - begun

    return timed


def measure() -> list[Ratio]:
    """Compare at a million, look at the growth, and at the city's size against the bare imports."""
    million, small = town(708), town(71)
    mine, same, usual = ours(million), on_the_same_ends(million), the_usual_way(million)
    lost = 1 - np.isfinite(usual).sum() / np.isfinite(mine).sum()
    print(f"the usual way loses {lost:.1%} of the reachable targets")
    seconds_mine, small_mine = (medians(cpu(lambda t=t: ours(t)), rounds=3)[0] for t in (million, small))
    seconds_same, seconds_usual = cpu(same)(), cpu(lambda: the_usual_way(million))()
    growth = np.log(seconds_mine / small_mine) / np.log(len(million.segments) / len(small.segments))
    return [
        Ratio("reach, 1 million segments, CPU", "networkx on the same ends", seconds_mine, seconds_same, "s", 1 / 5),
        Ratio(
            "reach, 1 million segments, CPU", "rounded coordinates, networkx", seconds_mine, seconds_usual, "s", 1 / 15
        ),
        Ratio("growth, 10,000 to 1,000,000", "n to the power of 1.1", float(growth), 1.1, "", 1),
        Ratio("peak memory at 1 million", "3 GB", _peak_gb(), 3.0, "GB", 1),
        _city(),
    ]


def _peak_gb() -> float:
    """Peak memory of a process that does nothing else."""
    program = (
        "import resource; from benchmarks.reach import ours, town; ours(town(708)); "
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    said = subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, text=True)
    return int(said.stdout.split()[-1]) * 1024 / 1e9


def _city() -> Ratio:
    state = rollout.state(rollout.open_project(ROOT))
    segments, targets, nodes = state.segments, state.targets, state.nodes
    bare = [segments.drop(columns=["reached", "cable_reached", "island_id"])]
    bare += [targets.drop(columns=["reachable", "cable_reachable", "node_id", "route_m"])]
    bare += [nodes.drop(columns=["joined", "pop_id", "feed_m"])]
    ours_, imports = medians(
        cpu(lambda: with_reach(*bare, state.project.definitions)),
        lambda: _child("import geopandas, folium"),
    )
    return Ratio("reach of the city, CPU", "import geopandas, folium", ours_, imports, "s", 0.2)


def _child(program: str) -> float:
    before = _children()
    subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)
    return _children() - before


def _children() -> float:
    import resource  # noqa: PLC0415

    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
