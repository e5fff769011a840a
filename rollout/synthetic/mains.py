"""Main roads: a sparse web between neighbouring stops, and the cells of built-up land between them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, cast

import numpy as np
import shapely
from scipy.spatial import Delaunay

from rollout.synthetic.base import CENTIMETRE, dry_land, rounded, snapped

if TYPE_CHECKING:
    from rollout.synthetic.base import Base
    from rollout.synthetic.spec import CitySpec

STOP_SPACING_M = 230.0
"""Stops nearer to each other than this share one junction of main roads."""

BORDER_MARGIN_M = 45.0
"""Distance to border and river, wide enough that bending the streets never takes one across."""

CLEARANCE_M = 70.0
"""Distance a lengthened main road keeps from junctions it passes."""

SMALLEST_QUARTER_M2 = 5e4
SMALLEST_GREEN_M2 = 3e4

SMOOTHING_ROUNDS = 3
"""How often a bend between two stops is drawn towards the straight line."""

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class MainRoads:
    """
    The web of main roads before bending.

    Attributes
    ----------
    pieces
        Straight pieces between consecutive junctions or bends, shape (n, 2, 2).
    cells
        Polygons of built-up land between the main roads; greens inside them are filled.
    built_up
        The built-up land, without the greens.
    """

    pieces: np.ndarray
    cells: list[shapely.Polygon]
    built_up: shapely.Geometry


def main_roads(base: Base, spec: CitySpec) -> MainRoads:
    """
    Lay main roads between neighbouring stops and cut the built-up land along them.

    Parameters
    ----------
    base, spec
        The base data and the figures.

    Returns
    -------
    roads
        Pieces and cells, all on the centimetre grid with shared corners exactly shared.
    """
    land = dry_land(base, spec, BORDER_MARGIN_M)
    hubs = _hubs(base.stops, land)
    pairs = _neighbour_pairs(hubs)
    hubs = _smoothed(hubs, pairs)
    lines = [shapely.LineString(hubs[list(pair)]) for pair in pairs]
    lines = [line for line in lines if land.contains(line)]
    built_up = built_up_land(base, spec, land)
    lines += _extensions(lines, built_up)
    web = shapely.union_all([*lines, shapely.boundary(built_up)], grid_size=CENTIMETRE)
    ways = _pieces(shapely.union_all(lines, grid_size=CENTIMETRE))
    return MainRoads(_on_web(web, ways), _cells(web, built_up), built_up)


def built_up_land(base: Base, spec: CitySpec, land: shapely.Polygon) -> shapely.Geometry:
    """
    Return the land near the stops, with smooth edges and without small holes.

    Parameters
    ----------
    base, spec
        The base data and the figures.
    land
        Where building is allowed at all.

    Returns
    -------
    built_up
        One or more polygons on the centimetre grid.
    """
    near = shapely.union_all(shapely.buffer(shapely.points(base.stops), spec.reach_of_stop_m, quad_segs=4))
    opened = near.buffer(60.0, quad_segs=3).buffer(-60.0, quad_segs=3)
    parts = shapely.get_parts(opened.intersection(land).simplify(25.0))
    solid = [_without_small_holes(part) for part in parts if part.area > SMALLEST_QUARTER_M2]
    return snapped(shapely.union_all(solid).intersection(land))


def _without_small_holes(part: shapely.Polygon) -> shapely.Polygon:
    holes = [ring for ring in part.interiors if shapely.Polygon(ring).area > SMALLEST_GREEN_M2]
    return shapely.Polygon(part.exterior, holes)


def _hubs(stops: np.ndarray, land: shapely.Polygon) -> np.ndarray:
    inside = stops[shapely.contains_xy(land, stops)]
    kept: list[np.ndarray] = []
    for stop in np.round(inside, 1):
        if all(np.hypot(*(stop - other)) >= STOP_SPACING_M for other in kept):
            kept.append(stop)
    return np.array(kept)


def _neighbour_pairs(hubs: np.ndarray) -> list[Pair]:
    """Keep a pair where no third hub is nearer to both: the relative neighbourhood graph."""
    corners = Delaunay(hubs).simplices
    sides = np.vstack([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [2, 0]]])
    pairs = [(int(a), int(b)) for a, b in np.unique(np.sort(sides, axis=1), axis=0)]
    kept = []
    for a, b in pairs:
        reach = np.hypot(*(hubs[a] - hubs[b]))
        worst = np.maximum(np.hypot(*(hubs - hubs[a]).T), np.hypot(*(hubs - hubs[b]).T))
        if not np.any(worst < reach - CENTIMETRE):
            kept.append((a, b))
    return kept


def _smoothed(hubs: np.ndarray, pairs: list[Pair]) -> np.ndarray:
    smooth = hubs.copy()
    for _ in range(SMOOTHING_ROUNDS):
        before = smooth.copy()
        for hub in range(len(hubs)):
            around = [a + b - hub for a, b in pairs if hub in (a, b)]
            if len(around) == 2:  # noqa: PLR2004 - a bend, no junction
                smooth[hub] = 0.5 * before[hub] + 0.25 * (before[around[0]] + before[around[1]])
    return np.round(smooth, 1)


def _extensions(lines: list[shapely.LineString], built_up: shapely.Geometry) -> list[shapely.LineString]:
    """Lead roads that end in the middle of a quarter on to the next main road or the edge of town."""
    added: list[shapely.LineString] = []
    for tip, towards in _tips(lines):
        others = shapely.MultiLineString([*lines, *added])
        for turn in np.radians([0.0, 25.0, -25.0, 50.0, -50.0, 75.0, -75.0]):
            way = _extended(tip, towards, float(turn), others, built_up)
            if way is not None:
                added.append(way)
                break
        else:
            added += _to_the_edge(tip, built_up)
    return added


def _to_the_edge(tip: np.ndarray, built_up: shapely.Geometry) -> list[shapely.LineString]:
    point = shapely.Point(tip)
    return [shapely.shortest_line(point, shapely.boundary(built_up))] if shapely.contains(built_up, point) else []


def _tips(lines: list[shapely.LineString]) -> list[tuple[np.ndarray, np.ndarray]]:
    ends: dict[tuple[float, float], list[np.ndarray]] = {}
    for line in lines:
        first, last = shapely.get_coordinates(line)
        ends.setdefault((float(first[0]), float(first[1])), []).append(first - last)
        ends.setdefault((float(last[0]), float(last[1])), []).append(last - first)
    return [(np.array(tip), ways[0] / np.hypot(*ways[0])) for tip, ways in sorted(ends.items()) if len(ways) == 1]


def _extended(
    tip: np.ndarray, towards: np.ndarray, turn: float, others: shapely.Geometry, built_up: shapely.Geometry
) -> shapely.LineString | None:
    way = np.array(
        [towards[0] * np.cos(turn) - towards[1] * np.sin(turn), towards[0] * np.sin(turn) + towards[1] * np.cos(turn)]
    )
    ray = shapely.LineString([tip + 5.0 * way, tip + 2500.0 * way])
    met = ray.intersection(shapely.union_all([others, shapely.boundary(built_up)]))
    if met.is_empty or not shapely.contains(built_up, shapely.Point(tip)):
        return None
    hits = shapely.get_coordinates(met)
    end = hits[int(np.argmin(np.round(np.hypot(*(hits - tip).T), 2)))]
    line = shapely.LineString([tip, end])
    clear = shapely.LineString([tip + 60.0 * way, end]) if np.hypot(*(end - tip)) > CLEARANCE_M else line
    joints = shapely.points(shapely.get_coordinates(others))
    too_near = shapely.dwithin(joints, clear, CLEARANCE_M * 0.6) & ~shapely.dwithin(joints, shapely.Point(tip), 1.0)
    return None if bool(too_near.any()) else line


def _pieces(web: shapely.Geometry) -> np.ndarray:
    """Return every straight piece of a noded web once, in a fixed order."""
    pieces = set()
    for line in shapely.get_parts(web):
        corners = [(float(x), float(y)) for x, y in np.round(shapely.get_coordinates(line), 2)]
        pieces |= {(min(a, b), max(a, b)) for a, b in pairwise(corners)}
    return np.array(sorted(pieces))


def _on_web(web: shapely.Geometry, ways: np.ndarray) -> np.ndarray:
    """Keep the pieces of the web that lie on a main road and not on the edge of town."""
    pieces = _pieces(web)
    middles = shapely.points(pieces.mean(axis=1))
    tree = shapely.STRtree(np.array([shapely.LineString(way) for way in ways]))
    on = np.unique(tree.query(middles, predicate="dwithin", distance=2 * CENTIMETRE)[0])
    return np.asarray(pieces[on])


def _cells(web: shapely.Geometry, built_up: shapely.Geometry) -> list[shapely.Polygon]:
    cells = shapely.get_parts(shapely.polygonize(shapely.get_parts(web).tolist()))
    inside = [
        rounded(cast("shapely.Polygon", cell))
        for cell in cells
        if shapely.contains(built_up, shapely.point_on_surface(cell))
    ]
    return sorted(inside, key=lambda cell: cell.bounds)
