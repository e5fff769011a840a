"""What an audience may not see is not in its state: not in a column, a row, a word, an order or a number."""

from __future__ import annotations

import pickle
from dataclasses import fields, replace
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from rollout.project import Project
from rollout.schema import LAYERS, PANDAS_DTYPES
from rollout.sharing.redaction import shown
from rollout.vocabulary import ladder_of
from tests.drawing import project
from tests.sharing.towns import SHARED, audiences, layers_of, scrambled, town_of

if TYPE_CHECKING:
    from rollout.analysis.state import State
    from rollout.audiences import Audience

NAMES = ("city", "evl", "netcologne", "council", "public")
LAYERS_OF_TOWN = layers_of(3)
TOWN = town_of(LAYERS_OF_TOWN)


def default(name: str) -> Audience:
    return project().audiences[name]


def frames(state: State) -> dict[str, pd.DataFrame]:
    found = {field.name: getattr(state, field.name) for field in fields(state)}
    return {name: rows for name, rows in {**found, **state.base}.items() if isinstance(rows, pd.DataFrame)}


def assert_alike(one: State, other: State) -> None:
    for name, rows in frames(one).items():
        check = assert_geodataframe_equal if isinstance(rows, gpd.GeoDataFrame) else assert_frame_equal
        check(rows, frames(other)[name])


def words_in(state: State) -> set[str]:
    """Every word of every column, whatever it is."""
    columns = [rows[name] for rows in frames(state).values() for name in rows if rows[name].dtype != "geometry"]
    return {word for column in columns for word in column.dropna().astype(str)}


@pytest.mark.parametrize("name", NAMES)
def test_a_column_that_is_not_given_is_missing_in_every_row_and_keeps_its_type(name: str) -> None:
    audience = default(name)
    state = shown(TOWN, audience)
    for layer in SHARED:
        rows = getattr(state, layer)
        for column in LAYERS[layer].columns:
            assert rows[column.name].dtype == PANDAS_DTYPES[column.type]
            if not audience.gives(layer, column.name) and column.name != LAYERS[layer].key:
                assert rows[column.name].isna().all()


@pytest.mark.parametrize("name", NAMES)
def test_no_value_of_a_withheld_column_is_anywhere_in_the_state(name: str) -> None:
    audience = default(name)
    found = words_in(shown(TOWN, audience))
    columns = ("segment_id", "target_id", "node_id", "house_number", "institution", "postcode")
    for layer in SHARED:
        for column in (column for column in columns if column in getattr(TOWN, layer)):
            if column in {c.name for c in LAYERS[layer].columns} and not audience.gives(layer, column):
                assert not found & set(getattr(TOWN, layer)[column].dropna())


@pytest.mark.parametrize("name", NAMES)
def test_a_status_that_is_told_as_another_is_nowhere(name: str) -> None:
    audience = default(name)
    state = shown(TOWN, audience)
    heights = {rung.key: rung.height for layer in ("segments", "targets") for rung in ladder_of(layer)}
    for layer in ("segments", "targets"):
        rows = getattr(state, layer)
        told = {*rows["status"].dropna()} | ({*rows["status_before"].dropna()} if layer == "segments" else set())
        assert told <= audience.words(layer)
        assert {*rows["height"].dropna()} <= {-1, *(heights[word] for word in audience.words(layer))}
    assert {*state.pieces["status"].dropna()} <= audience.words("segments")


@pytest.mark.parametrize("name", NAMES)
def test_what_would_tell_apart_statuses_told_as_one_is_blank_for_all_of_them(name: str) -> None:
    audience = default(name)
    state = shown(TOWN, audience)
    for layer in ("segments", "targets"):
        rows = getattr(state, layer)
        blurred = rows[rows["status"].isin(audience.blurred(layer))]
        assert blurred["status_since"].isna().all()
        assert blurred["reason"].isna().all()


def test_the_city_gets_the_whole_state() -> None:
    state = shown(TOWN, default("city"))
    for layer in SHARED:
        key = LAYERS[layer].key
        whole = getattr(TOWN, layer).sort_values(key, ignore_index=True)
        assert_geodataframe_equal(getattr(state, layer)[[*whole.columns]], whole, check_like=True)
    assert len(state.pieces) == len(TOWN.pieces)
    assert state.pieces["cable_m"].sum() == pytest.approx(TOWN.pieces["cable_m"].sum())


def test_a_builder_sees_every_row_exactly_and_no_activation() -> None:
    state = shown(TOWN, default("evl"))
    assert {*state.segments["segment_id"]} == {*TOWN.segments["segment_id"]}
    assert state.segments.union_all().equals(TOWN.segments.union_all())
    assert {*state.targets["target_id"]} == {*TOWN.targets["target_id"]}
    assert state.targets["height"].max() == 7
    assert set(state.targets["segment_id"].dropna()) <= {*state.segments["segment_id"]}


