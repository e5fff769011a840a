"""The page of rules says what the code does."""

from __future__ import annotations

from pathlib import Path

from rollout.analysis.checks import RULES
from rollout.layers.remarks import RULES as READING

PAGE = Path(__file__).parents[2] / "docs" / "checks.md"
WEIGHTS = {"error": "Fehler", "warning": "Warnung", "info": "Hinweis"}


def test_the_page_lists_every_rule_as_the_code_has_it_and_no_other() -> None:
    rows = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    rules = {**READING, **RULES}.values()
    assert rows == [f"| `{rule.id}` | {WEIGHTS[rule.severity]} | {rule.what} | {rule.way_out} |" for rule in rules]


def test_a_rule_of_both_rooms_is_the_same_in_both() -> None:
    assert {RULES[name] == READING[name] for name in RULES.keys() & READING.keys()} == {True}
