"""The made-up city as a whole: from the real ground and a seed to its layers, and their files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from rollout.crs import METRIC_CRS
from rollout.layers import write_layer
from rollout.schema import LAYERS, PANDAS_DTYPES
from rollout.synthetic.base import river
from rollout.synthetic.connections import finished_connections, with_connections
from rollout.synthetic.corridors import Corridors, corridors, park_corridor
from rollout.synthetic.houses import house_places
from rollout.synthetic.naming import street_names
from rollout.synthetic.progress import finished, with_progress
from rollout.synthetic.quotas import district_quotas
from rollout.synthetic.routing import Router, chain_membership
from rollout.synthetic.snags import Snag, with_branchings, with_gaps
from rollout.synthetic.spec import Pace
from rollout.synthetic.streets import street_network
from rollout.synthetic.targets import choose_firms, choose_targets
from rollout.synthetic.trenches import (
    cut_to_length,
    district_of_most,
    load_behind,
    trench_rows,
    with_cables,
    with_kinds,
)
from rollout.vocabulary import SegmentKind

if TYPE_CHECKING:
    from pathlib import Path

    from rollout.synthetic.base import Base
    from rollout.synthetic.spec import CitySpec
    from rollout.synthetic.streets import StreetNetwork


@dataclass(frozen=True, slots=True)
class City:
    """The layers of a city; columns, types and order as `rollout.schema` has them, sorted by identifier."""

    districts: gpd.GeoDataFrame
    nodes: gpd.GeoDataFrame
    segments: gpd.GeoDataFrame
    targets: gpd.GeoDataFrame
    streets: gpd.GeoDataFrame
    water: gpd.GeoDataFrame
    boundary: gpd.GeoDataFrame
    neighbours: gpd.GeoDataFrame
    snags: dict[Snag, tuple[str, ...]]
    """What was put in to be found: identifiers of segments, or of targets that wait."""


@dataclass(frozen=True, slots=True)
class _Ground:
    """What the later steps share: streets, their names and districts, and one stream of random numbers each."""

    base: Base
    spec: CitySpec
    network: StreetNetwork
    names: np.ndarray
    edge_districts: np.ndarray
    sides: np.ndarray
    rngs: list[np.random.Generator]


def make_city(base: Base, spec: CitySpec) -> City:
    """
    Make a city.

    Parameters
    ----------
    base
        The real ground: border, neighbours, districts, stops.
    spec
        The figures to keep to, and the seed.

    Returns
    -------
    city
        The same for the same input, to the last digit.
    """
    ground = _ground(base, spec)
    quotas = district_quotas(spec)
    plan = corridors(ground.network, ground.edge_districts, quotas, spec, ground.rngs[2])
    router = Router(ground.network, plan.edges, ground.sides)
    trenches = _trenches(ground, plan, router)
    houses = _houses(ground, plan.edges.tolist(), trenches, ground.rngs[3])
    targets = choose_targets(houses, quotas, spec, ground.rngs[4])
    own = np.bincount(targets["row"], minlength=len(trenches))
    trenches = with_cables(trenches, load_behind(trenches["parent"].to_numpy(), own), spec.cable_m)
    trenches = with_progress(trenches, spec, ground.rngs[5])
    targets = with_connections(targets, trenches, spec, ground.rngs[6])
    park_trenches, firms, park_node = _park(ground, plan)
    segments = _segments(pd.concat([trenches, park_trenches], ignore_index=True))
    addresses = _addresses(pd.concat([targets, firms], ignore_index=True), base)
    return City(
        districts=_layer("districts", base.districts),
        nodes=_layer("nodes", _nodes(spec, [router.joint(int(node)) for node in plan.node_junctions], park_node)),
        segments=_layer("segments", segments),
        targets=_layer("targets", addresses),
        streets=_layer("streets", _streets(ground)),
        water=_layer("water", _water(base, spec)),
        boundary=_layer("boundary", base.boundary),
        neighbours=_layer("neighbours", base.neighbours),
        snags={**_snags(segments, "segment_id"), Snag.WAITING: _snags(addresses, "target_id").get(Snag.WAITING, ())},
    )


def _snags(rows: pd.DataFrame, key: str) -> dict[Snag, tuple[str, ...]]:
    found = rows.dropna(subset="snag").groupby("snag")[key]
    return {Snag(str(snag)): tuple(sorted(ids)) for snag, ids in found}


def write_city(city: City, folder: Path) -> list[Path]:
    """
    Write every layer as a GeoPackage.

    Parameters
    ----------
    city
        The layers.
    folder
        Where the files go; files of the same name are replaced.

    Returns
    -------
    paths
        The files, in the order of the layers.
    """
    paths = []
    for name in LAYERS:
        path = folder / f"{name}.gpkg"
        write_layer(getattr(city, name), LAYERS[name], path)
        paths.append(path)
    return paths


def _ground(base: Base, spec: CitySpec) -> _Ground:
    rngs = [np.random.Generator(np.random.PCG64([spec.seed, step])) for step in range(8)]
    network = street_network(base, spec, rngs[0])
    chain_of, _ = chain_membership(network)
    names = np.array(street_names(network, rngs[1]))[chain_of]
    sides = np.where(rngs[1].random(len(network.chains)) < 0.5, 1.0, -1.0)  # noqa: PLR2004 - either side
    middles = shapely.line_interpolate_point(network.lines, 0.5, normalized=True)
    return _Ground(base, spec, network, names, _covering(middles, base.districts), sides, rngs)


def _covering(points: np.ndarray, districts: gpd.GeoDataFrame) -> np.ndarray:
    """Return the name of the district nearest to each point, which is the one that covers it wherever one does."""
    pairs = shapely.STRtree(districts.geometry.array).query_nearest(points, all_matches=True)
    table = pd.DataFrame({"point": pairs[0], "district": pairs[1]}).sort_values(["point", "district"])
    nearest = table.drop_duplicates("point")["district"].to_numpy()
    return np.asarray(districts["name"].to_numpy(dtype=object)[nearest])


def _trenches(ground: _Ground, plan: Corridors, router: Router) -> gpd.GeoDataFrame:
    spec, areas = ground.spec, ground.base.districts
    rows = cut_to_length(trench_rows(plan, router), spec)
    rows = with_branchings(rows, ground.names[rows["edge"].to_numpy()])
    leading = _leading(rows, district_of_most(rows, areas), spec)
    rows = with_kinds(rows, ground.network.main[rows["edge"].to_numpy()], leading, spec.co_used_m)
    phases = {district.name: district.phase_id for district in spec.districts}
    districts = district_of_most(rows, areas)
    paces = {district.name: district.pace for district in spec.districts}
    return with_gaps(rows.assign(district=districts), paces).assign(
        programme_id=spec.programme_id,
        phase_id=[phases[name] for name in districts],
        street=ground.names[rows["edge"].to_numpy()],
    )


def _leading(rows: gpd.GeoDataFrame, districts: list[str], spec: CitySpec) -> np.ndarray:
    """Tell which rows lie between a node and a district where works are further on than in the row's own."""
    parents = rows["parent"].to_numpy()
    begun = {plan.name for plan in spec.districts if plan.pace is Pace.BEGUN}
    late = np.array([name in begun for name in districts])
    through = late & (load_behind(parents, ~late) > 0)
    return np.asarray(load_behind(parents, through) > 0)


