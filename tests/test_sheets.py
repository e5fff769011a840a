"""Which sheets an order means, and what its file is called."""

from __future__ import annotations

from pathlib import Path

import pytest

import rollout
from rollout import sheets
from rollout.analysis.state import State
from rollout.errors import InputError, OutputError
from rollout.sheets import Order, file_name, plan
from rollout.vocabulary import Paper


@pytest.fixture
def state(tiny_project: Path) -> State:
    return rollout.state(rollout.open_project(tiny_project))


def test_without_a_name_every_district_gets_a_sheet_in_german_order(state: State) -> None:
    planned = plan(state, Order(Paper.A3))
    assert list(planned.sheets.values()) == ["Altstadt", "Neustadt"]
    assert planned.phase_id is None
    assert planned.heading == "Gesamtes Stadtgebiet"


@pytest.mark.parametrize("phase", ["2", "Bauabschnitt 2"])
def test_a_phase_has_its_own_districts_only(state: State, phase: str) -> None:
    planned = plan(state, Order(Paper.A3, phase))
    assert planned.sheets == {"N": "Neustadt"}
    assert planned.phase_id == "2"


def test_a_district_is_known_by_every_spelling_and_gets_one_sheet(state: State) -> None:
    assert plan(state, Order(Paper.A4, districts=("Alt Stadt", "Altstadt"))).sheets == {"A": "Altstadt"}


@pytest.mark.parametrize(
    ("order", "fault", "hint"),
    [
        (Order(Paper.A4, districts=("Altstatt",)), "'Altstatt' gibt es nicht", "Meinten Sie 'Altstadt'?"),
        (Order(Paper.A4, districts=("Zoo",)), "'Zoo' gibt es nicht", "Altstadt, Neustadt"),
        (Order(Paper.A4, "7"), "'7' gibt es im Projekt nicht", "1, 2"),
        (Order(Paper.A4, "2", ("Altstadt",)), "'Bauabschnitt 2' hat in 'Altstadt' nichts", "Neustadt"),
    ],
)
def test_an_order_that_means_nothing_is_refused(state: State, order: Order, fault: str, hint: str) -> None:
    with pytest.raises(InputError, match=fault) as caught:
        plan(state, order)
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    ("order", "name"),
    [
        (Order(Paper.A3), "atlas-a3.pdf"),
        (Order(Paper.A4, "1"), "blatt-bauabschnitt-1-a4.pdf"),
        (Order(Paper.A4, districts=("Neustadt",)), "blatt-Neustadt-a4.pdf"),
        (Order(Paper.A4, districts=("Neustadt", "Altstadt")), "atlas-Altstadt-Neustadt-a4.pdf"),
    ],
)
def test_a_file_is_called_what_it_holds(state: State, order: Order, name: str) -> None:
    assert file_name(plan(state, order), order) == name


def test_a_name_of_many_districts_stays_short_and_safe() -> None:
    planned = sheets.Plan("Stadt", None, {str(n): f"Ort {n}/\\:" for n in range(4)})
    assert file_name(planned, Order(Paper.A4, districts=("x",))) == "atlas-4-stadtteile-a4.pdf"
    one = sheets.Plan("Stadt", None, {"1": "St. Änn/..\\x"})
    assert file_name(one, Order(Paper.A4, districts=("x",))) == "blatt-St--Änn----x-a4.pdf"


def test_a_folder_that_is_not_there_is_told_before_anything_is_printed(state: State, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="den Ordner"):
        sheets.print_sheets(state, plan(state, Order(Paper.A4)), Paper.A4, "no-browser", tmp_path / "fehlt" / "a.pdf")
