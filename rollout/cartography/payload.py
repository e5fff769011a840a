"""The data of one page as one JSON text: what it says, how it looks, and its layers column by column."""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from pyproj import Transformer

from rollout.cartography import areas, card, encoding, facts, symbols
from rollout.cartography.answers import answers
from rollout.cartography.columns import coded
from rollout.cartography.course import course_data
from rollout.cartography.marking import marks_data
from rollout.cartography.spec import spec_of
from rollout.cartography.themes import THEMES
from rollout.cartography.withheld import as_told
from rollout.crs import METRIC_CRS, PAGE_CRS
from rollout.once import once_each

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from rollout.cartography.columns import Column
    from rollout.cartography.scope import Additions, Contents

FORMAT = 2
"""Raised whenever a page of the one kind cannot read the data of the other."""

_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}


def page_data(contents: Contents) -> dict[str, Any]:
    """
    Gather everything a page knows.

    Parameters
    ----------
    contents
        The rows of the page.

    Returns
    -------
    data
        JSON values only: `format`, `spec`, `symbols`, `facts`, `answers`, `themes`, `words` and `layers`; `marks`
        where it can be marked, `course` where it shows other days, `paper` where it has an address or prints an atlas.
    """
    words, streets = facts.streets_of(contents)
    data = {
        "format": FORMAT,
        "step": encoding.STEP,
        "spec": {**asdict(spec_of(contents)), **_notice(contents)},
        "symbols": {**_symbols()},
        "facts": {**_facts()},
        "answers": answers(),
        "themes": THEMES,
        "words": {facts.STREETS: encoding.pack_sorted(words)},
        **_paper(contents.additions),
        "layers": {**_base_layers(contents, streets), **_layers(contents, streets)},
        **_additions(contents),
    }
    told = contents.additions.disclosed
    return as_told(data if told is None else _with_areas(data, contents, told), contents.state)


def _notice(contents: Contents) -> dict[str, Any]:
    notice = contents.additions.notice
    return {"notice": notice} if notice else {}


def _with_areas(data: dict[str, Any], contents: Contents, told: areas.Areas) -> dict[str, Any]:
    """Add what may be told of districts and cells."""
    cells, layers, lines = areas.cells_in(told, contents), data["layers"], areas.area_facts(told)
    districts = layers["districts"]
    shown = {**districts, "columns": {**districts["columns"], **areas.district_columns(told, contents)}}
    found = {"cells": _shapes(cells, areas.cell_columns(told, cells, contents))} if len(cells) else {}
    there = {**layers, "districts": shown, **found}
    added = {name: [asdict(fact) for fact in facts_of] for name, facts_of in lines.items() if name in there}
    return {
        **data,
        "symbols": {**data["symbols"], "areas": areas.colours()},
        "facts": {**data["facts"], **added, "districts": [*data["facts"]["districts"], *added["districts"]]},
        "themes": {**data["themes"], **areas.THEME},
        "layers": there,
    }


def _additions(contents: Contents) -> dict[str, Any]:
    """Only a page that was given something more holds more."""
    marks = contents.additions.marks
    return course_data(contents) | ({} if marks is None else {"marks": marks_data(marks, contents.state)})


def _paper(additions: Additions) -> dict[str, Any]:
    paper: dict[str, Any] = {}
    atlas = additions.atlas
    if additions.address is not None:
        paper["address"] = additions.address
    if atlas is not None:
        paper["atlas"] = {"format": atlas.paper.lower(), "districts": atlas.districts}
    return {"paper": paper} if paper else {}


