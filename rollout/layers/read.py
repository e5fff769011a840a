"""A layer of the project, read: the schema's columns, metres, and whatever was found on the way."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from rollout.errors import LayerError
from rollout.layers.columns import Chosen, choose_columns
from rollout.layers.conversion import convert, nothing
from rollout.layers.gate import admitted
from rollout.layers.placing import place
from rollout.layers.remarks import Remarks
from rollout.layers.source import read_records
from rollout.schema import LAYERS

if TYPE_CHECKING:
    import pyarrow as pa
    from pyproj import CRS

    from rollout.findings import Finding
    from rollout.project import Project
    from rollout.schema import Layer


@dataclass(frozen=True, slots=True)
class Reading:
    """
    A layer as read.

    Attributes
    ----------
    rows
        In `METRIC_CRS` and two dimensions, n rows in the order of the file, index 0 to n-1 (record number
        in the file less one). Columns of the schema in its order with its dtypes; optional ones the file
        lacks are there and missing, required ones it lacks are not there (a file without records lacks none).
    findings
        What was found while reading.
    driver
        GDAL's name of the format, or `Parquet`.
    layer
        Name of the layer inside the file.
    crs
        The CRS the file states, e.g. `EPSG:4647`.
    encoding
        The encoding of the file's texts.
    """

    rows: gpd.GeoDataFrame
    findings: tuple[Finding, ...]
    driver: str
    layer: str
    crs: str
    encoding: str


def read_layer(project: Project, name: str) -> Reading:
    """
    Read one of the project's layers.

    Parameters
    ----------
    project
        Says where the file is and how its columns and words are called.
    name
        A layer of the project file.

    Returns
    -------
    reading
        The rows in `METRIC_CRS` and the findings of the reading.

    Raises
    ------
    LayerError
        If the project has no such layer, or its file is missing, unreadable, or not what its name says.
    CrsError
        If the file states no CRS.
    """
    if name not in project.layers:
        msg = f"das Projekt hat keine Ebene '{name}'"
        raise LayerError(msg, f"Tragen Sie sie in rollout.toml ein. Vorhanden: {', '.join(project.layers)}.")
    source, layer, path = project.layers[name], LAYERS[name], project.layer_path(name)
    remarks = Remarks(name, path.name)
    chosen = Chosen({})

    def choose(columns: tuple[str, ...]) -> list[str]:
        nonlocal chosen
        chosen = choose_columns(columns, layer, source)
        return chosen.files_names

    with admitted(path, source.layer) as file:
        records = read_records(file, choose)
    if file.driver == "GeoJSON" and not records.attributes.num_rows:
        chosen = Chosen({})  # a GeoJSON has its columns in its features, so one without features misses none
    remarks.on_columns(chosen, records.columns)
    if file.encoding:
        remarks.on_encoding(file.encoding)
    geometry = place(records, remarks)
    rows = gpd.GeoDataFrame(_attributes(records.attributes, layer, chosen, remarks, source.values), geometry=geometry)
    encoding = file.encoding.name if file.encoding else "utf-8"
    return Reading(rows, tuple(remarks.findings), file.driver, records.layer, _code(records.crs), encoding)


@cache
def _code(crs: CRS) -> str:
    """Look up what a CRS is called, e.g. `EPSG:4647`: a search through all there are."""
    return str(crs.to_string())


def _attributes(
    table: pa.Table, layer: Layer, chosen: Chosen, remarks: Remarks, words: dict[str, dict[str, str]]
) -> pd.DataFrame:
    columns = {}
    for column in layer.columns:
        theirs = chosen.names.get(column.name)
        if theirs:
            converted = convert(table.column(theirs), column.type, words.get(column.name))
            remarks.on_unfit(column, theirs, converted)
            columns[column.name] = converted.column
        elif not column.required or not table.num_rows:
            columns[column.name] = nothing(column.type, table.num_rows)
    return pd.DataFrame(columns, index=pd.RangeIndex(table.num_rows))
