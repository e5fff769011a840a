"""Small random cities as states, with as little in them as the figures need."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from rollout.analysis.state import State
from rollout.audiences import Audience
from rollout.crs import METRIC_CRS
from tests.drawing import X0, Y0, project
from tests.drawing import town as drawn_town

DAY = dt.date(2022, 3, 31)
STATUSES = {
    0: ("identified", 0),
    1: ("duct_at_property", 4),
    2: ("termination_point", 6),
    3: ("connected", 7),
    4: ("activated", 9),
}
"""Milestones passed → a status that has passed so many, and its height."""


def audience(**said: Any) -> Audience:  # noqa: ANN401
    return Audience(
        **{"title": "Öffentlichkeit", "recipient": "alle", "purpose": "Bericht", "figures": "cells", **said}
    )


def city(houses: pd.DataFrame, day: dt.date = DAY) -> State:
    """A state of one programme; `houses` has `x`, `y`, `district_id`, `category` and `milestones`."""
    words = houses["milestones"].map(STATUSES)
    points = shapely.points(X0 + houses["x"].to_numpy(float), Y0 + houses["y"].to_numpy(float))
    text: dict[str, Any] = {
        "target_id": [f"T{n}" for n in range(len(houses))],
        "programme_id": "p",
        "phase_id": "1",
        "drive": "funded",
        "district_id": houses["district_id"],
        "category": houses["category"],
        "street": "Hauptstraße",
        "house_number": [str(n) for n in range(len(houses))],
        "status": [word for word, _ in words],
    }
    rows = pd.DataFrame({name: pd.Series(value, index=houses.index, dtype="string") for name, value in text.items()})
    rows["height"] = pd.array([height for _, height in words], dtype="Int64")
    rows["near_built_m"], rows["reachable"] = 50.0, False
    targets = gpd.GeoDataFrame(rows, geometry=points, crs=METRIC_CRS)
    empty = drawn_town([], [])
    return State(
        project=project(),
        as_of=day,
        districts=empty.districts,
        phase_districts=empty.phase_districts,
        nodes=empty.nodes,
        segments=empty.segments,
        pieces=empty.pieces,
        targets=targets,
        base={},
    )


def random_houses(seed: int, count: int = 60) -> pd.DataFrame:
    """Houses in clumps, half of them built in some clumps and none in others."""
    lots = np.random.default_rng(seed)
    clumps = lots.integers(0, 6, count)
    corner = lots.integers(0, 6, (6, 2)) * 100.0
    far = lots.random(6)
    return pd.DataFrame(
        {
            "x": corner[clumps, 0] + lots.uniform(1, 99, count) + np.where(clumps < 3, 0.0, 1_000.0),
            "y": corner[clumps, 1] + lots.uniform(1, 99, count),
            "district_id": np.where(clumps < 3, "west", "east"),
            "category": lots.choice(["household", "household", "household", "business", "school"], count),
            "milestones": np.where(lots.random(count) < far[clumps], lots.integers(0, 5, count), 0),
        }
    )


def later(houses: pd.DataFrame, seed: int, steps: int) -> pd.DataFrame:
    """The same houses after some of them took a step."""
    lots = np.random.default_rng(seed)
    moved = houses["milestones"].to_numpy().copy()
    for house in lots.integers(0, len(houses), steps):
        moved[house] = min(moved[house] + 1, 4)
    return houses.assign(milestones=moved)


def without_connections(state: State) -> State:
    """What a page of the city is drawn from where none of its connections may be shown."""
    return replace(state, targets=drawn_town([], []).targets)
