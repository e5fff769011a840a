"""A layer of the project, read."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapefile
import shapely
from pyproj import CRS

from rollout.crs import METRIC_CRS
from rollout.errors import CrsError, LayerError
from rollout.findings import Severity
from rollout.layers import Reading, gate, read_layer, write_layer
from rollout.project import parse_project
from rollout.schema import LAYERS, PANDAS_DTYPES

Read = Callable[..., Reading]


SAID: dict[str, Any] = {
    "format": 1,
    "name": "Glasfaser Kleinstadt",
    "municipality": "Stadt Kleinstadt",
    "as_of": "2022-03-28",
    "place": {"west": 6.9, "south": 50.9, "east": 7.1, "north": 51.1},
    "programmes": [{"id": "haupt", "name": "Hauptprojekt"}],
    "layers": {name: {"path": "t.gpkg"} for name in ("districts", "nodes", "segments", "targets")},
}


def rules(reading: Reading) -> list[str]:
    return [finding.rule for finding in reading.findings]


def geojson(path: Path, features: list[dict[str, Any]], **members: object) -> Path:
    path.write_text(json.dumps({"type": "FeatureCollection", **members, "features": features}, ensure_ascii=False))
    return path


def feature(coordinates: list[float] | None = None, **properties: object) -> dict[str, Any]:
    shape = {"type": "Point", "coordinates": coordinates or [7.0, 51.0]}
    return {"type": "Feature", "properties": properties, "geometry": shape}


def old_shapefile(path: Path, encoding: str, cpg: str | None) -> Path:
    with shapefile.Writer(path, encoding=encoding) as writer:
        writer.field("target_id", "C", 20)
        writer.field("street", "C", 40)
        writer.point(360_000, 5_650_000)
        writer.record("T1", "Düsseldorfer Straße")
    if cpg:
        path.with_suffix(".cpg").write_text(cpg)
    path.with_suffix(".prj").write_text(CRS(METRIC_CRS).to_wkt("WKT1_ESRI"))
    return path


def test_rows_come_in_the_order_of_the_file_with_the_dtypes_of_the_schema(
    read: Read, targets: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    targets.iloc[::-1].to_file(tmp_path / "t.gpkg")
    reading = read(tmp_path / "t.gpkg")
    assert list(reading.rows["target_id"]) == ["T2", "T1"]
    assert list(reading.rows.index) == [0, 1]
    expected = {column.name: PANDAS_DTYPES[column.type] for column in LAYERS["targets"].columns}
    assert {name: str(reading.rows[name].dtype) for name in expected} == expected
    assert (reading.driver, reading.layer, reading.crs, reading.findings) == ("GPKG", "t", METRIC_CRS, ())


@pytest.mark.parametrize("crs", ["EPSG:4647", "EPSG:4258", "EPSG:4326", "EPSG:3857", "EPSG:25831", "EPSG:3044"])
@pytest.mark.parametrize("ending", [".gpkg", ".fgb", ".shp", ".parquet"])
def test_another_crs_is_reprojected(
    read: Read, targets: gpd.GeoDataFrame, tmp_path: Path, crs: str, ending: str
) -> None:
    path = tmp_path / f"t{ending}"
    elsewhere = targets[["target_id", "geometry"]].to_crs(crs)
    # An index would put the rows of a FlatGeobuf in another order.
    options = {"SPATIAL_INDEX": "NO"} if ending == ".fgb" else {}
    elsewhere.to_parquet(path) if ending == ".parquet" else elsewhere.to_file(path, **options)
    reading = read(path)
    assert reading.rows.crs == METRIC_CRS
    assert shapely.distance(reading.rows.geometry.to_numpy(), targets.geometry.to_numpy()).max() < 1e-3


def test_the_old_german_system_is_reprojected_and_its_accuracy_is_named(
    read: Read, targets: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    targets.to_crs("EPSG:31467").to_file(tmp_path / "t.gpkg")
    reading = read(tmp_path / "t.gpkg")
    assert shapely.distance(reading.rows.geometry.to_numpy(), targets.geometry.to_numpy()).max() < 0.01
    assert reading.crs == "EPSG:31467"
    assert "inaccurate-transformation" in rules(reading)


def test_a_geojson_without_a_crs_is_in_longitude_and_latitude(read: Read, tmp_path: Path) -> None:
    reading = read(geojson(tmp_path / "t.geojson", [feature(target_id="T1")]))
    there = gpd.GeoSeries([shapely.Point(7.0, 51.0)], crs="EPSG:4326").to_crs(METRIC_CRS)
    assert reading.rows.geometry[0].distance(there[0]) < 1e-6
    assert reading.crs == "OGC:CRS84"


def test_a_geojson_states_its_crs_by_name(read: Read, tmp_path: Path) -> None:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::25832"}}
    reading = read(geojson(tmp_path / "t.geojson", [feature([360_000.0, 5_650_000.0], target_id="T1")], crs=crs))
    assert reading.rows.geometry[0] == shapely.Point(360_000, 5_650_000)


def test_members_after_the_features_are_looked_at_too(read: Read, tmp_path: Path) -> None:
    path = tmp_path / "t.geojson"
    crs = {"type": "name", "properties": {"name": "EPSG:25832"}}
    path.write_text(
        json.dumps({"features": [feature([360_000.0, 5_650_000.0])], "crs": crs, "type": "FeatureCollection"})
    )
    assert read(path).rows.geometry[0] == shapely.Point(360_000, 5_650_000)


def test_two_different_crs_in_one_geojson_are_refused(read: Read, tmp_path: Path) -> None:
    crs = [{"type": "name", "properties": {"name": f"EPSG:{code}"}} for code in (25832, 4326)]
    text = json.dumps({"type": "FeatureCollection", "crs": crs[0], "features": [feature()]})
    path = tmp_path / "t.geojson"
    path.write_text(text[:-1] + f', "crs": {json.dumps(crs[1])}}}')
    with pytest.raises(CrsError, match="mehrere Bezugssysteme"):
        read(path)


def test_a_column_called_crs_is_no_crs(read: Read, tmp_path: Path) -> None:
    path = geojson(tmp_path / "t.geojson", [feature(target_id="crs", crs="EPSG:25832", street="'crs' und \"crs\": 1")])
    reading = read(path)
    assert reading.crs == "OGC:CRS84"
    assert reading.rows["street"][0] == "'crs' und \"crs\": 1"


@pytest.mark.parametrize("ending", [".gpkg", ".fgb", ".parquet"])
def test_a_layer_without_a_crs_is_refused_with_the_way_out(
    read: Read, targets: gpd.GeoDataFrame, tmp_path: Path, ending: str
) -> None:
    path = tmp_path / f"t{ending}"
    unplaced = gpd.GeoDataFrame(targets[["target_id"]], geometry=targets.geometry.to_numpy())
    if ending == ".parquet":
        unplaced.to_parquet(path)
    else:
        with pytest.warns(UserWarning, match="crs"):
            unplaced.to_file(path)
    with pytest.raises(CrsError) as refused:
        read(path)
    assert "geraten wird nie" in refused.value.hint


def test_a_shapefile_without_its_prj_is_refused(read: Read, tmp_path: Path) -> None:
    path = old_shapefile(tmp_path / "t.shp", "cp1252", None)
    path.with_suffix(".prj").unlink()
    with pytest.raises(CrsError, match=r"t\.prj"):
        read(path)


def test_a_shapefile_without_its_table_is_refused(read: Read, tmp_path: Path) -> None:
    path = old_shapefile(tmp_path / "t.shp", "cp1252", None)
    path.with_suffix(".dbf").unlink()
    with pytest.raises(LayerError, match=r"t\.dbf"):
        read(path)


@pytest.mark.parametrize(
    ("encoding", "cpg", "rule"),
    [
        ("cp1252", None, "assumed-encoding"),
        ("cp850", None, "assumed-encoding"),
        ("utf-8", None, "assumed-encoding"),
        ("cp1252", "1252", None),
        ("cp1252", "ISO-8859-1", None),
        ("cp850", "CP850", None),
        ("utf-8", "UTF-8", None),
        ("cp1252", "UTF-8", "doubtful-encoding"),
        ("utf-8", "ISO-8859-1", "doubtful-encoding"),
    ],
)
@pytest.mark.parametrize("zipped", ["", "zipped"])
def test_umlauts_of_a_shapefile_arrive_whatever_its_encoding(  # noqa: PLR0913, PLR0917 - the cases are a table
    read: Read, tmp_path: Path, encoding: str, cpg: str | None, rule: str | None, zipped: str
) -> None:
    path = old_shapefile(tmp_path / "t.shp", encoding, cpg)
    if zipped:
        with zipfile.ZipFile(tmp_path / "t.zip", "w") as archive:
            for part in sorted(tmp_path.glob("t.*")):
                if part.suffix != ".zip":
                    archive.write(part, f"netz/{part.name}")
        path = tmp_path / "t.zip"
    reading = read(path)
    assert reading.rows["street"][0] == "Düsseldorfer Straße"
    found = [name for name in rules(reading) if name.endswith("encoding")]
    assert found == ([rule] if rule else [])


def test_columns_and_words_are_mapped_by_the_project_file(read: Read, tmp_path: Path) -> None:
    path = geojson(
        tmp_path / "t.geojson", [feature(nr="T1", stand="4"), feature(nr="T2", stand="fertig?"), feature(nr="T3")]
    )
    reading = read(path, columns={"target_id": "nr", "status": "stand"}, values={"status": {"4": "duct_at_property"}})
    assert list(reading.rows["target_id"]) == ["T1", "T2", "T3"]
    assert list(reading.rows["status"].fillna("–")) == ["duct_at_property", "fertig?", "–"]
    assert "unreadable-value" not in rules(reading)


def test_a_missing_column_is_named_with_the_nearest_one(read: Read, tmp_path: Path) -> None:
    reading = read(geojson(tmp_path / "t.geojson", [feature(targetid="T1", owner="x")]))
    found = next(finding for finding in reading.findings if finding.column == "target_id")
    assert (found.rule, found.severity) == ("missing-column", Severity.ERROR)
    assert 'target_id = "targetid"' in found.hint
    assert "target_id" not in reading.rows
    assert reading.rows["institution"].isna().all()
    unread = next(finding for finding in reading.findings if finding.rule == "unread-column")
    assert unread.severity is Severity.INFO
    assert "targetid, owner" in unread.message


def test_a_mapped_column_the_file_lacks_is_an_error_even_if_optional(read: Read, tmp_path: Path) -> None:
    reading = read(geojson(tmp_path / "t.geojson", [feature(target_id="T1")]), columns={"district": "stadtteil"})
    assert "district" in [finding.column for finding in reading.findings if finding.rule == "missing-column"]


def test_dates_are_read_as_iso_and_as_german_text(read: Read, tmp_path: Path) -> None:
    days = ["2022-03-28", "28.03.2022", "2022-03-28T00:00:00", " 28.3.2022 ", "", None]
    reading = read(geojson(tmp_path / "t.geojson", [feature(target_id="T", status_since=day) for day in days]))
    assert list(reading.rows["status_since"][:4]) == [pd.Timestamp("2022-03-28")] * 4
    assert reading.rows["status_since"][4:].isna().all()
    assert "unreadable-value" not in rules(reading)


@pytest.mark.parametrize("day", ["28.03.22", "22-03-28", "31.02.2022", "Ende März", "03/28/2022"])
def test_a_day_that_is_not_certain_is_an_error_with_its_place(read: Read, tmp_path: Path, day: str) -> None:
    features = [feature(target_id="T1", seit="2022-03-28"), feature(target_id="T2", seit=day)]
    reading = read(geojson(tmp_path / "t.geojson", features), columns={"status_since": "seit"})
    found = next(finding for finding in reading.findings if finding.rule == "unreadable-value")
    assert (found.row, found.column, found.value, found.file) == (2, "seit", day, "t.geojson")
    assert found.severity is Severity.ERROR
    assert list(reading.rows["status_since"].isna()) == [False, True]


def test_an_excel_serial_number_is_no_day(read: Read, tmp_path: Path) -> None:
    reading = read(geojson(tmp_path / "t.geojson", [feature(target_id="T1", status_since=44648)]))
    assert "unreadable-value" in rules(reading)


def test_german_decimals_are_read_and_an_ambiguous_thousand_is_asked_back(read: Read, tmp_path: Path) -> None:
    lengths = ["12,5", "1234.5", "7", "1.234", "12 m"]
    path = geojson(tmp_path / "t.geojson", [feature(segment_id="S", cable_length_m=length) for length in lengths])
    reading = read(path, "segments")
    assert list(reading.rows["cable_length_m"][:3]) == [12.5, 1234.5, 7.0]
    found = [finding.value for finding in reading.findings if finding.rule == "unreadable-value"]
    assert found == ["1.234", "12 m"]


def test_a_number_that_is_not_whole_is_no_count(read: Read, tmp_path: Path) -> None:
    path = geojson(tmp_path / "t.geojson", [feature(segment_id="S", duct_count=count) for count in (2.0, 2.5)])
    reading = read(path, "segments")
    assert reading.rows["duct_count"][0] == 2
    assert [finding.value for finding in reading.findings if finding.rule == "unreadable-value"] == ["2.5"]


@pytest.mark.parametrize("ids", [[1, 2], [1.0, 2.0]])
def test_numbers_as_identifiers_become_text_without_a_decimal_point(
    read: Read, targets: gpd.GeoDataFrame, tmp_path: Path, ids: list[float]
) -> None:
    targets.assign(target_id=ids, postcode=[51373.0, np.nan]).to_file(tmp_path / "t.gpkg")
    reading = read(tmp_path / "t.gpkg")
    assert list(reading.rows["target_id"]) == ["1", "2"]
    assert list(reading.rows["postcode"].fillna("–")) == ["51373", "–"]


def test_an_identifier_too_large_to_be_exact_is_an_error(read: Read, tmp_path: Path) -> None:
    reading = read(geojson(tmp_path / "t.geojson", [feature(target_id=12345678901234567890)]))
    assert "unreadable-value" in rules(reading)
    assert reading.rows["target_id"].isna().all()


def test_text_is_trimmed_composed_and_blank_is_missing(read: Read, tmp_path: Path) -> None:
    texts = [" Ko\u0308lner Straße ", "   ", "Hauptstraße"]
    reading = read(geojson(tmp_path / "t.geojson", [feature(target_id="T", street=text) for text in texts]))
    assert list(reading.rows["street"].fillna("–")) == ["Kölner Straße", "–", "Hauptstraße"]


def test_text_that_looks_like_a_day_stays_text(read: Read, tmp_path: Path) -> None:
    reading = read(geojson(tmp_path / "t.geojson", [feature(target_id="2022/03/28")]))
    assert reading.rows["target_id"][0] == "2022/03/28"


@pytest.mark.parametrize("ending", [".geojson", ".gpkg", ".parquet", ".shp"])
def test_heights_are_dropped_and_named(read: Read, targets: gpd.GeoDataFrame, tmp_path: Path, ending: str) -> None:
    high = targets[["target_id"]].set_geometry(shapely.force_3d(targets.geometry.to_numpy(), 60.0), crs=METRIC_CRS)
    high = high.to_crs("EPSG:4326") if ending == ".geojson" else high
    high.to_parquet(tmp_path / "t.parquet") if ending == ".parquet" else high.to_file(tmp_path / f"t{ending}")
    reading = read(tmp_path / f"t{ending}")
    assert not reading.rows.has_z.any()
    assert shapely.distance(reading.rows.geometry.to_numpy(), targets.geometry.to_numpy()).max() < 1e-3
    found = next(finding for finding in reading.findings if finding.rule == "height-dropped")
    assert found.severity is Severity.WARNING
    assert "2 Geometrien" in found.message


def test_a_single_part_is_unwrapped_and_two_parts_are_left_for_the_check(
    read: Read, targets: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    shapes = [shapely.MultiPoint([(360_000, 5_650_000)]), shapely.MultiPoint([(360_000, 5_650_000), (360_001, 1)])]
    targets.set_geometry(gpd.GeoSeries(shapes, crs=METRIC_CRS)).to_file(tmp_path / "t.gpkg")
    reading = read(tmp_path / "t.gpkg")
    assert list(reading.rows.geom_type) == ["Point", "MultiPoint"]
    assert [finding.rule for finding in reading.findings] == ["unwrapped"]


def test_metres_in_a_layer_that_says_degrees_cannot_be_placed(
    read: Read, targets: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    targets.set_crs("EPSG:4326", allow_override=True).to_file(tmp_path / "t.gpkg")
    reading = read(tmp_path / "t.gpkg")
    found = [finding for finding in reading.findings if finding.rule == "unplaceable"]
    assert [(finding.row, finding.severity) for finding in found] == [(1, Severity.ERROR), (2, Severity.ERROR)]


def test_more_than_fifty_faults_are_listed_as_fifty_and_a_count(read: Read, tmp_path: Path) -> None:
    path = geojson(tmp_path / "t.geojson", [feature(target_id="T", status_since=f"kein Tag {i}") for i in range(60)])
    found = [finding for finding in read(path).findings if finding.rule == "unreadable-value"]
    assert len(found) == 51
    assert found[-1].message.startswith("… und 10 weitere")


def test_the_layer_wanted_is_named_where_a_geopackage_holds_several(
    read: Read, targets: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    for name in ("alt", "neu"):
        targets.assign(street=name).to_file(tmp_path / "t.gpkg", layer=name)
    with pytest.raises(LayerError) as refused:
        read(tmp_path / "t.gpkg")
    assert "alt, neu" in refused.value.hint


def test_a_view_in_a_geopackage_is_refused(read: Read, targets: gpd.GeoDataFrame, tmp_path: Path) -> None:
    path = tmp_path / "t.gpkg"
    write_layer(targets, LAYERS["targets"], path)
    with sqlite3.connect(path) as store:
        store.execute("CREATE VIEW sicht AS SELECT * FROM targets")
        store.execute("UPDATE gpkg_contents SET table_name = 'sicht'")
    store.close()
    with pytest.raises(LayerError, match="eine Sicht"):
        read(path)


def test_a_geopackage_whose_latest_rows_lie_in_a_second_file_is_refused(
    read: Read, targets: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    path = tmp_path / "t.gpkg"
    write_layer(targets, LAYERS["targets"], path)
    store = sqlite3.connect(path)
    store.execute("PRAGMA journal_mode=WAL")
    store.close()
    with pytest.raises(LayerError, match="zweiten Datei"):
        read(path)


def test_a_geopackage_cut_off_is_refused(read: Read, targets: gpd.GeoDataFrame, tmp_path: Path) -> None:
    path = tmp_path / "t.gpkg"
    write_layer(targets, LAYERS["targets"], path)
    path.write_bytes(path.read_bytes()[:6000])
    with pytest.raises(LayerError, match=r"t\.gpkg"):
        read(path)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("t.gpkg", b"SQLite format 3\0" + bytes(84)),
        ("t.fgb", b"nichts"),
        ("t.fgb", b"fgb\x03fgb\x00" + bytes(50)),
        ("t.parquet", b"nichts"),
        ("t.parquet", b"PAR1" + bytes(50)),
        ("t.shp", b"nichts"),
        ("t.zip", b"nichts"),
        ("t.geojson", b"\xff\xfe{}"),
        ("t.geojson", b""),
        ("t.geojson", b"[1, 2]"),
        ("t.geojson", b'{"type": "FeatureCollection", "features": [{"type": '),
        ("t.geojson", b'{"type": "Point", "coordinates": [7, 51]}'),
        ("t.dxf", b"0"),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_refused(
    read: Read, tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(LayerError) as refused:
        read(tmp_path / name)
    assert refused.value.hint


def test_a_geojson_without_features_is_an_empty_layer(read: Read, tmp_path: Path) -> None:
    reading = read(geojson(tmp_path / "t.geojson", []))
    assert len(reading.rows) == 0
    assert {"target_id", "status"} <= set(reading.rows.columns)
    assert reading.findings == ()


def test_a_layer_the_project_does_not_have_is_named(tmp_path: Path, targets: gpd.GeoDataFrame) -> None:
    write_layer(targets, LAYERS["targets"], tmp_path / "t.gpkg")
    with pytest.raises(LayerError, match="'water'"):
        read_layer(parse_project(SAID, tmp_path / "rollout.toml"), "water")


def test_a_missing_file_is_named_with_its_folder(read: Read) -> None:
    with pytest.raises(LayerError, match=r"fehlt\.gpkg.*gibt es in .* nicht"):
        read("fehlt.gpkg")


def test_a_parquet_file_without_geometry_is_refused(read: Read, tmp_path: Path) -> None:
    pd.DataFrame({"target_id": ["T1"]}).to_parquet(tmp_path / "t.parquet")
    with pytest.raises(LayerError, match="kein GeoParquet"):
        read(tmp_path / "t.parquet")


def test_a_file_that_is_too_large_is_not_opened(
    read: Read, tmp_path: Path, targets: gpd.GeoDataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_layer(targets, LAYERS["targets"], tmp_path / "t.gpkg")
    monkeypatch.setattr(gate, "MAX_BYTES", 1024)
    with pytest.raises(LayerError, match=r"t\.gpkg.*größer"):
        read(tmp_path / "t.gpkg")


def test_a_virtual_table_in_a_geopackage_is_refused(read: Read, targets: gpd.GeoDataFrame, tmp_path: Path) -> None:
    path = tmp_path / "t.gpkg"
    write_layer(targets, LAYERS["targets"], path)
    with sqlite3.connect(path) as store:
        store.execute("CREATE VIRTUAL TABLE baum USING rtree(id, low, high)")
        store.execute("UPDATE gpkg_contents SET table_name = 'baum'")
    store.close()
    with pytest.raises(LayerError, match="'baum'"):
        read(path)


def test_texts_in_no_known_encoding_are_a_warning(read: Read, tmp_path: Path) -> None:
    reading = read(old_shapefile(tmp_path / "t.shp", "mac_roman", None))
    found = next(finding for finding in reading.findings if finding.rule == "doubtful-encoding")
    assert found.severity is Severity.WARNING
    assert "nicht sicher" in found.message


def test_a_layer_with_a_height_system_beside_the_crs_is_read_in_its_plane(
    read: Read, targets: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    targets.set_crs("EPSG:5555", allow_override=True).to_parquet(tmp_path / "t.parquet")
    reading = read(tmp_path / "t.parquet")
    assert reading.rows.crs == METRIC_CRS
    assert shapely.distance(reading.rows.geometry.to_numpy(), targets.geometry.to_numpy()).max() < 1e-3


@pytest.mark.parametrize(
    "crs",
    [
        "EPSG:4978",
        'ENGCRS["Werksnetz",EDATUM["Tor 1"],CS[Cartesian,2],AXIS["x",east],AXIS["y",north],LENGTHUNIT["m",1]]',
    ],
)
def test_a_crs_that_is_no_map_of_the_earth_is_refused(
    read: Read, targets: gpd.GeoDataFrame, tmp_path: Path, crs: str
) -> None:
    targets.set_crs(CRS.from_user_input(crs), allow_override=True).to_parquet(tmp_path / "t.parquet")
    with pytest.raises(CrsError, match="ohne Lage auf der Erde"):
        read(tmp_path / "t.parquet")


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_crs_nobody_knows_is_named(read: Read, tmp_path: Path) -> None:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::999999"}}
    with pytest.raises(CrsError, match="EPSG::999999"):
        read(geojson(tmp_path / "t.geojson", [feature(target_id="T1")], crs=crs))


def test_a_table_without_geometry_is_refused(read: Read, tmp_path: Path) -> None:
    pyogrio.write_dataframe(
        pd.DataFrame({"target_id": ["T1"]}), tmp_path / "t.fgb", driver="FlatGeobuf", SPATIAL_INDEX="NO"
    )
    with pytest.raises((LayerError, CrsError), match=r"t\.fgb"):
        read(tmp_path / "t.fgb")


def test_a_geojson_whose_features_have_no_geometry_is_read_with_gaps(read: Read, tmp_path: Path) -> None:
    unplaced = {"type": "Feature", "properties": {"target_id": "T1"}, "geometry": None}
    assert list(read(geojson(tmp_path / "t.geojson", [unplaced, feature(target_id="T2")])).rows.geometry.isna()) == [
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("t.geojson", b"[1, 2]"),
        ("t.geojson", b'{"type": "Point", "coordinates": [7, 51]}'),
        ("t.geojson", b'{"type": "FeatureCollection", "Type": "x", "type": "y"}'),
        ("t.shp", b"nichts"),
        ("t.dxf", b"0"),
    ],
)
def test_a_refusal_names_the_file_and_addresses_the_reader(
    read: Read, tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(LayerError, match=name) as refused:
        read(tmp_path / name)
    assert " Sie " in refused.value.hint
