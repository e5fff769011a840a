"""`rollout reach` and `rollout unlock` as a person calls them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

Invoke = Callable[..., int]
Bytes = pytest.CaptureFixture[bytes]


def test_reach_prints_every_table(invoke: Invoke, tiny_project: Path, capsysbinary: Bytes) -> None:
    assert invoke("reach", tiny_project) == 0
    said = capsysbinary.readouterr().out.decode()
    for heading in ("Erreichbarkeit der geförderten", "Widersprüche", "Inseln", "Haus vor der Trasse", "Netzknoten"):
        assert heading in said


def test_unlock_writes_a_file_for_the_partner(invoke: Invoke, tiny_project: Path, tmp_path: Path) -> None:
    file = tmp_path / "pakete.csv"
    assert invoke("unlock", tiny_project, "--output", file) == 0
    assert file.read_text(encoding="utf-8-sig").startswith('"Was als Nächstes zu bauen ist: Hauptprojekt"')


def test_unlock_counts_only_what_lies_in_the_district_and_phase(
    invoke: Invoke, tiny_project: Path, capsysbinary: Bytes
) -> None:
    assert invoke("unlock", tiny_project, "--district", "Alt Stadt", "--phase", "1", "--json") == 0
    told = json.loads(capsysbinary.readouterr().out)
    assert told["sections"][0]["title"] == "Was als Nächstes zu bauen ist: Alt Stadt, 1"


def test_a_place_that_does_not_exist_is_refused_with_a_suggestion(
    invoke: Invoke, tiny_project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert invoke("unlock", tiny_project, "--district", "Neustatd") == 3
    said = capsys.readouterr().err
    assert "'Neustatd'" in said
    assert "Neustadt" in said
