"""Releases of several days and to several audiences, laid side by side: no small count comes out of all together."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from rollout.layers import write_layer
from rollout.schema import LAYERS
from tests.redteam import arithmetic, census, worlds
from tests.redteam.arithmetic import RUNGS

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

BEFORE, NOW = dt.date(2022, 3, 31), dt.date(2022, 6, 30)
LADDER = worlds.TARGET_STATUSES[:10]
TOWNS = {12: (900, 3), 14: (300, 60)}
"""Seed → houses, and how many of them move up between two quarters."""

Town = dict[str, "gpd.GeoDataFrame"]
Printed = tuple[str, dict[str, Any]]
"""The day, as part of a key, and the tables of it."""


def a_quarter_later(town: Town, seed: int, moving: int) -> Town:
    """The same town with some houses one to three steps farther; none goes back and none comes or goes."""
    lots = np.random.default_rng(seed)
    targets = town["targets"].copy()
    for row in lots.choice(len(targets), moving, replace=False):
        status = targets["status"].iloc[row]
        if status in LADDER:
            higher = min(LADDER.index(status) + int(lots.integers(1, 4)), len(LADDER) - 1)
            targets.loc[row, "status"] = LADDER[higher]
    return {**town, "targets": targets}


def printed(folder: Path, audience: str, day: dt.date) -> Printed:
    loot = worlds.sent(folder, audience, day)
    return f" {day}", json.loads(loot.files["tabellen/fortschritt.json"])


def worked_out(releases: Sequence[Printed], towns: dict[str, Town]) -> list[str]:
    """Solve all releases at once; a reader takes it that no milestone is taken back."""
    system = arithmetic.System()
    for day, tables in releases:
        arithmetic.system_of(tables, day, into=system)
    found = census.Census()
    for day, town in towns.items():
        for (programme, *rest), count in census.census(town["targets"]).items():
            found[programme + day, *rest] = count
    first, last = f" {BEFORE}", f" {NOW}"
    for programme, area, category, rung in list(system.span):
        later = (programme.removesuffix(first) + last, area, category, rung)
        if programme.endswith(first) and later in system.span and rung != RUNGS[0] and not area.startswith("Rest"):
            system.steps.append({later: 1.0, (programme, area, category, rung): -1.0})
    truth = census.with_rests(found, system)
    assert all(arithmetic.valued(terms, truth) >= 0 for terms in system.steps)
    return arithmetic.worked_out(system, truth)


@pytest.fixture(params=TOWNS)
def quarters(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, Town, Town]:
    """A town on disk as it was, and how it is a quarter later."""
    houses, moving = TOWNS[request.param]
    town = worlds.layers(request.param, houses)
    return worlds.founded(tmp_path / "stadt", town), town, a_quarter_later(town, request.param, moving)


def _a_quarter_passes(folder: Path, town: Town) -> None:
    write_layer(town["targets"], LAYERS["targets"], folder / "targets.gpkg")


def test_council_and_public_of_one_day_give_nothing_away_together(quarters: tuple[Path, Town, Town]) -> None:
    """Only the public had the quarter before: what is left out for its sake must be left out for the council too."""
    folder, _, later = quarters
    printed(folder, "public", BEFORE)
    _a_quarter_passes(folder, later)
    both = [printed(folder, "public", NOW), printed(folder, "council", NOW)]
    assert worked_out(both, {f" {NOW}": later}) == []


def test_two_quarters_give_nothing_away_of_either(quarters: tuple[Path, Town, Town]) -> None:
    folder, before, later = quarters
    first = printed(folder, "public", BEFORE)
    _a_quarter_passes(folder, later)
    both = [first, printed(folder, "public", NOW)]
    assert worked_out(both, {f" {BEFORE}": before, f" {NOW}": later}) == []
