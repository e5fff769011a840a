"""What a row says against the ladder, the calendar and what is known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rollout.errors import ProjectError
from rollout.intake.receipt import Receipt, Verdict
from rollout.intake.rules import RULES
from rollout.intake.succession import compare
from rollout.project import Project, parse_project
from rollout.vocabulary import SEGMENT_LADDER

Receive = Callable[..., Receipt]
Make = Callable[..., Path]
HEADER = ["Trassennummer", "Baustatus", "Verlegt_seit", "Laenge"]


def _rules(receipt: Receipt) -> set[str]:
    return {finding.rule for finding in receipt.findings}


def _segment(id_: str, status: str, since: str, by: str = "EVL") -> tuple[str, str, str, str, str]:
    return ("segment", id_, status, since, by)


def test_an_unknown_status_refuses_the_file_whole(receive: Receive, csv_file: Make) -> None:
    receipt = receive(csv_file([HEADER, ["S0", "RV", "", ""], ["S1", "verbuddelt", "", ""]]))
    assert receipt.verdict is Verdict.REFUSED
    assert len(receipt.events) == 0
    assert receipt.refused[["row", "rule", "column", "value"]].to_numpy().tolist() == [
        [3, "unknown-status", "Baustatus", "verbuddelt"]
    ]
    counts = receipt.counts["segments"]
    assert (counts.rows, counts.accepted, counts.refused, counts.withheld) == (2, 0, 1, 1)


def test_in_parts_the_good_rows_are_taken_and_the_bad_ones_listed(receive: Receive, csv_file: Make) -> None:
    receipt = receive(csv_file([HEADER, ["S0", "RV", "", ""], ["S1", "verbuddelt", "", ""]]), partial=True)
    assert receipt.verdict is Verdict.PARTIAL
    assert receipt.events["entity_id"].tolist() == ["S0"]
    assert receipt.refused["row"].tolist() == [3]


def test_a_file_with_no_good_row_is_refused_even_in_parts(receive: Receive, csv_file: Make) -> None:
    assert receive(csv_file([HEADER, ["S1", "verbuddelt", "", ""]]), partial=True).verdict is Verdict.REFUSED


@pytest.mark.parametrize("word", ["RV", "rv", "4", "Rohr verlegt", "duct_laid", " ROHR  verlegt "])
def test_agreed_words_and_our_own_mean_the_same(receive: Receive, csv_file: Make, word: str) -> None:
    assert receive(csv_file([HEADER, ["S0", word, "", ""]])).events["status"].tolist() == ["duct_laid"]


def test_an_empty_status_is_an_error(receive: Receive, csv_file: Make) -> None:
    assert "status-missing" in _rules(receive(csv_file([HEADER, ["S0", "", "", ""]])))


def test_a_day_after_receipt_is_an_error_and_one_after_the_stand_a_warning(receive: Receive, csv_file: Make) -> None:
    receipt = receive(csv_file([HEADER, ["S0", "RV", "02.04.2022", ""], ["S1", "RV", "30.03.2022", ""]]))
    assert receipt.refused["rule"].tolist() == ["future-date"]
    assert [finding.row for finding in receipt.findings if finding.rule == "after-state"] == [3]


def test_works_before_the_phase_began_are_named_and_planning_is_not(receive: Receive, csv_file: Make) -> None:
    receipt = receive(csv_file([HEADER, ["S0", "RV", "28.02.2021", ""], ["S1", "beantragt", "28.02.2021", ""]]))
    assert [finding.row for finding in receipt.findings if finding.rule == "before-phase"] == [2]
    assert receipt.verdict is Verdict.ACCEPTED


def test_a_step_back_is_taken_and_never_silent(receive: Receive, csv_file: Make) -> None:
    receipt = receive(
        csv_file([HEADER, ["S0", "Tiefbau läuft", "20.03.2022", ""]]), _segment("S0", "cable_blown", "2022-03-01")
    )
    assert receipt.verdict is Verdict.ACCEPTED
    assert receipt.steps_back[["entity_id", "status_before", "status", "row"]].to_numpy().tolist() == [
        ["S0", "cable_blown", "digging", 2]
    ]
    message = next(finding.message for finding in receipt.findings if finding.rule == "step-back")
    assert message == "'S0': Kabel eingeblasen (01.03.2022) → im Bau (20.03.2022)"


def test_a_jump_is_named_and_a_step_is_not(receive: Receive, csv_file: Make) -> None:
    receipt = receive(
        csv_file([HEADER, ["S0", "KE", "20.03.2022", ""], ["S1", "RV", "20.03.2022", ""]]),
        _segment("S0", "digging", "2022-03-01"),
        _segment("S1", "digging", "2022-03-01"),
    )
    assert receipt.jumps["entity_id"].tolist() == ["S0"]


def test_steps_within_one_file_are_compared_with_each_other(receive: Receive, csv_file: Make) -> None:
    rows = [["S0", "KE", "01.03.2022", ""], ["S0", "Tiefbau läuft", "10.03.2022", ""]]
    receipt = receive(csv_file([HEADER, *rows]))
    assert receipt.steps_back["row"].tolist() == [3]
    assert len(receipt.events) == 2


def test_a_report_older_than_what_is_known_goes_into_the_past(receive: Receive, csv_file: Make) -> None:
    receipt = receive(
        csv_file([HEADER, ["S0", "Tiefbau läuft", "01.02.2022", ""]]), _segment("S0", "duct_laid", "2022-03-01")
    )
    assert len(receipt.steps_back) == len(receipt.jumps) == len(receipt.contradictions) == 0
    assert receipt.events["valid_on"].dt.strftime("%Y-%m-%d").tolist() == ["2022-02-01"]


def test_what_is_known_is_unchanged_and_still_goes_to_the_store(receive: Receive, csv_file: Make) -> None:
    known = _segment("S0", "duct_laid", "2022-03-01")
    receipt = receive(csv_file([HEADER, ["S0", "RV", "", ""], ["S1", "RV", "", ""]]), known)
    assert receipt.counts["segments"].unchanged == 1
    assert receipt.events["is_unchanged"].tolist() == [True, False]


def test_a_corrected_day_is_not_unchanged(receive: Receive, csv_file: Make) -> None:
    receipt = receive(csv_file([HEADER, ["S0", "RV", "05.03.2022", ""]]), _segment("S0", "duct_laid", "2022-03-01"))
    assert receipt.counts["segments"].accepted == 1


@pytest.mark.parametrize(
    ("theirs", "since", "contradicts"),
    [
        ("cable_blown", "2022-03-01", True),
        ("digging", "2022-03-25", True),
        ("digging", "2022-03-01", False),
        ("cable_blown", "2022-03-25", False),
        ("duct_laid", "2022-03-01", False),
    ],
)
def test_another_sender_contradicts_when_order_of_days_and_of_states_differ(
    receive: Receive, csv_file: Make, theirs: str, since: str, *, contradicts: bool
) -> None:
    receipt = receive(csv_file([HEADER, ["S0", "RV", "20.03.2022", ""]]), _segment("S0", theirs, since, "NC"))
    assert len(receipt.contradictions) == contradicts
    if contradicts:
        side = receipt.contradictions.iloc[0]
        assert (side["status"], side["status_before"], side["reported_by"], side["delivery_id"]) == (
            "duct_laid",
            theirs,
            "NC",
            "d0",
        )
    assert len(receipt.steps_back) == 0


def test_the_same_row_twice_counts_once(receive: Receive, csv_file: Make) -> None:
    receipt = receive(csv_file([HEADER, ["S0", "RV", "", ""], ["S0", "Rohr verlegt", "", ""]]))
    assert receipt.verdict is Verdict.ACCEPTED
    assert receipt.counts["segments"].repeated == 1
    assert receipt.events["row"].tolist() == [2]


def test_two_states_on_one_day_are_an_error_of_both_rows(receive: Receive, csv_file: Make) -> None:
    receipt = receive(csv_file([HEADER, ["S0", "RV", "", ""], ["S0", "KE", "", ""]]))
    assert receipt.refused[["rule", "row"]].to_numpy().tolist() == [
        ["contradicts-itself", 2],
        ["contradicts-itself", 3],
    ]


def test_a_full_list_names_what_it_leaves_out(receive: Receive, csv_file: Make) -> None:
    receipt = receive(csv_file([HEADER, ["S0", "RV", "", ""], ["S2", "RV", "", ""]]), complete=True)
    assert receipt.missing["entity_id"].tolist() == ["S1", "S3"]
    assert {finding.id for finding in receipt.findings if finding.rule == "missing"} == {"S1", "S3"}


def test_a_rule_that_could_not_run_says_why(receive: Receive, csv_file: Make) -> None:
    receipt = receive(csv_file([HEADER, ["S0", "RV", "", ""]]))
    runs = {run.rule: run for run in receipt.rules}
    assert runs["missing"].hits is None
    assert "Vollliste" in runs["missing"].why_not
    assert "keine Längen" in runs["length-off"].why_not
    assert runs["unknown-status"].hits == 0


def test_every_rule_run_is_listed_once_per_entity(receive: Receive, csv_file: Make) -> None:
    runs = [(run.entity, run.rule) for run in receive(csv_file([HEADER, ["S0", "RV", "", ""]])).rules]
    assert len(runs) == len(set(runs))


@pytest.mark.parametrize("length", ["1.234", "viel", "-3"])
def test_a_length_that_is_no_clear_number_is_an_error(receive: Receive, csv_file: Make, length: str) -> None:
    assert receive(csv_file([HEADER, ["S0", "RV", "", length]])).refused["rule"].tolist() == ["not-a-number"]


def test_a_refusal_without_a_reason_is_named_and_an_unknown_reason_stays_as_a_note(
    receive: Receive, csv_file: Make
) -> None:
    header = ["Kennung", "Status", "Grund", "Bemerkung"]
    rows = [["T1", "entfallen", "", ""], ["T2", "entfallen", "will nicht", ""], ["T3", "entfallen", "Laune", "Notiz"]]
    receipt = receive(csv_file([header, *rows]))
    assert [finding.row for finding in receipt.findings if finding.rule == "reason-missing"] == [2]
    assert receipt.events["reason"].fillna("-").tolist() == ["-", "declined", "-"]
    assert receipt.events["note"].fillna("-").tolist() == ["-", "-", "Laune Notiz"]


def test_an_ambiguous_address_is_an_error_with_candidates(receive: Receive, csv_file: Make) -> None:
    receipt = receive(csv_file([["Straße", "Hausnummer", "PLZ", "Status"], ["Rheinallee", "5", "51371", "fertig"]]))
    assert receipt.refused["rule"].tolist() == ["ambiguous"]
    assert len(receipt.ambiguous["candidates"].iloc[0]) == 2


def test_many_bad_rows_are_all_listed_and_fifty_of_them_named(receive: Receive, csv_file: Make) -> None:
    receipt = receive(csv_file([HEADER, *([f"X{i}", "RV", "", ""] for i in range(300))]))
    unmatched = [finding for finding in receipt.findings if finding.rule == "unmatched"]
    assert len(unmatched) == 51
    assert len(receipt.refused) == 300


def test_a_list_of_neither_kind_is_refused_with_the_way_out(receive: Receive, csv_file: Make) -> None:
    with pytest.raises(Exception, match="keine Zeilen mit Status") as caught:
        receive(csv_file([["Straße", "PLZ"], ["Hauptstraße", "51379"]]))
    assert "partners" in getattr(caught.value, "hint", "")


def test_everything_said_to_people_has_a_way_out() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES) > 25
    assert all(rule.what and rule.way_out for rule in RULES)


def test_every_rule_is_documented() -> None:
    text = (Path(__file__).parents[2] / "docs" / "deliveries.md").read_text(encoding="utf-8")
    assert [rule.id for rule in RULES if f"`{rule.id}`" not in text] == []


@pytest.mark.parametrize(
    "table", [{"status": {"x": "flying"}}, {"reason": {"x": "mood"}}, {"columns": {"owner": "Eigentümer"}}]
)
def test_a_word_that_does_not_exist_is_refused_in_the_project_file(project: Project, table: dict[str, Any]) -> None:
    said = project.model_dump(exclude={"folder"}) | {"partners": {"EVL": {"name": "EVL", "segments": table}}}
    with pytest.raises(ProjectError, match="partners"):
        parse_project(said, project.folder / "rollout.toml")


STATUS = st.sampled_from([rung.key for rung in SEGMENT_LADDER])
DAY = st.dates(dt.date(2022, 1, 1), dt.date(2022, 1, 20))


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(STATUS, DAY), min_size=1, max_size=6, unique_by=lambda row: row[1]),
    st.lists(st.tuples(STATUS, DAY, st.sampled_from(["EVL", "NC"])), max_size=5, unique_by=lambda row: row[1:]),
    st.randoms(use_true_random=False),
)
def test_a_comparison_agrees_with_a_plain_loop_in_any_order(
    reports: list[tuple[str, dt.date]], known: list[tuple[str, dt.date, str]], random: Random
) -> None:
    random.shuffle(reports)
    frame = pd.DataFrame(reports, columns=["status", "valid_on"]).assign(entity_id="S", dated=True)
    frame["valid_on"] = pd.to_datetime(frame["valid_on"]).astype("datetime64[ms]")
    frame = frame.astype({"status": "string", "entity_id": "string"})
    states = pd.DataFrame(known, columns=["status", "status_since", "reported_by"]).assign(
        entity_id="S", entity="segment", delivery_id="d"
    )
    found = compare(frame, states, "EVL", "segments")
    heights = {rung.key: rung.height for rung in SEGMENT_LADDER if not rung.side}
    for at, (status, day) in enumerate(reports):
        line = [(since, 0, old) for old, since, by in known if by == "EVL" and since <= day]
        line += [(since, 1, old) for old, since in reports if since < day]
        before = max(line, default=None, key=lambda entry: entry[:2])
        back = before is not None and heights.get(status, 99) < heights.get(before[2], -99)
        back = back and status in heights
        assert bool(found.step_back[at]) == back


def test_targets_know_their_phase_only_where_analysis_has_placed_them(
    receive: Receive, csv_file: Make, targets: gpd.GeoDataFrame
) -> None:
    runs = {run.rule: run for run in receive(csv_file([["Kennung", "Status"], ["T1", "fertig"]])).rules}
    assert runs["before-phase"].hits is None
    assert "phase_id" not in targets
