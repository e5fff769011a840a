"""What a page says: counted from its own rows, worded the German way."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest

from rollout import wording
from rollout.analysis.progress import trench_progress
from rollout.cartography.scope import contents_of, scope_of
from rollout.cartography.spec import spec_of
from rollout.errors import InputError
from rollout.vocabulary import DROPPED

if TYPE_CHECKING:
    from rollout.analysis.state import State
    from rollout.cartography.legend_rows import LegendGroup
    from rollout.cartography.scope import Contents


def contents(state: State, phase: str | None = None, programme: str | None = None) -> Contents:
    return contents_of(state, scope_of(state.project, phase, programme))


def group(found: Contents, layer: str) -> LegendGroup:
    return next(group for group in spec_of(found).legend if group.layer == layer)


def test_a_page_is_called_by_its_phase_the_city_or_its_programme(state: State) -> None:
    assert contents(state, "2").scope.heading == "Bauabschnitt 2"
    assert contents(state).scope.heading == "Gesamtes Stadtgebiet"
    assert contents(state, programme="gewerbe").scope.heading == "Gewerbegebiet"


@pytest.mark.parametrize(
    ("phase", "programme", "named"), [("9", None, "'9'"), (None, "x", "'x'"), ("1", "gewerbe", "'gewerbe'")]
)
def test_an_unknown_phase_or_programme_is_named(
    state: State, phase: str | None, programme: str | None, named: str
) -> None:
    with pytest.raises(InputError, match=named) as caught:
        scope_of(state.project, phase, programme)
    assert caught.value.hint


def test_a_page_holds_rows_of_one_programme_and_phase_only(state: State) -> None:
    found = contents(state, "2")
    for rows in (found.state.segments, found.funded, found.extended, found.state.pieces):
        assert set(rows["programme_id"]) == {"stadt"}
        assert set(rows["phase_id"]) == {"2"}
    assert set(found.funded["drive"]) == {"funded"}
    assert set(found.extended["drive"]) == {"extended"}


def test_districts_of_the_phase_are_emphasised_and_those_in_part_are_told(state: State) -> None:
    found = contents(state, "2")
    assert found.emphasised == ("D3", "D4")
    assert found.in_part == ("D4",)


def test_a_programme_without_phases_emphasises_the_districts_it_lies_in(state: State) -> None:
    found = contents(state, programme="gewerbe")
    assert set(found.emphasised) == set(found.funded["district_id"]) | set(found.state.pieces["district_id"])


def test_the_counts_of_the_legend_add_up_to_the_layer(state: State) -> None:
    found = contents(state)
    targets = group(found, "targets")
    for facet in ("class", "category"):
        counts = [int(row.figures[0].replace(".", "")) for row in targets.rows if row.facet == facet]
        assert sum(counts) == len(found.funded)
    assert targets.figure == wording.number(len(found.funded))


def test_the_metres_of_the_legend_leave_out_what_is_dropped(state: State) -> None:
    found = contents(state)
    rows = found.state.segments
    kept = rows[(rows["status"] != DROPPED).fillna(True) & (rows["kind"] == "new_duct")]
    new = next(row for row in group(found, "segments").rows if row.value == "new_duct")
    assert new.figures == (wording.length(kept["length_m"].sum()),)


def test_new_and_co_used_metres_stand_apart(state: State) -> None:
    row = next(row for row in group(contents(state), "segments").rows if row.value == "duct")
    rows = state.segments[
        state.segments["status"].isin(["duct_laid", "duct_tested"]) & (state.segments["programme_id"] == "stadt")
    ]
    assert row.figures == tuple(
        wording.length(rows.loc[rows["kind"] == kind, "length_m"].sum()) for kind in ("new_duct", "co_used")
    )
    assert row.hint == "Rohr verlegt, Rohr geprüft"


def test_the_extended_drive_is_a_group_of_its_own_and_off_at_first(state: State) -> None:
    found = contents(state)
    extended = group(found, "extended")
    assert not extended.shown
    assert extended.figure == wording.number(len(found.extended))
    assert group(found, "targets").shown


def test_a_page_without_rows_has_no_legend_of_them(state: State) -> None:
    empty = dataclasses.replace(state, targets=state.targets.iloc[:0], nodes=state.nodes.iloc[:0])
    assert {group.layer for group in spec_of(contents(empty)).legend} == {"segments", "reach"}


def test_the_lengths_are_those_of_the_tables(state: State) -> None:
    found = contents(state, "1")
    metres = trench_progress(found.state).groupby("measure")[["done_m", "planned_m"]].sum()
    figures = {figure.label: figure for figure in spec_of(found).figures}
    for label, measure in (("neues Rohr", "new_duct"), ("Kabel", "cable")):
        done, planned = metres.loc[measure]
        assert figures[label].share == pytest.approx(done / planned)
        assert figures[label].value.endswith(f"{wording.length(planned)} ({wording.percent(done, planned)})")


def test_existing_infrastructure_is_said_to_be_there_and_is_no_progress(state: State) -> None:
    found = contents(state, "1")
    metres = trench_progress(found.state).groupby("measure")["planned_m"].sum()["co_used"]
    figure = next(figure for figure in spec_of(found).figures if figure.label == "mitgenutzt")
    assert figure.value == f"{wording.length(metres)} vorhanden"
    assert figure.share is None


def test_progress_stands_with_its_base(state: State) -> None:
    found = contents(state, "1")
    connected = next(figure for figure in spec_of(found).figures if figure.label == "angeschlossen")
    counted = found.funded[(found.funded["status"] != DROPPED).fillna(True)]
    reached = int(counted["status"].isin(["connected", "orderable", "activated"]).sum())
    assert connected.value == wording.share(reached, len(counted))


def test_sources_and_warnings_of_the_layers_are_said_once(state: State) -> None:
    spec = spec_of(contents(state))
    assert spec.attribution == ("© Stadt Musterstadt", "Trassen: erfunden")
    assert spec.notes == ("Stadtteile: Näherung",)
    assert spec.stand == "28.03.2022"
    assert spec.sample
