"""The house's own rules, run as tests so that one command proves everything on every system."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import numpydoc.validate
import pytest

ROOT = Path(__file__).parents[1]
SOURCES = sorted((ROOT / "rollout").rglob("*.py"))
LAYOUT_CHECKS = {"GL01", "GL03", "GL05", "GL06", "GL07", "GL08", "SS02", "SS03"}
SIGNATURE_CHECKS = {"PR01", "PR02", "PR03", "RT01", "YD01"}
"""For functions; a dataclass describes its fields once, as attributes."""


TOOLS = {
    "lint": ["ruff", "check", "."],
    "format": ["ruff", "format", "--check", "."],
    "types": ["mypy"],
}


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("tool", ["lint", "format", "types"])
def test_the_code_passes(tool: str) -> None:
    done = _run([sys.executable, "-m", *TOOLS[tool]])
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_room_imports_only_from_rooms_below_its_own() -> None:
    program = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    done = _run([sys.executable, "-c", program])
    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 kept, 0 broken" in done.stdout


def test_notebooks_are_stored_without_output() -> None:
    notebooks = sorted((ROOT / "notebooks").glob("*.ipynb"))
    assert notebooks
    done = _run([sys.executable, "-m", "nbstripout", "--verify", *map(str, notebooks)])
    assert done.returncode == 0, done.stdout + done.stderr


def _public_names() -> list[tuple[str, set[str]]]:
    names = []
    for path in SOURCES:
        if "cli" in path.parts or path.name.startswith("_"):
            continue
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                names.append((f"{module}.{node.name}", LAYOUT_CHECKS | SIGNATURE_CHECKS))
            elif isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                names.append((f"{module}.{node.name}", LAYOUT_CHECKS))
    return names


@pytest.mark.parametrize(("name", "checks"), _public_names())
def test_a_public_docstring_says_what_goes_in_and_what_comes_out(name: str, checks: set[str]) -> None:
    faults = numpydoc.validate.validate(name)["errors"]
    assert [fault for fault in faults if fault[0] in checks] == []


def test_no_file_has_more_than_400_lines() -> None:
    code = [path for ending in ("py", "js", "css") for path in (ROOT / "rollout").rglob(f"*.{ending}")]
    long = {path.name: lines for path in code if "vendor" not in path.parts and (lines := _lines(path)) > 400}
    assert long == {}


def _lines(path: Path) -> int:
    return path.read_text(encoding="utf-8").count("\n")


def test_the_repository_names_no_machine_path_and_no_registry() -> None:
    tracked = _run(["git", "ls-files", "--cached", "--others", "--exclude-standard"]).stdout.split("\n")
    forbidden = re.compile(r"/(?:root|home/\w+|work|tmp/venv)/|pypi\.org|registry\.npmjs|files\.pythonhosted")
    texts = {".py", ".md", ".toml", ".txt", ".js", ".mjs", ".css", ".json", ".ipynb", ".jinja", ".yml", ""}
    named = [
        name
        for name in tracked
        if name and name != "tests/test_gates.py" and Path(name).suffix in texts and (ROOT / name).is_file()
        if forbidden.search((ROOT / name).read_text(encoding="utf-8"))
    ]
    assert named == []
