"""What the report says, before any format."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from rollout.analysis.progress import district_progress
from rollout.project import Definitions, PassedDefinition
from rollout.reporting.arrange import NO_PHASE, OUTSIDE, TOTAL, clean
from rollout.reporting.describe import SAMPLE_NOTE, progress_report
from rollout.reporting.report import Kind, Report, RowKind, Section, Share
from rollout.vocabulary import Level

if TYPE_CHECKING:
    from collections.abc import Callable

    from rollout.analysis.state import State
    from rollout.project import Project


@pytest.fixture(scope="module")
def report(city: State) -> Report:
    return progress_report(city)


def section(report: Report, key: str) -> Section:
    return report.only([key]).sections[0]


def test_the_sections_come_in_the_order_of_the_work(report: Report) -> None:
    keys = [each.key for each in report.sections]
    assert keys[:5] == ["anschluesse", "kategorien", "trassen", "gesperrt", "vortrieb"]
    assert keys[-3:] == ["ziele", "verbleib", "definitionen"]
    assert keys[5] == "friedenstal-anschluesse"
    assert len(set(keys)) == len(keys)


def test_every_row_has_one_cell_for_each_column(report: Report) -> None:
    for each in report.sections:
        assert all(len(row.cells) == len(each.columns) for row in each.rows)


def test_districts_stand_in_the_order_of_din_5007_under_their_phase(report: Report) -> None:
    rows = section(report, "anschluesse").rows
    second = [row.cells[0] for row in rows if row.group == "Bauabschnitt 2" and row.kind == RowKind.BODY]
    assert second == [
        "Alkenrath",
        "Lützenkirchen (in Teilen)",
        "Manfort",
        "Quettingen (in Teilen)",
        "Schlebusch",
        "Steinbüchel",
        "Wiesdorf (in Teilen)",
    ]
    assert [row.cells[0] for row in rows][1] == "Bürrig"


def test_all_thirteen_districts_are_shown_and_one_without_connections_has_no_share(report: Report) -> None:
    rows = section(report, "anschluesse").rows
    assert sum(row.kind == RowKind.BODY and row.cells[0] != OUTSIDE for row in rows) == 13
    empty = next(row for row in rows if row.cells[0] == "Manfort")
    assert empty.cells[1] == 0
    assert isinstance(empty.cells[2], Share)
    assert empty.cells[2].fraction is None


def test_what_lies_outside_stands_last_and_is_not_lost(report: Report, city: State) -> None:
    rows = section(report, "anschluesse").rows
    outside = [row for row in rows if row.group == NO_PHASE]
    assert outside[0].cells[0] == OUTSIDE
    funded = city.targets[(city.targets["drive"] == "funded") & (city.targets["programme_id"] == "leverkusen")]
    assert rows[-1].cells[0] == TOTAL
    assert rows[-1].cells[1] == (funded["status"] != "dropped").fillna(value=True).sum()


@pytest.mark.parametrize("key", ["anschluesse", "vortrieb"])
def test_districts_add_up_to_their_phase_and_phases_to_the_total(report: Report, key: str) -> None:
    rows = section(report, key).rows
    for column in (1, 7, 8, 9):
        body = sum(row.cells[column] for row in rows if row.kind == RowKind.BODY)
        subtotals = sum(row.cells[column] for row in rows if row.kind == RowKind.SUBTOTAL)
        total = sum(row.cells[column] for row in rows if row.kind == RowKind.TOTAL)
        assert body == subtotals == total


def test_categories_add_up_to_the_line_of_all(report: Report) -> None:
    rows = [row for row in section(report, "kategorien").rows if row.kind == RowKind.TOTAL]
    assert rows[-1].cells[1] == "alle"
    assert sum(row.cells[2] for row in rows[:-1]) == rows[-1].cells[2]


def test_the_extended_drive_and_the_other_programme_stay_apart(report: Report, city: State) -> None:
    counted = district_progress(city).groupby(["programme_id", "drive"])["counted"].sum()
    for key, programme, drive in (
        ("anschluesse", "leverkusen", "funded"),
        ("vortrieb", "leverkusen", "extended"),
        ("friedenstal-anschluesse", "friedenstal", "funded"),
    ):
        assert section(report, key).rows[-1].cells[1] == counted[programme, drive]


def test_the_table_of_lengths_has_no_sum_of_different_lengths(report: Report) -> None:
    columns = section(report, "trassen").columns
    assert {column.group for column in columns[1:]} == {"neues Leerrohr", "mitgenutzte Infrastruktur", "Kabel"}
    shares = [column for column in columns if column.kind == Kind.PERCENT]
    assert len(shares) == 3


def test_what_is_stopped_is_totalled_by_kind_and_never_over_kinds(report: Report) -> None:
    rows = section(report, "gesperrt").rows
    totals = {row.cells[0]: row.cells for row in rows if row.kind == RowKind.TOTAL}
    for what, cells in totals.items():
        body = [row.cells for row in rows if row.kind == RowKind.BODY and row.cells[0] == what]
        assert sum(row[3] for row in body) == cells[3]
        if cells[4] is not None:
            assert sum(row[4] for row in body) == pytest.approx(cells[4])
    assert {"Leerrohr gesperrt", "Anschluss abgelehnt", "Vortrieb entfallen"} <= set(totals)


def test_every_table_names_the_day_the_rule_and_the_comparison(report: Report) -> None:
    for each in report.sections:
        text = " ".join(each.footer)
        assert "Stand 28.03.2022" in text
        assert SAMPLE_NOTE in text
        assert "eigenes Rohr auf der Straßenseite" in text
        assert "Bundesnetzagentur, höchstens 20 m bis zu einer gebauten Trasse: " in text
        assert "© BKG (VG250)" in text


def test_the_comparison_is_of_the_table_s_own_population(report: Report, city: State) -> None:
    rows = district_progress(city)
    mine = rows[(rows["programme_id"] == "friedenstal") & (rows["drive"] == "funded")]
    said = f"{mine['passed_other_definition'].sum()}/{mine['counted'].sum()} ("
    assert said in " ".join(section(report, "friedenstal-anschluesse").footer)


def test_the_other_rule_changes_the_figures_and_what_is_said_of_them(
    city: State, build_project: Callable[..., Project]
) -> None:
    near = build_project(definitions=Definitions(passed=PassedDefinition.WITHIN_20_M), sample=False)
    report = progress_report(replace(city, project=near))
    table = section(report, "anschluesse")
    assert "Als erreicht zählt: höchstens 20 m" in " ".join(table.footer)
    assert "höchstens 20 m" in table.columns[2].definition
    assert report.subtitle == ("Stadt Leverkusen, Stand 28.03.2022",)
    assert SAMPLE_NOTE not in " ".join(table.footer)


def test_by_phase_there_is_one_row_per_phase_and_by_programme_one_alone(city: State) -> None:
    by_phase = section(progress_report(city, Level.PHASE), "anschluesse")
    assert [row.cells[0] for row in by_phase.rows] == ["Bauabschnitt 1", "Bauabschnitt 2", NO_PHASE, TOTAL]
    assert by_phase.columns[0].label == "Bauabschnitt"
    by_programme = section(progress_report(city, Level.PROGRAMME), "trassen")
    assert [row.kind for row in by_programme.rows] == [RowKind.TOTAL]


def test_the_total_is_the_same_at_every_level(city: State) -> None:
    totals = {section(progress_report(city, level), "anschluesse").rows[-1].cells[1:] for level in Level}
    assert len(totals) == 1


def test_a_goal_says_what_is_held_and_whether_it_is_met(report: Report) -> None:
    rows = section(report, "ziele").rows
    names = [row.cells[0] for row in rows]
    assert names == ["Haushalte", "Gewerbe: Bürrig, Opladen", "neues Leerrohr", "Kabel"]
    households = rows[0].cells
    assert households[3] == households[2] - households[1]
    assert households[5] in {"ja", "nein"}
    split = section(report, "verbleib").rows[0].cells
    assert split[1] == sum(split[2:])


def test_every_column_of_every_table_is_defined(report: Report) -> None:
    said = {row.cells[0] for row in section(report, "definitionen").rows}
    for each in report.sections[:-1]:
        assert {column.label for column in each.columns} <= said
        assert all(column.definition.endswith(".") for column in each.columns)


def test_a_city_with_nothing_to_count_still_has_a_report(city: State) -> None:
    bare = replace(city, targets=city.targets.iloc[:0], pieces=city.pieces.iloc[:0], segments=city.segments.iloc[:0])
    report = progress_report(bare)
    assert section(report, "anschluesse").rows == ()
    assert "–" in " ".join(section(report, "anschluesse").footer)


def test_a_section_that_does_not_exist_is_named(report: Report) -> None:
    with pytest.raises(KeyError, match="no section 'trasse'; there are anschluesse"):
        report.only(["trasse"])


def test_words_of_the_data_are_made_fit_for_a_table() -> None:
    assert clean("a\nb\tc\x00d\u2028e") == "a b c d e"
    assert clean("a\u202eb\ud800") == "a\ufffdb\ufffd"
    assert clean("=1+1 </td><script> {{ 6*7777 }} | ;") == "=1+1 </td><script> {{ 6*7777 }} | ;"
    assert len(clean("x" * 10_000)) == 300
    assert clean("x" * 10_000).endswith("…")


def test_the_order_of_rows_does_not_matter(report: Report, city: State) -> None:
    mixed = replace(
        city,
        targets=city.targets.sample(frac=1, random_state=7),
        pieces=pd.DataFrame(city.pieces.sample(frac=1, random_state=7)),
    )
    assert progress_report(mixed) == report
