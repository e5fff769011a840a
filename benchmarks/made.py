"""A made-up region of any size: towns, streets, segments and targets, with the columns of the bundled city's rows."""

from __future__ import annotations

from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.random import Generator
from numpy.typing import NDArray

from rollout.analysis.state import State
from rollout.crs import METRIC_CRS

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

CORNER = np.array([330_000.0, 5_600_000.0])
COUNTY_SEGMENTS, COUNTY_SIDE_M = 50_000, 40_000.0
SEGMENTS_PER_STREET, SEGMENTS_PER_TOWN = 5, 1_000
PLACES = 4
"""Places of a segment: its two ends, and two between."""


@dataclass(frozen=True)
class Plan:
    """The streets of the region: for each segment its places, its street and its town."""

    places: Floats
    street: Integers
    town: Integers
    side_m: float


def region(city: State, segments: int, targets: int, seed: int = 5) -> State:
    """Return a state of so many segments and targets, as large as a county of that density."""
    rng = np.random.default_rng(seed)
    plan = _plan(rng, segments)
    trenches = _segments(rng, city, plan)
    connections = _targets(rng, city, plan, targets)
    towns = _districts(city, plan)
    return replace(
        city,
        districts=towns,
        phase_districts=_phases(city, towns),
        nodes=_nodes(city, towns),
        segments=trenches,
        pieces=_pieces(trenches, plan),
        targets=connections,
        base={"streets": _streets(plan), "boundary": _boundary(towns)},
    )


