"""What is reached, by which node and over how many metres: drawn cases worked out by hand."""

from __future__ import annotations

import pytest

from tests.drawing import Spot, by_id, house, node, town, trench

N = node("N", (0, 0))
A = trench("A", [(0, 0), (100, 0)])


def test_a_segment_that_is_built_and_meets_no_node_is_an_island() -> None:
    """N────A────    ────C────D────: what lies between was never built."""
    ways = [
        A,
        trench("B", [(100, 0), (200, 0)], "permitted"),
        trench("D", [(300, 0), (400, 0)]),
        trench("C", [(200, 0), (300, 0)]),
    ]
    state = town([N], ways, [house("1", (250, 5)), house("2", (50, 5)), house("3", (150, 5))])
    islands = {"A": (True, None), "B": (False, None), "C": (False, "C"), "D": (False, "C")}
    assert by_id(state.segments, "reached", "island_id") == islands
    assert by_id(state.targets, "reachable", "node_id", "route_m") == {
        "1": (False, None, None),
        "2": (True, "N", 55.0),
        "3": (False, None, None),
    }


@pytest.mark.parametrize(
    ("status", "built"),
    [("planned", False), ("digging", False), ("duct_laid", True), ("in_service", True), (None, False)],
)
def test_built_begins_where_the_duct_is_laid(status: str | None, *, built: bool) -> None:
    state = town([N], [trench("A", [(0, 0), (100, 0)], status)], [house("1", (50, 5))])
    assert by_id(state.segments, "reached") == {"A": built}
    assert by_id(state.targets, "reachable") == {"1": built}


def test_the_way_round_a_loop_is_the_shorter_one() -> None:
    """
    N───A───┐
    │       B      a square of 100 m sides; 1 beside B, 2 and 3 beside C
    D───C───┘
    """
    ways = [
        A,
        trench("B", [(100, 0), (100, 100)]),
        trench("C", [(100, 100), (0, 100)]),
        trench("D", [(0, 100), (0, 0)]),
    ]
    state = town([N], ways, [house("1", (110, 60)), house("2", (70, 110)), house("3", (30, 110))])
    assert by_id(state.targets, "route_m") == {"1": 100 + 60 + 10, "2": 100 + 70 + 10, "3": 100 + 30 + 10}


def test_without_its_node_nothing_is_reached() -> None:
    ways = [A, trench("B", [(100, 0), (200, 0)])]
    houses = [house("1", (50, 5)), house("2", (150, 5))]
    before, after = town([N], ways, houses), town([], ways, houses)
    assert before.targets["reachable"].all()
    assert not after.targets["reachable"].any()
    assert by_id(after.segments, "reached", "island_id") == {"A": (False, "A"), "B": (False, "A")}


def test_with_one_of_two_nodes_removed_the_other_serves_all() -> None:
    ways, houses = [trench("A", [(0, 0), (300, 0)])], [house("1", (40, 5)), house("2", (260, 5))]
    both = town([N, node("M", (300, 0))], ways, houses)
    assert by_id(both.targets, "node_id", "route_m") == {"1": ("N", 45.0), "2": ("M", 45.0)}
    one = town([N], ways, houses)
    assert by_id(one.targets, "node_id", "route_m") == {"1": ("N", 45.0), "2": ("N", 265.0)}


def test_the_nearer_node_is_the_nearer_by_way_and_not_as_the_crow_flies() -> None:
    """
    M stands 12 m from the house, but its trench goes round: 110 m. N is 60 m along the street.

        N────A────·1────          M at (60, 12), its trench leads away and back to A's far end
    """
    round_about: list[Spot] = [(60, 12), (60, 37), (100, 37), (100, 0)]
    ways = [A, trench("B", round_about)]
    state = town([N, node("M", (60, 12))], ways, [house("1", (60, -5))])
    assert by_id(state.targets, "node_id", "route_m") == {"1": ("N", 65.0)}


@pytest.mark.parametrize(("left", "right", "first"), [("N1", "N2", "N1"), ("N2", "N1", "N1"), ("N2", "N10", "N10")])
@pytest.mark.parametrize("turned", [False, True])
def test_of_two_nodes_equally_near_the_smaller_id_serves(left: str, right: str, first: str, *, turned: bool) -> None:
    """L────A────·1────R on one segment, and L──B──┬──C──R with the house at the branch."""
    nodes = [node(left, (0, 0)), node(right, (200, 0))]
    on_one = town(nodes[::-1] if turned else nodes, [trench("A", [(0, 0), (200, 0)])], [house("1", (100, 5))])
    assert by_id(on_one.targets, "node_id", "route_m") == {"1": (first, 105.0)}
    ways = [A, trench("B", [(100, 0), (200, 0)]), trench("C", [(100, 0), (100, 80)])]
    branched = town(nodes[::-1] if turned else nodes, ways, [house("1", (105, 60))])
    assert by_id(branched.targets, "node_id", "route_m") == {"1": (first, 165.0)}


