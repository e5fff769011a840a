"""A layer's geometry brought to the metres of the house."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import shapely
from pyproj import CRS, Transformer

from rollout.crs import METRIC_CRS

if TYPE_CHECKING:
    from rollout.layers.remarks import Remarks
    from rollout.layers.source import Records

NOTABLE_M = 1.0
"""A transformation less accurate than this is worth a word."""

_MULTI = [shapely.GeometryType.MULTIPOINT.value, shapely.GeometryType.MULTILINESTRING.value]
_METRIC = CRS.from_user_input(METRIC_CRS)


def place(records: Records, remarks: Remarks) -> gpd.GeoSeries:
    """
    Bring a layer's geometry to `METRIC_CRS` and two dimensions.

    Parameters
    ----------
    records
        As read, in the CRS the file states.
    remarks
        Takes down heights that are dropped, and geometry that cannot be placed.

    Returns
    -------
    geometry
        In `METRIC_CRS`, index 0 to n-1.
    """
    remarks.on_unreadable_geometry(records.unreadable)
    flat = _single(_without_heights(records.geometry, remarks), remarks)
    if _is_metric(records.crs):
        return gpd.GeoSeries(flat, crs=_METRIC)
    accuracy = Transformer.from_crs(records.crs, _METRIC, always_xy=True).accuracy
    # Below zero says that the way depends on the region, as from the old German systems without their grid.
    if not 0 <= accuracy <= NOTABLE_M:
        remarks.on_inaccurate_transformation(records.crs.to_string())
    placed = gpd.GeoSeries(flat, crs=records.crs).to_crs(METRIC_CRS)
    lost = _is_finite(flat) & ~_is_finite(placed.to_numpy())
    remarks.on_unplaceable(np.flatnonzero(lost), records.crs.to_string())
    return placed


def _without_heights(
    geometry: np.ndarray[Any, np.dtype[np.object_]], remarks: Remarks
) -> np.ndarray[Any, np.dtype[np.object_]]:
    with_heights = np.flatnonzero(shapely.has_z(geometry))
    if not len(with_heights):
        return geometry
    remarks.on_heights(with_heights)
    return np.asarray(shapely.force_2d(geometry), dtype=object)


def _single(geometry: np.ndarray[Any, np.dtype[np.object_]], remarks: Remarks) -> np.ndarray[Any, np.dtype[np.object_]]:
    """Unwrap points and lines that a GIS calls multi-part although there is one part."""
    multi = np.isin(shapely.get_type_id(geometry), _MULTI) & (shapely.get_num_geometries(geometry) == 1)
    if not multi.any():
        return geometry
    remarks.on_unwrapped(int(multi.sum()))
    single = geometry.copy()
    single[multi] = shapely.get_geometry(geometry[multi], 0)
    return single


@cache
def _is_metric(crs: CRS) -> bool:
    return bool(crs == _METRIC) or crs.to_epsg() == _METRIC.to_epsg()


def _is_finite(geometry: np.ndarray[Any, np.dtype[np.object_]]) -> np.ndarray[Any, np.dtype[np.bool_]]:
    empty = shapely.is_missing(geometry) | shapely.is_empty(geometry)
    return np.asarray(empty | np.isfinite(shapely.bounds(geometry)).all(axis=1))
