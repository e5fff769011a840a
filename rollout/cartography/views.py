"""The map pages of a project: what each is about and what its file is called."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rollout.project import Project


@dataclass(frozen=True, slots=True)
class View:
    """
    One map page.

    Attributes
    ----------
    file
        Where it is written, relative to the index.
    programme_id, phase_id
        What it shows; no phase for the whole programme.
    """

    file: str
    programme_id: str
    phase_id: str | None = None


def views(project: Project) -> Iterator[View]:
    """
    Name the maps of a project.

    Parameters
    ----------
    project
        What the project file says.

    Yields
    ------
    view
        The whole first programme, each phase, then every other programme.
    """
    first, *others = (programme.id for programme in project.programmes)
    yield View("stadt.html", programme_id=first)
    for phase in project.phases:
        yield View(f"bauabschnitt-{phase.id}.html", phase_id=phase.id, programme_id=phase.programme)
    for programme_id in others:
        yield View(f"projekt-{programme_id}.html", programme_id=programme_id)
