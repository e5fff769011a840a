"""Which segment a line means: by id, else by lying along exactly one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from rollout.intake.matching import LISTED, Match
from rollout.intake.table import only
from rollout.intake.values import is_among

if TYPE_CHECKING:
    import geopandas as gpd

    from rollout.intake.table import Array
    from rollout.project import Tolerances

FAR = 25.0
"""So many times the tolerance away, a line is not a better survey of the same trench."""


def match_segments(
    ids: pd.Series[str], geometry: Array | None, segments: gpd.GeoDataFrame, tolerances: Tolerances
) -> Match:
    """
    Find the segment each row means.

    Parameters
    ----------
    ids
        n identifiers as delivered, or `<NA>`; index 0 to n-1.
    geometry
        n lines in `METRIC_CRS` or None, or None for a list without map.
    segments
        The project's segments.
    tolerances
        Greatest Hausdorff distance and least overlap.

    Returns
    -------
    match
        n answers. A known id decides; else the line must lie along exactly one segment.
    """
    by_id = is_among(ids, segments["segment_id"])
    lines = np.full(len(ids), None, dtype=object) if geometry is None else geometry
    drawn = ~shapely.is_missing(lines)
    row, segment = _alike(only(~by_id, lines), segments.geometry.to_numpy(), tolerances)
    counts = np.bincount(row, minlength=len(ids))
    names = segments["segment_id"].to_numpy(dtype=object)
    found = ids.where(by_id)
    single = counts[row] == 1
    found.iloc[row[single]] = pd.array(names[segment[single]], dtype="string")
    several = np.flatnonzero(counts > 1)
    candidates = {int(at): tuple(names[segment[row == at]]) for at in several[:LISTED]}
    unmatched = np.flatnonzero(~by_id & (counts == 0))
    for at in unmatched[unmatched < len(drawn)][:LISTED]:
        candidates[int(at)] = _nearby(lines[at], segments, tolerances.geometry_m * FAR)
    how = pd.Series(np.select([by_id, counts == 1], ["id", "geometry"], ""), dtype="string")
    differs = _far_off(found.where(by_id & drawn), lines, segments, tolerances.geometry_m * FAR)
    return Match(found, how.mask(how == ""), several, unmatched, differs, candidates)


def _alike(lines: Array, segments: Array, tolerances: Tolerances) -> tuple[Array, Array]:
    """Return pairs of a row and a segment that lie along each other."""
    reach = tolerances.geometry_m
    row, segment = shapely.STRtree(segments).query(lines, predicate="dwithin", distance=reach)
    near = shapely.hausdorff_distance(lines[row], segments[segment]) <= reach
    row, segment = row[near], segment[near]
    least = np.minimum(_overlap(lines[row], segments[segment], reach), _overlap(segments[segment], lines[row], reach))
    return row[least >= tolerances.overlap], segment[least >= tolerances.overlap]


def _overlap(lines: Array, others: Array, reach: float) -> Array:
    along = shapely.intersection(lines, shapely.buffer(others, reach))
    return np.asarray(shapely.length(along) / np.maximum(shapely.length(lines), 1e-9))


def _nearby(line: shapely.Geometry | None, segments: gpd.GeoDataFrame, reach: float) -> tuple[str, ...]:
    if line is None:
        return ()
    apart = np.asarray(shapely.distance(segments.geometry.to_numpy(), line))
    order = np.argsort(apart, kind="stable")[:3]
    return tuple(f"{segments['segment_id'].iloc[at]} ({apart[at]:.0f} m)" for at in order if apart[at] <= reach)


def _far_off(ids: pd.Series[str], lines: Array, segments: gpd.GeoDataFrame, reach: float) -> Array:
    at = np.flatnonzero(ids.notna())
    known = segments.set_index("segment_id").geometry.reindex(ids.iloc[at].to_numpy(dtype=object)).to_numpy()
    return at[np.asarray(shapely.distance(lines[at], known) > reach)]
