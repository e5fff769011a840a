"""Names on the map are whole: none is cut by the edge of the map, none lies under a control."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pytest

from rollout.cartography import phase_map

if TYPE_CHECKING:
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

MIDDLE = (51.0435, 7.0343)
SIZES = [(1440, 900), (1024, 768), (390, 844)]


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


def test_a_name_whose_place_is_just_beyond_the_edge_moves_in(open_page: Open, state: State) -> None:
    opened = open_page(phase_map(state), 1024, 768)
    anchor = gpd.GeoSeries(state.districts.centroid, crs=state.districts.crs).to_crs(4326).iloc[3]
    box = opened.page.locator(".rollout-map").bounding_box()
    degrees_per_pixel = 360 / 256 / 2**15
    view = [anchor.y, anchor.x - (box["width"] / 2 + 10) * degrees_per_pixel, 15]
    found = opened.page.evaluate(WRITTEN, view)
    *_, name = (name for name in found["written"] if name["text"] == "Viertel 3")
    assert name["left"] + name["half"] <= found["map"][2]
