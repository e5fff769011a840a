"""The colour ladder of the maps as QGIS styles: the same colours, dashes and shapes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rollout.cartography.symbols import (
    CATEGORY_SHAPES,
    INK,
    LAND,
    PAPER,
    SEGMENT_STYLES,
    TARGET_STYLES,
    UNKNOWN,
)
from rollout.exchange.qml import Category, Paint, Symbol, categorized, single
from rollout.vocabulary import DROPPED, NO_DATA, NODE_KIND_LABELS, Drive, NodeKind, SegmentKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rollout.cartography.symbols import LineStyle, PointStyle

_LINE_MM = 0.7
"""Width of a trench of factor 1, in millimetres of the screen or the sheet."""

_DOUBLE_MM = 0.9
"""Least width of a double line, so that both of its edges are seen."""

_POINT_MM = 2.0
_NODE_MM = 3.6
_EXTENDED_SIZE = 0.66

_CLEAR = "#00000000"
_WATER, _BORDER, _BOUNDARY, _NEIGHBOUR, _STREET, _MAIN_STREET = (
    "#b9cbd6",
    "#aaa291",
    "#6d6558",
    "#a39b8c",
    "#cfc8b9",
    "#bdb5a3",
)
_SHAPES = {"circle": "circle", "square": "square", "triangle": "triangle", "cross": "cross_fill"}
"""Shape of the maps → QGIS's name for it."""

_SIZES = {"triangle": 1.3, "cross": 1.9}
_HOLLOW = ("slash", "question")
_CORE = 0.42
"""How wide the white middle of a symbol is, by its own width."""
_DOUBLE = f"\"kind\" = '{SegmentKind.CO_USED}'"


def styles() -> dict[str, str]:
    """
    Return the style of every layer.

    Returns
    -------
    styles
        Layer's name → QML. One category per class of the maps; between them they name every status.
    """
    return {
        "segments": categorized("status", [_line_class(style, rank) for rank, style in enumerate(SEGMENT_STYLES, 1)]),
        "targets": categorized("status", [_point_class(style, rank) for rank, style in enumerate(TARGET_STYLES, 1)]),
        "nodes": categorized("kind", [_node_class(kind) for kind in NodeKind]),
        "streets": single(_streets()),
        "districts": single(Symbol("fill", (_fill(LAND, _BORDER, 0.3),))),
        "water": single(Symbol("fill", (_fill(_WATER, _WATER, 0.1),))),
        "boundary": single(Symbol("fill", (_fill(None, _BOUNDARY, 0.5),))),
        "neighbours": single(Symbol("fill", (_fill(None, _NEIGHBOUR, 0.25, "dash"),))),
    }


def _statuses(style: LineStyle | PointStyle) -> tuple[str, ...]:
    return (*style.rungs, NO_DATA) if style.key == NO_DATA else style.rungs


def _line_class(style: LineStyle, rank: int) -> Category:
    width = _LINE_MM * style.width
    wide = max(width * 1.25, _DOUBLE_MM)
    by_kind = {"outlineWidth": f"CASE WHEN {_DOUBLE} THEN {_mm(wide)} ELSE {_mm(width)} END"}
    if style.mark == "hatch":
        paints = [_line(style.colour, width + 0.4), _line(PAPER, width, style.dash)]
    else:
        paints = [_line(style.colour, width, style.dash, by_kind)]
    hollow = {} if style.mark == "question" else {"enabled": _DOUBLE}
    paints.append(_line(INK if style.mark == "hatch" else PAPER, wide * 0.36, expressions=hollow))
    if style.mark == "crosses":
        paints.append(_along("Interval", _marker("cross2", (_CLEAR, style.colour), 1.4)))
    if style.mark == "question":
        paints.append(_along("CentralPoint", _marker("circle", (PAPER, style.colour), 3.2), _letter(2.4)))
    below = 0 if style.key == DROPPED else rank
    return Category(style.label, _statuses(style), Symbol("line", tuple(paints), below))


