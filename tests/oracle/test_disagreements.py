"""Islands, contradictions, houses that came first and segments without a second way, drawn and listed by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from rollout.analysis.bridges import single_paths
from rollout.analysis.contradictions import contradictions, house_first
from rollout.analysis.islands import islands
from rollout.analysis.state import State
from tests.drawing import Row, by_id, house, node, town, trench

N = node("N", (0, 0))
A = trench("A", [(0, 0), (100, 0)])


def lost(state: State, programme_id: str = "p") -> list[tuple[str, int, int, int, int]]:
    rows = single_paths(state, programme_id)
    return [tuple(row) for row in rows[["segment_id", "hospitals", "schools", "funded", "extended"]].to_numpy()]


def test_an_island_is_listed_with_its_metres_its_gap_and_what_waits_behind_it() -> None:
    """
    N────A────┤ 12 m ├──C, new, 80 m──┬──D, co-used, 30 m──       and, far away:  E, 50 m, no house
                                      └──F, new, 20 m, laid only
    """
    ways = [
        A,
        trench("D", [(192, 0), (222, 0)], kind="co_used"),
        trench("C", [(112, 0), (192, 0)]),
        trench("F", [(192, 0), (192, 20)], "duct_laid"),
        trench("E", [(500, 300), (550, 300)]),
        trench("B", [(100, 0), (112, 0)], "planned"),
    ]
    houses = [
        house("1", (150, 5), category="school"),
        house("2", (150, 6)),
        house("3", (210, 5), category="hospital"),
        house("4", (200, 15), drive="extended"),
        house("5", (150, 7), "dropped", reason="demolished"),
        house("6", (150, 31)),  # beyond the limit: it waits for a drop, not for this island
        house("7", (50, 5)),
        house("8", (195, 18), "refused", reason="declined"),
    ]
    rows = islands(town([N], ways, houses))
    figures = ["segments", "new_duct_m", "co_used_m", "gap_m", "funded", "extended", "schools", "hospitals"]
    assert by_id(rows, *figures) == {
        "C": (3, 100.0, 30.0, 12.0, 4, 1, 1, 1),
        "E": (1, 50.0, 0.0, pytest.approx((400.0**2 + 300.0**2) ** 0.5), 0, 0, 0, 0),
    }
    assert rows["island_id"].tolist() == ["C", "E"]
    assert by_id(rows, "programme_id", "phase_id") == {"C": ("p", "1"), "E": ("p", "1")}


def test_an_island_lies_where_most_of_its_metres_lie() -> None:
    """The border of the districts is at 1,000 m: 90 m of the island are west of it, 110 m east."""
    rows = islands(town([N], [A, trench("B", [(910, 0), (1_110, 0)])]))
    assert rows["district_id"].tolist() == ["east"]


def test_the_gap_is_measured_to_what_is_reached_in_the_same_programme() -> None:
    """Between the island and A lies another programme's trench that is reached, and an island nearer still."""
    ways = [
        A,
        trench("B", [(160, 0), (200, 0)]),
        trench("C", [(155, -40), (155, -1)]),
        trench("Q", [(0, 0), (0, 1), (159, 1)], programme_id="q", phase_id=None),
    ]
    assert by_id(islands(town([N], ways)), "gap_m") == {"B": 60.0, "C": pytest.approx((55.0**2 + 1.0) ** 0.5)}


def test_where_nothing_is_joined_to_a_node_an_island_has_no_gap() -> None:
    assert by_id(islands(town([], [A])), "gap_m") == {"A": None}


def test_where_all_is_joined_there_is_no_island() -> None:
    assert islands(town([N], [A])).empty
    assert "gap_m" in islands(town([N], [A]))


def test_islands_with_more_funded_connections_come_first() -> None:
    ways = [A, *(trench(name, [(x, 0), (x + 50, 0)]) for name, x in (("B", 200), ("C", 300), ("D", 400)))]
    houses = [house("1", (310, 5)), house("2", (420, 5)), house("3", (430, 5)), house("4", (220, 5), drive="extended")]
    assert islands(town([N], ways, houses))["island_id"].tolist() == ["D", "C", "B"]


CONTRADICTED: list[Row] = [
    A,
    trench("B", [(100, 0), (200, 0)], "duct_laid"),
    trench("C", [(200, 0), (300, 0)], "digging", status_since=pd.Timestamp("2022-02-11")),
]
"""N──A, cable──B, duct only──C, being dug."""