def _houses(
    ground: _Ground, edges: list[int], trenches: gpd.GeoDataFrame, rng: np.random.Generator
) -> gpd.GeoDataFrame:
    """Offer houses that lie in the same district as the trench before them, so that a phase serves its own."""
    serving = trenches if "dropped" not in trenches else trenches.loc[~trenches["dropped"]]
    houses = house_places(ground.network, edges, serving, rng)
    chain_names = np.array([ground.names[chain[0][0]] for chain in ground.network.chains])
    houses = houses.assign(
        district=_covering(houses.geometry.array, ground.base.districts),
        street=chain_names[houses["chain"]],
        house_number=houses["number"].astype(str) + houses["suffix"],
    )
    same = houses["district"].to_numpy() == trenches["district"].to_numpy()[houses["row"]]
    return houses.loc[same].reset_index(drop=True)


def _park(ground: _Ground, taken: Corridors) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame, np.ndarray]:
    """Lay out the business park: one street, its trench and its firms."""
    spec = ground.spec.park
    plan = _park_plan(ground, taken)
    router = Router(ground.network, plan.edges, ground.sides)
    rows = trench_rows(plan, router)
    lengths = rows.geometry.length.cumsum()
    rows = rows.loc[lengths - rows.geometry.length < spec.length_m].copy()
    last = rows.geometry.iloc[-1]
    keep = last.length - (float(rows.geometry.length.sum()) - spec.length_m)
    if keep < last.length:
        line = shapely.transform(shapely.ops.substring(last, 0.0, keep), lambda places: np.round(places, 2))
        rows.loc[[rows.index[-1]], "geometry"] = gpd.GeoSeries([line], index=[rows.index[-1]], crs=METRIC_CRS)
    rows = rows.assign(
        programme_id=spec.programme_id, phase_id=None, kind=SegmentKind.NEW_DUCT.value, cables=1,
        district=district_of_most(rows, ground.base.districts), street=ground.names[rows["edge"].to_numpy()],
    )  # fmt: skip
    rows = finished(rows.assign(cable_length_m=rows.geometry.length.round(1)))
    houses = _houses(ground, plan.edges.tolist(), rows, ground.rngs[7])
    return rows, finished_connections(choose_firms(houses, ground.spec)), router.joint(int(plan.node_junctions[0]))


