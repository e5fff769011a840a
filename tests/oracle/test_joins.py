"""What meets what: drawn cases whose joins and ways were worked out by hand."""

from __future__ import annotations

import pytest

from rollout.analysis.bridges import single_paths
from rollout.analysis.network import join_segments
from rollout.analysis.state import State
from tests.drawing import X0, Y0, Row, Spot, by_id, house, node, town, trench

Join = tuple[str, str, str, float]


def joins(state: State, tolerance_m: float = 0.5) -> list[Join]:
    found = join_segments(state.segments, state.nodes, tolerance_m=tolerance_m).joins
    rows = zip(found["meets"], found["one_id"], found["other_id"], found["gap_m"].round(6), strict=True)
    return [(str(meets), str(one), str(other), float(gap)) for meets, one, other, gap in rows]


def with_gap(gap_m: float) -> State:
    """N────A────┤ gap ├────B────·1."""
    beyond = trench("B", [(100 + gap_m, 0), (200 + gap_m, 0)])
    return town([node("N", (0, 0))], [trench("A", [(0, 0), (100, 0)]), beyond], [house("1", (150 + gap_m, 7))])


@pytest.mark.parametrize("gap_m", [0.011, 0.3, 0.499, 0.5])
def test_ends_up_to_the_tolerance_apart_meet_and_the_join_is_reported(gap_m: float) -> None:
    state = with_gap(gap_m)
    assert joins(state) == [("end", "A", "B", gap_m)]
    assert by_id(state.segments, "reached", "island_id") == {"A": (True, None), "B": (True, None)}
    assert state.targets["route_m"].iloc[0] == pytest.approx(100 + 50 + 7, abs=0.0005)


@pytest.mark.parametrize("gap_m", [0.501, 0.9])
def test_ends_farther_apart_than_the_tolerance_do_not_meet(gap_m: float) -> None:
    state = with_gap(gap_m)
    assert joins(state) == []
    assert by_id(state.segments, "reached", "island_id") == {"A": (True, None), "B": (False, "B")}
    assert not state.targets["reachable"].iloc[0]


@pytest.mark.parametrize("gap_m", [0.0, 0.004, 0.01])
def test_a_join_over_a_centimetre_or_less_is_not_worth_a_report(gap_m: float) -> None:
    state = with_gap(gap_m)
    assert joins(state) == []
    assert state.segments["reached"].all()


def test_the_tolerance_is_the_one_the_project_names() -> None:
    ways = [trench("A", [(0, 0), (100, 0)]), trench("B", [(100.8, 0), (200, 0)])]
    assert town([node("N", (0, 0))], ways, join_tolerance_m=0.8).segments["reached"].all()
    assert not town([node("N", (0, 0))], ways, join_tolerance_m=0.799).segments["reached"].all()


def test_a_join_is_reported_where_it_is() -> None:
    state = with_gap(0.4)
    place = join_segments(state.segments, state.nodes, tolerance_m=0.5).joins.iloc[0]
    assert X0 + 100 <= place["x"] <= X0 + 100.4
    assert place["y"] == Y0


def test_what_meets_the_same_end_meets_each_other() -> None:
    """
    A ends 0.4 m before B begins, C 0.4 m after: A and C are 0.8 m apart, and meet by way of B.

        N────A────┤0.4├B begins here, and leads north
                       ├0.4┤────C────
    """
    ways = [
        trench("A", [(0, 0), (100, 0)]),
        trench("B", [(100.4, 0), (100.4, 80)]),
        trench("C", [(100.8, 0), (200, 0)]),
    ]
    state = town([node("N", (0, 0))], ways)
    assert joins(state) == [("end", "A", "B", 0.4), ("end", "B", "C", 0.4)]
    assert state.segments["reached"].all()


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("gap_m", [0.0, 0.3, 0.5])
def test_an_end_that_meets_anothers_middle_is_joined_to_it(gap_m: float, *, turned: bool) -> None:
    """
    B meets the middle of A, 60 m from the node; the way to the house turns off there.

        N──────┬──────  A, 100 m
               │ B, 40 m; house 10 m beside its far end
    """
    branch: list[Spot] = [(60, -gap_m), (60, -40 - gap_m)]
    ways = [trench("A", [(0, 0), (100, 0)]), trench("B", branch[::-1] if turned else branch)]
    state = town([node("N", (0, 0))], ways, [house("1", (70, -40 - gap_m))])
    assert joins(state) == ([("middle", "B", "A", gap_m)] if gap_m else [])
    assert by_id(state.targets, "reachable", "node_id") == {"1": (True, "N")}
    assert state.targets["route_m"].iloc[0] == pytest.approx(60 + 40 + 10, abs=0.0005)


def test_a_branch_with_the_node_reaches_the_segment_whose_middle_it_meets() -> None:
    """
    The other direction: the node is at the far end of the branch, and both arms of A are reached.

        1····──────┬──────····2   A
                   N (40 m below)
    """
    ways = [trench("A", [(0, 0), (100, 0)]), trench("B", [(60, -40), (60, 0)])]
    state = town([node("N", (60, -40))], ways, [house("1", (0, 5)), house("2", (100, 5))])
    assert by_id(state.targets, "route_m") == {"1": 40 + 60 + 5, "2": 40 + 40 + 5}


def test_an_end_that_stays_short_of_anothers_middle_is_an_island() -> None:
    ways = [trench("A", [(0, 0), (100, 0)]), trench("B", [(60, -0.501), (60, -40)])]
    state = town([node("N", (0, 0))], ways)
    assert joins(state) == []
    assert by_id(state.segments, "island_id") == {"A": None, "B": "B"}


