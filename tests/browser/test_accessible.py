"""The page for everyone: no finding of axe in any of its states, and what axe cannot see."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from rollout.cartography import Additions, Marks, phase_map

if TYPE_CHECKING:
    from rollout.analysis.state import State
    from rollout.cartography import PhaseMap

Open = Callable[..., Any]
Courses = Callable[[str | None], "PhaseMap"]

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
PHONE = {"width": 390, "height": 844, "has_touch": True, "is_mobile": True}


def at_rest(page: Any) -> None:  # noqa: ANN401 - a page of the browser
    expect(page.locator("#rollout-search")).to_be_visible()


def searching(page: Any) -> None:  # noqa: ANN401
    page.locator("#rollout-search").fill("querstr")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option").first).to_be_visible()


def finding_nothing(page: Any) -> None:  # noqa: ANN401
    page.locator("#rollout-search").fill("xyzzy")
    expect(page.get_by_text("Kein Treffer")).to_be_visible()


def answered(page: Any) -> None:  # noqa: ANN401
    page.locator("#rollout-search").fill("a-00042")
    page.keyboard.press("Enter")
    expect(page.locator("#rollout-card")).to_be_visible()


def listed(page: Any) -> None:  # noqa: ANN401
    page.get_by_role("button", name="Liste", exact=True).click()
    expect(page.locator("#rollout-list tr[data-row]").first).to_be_visible()


def filtered(page: Any) -> None:  # noqa: ANN401
    if page.locator("#rollout-toggle").is_visible():
        page.locator("#rollout-toggle").click()
    page.locator("#rollout-filter summary").click()
    page.get_by_label("Stadtteil", exact=True).select_option("Viertel 3")
    page.get_by_role("button", name="nur im Bau").click()
    expect(page.locator("#rollout-reset")).to_be_visible()


def printing(page: Any) -> None:  # noqa: ANN401
    page.get_by_role("button", name="Drucken").click()
    expect(page.get_by_role("button", name="A4 hoch")).to_be_visible()


STATES = (at_rest, searching, finding_nothing, answered, listed, filtered, printing)


@pytest.fixture(scope="session")
def axe(node_modules: Path) -> str:
    return (node_modules / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


def violations(page: Any, axe: str) -> list[str]:  # noqa: ANN401
    page.evaluate(axe)
    found = page.evaluate("tags => axe.run(document, { runOnly: tags })", RULES)
    return [f"{rule['id']}: {node['html'][:160]}" for rule in found["violations"] for node in rule["nodes"]]


@pytest.mark.parametrize("reach", STATES, ids=lambda reach: reach.__name__)
@pytest.mark.parametrize("layout", ["desk", "phone"])
def test_axe_finds_nothing(open_page: Open, state: State, axe: str, reach: Callable[[Any], None], layout: str) -> None:
    opened = open_page(phase_map(state), **(PHONE if layout == "phone" else {}))
    reach(opened.page)
    assert violations(opened.page, axe) == []


@pytest.mark.parametrize("reach", STATES, ids=lambda reach: reach.__name__)
def test_on_a_phone_every_control_can_be_hit_by_a_thumb(
    open_page: Open, state: State, reach: Callable[[Any], None]
) -> None:
    page = open_page(phase_map(state), **PHONE).page
    reach(page)
    controls = page.locator(
        "button, select, summary, label.row, .choice, [role=option], input[type=text], tr[data-row]"
    )
    small = controls.evaluate_all(
        "places => places.filter(place => place.checkVisibility() && !place.closest('.skip'))"
        ".map(place => [place.textContent.slice(0, 30) + place.id, place.getBoundingClientRect()])"
        ".filter(([, box]) => box.height > 0 && box.height < 43.9).map(([name, box]) => `${name} ${box.height}`)"
    )
    assert small == []


@pytest.mark.parametrize("layout", ["desk", "phone"])
def test_axe_finds_nothing_on_an_earlier_day(open_page: Open, courses: Courses, axe: str, layout: str) -> None:
    page = open_page(courses("1"), hash="stand=2021-10-29", **(PHONE if layout == "phone" else {})).page
    expect(page.get_by_role("slider", name="Stichtag")).to_have_attribute("aria-valuetext", "Stand 29.10.2021")
    assert violations(page, axe) == []
    heights = page.locator("#rollout-time :is(button, select, input)").evaluate_all(
        "places => places.map(place => place.getBoundingClientRect().height)"
    )
    assert min(heights) >= (43.9 if layout == "phone" else 34)


def marking_status(page: Any) -> None:  # noqa: ANN401
    answered(page)
    page.get_by_role("button", name="Korrektur vorschlagen").click()
    expect(page.get_by_label("Richtiger Status")).to_be_visible()


def marking_place(page: Any) -> None:  # noqa: ANN401
    marking_status(page)
    page.get_by_label("Lage").check()
    expect(page.locator(".pin")).to_be_visible()


def marked(page: Any) -> None:  # noqa: ANN401
    marking_status(page)
    page.get_by_label("nur ein Hinweis").check()
    page.get_by_label("Bemerkung").fill("Mauer")
    page.get_by_label("Ihr Name").fill("Petra Muster")
    page.get_by_role("button", name="Vormerken").click()
    page.get_by_role("button", name="Vorschläge (1)").click()
    expect(page.get_by_role("button", name="Vorschläge speichern")).to_be_visible()


@pytest.mark.parametrize("reach", [marking_status, marking_place, marked], ids=lambda reach: reach.__name__)
@pytest.mark.parametrize("layout", ["desk", "phone"])
def test_axe_finds_nothing_while_a_page_is_marked(
    open_page: Open, state: State, axe: str, reach: Callable[[Any], None], layout: str
) -> None:
    page = open_page(
        phase_map(state, additions=Additions(marks=Marks("evl"))), **(PHONE if layout == "phone" else {})
    ).page
    reach(page)
    assert violations(page, axe) == []


def test_axe_would_find_something(open_page: Open, state: State, axe: str) -> None:
    page = open_page(phase_map(state)).page
    page.evaluate("() => document.querySelector('#rollout-search').removeAttribute('aria-expanded')")
    page.evaluate("() => document.querySelector('label[for=rollout-search]').remove()")
    page.evaluate("() => document.querySelector('#rollout-search').removeAttribute('placeholder')")
    assert violations(page, axe)


def test_at_twice_the_text_size_nothing_runs_out_of_the_page(open_page: Open, state: State) -> None:
    page = open_page(phase_map(state), width=640, height=400, device_scale_factor=2).page
    assert page.evaluate("document.documentElement.scrollWidth") <= 640
    for place in ("#rollout-search", "#rollout-toggle", "#rollout-list-open"):
        expect(page.locator(place)).to_be_in_viewport(ratio=1)


def test_at_twice_the_text_size_the_map_has_room_above_the_slider(open_page: Open, courses: Courses) -> None:
    page = open_page(courses("1"), width=640, height=400, device_scale_factor=2).page
    height = page.locator(".rollout-map").bounding_box()["height"]
    assert height > 160
    for place in ("#rollout-toggle", "#rollout-time input"):
        expect(page.locator(place)).to_be_in_viewport(ratio=1)


def test_every_control_shows_that_it_has_the_focus(open_page: Open, state: State) -> None:
    page = open_page(phase_map(state)).page
    places = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        if focused.count() == 0:
            break
        style = focused.evaluate("place => [place.tagName + place.id, getComputedStyle(place).outlineStyle]")
        places.add(style[0])
        assert style[1] != "none", style
    assert len(places) > 3
