"""A small town, its partners, and files made the way partners make them."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import socket
import sqlite3
import struct
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
import shapefile
import shapely
from pyproj import CRS

from rollout.intake.checking import check_delivery
from rollout.intake.reading import read_delivery
from rollout.intake.receipt import Known, Receipt, Terms
from rollout.project import Project, parse_project

EAST, NORTH = 358_000.0, 5_655_000.0
"""A corner of Leverkusen in EPSG:25832."""

HEADER = ["Straße", "Hausnummer", "PLZ", "Status", "Datum"]

SAID: dict[str, Any] = {
    "format": 1,
    "name": "Probe",
    "municipality": "Probestadt",
    "as_of": dt.date(2022, 3, 28),
    "place": {"west": 6.85, "south": 50.98, "east": 7.15, "north": 51.13},
    "programmes": [{"id": "p", "name": "P"}],
    "phases": [{"id": "1", "name": "1", "programme": "p", "starts_on": dt.date(2021, 3, 1), "districts": []}],
    "layers": {name: {"path": f"{name}.gpkg"} for name in ("districts", "nodes", "segments", "targets")},
    "partners": {
        "EVL": {
            "name": "EVL",
            "segments": {
                "columns": {
                    "segment_id": "Trassennummer",
                    "status": "Baustatus",
                    "valid_on": "Verlegt_seit",
                    "length_m": "Laenge",
                },
                "status": {"RV": "duct_laid", "4": "duct_laid", "Tiefbau läuft": "digging", "KE": "cable_blown"},
            },
            "targets": {
                "columns": {
                    "target_id": "Kennung",
                    "street": "Straße",
                    "house_number": "Hausnummer",
                    "suffix": "Zusatz",
                    "postcode": "PLZ",
                    "status": "Status",
                    "valid_on": "Datum",
                    "reason": "Grund",
                    "note": "Bemerkung",
                },
                "status": {"fertig": "connected", "Rohr liegt": "duct_at_property"},
                "reason": {"will nicht": "declined"},
            },
        },
        "NC": {"name": "NetCologne"},
    },
}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return parse_project(SAID, tmp_path / "rollout.toml")


@pytest.fixture
def targets() -> gpd.GeoDataFrame:
    rows = [
        ("T1", "Hauptstraße", "12", "51379"),
        ("T2", "Hauptstraße", "21", "51379"),
        ("T3", "Hauptstraße", "12a", "51379"),
        ("T4", "Görresstraße", "1-3", "51379"),
        ("T5", "Am Weiher", "7 1/2", "51371"),
        ("T6", "Am Weiher", "7", "51379"),
        ("T7", "Rheinallee", "5", "51371"),
        ("T8", "Rheinallee", "5", "51371"),
    ]
    frame = pd.DataFrame(rows, columns=["target_id", "street", "house_number", "postcode"]).astype("string")
    points = shapely.points([(EAST + 10 * i, NORTH) for i in range(len(rows))])
    return gpd.GeoDataFrame(frame, geometry=points, crs=25832)


@pytest.fixture
def segments() -> gpd.GeoDataFrame:
    lines = [shapely.LineString([(EAST, NORTH + 50 * i), (EAST + 100, NORTH + 50 * i)]) for i in range(4)]
    frame = pd.DataFrame({"segment_id": [f"S{i}" for i in range(4)], "phase_id": "1"}).astype("string")
    return gpd.GeoDataFrame(frame, geometry=lines, crs=25832)


def states_of(*rows: tuple[str, str, str, str, str]) -> pd.DataFrame:
    columns = ["entity", "entity_id", "status", "status_since", "reported_by"]
    frame = pd.DataFrame(list(rows), columns=columns).astype("string")
    frame["status_since"] = pd.to_datetime(frame["status_since"]).astype("datetime64[ms]")
    frame["delivery_id"] = pd.Series([f"d{i}" for i in range(len(rows))], dtype="string")
    return frame


@pytest.fixture
def states() -> Callable[..., pd.DataFrame]:
    return states_of


@pytest.fixture
def receive(project: Project, segments: gpd.GeoDataFrame, targets: gpd.GeoDataFrame) -> Callable[..., Receipt]:
    def _receive(path: Path, *reported: tuple[str, str, str, str, str], sender: str = "EVL", **terms: Any) -> Receipt:  # noqa: ANN401 - as `Terms` takes them
        terms = {"received_on": dt.date(2022, 4, 1), "state_on": dt.date(2022, 3, 28)} | terms
        known = Known(segments, targets, states_of(*reported))
        return check_delivery(read_delivery(path, project, sender), project, known, Terms(**terms))

    return _receive


@pytest.fixture
def csv_file(tmp_path: Path) -> Callable[..., Path]:
    def _csv(rows: list[list[str]], *, encoding: str = "utf-8", delimiter: str = ";", before: str = "") -> Path:
        text = io.StringIO()
        csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
        path = tmp_path / "liste.csv"
        path.write_bytes((before + text.getvalue()).encode(encoding))
        return path

    return _csv


@pytest.fixture
def xlsx_file(tmp_path: Path) -> Callable[..., Path]:
    def _xlsx(**sheets: list[list[Any]]) -> Path:
        book = openpyxl.Workbook()
        book.remove(book.active)
        for title, rows in sheets.items():
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(row)
        path = tmp_path / "liste.xlsx"
        book.save(path)
        return path

    return _xlsx


def line_at(i: int, dx: float = 0.0) -> list[tuple[float, float]]:
    return [(EAST + dx, NORTH + 50 * i), (EAST + 100 + dx, NORTH + 50 * i)]


@pytest.fixture
def line() -> Callable[..., list[tuple[float, float]]]:
    return line_at


@pytest.fixture
def geojson_file(tmp_path: Path) -> Callable[..., Path]:
    def _geojson(rows: list[dict[str, Any]], lines: list[Any], crs: str | None = "EPSG:25832", **more: Any) -> Path:  # noqa: ANN401 - whatever JSON holds
        features = [
            {"type": "Feature", "properties": row, "geometry": {"type": "LineString", "coordinates": coordinates}}
            for row, coordinates in zip(rows, lines, strict=True)
        ]
        root = {"type": "FeatureCollection", "features": features, **more}
        if crs:
            root["crs"] = {"type": "name", "properties": {"name": crs}}
        path = tmp_path / "trassen.geojson"
        path.write_text(json.dumps(root), encoding="utf-8")
        return path

    return _geojson


def gpkg_blob(geometry: shapely.Geometry, srs_id: int = 25832) -> bytes:
    return b"GP\x00\x01" + struct.pack("<i", srs_id) + shapely.to_wkb(geometry, byte_order=1)


@pytest.fixture
def gpkg_file(tmp_path: Path) -> Callable[..., Path]:
    def _gpkg(rows: list[tuple[Any, ...]], lines: list[Any], *extra: str, code: int = 25832) -> Path:
        path = tmp_path / "trassen.gpkg"
        store = sqlite3.connect(path)
        store.executescript(
            f"""
            PRAGMA application_id = {0x47504B47};
            CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT, srs_id INTEGER, organization TEXT,
                organization_coordsys_id INTEGER, definition TEXT);
            CREATE TABLE gpkg_contents (table_name TEXT, data_type TEXT, last_change TEXT, srs_id INTEGER);
            CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, srs_id INTEGER);
            CREATE TABLE trassen (fid INTEGER PRIMARY KEY, geom BLOB, Trassennummer TEXT, Baustatus TEXT,
                Verlegt_seit TEXT, Laenge REAL);
            INSERT INTO gpkg_spatial_ref_sys VALUES ('x', {code}, 'EPSG', {code}, '');
            INSERT INTO gpkg_contents VALUES ('trassen', 'features', '2022-03-27T10:00:00Z', {code});
            INSERT INTO gpkg_geometry_columns VALUES ('trassen', 'geom', {code});
            """  # noqa: S608 - our own figures
        )
        for row, coordinates in zip(rows, lines, strict=True):
            blob = coordinates if isinstance(coordinates, bytes) else gpkg_blob(shapely.LineString(coordinates), code)
            store.execute("INSERT INTO trassen VALUES (NULL, ?, ?, ?, ?, ?)", (blob, *row))
        for script in extra:
            store.executescript(script)
        store.commit()
        store.close()
        return path

    return _gpkg


@pytest.fixture
def zip_file(tmp_path: Path) -> Callable[..., Path]:
    def _zip(members: list[tuple[str, bytes]], name: str = "trassen.zip") -> Path:
        path = tmp_path / name
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for member, content in members:
                archive.writestr(zipfile.ZipInfo(member) if "\\" in member else member, content)
        return path

    return _zip


@pytest.fixture
def shapefile_parts() -> Callable[..., dict[str, bytes]]:
    def _parts(
        rows: list[tuple[Any, ...]], lines: list[Any], encoding: str = "utf-8", code: int = 25832
    ) -> dict[str, bytes]:
        streams = {end: io.BytesIO() for end in ("shp", "shx", "dbf")}
        with shapefile.Writer(**streams, shapeType=shapefile.POLYLINE, encoding=encoding) as writer:
            for name, kind in (("Trassennum", "C"), ("Baustatus", "C"), ("Verlegt_se", "D"), ("Laenge", "N")):
                writer.field(name, kind, size=40 if kind == "C" else 10, decimal=2 if kind == "N" else 0)
            for row, coordinates in zip(rows, lines, strict=True):
                writer.line([coordinates])
                number, status, day, length = row
                writer.record(number, status, dt.date.fromisoformat(day), length)
        parts = {f"trassen.{end}": stream.getvalue() for end, stream in streams.items()}
        return parts | {"trassen.prj": CRS.from_epsg(code).to_wkt("WKT1_ESRI").encode()}

    return _parts


@pytest.fixture(autouse=True)
def no_socket(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[object]]:
    """Fail every test that opens a socket, whatever the code does with the error."""
    opened: list[object] = []

    class Trap(socket.socket):
        def __init__(self, *args: object, **_options: object) -> None:
            opened.append(args)
            msg = "a socket was opened"
            raise AssertionError(msg)

    monkeypatch.setattr(socket, "socket", Trap)
    yield opened
    assert opened == []
