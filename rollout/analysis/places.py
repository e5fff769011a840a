"""Where things are: points in districts, lines split at borders, districts in phases, addresses at their trench."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from rollout.crs import require_metric
from rollout.once import once_each

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


@once_each
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
