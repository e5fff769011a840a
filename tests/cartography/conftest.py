"""A made-up city, small and without any file: the state the pages of these tests are drawn from."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from rollout.analysis.state import State
from rollout.project import Project
from rollout.vocabulary import SEGMENT_LADDER, TARGET_LADDER

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rollout.vocabulary import Rung

    Floats = NDArray[np.float64]

CRS = "EPSG:25832"
WEST, SOUTH = 360_000.0, 5_655_000.0
BLOCK = 120.0
COLUMNS, ROWS = 40, 24
"""Street blocks from west to east and from south to north."""


def made_project(**changes: object) -> Project:
    said: dict[str, Any] = {
        "folder": Path.cwd(),
        "format": 1,
        "name": "Glasfaser Musterstadt",
        "municipality": "Stadt Musterstadt",
        "as_of": dt.date(2022, 3, 28),
        "sample": True,
        "place": {"west": 6.5, "south": 50.5, "east": 7.5, "north": 51.5},
        "programmes": [{"id": "stadt", "name": "Geförderter Ausbau"}, {"id": "gewerbe", "name": "Gewerbegebiet"}],
        "phases": [_phase("1", ["D0", "D1", "D2"]), _phase("2", ["D3", "D4"])],
        "layers": {
            "districts": {"path": "a.gpkg", "attribution": ["© Stadt Musterstadt"], "note": "Stadtteile: Näherung"},
            "nodes": {"path": "b.gpkg"},
            "segments": {"path": "c.gpkg", "attribution": ["Trassen: erfunden"]},
            "targets": {"path": "d.gpkg"},
        },
    }
    return Project(**{**said, **changes})


def _phase(number: str, districts: list[str]) -> dict[str, Any]:
    return {
        "id": number,
        "name": f"Bauabschnitt {number}",
        "programme": "stadt",
        "starts_on": dt.date(2021, 3, 1),
        "districts": [{"district": f"Viertel {name[1]}", "from_date": dt.date(2021, 3, 1)} for name in districts],
    }


def made_state(seed: int = 7, **changes: object) -> State:
    random = np.random.default_rng(seed)
    districts = _districts()
    streets = _streets()
    segments = _segments(streets, random)
    targets = _targets(segments, random)
    frames: dict[str, Any] = {
        "project": made_project(),
        "as_of": dt.date(2022, 3, 28),
        "districts": districts,
        "phase_districts": _phase_districts(),
        "nodes": _nodes(),
        "segments": segments,
        "pieces": _pieces(segments),
        "targets": targets,
        "base": {
            "streets": streets,
            "water": _water(),
            "boundary": _boundary(districts),
            "neighbours": _neighbours(districts),
        },
    }
    return State(**{**frames, **changes})


def _text(values: object) -> pd.Series[str]:
    return pd.Series(values, dtype="string")


def _districts() -> gpd.GeoDataFrame:
    width = COLUMNS * BLOCK / 5
    shapes = [shapely.box(WEST + i * width, SOUTH, WEST + (i + 1) * width, SOUTH + ROWS * BLOCK) for i in range(5)]
    ids = [f"D{i}" for i in range(5)]
    names = _text([f"Viertel {i}" for i in range(5)])
    frame = {"district_id": _text(ids), "name": names, "borough": _text(["I", "I", "II", "II", "III"])}
    return gpd.GeoDataFrame(frame, geometry=shapes, crs=CRS)


def _phase_districts() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "phase_id": _text(["1", "1", "1", "2", "2"]),
            "programme_id": _text(["stadt"] * 5),
            "district_id": _text([f"D{i}" for i in range(5)]),
            "from_date": pd.to_datetime(["2021-03-01"] * 5),
            "extent": _text(["whole", "whole", "whole", "whole", "part"]),
        }
    )


def _streets() -> gpd.GeoDataFrame:
    rows = []
    for row in range(ROWS + 1):
        y = SOUTH + row * BLOCK
        for column in range(COLUMNS):
            x = WEST + column * BLOCK
            rows.append((f"Querstraße {row}", row % 6 == 0, shapely.LineString([(x, y), (x + BLOCK, y)])))
    for column in range(COLUMNS + 1):
        x = WEST + column * BLOCK
        for row in range(ROWS):
            y = SOUTH + row * BLOCK
            rows.append((f"Längsgasse {column}", column % 8 == 0, shapely.LineString([(x, y), (x, y + BLOCK)])))
    names, main, lines = zip(*rows, strict=True)
    frame = {
        "street_id": _text([f"ST-{i:05d}" for i in range(len(rows))]),
        "name": _text(list(names)),
        "rank": _text(np.where(main, "main", "minor")),
    }
    return gpd.GeoDataFrame(frame, geometry=list(lines), crs=CRS)


def _segments(streets: gpd.GeoDataFrame, random: np.random.Generator) -> gpd.GeoDataFrame:
    chosen = np.sort(random.choice(len(streets), 500, replace=False))
    lines = shapely.transform(streets.geometry.to_numpy()[chosen], lambda xy: xy + 4.0)
    count = len(chosen)
    status = _statuses(SEGMENT_LADDER, count, random)
    x = shapely.get_coordinates(shapely.centroid(lines))[:, 0]
    programme = np.where(np.arange(count) % 50 == 0, "gewerbe", "stadt")
    frame = {
        "segment_id": _text([f"T-{i:04d}" for i in range(count)]),
        "programme_id": _text(programme),
        "phase_id": _phases_at(x, programme),
        "kind": _text(random.choice(["new_duct", "co_used"], count, p=[0.7, 0.3])),
        "surface": _text(random.choice(["sealed", "unsealed"], count)),
        "laying_method": _text(["1000"] * count),
        "duct_count": pd.Series(random.integers(1, 5, count), dtype="Int64"),
        "cable_length_m": shapely.length(lines) * 1.1,
        "planned_on": pd.to_datetime(["2022-06-30"] * count),
        "street": streets["name"].to_numpy()[chosen],
        "status": status,
        "status_since": pd.to_datetime(["2022-01-15"] * count),
        "reason": status.map({"blocked": "permit", "dropped": "rerouted"}).astype("string"),
        "status_before": status.map({"blocked": "digging"}).astype("string"),
        "length_m": shapely.length(lines),
        "height": _heights(status, SEGMENT_LADDER),
    }
    built = (frame["height"] >= 4).fillna(value=False).to_numpy(dtype=bool)
    alone = built & (np.arange(count) % 9 == 0)
    frame["reached"], frame["cable_reached"] = built & ~alone, built & ~alone & (np.arange(count) % 2 == 0)
    frame["island_id"] = frame["segment_id"].where(alone)
    return gpd.GeoDataFrame(frame, geometry=lines, crs=CRS)


def _statuses(ladder: tuple[Rung, ...], count: int, random: np.random.Generator) -> pd.Series[str]:
    words = np.array([*[rung.key for rung in ladder], None], dtype=object)
    return _text(words[np.concatenate([np.arange(len(words)), random.integers(0, len(words), count - len(words))])])


def _heights(status: pd.Series[str], ladder: tuple[Rung, ...]) -> pd.Series[int]:
    return status.map({rung.key: rung.height for rung in ladder}).astype("Int64")


def _district_numbers(x: Floats) -> NDArray[np.int64]:
    return np.clip((x - WEST) // (COLUMNS * BLOCK / 5), 0, 4).astype(int)


def _phases_at(x: Floats, programme: NDArray[np.object_]) -> pd.Series[str]:
    phases = np.where(_district_numbers(x) < 3, "1", "2").astype(object)
    phases[np.asarray(programme) == "gewerbe"] = None
    return _text(phases)


def _pieces(segments: gpd.GeoDataFrame) -> pd.DataFrame:
    x = shapely.get_coordinates(shapely.centroid(segments.geometry.to_numpy()))[:, 0]
    columns = ["segment_id", "programme_id", "phase_id", "kind", "status", "reason", "height", "length_m"]
    pieces = pd.DataFrame(segments[columns])
    return pieces.assign(
        district_id=_text([f"D{i}" for i in _district_numbers(x)]).to_numpy(), cable_m=segments["cable_length_m"]
    ).astype({"district_id": "string"})


def _targets(segments: gpd.GeoDataFrame, random: np.random.Generator) -> gpd.GeoDataFrame:
    count = 1500
    owner = random.integers(0, len(segments), count)
    lines = segments.geometry.to_numpy()[owner]
    feet = shapely.line_interpolate_point(lines, random.uniform(0.05, 0.95, count), normalized=True)
    points = shapely.transform(feet, lambda xy: xy + random.choice([-14.0, 11.0], xy.shape))
    status = _statuses(TARGET_LADDER, count, random)
    x = shapely.get_x(points)
    programme = segments["programme_id"].to_numpy()[owner]
    frame = {
        "target_id": _text([f"A-{i:05d}" for i in range(count)]),
        "programme_id": _text(programme),
        "category": _text(
            random.choice(["household", "business", "school", "hospital"], count, p=[0.7, 0.2, 0.08, 0.02])
        ),
        "drive": _text(random.choice(["funded", "extended"], count, p=[0.6, 0.4])),
        "street": segments["street"].to_numpy()[owner],
        "house_number": _text([f"{number}" for number in random.integers(1, 99, count)]),
        "postcode": _text(["51377"] * count),
        "district": _text([None] * count),
        "institution": _text([None] * count),
        "status": status,
        "status_since": pd.to_datetime(["2022-02-01"] * count),
        "reason": status.map({"refused": "declined", "dropped": "demolished"}).astype("string"),
        "district_id": _text([f"D{i}" for i in _district_numbers(x)]),
        "phase_id": _phases_at(x, programme),
        "height": _heights(status, TARGET_LADDER),
        "segment_id": segments["segment_id"].to_numpy()[owner],
        "drop_m": shapely.distance(points, feet),
        "foot": feet,
        "near_built_m": np.where(random.random(count) < 0.1, np.inf, 12.5),
        "reachable": np.arange(count) % 3 > 0,
        "cable_reachable": np.arange(count) % 3 > 1,
        "contradiction": _text([None, "connected_without_path"] * (count // 2) + [None] * (count % 2)),
        "node_id": _text(["K-0"] * count),
        "route_m": np.where(np.arange(count) % 3 > 0, 250.0, np.nan),
    }
    frame["street"], frame["segment_id"] = _text(frame["street"]), _text(frame["segment_id"])
    return gpd.GeoDataFrame(frame, geometry=points, crs=CRS)


def _nodes() -> gpd.GeoDataFrame:
    places = [shapely.Point(WEST + 960 * i + 480, SOUTH + 1440) for i in range(5)]
    frame = {
        "node_id": _text([f"K-{i}" for i in range(5)]),
        "kind": _text(["pop", *["cabinet"] * 4]),
        "name": _text([f"Standort {i}" for i in range(5)]),
        "district_id": _text([f"D{i}" for i in range(5)]),
    }
    return gpd.GeoDataFrame(frame, geometry=places, crs=CRS)


def _water() -> gpd.GeoDataFrame:
    shape = shapely.LineString([(WEST - 400, SOUTH - 900), (WEST - 300, SOUTH + 4000)]).buffer(150)
    return gpd.GeoDataFrame({"water_id": _text(["W1"]), "name": _text(["Fluss"])}, geometry=[shape], crs=CRS)


def _boundary(districts: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    shape = shapely.union_all(districts.geometry.to_numpy())
    return gpd.GeoDataFrame({"boundary_id": _text(["05"]), "name": _text(["Musterstadt"])}, geometry=[shape], crs=CRS)


def _neighbours(districts: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Two that share a border on either side of the city, and with it all of the city's."""
    city = shapely.union_all(districts.geometry.to_numpy())
    west, south, east, north = city.bounds
    around = shapely.box(west - 3000, south - 3000, east + 3000, north + 3000)
    halves = [shapely.box(*around.bounds[:3], south), shapely.box(around.bounds[0], south, *around.bounds[2:])]
    shapes = [half.difference(city) for half in halves]
    names = _text(["Südau", "Nordheim (Musterland)"])
    return gpd.GeoDataFrame({"neighbour_id": _text(["05-S", "05-N"]), "name": names}, geometry=shapes, crs=CRS)


@pytest.fixture(scope="session")
def state() -> State:
    return made_state()
