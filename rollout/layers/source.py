"""What a layer's file holds: looked into with fiona, read in bulk with pyogrio and Arrow, GeoParquet with pyarrow."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError as ProjError

from rollout.errors import CrsError, LayerError

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from rollout.layers.gate import Admitted


@dataclass(frozen=True, slots=True)
class Records:
    """
    A layer's records as the file has them.

    Attributes
    ----------
    layer
        Name of the layer inside the file.
    crs
        The horizontal CRS stated.
    columns
        All attribute columns of the file.
    attributes
        The chosen ones, n rows.
    geometry
        Shapely geometries in `crs`, shape `(n,)`; None where the file has none.
    unreadable
        Positions of geometries that are there but of a kind that cannot be read.
    """

    layer: str
    crs: CRS
    columns: tuple[str, ...]
    attributes: pa.Table
    geometry: np.ndarray[Any, np.dtype[np.object_]]
    unreadable: np.ndarray[Any, np.dtype[np.intp]]


def read_records(file: Admitted, choose: Callable[[tuple[str, ...]], list[str]]) -> Records:
    """
    Read the records of an admitted file.

    Parameters
    ----------
    file
        What passed the gate.
    choose
        Picks the columns to read from all there are.

    Returns
    -------
    records
        In the order of the file.

    Raises
    ------
    LayerError
        If the file cannot be read after all.
    CrsError
        If it states no CRS, or one that is no place on the earth.
    """
    read = {"Parquet": _read_parquet, "GeoJSON": _read_geojson}.get(file.driver, _read_with_gdal)
    try:
        return read(file, choose)
    except (CrsError, LayerError):
        raise
    except (OSError, ValueError, RuntimeError, pa.ArrowException, KeyError, UnicodeDecodeError) as error:
        msg = f"'{file.path.name}' ist nicht lesbar: {str(error)[:200]}"
        hint = "Exportieren Sie die Ebene neu aus dem GIS; die Datei ist womöglich beschädigt oder abgeschnitten."
        raise LayerError(msg, hint) from error


def _read_with_gdal(file: Admitted, choose: Callable[[tuple[str, ...]], list[str]]) -> Records:
    import fiona  # noqa: PLC0415 - 0.2 s that only these formats need
    from fiona.errors import FionaError  # noqa: PLC0415

    try:
        # `fiona.open` would set up an environment for remote files in this one, for each layer anew.
        with fiona.Env(), fiona.Collection(str(file.path), layer=file.layer, enabled_drivers=[file.driver]) as layer:
            name, stated, columns = layer.name, layer.crs_wkt, tuple(layer.schema["properties"])
    except FionaError as error:
        raise RuntimeError(error) from error
    table = _read_arrow(file, columns=choose(columns))
    return _records((name, columns), _horizontal(stated, file), table)


def _read_geojson(file: Admitted, choose: Callable[[tuple[str, ...]], list[str]]) -> Records:
    # A look beforehand would parse the whole text a second time; the gate has already read the CRS.
    table = _read_arrow(file)
    columns = tuple(name for name in table.column_names if name != _GEOMETRY)
    return _records((file.path.stem, columns), _horizontal(file.crs, file), table.select([*choose(columns), _GEOMETRY]))


_GEOMETRY = "\x00geometry"
"""Cannot be a column of the file."""


def _read_arrow(file: Admitted, columns: list[str] | None = None) -> pa.Table:
    import pyogrio  # noqa: PLC0415 - after the doors are closed

    encoding = file.encoding.name if file.encoding else None
    # What a text says is for the schema to decide, not for a guess at dates by the GeoJSON driver.
    options = {"DATE_AS_STRING": "YES"} if file.driver == "GeoJSON" else {}
    meta, table = pyogrio.read_arrow(file.path, layer=file.layer, columns=columns, encoding=encoding, **options)
    geometry = meta["geometry_name"] or "wkb_geometry"
    if geometry not in table.column_names:
        msg = f"'{file.path.name}' enthält keine Geometrie"
        raise LayerError(msg, "Exportieren Sie die Ebene mit ihrer Geometrie.")
    return table.rename_columns([_GEOMETRY if name == geometry else name for name in table.column_names])


def _records(named: tuple[str, tuple[str, ...]], crs: CRS, table: pa.Table) -> Records:
    wkb = table.column(_GEOMETRY).to_numpy()
    geometry = shapely.from_wkb(wkb, on_invalid="ignore")
    unreadable = np.flatnonzero(shapely.is_missing(geometry) & (table.column(_GEOMETRY).is_valid().to_numpy()))
    return Records(named[0], crs, named[1], table.drop_columns([_GEOMETRY]), geometry, unreadable)


def _read_parquet(file: Admitted, choose: Callable[[tuple[str, ...]], list[str]]) -> Records:
    import geopandas as gpd  # noqa: PLC0415 - beside pyarrow's parquet, which only this format needs
    import pyarrow.parquet as pq  # noqa: PLC0415

    schema = pq.read_schema(file.path)
    stated = (schema.metadata or {}).get(b"geo")
    if stated is None:
        msg = f"'{file.path.name}' ist eine Parquet-Datei ohne Geometrie, kein GeoParquet"
        raise LayerError(msg, "Exportieren Sie die Ebene als GeoParquet, z. B. mit QGIS.")
    described = json.loads(stated)
    columns = tuple(name for name in schema.names if name not in described["columns"])
    rows = gpd.read_parquet(file.path, columns=[described["primary_column"]])
    table = pq.read_table(file.path, columns=choose(columns))
    geometry = rows.geometry.to_numpy()
    crs = _horizontal(rows.crs, file)
    return Records(file.path.stem, crs, columns, table, geometry, np.empty(0, dtype=np.intp))


def _horizontal(stated: Hashable, file: Admitted) -> CRS:
    way_out = "Weisen Sie im GIS das Bezugssystem der Koordinaten zu, und exportieren Sie neu; geraten wird nie."
    if not stated:
        msg = f"'{file.path.name}' nennt kein Bezugssystem"
        raise CrsError(msg, way_out)
    try:
        crs = _without_heights(stated)
    except ProjError as error:
        msg = f"'{file.path.name}' nennt ein unbekanntes Bezugssystem: {str(stated)[:80]}"
        raise CrsError(msg, way_out) from error
    if not (crs.is_geographic or crs.is_projected):
        msg = f"'{file.path.name}' nennt ein Bezugssystem ohne Lage auf der Erde: {crs.name}"
        raise CrsError(msg, way_out)
    return crs


@cache
def _without_heights(stated: Hashable) -> CRS:
    """Read a stated CRS; most layers of a project state the same."""
    crs = CRS.from_user_input(stated)
    return (crs.sub_crs_list[0] if crs.is_compound else crs).to_2d()
