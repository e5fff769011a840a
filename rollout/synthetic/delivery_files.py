"""The files that partners' programs write: CSV, XLSX, GeoJSON, zipped Shapefile and GeoPackage, equal to the byte."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import struct
import zipfile
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

import shapefile
import shapely
import xlsxwriter

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Cell = str | float | date | None

_DBF_NAME = 10
_SRS = 25832
_WKT = (
    'PROJCS["ETRS_1989_UTM_Zone_32N",GEOGCS["GCS_ETRS_1989",DATUM["D_ETRS_1989",SPHEROID["GRS_1980",6378137.0,'
    '298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],'
    'PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",9.0],'
    'PARAMETER["Scale_Factor",0.9996],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
)
_WGS84 = (
    'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],PRIMEM["Greenwich",0],'
    'UNIT["degree",0.0174532925199433]]'
)
_TIME = "T00:00:00.000Z"
_SQLITE_VERSION = 96
"""Where a SQLite file says which release wrote it."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """
    A table as a program shows it.

    Attributes
    ----------
    name
        Of the sheet, layer or file.
    columns
        Names of the columns.
    rows
        n rows of cells.
    shapes
        n geometries in EPSG:25832, or none for a list without map.
    title
        Lines above the header.
    """

    name: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    shapes: Sequence[shapely.Geometry] = ()
    title: Sequence[str] = ()


def csv_bytes(sheet: Sheet, *, delimiter: str = ";", encoding: str = "utf-8-sig") -> bytes:
    """
    Write a list as CSV, with decimal comma and German dates.

    Parameters
    ----------
    sheet
        The list.
    delimiter, encoding
        Of the file.

    Returns
    -------
    content
        With CR LF, as office programs write it.
    """
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
    writer.writerows([line] + [""] * (len(sheet.columns) - 1) for line in sheet.title)
    writer.writerow(sheet.columns)
    writer.writerows([_german(cell) for cell in row] for row in sheet.rows)
    return text.getvalue().encode(encoding)


def _german(cell: Cell) -> str:
    if isinstance(cell, date):
        return cell.strftime("%d.%m.%Y")
    return str(cell).replace(".", ",") if isinstance(cell, float) else cell or ""


def xlsx_bytes(sheets: Iterable[Sheet]) -> bytes:
    """
    Write lists as the sheets of a workbook, with true dates.

    Parameters
    ----------
    sheets
        One list each.

    Returns
    -------
    content
        The workbook; it says that it was made on a day long ago.
    """
    sink = io.BytesIO()
    book = xlsxwriter.Workbook(sink, {"in_memory": True})
    book.set_properties({"created": datetime(2000, 1, 1)})  # noqa: DTZ001 - Excel knows no zones
    day, bold = book.add_format({"num_format": "dd.mm.yyyy"}), book.add_format({"bold": True})
    for sheet in sheets:
        page = book.add_worksheet(sheet.name)
        for row, line in enumerate(sheet.title):
            page.write_string(row, 0, line, bold)
        top = len(sheet.title) + bool(sheet.title)
        page.write_row(top, 0, sheet.columns, bold)
        for row, cells in enumerate(sheet.rows, top + 1):
            for column, cell in enumerate(cells):
                if isinstance(cell, date):
                    page.write_datetime(row, column, cell, day)
                elif isinstance(cell, float):
                    page.write_number(row, column, cell)
                elif cell:
                    page.write_string(row, column, cell)
    book.close()
    return sink.getvalue()


def geojson_bytes(sheet: Sheet, *, crs: str | None, stated_on: date) -> bytes:
    """
    Write a map layer as GeoJSON.

    Parameters
    ----------
    sheet
        The layer.
    crs
        What the file says of its coordinates; None where the export forgot to.
    stated_on
        The Stand.

    Returns
    -------
    content
        UTF-8, one feature a line.
    """
    head: dict[str, object] = {"type": "FeatureCollection", "name": sheet.name, "stand": stated_on.isoformat()}
    if crs:
        head["crs"] = {"type": "name", "properties": {"name": crs}}
    features = [
        json.dumps(
            {
                "type": "Feature",
                "properties": {name: _plain(cell) for name, cell in zip(sheet.columns, row, strict=True)},
                "geometry": json.loads(shapely.to_geojson(shape)),
            },
            ensure_ascii=False,
        )
        for row, shape in zip(sheet.rows, sheet.shapes, strict=True)
    ]
    begin = json.dumps(head, ensure_ascii=False)[:-1]
    return (begin + ', "features": [\n' + ",\n".join(features) + "\n]}\n").encode()


def _plain(cell: Cell) -> str | float | None:
    return cell.isoformat() if isinstance(cell, date) else cell


def shapefile_bytes(sheet: Sheet, *, encoding: str, code_page: str | None) -> bytes:
    """
    Write a layer of lines as a zipped Shapefile; names of columns are cut to ten characters.

    Parameters
    ----------
    sheet
        The layer.
    encoding
        Of its texts.
    code_page
        What the `.cpg` file says; None where there is no such file.

    Returns
    -------
    content
        The archive.
    """
    streams = {end: io.BytesIO() for end in ("shp", "shx", "dbf")}
    with shapefile.Writer(**streams, shapeType=shapefile.POLYLINE, encoding=encoding) as writer:
        for place, name in enumerate(sheet.columns):
            kind, size, decimal = _field([row[place] for row in sheet.rows], encoding)
            writer.field(name[:_DBF_NAME], kind, size=size, decimal=decimal)
        for row, shape in zip(sheet.rows, sheet.shapes, strict=True):
            writer.line([shapely.get_coordinates(shape).tolist()])
            writer.record(*("" if cell is None else cell for cell in row))
    parts = {end: stream.getvalue() for end, stream in streams.items()} | {"prj": _WKT.encode()}
    if code_page:
        parts["cpg"] = code_page.encode()
    # The third to fifth byte of a DBF hold the day of writing.
    parts["dbf"] = parts["dbf"][:1] + bytes((100, 1, 1)) + parts["dbf"][4:]
    return _zipped({f"{sheet.name}.{end}": content for end, content in parts.items()})


def _field(cells: Sequence[Cell], encoding: str) -> tuple[str, int, int]:
    """Return type, width and decimals of a DBF field."""
    if any(isinstance(cell, date) for cell in cells):
        return "D", 8, 0
    if any(isinstance(cell, float) for cell in cells):
        return "N", 12, 1
    return "C", max([1, *(len(cell.encode(encoding)) for cell in cells if isinstance(cell, str))]), 0


def _zipped(members: Mapping[str, bytes]) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            member = zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0))
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, content)
    return sink.getvalue()


_CATALOGUE = """
PRAGMA application_id = 1196444487;
PRAGMA user_version = 10300;
CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY,
    organization TEXT NOT NULL, organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
    description TEXT DEFAULT '', last_change DATETIME NOT NULL, min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE,
    srs_id INTEGER REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL PRIMARY KEY REFERENCES gpkg_contents(table_name),
    column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL
    REFERENCES gpkg_spatial_ref_sys(srs_id), z TINYINT NOT NULL, m TINYINT NOT NULL);
