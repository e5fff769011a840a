"""The ladder can be told apart: by colour, in three ways of seeing, and by line style and shape."""

from __future__ import annotations

import inspect
import itertools
import re

import numpy as np
import pandas as pd
import pytest

import rollout.exchange.styles
from rollout.cartography.assemble import PAGE
from rollout.cartography.symbols import CATEGORY_SHAPES, LAND, LAND_ASIDE, SEGMENT_STYLES, TARGET_STYLES, class_of
from rollout.vocabulary import CATEGORY_LABELS, NO_DATA, SEGMENT_LADDER, TARGET_LADDER

SEEN_BY = {
    "everyone": np.eye(3),
    # Machado, Oliveira and Fernandes 2009, severity 1.0, on linear light
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]]
    ),
    "greyscale": np.array([[0.2126, 0.7152, 0.0722]] * 3),
}
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
LADDER = SEGMENT_STYLES[:6]
JUST_TOLD_APART = 5.0


def drawn(module: str, name: str) -> str:
    """A colour that a module of the page draws with."""
    found = re.search(rf'^const {name} = "(#[0-9a-f]{{6}})";$', (PAGE / f"{module}.js").read_text(), re.MULTILINE)
    assert found is not None
    return found.group(1)


def linear(colour: str) -> np.ndarray:
    parts = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def luminance(colour: str) -> float:
    return float(linear(colour) @ [0.2126, 0.7152, 0.0722])


def contrast(one: str, other: str) -> float:
    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


def lab(light: np.ndarray) -> np.ndarray:
    xyz = TO_XYZ @ np.clip(light, 0, 1) / [0.9505, 1.0, 1.089]
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def distance(one: str, other: str, eye: str) -> float:
    return float(np.linalg.norm(lab(SEEN_BY[eye] @ linear(one)) - lab(SEEN_BY[eye] @ linear(other))))


@pytest.mark.parametrize("ground", [LAND, LAND_ASIDE, "#ffffff"])
@pytest.mark.parametrize("style", [*SEGMENT_STYLES, *TARGET_STYLES], ids=lambda style: style.key)
def test_every_class_stands_out_from_the_ground(style: object, ground: str) -> None:
    assert contrast(style.colour, ground) >= 3  # type: ignore[attr-defined]


def test_the_names_of_neighbours_can_be_read_on_their_ground_and_on_dimmed_water() -> None:
    name, land, water = (
        drawn(*of) for of in (("labels", "NEIGHBOUR_NAME"), ("paint_base", "OUTSIDE"), ("paint_base", "WATER"))
    )
    parts = [(int(land[i : i + 2], 16) * 6 + int(water[i : i + 2], 16) * 4) // 10 for i in (1, 3, 5)]
    for ground in (land, "#" + "".join(f"{part:02x}" for part in parts)):
        assert contrast(name, ground) >= 4.5


def test_a_border_of_neighbours_is_seen_and_fainter_than_the_border_of_the_city() -> None:
    line, border, land = (drawn("paint_base", name) for name in ("NEIGHBOUR", "BOUNDARY", "OUTSIDE"))
    assert 2 <= contrast(line, land) < contrast(border, land)
    assert f'"{line}"' in inspect.getsource(rollout.exchange.styles)


def test_the_ladder_darkens_as_the_work_goes_on() -> None:
    lightness = [lab(linear(style.colour))[0] for style in LADDER]
    assert lightness == sorted(lightness, reverse=True)
    assert lightness[0] - lightness[-1] > 30


@pytest.mark.parametrize("eye", SEEN_BY)
@pytest.mark.parametrize(
    "pair", list(itertools.combinations(SEGMENT_STYLES, 2)), ids=lambda pair: f"{pair[0].key}-{pair[1].key}"
)
def test_two_classes_of_segments_differ_in_colour_or_in_line(pair: tuple, eye: str) -> None:
    one, other = pair
    lines_differ = (bool(one.dash), one.mark) != (bool(other.dash), other.mark) or one.dash != other.dash
    widths_differ = max(one.width, other.width) / min(one.width, other.width) >= 1.4
    assert lines_differ or widths_differ or distance(one.colour, other.colour, eye) >= JUST_TOLD_APART


@pytest.mark.parametrize("eye", SEEN_BY)
@pytest.mark.parametrize(
    "pair", list(itertools.combinations(TARGET_STYLES, 2)), ids=lambda pair: f"{pair[0].key}-{pair[1].key}"
)
def test_two_classes_of_targets_differ_in_mark_or_in_colour(pair: tuple, eye: str) -> None:
    marks_differ = pair[0].mark != pair[1].mark
    assert marks_differ or distance(pair[0].colour, pair[1].colour, eye) >= JUST_TOLD_APART


@pytest.mark.parametrize("eye", ["everyone", "protanopia", "deuteranopia"])
@pytest.mark.parametrize(
    "pair", list(itertools.combinations(TARGET_STYLES[:5], 2)), ids=lambda pair: f"{pair[0].key}-{pair[1].key}"
)
def test_two_rungs_of_targets_differ_clearly_in_colour(pair: tuple, eye: str) -> None:
    assert distance(pair[0].colour, pair[1].colour, eye) >= 2 * JUST_TOLD_APART


def test_the_rungs_of_targets_darken_as_well_on_a_grey_print() -> None:
    filled = [style for style in TARGET_STYLES[:5] if style.mark != "hollow"]
    lightness = [lab(SEEN_BY["greyscale"] @ linear(style.colour))[0] for style in filled]
    assert lightness == sorted(lightness, reverse=True)
    assert all(one - other >= JUST_TOLD_APART for one, other in itertools.pairwise(lightness))


@pytest.mark.parametrize(
    "pair", list(itertools.combinations(TARGET_STYLES[:5], 2)), ids=lambda pair: f"{pair[0].key}-{pair[1].key}"
)
def test_two_rungs_of_targets_that_are_marked_alike_are_far_apart_on_a_grey_print(pair: tuple) -> None:
    assert pair[0].mark != pair[1].mark or contrast(pair[0].colour, pair[1].colour) >= 2


def test_no_data_is_mistaken_for_no_rung() -> None:
    unknown = next(style for style in TARGET_STYLES if style.key == NO_DATA)
    others = [style for style in TARGET_STYLES if style.key != NO_DATA]
    assert all(unknown.mark != style.mark for style in others)
    assert all(distance(unknown.colour, style.colour, "everyone") > 25 for style in others)


def test_side_states_of_targets_have_marks_of_their_own() -> None:
    marks = [style.mark for style in TARGET_STYLES[5:]]
    assert all(marks)
    assert len(set(marks)) == len(marks)


def test_every_rung_is_drawn_as_exactly_one_class() -> None:
    for ladder, styles in ((SEGMENT_LADDER, SEGMENT_STYLES), (TARGET_LADDER, TARGET_STYLES)):
        assert sorted(rung for style in styles for rung in style.rungs) == sorted(rung.key for rung in ladder)


def test_a_row_without_status_is_drawn_as_no_data() -> None:
    classes = class_of(pd.Series(["handed_over", None, "duct_tested"], dtype="string"), SEGMENT_STYLES)
    assert [classes.words[code - 1] for code in classes.codes] == ["done", NO_DATA, "duct"]


def test_every_category_has_a_shape_of_its_own() -> None:
    assert set(CATEGORY_SHAPES) == set(CATEGORY_LABELS)
    assert len(set(CATEGORY_SHAPES.values())) == len(CATEGORY_SHAPES)
