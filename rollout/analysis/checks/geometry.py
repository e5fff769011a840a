"""Geometry: there, finite, in metres, in place, valid, and of the layer's kind."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely
from pyproj import Transformer

from rollout.crs import METRIC_CRS, PAGE_CRS
from rollout.schema import BASE_MAP, GeometryType
from rollout.wording import number

if TYPE_CHECKING:
    from rollout.analysis.checks.desk import Desk, Mask
    from rollout.findings import Finding
    from rollout.project import Place

Shapes = np.ndarray[Any, np.dtype[np.object_]]
Boxes = np.ndarray[Any, np.dtype[np.float64]]

NOTABLE_M2 = 1.0
"""Overlaps and gaps between districts smaller than this are drawing noise."""

KINDS = {
    "Point": "Punkt",
    "LineString": "Linie",
    "LinearRing": "Ring",
    "Polygon": "Fläche",
    "MultiPoint": "mehrteiliger Punkt",
    "MultiLineString": "mehrteilige Linie",
    "MultiPolygon": "mehrteilige Fläche",
    "GeometryCollection": "Sammlung",
}
"""In the order of shapely's numbers for them; a missing geometry, -1, goes with the last."""
_NAMES = np.array([*KINDS], dtype=object)

REASONS = {
    "Self-intersection": "die Grenze schneidet sich selbst",
    "Ring Self-intersection": "ein Ring berührt sich selbst",
    "Too few points in geometry component": "zu wenige Punkte",
    "Hole lies outside shell": "ein Loch liegt außerhalb der Fläche",
    "Holes are nested": "ein Loch liegt in einem anderen",
    "Nested shells": "ein Teil liegt in einem anderen",
    "Duplicate Rings": "ein Ring kommt doppelt vor",
    "Interior is disconnected": "das Innere ist nicht zusammenhängend",
    "Invalid Coordinate": "eine Koordinate ist keine Zahl",
    "Ring is not closed": "ein Ring ist nicht geschlossen",
}
"""What GEOS says → what we say."""


def check_geometry(desk: Desk, place: Place) -> list[Finding]:
    """
    Check a layer's geometry.

    Parameters
    ----------
    desk
        The layer.
    place
        Where the project lies, in degrees.

    Returns
    -------
    findings
        A layer in the wrong CRS gets that one finding and no other.
    """
    crs = desk.rows.crs
    if crs is None or crs != METRIC_CRS:
        stated = "kein Bezugssystem" if crs is None else f"das Bezugssystem {crs.to_string()[:60]}"
        return [desk.as_a_whole("wrong-crs", f"Die Ebene nennt {stated}, gebraucht wird {METRIC_CRS}.")]
    shapes = desk.rows.geometry.to_numpy()
    empty = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    boxes = shapely.bounds(shapes)
    finite = _is_finite(shapes, empty)
    findings = desk.report("empty-geometry", empty, lambda _: "Die Geometrie fehlt oder ist leer.")
    findings += desk.report("non-finite", ~finite, lambda _: "Eine Koordinate ist keine endliche Zahl.")
    findings += _check_kinds(desk, shapes, ~empty)
    findings += _check_place(desk, boxes, finite & ~empty, place)
    findings += _check_validity(desk, shapes, finite & ~empty)
    heights = int(np.count_nonzero(shapely.has_z(shapes)))
    if heights:
        findings.append(desk.as_a_whole("heights", f"{number(heights)} Geometrien tragen Höhen; gerechnet wird ohne."))
    return findings


def _is_finite(shapes: Shapes, empty: Mask) -> Mask:
    # Bounds leave out a vertex that is not a number, so every vertex is looked at.
    coordinates, owner = shapely.get_coordinates(shapes, return_index=True)
    finite = np.ones(len(shapes), dtype=bool)
    finite[owner[~np.isfinite(coordinates).all(axis=1)]] = False
    return np.asarray(finite | empty)


def _check_kinds(desk: Desk, shapes: Shapes, there: Mask) -> list[Finding]:
    wanted = desk.layer.geometry
    names = _NAMES[shapely.get_type_id(shapes)]
    multi = names == f"Multi{wanted}"
    fits = (names == str(wanted)) | multi
    findings = desk.report(
        "wrong-geometry", there & ~fits, lambda at: f"Hier steht: {KINDS[names[at]]}; erwartet: {KINDS[wanted]}."
    )
    if wanted is not GeometryType.POLYGON:
        parts = shapely.get_num_geometries(shapes)
        findings += desk.report(
            "multi-part", there & multi, lambda at: f"{KINDS[names[at]].capitalize()} mit {parts[at]} Teilen."
        )
    return findings


