"""`rollout reach` and `rollout unlock`: what is reachable over what is built, and what to ask for next."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rollout.cli.arguments import AsJson, AsOf, KnownAt, ProjectPath, day
from rollout.cli.table import By, FormatOption, OutputFile, format_of, hand_over
from rollout.reporting.formats import Format
from rollout.vocabulary import Level

if TYPE_CHECKING:
    import pandas as pd

    from rollout.analysis.state import State

_District = Annotated[
    str | None, typer.Option("--district", metavar="STADTTEIL", help="Nur Anschlüsse dieses Stadtteils zählen.")
]
_Phase = Annotated[
    str | None, typer.Option("--phase", metavar="BAUABSCHNITT", help="Nur Anschlüsse dieses Bauabschnitts zählen.")
]
_Limit = Annotated[int, typer.Option("--limit", "-n", min=1, metavar="ZAHL", help="Höchstens so viele Pakete.")]


def reach(  # noqa: PLR0913 - one per option
    project: ProjectPath = Path(),
    *,
    by: By = Level.DISTRICT,
    form: FormatOption = None,
    output: OutputFile = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    as_json: AsJson = False,
) -> None:
    """Zeigt, was gebaute Trassen mit einem Netzknoten verbinden, und wo Meldungen dem widersprechen."""
    form = Format.JSON if as_json else form or format_of(output)
    from rollout import pipeline
    from rollout.project import open_project
    from rollout.reporting.reach import reach_report

    opened = open_project(project)
    state = pipeline.state(opened, day(as_of), known_at=day(known_at))
    hand_over(reach_report(state, by, pipeline.sources_of_all(state)), form, output)


def unlock(  # noqa: PLR0913 - one per option
    project: ProjectPath = Path(),
    *,
    district: _District = None,
    phase: _Phase = None,
    limit: _Limit = 20,
    form: FormatOption = None,
    output: OutputFile = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    as_json: AsJson = False,
) -> None:
    """Nennt die Abschnitte, die je Meter die meisten Anschlüsse erschließen."""
    form = Format.JSON if as_json else form or format_of(output)
    from rollout import pipeline
    from rollout.analysis.unlock import unlock as ranked
    from rollout.project import open_project
    from rollout.reporting.unlock import unlock_report

    state = pipeline.state(open_project(project), day(as_of), known_at=day(known_at))
    places = [place for place in (district, phase) if place is not None]
    programme_id, counted = _counted(state, places)
    found = ranked(state, programme_id, counted=counted, limit=limit)
    hand_over(unlock_report(state, found, programme_id, ", ".join(places)), form, output)


def _counted(state: State, places: list[str]) -> tuple[str, pd.Series[bool]]:
    """Programme meant, and the targets that lie in all of the places."""
    from rollout.analysis.evidence import place_of

    programme_id, counted = state.project.programmes[0].id, state.targets["drive"].notna()
    for place in places:
        column, value, programme_id = place_of(state, place, programme_id)
        counted &= state.targets[column].eq(value).fillna(value=False)
    return programme_id, counted.astype(bool)
