"""
The grid of 100 m: names and squares of its cells, and its corners.

It is cut in the project's own `METRIC_CRS` (ETRS89 / UTM 32N), not in ETRS89-LAEA as INSPIRE's; its names follow
INSPIRE's pattern and say so: `CRS25832RES100mN5650000E360000` is the cell whose south-western corner that is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    Strings = NDArray[np.str_]

SIZE_M = 100
"""Width of a cell in metres."""


def cell_names(points: gpd.GeoSeries) -> Strings:
    """
    Name the cell of each point.

    Parameters
    ----------
    points
        In `METRIC_CRS`.

    Returns
    -------
    names
        Shape `(n,)`; a point on a line belongs to the cell north or east of it.
    """
    east, north = (np.floor(np.asarray(axis) / SIZE_M).astype(np.int64) * SIZE_M for axis in (points.x, points.y))
    return np.array([f"CRS25832RES{SIZE_M}mN{y}E{x}" for x, y in zip(east.tolist(), north.tolist(), strict=True)])


def cell_shape(name: str) -> shapely.Polygon:
    """
    Return the square of a cell.

    Parameters
    ----------
    name
        As `cell_names` gives it.

    Returns
    -------
    square
        In `METRIC_CRS`.
    """
    north, east = (int(part) for part in name.rpartition("N")[2].split("E"))
    return shapely.box(east, north, east + SIZE_M, north + SIZE_M)


def nearest_corners(places: NDArray[np.float64]) -> NDArray[np.float64]:
    """
    Return the corner of the grid that is nearest to each place.

    Parameters
    ----------
    places
        In `METRIC_CRS`, shape `(n, 2)`.

    Returns
    -------
    corners
        Of the same shape.
    """
    corners: NDArray[np.float64] = np.rint(places / SIZE_M) * SIZE_M
    return corners