def test_a_node_at_the_middle_of_a_segment_serves_both_its_arms() -> None:
    """1····────N────····2, the node 0.2 m beside the line, 30 m from one end and 70 m from the other."""
    state = town(
        [node("N", (30, 0.2))],
        [trench("A", [(0, 0), (100, 0)])],
        [house("1", (0, 5)), house("2", (100, 5)), house("3", (30, -4))],
    )
    assert joins(state) == [("middle", "N", "A", 0.2)]
    assert by_id(state.targets, "route_m") == {"1": 35.0, "2": 75.0, "3": 4.0}
    assert by_id(state.nodes, "joined") == {"N": True}


def test_a_node_beside_an_end_is_joined_to_the_end() -> None:
    state = town([node("N", (-0.3, 0))], [trench("A", [(0, 0), (100, 0)])])
    assert joins(state) == [("end", "A", "N", 0.3)]
    assert state.segments["reached"].all()


def test_a_node_beyond_the_tolerance_meets_nothing() -> None:
    state = town([node("N", (0, 0.501))], [trench("A", [(0, 0), (100, 0)])])
    assert by_id(state.nodes, "joined") == {"N": False}
    assert by_id(state.segments, "reached", "island_id") == {"A": (False, "A")}


def test_lines_that_cross_without_an_end_there_do_not_meet() -> None:
    """
        │ B, over a bridge
    N───┼─── A
        │
    """
    state = town([node("N", (0, 0))], [trench("A", [(0, 0), (100, 0)]), trench("B", [(50, -50), (50, 50)])])
    assert joins(state) == []
    assert by_id(state.segments, "reached") == {"A": True, "B": False}


def test_lines_that_share_an_inner_corner_do_not_meet_there() -> None:
    """Both have a corner at (50, 0), and neither an end."""
    bent = trench("B", [(0, 50), (50, 0), (100, 50)])
    state = town([node("N", (0, 0))], [trench("A", [(0, 0), (50, 0), (100, 0)]), bent])
    assert by_id(state.segments, "reached") == {"A": True, "B": False}


def test_a_third_segment_that_ends_at_a_crossing_joins_both() -> None:
    ways = [trench("A", [(0, 0), (100, 0)]), trench("B", [(50, -50), (50, 50)]), trench("C", [(50, 0), (80, 40)])]
    state = town([node("N", (0, 0))], ways, [house("1", (46, 50))])
    assert state.segments["reached"].all()
    assert by_id(state.targets, "route_m") == {"1": 50 + 50 + 4}


def test_two_segments_between_the_same_joints_are_two_ways_and_not_one_longer() -> None:
    """
    N──A, 100 m──┬──C────·1
    └──B, 140 m──┘
    """
    ways = [
        trench("A", [(0, 0), (100, 0)]),
        trench("B", [(0, 0), (0, 20), (100, 20), (100, 0)]),
        trench("C", [(100, 0), (150, 0)]),
    ]
    state = town([node("N", (0, 0))], ways, [house("1", (150, 6))])
    assert by_id(state.targets, "route_m") == {"1": 100 + 50 + 6}
    assert by_id(single_paths(state, "p"), "funded") == {"C": 1}


def test_two_segments_drawn_alike_are_no_longer_way_than_one() -> None:
    twice = [trench(name, [(0, 0), (100, 0)]) for name in ("A", "B")]
    state = town([node("N", (0, 0))], [*twice, trench("C", [(100, 0), (150, 0)])], [house("1", (150, 6))])
    assert by_id(state.targets, "route_m") == {"1": 156.0}


RING: list[Spot] = [(100, 0), (150, 0), (150, 50), (100, 50), (100, 0)]


@pytest.mark.parametrize(
    ("feed", "way_m"),
    [
        ([(0, 0), (100, 0)], 100 + 20 + 5),  # at the ring's own joint: back over its last side
        ([(250, 25), (150, 25)], 100 + 75 + 20 + 5),  # at its middle, 75 m along: the way back is 95 m, on 105 m
    ],
)
def test_a_closed_ring_is_walked_the_shorter_way_round(feed: list[Spot], way_m: float) -> None:
    """A ring of 200 m that is one segment; the house stands beside its last side, 180 m along."""
    state = town([node("N", feed[0])], [trench("A", feed), trench("R", RING)], [house("1", (95, 20))])
    assert state.segments["reached"].all()
    assert by_id(state.targets, "route_m") == {"1": way_m}


def test_a_closed_ring_without_a_feed_is_an_island_and_joins_nothing_to_itself() -> None:
    state = town([node("N", (0, 0))], [trench("A", [(0, 0), (50, 0)]), trench("R", RING)])
    assert joins(state) == []
    assert by_id(state.segments, "island_id") == {"A": None, "R": "R"}


def test_a_segment_shorter_than_the_tolerance_still_leads_on() -> None:
    ways = [trench("A", [(0, 0), (100, 0)]), trench("B", [(100, 0), (100.2, 0)]), trench("C", [(100.2, 0), (200, 0)])]
    state = town([node("N", (0, 0))], ways, [house("1", (200, 5))])
    assert state.segments["reached"].all()
    assert state.targets["route_m"].iloc[0] == pytest.approx(205.0, abs=0.5)


def test_the_order_of_rows_changes_no_join() -> None:
    nodes: list[Row] = [node("N", (0.2, 0)), node("M", (60, 0.3))]
    ways = [trench("A", [(0, 0), (100, 0)]), trench("B", [(100.4, 0), (200, 0)]), trench("C", [(30, 0.4), (30, 90)])]
    expected = [("end", "A", "B", 0.4), ("end", "A", "N", 0.2), ("middle", "C", "A", 0.4), ("middle", "M", "A", 0.3)]
    assert joins(town(nodes, ways)) == joins(town(nodes[::-1], ways[::-1])) == expected
