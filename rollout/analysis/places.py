"""Where things are: points in districts, lines split at borders, districts in phases, addresses at their trench."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from rollout.crs import require_metric
from rollout.vocabulary import BUILT_HEIGHT, DROPPED

if TYPE_CHECKING:
    import datetime as dt

    import geopandas as gpd
    from numpy.typing import NDArray

SPLIT_TOLERANCE_M = 0.001
"""The parts of a segment add up to the whole within this."""


def assign_district(points: gpd.GeoDataFrame, districts: gpd.GeoDataFrame) -> pd.Series[str]:
    """
    Assign each point to the district that covers it.

    A point on a shared border goes to the smaller `district_id`, so no point
    is counted twice and the answer does not depend on the order of rows.

    Parameters
    ----------
    points
        Points in `METRIC_CRS`, unique index.
    districts
        Polygons in `METRIC_CRS` with a unique column `district_id`.

    Returns
    -------
    district_id
        Text, shape `(len(points),)`, index of `points`; `<NA>` where no district covers the point.

    Raises
    ------
    CrsError
        If a layer is not in `METRIC_CRS`.
    """
    require_metric(points, "points")
    require_metric(districts, "districts")
    ordered = districts.sort_values("district_id")
    tree = shapely.STRtree(ordered.geometry.to_numpy())
    point, district = tree.query(points.geometry.to_numpy(), predicate="intersects")
    first = np.full(len(points), len(ordered))
    np.minimum.at(first, point, district)
    ids = pd.array([*ordered["district_id"], pd.NA], dtype="string")
    return pd.Series(ids[first], index=points.index, name="district_id")


def split_by_district(segments: gpd.GeoDataFrame, districts: gpd.GeoDataFrame) -> pd.DataFrame:
    """
    Apportion each segment to the districts it runs through.

    A stretch along a shared border goes to the smaller `district_id`. What lies outside every
    district is a part of its own, so the parts add up to the whole.

    Parameters
    ----------
    segments
        Lines in `METRIC_CRS` with unique `segment_id`.
    districts
        Polygons in `METRIC_CRS` with unique `district_id`.

    Returns
    -------
    parts
        One row per segment and district: `segment_id`, `district_id` (`<NA>` outside), `length_m`
        (grid metres). Sorted by segment and district; the lengths of a segment add up to its own.

    Raises
    ------
    CrsError
        If a layer is not in `METRIC_CRS`.
    """
    require_metric(segments, "segments")
    require_metric(districts, "districts")
    ordered = districts.sort_values("district_id")
    segment, district, length = _parts(segments.geometry.to_numpy(), ordered.geometry.to_numpy())
    ids = pd.array([*ordered["district_id"], pd.NA], dtype="string")
    parts = pd.DataFrame(
        {
            "segment_id": segments["segment_id"].array[segment],
            "district_id": ids[district],
            "length_m": length,
        }
    )
    return parts.sort_values(["segment_id", "district_id"], ignore_index=True)


def _parts(
    lines: NDArray[np.object_], areas: NDArray[np.object_]
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]:
    """Positions of line and area (one past the last area: outside) and metres of every part."""
    tree = shapely.STRtree(areas)
    whole, holder = tree.query(lines, predicate="covered_by")
    whole, first = np.unique(whole, return_index=True)
    holder = holder[first]
    crossing = np.setdiff1d(np.arange(len(lines)), whole)
    segment, district, length = [whole], [holder], [shapely.length(lines[whole])]
    rest = lines[crossing]
    for position in range(len(areas)):
        inside = shapely.intersects(rest, areas[position])
        length.append(shapely.length(shapely.intersection(rest[inside], areas[position])))
        segment.append(crossing[inside])
        district.append(np.full(inside.sum(), position))
        rest[inside] = shapely.difference(rest[inside], areas[position])
    segment.append(crossing)
    district.append(np.full(len(crossing), len(areas)))
    length.append(shapely.length(rest))
    return _without_slivers(lines, np.concatenate(segment), np.concatenate(district), np.concatenate(length))


def _without_slivers(
    lines: NDArray[np.object_],
    segment: NDArray[np.intp],
    district: NDArray[np.intp],
    length: NDArray[np.float64],
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]:
    """Drop parts too short to mean anything and give their metres to the segment's longest part."""
    order = np.lexsort((district, -length, segment))
    segment, district, length = segment[order], district[order], length[order]
    longest = np.r_[True, segment[1:] != segment[:-1]] if len(segment) else np.zeros(0, dtype=bool)
    kept = longest | (length > SPLIT_TOLERANCE_M)
    segment, district, length, longest = segment[kept], district[kept], length[kept], longest[kept]
    missing = shapely.length(lines) - np.bincount(segment, weights=length, minlength=len(lines))
    length[longest] += missing[segment[longest]]
    return segment, district, length


