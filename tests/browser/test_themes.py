"""Themes laid over the map: off at first, drawn when asked for, and told by the card."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

import rollout
from rollout.analysis.state import State
from rollout.analysis.unlock import unlock
from rollout.cartography import Additions, PhaseMap, phase_map

Open = Callable[..., Any]
BUNDLED = Path(__file__).parents[2] / "geodata" / "leverkusen"


@pytest.fixture(scope="module")
def city() -> State:
    return rollout.state(rollout.open_project(BUNDLED))


@pytest.fixture(scope="module")
def page_of_phase_2(city: State) -> PhaseMap:
    return phase_map(city, "2", additions=Additions(unlocked=unlock(city, "leverkusen", limit=5)))


@pytest.mark.parametrize("theme", ["reach", "packages"])
def test_a_theme_is_drawn_only_when_it_is_switched_on(open_page: Open, page_of_phase_2: PhaseMap, theme: str) -> None:
    opened = open_page(page_of_phase_2)
    before = opened.picture()
    box = opened.page.locator(f'[data-group="{theme}"] .head input')
    expect(box).not_to_be_checked()
    box.check()
    assert opened.picture() != before
    box.uncheck()
    assert opened.picture() == before


def test_contradictions_are_ringed(open_page: Open, city: State) -> None:
    opened = open_page(phase_map(city, "1"))
    before = opened.picture()
    opened.page.locator('[data-group="doubts"] .head input').check()
    assert opened.picture() != before


def test_a_set_to_build_next_can_be_shown_alone_by_keyboard(open_page: Open, page_of_phase_2: PhaseMap) -> None:
    opened = open_page(page_of_phase_2)
    opened.page.locator('[data-group="packages"] .head input').focus()
    opened.page.keyboard.press("Space")
    every = opened.picture()
    only = opened.page.locator('[data-row="packages/class/2"] button')
    only.focus()
    opened.page.keyboard.press("Enter")
    expect(only).to_have_attribute("aria-pressed", "true")
    assert opened.picture() != every


def test_the_card_tells_what_is_computed(open_page: Open, city: State) -> None:
    opened = open_page(phase_map(city, "1"))
    row = city.targets[(city.targets["phase_id"] == "1") & city.targets["cable_reachable"]].iloc[0]
    opened.page.get_by_role("combobox").fill(f"{row['street']} {row['house_number']}")
    opened.page.keyboard.press("Enter")
    card = opened.page.locator("#rollout-card")
    expect(card).to_contain_text("mit Kabel verbunden")
    expect(card).to_contain_text(str(row["node_id"]))


def test_the_filter_narrows_to_what_cannot_be_reached(open_page: Open, page_of_phase_2: PhaseMap, city: State) -> None:
    opened = open_page(page_of_phase_2)
    opened.page.locator("#rollout-filter summary").click()
    opened.page.get_by_label("berechnet", exact=True).select_option(label="nicht erreichbar")
    rows = city.targets[(city.targets["phase_id"] == "2") & (city.targets["drive"] == "funded")]
    waiting = int((~rows["reachable"]).sum())
    figure = opened.page.locator('[data-group="targets"] .head .figure')
    expect(figure).to_contain_text(f"{waiting}")
