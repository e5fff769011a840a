"""What can really be reached: which built segments and connections hang on a node, and which hang on none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from rollout.analysis.graphs import NOWHERE
from rollout.analysis.network import join_segments
from rollout.analysis.routes import along, connected, routes
from rollout.vocabulary import BUILT_HEIGHT, CABLE_HEIGHT, DROPPED, NodeKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

    from rollout.analysis.network import Network
    from rollout.analysis.routes import Routes
    from rollout.project import Definitions

    Flags = NDArray[np.bool_]

_OF_SEGMENTS = {"reached": "bool", "cable_reached": "bool", "island_id": "string"}
_OF_TARGETS = {"reachable": "bool", "cable_reachable": "bool", "node_id": "string", "route_m": "float64"}
_OF_NODES = {"joined": "bool", "pop_id": "string", "feed_m": "float64"}


def with_reach(
    segments: gpd.GeoDataFrame, targets: gpd.GeoDataFrame, nodes: gpd.GeoDataFrame, definitions: Definitions
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """
    Compute what built segments join to a node; nothing that was reported of a connection is believed.

    Each programme is a network of its own: its segments meet no other's, and its connections hang on them alone.

    Parameters
    ----------
    segments
        Lines in `METRIC_CRS` with `segment_id`, `programme_id`, `status`, `height`.
    targets
        Points with `programme_id`, and `segment_id`, `along_m`, `drop_m` as `attach_targets` gives them.
    nodes
        Points in `METRIC_CRS` with `node_id` and `kind`.
    definitions
        The tolerance of joins and the limit of a drop.

    Returns
    -------
    segments
        With `reached` (built, and joined to a node by built segments), `cable_reached` (the same, with cable in itself
        and in every segment on the way) and `island_id` (where it is built and joined
        to none: the smallest `segment_id` of those it hangs together with).
    targets
        With `reachable` (its segment is reached, and near enough), `cable_reachable` (the same, with cable in every
        segment on the way), `node_id` (the nearest node by way) and `route_m` (metres along the segments from it,
        and the drop; NaN where not reachable).
    nodes
        With `joined` (a built segment meets it), `pop_id` and `feed_m` (the nearest PoP by way over built segments, and
        that way; <NA> and NaN where there is none).

    Raises
    ------
    CrsError
        If a layer is not in `METRIC_CRS`.
    """
    ordered = nodes.sort_values("node_id")
    found = [
        _of_programme(
            built(segments, programme), targets[_is(targets["programme_id"], programme)], ordered, definitions
        )
        for programme in sorted({*segments["programme_id"].dropna(), *targets["programme_id"].dropna()})
    ]
    of_segments, of_targets, of_nodes = zip(*found, strict=True) if found else ((), (), ())
    feeds = pd.concat([pd.DataFrame(columns=[*_OF_NODES]), *of_nodes]).sort_values(["feed_m", "pop_id"])
    feeds["joined"] = feeds["joined"].groupby(level=0).transform("any")
    return (
        segments.assign(**_together(of_segments, _OF_SEGMENTS, segments.index)),
        targets.assign(**_together(of_targets, _OF_TARGETS, targets.index)),
        nodes.assign(**_together([feeds[~feeds.index.duplicated()]], _OF_NODES, nodes.index)),
    )


def _together(parts: Sequence[pd.DataFrame], dtypes: dict[str, str], index: pd.Index) -> dict[str, pd.Series]:
    """Put the parts together; a row of none of them, such as a planned segment, is not reached."""
    rows = pd.concat([pd.DataFrame(columns=[*dtypes]), *parts]).reindex(index)
    flags = {name: rows[name].eq(other=True) for name, dtype in dtypes.items() if dtype == "bool"}
    typed = rows.assign(**flags).astype(dtypes)
    return {name: typed[name] for name in dtypes}


def _of_programme(
    own: gpd.GeoDataFrame, targets: gpd.GeoDataFrame, nodes: gpd.GeoDataFrame, definitions: Definitions
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    network = join_segments(own, nodes, tolerance_m=definitions.join_tolerance_m)
    cabled = at_least(own, CABLE_HEIGHT)
    ducts, cables = (routes(network, open_, np.arange(len(nodes))) for open_ in (np.ones_like(cabled), cabled))
    place, along_m = _places(own, targets, definitions.drop_limit_m), targets["along_m"].to_numpy()
    metres, node = _ways(network, ducts, place, along_m)
    with_cable = np.append(cabled, False)[place]  # the last is what NOWHERE finds
    _, by_cable = _ways(network, cables, np.where(with_cable, place, NOWHERE), along_m)
    reachable = node != NOWHERE
    of_targets = pd.DataFrame(
        {
            "reachable": reachable,
            "cable_reachable": by_cable != NOWHERE,
            "node_id": nodes["node_id"].array.take(node, allow_fill=True),
            "route_m": np.where(reachable, metres + targets["drop_m"].to_numpy(), np.nan),
        },
        index=targets.index,
    )
    return _of_segments(network, own, ducts, cables), of_targets, _of_nodes(network, own, nodes)


def built(segments: gpd.GeoDataFrame, programme_id: str) -> gpd.GeoDataFrame:
    """
    Return the segments of a programme whose duct is laid.

    Only these are joined when it is asked what is reachable: the end of a planned segment joins nothing.

    Parameters
    ----------
    segments
        With `programme_id` and `height`.
    programme_id
        Which programme.

    Returns
    -------
    segments
        Its rows from `duct_laid` on, in their order.
    """
    return segments[_is(segments["programme_id"], programme_id) & at_least(segments, BUILT_HEIGHT)]


def alive(segments: gpd.GeoDataFrame, programme_id: str) -> gpd.GeoDataFrame:
    """
    Return the segments of a programme that are still to be, or have been, built.

    Parameters
    ----------
    segments
        With `programme_id` and `status`.
    programme_id
        Which programme.

    Returns
    -------
    segments
        Its rows that are not dropped, in their order.
    """
    return segments[_is(segments["programme_id"], programme_id) & ~_is(segments["status"], DROPPED)]


def at_least(rows: pd.DataFrame, height: int) -> Flags:
    """
    Tell which rows stand at a height of their ladder or above.

    Parameters
    ----------
    rows
        With `height`, <NA> without data.
    height
        Number of a rung.

    Returns
    -------
    there
        Shape `(len(rows),)`; False without data.
    """
    return np.asarray(rows["height"].ge(height).fillna(value=False), dtype=bool)


def _is(column: pd.Series[str], word: str) -> Flags:
    return np.asarray(column.eq(word).fillna(value=False), dtype=bool)


def _of_segments(network: Network, own: gpd.GeoDataFrame, ducts: Routes, cables: Routes) -> pd.DataFrame:
    """Tell which segments hang on a node, and name the islands after their smallest segment."""
    first = network.tail[network.first_edges]
    reached = np.isfinite(ducts.metres[first])
    cabled = at_least(own, CABLE_HEIGHT) & np.isfinite(cables.metres[first])
    smallest = _smallest(own["segment_id"], connected(network, ~reached))
    island = own["segment_id"].array.take(np.where(reached, NOWHERE, smallest), allow_fill=True)
    return pd.DataFrame({"reached": reached, "cable_reached": cabled, "island_id": island}, index=own.index)


def _smallest(ids: pd.Series[str], groups: NDArray[np.int64]) -> NDArray[np.int64]:
    """Position of the smallest identifier in the group of each row; of rows without a group, whatever."""
    grouped = np.flatnonzero(groups != NOWHERE)
    falling = grouped[pc.array_sort_indices(pa.array(ids.array[grouped]), order="descending").to_numpy()]
    smallest = np.zeros(groups.max(initial=NOWHERE) + 2, dtype=np.int64)  # the last is what NOWHERE finds
    smallest[groups[falling]] = falling  # of several for one place the last stays
    found: NDArray[np.int64] = smallest[groups]
    return found


def _places(own: gpd.GeoDataFrame, targets: gpd.GeoDataFrame, limit_m: float) -> NDArray[np.int64]:
    """Position of the segment each target hangs on, -1 where none is near enough."""
    place = pd.Index(own["segment_id"]).get_indexer(pd.Index(targets["segment_id"]))
    return np.where(targets["drop_m"].to_numpy() <= limit_m, place, NOWHERE)


def _ways(
    network: Network, found: Routes, place: NDArray[np.int64], along_m: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Metres and node of the way to each target's place on its segment; inf and -1 where it has none that is open."""
    metres, node = np.full(len(place), np.inf), np.full(len(place), NOWHERE)
    there = np.flatnonzero(place != NOWHERE)
    metres[there], node[there] = along(network, found, place[there], along_m[there])
    return metres, node


def _of_nodes(network: Network, own: gpd.GeoDataFrame, nodes: gpd.GeoDataFrame) -> pd.DataFrame:
    """Tell which nodes a segment meets, and which PoP feeds each over built segments."""
    pops = np.flatnonzero(_is(nodes["kind"], NodeKind.POP.value))
    found = routes(network, np.ones(len(own), dtype=bool), pops)
    joined = network.node != NOWHERE
    pop = np.where(joined, found.node[network.node], NOWHERE)
    return pd.DataFrame(
        {
            "joined": joined,
            "pop_id": nodes["node_id"].array.take(pop, allow_fill=True),
            "feed_m": np.where(pop == NOWHERE, np.nan, found.metres[network.node]),
        },
        index=nodes.index,
    )
