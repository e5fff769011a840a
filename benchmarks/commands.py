"""Commands, process start to exit, against the bare imports they cannot do without."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from benchmarks.ratio import Ratio, medians, seconds

ROOT = Path(__file__).parents[1]
PROGRAM = "import rollout.cli; rollout.cli.run()"


def _process(*arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], cwd=ROOT, check=True, capture_output=True)


def measure() -> list[Ratio]:
    """Time `rollout build` for the whole city and `rollout --help`."""
    build, bare = medians(
        seconds(lambda: _process("-c", PROGRAM, "build", "--quiet")),
        seconds(lambda: _process("-c", "import geopandas, folium")),
    )
    shown, typer = medians(
        seconds(lambda: _process("-c", PROGRAM, "--help")),
        seconds(lambda: _process("-c", "import typer")),
    )
    return [
        Ratio("rollout build, whole city", "import geopandas, folium", build, bare, "s", 3),
        Ratio("rollout --help", "import typer", shown, typer, "s", 3),
    ]
