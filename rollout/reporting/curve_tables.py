"""The table behind an S-curve: one row per working week, fit to be drawn."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from rollout.analysis.progress import MEASURES
from rollout.analysis.scurve import Plan
from rollout.reporting.definitions import column
from rollout.reporting.forecast_tables import WORK_LABELS
from rollout.reporting.report import Chart, Kind, Row, RowKind, Section
from rollout.wording import date, length, number

if TYPE_CHECKING:
    from rollout.analysis.scurve import SCurve
    from rollout.reporting.arrange import Places

_LINES = ("planned", "done", "needed", "low", "middle", "high")

_PLANS = {
    Plan.SEGMENTS: "Geplant nach den Planterminen der Abschnitte.",
    Plan.LINEAR: "Geplant ist linear vom Baubeginn bis zum Termin, weil es keine Plantermine gibt.",
    Plan.NONE: "Ohne Termin gibt es keine geplante Linie.",
}


def curve_section(curve: SCurve, places: Places) -> Section:
    """
    Describe a curve as a table with a picture.

    Parameters
    ----------
    curve
        One work of one phase.
    places
        Names of phases.

    Returns
    -------
    section
        One row per working week.
    """
    kind = Kind.LENGTH_M if curve.work in MEASURES else Kind.COUNT
    columns = [column("day"), *(replace(column(name, of=f"curve_{name}"), kind=kind) for name in _LINES)]
    rows = tuple(
        Row(RowKind.BODY, (week["day"].date(), *(_cell(week[name]) for name in _LINES)))
        for week in curve.weeks.to_dict("records")
    )
    phase, label = places.phase(curve.phase_id), WORK_LABELS[curve.work]
    marks = (("Termin", curve.due),) if curve.due else ()
    chart = Chart(
        "m" if curve.work in MEASURES else "Anschlüsse",
        tuple((one.key, one.label) for one in columns[1:]),
        ("low", "high"),
        marks,
        _told(curve, f"{phase}, {label}"),
    )
    return Section(
        f"verlauf-{curve.phase_id}-{curve.work}",
        f"Verlauf {curve.phase_id} {label}"[:31],
        f"Verlauf {phase}: {label}",
        _told(curve, ""),
        tuple(columns),
        rows,
        (_PLANS[curve.plan],),
        chart=chart,
    )


def _cell(amount: float) -> int | None:
    return None if math.isnan(amount) else round(amount)


def _told(curve: SCurve, name: str) -> str:
    done = curve.weeks.dropna(subset=["done"]).iloc[-1]
    write = length if curve.work in MEASURES else number
    head = f"{name}: " if name else ""
    text = f"{head}{write(done['done'])} von {write(curve.total)} fertig am {date(done['day'].date())}"
    ahead = curve.weeks.dropna(subset=["middle"])
    if len(ahead):
        last = ahead.iloc[-1]
        low, high = write(last["low"]), write(last["high"])
        expected = low if low == high else f"{low} bis {high}"
        text += f"; erwartet bis {date(last['day'].date())}: {expected}"
    return f"{text}; Termin {date(curve.due)}." if curve.due else f"{text}."
