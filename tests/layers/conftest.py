"""A project whose one layer under test lies in a temporary folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from rollout.crs import METRIC_CRS
from rollout.layers import Reading, read_layer
from rollout.project import Project, parse_project
from rollout.schema import LAYERS, PANDAS_DTYPES

Read = Callable[..., Reading]
Frame = Callable[..., gpd.GeoDataFrame]

SAID: dict[str, Any] = {
    "format": 1,
    "name": "Glasfaser Kleinstadt",
    "municipality": "Stadt Kleinstadt",
    "as_of": "2022-03-28",
    "place": {"west": 6.9, "south": 50.9, "east": 7.1, "north": 51.1},
    "programmes": [{"id": "haupt", "name": "Hauptprojekt"}],
}


def project_with(path: Path | str, layer: str, folder: Path, **source: object) -> Project:
    names = {"districts", "nodes", "segments", "targets"} | {layer}
    layers: dict[str, Any] = {name: {"path": f"{name}.gpkg"} for name in names}
    layers[layer] = {"path": str(path), **source}
    return parse_project(SAID | {"layers": layers}, folder / "rollout.toml")


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Read a file as a layer: `read(path, "targets", columns={...})`."""

    def call(path: Path | str, layer: str = "targets", **source: object) -> Reading:
        return read_layer(project_with(path, layer, tmp_path, **source), layer)

    return call


def frame_of(layer: str, shapes: list[Any], **columns: list[Any]) -> gpd.GeoDataFrame:
    """Rows of a layer with the schema's dtypes; columns not named are missing."""
    series = {
        column.name: pd.Series(columns.get(column.name, [None] * len(shapes)), dtype=PANDAS_DTYPES[column.type])
        for column in LAYERS[layer].columns
    }
    return gpd.GeoDataFrame(series, geometry=shapes, crs=METRIC_CRS)


@pytest.fixture
def frame() -> Frame:
    return frame_of


@pytest.fixture
def targets() -> gpd.GeoDataFrame:
    """Two targets with umlauts, a date and a gap."""
    return frame_of(
        "targets",
        [shapely.Point(360_010.5, 5_650_020.25), shapely.Point(360_310.125, 5_650_120.75)],
        target_id=["T1", "T2"],
        programme_id=["haupt", "haupt"],
        category=["household", "school"],
        drive=["funded", "funded"],
        street=["Düsseldorfer Straße", "Kölner Straße"],
        house_number=["12a", "3"],
        postcode=["51373", "51371"],
        status=["connected", None],
        status_since=pd.to_datetime(["2022-03-01", None]),
    )