def _park_plan(ground: _Ground, taken: Corridors) -> Corridors:
    _, chain = park_corridor(ground.network, ground.edge_districts, taken, ground.spec)
    edges = np.array([edge for edge, _ in chain])
    forward = np.array([ahead for _, ahead in chain])
    lengths = ground.network.lengths[edges]
    start = ground.network.ends[edges[0], 0 if forward[0] else 1]
    count = np.arange(len(edges))
    return Corridors(
        edges, forward, count - 1, np.cumsum(lengths) - lengths, np.zeros(len(edges), dtype=bool), count,
        np.array([start]),
    )  # fmt: skip


def _nodes(spec: CitySpec, places: list[np.ndarray], park_place: np.ndarray) -> gpd.GeoDataFrame:
    rows = [(plan.node_id, plan.kind, plan.name) for plan in spec.nodes]
    rows.append((spec.park.node_id, "cabinet", spec.park.node_name))
    table = pd.DataFrame(rows, columns=["node_id", "kind", "name"])
    return gpd.GeoDataFrame(table, geometry=shapely.points(np.array([*places, park_place])), crs=METRIC_CRS)


def _segments(trenches: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Add identifiers and what the crews would note: surface, method and number of ducts."""
    number = np.arange(len(trenches))
    dug = (trenches["kind"] == SegmentKind.NEW_DUCT.value).to_numpy()
    draw = np.random.Generator(np.random.PCG64(len(trenches))).random((3, len(trenches))).round(6)
    method = np.where(draw[0] < 0.80, "1000", np.where(draw[0] < 0.95, "3000", "6000"))  # noqa: PLR2004
    return trenches.assign(
        segment_id=[f"TR-{index + 1:04d}" for index in number],
        surface=np.where(draw[1] < 0.88, "sealed", "unsealed"),  # noqa: PLR2004
        laying_method=np.where(dug, method, "1000"),
        duct_count=1 + trenches["cables"].to_numpy() + (draw[2] < 0.3),  # noqa: PLR2004
    )


def _addresses(targets: gpd.GeoDataFrame, base: Base) -> gpd.GeoDataFrame:
    ordered = targets.sort_values(["programme_id", "district", "street", "number", "suffix"], ascending=True)
    return ordered.assign(
        target_id=[f"AN-{index + 1:05d}" for index in range(len(ordered))],
        postcode=[base.postcodes[name] for name in ordered["district"]],
    )


def _streets(ground: _Ground) -> gpd.GeoDataFrame:
    count = len(ground.network.paths)
    return gpd.GeoDataFrame(
        {
            "street_id": [f"ST-{index + 1:05d}" for index in range(count)],
            "name": ground.names,
            "rank": np.where(ground.network.main, "main", "minor"),
        },
        geometry=ground.network.lines,
        crs=METRIC_CRS,
    )


def _water(base: Base, spec: CitySpec) -> gpd.GeoDataFrame:
    columns = {"water_id": ["WA-01"], "name": [spec.river_name]}
    return gpd.GeoDataFrame(columns, geometry=[river(base, spec)], crs=METRIC_CRS)


def _layer(name: str, frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Bring a frame to the columns, types and order of its layer."""
    layer = LAYERS[name]
    columns = {column.name: frame[column.name].astype(PANDAS_DTYPES[column.type]) for column in layer.columns}
    ordered = gpd.GeoDataFrame(columns, geometry=frame.geometry, crs=METRIC_CRS)
    return ordered.sort_values(layer.key, ignore_index=True)
