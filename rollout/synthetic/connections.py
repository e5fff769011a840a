"""How far each connection stands on the date of the report, never further than its trench allows."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from rollout.synthetic.corridors import NOWHERE
from rollout.synthetic.snags import Snag
from rollout.synthetic.spec import Pace
from rollout.synthetic.workdays import between
from rollout.vocabulary import DROPPED, REFUSED, TARGET_LADDER, Category, Drive, SegmentKind

if TYPE_CHECKING:
    import geopandas as gpd

    from rollout.synthetic.spec import CitySpec

RUNGS = tuple(rung.key for rung in TARGET_LADDER if not rung.side)
ASKED, SURVEYED, AT_PROPERTY, ENTRY, CONNECTED = 1, 3, 4, 5, 7

CABLED = 6
"""From this height on a trench has its cable."""

# The highest rung that a trench of each height allows: a connection can be ordered once its trench is
# documented, and is used once it is in service.
_CAPS = np.array([3, 3, 3, 3, 5, 5, 6, 7, 8, 8, 8, 9])

# Chances of each rung (column) for connections that are not among the connected ones.
_OPEN_FUNDED_DONE = (0.0, 0.10, 0.14, 0.16, 0.24, 0.20, 0.16)
_OPEN_FUNDED_BEGUN = (0.36, 0.34, 0.19, 0.11, 0.0, 0.0, 0.0)
_OPEN_EXTENDED_DONE = (0.62, 0.20, 0.08, 0.05, 0.05, 0.0, 0.0)
_OPEN_EXTENDED_BEGUN = (0.95, 0.05, 0.0, 0.0, 0.0, 0.0, 0.0)

_REFUSED_SHARE = {(True, True): 0.045, (True, False): 0.025, (False, True): 0.05, (False, False): 0.015}
"""By whether the connection is funded, and whether the works are past its district."""

_DROPPED_SHARE = 0.02
_HOUSE_FIRST = 9
_WAITING = 6
_NO_DATA = 4
_REFUSALS = ("declined", "unreachable")
_DROPS = ("own_build", "demolished", "duplicate")
_PARK_DONE = date(2020, 12, 14)


def with_connections(
    targets: gpd.GeoDataFrame, trenches: gpd.GeoDataFrame, spec: CitySpec, rng: np.random.Generator
) -> gpd.GeoDataFrame:
    """
    Give every connection of the main programme its state on the date of the report.

    Parameters
    ----------
    targets
        Rows with `district`, `drive`, `category` and `row`.
    trenches
        As from `with_progress`.
    spec
        Paces, the date and how many are connected.
    rng
        Random numbers.

    Returns
    -------
    targets
        With `status`, `status_since` and `reason`.
    """
    height = trenches["height"].to_numpy()[targets["row"].to_numpy()]
    dug = (trenches["kind"] == SegmentKind.NEW_DUCT.value).to_numpy()[targets["row"].to_numpy()]
    begun = {plan.name for plan in spec.districts if plan.pace is Pace.BEGUN}
    done = ~targets["district"].isin(begun).to_numpy()
    funded = (targets["drive"] == Drive.FUNDED.value).to_numpy()
    # An existing duct in the street is no duct at the house: before the works it allows no more than a survey.
    cap = np.minimum(_CAPS[height], np.where(done | (dug & (height == AT_PROPERTY)), 9, SURVEYED))
    status = _open_rungs(cap, done, funded, rng)
    connected = _connected(targets, height, done & funded, spec.connected, rng)
    status[connected] = _connected_rungs(_CAPS[height[connected]], rng)
    complete = _complete(trenches)[targets["row"].to_numpy()]
    status = _gone_on(status, complete, done)
    words = np.array([RUNGS[rung] for rung in status], dtype=object)
    free = np.ones(len(words), dtype=bool)
    free[connected] = False
    private = targets["category"].isin([Category.HOUSEHOLD.value, Category.BUSINESS.value]).to_numpy()
    reason = _with_side_states(words, free & private, done, funded, rng)
    waiting = free & ~done & funded & np.isin(words, RUNGS[1:4]) & (height > 0) & (height < AT_PROPERTY)
    words[_some(np.flatnonzero(waiting), _HOUSE_FIRST)] = RUNGS[ENTRY]
    left = _some(np.flatnonzero(free & done & funded & complete & (words == RUNGS[AT_PROPERTY])), _WAITING)
    words[left] = RUNGS[SURVEYED]
    trench_since = trenches["status_since"].to_numpy().astype("datetime64[D]")[targets["row"].to_numpy()]
    since = _since(words, trench_since, done, spec, rng)
    missing = _some(np.flatnonzero(free & ~done & (words == RUNGS[0])), _NO_DATA)
    words[missing], since[missing] = None, np.datetime64("NaT")
    snag = np.full(len(words), None, dtype=object)
    snag[left] = Snag.WAITING
    return targets.assign(status=words, status_since=since, reason=reason, snag=snag)


def finished_connections(targets: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """
    Give every firm of the business park its state: two of three are activated, the others can be ordered.

    Parameters
    ----------
    targets
        The firms.

    Returns
    -------
    targets
        With `status`, `status_since` and `reason`.
    """
    place = np.arange(len(targets))
    words = np.where(place % 3 == 2, RUNGS[8], RUNGS[9])  # noqa: PLR2004 - every third firm has not ordered yet
    since = between(_PARK_DONE, date(2021, 2, 26), place / len(targets))
    return targets.assign(status=words, status_since=since, reason=None)


def _open_rungs(cap: np.ndarray, done: np.ndarray, funded: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    draw = rng.random(len(cap)).round(6)
    chances = {
        (True, True): _OPEN_FUNDED_DONE,
        (True, False): _OPEN_FUNDED_BEGUN,
        (False, True): _OPEN_EXTENDED_DONE,
        (False, False): _OPEN_EXTENDED_BEGUN,
    }
    rungs = np.zeros(len(cap), dtype=int)
    for (is_funded, is_done), chance in chances.items():
        own = (funded == is_funded) & (done == is_done)
        rungs[own] = np.searchsorted(np.cumsum(chance)[:-1].round(6), draw[own], side="right")
    # The first trenches of the districts just begun already lie before some houses.
    rungs = np.where(~done & funded & (cap > SURVEYED) & (draw > 0.5), AT_PROPERTY, rungs)  # noqa: PLR2004
    return np.asarray(np.minimum(rungs, cap))


def _complete(trenches: gpd.GeoDataFrame) -> np.ndarray:
    """Tell behind which rows there is cable in every trench on the way from the node, up to the row itself."""
    through = (trenches["height"].to_numpy() >= CABLED) & (trenches["snag"] != Snag.WIDE_GAP).to_numpy()
    for row, parent in enumerate(trenches["parent"]):
        through[row] &= parent == NOWHERE or through[parent]
    return np.asarray(through)


def _gone_on(rungs: np.ndarray, complete: np.ndarray, done: np.ndarray) -> np.ndarray:
    """Where the way is complete, a house whose owner has consented has its duct; before the works nobody was asked."""
    agreed = complete & (rungs > ASKED) & (rungs < AT_PROPERTY)
    return np.where(agreed, np.where(done, AT_PROPERTY, ASKED), rungs)


def _connected(
    targets: gpd.GeoDataFrame, height: np.ndarray, possible: np.ndarray, count: int, rng: np.random.Generator
) -> np.ndarray:
    """Choose the connected ones: schools and the hospital first, then those whose trench is furthest."""
    able = np.flatnonzero(possible & (_CAPS[height] >= CONNECTED))
    public = targets["category"].isin([Category.SCHOOL.value, Category.HOSPITAL.value]).to_numpy()[able]
    score = height[able] + 6.0 * rng.random(len(able)).round(6) + 20.0 * public
    return np.sort(able[np.argsort(-score, kind="stable")[:count]])


def _connected_rungs(cap: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    draw = rng.random(len(cap)).round(6)
    rungs = np.where(draw < 0.35, 7, np.where(draw < 0.7, 8, 9))  # noqa: PLR2004 - about a third on each rung
    return np.asarray(np.minimum(rungs, cap))


def _with_side_states(
    words: np.ndarray, open_private: np.ndarray, done: np.ndarray, funded: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Refuse and drop some in place, and return the reasons; funded connections are never dropped."""
    reason = np.full(len(words), None, dtype=object)
    early = open_private & np.isin(words, RUNGS[: AT_PROPERTY + 1])
    for (is_funded, is_done), share in _REFUSED_SHARE.items():
        group = (funded == is_funded) & (done == is_done)
        rows = _drawn(np.flatnonzero(early & group), round(share * int(group.sum())), rng)
        words[rows] = REFUSED
        reason[rows] = [_REFUSALS[place % 2] for place in range(len(rows))]
    rows = _drawn(
        np.flatnonzero(early & ~funded & (words != REFUSED)), round(_DROPPED_SHARE * int((~funded).sum())), rng
    )
    words[rows] = DROPPED
    reason[rows] = [_DROPS[place % 3] for place in range(len(rows))]
    return reason


