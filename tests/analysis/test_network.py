"""Joins and ways under random drawings, against every pair looked at by shapely, and against networkx."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st

from rollout.analysis.network import join_segments
from rollout.analysis.routes import connected, routes
from rollout.crs import METRIC_CRS
from rollout.errors import CrsError
from tests.drawing import X0, Y0, Spot

TOLERANCE_M = 0.5
some = settings(max_examples=40, deadline=None, phases=[Phase.generate])

# Joints stand on a coarse grid; ends are drawn some tenths of a metre beside them, so that many lie just within the
# tolerance, exactly at it, or just beyond.
_corner = st.tuples(st.integers(0, 3), st.integers(0, 3))
_beside = st.tuples(st.sampled_from([0, 0, 0, 3, -4, 5]), st.sampled_from([0, 0, 0, 3, 4, -1]))
_end = st.tuples(_corner, _beside).map(lambda at: (at[0][0] * 10 + at[1][0] / 10, at[0][1] * 10 + at[1][1] / 10))
_lines = st.lists(st.tuples(_end, _end).filter(lambda ends: _apart(*ends) > 5), min_size=1, max_size=9)
_drawings = st.tuples(_lines, st.lists(_end, max_size=3, unique=True))


def _apart(one: Spot, other: Spot) -> float:
    return float(np.hypot(one[0] - other[0], one[1] - other[1]))


def segments_of(lines: Sequence[Sequence[Spot]], corner: Spot = (X0, Y0)) -> gpd.GeoDataFrame:
    shapes = shapely.transform([shapely.LineString(line) for line in lines], lambda places: places + np.array(corner))
    return gpd.GeoDataFrame({"segment_id": [f"S{n}" for n in range(len(lines))]}, geometry=shapes, crs=METRIC_CRS)


def nodes_of(spots: Sequence[Spot], corner: Spot = (X0, Y0)) -> gpd.GeoDataFrame:
    shapes = [shapely.Point(corner[0] + x, corner[1] + y) for x, y in spots]
    ids = pd.Series([f"N{n}" for n in range(len(spots))], dtype="str")
    return gpd.GeoDataFrame({"node_id": ids}, geometry=shapes, crs=METRIC_CRS)


@dataclass
class Drawn:
    """A drawing with every pair of places looked at: which meet, and the graph that makes."""

    joins: list[tuple[str, str, str, float]]
    graph: nx.MultiGraph


def looked_at(lines: list[tuple[Spot, Spot]], nodes: list[Spot]) -> Drawn:
    """Compare every end and node with every other and with every line; doubtful distances are not drawn."""
    named: dict[Spot, list[str]] = {}
    for name, spot in [
        *((f"S{n}", end) for n, line in enumerate(lines) for end in line),
        *zip(_names(nodes), nodes, strict=True),
    ]:
        named.setdefault(spot, []).append(name)
    graph = nx.MultiGraph()
    graph.add_nodes_from(named)
    joins = []
    for (one, these), (other, those) in itertools.combinations(named.items(), 2):
        gap = _apart(one, other)
        if gap <= TOLERANCE_M + 1e-6:
            graph.add_edge(one, other, weight=0.0)
            joins.append(("end", *sorted([_first(these), _first(those)]), round(gap, 3)))
    place = {spot: number for number, part in enumerate(nx.connected_components(graph)) for spot in part}
    for number, line in enumerate(lines):
        cuts = {0.0: line[0], _apart(*line): line[1]}
        shape = shapely.LineString(line)
        for spot, names in named.items():
            gap = shape.distance(shapely.Point(spot))
            assume(abs(gap - TOLERANCE_M) < 1e-6 or abs(gap - TOLERANCE_M) > 0.002)
            if gap <= TOLERANCE_M + 1e-6 and place[spot] not in {place[end] for end in line}:
                along = shape.project(shapely.Point(spot))
                cut = cuts.setdefault(along, (number, along))
                graph.add_edge(spot, cut, weight=0.0)
                if gap > 0.01:
                    joins.append(("middle", _first(names), f"S{number}", round(gap, 3)))
        for (start, one), (end, other) in itertools.pairwise(sorted(cuts.items())):
            graph.add_edge(one, other, weight=end - start)
    return Drawn(sorted(joins), graph)


def _first(names: list[str]) -> str:
    """Name a place by the smallest segment that ends there, or else by its node."""
    return min(names, key=lambda name: (name.startswith("N"), name))


def _names(nodes: list[Spot]) -> list[str]:
    return [f"N{n}" for n in range(len(nodes))]


def _told(joins: pd.DataFrame) -> list[tuple[str, str, str, float]]:
    rows = zip(joins["meets"], joins["one_id"], joins["other_id"], joins["gap_m"], strict=True)
    return sorted(
        (str(meets), *(sorted([one, other]) if meets == "end" else [one, other]), round(float(gap), 3))
        for meets, one, other, gap in rows
    )


@some
@given(_drawings)
def test_the_joins_are_those_of_every_pair_looked_at(drawing: tuple[list[tuple[Spot, Spot]], list[Spot]]) -> None:
    lines, nodes = drawing
    network = join_segments(segments_of(lines), nodes_of(nodes), tolerance_m=TOLERANCE_M)
    assert _told(network.joins) == looked_at(lines, nodes).joins


@some
@given(_drawings)
def test_ways_and_parts_are_those_of_every_pair_looked_at(drawing: tuple[list[tuple[Spot, Spot]], list[Spot]]) -> None:
    lines, nodes = drawing
    graph = looked_at(lines, nodes).graph
    network = join_segments(segments_of(lines), nodes_of(nodes), tolerance_m=TOLERANCE_M)
    everything = np.ones(len(lines), dtype=bool)
    found = routes(network, everything, np.arange(len(nodes)))
    far = nx.multi_source_dijkstra_path_length(graph, {*nodes}) if nodes else {}
    expected = [far.get(line[0], np.inf) for line in lines]
    assert found.metres[network.tail[network.first_edges]] == pytest.approx(
        expected,
        abs=TOLERANCE_M * len(lines),  # ends that meet are one place, and the way through it has no length
    )
    group = connected(network, everything)
    parts = {spot: number for number, part in enumerate(nx.connected_components(graph)) for spot in part}
    for one, other in itertools.combinations(range(len(lines)), 2):
        assert (group[one] == group[other]) == (parts[lines[one][0]] == parts[lines[other][0]])


@some
@given(_drawings, st.randoms(use_true_random=False))
def test_neither_the_order_of_rows_nor_a_move_by_a_kilometre_changes_a_join(
    drawing: tuple[list[tuple[Spot, Spot]], list[Spot]], lots: object
) -> None:
    lines, nodes = drawing
    plain = join_segments(segments_of(lines), nodes_of(nodes), tolerance_m=TOLERANCE_M)
    moved_to = (X0 + 1_000, Y0 + 1_000)
    order = list(range(len(lines)))
    lots.shuffle(order)  # type: ignore[attr-defined]
    segments = segments_of(lines, moved_to).iloc[order]
    moved = join_segments(segments, nodes_of(nodes, moved_to).iloc[::-1], tolerance_m=TOLERANCE_M)
    back = moved.joins.assign(x=moved.joins["x"] - 1_000, y=moved.joins["y"] - 1_000)
    pd.testing.assert_frame_equal(back, plain.joins, rtol=0, atol=1e-6)
    there, here = (
        routes(network, np.ones(len(lines), dtype=bool), np.arange(len(nodes))) for network in (moved, plain)
    )
    far = here.metres[plain.tail[plain.first_edges]]
    assert there.metres[moved.tail[moved.first_edges]] == pytest.approx(far[order], abs=1e-5)


@dataclass
class Web:
    """Chords of a wide circle: they cross everywhere, and meet only at their ends."""

    segments: gpd.GeoDataFrame
    nodes: gpd.GeoDataFrame
    chords: np.ndarray
    stands: np.ndarray
    is_open: np.ndarray

    def graph(self, *, without: int | None = None) -> nx.MultiGraph:
        graph = nx.MultiGraph()
        graph.add_nodes_from(self.chords.ravel().tolist())
        for place, (one, other) in enumerate(self.chords.tolist()):
            if self.is_open[place] and place != without:
                graph.add_edge(one, other, weight=float(self.segments.geometry.iloc[place].length))
        return graph


def spun(seed: int, *, most: int) -> Web:
    lots = np.random.default_rng(seed)
    spots = int(lots.integers(3, 2 + most // 4))
    turn = np.linspace(0, 2 * np.pi, min(spots, 400), endpoint=False)
    circle = np.column_stack([np.cos(turn), np.sin(turn)]) * 20_000
    chords = lots.integers(0, len(turn), (int(lots.integers(2, most)), 2))
    chords = chords[chords[:, 0] != chords[:, 1]]
    used = np.unique(chords) if len(chords) else np.array([0])
    stands = lots.choice(used, size=min(len(used), int(lots.integers(1, 6))), replace=False)
    return Web(
        segments_of([circle[chord].tolist() for chord in chords]),
        nodes_of(circle[stands].tolist()),
        chords,
        stands,
        lots.random(len(chords)) < lots.choice([0.3, 0.6, 1.0]),
    )


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([20, 200, 2_000]))
def test_networkx_agrees_on_ways_and_on_what_hangs_together(seed: int, most: int) -> None:
    web = spun(seed, most=most)
    network = join_segments(web.segments, web.nodes, tolerance_m=TOLERANCE_M)
    assert network.joins.empty
    found, graph = routes(network, web.is_open, np.arange(len(web.nodes))), web.graph()
    far = nx.multi_source_dijkstra_path_length(graph, {*web.stands.tolist()})
    tails = network.tail[network.first_edges]
    starts = [far.get(int(one), np.inf) for one in web.chords[:, 0]]
    assert found.metres[tails] == pytest.approx(starts, abs=0.001)
    for place in np.flatnonzero(np.isfinite(starts))[:20]:
        from_it = nx.dijkstra_path_length(graph, int(web.stands[found.node[tails[place]]]), int(web.chords[place, 0]))
        assert from_it == pytest.approx(starts[place], abs=0.001)
    parts = {spot: number for number, part in enumerate(nx.connected_components(graph)) for spot in part}
    group = connected(network, web.is_open)
    told = {(int(group[place]), parts[int(web.chords[place, 0])]) for place in np.flatnonzero(web.is_open)}
    assert len(told) == len({one for one, _ in told}) == len({other for _, other in told})
    assert (group[~web.is_open] == -1).all()


def test_a_layer_in_degrees_is_refused() -> None:
    segments, nodes = segments_of([((0, 0), (10, 0))]), nodes_of([(0, 0)])
    with pytest.raises(CrsError, match="EPSG:4326"):
        join_segments(segments.to_crs(4326), nodes, tolerance_m=TOLERANCE_M)
    with pytest.raises(CrsError, match="EPSG:4326"):
        join_segments(segments, nodes.to_crs(4326), tolerance_m=TOLERANCE_M)


def test_no_segment_and_no_node_make_an_empty_network() -> None:
    network = join_segments(segments_of([]), nodes_of([(0, 0)]), tolerance_m=TOLERANCE_M)
    assert (len(network.segment), network.node.tolist()) == (0, [-1])
    assert len(join_segments(segments_of([((0, 0), (10, 0))]), nodes_of([]), tolerance_m=TOLERANCE_M).node) == 0
