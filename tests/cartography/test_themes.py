"""The themes of a page: counted as the tables count them, off at first, and drawn from columns that are there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import rollout
from rollout.analysis.state import State
from rollout.analysis.unlock import Unlocked, unlock
from rollout.cartography.legend_rows import LegendGroup
from rollout.cartography.payload import page_data
from rollout.cartography.scope import Additions, Contents, contents_of, scope_of
from rollout.cartography.spec import spec_of
from rollout.cartography.themes import THEMES, themes_of

BUNDLED = Path(__file__).parents[2] / "geodata" / "leverkusen"


@pytest.fixture(scope="module")
def city() -> State:
    return rollout.state(rollout.open_project(BUNDLED))


@pytest.fixture(scope="module")
def unlocked(city: State) -> Unlocked:
    return unlock(city, "leverkusen", limit=4)


def _contents(city: State, phase: str, unlocked: Unlocked | None = None) -> Contents:
    return replace(contents_of(city, scope_of(city.project, phase, None)), additions=Additions(unlocked))


def _group(contents: Contents, layer: str) -> LegendGroup:
    return next(group for group in themes_of(contents) if group.layer == layer)


def test_themes_are_off_at_first_and_come_last_in_the_legend(city: State, unlocked: Unlocked) -> None:
    legend = spec_of(_contents(city, "2", unlocked)).legend
    assert [group.layer for group in legend[-2:]] == ["reach", "packages"]
    assert not any(group.shown for group in legend[-2:])


def test_reach_counts_metres_of_either_kind_apart(city: State) -> None:
    rows = {row.value: row.figures for row in _group(_contents(city, "2"), "reach").rows}
    assert rows["island"] == ("432\u202fm", "–")
    assert set(rows) == {"cable", "duct", "island"}


def test_contradictions_are_counted_by_kind(city: State) -> None:
    rows = {row.value: row.figures for row in _group(_contents(city, "1"), "doubts").rows}
    assert rows == {"connected_without_path": ("3",), "waiting_with_path": ("6",)}


def test_a_page_lists_only_the_sets_that_lie_on_it(city: State, unlocked: Unlocked) -> None:
    assert [row.value for row in _group(_contents(city, "2", unlocked), "packages").rows] == ["1", "2", "3", "4"]
    assert "packages" not in {group.layer for group in themes_of(_contents(city, "1", unlocked))}


def test_a_set_says_its_metres_and_what_it_gains(city: State, unlocked: Unlocked) -> None:
    first = _group(_contents(city, "2", unlocked), "packages").rows[0]
    assert first.label == "1. 48\u202fm"
    assert first.figures == ("+7",)


def test_a_page_without_sets_offers_none(city: State) -> None:
    assert "packages" not in {group.layer for group in themes_of(_contents(city, "2"))}


def test_every_theme_that_is_offered_has_its_column(city: State, unlocked: Unlocked) -> None:
    data = page_data(_contents(city, "2", unlocked))
    for layer, column in (THEMES["reach"], THEMES["packages"]):
        assert column in data["layers"][layer]["columns"]
    words = set(data["layers"]["segments"]["columns"]["reach"]["words"])
    assert words == {row.value for row in _group(_contents(city, "2"), "reach").rows}