"""


def geopackage_bytes(sheets: Sequence[Sheet], *, stated_on: date) -> bytes:
    """
    Write map layers as a GeoPackage.

    Parameters
    ----------
    sheets
        One layer each.
    stated_on
        The day the layers were last changed.

    Returns
    -------
    content
        Says nothing of the release of SQLite that wrote it.
    """
    with closing(sqlite3.connect(":memory:")) as store:
        store.executescript(_CATALOGUE)
        systems = [
            ("Undefined Cartesian SRS", -1, "NONE", -1, "undefined", None),
            ("Undefined geographic SRS", 0, "NONE", 0, "undefined", None),
            ("WGS 84", 4326, "EPSG", 4326, _WGS84, None),
            ("ETRS89 / UTM zone 32N", _SRS, "EPSG", _SRS, _WKT, None),
        ]
        store.executemany("INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, ?)", systems)
        for sheet in sheets:
            _insert(store, sheet, stated_on)
        store.commit()
        content = bytearray(store.serialize())
    content[_SQLITE_VERSION : _SQLITE_VERSION + 4] = (3040000).to_bytes(4, "big")
    return bytes(content)


def _insert(store: sqlite3.Connection, sheet: Sheet, stated_on: date) -> None:
    box = [float(side) for side in shapely.total_bounds(list(sheet.shapes))]
    stamp = stated_on.isoformat() + _TIME
    store.execute(
        "INSERT INTO gpkg_contents VALUES (?, 'features', ?, '', ?, ?, ?, ?, ?, ?)",
        (sheet.name, sheet.name, stamp, *box, _SRS),
    )
    kind = "POINT" if shapely.get_type_id(sheet.shapes[0]) == 0 else "LINESTRING"
    store.execute("INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', ?, ?, 0, 0)", (sheet.name, kind, _SRS))
    types = [_sql_type([row[place] for row in sheet.rows]) for place in range(len(sheet.columns))]
    columns = ", ".join(f'"{name}" {type_}' for name, type_ in zip(sheet.columns, types, strict=True))
    store.execute(f'CREATE TABLE "{sheet.name}" (fid INTEGER PRIMARY KEY, geom {kind}, {columns})')
    places = ", ".join("?" * (len(sheet.columns) + 2))
    rows = [
        (fid, _blob(shape), *map(_plain, row))
        for fid, (row, shape) in enumerate(zip(sheet.rows, sheet.shapes, strict=True), 1)
    ]
    store.executemany(f'INSERT INTO "{sheet.name}" VALUES ({places})', rows)  # noqa: S608 - names of ours


def _sql_type(cells: Sequence[Cell]) -> str:
    if any(isinstance(cell, date) for cell in cells):
        return "DATE"
    return "DOUBLE" if any(isinstance(cell, float) for cell in cells) else "TEXT"


def _blob(shape: shapely.Geometry) -> bytes:
    return b"GP\x00\x01" + struct.pack("<i", _SRS) + bytes(shapely.to_wkb(shape, byte_order=1))
