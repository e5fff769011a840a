"""`rollout replay` of all bundled deliveries, process start to exit, against the bare imports it cannot do without."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from benchmarks.commands import PROGRAM, ROOT, process
from benchmarks.ratio import Ratio, medians, seconds

BUNDLED = ROOT / "geodata" / "leverkusen"
LIMIT = 5.0
_OWN = shutil.ignore_patterns("history.db*", "sicherungen", "eingang", "current.gpkg")


def replay(folder: Path) -> None:
    """Build the store of a copy of the bundled project anew."""
    (folder / "history.db").unlink(missing_ok=True)
    process("-c", PROGRAM, "replay", "--project", str(folder))


def measure() -> list[Ratio]:
    """Time the replay in a copy, so that the bundled project stays as it is."""
    with tempfile.TemporaryDirectory() as temporary:
        copy = Path(shutil.copytree(BUNDLED, Path(temporary) / "leverkusen", ignore=_OWN))
        whole, bare = medians(
            seconds(lambda: replay(copy)),
            seconds(lambda: process("-c", "import geopandas, folium")),
        )
    return [Ratio("rollout replay, all deliveries", "import geopandas, folium", whole, bare, "s", LIMIT)]
