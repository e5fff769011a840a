"""Where targets lie: in a district, in the one their list names, and near a trench."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from rollout.analysis.checks.content import meant
from rollout.analysis.names import recognise
from rollout.vocabulary import DROPPED
from rollout.wording import number

if TYPE_CHECKING:
    import geopandas as gpd

    from rollout.analysis.checks.desk import Desk, Mask
    from rollout.findings import Finding
    from rollout.project import Project

Shapes = np.ndarray[Any, np.dtype[np.object_]]


def check_districts_of_targets(desk: Desk, districts: gpd.GeoDataFrame, project: Project) -> list[Finding]:
    """
    Check that targets lie in a district, and in the one that their list names.

    Parameters
    ----------
    desk
        The layer `targets`.
    districts
        The layer, in `METRIC_CRS`.
    project
        Knows other spellings of the districts' names.

    Returns
    -------
    findings
        Targets outside every district, in another one than stated, or with a name nobody knows.
    """
    there = _placed(desk)
    point, area = shapely.STRtree(districts.geometry.to_numpy()).query(
        desk.rows.geometry.to_numpy(), predicate="intersects"
    )
    outside = there.copy()
    outside[point] = False
    findings = desk.report("outside-districts", outside, lambda _: "Liegt in keinem Stadtteil.")
    if not desk.has("district") or not {"name", "district_id"} <= set(districts.columns):
        return findings
    ids = districts["district_id"].astype("string").to_numpy(dtype=object, na_value=None)
    return findings + _check_names(desk, (point, ids[area]), districts, project)


def _check_names(desk: Desk, held: tuple[Any, Any], districts: gpd.GeoDataFrame, project: Project) -> list[Finding]:
    stated = desk.text("district")
    matches = recognise(stated.dropna(), districts, project.district_variants)
    codes, names = pd.factorize(stated)
    named = np.array([*(matches[name].district_id for name in names), None], dtype=object)[codes]
    known = pd.notna(named)
    inside = np.isin(np.arange(len(stated)), held[0])
    agrees = np.zeros(len(stated), dtype=bool)
    # On a border a target lies in two districts, and either name is right.
    point, district = held
    agrees[point[known[point] & (named[point] == district)]] = True
    name_of = dict(zip(districts["district_id"], districts["name"], strict=True))
    by_place = dict(zip(held[0], held[1], strict=True))
    findings = desk.report(
        "district-differs",
        inside & known & ~agrees,
        lambda at: f"Angegeben ist „{stated[at]}“, der Lage nach ist es {name_of.get(by_place[at], by_place[at])}.",
        "district",
    )
    return findings + desk.report(
        "unknown-district-name",
        stated.notna().to_numpy() & ~known,
        lambda at: f"„{stated[at]}“ ist kein bekannter Stadtteil.{meant(matches[stated[at]])}",
        "district",
    )


def check_distance(desk: Desk, segments: gpd.GeoDataFrame, project: Project) -> list[Finding]:
    """
    Check that every target lies near a trench of its programme.

    Parameters
    ----------
    desk
        The layer `targets`.
    segments
        The layer, in `METRIC_CRS`.
    project
        Says the limit, `definitions.drop_limit_m`.

    Returns
    -------
    findings
        One per target that is farther away; dropped targets and dropped segments do not count.
    """
    if not desk.has("programme_id") or "programme_id" not in segments:
        return []
    limit = project.definitions.drop_limit_m
    targets, lines = desk.rows.geometry.to_numpy(), _not_dropped(segments)
    far = _placed(desk)
    if desk.has("status"):
        far &= ~desk.text("status").eq(DROPPED).fillna(False).to_numpy(dtype=bool)
    programmes = desk.text("programme_id")
    trees = {}
    for programme, own in lines.groupby("programme_id"):
        trees[programme] = tree = shapely.STRtree(own.geometry.to_numpy())
        members = np.flatnonzero(programmes.eq(programme).fillna(False))
        near, _ = tree.query(targets[members], predicate="dwithin", distance=limit)
        far[members[near]] = False
    return desk.report(
        "far-from-trench",
        far,
        lambda at: _say_distance(targets[at], trees.get(programmes[at]), limit),
    )


def _say_distance(target: shapely.Point, tree: shapely.STRtree | None, limit: float) -> str:
    if tree is None:
        return "Das Förderprojekt hat keine Trasse."
    metres = float(target.distance(tree.geometries[tree.nearest(target)]))
    return f"{number(metres, 1)} m bis zur nächsten Trasse des Projekts, erlaubt sind {number(limit)} m."


def _not_dropped(segments: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    there = ~(segments.geometry.isna() | segments.geometry.is_empty)
    if "status" in segments:
        there &= ~segments["status"].astype("string").eq(DROPPED).fillna(False)
    return segments[there]


def _placed(desk: Desk) -> Mask:
    shapes = desk.rows.geometry.to_numpy()
    return np.asarray(~(shapely.is_missing(shapes) | shapely.is_empty(shapes)))
