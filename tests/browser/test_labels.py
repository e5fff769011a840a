"""Names on the map are whole: none is cut by the edge of the map, none lies under a control."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pytest
import shapely

import rollout
from rollout.cartography import phase_map

if TYPE_CHECKING:
    from types import ModuleType

    from rollout.analysis.state import State

Open = Callable[..., Any]
Box = tuple[float, float, float, float]

WRITTEN = """view => {
  const written = [];
  const { prototype } = CanvasRenderingContext2D;
  const { fillText } = prototype;
  prototype.fillText = function (text, x, y) {
    const size = parseFloat(/([0-9.]+)px/.exec(this.font)[1]);
    const half = this.measureText(text).width / 2;
    const { e, f } = this.getTransform();
    const dots = window.devicePixelRatio;
    const canvas = this.canvas.getBoundingClientRect();
    const turned = Math.abs(this.getTransform().b) > 1e-6;
    const [left, top] = [canvas.left + e / dots + x, canvas.top + f / dots + y];
    if (this.canvas.closest(".rollout-scene")) written.push({ text, turned, left, top, half, tall: size / 2 });
    fillText.apply(this, arguments);
  };
  rollout.look(...view);
  prototype.fillText = fillText;
  const place = element => ["left", "top", "right", "bottom"].map(side => element.getBoundingClientRect()[side]);
  const controls = [...document.querySelectorAll(".search, .tools > *, .leaflet-control")].map(place);
  return { written, controls, map: place(document.querySelector(".rollout-map")) };
}"""

BUNDLED = Path(__file__).parents[2] / "geodata" / "leverkusen"
MIDDLE = (51.0435, 7.0343)
SIZES = [(1440, 900), (1024, 768), (390, 844)]


@pytest.fixture(scope="module")
def leverkusen() -> State:
    return rollout.state(rollout.open_project(BUNDLED))


def meet(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def holds(outer: Box, inner: Box) -> bool:
    return outer[0] <= inner[0] and outer[1] <= inner[1] and inner[2] <= outer[2] and inner[3] <= outer[3]


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_a_name_is_whole_wherever_the_map_is_moved(open_page: Open, state: State, width: int, height: int) -> None:
    page = open_page(phase_map(state), width, height).page
    seen = 0
    for step in range(-6, 7, 2):
        for zoom in (13.5, 15, 16.5):
            view = [MIDDLE[0] + step * 0.0008, MIDDLE[1] + step * 0.0041 / 2 ** (zoom - 13), zoom]
            found = page.evaluate(WRITTEN, view)
            for name in (name for name in found["written"] if len(name["text"]) > 1):  # a lone ? or ! is a symbol
                left, top, half, tall = (name[part] for part in ("left", "top", "half", "tall"))
                box = (left, top, left, top) if name["turned"] else (left - half, top - tall, left + half, top + tall)
                assert holds(found["map"], box) or not meet(found["map"], box), (name, view)
                assert not any(meet(control, box) for control in found["controls"]), (name, view)
                seen += not name["turned"] and holds(found["map"], box)
    assert seen > 30


def in_pixels(shapes: gpd.GeoSeries, opened: Any, view: list[float]) -> gpd.GeoSeries:  # noqa: ANN401
    """Lay shapes on the page, as it shows them when it looks there."""
    x, y = opened.pixel(*view[:2])
    centre = gpd.GeoSeries.from_xy([view[1]], [view[0]], crs=4326).to_crs(3857).iloc[0]
    per_metre = 256 * 2 ** view[2] / 40_075_016.686
    moved = shapes.to_crs(3857).translate(-centre.x, -centre.y)
    return moved.scale(per_metre, -per_metre, origin=(0, 0)).translate(x, y)


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_a_neighbour_is_named_within_itself_and_clear_of_the_names_of_districts(
    open_page: Open, leverkusen: State, width: int, height: int
) -> None:
    opened = open_page(phase_map(leverkusen), width, height)
    neighbours = leverkusen.base["neighbours"].set_index("name").geometry
    districts = set(leverkusen.districts["name"])
    seen = set()
    for view in ([51.05, 7.0, 11], [51.09, 6.92, 13], [51.04, 7.06, 12.5], [51.08, 7.0, 13.5], [51.03, 7.1, 14.5]):
        found = opened.page.evaluate(WRITTEN, view)
        areas = in_pixels(neighbours, opened, view)
        boxes = {
            name["text"].removesuffix(" (in Teilen)"): shapely.box(
                name["left"] - name["half"],
                name["top"] - name["tall"],
                name["left"] + name["half"],
                name["top"] + name["tall"],
            )
            for name in found["written"]
        }
        there = boxes.keys() & set(neighbours.index)
        for name in there:
            assert areas[name].contains(boxes[name]), (name, view)
            assert shapely.box(*found["map"]).contains(boxes[name]), (name, view)
            assert not any(boxes[name].intersects(boxes[other]) for other in boxes.keys() & districts), (name, view)
        assert there, view
        seen |= there
    assert seen == set(neighbours.index)


def test_a_neighbour_keeps_its_name_where_it_is_while_the_map_is_dragged_a_little(
    open_page: Open, leverkusen: State
) -> None:
    opened = open_page(phase_map(leverkusen), 1440, 900)
    places = set()
    for step in range(4):
        view = [51.05, 7.0 + step * 0.004, 12]
        found = opened.page.evaluate(WRITTEN, view)
        name = next(name for name in found["written"] if name["text"] == "Langenfeld (Rhld.)")
        x, y = opened.pixel(51.05, 7.0)
        places.add((round(name["left"] - x), round(name["top"] - y)))
    assert len(places) == 1


def test_a_neighbour_is_named_well_within_a_map_that_shows_a_part_of_the_city(
    open_page: Open, leverkusen: State
) -> None:
    opened = open_page(phase_map(leverkusen), 1440, 900)
    found = opened.page.evaluate(WRITTEN, [51.06, 6.905, 14.5])
    name = next(name for name in found["written"] if name["text"] == "Köln")
    left, top, right, bottom = found["map"]
    assert left + 100 < name["left"] < right - 100
    assert top + 100 < name["top"] < bottom - 100


def test_neighbours_are_named_neither_from_near_nor_beside_official_tiles_nor_without_their_layer(
    open_page: Open, state: State, made_city: ModuleType
) -> None:
    names = set(state.base["neighbours"]["name"])

    def written(page: Any, zoom: float) -> set[str]:  # noqa: ANN401
        found = page.evaluate(WRITTEN, [MIDDLE[0], MIDDLE[1], zoom])
        return {name["text"] for name in found["written"]} & names

    page = open_page(phase_map(state)).page
    assert written(page, 13) == names
    assert written(page, 15.75) == set()
    without = {name: rows for name, rows in state.base.items() if name != "neighbours"}
    assert written(open_page(phase_map(replace(state, base=without))).page, 13) == set()
    offered = made_city.made_state(project=made_city.made_project(base_map="basemap.de"))
    tiled = open_page(phase_map(offered)).page
    tiled.route("https://sgx.geodatenzentrum.de/**", lambda route: route.fulfill(status=204))
    tiled.get_by_role("button", name="basemap.de grau laden").click()
    assert written(tiled, 13) == set()


def test_a_name_whose_place_is_just_beyond_the_edge_moves_in(open_page: Open, state: State) -> None:
    opened = open_page(phase_map(state), 1024, 768)
    anchor = gpd.GeoSeries(state.districts.centroid, crs=state.districts.crs).to_crs(4326).iloc[3]
    box = opened.page.locator(".rollout-map").bounding_box()
    degrees_per_pixel = 360 / 256 / 2**15
    view = [anchor.y, anchor.x - (box["width"] / 2 + 10) * degrees_per_pixel, 15]
    found = opened.page.evaluate(WRITTEN, view)
    *_, name = (name for name in found["written"] if name["text"] == "Viertel 3")
    assert name["left"] + name["half"] <= found["map"][2]
