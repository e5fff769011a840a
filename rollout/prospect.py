"""What lies ahead: the forecasts of a state out of the deliveries behind it, each with its back-test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from rollout.analysis import forecast as ahead
from rollout.analysis.backtest import TRIALS, backtest
from rollout.analysis.gains import Reports, reports
from rollout.analysis.ladder import heights_over_time
from rollout.analysis.scurve import s_curves
from rollout.history import FILE_NAME, changes, deliveries, open_store, subjects
from rollout.history.moments import LOCAL, known_until, moment_of
from rollout.reporting.forecast_tables import Forecasts
from rollout.vocabulary import Level

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from rollout.analysis.scurve import SCurve
    from rollout.analysis.state import State
    from rollout.history import Store

SEED = 1
"""Of every forecast where none is named."""

_BEGINNING = pd.Timestamp("1900-01-01").date()


def forecast(state: State, *, by: Level = Level.DISTRICT, seed: int = SEED) -> pd.DataFrame:
    """
    Forecast when metres and connections will be done, with the back-test of such forecasts.

    Parameters
    ----------
    state
        The programme on one day; the deliveries of its project tell the course of the works.
    by
        What one row is about: a district within its phase, a phase, or a programme.
    seed
        The same seed gives the same bytes.

    Returns
    -------
    rows
        As `analysis.forecast.forecast` and, in the same rows, `analysis.backtest.backtest` have them.
        Definitions: `docs/definitions.md`; method: `docs/forecast.md`.

    Raises
    ------
    InputError
        If the store is damaged or of a newer version.
    """
    return _forecast(state, reports_of(state), earlier_reports(state), (by, seed))


@dataclass(frozen=True, slots=True)
class Ahead:
    """
    All that can be said about what lies ahead.

    Attributes
    ----------
    forecasts
        For the level asked for and those above it.
    curves
        The S-curves of the phases; none without deliveries.
    """

    forecasts: Forecasts
    curves: tuple[SCurve, ...]


def look_ahead(state: State, *, by: Level = Level.DISTRICT, seed: int = SEED) -> Ahead:
    """
    Forecast at every level that a table needs, and draw the curves; the deliveries are read once.

    Parameters
    ----------
    state
        The programme on one day.
    by
        The lowest level.
    seed
        The same seed gives the same bytes.

    Returns
    -------
    ahead
        For a report.

    Raises
    ------
    InputError
        If the store is damaged or of a newer version.
    """
    now, then = reports_of(state), earlier_reports(state)
    levels = list(Level)[list(Level).index(by) :]
    forecasts = Forecasts({level: _forecast(state, now, then, (level, seed)) for level in levels}, by)
    return Ahead(forecasts, () if now is None else tuple(s_curves(state, now, seed)))


def _forecast(
    state: State, now: Reports | None, then: Sequence[tuple[dt.date, Reports]], how: tuple[Level, int]
) -> pd.DataFrame:
    by, seed = how
    rows = ahead.forecast(state, now, by=by, seed=seed)
    if now is None:
        return rows.assign(**dict.fromkeys(TRIALS, 0))
    return pd.concat([rows, backtest(state, rows, (now, then), by, seed)], axis=1)


def reports_of(state: State) -> Reports | None:
    """
    Read what deliveries reported up to a state's day, as known with it.

    Parameters
    ----------
    state
        The programme on one day.

    Returns
    -------
    reports
        None where the layers themselves carry the status.

    Raises
    ------
    InputError
        If the store is damaged or of a newer version.
    """
    if state.sources is None:
        return None
    return _Reader(open_store(state.project.folder / FILE_NAME), state.known_at).at(state.as_of, state.known_at)


def earlier_reports(state: State) -> list[tuple[dt.date, Reports]]:
    """
    Read what was known after each earlier delivery; of several in a week, after the last.

    Parameters
    ----------
    state
        The programme on one day.

    Returns
    -------
    then
        Day on which a delivery was recorded → what was known then, oldest first. Between two deliveries a
        forecast would only repeat itself.
    """
    if state.sources is None:
        return []
    reader = _Reader(open_store(state.project.folder / FILE_NAME), state.known_at)
    last_of_week = {day.isocalendar()[:2]: day for day in sorted(reader.came) if day < state.as_of}
    return [(day, reader.at(day, day)) for day in last_of_week.values()]


class _Reader:
    """Reads what was known at several moments, and looks up only once who sent what."""

    def __init__(self, store: Store, known_at: dt.date | dt.datetime | None) -> None:
        self._store = store
        received = deliveries(store, known_at)
        self.came: pd.Series[Any] = received["recorded_at"].dt.tz_convert(LOCAL).dt.date
        self._sent = subjects(store).merge(received.assign(came=self.came), on="delivery_id")

    def at(self, day: dt.date, known_at: dt.date | dt.datetime | None) -> Reports:
        told = changes(self._store, _BEGINNING, day, known_at)
        told = told.assign(height=heights_over_time(told))
        # A delivery that changed nothing still tells up to which day its sender looked.
        counts = ~self._sent["withdrawn"] | self._sent["delivery_id"].isin(told["delivery_id"])
        known = self._sent["recorded_at"] <= moment_of(known_until(known_at))
        return reports(told, self._sent[counts & known])
