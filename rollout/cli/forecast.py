"""`rollout forecast` and `rollout stock`: what lies ahead, what holds it up, and what can be built at once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rollout.cli.arguments import AsJson, AsOf, KnownAt, ProjectPath, day
from rollout.cli.table import By, FormatOption, OutputFile, chosen_format, hand_over
from rollout.reporting.formats import Format
from rollout.vocabulary import Level

_Seed = Annotated[int, typer.Option("--seed", min=0, help="Gleiche Zahl, gleiche Prognose.")]


def forecast(  # noqa: PLR0913 - one per option
    project: ProjectPath = Path(),
    *,
    by: By = Level.DISTRICT,
    seed: _Seed = 1,
    form: FormatOption = None,
    output: OutputFile = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    as_json: AsJson = False,
) -> None:
    """Sagt, wann Trassen und Anschlüsse fertig werden: offen, nötiges und tatsächliches Tempo, Spanne des Endes."""
    form = chosen_format(form, output, as_json=as_json)
    from rollout import pipeline, prospect
    from rollout.project import open_project
    from rollout.reporting.forecast_report import forecast_report

    state = pipeline.state(open_project(project), day(as_of), known_at=day(known_at))
    ahead = prospect.look_ahead(state, by=by, seed=seed)
    curves = () if form is Format.TERMINAL else ahead.curves
    hand_over(forecast_report(state, ahead.forecasts, curves), form, output)


def stock(  # noqa: PLR0913 - one per option
    project: ProjectPath = Path(),
    *,
    by: By = Level.DISTRICT,
    form: FormatOption = None,
    output: OutputFile = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    as_json: AsJson = False,
) -> None:
    """Zeigt Hemmnisse (worauf gewartet wird und wie lange) und was baureif ist."""
    form = chosen_format(form, output, as_json=as_json)
    from rollout import pipeline
    from rollout.project import open_project
    from rollout.reporting.stock_report import stock_report

    state = pipeline.state(open_project(project), day(as_of), known_at=day(known_at))
    hand_over(stock_report(state, by), form, output)
