"""What waits and what is free: counted by hand on a street of eight segments."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, Point, box

from rollout.analysis.placing import place
from rollout.analysis.state import State
from rollout.analysis.stock import Stock, stock
from rollout.crs import METRIC_CRS
from rollout.project import parse_project
from rollout.schema import LAYERS, PANDAS_DTYPES
from rollout.vocabulary import Level

DAY = dt.date(2022, 3, 28)
SAID = {
    "format": 1,
    "name": "P",
    "municipality": "M",
    "as_of": DAY,
    "place": {"west": 6.8, "south": 50.9, "east": 7.2, "north": 51.2},
    "programmes": [{"id": "p", "name": "P"}],
    "phases": [{"id": "1", "name": "BA 1", "programme": "p", "starts_on": dt.date(2021, 3, 1), "districts": []}],
    "layers": {name: {"path": f"{name}.gpkg"} for name in ("districts", "nodes", "segments", "targets")},
}

SEGMENTS = [  # status, reason, since, from x, to x
    ("permitted", None, "2022-03-18", 0, 100),
    ("permitted", None, "2022-02-26", 100, 200),
    ("applied", None, "2022-03-08", 200, 300),
    ("blocked", "weather", "2022-03-27", 300, 400),
    ("blocked", None, "2022-03-01", 400, 440),
    ("duct_laid", None, "2022-03-01", 440, 500),
    ("planned", None, "2022-03-01", 470, 560),
    ("dropped", "rerouted", "2022-03-01", 600, 700),
]
TARGETS = [  # status, drive, since, x, y
    ("owner_contacted", "funded", "2022-03-18", 10, 5),
    ("refused", "funded", "2022-03-01", 20, 5),
    ("consent_given", "funded", "2022-02-26", 460, 5),
    ("surveyed", "extended", "2022-03-27", 465, 5),
    ("consent_given", "funded", "2022-03-01", 50, 5),
    ("consent_given", "funded", "2022-03-01", 450, 45),
    ("connected", "funded", "2022-03-01", 455, 5),
]


def rows(layer: str, shapes: list[object], **columns: list[object]) -> gpd.GeoDataFrame:
    series = {
        column.name: pd.Series(columns.get(column.name, [None] * len(shapes)), dtype=PANDAS_DTYPES[column.type])
        for column in LAYERS[layer].columns
    }
    return gpd.GeoDataFrame(series, geometry=shapes, crs=METRIC_CRS)


def street(order: list[int] | None = None) -> State:
    segments = rows(
        "segments",
        [LineString([(a, 0), (b, 0)]) for *_, a, b in SEGMENTS],
        segment_id=[f"S{place}" for place in range(len(SEGMENTS))],
        programme_id=["p"] * len(SEGMENTS),
        phase_id=["1"] * len(SEGMENTS),
        kind=["new_duct"] * len(SEGMENTS),
        status=[said[0] for said in SEGMENTS],
        reason=[said[1] for said in SEGMENTS],
        status_since=[pd.Timestamp(said[2]) for said in SEGMENTS],
    )
    targets = rows(
        "targets",
        [Point(x, y) for *_, x, y in TARGETS],
        target_id=[f"T{place}" for place in range(len(TARGETS))],
        programme_id=["p"] * len(TARGETS),
        drive=[said[1] for said in TARGETS],
        status=[said[0] for said in TARGETS],
        status_since=[pd.Timestamp(said[2]) for said in TARGETS],
        reason=[None, "declined", None, None, None, None, None],
        category=["household"] * len(TARGETS),
    )
    layers = {
        "districts": rows("districts", [box(-1, -99, 150, 99), box(150, -99, 800, 99)], district_id=["A", "B"]),
        "nodes": rows("nodes", []),
        "segments": segments if order is None else segments.iloc[order].reset_index(drop=True),
        "targets": targets,
    }
    return place(layers, parse_project(SAID, Path("rollout.toml")), DAY)


def found(by: Level = Level.PROGRAMME) -> dict[tuple[str, str, str | None], tuple[int, float, int, int]]:
    return {
        (one.stock, one.kind, None if one.reason is pd.NA else one.reason): (
            one.count_,
            one.length_m,
            one.oldest_days,
            one.median_days,
        )
        for one in stock(street(), by).rename(columns={"count": "count_"}).itertuples()
    }


def test_every_cause_is_counted_with_its_metres_and_how_long_it_has_waited() -> None:
    assert found() == {
        (Stock.TRENCH, "new_duct", None): (2, 200.0, 30, 20),
        (Stock.PERMIT, "new_duct", None): (1, 100.0, 20, 20),
        (Stock.BLOCKED, "new_duct", "weather"): (1, 100.0, 1, 1),
        (Stock.BLOCKED, "new_duct", None): (1, 40.0, 27, 27),
        (Stock.CONSENT, "funded", None): (1, 0.0, 10, 10),
        (Stock.REFUSED, "funded", "declined"): (1, 0.0, 27, 27),
        (Stock.CONNECTION, "funded", None): (1, 0.0, 30, 30),
        (Stock.CONNECTION, "extended", None): (1, 0.0, 1, 1),
    }


def test_a_segment_over_a_border_counts_once_and_its_metres_lie_where_they_lie() -> None:
    trench = stock(street(), Level.DISTRICT).query("stock == 'trench'").set_index("district_id")
    assert trench["count"].to_dict() == {"A": 2, "B": 0}
    assert trench["length_m"].to_dict() == {"A": 150.0, "B": 50.0}
    assert trench["oldest_days"].isna().to_dict() == {"A": False, "B": True}


@settings(max_examples=15, deadline=None)
@given(st.permutations(range(len(SEGMENTS))))
def test_the_order_of_rows_does_not_matter(order: list[int]) -> None:
    pd.testing.assert_frame_equal(stock(street(order)), stock(street()))


@pytest.mark.parametrize("by", Level)
def test_every_level_holds_the_same_in_all(by: Level) -> None:
    held = stock(street(), by)
    assert int(held["count"].sum()) == 9
    assert round(float(held["length_m"].sum()), 3) == 440.0
