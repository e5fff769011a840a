"""The two coordinate reference systems of the house: metres to reckon in, degrees to draw in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rollout.errors import CrsError

if TYPE_CHECKING:
    import geopandas as gpd

METRIC_CRS = "EPSG:25832"
"""ETRS89 / UTM zone 32N, the official system of North Rhine-Westphalia. All lengths are reckoned in it."""

PAGE_CRS = "EPSG:4326"
"""Longitude and latitude, what a web page draws."""


def require_metric(layer: gpd.GeoDataFrame, name: str) -> None:
    """
    Refuse a layer that is not in `METRIC_CRS`.

    Parameters
    ----------
    layer
        Any layer.
    name
        How the message calls it.

    Raises
    ------
    CrsError
        If the layer states no CRS, or another one.
    """
    if layer.crs is None:
        msg = f"die Ebene '{name}' nennt kein Bezugssystem, erwartet wird {METRIC_CRS}"
        raise CrsError(msg, "Tragen Sie das Bezugssystem der Koordinaten ein (set_crs); geraten wird es nie.")
    if layer.crs != METRIC_CRS:
        stated = layer.crs.to_string()
        msg = f"die Ebene '{name}' liegt in {stated} vor, erwartet wird {METRIC_CRS}"
        raise CrsError(msg, f"Rechnen Sie sie vorher um: to_crs('{METRIC_CRS}').")
