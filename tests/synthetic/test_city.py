"""The city as a whole: the same bytes every time, the schema's columns, places on the centimetre."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from rollout.crs import METRIC_CRS
from rollout.errors import LayerError
from rollout.layers import write_layer
from rollout.schema import LAYERS, PANDAS_DTYPES
from rollout.synthetic.base import Base, dry_land, read_base, river
from rollout.synthetic.city import City, make_city, write_city
from rollout.synthetic.spec import CitySpec

NAMES = list(LAYERS)


def test_two_runs_write_the_same_bytes(city: City, base: Base, spec: CitySpec, tmp_path: Path) -> None:
    first = write_city(city, tmp_path / "first")
    second = write_city(make_city(base, spec), tmp_path / "second")
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


@pytest.mark.parametrize("name", NAMES)
def test_a_stored_layer_is_what_the_generator_makes(name: str, city: City, stored: Path, tmp_path: Path) -> None:
    fresh = tmp_path / f"{name}.gpkg"
    write_layer(getattr(city, name), LAYERS[name], fresh)
    assert fresh.read_bytes() == (stored / f"{name}.gpkg").read_bytes()


def test_another_seed_makes_another_city_that_keeps_to_the_same_figures(city: City, base: Base, spec: CitySpec) -> None:
    other = make_city(base, replace(spec, seed=7))
    assert not other.streets.geometry.geom_equals_exact(city.streets.geometry, 1.0, align=True).all()
    assert len(other.targets) == len(city.targets)
    live = other.segments.loc[(other.segments["status"] != "dropped") & other.segments["phase_id"].notna()]
    assert live.geometry.length.sum() == pytest.approx(72_000.0, abs=50.0)


@pytest.mark.parametrize("name", NAMES)
def test_a_layer_has_the_columns_of_the_schema_sorted_by_its_identifier(name: str, city: City) -> None:
    rows, layer = getattr(city, name), LAYERS[name]
    assert [*rows.columns] == [*(column.name for column in layer.columns), "geometry"]
    assert {str(rows[column.name].dtype) for column in layer.columns} <= set(PANDAS_DTYPES.values())
    assert rows[layer.key].is_unique
    assert rows[layer.key].is_monotonic_increasing
    assert rows.crs == METRIC_CRS
    assert set(rows.geom_type) == {layer.geometry.value}
    assert rows.geometry.is_valid.all()


@pytest.mark.parametrize("name", NAMES)
def test_a_layer_holds_only_allowed_words_and_leaves_only_optional_columns_empty(name: str, city: City) -> None:
    rows = getattr(city, name)
    for column in LAYERS[name].columns:
        assert column.nullable or rows[column.name].notna().all(), column.name
        assert column.allowed is None or set(rows[column.name].dropna()) <= set(column.allowed), column.name


@pytest.mark.parametrize("name", NAMES)
def test_every_coordinate_is_a_whole_number_of_centimetres(name: str, city: City) -> None:
    places = shapely.get_coordinates(getattr(city, name).geometry.to_numpy())
    assert np.array_equal(places, np.round(places, 2))


def test_districts_cover_the_city_without_gaps_or_overlaps(city: City) -> None:
    areas = city.districts.geometry
    assert len(areas) == 13
    assert areas.area.sum() == pytest.approx(areas.union_all().area, abs=1.0)
    assert areas.union_all().symmetric_difference(city.boundary.geometry.iloc[0]).area < 500.0


def test_neighbours_surround_the_city_without_gaps_or_overlaps(city: City) -> None:
    border, around = city.boundary.geometry.iloc[0], city.neighbours.geometry
    assert shapely.coverage_is_valid([*around, border])
    assert len(around.union_all().union(border).interiors) == 0
    assert sides(border) <= set().union(*map(sides, around))
    assert around.intersection(border).area.sum() == 0.0
    assert around.area.sum() == pytest.approx(around.union_all().area, abs=1e-3)


def test_neighbours_are_the_municipalities_that_touch_the_city(city: City) -> None:
    assert dict(zip(city.neighbours["neighbour_id"], city.neighbours["name"], strict=True)) == {
        "05158020": "Langenfeld (Rhld.)",
        "05158026": "Monheim am Rhein",
        "05315000": "Köln",
        "05378004": "Bergisch Gladbach",
        "05378008": "Burscheid",
        "05378016": "Leichlingen (Rhld.)",
        "05378020": "Odenthal",
    }
    assert city.neighbours.geometry.distance(city.boundary.geometry.iloc[0]).eq(0.0).all()


def test_the_order_of_the_base_file_does_not_matter(base: Base, stored: Path, tmp_path: Path) -> None:
    for path in (stored / "base").iterdir():
        found = json.loads(path.read_text(encoding="utf-8"))
        said = json.dumps({**found, "features": found["features"][::-1]})
        (tmp_path / path.name).write_text(said, encoding="utf-8")
    turned = read_base(tmp_path)
    pd.testing.assert_frame_equal(turned.neighbours, base.neighbours)
    pd.testing.assert_frame_equal(turned.districts, base.districts)
    assert np.array_equal(turned.stops, base.stops)


def sides(area: shapely.Polygon) -> set[frozenset[tuple[float, ...]]]:
    """Each side of a polygon, whichever way it runs."""
    places = [tuple(place) for place in shapely.get_coordinates(area.exterior).tolist()]
    return {frozenset(side) for side in pairwise(places)}


def test_the_river_follows_the_western_border_from_hitdorf_to_wiesdorf(city: City) -> None:
    band = city.water.geometry.iloc[0]
    touched = set(city.districts.loc[city.districts.intersects(band), "name"])
    assert touched == {"Hitdorf", "Rheindorf", "Wiesdorf"}
    assert city.water["name"].tolist() == ["Rhein (Näherung)"]
    assert band.area / band.length * 2 == pytest.approx(340.0, rel=0.1)


def test_everything_lies_inside_the_city_and_out_of_the_river(city: City) -> None:
    dry = city.boundary.geometry.iloc[0].difference(city.water.geometry.iloc[0])
    for name in ("streets", "segments", "targets", "nodes"):
        assert getattr(city, name).geometry.covered_by(dry).all(), name


def test_dry_land_keeps_its_distance_from_the_river(base: Base, spec: CitySpec) -> None:
    assert dry_land(base, spec, 20.0).distance(river(base, spec)) == pytest.approx(20.0, abs=0.5)


def test_a_missing_base_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(LayerError, match=r"stadtgrenze_vg250\.geojson"):
        read_base(tmp_path)


def test_written_layers_read_back_as_they_were(city: City, tmp_path: Path) -> None:
    write_city(city, tmp_path)
    back = gpd.read_file(tmp_path / "targets.gpkg")
    assert back["target_id"].tolist() == city.targets["target_id"].tolist()
    since = pd.to_datetime(back["status_since"]).astype("datetime64[ms]")
    pd.testing.assert_series_equal(since, city.targets["status_since"])
    assert back.geometry.geom_equals(city.targets.geometry).all()
