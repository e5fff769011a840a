"""`rollout diff`: two days, two deliveries, and what is neither."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

Invoke = Callable[..., int]

PARTNER = """
[partners.EVL]
name = "EVL"
[partners.EVL.segments]
columns = { segment_id = "Trasse", status = "Baustand", valid_on = "seit" }
"""


@pytest.fixture
def received(tiny_project: Path, tmp_path: Path, invoke: Invoke, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """Two deliveries taken in; returns their identifiers."""
    file = tiny_project / "rollout.toml"
    file.write_text(file.read_text(encoding="utf-8") + PARTNER, encoding="utf-8")
    for name, rows, day in (
        ("a.csv", "S1;im Bau;01.02.2022\nS2;Rohr verlegt;01.02.2022", "01.02.2022"),
        ("b.csv", "S1;Kabel eingeblasen;01.03.2022\nS2;im Bau;02.03.2022", "02.03.2022"),
    ):
        (tmp_path / name).write_text(f"Trasse;Baustand;seit\n{rows}\n", encoding="utf-8")
        assert invoke("receive", tmp_path / name, "--from", "EVL", "--state-on", day, "-p", tiny_project) == 0
    capsys.readouterr()
    assert invoke("log", "-p", tiny_project) == 0
    lines = capsys.readouterr().out.splitlines()[1:]
    return [line.split()[0] for line in lines]


def test_two_days_are_compared_in_sentences_and_tables(
    tiny_project: Path, received: list[str], invoke: Invoke, capsys: pytest.CaptureFixture[str]
) -> None:
    assert len(received) == 2
    assert invoke("diff", "01.02.2022", "28.03.2022", "-p", tiny_project) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "+390 m Leerrohr" in said
    assert "zurückgestuft" in said


def test_two_deliveries_are_compared_as_known_when_they_came(
    tiny_project: Path, received: list[str], invoke: Invoke, capsys: pytest.CaptureFixture[str]
) -> None:
    assert invoke("diff", received[0], received[1][:6], "-p", tiny_project, "--json") == 0
    report = json.loads(capsys.readouterr().out)
    setbacks = next(section for section in report["sections"] if section["key"] == "rueckschritte")
    assert "S2" in json.dumps(setbacks["rows"])


def test_the_change_is_drawn_and_written_where_it_is_asked_for(
    tiny_project: Path, received: list[str], tmp_path: Path, invoke: Invoke
) -> None:
    page, table = tmp_path / "karte.html", tmp_path / "t.xlsx"
    assert received
    assert invoke("diff", "2022-02-01", "2022-03-28", "-p", tiny_project, "-o", table, "--map", page) == 0
    assert "Content-Security-Policy" in page.read_text(encoding="utf-8")
    assert table.stat().st_size > 1000


@pytest.mark.parametrize("point", ["zzzz", "", "31.02.2022"])
def test_what_is_neither_a_day_nor_one_delivery_is_refused_with_the_way_out(
    tiny_project: Path, received: list[str], point: str, invoke: Invoke, capsys: pytest.CaptureFixture[str]
) -> None:
    assert received
    assert invoke("diff", point, "28.03.2022", "-p", tiny_project) == 3
    assert "rollout log" in capsys.readouterr().err


def test_without_a_history_a_delivery_cannot_be_named(
    tiny_project: Path, invoke: Invoke, capsys: pytest.CaptureFixture[str]
) -> None:
    assert invoke("diff", "abc", "28.03.2022", "-p", tiny_project) == 3
    assert "history.db" in capsys.readouterr().err
