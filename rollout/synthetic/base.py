"""The real ground the made-up city stands on: border, neighbours, districts, stops, and the river along the border."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar, cast

import geopandas as gpd
import numpy as np
import shapely

from rollout.crs import METRIC_CRS, PAGE_CRS
from rollout.errors import LayerError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rollout.synthetic.spec import CitySpec

G = TypeVar("G", bound=shapely.Geometry)

CENTIMETRE = 0.01
"""Grid that every coordinate of the city lies on, in metres."""

BOUNDARY_FILE = "stadtgrenze_vg250.geojson"
NEIGHBOURS_FILE = "nachbargemeinden_vg250.geojson"
DISTRICTS_FILE = "stadtteile_naeherung.geojson"
STOPS_FILE = "haltestellen.geojson"


@dataclass(frozen=True, slots=True)
class Base:
    """
    The base data in metres.

    Attributes
    ----------
    boundary
        One row: `boundary_id`, `name`, polygon.
    neighbours
        One row per municipality that touches the border: `neighbour_id`, `name`, polygon; a coverage with the border.
    districts
        One row per district: `district_id`, `name`, `borough`, polygon.
    postcodes
        Main postcode of each district, by name.
    stops
        Coordinates of the public-transport stops, shape (n, 2).
    """

    boundary: gpd.GeoDataFrame
    neighbours: gpd.GeoDataFrame
    districts: gpd.GeoDataFrame
    postcodes: dict[str, str]
    stops: np.ndarray


def read_base(folder: Path) -> Base:
    """
    Read the base files.

    Parameters
    ----------
    folder
        Where `stadtgrenze_vg250.geojson`, `nachbargemeinden_vg250.geojson`, `stadtteile_naeherung.geojson` and
        `haltestellen.geojson` are.

    Returns
    -------
    base
        The base data, reprojected to metres and rounded to centimetres.

    Raises
    ------
    LayerError
        If one of the files is missing.
    """
    boundary = _read(folder / BOUNDARY_FILE)
    neighbours = _read(folder / NEIGHBOURS_FILE).sort_values("ags", ignore_index=True)
    districts = _read(folder / DISTRICTS_FILE).sort_values("stadtteil", ignore_index=True)
    points = shapely.get_coordinates(_read(folder / STOPS_FILE).sort_values("eva").geometry.array)
    code = str(boundary["ags"].iloc[0])
    numbered = [f"{code[:5]}-{number:02d}" for number in range(1, len(districts) + 1)]
    return Base(
        boundary=_frame({"boundary_id": [code], "name": boundary["name"].tolist()}, boundary),
        neighbours=_frame(
            {"neighbour_id": neighbours["ags"].tolist(), "name": neighbours["name"].tolist()}, neighbours
        ),
        districts=_frame(
            {
                "district_id": numbered,
                "name": districts["stadtteil"].tolist(),
                "borough": districts["stadtbezirk"].tolist(),
            },
            districts,
        ),
        postcodes=dict(zip(districts["stadtteil"], districts["plz_haupt"], strict=True)),
        stops=points,
    )


def river(base: Base, spec: CitySpec) -> shapely.Polygon:
    """
    Return the river as a band about the part of the border that follows it.

    Parameters
    ----------
    base
        The base data.
    spec
        Its `river_from`, `river_to` and `river_half_width_m` are used.

    Returns
    -------
    band
        One polygon on the centimetre grid; it reaches beyond the border on purpose, as the river does.
    """
    ring = shapely.get_coordinates(shapely.orient_polygons(base.boundary.geometry.iloc[0]).exterior)[:-1]
    first, last = _nearest(ring, spec.river_from), _nearest(ring, spec.river_to)
    walk = np.roll(ring, -first, axis=0)[: (last - first) % len(ring) + 1]
    line = shapely.LineString(walk).simplify(40.0)
    band = line.buffer(spec.river_half_width_m, quad_segs=4, cap_style="flat")
    return snapped(cast("shapely.Polygon", band.simplify(8.0)))


def dry_land(base: Base, spec: CitySpec, margin_m: float) -> shapely.Polygon:
    """
    Return the city without the river, drawn in by a margin.

    Parameters
    ----------
    base, spec
        The base data and the figures.
    margin_m
        Distance to keep from border and river.

    Returns
    -------
    land
        The largest part.
    """
    city = base.boundary.geometry.iloc[0].difference(river(base, spec))
    parts = shapely.get_parts(city.buffer(-margin_m, quad_segs=4))
    return shapely.Polygon(parts[int(np.argmax(shapely.area(parts)))])


def snapped(geometry: G) -> G:
    """
    Return a valid geometry on the centimetre grid.

    Parameters
    ----------
    geometry
        Any geometry in metres.

    Returns
    -------
    geometry
        The same, each coordinate a whole number of centimetres.
    """
    return rounded(shapely.set_precision(geometry, CENTIMETRE))


def rounded(geometry: G) -> G:
    """
    Round coordinates to the nearest number with two decimals, so that equal places are equal floats.

    Parameters
    ----------
    geometry
        Any geometry in metres.

    Returns
    -------
    geometry
        The same with rounded coordinates.
    """
    return shapely.transform(geometry, lambda coordinates: np.round(coordinates, 2))


def _read(path: Path) -> gpd.GeoDataFrame:
    if not path.is_file():
        msg = f"base file '{path.name}' not found"
        raise LayerError(msg, f"Put it into {path.parent}; SOURCES.md names its origin.")
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    return gpd.GeoDataFrame.from_features(features, crs=PAGE_CRS).to_crs(METRIC_CRS)


def _frame(columns: dict[str, list[str]], source: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    # Rounding each vertex alone keeps shared borders shared: equal vertices stay equal.
    shapes = [rounded(shape) for shape in source.geometry]
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=METRIC_CRS)


def _nearest(ring: np.ndarray, place: Sequence[float]) -> int:
    return int(np.argmin(np.hypot(ring[:, 0] - place[0], ring[:, 1] - place[1])))