def _point_class(style: PointStyle, rank: int) -> Category:
    shape, size = _by_category(_SHAPES), _by_category({shape: _SIZES.get(shape, 1.0) for shape in _SHAPES})
    small = f"CASE WHEN \"drive\" = '{Drive.EXTENDED}' THEN {_EXTENDED_SIZE} ELSE 1 END"
    sized = {"size": f"{_POINT_MM} * ({size}) * ({small})"}
    if style.mark == "crosses":
        paints = [_marker("cross2", (_CLEAR, style.colour), _POINT_MM, sized)]
    elif style.mark in _HOLLOW:
        paints = [_marker("circle", (PAPER, style.colour), _POINT_MM, {**sized, "name": shape})]
    else:
        paints = [_marker("circle", (style.colour, PAPER), _POINT_MM, {**sized, "name": shape}, outline_width="0.15")]
    if style.mark == "core":
        inside = {"size": f"{sized['size']} * {_CORE}", "name": shape}
        paints.append(_marker("circle", (PAPER, PAPER), _POINT_MM * _CORE, inside))
    if style.mark == "slash":
        paints.append(_marker("line", (PAPER, style.colour), _POINT_MM * 1.1, angle="45"))
    if style.mark == "question":
        paints.append(_letter(_POINT_MM * 0.8))
    below = 0 if style.key == DROPPED else rank
    return Category(style.label, _statuses(style), Symbol("marker", tuple(paints), below))


def _by_category(by_shape: Mapping[str, str | float]) -> str:
    cases = []
    for category, shape in CATEGORY_SHAPES.items():
        value = by_shape[shape]
        said = f"'{value}'" if isinstance(value, str) else f"{value}"
        cases.append(f"WHEN \"category\" = '{category}' THEN {said}")
    return f"CASE {' '.join(cases)} END"


def _node_class(kind: NodeKind) -> Category:
    paints = [_marker("diamond", (INK, PAPER), _NODE_MM if kind is NodeKind.POP else _NODE_MM * 0.75)]
    if kind is NodeKind.POP:
        paints.append(_marker("diamond", (PAPER, PAPER), _NODE_MM * 0.4))
    return Category(NODE_KIND_LABELS[kind], (str(kind),), Symbol("marker", tuple(paints)))


def _streets() -> Symbol:
    main = "\"rank\" = 'main'"
    width = {"outlineWidth": f"CASE WHEN {main} THEN 0.6 ELSE 0.25 END"}
    colour = {"outlineColor": f"CASE WHEN {main} THEN '{_MAIN_STREET}' ELSE '{_STREET}' END"}
    return Symbol("line", (_line(_STREET, 0.25, expressions=width | colour),))


def _line(
    colour: str, width: float, dash: tuple[float, ...] = (), expressions: Mapping[str, str] | None = None
) -> Paint:
    dotted = bool(dash) and dash[0] < 1
    options = {
        "line_color": _rgba(colour),
        "line_style": "solid",
        "line_width": _mm(width),
        "line_width_unit": "MM",
        "capstyle": "round" if dotted or not dash else "flat",
        "joinstyle": "round",
        "use_custom_dash": str(int(bool(dash))),
        "customdash": ";".join(_mm(part * width) for part in dash) or "5;2",
        "customdash_unit": "MM",
    }
    return Paint("SimpleLine", options, expressions or {})


def _along(placements: str, *paints: Paint) -> Paint:
    # The first name is that of QGIS from 3.24 on, the second that of the years before.
    options = {"placements": placements, "placement": placements.lower()}
    options |= {"interval": "3.5", "interval_unit": "MM", "rotate": "0"}
    return Paint("MarkerLine", options, inner=Symbol("marker", paints))


def _marker(
    name: str, colours: tuple[str, str], size: float, expressions: Mapping[str, str] | None = None, **more: str
) -> Paint:
    """One shape in the colours of its inside and its edge."""
    options = {
        "name": name,
        "color": _rgba(colours[0]),
        "outline_color": _rgba(colours[1]),
        "outline_style": "solid",
        "outline_width": "0.35",
        "outline_width_unit": "MM",
        "size": _mm(size),
        "size_unit": "MM",
    }
    return Paint("SimpleMarker", options | more, expressions or {})


def _letter(size: float) -> Paint:
    options = {"chr": "?", "font": "Sans Serif", "font_style": "Bold", "color": _rgba(UNKNOWN)}
    return Paint("FontMarker", {**options, "outline_width": "0", "size": _mm(size), "size_unit": "MM"})


def _fill(colour: str | None, outline: str, width: float, line_style: str = "solid") -> Paint:
    options = {
        "color": _rgba(colour or PAPER),
        "style": "solid" if colour else "no",
        "outline_color": _rgba(outline),
        "outline_style": line_style,
        "outline_width": _mm(width),
        "outline_width_unit": "MM",
        "joinstyle": "round",
    }
    return Paint("SimpleFill", options)


def _rgba(colour: str) -> str:
    digits = colour.removeprefix("#").ljust(8, "f")
    return ",".join(str(int(digits[at : at + 2], 16)) for at in range(0, 8, 2))


def _mm(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".")
