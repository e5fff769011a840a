"""Pages and tables of an audience hold no word that is withheld, and show nothing withheld as unknown."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING

import pytest

from rollout.analysis.summary import district_table
from rollout.audiences import REQUIRED, Audience, Figures, Trenches
from rollout.cartography import Additions, phase_map
from rollout.reporting.describe import progress_report
from rollout.reporting.formats import Format
from rollout.reporting.overview import district_shapes, key_figures, overview_page
from rollout.reporting.render import render
from rollout.reporting.withheld import with_notice
from rollout.sharing.notice import notice_of
from rollout.sharing.redaction import shown
from rollout.vocabulary import NO_DATA_LABEL, STATUS_LABELS
from tests.drawing import project
from tests.sharing.towns import layers_of, town_of

if TYPE_CHECKING:
    from rollout.analysis.state import State
    from rollout.reporting.report import Report

NAMES = ("city", "evl", "netcologne", "council", "public")
TOWN = town_of(layers_of(3))
SECRETS = {
    "segment_id": "TRASSE-",
    "target_id": "ANSCHLUSS-",
    "node_id": "KNOTEN-",
    "institution": "Anstalt",
    "postcode": "51399",
}
"""Column → how each of its values begins, in the layer that first has it."""

BARE = Audience(
    title="Planungsbüro",
    recipient="Büro",
    purpose="Planung",
    columns=REQUIRED,
    trenches=Trenches.EXACT,
    figures=Figures.ROWS,
)


def of(name: str) -> Audience:
    return BARE if name == "bare" else project().audiences[name]


@cache
def seen_by(name: str) -> State:
    return shown(TOWN, of(name))


@cache
def page(name: str) -> str:
    """The data of a page as they stand in its file, without the escapes."""
    state = seen_by(name)
    made = phase_map(state, additions=Additions(notice=notice_of(of(name), state)))
    data = made.html().split('id="rollout-data">')[1].split("</script>")[0]
    return json.dumps(json.loads(data), ensure_ascii=False, separators=(",", ":"))


@cache
def report(name: str) -> Report:
    return with_notice(progress_report(seen_by(name)), notice_of(of(name), seen_by(name)))


def text(name: str) -> str:
    return render(report(name), Format.MARKDOWN).decode().replace("\\", "")


def test_what_stands_under_a_table_already_is_not_said_again_for_the_receiver() -> None:
    plain = progress_report(seen_by("evl"))
    rule = plain.sections[0].footer[-1]
    footer = with_notice(plain, ("Empfänger: EVL", rule)).sections[0].footer
    assert footer == (*plain.sections[0].footer, "Empfänger: EVL")


@pytest.mark.parametrize("name", [*NAMES, "bare"])
def test_no_word_of_a_withheld_column_is_in_a_page_or_a_table(name: str) -> None:
    audience, files = of(name), page(name) + text(name)
    for column, secret in SECRETS.items():
        if not any(audience.gives(layer, column) for layer in REQUIRED):
            assert secret not in files


@pytest.mark.parametrize("name", NAMES)
def test_no_status_that_is_told_as_another_is_in_a_page_or_a_table(name: str) -> None:
    audience, files = of(name), page(name) + text(name)
    for layer, told in audience.told_as.items():
        for status in set(told) - audience.words(layer):
            assert STATUS_LABELS[status] not in files
            assert f'"{status}"' not in files


@pytest.mark.parametrize("name", NAMES)
def test_every_page_and_table_says_for_whom_it_is(name: str) -> None:
    lines = notice_of(of(name), TOWN)
    assert all(line in page(name) for line in lines)
    for section in report(name).sections:
        assert section.footer[-1].startswith(f"Empfänger: {of(name).recipient} · Zweck: ")
    assert lines[3] in report(name).subtitle


def test_a_page_of_the_whole_state_holds_nothing_new() -> None:
    content = phase_map(TOWN).html().split('id="rollout-data">')[1]
    assert '"notice"' not in content
    assert '"caveat"' not in content


def test_the_city_has_the_same_tables_as_the_whole_state() -> None:
    assert progress_report(seen_by("city")).sections == progress_report(TOWN).sections


def columns_of(name: str, key: str) -> list[str]:
    return [column.key for section in report(name).sections if section.key == key for column in section.columns]


def test_a_rung_that_is_withheld_has_no_column() -> None:
    assert "activated" in columns_of("city", "anschluesse")
    assert "activated" not in columns_of("evl", "anschluesse")
    assert "connected" in columns_of("evl", "anschluesse")
    assert "aktiviert" not in text("evl")


def test_a_selection_says_which_rows_were_counted_and_has_no_column_for_those_left_out() -> None:
    sections = {section.key: section for section in report("netcologne").sections}
    assert sections["anschluesse"].footer[0].startswith("Gezählt sind nur Anschlüsse mit Stand „Rohr bis")
    assert not {"refused", "dropped", "no_data"} & {*columns_of("netcologne", "anschluesse")}
    assert "ziele" not in sections
    assert "reason" not in columns_of("netcologne", "gesperrt")


def test_lengths_of_cable_that_are_withheld_are_no_zero() -> None:
    assert not [key for key in columns_of("bare", "trassen") if key.startswith("cable")]
    assert "reachable" not in columns_of("bare", "anschluesse")
    assert "Zum Vergleich Bundesnetzagentur" not in text("bare")


def test_a_reason_that_is_withheld_is_not_called_missing() -> None:
    rows = [row.cells for section in report("evl").sections if section.key == "gesperrt" for row in section.rows]
    assert {cells[2] for cells in rows if cells[0] == "Anschluss abgelehnt" and cells[2]} == {"nicht enthalten"}


def test_who_gets_figures_with_suppression_gets_none_from_the_rows() -> None:
    for name in ("council", "public"):
        assert progress_report(seen_by(name)).sections == ()
        assert key_figures(seen_by(name), district_table(seen_by(name))) == []
        assert '"figures":[]' in page(name)


def test_a_page_without_connections_says_so_instead_of_counting_none() -> None:
    assert "Diese Ausgabe enthält keine einzelnen Anschlüsse." in page("council")
    assert "Diese Ausgabe enthält nur Anschlüsse mit Stand" in page("netcologne")
    assert NO_DATA_LABEL not in page("public").split('"answers"')[0]


def test_streets_are_called_streets() -> None:
    content = page("council")
    assert "Straßen mit Trassen" in content
    assert "Straßenlänge" in content
    assert "Straße {name}: alle Trassen mindestens im Stand „Rohr verlegt“." in content
    assert "Abschnitte" not in content.split('"legend"')[1].split('"emphasised"')[0]


def test_no_next_step_is_named_for_a_status_that_stands_for_several() -> None:
    assert "Der Anschluss wird buchbar." in page("city")
    assert "Der Anschluss wird buchbar." not in page("evl")


@pytest.mark.parametrize("name", NAMES)
def test_an_index_page_is_drawn_for_every_audience(name: str) -> None:
    state = seen_by(name)
    content = overview_page(state, report(name), district_table(state), [], []).decode()
    assert f"Empfänger: {of(name).recipient}".replace("&", "&amp;") in content
    assert ("angeschlossen:" in content) is (name in {"city", "evl"})
    if name not in {"city", "evl"}:
        assert {shape.shade for shape in district_shapes(state, district_table(state))} == {0}
    assert ("aktiviert" in content) is (name in {"city", "netcologne"})
