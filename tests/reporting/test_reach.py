"""The reports of reach and of what to build next, on the bundled city."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

import rollout
from rollout.analysis.state import State
from rollout.analysis.unlock import unlock
from rollout.reporting.formats import Format
from rollout.reporting.reach import reach_report
from rollout.reporting.render import render
from rollout.reporting.report import Report, RowKind, Section, Share
from rollout.reporting.unlock import sentence, unlock_report
from rollout.vocabulary import Level

BUNDLED = Path(__file__).parents[2] / "geodata" / "leverkusen"


@pytest.fixture(scope="module")
def state() -> State:
    return rollout.state(rollout.open_project(BUNDLED))


@pytest.fixture(scope="module")
def report(state: State) -> Report:
    return reach_report(state)


def _section(report: Report, key: str) -> Section:
    return next(section for section in report.sections if section.key == key)


def test_reported_and_computed_stand_side_by_side_with_their_base(report: Report, state: State) -> None:
    total = next(row for row in _section(report, "erreichbarkeit").rows if row.kind is RowKind.TOTAL)
    _, base, reported, computed, by_cable = total.cells
    funded = state.targets[(state.targets["drive"] == "funded") & (state.targets["programme_id"] == "leverkusen")]
    assert base == 1625
    assert isinstance(reported, Share)
    assert reported.part == int((funded["height"] >= 4).sum())
    assert computed == Share(int(funded["reachable"].sum()), 1625)
    assert by_cable == Share(int(funded["cable_reachable"].sum()), 1625)
    assert reported != computed


@pytest.mark.parametrize("level", list(Level))
def test_every_level_adds_up_to_the_same_total(state: State, report: Report, level: Level) -> None:
    rows = _section(reach_report(state, level), "erreichbarkeit").rows
    assert rows[-1].cells[1:] == _section(report, "erreichbarkeit").rows[-1].cells[1:]


def test_contradictions_name_both_sides_under_their_kind(report: Report) -> None:
    section = _section(report, "widersprueche")
    assert section.group_label == "Widerspruch"
    assert {row.group for row in section.rows} == {
        "angeschlossen gemeldet, aber kein gebauter Weg",
        "Weg fertig, aber kein Rohr am Gebäude gemeldet",
    }
    assert all(str(row.cells[5]).startswith("TR-") for row in section.rows)


def test_with_deliveries_each_side_names_its_file_and_row(state: State) -> None:
    ids = {"segment": state.segments["segment_id"], "target": state.targets["target_id"]}
    told = pd.concat([pd.DataFrame({"entity": entity, "entity_id": found}) for entity, found in ids.items()])
    told = told.assign(file_name=told["entity"] + "s.csv", row=7)
    rows = _section(reach_report(state, told=told), "widersprueche").rows
    assert {row.cells[-2:] for row in rows} == {("targets.csv, Zeile 7", "segments.csv, Zeile 7")}


def test_an_island_drawn_short_shows_its_gap_in_centimetres(report: Report) -> None:
    gaps = {str(row.cells[0]): str(row.cells[5]) for row in _section(report, "inseln").rows}
    assert sorted(gaps.values()) == ["0,89\u202fm", "0,90\u202fm", "281\u202fm"]


def test_the_list_of_single_paths_says_that_it_is_internal_and_begins_with_the_hospital(report: Report) -> None:
    section = _section(report, "einzelwege")
    assert "internen Gebrauch" in section.intro
    assert section.rows[0].cells[3] == 1
    assert len(section.rows) == 20


def test_the_other_programme_stands_apart_and_only_with_what_it_has(report: Report) -> None:
    keys = [section.key for section in report.sections]
    assert "friedenstal-erreichbarkeit" in keys
    assert "friedenstal-inseln" not in keys


@pytest.mark.parametrize("form", list(Format))
def test_both_reports_can_be_had_in_every_format(state: State, report: Report, form: Format) -> None:
    next_ones = unlock_report(state, unlock(state, "leverkusen", limit=3), "leverkusen", "Schlebusch")
    for one in (report, next_ones):
        assert len(render(one, form)) > 500


def test_sets_and_their_segments_agree(state: State) -> None:
    found = unlock(state, "leverkusen", limit=5)
    report = unlock_report(state, found, "leverkusen")
    sets, members = (_section(report, key).rows for key in ("pakete", "abschnitte"))
    for row in sets:
        own = [member.cells[-1] for member in members if member.cells[0] == row.cells[0]]
        assert sum(float(str(metres)) for metres in own) == pytest.approx(float(str(row.cells[3])))
    assert [member.cells[1] for member in members if member.cells[0] == 2] == [1, 2]


def test_a_set_is_said_in_one_sentence() -> None:
    record = {"segments": 3, "length_m": 212.4, "funded": 87, "schools": 1, "hospitals": 0}
    assert sentence(record) == "3 Abschnitte, 212\u202fm, erschließen 87 Anschlüsse, darunter 1 Schule."
    one = {"segments": 1, "length_m": 48.0, "funded": 1, "schools": 2, "hospitals": 1}
    assert sentence(one) == "1 Abschnitt, 48\u202fm, erschließt 1 Anschluss, darunter 1 Krankenhaus und 2 Schulen."


def test_json_keeps_numbers_as_numbers(state: State) -> None:
    report = unlock_report(state, unlock(state, "leverkusen", limit=1), "leverkusen")
    told = json.loads(render(report, Format.JSON))
    row = told["sections"][0]["rows"][0]["cells"]
    assert row["funded"] == 7
    assert row["needs"] is None
