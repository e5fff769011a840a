"""From forecasts to a report: tables per work, promised ends, and the S-curve of every phase."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rollout.analysis.promises import slips
from rollout.reporting.arrange import Places, clean
from rollout.reporting.curve_tables import curve_section
from rollout.reporting.describe import glossary, subtitle
from rollout.reporting.forecast_tables import (
    WORK_LABELS,
    Forecasts,
    forecast_columns,
    forecast_rows,
    slip_columns,
    slip_rows,
    works_of,
)
from rollout.reporting.forecast_words import METHOD, backtest_text
from rollout.reporting.report import Report, Section
from rollout.vocabulary import Level
from rollout.wording import date

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rollout.analysis.scurve import SCurve
    from rollout.analysis.state import State

_INTRO = (
    "Offen, Tempo und Ende je Arbeitswoche von fünf Arbeitstagen. Summenzeilen sind eigene Prognosen und keine Summen."
)
_NOTHING_LEFT = "nichts mehr offen."


def forecast_report(state: State, forecasts: Forecasts, curves: Sequence[SCurve] = ()) -> Report:
    """
    Describe a forecast.

    Parameters
    ----------
    state
        The programme on one day.
    forecasts
        Of all programmes, for the level of the tables and those above it.
    curves
        S-curves to be shown week by week.

    Returns
    -------
    report
        Tables of the first programme, then of the others, then promised ends, curves and definitions.
    """
    sections = forecast_sections(state, forecasts, curves)
    finished = [
        f"{Places(state, programme.id).name}: {_NOTHING_LEFT}"
        for programme in state.project.programmes
        if not works_of(forecasts, programme.id)
    ]
    everything = (*sections, glossary(sections, (_stand(state),)))
    title = f"Prognose: {clean(state.project.name)}"
    return Report(title, (*subtitle(state), *finished), state.as_of, state.project.sample, everything)


def forecast_sections(state: State, forecasts: Forecasts, curves: Sequence[SCurve] = ()) -> tuple[Section, ...]:
    """
    Describe the tables of a forecast, for a report of their own or within another.

    Parameters
    ----------
    state
        The programme on one day.
    forecasts
        Of all programmes.
    curves
        S-curves to be shown week by week.

    Returns
    -------
    sections
        Without definitions.
    """
    first, *_ = (programme.id for programme in state.project.programmes)
    sections: list[Section] = []
    for programme in state.project.programmes:
        places = Places(state, programme.id)
        apart = "" if programme.id == first else f"{programme.id}-"
        sections += [_work(forecasts, places, work, apart) for work in works_of(forecasts, programme.id)]
        sections += _promises(state, places, apart)
    return (*sections, *(curve_section(curve, Places(state, curve.programme_id)) for curve in curves))


def with_forecast(report: Report, sections: Sequence[Section]) -> Report:
    """
    Add the tables of a forecast to the report of the progress.

    Parameters
    ----------
    report
        Its last section explains the columns.
    sections
        Of the forecast.

    Returns
    -------
    report
        The tables of the forecast before the explanations, which explain them too.
    """
    *own, known = report.sections
    added = glossary(sections, known.footer)
    held = {row.cells[0] for row in known.rows}
    rows = (*known.rows, *(row for row in added.rows if row.cells[0] not in held))
    return replace(report, sections=(*own, *sections, replace(known, rows=rows)))


def _work(forecasts: Forecasts, places: Places, work: str, apart: str) -> Section:
    label = WORK_LABELS[work]
    rows = forecasts.by_level[forecasts.level]
    own = rows[(rows["programme_id"] == places.programme_id) & (rows["work"] == work)]
    known = own["told_until"].dropna()
    until = () if known.empty else (f"Bekannt ist das Fertige bis {date(known.max().date())}.",)
    grouped = forecasts.level == Level.DISTRICT and places.has_phases
    return Section(
        f"{apart}prognose-{work}",
        f"Prognose {label}"[:31],
        f"Prognose {label}: {places.name}",
        _INTRO,
        forecast_columns(forecasts.level, work),
        forecast_rows(forecasts, places, work),
        (*until, backtest_text(own), METHOD),
        "Bauabschnitt" if grouped else "",
    )


def _promises(state: State, places: Places, apart: str) -> list[Section]:
    rows = slip_rows(slips(state.project, state.as_of), places)
    intro = "Jedes zugesagte Ende mit dem Tag der Zusage steht in der Projektdatei."
    section = Section(
        f"{apart}termine", "Termine", f"Zugesagte Termine: {places.name}", intro, slip_columns(), rows, (_stand(state),)
    )
    return [section] if rows else []


def _stand(state: State) -> str:
    return f"Stand {date(state.as_of)}."
