"""Where a connection hangs on the trench: nearest first, but its own side of the street before that."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from rollout.analysis.drops import attach_targets
from rollout.crs import METRIC_CRS

ORIGIN = (360_000.0, 5_650_000.0)
LIMIT_M = 30.0

Path = list[tuple[float, float]]


def _lines(*paths: Path) -> gpd.GeoDataFrame:
    ids = pd.array([f"S{number}" for number in range(len(paths))], dtype="string")
    shapes = [shapely.LineString([(ORIGIN[0] + x, ORIGIN[1] + y) for x, y in path]) for path in paths]
    return gpd.GeoDataFrame({"segment_id": ids}, geometry=shapes, crs=METRIC_CRS)


def _trenches(*paths: Path) -> gpd.GeoDataFrame:
    lines = _lines(*paths) if paths else _lines([(0, 0), (100, 0)], [(0, 40), (100, 40)], [(0, 6), (100, 6)])
    programmes = ["p"] * len(lines) if paths else ["p", "p", "q"]
    heights = [4] * len(lines) if paths else [4, 0, 11]
    words = {4: "duct_laid", 0: "planned", 11: "in_service"}
    return lines.assign(
        programme_id=pd.array(programmes, dtype="string"),
        status=pd.array([words[height] for height in heights], dtype="string"),
        height=pd.array(heights, dtype="Int64"),
    )


def _targets(*offsets: tuple[float, float]) -> gpd.GeoDataFrame:
    points = [shapely.Point(ORIGIN[0] + x, ORIGIN[1] + y) for x, y in offsets]
    programme = pd.array(["p"] * len(offsets), dtype="string")
    return gpd.GeoDataFrame({"programme_id": programme}, geometry=points, crs=METRIC_CRS)


def test_a_target_hangs_on_the_nearest_segment_of_its_own_programme() -> None:
    at = attach_targets(_targets((50.0, 8.0), (50.0, 35.0)), _trenches(), None, limit_m=LIMIT_M)
    assert at["segment_id"].tolist() == ["S0", "S1"]
    assert at["drop_m"].tolist() == [8.0, 5.0]
    assert at["along_m"].tolist() == [50.0, 50.0]
    assert at["near_built_m"].tolist() == [8.0, 35.0]
    assert at["foot"].iloc[0].equals(shapely.Point(ORIGIN[0] + 50.0, ORIGIN[1]))


def test_of_two_segments_equally_near_the_smaller_id_is_taken_in_any_order() -> None:
    for trenches in (_trenches(), _trenches().iloc[::-1]):
        assert attach_targets(_targets((50, 20)), trenches, None, limit_m=LIMIT_M)["segment_id"].tolist() == ["S0"]


def test_a_dropped_segment_serves_nobody() -> None:
    trenches = _trenches()
    trenches.loc[0, "status"] = "dropped"
    trenches.loc[0, "height"] = -1
    at = attach_targets(_targets((50.0, 8.0)), trenches, None, limit_m=LIMIT_M)
    assert at["segment_id"].tolist() == ["S1"]
    assert np.isinf(at["near_built_m"]).all()


def test_without_any_segment_a_target_keeps_its_row_and_has_no_place() -> None:
    at = attach_targets(_targets((50.0, 8.0)), _trenches().iloc[:0], None, limit_m=LIMIT_M)
    assert at["segment_id"].isna().all()
    assert np.isinf(at["drop_m"]).all()
    assert at["along_m"].isna().all()
    assert at["foot"].isna().all()


def test_without_any_target_nothing_is_attached() -> None:
    assert attach_targets(_targets(), _trenches(), None, limit_m=LIMIT_M).empty


def test_an_address_between_two_streets_hangs_on_its_own_side_though_the_other_is_nearer() -> None:
    trenches = _trenches([(0.0, -3.0), (100.0, -3.0)], [(0.0, 30.0), (100.0, 30.0)])
    axes = _lines([(0.0, 0.0), (100.0, 0.0)])
    house = _targets((50.0, 8.0))
    assert attach_targets(house, trenches, None, limit_m=LIMIT_M)["segment_id"].tolist() == ["S0"]
    across = attach_targets(house, trenches, axes, limit_m=LIMIT_M)
    assert across["segment_id"].tolist() == ["S1"]
    assert across["drop_m"].tolist() == [22.0]


def test_beyond_the_limit_its_own_side_counts_no_more_and_the_street_is_crossed() -> None:
    trenches = _trenches([(0.0, -3.0), (100.0, -3.0)], [(0.0, 30.0), (100.0, 30.0)])
    axes = _lines([(0.0, 0.0), (100.0, 0.0)])
    assert attach_targets(_targets((50, 8)), trenches, axes, limit_m=21.9)["segment_id"].tolist() == ["S0"]


places = st.lists(st.tuples(st.floats(0, 100), st.floats(-30, 60)), min_size=1, max_size=12)


@settings(max_examples=60, deadline=None)
@given(places, st.integers(0, 5))
def test_the_chosen_segment_is_the_nearest_of_those_without_a_crossing(spots: Path, turn: int) -> None:
    paths: list[Path] = [[(0, -3), (100, -3)], [(0, 30), (100, 30)], [(50, -30), (50, 60)], [(20, 10), (80, 20)]]
    trenches, axes = _trenches(*paths), _lines([(0, 0), (100, 0)], [(46, -30), (46, 60)])
    order = np.roll(np.arange(len(paths)), turn)
    found = attach_targets(_targets(*spots), trenches.iloc[order], axes, limit_m=LIMIT_M)
    for point, chosen in zip(_targets(*spots).geometry, found["segment_id"], strict=True):
        ways = {
            name: shapely.shortest_line(point, line)
            for name, line in zip(trenches["segment_id"], trenches.geometry, strict=True)
        }
        free = {
            name: way.length for name, way in ways.items() if way.length <= LIMIT_M and not axes.intersects(way).any()
        }
        among = free or {name: way.length for name, way in ways.items()}
        assert among[chosen] == min(among.values())
