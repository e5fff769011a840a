"""Reach under random towns: more trenches lose nobody, fewer nodes gain nobody, and the order of rows says nothing."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from rollout.analysis.state import State
from tests.random_towns import built_too, computed, towns

some = settings(max_examples=15, deadline=None)
seeds, either = st.integers(0, 100_000), st.booleans()


def reached(state: State) -> set[str]:
    return {*state.targets.loc[state.targets["reachable"], "target_id"]}


@some
@given(seed=seeds, rings=either)
def test_one_more_built_segment_loses_nobody_and_leads_nobody_a_longer_way(seed: int, *, rings: bool) -> None:
    state = towns(seed, rings=rings)
    unbuilt = state.segments.loc[state.segments["height"] < 4, "segment_id"]
    more = built_too(state, {*unbuilt.iloc[:: 1 + seed % 3]})
    assert reached(state) <= reached(more)
    ways = state.targets["route_m"].to_numpy()
    there = np.isfinite(ways)
    assert (more.targets["route_m"].to_numpy()[there] <= ways[there] + 1e-6).all()


@some
@given(seed=seeds, rings=either)
def test_without_a_node_nobody_is_gained(seed: int, *, rings: bool) -> None:
    state = towns(seed, rings=rings, nodes=3)
    for gone in range(3):
        fewer = computed(state, state.segments, state.targets, state.nodes.drop(index=gone))
        assert reached(fewer) <= reached(state)
    nowhere = computed(state, state.segments, state.targets, state.nodes.iloc[:0])
    assert not reached(nowhere)


@some
@given(seed=seeds, rings=either)
def test_neither_the_order_of_rows_nor_a_move_by_a_kilometre_changes_what_is_reached(seed: int, *, rings: bool) -> None:
    state = towns(seed, rings=rings, nodes=3)
    lots = np.random.default_rng(seed)
    mixed = [
        rows.iloc[lots.permutation(len(rows))].assign(geometry=lambda rows: rows.translate(1_000, 1_000))
        for rows in (state.segments, state.targets, state.nodes)
    ]
    other = computed(state, *mixed)
    for key, columns in (
        ("segments", ["segment_id", "reached", "island_id"]),
        ("targets", ["target_id", "reachable", "cable_reachable", "node_id", "route_m"]),
        ("nodes", ["node_id", "joined", "pop_id", "feed_m"]),
    ):
        one, two = (
            pd.DataFrame(getattr(town, key)[columns]).sort_values(columns[0], ignore_index=True)
            for town in (state, other)
        )
        pd.testing.assert_frame_equal(one, two, rtol=0, atol=1e-5)
