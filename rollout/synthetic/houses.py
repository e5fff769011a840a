"""Places for houses along the streets with a trench: set back, numbered, and never on top of each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from rollout.analysis.drops import hang
from rollout.crs import METRIC_CRS
from rollout.synthetic.routing import chain_membership

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rollout.synthetic.streets import StreetNetwork

PLOT_M = (14.0, 20.0)
"""Width of a plot; each street has its own between these."""

SETBACK_M = (7.5, 15.0)
"""Distance of a house from the axis of its street."""

CORNER_M = 12.0
"""A house keeps this distance from a junction, along its street."""

APART_M = 8.5
"""Houses are at least this far from each other."""

DROP_LIMIT_M = 30.0
"""The limit of a drop in the bundled project."""

OFF_STREET_M = 6.0
REACH_M = 28.0
"""A house further from every trench than this is not offered."""

BEHIND_SHARE = 0.04
"""Share of plots with a second house behind the first, with the suffix a."""


def house_places(
    network: StreetNetwork, edges: Iterable[int], trenches: gpd.GeoDataFrame, rng: np.random.Generator
) -> gpd.GeoDataFrame:
    """
    Offer places for houses along the trenches.

    Parameters
    ----------
    network
        The streets.
    edges
        Street edges with a trench.
    trenches
        Rows that may serve a house; the index is what `row` refers to.
    rng
        Random numbers.

    Returns
    -------
    houses
        `chain`, `number`, `suffix`, `side`, `row` (the nearest trench), `drop_m` (distance to it), point.
    """
    plots = _plots(network, sorted({int(edge) for edge in edges}), rng)
    plots = plots.loc[_off_streets(network, plots)]
    plots = plots.loc[_apart(shapely.get_coordinates(plots.geometry.array))].reset_index(drop=True)
    rows, gaps = _nearest(plots, trenches, shapely.STRtree(network.lines))
    houses = plots.assign(row=rows, drop_m=gaps)
    return houses.loc[houses["drop_m"] <= REACH_M].reset_index(drop=True)


def _plots(network: StreetNetwork, edges: list[int], rng: np.random.Generator) -> gpd.GeoDataFrame:
    chain_of, with_chain = chain_membership(network)
    starts = _starts(network)
    widths = rng.uniform(*PLOT_M, len(network.chains)).round(2)
    setbacks = rng.uniform(*SETBACK_M, len(network.chains)).round(1)
    parts = []
    for edge in edges:
        chain = int(chain_of[edge])
        ahead = 1.0 if with_chain[edge] else -1.0
        parts.append(_along(network.lines[edge], ahead, float(starts[edge]), float(widths[chain])).assign(chain=chain))
    plots = pd.concat(parts, ignore_index=True)
    table = pd.concat([_side(plots, sign, setbacks, rng) for sign in (1, -1)], ignore_index=True)
    table = table.sort_values(["chain", "number", "suffix"], ignore_index=True)
    points = shapely.points(table[["x", "y"]].to_numpy().round(2))
    return gpd.GeoDataFrame(table.drop(columns=["x", "y"]), geometry=points, crs=METRIC_CRS)


def _starts(network: StreetNetwork) -> np.ndarray:
    """Return how far along its street each edge begins, in the street's direction."""
    starts, lengths = np.zeros(len(network.ends)), network.lengths
    for chain in network.chains:
        way = 0.0
        for edge, _ in chain:
            starts[edge], way = way, way + float(lengths[edge])
    return starts


def _along(line: shapely.LineString, ahead: float, start: float, width: float) -> pd.DataFrame:
    """Return the middle of each plot along an edge: place, direction of the street, and plot number."""
    length = line.length
    first, last = int(np.ceil((start + CORNER_M) / width - 0.5)), int((start + length - CORNER_M) / width - 0.5)
    plots = np.arange(first, last + 1)
    middles = (plots + 0.5) * width - start
    middles = middles if ahead > 0 else length - middles
    here = shapely.get_coordinates(shapely.line_interpolate_point(line, middles))
    further = shapely.get_coordinates(shapely.line_interpolate_point(line, np.minimum(middles + 1.0, length)))
    ways = (further - here) * ahead
    ways = ways / np.maximum(np.hypot(*ways.T), 1e-9)[:, None]
    return pd.DataFrame({"plot": plots, "x": here[:, 0], "y": here[:, 1], "dx": ways[:, 0], "dy": ways[:, 1]})


def _side(plots: pd.DataFrame, sign: int, setbacks: np.ndarray, rng: np.random.Generator) -> pd.DataFrame:
    """Set a house back from each plot on one side; odd numbers stand on the left of the street's direction."""
    count = len(plots)
    back = sign * (setbacks[plots["chain"]] + rng.uniform(-1.5, 1.5, count))
    slide = rng.uniform(-2.0, 2.0, count)
    behind = rng.random(count) < BEHIND_SHARE
    number = 2 * plots["plot"] + (1 if sign > 0 else 2)
    table = plots[["chain"]].assign(number=number, suffix="", side=sign)
    first = _placed(table, plots, slide, back)
    second = _placed(table.assign(suffix="a"), plots, slide + 3.0, back + sign * 10.0)
    return pd.concat([first, second.loc[behind]], ignore_index=True)


def _placed(table: pd.DataFrame, plots: pd.DataFrame, slide: np.ndarray, back: np.ndarray) -> pd.DataFrame:
    return table.assign(
        x=plots["x"] + slide * plots["dx"] - back * plots["dy"],
        y=plots["y"] + slide * plots["dy"] + back * plots["dx"],
    )


def _off_streets(network: StreetNetwork, plots: gpd.GeoDataFrame) -> np.ndarray:
    near, _ = shapely.STRtree(network.lines).query(plots.geometry.array, predicate="dwithin", distance=OFF_STREET_M)
    free = np.ones(len(plots), dtype=bool)
    free[near] = False
    return free


def _apart(places: np.ndarray) -> np.ndarray:
    """Keep each place that is far enough from all that were kept before it."""
    kept = np.ones(len(places), dtype=bool)
    for one, other in sorted(cKDTree(places).query_pairs(APART_M)):
        if kept[one]:
            kept[other] = False
    return kept


def _nearest(
    plots: gpd.GeoDataFrame, trenches: gpd.GeoDataFrame, axes: shapely.STRtree
) -> tuple[np.ndarray, np.ndarray]:
    """Row of the trench each plot hangs on, by the rule that the product counts by, and how far it is."""
    points, lines = plots.geometry.to_numpy(), trenches.geometry.to_numpy()
    near = hang(points, lines, axes, limit_m=DROP_LIMIT_M)
    return trenches.index.to_numpy()[near], shapely.distance(points, lines[near]).round(2)
