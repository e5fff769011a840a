"""The usual ways to draw the same layers: a Folium object with a popup per feature, and `geopandas.explore()`."""

from __future__ import annotations

import folium
import geopandas as gpd
import pandas as pd

from rollout.analysis.state import State
from rollout.crs import PAGE_CRS
from rollout.layers import read_layer

_CENTRE = (51.04, 6.99)
_COLOURS = ("#2b5f9e", "#b4531f", "#0b6b6b", "#6b4c9a")


def page_layers(state: State, phase_id: str | None) -> dict[str, gpd.GeoDataFrame]:
    """Return what our page of the phase holds, in degrees and with texts instead of dates."""
    base = {name: read_layer(state.project, name).rows for name in ("streets", "water")}
    layers = {"districts": state.districts, **base}
    first = state.project.programmes[0].id
    for name, rows in (("segments", state.segments), ("targets", state.targets)):
        mine = rows["programme_id"] == first
        mine &= True if phase_id is None else (rows["phase_id"] == phase_id).fillna(value=False)
        layers[name] = rows[mine]
    layers["nodes"] = state.nodes
    return {name: _plain(rows).to_crs(PAGE_CRS) for name, rows in layers.items()}


def as_drawn(state: State) -> dict[str, gpd.GeoDataFrame]:
    """Return all layers of a made-up state, as `page_layers` does."""
    layers = {"districts": state.districts, **state.base, "segments": state.segments, "targets": state.targets}
    return {name: _plain(rows).to_crs(PAGE_CRS) for name, rows in {**layers, "nodes": state.nodes}.items()}


def _plain(rows: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    kept = rows.drop(columns=["foot"], errors="ignore")
    dates = {
        name: kept[name].dt.strftime("%d.%m.%Y") for name in kept if pd.api.types.is_datetime64_any_dtype(kept[name])
    }
    return kept.assign(**dates)


def feature_by_feature(layers: dict[str, gpd.GeoDataFrame]) -> str:
    """Draw a CircleMarker or PolyLine with a popup for every target, node and segment, a PolyLine per street."""
    page = folium.Map(_CENTRE, zoom_start=13, tiles=None, prefer_canvas=True)
    folium.GeoJson(layers["districts"]).add_to(page)
    folium.GeoJson(layers["water"]).add_to(page)
    for name in ("streets", "segments", "targets", "nodes"):
        group = folium.FeatureGroup(name).add_to(page)
        for row in layers[name].itertuples():
            _drawn(row, with_popup=name != "streets").add_to(group)
    folium.LayerControl().add_to(page)
    return page.get_root().render()


def _drawn(row: object, *, with_popup: bool) -> folium.Element:
    facts = row._asdict()  # type: ignore[attr-defined]
    shape = facts.pop("geometry")
    popup = folium.Popup("<br>".join(f"{key}: {value}" for key, value in facts.items())) if with_popup else None
    colour = _COLOURS[len(str(facts.get("status"))) % len(_COLOURS)]
    if shape.geom_type == "Point":
        return folium.CircleMarker((shape.y, shape.x), radius=4, color=colour, popup=popup)
    return folium.PolyLine([(y, x) for x, y in shape.coords], color=colour, popup=popup)


def explored(layers: dict[str, gpd.GeoDataFrame]) -> str:
    """Draw every layer with `GeoDataFrame.explore()` as it comes, the status as colour where there is one."""
    page = folium.Map(_CENTRE, zoom_start=13, tiles=None, prefer_canvas=True)
    for name, rows in layers.items():
        rows.explore(m=page, column="status" if "status" in rows else None, name=name, legend=False)
    folium.LayerControl().add_to(page)
    return page.get_root().render()
