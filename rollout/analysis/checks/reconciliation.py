"""The goals of the project file against what the layers hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from rollout.analysis.checks.desk import in_project_file
from rollout.analysis.goals import concerns, districts_of, is_met
from rollout.once import once_each
from rollout.project import GoalMeasure
from rollout.vocabulary import CATEGORY_LABELS, DROPPED
from rollout.wording import date, number

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    import pandas as pd

    from rollout.findings import Finding
    from rollout.project import Goal, Project

NEEDED = {
    "targets": {"programme_id", "category", "drive", "status"},
    "segments": {"programme_id", "kind", "status", "cable_length_m"},
    "districts": {"district_id", "name"},
}

_UNITS = {
    GoalMeasure.TARGETS: "Anschlüsse",
    GoalMeasure.NEW_DUCT_KM: "km neues Leerrohr",
    GoalMeasure.CO_USED_KM: "km mitgenutzte Infrastruktur",
    GoalMeasure.CABLE_KM: "km Kabel",
}


def check_goals(layers: Mapping[str, gpd.GeoDataFrame], project: Project) -> list[Finding]:
    """
    Hold every goal against the layers.

    Parameters
    ----------
    layers
        `targets`, `segments` and `districts` in `METRIC_CRS`, as far as there are.
    project
        Names the goals.

    Returns
    -------
    findings
        One per goal that is missed by more than its tolerance, with both figures.
    """
    findings = []
    for goal in project.goals:
        name = "targets" if goal.measure is GoalMeasure.TARGETS else "segments"
        needed = {name: NEEDED[name]} | ({"districts": NEEDED["districts"]} if goal.districts else {})
        if not all(layer in layers and columns <= set(layers[layer].columns) for layer, columns in needed.items()):
            continue
        held = _held(goal, layers[name], _area(goal, layers, project))
        if not is_met(goal, held):
            findings.append(in_project_file("goal-not-reconciled", _message(goal, held)))
    return findings


def _area(goal: Goal, layers: Mapping[str, gpd.GeoDataFrame], project: Project) -> Any:  # noqa: ANN401 - a geometry
    """Return the districts the goal is limited to, as one area; None for the whole programme."""
    if not goal.districts:
        return None
    districts = layers["districts"]
    ids = districts_of(goal, districts, project.district_variants)
    return shapely.union_all(districts.loc[districts["district_id"].isin(ids), "geometry"].to_numpy())


def _held(goal: Goal, rows: gpd.GeoDataFrame, area: Any) -> float:  # noqa: ANN401 - a geometry
    counted = concerns(goal, rows).to_numpy() & _is_kept(rows)
    shapes = rows.geometry.to_numpy()[counted]
    if goal.measure is GoalMeasure.TARGETS:
        return float(len(shapes) if area is None else np.count_nonzero(shapely.intersects(shapes, area)))
    whole = shapely.length(shapes)
    inside = whole if area is None else shapely.length(shapely.intersection(shapes, area))
    if goal.measure is GoalMeasure.CABLE_KM:
        share = np.divide(inside, whole, out=np.zeros_like(whole), where=whole > 0)
        return float(np.nansum(rows["cable_length_m"].to_numpy()[counted] * share)) / 1000
    return float(np.nansum(inside)) / 1000


@once_each
def _is_kept(rows: pd.DataFrame) -> np.ndarray[Any, np.dtype[np.bool_]]:
    return np.asarray(~rows["status"].eq(DROPPED).fillna(False).astype(bool))


def _message(goal: Goal, held: float) -> str:
    decimals = 0 if goal.measure is GoalMeasure.TARGETS else 2
    what = CATEGORY_LABELS[goal.category] if goal.category else _UNITS[goal.measure]
    where = f" in {', '.join(goal.districts)}" if goal.districts else ""
    return (
        f"Projekt {goal.programme}, {what}{where}: Ziel {number(goal.value, decimals)} "
        f"(Stand {date(goal.as_of)}), die Ebenen ergeben {number(held, decimals)}."
    )
