"""The program as the shell sees it: output, exit codes, and what it says when something is wrong."""

from __future__ import annotations

import json
import subprocess
import sys
import webbrowser
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

import rollout
from rollout.layers import write_layer
from rollout.schema import LAYERS
from tests.conftest import tiny_layers

Invoke = Callable[..., int]

PAGES = ["stadt.html", "bauabschnitt-1.html", "bauabschnitt-2.html", "projekt-park.html"]
TABLES = [f"tabellen/fortschritt.{ending}" for ending in ("xlsx", "html", "csv", "md", "json")]


def _files(folder: Path) -> dict[str, bytes]:
    found = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != ".rollout.lock")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def _replace(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_build_writes_every_page_and_table_and_says_where(
    tiny_project: Path, invoke: Invoke, capsys: pytest.CaptureFixture[str]
) -> None:
    assert invoke("build", tiny_project) == 0
    said = capsys.readouterr()
    written = _files(tiny_project / "maps")
    assert sorted(written) == sorted([*PAGES, *TABLES, "index.html"])
    assert [Path(line).name for line in said.out.splitlines()] == [
        Path(name).name for name in [*PAGES, *TABLES, "index.html"]
    ]
    assert "10 Dateien geschrieben, Stand 28.03.2022" in said.err


def test_two_builds_give_identical_bytes(tiny_project: Path, invoke: Invoke) -> None:
    invoke("build", tiny_project)
    first = _files(tiny_project / "maps")
    invoke("build", tiny_project)
    assert _files(tiny_project / "maps") == first


def test_two_processes_with_other_hash_seeds_give_identical_bytes(tiny_project: Path) -> None:
    program = "import rollout.cli; rollout.cli.run()"
    built = []
    for seed in ("1", "2"):
        command = [sys.executable, "-c", program, "build", str(tiny_project), "-q"]
        subprocess.run(command, check=True, capture_output=True, env={"PYTHONHASHSEED": seed})
        built.append(_files(tiny_project / "maps"))
    assert built[0] == built[1]


def test_a_dry_run_writes_nothing(tiny_project: Path, invoke: Invoke, capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke("build", tiny_project, "--dry-run") == 0
    assert not (tiny_project / "maps").exists()
    assert "würden geschrieben" in capsys.readouterr().err


def test_open_shows_the_index(tiny_project: Path, invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", opened.append)
    assert invoke("build", tiny_project, "--open") == 0
    assert opened == [(tiny_project / "maps" / "index.html").as_uri()]


def test_build_as_json_is_one_object(tiny_project: Path, invoke: Invoke, capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke("build", tiny_project, "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert said["as_of"] == "2022-03-28"
    assert len(said["files"]) == 10
    assert all(entry["bytes"] > 0 for entry in said["files"])


def test_a_fault_in_the_data_leaves_the_earlier_pages_and_ends_with_4(
    tiny_project: Path, invoke: Invoke, capsys: pytest.CaptureFixture[str]
) -> None:
    invoke("build", tiny_project)
    before = _files(tiny_project / "maps")
    _replace(tiny_project / "rollout.toml", 'id = "park"', 'id = "anderer"')
    assert invoke("build", tiny_project) == 4
    said = capsys.readouterr().err
    assert "segments.gpkg" in said
    assert "programme_id" in said
    assert "Abhilfe" in said
    assert _files(tiny_project / "maps") == before


def test_a_missing_layer_ends_with_3_and_names_the_file(
    tiny_project: Path, invoke: Invoke, capsys: pytest.CaptureFixture[str]
) -> None:
    (tiny_project / "segments.gpkg").unlink()
    assert invoke("build", tiny_project) == 3
    said = capsys.readouterr().err
    assert "segments.gpkg" in said
    assert "Traceback" not in said


def test_a_failure_as_json_is_one_object_too(
    tiny_project: Path, invoke: Invoke, capsys: pytest.CaptureFixture[str]
) -> None:
    (tiny_project / "rollout.toml").write_text("x = ")
    assert invoke("build", tiny_project, "--json") == 3
    said = json.loads(capsys.readouterr().out)
    assert said["exit_code"] == 3
    assert said["error"]["type"] == "ProjectError"
    assert said["error"]["hint"]


def test_a_folder_that_cannot_be_written_ends_with_5(
    tiny_project: Path, invoke: Invoke, capsys: pytest.CaptureFixture[str]
) -> None:
    (tiny_project / "maps").write_text("a file stands where the folder should be")
    assert invoke("build", tiny_project) == 5
    assert "maps" in capsys.readouterr().err


def test_wrong_usage_ends_with_2(invoke: Invoke) -> None:
    assert invoke("build", "--no-such-option") == 2
    assert invoke("table", "--by", "street") == 2
    assert invoke("table", "--format", "xlsx") == 2
    assert invoke("table", "--output", "t.docx") == 2
    assert invoke("build", "--as-of", "31.02.2022") == 2


def test_an_interrupted_run_ends_with_130(tiny_project: Path, invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(rollout.pipeline, "build", interrupted)
    assert invoke("build", tiny_project) == 130


def test_check_of_a_faultless_project_says_so(
    tiny_project: Path, invoke: Invoke, capsys: pytest.CaptureFixture[str]
) -> None:
    assert invoke("check", tiny_project, "--quiet") == 0
    assert "4 Ebenen mit 12 Zeilen geprüft" in capsys.readouterr().out


def test_check_lists_findings_with_place_and_way_out_and_ends_with_4(
    tiny_project: Path, invoke: Invoke, capsys: pytest.CaptureFixture[str]
) -> None:
    _replace(tiny_project / "rollout.toml", 'id = "park"', 'id = "anderer"')
    assert invoke("check", tiny_project, "--json") == 4
    errors = [f for f in json.loads(capsys.readouterr().out)["findings"] if f["severity"] == "error"]
    assert {(f["file"], f["row"], f["column"], f["value"]) for f in errors} == {
        ("segments.gpkg", 3, "programme_id", "park"),
        ("targets.gpkg", 5, "programme_id", "park"),
    }
    assert all(f["hint"] for f in errors)


@pytest.mark.parametrize(("level", "rows"), [("district", 2), ("phase", 2), ("programme", 0)])
def test_a_table_has_a_row_per_place_asked_for(
    tiny_project: Path, invoke: Invoke, capsys: pytest.CaptureFixture[str], level: str, rows: int
) -> None:
    assert invoke("table", tiny_project, "--by", level, "--json") == 0
    sections = json.loads(capsys.readouterr().out)["sections"]
    first = next(section for section in sections if section["key"] == "anschluesse")
    assert sum(row["kind"] == "body" for row in first["rows"]) == rows


def test_a_table_goes_to_the_terminal_by_default(
    tiny_project: Path, invoke: Invoke, capsys: pytest.CaptureFixture[str]
) -> None:
    assert invoke("table", tiny_project) == 0
    said = capsys.readouterr().out
    assert "Altstadt" in said
    assert "Stand 28.03.2022" in said


def test_a_table_is_written_in_the_format_its_ending_names(tiny_project: Path, invoke: Invoke, tmp_path: Path) -> None:
    assert invoke("table", tiny_project, "--output", tmp_path / "t.xlsx") == 0
    assert "Definitionen" in openpyxl.load_workbook(tmp_path / "t.xlsx").sheetnames
    assert invoke("table", tiny_project, "--output", tmp_path / "t.csv") == 0
    assert (tmp_path / "t.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_an_earlier_day_is_asked_for_in_german_or_iso(
    tiny_project: Path, invoke: Invoke, capsys: pytest.CaptureFixture[str]
) -> None:
    said = []
    for day in ("28.02.2022", "2022-02-28"):
        assert invoke("table", tiny_project, "--as-of", day, "--json") == 0
        said.append(capsys.readouterr().out)
    assert said[0] == said[1]
    assert json.loads(said[0])["as_of"] == "2022-02-28"


def test_init_writes_a_project_that_opens_and_never_overwrites(
    tmp_path: Path, invoke: Invoke, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "neu"
    assert invoke("init", folder, "--dry-run") == 0
    assert not folder.exists()
    assert invoke("init", folder) == 0
    assert invoke("check", folder) == 4
    assert "Die Ebene hat noch keine Zeile." in capsys.readouterr().out
    before = _files(folder)
    assert invoke("init", folder) == 5
    assert "gibt es schon" in capsys.readouterr().err
    assert _files(folder) == before


@pytest.mark.parametrize("missing", [("segments", "targets"), ("segments",), ("targets",)])
def test_a_project_that_is_only_begun_can_be_drawn_and_asked_for_everything(
    tiny_project: Path, tmp_path: Path, invoke: Invoke, missing: tuple[str, ...]
) -> None:
    layers = tiny_layers()
    for name in missing:
        write_layer(layers[name].iloc[:0], LAYERS[name], tiny_project / f"{name}.gpkg")
    for command in ("build", "reach", "unlock", "forecast", "stock"):
        assert invoke(command, tiny_project) == 0, command
    assert invoke("publish", tmp_path / "www", "--project", tiny_project) == 0


def test_the_version_is_said(invoke: Invoke, capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke("--version") == 0
    assert capsys.readouterr().out == f"rollout {rollout.__version__}\n"


def test_without_a_command_the_help_is_shown(invoke: Invoke, capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke("--help") == 0
    said = capsys.readouterr().out
    assert all(command in said for command in ("build", "table", "check", "init", "synthetic"))
