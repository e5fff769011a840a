"""Findings, counts and progress on the terminal."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from rich.console import Console

from rollout.cli import progress, speaking
from rollout.errors import DataError, LayerError
from rollout.findings import Finding, Severity

Invoke = Callable[..., int]


def _rendered(table: object, width: int = 120) -> str:
    terminal = Console(file=io.StringIO(), width=width, markup=False)
    terminal.print(table)
    return terminal.file.getvalue()  # type: ignore[attr-defined,no-any-return]


def test_a_finding_shows_file_row_column_id_message_and_way_out() -> None:
    finding = Finding(
        "unknown-value",
        Severity.ERROR,
        "segments",
        "[red]unbekannt[/red]",
        "so geht es",
        "t.gpkg",
        7,
        "STAND",
        "x",
        "S1",
    )
    shown = _rendered(speaking.findings_table([finding]))
    for part in ("Fehler", "t.gpkg", "Zeile 7", "'STAND'", "S1", "[red]unbekannt[/red]", "so geht es"):
        assert part in shown


def test_what_a_terminal_would_obey_is_shown_as_its_code(capsys: pytest.CaptureFixture[str]) -> None:
    stranger = "vor\x1b[31m\u202etxt\r\u200b.json"
    inert = "vor\\x1b[31m\\u202etxt\\r\\u200b.json"
    speaking.say(f"{stranger}: 18,3\u202fkm\n\tgut", err=False)
    assert capsys.readouterr().out == f"{inert}: 18,3\u202fkm\n\tgut\n"
    rows = _rendered(speaking.rows_table(pd.DataFrame({"file": [stranger]}), {"file": "Datei"}))
    found = _rendered(speaking.findings_table([Finding("x", Severity.ERROR, "segments", stranger, stranger, stranger)]))
    assert inert in rows
    assert found.count("\\x1b[31m") == 3
    assert not {"\x1b", "\u202e", "\u200b"} & {*rows, *found}


def test_a_finding_of_a_whole_layer_is_named_by_its_layer() -> None:
    assert "segments" in _rendered(speaking.findings_table([Finding("x", Severity.INFO, "segments", "m")]))


def test_rows_show_dates_the_german_way_and_nothing_where_nothing_is_known() -> None:
    rows = pd.DataFrame(
        {
            "a": [pd.Timestamp("2022-03-28"), pd.NaT],
            "b": [pd.Timestamp("2022-03-28T10:30Z"), None],
            "c": [12.4, float("nan")],
            "d": pd.array(["x", pd.NA], dtype="string"),
        }
    )
    lines = _rendered(speaking.rows_table(rows, {"a": "Tag", "b": "Zeit", "c": "Meter", "d": "Text"})).splitlines()
    assert lines[0].split() == ["Tag", "Zeit", "Meter", "Text"]
    assert lines[1].split() == ["28.03.2022", "28.03.2022", "10:30", "12", "x"]
    assert lines[2].split() == []


def test_a_failure_shows_ten_errors_at_most_and_the_way_out(capsys: pytest.CaptureFixture[str]) -> None:
    findings = [Finding("r", Severity.ERROR, "targets", f"Befund {number}.") for number in range(15)]
    speaking.report_failure(DataError("kaputt", "Abhilfe hier", findings), as_json=False)
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("Fehler: kaputt")
    assert "Befund 9." in said.err
    assert "Befund 10." not in said.err
    assert said.err.rstrip().endswith("Abhilfe: Abhilfe hier")


def test_a_failure_as_json_carries_type_message_hint_and_code(capsys: pytest.CaptureFixture[str]) -> None:
    speaking.report_failure(LayerError("fehlt", "holen"), as_json=True)
    assert json.loads(capsys.readouterr().out) == {
        "error": {"type": "LayerError", "message": "fehlt", "hint": "holen"},
        "exit_code": 3,
        "findings": [],
    }


def test_progress_is_shown_on_a_terminal_only(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = io.StringIO()
    terminal = Console(file=screen, force_terminal=True, width=80)
    monkeypatch.setattr(progress, "console", lambda **_: terminal)
    with progress.steps(shown=True) as advance:
        advance("stadt.html", 0.5)
    assert "stadt.html" in screen.getvalue()
    for shown, is_terminal in ((False, True), (True, False)):
        silent = io.StringIO()
        other = Console(file=silent, force_terminal=is_terminal, width=80)
        monkeypatch.setattr(progress, "console", lambda other=other, **_: other)
        with progress.steps(shown=shown) as advance:
            advance("stadt.html", 0.5)
        assert silent.getvalue() == ""


def _with_a_warning(project: Path) -> None:
    file = project / "rollout.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("value = 4", "value = 5"), encoding="utf-8")


def test_a_build_says_how_many_findings_there_are_and_names_them_when_asked(
    tiny_project: Path, invoke: Invoke, capsys: pytest.CaptureFixture[str]
) -> None:
    _with_a_warning(tiny_project)
    assert invoke("build", tiny_project) == 0
    assert "Ein Befund zu den Daten; einzeln zeigt sie: rollout check" in capsys.readouterr().err
    assert invoke("build", tiny_project, "--verbose") == 0
    assert "Warnung" in capsys.readouterr().err


def test_a_check_counts_warnings_in_the_singular(
    tiny_project: Path, invoke: Invoke, capsys: pytest.CaptureFixture[str]
) -> None:
    _with_a_warning(tiny_project)
    assert invoke("check", tiny_project) == 0
    assert "geprüft: 1 Warnung." in capsys.readouterr().out
