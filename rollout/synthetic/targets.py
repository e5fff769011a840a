"""Connections to be made: which of the houses, of which kind, in which drive."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from rollout.synthetic.naming import school_names
from rollout.synthetic.quotas import shares
from rollout.vocabulary import Category, Drive

if TYPE_CHECKING:
    import geopandas as gpd

    from rollout.synthetic.quotas import DistrictQuota
    from rollout.synthetic.spec import CitySpec

HOSPITAL_NAME = "St.-Elisabeth-Beispielkrankenhaus"

EXTENDED_FIRMS = 0.07
"""Share of firms among the connections that the grant does not pay for."""

QUARTER_M = 420.0
"""Connections of one kind lie together in quarters of about this size."""


def choose_targets(
    houses: gpd.GeoDataFrame, quotas: list[DistrictQuota], spec: CitySpec, rng: np.random.Generator
) -> gpd.GeoDataFrame:
    """
    Choose the connections of the main programme among the houses.

    Parameters
    ----------
    houses
        Places with `district`, `street`, `row` and the house number.
    quotas
        How many of each kind in each district.
    spec
        Names the programme.
    rng
        Random numbers.

    Returns
    -------
    targets
        The chosen houses with `programme_id`, `category`, `drive`, `institution`.
    """
    funded = pd.concat([_funded(houses, quota, rng) for quota in quotas])
    left = houses.drop(index=funded.index)
    free = [int((left["district"] == quota.name).sum()) for quota in quotas]
    counts = zip(quotas, shares(spec.extended, free), strict=True)
    extended = pd.concat([_extended(left.loc[left["district"] == quota.name], count, rng) for quota, count in counts])
    chosen = pd.concat([funded, extended])
    targets = houses.loc[chosen.index].assign(
        programme_id=spec.programme_id, category=chosen["category"], drive=chosen["drive"]
    )
    return _with_institutions(targets.sort_index(), rng)


def choose_firms(houses: gpd.GeoDataFrame, spec: CitySpec) -> gpd.GeoDataFrame:
    """
    Choose the firms of the business park, evenly along its street.

    Parameters
    ----------
    houses
        Places along the park's trench.
    spec
        Number of firms and name of the programme.

    Returns
    -------
    targets
        As many rows as the park has firms, columns as from `choose_targets`.
    """
    spread = np.linspace(0, len(houses) - 1, spec.park.firms).round().astype(int)
    return houses.iloc[spread].assign(
        programme_id=spec.park.programme_id,
        category=Category.BUSINESS.value,
        drive=Drive.FUNDED.value,
        institution=None,
    )


def _funded(houses: gpd.GeoDataFrame, quota: DistrictQuota, rng: np.random.Generator) -> pd.DataFrame:
    own = houses.loc[houses["district"] == quota.name]
    places = shapely.get_coordinates(own.geometry.array)
    free = np.ones(len(own), dtype=bool)
    wanted = (
        (Category.HOSPITAL, quota.hospitals, _spread_score(places, rng)),
        (Category.SCHOOL, quota.schools, _spread_score(places, rng)),
        (Category.BUSINESS, quota.businesses, _quarter_score(places, rng)),
        (Category.HOUSEHOLD, quota.households, _quarter_score(places, rng)),
    )
    parts = []
    for category, count, score in wanted:
        taken = _take(own, free, score, count, spread=category in (Category.SCHOOL, Category.HOSPITAL))
        free[taken] = False
        parts.append(_chosen(own, taken, category, Drive.FUNDED))
    return pd.concat(parts)


def _extended(own: gpd.GeoDataFrame, count: int, rng: np.random.Generator) -> pd.DataFrame:
    taken = rng.permutation(len(own))[:count].tolist()
    firms = round(count * EXTENDED_FIRMS)
    parts = ((taken[:firms], Category.BUSINESS), (taken[firms:], Category.HOUSEHOLD))
    return pd.concat([_chosen(own, rows, category, Drive.EXTENDED) for rows, category in parts])


def _chosen(own: gpd.GeoDataFrame, rows: list[int], category: Category, drive: Drive) -> pd.DataFrame:
    return pd.DataFrame({"category": category.value, "drive": drive.value}, index=own.index[rows])


def _take(own: gpd.GeoDataFrame, free: np.ndarray, score: np.ndarray, count: int, *, spread: bool) -> list[int]:
    """Take the houses of the highest score; schools also keep away from each other and their streets differ."""
    taken: list[int] = []
    streets: set[str] = set()
    for place in np.lexsort((np.arange(len(score)), -score)).tolist():
        if len(taken) == count:
            return taken
        street = str(own["street"].iloc[place])
        if free[place] and not (spread and street in streets):
            taken.append(place)
            streets.add(street)
    if len(taken) < count:
        msg = f"only {len(taken)} of {count} houses found in {own['district'].iloc[0]}"
        raise ValueError(msg)
    return taken


def _quarter_score(places: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Score places by a slow random wave, so that neighbours score alike."""
    turns = rng.uniform(0.0, 2.0 * np.pi, (3, 2))
    score = rng.uniform(0.0, 0.5, len(places))
    for angle, shift in turns:
        along = places @ np.array([np.cos(angle), np.sin(angle)])
        score = score + np.sin(along * 2.0 * np.pi / QUARTER_M + shift)
    return np.asarray(score.round(6))


def _spread_score(places: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    return rng.random(len(places)).round(6)


def _with_institutions(targets: gpd.GeoDataFrame, rng: np.random.Generator) -> gpd.GeoDataFrame:
    schools = targets["category"] == Category.SCHOOL.value
    names = pd.Series([None] * len(targets), index=targets.index, dtype=object)
    names[schools] = school_names(targets.loc[schools, "street"].tolist(), rng)
    names[targets["category"] == Category.HOSPITAL.value] = HOSPITAL_NAME
    return targets.assign(institution=names)