def test_an_operator_of_active_technology_sees_what_is_ready_or_nearly_and_no_permit() -> None:
    state = shown(TOWN, default("netcologne"))
    ready = TOWN.targets["height"].ge(4).fillna(value=False)
    assert {*state.targets["target_id"]} == {*TOWN.targets.loc[ready, "target_id"]}
    assert state.targets["institution"].isna().all()
    assert state.segments["reason"].isna().all()
    assert not {1, 2} & {*state.segments["height"].dropna()}


@pytest.mark.parametrize("name", ["council", "public"])
def test_who_gets_no_single_row_gets_no_node_and_no_connection(name: str) -> None:
    state = shown(TOWN, default(name))
    assert (len(state.targets), len(state.nodes)) == (0, 0)
    assert state.targets.crs == state.nodes.crs == TOWN.targets.crs


def test_the_public_gets_no_line() -> None:
    state = shown(TOWN, default("public"))
    assert (len(state.segments), len(state.pieces)) == (0, 0)


def test_the_project_loses_the_desk_but_not_its_name() -> None:
    whole = TOWN.project.model_copy(
        update={"folder": TOWN.project.folder.resolve(), "district_variants": {"a": ("b",)}}
    )
    state = shown(replace(TOWN, project=whole), default("council"))
    said = state.project.model_dump_json()
    assert isinstance(state.project, Project)
    assert state.project.name == whole.name
    assert str(whole.folder) not in said
    assert state.project.partners == state.project.audiences == state.project.district_variants == {}
    assert state.project.goals == ()


def test_deliveries_are_named_only_where_they_may_be() -> None:
    sources = pd.DataFrame({"sender": ["EVL"], "file_name": ["x.csv"], "state_on": [pd.Timestamp("2022-03-01")]})
    state = replace(TOWN, sources=sources)
    assert shown(state, default("city")).delivered
    assert shown(state, default("evl")).sources is None


def test_a_state_is_cut_down_once_and_for_one_audience() -> None:
    once = shown(TOWN, default("evl"))
    assert shown(once, default("evl")) is once
    with pytest.raises(ValueError, match="EVL"):
        shown(once, default("public"))


@settings(max_examples=8, deadline=None)
@given(audience=audiences())
def test_cutting_down_twice_is_cutting_down_once(audience: Audience) -> None:
    once = shown(TOWN, audience)
    again = shown(replace(once, audience=None), audience)
    assert_alike(once, again)


@settings(max_examples=8, deadline=None)
@given(audience=audiences())
def test_only_rows_that_are_there_are_given_and_only_at_the_places_allowed(audience: Audience) -> None:
    state = shown(TOWN, audience)
    for layer in SHARED:
        rows, whole = getattr(state, layer), getattr(TOWN, layer)
        kept = whole[whole["status"].isin(audience.statuses[layer])] if audience.selects(layer) else whole
        assert len(rows) == len(kept)
        assert rows[LAYERS[layer].key].is_unique
        if audience.precision_m:
            places = shapely.get_coordinates(rows.geometry.to_numpy()) / audience.precision_m
            assert np.allclose(places, np.round(places))
    assert {*state.pieces["segment_id"]} == {*state.segments["segment_id"]}
    assert set(state.targets["segment_id"].dropna()) <= {*state.segments["segment_id"]}
    parts = state.pieces.groupby("segment_id")["length_m"].sum().reindex(state.segments["segment_id"])
    assert np.allclose(parts, state.segments["length_m"])


@settings(max_examples=8, deadline=None)
@given(audience=audiences(), seed=st.integers(0, 99))
def test_what_is_withheld_changes_nothing_that_is_given(audience: Audience, seed: int) -> None:
    other = town_of(scrambled(LAYERS_OF_TOWN, audience, seed))
    assert_alike(shown(TOWN, audience), shown(other, audience))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("seed", [1, 2])
def test_what_is_withheld_changes_nothing_that_a_default_audience_sees(name: str, seed: int) -> None:
    other = town_of(scrambled(LAYERS_OF_TOWN, default(name), seed))
    assert_alike(shown(TOWN, default(name)), shown(other, default(name)))


def test_a_shown_state_can_be_sent_through_a_pipe_without_its_past() -> None:
    content = pickle.dumps(shown(TOWN, default("council")))
    for secret in (b"ANSCHLUSS-", b"TRASSE-", b"KNOTEN-", b"Anstalt"):
        assert secret in pickle.dumps(TOWN)
        assert secret not in content
