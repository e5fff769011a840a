"""The page is a Folium map: it is drawn by constant text, takes own elements, and is written whole."""

from __future__ import annotations

import dataclasses
import json
import re
from typing import TYPE_CHECKING, Any

import folium
import pytest
from branca.element import Element, JavascriptLink
from folium.plugins import MarkerCluster

from rollout.cartography import PhaseMap, phase_map
from rollout.errors import OutputError

if TYPE_CHECKING:
    from pathlib import Path

    from rollout.analysis.state import State

PLACE = [51.03, 7.0]


def data_of(page: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="rollout-data">(.*?)</script>', page)
    assert found is not None
    return json.loads(found.group(1))


def test_the_page_is_a_folium_map_that_asks_for_nothing(state: State) -> None:
    page = phase_map(state, "1")
    assert isinstance(page, folium.Map)
    assert isinstance(page, PhaseMap)
    assert page.heading == "Bauabschnitt 1"
    markup = re.sub(r"<script\b.*?</script>", "", page.html(), flags=re.DOTALL)
    assert not re.search(r'src\s*=|href\s*=(?!"#)', markup)


def test_the_same_inputs_give_the_same_bytes(state: State) -> None:
    def page() -> str:
        made = phase_map(state)
        folium.Marker(PLACE, popup="Baubüro", tooltip="hier").add_to(made)
        folium.FeatureGroup(name="Gruppe").add_to(made)
        return made.html()

    assert page() == page()


def test_making_the_page_twice_changes_nothing(state: State) -> None:
    made = phase_map(state)
    folium.Marker(PLACE, popup="Baubüro").add_to(made)
    assert made.html() == made.html()


def test_whoever_renders_the_root_gets_the_finished_page(state: State) -> None:
    made = phase_map(state)
    assert made.get_root().render() == made.html()
    assert "rollout-data" in made._repr_html_()
    assert "srcdoc=" in made._repr_html_()


def test_a_page_is_written_whole(state: State, tmp_path: Path) -> None:
    made = phase_map(state)
    made.save(str(tmp_path / "karte.html"))
    assert (tmp_path / "karte.html").read_text(encoding="utf-8") == made.html()


def test_a_page_that_cannot_be_written_leaves_the_earlier_one(state: State, tmp_path: Path) -> None:
    file = tmp_path / "karte.html"
    file.write_text("früher", encoding="utf-8")
    made = phase_map(state)
    folium.TileLayer("https://tile.example.org/{z}/{x}/{y}.png", attr="x").add_to(made)
    with pytest.raises(OutputError):
        made.save(file)
    assert file.read_text(encoding="utf-8") == "früher"
    with pytest.raises(OutputError):
        phase_map(state).save(tmp_path / "fehlt" / "karte.html")


def test_no_value_of_the_data_passes_through_folium(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = state.targets.copy()
    rows["street"] = "{{ 6*7777 }}{% boom %}{# Merkwort"
    seen: list[str] = []
    original = Element.__init__

    def spy(self: Element, template: str | None = None, template_name: str | None = None) -> None:
        seen.append(template or "")
        original(self, template, template_name)

    monkeypatch.setattr(Element, "__init__", spy)
    page = phase_map(dataclasses.replace(state, targets=rows)).html()
    assert seen
    assert not any("Merkwort" in text for text in seen)
    assert "{{ 6*7777 }}{% boom %}{# Merkwort" in data_of(page)["words"]["streets"]["rest"]


def test_a_text_of_an_own_element_is_not_executed(state: State) -> None:
    made = phase_map(state)
    folium.Marker(PLACE, popup="Angebot {{ 6*7777 }}").add_to(made)
    page = made.html()
    assert "Angebot {{ 6*7777 }}" in page
    assert "46662" not in page


def test_a_text_that_folium_cannot_render_is_refused_with_a_way_out(state: State) -> None:
    made = phase_map(state)
    folium.Marker(PLACE, popup="a {# b").add_to(made)
    with pytest.raises(OutputError, match="lässt sich nicht darstellen") as caught:
        made.html()
    assert "{#" in caught.value.hint


def own_elements() -> dict[str, tuple[Any, str]]:
    return {
        "tiles": (folium.TileLayer("https://tile.example.org/{z}/{x}/{y}.png", attr="x"), "tile.example.org"),
        "wms": (folium.WmsTileLayer("https://wms.example.org/", layers="a"), "wms.example.org"),
        "plugin": (MarkerCluster(), "markercluster"),
        "icon": (folium.Marker(PLACE, icon=folium.Icon(color="red")), "awesome"),
        "picture": (folium.Marker(PLACE, icon=folium.CustomIcon("https://example.org/a.png")), "example.org/a.png"),
        "popup": (folium.Marker(PLACE, popup='<img src="https://example.org/b.png">'), "example.org/b.png"),
        "frame": (folium.Marker(PLACE, popup=folium.Popup(folium.IFrame("x"))), "IFrame"),
        "overlay": (
            folium.raster_layers.ImageOverlay("https://example.org/c.png", [[0, 0], [1, 1]]),
            "example.org/c.png",
        ),
    }


@pytest.mark.parametrize("name", own_elements())
def test_what_needs_the_network_is_refused_by_name(state: State, name: str) -> None:
    element, named = own_elements()[name]
    made = phase_map(state)
    element.add_to(made)
    with pytest.raises(OutputError, match=named) as caught:
        made.html()
    assert caught.value.hint


def test_a_script_link_in_the_head_is_refused(state: State) -> None:
    made = phase_map(state)
    made.get_root().header.add_child(JavascriptLink("https://example.org/x.js"))
    with pytest.raises(OutputError, match=r"example\.org/x\.js"):
        made.html()


def test_what_is_added_to_head_and_body_is_kept(state: State) -> None:
    made = phase_map(state)
    made.get_root().header.add_child(Element("<style>.mein { color: red }</style>"))
    made.get_root().html.add_child(Element('<p class="mein">Hinweis</p>'))
    for _ in range(2):
        page = made.html()
        assert page.count(".mein { color: red }") == 1
        assert page.count("Hinweis") == 1


def test_only_pages_with_own_elements_carry_what_folium_needs(state: State) -> None:
    made = phase_map(state)
    assert "jQueryOfFolium" not in made.html()
    folium.CircleMarker(PLACE).add_to(made)
    assert "jQueryOfFolium" in made.html()
