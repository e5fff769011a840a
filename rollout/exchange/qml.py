"""QGIS's style language: symbols, categories and whole styles as XML, with nothing of the data in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET  # only built here, never parsed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

VERSION = "3.22.0"
_EXPRESSION = "3"
_DOCTYPE = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"


@dataclass(frozen=True, slots=True)
class Paint:
    """
    One layer of a symbol.

    Attributes
    ----------
    kind
        QGIS's class, e.g. `SimpleLine`.
    options
        Its settings by QGIS's names.
    expressions
        Settings that each row decides: QGIS's name → expression.
    inner
        The symbol that stands along a line, for a `MarkerLine`.
    """

    kind: str
    options: Mapping[str, str]
    expressions: Mapping[str, str] = field(default_factory=dict)
    inner: Symbol | None = None


@dataclass(frozen=True, slots=True)
class Symbol:
    """
    How one class looks.

    Attributes
    ----------
    kind
        `marker`, `line` or `fill`.
    paints
        From the lowest up.
    rank
        Classes of a higher rank are drawn above the others.
    """

    kind: str
    paints: tuple[Paint, ...]
    rank: int = 0


@dataclass(frozen=True, slots=True)
class Category:
    """
    One line of the legend.

    Attributes
    ----------
    label
        German.
    values
        What the attribute may hold to be drawn so.
    symbol
        How it is drawn.
    """

    label: str
    values: tuple[str, ...]
    symbol: Symbol


def categorized(attribute: str, categories: Sequence[Category]) -> str:
    """
    Write a style with one symbol per class.

    Parameters
    ----------
    attribute
        Column that says the class.
    categories
        In the order of the legend.

    Returns
    -------
    qml
        A whole document.
    """
    ranked = str(int(any(category.symbol.rank for category in categories)))
    said = {"type": "categorizedSymbol", "attr": attribute, "symbollevels": ranked, "enableorderby": "0"}
    renderer = ET.Element("renderer-v2", {**said, "forceraster": "0"})
    listed = ET.SubElement(renderer, "categories")
    for number, category in enumerate(categories):
        _add_category(listed, category, str(number))
    symbols = ET.SubElement(renderer, "symbols")
    symbols.extend(_symbol(category.symbol, str(number)) for number, category in enumerate(categories))
    return _document(renderer, categories[0].symbol.kind)


def single(symbol: Symbol) -> str:
    """
    Write a style that draws every row alike.

    Parameters
    ----------
    symbol
        How.

    Returns
    -------
    qml
        A whole document.
    """
    said = {"type": "singleSymbol", "symbollevels": "0", "enableorderby": "0", "forceraster": "0"}
    renderer = ET.Element("renderer-v2", said)
    ET.SubElement(renderer, "symbols").append(_symbol(symbol, "0"))
    return _document(renderer, symbol.kind)


def _document(renderer: ET.Element, kind: str) -> str:
    root = ET.Element("qgis", {"version": VERSION, "styleCategories": "Symbology"})
    root.append(renderer)
    ET.SubElement(root, "layerGeometryType").text = str(("marker", "line", "fill").index(kind))
    return _DOCTYPE + ET.tostring(root, encoding="unicode")


def _add_category(listed: ET.Element, category: Category, number: str) -> None:
    said = {"render": "true", "symbol": number, "label": category.label}
    if len(category.values) == 1:
        ET.SubElement(listed, "category", {**said, "type": "string", "value": category.values[0]})
        return
    several = ET.SubElement(listed, "category", {**said, "type": "List"})
    for value in category.values:
        ET.SubElement(several, "val", {"type": "QString", "value": value})


def _symbol(symbol: Symbol, name: str) -> ET.Element:
    said = {"type": symbol.kind, "name": name, "alpha": "1", "clip_to_extent": "1", "force_rhr": "0"}
    element = ET.Element("symbol", said)
    for number, paint in enumerate(symbol.paints):
        about = {"class": paint.kind, "enabled": "1", "locked": "0", "pass": str(symbol.rank)}
        layer = ET.SubElement(element, "layer", about)
        settings = ET.SubElement(layer, "Option", {"type": "Map"})
        for key, value in paint.options.items():
            _option(settings, key, "QString", value)
        if paint.expressions:
            _add_expressions(layer, paint.expressions)
        if paint.inner is not None:
            layer.append(_symbol(paint.inner, f"@{name}@{number}"))
    return element


def _add_expressions(layer: ET.Element, expressions: Mapping[str, str]) -> None:
    outer = ET.SubElement(ET.SubElement(layer, "data_defined_properties"), "Option", {"type": "Map"})
    _option(outer, "name", "QString", "")
    properties = ET.SubElement(outer, "Option", {"name": "properties", "type": "Map"})
    for name, expression in expressions.items():
        said = ET.SubElement(properties, "Option", {"name": name, "type": "Map"})
        _option(said, "active", "bool", "true")
        _option(said, "expression", "QString", expression)
        _option(said, "type", "int", _EXPRESSION)
    _option(outer, "type", "QString", "collection")


def _option(parent: ET.Element, name: str, kind: str, value: str) -> None:
    ET.SubElement(parent, "Option", {"name": name, "type": kind, "value": value})
