from __future__ import annotations

import io
import json
from dataclasses import replace

import pytest
from openpyxl import load_workbook

from rollout.reporting.disclosed_tables import disclosed_report
from rollout.reporting.formats import Format
from rollout.reporting.render import render
from rollout.reporting.report import Kind, Report, Share
from rollout.sharing.disclosure import Disclosed, disclosed
from tests.sharing.made_cities import audience, city, random_houses

STATE = city(random_houses(2))


@pytest.fixture(scope="module")
def found() -> Disclosed:
    return disclosed(STATE, audience(), "public")


@pytest.fixture(scope="module")
def report(found: Disclosed) -> Report:
    return disclosed_report(STATE, found)


def test_there_are_connections_cells_and_definitions_with_the_rules_under_each(
    report: Report, found: Disclosed
) -> None:
    assert [section.key for section in report.sections] == ["anschluesse", "zellen", "definitionen"]
    for section in report.sections:
        assert set(found.rules) <= set(section.footer)


def test_the_rule_for_passed_stands_under_each_and_categories_are_defined_as_they_are_shown(report: Report) -> None:
    rule = "Als erreicht zählt: eigenes Rohr auf der Straßenseite des Gebäudes (Leitfaden Graue-Flecken-Förderung)."
    for section in report.sections:
        assert rule in section.footer
    assert any("Übrige: Gewerbe, Schulen und Krankenhäuser" in str(row.cells[1]) for row in report.sections[-1].rows)


def test_made_up_figures_are_called_so_under_each_table(found: Disclosed) -> None:
    project = STATE.project.model_copy(update={"sample": True})
    made_up = disclosed_report(replace(STATE, project=project), found)
    assert all("Beispieldaten" in section.footer[0] for section in made_up.sections)


def test_a_share_stands_only_beside_two_counts_in_print(report: Report) -> None:
    connections = report.sections[0]
    keys = [column.key for column in connections.columns]
    shares = [column for column in connections.columns if column.kind is Kind.PERCENT]
    assert len(shares) == 4
    for row in connections.rows:
        cells = dict(zip(keys, row.cells, strict=True))
        for column in shares:
            part, whole = cells[column.key.removesuffix("_share")], cells["counted"]
            share = cells[column.key]
            assert (share is None) == (isinstance(part, str) or isinstance(whole, str))
            assert share is None or share == Share(float(str(part)), float(str(whole)))


def test_districts_come_before_the_sum_of_their_phase_and_the_total_last(report: Report) -> None:
    names = list(dict.fromkeys(str(row.cells[0]) for row in report.sections[0].rows))
    assert names == ["east", "west", "Summe 1", "Gesamt"]
    assert [row.cells[1] for row in report.sections[0].rows[:3]] == ["alle", "Haushalte", "Übrige"]


@pytest.mark.parametrize("form", list(Format))
def test_every_format_writes_the_signs_and_never_a_hidden_count(report: Report, form: Format) -> None:
    content = render(report, form)
    assert content == render(report, form)
    if form is not Format.XLSX:
        assert "·" in content.decode() or "\\u00b7" in content.decode()


def test_a_count_left_out_is_text_in_the_workbook_and_no_number(report: Report, found: Disclosed) -> None:
    sheet = load_workbook(io.BytesIO(render(report, Format.XLSX))).worksheets[0]
    values = [cell.value for row in sheet.iter_rows() for cell in row]
    texts = found.figures["text"]
    assert values.count("<\u202f4") == int((texts == "<\u202f4").sum())
    assert not {1, 2, 3} & {value for value in values if isinstance(value, int)}


def test_the_figures_of_json_are_those_in_print(report: Report, found: Disclosed) -> None:
    said = json.loads(render(report, Format.JSON))
    assert str(int(found.figures["value"].dropna().max())) in json.dumps(said)
