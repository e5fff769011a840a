"""In Firefox a page and a sealed page open from disk as they do in Chromium: whole, silent, without a request."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from rollout.cartography import phase_map
from rollout.sharing.sealed import Bound, sealed

if TYPE_CHECKING:
    from rollout.analysis.state import State

PASSWORD = "diamant-aufsuchen-hopfen-fahrgast-prangen-weiden"  # noqa: S105 - of this test
SEARCHED = "viertel 0"
READER = Path(__file__).parents[1] / "javascript" / "firefox.mjs"
ASK = "Firefox wurde nicht gefunden. Installieren Sie Firefox."


def _installed() -> str | None:
    folders = [Path(os.environ.get(name, "")) for name in ("PROGRAMFILES", "PROGRAMFILES(X86)")]
    usual = [
        Path("/Applications/Firefox.app/Contents/MacOS/firefox"),
        *(f / "Mozilla Firefox/firefox.exe" for f in folders),
    ]
    found = [path for name in ("firefox", "firefox-esr") if (path := shutil.which(name))]
    return next(iter([*found, *(str(path) for path in usual if path.is_file())]), None)


@pytest.fixture(scope="module")
def firefox() -> str:
    """The system's Firefox; on Debian as root, as in CI, it is installed."""
    found = _installed()
    if found is None and shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", "firefox-esr"]):
            subprocess.run(["apt-get", "-o", "DPkg::Lock::Timeout=300", *command], check=False, capture_output=True)
        found = _installed()
    if found is None:
        pytest.fail(ASK, pytrace=False)
    return found


@pytest.fixture(scope="module")
def met(
    firefox: str, node: list[str], node_modules: Path, state: State, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, dict[str, Any]]:
    """What a reader meets in a page, and in the same page sealed."""
    assert node_modules.is_dir()
    folder, made = tmp_path_factory.mktemp("firefox"), phase_map(state, "1")
    pages = {"plain": made.html(), "sealed": sealed(made, PASSWORD, Bound("evl", dt.date(2022, 3, 28)))}
    for name, text in pages.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    files = [str(folder / f"{name}.html") for name in pages]
    ran = subprocess.run(
        [*node, str(READER), firefox, SEARCHED, PASSWORD, *files],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert ran.returncode == 0, ran.stderr
    return dict(zip(pages, json.loads(ran.stdout), strict=True))


@pytest.mark.parametrize("name", ["plain", "sealed"])
def test_a_page_opens_whole_and_silent(met: dict[str, dict[str, Any]], name: str) -> None:
    assert met[name]["faults"] == []
    assert met[name]["ink"] > 50
    assert "Bauabschnitt 1" in met[name]["legend"]


def test_a_sealed_page_is_the_plain_one_behind_its_password(met: dict[str, dict[str, Any]]) -> None:
    plain, locked = met["plain"], met["sealed"]
    assert [locked[part] for part in ("ink", "legend", "card")] == [plain[part] for part in ("ink", "legend", "card")]
    assert "Verschlüsselte Karte" in locked["before"]
    assert "Bauabschnitt" not in locked["before"]
    assert locked["refused"] == "Das Passwort passt nicht zu dieser Datei."


def test_the_search_answers_with_a_card(met: dict[str, dict[str, Any]]) -> None:
    card = met["plain"]["card"]
    assert "Viertel 0\n\nIn diesem Stadtteil liegen" in card
    assert "Stand 28.03.2022" in card
