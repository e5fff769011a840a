"""What is not as it should be in every real network, put into the made-up one on purpose, to be found again."""

from __future__ import annotations

from enum import StrEnum

import geopandas as gpd
import numpy as np
import shapely
from shapely.ops import substring

from rollout.crs import METRIC_CRS
from rollout.synthetic.base import rounded
from rollout.synthetic.corridors import NOWHERE
from rollout.synthetic.spec import Pace
from rollout.synthetic.trenches import LONGEST_M, renumbered
from rollout.vocabulary import SegmentKind


class Snag(StrEnum):
    """What is peculiar about a trench or a connection."""

    MEETS_MIDDLE = "meets_middle"
    """A trench that begins at the middle of another."""
    NARROW_GAP = "narrow_gap"
    """A trench drawn a little short of what it continues; the ends still meet within the tolerance."""
    WIDE_GAP = "wide_gap"
    """A trench drawn so short that it meets nothing: an island, with connections reported beyond."""
    AHEAD = "ahead"
    """A trench laid before the way to it, when a street was opened anyway: an island until then."""
    WAITING = "waiting"
    """A connection whose way is complete and whose owner has consented, and that nobody has gone on with."""


NARROW_M, WIDE_M = 0.3, 0.9
_BRANCHINGS, _NARROW_GAPS, _WIDE_GAPS = 6, 3, 2
_LONG_M = 60.0


def with_branchings(trenches: gpd.GeoDataFrame, streets: np.ndarray) -> gpd.GeoDataFrame:
    """
    Draw some trenches through where another begins, which then begins at their middle.

    Parameters
    ----------
    trenches
        Rows with `parent`, `dropped`, `backbone`.
    streets
        Name of the street of each row.

    Returns
    -------
    trenches
        Some rows fewer, with `snag`; what begins at a middle still continues the row it branches off.
    """
    rows = trenches.assign(snag=None)
    lengths = rows.geometry.length
    kept = rows.index[~rows["dropped"]]
    children = rows.loc[kept].groupby("parent").groups
    pairs = [
        (row, child)
        for row in kept
        for child in children.get(row, [])
        if len(children[row]) > 1
        and streets[row] == streets[child]
        and rows["backbone"][row] == rows["backbone"][child]
        and lengths[row] + lengths[child] <= LONGEST_M
    ]
    distinct = [pair for at, pair in enumerate(pairs) if not {*pair} & {row for other in pairs[:at] for row in other}]
    for row, child in _some(distinct, _BRANCHINGS):
        others = [other for other in children[row] if other != child]
        rows.loc[others, "snag"] = Snag.MEETS_MIDDLE
        rows.loc[[row], "geometry"] = gpd.GeoSeries([_through(rows, row, child)], index=[row], crs=METRIC_CRS)
        rows["parent"] = rows["parent"].where(rows["parent"] != child, row)
        rows = rows.drop(index=child)
    return renumbered(rows)


def with_gaps(trenches: gpd.GeoDataFrame, pace: dict[str, Pace]) -> gpd.GeoDataFrame:
    """
    Draw some tips of finished districts a little short of what they continue.

    Parameters
    ----------
    trenches
        Rows with `parent`, `district`, `dropped`, `snag`.
    pace
        How far each district is.

    Returns
    -------
    trenches
        The same; some lines begin `NARROW_M` or `WIDE_M` later.
    """
    only = trenches.groupby("parent")["parent"].transform("size").eq(1) & trenches["parent"].ne(NOWHERE)
    tips = ~trenches.index.isin(trenches["parent"]) & ~trenches["dropped"] & trenches["snag"].isna()
    done = trenches["district"].map(pace).eq(Pace.DONE)
    able = trenches.index[only & tips & done & trenches.geometry.length.gt(_LONG_M)]
    longest = trenches.geometry.length[able].round(1).sort_values(ascending=False, kind="stable").index
    rows = trenches.copy()
    for snag, gap_m, chosen in (
        (Snag.WIDE_GAP, WIDE_M, longest[:_WIDE_GAPS]),
        (Snag.NARROW_GAP, NARROW_M, longest[_WIDE_GAPS : _WIDE_GAPS + _NARROW_GAPS]),
    ):
        shorter = [rounded(substring(rows.geometry[row], gap_m, rows.geometry[row].length)) for row in chosen]
        rows.loc[chosen, "geometry"] = gpd.GeoSeries(shorter, index=chosen, crs=METRIC_CRS)
        rows.loc[chosen, "snag"] = snag
    return rows


def laid_ahead(trenches: gpd.GeoDataFrame, height: np.ndarray, begun: np.ndarray) -> np.ndarray:
    """
    Choose a tip and what it continues, far from all that is laid, to be laid before the way to them.

    Parameters
    ----------
    trenches
        Rows with `parent`, `kind`, `dropped`, `snag`.
    height
        How far each row is.
    begun
        Whether the works in its district have just begun.

    Returns
    -------
    rows
        Positions of two rows, the one that is continued first.
    """
    parent = trenches["parent"].to_numpy()
    plain = begun & (height == 0) & (trenches["kind"] == SegmentKind.NEW_DUCT.value).to_numpy()
    plain &= ~trenches["dropped"].to_numpy() & trenches["snag"].isna().to_numpy()
    tips = np.setdiff1d(np.flatnonzero(plain), parent)
    tips = tips[plain[parent[tips]] & (parent[parent[tips]] != NOWHERE) & plain[parent[parent[tips]]]]
    length = trenches.geometry.length.to_numpy().round(1)
    tip = int(tips[np.argmax(length[tips] + length[parent[tips]])])
    return np.array([parent[tip], tip])


def _some(pairs: list[tuple[int, int]], count: int) -> list[tuple[int, int]]:
    """Return up to `count`, evenly spread."""
    places = np.unique(np.linspace(0, len(pairs) - 1, min(count, len(pairs))).round().astype(int))
    return [pairs[place] for place in places]


def _through(rows: gpd.GeoDataFrame, row: int, child: int) -> shapely.LineString:
    first, second = (shapely.get_coordinates(rows.geometry[each]) for each in (row, child))
    return shapely.LineString(np.vstack([first, second[1:]]))
