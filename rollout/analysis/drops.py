"""Where each connection hangs on the trench: the nearest segment, of its own side of the street first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from rollout.crs import require_metric
from rollout.vocabulary import BUILT_HEIGHT, DROPPED

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    Integers = NDArray[np.intp]
    Metres = NDArray[np.float64]
    Shapes = NDArray[np.object_]


def attach_targets(
    targets: gpd.GeoDataFrame, segments: gpd.GeoDataFrame, streets: gpd.GeoDataFrame | None, *, limit_m: float
) -> pd.DataFrame:
    """
    Find each target's place at the trench: a segment of its programme that is not dropped.

    It is the nearest one whose drop crosses no street, if there is one within the limit: a duct on the building's own
    side of the street is meant for it, and crossing the street means opening it. Otherwise it is the nearest of all.

    Parameters
    ----------
    targets
        Points in `METRIC_CRS` with `programme_id`, unique index.
    segments
        Lines in `METRIC_CRS` with `segment_id`, `programme_id`, `status`, `height`.
    streets
        Axes of the streets in `METRIC_CRS`; None where the project has none, and then no drop is known to cross one.
    limit_m
        The longest drop for which its side of the street counts.

    Returns
    -------
    places
        Index of `targets`: `segment_id` (of several alike the smallest), `drop_m` (metres), `along_m` (metres from
        the segment's first place to the foot of the drop), `foot` (that point), `near_built_m` (metres to the
        nearest built segment on either side, inf where there is none). `<NA>`, inf, NaN and None where the programme
        has no segment.

    Raises
    ------
    CrsError
        If a layer is not in `METRIC_CRS`.
    """
    require_metric(targets, "targets")
    require_metric(segments, "segments")
    axes = shapely.STRtree(_axes(streets))
    alive = segments[segments["status"].ne(DROPPED).fillna(value=True)].sort_values("segment_id")
    parts = [_unattached(targets.iloc[:0])]
    for programme, members in targets.groupby("programme_id", sort=True):
        own = alive[alive["programme_id"] == programme]
        parts.append(_attached(members, own, axes, limit_m) if len(own) else _unattached(members))
    return pd.concat(parts).reindex(targets.index)


def _axes(streets: gpd.GeoDataFrame | None) -> Shapes:
    if streets is None:
        return np.empty(0, dtype=object)
    require_metric(streets, "streets")
    return np.asarray(streets.geometry.to_numpy(), dtype=object)


def _unattached(targets: gpd.GeoDataFrame) -> pd.DataFrame:
    nothing = pd.Series(pd.NA, index=targets.index, dtype="string")
    foot = pd.Series(None, index=targets.index, dtype=object)
    return pd.DataFrame(
        {"segment_id": nothing, "drop_m": np.inf, "along_m": np.nan, "foot": foot, "near_built_m": np.inf}
    )


def _attached(targets: gpd.GeoDataFrame, own: gpd.GeoDataFrame, axes: shapely.STRtree, limit_m: float) -> pd.DataFrame:
    points, lines = targets.geometry.to_numpy(), own.geometry.to_numpy()
    built = own["height"].ge(BUILT_HEIGHT).fillna(value=False).to_numpy(dtype=bool)
    nearest, near_built_m = _nearest(points, lines)
    near = _on_its_side(points, lines, nearest, axes, limit_m=limit_m)
    unbuilt = ~built[nearest]
    near_built_m[unbuilt] = _nearest(points[unbuilt], lines[built])[1]
    along_m = shapely.line_locate_point(lines[near], points)
    foot = shapely.line_interpolate_point(lines[near], along_m)
    return pd.DataFrame(
        {
            "segment_id": own["segment_id"].array[near],
            "drop_m": shapely.distance(lines[near], points),
            "along_m": along_m,
            "foot": pd.Series(foot, index=targets.index, dtype=object),
            "near_built_m": near_built_m,
        },
        index=targets.index,
    )


def _nearest(points: Shapes, lines: Shapes) -> tuple[Integers, Metres]:
    """Position and distance of the nearest line; the first in order where several are equally near."""
    if not len(lines) or not len(points):
        return np.zeros(len(points), dtype=np.intp), np.full(len(points), np.inf)
    (point, line), metres = shapely.STRtree(lines).query_nearest(points, return_distance=True, all_matches=True)
    order = np.lexsort((line, point))
    _, first = np.unique(point[order], return_index=True)
    return line[order][first], metres[order][first]


def hang(points: Shapes, lines: Shapes, axes: shapely.STRtree, *, limit_m: float) -> Integers:
    """
    Choose the line each point hangs on: the nearest that needs no crossing of a street, else the nearest.

    Parameters
    ----------
    points, lines
        In metres; at least one line. Of several lines equally near the first is chosen.
    axes
        The axes of the streets.
    limit_m
        The longest way for which its side of the street counts.

    Returns
    -------
    line
        Position of each point's line, shape `(points,)`.
    """
    return _on_its_side(points, lines, _nearest(points, lines)[0], axes, limit_m=limit_m)


def _on_its_side(
    points: Shapes, lines: Shapes, nearest: Integers, axes: shapely.STRtree, *, limit_m: float
) -> Integers:
    across = np.flatnonzero(_crosses(points, lines[nearest], axes))
    at, line = shapely.STRtree(lines).query(points[across], predicate="dwithin", distance=limit_m)
    point = across[at]
    free = ~_crosses(points[point], lines[line], axes)
    point, line = point[free], line[free]
    order = np.lexsort((line, shapely.distance(points[point], lines[line]), point))
    found, first = np.unique(point[order], return_index=True)
    chosen = nearest.copy()
    chosen[found] = line[order][first]
    return chosen


def _crosses(points: Shapes, lines: Shapes, axes: shapely.STRtree) -> NDArray[np.bool_]:
    """Tell which of the straight ways from a point to a line crosses a street."""
    crossing = np.zeros(len(points), dtype=bool)
    crossing[axes.query(shapely.shortest_line(points, lines), predicate="intersects")[0]] = True
    return crossing
