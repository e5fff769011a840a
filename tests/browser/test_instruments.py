"""Filter, list and address: what is filtered is what is drawn, counted, listed, copied and linked."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from rollout.cartography import phase_map

if TYPE_CHECKING:
    import geopandas as gpd

    from rollout.analysis.state import State

Open = Callable[..., Any]


def funded(state: State) -> gpd.GeoDataFrame:
    rows = state.targets
    return rows[(rows["drive"] == "funded") & (rows["programme_id"] == "stadt")]


def listed(page: Any) -> Any:  # noqa: ANN401 - a page of the browser
    return page.locator("#rollout-list tr[data-row]")


def test_only_this_shows_one_class_and_the_same_again_shows_all(open_page: Open, state: State) -> None:
    opened = open_page(phase_map(state))
    before = opened.picture()
    only = opened.page.get_by_role("button", name="nur im Bau")
    only.click()
    expect(only).to_have_attribute("aria-pressed", "true")
    expect(opened.page.locator('[data-row="segments/class/duct"] input')).not_to_be_checked()
    expect(opened.page.locator('[data-row="segments/class/digging"] input')).to_be_checked()
    expect(opened.page.locator("#rollout-shown")).to_contain_text("Gezeigt: ")
    assert opened.picture() != before
    only.click()
    assert opened.picture() == before
    expect(opened.page.locator("#rollout-reset")).to_be_hidden()


def test_the_legend_counts_what_is_in_view_beside_what_there_is(open_page: Open, state: State) -> None:
    opened = open_page(phase_map(state))
    figure = opened.page.locator('[data-group="targets"] .head .figure')
    whole = len(funded(state))
    expect(figure).to_have_text(f"{whole}")
    place = state.districts.to_crs("EPSG:4326").geometry.iloc[0].centroid
    opened.look(place.y, place.x, 17)
    expect(figure).to_contain_text(f"von {whole}")
    box = opened.page.locator(".rollout-map").bounding_box()
    assert box is not None
    rows = funded(state).to_crs("EPSG:4326").geometry
    seen = 0
    for point in rows:
        x, y = opened.pixel(point.y, point.x)
        seen += box["x"] <= x <= box["x"] + box["width"] and box["y"] <= y <= box["y"] + box["height"]
    assert 0 < seen < whole
    expect(figure).to_have_text(f"{seen}von {whole}")
    label = opened.page.locator('[data-group="targets"] .head input').get_attribute("aria-label")
    assert f"{seen} von {whole} im Ausschnitt" in (label or "")
    trenches = opened.page.locator('[data-group="segments"] .head')
    expect(trenches.locator("small")).to_have_text(re.compile(r"^von \d+ Abschnitten$"))
    assert "Abschnitten im Ausschnitt" in (trenches.locator("input").get_attribute("aria-label") or "")


def test_a_facet_narrows_map_legend_list_and_address_alike(open_page: Open, state: State) -> None:
    opened = open_page(phase_map(state))
    page = opened.page
    before = opened.picture()
    page.locator("#rollout-filter summary").click()
    page.get_by_label("Stadtteil", exact=True).select_option("Viertel 3")
    count = int((funded(state)["district_id"] == "D3").sum())
    assert opened.picture() != before
    expect(page.locator('[data-group="targets"] .head .figure')).to_contain_text(f"{count}")
    page.get_by_role("button", name="Liste", exact=True).click()
    expect(page.get_by_role("button", name=f"Geförderte Anschlüsse {count}")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#rollout-list table")).to_have_attribute("aria-rowcount", str(count + 1))
    assert "bezirk=Viertel%203" in page.url
    page.get_by_role("button", name="Alles zeigen").click()
    expect(page.get_by_label("Stadtteil", exact=True)).to_have_value("")
    assert opened.page.locator("#rollout-list table").get_attribute("aria-rowcount") == str(len(funded(state)) + 1)


def test_phase_reason_and_day_are_facets_too(open_page: Open, state: State) -> None:
    page = open_page(phase_map(state)).page
    page.locator("#rollout-filter summary").click()
    page.get_by_label("Bauabschnitt").select_option("Bauabschnitt 2")
    page.get_by_label("Grund").select_option("vom Eigentümer abgelehnt")
    page.get_by_role("button", name="Liste", exact=True).click()
    rows = funded(state)
    count = int(((rows["phase_id"] == "2") & (rows["status"] == "refused")).sum())
    expect(page.locator("#rollout-list table")).to_have_attribute("aria-rowcount", str(count + 1))
    page.get_by_label("geändert seit").select_option("2022-02-28")
    expect(page.locator("#rollout-list table")).to_have_attribute("aria-rowcount", "1")


def test_the_list_is_used_by_keyboard_and_the_map_follows(open_page: Open, state: State) -> None:
    opened = open_page(phase_map(state))
    page = opened.page
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Zur Liste springen")
    page.keyboard.press("Enter")
    expect(page.locator("#rollout-said")).to_have_text(re.compile(r"^\d+ Zeilen in der Liste$"))
    page.locator('#rollout-list tr[tabindex="0"]').focus()
    page.keyboard.press("End")
    last = len(funded(state)) + 1
    expect(page.locator(":focus")).to_have_attribute("aria-rowindex", str(last))
    page.keyboard.press("Home")
    page.keyboard.press("ArrowDown")
    expect(page.locator(":focus")).to_have_attribute("aria-rowindex", "3")
    marked = opened.picture()
    page.keyboard.press("ArrowDown")
    assert opened.picture() != marked
    name = page.locator(":focus td").first.inner_text()
    page.keyboard.press("Enter")
    expect(page.locator("#rollout-card h2")).to_have_text(name)
    expect(page.locator(":focus")).to_have_attribute("aria-selected", "true")
    assert "sel=A-" in page.url


def test_escape_closes_what_was_opened_last_and_gives_the_focus_back(open_page: Open, state: State) -> None:
    page = open_page(phase_map(state)).page
    button = page.get_by_role("button", name="Liste", exact=True)
    button.click()
    page.locator('#rollout-list tr[tabindex="0"]').focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(page.locator("#rollout-card")).to_be_hidden()
    expect(page.locator("#rollout-list")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#rollout-list")).to_be_hidden()
    expect(button).to_be_focused()
    page.get_by_role("button", name="Drucken").click()
    page.keyboard.press("Escape")
    expect(page.locator("#rollout-print-menu")).to_be_hidden()
    expect(page.get_by_role("button", name="Drucken")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("A4 hoch")


def test_only_rows_in_sight_are_in_the_document(open_page: Open, state: State) -> None:
    page = open_page(phase_map(state)).page
    page.get_by_role("button", name="Liste", exact=True).click()
    assert 5 < listed(page).count() < 60
    page.locator(".scroller").evaluate("place => place.scrollTop = place.scrollHeight")
    expect(listed(page).last).to_have_attribute("aria-rowindex", str(len(funded(state)) + 1))


def test_the_list_is_sorted_by_its_heads(open_page: Open, state: State) -> None:
    page = open_page(phase_map(state)).page
    page.get_by_role("button", name="Liste", exact=True).click()
    head = page.get_by_role("columnheader", name="Kennung")
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "ascending")
    ids = sorted(funded(state)["target_id"])
    expect(listed(page).first.locator("td").nth(1)).to_have_text(ids[0])
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "descending")
    expect(listed(page).first.locator("td").nth(1)).to_have_text(ids[-1])


def test_what_is_chosen_on_the_map_is_marked_in_the_list(open_page: Open, state: State) -> None:
    opened = open_page(phase_map(state))
    page = opened.page
    page.get_by_role("button", name="Liste", exact=True).click()
    page.locator("#rollout-search").fill(str(funded(state)["target_id"].iloc[-1]))
    page.keyboard.press("Enter")
    row = page.locator('#rollout-list tr[aria-selected="true"]')
    expect(row).to_be_visible()
    expect(row.locator("td").nth(1)).to_have_text(str(funded(state)["target_id"].iloc[-1]))


def test_only_what_is_in_view_is_listed_when_asked(open_page: Open, state: State) -> None:
    opened = open_page(phase_map(state))
    page = opened.page
    page.get_by_role("button", name="Liste", exact=True).click()
    table = page.locator("#rollout-list table")
    expect(table).to_have_attribute("aria-rowcount", str(len(funded(state)) + 1))
    page.get_by_label("nur im Ausschnitt").check()
    place = state.districts.to_crs("EPSG:4326").geometry.iloc[0].centroid
    opened.look(place.y, place.x, 17)
    expect(table).not_to_have_attribute("aria-rowcount", str(len(funded(state)) + 1))
    page.locator("#rollout-list .tabs button", has_text="Netzknoten").click()
    node = state.nodes.to_crs("EPSG:4326").geometry.iloc[0]
    opened.look(node.y, node.x, 19)
    expect(table).to_have_attribute("aria-rowcount", "2")
    expect(page.locator("#rollout-said")).to_have_text("1 Zeile in der Liste")


def test_the_list_is_saved_for_german_excel(open_page: Open, state: State, tmp_path: Path) -> None:
    page = open_page(phase_map(state)).page
    page.get_by_role("button", name="Liste", exact=True).click()
    with page.expect_download() as saving:
        page.get_by_role("button", name="CSV für Excel").click()
    saving.value.save_as(tmp_path / "liste.csv")
    data = (tmp_path / "liste.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    lines = data.decode("utf-8-sig").split("\r\n")
    assert len(lines) == len(funded(state)) + 2
    assert lines[0].startswith('"Adresse";"Kennung";"Status";"seit"')
    head = lines[0].split(";")
    drop = lines[1].split(";")[head.index('"Hausanschluss (m)"')]
    assert re.fullmatch(r"\d+(,\d)?", drop)


def test_an_address_gives_the_same_sight_and_back_goes_a_step_back(open_page: Open, state: State) -> None:
    made = phase_map(state)
    opened = open_page(made)
    page = opened.page
    page.locator('[data-group="nodes"] .head input').uncheck()
    expect(page).to_have_url(re.compile("&karte="))
    place = page.url.split("&")[-1]
    page.locator("#rollout-search").fill("a-00042")
    page.keyboard.press("Enter")
    heading = page.locator("#rollout-card h2").inner_text()
    expect(page).to_have_url(re.compile(r"#stand=2022-03-28&f=-nodes.*&sel=A-00042&karte=18\.00/51\."))
    address = page.url.split("#")[1]
    other = open_page(made, hash=address)
    expect(other.page.locator('[data-group="nodes"] .head input')).not_to_be_checked()
    expect(other.page.locator("#rollout-card h2")).to_have_text(heading)
    page.go_back()
    expect(page.locator("#rollout-card")).to_be_hidden()
    expect(page.locator('[data-group="nodes"] .head input')).not_to_be_checked()
    page.go_back()
    expect(page.locator('[data-group="nodes"] .head input')).to_be_checked()
    expect(page).to_have_url(re.compile(re.escape(place) + "$"))


@pytest.mark.parametrize(
    "wrong", ["bezirk=%E0%A4%A&f=,,x.y.z&karte=99/1/1&sel=nirgends", "__proto__=1", "f=%00&seit=1"]
)
def test_an_address_that_is_not_understood_opens_the_page_as_it_is(open_page: Open, state: State, wrong: str) -> None:
    opened = open_page(phase_map(state), hash=wrong)
    plain = open_page(phase_map(state))
    assert opened.picture() == plain.picture()
    expect(opened.page.locator("#rollout-card")).to_be_hidden()


def test_a_link_that_means_another_day_says_so(open_page: Open, state: State) -> None:
    opened = open_page(phase_map(state), hash="stand=2022-01-31")
    notice = "Der Link meint den Stand 31.01.2022; diese Seite zeigt den Stand 28.03.2022."
    expect(opened.page.locator("#rollout-notice")).to_have_text(notice)


def test_the_view_is_copied_as_a_link(open_page: Open, state: State) -> None:
    opened = open_page(phase_map(state), permissions=["clipboard-read", "clipboard-write"])
    opened.page.locator('[data-group="nodes"] .head input').uncheck()
    opened.page.get_by_role("button", name="Ansicht kopieren").click()
    expect(opened.page.get_by_role("button", name="Kopiert")).to_be_visible()
    link = opened.page.evaluate("navigator.clipboard.readText()")
    assert link.startswith("file://")
    assert "#stand=2022-03-28&f=-nodes&karte=" in link
