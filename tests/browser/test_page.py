"""What a reader does with a page: look, switch, click, type; with the network off and nothing said aloud."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from rollout.cartography import phase_map

if TYPE_CHECKING:
    from types import ModuleType

    import geopandas as gpd

    from rollout.analysis.state import State

Open = Callable[..., Any]


def funded(state: State) -> gpd.GeoDataFrame:
    rows = state.targets
    return rows[(rows["drive"] == "funded") & (rows["programme_id"] == "stadt") & rows["status"].notna()].to_crs(
        "EPSG:4326"
    )


def lonely(state: State) -> SimpleNamespace:
    """Return a target with nothing else near it."""
    rows = funded(state)
    everything = state.targets.geometry
    for row in rows.itertuples():
        place = state.targets.loc[row.Index].geometry
        others = everything.drop(row.Index).distance(place).min()
        if others > 25 and row.drop_m > 12 and state.segments.distance(place).min() > 10:
            return SimpleNamespace(**row._asdict())
    pytest.fail("the made-up city has no lonely target")


def test_a_page_opens_from_disk_without_a_word_or_a_request(open_page: Open, state: State) -> None:
    opened = open_page(phase_map(state, "1"))
    expect(opened.page.locator("h1")).to_have_text("Bauabschnitt 1")
    expect(opened.page).to_have_title("Bauabschnitt 1 – Glasfaser Musterstadt – Stand 28.03.2022")
    expect(opened.page.locator("#rollout-badges")).to_contain_text("Stand 28.03.2022")
    expect(opened.page.locator("#rollout-badges")).to_contain_text("Beispieldaten")
    expect(opened.page.locator("#rollout-notes")).to_have_text("Stadtteile: Näherung")
    expect(opened.page.locator("#rollout-sources")).to_contain_text("© Stadt Musterstadt")
    expect(opened.page.locator(".leaflet-control-scale-line")).to_have_text(
        opened.page.locator(".leaflet-control-scale-line").inner_text()
    )
    assert opened.page.locator(".leaflet-control-attribution").count() == 0


def test_real_data_carry_no_badge_of_made_up_data(open_page: Open, made_city: ModuleType) -> None:
    state = made_city.made_state(project=made_city.made_project(sample=False))
    opened = open_page(phase_map(state))
    expect(opened.page.locator("body")).not_to_contain_text("Beispieldaten")


def test_the_scale_bar_is_true(open_page: Open, state: State) -> None:
    opened = open_page(phase_map(state))
    opened.look(51.03, 7.01, 15)
    said = opened.page.locator(".leaflet-control-scale-line").inner_text().split()
    metres = float(said[0]) * {"m": 1, "km": 1000}[said[1]]
    box = opened.page.locator(".leaflet-control-scale-line").bounding_box()
    assert box is not None
    west, east = opened.pixel(51.03, 7.0), opened.pixel(51.03, 7.01)
    metres_per_pixel = 0.01 * 111_319.49 * 0.62892 / (east[0] - west[0])
    assert box["width"] * metres_per_pixel == pytest.approx(metres, rel=0.02)


@pytest.mark.parametrize("row", ["segments/class/duct", "segments/kind/new_duct", "targets/category/household"])
def test_a_switch_of_the_legend_changes_what_is_drawn_and_back(open_page: Open, state: State, row: str) -> None:
    opened = open_page(phase_map(state))
    before = opened.picture()
    switch = opened.page.locator(f'[data-row="{row}"] input')
    switch.uncheck()
    assert opened.picture() != before
    switch.check()
    assert opened.picture() == before


def test_the_extended_drive_is_off_until_it_is_switched_on(open_page: Open, state: State) -> None:
    opened = open_page(phase_map(state))
    group = opened.page.locator('[data-group="extended"]')
    head = group.locator(".head input")
    expect(head).not_to_be_checked()
    expect(group.locator(".rows")).to_be_hidden()
    before = opened.picture()
    head.check()
    expect(group.locator(".rows")).to_be_visible()
    assert opened.picture() != before
    extended = (state.targets["drive"] == "extended") & (state.targets["programme_id"] == "stadt")
    told = re.compile(rf"^Gezeigt: \d+ Anschlüsse, {extended.sum()} im erweiterten Vortrieb, \d+ Trassenabschnitte")
    expect(opened.page.locator("#rollout-shown")).to_have_text(told)


def test_a_click_on_a_target_opens_its_card(open_page: Open, state: State) -> None:
    target = lonely(state)
    opened = open_page(phase_map(state))
    opened.look(target.geometry.y, target.geometry.x, 18)
    opened.page.mouse.click(*opened.pixel(target.geometry.y, target.geometry.x))
    card = opened.page.locator("#rollout-card")
    expect(card.locator("h2")).to_have_text(f"{target.street} {target.house_number}")
    expect(card).to_contain_text(target.target_id)
    facts = dict(zip(card.locator("dt").all_inner_texts(), card.locator("dd").all_inner_texts(), strict=True))
    assert facts["Postleitzahl"] == target.postcode
    assert facts["seit"] == "01.02.2022"
    assert facts["Stadtteil"] == f"Viertel {target.district_id[1]}"
    assert facts["Hausanschluss"] == f"{target.drop_m:.1f}".replace(".", ",") + "\u202fm"
    expect(card.locator("h2")).to_be_focused()


def test_a_click_on_a_trench_opens_its_card(open_page: Open, state: State) -> None:
    rows = state.segments.to_crs("EPSG:4326")
    opened = open_page(phase_map(state))
    opened.page.locator('[data-group="targets"] .head input').uncheck()
    segment = rows[(rows["status"] == "duct_laid") & (rows["programme_id"] == "stadt")].iloc[0]
    place = segment.geometry.interpolate(0.5, normalized=True)
    opened.look(place.y, place.x, 18)
    opened.page.mouse.click(*opened.pixel(place.y, place.x))
    card = opened.page.locator("#rollout-card")
    expect(card.locator(".kicker")).to_have_text(f"Trassenabschnitt {segment.segment_id}")
    expect(card).to_contain_text("Rohr verlegt")
    expect(card).to_contain_text("120,0\u202fm")


def test_several_features_at_one_place_are_listed(open_page: Open, state: State) -> None:
    rows = state.targets.copy()
    twins = rows.index[(rows["drive"] == "funded") & (rows["programme_id"] == "stadt")][:2]
    rows.loc[twins[1], "geometry"] = rows.loc[twins[0], "geometry"]
    changed = type(state)(**{name: getattr(state, name) for name in state.__slots__} | {"targets": rows})
    place = rows.to_crs("EPSG:4326").loc[twins[0]].geometry
    opened = open_page(phase_map(changed))
    opened.look(place.y, place.x, 18)
    opened.page.mouse.click(*opened.pixel(place.y, place.x))
    card = opened.page.locator("#rollout-card")
    expect(card.locator("h2")).to_contain_text("Treffer")
    second = rows.loc[twins[1]]
    card.get_by_role("button", name=second["target_id"]).click()
    expect(card.locator("h2")).to_have_text(f"{second['street']} {second['house_number']}")
    card.get_by_role("button", name="alle").click()
    expect(card.locator("h2")).to_contain_text("Treffer")


def test_a_click_beside_all_features_tells_the_district_and_its_part_in_the_phase(
    open_page: Open, state: State
) -> None:
    opened = open_page(phase_map(state, "2"))
    for layer in ("segments", "targets", "nodes"):
        opened.page.locator(f'[data-group="{layer}"] .head input').uncheck()
    place = state.districts.to_crs("EPSG:4326").geometry.iloc[4].centroid
    opened.page.mouse.click(*opened.pixel(place.y, place.x))
    card = opened.page.locator("#rollout-card")
    expect(card.locator("h2")).to_have_text("Viertel 4")
    expect(card).to_contain_text("Bauabschnitt 2 (in Teilen)")
    rows = state.targets
    ours = (rows["drive"] == "funded") & (rows["phase_id"] == "2") & (rows["district_id"] == "D4")
    count = int(ours.fillna(value=False).sum())
    expect(card.locator(".sentence")).to_contain_text(f"In diesem Stadtteil liegen {count} geförderte Anschlüsse: ")


def test_what_is_switched_off_cannot_be_clicked(open_page: Open, state: State) -> None:
    target = lonely(state)
    opened = open_page(phase_map(state))
    opened.look(target.geometry.y, target.geometry.x, 18)
    opened.page.locator('[data-group="targets"] .head input').uncheck()
    opened.page.mouse.click(*opened.pixel(target.geometry.y, target.geometry.x))
    expect(opened.page.locator("#rollout-card .kicker")).to_have_text("Stadtteil")


def test_the_page_is_used_by_keyboard_alone(open_page: Open, state: State) -> None:
    target = lonely(state)
    opened = open_page(phase_map(state))
    opened.look(target.geometry.y, target.geometry.x, 18)
    before = opened.picture()
    keys, focused = opened.page.keyboard, opened.page.locator(":focus")
    keys.press("Tab")
    expect(focused).to_have_text("Zur Karte springen")
    keys.press("Tab")
    expect(focused).to_have_text("Zur Liste springen")
    keys.press("Tab")
    expect(focused).to_have_attribute("role", "combobox")
    keys.press("Tab")
    expect(focused).to_have_text("Weitere Filter")
    keys.press("Tab")
    expect(focused).to_have_attribute("aria-label", re.compile("^Trassen, "))
    keys.press("Space")
    assert opened.picture() != before
    keys.press("Space")
    opened.page.locator(".rollout-map").focus()
    keys.press("Enter")
    card = opened.page.locator("#rollout-card")
    expect(card).to_contain_text(target.target_id)
    keys.press("Escape")
    expect(card).to_be_hidden()
    expect(opened.page.locator(".rollout-map")).to_be_focused()
    expect(opened.page.locator(".rollout-map")).to_have_css("outline-style", "solid")


def test_a_click_puts_no_ring_around_the_map(open_page: Open, state: State) -> None:
    opened = open_page(phase_map(state))
    opened.page.locator(".rollout-map").click(position={"x": 4, "y": 4})
    expect(opened.page.locator(".rollout-map")).to_be_focused()
    expect(opened.page.locator(".rollout-map")).to_have_css("outline-style", "none")


def test_panning_and_zooming_leave_no_blank(open_page: Open, state: State) -> None:
    opened = open_page(phase_map(state))
    box = opened.page.locator(".rollout-map").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    opened.page.mouse.move(x, y)
    opened.page.mouse.down()
    for step in range(1, 11):
        opened.page.mouse.move(x + step * 45, y + step * 20)
    covers = opened.page.locator(".rollout-scene canvas").first.bounding_box()
    assert covers is not None
    assert covers["x"] <= box["x"]
    assert covers["y"] <= box["y"]
    assert covers["x"] + covers["width"] >= box["x"] + box["width"]
    assert covers["y"] + covers["height"] >= box["y"] + box["height"]
    opened.page.mouse.up()


@pytest.mark.parametrize(("phase", "programme"), [("2", None), (None, None), (None, "gewerbe")])
def test_every_kind_of_page_opens(open_page: Open, state: State, phase: str | None, programme: str | None) -> None:
    opened = open_page(phase_map(state, phase, programme_id=programme))
    assert opened.page.locator(".group").count() >= 3


def test_a_page_with_hardly_anything_on_it_opens(open_page: Open, state: State) -> None:
    bare = {name: getattr(state, name) for name in state.__slots__}
    empty = {name: bare[name].iloc[:0] for name in ("segments", "pieces", "targets", "nodes")}
    opened = open_page(phase_map(type(state)(**bare | empty | {"base": {}})))
    expect(opened.page.locator("#rollout-legend")).to_be_empty()


def test_on_a_phone_the_legend_is_a_sheet_and_targets_are_large(open_page: Open, state: State) -> None:
    opened = open_page(phase_map(state), width=390, height=844, has_touch=True, is_mobile=True)
    details, toggle = opened.page.locator("#rollout-details"), opened.page.locator("#rollout-toggle")
    expect(details).to_be_hidden()
    expect(toggle).to_be_in_viewport(ratio=1)
    map_box = opened.page.locator(".rollout-map").bounding_box()
    assert map_box is not None
    assert map_box["height"] > 380
    toggle.tap()
    expect(details).to_be_visible()
    expect(toggle).to_have_attribute("aria-expanded", "true")
    boxes = [place.bounding_box() for place in opened.page.locator("label.row, #rollout-toggle").all()]
    assert min(box["height"] for box in boxes if box) >= 44
    toggle.tap()
    expect(details).to_be_hidden()
    assert opened.page.evaluate("document.documentElement.scrollWidth") == 390


def test_on_a_phone_a_tap_opens_the_card_as_a_sheet(open_page: Open, state: State) -> None:
    target = lonely(state)
    phone = {"has_touch": True, "is_mobile": True, "reduced_motion": "reduce"}
    opened = open_page(phase_map(state), width=390, height=844, **phone)
    opened.look(target.geometry.y + 0.0003, target.geometry.x, 19)
    opened.page.touchscreen.tap(*opened.pixel(target.geometry.y, target.geometry.x))
    card = opened.page.locator("#rollout-card")
    expect(card).to_contain_text(target.target_id)
    covered = card.bounding_box()
    assert covered is not None
    assert opened.pixel(target.geometry.y, target.geometry.x)[1] < covered["y"] - 20
    close = opened.page.locator("#rollout-card-close").bounding_box()
    assert close is not None
    assert min(close["width"], close["height"]) >= 44


TILE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108020000009077"
    "53de0000000c49444154789c63f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)


def test_official_tiles_are_loaded_only_when_the_button_that_names_the_host_is_pressed(
    open_page: Open, made_city: ModuleType
) -> None:
    offered = made_city.made_state(project=made_city.made_project(base_map="basemap.de"))
    opened = open_page(phase_map(offered))
    page = opened.page
    asked: list[str] = []

    def hand_over(route: Any) -> None:  # noqa: ANN401 - a route of the browser
        asked.append(route.request.url)
        assert "referer" not in route.request.headers
        route.fulfill(body=TILE, content_type="image/png")

    page.route("https://sgx.geodatenzentrum.de/**", hand_over)
    opened.look(51.03, 7.02, 14)
    assert asked == []
    page.get_by_role("button", name="basemap.de grau laden (von sgx.geodatenzentrum.de)").click()
    expect(page.locator("img.leaflet-tile-loaded").first).to_be_attached()
    assert asked
    assert all("/de_basemapde_web_raster_grau/default/GLOBAL_WEBMERCATOR/14/" in address for address in asked)
    expect(page.locator("#rollout-sources")).to_contain_text("© basemap.de / BKG")
    page.get_by_role("button", name="basemap.de grau ausblenden").click()
    expect(page.locator("img.leaflet-tile")).to_have_count(0)
    expect(page.locator("#rollout-sources")).not_to_contain_text("basemap.de")


def test_tiles_that_do_not_come_are_told(open_page: Open, made_city: ModuleType) -> None:
    offered = made_city.made_state(project=made_city.made_project(base_map="basemap.de"))
    opened = open_page(phase_map(offered))
    page = opened.page
    page.route("https://sgx.geodatenzentrum.de/**", lambda route: route.fulfill(status=503, body=""))
    page.get_by_role("button", name="basemap.de grau laden").click()
    expect(page.get_by_text("Von sgx.geodatenzentrum.de kam nicht die ganze Grundkarte.")).to_be_visible()
    page.get_by_role("button", name="basemap.de grau ausblenden").click()
    expect(page.locator("#rollout-notice")).to_be_empty()
    assert all("503" in fault for fault in opened.faults)
    opened.faults.clear()  # what the browser says of the failed loads


def test_a_project_that_offers_no_tiles_can_load_none(open_page: Open, state: State) -> None:
    made = phase_map(state)
    assert "geodatenzentrum" not in made.html()
    assert "img-src data:;" in made.html()
    page = open_page(made).page
    expect(page.get_by_role("button", name="laden")).to_have_count(0)


COLOURS_OF_MARKS = """() => {
  const marks = [...document.querySelectorAll(".rollout-scene canvas")].at(-1);
  const dots = new Uint32Array(marks.getContext("2d").getImageData(0, 0, marks.width, marks.height).data.buffer);
  const counts = new Map();
  for (const dot of dots) if (dot !== 0) counts.set(dot, (counts.get(dot) ?? 0) + 1);
  return [...counts].map(([dot, count]) => [[dot & 255, (dot >> 8) & 255, (dot >> 16) & 255, dot >>> 24], count]);
}"""


def test_a_chosen_trench_has_an_edge_and_shows_its_own_style_within(open_page: Open, state: State) -> None:
    chosen = state.segments["segment_id"].iloc[5]
    found = open_page(phase_map(state), hash=f"sel={chosen}").page.evaluate(COLOURS_OF_MARKS)
    inside = [count for (*_, alpha), count in found if 140 < alpha < 180]
    edge = [count for (red, green, blue, alpha), count in found if alpha > 250 and max(red, green, blue) < 60]
    assert sum(edge) > 50
    assert sum(inside) > sum(edge)
