"""The styles QGIS loads: whole, one category per class, every status drawn, the colours of the maps."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring

from rollout.cartography.symbols import CATEGORY_SHAPES, SEGMENT_STYLES, TARGET_STYLES
from rollout.exchange.contents import PUBLISHED
from rollout.exchange.styles import styles
from rollout.vocabulary import NO_DATA, NodeKind, ladder_of

CLASSES = {"segments": SEGMENT_STYLES, "targets": TARGET_STYLES}


def _style(layer: str) -> Element:
    return fromstring(styles()[layer])


def _values(category: Element) -> list[str]:
    return [said.attrib["value"] for said in category.iter("val")] or [category.attrib["value"]]


def _symbols(layer: str) -> list[Element]:
    """The symbol of each category, in the order of the legend."""
    style = _style(layer)
    by_name = {symbol.attrib["name"]: symbol for symbol in style.findall("renderer-v2/symbols/symbol")}
    return [by_name[category.attrib["symbol"]] for category in style.iter("category")]


def _options(symbol: Element, name: str) -> list[str]:
    return [option.attrib["value"] for option in symbol.iter("Option") if option.get("name") == name]


def _rgba(colour: str) -> str:
    return ",".join(str(int(colour[at : at + 2], 16)) for at in (1, 3, 5)) + ",255"


@pytest.mark.parametrize("layer", PUBLISHED)
def test_every_layer_has_a_style_that_is_well_formed(layer: str) -> None:
    style = _style(layer)
    assert style.tag == "qgis"
    assert set(styles()) == set(PUBLISHED)
    kinds = {"Point": "marker", "LineString": "line", "Polygon": "fill"}
    assert {symbol.attrib["type"] for symbol in style.findall("renderer-v2/symbols/symbol")} == {
        kinds[PUBLISHED[layer].geometry]
    }


@pytest.mark.parametrize("layer", CLASSES)
def test_there_is_one_category_per_class_under_the_name_of_the_legend(layer: str) -> None:
    labels = [category.attrib["label"] for category in _style(layer).iter("category")]
    assert labels == [style.label for style in CLASSES[layer]]
    assert len(_symbols(layer)) == len(labels)


@pytest.mark.parametrize("layer", CLASSES)
def test_every_status_is_drawn_and_each_in_one_way(layer: str) -> None:
    drawn = [value for category in _style(layer).iter("category") for value in _values(category)]
    assert sorted(drawn) == sorted([*(rung.key for rung in ladder_of(layer)), NO_DATA])


@pytest.mark.parametrize("layer", CLASSES)
def test_a_status_is_drawn_as_the_class_the_maps_draw_it_in(layer: str) -> None:
    for category, style in zip(_style(layer).iter("category"), CLASSES[layer], strict=True):
        assert _values(category) == list(style.rungs or (NO_DATA,))


@pytest.mark.parametrize("layer", CLASSES)
def test_the_colours_are_those_of_the_maps(layer: str) -> None:
    for symbol, style in zip(_symbols(layer), CLASSES[layer], strict=True):
        names = ("line_color", "color", "outline_color")
        assert _rgba(style.colour) in [value for name in names for value in _options(symbol, name)]


def test_widths_and_dashes_are_in_the_proportions_of_the_maps() -> None:
    for symbol, style in zip(_symbols("segments"), SEGMENT_STYLES, strict=True):
        layer = symbol.findall("layer")[1 if style.mark == "hatch" else 0]
        (width,), (dashed,) = _options(layer, "line_width"), _options(layer, "use_custom_dash")
        assert float(width) == pytest.approx(0.7 * style.width, abs=0.001)
        assert dashed == str(int(bool(style.dash)))
        if style.dash:
            dash = [float(part) for part in _options(layer, "customdash")[0].split(";")]
            assert dash == pytest.approx([part * float(width) for part in style.dash], abs=0.002)


def test_every_category_of_buildings_has_its_shape() -> None:
    shapes = {"circle": "circle", "square": "square", "triangle": "triangle", "cross": "cross_fill"}
    for symbol, style in zip(_symbols("targets"), TARGET_STYLES, strict=True):
        said = " ".join(_options(symbol, "expression"))
        for category, shape in CATEGORY_SHAPES.items():
            named = f"WHEN \"category\" = '{category}' THEN '{shapes[shape]}'"
            assert (named in said) == (style.mark != "crosses")


@pytest.mark.parametrize("layer", PUBLISHED)
def test_expressions_speak_only_of_columns_that_are_there(layer: str) -> None:
    columns = {column.name for column in PUBLISHED[layer].columns}
    spoken_of = set(re.findall(r'"(\w+)"', " ".join(_options(_style(layer), "expression"))))
    assert spoken_of <= columns


def test_a_class_of_the_maps_is_marked_in_qgis_too() -> None:
    marks = {style.key: symbol for symbol, style in zip(_symbols("segments"), SEGMENT_STYLES, strict=True)}
    assert len(marks["blocked"].findall("layer")) == 3
    assert "cross2" in _options(marks["dropped"], "name")
    assert _options(marks["no_data"], "chr") == ["?"]


def test_every_kind_of_node_is_drawn() -> None:
    drawn = [value for category in _style("nodes").iter("category") for value in _values(category)]
    assert drawn == list(NodeKind)


def test_qgis_finds_the_style_of_every_layer_as_its_default(published: Path) -> None:
    with closing(sqlite3.connect(published)) as file:
        said = file.execute(
            "SELECT f_table_catalog, f_table_schema, f_table_name, useAsDefault, styleQML FROM layer_styles s "
            "JOIN gpkg_geometry_columns g ON g.table_name = s.f_table_name AND g.column_name = s.f_geometry_column"
        ).fetchall()
        layers = [name for (name,) in file.execute("SELECT table_name FROM gpkg_geometry_columns")]
    expected = styles()
    assert sorted(said) == sorted(("", "", name, 1, expected[name]) for name in layers)
