"""Where coordinates lie: a CRS from a list, never guessed, and every vertex in the project's place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError
from pyproj.network import set_network_enabled  # type: ignore[attr-defined]

from rollout.crs import METRIC_CRS, PAGE_CRS
from rollout.intake.refusal import DeliveryError
from rollout.intake.table import only

if TYPE_CHECKING:
    from collections.abc import Callable

    from rollout.intake.table import Array
    from rollout.project import Place

# Grids are never fetched, whatever the environment says.
set_network_enabled(active=False)

KNOWN = {
    "EPSG:25832": "ETRS89 / UTM 32N",
    "EPSG:25833": "ETRS89 / UTM 33N",
    "EPSG:4647": "ETRS89 / UTM 32N mit vorangestellter 32",
    "EPSG:31466": "DHDN / Gauß-Krüger Zone 2",
    "EPSG:31467": "DHDN / Gauß-Krüger Zone 3",
    "EPSG:4258": "ETRS89, Grad",
    "EPSG:4326": "WGS 84, Grad",
    "OGC:CRS84": "WGS 84, Grad",
    "EPSG:3857": "Web-Mercator",
}
"""The coordinate reference systems a delivery may state."""

COARSE_M = 0.5
"""A transformation less accurate than this is worth a word."""

_CONFIDENCE = 70  # pyproj: same parameters, names may differ
_MAX_WKT = 10_000


@dataclass(frozen=True, slots=True)
class Placed:
    """
    Geometry in `METRIC_CRS`.

    Attributes
    ----------
    geometry
        n geometries, None where there is none.
    broken
        Positions of those that are missing, empty or not finite.
    outside
        Positions of those with a vertex outside the place.
    accuracy_m
        How accurate the transformation is; 0 where nothing was transformed or it is exact.
    """

    geometry: Array
    broken: Array
    outside: Array
    accuracy_m: float


def known_crs(name: str, code: str | None, said: str) -> str:
    """
    Return a CRS that is on the list.

    Parameters
    ----------
    name
        How the message calls the file.
    code
        `AUTHORITY:CODE` as stated, or None.
    said
        What the file says, for the message.

    Returns
    -------
    crs
        A key of `KNOWN`.

    Raises
    ------
    DeliveryError
        If it is not on the list.
    """
    if code in KNOWN:
        return code
    msg = f"'{name}' nennt kein bekanntes Koordinatensystem ({code or said})"
    raise DeliveryError(msg, f"Geraten wird es nie. Bitten Sie um eines von: {', '.join(KNOWN)}.")


def crs_of_wkt(name: str, wkt: str) -> str:
    """
    Find the CRS on the list that a `.prj` file describes.

    Parameters
    ----------
    name
        How the message calls the file.
    wkt
        The text of the `.prj` file.

    Returns
    -------
    crs
        A key of `KNOWN`.

    Raises
    ------
    DeliveryError
        If the text is no CRS, or none on the list.
    """
    try:
        stated = CRS.from_wkt(wkt[:_MAX_WKT].strip())
        base = stated.source_crs if stated.is_bound and stated.source_crs else stated
        epsg = base.to_epsg(min_confidence=_CONFIDENCE)
        code = f"EPSG:{epsg}" if epsg else _alike(base)
    except CRSError:
        code = None
    return known_crs(name, code, wkt[:60].strip())


def _alike(stated: CRS) -> str | None:
    """Compare in the dialect that shapefiles are written in, where pyproj finds no code by itself."""
    for code in KNOWN:
        try:
            if CRS.from_wkt(CRS.from_user_input(code).to_wkt("WKT1_ESRI")).equals(stated, ignore_axis_order=True):
                return code
        except CRSError:
            continue
    return None


def place_geometry(name: str, geometry: Array, crs: str, place: Place) -> Placed:
    """
    Bring geometry to `METRIC_CRS`, and find what lies where it cannot.

    Parameters
    ----------
    name
        How the message calls the file.
    geometry
        n shapely geometries in `crs`, None where unreadable.
    crs
        A key of `KNOWN`.
    place
        The box the project lies in.

    Returns
    -------
    placed
        n geometries in metres.

    Raises
    ------
    DeliveryError
        If more than half lie outside the place: then the statement is wrong, not a row.
    """
    finite = _is_finite(geometry)
    sound = only(finite, geometry)
    transformer = Transformer.from_crs(crs, METRIC_CRS, always_xy=True)
    metric = np.asarray(shapely.transform(sound, _step(transformer)), dtype=object) if crs != METRIC_CRS else sound
    inside = _is_inside(sound, crs, place)
    outside = np.flatnonzero(finite & ~inside)
    if len(outside) > finite.sum() / 2:
        raise _misplaced(name, sound, crs, place)
    metric = only(finite & inside, metric)
    return Placed(metric, np.flatnonzero(~finite), outside, _accuracy(transformer, crs) if finite.any() else 0.0)


def _accuracy(transformer: Transformer, crs: str) -> float:
    # WGS 84 is one with ETRS89 to the metre; the registry's figure would warn of every export for the web.
    if crs == METRIC_CRS or crs in {"EPSG:4326", "OGC:CRS84", "EPSG:3857"}:
        return 0.0
    return max(float(transformer.get_last_used_operation().accuracy), 0.0)


def _step(transformer: Transformer) -> Callable[[Array], Array]:
    def step(coordinates: Array) -> Array:
        return np.column_stack(transformer.transform(coordinates[:, 0], coordinates[:, 1]))

    return step


def _is_finite(geometry: Array) -> Array:
    points, owner = shapely.get_coordinates(geometry, return_index=True)
    bad = np.zeros(len(geometry), dtype=bool)
    bad[owner[~np.isfinite(points).all(axis=1)]] = True
    return np.asarray(~(bad | shapely.is_missing(geometry) | shapely.is_empty(geometry)))


def _is_inside(geometry: Array, crs: str, place: Place, *, swapped: bool = False) -> Array:
    points, owner = shapely.get_coordinates(geometry, return_index=True)
    x, y = (points[:, 1], points[:, 0]) if swapped else (points[:, 0], points[:, 1])
    lon, lat = Transformer.from_crs(crs, PAGE_CRS, always_xy=True).transform(x, y)
    within = (place.west <= lon) & (lon <= place.east) & (place.south <= lat) & (lat <= place.north)
    inside = np.ones(len(geometry), dtype=bool)
    inside[owner[~within]] = False
    return inside


def _misplaced(name: str, geometry: Array, crs: str, place: Place) -> DeliveryError:
    present = geometry[~shapely.is_missing(geometry)][:1000]
    if _is_inside(present, crs, place, swapped=True).mean() > 0.5:  # noqa: PLR2004 - more than half
        msg = f"'{name}': Rechts- und Hochwert (Länge und Breite) sind vertauscht"
        return DeliveryError(msg, "Bitten Sie um eine Ausgabe mit der Reihenfolge x, y (Länge, Breite).")
    fitting = [code for code in KNOWN if code != crs and _is_inside(present, code, place).mean() > 0.5]  # noqa: PLR2004
    first = shapely.get_coordinates(present)[0]
    msg = f"'{name}' liegt mit {crs} außerhalb des Projektgebiets, z. B. bei {first[0]:.6g}, {first[1]:.6g}"
    hint = f"Die Zahlen passten zu {fitting[0]}; umgedeutet wird nichts. " if fitting else ""
    return DeliveryError(msg, hint + "Bitten Sie um eine Ausgabe mit dem richtigen Koordinatensystem.")