def _check_place(desk: Desk, boxes: Boxes, usable: Mask, place: Place) -> list[Finding]:
    home = _metric_box(place)
    outside = usable & ~_within(boxes, home)
    if not outside.any():
        return []
    degrees = outside & (np.abs(boxes) <= 180).all(axis=1)  # noqa: PLR2004 - the span of a longitude
    here = (place.west, place.south, place.east, place.north)
    swapped = outside & (_within(_swap(boxes), home) | _within(_swap(boxes), here))
    swapped |= outside & ~degrees & _swapped_before_reprojection(boxes, outside, here)
    findings = desk.report(
        "swapped-axes", swapped, lambda at: f"Ost- und Nordwert sind vertauscht: {_corner(boxes[at])}."
    )
    findings += desk.report(
        "degrees", degrees & ~swapped, lambda at: f"Die Koordinaten sind Grad, nicht Meter: {_corner(boxes[at])}."
    )
    if desk.layer.name in BASE_MAP:
        return findings
    return findings + desk.report(
        "outside-place", outside & ~degrees & ~swapped, lambda at: f"Außerhalb des Gebiets: {_corner(boxes[at])}."
    )


@cache
def _metric_box(place: Place) -> tuple[float, ...]:
    to_metric = Transformer.from_crs(PAGE_CRS, METRIC_CRS, always_xy=True)
    return tuple(to_metric.transform_bounds(place.west, place.south, place.east, place.north))


def _within(boxes: Boxes, box: tuple[float, ...]) -> Mask:
    low, high = np.asarray(box[:2]), np.asarray(box[2:])
    return np.asarray((boxes[:, :2] >= low).all(axis=1) & (boxes[:, 2:] <= high).all(axis=1))


def _swap(boxes: Boxes) -> Boxes:
    return boxes[:, [1, 0, 3, 2]]


def _swapped_before_reprojection(boxes: Boxes, outside: Mask, here: tuple[float, ...]) -> Mask:
    """Whether the file had latitude where longitude belongs, which reprojecting has carried far away."""
    swapped = np.zeros(len(boxes), dtype=bool)
    to_degrees = Transformer.from_crs(METRIC_CRS, PAGE_CRS, always_xy=True)
    far = boxes[outside]
    east, north = to_degrees.transform((far[:, 0] + far[:, 2]) / 2, (far[:, 1] + far[:, 3]) / 2)
    swapped[outside] = _within(np.column_stack([north, east, north, east]), here)
    return swapped


def _corner(box: Boxes) -> str:
    return f"{number(float(box[0]), 2)} / {number(float(box[1]), 2)}"


def _check_validity(desk: Desk, shapes: Shapes, usable: Mask) -> list[Finding]:
    lines = shapely.get_dimensions(shapes) == 1
    point_like = usable & lines & (shapely.length(shapes) == 0)
    invalid = usable & ~point_like & ~shapely.is_valid(shapes)
    findings = desk.report("zero-length", point_like, lambda _: "Anfang und Ende der Linie sind derselbe Punkt.")
    return findings + desk.report(
        "invalid-geometry", invalid, lambda at: f"Ungültig: {_reason(shapely.is_valid_reason(shapes[at]))}."
    )


def _reason(said: str) -> str:
    what, _, where = said.partition("[")
    return REASONS.get(what, what) + (f" bei {where.rstrip(']')}" if where else "")


def check_districts(desk: Desk) -> list[Finding]:
    """
    Check that districts neither overlap nor leave gaps.

    Parameters
    ----------
    desk
        The layer `districts`, valid polygons in `METRIC_CRS`.

    Returns
    -------
    findings
        One per overlapping pair and per gap larger than `NOTABLE_M2`.
    """
    shapes = desk.rows.geometry.to_numpy()
    if not len(shapes) or not shapely.is_valid(shapes).all():
        return []
    names = desk.text("name") if desk.has("name") else pd.Series([str(i) for i in range(len(shapes))])
    left, right = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    areas = {
        (a, b): shapely.area(shapely.intersection(shapes[a], shapes[b]))
        for a, b in zip(left, right, strict=True)
        if a < b
    }
    findings = [
        desk.as_a_whole("district-overlap", f"{names[a]} und {names[b]} überlappen sich auf {number(float(area))} m².")
        for (a, b), area in sorted(areas.items())
        if area > NOTABLE_M2
    ]
    return findings + _gaps(desk, shapes)


def _gaps(desk: Desk, shapes: Shapes) -> list[Finding]:
    whole = shapely.get_parts(shapely.union_all(shapes))
    holes = [shapely.polygons(ring) for part in whole for ring in shapely.get_rings(part)[1:]]
    return [
        desk.as_a_whole(
            "district-gap", f"Lücke von {number(hole.area)} m² bei {_corner(np.asarray(hole.centroid.coords[0]))}."
        )
        for hole in holes
        if hole.area > NOTABLE_M2
    ]
