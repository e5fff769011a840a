"""`rollout forecast` and `rollout stock` on the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

Invoke = Callable[..., int]


@pytest.mark.parametrize(("command", "key"), [("forecast", "prognose-funded"), ("stock", "hemmnisse")])
def test_json_is_one_object_with_the_tables(
    tiny_project: Path, invoke: Invoke, capsys: pytest.CaptureFixture[str], command: str, key: str
) -> None:
    assert invoke(command, tiny_project, "--json") == 0
    report = json.loads(capsys.readouterr().out)
    assert key in [section["key"] for section in report["sections"]]


@pytest.mark.parametrize("command", ["forecast", "stock"])
@pytest.mark.parametrize(
    ("by", "ending"),
    [("district", "xlsx"), ("district", "html"), ("phase", "csv"), ("phase", "md"), ("programme", "json")],
)
def test_every_level_is_written_in_its_format(
    tiny_project: Path, invoke: Invoke, command: str, by: str, ending: str
) -> None:
    path = tiny_project / f"t.{ending}"
    assert invoke(command, tiny_project, "--by", by, "--output", path) == 0
    assert path.stat().st_size > 500


def test_without_deliveries_the_reason_is_said(
    tiny_project: Path, invoke: Invoke, capsys: pytest.CaptureFixture[str]
) -> None:
    assert invoke("forecast", tiny_project, "--by", "phase") == 0
    assert "keine Prognose: braucht Lieferungen" in " ".join(capsys.readouterr().out.split())


def test_the_stock_names_the_weather(tiny_project: Path, invoke: Invoke, capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke("stock", tiny_project, "--by", "phase") == 0
    assert "gesperrt: Witterung" in capsys.readouterr().out


@pytest.mark.parametrize("width", [80, 120])
def test_no_line_is_wider_than_the_window(
    tiny_project: Path,
    invoke: Invoke,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    width: int,
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    for command in ("forecast", "stock"):
        assert invoke(command, tiny_project) == 0
        assert max(map(len, capsys.readouterr().out.splitlines())) <= width


def test_xlsx_needs_a_file(tiny_project: Path, invoke: Invoke) -> None:
    assert invoke("stock", tiny_project, "--format", "xlsx") == 2