def test_a_co_used_segment_can_be_the_only_link() -> None:
    ways = [A, trench("B", [(100, 0), (200, 0)], "duct_laid", kind="co_used"), trench("C", [(200, 0), (300, 0)])]
    houses = [house("1", (250, 5))]
    assert by_id(town([N], ways, houses).targets, "reachable", "route_m") == {"1": (True, 255.0)}
    ways[1] = trench("B", [(100, 0), (200, 0)], "planned", kind="co_used")
    assert by_id(town([N], ways, houses).segments, "island_id") == {"A": None, "B": None, "C": "C"}


@pytest.mark.parametrize(("before", "reached"), [("duct_laid", True), ("digging", False)])
def test_a_blocked_segment_counts_as_far_as_it_was_built(before: str, *, reached: bool) -> None:
    blocked = trench("B", [(100, 0), (200, 0)], "blocked", status_before=before, reason="weather")
    state = town([N], [A, blocked, trench("C", [(200, 0), (300, 0)])], [house("1", (250, 5))])
    assert by_id(state.segments, "reached") == {"A": True, "B": reached, "C": reached}
    assert by_id(state.targets, "reachable", "cable_reachable") == {"1": (reached, False)}


def test_a_dropped_segment_leads_nowhere_and_carries_nobody() -> None:
    """The dropped B runs 2 m beside the house; E, still to be built, 20 m: the house hangs on E."""
    ways = [
        A,
        trench("B", [(100, 0), (200, 0)], "dropped", reason="rerouted"),
        trench("C", [(200, 0), (300, 0)]),
        trench("E", [(100, 22), (200, 22)], "planned"),
    ]
    state = town([N], ways, [house("1", (150, 2)), house("2", (250, 5))])
    assert by_id(state.segments, "reached", "island_id")["B"] == (False, None)
    assert by_id(state.segments, "island_id")["C"] == "C"
    assert by_id(state.targets, "segment_id", "reachable") == {"1": ("E", False), "2": ("C", False)}


def test_no_end_meets_a_dropped_segment() -> None:
    """B would bridge A and C if it were not dropped: neither an end nor its middle joins anything."""
    dropped = trench("B", [(0, 0), (100, 0)], "dropped", reason="rerouted")
    state = town([node("N", (50, 0))], [dropped, trench("C", [(100, 0), (200, 0)])])
    assert by_id(state.nodes, "joined") == {"N": False}
    assert by_id(state.segments, "reached") == {"B": False, "C": False}


def test_two_programmes_never_join() -> None:
    """N────A (p)────┤├────B (q)────: the ends touch, and yet B is an island of q."""
    ways = [A, trench("B", [(100, 0), (200, 0)], programme_id="q", phase_id=None)]
    houses = [house("1", (150, 5), programme_id="q"), house("2", (150, 7)), house("3", (90, 5), programme_id="q")]
    state = town([N], ways, houses)
    assert by_id(state.segments, "reached", "island_id") == {"A": (True, None), "B": (False, "B")}
    assert by_id(state.targets, "segment_id", "reachable") == {
        "1": ("B", False),
        "2": ("A", False),  # 50 m beyond the end of its own programme's trench
        "3": ("B", False),
    }


def test_one_node_may_serve_two_programmes() -> None:
    ways = [A, trench("B", [(0, 0), (0, 100)], programme_id="q", phase_id=None)]
    state = town([N], ways, [house("1", (5, 50), programme_id="q"), house("2", (50, 5))])
    assert by_id(state.targets, "node_id", "route_m") == {"1": ("N", 55.0), "2": ("N", 55.0)}


