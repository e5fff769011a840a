"""GeoPackage, zipped shapefile and GeoJSON: what is read, and what is turned away."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from pyproj import Transformer

from rollout.intake.receipt import Receipt, Verdict
from rollout.intake.refusal import DeliveryError

Receive = Callable[..., Receipt]
Make = Callable[..., Path]
Line = Callable[..., list[tuple[float, float]]]
Parts = Callable[..., dict[str, bytes]]
ROW = ("S1", "RV", "2022-03-01", 100.0)
GEOJSON_ROW = dict(zip(("Trassennummer", "Baustatus", "Verlegt_seit", "Laenge"), ROW, strict=True))


def _events(receipt: Receipt) -> list[Any]:
    return receipt.events[["entity", "entity_id", "status"]].to_numpy().tolist()


def _in(code: str, line: list[tuple[float, float]]) -> list[tuple[float, float]]:
    transformer = Transformer.from_crs("EPSG:25832", code, always_xy=True)
    return [transformer.transform(*point) for point in line]


def test_a_geopackage_is_read(receive: Receive, gpkg_file: Make, line: Line) -> None:
    receipt = receive(gpkg_file([ROW], [line(1)]), state_on=None)
    assert _events(receipt) == [["segment", "S1", "duct_laid"]]
    assert receipt.delivery.crs == "EPSG:25832"
    assert receipt.state_on.isoformat() == "2022-03-27"
    assert receipt.lengths[["planned_m", "drawn_m", "reported_m"]].to_numpy().tolist() == [[100.0, 100.0, 100.0]]


@pytest.mark.parametrize("code", ["EPSG:4647", "EPSG:31466", "EPSG:31467", "EPSG:4258", "EPSG:4326", "EPSG:3857"])
def test_every_crs_on_the_list_is_brought_to_metres(
    receive: Receive, geojson_file: Make, line: Line, code: str
) -> None:
    row = {key: value for key, value in GEOJSON_ROW.items() if key != "Trassennummer"}
    receipt = receive(geojson_file([row], [_in(code, line(1))], f"urn:ogc:def:crs:EPSG::{code[5:]}"))
    assert _events(receipt) == [["segment", "S1", "duct_laid"]]
    assert receipt.events["drawn_length_m"].iloc[0] == pytest.approx(100, abs=0.01)


def test_a_coarse_transformation_is_named(receive: Receive, geojson_file: Make, line: Line) -> None:
    receipt = receive(geojson_file([GEOJSON_ROW], [_in("EPSG:31466", line(1))], "EPSG:31466"))
    assert "coarse-transformation" in {finding.rule for finding in receipt.findings}


def test_geojson_without_a_crs_is_in_degrees(receive: Receive, geojson_file: Make, line: Line) -> None:
    receipt = receive(geojson_file([GEOJSON_ROW], [_in("EPSG:4326", line(1))], None))
    assert receipt.delivery.crs == "OGC:CRS84"
    assert _events(receipt) == [["segment", "S1", "duct_laid"]]


@pytest.mark.parametrize("coded", [("cp1252", None), ("cp1252", b"1252"), ("utf-8", None), ("utf-8", b"UTF-8")])
def test_a_zipped_shapefile_is_read_in_its_encoding_with_cut_names(
    receive: Receive, zip_file: Make, shapefile_parts: Parts, line: Line, coded: tuple[str, bytes | None]
) -> None:
    encoding, cpg = coded
    parts = shapefile_parts([("S1", "Tiefbau läuft", "2022-03-01", 100.0)], [line(1)], encoding)
    members = list(parts.items()) + ([("trassen.cpg", cpg)] if cpg else [])
    receipt = receive(zip_file(members))
    assert receipt.verdict is Verdict.ACCEPTED
    assert _events(receipt) == [["segment", "S1", "digging"]]
    assert receipt.delivery.encoding == encoding


@pytest.mark.parametrize("code", [25832, 4647, 31466, 31467, 4258, 4326, 3857])
def test_the_crs_of_a_prj_file_is_found_on_the_list(
    receive: Receive, zip_file: Make, shapefile_parts: Parts, line: Line, code: int
) -> None:
    parts = shapefile_parts([ROW], [_in(f"EPSG:{code}", line(1))], code=code)
    assert receive(zip_file(list(parts.items()))).delivery.crs == f"EPSG:{code}"


@pytest.mark.parametrize(
    "bad",
    [
        ({"trassen.prj": None}, "nennt kein Koordinatensystem"),
        ({"trassen.prj": b"nonsense"}, "kein bekanntes Koordinatensystem"),
        ({"trassen.dbf": None}, "unvollständig"),
        ({"zwei.shp": b"x"}, "2 Shapefiles"),
        ({"../boese.txt": b"x"}, "hinausführt"),
        ({"/etc/boese.txt": b"x"}, "hinausführt"),
        ({"C:boese.txt": b"x"}, "hinausführt"),
        ({"TRASSEN.SHP": b"x"}, "doppelt"),
        ({"trassen.shp": b"\0" * 100}, "nicht lesbar"),
        ({"trassen.dbf": b"\0" * 40}, "nicht lesbar"),
    ],
)
def test_a_bad_archive_is_refused(
    receive: Receive, zip_file: Make, shapefile_parts: Parts, line: Line, bad: tuple[dict[str, bytes | None], str]
) -> None:
    change, message = bad
    parts = shapefile_parts([ROW], [line(1)]) | change
    with pytest.raises(DeliveryError, match=message):
        receive(zip_file([(name, content) for name, content in parts.items() if content is not None]))


def test_a_shapefile_without_prj_in_a_crs_of_no_list_is_refused(
    receive: Receive, zip_file: Make, shapefile_parts: Parts, line: Line
) -> None:
    parts = shapefile_parts([ROW], [line(1)], code=2154)
    with pytest.raises(DeliveryError, match="EPSG:2154"):
        receive(zip_file(list(parts.items())))


def test_a_damaged_member_is_refused(receive: Receive, zip_file: Make, shapefile_parts: Parts, line: Line) -> None:
    path = zip_file(list(shapefile_parts([ROW], [line(1)]).items()))
    content = bytearray(path.read_bytes())
    content[60] ^= 0xFF
    path.write_bytes(bytes(content))
    with pytest.raises(DeliveryError, match="beschädigt"):
        receive(path)


def test_swapped_axes_have_their_own_message(receive: Receive, geojson_file: Make, line: Line) -> None:
    swapped = [(y, x) for x, y in _in("EPSG:4326", line(1))]
    with pytest.raises(DeliveryError, match="vertauscht"):
        receive(geojson_file([GEOJSON_ROW], [swapped], None))


def test_a_wrong_crs_is_refused_and_the_likely_one_is_named(receive: Receive, geojson_file: Make, line: Line) -> None:
    with pytest.raises(DeliveryError, match="außerhalb des Projektgebiets") as caught:
        receive(geojson_file([GEOJSON_ROW], [_in("EPSG:31466", line(1))], "EPSG:25832"))
    assert "EPSG:31466" in caught.value.hint


def test_one_line_far_away_is_an_error_of_its_row(receive: Receive, geojson_file: Make, line: Line) -> None:
    far = [(x + 500_000, y) for x, y in line(2)]
    rows = [GEOJSON_ROW, GEOJSON_ROW | {"Trassennummer": "S2"}, GEOJSON_ROW | {"Trassennummer": "S0"}]
    refused = receive(geojson_file(rows, [line(1), far, line(0)])).refused
    assert refused[["rule", "row"]].to_numpy().tolist() == [["outside", 2]]


def _root(**change: object) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": []} | change


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (json.dumps(_root(crs={"type": "link", "properties": {"href": "http://host/crs"}})), "verweist"),
        (json.dumps(_root(crs={"type": "name", "properties": {"name": "EPSG:2154"}})), "EPSG:2154"),
        (json.dumps(_root(crs={"type": "name"})), "kein bekanntes"),
        (json.dumps({"type": "gdal_streamed_alg", "command_line": "gdal vector"}), "gdal_streamed_alg"),
        (json.dumps({"type": "Topology"}), "Topology"),
        ('{"type": "FeatureCollection", "type": "x", "features": []}', "doppelt"),
        ('{"type": "FeatureCollection", "features": [NaN]}', "NaN"),
        ('{"type": "FeatureCollection", "features": [1]}', "keine Liste"),
        ('{"type": "FeatureCollection"', "kein gültiges"),
        ('{"a":' * 200_000, "kein gültiges"),
    ],
)
def test_what_is_no_strict_geojson_is_refused(receive: Receive, tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "a.geojson"
    path.write_text(text)
    with pytest.raises(DeliveryError, match=message):
        receive(path)


@pytest.mark.parametrize(
    "coordinates",
    ["x", [], [[358000]], [["358000", "5655000"], [1, 2]], [[True, False], [1, 2]], [None], [[1e999, 1], [2, 2]]],
)
def test_coordinates_that_are_none_are_errors_of_their_row(
    receive: Receive, geojson_file: Make, line: Line, coordinates: object
) -> None:
    rows = [GEOJSON_ROW, GEOJSON_ROW | {"Trassennummer": "S2"}]
    path = geojson_file(rows, [line(1), coordinates])
    path.write_text(path.read_text().replace("Infinity", "1e999"))
    refused = receive(path).refused
    assert refused[["rule", "row"]].to_numpy().tolist() == [["bad-geometry", 2]]


def test_a_number_too_long_for_excel_keeps_its_digits_in_geojson(
    receive: Receive, geojson_file: Make, line: Line
) -> None:
    receipt = receive(geojson_file([GEOJSON_ROW | {"Trassennummer": 12345678901234567890}], [line(30)]))
    assert receipt.unmatched["segment_id"].tolist() == ["12345678901234567890"]


def test_a_lone_surrogate_is_broken_text_and_no_crash(receive: Receive, geojson_file: Make, line: Line) -> None:
    path = geojson_file([GEOJSON_ROW], [line(1)])
    path.write_text(path.read_text().replace('"RV"', '"\\ud800"'))
    assert {"broken-text", "unknown-status"} == set(receive(path).refused["rule"]) | {"broken-text"}


def test_nan_in_a_geopackage_is_an_error_of_its_row(receive: Receive, gpkg_file: Make, line: Line) -> None:
    wkb = b"\x01" + struct.pack("<II4d", 2, 2, np.nan, np.nan, 1.0, 1.0)
    blob = b"GP\x00\x01" + struct.pack("<i", 25832) + wkb
    refused = receive(gpkg_file([ROW, ("S2", "RV", "2022-03-01", 1.0)], [line(1), blob])).refused
    assert refused[["rule", "row"]].to_numpy().tolist() == [["bad-geometry", 2]]


@pytest.mark.parametrize(
    "blob",
    [
        b"GP\x00\x01" + struct.pack("<i", 4326) + shapely.to_wkb(shapely.LineString([(1, 1), (2, 2)])),
        b"GP\x00\x01" + struct.pack("<i", 25832) + b"\x01\x02\x00\x00\x00\xff\xff\xff\x7f",
        b"GP\x00\x0f" + struct.pack("<i", 25832) + b"rest",
        b"XX",
    ],
)
def test_a_broken_blob_is_an_error_of_its_row(receive: Receive, gpkg_file: Make, line: Line, blob: bytes) -> None:
    refused = receive(gpkg_file([ROW, ("S2", "RV", "2022-03-01", 1.0)], [line(1), blob])).refused
    assert refused[["rule", "row"]].to_numpy().tolist() == [["bad-geometry", 2]]


def test_a_geopackage_sent_without_its_wal_is_refused(receive: Receive, gpkg_file: Make, line: Line) -> None:
    path = gpkg_file([ROW], [line(1)])
    content = bytearray(path.read_bytes())
    content[18:20] = b"\x02\x02"
    path.write_bytes(bytes(content))
    with pytest.raises(DeliveryError, match="-wal"):
        receive(path)


def test_a_view_is_passed_over_and_named(receive: Receive, gpkg_file: Make, line: Line) -> None:
    path = gpkg_file(
        [ROW],
        [line(1)],
        "CREATE VIEW sicht AS WITH RECURSIVE n(Baustatus) AS (SELECT 1 UNION ALL SELECT 1 FROM n) SELECT * FROM n",
        "INSERT INTO gpkg_contents VALUES ('sicht', 'features', NULL, 25832)",
        "INSERT INTO gpkg_geometry_columns VALUES ('sicht', 'geom', 25832)",
    )
    receipt = receive(path)
    assert _events(receipt) == [["segment", "S1", "duct_laid"]]
    assert any("'sicht' (Sicht" in finding.message for finding in receipt.findings)


def test_a_catalogue_that_is_a_view_is_refused(receive: Receive, gpkg_file: Make, line: Line) -> None:
    path = gpkg_file(
        [ROW], [line(1)], "ALTER TABLE gpkg_contents RENAME TO c", "CREATE VIEW gpkg_contents AS SELECT * FROM c"
    )
    with pytest.raises(DeliveryError, match="gpkg_contents"):
        receive(path)


def test_triggers_do_not_fire_and_the_file_stays_as_it_is(receive: Receive, gpkg_file: Make, line: Line) -> None:
    trigger = "CREATE TRIGGER t AFTER INSERT ON trassen BEGIN UPDATE trassen SET Baustatus = 'KE'; END"
    path = gpkg_file([ROW], [line(1)], trigger)
    before = path.read_bytes()
    assert _events(receive(path)) == [["segment", "S1", "duct_laid"]]
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.glob("trassen*")] == ["trassen.gpkg"]


def test_a_lying_index_is_not_asked(receive: Receive, gpkg_file: Make, line: Line) -> None:
    rows = [ROW, ("S2", "RV", "2022-03-01", 100.0)]
    # An index that covers all columns and holds other rows than the table, as a forged file can have it.
    path = gpkg_file(
        rows,
        [line(1), line(2)],
        "CREATE VIRTUAL TABLE rtree_trassen_geom USING rtree(id, minx, maxx, miny, maxy)",
        "CREATE TABLE leer (a TEXT); CREATE INDEX i ON trassen (Trassennummer, Baustatus, Verlegt_seit, Laenge, geom)",
        "CREATE INDEX j ON leer (a); PRAGMA writable_schema = ON; UPDATE sqlite_master SET rootpage ="
        " (SELECT rootpage FROM sqlite_master WHERE name = 'j') WHERE name = 'i'",
    )
    assert len(receive(path).events) == 2


def test_a_truncated_geopackage_is_refused(receive: Receive, gpkg_file: Make, line: Line) -> None:
    path = gpkg_file([ROW], [line(1)])
    path.write_bytes(path.read_bytes()[:4096])
    with pytest.raises(DeliveryError, match="GeoPackage"):
        receive(path)


def test_an_ordinary_database_is_no_geopackage(receive: Receive, gpkg_file: Make, line: Line) -> None:
    path = gpkg_file([ROW], [line(1)], "PRAGMA application_id = 0")
    with pytest.raises(DeliveryError, match="kein GeoPackage"):
        receive(path)


def test_a_crs_of_no_list_in_a_geopackage_is_refused(receive: Receive, gpkg_file: Make, line: Line) -> None:
    with pytest.raises(DeliveryError, match="EPSG:2154"):
        receive(gpkg_file([ROW], [line(1)], code=2154))


def test_a_line_is_matched_by_where_it_lies(receive: Receive, gpkg_file: Make, line: Line) -> None:
    receipt = receive(gpkg_file([(None, "RV", "2022-03-01", 100.0)], [[(x, y + 1.5) for x, y in line(2)]]))
    assert _events(receipt) == [["segment", "S2", "duct_laid"]]


@pytest.mark.parametrize("moved", [(0, 25), (30, 0)])
def test_a_line_that_lies_elsewhere_is_not_matched(
    receive: Receive, gpkg_file: Make, line: Line, moved: tuple[int, int]
) -> None:
    lines = [[(x + moved[0], y + moved[1]) for x, y in line(2)]]
    receipt = receive(gpkg_file([(None, "RV", "2022-03-01", 100.0)], lines))
    assert receipt.verdict is Verdict.REFUSED
    assert "S2" in receipt.unmatched["candidates"].iloc[0][0]


def test_an_id_of_a_segment_elsewhere_is_named(receive: Receive, gpkg_file: Make, line: Line) -> None:
    receipt = receive(gpkg_file([("S0", "RV", "2022-03-01", 100.0)], [line(3)]))
    assert [finding.row for finding in receipt.findings if finding.rule == "geometry-differs"] == [1]


def test_a_length_off_by_more_than_the_tolerance_is_named(receive: Receive, gpkg_file: Make, line: Line) -> None:
    receipt = receive(
        gpkg_file([("S1", "RV", "2022-03-01", 111.0), ("S2", "RV", "2022-03-01", 109.0)], [line(1), line(2)])
    )
    assert receipt.lengths["off"].tolist() == [True, False]
    assert [finding.id or finding.row for finding in receipt.findings if finding.rule == "length-off"] == [1]
    assert receipt.verdict is Verdict.ACCEPTED
