"""`rollout print` as the shell sees it; a stand-in for the browser, whose own tests are in tests/browser."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfWriter

from rollout import sheets
from rollout.printing import browser

Invoke = Callable[..., int]


@pytest.fixture
def printer(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A browser that prints one empty A4 page and keeps what it was given."""
    given: list[str] = []

    def printed(page: str, _browser: str, _folder: Path) -> bytes:
        given.append(page)
        writer = PdfWriter()
        writer.add_blank_page(595.276, 841.89)
        written = BytesIO()
        writer.write(written)
        return written.getvalue()

    monkeypatch.setattr(sheets, "printed", printed)
    monkeypatch.setattr(browser, "installed", lambda: "browser")
    return given


def test_print_writes_into_the_folder_of_maps_and_says_where(
    tiny_project: Path, invoke: Invoke, capsys: pytest.CaptureFixture[str], printer: list[str]
) -> None:
    assert invoke("print", tiny_project, "--phase", "1") == 0
    said = capsys.readouterr()
    file = tiny_project / "maps" / "blatt-bauabschnitt-1-a4.pdf"
    assert said.out.strip() == str(file)
    assert "Ein Blatt A4, 1 Seiten, Stand 28.03.2022" in said.err
    assert file.read_bytes().startswith(b"%PDF")
    assert '"atlas":{"format":"a4","districts":["A"]}' in printer[0]
    assert '"address"' not in printer[0]


def test_print_as_json_is_one_object(
    tiny_project: Path, invoke: Invoke, capsys: pytest.CaptureFixture[str], tmp_path: Path, printer: list[str]
) -> None:
    file = tmp_path / "blatt.pdf"
    assert invoke("print", tiny_project, "--district", "Neustadt", "-f", "a4", "-o", file, "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert said["sheets"] == [{"district_id": "N", "name": "Neustadt", "page": 1}]
    assert said["path"] == str(file)
    assert said["bytes"] == file.stat().st_size
    assert (said["as_of"], said["format"], said["pages"]) == ("2022-03-28", "A4", 1)
    assert len(printer) == 1


def test_a_published_project_prints_the_address_of_the_page(
    tiny_project: Path, invoke: Invoke, printer: list[str]
) -> None:
    file = tiny_project / "rollout.toml"
    file.write_text('published_at = "https://www.kleinstadt.de/glasfaser/"\n' + file.read_text(encoding="utf-8"))
    assert invoke("print", tiny_project, "--phase", "1", "-q") == 0
    assert '"address":"https://www.kleinstadt.de/glasfaser/bauabschnitt-1.html"' in printer[0]


def test_without_a_browser_print_ends_with_5_and_the_way_out(
    tiny_project: Path, invoke: Invoke, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browser, "installed", lambda: None)
    assert invoke("print", tiny_project, "--json") == 5
    assert "Installieren Sie Chromium" in json.loads(capsys.readouterr().out)["error"]["hint"]
    assert not (tiny_project / "maps").exists()


def test_wrong_usage_of_print_ends_with_2(invoke: Invoke) -> None:
    assert invoke("print", "--format", "A5") == 2
    assert invoke("print", "--output", "blatt.png") == 2


def test_print_on_other_paper_than_was_asked_for_keeps_the_earlier_file(
    tiny_project: Path, invoke: Invoke, tmp_path: Path, printer: list[str]
) -> None:
    file = tmp_path / "blatt.pdf"
    file.write_bytes(b"before")
    assert invoke("print", tiny_project, "--phase", "1", "-f", "A3", "-o", file) == 5
    assert file.read_bytes() == b"before"
    assert len(printer) == 1
