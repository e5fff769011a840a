"""Made-up towns, their twins that differ in what an audience may not see, and the packages made of either."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from rollout import handover
from rollout.layers import write_layer
from rollout.parcels import Parcel, share
from rollout.pipeline import check, faultless
from rollout.project import open_project
from rollout.schema import LAYERS
from rollout.sharing.forms import Form
from tests.conftest import at, frame, way
from tests.redteam.loot import Loot
from tests.small_package import KEY

Layers = Mapping[str, gpd.GeoDataFrame]
Change = Callable[[dict[str, gpd.GeoDataFrame]], None]

AS_OF = dt.date(2022, 3, 31)
SIDE_M = 400.0
"""Districts are squares of this side, two rows of three."""
STREETS = ("Amselweg", "Buchenweg", "Drosselgasse", "Eichenallee", "Finkenstieg", "Ginsterpfad")
SEGMENT_STATUSES = ("planned", "applied", "permitted", "digging", "duct_laid", "cable_blown", "accepted", "in_service")
TARGET_STATUSES = (
    *("identified", "owner_contacted", "consent_given", "surveyed", "duct_at_property", "house_entry"),
    *("termination_point", "connected", "orderable", "activated", "refused", "dropped"),
)

PROJECT = """
format = 1
name = "Glasfaser Musterstadt"
municipality = "Stadt Musterstadt"
as_of = 2022-03-31
maps = "maps"
place = { west = 6.9, south = 50.9, east = 7.1, north = 51.1 }
programmes = [{ id = "haupt", name = "Hauptprojekt" }, { id = "park", name = "Gewerbepark" }]
[[phases]]
id = "1"
name = "Bauabschnitt 1"
programme = "haupt"
starts_on = 2021-03-01
districts = [
  { district = "Nord", from_date = 2021-03-01 },
  { district = "Mitte", from_date = 2021-03-01 },
  { district = "Ost", from_date = 2021-03-01 },
]
[[phases]]
id = "2"
name = "Bauabschnitt 2"
programme = "haupt"
starts_on = 2022-03-01
districts = [
  { district = "West", from_date = 2022-03-01 },
  { district = "Heide", from_date = 2022-03-01, extent = "part" },
  { district = "Au", from_date = 2022-03-01 },
]
[[goals]]
programme = "haupt"
measure = "targets"
value = 40
as_of = 2022-01-01
source = "Bescheid"
[layers]
districts.path = "districts.gpkg"
nodes.path = "nodes.gpkg"
segments.path = "segments.gpkg"
targets.path = "targets.gpkg"
streets.path = "streets.gpkg"
"""
DISTRICTS = ("Nord", "Mitte", "Ost", "West", "Heide", "Au")


def layers(seed: int, houses: int = 60) -> dict[str, gpd.GeoDataFrame]:
    """A town drawn by lot: six districts, a street through each, trenches beside them, houses and their states."""
    lots = np.random.default_rng(seed)
    return {
        "districts": _districts(),
        "nodes": frame(
            "nodes", [at(11, 102), at(813, 503)], node_id=["N1", "N2"], kind=["pop", "cabinet"], name=["Rathaus", "Au"]
        ),
        "segments": _segments(lots),
        "targets": _targets(lots, houses),
        "streets": frame(
            "streets",
            [_street(number) for number in range(6)],
            street_id=[f"W{number}" for number in range(6)],
            name=list(STREETS),
            rank=["minor"] * 6,
        ),
    }


def _corner(number: int) -> tuple[float, float]:
    return (number % 3) * SIDE_M, (number // 3) * SIDE_M


def _districts() -> gpd.GeoDataFrame:
    squares = []
    for number in range(6):
        x, y = _corner(number)
        squares.append(shapely.box(*at(x, y).coords[0], *at(x + SIDE_M, y + SIDE_M).coords[0]))
    ids = [f"D{number}" for number in range(6)]
    return frame("districts", squares, district_id=ids, name=list(DISTRICTS), borough=["I"] * 3 + ["II"] * 3)


def _street(number: int) -> shapely.LineString:
    x, y = _corner(number)
    return way((x + 5, y + 100), (x + 200, y + 110), (x + SIDE_M - 5, y + 100))


def _belongs(number: int, piece: int) -> dict[str, str | None]:
    """All trenches are the main programme's, but for the last of each row of districts."""
    if number % 3 == 2 and piece == 2:
        return {"programme_id": "park", "phase_id": None}
    return {"programme_id": "haupt", "phase_id": "1" if number < len(DISTRICTS) // 2 else "2"}


def _segments(lots: np.random.Generator) -> gpd.GeoDataFrame:
    shapes, rows = [], []
    for number in range(6):
        x, y = _corner(number)
        for piece, (begin, end) in enumerate(((6.0, 130.0), (130.0, 262.0), (262.0, 393.0))):
            ends = [(x + begin, y + 104 + lots.uniform(0, 2)), (x + end, y + 105 + lots.uniform(0, 2))]
            middle = (x + (begin + end) / 2 + lots.uniform(-5, 5), y + 113 + lots.uniform(0, 3))
            shapes.append(way(ends[0], middle, ends[1]))
            rows.append({"segment_id": f"S{number}{piece}", "street": STREETS[number], **_belongs(number, piece)})
    statuses = lots.choice(SEGMENT_STATUSES, len(rows))
    return frame(
        "segments",
        shapes,
        **{name: [row[name] for row in rows] for name in rows[0]},
        kind=["new_duct"] * len(rows),
        surface=["sealed"] * len(rows),
        laying_method=["1000"] * len(rows),
        duct_count=[3] * len(rows),
        cable_length_m=[150.0] * len(rows),
        planned_on=[dt.date(2022, 5, 2)] * len(rows),
        status=list(statuses),
        status_since=_days(lots, len(rows)),
    )


def _targets(lots: np.random.Generator, count: int) -> gpd.GeoDataFrame:
    home = lots.choice(6, count, p=[0.3, 0.25, 0.2, 0.15, 0.06, 0.04])
    places = [_corner(number) for number in home]
    shapes = [at(x + lots.uniform(10, 390), y + lots.uniform(118, 127)) for x, y in places]
    category = lots.choice(["household", "business", "school", "hospital"], count, p=[0.8, 0.13, 0.05, 0.02])
    status = lots.choice(TARGET_STATUSES, count)
    return frame(
        "targets",
        shapes,
        target_id=[f"T{number:03}" for number in range(count)],
        programme_id=["haupt" if kind != "business" or number % 2 else "park" for number, kind in enumerate(category)],
        category=list(category),
        drive=list(lots.choice(["funded", "extended"], count, p=[0.8, 0.2])),
        street=[STREETS[number] for number in home],
        house_number=[str(7 + 2 * number) for number in range(count)],
        postcode=["51373"] * count,
        district=[DISTRICTS[number] for number in home],
        institution=[f"Haus Nr {n}" if kind in {"school", "hospital"} else None for n, kind in enumerate(category)],
        status=list(status),
        status_since=_days(lots, count),
        reason=["declined" if word == "refused" else "demolished" if word == "dropped" else None for word in status],
    )


def _days(lots: np.random.Generator, count: int) -> list[dt.date]:
    return [dt.date(2021, 4, 1) + dt.timedelta(days=int(day)) for day in lots.integers(0, 350, count)]


def founded(folder: Path, town: Layers, extra: str = "", project: str = PROJECT) -> Path:
    """Write a town as a project on disk."""
    folder.mkdir(parents=True)
    for name, rows in town.items():
        write_layer(rows, LAYERS[name], folder / f"{name}.gpkg")
    (folder / "rollout.toml").write_text(project + extra, encoding="utf-8")
    return folder


def twin(town: Layers, change: Change) -> dict[str, gpd.GeoDataFrame]:
    """The same town but for what `change` does to its layers."""
    layers_of_twin = {name: rows.copy() for name, rows in town.items()}
    change(layers_of_twin)
    return layers_of_twin


def sent(folder: Path, audience: str, as_of: dt.date = AS_OF, form: Form = Form.FOLDER) -> Loot:
    """Make a package as `rollout share` does, and hand it to the attacker."""
    return all_sent(folder, [audience], as_of, form)[audience]


def all_sent(
    folder: Path, audiences: Sequence[str], as_of: dt.date = AS_OF, form: Form = Form.FOLDER
) -> dict[str, Loot]:
    """Make a package for each of several audiences in one run."""
    project = open_project(folder)
    loot = {}
    for name, known in handover.states_for(faultless(check(project)), project, audiences, as_of).items():
        path = folder / "pakete" / (f"{name}-{as_of}" + (".zip" if form.is_one_file else ""))
        share(known, Parcel(name, path, form), KEY)
        loot[name] = Loot(path)
    return loot


def put(rows: gpd.GeoDataFrame, there: pd.Series, **values: object) -> None:
    """Overwrite columns of some rows in place."""
    for name, value in values.items():
        rows.loc[there, name] = value
