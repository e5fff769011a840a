"""Pages of an audience in a browser: the notice on screen and paper, and no fault where something is withheld."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from rollout.audiences import REQUIRED, Audience, Figures, Trenches
from rollout.cartography import Additions, PhaseMap, phase_map
from rollout.sharing.notice import notice_of
from rollout.sharing.redaction import shown

if TYPE_CHECKING:
    from rollout.analysis.state import State

Open = Callable[..., Any]

BARE = Audience(
    title="Planungsbüro",
    recipient="<b>Büro</b>",
    purpose="Planung",
    columns=REQUIRED,
    trenches=Trenches.EXACT,
    precision_m=20,
    figures=Figures.ROWS,
)


def drawn(state: State, audience: Audience) -> PhaseMap:
    return phase_map(shown(state, audience), additions=Additions(notice=notice_of(audience, state)))


def of(made_city: ModuleType, name: str) -> Audience:
    found: Audience = made_city.made_project().audiences[name]
    return found


@pytest.mark.parametrize("name", ["evl", "netcologne", "council", "public"])
def test_the_notice_is_on_the_page_and_on_paper(
    open_page: Open, state: State, made_city: ModuleType, name: str
) -> None:
    audience = of(made_city, name)
    page = open_page(drawn(state, audience)).page
    for line in notice_of(audience, state):
        expect(page.locator("#rollout-told")).to_contain_text(line)
    page.evaluate("() => window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    said = page.locator("#rollout-sheet header")
    expect(said).to_contain_text(f"Empfänger: {audience.recipient} · Zweck: ")
    bold = said.locator(".limits").text_content()
    assert "gültig bis" in bold
    for line in notice_of(audience, state)[4:]:
        expect(said).to_contain_text(line)
        assert line not in bold


def test_a_page_of_the_whole_state_has_no_notice(open_page: Open, state: State) -> None:
    expect(open_page(phase_map(state)).page.locator("#rollout-told")).to_be_hidden()


def test_a_phone_shows_the_recipient_without_opening_anything(
    open_page: Open, state: State, made_city: ModuleType
) -> None:
    page = open_page(drawn(state, of(made_city, "evl")), width=390, height=844).page
    expect(page.get_by_text("Empfänger: Energieversorgung")).to_be_in_viewport()
    expect(page.get_by_text("Nicht enthalten:")).to_be_hidden()
    page.locator("#rollout-toggle").click()
    assert page.get_by_text("Umfang und Regeln").bounding_box()["height"] >= 44


def test_a_long_notice_in_a_low_window_is_reached_by_keyboard(
    open_page: Open, state: State, made_city: ModuleType
) -> None:
    page = open_page(drawn(state, of(made_city, "netcologne")), width=1000, height=600).page
    page.get_by_text("Umfang und Regeln").press("Enter")
    page.locator("#rollout-told").focus()
    page.keyboard.press("End")
    expect(page.get_by_text("Vertraulich:")).to_be_in_viewport()


def test_a_street_is_found_and_answers_with_its_state(open_page: Open, state: State, made_city: ModuleType) -> None:
    page = open_page(drawn(state, of(made_city, "council"))).page
    page.locator("#rollout-search").fill("Querstraße 3")
    page.keyboard.press("Enter")
    card = page.locator("#rollout-card")
    expect(card.locator(".kicker")).to_have_text("Straße")
    expect(card.locator("h2")).to_contain_text("Querstraße 3")
    expect(card).to_contain_text("Straßenlänge")
    page.locator('[data-row="segments/class/planned"] input').uncheck()
    expect(page.locator("#rollout-shown")).to_contain_text("Straßen")
    expect(page.locator("#rollout-shown")).not_to_contain_text("Anschl")


def test_a_district_without_its_connections_does_not_say_there_are_none(
    open_page: Open, state: State, made_city: ModuleType
) -> None:
    page = open_page(drawn(state, of(made_city, "public"))).page
    page.locator("#rollout-search").fill("Viertel 2")
    page.keyboard.press("Enter")
    expect(page.locator("#rollout-card")).to_contain_text("Diese Ausgabe enthält keine einzelnen Anschlüsse.")
    expect(page.get_by_role("heading", name="Stand der Arbeiten")).to_be_hidden()
    page.get_by_role("button", name="Liste", exact=True).click()


def test_a_page_without_addresses_and_identifiers_works(open_page: Open, state: State) -> None:
    page = open_page(drawn(state, BARE)).page
    expect(page.locator("#rollout-told")).to_contain_text("Empfänger: <b>Büro</b>")
    page.get_by_role("button", name="Liste", exact=True).click()
    listed = page.locator("#rollout-list")
    expect(listed.get_by_role("columnheader", name="Status")).to_be_visible()
    expect(listed.get_by_role("columnheader", name="Kennung")).to_have_count(0)
    expect(listed.get_by_role("columnheader", name="Adresse")).to_have_count(0)
    listed.locator("tbody tr:not(.gap) td").first.click()
    expect(page.locator("#rollout-card h2")).to_have_text("Anschluss")


@pytest.mark.parametrize(
    ("name", "promised"), [("evl", "Adresse, Stadtteil, Schule …"), ("public", "Stadtteil, Straße …")]
)
def test_the_search_promises_what_the_page_holds(
    open_page: Open, made_city: ModuleType, state: State, name: str, promised: str
) -> None:
    page = open_page(drawn(state, of(made_city, name))).page
    field = page.get_by_role("combobox")
    assert field.get_attribute("placeholder") == promised
    assert page.get_by_label("Stadtteil, Straße suchen").count() == (name == "public")
