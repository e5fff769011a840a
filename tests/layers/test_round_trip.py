"""What is written is what is read, in every format."""

from __future__ import annotations

import datetime as dt
import tempfile
import unicodedata
import zipfile
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from rollout.crs import METRIC_CRS
from rollout.errors import CrsError, OutputError
from rollout.layers import read_layer, write_layer
from rollout.project import parse_project
from rollout.schema import LAYERS, PANDAS_DTYPES, ColumnType, GeometryType

ENDINGS = (".gpkg", ".geojson", ".fgb", ".parquet", ".shp", ".zip")

_signs = st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs"))
_texts = st.text(_signs, min_size=1, max_size=12).map(lambda text: unicodedata.normalize("NFC", text.strip()))
_values = {
    ColumnType.TEXT: _texts.filter(bool),
    ColumnType.INTEGER: st.integers(0, 10**9),
    ColumnType.NUMBER: st.integers(0, 10**9).map(lambda number: number / 1000),
    ColumnType.DATE: st.dates(dt.date(1990, 1, 1), dt.date(2100, 1, 1)),
}
_east, _north = st.floats(355_000, 370_000), st.floats(5_640_000, 5_660_000)
_points = st.builds(shapely.Point, _east, _north)
_shapes = {
    GeometryType.POINT: _points,
    GeometryType.LINE: st.lists(st.tuples(_east, _north), min_size=2, max_size=5).map(shapely.LineString),
    GeometryType.POLYGON: st.builds(lambda x, y, d: shapely.box(x, y, x + d, y + d), _east, _north, st.integers(1, 99)),
}


@st.composite
def layers(draw: st.DrawFn, name: str) -> gpd.GeoDataFrame:
    layer = LAYERS[name]
    keys = sorted(draw(st.sets(_values[ColumnType.TEXT], min_size=1, max_size=4)))
    columns: dict[str, Any] = {layer.key: keys}
    for column in layer.columns[1:]:
        values = _values[column.type] if not column.nullable else st.none() | _values[column.type]
        columns[column.name] = draw(st.lists(values, min_size=len(keys), max_size=len(keys)))
    series = {
        column.name: pd.Series(columns[column.name], dtype=PANDAS_DTYPES[column.type]) for column in layer.columns
    }
    shapes = draw(st.lists(_shapes[layer.geometry], min_size=len(keys), max_size=len(keys)))
    return gpd.GeoDataFrame(series, geometry=shapes, crs=METRIC_CRS)


def written_and_read(rows: gpd.GeoDataFrame, name: str, ending: str) -> gpd.GeoDataFrame:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}{ending}"
        write_layer(rows, LAYERS[name], path)
        names = {"districts", "nodes", "segments", "targets", name}
        said: dict[str, Any] = {
            "format": 1,
            "name": "x",
            "municipality": "x",
            "as_of": "2022-03-28",
            "place": {"west": 6, "south": 50, "east": 8, "north": 52},
            "programmes": [{"id": "haupt", "name": "x"}],
            "layers": {each: {"path": str(path)} for each in names},
        }
        return read_layer(parse_project(said, Path(folder) / "rollout.toml"), name).rows


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("name", ["targets", "segments", "districts"])
def test_what_is_written_is_what_is_read(name: str, ending: str) -> None:
    @settings(max_examples=8, deadline=None)
    @given(rows=layers(name))
    def every_layer(rows: gpd.GeoDataFrame) -> None:
        again = written_and_read(rows, name, ending)
        assert again.crs == METRIC_CRS
        assert shapely.equals(again.geometry.to_numpy(), rows.geometry.to_numpy()).all()
        assert_frame_equal(pd.DataFrame(again.drop(columns="geometry")), pd.DataFrame(rows.drop(columns="geometry")))

    every_layer()


@pytest.mark.parametrize("ending", ENDINGS)
def test_equal_rows_in_any_order_give_equal_bytes(ending: str, targets: gpd.GeoDataFrame, tmp_path: Path) -> None:
    files = [tmp_path / folder / f"targets{ending}" for folder in "ab"]
    write_layer(targets, LAYERS["targets"], files[0])
    write_layer(targets.iloc[::-1], LAYERS["targets"], files[1])
    names = [sorted(part.name for part in file.parent.iterdir()) for file in files]
    assert names[0] == names[1]
    for name in names[0]:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes(), name


