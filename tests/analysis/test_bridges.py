"""Single paths under random networks, against networkx with each segment taken out in turn."""

from __future__ import annotations

import itertools

import networkx as nx
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.unlock import Case, drawn
from rollout.analysis.bridges import lost_with
from rollout.analysis.network import Network, join_segments
from tests.drawing import X0, Y0
from tests.drawing import segments_and_nodes as framed


def joined(case: Case) -> Network:
    segments, nodes = framed(case.lines, [case.node])
    return join_segments(segments, nodes, tolerance_m=0.5)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 100_000), rings=st.booleans())
def test_what_is_lost_with_a_segment_is_what_networkx_no_longer_reaches_without_it(seed: int, *, rings: bool) -> None:
    case = drawn(seed, rings=rings)
    count = len(case.lines)
    is_open = np.random.default_rng(seed).random(count) < 0.8
    weights = np.column_stack([np.arange(count), np.arange(count) % 3])
    graph = nx.Graph((one, other) for one in range(count) for other in case.meeting[one] if is_open[[one, other]].all())
    graph.add_edges_from(("node", line) for line in case.fed if is_open[line])
    graph.add_node("node")
    served = nx.node_connected_component(graph, "node") - {"node"}
    place = np.array(sorted(served), dtype=np.int64)
    lost = lost_with(joined(case), is_open, place, weights[place])
    for line in range(count):
        left = graph.copy()
        left.remove_nodes_from([line])
        gone = served - nx.node_connected_component(left, "node")
        assert lost[line].tolist() == weights[sorted(gone)].sum(axis=0).tolist()


def test_in_a_web_of_two_thousand_segments_networkx_finds_the_same_single_paths() -> None:
    """Chords of a wide circle meet only at its 400 joints; each is taken out in turn."""
    lots = np.random.default_rng(7)
    turn = np.linspace(0, 2 * np.pi, 400, endpoint=False)
    circle = np.column_stack([np.cos(turn), np.sin(turn)]) * 20_000
    chords = np.array([pair for pair in lots.integers(0, 400, (2_000, 2)).tolist() if pair[0] != pair[1]])
    is_open = lots.random(len(chords)) < 0.2  # about one for each joint: trees, rings and parts by themselves
    busiest = np.argsort(-np.bincount(chords[is_open].ravel(), minlength=400), kind="stable")[:2].tolist()
    segments, nodes = framed([circle[chord] for chord in chords], circle[busiest], (X0, Y0))
    network = join_segments(segments, nodes, tolerance_m=0.5)
    graph = nx.MultiGraph()
    graph.add_nodes_from(range(400))
    graph.add_edges_from((*chords[line], line) for line in np.flatnonzero(is_open))
    served = _served(graph, busiest)
    place = np.array([line for line in np.flatnonzero(is_open) if chords[line][0] in served], dtype=np.int64)
    lost = lost_with(network, is_open, place, np.ones((len(place), 1), dtype=np.int64))
    assert len(place) > 150
    for line in np.flatnonzero(is_open):
        graph.remove_edge(*chords[line], key=line)
        left = _served(graph, busiest)
        graph.add_edge(*chords[line], key=line)
        gone = [other for other in place if other == line or not {*chords[other].tolist()} & left]
        assert lost[line, 0] == len(gone)


def _served(graph: nx.MultiGraph, nodes: list[int]) -> set[int]:
    return {*itertools.chain(*(nx.node_connected_component(graph, node) for node in nodes))}
