"""Small drawn networks: nodes, trenches and connections in metres from a corner, placed as a whole project is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from rollout.analysis.placing import place
from rollout.analysis.state import State
from rollout.crs import METRIC_CRS
from rollout.project import Definitions, Phase, PhaseDistrict, Programme, Project
from rollout.project import Place as Box
from rollout.schema import LAYERS, PANDAS_DTYPES

X0, Y0 = 360_000.0, 5_650_000.0
DAY = dt.date(2022, 3, 28)
SINCE = pd.Timestamp("2022-03-01")

Spot = tuple[float, float]
Row = dict[str, Any]


def node(node_id: str, spot: Spot, kind: str = "cabinet") -> Row:
    return {"node_id": node_id, "kind": kind, "geometry": _moved(shapely.Point(spot))}


def trench(segment_id: str, spots: Sequence[Spot], status: str | None = "cable_blown", **said: Any) -> Row:  # noqa: ANN401
    """A segment; with cable unless said otherwise, new duct of programme `p`."""
    usual = {"programme_id": "p", "phase_id": "1", "kind": "new_duct", "status_since": SINCE}
    shape = {"geometry": _moved(shapely.LineString(spots))}
    return {"segment_id": segment_id, **usual, "status": status, **shape, **said}


def house(target_id: str, spot: Spot, status: str | None = "identified", **said: Any) -> Row:  # noqa: ANN401
    """A connection; a funded household of programme `p` unless said otherwise."""
    usual = {"programme_id": "p", "category": "household", "drive": "funded", "status_since": SINCE}
    address = {"street": "Hauptstraße", "house_number": target_id, "postcode": "51373"}
    return {
        "target_id": target_id,
        **usual,
        **address,
        "status": status,
        "geometry": _moved(shapely.Point(spot)),
        **said,
    }


def town(
    nodes: Sequence[Row],
    trenches: Sequence[Row],
    houses: Sequence[Row] = (),
    *,
    streets: Sequence[Sequence[Spot]] = (),
    **definitions: float,
) -> State:
    """Place what is drawn, in two districts side by side: `west` up to x = 1,000 m, and `east`."""
    areas = [shapely.box(-5_000, -5_000, 1_000, 5_000), shapely.box(1_000, -5_000, 10_000, 5_000)]
    layers = {
        "districts": [
            {"district_id": name, "name": name, "borough": "I", "geometry": _moved(area)}
            for name, area in zip(("west", "east"), areas, strict=True)
        ],
        "nodes": nodes,
        "segments": trenches,
        "targets": houses,
    }
    frames = {name: layer_of(name, rows) for name, rows in layers.items()}
    if streets:
        lines = [{"street_id": f"W{n}", "geometry": _moved(shapely.LineString(way))} for n, way in enumerate(streets)]
        frames["streets"] = layer_of("streets", lines)
    return place(frames, project(**definitions), DAY)


def project(**definitions: float) -> Project:
    """Two programmes, and a phase of `p` that holds both districts."""
    parts = tuple(PhaseDistrict(district=name, from_date=dt.date(2021, 3, 1)) for name in ("west", "east"))
    return Project(
        folder=Path(),
        format=1,
        name="Ausbau",
        municipality="Stadt",
        as_of=DAY,
        place=Box(west=6.8, south=50.9, east=7.2, north=51.2),
        definitions=Definitions(**definitions),
        programmes=(Programme(id="p", name="P"), Programme(id="q", name="Q")),
        phases=(Phase(id="1", name="1", programme="p", starts_on=dt.date(2021, 3, 1), districts=parts),),
        layers={name: {"path": name} for name in ("districts", "nodes", "segments", "targets")},
    )


def layer_of(layer: str, rows: Sequence[Row]) -> gpd.GeoDataFrame:
    """Rows with the schema's columns and dtypes; what is not said is missing."""
    columns = {
        column.name: pd.Series([row.get(column.name) for row in rows], dtype=PANDAS_DTYPES[column.type])
        for column in LAYERS[layer].columns
    }
    return gpd.GeoDataFrame(columns, geometry=[row["geometry"] for row in rows], crs=METRIC_CRS)


def _moved(shape: shapely.Geometry) -> shapely.Geometry:
    return shapely.transform(shape, lambda places: places + np.array([X0, Y0]))


def by_id(rows: pd.DataFrame, *columns: str) -> dict[str, Any]:
    """What some columns say of each row, by its id, the first column; missing is None."""
    said = rows.set_index(rows.columns[0])[list(columns)].astype(object)
    plain = said.where(said.notna(), None)
    return {
        key: row[0] if len(columns) == 1 else tuple(row) for key, row in zip(plain.index, plain.to_numpy(), strict=True)
    }


def segments_and_nodes(
    lines: Sequence[Any], nodes: Sequence[Any], corner: Spot = (0.0, 0.0)
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Lines and points as bare layers, `S0000` and `N0` onwards."""
    shapes = [shapely.transform(shapely.LineString(line), lambda places: places + np.array(corner)) for line in lines]
    points = [shapely.transform(shapely.Point(spot), lambda places: places + np.array(corner)) for spot in nodes]
    segments = {"segment_id": [f"S{number:04}" for number in range(len(shapes))]}
    nodes_ = {"node_id": [f"N{number}" for number in range(len(points))]}
    return (
        gpd.GeoDataFrame(segments, geometry=shapes, crs=METRIC_CRS),
        gpd.GeoDataFrame(nodes_, geometry=points, crs=METRIC_CRS),
    )
