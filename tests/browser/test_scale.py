"""More than can be drawn line by line is drawn in a simpler way, which the page says; its figures stay exact."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import shapely
from playwright.sync_api import expect

from rollout.cartography import PhaseMap, phase_map

if TYPE_CHECKING:
    import geopandas as gpd

    from rollout.analysis.state import State

Open = Callable[..., Any]

COPIES = 9000
NOTE = "Vereinfacht dargestellt"


def copied(rows: gpd.GeoDataFrame, id_column: str) -> gpd.GeoDataFrame:
    """So many rows that they are too many for a picture, side by side."""
    ours = rows[rows["programme_id"] == "stadt"]
    many = ours.take(np.arange(COPIES) % len(ours)).reset_index(drop=True)
    shift = np.arange(COPIES) // len(ours)
    moved = [
        shapely.transform(shape, lambda places, by=by: places + by)
        for shape, by in zip(many.geometry, shift * 3.0, strict=True)
    ]
    return many.assign(**{id_column: [f"X-{number:05d}" for number in range(COPIES)]}).set_geometry(moved, crs=rows.crs)


@pytest.fixture(scope="module")
def crowded(state: State) -> PhaseMap:
    segments = copied(state.segments, "segment_id")
    return phase_map(dataclasses.replace(state, segments=segments))


def test_a_crowded_map_says_that_it_is_simplified_and_counts_exactly(open_page: Open, crowded: PhaseMap) -> None:
    page = open_page(crowded).page
    note = page.locator(".simplified")
    expect(note).to_contain_text(NOTE)
    expect(note).to_contain_text("Zahlen und Liste sind genau")
    expect(page.locator('[data-group="segments"] .head .figure')).to_contain_text("9.000 Abschnitte")
    page.locator("#rollout-list-open").click()
    expect(page.locator("#rollout-list .tabs button").first).to_contain_text("9.000")


def test_what_is_near_is_drawn_as_ever_and_a_crowded_map_answers_where_it_is_clicked(
    open_page: Open, crowded: PhaseMap, state: State
) -> None:
    opened = open_page(crowded)
    place = state.segments.to_crs("EPSG:4326").geometry.iloc[0].interpolate(0.5, normalized=True)
    opened.look(place.y, place.x, 19)
    expect(opened.page.locator(".simplified")).to_be_hidden()
    opened.page.mouse.click(*opened.pixel(place.y, place.x))
    expect(opened.page.locator("#rollout-card")).to_be_visible()


def test_a_crowded_sheet_says_so_as_well(open_page: Open, crowded: PhaseMap) -> None:
    page = open_page(crowded).page
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    sheet = page.locator("#rollout-sheet")
    expect(sheet.locator(".sheet-map")).to_contain_text(NOTE)
    assert sheet.locator("image").count() >= 1


def test_a_long_drag_ends_with_everything_painted(open_page: Open, crowded: PhaseMap) -> None:
    opened = open_page(crowded)
    page = opened.page
    page.mouse.move(1000, 400)
    page.mouse.down()
    for step in range(1, 30):
        page.mouse.move(1000 - 15 * step, 400)
    page.mouse.up()
    page.wait_for_function("() => document.querySelector('.leaflet-pan-anim') === null")
    covers = page.locator(".rollout-scene canvas").first.bounding_box()
    whole = page.locator(".rollout-map").bounding_box()
    assert covers is not None
    assert whole is not None
    assert covers["x"] <= whole["x"]
    assert covers["x"] + covers["width"] >= whole["x"] + whole["width"]
