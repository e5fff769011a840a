"""From the stock to a report: what is held up and why, and what is free to be built."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rollout.analysis.stock import WORKABLE, Stock, stock
from rollout.reporting.arrange import Places, clean, records
from rollout.reporting.definitions import column
from rollout.reporting.describe import glossary, subtitle
from rollout.reporting.report import Cell, Column, Report, Row, RowKind, Section
from rollout.reporting.trench_tables import NO_REASON
from rollout.vocabulary import REASONS, Drive, Level, SegmentKind
from rollout.wording import date

if TYPE_CHECKING:
    from rollout.analysis.state import State
    from rollout.analysis.sums import Record

_NOUNS: dict[str, str] = {
    SegmentKind.NEW_DUCT: "Leerrohr",
    SegmentKind.CO_USED: "Mitnutzung",
    Drive.FUNDED: "Anschluss",
    Drive.EXTENDED: "Vortrieb",
}

_WAITS = {
    Stock.PERMIT: "Genehmigung beantragt, nicht erteilt",
    Stock.CONSENT: "Eigentümer angeschrieben, ohne Antwort",
    Stock.TRENCH: "genehmigt, nicht begonnen",
    Stock.CONNECTION: "Gestattung liegt vor, Trasse gebaut",
}

_HELD_UP = (
    "Was nicht weitergeht und worauf es wartet. „Tage“ zählt, seit wann der heutige Status gilt. "
    "Abschnitte zählen einmal, im Stadtteil ihres längsten Teils; Meter nach Lage."
)
_FREE = "Was sofort gebaut werden kann: genehmigte Trasse, und Anschlüsse mit Gestattung an gebauter Trasse."


def stock_report(state: State, by: Level = Level.DISTRICT) -> Report:
    """
    Describe what is held up and what is free to be built.

    Parameters
    ----------
    state
        The programme on one day.
    by
        Rows: districts under their phases, phases, or the programme alone.

    Returns
    -------
    report
        Two tables per programme that has anything to show, then definitions.
    """
    rows = stock(state, by)
    first, *_ = (programme.id for programme in state.project.programmes)
    sections: list[Section] = []
    for programme in state.project.programmes:
        places = Places(state, programme.id)
        own = records(rows[rows["programme_id"] == programme.id])
        tables = [_held_up(places, own, by), _free(places, own, by)]
        apart = "" if programme.id == first else f"{programme.id}-"
        sections += [_apart(table, apart) for table in tables if table.rows or not apart]
    footer = (f"Stand {date(state.as_of)}.",)
    title = f"Hemmnisse und baureife Arbeiten: {clean(state.project.name)}"
    everything = (*sections, glossary(sections, footer))
    return Report(title, subtitle(state), state.as_of, state.project.sample, everything)


def _held_up(places: Places, own: list[Record], by: Level) -> Section:
    rows = [one for one in own if one["stock"] not in WORKABLE]
    columns = _columns(by, "waits_for")
    title = f"Hemmnisse: {places.name}"
    return Section("hemmnisse", "Hemmnisse", title, _HELD_UP, columns, _rows(rows, places, by), (), _group(places, by))


def _free(places: Places, own: list[Record], by: Level) -> Section:
    rows = [one for one in own if one["stock"] in WORKABLE]
    columns = _columns(by, "workable")
    return Section(
        "baureif", "Baureif", f"Baureif: {places.name}", _FREE, columns, _rows(rows, places, by), (), _group(places, by)
    )


def _apart(section: Section, apart: str) -> Section:
    return replace(section, key=f"{apart}{section.key}", short=f"{section.short} {apart}".strip(" -"))


def _group(places: Places, by: Level) -> str:
    return "Bauabschnitt" if by == Level.DISTRICT and places.has_phases else ""


def _columns(by: Level, cause: str) -> tuple[Column, ...]:
    place = () if by == Level.PROGRAMME else (column(by.value),)
    figures = (column("count"), column("length", of="stopped_m"), column("oldest_days"), column("median_days"))
    return (column("what", of="stock_what"), *place, column(cause), *figures)


def _rows(held: list[Record], places: Places, by: Level) -> tuple[Row, ...]:
    order = list(_NOUNS)
    ordered = sorted(
        held,
        key=lambda one: (
            places.order(one)[:2],
            order.index(one["kind"]) if one["kind"] in order else len(order),
            list(Stock).index(one["stock"]),
            places.order(one),
            one["reason"] or "",
        ),
    )
    return tuple(_row(one, places, by) for one in ordered)


def _row(one: Record, places: Places, by: Level) -> Row:
    phase = places.phase(one.get("phase_id")) if places.has_phases else ""
    place: tuple[Cell, ...] = ()
    if by == Level.DISTRICT:
        place = (places.district(one["district_id"], one["phase_id"]),)
    elif by == Level.PHASE:
        place = (phase,)
    metres = None if one["layer"] == "targets" else one["length_m"]
    cells = (_NOUNS.get(one["kind"], clean(one["kind"])), *place, _cause(one), one["count"], metres)
    return Row(RowKind.BODY, (*cells, one["oldest_days"], one["median_days"]), phase if by == Level.DISTRICT else "")


def _cause(one: Record) -> str:
    if one["stock"] in _WAITS:
        return _WAITS[Stock(one["stock"])]
    reason = one["reason"]
    said = NO_REASON if reason is None else REASONS.get(reason, clean(reason))
    return f"gesperrt: {said}" if one["stock"] == Stock.BLOCKED else said
