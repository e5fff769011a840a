"""A browser is found wherever systems keep it, and one that does not print ends with a way out."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from rollout.errors import OutputError
from rollout.printing import browser


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A system without any program, whose homes and program folders lie in one place."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "home")
    monkeypatch.setattr(Path, "is_file", lambda path: path.is_relative_to(tmp_path) and path.exists())
    for name in browser._PROGRAM_FOLDERS:
        monkeypatch.setenv(name, str(tmp_path / name))
    return tmp_path


def put(program: Path) -> str:
    program.parent.mkdir(parents=True, exist_ok=True)
    program.write_text("")
    program.chmod(0o755)
    return str(program)


@pytest.mark.usefixtures("bare")
def test_a_system_without_a_browser_ends_with_the_way_out() -> None:
    assert browser.installed() is None
    with pytest.raises(OutputError, match="kein Browser") as caught:
        browser.chosen(None)
    assert "--browser" in caught.value.hint
    assert "von Hand" in caught.value.hint
    assert caught.value.exit_code == 5


@pytest.mark.parametrize(
    "place",
    [
        "home/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "home/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
        os.path.join("PROGRAMFILES", r"Google\Chrome\Application\chrome.exe"),  # noqa: PTH118 - one name where / divides
        os.path.join("PROGRAMFILES(X86)", r"Microsoft\Edge\Application\msedge.exe"),  # noqa: PTH118 - as above
        os.path.join("LOCALAPPDATA", r"Google\Chrome\Application\chrome.exe"),  # noqa: PTH118 - as above
    ],
)
def test_a_browser_is_found_where_macos_and_windows_keep_it(bare: Path, place: str) -> None:
    found = put(bare / place)
    assert browser.chosen(None) == found


def test_chromium_on_the_path_goes_before_all_others(bare: Path) -> None:
    put(bare / "home/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
    ending = ".exe" if os.name == "nt" else ""
    put(bare / f"bin/microsoft-edge{ending}")
    found = put(bare / f"bin/chromium{ending}")
    assert browser.installed() == found


def test_a_browser_that_was_named_and_is_not_there_is_named(bare: Path) -> None:
    put(bare / "bin/chromium")
    with pytest.raises(OutputError, match="'fuchs' gibt es nicht"):
        browser.chosen("fuchs")


def doing(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    """Let a program of Python stand for the browser; it finds the folder as its argument."""
    monkeypatch.setattr(browser, "_command", lambda _browser, place: [sys.executable, "-c", program, str(place)])


def test_what_the_browser_wrote_comes_back_and_nothing_stays(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    doing(monkeypatch, "import sys, shutil; shutil.copy(sys.argv[1] + '/seite.html', sys.argv[1] + '/seite.pdf')")
    assert browser.printed("Blätter", "browser", tmp_path) == "Blätter".encode()
    assert list(tmp_path.iterdir()) == []


def test_a_browser_that_writes_nothing_is_quoted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    doing(monkeypatch, "import sys; sys.exit('No usable sandbox!')")
    with pytest.raises(OutputError, match="kein PDF geschrieben: No usable sandbox!"):
        browser.printed("", "browser", tmp_path)
    doing(monkeypatch, "raise SystemExit(7)")
    with pytest.raises(OutputError, match="kein PDF geschrieben: beendet mit 7"):
        browser.printed("", "browser", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_browser_that_does_not_end_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    doing(monkeypatch, "import threading; threading.Event().wait()")
    monkeypatch.setattr(browser, "PATIENCE_S", 0.2)
    with pytest.raises(OutputError, match="nicht fertig") as caught:
        browser.printed("", "browser", tmp_path)
    assert "--district" in caught.value.hint
    assert list(tmp_path.iterdir()) == []


def test_a_program_that_cannot_be_started_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    missing = str(tmp_path / "fehlt")
    monkeypatch.setattr(browser, "_command", lambda _browser, _place: [missing])
    with pytest.raises(OutputError, match="fehlt' lässt sich nicht benutzen"):
        browser.printed("", missing, tmp_path)


def test_the_command_keeps_the_browser_off_the_network_and_its_own_profile(tmp_path: Path) -> None:
    command = browser._command("chromium", tmp_path)
    assert "--host-resolver-rules=MAP * ~NOTFOUND" in command
    assert f"--user-data-dir={tmp_path / 'profil'}" in command
    assert command[-1] == (tmp_path / "seite.html").as_uri()
