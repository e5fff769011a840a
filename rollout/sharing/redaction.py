"""What an audience may see of a state: built new from its allow-list, never copied and pruned."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from rollout.analysis.contradictions import kinds_of
from rollout.analysis.ladder import heights
from rollout.audiences import Trenches
from rollout.schema import LAYERS, PANDAS_DTYPES, empty_layer
from rollout.sharing.project import shown_project
from rollout.sharing.streets import streets_with_trenches

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rollout.analysis.state import State
    from rollout.audiences import Audience, SharedLayer
    from rollout.schema import Column

    Shapes = NDArray[np.object_]

_PLACED: dict[SharedLayer, tuple[str, ...]] = {
    "segments": ("length_m",),
    "targets": ("district_id", "phase_id"),
    "nodes": ("district_id",),
}
"""What follows from where a row is and from layers that every audience has."""

_NETWORK: dict[SharedLayer, tuple[str, ...]] = {
    "segments": ("reached", "cable_reached", "island_id"),
    "targets": (
        *("segment_id", "drop_m", "along_m", "foot", "near_built_m"),
        *("reachable", "cable_reachable", "node_id", "route_m", "contradiction"),
    ),
    "nodes": ("joined", "pop_id", "feed_m"),
}
"""What is computed from trenches, their status and nodes, and is given where all of these are."""

_OF_STATUS = ("status_since", "reason")
"""What is told of a status, and would tell apart those that are told as one."""

_PERMITTED = "permitted"
"""What a blocked segment counts as where it names no state before."""


def shown(state: State, audience: Audience) -> State:
    """
    Build what an audience may see.

    Every frame is made new from the columns and rows that the allow-list names; all others of the contract are
    missing. A status that is told as another, and all rows of that other, have no `status_since` and no `reason`,
    since these would tell the two apart; heights are those of the status told. Where an identifier is not given, rows
    are numbered in an order that follows from what is given alone. What is computed from several layers is given
    only where all of them are (`Audience.knows_network`).

    Parameters
    ----------
    state
        The programme on one day, whole.
    audience
        Its allow-list.

    Returns
    -------
    shown
        A state of its own, with `audience` set. Trenches as streets are as `streets_with_trenches` returns them, in
        the columns of segments. Districts, phases and the base map are in every one. A state that was made for the
        same audience is returned as it is.

    Raises
    ------
    ValueError
        If the state was already cut down for another audience: what it lacks could no longer be told from what is
        unknown.
    """
    if state.audience is not None:
        if state.audience != audience:
            msg = f"the state was cut down for '{state.audience.title}'; take the whole state"
            raise ValueError(msg)
        return state
    segments, segment_ids = _segments(state, audience)
    nodes, node_ids = _nodes(state, audience)
    targets, _ = _cut(state.targets, "targets", audience)
    targets = _targets_in_network(targets, segment_ids, node_ids, audience)
    return replace(
        state,
        project=shown_project(state.project, audience),
        districts=_of_contract(state.districts, "districts"),
        nodes=nodes,
        segments=segments.drop(columns="district_id", errors="ignore"),
        pieces=_pieces(state.pieces, segments, segment_ids, audience),
        targets=targets,
        base={name: _of_contract(rows, name) for name, rows in state.base.items()},
        sources=state.sources if audience.deliveries else None,
        audience=audience,
    )


def _of_contract(rows: gpd.GeoDataFrame, layer: str) -> gpd.GeoDataFrame:
    names = [*(column.name for column in LAYERS[layer].columns if column.name in rows), rows.geometry.name]
    return rows if names == list(rows.columns) else rows[names].copy()


def _cut(rows: gpd.GeoDataFrame, layer: SharedLayer, audience: Audience) -> tuple[gpd.GeoDataFrame, pd.Series[str]]:
    """Return the rows of an audience, and their identifiers by those they had."""
    there, key = _selected(rows, layer, audience).reset_index(drop=True), LAYERS[layer].key
    told = _told(there, layer, audience)
    columns = {column.name: _column(told, column, layer, audience) for column in LAYERS[layer].columns}
    shapes = _rounded(there.geometry.to_numpy(), audience.precision_m)
    cut = gpd.GeoDataFrame(columns, geometry=shapes, crs=rows.crs)
    if layer != "nodes":
        cut["height"] = _heights(cut, layer, audience)
    for name in (*_PLACED[layer], *_NETWORK[layer]):
        if name in there:
            is_given = name in _PLACED[layer] or audience.knows_network
            cut[name] = there[name] if is_given else _withheld(there[name])
    order = _order(cut, layer, audience)
    cut = cut.take(order).reset_index(drop=True)
    if not audience.gives(layer, key):
        cut[key] = _numbers(len(cut))
    return cut, pd.Series(cut[key].to_numpy(), index=there[key].take(order).to_numpy(), dtype="string")


def _selected(rows: gpd.GeoDataFrame, layer: SharedLayer, audience: Audience) -> gpd.GeoDataFrame:
    if not audience.gives(layer):
        return rows.iloc[:0]
    return rows[rows["status"].isin(audience.statuses[layer])] if audience.selects(layer) else rows


def _told(rows: gpd.GeoDataFrame, layer: SharedLayer, audience: Audience) -> pd.DataFrame:
    """Tell each status as the audience may hear it, without what would give the true one away."""
    words = audience.told_as.get(layer)
    if not words:
        return pd.DataFrame(rows)
    told = {name: rows[name].replace(words) for name in ("status", "status_before") if name in rows}
    is_blurred = told["status"].isin(audience.blurred(layer))
    about = {name: rows[name].mask(is_blurred) for name in _OF_STATUS if name in rows}
    return pd.DataFrame(rows).assign(**told, **about)


def _column(rows: pd.DataFrame, column: Column, layer: SharedLayer, audience: Audience) -> pd.Series[Any]:
    if column.name in rows and audience.gives(layer, column.name):
        return rows[column.name]
    return _nothing(len(rows), PANDAS_DTYPES[column.type])


def _nothing(count: int, dtype: Any) -> pd.Series[Any]:  # noqa: ANN401 - whatever pandas takes for one
    return pd.Series([None] * count, dtype=dtype)


def _heights(rows: gpd.GeoDataFrame, layer: SharedLayer, audience: Audience) -> pd.Series[int]:
    """Count how far the told statuses stand; a blocked segment whose state before is withheld is not built."""
    if layer != "segments":
        return heights(rows, layer)
    least = audience.told_as.get(layer, {}).get(_PERMITTED, _PERMITTED)
    return heights(rows.assign(status_before=rows["status_before"].fillna(least)), layer)


def _withheld(values: pd.Series[Any]) -> pd.Series[Any]:
    return pd.Series(data=False, index=values.index) if values.dtype == bool else _nothing(len(values), values.dtype)


def _rounded(shapes: Shapes, precision_m: float) -> Shapes:
    if precision_m == 0 or not len(shapes):
        return shapes
    rounded: Shapes = shapely.transform(shapes, lambda places: np.round(places / precision_m) * precision_m)
    return rounded


def _order(rows: gpd.GeoDataFrame, layer: SharedLayer, audience: Audience) -> NDArray[np.intp]:
    """Order rows by their identifier, or by all that is given of them, so that the order says nothing more."""
    key = LAYERS[layer].key
    if audience.gives(layer, key):
        return np.argsort(rows[key].to_numpy(dtype=object), kind="stable")
    if rows.empty:
        return np.arange(0)
    given = [column.name for column in LAYERS[layer].columns if audience.gives(layer, column.name)]
    near, shape = rows.hilbert_distance(), shapely.to_wkb(rows.geometry.to_numpy(), hex=True)
    said = rows[given].astype("string").fillna("").assign(_near=near, _shape=shape)
    order: NDArray[np.intp] = said.sort_values(["_near", "_shape", *given], kind="stable").index.to_numpy(dtype=np.intp)
    return order


def _numbers(count: int) -> pd.Series[str]:
    width = len(str(count))
    return pd.Series([str(number).zfill(width) for number in range(1, count + 1)], dtype="string")


def _segments(state: State, audience: Audience) -> tuple[gpd.GeoDataFrame, pd.Series[str]]:
    if audience.trenches is Trenches.STREET:
        return _streets(state, audience), pd.Series(dtype="string")
    segments, ids = _cut(state.segments, "segments", audience)
    if "island_id" in segments:
        segments["island_id"] = _smallest(segments["segment_id"], segments["island_id"])
    return segments, ids


def _smallest(ids: pd.Series[str], groups: pd.Series[str]) -> pd.Series[str]:
    """Name each group by the smallest identifier in it."""
    first = ids.groupby(groups).min()
    return groups.map(first).astype("string")


def _streets(state: State, audience: Audience) -> gpd.GeoDataFrame:
    """Lay streets with trenches into the columns of segments."""
    streets = streets_with_trenches(state)
    told = audience.told_as.get("segments", {})
    rows = empty_layer(LAYERS["segments"]).drop(columns="geometry").reindex(range(len(streets)))
    rows = rows.astype({column.name: PANDAS_DTYPES[column.type] for column in LAYERS["segments"].columns})
    given = ["programme_id", "phase_id", "district_id", "kind", "street", "length_m"]
    rows = rows.assign(**streets[given], segment_id=_numbers(len(rows)), status=streets["status"].replace(told))
    cut = gpd.GeoDataFrame(rows, geometry=streets.geometry, crs=state.segments.crs)
    flags = {"reached": False, "cable_reached": False, "island_id": _nothing(len(cut), "string")}
    return cut.assign(height=_heights(cut, "segments", audience), **flags)


def _nodes(state: State, audience: Audience) -> tuple[gpd.GeoDataFrame, pd.Series[str]]:
    nodes, ids = _cut(state.nodes, "nodes", audience)
    return (nodes.assign(pop_id=_renamed(nodes["pop_id"], ids)) if "pop_id" in nodes else nodes), ids


def _targets_in_network(
    targets: gpd.GeoDataFrame, segment_ids: pd.Series[str], node_ids: pd.Series[str], audience: Audience
) -> gpd.GeoDataFrame:
    names = {"segment_id": segment_ids, "node_id": node_ids}
    named = {name: _renamed(targets[name], ids) for name, ids in names.items() if name in targets}
    if not audience.knows_network:
        return targets.assign(**named)
    kinds = pd.Series(kinds_of(targets), index=targets.index, dtype="string")
    return targets.assign(**named, contradiction=kinds)


def _renamed(values: pd.Series[str], ids: pd.Series[str]) -> pd.Series[str]:
    return pd.Series(ids.reindex(values.to_numpy()).to_numpy(), index=values.index, dtype="string")


_PIECE = ("programme_id", "phase_id", "kind", "status", "status_since", "reason", "height")


def _pieces(pieces: pd.DataFrame, segments: gpd.GeoDataFrame, ids: pd.Series[str], audience: Audience) -> pd.DataFrame:
    """Return the parts of the rows that are given, with what is given of those."""
    if audience.trenches is Trenches.STREET:
        parts = pd.DataFrame(segments[["segment_id", "district_id", "length_m"]]).assign(cable_m=np.nan)
    else:
        there = pieces[pieces["segment_id"].isin(ids.index)]
        cable_m = there["cable_m"] if audience.gives("segments", "cable_length_m") else np.nan
        parts = there[["district_id", "length_m"]].assign(
            segment_id=_renamed(there["segment_id"], ids), cable_m=cable_m
        )
    facts = pd.DataFrame(segments)[["segment_id", *_PIECE]]
    named = parts.merge(facts, on="segment_id", validate="many_to_one")
    columns = ["segment_id", "district_id", "length_m", *_PIECE, "cable_m"]
    return named[columns].sort_values(["segment_id", "district_id"], ignore_index=True)
