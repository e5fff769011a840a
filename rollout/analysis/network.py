"""The trench segments as a network: which ends meet, where an end meets another's middle, where nodes stand."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from rollout.analysis import graphs
from rollout.analysis.graphs import NOWHERE, ranges
from rollout.crs import require_metric

if TYPE_CHECKING:
    from collections.abc import Callable

    import geopandas as gpd
    from numpy.typing import ArrayLike, NDArray

    Integers = NDArray[np.int64]
    Metres = NDArray[np.float64]
    Shapes = NDArray[np.object_]

REPORTED_GAP_M = 0.01
"""A join over a wider gap than this is reported: the drawing should be mended there."""

_MM = 1000
# Half of the cells about a cell, so that each pair of neighbours is looked at once.
_NEIGHBOURS = ((0, 1), (1, -1), (1, 0), (1, 1))


@dataclass(frozen=True, slots=True)
class Network:
    """
    Trench segments joined at their ends, cut where another's end or a node meets their middle.

    An edge is a stretch of a segment between two vertices; most segments are one edge.

    Attributes
    ----------
    vertices
        Number of places where something meets.
    segment
        Position of the segment each edge belongs to, shape `(edges,)`, in order of segment and way.
    from_m, to_m
        Where the edge begins and ends, metres along its segment.
    tail, head
        The vertex there.
    node
        Vertex of each node, shape `(nodes,)`; -1 where no segment meets it.
    """

    vertices: int
    segment: Integers
    from_m: Metres
    to_m: Metres
    tail: Integers
    head: Integers
    node: Integers
    _list_joins: Callable[[], pd.DataFrame]

    @property
    def joins(self) -> pd.DataFrame:
        """
        Joins over more than `REPORTED_GAP_M`, listed when they are asked for: who only asks for ways does not.

        `meets` (`end`, `middle`), `one_id` (what ends or stands there, the smallest of several), `other_id` (what it
        meets), `gap_m`, `x`, `y` (metres). In order of the ids.
        """
        return self._list_joins()

    @property
    def first_edges(self) -> Integers:
        """The edge that each segment begins with, shape `(segments,)`."""
        begins = np.ones(len(self.segment), dtype=bool)
        begins[1:] = self.segment[1:] != self.segment[:-1]
        return np.flatnonzero(begins)


@dataclass(frozen=True, slots=True)
class _Spots:
    """
    The different places, told apart to the millimetre and sorted by cell of the size of the tolerance.

    Attributes
    ----------
    x, y
        Coordinates in whole millimetres.
    cell
        Number of the cell of each, ascending.
    columns
        How far apart the numbers of two cells side by side are.
    of
        Spot of each place that went in.
    """

    x: Integers
    y: Integers
    cell: Integers
    columns: int
    of: Integers

    def points(self, spot: Integers) -> Shapes:
        """Return some of them as points in metres."""
        return np.asarray(shapely.points(self.x[spot] / _MM, self.y[spot] / _MM), dtype=object)


def join_segments(segments: gpd.GeoDataFrame, nodes: gpd.GeoDataFrame, *, tolerance_m: float) -> Network:
    """
    Join segments and nodes that meet.

    Two ends meet where they are within the tolerance, and what meets the same meets each other; an end or a node
    within the tolerance of another segment's middle cuts that segment there. Lines that merely cross do not meet:
    a crossing without an end is a bridge or a fault of the drawing, and no duct leads from one to the other.

    Parameters
    ----------
    segments
        Lines in `METRIC_CRS` with `segment_id`. Whatever may be joined: built or not, of one programme.
    nodes
        Points in `METRIC_CRS` with `node_id`.
    tolerance_m
        How far apart what meets may be drawn, to the millimetre.

    Returns
    -------
    network
        Positions are those of the rows; which row comes first changes no join.

    Raises
    ------
    CrsError
        If a layer is not in `METRIC_CRS`.
    """
    require_metric(segments, "segments")
    require_metric(nodes, "nodes")
    lines, count = segments.geometry.to_numpy(), len(segments)
    spots = _spots(np.concatenate([_ends(lines), shapely.get_coordinates(nodes.geometry.to_numpy())]), tolerance_m)
    pairs, gaps = _pairs(spots, tolerance_m)
    joint = _merged(len(spots.x), pairs)
    vertex = joint[spots.of]
    tail, head = vertex[:count], vertex[count : 2 * count]
    spot, line, apart = _touches(spots, joint, lines, (tail, head), tolerance_m)
    joined = np.zeros(int(joint.max(initial=NOWHERE)) + 1, dtype=bool)
    joined[tail], joined[head], joined[joint[spot]] = True, True, True
    at_node = vertex[2 * count :]
    named = partial(_names, spots, segments["segment_id"], nodes["node_id"])
    return Network(
        len(joined),
        *_edges(lines, tail, head, _cuts(spots, joint, lines, (spot, line, apart))),
        np.where(joined[at_node], at_node, NOWHERE),
        partial(_reported, spots, named, (pairs, gaps), (spot, segments["segment_id"].array[line], apart)),
    )


def _ends(lines: Shapes) -> Metres:
    """First places of all lines, then their last ones."""
    places, last = shapely.get_coordinates(lines), np.cumsum(shapely.get_num_coordinates(lines))
    return np.concatenate([places[np.concatenate([[0], last[:-1]])], places[last - 1]]) if len(lines) else places


def _spots(places: Metres, tolerance_m: float) -> _Spots:
    size = max(1, round(tolerance_m * _MM))
    x, y = (np.rint(coordinate * _MM).astype(np.int64) for coordinate in places.T)
    columns = (int(y.max(initial=0)) - int(y.min(initial=0))) // size + 3  # the cell above is never of the next column
    (right, east), (up, north) = ((way // size, way % size) for way in (_from_zero(x), _from_zero(y)))
    number = ((right * columns + up) * size + east) * size + north
    order = np.argsort(number)
    ordered = number[order]
    first = np.ones(len(number), dtype=bool)
    first[1:] = ordered[1:] != ordered[:-1]
    of = np.empty(len(number), dtype=np.int64)
    of[order] = np.cumsum(first) - 1
    chosen = order[first]
    return _Spots(x[chosen], y[chosen], ordered[first] // size**2, columns, of)


def _from_zero(values: Integers) -> Integers:
    return values - values.min() if len(values) else values


def _pairs(spots: _Spots, tolerance_m: float) -> tuple[Integers, Metres]:
    """Pairs of spots that meet, shape (pairs, 2), and how far apart they are; a grid of cells finds the candidates."""
    start = np.flatnonzero(np.r_[True, spots.cell[1:] != spots.cell[:-1]]) if len(spots.cell) else spots.cell
    cells, stop = spots.cell[start], np.r_[start[1:], len(spots.cell)]
    crowded = np.flatnonzero(stop - start > 1)
    near = [_crossed(start[crowded], stop[crowded], start[crowded], stop[crowded])]
    for right, up in _NEIGHBOURS:
        wanted = cells + right * spots.columns + up
        found = np.minimum(np.searchsorted(cells, wanted), max(len(cells) - 1, 0))
        there = np.flatnonzero(cells[found] == wanted)
        near.append(_crossed(start[there], stop[there], start[found[there]], stop[found[there]]))
    one, other = np.concatenate(near).T
    gaps = np.hypot(spots.x[one] - spots.x[other], spots.y[one] - spots.y[other]) / _MM
    kept = (one != other) & (gaps <= round(tolerance_m * _MM) / _MM)
    return np.sort(np.column_stack([one, other])[kept], axis=1), gaps[kept]


def _crossed(start: Integers, stop: Integers, others_start: Integers, others_stop: Integers) -> Integers:
    """Every member of each range with every member of the other range, each pair of one range once; shape (n, 2)."""
    wide, high = stop - start, others_stop - others_start
    count = wide * high
    row, place = ranges(np.zeros_like(count), count)
    pairs = np.column_stack([start[row] + place // high[row], others_start[row] + place % high[row]])
    return np.asarray(pairs[(pairs[:, 0] < pairs[:, 1]) | (start[row] != others_start[row])])


def _merged(count: int, pairs: Integers) -> Integers:
    """Return the joint of each spot: spots that meet, directly or by way of others, are one."""
    return graphs.components(count, *pairs.T)


def _touches(
    spots: _Spots, joint: Integers, lines: Shapes, ends: tuple[Integers, Integers], tolerance_m: float
) -> tuple[Integers, Integers, Metres]:
    """Spots within the tolerance of the middle of a line that does not end there: spot, line, distance."""
    spot, line = _boxed(spots.x, spots.y, shapely.bounds(lines) + np.array([-1, -1, 1, 1]) * tolerance_m)
    foreign = (ends[0][line] != joint[spot]) & (ends[1][line] != joint[spot])
    spot, line = spot[foreign], line[foreign]
    apart = shapely.distance(lines[line], spots.points(spot)).round(3)
    near = apart <= tolerance_m
    return spot[near], line[near], apart[near]


def _boxed(x: Integers, y: Integers, boxes: Metres) -> tuple[Integers, Integers]:
    """
    Places in millimetres and the boxes in metres they lie in, as positions of both.

    The places stand in strips a little wider than a box, in each from south to north, so that what a box holds of a
    strip is one stretch of it. Boxes are looked at in the order of the strips, which spares the search long jumps. A
    tree of the boxes finds the same in four times the time.
    """
    west, south, east, north = np.rint(boxes.T * _MM).astype(np.int64)
    width = max(_MM, int((east - west).mean() * 1.5)) if len(boxes) else _MM
    bottom = min(int(y.min(initial=0)), int(south.min(initial=0)))
    height = max(int(y.max(initial=0)), int(north.max(initial=0))) - bottom + 1
    number = x // width * height + (y - bottom)
    order = np.argsort(number)
    number, x = number[order], x[order]
    which = np.argsort(west // width * height + south)
    west, south, east, north = west[which], south[which], east[which], north[which]
    box, strip = ranges(west // width, east // width + 1)
    begins = strip * height - bottom
    start = np.searchsorted(number, begins + south[box])
    held, place = ranges(start, np.searchsorted(number, begins + north[box], side="right"))
    box = box[held]
    inside = (x[place] >= west[box]) & (x[place] <= east[box])
    return order[place[inside]], which[box[inside]]


def _cuts(
    spots: _Spots, joint: Integers, lines: Shapes, touches: tuple[Integers, Integers, Metres]
) -> tuple[Integers, Metres, Integers]:
    """Line, metres along it and vertex of every cut; of several spots of one vertex the nearest cuts a line."""
    spot, line, apart = touches
    order = np.lexsort((apart, joint[spot], line))
    spot, line = spot[order], line[order]
    first = np.ones(len(spot), dtype=bool)
    first[1:] = (line[1:] != line[:-1]) | (joint[spot][1:] != joint[spot][:-1])
    spot, line = spot[first], line[first]
    along = shapely.line_locate_point(lines[line], spots.points(spot))
    return line, along, joint[spot]


def _edges(
    lines: Shapes, tail: Integers, head: Integers, cuts: tuple[Integers, Metres, Integers]
) -> tuple[Integers, Metres, Metres, Integers, Integers]:
    """Segment, start, end, tail and head of every edge, in order of segment and way."""
    segment = np.concatenate([np.arange(len(lines)), cuts[0]])
    start = np.concatenate([np.zeros(len(lines)), cuts[1]])
    first = np.concatenate([tail, cuts[2]])
    order = np.lexsort((start, segment)) if len(cuts[0]) else np.arange(len(lines))
    segment, start, first = segment[order], start[order], first[order]
    goes_on = np.zeros(len(segment), dtype=bool)
    goes_on[:-1] = segment[1:] == segment[:-1]
    end = np.where(goes_on, np.roll(start, -1), shapely.length(lines)[segment])
    return segment, start, end, first, np.where(goes_on, np.roll(first, -1), head[segment])


def _reported(
    spots: _Spots,
    names: Callable[[Integers], NDArray[np.object_]],
    pairs: tuple[Integers, Metres],
    touches: tuple[Integers, ArrayLike, Metres],
) -> pd.DataFrame:
    """List the joins over a gap worth mending."""
    (between, gaps), (spot, line_id, apart) = pairs, touches
    wide, far = gaps > REPORTED_GAP_M, apart > REPORTED_GAP_M
    ends = np.sort(names(between[wide].ravel()).reshape(-1, 2), axis=1)
    place = np.concatenate([between[wide, 0], spot[far]])
    joins = pd.DataFrame(
        {
            "meets": np.repeat(["end", "middle"], [wide.sum(), far.sum()]),
            "one_id": np.concatenate([ends[:, 0], names(spot[far])]),
            "other_id": np.concatenate([ends[:, 1], np.asarray(line_id, dtype=object)[far]]),
            "gap_m": np.concatenate([gaps[wide], apart[far]]),
            "x": spots.x[place] / _MM,
            "y": spots.y[place] / _MM,
        }
    ).astype({"meets": "string", "one_id": "string", "other_id": "string"})
    return joins.sort_values(["one_id", "other_id", "gap_m"], ignore_index=True)


def _names(
    spots: _Spots, segment_ids: pd.Series[str], node_ids: pd.Series[str], wanted: Integers
) -> NDArray[np.object_]:
    """Return the smallest id of the segments that end at each spot, or of the nodes where no segment does."""
    asked = np.zeros(len(spots.x), dtype=bool)
    asked[wanted] = True
    place = np.flatnonzero(asked[spots.of])
    is_node = place >= 2 * len(segment_ids)
    ids = np.concatenate(
        [
            segment_ids.array[place[~is_node] % max(len(segment_ids), 1)].astype(object),
            node_ids.array[place[is_node] - 2 * len(segment_ids)].astype(object),
        ]
    )
    standing = pd.DataFrame({"spot": spots.of[place], "is_node": is_node, "id": ids})
    first = standing.sort_values(["spot", "is_node", "id"]).drop_duplicates("spot").set_index("spot")["id"]
    return np.asarray(first.reindex(wanted), dtype=object)