def as_json(data: dict[str, Any]) -> str:
    """
    Write data so that no HTML reader can take any of it for markup.

    Parameters
    ----------
    data
        JSON values.

    Returns
    -------
    text
        JSON in ASCII without `<`, `>` and `&`.
    """
    text = json.dumps(data, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    for sign, escaped in _ESCAPES.items():
        text = text.replace(sign, escaped)  # to translate them all at once takes forty times as long
    return text


@cache
def _to_degrees() -> Transformer:
    return Transformer.from_crs(METRIC_CRS, PAGE_CRS, always_xy=True)


def _degrees(metres: NDArray[np.float64]) -> NDArray[np.float64]:
    if not len(metres):
        return metres.reshape(0, 2)
    return np.column_stack(_to_degrees().transform(metres[:, 0], metres[:, 1]))


def _packed(layer: gpd.GeoDataFrame) -> dict[str, Any]:
    return {"count": len(layer), **encoding.pack_lines(layer.geometry.to_numpy(), _degrees)}


_ground = once_each(_packed)
"""All pages of a state have one ground."""


@once_each
def _anchors(districts: gpd.GeoDataFrame) -> dict[str, Any]:
    """Where each name stands: at the centre of gravity, or inside where that lies outside."""
    shapes = districts.geometry.to_numpy()
    anchors = shapely.centroid(shapes)
    outside = ~shapely.contains(shapes, anchors)
    anchors[outside] = shapely.point_on_surface(shapes[outside])
    return encoding.pack_places(_degrees(shapely.get_coordinates(anchors)))


def _layers(contents: Contents, streets: dict[str, Column]) -> dict[str, Any]:
    state = contents.state
    return {
        "districts": _districts(contents),
        "segments": _shapes(state.segments, facts.segment_columns(contents, streets["segments"])),
        **_targets(contents, streets["targets"]),
        "nodes": _points(state.nodes, facts.node_columns(contents)),
    }


def _base_layers(contents: Contents, streets: dict[str, Column]) -> dict[str, Any]:
    base = contents.state.base
    columns: dict[str, facts.Columns] = {}
    if "streets" in base:
        columns["streets"] = _street_columns(base["streets"], streets["streets"])
    if "neighbours" in base:
        columns["neighbours"] = facts.neighbour_columns(base["neighbours"])
    return {name: {**_ground(layer), "columns": columns.get(name, {})} for name, layer in base.items()}


def _street_columns(streets: gpd.GeoDataFrame, name: Column) -> facts.Columns:
    return {**facts.filled({"name": name}), **_ranks(streets)}


@once_each
def _ranks(streets: gpd.GeoDataFrame) -> facts.Columns:
    return facts.filled({"rank": coded(streets["rank"])} if "rank" in streets else {})


def _shapes(layer: gpd.GeoDataFrame, columns: facts.Columns) -> dict[str, Any]:
    return {**_packed(layer), "columns": columns}


def _districts(contents: Contents) -> dict[str, Any]:
    districts, columns = contents.state.districts, facts.district_columns(contents)
    return {**_ground(districts), "columns": columns, "anchors": _anchors(districts)}


def _points(layer: gpd.GeoDataFrame, columns: facts.Columns) -> dict[str, Any]:
    return {"count": len(layer), **encoding.pack_places(_places(layer)), "columns": columns}


def _places(layer: gpd.GeoDataFrame) -> NDArray[np.float64]:
    return _degrees(shapely.get_coordinates(layer.geometry.to_numpy()))


def _targets(contents: Contents, street: Column) -> dict[str, Any]:
    columns, places = facts.target_columns(contents, street), _places(contents.targets)
    steps = _feet(contents.targets, places)
    return {
        layer: {
            "count": len(places[part]),
            **encoding.pack_places(places[part]),
            "columns": columns[layer],
            "feet": encoding.pack_signed(steps[part].ravel()),
        }
        for layer, part in reversed(contents.populations.items())
    }


def _feet(rows: gpd.GeoDataFrame, places: NDArray[np.float64]) -> encoding.Integers:
    """Return where the drop of each target meets the trench, as steps from the target; none is no step."""
    feet, shapes = places.copy(), rows["foot"].to_numpy()
    known = shapely.is_geometry(shapes)
    feet[known] = _degrees(shapely.get_coordinates(shapes[known]))
    return encoding.quantised(feet) - encoding.quantised(places)


@cache
def _symbols() -> dict[str, Any]:
    return {
        "land": symbols.LAND,
        "aside": symbols.LAND_ASIDE,
        "ink": symbols.INK,
        "paper": symbols.PAPER,
        "segments": {style.key: _looks(style) for style in symbols.SEGMENT_STYLES},
        "targets": {style.key: _looks(style) for style in symbols.TARGET_STYLES},
        "shapes": {**symbols.CATEGORY_SHAPES, **symbols.NODE_SHAPES},
        "themes": {"reach": symbols.REACH_STYLES, "package": symbols.PACKAGE, "doubt": symbols.DOUBT},
    }


def _looks(style: symbols.LineStyle | symbols.PointStyle) -> dict[str, Any]:
    return {name: value for name, value in asdict(style).items() if name not in {"key", "label", "rungs"}}


@cache
def _facts() -> dict[str, Any]:
    lists = {
        "segments": card.SEGMENT_FACTS,
        "targets": card.TARGET_FACTS,
        "nodes": card.NODE_FACTS,
        "districts": card.DISTRICT_FACTS,
    }
    return {name: [asdict(fact) for fact in entries] for name, entries in lists.items()}