def test_an_address_between_two_streets_hangs_on_its_own_side_and_is_reached_from_there() -> None:
    """
    ─────────── B, 22 m from the house: planned
         ·1
    =========== the street
    N────A────  11 m from the house, across the street: built
    """
    ways = [A, trench("B", [(0, 33), (100, 33)], "planned")]
    houses, street = [house("1", (50, 11))], [[(-10.0, 3.0), (110.0, 3.0)]]
    across = town([N], ways, houses, streets=street)
    assert by_id(across.targets, "segment_id", "drop_m", "reachable") == {"1": ("B", 22.0, False)}
    assert by_id(town([N], ways, houses).targets, "segment_id", "reachable") == {"1": ("A", True)}
    far = town([N], ways, houses, streets=street, drop_limit_m=21.0)
    assert by_id(far.targets, "segment_id", "drop_m", "reachable") == {"1": ("A", 11.0, True)}


@pytest.mark.parametrize(("drop_m", "near"), [(29.999, True), (30.0, True), (30.001, False)])
def test_an_address_beyond_the_drop_limit_is_not_reached(drop_m: float, *, near: bool) -> None:
    state = town([N], [A], [house("1", (50, drop_m))])
    assert by_id(state.targets, "segment_id", "reachable") == {"1": ("A", near)}
    assert bool(state.targets["route_m"].notna().iloc[0]) is near


def test_cable_reach_needs_cable_in_every_segment_and_duct_reach_does_not() -> None:
    """N──A, cable──B, duct──C, cable: behind B all is reached, and nothing with cable."""
    ways = [A, trench("B", [(100, 0), (200, 0)], "duct_tested"), trench("C", [(200, 0), (300, 0)], "in_service")]
    state = town([N], ways, [house("1", (50, 5)), house("2", (150, 5)), house("3", (250, 5))])
    assert by_id(state.targets, "reachable", "cable_reachable") == {
        "1": (True, True),
        "2": (True, False),
        "3": (True, False),
    }


def test_cable_may_come_from_another_node_than_the_nearest_duct() -> None:
    """N──A, duct, 50 m──·1──B, cable, 150 m──M: the way is told from N, the cable comes from M."""
    ways = [trench("A", [(0, 0), (50, 0)], "duct_laid"), trench("B", [(50, 0), (200, 0)])]
    state = town([N, node("M", (200, 0))], ways, [house("1", (60, 5))])
    assert by_id(state.targets, "cable_reachable", "node_id", "route_m") == {"1": (True, "N", 65.0)}


def test_a_way_is_told_to_the_millimetre_with_the_drop() -> None:
    """N──50 m (3-4-5)──┐ 60.123 m north; the house 40 m up and 3.217 m beside: 50 + 40 + 3.217."""
    ways = [trench("A", [(0, 0), (30, 40)]), trench("B", [(30, 100.123), (30, 40)])]
    state = town([N], ways, [house("1", (33.217, 80)), house("2", (30, 101.5))])
    assert state.targets["route_m"].tolist() == pytest.approx([93.217, 50 + 60.123 + 1.377], abs=0.0005)


def test_cabinets_are_fed_by_the_nearest_pop_over_what_is_built() -> None:
    """
    P1──A, 100 m──C1──B, 300 m──C2──D, 200 m──P2      C3 on a trench still to be built, C4 on none
    """
    ways = [
        trench("A", [(0, 0), (100, 0)], "duct_laid"),
        trench("B", [(100, 0), (400, 0)]),
        trench("D", [(400, 0), (600, 0)]),
        trench("E", [(600, 0), (700, 0)], "planned"),
    ]
    nodes = [
        *(node(name, (x, 0)) for name, x in (("C1", 100), ("C2", 400), ("C3", 700), ("C4", 900))),
        *(node(name, (x, 0), "pop") for name, x in (("P1", 0), ("P2", 600))),
    ]
    state = town(nodes, ways)
    assert by_id(state.nodes.loc[state.nodes["kind"] == "cabinet"], "joined", "pop_id", "feed_m") == {
        "C1": (True, "P1", 100.0),
        "C2": (True, "P2", 200.0),
        "C3": (False, None, None),
        "C4": (False, None, None),
    }


def test_a_connection_of_a_cabinet_that_no_pop_feeds_is_still_reachable_by_it() -> None:
    state = town([N, node("P", (5_000, 0), "pop")], [A], [house("1", (50, 5))])
    assert by_id(state.targets, "reachable", "node_id") == {"1": (True, "N")}
    assert by_id(state.nodes, "pop_id")["N"] is None


def test_a_town_without_trenches_or_houses_is_a_state_too() -> None:
    bare = town([N], [], [house("1", (50, 5))])
    assert by_id(bare.targets, "reachable", "route_m") == {"1": (False, None)}
    assert town([N], [A]).targets.empty
