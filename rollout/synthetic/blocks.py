"""Minor streets: cells are halved across their longer side until blocks of houses are left."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Iterator

Place = tuple[float, float]

EDGE_OF_TOWN = -1
"""Line number of the edge of town: streets may end there, but it is no street."""

SNAP_M = 34.0
"""A street that would end this near to a junction ends in the junction."""

ON_LINE_M = 0.05
"""A way over a place on a line is longer than the line by less than this; places are whole centimetres."""

SHORTEST_STREET_M = 48.0
NARROWEST_BLOCK_M = 52.0
SMALLEST_BLOCK_M2 = 3200.0
STEEPEST_RAD = np.radians(48.0)


@dataclass(slots=True)
class StreetPlan:
    """
    Straight lines and the junctions on each, filled while cells are divided.

    Attributes
    ----------
    lines
        Both ends of each line.
    junctions
        Places on each line where another one meets it.
    main
        Whether a line is a main road.
    """

    lines: list[tuple[Place, Place]] = field(default_factory=list)
    junctions: list[list[Place]] = field(default_factory=list)
    main: list[bool] = field(default_factory=list)

    def add(self, start: Place, end: Place, *, main: bool) -> int:
        """
        Add a line.

        Parameters
        ----------
        start, end
            Its ends.
        main
            Whether it is a main road.

        Returns
        -------
        number
            The line's number.
        """
        self.lines.append((start, end))
        self.junctions.append([start, end])
        self.main.append(main)
        return len(self.lines) - 1


@dataclass(frozen=True, slots=True)
class Cell:
    """A polygon's corners, and for each side (from its corner to the next) the line it lies on."""

    corners: list[Place]
    sides: list[int]


@dataclass(frozen=True, slots=True)
class _Cut:
    """Where a new street meets two sides of a cell."""

    start: Place
    start_side: int
    end: Place
    end_side: int


def divide(cell: Cell, plan: StreetPlan, block_area_m2: float, rng: np.random.Generator) -> None:
    """
    Halve a cell again and again, and enter each cut as a street.

    Parameters
    ----------
    cell
        A cell between main roads.
    plan
        Is filled with the new streets and junctions.
    block_area_m2
        Cells smaller than about this are left whole.
    rng
        Random numbers.
    """
    waiting = [cell]
    while waiting:
        block = waiting.pop()
        if _area(block.corners) < block_area_m2 * rng.uniform(0.75, 1.9):
            continue
        cut = next(_cuts(block, plan, rng), None)
        if cut is not None:
            waiting += _enter(block, cut, plan)


def _cuts(block: Cell, plan: StreetPlan, rng: np.random.Generator) -> Iterator[_Cut]:
    """Yield the cuts that make a sound street, first across the longer side."""
    middle, along, length, width = _box(block.corners)
    across = np.array([-along[1], along[0]])
    shape = shapely.Polygon(block.corners)
    for axis, extent in ((along, length), (across, width)):
        if extent < 2.0 * NARROWEST_BLOCK_M:
            continue
        for share in [*np.round(rng.uniform(-0.14, 0.14, 3), 4).tolist(), 0.2, -0.2]:
            cut = _cut(block, middle + share * extent * axis, axis, plan)
            if cut is not None and _is_sound(block, cut, shape):
                yield cut


def _cut(block: Cell, through: np.ndarray, normal: np.ndarray, plan: StreetPlan) -> _Cut | None:
    crossings = _crossings(block, through, normal)
    spans = list(zip(crossings[::2], crossings[1::2], strict=False))
    if not spans:
        return None
    (_, start, side), (_, end, other) = max(spans, key=lambda span: round(span[1][0] - span[0][0], 2))
    return _Cut(_on_junction(block, side, start, plan), side, _on_junction(block, other, end, plan), other)


def _crossings(block: Cell, through: np.ndarray, normal: np.ndarray) -> list[tuple[float, Place, int]]:
    (east, north), (right, up) = through.tolist(), normal.tolist()
    heights = [round((x - east) * right + (y - north) * up, 4) for x, y in block.corners]
    found = []
    for side, (low, high) in enumerate(zip(heights, [*heights[1:], heights[0]], strict=True)):
        if (low >= 0) != (high >= 0):
            a, b = block.corners[side], block.corners[(side + 1) % len(heights)]
            share = low / (low - high)
            x, y = round(a[0] + (b[0] - a[0]) * share, 2), round(a[1] + (b[1] - a[1]) * share, 2)
            found.append((round((y - north) * right - (x - east) * up, 2), (x, y), side))
    return sorted(found)


