"""What an audience gets of the project file: names and dates it needs to read a page, and nothing of the desk."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rollout.audiences import Figures
from rollout.project import LayerSource
from rollout.schedule import WorkCalendar

if TYPE_CHECKING:
    from rollout.audiences import Audience
    from rollout.project import Phase, Project

_NO_FOLDER = Path("nicht-enthalten")
"""Stands where a path was; there is nothing of that name."""

_SHARED = ("segments", "targets", "nodes")


def shown_project(project: Project, audience: Audience) -> Project:
    """
    Leave out of a project what an audience needs not.

    Parameters
    ----------
    project
        What the project file says.
    audience
        Its allow-list.

    Returns
    -------
    shown
        Without paths, partners, spellings, audiences and tiles. Of a layer only its sources and its note are left,
        of one that is not given nothing; of a phase's promises the latest end, unless the course is given. Goals are
        there where every row is that they are held against.
    """
    return project.model_copy(
        update={
            "folder": _NO_FOLDER,
            "maps": _NO_FOLDER,
            "base_map": None,
            "calendar": WorkCalendar(),
            "phases": tuple(_shown_phase(phase, audience) for phase in project.phases),
            "goals": project.goals if _sees_every_row(audience) else (),
            "layers": {name: _shown_source(source, name, audience) for name, source in project.layers.items()},
            "partners": {},
            "district_variants": {},
            "audiences": {},
        }
    )


def _sees_every_row(audience: Audience) -> bool:
    both = audience.gives("targets") and audience.gives("segments", "cable_length_m")
    selected = audience.selects("targets") or audience.selects("segments")
    return both and not selected and audience.figures is Figures.ROWS


def _shown_phase(phase: Phase, audience: Audience) -> Phase:
    if audience.history or not phase.promises:
        return phase
    return phase.model_copy(update={"promises": (), "planned_end_on": phase.promises[-1].planned_end_on})


def _shown_source(source: LayerSource, name: str, audience: Audience) -> LayerSource:
    if name in _SHARED and name not in {layer for layer in audience.columns if audience.gives(layer)}:
        return LayerSource(path=_NO_FOLDER)
    return LayerSource(path=_NO_FOLDER, attribution=source.attribution, note=source.note)
