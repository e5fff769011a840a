"""The data of one page as one JSON text: what it says, how it looks, and its layers column by column."""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from pyproj import Transformer

from rollout.cartography import encoding, facts, symbols
from rollout.cartography.answers import answers
from rollout.cartography.spec import spec_of
from rollout.crs import METRIC_CRS, PAGE_CRS

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from rollout.cartography.scope import Contents

FORMAT = 1
"""Raised whenever a page of the one kind cannot read the data of the other."""

_ESCAPES = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})


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
        JSON values only: `format`, `spec`, `symbols`, `facts`, `answers`, `words` and `layers`.
    """
    streets = facts.street_words(contents)
    return {
        "format": FORMAT,
        "step": encoding.STEP,
        "spec": asdict(spec_of(contents)),
        "symbols": _symbols(),
        "facts": _facts(),
        "answers": answers(),
        "words": {facts.STREETS: encoding.pack_sorted(streets)},
        "layers": {**_base_layers(contents, streets), **_layers(contents, streets)},
    }


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
    return json.dumps(data, ensure_ascii=True, allow_nan=False, separators=(",", ":")).translate(_ESCAPES)


@cache
def _to_degrees() -> Transformer:
    return Transformer.from_crs(METRIC_CRS, PAGE_CRS, always_xy=True)


def _degrees(metres: NDArray[np.float64]) -> NDArray[np.float64]:
    if not len(metres):
        return metres.reshape(0, 2)
    return np.column_stack(_to_degrees().transform(metres[:, 0], metres[:, 1]))


def _layers(contents: Contents, streets: list[str]) -> dict[str, Any]:
    state = contents.state
    return {
        "districts": _districts(contents),
        "segments": _shapes(state.segments, facts.segment_columns(contents, streets)),
        "extended": _targets(contents, contents.extended, streets),
        "targets": _targets(contents, contents.funded, streets),
        "nodes": _points(state.nodes, facts.node_columns(contents)),
    }


def _base_layers(contents: Contents, words: list[str]) -> dict[str, Any]:
    base = contents.state.base
    columns = {"streets": _street_columns(base["streets"], words)} if "streets" in base else {}
    return {name: _shapes(layer, columns.get(name, {})) for name, layer in base.items()}


def _street_columns(streets: gpd.GeoDataFrame, words: list[str]) -> facts.Columns:
    columns = {"name": facts.of_streets(streets["name"], words)} if "name" in streets else {}
    return facts.filled({**columns, "rank": encoding.pack_words(streets["rank"])} if "rank" in streets else columns)


def _shapes(layer: gpd.GeoDataFrame, columns: facts.Columns) -> dict[str, Any]:
    return {"count": len(layer), **encoding.pack_lines(layer.geometry.to_numpy(), _degrees), "columns": columns}


def _districts(contents: Contents) -> dict[str, Any]:
    """Add where each name stands: at the centre of gravity, or inside where that lies outside."""
    districts = contents.state.districts
    shapes = districts.geometry.to_numpy()
    centres = shapely.centroid(shapes)
    anchors = np.where(shapely.contains(shapes, centres), centres, shapely.point_on_surface(shapes))
    places = encoding.pack_places(_degrees(shapely.get_coordinates(anchors)))
    return {**_shapes(districts, facts.district_columns(contents)), "anchors": places}


def _points(layer: gpd.GeoDataFrame, columns: facts.Columns) -> dict[str, Any]:
    places = encoding.pack_places(_degrees(shapely.get_coordinates(layer.geometry.to_numpy())))
    return {"count": len(layer), **places, "columns": columns}


def _targets(contents: Contents, rows: gpd.GeoDataFrame, streets: list[str]) -> dict[str, Any]:
    layer = _points(rows, facts.target_columns(contents, rows, streets))
    return {**layer, "feet": _feet(rows)}


def _feet(rows: gpd.GeoDataFrame) -> str:
    """Write where the drop of each target meets the trench, as steps from the target; none is no step."""
    places = shapely.get_coordinates(rows.geometry.to_numpy())
    feet = places.copy()
    known = rows["foot"].notna().to_numpy(dtype=bool)
    feet[known] = shapely.get_coordinates(rows["foot"].to_numpy()[known])
    steps = encoding.quantised(_degrees(feet)) - encoding.quantised(_degrees(places))
    return encoding.pack_signed(steps.ravel())


def _symbols() -> dict[str, Any]:
    return {
        "land": symbols.LAND,
        "aside": symbols.LAND_ASIDE,
        "ink": symbols.INK,
        "paper": symbols.PAPER,
        "segments": {style.key: _looks(style) for style in symbols.SEGMENT_STYLES},
        "targets": {style.key: _looks(style) for style in symbols.TARGET_STYLES},
        "shapes": {**symbols.CATEGORY_SHAPES, **symbols.NODE_SHAPES},
    }


def _looks(style: symbols.LineStyle | symbols.PointStyle) -> dict[str, Any]:
    return {name: value for name, value in asdict(style).items() if name not in {"key", "label", "rungs"}}


def _facts() -> dict[str, Any]:
    lists = {
        "segments": facts.SEGMENT_FACTS,
        "targets": facts.TARGET_FACTS,
        "nodes": facts.NODE_FACTS,
        "districts": facts.DISTRICT_FACTS,
    }
    return {name: [asdict(fact) for fact in entries] for name, entries in lists.items()}
