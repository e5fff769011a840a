"""Pages of those who get figures alone: districts and cells coloured, counts left out hatched, cards with the signs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from rollout.cartography import Additions, PhaseMap, phase_map
from rollout.sharing.disclosure import disclosed
from tests.sharing.made_cities import audience, city, random_houses, without_connections

Open = Callable[..., Any]
NEAR = (50.986, 7.004, 16.0)


@pytest.fixture(scope="module")
def page() -> PhaseMap:
    state, public = city(random_houses(2)), audience()
    found = disclosed(state, public, "public")
    return phase_map(without_connections(state), additions=Additions(disclosed=found.drawn))


def test_cells_are_drawn_and_their_legend_switches_them(open_page: Open, page: PhaseMap) -> None:
    opened = open_page(page)
    before = opened.picture()
    box = opened.page.locator('[data-group="cells"] .head input')
    expect(box).to_be_checked()
    box.uncheck()
    assert opened.picture() != before


def test_districts_are_coloured_and_can_be_switched_off(open_page: Open, page: PhaseMap) -> None:
    opened = open_page(page)
    before = opened.picture()
    opened.page.locator('[data-group="areas"] .head input').uncheck()
    assert opened.picture() != before


def test_the_card_of_a_cell_tells_its_figures_with_their_signs(open_page: Open, page: PhaseMap) -> None:
    opened = open_page(page)
    cells = page._contents.additions.disclosed.cells.to_crs(4326)
    middle = cells.geometry.iloc[0].centroid
    opened.look(middle.y, middle.x, 16.0)
    opened.page.mouse.click(*opened.pixel(middle.y, middle.x))
    card = opened.page.locator("#rollout-card")
    expect(card).to_contain_text(cells["cell_id"].iloc[0])
    expect(card).to_contain_text(f"davon angeschlossen{cells['connected_text'].iloc[0]}")


def test_the_card_of_a_district_tells_figures_instead_of_counting_connections(open_page: Open, page: PhaseMap) -> None:
    opened = open_page(page)
    opened.page.locator('[data-group="cells"] .head input').uncheck()
    opened.look(50.99, 7.02, 14.0)
    opened.page.mouse.click(*opened.pixel(50.99, 7.02))
    card = opened.page.locator("#rollout-card")
    expect(card).to_contain_text("Haushalte")
    expect(card).not_to_contain_text("führt diese Seite keinen")


def test_a_page_without_such_figures_holds_nothing_of_them(state: Any) -> None:  # noqa: ANN401
    data = phase_map(state)._data()
    assert "areas" not in data["themes"]
    assert "areas" not in data["symbols"]
    assert "cells" not in data["layers"]
