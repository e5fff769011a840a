"""The data of a page: whole, of one programme only, and no markup for any reader."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import shapely

from rollout.cartography import encoding
from rollout.cartography.payload import as_json, page_data
from rollout.cartography.scope import contents_of, scope_of
from rollout.sharing.page_reader import layers_of

if TYPE_CHECKING:
    from rollout.analysis.state import State


def data_of(state: State, phase: str | None = None, programme: str | None = None) -> dict[str, Any]:
    return page_data(contents_of(state, scope_of(state.project, phase, programme)))


def test_no_row_of_the_other_programme_is_in_the_file(state: State) -> None:
    rows = state.targets.copy()
    theirs = rows["programme_id"] == "gewerbe"
    rows.loc[theirs, "street"] = "Geheimgasse"
    changed = dataclasses.replace(state, targets=rows)
    assert "Geheimgasse" not in as_json(data_of(changed))
    assert "Geheimgasse" in as_json(data_of(changed, programme="gewerbe"))


def test_the_data_hold_no_character_that_markup_begins_or_ends_with(state: State) -> None:
    rows = state.targets.copy()
    rows["street"] = "</script><!-- & -->"
    text = as_json(data_of(dataclasses.replace(state, targets=rows)))
    assert not set("<>&") & set(text)
    assert text.isascii()
    assert "</script><!-- & -->" in json.loads(text)["words"]["streets"]["rest"]


def test_a_number_that_json_does_not_know_is_refused() -> None:
    with pytest.raises(ValueError, match="JSON"):
        as_json({"a": float("nan")})


def test_a_project_without_a_base_map_has_a_page(state: State) -> None:
    layers = data_of(dataclasses.replace(state, base={}))["layers"]
    assert set(layers) == {"districts", "segments", "extended", "targets", "nodes"}


def test_the_borders_of_neighbours_and_city_meet_in_the_same_places_of_the_file(state: State) -> None:
    layers = {layer.name: layer for layer in layers_of(data_of(state))}
    assert {name: told.values for name, told in layers["neighbours"].columns.items()} == {
        "name": ("Südau", "Nordheim (Musterland)")
    }
    assert layers["boundary"].columns == layers["water"].columns == {}
    there = {name: set(map(tuple, layers[name].places.tolist())) for name in ("neighbours", "boundary")}
    assert there["boundary"] < there["neighbours"]


def test_neighbours_without_a_name_have_borders_only(state: State) -> None:
    nameless = {**state.base, "neighbours": state.base["neighbours"].drop(columns="name")}
    layer = data_of(dataclasses.replace(state, base=nameless))["layers"]["neighbours"]
    assert layer["columns"] == {}
    assert layer["xy"] == data_of(state)["layers"]["neighbours"]["xy"]


def test_a_page_without_any_target_or_segment_can_be_written(state: State) -> None:
    empty = dataclasses.replace(
        state, targets=state.targets.iloc[:0], segments=state.segments.iloc[:0], pieces=state.pieces.iloc[:0]
    )
    layers = json.loads(as_json(data_of(empty)))["layers"]
    assert layers["targets"]["count"] == layers["segments"]["count"] == 0


def test_a_target_without_a_trench_has_no_drop(state: State) -> None:
    rows = state.targets.copy()
    rows["foot"] = [None] * len(rows)
    rows["drop_m"] = float("nan")
    layer = data_of(dataclasses.replace(state, targets=rows))["layers"]["targets"]
    assert "drop" not in layer["columns"]
    assert layer["feet"] == encoding.pack_signed(np.zeros(2 * layer["count"], dtype=np.int64))


def test_the_name_of_a_crescent_stands_inside_it(state: State) -> None:
    crescent = shapely.Point(360_000, 5_655_000).buffer(900).difference(shapely.Point(360_300, 5_655_000).buffer(850))
    rows = state.districts.copy()
    rows.loc[rows.index[0], "geometry"] = crescent
    assert not crescent.contains(crescent.centroid)
    anchors = data_of(dataclasses.replace(state, districts=rows))["layers"]["districts"]["anchors"]
    moved = data_of(state)["layers"]["districts"]["anchors"]
    assert anchors["start"] != moved["start"]


def test_the_ground_is_packed_once_for_all_pages_of_a_state_and_anew_for_another(state: State) -> None:
    whole, phase = (data_of(state, page)["layers"]["streets"] for page in (None, "1"))
    assert whole["xy"] is phase["xy"]
    streets = state.base["streets"].iloc[1:].copy()
    other = data_of(dataclasses.replace(state, base={**state.base, "streets": streets}))["layers"]["streets"]
    assert other["count"] == len(streets) == whole["count"] - 1
    assert other["xy"] != whole["xy"]
