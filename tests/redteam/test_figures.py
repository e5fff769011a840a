"""What council and public print of small counts, added up, subtracted and solved for: none of them comes out."""

from __future__ import annotations

import copy
import json
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import shapely
from pyproj import Transformer

from tests.redteam import arithmetic, census, worlds
from tests.redteam.arithmetic import RUNGS, SMALL

if TYPE_CHECKING:
    import geopandas as gpd

    from tests.redteam.decoder import Page
    from tests.redteam.loot import Loot

SIGNS = ("< 4", "·")
TOWNS = {7: 200, 11: 700}
"""Seed → houses: a town where most counts are small, and one where few are."""
TABLE = "tabellen/fortschritt.json"
Given = tuple[dict[str, "gpd.GeoDataFrame"], dict[str, "Loot"]]


@pytest.fixture(scope="module", params=TOWNS)
def given(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Given:
    """A town, and what council and public get of it."""
    town = worlds.layers(request.param, TOWNS[request.param])
    folder = worlds.founded(tmp_path_factory.mktemp("zahlen") / "stadt", town)
    return town, worlds.all_sent(folder, ["council", "public"])


def tables(loot: Loot) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(loot.files[TABLE])
    return read


def test_no_small_count_can_be_worked_out_from_all_tables_together(given: Given) -> None:
    town, loot = given
    system = arithmetic.system_of(tables(loot["council"]))
    arithmetic.system_of(tables(loot["public"]), into=system)
    truth = census.with_rests(census.census(town["targets"]), system)
    assert {key for key, (least, most) in system.span.items() if not least <= truth[key] <= most} == set()
    assert all(arithmetic.valued(terms, truth) == 0 for terms in system.sums)
    assert len(arithmetic.secrets(system, truth)) > 100
    assert arithmetic.worked_out(system, truth) == []


def test_the_numbers_alone_leave_every_small_count_a_span_of_four(given: Given) -> None:
    town, loot = given
    system = arithmetic.system_of(tables(loot["public"]), signs=False)
    truth = census.with_rests(census.census(town["targets"]), system)
    lots = np.random.default_rng(0)
    small = arithmetic.secrets(system, truth)
    for name in lots.choice(sorted(small), 40, replace=False):
        most, _ = system.extreme(small[name], most=True, whole=False)
        least, _ = system.extreme(small[name], most=False, whole=False)
        assert most - least >= len(SMALL) + 1 - 1e-6, name


def test_the_same_arithmetic_breaks_a_table_that_leaves_out_the_small_counts_alone(given: Given) -> None:
    town, loot = given
    careless = copy.deepcopy(tables(loot["council"]))
    found = census.census(town["targets"])
    for section in careless["sections"]:
        programme = section["title"].rpartition(": ")[2]
        for row in section["rows"]:
            for rung in RUNGS if "category" in row["cells"] else ():
                area = str(row["cells"]["district"]).removesuffix(" (in Teilen)")
                count = found[programme, area, row["cells"]["category"], rung]
                row["cells"][rung] = "<\u202f4" if count in SMALL else count
    system = arithmetic.system_of(careless)
    truth = census.with_rests(found, system)
    assert len(arithmetic.worked_out(system, truth)) > 10


def test_no_form_and_no_map_says_more_than_another(given: Given) -> None:
    for loot in given[1].values():
        counts = {name: _signs(loot, name) for name in loot.sheets}
        assert len(counts) == 5
        assert set(map(str, counts.values())) == {str(counts[TABLE])}
        told = _told(tables(loot))
        for page in loot.pages.values():
            assert _told_by(page) <= told


def _signs(loot: Loot, name: str) -> dict[str, int]:
    found = Counter(" ".join(cell.split()) for sheet in loot.sheets[name] for row in sheet.rows for cell in row)
    return {sign: found[sign] for sign in SIGNS}


def _told(read: dict[str, Any]) -> set[str]:
    every = (value for section in read["sections"] for row in section["rows"] for value in row["cells"].values())
    return {" ".join(str(value).split()) for value in every}


def _told_by(page: Page) -> set[str]:
    """Every single figure that the rows of a map name, e.g. in `37 (Haushalte ·, Übrige < 4)`."""
    rows = [row for name in ("districts", "cells") for row in page.layers.get(name, ())]
    said = [str(value) for row in rows for name, value in row.items() if name.startswith("figure_") and value]
    return {" ".join(found.split()) for text in said for found in re.findall(r"<\s\d+|·|\d+", text)}


def test_no_place_on_a_map_is_one_of_a_trench_a_house_or_a_node(given: Given) -> None:
    town, loot = given
    to_metres = Transformer.from_crs("EPSG:4326", "EPSG:25832", always_xy=True)
    ends = np.concatenate([shapely.get_coordinates(town[name].geometry) for name in ("segments", "targets", "nodes")])
    spots = shapely.STRtree(shapely.points(ends))
    for name in ("council", "public"):
        for page in loot[name].pages.values():
            places = shapely.points(np.column_stack(to_metres.transform(*zip(*page.coordinates(), strict=True))))
            assert len(spots.query(places, "dwithin", distance=1.0)[0]) == 0
            assert [len(page.layers.get(layer, ())) for layer in ("targets", "extended", "nodes")] == [0, 0, 0]


def test_a_map_for_the_city_shows_the_places_of_all_of_them(tmp_path: Path) -> None:
    town = worlds.layers(seed=7)
    page = worlds.sent(worlds.founded(tmp_path / "stadt", town), "city").pages["stadt.html"]
    to_metres = Transformer.from_crs("EPSG:4326", "EPSG:25832", always_xy=True)
    places = shapely.STRtree(
        shapely.points(np.column_stack(to_metres.transform(*zip(*page.coordinates(), strict=True))))
    )
    ours = town["segments"][town["segments"]["programme_id"].eq("haupt")]
    ends = shapely.points(shapely.get_coordinates(ours.geometry))
    assert len({*places.query(ends, "dwithin", distance=0.2)[0].tolist()}) == len(ends)