def _on_junction(block: Cell, side: int, place: Place, plan: StreetPlan) -> Place:
    """Move the end of a street into a junction nearby on the same side, so that crossings have four arms."""
    a, b = block.corners[side], block.corners[(side + 1) % len(block.corners)]
    line = block.sides[side]
    known = plan.junctions[line] if line != EDGE_OF_TOWN else []
    between = [spot for spot in known if _distance(a, spot) + _distance(spot, b) < _distance(a, b) + ON_LINE_M]
    near = [(round(_distance(place, spot), 2), spot) for spot in [a, b, *between]]
    gap, spot = min(near)
    return spot if gap <= SNAP_M else place


def _is_sound(block: Cell, cut: _Cut, shape: shapely.Polygon) -> bool:
    if _distance(cut.start, cut.end) < SHORTEST_STREET_M or cut.start_side == cut.end_side:
        return False
    if not all(_is_steep(block, place, other) for place, other in ((cut.start, cut.end), (cut.end, cut.start))):
        return False
    start, end = np.array(cut.start), np.array(cut.end)
    inner = shapely.LineString([start + 0.02 * (end - start), end - 0.02 * (end - start)])
    if not shape.contains(inner):
        return False
    return all(_is_block(part.corners) for part in _halves(block, cut, EDGE_OF_TOWN))


def _is_steep(block: Cell, place: Place, other: Place) -> bool:
    """Check that the street leaves no sharp corner with a side it ends on."""
    way = np.subtract(other, place)
    for a, b in zip(block.corners, [*block.corners[1:], block.corners[0]], strict=True):
        if _distance(a, place) + _distance(place, b) < _distance(a, b) + ON_LINE_M:
            side = np.subtract(b, a)
            cosine = abs(float(side @ way)) / (np.hypot(*side) * np.hypot(*way))
            at_corner = place in (a, b)
            if round(cosine, 6) > np.cos(STEEPEST_RAD) and not (at_corner and _opens(place, a, b, way)):
                return False
    return True


def _opens(place: Place, a: Place, b: Place, way: np.ndarray) -> bool:
    """Tell whether the side leads away from the street, as its straight continuation does."""
    other = b if place == a else a
    return float(np.subtract(other, place) @ way) < 0


def _is_block(corners: list[Place]) -> bool:
    if len(corners) < 3 or _area(corners) < SMALLEST_BLOCK_M2:  # noqa: PLR2004
        return False
    _, _, length, width = _box(corners)
    return bool(_area(corners) / length > 0.62 * NARROWEST_BLOCK_M and width > 0.8 * NARROWEST_BLOCK_M)


def _enter(block: Cell, cut: _Cut, plan: StreetPlan) -> list[Cell]:
    for place, side in ((cut.start, cut.start_side), (cut.end, cut.end_side)):
        line = block.sides[side]
        if line != EDGE_OF_TOWN and place not in plan.junctions[line]:
            plan.junctions[line].append(place)
    return _halves(block, cut, plan.add(cut.start, cut.end, main=False))


def _halves(block: Cell, cut: _Cut, line: int) -> list[Cell]:
    first, last = sorted((cut.start_side, cut.end_side))
    one, two = (cut.start, cut.end) if first == cut.start_side else (cut.end, cut.start)
    inner = [one, *block.corners[first + 1 : last + 1], two]
    outer = [two, *block.corners[last + 1 :], *block.corners[: first + 1], one]
    inner_sides = [*block.sides[first : last + 1], line]
    outer_sides = [*block.sides[last:], *block.sides[: first + 1], line]
    return [_without_repeats(inner, inner_sides), _without_repeats(outer, outer_sides)]


def _without_repeats(corners: list[Place], sides: list[int]) -> Cell:
    kept = [index for index, corner in enumerate(corners) if corner != corners[(index + 1) % len(corners)]]
    return Cell([corners[index] for index in kept], [sides[index] for index in kept])


def _area(corners: list[Place]) -> float:
    # Relative to the first corner: absolute coordinates would lose digits. Plain floats are faster here than arrays.
    east, north = corners[0]
    moved = [(x - east, y - north) for x, y in corners]
    return round(abs(sum(a * d - b * c for (a, b), (c, d) in pairwise(moved))) / 2.0, 1)


def _box(corners: list[Place]) -> tuple[np.ndarray, np.ndarray, float, float]:
    """Return middle, direction of the longer side, length and width of the smallest rectangle about a polygon."""
    box = shapely.get_coordinates(shapely.oriented_envelope(shapely.MultiPoint(corners)))
    sides = box[1:3] - box[0:2]
    lengths = np.hypot(*sides.T)
    longer = int(np.argmax(np.round(lengths, 2)))
    return box[:4].mean(axis=0), sides[longer] / lengths[longer], float(lengths[longer]), float(lengths[1 - longer])


def _distance(a: Place, b: Place) -> float:
    return math.sqrt((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2)