def _since(
    words: np.ndarray, trench_since: np.ndarray, done: np.ndarray, spec: CitySpec, rng: np.random.Generator
) -> np.ndarray:
    rung = np.array([RUNGS.index(word) if word in RUNGS else -1 for word in words])
    talks = np.where(done, np.datetime64(date(2021, 2, 15)), np.datetime64(date(2021, 11, 8)))
    start = np.where(rung == 0, np.datetime64(date(2021, 2, 1)), talks + np.maximum(rung, 1) * np.timedelta64(28, "D"))
    at_house = np.where(done, np.datetime64(date(2021, 9, 20)), np.datetime64(date(2022, 3, 21)))
    start = np.where(rung >= AT_PROPERTY, at_house, start)
    start = np.where(rung >= CONNECTED, np.maximum(np.datetime64(date(2021, 12, 6)), trench_since), start)
    start = np.where(done & (rung >= AT_PROPERTY) & (rung < CONNECTED), np.maximum(start, trench_since), start)
    last = np.where(rung == 0, np.datetime64(date(2021, 3, 31)), np.datetime64(spec.as_of))
    last = np.where(rung >= CONNECTED, last, np.minimum(last, start + np.timedelta64(75, "D")))
    return between(np.minimum(start, last), last, rng.random(len(words)))


def _some(rows: np.ndarray, count: int) -> np.ndarray:
    """Return up to `count` rows, evenly spread."""
    return np.asarray(rows[np.unique(np.linspace(0, len(rows) - 1, min(count, len(rows))).round().astype(int))])


def _drawn(rows: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
    return np.sort(rng.permutation(rows)[:count])
