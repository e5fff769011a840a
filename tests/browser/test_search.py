"""A citizen calls: the address is typed, chosen and answered, by keyboard or by mouse."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from rollout.cartography import phase_map

if TYPE_CHECKING:
    import geopandas as gpd

    from rollout.analysis.state import State

Open = Callable[..., Any]

STREET, NUMBER = "Bürriger Straße", "712 a"


@pytest.fixture(scope="module")
def named(state: State) -> State:
    """Give one connected target an address, and one a school's name."""
    targets = state.targets.copy()
    ours = targets.index[(targets["drive"] == "funded") & (targets["programme_id"] == "stadt")]
    first = ours[(targets.loc[ours, "status"] == "connected").fillna(value=False).to_numpy(dtype=bool)][0]
    targets.loc[first, ["street", "house_number"]] = [STREET, NUMBER]
    targets.loc[ours[-1], "institution"] = "Käthe-Kollwitz-Schule"
    return dataclasses.replace(state, targets=targets)


def addressed(state: State) -> gpd.GeoSeries:
    rows = state.targets
    return rows[(rows["street"] == STREET) & (rows["house_number"] == NUMBER)].iloc[0]


def test_an_address_is_found_and_answered_by_keyboard_alone(open_page: Open, named: State) -> None:
    opened = open_page(phase_map(named))
    page = opened.page
    page.keyboard.press("/")
    field = page.locator("#rollout-search")
    expect(field).to_be_focused()
    page.keyboard.type("buerriger str 712A")
    expect(field).to_have_attribute("aria-expanded", "true")
    option = page.get_by_role("option").first
    expect(option).to_contain_text("Bürriger Straße 712 a")
    expect(option).to_contain_text(f"Viertel {addressed(named)['district_id'][1]}")
    page.keyboard.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", str(option.get_attribute("id")))
    page.keyboard.press("Enter")
    card = page.locator("#rollout-card")
    expect(card.locator("h2")).to_be_focused()
    district = f"Viertel {addressed(named)['district_id'][1]}"
    sentence = f"Bürriger Straße 712 a ({district}) ist an das Glasfasernetz angeschlossen."
    expect(card.locator(".sentence")).to_have_text(sentence)
    expect(card).to_contain_text("Nächster Schritt: Der Anschluss wird buchbar.")
    expect(card).to_contain_text("Trasse davor: ")
    expect(card.locator(".source")).to_contain_text("Stand 28.03.2022")
    expect(card.locator(".source")).to_contain_text("Quelle: Stadt Musterstadt")


def test_enter_takes_the_first_suggestion_and_the_map_goes_there(open_page: Open, named: State) -> None:
    opened = open_page(phase_map(named))
    opened.page.locator("#rollout-search").fill("Bürriger Straße 712a")
    opened.page.keyboard.press("Enter")
    expect(opened.page.locator("#rollout-card h2")).to_have_text("Bürriger Straße 712 a")
    place = named.targets.to_crs("EPSG:4326").loc[addressed(named).name].geometry
    x, y = opened.pixel(place.y, place.x)
    box = opened.page.locator(".rollout-map").bounding_box()
    assert box is not None
    card = opened.page.locator("#rollout-card").bounding_box()
    assert card is not None
    assert box["x"] + 40 < x < card["x"] - 40
    assert y == pytest.approx(box["y"] + box["height"] / 2, abs=3)


UNDER_THE_NUMBER = """([view, text]) => {
  const { prototype } = CanvasRenderingContext2D;
  const { fillText } = prototype;
  const found = [];
  prototype.fillText = function (said, x, y) {
    if (said === text) found.push([this.canvas, x, y, this.measureText(said).width / 2]);
    fillText.apply(this, arguments);
  };
  rollout.look(...view);
  prototype.fillText = fillText;
  const [[canvas, x, y, half]] = found;
  const marks = [...document.querySelectorAll(".rollout-scene canvas")].find(other => other !== canvas && other.width);
  const dots = window.devicePixelRatio;
  const [from, to] = [canvas, marks].map(one => one.getBoundingClientRect());
  const [left, top] = [x + from.left - to.left, y + from.top - to.top];
  const { data, width } = marks.getContext("2d").getImageData(0, 0, marks.width, marks.height);
  const inked = Array.from({ length: data.length / 4 }, (_, i) => i).filter(i => data[4 * i + 3] > 0);
  const isUnder = i => Math.abs((i % width) / dots - left) < half && Math.abs(Math.floor(i / width) / dots - top) < 4;
  return { anywhere: inked.length > 0, inBox: inked.some(isUnder) };
}"""


