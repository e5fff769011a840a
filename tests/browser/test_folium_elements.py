"""Elements of Folium that a user adds work in the finished page, without the network."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import folium
from playwright.sync_api import expect

from rollout.cartography import phase_map

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

    from rollout.analysis.state import State

Open = Callable[..., Any]
PLACE = (51.03, 7.02)


def test_a_marker_with_popup_and_tooltip_works(open_page: Open, state: State) -> None:
    made = phase_map(state)
    folium.Marker(PLACE, popup="<b>Baubüro</b> {{ 6*7777 }}", tooltip="hier").add_to(made)
    opened = open_page(made)
    opened.look(*PLACE, 16)
    marker = opened.page.locator("img.leaflet-marker-icon")
    assert marker.evaluate("image => image.complete && image.naturalWidth") == 25
    marker.hover()
    expect(opened.page.locator(".leaflet-tooltip")).to_contain_text("hier")
    marker.click()
    expect(opened.page.locator(".leaflet-popup-content b")).to_have_text("Baubüro")
    expect(opened.page.locator(".leaflet-popup-content")).to_contain_text("{{ 6*7777 }}")
    expect(opened.page.locator("#rollout-card")).to_be_hidden()


def test_shapes_stand_above_our_layers_and_answer_for_themselves(open_page: Open, state: State) -> None:
    made = phase_map(state)
    group = folium.FeatureGroup(name="Baustellen").add_to(made)
    folium.CircleMarker(PLACE, radius=20, fill=True, color="#ff00ff", fill_opacity=1, popup="Kreis").add_to(group)
    folium.PolyLine([(51.035, 7.02), (51.04, 7.03)], color="#ff00ff").add_to(made)
    folium.GeoJson({"type": "Point", "coordinates": [7.025, 51.03]}).add_to(made)
    folium.LayerControl().add_to(made)
    opened = open_page(made)
    opened.look(*PLACE, 15)
    assert opened.page.locator("path.leaflet-interactive").count() == 2
    assert opened.page.locator("img.leaflet-marker-icon").count() == 1
    opened.page.mouse.click(*opened.pixel(*PLACE))
    expect(opened.page.locator(".leaflet-popup-content")).to_have_text("Kreis")
    expect(opened.page.locator("#rollout-card")).to_be_hidden()


def test_a_popup_can_be_lazy_or_open_from_the_start(open_page: Open, state: State) -> None:
    made = phase_map(state)
    folium.CircleMarker(PLACE, radius=12, popup=folium.Popup("gleich da", show=True)).add_to(made)
    folium.CircleMarker((51.04, 7.05), radius=12, fill=True, popup=folium.Popup("erst auf Klick", lazy=True)).add_to(
        made
    )
    opened = open_page(made)
    expect(opened.page.locator(".leaflet-popup-content")).to_have_text("gleich da")
    opened.page.locator("path.leaflet-interactive").last.click()
    expect(opened.page.locator(".leaflet-popup-content").last).to_have_text("erst auf Klick")


def test_a_notebook_shows_the_finished_page(browser: Browser, state: State, tmp_path: Path) -> None:
    notebook = tmp_path / "notebook.html"
    notebook.write_text(f"<!DOCTYPE html><body>{phase_map(state, '1')._repr_html_()}</body>", encoding="utf-8")
    page = browser.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(notebook.as_uri())
    frame = page.frame_locator("iframe")
    frame.locator("body.settled").wait_for()
    expect(frame.locator("h1")).to_have_text("Bauabschnitt 1")
    assert said == []
    page.close()
