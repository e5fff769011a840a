"""`rollout diff`: what changed between two days, or between two deliveries."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rollout.cli.arguments import AsJson, ProjectOption
from rollout.cli.proposals import say_corrections
from rollout.cli.speaking import say
from rollout.reporting.formats import Format

if TYPE_CHECKING:
    from rollout.analysis.state import State
    from rollout.project import Project

_Point = Annotated[str, typer.Argument(help="Ein Tag (28.03.2022) oder die Kennung einer Lieferung.")]
_Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="DATEI", help="Tabelle als .html, .xlsx, .csv, .md oder .json."),
]
_Map = Annotated[Path | None, typer.Option("--map", metavar="DATEI.html", help="Karte der Veränderungen.")]


def diff(  # noqa: PLR0913 - one per option
    before: _Point,
    after: _Point,
    *,
    project: ProjectOption = Path(),
    output: _Output = None,
    page: _Map = None,
    as_json: AsJson = False,
) -> None:
    """Zeigt, was sich zwischen zwei Tagen oder zwei Lieferungen verändert hat."""
    from rollout.cli.table import format_of, hand_over
    from rollout.project import open_project
    from rollout.reporting.changes import change_report

    opened = open_project(project)
    first, then = _state_at(opened, before), _state_at(opened, after)
    hand_over(change_report(first, then), Format.JSON if as_json else format_of(output), output)
    say_corrections(first, then)
    if page is not None:
        from rollout.cartography.change_map import change_map

        change_map(first, then).save(page)
        say(f"Geschrieben: {page}")


def _state_at(project: Project, point: str) -> State:
    """A day means all that is known of it today; a delivery means what was known when it had come."""
    from rollout import pipeline
    from rollout.cli.arguments import DATE_FORMATS

    for form in DATE_FORMATS:
        try:
            return pipeline.state(project, dt.datetime.strptime(point, form).date())  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    from rollout.standing import delivery_named

    state_on, moment = delivery_named(project, point)
    return pipeline.state(project, state_on, known_at=moment)
