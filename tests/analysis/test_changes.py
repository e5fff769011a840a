"""Changes between two states: every kind by hand, and under random data that they add up to the difference."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rollout.analysis.changes import GAINS, Change, change_totals, changes_between
from rollout.analysis.progress import district_progress, milestones, roll_up, trench_progress
from rollout.analysis.state import State
from rollout.project import Definitions, PassedDefinition, Place, Programme, Project
from rollout.vocabulary import SEGMENT_LADDER, TARGET_LADDER, Drive, Level, Milestone

EARLY, LATE = dt.date(2022, 3, 1), dt.date(2022, 3, 28)
HEIGHTS = {
    "target": {rung.key: -1 if rung.key == "dropped" else rung.height for rung in TARGET_LADDER},
    "segment": {rung.key: -1 if rung.key == "dropped" else rung.height for rung in SEGMENT_LADDER},
}
FAR = float("inf")
few = settings(max_examples=15, deadline=None)

TARGET = {
    "target_id": "t",
    "programme_id": "p",
    "drive": "funded",
    "phase_id": "1",
    "district_id": "d1",
    "category": "household",
    "status": None,
    "near_built_m": FAR,
    "reachable": False,
}
PIECE = {
    "segment_id": "s",
    "programme_id": "p",
    "phase_id": "1",
    "district_id": "d1",
    "kind": "new_duct",
    "length_m": 100.0,
    "cable_m": 120.0,
    "status": None,
    "before": None,
}


def project(passed: str = "own_side") -> Project:
    return Project(
        folder=Path(),
        format=1,
        name="Ausbau",
        municipality="Stadt",
        as_of=LATE,
        place=Place(west=6.8, south=50.9, east=7.2, north=51.2),
        definitions=Definitions(passed=PassedDefinition(passed)),
        programmes=(Programme(id="p", name="P"), Programme(id="q", name="Q")),
        layers={name: {"path": name} for name in ("districts", "nodes", "segments", "targets")},
    )


def rows_of(told: list[dict[str, object]], sample: dict[str, object], entity: str) -> pd.DataFrame:
    frame = pd.DataFrame([{**sample, **row} for row in told], columns=list(sample))
    texts = [name for name in frame.columns if not name.endswith("_m")]
    frame = frame.astype(dict.fromkeys(frame.columns, "float64") | dict.fromkeys(texts, "string"))
    words = frame["status"]
    if "before" in frame:
        words = words.mask((words == "blocked").fillna(value=False), frame["before"].fillna("permitted"))
    heights = [pd.NA if pd.isna(word) else HEIGHTS[entity][word] for word in words]
    return frame.assign(height=pd.array(heights, dtype="Int64"))


def state(
    day: dt.date,
    targets: list[dict[str, object]] | None = None,
    pieces: list[dict[str, object]] | None = None,
    passed: str = "own_side",
) -> State:
    placed = rows_of(pieces or [], PIECE, "segment")
    return State(
        project=project(passed),
        as_of=day,
        districts=gpd.GeoDataFrame({"district_id": ["d1", "d2"], "name": ["Bürrig", "Opladen"]}).astype("string"),
        phase_districts=pd.DataFrame(),
        nodes=gpd.GeoDataFrame(),
        segments=gpd.GeoDataFrame(placed.drop_duplicates("segment_id", ignore_index=True)),
        pieces=placed,
        targets=gpd.GeoDataFrame(rows_of(targets or [], TARGET, "target")),
        base={},
    )


def of_target(was: str | None, now: str | None) -> pd.DataFrame:
    return changes_between(state(EARLY, [{"status": was}]), state(LATE, [{"status": now}])).rows


def of_segment(was: str | None, now: str | None, stood: str | None = None, stands: str | None = None) -> pd.DataFrame:
    before = state(EARLY, pieces=[{"status": was, "before": stood}])
    return changes_between(before, state(LATE, pieces=[{"status": now, "before": stands}])).rows


target_words = st.sampled_from([rung.key for rung in TARGET_LADDER] + [None])
segment_words = st.sampled_from([rung.key for rung in SEGMENT_LADDER] + [None])
near = st.sampled_from([0.0, 20.0, 20.001, FAR])
place = {
    "programme_id": st.sampled_from(["p", "q"]),
    "district_id": st.sampled_from(["d1", "d2", None]),
    "phase_id": st.sampled_from(["1", "2", None]),
}
lot = st.fixed_dictionaries(
    {
        **place,
        "drive": st.sampled_from(["funded", "extended"]),
        "kind": st.sampled_from(["new_duct", "co_used"]),
        "length_m": st.floats(0.001, 5000),
        "cable_m": st.one_of(st.floats(0, 5000), st.just(float("nan"))),
        "targets": st.tuples(target_words, target_words),
        "segments": st.tuples(segment_words, segment_words),
        "stood": st.tuples(segment_words, segment_words),
        "near": st.tuples(near, near),
        "listed": st.tuples(st.booleans(), st.booleans()),
    }
)
lots = st.lists(lot, max_size=30)


def both(told: list[dict[str, object]], passed: str) -> tuple[State, State]:
    states = []
    for time, day in enumerate((EARLY, LATE)):
        targets, pieces = [], []
        for number, row in enumerate(told):
            if not row["listed"][time]:
                continue
            where = {name: row[name] for name in place}
            mine = {"target_id": f"t{number}", "drive": row["drive"], "near_built_m": row["near"][time]}
            targets.append(where | mine | {"status": row["targets"][time]})
            sizes = {name: row[name] for name in ("kind", "length_m", "cable_m")}
            stood = row["stood"][time] if row["stood"][time] not in {"blocked", "dropped"} else None
            piece = {"segment_id": f"s{number}", "status": row["segments"][time], "before": stood}
            pieces.append(where | sizes | piece)
        states.append(state(day, targets, pieces, passed))
    return states[0], states[1]


@pytest.mark.parametrize(
    ("was", "now", "change"),
    [
        (None, "identified", Change.NEW),
        (None, "dropped", Change.NEW),
        ("surveyed", "connected", Change.ADVANCED),
        ("connected", "duct_at_property", Change.GONE_BACK),
        ("owner_contacted", "refused", Change.BLOCKED),
        ("duct_at_property", "refused", Change.BLOCKED),
        ("refused", "consent_given", Change.RELEASED),
        ("refused", "identified", Change.GONE_BACK),
        ("refused", "dropped", Change.DROPPED),
        ("identified", "dropped", Change.DROPPED),
        ("dropped", "identified", Change.RELEASED),
        ("dropped", "refused", Change.BLOCKED),
        ("connected", None, Change.REMOVED),
    ],
)
def test_what_happened_to_a_target_has_one_name(was: str | None, now: str | None, change: Change) -> None:
    rows = of_target(was, now)
    assert rows["change"].tolist() == [change]
    assert rows[["status_before", "status_after"]].fillna("-").to_numpy().tolist() == [[was or "-", now or "-"]]


@pytest.mark.parametrize(
    ("was", "now", "change"),
    [
        (("digging", None), ("duct_laid", None), Change.ADVANCED),
        (("cable_blown", None), ("digging", None), Change.GONE_BACK),
        (("digging", None), ("blocked", "digging"), Change.BLOCKED),
        (("digging", None), ("blocked", "duct_laid"), Change.BLOCKED),
        (("blocked", "digging"), ("digging", None), Change.RELEASED),
        (("blocked", "digging"), ("duct_laid", None), Change.RELEASED),
        (("blocked", "duct_laid"), ("digging", None), Change.GONE_BACK),
        (("blocked", "digging"), ("blocked", "duct_laid"), Change.ADVANCED),
        (("blocked", "digging"), ("dropped", None), Change.DROPPED),
    ],
)
def test_what_happened_to_a_segment_has_one_name(
    was: tuple[str, str | None], now: tuple[str, str | None], change: Change
) -> None:
    rows = of_segment(was[0], now[0], was[1], now[1])
    assert rows["change"].tolist() == [change]


def test_a_row_that_appears_is_new_and_one_that_disappears_is_removed_even_without_a_status() -> None:
    empty, told = state(EARLY), state(LATE, [{"status": None}], [{"status": None}])
    assert changes_between(empty, told).rows["change"].tolist() == [Change.NEW] * 2
    assert changes_between(told, empty).rows["change"].tolist() == [Change.REMOVED] * 2


def test_a_change_says_what_it_adds_to_each_figure() -> None:
    row = of_segment("digging", "cable_blown").iloc[0]
    assert (row["duct_m"], row["cable_m"], row["height_before"], row["height_after"]) == (100.0, 120.0, 3, 6)
    row = of_target("termination_point", "surveyed").iloc[0]
    assert [row[name] for name in Milestone] == [-1, -1, 0, 0]
    row = of_segment("duct_laid", "blocked", None, "duct_laid").iloc[0]
    assert (row["duct_m"], row["blocked_m"]) == (0.0, 100.0)


def test_a_target_that_a_trench_has_come_near_is_advanced_though_its_status_is_the_same() -> None:
    rows = [{"status": "surveyed", "near_built_m": FAR}], [{"status": "surveyed", "near_built_m": 5.0}]
    far, close = state(EARLY, rows[0], passed="within_20_m"), state(LATE, rows[1], passed="within_20_m")
    assert changes_between(far, close).rows[["change", "passed"]].to_numpy().tolist() == [[Change.ADVANCED, 1]]
    assert changes_between(close, far).rows[["change", "passed"]].to_numpy().tolist() == [[Change.GONE_BACK, -1]]


def test_a_segment_across_a_border_counts_once_and_its_metres_lie_where_they_lie() -> None:
    parts = [{"district_id": "d1", "length_m": 30.0}, {"district_id": "d2", "length_m": 70.0}]
    before = state(EARLY, pieces=[{**part, "status": "digging"} for part in parts])
    after = state(LATE, pieces=[{**part, "status": "duct_laid"} for part in parts])
    totals = change_totals(changes_between(before, after)).set_index("district_id")
    assert totals["new_duct_m"].to_dict() == {"d1": 30.0, "d2": 70.0}
    assert totals["segments_advanced"].to_dict() == {"d1": 0, "d2": 1}


def test_the_totals_of_targets_alone_have_every_column() -> None:
    rows = changes_between(state(EARLY, [{"status": "surveyed"}]), state(LATE, [{"status": "connected"}]))
    total = change_totals(rows, Level.PROGRAMME).iloc[0]
    assert total[["new_duct_m", "co_used_m", "cable_m", "blocked_m", "segments_new"]].tolist() == [0.0] * 5
    assert {str(kind) for kind in rows.rows.dtypes} == {"string", "Int64", "int64", "float64"}


def test_drives_and_lengths_and_programmes_stay_apart() -> None:
    told = [{"target_id": "a"}, {"target_id": "b", "drive": "extended"}, {"target_id": "c", "programme_id": "q"}]
    dug = [{"segment_id": "a"}, {"segment_id": "b", "kind": "co_used", "length_m": 40.0}]
    before = state(EARLY, told, dug)
    after = state(LATE, [{**r, "status": "connected"} for r in told], [{**r, "status": "duct_laid"} for r in dug])
    totals = change_totals(changes_between(before, after), Level.PROGRAMME).set_index("programme_id")
    assert totals["funded_connected"].to_dict() == {"p": 1, "q": 1}
    assert totals["extended_connected"].to_dict() == {"p": 1, "q": 0}
    assert totals.loc["p", ["new_duct_m", "co_used_m", "cable_m"]].tolist() == [100.0, 40.0, 0.0]
    assert totals.loc["p", ["segments_new", "funded_new", "extended_new"]].tolist() == [2, 1, 1]


def test_a_district_that_joined_a_phase_has_not_progressed() -> None:
    early = state(EARLY, [{"status": "connected", "phase_id": None}, {"target_id": "u", "phase_id": None}])
    late = state(LATE, [{"status": "connected"}, {"target_id": "u", "status": "identified"}])
    for one, other in ((early, late), (late, early)):
        rows = changes_between(one, other).rows
        assert rows[["entity_id", "phase_id"]].to_numpy().tolist() == [["u", "1"]]


@few
@given(lots, st.sampled_from(["own_side", "within_20_m"]), st.sampled_from(list(Level)))
def test_the_changes_add_up_to_the_difference_of_the_two_tables(
    told: list[dict[str, object]], passed: str, level: Level
) -> None:
    before, after = both(told, passed)
    totals = change_totals(changes_between(before, after), level)
    keys = [name for name in ("programme_id", "phase_id", "district_id") if name in totals]
    for drive in Drive:
        names = {f"{drive}_{name}": name for name in (*Milestone, "refused")} | {f"{drive}_dropped_net": "dropped"}
        told_by = [district_progress(one) for one in (before, after)]
        expected = [roll_up(rows[rows["drive"] == drive], level) for rows in told_by]
        assert_differ(totals, expected, keys, names)
    for measure, key in (("new_duct", "new_duct_m"), ("co_used", "co_used_m"), ("cable", "cable_m")):
        expected = [trench_progress(one) for one in (before, after)]
        expected = [roll_up(rows[rows["measure"] == measure], level) for rows in expected]
        assert_differ(totals, expected, keys, {key: "done_m"})


def assert_differ(totals: pd.DataFrame, tables: list[pd.DataFrame], keys: list[str], names: dict[str, str]) -> None:
    for key, name in names.items():
        was, now = ({tuple(map(str, r[:-1])): r[-1] for r in t[[*keys, name]].to_numpy()} for t in tables)
        difference = {place: round(now.get(place, 0) - was.get(place, 0), 3) for place in {*was, *now}}
        found = {tuple(map(str, row[:-1])): round(row[-1], 3) for row in totals[[*keys, key]].to_numpy()}
        assert {p: v for p, v in found.items() if v} == {p: v for p, v in difference.items() if v}, key


@few
@given(lots, st.sampled_from(["own_side", "within_20_m"]))
def test_told_the_other_way_round_every_gain_has_the_other_sign(told: list[dict[str, object]], passed: str) -> None:
    before, after = both(told, passed)
    there, back = changes_between(before, after).rows, changes_between(after, before).rows
    same = ["entity", "entity_id", "programme_id", "phase_id", "district_id", "kind", "length_m", "count"]
    pd.testing.assert_frame_equal(there[same], back[same])
    pd.testing.assert_frame_equal(there[list(GAINS)], -back[list(GAINS)])
    swapped = back.rename(columns={"status_before": "status_after", "status_after": "status_before"})
    pd.testing.assert_frame_equal(there[["status_before", "status_after"]], swapped[["status_before", "status_after"]])
    assert ((there["change"] == Change.NEW) <= (back["change"] == Change.REMOVED)).all()


@few
@given(lots, st.sampled_from(["own_side", "within_20_m"]), st.randoms())
def test_a_state_has_no_changes_to_itself_in_whatever_order_its_rows_stand(
    told: list[dict[str, object]], passed: str, chance: object
) -> None:
    one, _ = both(told, passed)
    orders = [list(range(len(rows))) for rows in (one.targets, one.pieces)]
    for order in orders:
        chance.shuffle(order)
    other = replace(one, targets=one.targets.iloc[orders[0]], pieces=one.pieces.iloc[orders[1]])
    found = changes_between(one, other)
    assert found.is_empty
    assert change_totals(found).empty


@few
@given(lots)
def test_every_row_that_differs_is_listed_and_no_other(told: list[dict[str, object]]) -> None:
    before, after = both(told, "own_side")
    was, now = (
        dict(zip(s.targets["target_id"], milestones(s).to_numpy().tolist(), strict=True)) for s in (before, after)
    )
    listed = {
        row["entity_id"] for _, row in changes_between(before, after).rows.iterrows() if row["entity"] == "target"
    }
    for number, row in enumerate(told):
        key = f"t{number}"
        words = [word if there else "absent" for word, there in zip(row["targets"], row["listed"], strict=True)]
        assert (key in listed) == (words[0] != words[1])
        assert key in listed or was.get(key) is None or was[key][:1] == now[key][:1]


def test_a_project_with_neither_targets_nor_trenches_has_no_changes() -> None:
    found = changes_between(state(EARLY), state(LATE))
    assert found.is_empty
    for level in Level:
        assert change_totals(found, level).empty
