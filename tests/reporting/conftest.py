"""A made-up city of thirteen districts, two phases and two programmes, with every state a row can have."""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import pytest

from rollout.analysis import ladder
from rollout.analysis.state import State
from rollout.project import Goal, Phase, PhaseDistrict, Place, Programme, Project
from rollout.vocabulary import REASONS, SEGMENT_LADDER, TARGET_LADDER

if TYPE_CHECKING:
    from collections.abc import Callable

DAY = dt.date(2022, 3, 28)
PHASES = {
    "1": ("Hitdorf", "Rheindorf", "Bürrig", "Küppersteg", "Opladen", "Bergisch Neukirchen"),
    "2": ("Alkenrath", "Manfort", "Schlebusch", "Steinbüchel", "Lützenkirchen", "Quettingen", "Wiesdorf"),
}
NAMES = [name for names in PHASES.values() for name in names]
IN_PART = {"Lützenkirchen", "Quettingen", "Wiesdorf"}
EMPTY = "Manfort"


def make_project(**said: object) -> Project:
    phases = tuple(
        Phase(
            id=key,
            name=f"Bauabschnitt {key}",
            programme="leverkusen",
            starts_on=dt.date(2021, 3, 1),
            districts=tuple(PhaseDistrict(district=name, from_date=dt.date(2021, 3, 1)) for name in names),
        )
        for key, names in PHASES.items()
    )
    goals = [
        {"measure": "targets", "category": "household", "value": 1376},
        {"measure": "targets", "category": "business", "value": 98, "districts": ("Bürrig", "Opladen")},
        {"measure": "new_duct_km", "value": 49, "tolerance": 0.5},
        {"measure": "cable_km", "value": 82, "tolerance": 0.5},
    ]
    source = {"as_of": DAY, "source": "Bericht der Stadt vom 28.03.2022"}
    defaults: dict[str, object] = {
        "folder": Path(),
        "format": 1,
        "name": "Geförderter Glasfaserausbau Leverkusen",
        "municipality": "Stadt Leverkusen",
        "as_of": DAY,
        "sample": True,
        "place": Place(west=6.8, south=50.9, east=7.2, north=51.2),
        "programmes": (
            Programme(id="leverkusen", name="Geförderter Glasfaserausbau"),
            Programme(id="friedenstal", name="Gewerbegebiet Im Friedenstal"),
        ),
        "phases": phases,
        "goals": tuple(Goal(programme="leverkusen", **goal, **source) for goal in goals),
        "layers": {
            "districts": {"path": "d", "note": "Stadtteilgrenzen: Näherung", "attribution": ("© BKG (VG250)",)},
            "nodes": {"path": "n"},
            "segments": {"path": "s"},
            "targets": {"path": "t"},
        },
    }
    return Project(**(defaults | said))


def make_targets(chance: random.Random, count: int) -> pd.DataFrame:
    ladder_words = [rung.key for rung in TARGET_LADDER]
    rows = []
    for number in range(count):
        place = chance.choice([i for i, name in enumerate(NAMES) if name != EMPTY])
        outside = chance.random() < 0.004
        special = number < 13
        status = None if chance.random() < 0.03 else chance.choice(ladder_words[:10] * 8 + ladder_words[10:])
        rows.append(
            {
                "target_id": f"t{number}",
                "programme_id": "friedenstal" if special else "leverkusen",
                "category": "business"
                if special
                else chance.choices(["household", "business", "school", "hospital"], [1376, 214, 34, 1])[0],
                "drive": "extended" if not special and chance.random() < 0.3 else "funded",
                "district_id": None if outside else f"{place:02d}",
                "phase_id": None if outside or special else ("1" if place < 6 else "2"),
                "status": status,
                "status_since": dt.datetime(2021, 1, 1) + dt.timedelta(days=chance.randrange(400)),  # noqa: DTZ001
                "reason": chance.choice([*REASONS, None]) if status in {"refused", "dropped"} else None,
                "near_built_m": chance.choice([float("inf"), chance.uniform(0, 80)]),
                "reachable": number % 3 > 0,
            }
        )
    return typed(pd.DataFrame(rows), "targets")


def make_pieces(chance: random.Random, count: int) -> pd.DataFrame:
    words = [rung.key for rung in SEGMENT_LADDER]
    rows = []
    for number in range(count):
        place = chance.choice([i for i, name in enumerate(NAMES) if name != EMPTY])
        kind = "co_used" if chance.random() < 0.3 else "new_duct"
        steps = words[4:12] if kind == "co_used" else words[:12]
        status = None if chance.random() < 0.02 else chance.choice(steps * 4 + ["blocked", "dropped"])
        whole = chance.uniform(20, 400)
        cut = chance.random() if chance.random() < 0.2 else 1.0
        parts = [(place, whole * cut)] + ([((place + 1) % 13, whole * (1 - cut))] if cut < 1 else [])
        rows += [
            {
                "segment_id": f"s{number}",
                "programme_id": "friedenstal" if number < 2 else "leverkusen",
                "phase_id": None if number < 2 else ("1" if place < 6 else "2"),
                "kind": kind,
                "district_id": f"{district:02d}",
                "length_m": length,
                "cable_m": length * 1.15,
                "status": status,
                "status_before": "digging",
                "status_since": dt.datetime(2021, 6, 1) + dt.timedelta(days=chance.randrange(200)),  # noqa: DTZ001
                "reason": chance.choice([*REASONS, None]) if status in {"blocked", "dropped"} else None,
            }
            for district, length in parts
        ]
    return typed(pd.DataFrame(rows), "segments")


def typed(rows: pd.DataFrame, layer: str) -> pd.DataFrame:
    texts = [name for name in rows.columns if not name.endswith(("_m", "_since"))]
    frame = rows.astype(dict.fromkeys(texts, "string")).astype({"status_since": "datetime64[ms]"})
    return frame.assign(height=ladder.heights(gpd.GeoDataFrame(frame), layer))


def make_state(seed: int = 1, targets: int = 2300, segments: int = 350, project: Project | None = None) -> State:
    chance = random.Random(seed)  # noqa: S311 - made-up data
    project = project or make_project()
    pieces = make_pieces(chance, segments)
    ids = [f"{i:02d}" for i in range(13)]
    members = pd.DataFrame(
        {
            "phase_id": ["1" if i < 6 else "2" for i in range(13)],
            "programme_id": "leverkusen",
            "district_id": ids,
            "from_date": pd.Timestamp("2021-03-01"),
            "extent": ["part" if name in IN_PART else "whole" for name in NAMES],
        }
    )
    texts = dict.fromkeys(["phase_id", "programme_id", "district_id", "extent"], "string")
    segment_rows = pieces.drop_duplicates("segment_id", ignore_index=True)
    return State(
        project=project,
        as_of=DAY,
        districts=gpd.GeoDataFrame({"district_id": ids, "name": NAMES, "borough": "I"}).astype("string"),
        phase_districts=members.astype(texts),
        nodes=gpd.GeoDataFrame(),
        segments=gpd.GeoDataFrame(segment_rows),
        pieces=pieces,
        targets=gpd.GeoDataFrame(make_targets(chance, targets)),
        base={},
    )


@pytest.fixture(scope="session")
def city() -> State:
    return make_state()


@pytest.fixture(scope="session")
def build_city() -> Callable[..., State]:
    return make_state


@pytest.fixture(scope="session")
def build_project() -> Callable[..., Project]:
    return make_project
