"""On a phone the legend covers the map, and still tells of what the map showed; the map keeps its room."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from rollout.cartography import phase_map

if TYPE_CHECKING:
    from types import ModuleType

    from rollout.analysis.state import State
    from rollout.cartography import PhaseMap

Open = Callable[..., Any]


def test_the_open_legend_counts_what_the_map_showed_before(open_page: Open, state: State) -> None:
    page = open_page(phase_map(state), 390, 844, hash="karte=15.00/51.0435/7.0343").page
    legend = page.locator("#rollout-legend")
    expect(legend).to_contain_text("von 1")
    before = legend.text_content()
    page.locator("#rollout-toggle").click()
    expect(page.locator("#rollout-tools")).to_be_hidden()
    page.locator('[data-row="targets/category/school"] input').uncheck()
    expect(page.locator("#rollout-reset")).to_be_visible()
    page.locator("#rollout-reset").click()
    page.wait_for_function("() => /karte=.*/.test(window.location.hash)")
    assert legend.text_content() == before
    page.locator("#rollout-toggle").click()
    expect(page.locator("#rollout-tools")).to_be_visible()


def test_a_legend_opened_before_the_map_has_moved_counts_everything(open_page: Open, state: State) -> None:
    page = open_page(phase_map(state), 390, 844).page
    page.locator("#rollout-toggle").click()
    expect(page.locator("#rollout-tools")).to_be_hidden()
    page.wait_for_function("() => /karte=.*/.test(window.location.hash)")  # written once all is counted
    expect(page.locator('[data-group="targets"]')).to_contain_text("Haushalte")
    expect(page.locator("#rollout-legend")).not_to_contain_text("von")


@pytest.mark.parametrize(("width", "height"), [(360, 640), (390, 844), (768, 1024), (1024, 768)])
def test_the_zoom_buttons_are_free_where_official_tiles_are_offered(
    open_page: Open, made_city: ModuleType, width: int, height: int
) -> None:
    offered = made_city.made_state(project=made_city.made_project(base_map="basemap.de"))
    page = open_page(phase_map(offered), width, height, hash="karte=14.00/51.04/7.03").page
    zooms = [zoom_of(page)]
    for name in ("Vergrößern", "Verkleinern"):
        before = page.url
        page.get_by_role("button", name=name).click(timeout=3000)
        expect(page).not_to_have_url(before)
        zooms.append(zoom_of(page))
    assert zooms[0] < zooms[1] > zooms[2]


def zoom_of(page: Any) -> float:  # noqa: ANN401 - a page of the browser
    return float(page.url.split("karte=")[1].split("/")[0])


@pytest.mark.parametrize(("width", "height"), [(360, 640), (390, 844)])
def test_a_small_phone_keeps_room_for_the_map_above_the_slider(
    open_page: Open, courses: Callable[[str | None], PhaseMap], width: int, height: int
) -> None:
    page = open_page(courses(None), width, height, has_touch=True, is_mobile=True).page
    box = page.locator(".rollout-map").bounding_box()
    assert box["height"] > 0.43 * height
    words = page.locator("#rollout-time strong").evaluate(
        """strong => {
          const words = document.createRange();
          words.selectNodeContents(strong);
          const { left, top, right, bottom } = words.getBoundingClientRect();
          return [left, top, right, bottom];
        }"""
    )
    select = page.get_by_label("Schritte").bounding_box()
    assert words[1] >= page.locator("#rollout-time").bounding_box()["y"]
    assert words[2] <= select["x"] or words[3] <= select["y"]
