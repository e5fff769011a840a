"""The bundled city holds one of each thing that goes wrong, and the tool finds exactly those."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import networkx as nx
import numpy as np
import pytest

import rollout
from rollout.analysis.bridges import single_paths
from rollout.analysis.contradictions import contradictions, house_first
from rollout.analysis.islands import islands
from rollout.analysis.network import join_segments
from rollout.analysis.reach import alive
from rollout.analysis.state import State
from rollout.synthetic.city import City
from rollout.synthetic.snags import Snag

MAIN = "leverkusen"


@pytest.fixture(scope="module")
def state(stored: Path) -> State:
    return rollout.state(rollout.open_project(stored))


def test_every_snag_is_in_the_city(city: City) -> None:
    assert {snag for snag, ids in city.snags.items() if ids} == {*Snag}


def test_the_islands_are_the_wide_gaps_each_alone_and_the_pair_laid_ahead(state: State, city: City) -> None:
    found = {island: {*part} for island, part in state.segments.groupby("island_id")["segment_id"]}
    expected = [*({one} for one in city.snags[Snag.WIDE_GAP]), {*city.snags[Snag.AHEAD]}]
    assert sorted(map(sorted, found.values())) == sorted(map(sorted, expected))
    assert {*islands(state)["island_id"]} == {*found}


def test_the_reported_joins_are_the_narrow_gaps(state: State, city: City) -> None:
    joins = join_segments(alive(state.segments, MAIN), state.nodes, tolerance_m=0.5).joins
    assert len(joins) == len(city.snags[Snag.NARROW_GAP])
    pairs = list(zip(joins["one_id"], joins["other_id"], strict=True))
    for narrow in city.snags[Snag.NARROW_GAP]:
        assert sum(narrow in pair for pair in pairs) == 1


def test_what_waits_with_a_finished_way_is_what_was_left_waiting(state: State, city: City) -> None:
    rows = contradictions(state)
    assert {*rows.loc[rows["kind"] == "waiting_with_path", "target_id"]} == {*city.snags[Snag.WAITING]}


def test_connected_without_a_way_are_those_behind_the_wide_gaps_and_none_else(state: State, city: City) -> None:
    rows = contradictions(state)
    without = rows[rows["kind"] == "connected_without_path"]
    assert len(without)
    assert {*without["segment_id"]} <= {*city.snags[Snag.WIDE_GAP]}
    assert "connected_without_cable" not in {*rows["kind"]}


def test_what_begins_at_a_middle_is_joined_there(state: State, city: City) -> None:
    built = state.segments[
        state.segments["segment_id"].isin(city.snags[Snag.MEETS_MIDDLE]) & (state.segments["height"] >= 4)
    ]
    assert len(built)
    network = join_segments(alive(state.segments, MAIN), state.nodes, tolerance_m=0.5)
    assert len(network.segment) > len(alive(state.segments, MAIN))


def test_the_trenches_of_the_one_loop_take_no_more_than_their_own_houses(state: State) -> None:
    own = alive(state.segments, MAIN)
    network = join_segments(own, state.nodes, tolerance_m=0.5)
    graph = nx.Graph()
    for place, ends in enumerate(zip(network.tail.tolist(), network.head.tolist(), strict=True)):
        graph.add_edge(*ends, segment_id=own["segment_id"].iloc[int(network.segment[place])])
    [loop] = nx.cycle_basis(graph)
    trenches = {graph.edges[one, other]["segment_id"] for one, other in pairwise([*loop, loop[0]])}
    whole = trenches & {*own["segment_id"][np.bincount(network.segment) == 1]}
    lost = single_paths(state, MAIN).set_index("segment_id")[["funded", "extended"]].sum(axis=1)
    kept = state.targets[state.targets["reachable"] & state.targets["status"].ne("dropped").fillna(value=True)]
    houses = kept.groupby("segment_id").size()
    assert len(whole) > 2
    assert {one: lost.get(one, 0) for one in whole} == {one: houses.get(one, 0) for one in whole}


def test_the_hospital_hangs_on_single_paths_and_houses_first_are_listed(state: State) -> None:
    assert single_paths(state, MAIN)["hospitals"].iloc[0] == 1
    assert len(house_first(state))
