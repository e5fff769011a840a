"""Commands, process start to exit, against the bare imports they cannot do without."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from benchmarks.ratio import Ratio, medians, seconds

ROOT = Path(__file__).parents[1]
PROGRAM = "import rollout.cli; rollout.cli.run()"


# The rivals' bytecode was written when they were installed; ours is kept too, as it is for whoever installs rollout.
_ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def process(*arguments: str) -> None:
    """Run Python with arguments, from start to exit."""
    subprocess.run([sys.executable, *arguments], cwd=ROOT, check=True, capture_output=True, env=_ENVIRONMENT)


def measure() -> list[Ratio]:
    """Time `rollout build` for the whole city and `rollout --help`."""
    build, bare = medians(
        seconds(lambda: process("-c", PROGRAM, "build", "--quiet")),
        seconds(lambda: process("-c", "import geopandas, folium")),
    )
    shown, typer = medians(
        seconds(lambda: process("-c", PROGRAM, "--help")),
        seconds(lambda: process("-c", "import typer")),
    )
    return [
        Ratio("rollout build, whole city", "import geopandas, folium", build, bare, "s", 3),
        Ratio("rollout --help", "import typer", shown, typer, "s", 3),
    ]
