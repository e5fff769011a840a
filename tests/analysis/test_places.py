"""Points in districts, lines split at borders, districts in phases."""

from __future__ import annotations

import datetime as dt

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from rollout.analysis import places
from rollout.crs import METRIC_CRS
from rollout.errors import CrsError

SIDE = 1000.0
ORIGIN = (360_000.0, 5_650_000.0)


def _squares(rows: int = 2, columns: int = 2) -> gpd.GeoDataFrame:
    """A chequerboard of districts named 0_0, 0_1 … that share their borders."""
    names, areas = [], []
    for row in range(rows):
        for column in range(columns):
            x, y = ORIGIN[0] + column * SIDE, ORIGIN[1] + row * SIDE
            names.append(f"{row}_{column}")
            areas.append(shapely.box(x, y, x + SIDE, y + SIDE))
    return gpd.GeoDataFrame({"district_id": pd.array(names, dtype="string")}, geometry=areas, crs=METRIC_CRS)


def _points(*offsets: tuple[float, float]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(geometry=[shapely.Point(ORIGIN[0] + x, ORIGIN[1] + y) for x, y in offsets], crs=METRIC_CRS)


def _lines(*paths: list[tuple[float, float]]) -> gpd.GeoDataFrame:
    ids = pd.array([f"S{number}" for number in range(len(paths))], dtype="string")
    shapes = [shapely.LineString([(ORIGIN[0] + x, ORIGIN[1] + y) for x, y in path]) for path in paths]
    return gpd.GeoDataFrame({"segment_id": ids}, geometry=shapes, crs=METRIC_CRS)


def test_a_point_on_a_border_goes_to_the_smaller_district_id() -> None:
    border, corner = (SIDE, 10.0), (SIDE, SIDE)
    for districts in (_squares(), _squares().iloc[::-1]):
        assert places.assign_district(_points(border, corner), districts).tolist() == ["0_0", "0_0"]


def test_a_point_outside_every_district_has_no_district_and_keeps_its_row() -> None:
    found = places.assign_district(_points((-5.0, 5.0), (5.0, 5.0)).set_index(pd.Index(["x", "y"])), _squares())
    assert found.isna().tolist() == [True, False]
    assert found.index.tolist() == ["x", "y"]


@pytest.mark.parametrize("crs", [None, "EPSG:4326", "EPSG:3857"])
def test_a_layer_that_is_not_metric_is_refused_and_named(crs: str | None) -> None:
    points = (
        _points((5.0, 5.0)).set_crs(crs, allow_override=True)
        if crs
        else gpd.GeoDataFrame(geometry=[shapely.Point(1, 2)])
    )
    with pytest.raises(CrsError, match="'points'"):
        places.assign_district(points, _squares())
    with pytest.raises(CrsError, match="'districts'"):
        places.assign_district(_points((5.0, 5.0)), _squares().to_crs(4326))


def test_a_line_across_a_border_is_apportioned_by_length() -> None:
    parts = places.split_by_district(_lines([(900.0, 10.0), (1300.0, 10.0)]), _squares())
    assert parts["district_id"].tolist() == ["0_0", "0_1"]
    assert parts["length_m"].round(6).tolist() == [100.0, 300.0]


def test_a_line_along_a_border_counts_once_in_the_smaller_district() -> None:
    parts = places.split_by_district(_lines([(SIDE, 100.0), (SIDE, 600.0)]), _squares())
    assert parts[["district_id", "length_m"]].to_numpy().tolist() == [["0_0", 500.0]]


def test_what_lies_outside_is_a_part_of_its_own() -> None:
    parts = places.split_by_district(_lines([(-100.0, 10.0), (50.0, 10.0)], [(-9.0, 1.0), (-9.0, 2.0)]), _squares())
    outside = parts[parts["district_id"].isna()].set_index("segment_id")["length_m"]
    assert outside.round(6).to_dict() == {"S0": 100.0, "S1": 1.0}


def test_a_line_that_only_touches_a_neighbour_leaves_no_part_there() -> None:
    parts = places.split_by_district(_lines([(500.0, 500.0), (SIDE, 500.0)]), _squares())
    assert parts["district_id"].tolist() == ["0_0"]


def test_a_line_of_no_length_keeps_its_row() -> None:
    parts = places.split_by_district(_lines([(5.0, 5.0), (5.0, 5.0)]), _squares())
    assert parts[["segment_id", "length_m"]].to_numpy().tolist() == [["S0", 0.0]]


_offset = st.floats(-400.0, 2400.0).map(lambda value: round(value, 2))
_path = st.lists(st.tuples(_offset, _offset), min_size=2, max_size=5)


@settings(deadline=None, max_examples=60)
@given(st.lists(_path, min_size=1, max_size=8))
def test_the_parts_of_a_segment_add_up_to_the_whole(paths: list[list[tuple[float, float]]]) -> None:
    lines = _lines(*paths)
    parts = places.split_by_district(lines, _squares())
    sums = parts.groupby("segment_id")["length_m"].sum().reindex(lines["segment_id"])
    assert np.abs(sums.to_numpy() - lines.length.to_numpy()).max() <= places.SPLIT_TOLERANCE_M
    assert (parts["length_m"] >= 0).all()


@settings(deadline=None, max_examples=30)
@given(st.lists(_path, min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_neither_the_order_of_rows_nor_a_shift_of_everything_changes_a_part(
    paths: list[list[tuple[float, float]]], chance: object
) -> None:
    lines, districts = _lines(*paths), _squares()
    parts = places.split_by_district(lines, districts)
    order = list(range(len(lines)))
    chance.shuffle(order)  # type: ignore[attr-defined]
    pd.testing.assert_frame_equal(parts, places.split_by_district(lines.iloc[order], districts.iloc[::-1]))
    moved = [frame.set_geometry(frame.translate(1000.0, 1000.0)) for frame in (lines, districts)]
    shifted = places.split_by_district(*moved)
    pd.testing.assert_frame_equal(parts, shifted, rtol=0, atol=places.SPLIT_TOLERANCE_M)


def _streets(*rows: tuple[str | None, str | None, list[tuple[float, float]]]) -> gpd.GeoDataFrame:
    lines = _lines(*(path for _, _, path in rows)).rename(columns={"segment_id": "street_id"})
    lines["name"] = pd.array([name for name, _, _ in rows], dtype="string")
    lines["rank"] = pd.array([rank for _, rank, _ in rows], dtype="string")
    return lines


def test_the_pieces_of_a_street_are_joined_and_two_streets_are_not() -> None:
    joined = places.join_streets(
        _streets(
            ("Am Bach", "minor", [(0, 0), (50, 0)]),
            ("Ring", "main", [(50, 0), (50, 80)]),
            ("Am Bach", "minor", [(90, 0), (50, 0)]),
            ("Am Bach", "minor", [(200, 0), (250, 0)]),
        )
    )
    found = sorted(zip(joined["name"], joined.length, strict=True))
    assert found == [("Am Bach", 50.0), ("Am Bach", 90.0), ("Ring", 80.0)]


def test_pieces_without_a_name_are_kept_and_nothing_is_lost() -> None:
    streets = _streets((None, None, [(0, 0), (50, 0)]), (None, "minor", [(50, 0), (90, 0)]))
    assert places.join_streets(streets).length.sum() == streets.length.sum()
    assert places.join_streets(streets.iloc[:0]).empty


def _memberships() -> pd.DataFrame:
    rows = [("p", "1", "0_0", "2021-03-01"), ("p", "2", "0_1", "2022-03-01"), ("p", "2", "0_0", "2022-06-01")]
    frame = pd.DataFrame(rows, columns=["programme_id", "phase_id", "district_id", "from_date"])
    return frame.astype({"from_date": "datetime64[ms]"})


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (dt.date(2021, 2, 28), {}),
        (dt.date(2021, 3, 1), {"0_0": "1"}),
        (dt.date(2022, 3, 28), {"0_0": "1", "0_1": "2"}),
        (dt.date(2022, 6, 1), {"0_0": "2", "0_1": "2"}),
    ],
)
def test_a_district_belongs_to_the_phase_it_last_joined(day: dt.date, expected: dict[str, str]) -> None:
    phases = places.phases_on(_memberships(), day)
    assert phases.set_index("district_id")["phase_id"].to_dict() == expected


def test_a_phase_holds_only_targets_of_its_own_programme() -> None:
    phases = places.phases_on(_memberships(), dt.date(2022, 3, 28))
    rows = [("p", "0_0"), ("other", "0_0"), ("p", pd.NA), ("p", "1_1")]
    targets = pd.DataFrame(rows, columns=["programme_id", "district_id"], dtype="string", index=[7, 3, 5, 1])
    found = places.assign_phase(targets, phases)
    assert found.fillna("none").to_dict() == {7: "1", 3: "none", 5: "none", 1: "none"}
