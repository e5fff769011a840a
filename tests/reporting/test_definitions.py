"""The page of definitions and the program say the same."""

from __future__ import annotations

from pathlib import Path

from rollout.analysis.goals import BINS
from rollout.reporting.definitions import COLUMNS, PASSED, RULES
from rollout.vocabulary import Milestone

PAGE = (Path(__file__).parents[2] / "docs" / "definitions.md").read_text(encoding="utf-8")


def rows(heading: str) -> list[list[str]]:
    part = PAGE.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in part.splitlines() if line.startswith("| ")]
    return [[cell.strip(" `") for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_the_page_has_every_column_and_no_other() -> None:
    assert rows("Spalten") == [[key, said.label, said.text, said.source] for key, said in COLUMNS.items()]


def test_the_page_has_every_rule_and_no_other() -> None:
    assert rows("Regeln") == [[said.label, said.text, said.source] for said in RULES.values()]


def test_the_page_has_both_rules_for_passed() -> None:
    told = rows("Wann ein Anschluss „erreicht“ ist")
    assert told == [[key.value, said.label, said.text, said.source] for key, said in PASSED.items()]


def test_every_milestone_and_every_bin_is_defined() -> None:
    assert {*Milestone, *BINS} <= set(COLUMNS)


def test_every_definition_is_a_sentence_that_stays_in_its_cell() -> None:
    for said in [*COLUMNS.values(), *RULES.values(), *PASSED.values()]:
        assert said.text.endswith(".")
        assert "|" not in said.text