def join_streets(streets: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """
    Join the pieces of each street: fewer places to draw, longer lines to set names along.

    Parameters
    ----------
    streets
        Lines in `METRIC_CRS` with `street_id`, `name` and `rank`.

    Returns
    -------
    joined
        One row per unbroken stretch of one name and rank, with the id of one of its pieces; stretches near
        each other stand near each other. Nothing is moved and nothing left out.

    Raises
    ------
    CrsError
        If the layer is not in `METRIC_CRS`.
    """
    require_metric(streets, "streets")
    if streets.empty:
        return streets
    groups = streets.groupby(["name", "rank"], dropna=False).ngroup().to_numpy()
    order = np.argsort(groups, kind="stable")
    merged = shapely.line_merge(shapely.multilinestrings(streets.geometry.to_numpy()[order], indices=groups[order]))
    lines, group = shapely.get_parts(merged, return_index=True)
    first = streets.iloc[order[np.searchsorted(groups[order], group)]]
    joined = first.set_geometry(lines, crs=streets.crs)
    nearby = np.argsort(joined.hilbert_distance().to_numpy(), kind="stable")
    return joined.iloc[nearby].reset_index(drop=True)


def phases_on(phase_districts: pd.DataFrame, day: dt.date) -> pd.DataFrame:
    """
    Return which phase each district belongs to on a day.

    Parameters
    ----------
    phase_districts
        `programme_id`, `phase_id`, `district_id`, `from_date`.
    day
        The Stichtag; membership is dated, since districts were announced in steps.

    Returns
    -------
    phases
        One row per programme and district: the youngest membership that began on or before the day.
    """
    begun = phase_districts[phase_districts["from_date"] <= pd.Timestamp(day)]
    ordered = begun.sort_values(["programme_id", "district_id", "from_date", "phase_id"])
    return ordered.drop_duplicates(["programme_id", "district_id"], keep="last", ignore_index=True)


def assign_phase(targets: pd.DataFrame, phases: pd.DataFrame) -> pd.Series[str]:
    """
    Assign each target to the construction phase of its district.

    Parameters
    ----------
    targets
        `programme_id` and `district_id`, unique index.
    phases
        As `phases_on` returns.

    Returns
    -------
    phase_id
        Text, index of `targets`; `<NA>` where the programme has no phase in the district.
    """
    known = phases.set_index(["programme_id", "district_id"])["phase_id"]
    wanted = pd.MultiIndex.from_frame(targets[["programme_id", "district_id"]])
    return pd.Series(known.reindex(wanted).to_numpy(), index=targets.index, dtype="string", name="phase_id")


def attach_targets(targets: gpd.GeoDataFrame, segments: gpd.GeoDataFrame) -> pd.DataFrame:
    """
    Find each target's place at the trench: the nearest segment of its programme that is not dropped.

    Parameters
    ----------
    targets
        Points in `METRIC_CRS` with `programme_id`, unique index.
    segments
        Lines in `METRIC_CRS` with `segment_id`, `programme_id`, `status`, `height`.

    Returns
    -------
    places
        Index of `targets`: `segment_id` (of several equally near the smallest), `drop_m` (metres),
        `foot` (point on the segment), `near_built_m` (metres to the nearest built segment, inf where
        there is none). `<NA>`, inf and None where the programme has no segment.

    Raises
    ------
    CrsError
        If a layer is not in `METRIC_CRS`.
    """
    require_metric(targets, "targets")
    require_metric(segments, "segments")
    places = pd.DataFrame(
        {
            "segment_id": pd.Series(pd.NA, index=targets.index, dtype="string"),
            "drop_m": np.inf,
            "foot": pd.Series(None, index=targets.index, dtype=object),
            "near_built_m": np.inf,
        },
        index=targets.index,
    )
    alive = segments[segments["status"].ne(DROPPED).fillna(value=True)].sort_values("segment_id")
    for programme, members in targets.groupby("programme_id", sort=True):
        reach = alive[alive["programme_id"] == programme]
        built = reach[reach["height"].ge(BUILT_HEIGHT).fillna(value=False)]
        points = members.geometry.to_numpy()
        near, metres = _nearest(points, reach.geometry.to_numpy())
        if len(reach):
            lines = reach.geometry.to_numpy()[near]
            foot = shapely.line_interpolate_point(lines, shapely.line_locate_point(lines, points))
            places.loc[members.index, "segment_id"] = reach["segment_id"].array[near]
            places.loc[members.index, "foot"] = pd.Series(foot, index=members.index, dtype=object)
        places.loc[members.index, "drop_m"] = metres
        places.loc[members.index, "near_built_m"] = _nearest(points, built.geometry.to_numpy())[1]
    return places


def _nearest(points: NDArray[np.object_], lines: NDArray[np.object_]) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Position and distance of the nearest line; the first in order where several are equally near."""
    if not len(lines) or not len(points):
        return np.zeros(len(points), dtype=np.intp), np.full(len(points), np.inf)
    (point, line), metres = shapely.STRtree(lines).query_nearest(points, return_distance=True, all_matches=True)
    order = np.lexsort((line, point))
    _, first = np.unique(point[order], return_index=True)
    return line[order][first], metres[order][first]
