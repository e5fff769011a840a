"""Forecasts of one trench laid week by week: rates, range, reasons, and what must hold for any course."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, Point, box

from rollout.analysis.backtest import TRIALS, backtest
from rollout.analysis.forecast import Deadline, due_dates, forecast, to_do
from rollout.analysis.gains import Reports, reports
from rollout.analysis.ladder import heights_over_time
from rollout.analysis.pace import Outlook
from rollout.analysis.placing import place
from rollout.analysis.scurve import Plan, s_curves
from rollout.analysis.state import State
from rollout.analysis.workdays import workdays
from rollout.crs import METRIC_CRS
from rollout.project import parse_project
from rollout.schedule import WorkCalendar
from rollout.schema import LAYERS, PANDAS_DTYPES
from rollout.vocabulary import Level

DAY = dt.date(2022, 3, 25)
"""A Friday, twelve working weeks after the turn of the year."""

COUNT = 40
few = settings(max_examples=10, deadline=None)


def made(layer: str, shapes: list[Any], **columns: list[Any]) -> gpd.GeoDataFrame:
    series = {
        column.name: pd.Series(columns.get(column.name, [None] * len(shapes)), dtype=PANDAS_DTYPES[column.type])
        for column in LAYERS[layer].columns
    }
    return gpd.GeoDataFrame(series, geometry=shapes, crs=METRIC_CRS)


def project(**phase: Any) -> Any:  # noqa: ANN401
    said = {"id": "1", "name": "BA 1", "programme": "p", "starts_on": dt.date(2021, 9, 1), "districts": []}
    ending = {} if "promises" in phase else {"planned_end_on": dt.date(2022, 6, 30)}
    layers = {name: {"path": f"{name}.gpkg"} for name in ("districts", "nodes", "segments", "targets")}
    return parse_project(
        {
            "format": 1,
            "name": "P",
            "municipality": "M",
            "as_of": DAY,
            "place": {"west": 6.8, "south": 50.9, "east": 7.2, "north": 51.2},
            "programmes": [{"id": "p", "name": "P"}],
            "phases": [said | ending | phase],
            "layers": layers,
        },
        Path("rollout.toml"),
    )


def trench(
    laid: list[dt.date],
    *,
    as_of: dt.date = DAY,
    order: list[int] | None = None,
    planned_on: list[Any] | None = None,
    **phase: Any,  # noqa: ANN401
) -> State:
    """A trench of 40 segments of 100 m, as many laid as there are days, and one refused funded connection."""
    done = [day for day in laid if day <= as_of]
    segments = made(
        "segments",
        [LineString([(100 * at, 0), (100 * at + 100, 0)]) for at in range(COUNT)],
        segment_id=[f"S{at:02d}" for at in range(COUNT)],
        programme_id=["p"] * COUNT,
        phase_id=["1"] * COUNT,
        kind=["new_duct"] * COUNT,
        planned_on=planned_on or [None] * COUNT,
        status=["duct_laid"] * len(done) + ["planned"] * (COUNT - len(done)),
        status_since=[pd.Timestamp(day) for day in done] + [pd.Timestamp("2021-01-01")] * (COUNT - len(done)),
    )
    targets = made(
        "targets",
        [Point(50, 5), Point(150, 5)],
        target_id=["T1", "T2"],
        programme_id=["p"] * 2,
        category=["household"] * 2,
        drive=["funded"] * 2,
        status=["refused", "identified"],
        status_since=[pd.Timestamp("2021-01-01")] * 2,
    )
    layers = {
        "districts": made("districts", [box(-9, -99, 9999, 99)], district_id=["A"], name=["A"]),
        "nodes": made("nodes", []),
        "segments": segments if order is None else segments.iloc[order].reset_index(drop=True),
        "targets": targets,
    }
    return place(layers, project(**phase), as_of)


def told(laid: list[dt.date], *, state_on: dt.date = DAY, order: list[int] | None = None) -> Reports:
    """One delivery that tells when each segment was laid."""
    rows = pd.DataFrame(
        {
            "entity": "segment",
            "entity_id": [f"S{at:02d}" for at in range(len(laid))],
            "valid_on": pd.to_datetime(pd.Series(laid, dtype="object")),
            "status": "duct_laid",
            "delivery_id": "d",
        }
    ).astype({"entity": "string", "entity_id": "string", "status": "string", "valid_on": "datetime64[ms]"})
    rows = rows if order is None else rows.iloc[[at for at in order if at < len(laid)]].reset_index(drop=True)
    sent = pd.DataFrame({"delivery_id": ["d"], "entity": ["segment"], "sender": ["EVL"]})
    sent = sent.assign(state_on=pd.Timestamp(state_on), last_on=pd.Timestamp(state_on))
    return reports(rows.assign(height=heights_over_time(rows)), sent)


def weekly(counts: list[int], until: dt.date = DAY) -> list[dt.date]:
    """Days on which segments were laid: so many in each working week up to a day, on its last day."""
    calendar = workdays(WorkCalendar(), until.year)
    ends = calendar.later(until, -5 * np.arange(len(counts))[::-1])
    return [end.item() for end, count in zip(ends, counts, strict=True) for _ in range(count)]


def duct(state: State, known: Reports | None, seed: int = 1) -> pd.Series[Any]:
    rows = forecast(state, known, by=Level.PHASE, seed=seed)
    return rows[rows["work"] == "new_duct"].iloc[0]


STEADY = weekly([1] * 12)


def test_a_steady_pace_ends_on_the_day_one_would_work_out_by_hand() -> None:
    row = duct(trench(STEADY), told(STEADY))
    calendar = workdays(WorkCalendar(), 2022)
    assert (row["planned"], row["done"], row["open"]) == (4_000_000, 1_200_000, 2_800_000)
    assert (row["rate_4"], row["rate_12"]) == (100.0, 100.0)
    day = pd.Timestamp(calendar.later(DAY, np.array([28 * 5]))[0])
    assert [row["p10"], row["p50"], row["p90"]] == [day] * 3
    assert row["deadline"] == Deadline.MISSED


def test_needed_rate_times_the_weeks_left_is_what_is_left() -> None:
    row = duct(trench(STEADY), told(STEADY))
    assert row["weeks_left"] == workdays(WorkCalendar(), 2022).count(DAY, dt.date(2022, 6, 30)) / 5
    assert row["needed"] * row["weeks_left"] == pytest.approx(row["open"] / 1000)


def test_the_mean_of_four_weeks_is_not_that_of_twelve() -> None:
    laid = weekly([2] * 8 + [1] * 4)
    row = duct(trench(laid), told(laid))
    assert (row["rate_4"], row["rate_12"]) == (100.0, pytest.approx(2000 / 12))


def test_weeks_before_the_first_gain_do_not_count() -> None:
    laid = weekly([0] * 6 + [1] * 6)
    assert duct(trench(laid), told(laid))["rate_12"] == 100.0


@pytest.mark.parametrize(
    ("laid", "outlook", "deadline"),
    [
        ([], Outlook.NOT_BEGUN, Deadline.UNKNOWN),
        (weekly([1] * 3), Outlook.TOO_SHORT, Deadline.UNKNOWN),
        (weekly([1] * 4 + [0] * 12), Outlook.STALLED, Deadline.UNKNOWN),
        (weekly([1] * 4), Outlook.FORECAST, Deadline.MISSED),
        (weekly([2] * 12), Outlook.FORECAST, Deadline.MET),
        (weekly([COUNT]), Outlook.DONE, Deadline.MET),
    ],
)
def test_where_there_is_no_ground_for_a_forecast_the_reason_is_named(
    laid: list[dt.date], outlook: Outlook, deadline: Deadline
) -> None:
    row = duct(trench(laid), told(laid))
    assert (row["outlook"], row["deadline"]) == (outlook, deadline)
    assert pd.isna(row["p50"]) == (outlook is not Outlook.FORECAST)


def test_without_deliveries_there_is_what_is_left_and_needed_but_no_rate_and_no_range() -> None:
    row = duct(trench(STEADY), None)
    assert row["outlook"] == Outlook.NO_REPORTS
    assert row["needed"] > 0
    assert row[["rate_4", "rate_12", "p10", "p90"]].isna().all()


def test_a_date_that_has_passed_needs_no_rate_any_more() -> None:
    row = duct(trench(STEADY, planned_end_on=dt.date(2022, 3, 1)), told(STEADY))
    assert (row["deadline"], row["weeks_left"]) == (Deadline.PASSED, 0)
    assert pd.isna(row["needed"])
    assert not pd.isna(row["p50"])


def test_a_pace_that_would_take_more_than_five_years_gives_no_day() -> None:
    laid = weekly([1] + [0] * 10 + [0])
    row = duct(trench(laid), told(laid))
    assert row["outlook"] == Outlook.FORECAST
    assert row[["p50", "p90"]].isna().all()


def test_refused_connections_are_told_and_not_left_to_do() -> None:
    rows = forecast(trench(STEADY), told(STEADY), by=Level.PHASE).set_index("work")
    assert rows.loc["funded", ["planned", "done", "refused", "open"]].tolist() == [2, 0, 1, 1]


def test_what_was_built_after_the_last_delivery_is_not_taken_for_standstill() -> None:
    late = dt.date(2022, 4, 29)
    row = duct(trench(STEADY, as_of=late), told(STEADY))
    assert row["told_until"] == pd.Timestamp(DAY)
    assert row["rate_4"] == 100.0


def test_a_correction_of_old_days_does_not_tell_how_things_stand() -> None:
    known = told(STEADY)
    assert known.told_until("new_duct", DAY) == DAY
    rows = pd.DataFrame({"entity": ["segment"], "entity_id": ["S00"], "valid_on": [pd.Timestamp("2022-01-07")]})
    sent = pd.DataFrame({"delivery_id": ["c"], "entity": ["segment"], "sender": ["EVL"]})
    sent = sent.assign(state_on=pd.Timestamp("2022-05-13"), last_on=pd.Timestamp("2022-01-07"))
    correction = reports(rows.assign(height=4, delivery_id="c"), sent)
    assert correction.told_until("new_duct", dt.date(2022, 5, 20)) == dt.date(2022, 1, 7)


courses = st.lists(st.integers(0, 4), min_size=4, max_size=10).filter(lambda counts: counts[0] > 0)


@few
@given(courses, st.integers(0, 99))
def test_the_range_is_in_order_and_the_same_seed_gives_the_same(counts: list[int], seed: int) -> None:
    laid = weekly(counts)[:COUNT]
    state, known = trench(laid), told(laid)
    first = forecast(state, known, by=Level.PHASE, seed=seed)
    days = first[["p10", "p50", "p90"]].fillna(pd.Timestamp("2200-01-01"))
    assert (days["p10"] <= days["p50"]).all()
    assert (days["p50"] <= days["p90"]).all()
    again = forecast(state, known, by=Level.PHASE, seed=seed)
    assert again.to_csv() == first.to_csv()


@few
@given(courses, st.permutations(range(COUNT)))
def test_the_order_of_rows_does_not_matter(counts: list[int], order: list[int]) -> None:
    laid = weekly(counts)[:COUNT]
    mixed = forecast(trench(laid, order=order), told(laid, order=order), by=Level.DISTRICT)
    pd.testing.assert_frame_equal(mixed, forecast(trench(laid), told(laid), by=Level.DISTRICT))


@few
@given(courses, st.integers(1, 10))
def test_more_done_with_the_same_rates_is_never_later(counts: list[int], more: int) -> None:
    laid = weekly(counts)[: COUNT - 12]
    sooner = [dt.date(2021, 10, 1)] * more
    late = pd.Timestamp("2200-01-01")
    less_done = duct(trench(laid), told(laid))[["p10", "p50", "p90"]].fillna(late)
    more_done = duct(trench(sooner + laid), told(laid))[["p10", "p50", "p90"]].fillna(late)
    assert (more_done <= less_done).all()


def test_a_programme_ends_with_its_last_phase_and_a_promise_holds_from_its_day() -> None:
    promises = [
        {"said_on": dt.date(2021, 9, 1), "planned_end_on": dt.date(2022, 3, 31), "source": "a"},
        {"said_on": dt.date(2022, 3, 26), "planned_end_on": dt.date(2022, 9, 30), "source": "b"},
    ]
    assert due_dates(trench([], promises=promises)) == dict.fromkeys([("p", "1"), ("p", "")], dt.date(2022, 3, 31))
    later = trench([], as_of=dt.date(2022, 3, 26), promises=promises)
    assert due_dates(later)["p", "1"] == dt.date(2022, 9, 30)


def test_a_steady_course_is_hit_by_every_forecast_of_it() -> None:
    laid = weekly([1] * COUNT)
    state = trench(laid)
    rows = to_do(state, Level.PHASE)
    then = []
    for back in (30, 20, 14, 2):
        day = workdays(WorkCalendar(), 2022).later(DAY, np.array([-5 * back]))[0].item()
        then.append((day, told([one for one in laid if one <= day], state_on=day)))
    trials = backtest(state, rows, (told(laid), then), Level.PHASE).loc[0, list(TRIALS)].tolist()
    assert trials == [3, 3, 3, 3, 4, 4]


def test_a_course_that_slows_down_is_missed() -> None:
    laid = weekly([3] * 8 + [0] * 12)
    state = trench(laid)
    day = workdays(WorkCalendar(), 2022).later(DAY, np.array([-5 * 12]))[0].item()
    then = [(day, told(laid, state_on=day))]
    trials = backtest(state, to_do(state, Level.PHASE), (told(laid), then), Level.PHASE).loc[0, list(TRIALS)].tolist()
    assert trials == [1, 0, 1, 0, 0, 0]


def test_the_curve_runs_from_nothing_over_what_is_done_to_the_whole_within_its_range() -> None:
    laid = weekly([1, 3, 2, 0, 4, 1, 2, 2])
    curve = next(one for one in s_curves(trench(laid), told(laid)) if one.work == "new_duct")
    weeks = curve.weeks
    assert (curve.total, curve.plan, curve.due) == (4000.0, Plan.LINEAR, dt.date(2022, 6, 30))
    assert weeks["done"].dropna().iloc[[0, -1]].tolist() == [0.0, 1500.0]
    ahead = weeks.dropna(subset=["low"])
    assert ahead.iloc[0][["done", "low", "high"]].tolist() == [1500.0] * 3
    assert (ahead["low"] <= ahead["middle"]).all()
    assert (ahead["middle"] <= ahead["high"]).all()
    assert ahead["low"].is_monotonic_increasing
    assert ahead["low"].iloc[-1] == 4000.0
    needed = weeks.dropna(subset=["needed"])
    assert needed["needed"].iloc[[0, -1]].tolist() == [1500.0, 4000.0]
    assert weeks["planned"].iloc[0] == 0
    assert weeks["day"].is_monotonic_increasing


def test_the_planned_curve_follows_the_segments_where_they_have_dates() -> None:
    dates = [pd.Timestamp("2022-01-31")] * 30 + [None] * 10
    state = trench(STEADY, planned_on=dates)
    curve = next(one for one in s_curves(state, told(STEADY)) if one.work == "new_duct")
    planned = curve.weeks.set_index("day")["planned"]
    assert curve.plan == Plan.SEGMENTS
    assert planned[planned.index < "2022-01-31"].max() == 0
    assert planned[(planned.index >= "2022-01-31") & (planned.index < "2022-06-30")].unique().tolist() == [3000.0]
    assert planned.iloc[-1] == 4000.0
