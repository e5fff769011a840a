"""What the next metres unlock: sets of segments and their gain, drawn and added up by hand."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from rollout.analysis.state import State
from rollout.analysis.unlock import unlock
from tests.drawing import Row, Spot, house, node, town, trench

N = node("N", (0, 0))
A = trench("A", [(0, 0), (100, 0)])


def planned(segment_id: str, *spots: Spot, **said: Any) -> Row:  # noqa: ANN401
    return trench(segment_id, spots, "permitted", **said)


def row_of(count: int, first: str, start: Spot, **said: Any) -> list[Row]:  # noqa: ANN401
    """Houses half a metre apart, along the trench that begins at `start` and leads east."""
    return [house(f"{first}{n}", (start[0] + 1 + n / 2, start[1] + 5), **said) for n in range(count)]


def sets(state: State, **said: Any) -> list[tuple[list[str], float, int, int | None]]:  # noqa: ANN401
    """Segments, metres, funded gain and needed set of each, in order of rank."""
    found = unlock(state, "p", **said)
    assert found.sets["rank"].tolist() == list(range(1, len(found.sets) + 1))
    members = {rank: list(part["segment_id"]) for rank, part in found.members.groupby("rank")}
    for row in found.sets.itertuples():
        own = found.members[found.members["rank"] == row.rank]
        assert row.segments == len(own)
        assert row.length_m == pytest.approx(own["length_m"].sum())
        assert row.per_km == pytest.approx(row.funded / row.length_m * 1_000)
    return [
        (
            members[row.rank],
            round(float(row.length_m), 3),
            int(row.funded),
            None if pd.isna(row.needs) else int(row.needs),
        )
        for row in found.sets.itertuples()
    ]


def test_these_three_segments_of_212_m_unlock_87_addresses_and_a_school_among_them() -> None:
    """N────A, built────B, 80 m────C, 72 m────D, 60 m: all 87 houses on D, one of them a school."""
    ways = [
        A,
        planned("D", (252, 0), (312, 0)),
        planned("C", (180, 0), (252, 0)),
        planned("B", (100, 0), (180, 0)),
    ]
    houses = [*row_of(86, "h", (252, 0)), house("s", (300, 8), category="school")]
    state = town([N], ways, houses)
    assert sets(state) == [(["B", "C", "D"], 212.0, 87, None)]
    row = unlock(state, "p").sets.iloc[0]
    assert (row["segments"], row["schools"], row["hospitals"], row["extended"]) == (3, 1, 0, 0)
    assert row["per_km"] == pytest.approx(410.377, abs=0.001)
    assert unlock(state, "p").members["length_m"].tolist() == pytest.approx([80.0, 72.0, 60.0])


def test_metres_that_two_ways_share_count_once() -> None:
    """
        N──A──┬──B, 100 m, no house──┬──C, 50 m, 5 houses
                                     └──D, 50 m, 5 houses
    B and C alone gain 5 on 150 m; B, C and D gain 10 on 200 m, and are the better set.
    """
    ways = [
        A,
        planned("B", (100, 0), (200, 0)),
        planned("C", (200, 0), (250, 0)),
        planned("D", (200, 0), (200, -20), (230, -20)),
    ]
    state = town([N], ways, [*row_of(5, "c", (220, 0)), *row_of(5, "d", (205, -20 - 8))])
    [(segments, metres, gained, needs)] = sets(state)
    assert (segments[0], sorted(segments), metres, gained, needs) == ("B", ["B", "C", "D"], 200.0, 10, None)


def test_a_set_that_continues_an_earlier_one_names_it() -> None:
    """N──A──B, 50 m, 10 houses──C, 100 m, 2 houses; and E, 100 m, 1 house, straight from the node."""
    ways = [
        A,
        planned("B", (100, 0), (150, 0)),
        planned("C", (150, 0), (250, 0)),
        planned("E", (0, 0), (0, 100)),
    ]
    houses = [*row_of(10, "b", (100, 0)), *row_of(2, "c", (200, 0)), house("e", (5, 50))]
    assert sets(town([N], ways, houses)) == [(["B"], 50.0, 10, None), (["C"], 100.0, 2, 1), (["E"], 100.0, 1, None)]


def test_a_bridge_segment_unlocks_a_built_island() -> None:
    """N──A──┤B, 40 m, planned├──C──D, built: nothing hangs on B, 12 houses wait behind it."""
    ways = [
        A,
        planned("B", (100, 0), (140, 0)),
        trench("C", [(140, 0), (200, 0)], "duct_laid"),
        trench("D", [(200, 0), (300, 0)]),
    ]
    houses = [*row_of(7, "c", (150, 0)), *row_of(5, "d", (210, 0))]
    assert sets(town([N], ways, houses)) == [(["B"], 40.0, 12, None)]


def test_what_lies_beyond_an_island_continues_the_set_that_joins_it() -> None:
    ways = [
        A,
        planned("B", (100, 0), (140, 0)),
        trench("C", [(140, 0), (200, 0)]),
        planned("D", (200, 0), (300, 0)),
    ]
    houses = [*row_of(7, "c", (150, 0)), *row_of(2, "d", (210, 0))]
    assert sets(town([N], ways, houses)) == [(["B"], 40.0, 7, None), (["D"], 100.0, 2, 1)]


def test_an_island_met_from_two_sides_is_gained_once() -> None:
    """
           ┌──D, 70 m──┐
           │T, 100 m   │       A ends at T's foot; the built island C begins at T's middle and D leads from T's
           ├──C────────┴──     tip back to it: T gains the 5 houses on C, and D gains nothing more
    N──A───┘
    """
    ways = [
        A,
        planned("T", (100, 0), (100, 100)),
        trench("C", [(100, 60), (200, 60)]),
        planned("D", (100, 100), (130, 100), (130, 60)),
    ]
    assert sets(town([N], ways, row_of(5, "c", (160, 60)))) == [(["T"], 100.0, 5, None)]


def test_a_segment_met_at_its_middle_must_be_built_whole() -> None:
    """
           │ T, 120 m, planned, half of it above A's end; 4 houses at its upper end
    N──A───┤
           │     ┌── B, 100 m, off T's lower half; 3 houses
    """
    ways = [A, planned("T", (100, -60), (100, 60)), planned("B", (100, -30), (200, -30))]
    assert sets(town([N], ways, row_of(4, "t", (101, 50)))) == [(["T"], 120.0, 4, None)]
    both = sets(town([N], ways, row_of(3, "b", (150, -30))))
    assert both == [(["T", "B"], 220.0, 3, None)]


def test_the_shorter_remaining_way_is_taken() -> None:
    """Two planned ways lead to C, 60 m and 90 m: the shorter is built, the other unlocks nothing."""
    ways = [
        A,
        planned("B1", (100, 0), (100, 15), (160, 15), (160, 0)),
        planned("B2", (100, 0), (160, 0)),
        planned("C", (160, 0), (200, 0)),
    ]
    assert sets(town([N], ways, row_of(3, "c", (170, 0)))) == [(["B2", "C"], 100.0, 3, None)]


def test_what_cannot_be_gained_does_not_count() -> None:
    """On B: one to gain, one dropped, one beyond the limit, one of another programme; on A: one reachable."""
    ways = [A, planned("B", (100, 0), (200, 0))]
    houses = [
        house("1", (150, 5)),
        house("2", (150, 6), "dropped", reason="demolished"),
        house("3", (150, 30.5)),
        house("4", (150, 7), programme_id="q"),
        house("5", (50, 5)),
    ]
    assert sets(town([N], ways, houses)) == [(["B"], 100.0, 1, None)]


def test_a_refused_connection_is_gained_like_any_other() -> None:
    state = town([N], [A, planned("B", (100, 0), (200, 0))], [house("1", (150, 5), "refused", reason="declined")])
    assert sets(state) == [(["B"], 100.0, 1, None)]


def test_funded_and_extended_are_gained_apart_and_only_the_funded_rank() -> None:
    """B: 1 funded and 1 extended on 100 m; C: 2 funded on 100 m; D: 9 extended and nothing to rank by."""
    ways = [A, planned("B", (100, 0), (200, 0)), planned("C", (0, 0), (0, 100)), planned("D", (0, 0), (-100, 0))]
    houses = [
        house("1", (150, 5)),
        house("2", (150, 6), drive="extended"),
        house("3", (5, 50)),
        house("4", (5, 60), category="hospital"),
        *row_of(9, "d", (-90, 0), drive="extended"),
    ]
    found = unlock(town([N], ways, houses), "p")
    gains = found.sets[["funded", "extended", "schools", "hospitals"]].to_numpy().tolist()
    assert found.members["segment_id"].tolist() == ["C", "B"]
    assert gains == [[2, 0, 0, 1], [1, 1, 0, 0]]


def test_where_nothing_is_built_the_sets_grow_from_the_node() -> None:
    ways = [planned("A", (0, 0), (100, 0)), planned("B", (500, 0), (600, 0))]
    assert sets(town([N], ways, [house("1", (50, 5)), house("2", (550, 5))])) == [(["A"], 100.0, 1, None)]
    assert sets(town([], ways, [house("1", (50, 5))])) == []


def test_a_dropped_segment_is_never_to_be_built_and_one_without_data_may_be() -> None:
    ways = [
        A,
        trench("B", [(100, 0), (200, 0)], "dropped", reason="rerouted"),
        planned("C", (200, 0), (300, 0)),
        trench("D", [(0, 0), (0, 100)], None),
        trench("E", [(0, 0), (-100, 0)], "blocked", status_before="digging", reason="weather"),
    ]
    houses = [house("1", (250, 5)), *row_of(2, "d", (2, 50)), house("e", (-50, 5))]
    assert sets(town([N], ways, houses)) == [(["D"], 100.0, 2, None), (["E"], 100.0, 1, None)]


def test_only_what_is_counted_is_gained() -> None:
    ways = [A, planned("B", (100, 0), (200, 0)), planned("C", (0, 0), (0, 100))]
    state = town([N], ways, [*row_of(3, "b", (150, 0)), house("c", (5, 50))])
    counted = state.targets["target_id"].isin(["b0", "c"])
    assert [(row[0], row[2]) for row in sets(state)] == [(["B"], 3), (["C"], 1)]
    assert sorted((row[0], row[2]) for row in sets(state, counted=counted)) == [(["B"], 1), (["C"], 1)]


def test_the_limit_keeps_the_best() -> None:
    ways = [A, planned("B", (100, 0), (200, 0)), planned("C", (0, 0), (0, 100))]
    state = town([N], ways, [*row_of(3, "b", (150, 0)), house("c", (5, 50))])
    assert sets(state, limit=1) == sets(state)[:1]
    assert sets(state, limit=9) == sets(state)


def test_with_nothing_left_to_gain_the_list_is_empty_and_keeps_its_columns() -> None:
    found = unlock(town([N], [A], [house("1", (50, 5))]), "p")
    assert found.sets.empty
    assert {"rank", "length_m", "funded", "needs"} <= {*found.sets.columns}
    assert {"rank", "segment_id", "length_m"} <= {*found.members.columns}
