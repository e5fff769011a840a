"""Several layers, their styles and what is to be said about them in one GeoPackage, the same bytes every time."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import shapely

from rollout.crs import METRIC_CRS
from rollout.layers.write import WRITTEN_ON
from rollout.schema import ColumnType, GeometryType

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import geopandas as gpd

    from rollout.schema import Layer

GEOMETRY_COLUMN = "geom"
_WRITTEN_AT = f"{WRITTEN_ON}T00:00:00.000Z"
_FIELD_TYPES: dict[ColumnType, pa.DataType] = {
    ColumnType.TEXT: pa.string(),
    ColumnType.INTEGER: pa.int64(),
    ColumnType.NUMBER: pa.float64(),
    ColumnType.DATE: pa.date32(),
}
_MULTI: dict[GeometryType, Any] = {
    GeometryType.LINE: shapely.multilinestrings,
    GeometryType.POLYGON: shapely.multipolygons,
}
_SETTINGS = {
    "OGR_CURRENT_DATE": _WRITTEN_AT,
    # An index built beside the rows would stand in the file where the race left it.
    "OGR_GPKG_ALLOW_THREADED_RTREE": "NO",
    # The file is a draft until it is renamed; whoever renames it makes sure that it is on the disk.
    "OGR_SQLITE_SYNCHRONOUS": "OFF",
}
_TABLES = """
CREATE TABLE layer_styles (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), f_table_schema TEXT(256),
    f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
    useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30), update_time DATETIME
);
CREATE TABLE stand (
    id INTEGER PRIMARY KEY NOT NULL, project TEXT NOT NULL, as_of DATE NOT NULL, known_at DATE,
    sample BOOLEAN NOT NULL, sources TEXT, note TEXT NOT NULL
);
CREATE TABLE gpkg_data_columns (
    table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT, description TEXT, mime_type TEXT,
    constraint_name TEXT, CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name),
    CONSTRAINT gdc_tn UNIQUE (table_name, name)
);
CREATE TABLE IF NOT EXISTS gpkg_extensions (
    table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL, scope TEXT NOT NULL,
    CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name)
);
INSERT INTO gpkg_extensions VALUES
    ('gpkg_data_columns', NULL, 'gpkg_schema', 'http://www.geopackage.org/spec121/#extension_schema', 'read-write');
"""


def add_layer(path: Path, rows: gpd.GeoDataFrame, layer: Layer, about: tuple[str, str]) -> None:
    """
    Write a layer into a new GeoPackage or one that has others.

    Parameters
    ----------
    path
        The file; nobody else may be using it.
    rows
        In `METRIC_CRS`, in the order they are to stand. Lines and areas are written as multi-part, always.
    layer
        What the columns hold; only these are written.
    about
        Title and description.
    """
    import pyogrio  # noqa: PLC0415 - after the doors of rollout.layers are closed

    fields = {
        column.name: pa.array(rows[column.name], from_pandas=True).cast(_FIELD_TYPES[column.type])
        for column in layer.columns
        if column.name in rows
    }
    title, description = about
    with _settings(_SETTINGS):
        pyogrio.write_arrow(
            pa.table(fields).append_column(GEOMETRY_COLUMN, _geometry(rows, layer.geometry)),
            path,
            layer=layer.name,
            driver="GPKG",
            geometry_name=GEOMETRY_COLUMN,
            geometry_type=str(layer.geometry) if layer.geometry not in _MULTI else f"Multi{layer.geometry}",
            crs=METRIC_CRS,
            append=path.exists(),
            # A QGIS of some years ago warns of anything newer.
            dataset_options={} if path.exists() else {"VERSION": "1.2"},
            layer_options={"SPATIAL_INDEX": "YES", "IDENTIFIER": title, "DESCRIPTION": description},
        )


def _geometry(rows: gpd.GeoDataFrame, kind: GeometryType) -> pa.Array:
    shapes = list(rows.geometry)
    if kind in _MULTI:
        shapes = [_MULTI[kind]([shape]) if shape is not None and shape.geom_type == kind else shape for shape in shapes]
    return pa.array(shapely.to_wkb(shapes), pa.binary())


@contextmanager
def _settings(wanted: Mapping[str, str]) -> Iterator[None]:
    import pyogrio  # noqa: PLC0415

    pyogrio.set_gdal_config_options(dict(wanted))
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options(dict.fromkeys(wanted))


def add_tables(
    path: Path, layers: Sequence[Layer], styles: Mapping[str, str], stand: tuple[str | int | None, ...]
) -> None:
    """
    Add the styles QGIS loads, the meaning of the columns, and the table that says what the file shows.

    Parameters
    ----------
    path
        A GeoPackage with these layers, which no other program has open.
    layers
        What the file holds.
    styles
        Layer's name → QML.
    stand
        Project, Stichtag, known at, 1 for made-up data, sources, and a German sentence.
    """
    with closing(sqlite3.connect(path)) as file:
        file.execute("PRAGMA synchronous = OFF")
        file.executescript("BEGIN;" + _TABLES)
        present = {layer.name: _columns(file, layer.name) for layer in layers}
        meanings = [
            (layer.name, column.name, column.name, column.meaning)
            for layer in layers
            for column in layer.columns
            if column.name in present[layer.name]
        ]
        file.executemany(
            "INSERT INTO gpkg_data_columns (table_name, column_name, name, description) VALUES (?, ?, ?, ?)", meanings
        )
        _add_styles(file, {layer.name: styles[layer.name] for layer in layers})
        file.execute("INSERT INTO stand VALUES (1, ?, ?, ?, ?, ?, ?)", stand)
        _list(file, "stand", "Stand", str(stand[-1]))
        file.commit()


def _columns(file: sqlite3.Connection, table: str) -> set[str]:
    return {str(name) for (name,) in file.execute("SELECT name FROM pragma_table_info(?)", (table,))}


def _add_styles(file: sqlite3.Connection, styles: Mapping[str, str]) -> None:
    file.executemany(
        "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, "
        "styleQML, styleSLD, useAsDefault, description, owner, update_time) "
        "VALUES ('', '', ?, ?, 'rollout', ?, '', 1, 'Farben und Zeichen der Karten', 'rollout', ?)",
        [(name, GEOMETRY_COLUMN, qml, _WRITTEN_AT) for name, qml in styles.items()],
    )
    _list(file, "layer_styles", "layer_styles", "Darstellung der Ebenen in QGIS")


def _list(file: sqlite3.Connection, table: str, title: str, description: str) -> None:
    file.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change, srs_id) "
        "VALUES (?, 'attributes', ?, ?, ?, 0)",
        (table, title, description, _WRITTEN_AT),
    )
