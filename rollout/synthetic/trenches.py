"""Trench segments: the chosen streets cut to the lengths wanted, with kind, cables and district."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.ops import substring

from rollout.crs import METRIC_CRS
from rollout.synthetic.base import rounded
from rollout.synthetic.corridors import NOWHERE
from rollout.vocabulary import SegmentKind

if TYPE_CHECKING:
    from rollout.synthetic.corridors import Corridors
    from rollout.synthetic.routing import Router
    from rollout.synthetic.spec import CitySpec

LONGEST_M = 250.0
SHORTEST_M = 40.0
"""A cut that would leave less than half of this is not made; the lengths bear that."""

SLACK = 1.03
"""Metres of cable per metre of trench: cable is laid with some slack."""

STUB_M = (75.0, 170.0)
"""A trench that is dropped from the plan is a tip of about this length."""


def trench_rows(plan: Corridors, router: Router) -> gpd.GeoDataFrame:
    """
    Turn chosen streets into trench pieces.

    Parameters
    ----------
    plan
        Trees of street edges.
    router
        Gives each its line.

    Returns
    -------
    trenches
        One row per piece, each after the one it continues: `edge`, `parent` (row), `depth_m`, `backbone`, `grown`,
        `dropped`; no piece is longer than `LONGEST_M`.
    """
    rows: list[dict[str, object]] = []
    last_of: dict[int, int] = {NOWHERE: NOWHERE}
    for place, edge in enumerate(plan.edges.tolist()):
        line = shapely.LineString(router.line(edge, forward=bool(plan.forward[place])))
        parent = last_of[int(plan.parents[place])]
        for piece in _pieces(line):
            rows.append(
                {
                    "edge": edge, "parent": parent, "depth_m": float(plan.depths[place]), "dropped": False,
                    "backbone": bool(plan.backbone[place]), "grown": int(plan.grown[place]), "geometry": piece,
                }
            )  # fmt: skip
            parent = len(rows) - 1
        last_of[place] = parent
    return gpd.GeoDataFrame(rows, crs=METRIC_CRS)


def cut_to_length(trenches: gpd.GeoDataFrame, spec: CitySpec) -> gpd.GeoDataFrame:
    """
    Mark some tips as dropped, take off others, and shorten one, until the rest has the length wanted.

    Parameters
    ----------
    trenches
        As from `trench_rows`, longer than wanted.
    spec
        The lengths.

    Returns
    -------
    trenches
        The same columns; rows that are not dropped are `new_duct_m + co_used_m` long.
    """
    kept = _with_stubs(trenches, spec.dropped_m)
    wanted = spec.new_duct_m + spec.co_used_m
    surplus = _length(kept) - wanted
    while True:
        tips = kept.loc[_is_tip(kept)].sort_values("grown", ascending=False)
        last = tips.index[0]
        if surplus < kept.geometry[last].length:
            break
        surplus -= kept.geometry[last].length
        kept = renumbered(kept.drop(index=last))
    room = tips.geometry.length - surplus
    shortened = int(room.index[int(np.argmax(room.to_numpy().round(1)))])
    line = kept.geometry[shortened]
    kept.loc[[shortened], "geometry"] = gpd.GeoSeries(
        [rounded(substring(line, 0.0, line.length - surplus))], index=[shortened], crs=METRIC_CRS
    )
    return kept


def with_kinds(
    trenches: gpd.GeoDataFrame, on_main: np.ndarray, leading: np.ndarray, co_used_m: float
) -> gpd.GeoDataFrame:
    """
    Let the stretches about the nodes use existing ducts.

    Parameters
    ----------
    trenches
        As from `cut_to_length`.
    on_main
        Whether each row follows a main road.
    leading
        Whether each row leads through a district not yet begun to one that is: such a way must exist already.
    co_used_m
        Length to be reached exactly; the last stretch is cut in two where that is needed.

    Returns
    -------
    trenches
        With the column `kind`; co-used rows hang together from the nodes outwards.
    """
    trunk = trenches["backbone"].to_numpy() | leading
    eligible = np.zeros(len(trenches), dtype=bool)
    for row, (parent, main, dropped) in enumerate(zip(trenches["parent"], on_main, trenches["dropped"], strict=True)):
        eligible[row] = (main or trunk[row]) and not dropped and (parent == NOWHERE or eligible[parent])
    ranked = trenches.assign(branch=~trunk).loc[eligible].sort_values(["branch", "depth_m"], kind="stable")
    lengths = ranked.geometry.length.cumsum()
    whole = ranked.index[lengths <= co_used_m]
    kinds = pd.Series(SegmentKind.NEW_DUCT.value, index=trenches.index)
    kinds[whole] = SegmentKind.CO_USED.value
    result = trenches.assign(kind=kinds)
    rest = co_used_m - float(trenches.geometry[whole].length.sum())
    part = int(ranked.index[len(whole)])
    return _split_kind(result, part, rest)


def with_cables(trenches: gpd.GeoDataFrame, load: np.ndarray, cable_m: float) -> gpd.GeoDataFrame:
    """
    Lay cables: one everywhere, more side by side where most connections lie behind.

    Parameters
    ----------
    trenches
        As from `with_kinds`.
    load
        Connections behind each row.
    cable_m
        Length of all cables to be met.

    Returns
    -------
    trenches
        With `cables` and `cable_length_m`; a dropped row has none.
    """
    laid = ~trenches["dropped"].to_numpy()
    lengths = np.where(laid, trenches.geometry.length, 0.0)
    parallel = cable_m / SLACK - lengths.sum()
    heaviest = np.lexsort((np.arange(len(load)), -load))
    doubled = heaviest[np.cumsum(lengths[heaviest]) <= max(parallel, 0.0)]
    cables = laid.astype(int)
    cables[doubled] += laid[doubled]
    metres = np.round(lengths * cables * (cable_m / float((lengths * cables).sum())), 1)
    return trenches.assign(cables=cables, cable_length_m=np.where(laid, metres, np.nan))


def load_behind(parents: np.ndarray, own: np.ndarray) -> np.ndarray:
    """
    Add up what hangs on each row and on all rows behind it.

    Parameters
    ----------
    parents
        Row that each continues, always an earlier one; -1 at a node.
    own
        What hangs on the row itself.

    Returns
    -------
    load
        Sums, same shape.
    """
    load = own.astype(float).copy()
    for row in range(len(parents) - 1, -1, -1):
        if parents[row] != NOWHERE:
            load[parents[row]] += load[row]
    return load


def district_of_most(trenches: gpd.GeoDataFrame, districts: gpd.GeoDataFrame) -> list[str]:
    """
    Return the name of the district in which most of each line lies.

    Parameters
    ----------
    trenches
        Lines.
    districts
        Polygons with `name`.

    Returns
    -------
    names
        One per line; the first of the districts if two have equal parts.
    """
    lines = trenches.geometry.to_numpy()
    lengths = np.array([shapely.length(shapely.intersection(lines, area)) for area in districts.geometry])
    return [str(districts["name"].iloc[index]) for index in np.argmax(lengths.round(2), axis=0)]


def renumbered(trenches: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """
    Give rows new numbers after some were taken away.

    Parameters
    ----------
    trenches
        Rows with `parent`, the index label of an earlier row or -1.

    Returns
    -------
    trenches
        With index 0 to n-1, and `parent` as it was meant.
    """
    new = {int(old): place for place, old in enumerate(trenches.index)} | {NOWHERE: NOWHERE}
    parents = [new[int(parent)] for parent in trenches["parent"]]
    return trenches.assign(parent=parents).reset_index(drop=True)


def _pieces(line: shapely.LineString) -> list[shapely.Geometry]:
    count = int(np.ceil(round(line.length / LONGEST_M, 6)))
    stops = np.linspace(0.0, line.length, count + 1)
    return [rounded(substring(line, start, end)) for start, end in pairwise(stops)]


def _length(trenches: gpd.GeoDataFrame) -> float:
    return float(trenches.loc[~trenches["dropped"]].geometry.length.sum())


def _is_tip(trenches: gpd.GeoDataFrame) -> np.ndarray:
    inner = trenches.index.isin(trenches["parent"])
    return np.asarray(~inner & ~trenches["dropped"].to_numpy() & ~trenches["backbone"].to_numpy())


def _with_stubs(trenches: gpd.GeoDataFrame, dropped_m: float) -> gpd.GeoDataFrame:
    """Mark tips all over the city as dropped from the plan."""
    lengths = trenches.geometry.length
    candidates = trenches.index[_is_tip(trenches) & (lengths > STUB_M[0]) & (lengths < STUB_M[1])]
    step = max(1, len(candidates) // 7)
    chosen, total = [], 0.0
    for row in candidates[step // 2 :: step]:
        if total < dropped_m - STUB_M[0]:
            chosen.append(row)
            total += lengths[row]
    return trenches.assign(dropped=trenches.index.isin(chosen))


def _split_kind(trenches: gpd.GeoDataFrame, row: int, first_m: float) -> gpd.GeoDataFrame:
    """Cut a row in two at a distance from its start, the first part co-used."""
    line = trenches.geometry[row]
    if min(first_m, line.length - first_m) < SHORTEST_M / 2.0:
        return trenches
    near = rounded(substring(line, 0.0, first_m))
    far = rounded(substring(line, first_m, line.length))
    first = trenches.loc[[row]].assign(geometry=[near], kind=SegmentKind.CO_USED.value)
    second = trenches.loc[[row]].assign(geometry=[far], parent=row)
    before, after = trenches.iloc[:row], trenches.iloc[row + 1 :]
    # Rows behind the cut move one place down; what continued the row now continues its second part.
    moved = after.assign(parent=after["parent"].where(after["parent"] < row, after["parent"] + 1))
    return gpd.GeoDataFrame(pd.concat([before, first, second, moved], ignore_index=True), crs=METRIC_CRS)
