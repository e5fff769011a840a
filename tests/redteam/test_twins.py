"""Two towns that differ only in what an audience may not see give packages that are equal to the byte."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from tests.redteam import worlds

Town = dict[str, gpd.GeoDataFrame]
LONG_AGO = dt.datetime(2021, 4, 2)  # noqa: DTZ001 - a day of a frame
READY = ("duct_at_property", "house_entry", "termination_point", "connected", "orderable", "activated")


def activations_swapped(town: Town) -> None:
    """Who has booked, who surfs, and since when."""
    swapped = {"connected": "activated", "orderable": "connected", "activated": "orderable"}
    targets = town["targets"]
    there = targets["status"].isin(swapped)
    worlds.put(targets, there, status=targets["status"][there].map(swapped), status_since=LONG_AGO)


def consent_details_changed(town: Town) -> None:
    """Why an owner refused, and what the house is."""
    targets = town["targets"]
    worlds.put(targets, targets["reason"].eq("declined"), reason="unreachable")
    worlds.put(targets, targets["reason"].eq("demolished"), reason="duplicate")
    worlds.put(targets, targets["institution"].notna(), institution="Anderes Haus")


def permits_changed(town: Town) -> None:
    """Which trench has its permit, and since when."""
    segments = town["segments"]
    swapped = {"planned": "permitted", "applied": "planned", "permitted": "applied"}
    there = segments["status"].isin(swapped)
    worlds.put(segments, there, status=segments["status"][there].map(swapped), status_since=LONG_AGO)


def building_details_changed(town: Town) -> None:
    """How and when a trench is dug."""
    segments = town["segments"]
    everywhere = segments["segment_id"].notna()
    details = {"surface": "unsealed", "laying_method": "4000", "duct_count": 7, "planned_on": LONG_AGO}
    worlds.put(segments, everywhere, **details)


def unready_elsewhere(town: Town) -> None:
    """Who is not ready yet: their states, addresses and ids, and half of them gone."""
    targets = town["targets"]
    waiting = ~targets["status"].isin(READY)
    worlds.put(targets, waiting, status="refused", reason="declined", status_since=LONG_AGO, street="Zaunweg")
    targets.loc[waiting, "target_id"] = "X" + targets["target_id"][waiting]
    town["targets"] = targets.drop(targets.index[waiting][::2]).reset_index(drop=True)


def addresses_changed(town: Town) -> None:
    """Ids, numbers, names and days of every house, and where in its cell it stands."""
    targets = town["targets"]
    targets["target_id"] = "H" + targets["target_id"].str[::-1]
    targets["house_number"] = (targets["house_number"].astype(int) + 400).astype("string")
    worlds.put(targets, targets["target_id"].notna(), postcode="51399", status_since=LONG_AGO)
    middle_x, middle_y = (targets.geometry.x // 100 * 100 + 50, targets.geometry.y // 100 * 100 + 50)
    nearer = 0.3 * np.column_stack([middle_x - targets.geometry.x, middle_y - targets.geometry.y])
    targets.geometry = shapely.points(np.column_stack([targets.geometry.x, targets.geometry.y]) + nearer)


def institutions_swapped(town: Town) -> None:
    """Which of the others is a school, a hospital or a firm."""
    targets = town["targets"]
    there = targets["category"].ne("household")
    worlds.put(targets, there, category=targets["category"][there].map(SWAPPED))


def steps_between_milestones_changed(town: Town) -> None:
    """Steps that reach the same milestone, and all of the buildings that nobody funds."""
    targets = town["targets"]
    alike = {"identified": "refused", "consent_given": "identified", "connected": "orderable", "orderable": "connected"}
    there = targets["status"].isin(alike)
    worlds.put(targets, there, status=targets["status"][there].map(alike), reason="unreachable")
    worlds.put(targets, targets["drive"].eq("extended"), status="activated")


def trenches_moved(town: Town) -> None:
    """Where beside its street a trench lies, how it is built, what its parts are called, and where the nodes are."""
    segments, lots = town["segments"], np.random.default_rng(1)
    building_details_changed(town)
    segments["segment_id"] = "X" + segments["segment_id"].str[::-1]
    segments["status_since"] = LONG_AGO
    moved = segments.geometry.segmentize(20.0)
    segments.geometry = shapely.transform(moved, lambda places: places + lots.uniform(-0.4, 0.4, places.shape))
    town["nodes"].geometry = town["nodes"].translate(40, 60)
    town["nodes"]["name"] = "Bunker"


SWAPPED = {"business": "school", "school": "hospital", "hospital": "business"}
FIGURES = (addresses_changed, institutions_swapped, steps_between_milestones_changed, trenches_moved)
WITHHELD: dict[tuple[str, ...], tuple[worlds.Change, ...]] = {
    ("council", "public"): FIGURES,
    ("evl",): (activations_swapped, consent_details_changed),
    ("netcologne",): (permits_changed, building_details_changed, unready_elsewhere, consent_details_changed),
}
Files = dict[str, bytes]


@pytest.fixture(scope="module")
def town() -> Town:
    return worlds.layers(seed=7)


@pytest.fixture(scope="module")
def originals(town: Town, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Files]:
    folder = worlds.founded(tmp_path_factory.mktemp("original") / "stadt", town)
    everyone = ["city", *(name for names in WITHHELD for name in names)]
    return {name: loot.files for name, loot in worlds.all_sent(folder, everyone).items()}


@pytest.mark.parametrize("audiences", WITHHELD, ids=" and ".join)
def test_nothing_in_a_package_depends_on_what_is_withheld(
    town: Town, originals: dict[str, Files], tmp_path: Path, audiences: tuple[str, ...]
) -> None:
    def changed(layers: Town) -> None:
        for change in WITHHELD[audiences]:
            change(layers)

    twin = worlds.all_sent(worlds.founded(tmp_path / "stadt", worlds.twin(town, changed)), [*audiences, "city"])
    assert [(name, file) for name in audiences for file in _unlike(twin[name].files, originals[name])] == []
    assert {"stadt.html", "index.html", "tabellen/fortschritt.json"} <= {
        *_unlike(twin["city"].files, originals["city"])
    }


@pytest.mark.parametrize("change", dict.fromkeys(change for changes in WITHHELD.values() for change in changes))
def test_each_of_these_changes_is_one(town: Town, change: worlds.Change) -> None:
    twin = worlds.twin(town, change)
    assert any(not rows.equals(town[name]) for name, rows in twin.items())


def _unlike(files: Files, others: Files) -> list[str]:
    return sorted(name for name in {*files, *others} if files.get(name) != others.get(name))