@pytest.mark.parametrize("ending", [".gpkg", ".fgb", ".parquet", ".shp", ".zip"])
@pytest.mark.parametrize("name", LAYERS)
def test_an_empty_layer_keeps_its_columns(name: str, ending: str) -> None:
    layer = LAYERS[name]
    series = {column.name: pd.Series([], dtype=PANDAS_DTYPES[column.type]) for column in layer.columns}
    rows = gpd.GeoDataFrame(series, geometry=gpd.GeoSeries([], crs=METRIC_CRS))
    again = written_and_read(rows, name, ending)
    assert list(again.columns) == [*series, "geometry"]
    assert len(again) == 0


def test_a_district_in_two_parts_makes_the_whole_layer_multi_part_and_stays_the_same_area() -> None:
    shapes = [shapely.box(0, 0, 1, 1), shapely.MultiPolygon([shapely.box(2, 0, 3, 1), shapely.box(5, 0, 6, 1)])]
    rows = gpd.GeoDataFrame(
        {name: pd.Series(["A", "B"], dtype="string") for name in ("district_id", "name", "borough")},
        geometry=shapes,
        crs=METRIC_CRS,
    )
    again = written_and_read(rows, "districts", ".gpkg")
    assert list(again.geom_type) == ["MultiPolygon", "MultiPolygon"]
    assert list(again.area) == [1.0, 2.0]


def test_only_the_columns_of_the_schema_are_written(targets: gpd.GeoDataFrame, tmp_path: Path) -> None:
    path = tmp_path / "targets.gpkg"
    write_layer(targets.assign(owner="Erika Mustermann"), LAYERS["targets"], path)
    assert b"Mustermann" not in path.read_bytes()


def test_a_failed_write_leaves_the_earlier_file_alone(targets: gpd.GeoDataFrame, tmp_path: Path) -> None:
    path = tmp_path / "targets.zip"
    write_layer(targets, LAYERS["targets"], path)
    before = path.read_bytes()
    with pytest.raises(OutputError, match="street"):
        write_layer(targets.assign(street="ß" * 200), LAYERS["targets"], path)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["targets.zip"]


def test_a_layer_in_another_crs_is_not_written(targets: gpd.GeoDataFrame, tmp_path: Path) -> None:
    with pytest.raises(CrsError, match="EPSG:4326"):
        write_layer(targets.to_crs("EPSG:4326"), LAYERS["targets"], tmp_path / "targets.gpkg")


def test_an_unknown_ending_is_not_written(targets: gpd.GeoDataFrame, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"\.kml"):
        write_layer(targets, LAYERS["targets"], tmp_path / "targets.kml")


def test_a_zip_holds_the_parts_of_one_shapefile(targets: gpd.GeoDataFrame, tmp_path: Path) -> None:
    write_layer(targets, LAYERS["targets"], tmp_path / "netz.zip")
    with zipfile.ZipFile(tmp_path / "netz.zip") as opened:
        assert sorted(opened.namelist()) == [f"targets.{end}" for end in ("cpg", "dbf", "prj", "shp", "shx")]


def test_a_folder_that_cannot_be_made_is_named(targets: gpd.GeoDataFrame, tmp_path: Path) -> None:
    (tmp_path / "datei").write_text("")
    with pytest.raises(OutputError, match=r"targets\.gpkg.*lässt sich nicht schreiben"):
        write_layer(targets, LAYERS["targets"], tmp_path / "datei" / "targets.gpkg")


def test_a_file_that_cannot_be_replaced_is_named_and_nothing_is_left_beside_it(
    targets: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    (tmp_path / "targets.gpkg").mkdir()
    with pytest.raises(OutputError, match=r"targets\.gpkg"):
        write_layer(targets, LAYERS["targets"], tmp_path / "targets.gpkg")
    assert [file.name for file in tmp_path.iterdir()] == ["targets.gpkg"]


def test_a_column_the_rows_lack_is_not_written(targets: gpd.GeoDataFrame, tmp_path: Path) -> None:
    write_layer(targets.drop(columns="institution"), LAYERS["targets"], tmp_path / "targets.gpkg")
    assert "institution" not in gpd.read_file(tmp_path / "targets.gpkg").columns
