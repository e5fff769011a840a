"""
Geospatial fibre-rollout tracker: phase maps and district progress tables that a city can defend.

What the command line does is a handful of calls:

>>> import rollout
>>> project = rollout.open_project("geodata/leverkusen")  # doctest: +SKIP
>>> state = rollout.state(project)  # doctest: +SKIP
>>> table = rollout.district_table(state)  # doctest: +SKIP
>>> rollout.phase_map(state, "1").save("bauabschnitt-1.html")  # doctest: +SKIP
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rollout.analysis.contradictions import contradictions
    from rollout.analysis.islands import islands
    from rollout.analysis.state import State
    from rollout.analysis.summary import district_table
    from rollout.analysis.unlock import unlock
    from rollout.cartography import Additions, PhaseMap, phase_map
    from rollout.errors import CrsError, DataError, InputError, LayerError, OutputError, ProjectError, RolloutError
    from rollout.pipeline import build, check, state
    from rollout.project import Project, open_project
    from rollout.prospect import forecast

__version__ = "0.1.0"

# Each name is imported when it is first asked for: `rollout --help` must not wait for GDAL.
_HOMES = {
    "Additions": "rollout.cartography",
    "CrsError": "rollout.errors",
    "DataError": "rollout.errors",
    "InputError": "rollout.errors",
    "LayerError": "rollout.errors",
    "OutputError": "rollout.errors",
    "PhaseMap": "rollout.cartography",
    "Project": "rollout.project",
    "ProjectError": "rollout.errors",
    "RolloutError": "rollout.errors",
    "State": "rollout.analysis.state",
    "build": "rollout.pipeline",
    "check": "rollout.pipeline",
    "contradictions": "rollout.analysis.contradictions",
    "district_table": "rollout.analysis.summary",
    "forecast": "rollout.prospect",
    "islands": "rollout.analysis.islands",
    "open_project": "rollout.project",
    "phase_map": "rollout.cartography",
    "state": "rollout.pipeline",
    "unlock": "rollout.analysis.unlock",
}

__all__ = [
    "Additions",
    "CrsError",
    "DataError",
    "InputError",
    "LayerError",
    "OutputError",
    "PhaseMap",
    "Project",
    "ProjectError",
    "RolloutError",
    "State",
    "build",
    "check",
    "contradictions",
    "district_table",
    "forecast",
    "islands",
    "open_project",
    "phase_map",
    "state",
    "unlock",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        msg = f"module 'rollout' has no attribute '{name}'"
        raise AttributeError(msg)
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
