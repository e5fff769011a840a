"""Reading a layer through the project against pyogrio with Arrow on the same file."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import pyogrio
import shapely

import rollout
from benchmarks.ratio import Ratio, medians, seconds
from rollout.layers import read_layer, write_layer
from rollout.project import Project
from rollout.schema import LAYERS

ROOT = Path(__file__).parents[1]
ROWS = 100_000


def measure() -> list[Ratio]:
    """Read 100,000 segments and 100,000 targets, each grown from the bundled city."""
    project = rollout.open_project(ROOT)
    with TemporaryDirectory() as folder:
        grown = {name: _grown(project, name, Path(folder)) for name in ("segments", "targets")}
        return [_ratio(name, _pointing_to(project, name, path), path) for name, path in grown.items()]


def _grown(project: Project, name: str, folder: Path) -> Path:
    rows = read_layer(project, name).rows
    repeated = rows.iloc[np.arange(ROWS) % len(rows)].reset_index(drop=True)
    shift = np.random.default_rng(1).uniform(-500, 500, (ROWS, 2)).round(2)
    shapes = repeated.geometry.to_numpy().copy()
    moved = shapely.get_coordinates(shapes) + np.repeat(shift, shapely.get_num_coordinates(shapes), axis=0)
    repeated = repeated.set_geometry(shapely.set_coordinates(shapes, moved), crs=rows.crs)
    key = LAYERS[name].key
    repeated[key] = pd.Series([f"{key[0].upper()}{number:06d}" for number in range(ROWS)], dtype="string")
    path = folder / f"{name}.gpkg"
    write_layer(repeated, LAYERS[name], path)
    return path


def _pointing_to(project: Project, name: str, path: Path) -> Project:
    source = project.layers[name].model_copy(update={"path": path})
    return project.model_copy(update={"layers": {**project.layers, name: source}})


def _ratio(name: str, project: Project, path: Path) -> Ratio:
    ours, bare = medians(
        seconds(lambda: read_layer(project, name)),
        seconds(lambda: pyogrio.read_dataframe(path, use_arrow=True)),
    )
    return Ratio(f"{ROWS:,} {name}, read", "pyogrio with Arrow", ours, bare, "s", 1.3)
