"""The rows behind a figure: as many, or as many metres, as the table shows, for every place and figure."""

from __future__ import annotations

import datetime as dt
import functools
import math
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rollout import pipeline
from rollout.analysis.evidence import LENGTHS, rows_behind
from rollout.analysis.state import State
from rollout.analysis.summary import district_table
from rollout.errors import InputError
from rollout.project import open_project
from rollout.vocabulary import Figure, Level

BUNDLED = Path(__file__).parents[2] / "geodata" / "leverkusen"


@functools.cache
def bundled() -> State:
    """The bundled project by its layers."""
    project = open_project(BUNDLED)
    return pipeline.place(pipeline.faultless(pipeline.check(project)).layers, project, project.as_of)


@pytest.fixture
def tiny(tiny_project: Path) -> State:
    return pipeline.state(open_project(tiny_project))


def shown(state: State, level: Level, key: tuple[str, str], figure: Figure, programme_id: str) -> float:
    """What the table shows for a place: its rows of that programme added up."""
    table = district_table(state, by=level)
    column, value = key
    rows = table[(table["programme_id"] == programme_id) & (table[column] == value).fillna(value=False)]
    return float(rows[f"{figure.value}_done_m" if figure in LENGTHS else figure.value].sum())


def behind(state: State, place: str, figure: Figure, programme_id: str) -> float:
    """What the rows behind a figure add up to."""
    rows = rows_behind(state, place, figure, programme_id=programme_id)
    return float(rows["length_m"].sum()) if figure in LENGTHS else float(len(rows))


def places(state: State) -> list[tuple[str, Level, tuple[str, str], str]]:
    """Every district of every programme, every phase and every programme."""
    project = state.project
    programmes = [programme.id for programme in project.programmes]
    districts = state.districts[["district_id", "name"]].itertuples(index=False)
    found = [(n, Level.DISTRICT, ("district_id", i), p) for i, n in districts for p in programmes]
    found += [(phase.name, Level.PHASE, ("phase_id", phase.id), phase.programme) for phase in project.phases]
    return found + [(p, Level.PROGRAMME, ("programme_id", p), p) for p in programmes]


@pytest.mark.parametrize("figure", Figure)
def test_the_rows_behind_every_figure_of_a_small_town_add_up_to_it(tiny: State, figure: Figure) -> None:
    for place, level, key, programme_id in places(tiny):
        expected = shown(tiny, level, key, figure, programme_id)
        assert math.isclose(behind(tiny, place, figure, programme_id), expected, abs_tol=0.01), (place, programme_id)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_the_rows_behind_any_figure_of_the_whole_city_add_up_to_it(data: st.DataObject) -> None:
    state = bundled()
    place, level, key, programme_id = data.draw(st.sampled_from(places(state)))
    figure = data.draw(st.sampled_from(Figure))
    expected = shown(state, level, key, figure, programme_id)
    assert math.isclose(behind(state, place, figure, programme_id), expected, abs_tol=0.5)


def test_a_connection_is_named_by_its_address_and_a_segment_by_its_metres(tiny: State) -> None:
    (row,) = rows_behind(tiny, "Altstadt", Figure.CONNECTED).itertuples()
    assert (row.entity, row.entity_id, row.what, row.status) == ("target", "T1", "Hauptstraße 1", "connected")
    assert math.isnan(row.length_m)
    (piece,) = rows_behind(tiny, "Altstadt", Figure.NEW_DUCT).itertuples()
    assert (piece.entity, piece.entity_id, piece.length_m) == ("segment", "S1", 390.0)


def test_a_segment_across_a_border_counts_its_metres_in_each_place(tiny: State) -> None:
    halves = [rows_behind(tiny, place, Figure.CO_USED) for place in ("Altstadt", "Neustadt")]
    assert [rows["entity_id"].tolist() for rows in halves] == [["S2"], ["S2"]]
    assert [round(rows["length_m"].sum()) for rows in halves] == [100, 200]


def test_a_district_is_found_by_another_spelling(tiny: State) -> None:
    asked = [rows_behind(tiny, name, Figure.COUNTED)["entity_id"].tolist() for name in ("Altstadt", "Alt Stadt")]
    assert asked[0] == asked[1] == ["T1", "T2", "T3"]


def test_a_programme_named_as_the_place_goes_before_the_one_asked_for(tiny: State) -> None:
    assert rows_behind(tiny, "Gewerbepark", Figure.COUNTED, programme_id="haupt")["entity_id"].tolist() == ["T5"]


def test_on_an_earlier_day_the_rows_are_those_of_that_day(tiny_project: Path) -> None:
    state = pipeline.state(open_project(tiny_project), dt.date(2022, 2, 28))
    assert rows_behind(state, "Altstadt", Figure.CONNECTED).empty
    assert rows_behind(state, "Altstadt", Figure.NO_DATA)["entity_id"].tolist() == ["T1", "T2", "T3"]


@pytest.mark.parametrize(("place", "hint"), [("Altstatd", "Meinten Sie 'Altstadt'?"), ("Xyz", "Bauabschnitt 1")])
def test_a_place_that_is_none_is_refused_with_those_that_are(tiny: State, place: str, hint: str) -> None:
    with pytest.raises(InputError, match=place) as refused:
        rows_behind(tiny, place, Figure.CONNECTED)
    assert hint in refused.value.hint
