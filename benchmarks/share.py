"""`rollout share` for all five audiences, process start to exit, against the bare imports it cannot do without."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from benchmarks.commands import PROGRAM, ROOT, process
from benchmarks.ratio import Ratio, medians, seconds

BUNDLED = ROOT / "geodata" / "leverkusen"
AUDIENCES = ("city", "evl", "netcologne", "council", "public")
LIMIT = 4.0
_OWN = shutil.ignore_patterns("history.db*", "sicherungen", "eingang", "current.gpkg", "schluessel", "releases.json")


def share(folder: Path) -> None:
    """Make all packages of a copy of the bundled project anew, as if none was ever given away."""
    (folder / "releases.json").unlink(missing_ok=True)
    process("-c", PROGRAM, "share", *AUDIENCES, "--project", str(folder), "--form", "zip", "--quiet")


def measure() -> list[Ratio]:
    """Time the packages in a copy, so that the bundled project stays as it is."""
    with tempfile.TemporaryDirectory() as temporary:
        copy = Path(shutil.copytree(BUNDLED, Path(temporary) / "geodata" / "leverkusen", ignore=_OWN))
        process("-c", PROGRAM, "keys", str(copy), "--no-password")
        whole, bare = medians(
            seconds(lambda: share(copy)),
            seconds(lambda: process("-c", "import geopandas, folium")),
            rounds=11,
        )
    return [Ratio("rollout share, five audiences", "import geopandas, folium", whole, bare, "s", LIMIT)]
