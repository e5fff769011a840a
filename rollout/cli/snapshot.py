"""`rollout snapshot`: the state of one day for QGIS."""

from __future__ import annotations

from pathlib import Path

from rollout.cli.arguments import AsOf, KnownAt, ProjectPath, day
from rollout.cli.speaking import say


def snapshot(project: ProjectPath = Path(), *, as_of: AsOf = None, known_at: KnownAt = None) -> None:
    """Schreibt den Stand eines Tages mit Darstellung für QGIS: current.gpkg neben der Projektdatei."""
    from rollout import pipeline
    from rollout.exchange import snapshot as current
    from rollout.project import open_project

    opened = open_project(project)
    state = pipeline.state(opened, day(as_of), known_at=day(known_at))
    say(str(current.publish(opened.folder, current.snapshot(state))), err=False)
