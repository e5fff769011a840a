"""The page's modules: their own tests, their types, their style, and the Leaflet they stand on."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PAGE = Path("rollout/cartography/page")
LEAFLET = ROOT / "rollout/cartography/vendor/leaflet"
QR = ROOT / "rollout/cartography/vendor/lean-qr"


def _run(command: list[str], folder: Path) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_modules_of_the_page_pass_their_own_tests(node: list[str], tmp_path: Path) -> None:
    # the modules carry no package.json of their own; a copy beside one says that they are ES modules
    tests = Path("tests/javascript")
    shutil.copytree(ROOT / PAGE, tmp_path / PAGE)
    shutil.copytree(HERE, tmp_path / tests, ignore=shutil.ignore_patterns("*.py", "__pycache__", "node_modules"))
    (tmp_path / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    files = sorted(str(path) for path in (tmp_path / tests).glob("*.test.mjs"))
    ran = _run([*node, "--test", "--test-reporter=tap", *files], tmp_path)
    said = dict(line.removeprefix("# ").split(" ", 1) for line in ran.splitlines() if line.startswith("# "))
    assert said["pass"] == said["tests"]
    assert int(said["tests"]) >= len(files)


def test_the_types_in_the_comments_hold(node: list[str], node_modules: Path) -> None:
    _run([*node, str(node_modules / "typescript/bin/tsc"), "-p", "tsconfig.json"], HERE)


def test_the_modules_keep_the_rules(node: list[str], node_modules: Path) -> None:
    files = [str(PAGE), "tests/javascript/*.mjs", "--ignore-pattern", "**/folium_elements.js"]
    program = str(node_modules / "eslint/bin/eslint.js")
    _run([*node, program, "-c", "tests/javascript/eslint.config.mjs", "--max-warnings", "0", *files], ROOT)


BUNDLE = """
const [entry, outfile, modules] = process.argv.slice(1);
require(modules + "/esbuild").buildSync({
  entryPoints: [entry], outfile, bundle: true, format: "iife", globalName: "L", minify: true, target: "es2020",
  charset: "utf8", nodePaths: [modules], banner: { js: "/* Leaflet 1.9.4 in part, see LICENSE */" },
});
"""


def test_the_part_of_leaflet_is_what_its_sources_give(node: list[str], node_modules: Path, tmp_path: Path) -> None:
    made = tmp_path / "made.js"
    _run([*node, "-e", BUNDLE, str(LEAFLET / "core.mjs"), str(made), str(node_modules)], tmp_path)
    assert made.read_bytes() == (LEAFLET / "leaflet-core.js").read_bytes()
    assert (node_modules / "leaflet/dist/leaflet.js").read_bytes() == (LEAFLET / "leaflet.js").read_bytes()


def test_the_encoder_of_qr_codes_is_vendored_as_published(node_modules: Path) -> None:
    for name in ("nano.mjs", "LICENSE"):
        assert (QR / name).read_bytes() == (node_modules / "lean-qr" / name).read_bytes()
