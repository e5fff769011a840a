"""The true numbers of a made-up town, counted by hand: what an attacker on the published tables is after."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING, Any

from tests.conftest import X0, Y0
from tests.redteam import worlds
from tests.redteam.arithmetic import RUNGS, Key

if TYPE_CHECKING:
    import geopandas as gpd

    from tests.redteam.arithmetic import System

REACHED = {
    "duct_at_property": 2,
    "house_entry": 2,
    "termination_point": 3,
    "connected": 4,
    "orderable": 4,
    "activated": 5,
}
"""Status → how many of the rungs it has reached; any other but `dropped` has reached the first alone."""
PROGRAMMES = {"haupt": "Hauptprojekt", "park": "Gewerbepark"}
CELL_M = 100


class Census(Counter[Key]):
    """Key → true number."""


def census(targets: gpd.GeoDataFrame) -> Census:
    """Count every funded connection in its district, phase, programme and cell."""
    found = Census()
    for row in targets.to_dict("records"):
        if row["drive"] != "funded" or row["status"] == "dropped":
            continue
        category = "Haushalte" if row["category"] == "household" else "Übrige"
        for area in _areas(row):
            for rung in RUNGS[: REACHED.get(row["status"], 1)]:
                for group in ("alle", category):
                    found[PROGRAMMES[row["programme_id"]], area, group, rung] += 1
    return found


def _areas(row: dict[str, Any]) -> tuple[str, ...]:
    x, y = row["geometry"].x, row["geometry"].y
    number = int((x - X0) // worlds.SIDE_M) + 3 * int((y - Y0) // worlds.SIDE_M)
    phase = f"Summe Bauabschnitt {1 if number < len(worlds.DISTRICTS) // 2 else 2}"
    cell = f"N{math.floor(y / CELL_M) * CELL_M}E{math.floor(x / CELL_M) * CELL_M}"
    return (worlds.DISTRICTS[number], phase, "Gesamt", f"CRS25832RES100m{cell}")


def with_rests(found: Census, system: System) -> Census:
    """Add what is left of each district beside the cells that are shown, and every key the attacker reckons with."""
    whole = Census(found)
    for programme, area, category, rung in system.span:
        if area.startswith("Rest "):
            district = area.removeprefix("Rest ")
            shown = [terms for terms in system.sums if (programme, area, category, rung) in terms]
            cells = [key for terms in shown for key in terms if key[1].startswith("CRS")]
            rest = found[programme, district, category, rung] - sum(found[key] for key in cells)
            whole[programme, area, category, rung] = rest
    return whole
