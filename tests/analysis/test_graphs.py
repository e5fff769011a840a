"""What hangs together and the shortest ways, against scipy's sparse graphs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

from rollout.analysis.graphs import NOWHERE, components, followed, ranges, shortest_ways

PLACES = 24


@st.composite
def webs(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Some edges between few places, lengths of few sizes, so that ways are often equally long."""
    pairs = draw(st.lists(st.tuples(st.integers(0, PLACES - 1), st.integers(0, PLACES - 1)), max_size=60))
    tail, head = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    sizes = st.lists(st.sampled_from([1.0, 2.0, 2.5, 40.0]), min_size=len(pairs), max_size=len(pairs))
    return tail, head, np.array(draw(sizes), dtype=float)


starts = st.lists(st.integers(0, PLACES - 1), min_size=1, max_size=4, unique=True)


@given(webs())
def test_what_hangs_together_is_what_scipy_says(web: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
    tail, head, _ = web
    mine = components(PLACES, tail, head)
    graph = coo_array((np.ones(len(tail)), (tail, head)), shape=(PLACES, PLACES))
    theirs = connected_components(graph, directed=False)[1]
    assert (
        len({*zip(mine.tolist(), theirs.tolist(), strict=True)}) == len(set(theirs.tolist())) == len({*mine.tolist()})
    )


def test_groups_are_numbered_in_the_order_of_their_first_place() -> None:
    assert components(5, np.array([3, 4]), np.array([1, 0])).tolist() == [0, 1, 2, 1, 0]


@given(webs(), starts)
def test_ways_are_as_long_as_scipy_says(web: tuple[np.ndarray, np.ndarray, np.ndarray], begins: list[int]) -> None:
    tail, head, metres = web
    far, _ = shortest_ways((tail, head), metres, np.array(begins), np.zeros(len(begins)), PLACES)
    best = np.full((PLACES, PLACES), np.inf)
    for one, other, length in zip(tail, head, metres, strict=True):
        best[one, other] = best[other, one] = min(best[one, other], length)
    graph = csr_array(np.where(np.isfinite(best), best, 0.0))
    theirs = dijkstra(graph, directed=False, indices=begins, min_only=True)
    np.testing.assert_allclose(far, theirs, atol=1e-6)


@given(webs(), starts)
def test_every_place_is_as_far_as_the_one_before_it_and_the_edge_between(
    web: tuple[np.ndarray, np.ndarray, np.ndarray], begins: list[int]
) -> None:
    tail, head, metres = web
    far, before = shortest_ways((tail, head), metres, np.array(begins), np.zeros(len(begins)), PLACES)
    for place in np.flatnonzero(before != NOWHERE):
        ends = ((tail == place) & (head == before[place])) | ((head == place) & (tail == before[place]))
        assert far[place] == pytest.approx(far[before[place]] + metres[ends].min())
    assert set(np.flatnonzero((before == NOWHERE) & np.isfinite(far)).tolist()) == set(begins)


def test_of_ways_equally_short_the_smaller_place_comes_before() -> None:
    edges = (np.array([0, 0, 2, 1]), np.array([2, 1, 3, 3]))
    _, before = shortest_ways(edges, np.ones(4), np.array([0]), np.zeros(1), 4)
    assert before.tolist() == [NOWHERE, 0, 0, 1]


def test_an_edge_without_length_leads_on_and_in_no_circle() -> None:
    edges = (np.array([0, 1, 2]), np.array([1, 2, 3]))
    far, before = shortest_ways(edges, np.zeros(3), np.array([0]), np.zeros(1), 4)
    assert far == pytest.approx(0.0, abs=1e-6)
    assert before.tolist() == [NOWHERE, 0, 1, 2]


def test_a_head_start_decides_between_two_starts() -> None:
    edges = (np.array([0, 1]), np.array([1, 2]))
    far, before = shortest_ways(edges, np.array([5.0, 5.0]), np.array([0, 2]), np.array([0.0, 1.0]), 3)
    assert far.tolist() == [0.0, 5.0, 1.0]
    assert before.tolist() == [NOWHERE, 0, NOWHERE]


def test_nothing_leads_anywhere_without_places_edges_or_starts() -> None:
    none, nothing = np.zeros(0, dtype=np.int64), np.zeros(0)
    assert len(shortest_ways((none, none), nothing, none, nothing, 0)[0]) == 0
    assert np.isinf(shortest_ways((none, none), nothing, none, nothing, 2)[0]).all()
    assert components(0, none, none).tolist() == []


def test_pointers_are_followed_to_their_end() -> None:
    assert followed(np.array([0, 0, 1, 2, 4])).tolist() == [0, 0, 0, 0, 4]


def test_ranges_are_laid_end_to_end() -> None:
    which, number = ranges(np.array([5, 0, 7]), np.array([7, 0, 8]))
    assert which.tolist() == [0, 0, 2]
    assert number.tolist() == [5, 6, 7]
