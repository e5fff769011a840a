"""The tables of a forecast: one for every work, since lengths and populations are never one sum."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rollout.analysis.gains import UNITS, WORKS
from rollout.analysis.progress import MEASURES
from rollout.reporting.arrange import TOTAL, Places, clean, records
from rollout.reporting.definitions import column
from rollout.reporting.forecast_words import outlook_text, slip_text
from rollout.reporting.report import Cell, Column, Row, RowKind
from rollout.reporting.trench_tables import MEASURE_LABELS
from rollout.vocabulary import Drive, Level
from rollout.wording import number

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from rollout.analysis.sums import Record

WORK_LABELS: dict[str, str] = {
    **MEASURE_LABELS,
    Drive.FUNDED: "geförderte Anschlüsse",
    Drive.EXTENDED: "erweiterter Vortrieb",
}

_PACE, _END, _LOOKING_BACK = "Tempo je Arbeitswoche", "Fertig", "Rückblick: Treffer der Spanne"


@dataclass(frozen=True, slots=True)
class Forecasts:
    """
    The forecasts of all programmes at every level that a table needs.

    Attributes
    ----------
    by_level
        Level → rows of the forecast with its back-test.
    level
        What the rows of the tables are.
    """

    by_level: Mapping[Level, pd.DataFrame]
    level: Level

    def at(self, level: Level, programme_id: str, work: str) -> list[Record]:
        """Return the forecasts of one work at a level; none where the table does not go so deep."""
        if level not in self.by_level:
            return []
        rows = self.by_level[level]
        return records(rows[(rows["programme_id"] == programme_id) & (rows["work"] == work)])


def works_of(forecasts: Forecasts, programme_id: str) -> list[str]:
    """
    Return the works of a programme that have anything left to do, or are told in any case.

    Parameters
    ----------
    forecasts
        Of all programmes.
    programme_id
        Which one.

    Returns
    -------
    works
        In the order of `WORKS`.
    """
    whole = forecasts.by_level[Level.PROGRAMME]
    open_works = whole[(whole["programme_id"] == programme_id) & (whole["open"] > 0)]["work"]
    return [work for work in WORKS if work in set(open_works)]


def forecast_columns(level: Level, work: str) -> tuple[Column, ...]:
    """
    Return the columns of one work's table.

    Parameters
    ----------
    level
        What the rows are; it names the first column.
    work
        One of `WORKS`.

    Returns
    -------
    columns
        Place, what is open, the rates, the range with what it means, and the back-test.
    """
    unit = "m" if work in MEASURES else "count"
    pace = [("due", "due"), ("weeks_left", "weeks_left")]
    pace += [(name, f"{name}_{unit}") for name in ("needed", "rate_4", "rate_12")]
    alone = [column(level.value), column("open", of=f"open_{unit}")]
    alone += [] if work in MEASURES else [column("refused")]
    return (
        *alone,
        *(column(key, of=of, group=_PACE) for key, of in pace),
        *(column(key, group=_END) for key in ("p10", "p50", "p90", "outlook")),
        *(column(key, group=_LOOKING_BACK) for key in ("hit_4", "hit_12", "hit_end")),
    )


def forecast_rows(forecasts: Forecasts, places: Places, work: str) -> tuple[Row, ...]:
    """
    Return one row per place, with the phase and the programme forecast as a whole.

    Parameters
    ----------
    forecasts
        Of all programmes.
    places
        Names and order.
    work
        One of `WORKS`.

    Returns
    -------
    rows
        A subtotal is a forecast of its own and not a sum of the rows above it.
    """
    rows: list[Row] = []
    phases = sorted(forecasts.at(Level.PHASE, places.programme_id, work), key=places.order)
    districts = sorted(forecasts.at(Level.DISTRICT, places.programme_id, work), key=places.order)
    for phase in phases:
        name = places.phase(phase["phase_id"]) if places.has_phases else ""
        if not districts:
            rows.append(Row(RowKind.BODY, (name, *_cells(phase, work))))
            continue
        rows += [
            Row(RowKind.BODY, (places.district(one["district_id"], one["phase_id"]), *_cells(one, work)), name)
            for one in districts
            if one["phase_id"] == phase["phase_id"]
        ]
        if name:
            rows.append(Row(RowKind.SUBTOTAL, (f"{name} als Ganzes", *_cells(phase, work)), name))
    whole = forecasts.at(Level.PROGRAMME, places.programme_id, work)
    return (*rows, *(Row(RowKind.TOTAL, (TOTAL, *_cells(one, work))) for one in whole))


def _cells(record: Record, work: str) -> tuple[Cell, ...]:
    unit = UNITS[work]
    refused = [] if work in MEASURES else [record["refused"]]
    still = record["open"] / unit if work in MEASURES else record["open"]
    days = [None if record[name] is None else record[name].date() for name in ("due", "p10", "p50", "p90")]
    hits = [_of(record[f"hit_{what}"], record[f"tried_{what}"]) for what in ("4", "12", "end")]
    rates = [record[name] for name in ("weeks_left", "needed", "rate_4", "rate_12")]
    return (still, *refused, days[0], *rates, *days[1:], outlook_text(record), *hits)


def _of(hits: int, tried: int) -> str | None:
    return f"{number(hits)} von {number(tried)}" if tried else None


def slip_columns() -> tuple[Column, ...]:
    """
    Return the columns of the table of promised ends.

    Returns
    -------
    columns
        Phase, first and last promise, how it was moved, and who says so.
    """
    return (column("phase"), column("first_end"), column("due"), column("moved"), column("source"))


def slip_rows(slips: pd.DataFrame, places: Places) -> tuple[Row, ...]:
    """
    Return one row per phase with a promised end.

    Parameters
    ----------
    slips
        As `promises.slips` returns.
    places
        Names of phases.

    Returns
    -------
    rows
        In the project's order.
    """
    return tuple(
        Row(
            RowKind.BODY,
            (
                places.phase(one["phase_id"]),
                one["first_end"],
                one["planned_end"],
                slip_text(one),
                clean(one["source"] or ""),
            ),
        )
        for one in records(slips[slips["programme_id"] == places.programme_id])
    )