def _plan(rng: Generator, count: int) -> Plan:
    """Let every street wander from a place in its town; towns stand on a grid, a town's streets follow each other."""
    side = COUNTY_SIDE_M * np.sqrt(count / COUNTY_SEGMENTS)
    street = np.arange(count) // SEGMENTS_PER_STREET
    streets = int(street[-1]) + 1
    across = int(np.ceil(np.sqrt(count / SEGMENTS_PER_TOWN)))
    town = np.arange(streets) * SEGMENTS_PER_STREET // SEGMENTS_PER_TOWN
    centre = CORNER + (np.column_stack([town % across, town // across]) + 0.5) * side / across
    first = centre + rng.normal(0, side / across / 7, (streets, 2))
    steps = SEGMENTS_PER_STREET * (PLACES - 1)
    heading = rng.uniform(0, 2 * np.pi, (streets, 1)) + np.cumsum(rng.normal(0, 0.12, (streets, steps)), axis=1)
    walked = np.cumsum(np.stack([np.cos(heading), np.sin(heading)], axis=2) * 33.0, axis=1)
    along = first[:, None, :] + np.concatenate([np.zeros((streets, 1, 2)), walked], axis=1)
    pieces = np.stack([along[:, k * (PLACES - 1) : (k + 1) * (PLACES - 1) + 1] for k in range(SEGMENTS_PER_STREET)], 1)
    return Plan(pieces.reshape(-1, PLACES, 2)[:count].round(2), street, town[street], float(side))


def _drawn(rng: Generator, rows: gpd.GeoDataFrame, count: int, column: str) -> pd.DataFrame:
    """Draw rows of the city at random; what tells them apart is given anew."""
    ours = rows[rows["programme_id"] == rows["programme_id"].mode()[0]].drop(columns=column)
    return pd.DataFrame(ours.take(rng.integers(0, len(ours), count))).reset_index(drop=True)


def _text(pattern: str, numbers: Integers) -> pd.Series:
    return pd.Series([pattern % number for number in numbers.tolist()], dtype="string[pyarrow]")


def _segments(rng: Generator, city: State, plan: Plan) -> gpd.GeoDataFrame:
    count = len(plan.street)
    rows = _drawn(rng, city.segments, count, "geometry")
    shapes = shapely.linestrings(plan.places)
    length = shapely.length(shapes)
    new = rows.assign(
        segment_id=_text("TR-%06d", np.arange(1, count + 1)),
        street=_street(plan.street),
        length_m=length,
        cable_length_m=length.round(1),
    )
    return gpd.GeoDataFrame(new, geometry=shapes, crs=METRIC_CRS)


def _street(numbers: Integers) -> pd.Series:
    names = np.array([f"{_STEMS[i % len(_STEMS)]}{_ENDS[i // len(_STEMS) % len(_ENDS)]}" for i in range(999)])
    return pd.Series(names[numbers % len(names)], dtype="string[pyarrow]")


_STEMS = (
    *("Ahorn", "Birken", "Buchen", "Eichen", "Erlen", "Eschen", "Fichten", "Linden", "Ulmen", "Tannen", "Weiden"),
    *("Dorf", "Markt", "Kirch", "Schul", "Mühlen", "Brunnen", "Berg", "Tal", "Wald", "Wiesen", "Feld", "Garten"),
    *("Rosen", "Nelken", "Tulpen", "Amsel", "Drossel", "Finken", "Lerchen", "Meisen", "Falken", "Kiefern"),
)
_ENDS = (
    *("weg", "straße", "allee", "gasse", "ring", "platz", "pfad", "steig", "kamp", "grund", "hang", "winkel", "ufer"),
    *("damm", "stieg", "bogen", "blick", "hof", "busch", "rain", "anger", "feld", "brink", "siepen", "acker", "heide"),
    *("bruch", "au", "höhe", "kehre"),
)


def _targets(rng: Generator, city: State, plan: Plan, count: int) -> gpd.GeoDataFrame:
    """Set houses beside the segments, in the order of the streets."""
    rows = _drawn(rng, city.targets, count, "geometry")
    at = np.sort(rng.integers(0, len(plan.street), count))
    a, b = plan.places[at, 0], plan.places[at, -1]
    foot = a + (b - a) * rng.uniform(0, 1, (count, 1))
    aside = rng.choice([-1.0, 1.0], (count, 1)) * rng.uniform(6, 18, (count, 1))
    drop = np.column_stack([a[:, 1] - b[:, 1], b[:, 0] - a[:, 0]]) / np.linalg.norm(b - a, axis=1)[:, None] * aside
    new = rows.assign(
        target_id=_text("AN-%07d", np.arange(1, count + 1)),
        street=_street(plan.street[at]),
        house_number=_text("%d", rng.integers(1, 120, count)),
        segment_id=_text("TR-%06d", at + 1),
        district_id=_text("T%04d", plan.town[at]),
        district=_text("Ort %d", plan.town[at]),
        drop_m=np.abs(aside[:, 0]),
        foot=shapely.points(foot),
    )
    return gpd.GeoDataFrame(new, geometry=shapely.points((foot + drop).round(2)), crs=METRIC_CRS)


def _pieces(segments: gpd.GeoDataFrame, plan: Plan) -> pd.DataFrame:
    names = ["segment_id", "length_m", "programme_id", "phase_id", "kind", "status", "status_since", "reason", "height"]
    district = _text("T%04d", plan.town)
    return pd.DataFrame(segments[names]).assign(district_id=district, cable_m=segments["cable_length_m"])


def _districts(city: State, plan: Plan) -> gpd.GeoDataFrame:
    count = int(plan.town[-1]) + 1
    across = int(np.ceil(np.sqrt(count)))
    numbers = np.arange(count)
    west, south = (CORNER[:, None] + np.stack([numbers % across, numbers // across]) * plan.side_m / across).round(2)
    wide = plan.side_m / across
    columns = {"district_id": _text("T%04d", numbers), "name": _text("Ort %d", numbers)}
    borough = pd.Series(["Kreis"] * count, dtype=city.districts["borough"].dtype)
    shapes = shapely.box(west, south, west + wide, south + wide)
    return gpd.GeoDataFrame({**columns, "borough": borough}, geometry=shapes, crs=METRIC_CRS)


def _phases(city: State, districts: gpd.GeoDataFrame) -> pd.DataFrame:
    member = city.phase_districts.take(np.arange(len(districts)) % len(city.phase_districts)).reset_index(drop=True)
    return member.assign(district_id=districts["district_id"])


def _nodes(city: State, districts: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    rows = pd.DataFrame(city.nodes.take(np.arange(len(districts)) % len(city.nodes))).reset_index(drop=True)
    numbers = np.arange(len(districts))
    new = rows.assign(
        node_id=_text("NVT-%04d", numbers), name=_text("NVt Ort %d", numbers), district_id=districts["district_id"]
    )
    return gpd.GeoDataFrame(new.drop(columns="geometry"), geometry=districts.geometry.centroid, crs=METRIC_CRS)


def _streets(plan: Plan) -> gpd.GeoDataFrame:
    """Draw the streets of the base map below their segments."""
    shapes = shapely.linestrings(plan.places.reshape(-1, 2), indices=np.repeat(plan.street, PLACES))
    numbers = np.arange(len(shapes))
    rank = pd.Series(np.where(numbers % 10 == 0, "main", "minor"), dtype="string[pyarrow]")
    columns = {"street_id": _text("S%06d", numbers), "name": _street(numbers), "rank": rank}
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=METRIC_CRS)


def _boundary(districts: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    name = pd.Series(["Kreis"], dtype="string[pyarrow]")
    return gpd.GeoDataFrame({"boundary_id": name, "name": name}, geometry=[districts.union_all()], crs=METRIC_CRS)
