"""On a phone the legend covers the map, and still tells of what the map showed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect

from rollout.cartography import phase_map

if TYPE_CHECKING:
    from rollout.analysis.state import State

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