@pytest.mark.parametrize("zoom", [17.75, 18.5, 20.0])
def test_the_number_of_a_chosen_house_can_be_read_below_its_mark(open_page: Open, named: State, zoom: float) -> None:
    opened = open_page(phase_map(named))
    opened.page.locator("#rollout-search").fill("Bürriger Straße 712a")
    opened.page.keyboard.press("Enter")
    expect(opened.page.locator("#rollout-card h2")).to_be_visible()
    place = named.targets.to_crs("EPSG:4326").loc[addressed(named).name].geometry
    found = opened.page.evaluate(UNDER_THE_NUMBER, [[place.y, place.x, zoom], NUMBER])
    assert found == {"inBox": False, "anywhere": True}


def test_the_answer_is_copied_as_text_for_a_mail(open_page: Open, named: State) -> None:
    opened = open_page(phase_map(named), permissions=["clipboard-read", "clipboard-write"])
    page = opened.page
    page.locator("#rollout-search").fill("Bürriger Straße 712a")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Text kopieren").click()
    expect(page.get_by_role("button", name="Kopiert")).to_be_visible()
    expect(page.locator("#rollout-said")).to_have_text("In die Zwischenablage kopiert")
    lines = page.evaluate("navigator.clipboard.readText()").split("\n")
    assert lines[0].endswith("ist an das Glasfasernetz angeschlossen.")
    assert "Gemeldet seit: 01.02.2022" in lines
    assert "Nächster Schritt: Der Anschluss wird buchbar." in lines
    assert lines[-1].startswith("Stand 28.03.2022 · Beispieldaten · Quelle: Stadt Musterstadt")


@pytest.mark.parametrize(
    ("asked", "heading"),
    [
        ("viertel 3", "Viertel 3"),
        ("kollwitz schule", None),
        ("t-0042", "T-0042"),
        ("standort 2", "Standort 2"),
        ("querstrasse 7", "Querstraße 7"),
    ],
)
def test_districts_schools_identifiers_nodes_and_streets_are_found(
    open_page: Open, named: State, asked: str, heading: str | None
) -> None:
    opened = open_page(phase_map(named))
    opened.page.locator("#rollout-search").fill(asked)
    opened.page.get_by_role("option").first.click()
    card = opened.page.locator("#rollout-card")
    expect(card).to_be_visible()
    if heading is None:
        expect(card).to_contain_text("Käthe-Kollwitz-Schule")
    else:
        expect(card.locator("h2")).to_have_text(heading)