def found(*houses: Row) -> dict[str, str]:
    rows = contradictions(town([N], CONTRADICTED, houses))
    return {target: str(kind) for kind, target in zip(rows["kind"], rows["target_id"], strict=True)}


@pytest.mark.parametrize("status", ["connected", "orderable", "activated"])
def test_connected_without_a_built_way_contradicts_itself(status: str) -> None:
    assert found(house("1", (250, 5), status)) == {"1": "connected_without_path"}


@pytest.mark.parametrize("status", ["connected", "orderable", "activated"])
def test_connected_without_cable_all_along_contradicts_itself(status: str) -> None:
    assert found(house("1", (150, 5), status)) == {"1": "connected_without_cable"}


@pytest.mark.parametrize("status", ["consent_given", "surveyed"])
def test_a_consent_at_the_end_of_a_finished_way_is_left_waiting(status: str) -> None:
    assert found(house("1", (50, 5), status)) == {"1": "waiting_with_path"}


def test_what_agrees_with_the_network_is_no_contradiction() -> None:
    agreeing = [
        house("1", (50, 5), "connected"),
        house("2", (50, 6), "activated"),
        house("3", (50, 7), "duct_at_property"),  # gone on with
        house("4", (50, 8), "identified"),  # no consent yet
        house("5", (50, 9), "refused", reason="declined"),
        house("6", (50, 10), "dropped", reason="demolished"),
        house("7", (50, 11), None),
        house("8", (50, 12), "consent_given", drive="extended"),  # made later on purpose
        house("9", (150, 5), "consent_given"),  # no cable yet
        house("10", (250, 5), "consent_given"),  # no way yet
        house("11", (250, 6), "termination_point"),  # house first
        house("12", (50, 31), "consent_given"),  # beyond the limit of a drop
    ]
    assert found(*agreeing) == {}


def test_an_extended_connection_may_contradict_itself_but_never_waits() -> None:
    assert found(
        house("1", (250, 5), "connected", drive="extended"),
        house("2", (150, 5), "connected", drive="extended"),
        house("3", (50, 5), "surveyed", drive="extended"),
    ) == {"1": "connected_without_path", "2": "connected_without_cable"}


def test_both_sides_of_a_contradiction_stand_side_by_side() -> None:
    day = pd.Timestamp("2022-03-10")
    rows = contradictions(town([N], CONTRADICTED, [house("1", (250, 5), "activated", status_since=day)]))
    said = rows.iloc[0]
    assert (said["status"], said["status_since"]) == ("activated", day)
    assert (said["segment_id"], said["segment_status"], said["segment_since"]) == (
        "C",
        "digging",
        pd.Timestamp("2022-02-11"),
    )
    assert (said["street"], said["house_number"], said["district_id"], said["phase_id"]) == (
        "Hauptstraße",
        "1",
        "west",
        "1",
    )


def test_contradictions_are_in_order_of_kind_and_then_of_the_connection() -> None:
    rows = contradictions(
        town(
            [N],
            CONTRADICTED,
            [
                house("4", (50, 5), "surveyed"),
                house("3", (150, 5), "connected"),
                house("2", (250, 6), "connected"),
                house("1", (250, 5), "connected"),
            ],
        )
    )
    by_kind = {str(kind): list(part["target_id"]) for kind, part in rows.groupby("kind", sort=False)}
    assert by_kind == {
        "connected_without_path": ["1", "2"],
        "connected_without_cable": ["3"],
        "waiting_with_path": ["4"],
    }


def test_a_house_prepared_before_its_trench_is_house_first_and_no_contradiction() -> None:
    houses = [
        house("1", (250, 5), "house_entry"),
        house("2", (250, 6), "termination_point"),
        house("3", (250, 7), "duct_at_property"),
        house("4", (250, 8), "connected"),
        house("5", (150, 5), "termination_point"),
        house("6", (50, 5), "house_entry"),
    ]
    rows = house_first(town([N], CONTRADICTED, houses))
    assert rows["target_id"].tolist() == ["1", "2"]
    assert "kind" not in rows
    assert house_first(town([N], CONTRADICTED)).empty


