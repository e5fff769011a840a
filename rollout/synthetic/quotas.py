"""How the city's totals are shared out among its districts, in whole numbers that add up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rollout.synthetic.spec import CitySpec, DistrictPlan

LEAST_LENGTH_M = 2000.0
"""Trench that every district gets at least, so that none is left out."""

CLUSTER_LENGTH_M = 2600.0
"""Trench about one seed."""


@dataclass(frozen=True, slots=True)
class DistrictQuota:
    """
    What a district gets.

    Attributes
    ----------
    name
        The district.
    households, businesses, schools, hospitals
        Funded connections.
    length_m
        Trench, dropped pieces included.
    clusters
        Number of clusters of streets.
    in_parts
        Whether only a part of the district is served.
    """

    name: str
    households: int
    businesses: int
    schools: int
    hospitals: int
    length_m: float
    clusters: int
    in_parts: bool

    @property
    def funded(self) -> int:
        """All funded connections."""
        return self.households + self.businesses + self.schools + self.hospitals


def district_quotas(spec: CitySpec) -> list[DistrictQuota]:
    """
    Share out households, trench and further connections.

    Parameters
    ----------
    spec
        The figures of the city.

    Returns
    -------
    quotas
        One per district, in the order of the specification.
    """
    households = _households(spec)
    funded = [
        homes + plan.businesses + plan.schools + plan.hospitals
        for homes, plan in zip(households, spec.districts, strict=True)
    ]
    total = spec.new_duct_m + spec.co_used_m + spec.dropped_m - LEAST_LENGTH_M * len(funded)
    lengths = [LEAST_LENGTH_M + share for share in shares(round(total), [count**0.92 for count in funded])]
    return [
        DistrictQuota(
            plan.name, homes, plan.businesses, plan.schools, plan.hospitals, length,
            clusters=max(1, round(length / CLUSTER_LENGTH_M)), in_parts=plan.in_parts,
        )
        for plan, homes, length in zip(spec.districts, households, lengths, strict=True)
    ]  # fmt: skip


def shares(total: int, weights: Sequence[float]) -> list[int]:
    """
    Split a number by weights into whole numbers that add up to it.

    Parameters
    ----------
    total
        The number.
    weights
        At least one is positive.

    Returns
    -------
    shares
        One whole number per weight; the largest remainders get what rounding down leaves.
    """
    exact = np.round(total * np.array(weights, dtype=float) / float(np.sum(weights)), 6)
    whole = np.floor(exact).astype(int)
    first = np.argsort(whole - exact, kind="stable")[: total - int(whole.sum())]
    whole[first] += 1
    return [int(number) for number in whole]


def _households(spec: CitySpec) -> list[int]:
    counts = {plan.name: plan.households or 0 for plan in spec.districts}
    for phase_id, total in spec.households_by_phase:
        open_plans = [plan for plan in spec.districts if plan.phase_id == phase_id and plan.households is None]
        counts |= dict(zip(_names(open_plans), shares(total, [plan.weight for plan in open_plans]), strict=True))
    return [counts[plan.name] for plan in spec.districts]


def _names(plans: list[DistrictPlan]) -> list[str]:
    return [plan.name for plan in plans]