def test_the_arrows_go_round_and_escape_closes_then_empties(open_page: Open, named: State) -> None:
    page = open_page(phase_map(named)).page
    field, list_ = page.locator("#rollout-search"), page.locator("#rollout-suggestions")
    field.fill("querstr")
    last = list_.get_by_role("option").count() - 1
    page.keyboard.press("ArrowUp")
    expect(list_.get_by_role("option").nth(last)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(list_.get_by_role("option").nth(0)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    expect(list_).to_be_hidden()
    expect(field).to_have_value("querstr")
    page.keyboard.press("Escape")
    expect(field).to_have_value("")


def test_what_is_not_there_is_said(open_page: Open, named: State) -> None:
    page = open_page(phase_map(named)).page
    page.locator("#rollout-search").fill("Gibtesnichtgasse 1")
    expect(page.locator("#rollout-suggestions")).to_contain_text("Kein Treffer")
    expect(page.locator("#rollout-said")).to_have_text("Keine Vorschläge")
    page.keyboard.press("Enter")
    expect(page.locator("#rollout-card")).to_be_hidden()


def test_a_house_that_is_not_there_is_answered_with_its_street(open_page: Open, named: State) -> None:
    page = open_page(phase_map(named)).page
    page.locator("#rollout-search").fill("Bürriger Straße 9999")
    page.keyboard.press("Enter")
    sentence = page.locator("#rollout-card .sentence")
    expect(sentence).to_have_text(
        "Hausnummer 9999 ist nicht verzeichnet. In dieser Straße liegt 1 geförderter Anschluss: 1 angeschlossen."
    )


def test_what_is_switched_off_is_shown_when_it_is_found(open_page: Open, named: State) -> None:
    page = open_page(phase_map(named)).page
    page.locator('[data-group="targets"] .head input').uncheck()
    page.locator("#rollout-search").fill("Bürriger Straße 712a")
    page.keyboard.press("Enter")
    expect(page.locator('[data-group="targets"] .head input')).to_be_checked()


def test_a_street_tells_how_many_of_its_connections_stand_where(open_page: Open, named: State) -> None:
    page = open_page(phase_map(named)).page
    page.locator("#rollout-search").fill("querstr. 7")
    page.keyboard.press("Enter")
    said = re.compile(r"^In dieser Straße liegen \d+ geförderte Anschlüsse: (\d+ [^,]+, )+\d+ [^,]+\.$")
    expect(page.locator("#rollout-card .sentence")).to_have_text(said)


def test_a_street_with_one_connection_is_answered_as_a_street(open_page: Open, named: State) -> None:
    page = open_page(phase_map(named)).page
    page.locator("#rollout-search").fill(STREET)
    page.keyboard.press("Enter")
    expect(page.locator("#rollout-card h2")).to_have_text(STREET)
    sentence = "In dieser Straße liegt 1 geförderter Anschluss: 1 angeschlossen."
    expect(page.locator("#rollout-card .sentence")).to_have_text(sentence)


def test_a_street_is_a_step_for_the_back_button_and_stands_in_the_link(open_page: Open, named: State) -> None:
    made = phase_map(named)
    page = open_page(made).page
    for street in (STREET, "Querstraße 7"):
        page.locator("#rollout-search").fill(street)
        page.keyboard.press("Enter")
        expect(page.locator("#rollout-card h2")).to_have_text(street)
    expect(page).to_have_url(re.compile(r"&sel=Querstra%C3%9Fe%207&karte="))
    other = open_page(made, hash=page.url.split("#")[1]).page
    expect(other.locator("#rollout-card h2")).to_have_text("Querstraße 7")
    expect(other.locator("#rollout-card h2")).not_to_be_focused()
    page.go_back()
    expect(page.locator("#rollout-card h2")).to_have_text(STREET)
    page.go_back()
    expect(page.locator("#rollout-card")).to_be_hidden()


def test_a_search_is_one_step_for_the_back_button_whatever_it_switches_on(open_page: Open, named: State) -> None:
    page = open_page(phase_map(named)).page
    page.locator('[data-group="targets"] .head input').uncheck()
    page.locator("#rollout-search").fill("Bürriger Straße 712a")
    page.keyboard.press("Enter")
    expect(page.locator('[data-group="targets"] .head input')).to_be_checked()
    page.go_back()
    expect(page.locator('[data-group="targets"] .head input')).not_to_be_checked()
    expect(page.locator("#rollout-card")).to_be_hidden()


def test_the_next_caller_needs_no_mouse_and_one_suggestion_is_said_as_one(open_page: Open, named: State) -> None:
    page = open_page(phase_map(named)).page
    page.locator("#rollout-search").fill("kollwitz")
    expect(page.locator("#rollout-said")).to_have_text("1 Vorschlag")
    page.keyboard.press("Enter")
    expect(page.locator("#rollout-card h2")).to_be_focused()
    page.keyboard.press("/")
    page.keyboard.type("Viertel 3")
    expect(page.locator("#rollout-search")).to_have_value("Viertel 3")
