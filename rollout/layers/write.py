"""A layer written: the schema's field types, the same bytes every time, whole or not at all."""

from __future__ import annotations

import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import shapely

from rollout.crs import METRIC_CRS, require_metric
from rollout.errors import OutputError
from rollout.files import write_file
from rollout.layers.columns import SHORTENED
from rollout.layers.gate import FORMATS
from rollout.schema import ColumnType

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rollout.schema import Layer

WRITTEN_ON = "2000-01-01"
"""Stands in the file instead of the day of writing, so that equal rows give equal bytes."""

SHAPEFILE_TEXT_BYTES = 254

_FIELD_TYPES: dict[ColumnType, pa.DataType] = {
    ColumnType.TEXT: pa.string(),
    ColumnType.INTEGER: pa.int64(),
    ColumnType.NUMBER: pa.float64(),
    ColumnType.DATE: pa.date32(),
}
_OPTIONS: Mapping[str, Mapping[str, str]] = {
    "GPKG": {"SPATIAL_INDEX": "YES"},
    # Exact to the last bit, and the CRS by name: the house reckons in metres.
    "GeoJSON": {"SIGNIFICANT_FIGURES": "17", "RFC7946": "NO"},
    # An index would put the rows in another order.
    "FlatGeobuf": {"SPATIAL_INDEX": "NO"},
    "ESRI Shapefile": {"DBF_DATE_LAST_UPDATE": WRITTEN_ON, "ENCODING": "UTF-8"},
}


def write_layer(rows: gpd.GeoDataFrame, layer: Layer, path: Path) -> None:
    """
    Write a layer.

    Only the schema's columns are written, in its order; the rows are sorted by the identifier. Equal
    rows give equal bytes. The file appears whole or not at all (of an unzipped shapefile: each part).

    Parameters
    ----------
    rows
        In `METRIC_CRS`; may be empty.
    layer
        The schema's layer.
    path
        Where to; its ending says the format (`.gpkg`, `.geojson`, `.fgb`, `.parquet`, `.shp`, or
        `.zip` for a zipped shapefile). An existing file is replaced.

    Raises
    ------
    CrsError
        If the rows are not in `METRIC_CRS`.
    OutputError
        If the ending is unknown, a text is too long for a shapefile, or the file cannot be written.
    """
    require_metric(rows, layer.name)
    driver = FORMATS.get(path.suffix.lower())
    if driver is None:
        msg = f"'{path.name}': Ebenen werden nicht mit der Endung '{path.suffix}' geschrieben"
        raise OutputError(msg, f"Nehmen Sie eine dieser Endungen: {', '.join(FORMATS)}.")
    ordered = rows.sort_values(layer.key, kind="stable") if layer.key in rows else rows
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="rollout-") as folder:
            for part in _written(Path(folder), ordered, layer, path):
                write_file(path.parent / part.name, part.read_bytes())
    except OSError as error:
        msg = f"'{path}' lässt sich nicht schreiben: {error.strerror or error}"
        raise OutputError(msg, "Prüfen Sie Pfad, Schreibrecht und freien Platz.") from error


def _written(folder: Path, rows: gpd.GeoDataFrame, layer: Layer, path: Path) -> list[Path]:
    """Write in an empty folder, and return the complete file; of an unzipped shapefile its parts."""
    zipped = path.suffix.lower() == ".zip"
    file = folder / (f"{layer.name}.shp" if zipped else path.name)
    if file.suffix == ".parquet":
        _plain(rows, layer).to_parquet(file, index=False, schema_version="1.1.0")
    else:
        _write_with_gdal(file, rows, layer)
    parts = sorted(folder.iterdir())
    if not zipped:
        return parts
    _zip(parts, folder / path.name)
    return [folder / path.name]


def _plain(rows: gpd.GeoDataFrame, layer: Layer) -> gpd.GeoDataFrame:
    columns = [column.name for column in layer.columns if column.name in rows]
    plain = pd.DataFrame({name: rows[name].reset_index(drop=True) for name in columns})
    return gpd.GeoDataFrame(plain, geometry=rows.geometry.reset_index(drop=True), crs=METRIC_CRS)


def _write_with_gdal(file: Path, rows: gpd.GeoDataFrame, layer: Layer) -> None:
    import pyogrio  # noqa: PLC0415 - after the doors are closed

    driver = FORMATS[file.suffix.lower()]
    geometry, kind = _uniform(rows, layer)
    table = _table(rows, layer, shortened=driver == "ESRI Shapefile").append_column("geom", geometry)
    with _as_of_writing():
        pyogrio.write_arrow(
            table,
            file,
            layer=layer.name,
            driver=driver,
            geometry_name="geom",
            geometry_type=kind,
            crs=METRIC_CRS,
            layer_options=dict(_OPTIONS[driver]),
        )


class _as_of_writing:  # noqa: N801 - reads as a clause
    """GDAL stamps what it writes with a fixed time, for as long as this holds."""

    def __enter__(self) -> None:
        import pyogrio  # noqa: PLC0415

        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": f"{WRITTEN_ON}T00:00:00.000Z"})

    def __exit__(self, *_: object) -> None:
        import pyogrio  # noqa: PLC0415

        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


def _uniform(rows: gpd.GeoDataFrame, layer: Layer) -> tuple[pa.Array, str]:
    """Geometry as WKB and its one type: all multi-part where any of them is, as a GeoPackage wants it."""
    shapes = rows.geometry.to_numpy()
    kinds = {str(kind) for kind in rows.geometry.geom_type.dropna()}
    multi = f"Multi{layer.geometry}"
    if multi in kinds and kinds <= {multi, str(layer.geometry)}:
        promote = {"Point": shapely.multipoints, "LineString": shapely.multilinestrings}
        build: Any = promote.get(layer.geometry, shapely.multipolygons)
        shapes = [build([shape]) if shape is not None and shape.geom_type != multi else shape for shape in shapes]
        kind = multi
    else:
        kind = str(layer.geometry) if kinds <= {str(layer.geometry)} else "Unknown"
    return pa.array(shapely.to_wkb(shapes), pa.binary()), kind


def _table(rows: gpd.GeoDataFrame, layer: Layer, *, shortened: bool) -> pa.Table:
    fields = {}
    for column in layer.columns:
        if column.name in rows:
            values = pa.array(rows[column.name], from_pandas=True)
            name = column.name[:SHORTENED] if shortened else column.name
            fields[name] = values.cast(_FIELD_TYPES[column.type])
            if shortened and column.type is ColumnType.TEXT:
                _refuse_overlong(fields[name], column.name)
    return pa.table(fields)


def _refuse_overlong(texts: pa.Array, column: str) -> None:
    longest = max((len(text.encode()) for text in texts.unique().to_pylist() if text), default=0)
    if longest > SHAPEFILE_TEXT_BYTES:
        msg = f"Spalte '{column}' enthält einen Text von {longest} Byte; ein Shapefile fasst {SHAPEFILE_TEXT_BYTES}"
        raise OutputError(msg, "Schreiben Sie stattdessen ein GeoPackage.")


def _zip(parts: list[Path], archive: Path) -> None:
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as opened:
        for part in parts:
            member = zipfile.ZipInfo(part.name, (2000, 1, 1, 0, 0, 0))
            member.compress_type = zipfile.ZIP_DEFLATED
            opened.writestr(member, part.read_bytes())
