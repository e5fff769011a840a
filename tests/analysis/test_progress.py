"""The rules of counting on rows made by hand, against a recount with plain loops, and under random data."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, Point, box

from rollout.analysis import places
from rollout.analysis.drops import attach_targets
from rollout.analysis.goals import BINS, reconcile_goals, target_bins
from rollout.analysis.progress import (
    blocked,
    district_progress,
    milestones,
    other_definition,
    roll_up,
    rolled_records,
    trench_progress,
)
from rollout.analysis.state import State
from rollout.crs import METRIC_CRS
from rollout.project import Definitions, Goal, PassedDefinition, Place, Programme, Project
from rollout.vocabulary import SEGMENT_LADDER, TARGET_LADDER, Level

DAY = dt.date(2022, 3, 28)
HEIGHTS = {
    "targets": {rung.key: -1 if rung.key == "dropped" else rung.height for rung in TARGET_LADDER},
    "segments": {rung.key: -1 if rung.key == "dropped" else rung.height for rung in SEGMENT_LADDER},
}
FAR = float("inf")
few = settings(max_examples=25, deadline=None)

TARGET = {
    "programme_id": "p",
    "drive": "funded",
    "phase_id": "1",
    "district_id": "d1",
    "category": "household",
    "status": "identified",
    "reason": None,
    "near_built_m": FAR,
    "reachable": False,
    "status_since": pd.Timestamp("2021-05-01"),
}
PIECE = {
    "programme_id": "p",
    "phase_id": "1",
    "district_id": "d1",
    "kind": "new_duct",
    "length_m": 100.0,
    "cable_m": 120.0,
    "status": "planned",
    "reason": None,
    "status_since": pd.Timestamp("2021-05-01"),
}


def project(passed: str = "own_side", goals: tuple[dict[str, object], ...] = ()) -> Project:
    said = {"programme": "p", "as_of": DAY, "source": "Bericht"}
    return Project(
        folder=Path(),
        format=1,
        name="Ausbau",
        municipality="Stadt",
        as_of=DAY,
        place=Place(west=6.8, south=50.9, east=7.2, north=51.2),
        definitions=Definitions(passed=PassedDefinition(passed)),
        programmes=(Programme(id="p", name="P"), Programme(id="q", name="Q")),
        goals=tuple(Goal(**{**said, **goal}) for goal in goals),
        layers={name: {"path": name} for name in ("districts", "nodes", "segments", "targets")},
        district_variants={"Bürrig": ("Buerrig am Rhein",)},
    )


def typed(rows: list[dict[str, object]], sample: dict[str, object], key: str, layer: str) -> pd.DataFrame:
    filled = [{key: f"{key}{position}", **sample, **row} for position, row in enumerate(rows)]
    frame = pd.DataFrame(filled, columns=[key, *sample])
    texts = [name for name in frame.columns if not name.endswith(("_m", "_since"))]
    numbers = [name for name in frame.columns if name.endswith("_m")]
    frame = frame.astype(dict.fromkeys(texts, "string") | dict.fromkeys(numbers, "float64"))
    frame = frame.astype({"status_since": "datetime64[ms]"})
    heights = [HEIGHTS[layer].get(status, pd.NA) if isinstance(status, str) else pd.NA for status in frame["status"]]
    return frame.assign(height=pd.array(heights, dtype="Int64"))


def state(
    targets: list[dict[str, object]] | None = None,
    pieces: list[dict[str, object]] | None = None,
    said: Project | None = None,
) -> State:
    placed = typed(pieces or [], PIECE, "segment_id", "segments")
    return State(
        project=said or project(),
        as_of=DAY,
        districts=gpd.GeoDataFrame({"district_id": ["d1", "d2"], "name": ["Bürrig", "Opladen"]}).astype("string"),
        phase_districts=pd.DataFrame(),
        nodes=gpd.GeoDataFrame(),
        segments=gpd.GeoDataFrame(placed.drop_duplicates("segment_id", ignore_index=True)),
        pieces=placed,
        targets=gpd.GeoDataFrame(typed(targets or [], TARGET, "target_id", "targets")),
        base={},
    )


statuses = st.sampled_from([rung.key for rung in TARGET_LADDER] + [None])
target_rows = st.lists(
    st.fixed_dictionaries(
        {
            "programme_id": st.sampled_from(["p", "q"]),
            "drive": st.sampled_from(["funded", "extended"]),
            "district_id": st.sampled_from(["d1", "d2", None]),
            "phase_id": st.sampled_from(["1", "2", None]),
            "category": st.sampled_from(["household", "school"]),
            "status": statuses,
            "near_built_m": st.sampled_from([0.0, 20.0, 20.001, FAR]),
        }
    ),
    max_size=40,
)
piece_rows = st.lists(
    st.fixed_dictionaries(
        {
            "programme_id": st.sampled_from(["p", "q"]),
            "district_id": st.sampled_from(["d1", "d2", None]),
            "phase_id": st.sampled_from(["1", None]),
            "kind": st.sampled_from(["new_duct", "co_used"]),
            "status": st.sampled_from([rung.key for rung in SEGMENT_LADDER] + [None]),
            "length_m": st.floats(0.001, 5000),
            "cable_m": st.one_of(st.floats(0, 5000), st.just(float("nan"))),
        }
    ),
    max_size=40,
)


@pytest.mark.parametrize(
    ("status", "reached"),
    [
        (None, []),
        ("surveyed", []),
        ("duct_at_property", ["passed"]),
        ("house_entry", ["passed"]),
        ("termination_point", ["passed", "prepared"]),
        ("connected", ["passed", "prepared", "connected"]),
        ("orderable", ["passed", "prepared", "connected"]),
        ("activated", ["passed", "prepared", "connected", "activated"]),
        ("refused", []),
        ("dropped", []),
    ],
)
def test_a_status_reaches_its_milestones_and_those_below(status: str | None, reached: list[str]) -> None:
    found = milestones(state([{"status": status}])).iloc[0]
    assert [name for name in ("passed", "prepared", "connected", "activated") if found[name]] == reached


def test_twenty_metres_are_near_and_a_millimetre_more_is_not() -> None:
    rows = [{"near_built_m": 20.0}, {"near_built_m": 20.001}, {"near_built_m": FAR}]
    assert milestones(state(rows, said=project("within_20_m")))["passed"].tolist() == [True, False, False]


def test_a_prepared_target_far_from_every_trench_is_passed_under_both_definitions() -> None:
    found = milestones(state([{"status": "termination_point", "near_built_m": FAR}])).iloc[0]
    assert found["passed"]
    assert found["passed_other_definition"]


def test_a_target_without_data_beside_a_built_trench_is_passed_under_no_definition() -> None:
    found = milestones(state([{"status": None, "near_built_m": 0.0}])).iloc[0]
    assert found["no_data"]
    assert not found["passed"]
    assert not found["passed_other_definition"]


def test_the_other_definition_is_shown_beside_the_named_one() -> None:
    rows = [{"status": "duct_at_property", "near_built_m": 30.0}, {"near_built_m": 5.0}]
    strict, near = (milestones(state(rows, said=project(name))) for name in ("own_side", "within_20_m"))
    assert strict["passed"].tolist() == near["passed_other_definition"].tolist() == [True, False]
    assert near["passed"].tolist() == strict["passed_other_definition"].tolist() == [False, True]
    assert other_definition(other_definition(PassedDefinition.OWN_SIDE)) == PassedDefinition.OWN_SIDE


@few
@given(target_rows, st.sampled_from(["own_side", "within_20_m"]))
def test_milestones_hold_each_other_under_either_definition(rows: list[dict[str, object]], passed: str) -> None:
    found = milestones(state(rows, said=project(passed)))
    for wider in ("passed", "passed_other_definition"):
        assert (found["prepared"] <= found[wider]).all()
    assert (found["connected"] <= found["prepared"]).all()
    assert (found["activated"] <= found["connected"]).all()
    reached = found[["passed", "passed_other_definition"]].any(axis=1)
    assert not (reached & (found["dropped"] | found["no_data"])).any()
    assert {str(kind) for kind in found.dtypes} == {"bool"}


def test_a_refused_target_stays_in_the_base_and_a_dropped_one_leaves_it() -> None:
    rows = district_progress(state([{"status": "refused"}, {"status": "dropped"}, {"status": "connected"}]))
    row = rows.iloc[0]
    assert (row["listed"], row["dropped"], row["counted"], row["refused"], row["connected"]) == (3, 1, 2, 1, 1)


def test_targets_outside_every_district_and_phase_keep_a_row_of_their_own() -> None:
    rows = district_progress(state([{}, {"district_id": None, "phase_id": None}]))
    assert rows["listed"].tolist() == [1, 1]
    assert rows["district_id"].isna().tolist() == [False, True]
    assert rows["phase_id"].isna().tolist() == [False, True]


def test_a_city_without_targets_and_trenches_has_no_rows() -> None:
    empty = state()
    for rows in (district_progress(empty), trench_progress(empty), blocked(empty)):
        assert rows.empty


@few
@given(target_rows)
def test_the_counts_agree_with_a_recount_by_plain_loops(rows: list[dict[str, object]]) -> None:
    whole = state(rows, said=project("own_side"))
    recount: dict[tuple[object, ...], dict[str, int]] = {}
    for row in rows:
        key = tuple(row[name] for name in ("programme_id", "drive", "phase_id", "district_id", "category"))
        counts = recount.setdefault(key, dict.fromkeys(("listed", "counted", "passed", "connected", "refused"), 0))
        height = HEIGHTS["targets"].get(str(row["status"]), -1)
        counts["listed"] += 1
        counts["counted"] += row["status"] != "dropped"
        counts["passed"] += height >= 4
        counts["connected"] += height >= 7
        counts["refused"] += row["status"] == "refused"
    found = {}
    for row in district_progress(whole).to_dict("records"):
        key = tuple(
            None if pd.isna(row[name]) else row[name]
            for name in ("programme_id", "drive", "phase_id", "district_id", "category")
        )
        found[key] = {name: row[name] for name in ("listed", "counted", "passed", "connected", "refused")}
    assert found == recount


@few
@given(target_rows, st.sampled_from(list(Level)), st.booleans())
def test_counts_rolled_up_add_up_to_all_targets(rows: list[dict[str, object]], level: Level, by_category: bool) -> None:  # noqa: FBT001
    counted = district_progress(state(rows))
    rolled = roll_up(counted, level, by_category=by_category)
    for name in ("listed", "dropped", "counted", "passed", "activated", "no_data"):
        assert rolled[name].sum() == counted[name].sum()
    assert rolled["listed"].sum() == len(rows)


@few
@given(target_rows, piece_rows, st.randoms())
def test_the_order_of_rows_does_not_matter(targets: list[dict], pieces: list[dict], chance: object) -> None:
    one = state(targets, pieces)
    positions, parts = list(range(len(targets))), list(range(len(pieces)))
    chance.shuffle(positions)
    chance.shuffle(parts)
    other = replace(one, targets=one.targets.iloc[positions], pieces=one.pieces.iloc[parts])
    for count in (district_progress, trench_progress, blocked):
        pd.testing.assert_frame_equal(count(one), count(other))


@few
@given(piece_rows)
def test_metres_of_districts_add_up_exactly_to_those_of_the_programme(rows: list[dict[str, object]]) -> None:
    trenches = trench_progress(state(pieces=rows))
    by_phase = roll_up(trenches, Level.PHASE)
    pd.testing.assert_frame_equal(roll_up(by_phase, Level.PROGRAMME), roll_up(trenches, Level.PROGRAMME))


@few
@given(piece_rows)
def test_done_and_blocked_metres_never_exceed_the_planned_ones(rows: list[dict[str, object]]) -> None:
    trenches = trench_progress(state(pieces=rows))
    for part in ("done_m", "accepted_m", "blocked_m", "no_data_m"):
        assert (trenches[part] <= trenches["planned_m"]).all()
    assert (trenches["accepted_m"] <= trenches["done_m"]).all()


@few
@given(piece_rows)
def test_the_metres_agree_with_a_recount_in_whole_millimetres(rows: list[dict[str, object]]) -> None:
    planned = done = 0
    for row in rows:
        if row["kind"] == "new_duct" and row["programme_id"] == "p" and row["status"] != "dropped":
            millimetres = round(round(row["length_m"], 3) * 1000)
            planned += millimetres
            done += millimetres if HEIGHTS["segments"].get(str(row["status"]), -1) >= 4 else 0
    rolled = roll_up(trench_progress(state(pieces=rows)), Level.PROGRAMME)
    mine = rolled[(rolled["programme_id"] == "p") & (rolled["measure"] == "new_duct")]
    assert round(mine["planned_m"].sum() * 1000) == planned
    assert round(mine["done_m"].sum() * 1000) == done


def test_three_lengths_stand_on_three_rows() -> None:
    rows = [{"status": "duct_laid"}, {"kind": "co_used", "status": "cable_blown", "length_m": 40.0, "cable_m": 50.0}]
    found = trench_progress(state(pieces=rows)).set_index("measure")
    assert found["planned_m"].to_dict() == {"cable": 170.0, "co_used": 40.0, "new_duct": 100.0}
    assert found["done_m"].to_dict() == {"cable": 50.0, "co_used": 40.0, "new_duct": 100.0}


def test_a_dropped_segment_is_not_planned_and_a_blocked_one_is() -> None:
    found = trench_progress(state(pieces=[{"status": "dropped"}, {"status": "blocked"}])).set_index("measure")
    assert found.loc["new_duct", ["planned_m", "blocked_m"]].tolist() == [100.0, 100.0]


def test_metres_without_a_status_are_planned_and_not_done() -> None:
    found = trench_progress(state(pieces=[{"status": None}])).set_index("measure")
    assert found.loc["new_duct", ["planned_m", "done_m", "no_data_m"]].tolist() == [100.0, 0.0, 100.0]


def test_programmes_drives_and_measures_are_never_added_up() -> None:
    rows = [{"programme_id": "p"}, {"programme_id": "q"}, {"programme_id": "p", "drive": "extended"}]
    assert len(roll_up(district_progress(state(rows)), Level.PROGRAMME)) == 3
    assert len(roll_up(trench_progress(state(pieces=[{}, {"programme_id": "q"}])), Level.PROGRAMME)) == 4


def test_a_blocked_segment_across_a_border_counts_once_and_its_metres_stay_where_they_lie() -> None:
    rows = [
        {"segment_id": "s", "status": "blocked", "reason": "permit", "length_m": 30.0, "district_id": "d1"},
        {"segment_id": "s", "status": "blocked", "reason": "permit", "length_m": 70.0, "district_id": "d2"},
    ]
    found = blocked(state(pieces=rows)).set_index("district_id")
    assert found["count"].to_dict() == {"d1": 0, "d2": 1}
    assert found["length_m"].to_dict() == {"d1": 30.0, "d2": 70.0}


def test_what_is_blocked_names_its_reason_and_oldest_date() -> None:
    early, late = pd.Timestamp("2021-01-02"), pd.Timestamp("2021-06-01")
    rows = [
        {"status": "refused", "reason": "declined", "status_since": late},
        {"status": "refused", "reason": "declined", "status_since": early},
        {"status": "refused", "reason": None, "status_since": pd.NaT},
        {"status": "connected"},
    ]
    found = blocked(state(rows))
    assert found["count"].tolist() == [2, 1]
    assert found["reason"].isna().tolist() == [False, True]
    assert found["since"].iloc[0] == early
    assert found["since"].isna().iloc[1]


@few
@given(target_rows)
def test_every_target_is_in_exactly_one_bin(rows: list[dict[str, object]]) -> None:
    bins = target_bins(state(rows))
    assert set(bins) <= set(BINS)
    assert len(bins) == len(rows)
    assert bins.notna().all()


def test_a_goal_is_held_against_targets_that_are_not_dropped() -> None:
    goals = ({"measure": "targets", "category": "household", "value": 2},)
    rows = [{}, {"status": "refused"}, {"status": "dropped"}, {"drive": "extended"}, {"category": "school"}]
    found = reconcile_goals(state(rows, said=project(goals=goals))).iloc[0]
    assert (found["held"], found["difference"], found["met"]) == (2, 0, True)
    assert [found[name] for name in BINS] == [0, 0, 1, 1, 0, 0, 1]
    assert (found["source"], found["as_of"]) == ("Bericht", DAY)


def test_a_goal_limited_to_districts_counts_there_alone_and_knows_their_other_spellings() -> None:
    goals = ({"measure": "targets", "value": 1, "districts": ("Buerrig am Rhein",)},)
    rows = [{}, {"district_id": "d2"}, {"district_id": None}]
    assert reconcile_goals(state(rows, said=project(goals=goals)))["held"].tolist() == [1]


def test_a_goal_in_kilometres_is_met_within_its_tolerance() -> None:
    goals = (
        {"measure": "new_duct_km", "value": 0.15, "tolerance": 0.05},
        {"measure": "new_duct_km", "value": 0.151, "tolerance": 0.05},
        {"measure": "cable_km", "value": 0.12, "districts": ("Bürrig",)},
        {"measure": "co_used_km", "value": 1},
    )
    found = reconcile_goals(state(pieces=[{}, {"district_id": "d2", "programme_id": "q"}], said=project(goals=goals)))
    assert found["met"].tolist() == [True, False, True, False]
    assert found["held"].tolist() == [0.1, 0.1, 0.12, 0.0]
    assert found[list(BINS)].isna().all(axis=None)


def test_a_project_without_goals_has_none_to_reconcile() -> None:
    assert reconcile_goals(state([{}])).empty


def placed(east: float) -> State:
    """A town of two squares, a street along their border and houses beside it, all moved to the east."""
    move = {"xoff": east, "yoff": east}
    districts = gpd.GeoDataFrame(
        {"district_id": ["d1", "d2"], "name": ["Bürrig", "Opladen"]},
        geometry=[box(0, 0, 500, 500), box(500, 0, 1000, 500)],
        crs=METRIC_CRS,
    ).astype({"district_id": "string", "name": "string"})
    districts["geometry"] = districts.translate(**move)
    sample = typed([{"status": "duct_laid"}, {"status": "digging"}], PIECE, "segment_id", "segments")
    lines = [LineString([(0, 100), (1000, 100)]), LineString([(500, 0), (500, 500)])]
    segments = gpd.GeoDataFrame(sample.drop(columns=["district_id", "length_m"]), geometry=lines, crs=METRIC_CRS)
    segments["geometry"] = segments.translate(**move)
    pieces = places.split_by_district(segments, districts).merge(segments, on="segment_id")
    houses = [Point(10 * step, 100 + step) for step in range(120)]
    rows = typed([{"status": "house_entry" if step % 3 else None} for step in range(120)], TARGET, "id", "targets")
    targets = gpd.GeoDataFrame(rows.drop(columns=["near_built_m"]), geometry=houses, crs=METRIC_CRS)
    targets["geometry"] = targets.translate(**move)
    targets["district_id"] = places.assign_district(targets, districts)
    targets = targets.join(attach_targets(targets, segments, None, limit_m=30.0))
    return replace(state(), districts=districts, segments=segments, pieces=pieces, targets=targets)


def test_moving_everything_by_a_kilometre_changes_no_count() -> None:
    here, there = placed(0), placed(1000)
    pd.testing.assert_frame_equal(district_progress(here), district_progress(there))
    pd.testing.assert_frame_equal(trench_progress(here), trench_progress(there))
    assert district_progress(here)["listed"].tolist() == [51, 50, 19]
    assert milestones(here)["passed_other_definition"].sum() == 14


@few
@given(target_rows)
def test_counting_does_not_change_the_rows_it_counts(rows: list[dict[str, object]]) -> None:
    whole = state(rows)
    before = whole.targets.copy()
    district_progress(whole)
    blocked(whole)
    pd.testing.assert_frame_equal(whole.targets, before)


@pytest.mark.parametrize("level", list(Level))
def test_plain_sums_are_those_of_the_frame(level: Level) -> None:
    trenches = trench_progress(state(pieces=[{"length_m": 0.1}, {"length_m": 0.2, "phase_id": None}, {}]))
    rolled = roll_up(trenches, level)
    plain = rolled.astype(object).where(rolled.notna(), None).to_dict("records")
    assert rolled_records(trenches, level) == plain
