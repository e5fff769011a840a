"""How far each trench stands on the date of the report: further near the nodes, later districts behind."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from rollout.synthetic.corridors import NOWHERE
from rollout.synthetic.snags import Snag, laid_ahead
from rollout.synthetic.spec import Pace
from rollout.synthetic.workdays import between
from rollout.vocabulary import BLOCKED, DROPPED, SEGMENT_LADDER, SegmentKind

if TYPE_CHECKING:
    import geopandas as gpd

    from rollout.synthetic.spec import CitySpec

RUNGS = tuple(rung.key for rung in SEGMENT_LADDER if not rung.side)
LAID, SPLICED, IN_SERVICE = RUNGS.index("duct_laid"), RUNGS.index("spliced"), RUNGS.index("in_service")

# Up to this share of a district's trench (from the node outwards) stands at this height.
_SHARES: dict[Pace, tuple[tuple[float, int], ...]] = {
    Pace.DONE: ((0.40, 11), (0.58, 10), (0.74, 9), (0.90, 8), (1.0, 7)),
    Pace.FINISHING: ((0.18, 11), (0.32, 10), (0.46, 9), (0.62, 8), (0.85, 7), (0.91, 6), (0.955, 5), (1.0, 4)),
    Pace.BEGUN: ((0.03, 4), (0.10, 3), (0.34, 2), (0.60, 1), (1.0, 0)),
}
_WORKS: dict[Pace, tuple[date, date]] = {
    Pace.DONE: (date(2021, 4, 6), date(2021, 9, 17)),
    Pace.FINISHING: (date(2021, 4, 12), date(2022, 3, 11)),
    Pace.BEGUN: (date(2022, 3, 7), date(2022, 12, 16)),
}
_EARLIEST = date(2021, 3, 8)
"""The works began in the first district on this day."""

# When a trench that is not yet laid came to its height: first and last day.
_BEFORE_LAYING: dict[int, tuple[date, date]] = {
    0: (date(2021, 10, 4), date(2021, 11, 12)),
    1: (date(2021, 11, 15), date(2022, 2, 25)),
    2: (date(2022, 1, 17), date(2022, 3, 18)),
    3: (date(2022, 3, 7), date(2022, 3, 25)),
    4: (date(2022, 3, 16), date(2022, 3, 28)),
}
_BLOCKED_EARLY = ("permit", "ordnance", "utility", "weather")
_BLOCKED_LATE = ("surface", "claim")
_DAYS_PER_RUNG = 19
_PARK_DONE = date(2020, 12, 11)


def with_progress(trenches: gpd.GeoDataFrame, spec: CitySpec, rng: np.random.Generator) -> gpd.GeoDataFrame:
    """
    Give every trench of the main programme its state on the date of the report.

    Parameters
    ----------
    trenches
        Rows with `district`, `phase_id`, `kind`, `parent`, `depth_m` and `dropped`.
    spec
        Paces and the date.
    rng
        Random numbers.

    Returns
    -------
    trenches
        With `height`, `status`, `status_since`, `reason`, `status_before` and `planned_on`.
    """
    paces = {plan.name: plan.pace for plan in spec.districts}
    pace = np.array([paces[name].value for name in trenches["district"]])
    share = _shares(trenches)
    height = _heights(trenches, pace, share)
    ahead = laid_ahead(trenches, height, pace == Pace.BEGUN.value)
    height[ahead] = LAID
    laid_on = _laid_on(trenches, pace, share, spec.first_district)
    since = _since(height, laid_on, trenches, spec, rng)
    planned = between(_EARLIEST, date(2022, 12, 16), _planned_share(pace, share))
    plain = trenches.assign(
        height=height, status=[RUNGS[level] for level in height], status_since=since, reason=None, status_before=None,
        planned_on=planned,
    )  # fmt: skip
    plain.loc[plain.index[ahead], "snag"] = Snag.AHEAD
    return _with_drops(_with_blocks(plain, pace), spec)


def finished(trenches: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """
    Give every trench of the business park its state: all in service.

    Parameters
    ----------
    trenches
        Rows of the park.

    Returns
    -------
    trenches
        With the same columns as from `with_progress`.
    """
    return trenches.assign(
        height=IN_SERVICE, status=RUNGS[IN_SERVICE], status_since=np.datetime64(_PARK_DONE), reason=None,
        status_before=None, planned_on=np.datetime64(date(2020, 12, 18)),
    )  # fmt: skip


def _shares(trenches: gpd.GeoDataFrame) -> np.ndarray:
    """Return how far along the works of its district each row comes, by its way from the node, from 0 to 1."""
    own = trenches.assign(metres=trenches.geometry.length, place=np.arange(len(trenches)))
    ordered = own.sort_values(["district", "depth_m", "place"])
    through = ordered.groupby("district")["metres"].cumsum() - ordered["metres"] / 2.0
    total = ordered.groupby("district")["metres"].transform("sum")
    return np.asarray((through / total).round(5).sort_index().to_numpy())


def _heights(trenches: gpd.GeoDataFrame, pace: np.ndarray, share: np.ndarray) -> np.ndarray:
    height = np.array(
        [next(level for limit, level in _SHARES[Pace(p)] if s <= limit) for p, s in zip(pace, share, strict=True)]
    )
    co_used = (trenches["kind"] == SegmentKind.CO_USED.value).to_numpy()
    height = np.where(co_used, np.maximum(height, LAID), height)
    parents, begun = trenches["parent"].to_numpy(), (pace == Pace.BEGUN.value) & ~co_used
    for row, parent in enumerate(parents):
        if parent != NOWHERE and begun[row] and begun[parent]:
            height[row] = min(height[row], height[parent])
    leads = pace != Pace.BEGUN.value
    for row in range(len(parents) - 1, -1, -1):
        # What lies between a node and a finished trench is finished too, in whatever district.
        if parents[row] != NOWHERE and leads[row]:
            height[parents[row]] = max(height[parents[row]], height[row])
            leads[parents[row]] = True
    return height


def _laid_on(trenches: gpd.GeoDataFrame, pace: np.ndarray, share: np.ndarray, first: str) -> np.ndarray:
    start = np.array([_WORKS[Pace(p)][0] for p in pace], dtype="datetime64[D]")
    start[(trenches["district"] == first).to_numpy()] = np.datetime64(_EARLIEST)
    end = np.array([_WORKS[Pace(p)][1] for p in pace], dtype="datetime64[D]")
    return between(start, end, share)


def _since(
    height: np.ndarray, laid_on: np.ndarray, trenches: gpd.GeoDataFrame, spec: CitySpec, rng: np.random.Generator
) -> np.ndarray:
    jitter = rng.random(len(height))
    early = np.array([_BEFORE_LAYING[min(level, LAID)] for level in height.tolist()], dtype="datetime64[D]")
    before = between(early[:, 0], early[:, 1], jitter)
    as_of = np.datetime64(spec.as_of)
    latest = as_of - (jitter * 25).astype("timedelta64[D]")
    days = (height - LAID) * _DAYS_PER_RUNG + np.round(jitter * 12).astype(int)
    after = np.minimum(laid_on + np.maximum(days, 0).astype("timedelta64[D]"), latest)
    after = between(after, after, np.zeros(len(height)))
    not_begun = laid_on > as_of
    co_used = (trenches["kind"] == SegmentKind.CO_USED.value).to_numpy()
    existing = np.where(co_used & (height == LAID), np.datetime64(date(2022, 3, 1)), before)
    dates = np.where((height < LAID) | (not_begun & (height == LAID)) | (co_used & (height == LAID)), existing, after)
    finished_late = not_begun & (height > LAID)
    return np.where(finished_late, between(date(2021, 9, 1), date(2022, 3, 18), jitter), dates)


def _planned_share(pace: np.ndarray, share: np.ndarray) -> np.ndarray:
    whole = (date(2022, 12, 16) - _EARLIEST).days
    bounds = {p.value: [(day - _EARLIEST).days / whole for day in _WORKS[p]] for p in Pace}
    low = np.array([bounds[p][0] for p in pace])
    high = np.array([bounds[p][1] for p in pace])
    # The plan is made by the month, not by the day: twenty steps over all the works.
    return np.asarray(np.ceil((low + (high - low) * share).round(5) * 20) / 20)


def _with_blocks(trenches: gpd.GeoDataFrame, pace: np.ndarray) -> gpd.GeoDataFrame:
    """Interrupt a few works: before they begin and while they go on, and tips where something is left to mend."""
    dug = (trenches["kind"] == SegmentKind.NEW_DUCT.value) & ~trenches["dropped"]
    tips = ~trenches.index.isin(trenches["parent"]) & dug
    result = trenches.copy()
    groups = (
        (tips & (pace == Pace.FINISHING.value) & (trenches["height"] == LAID), 3, _BLOCKED_LATE),
        (dug & (pace == Pace.BEGUN.value) & (trenches["height"] == LAID - 2), 7, _BLOCKED_EARLY),
        (tips & (pace == Pace.BEGUN.value) & (trenches["height"] == LAID - 1), 4, _BLOCKED_EARLY[1:]),
    )
    for group, count, reasons in groups:
        rows = trenches.index[group]
        chosen = rows[np.unique(np.linspace(0, len(rows) - 1, min(count, len(rows))).round().astype(int))]
        for place, row in enumerate(chosen):
            result.loc[row, "status_before"] = result.loc[row, "status"]
            result.loc[row, "status"] = BLOCKED
            result.loc[row, "reason"] = reasons[place % len(reasons)]
    return result


def _with_drops(trenches: gpd.GeoDataFrame, spec: CitySpec) -> gpd.GeoDataFrame:
    gone = trenches["dropped"]
    decided = between(date(2021, 6, 1), spec.as_of, np.linspace(0.0, 1.0, int(gone.sum())))
    result = trenches.copy()
    result.loc[gone, "status"] = DROPPED
    result.loc[gone, "reason"] = "rerouted"
    result.loc[gone, "status_before"] = None
    result.loc[gone, "status_since"] = pd.Series(decided, index=result.index[gone]).astype(result["status_since"].dtype)
    result.loc[gone, "planned_on"] = pd.NaT
    return result