def test_on_a_branch_every_segment_before_a_connection_is_its_single_path() -> None:
    """N──A──B──C: what hangs on C falls with each, what hangs on A with A alone."""
    ways = [A, trench("B", [(100, 0), (200, 0)]), trench("C", [(200, 0), (300, 0)])]
    houses = [
        house("1", (50, 5)),
        house("2", (250, 5), category="hospital"),
        house("3", (250, 6), category="school"),
        house("4", (250, 7), drive="extended"),
        house("5", (250, 8), "dropped", reason="demolished"),
    ]
    assert lost(town([N], ways, houses)) == [("A", 1, 1, 3, 1), ("B", 1, 1, 2, 1), ("C", 1, 1, 2, 1)]


LOOP = [
    A,
    trench("B", [(100, 0), (200, 0)]),
    trench("C", [(200, 0), (200, 100), (100, 100)]),
    trench("D", [(100, 100), (100, 0)]),
    trench("E", [(200, 100), (300, 100)]),
]
"""N──A──┬──B──┐     the loop B, C, D; E goes off the middle of C, at its corner
         └D─C──┴─E"""


def test_no_segment_of_a_loop_is_a_single_path_to_what_lies_beyond() -> None:
    split = [*LOOP[:2], trench("C", [(200, 0), (200, 100)]), trench("F", [(200, 100), (100, 100)]), *LOOP[3:]]
    assert lost(town([N], split, [house("1", (250, 105))])) == [("A", 0, 0, 1, 0), ("E", 0, 0, 1, 0)]


def test_a_house_on_a_loop_is_lost_with_its_own_segment_and_with_the_feed() -> None:
    assert lost(town([N], LOOP, [house("1", (150, 5))])) == [("A", 0, 0, 1, 0), ("B", 0, 0, 1, 0)]


def test_a_segment_is_lost_whole_with_what_meets_its_middle() -> None:
    """E meets C's middle: whichever way round, C must stand. No edge of C alone is a bridge."""
    assert lost(town([N], LOOP, [house("1", (250, 105))])) == [
        ("A", 0, 0, 1, 0),
        ("C", 0, 0, 1, 0),
        ("E", 0, 0, 1, 0),
    ]


def test_a_segment_fed_from_both_ends_still_takes_its_middle_branch_with_it() -> None:
    """
    N──────┬──────M   A, a node at either end; the house hangs on B, off its middle
           B
    """
    ways = [A, trench("B", [(50, 0), (50, -80)])]
    state = town([N, node("M", (100, 0))], ways, [house("1", (55, -60))])
    assert lost(state) == [("A", 0, 0, 1, 0), ("B", 0, 0, 1, 0)]


def test_between_two_nodes_a_segment_takes_only_its_own_houses() -> None:
    ways = [A, trench("B", [(100, 0), (200, 0)]), trench("C", [(100, 0), (100, 80)])]
    state = town([N, node("M", (200, 0))], ways, [house("1", (105, 60)), house("2", (50, 5))])
    assert lost(state) == [("A", 0, 0, 1, 0), ("C", 0, 0, 1, 0)]


def test_what_is_not_reachable_cannot_be_lost_and_unbuilt_segments_are_no_second_way() -> None:
    ways = [A, trench("B", [(100, 0), (0, 50), (0, 0)], "planned"), trench("C", [(300, 0), (400, 0)])]
    state = town([N], ways, [house("1", (95, -5)), house("2", (350, 5))])
    assert lost(state) == [("A", 0, 0, 1, 0)]


def test_the_hospital_comes_first_then_schools_then_the_many() -> None:
    ways = [trench(name, [(0, 0), spot]) for name, spot in (("A", (100, 0)), ("B", (-100, 0)), ("C", (0, 100)))]
    houses = [house(str(number), (50 + number, 5)) for number in range(5)]
    houses += [house("s", (-50, 5), category="school"), house("h", (5, 50), category="hospital")]
    rows = lost(town([N], ways, houses))
    assert [row[0] for row in rows] == ["C", "B", "A"]


def test_single_paths_are_those_of_one_programme() -> None:
    ways = [A, trench("B", [(0, 0), (0, 100)], programme_id="q", phase_id=None)]
    state = town([N], ways, [house("1", (50, 5)), house("2", (5, 50), programme_id="q")])
    assert lost(state) == [("A", 0, 0, 1, 0)]
    assert lost(state, "q") == [("B", 0, 0, 1, 0)]
