"""The tables of those who get figures alone: small counts left out, a share only where part and whole are told."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from rollout.analysis.progress import MEASURES
from rollout.reporting import definitions as said
from rollout.reporting.arrange import TOTAL, Places, clean
from rollout.reporting.definitions import column
from rollout.reporting.describe import SAMPLE_NOTE, glossary, sources_of, subtitle
from rollout.reporting.report import Cell, Column, Kind, Report, Row, RowKind, Section, Share
from rollout.reporting.trench_tables import MEASURE_LABELS
from rollout.vocabulary import Level
from rollout.wording import date

if TYPE_CHECKING:
    from rollout.analysis.state import State
    from rollout.analysis.sums import Record
    from rollout.sharing.disclosure import Disclosed

CATEGORY_LABELS: dict[str, str] = {"all": "alle", "household": "Haushalte", "other": "Übrige"}
"""As the figures name categories → as people read them."""

_CATEGORIES = "Alle Anschlüsse, Haushalte, oder Übrige: Gewerbe, Schulen und Krankenhäuser zusammen."

_Told = dict[str, tuple[object, ...]]
"""Rung or measure → what is told of it."""

_COUNTED = "counted"
_KINDS = {Level.PROGRAMME.value: RowKind.TOTAL, Level.PHASE.value: RowKind.SUBTOTAL, Level.DISTRICT.value: RowKind.BODY}

_INTRO = "Jede Stufe enthält die folgende. Abgelehnte Anschlüsse bleiben im Nenner, entfallene nicht."
_LENGTH_INTRO = "Drei Längen, die nie addiert werden; auf 100 m gerundet."
_CELL_INTRO = "Zellen von 100 m, benannt nach ihrer südwestlichen Ecke in ETRS89/UTM 32N (EPSG:25832)."


def disclosed_report(state: State, found: Disclosed) -> Report:
    """
    Describe the figures that may be given away.

    Parameters
    ----------
    state
        The programme on one day, as the audience may see it; only its names are used.
    found
        The figures, and the rules by which some are left out.

    Returns
    -------
    report
        Connections and lengths of every programme, then cells where there are any, then definitions. The rules stand
        under every table.
    """
    day, named = f"Stand {date(state.as_of)}.", state.project.definitions.passed
    sample = f" {SAMPLE_NOTE}" if state.project.sample else ""
    footer = (f"{day}{sample}", said.rule_of(named), *found.rules, *sources_of(state.project))
    sections: list[Section] = []
    for number, programme in enumerate(state.project.programmes):
        places = Places(state, programme.id)
        tables = [
            _connections(places, _own(found.figures, programme.id), footer),
            _trenches(places, _own(found.lengths, programme.id), footer),
            _cells(places, _own(found.cells, programme.id), footer),
        ]
        apart = f"{programme.id}-" if number else ""
        sections += [_apart(table, apart) for table in tables if table.rows]
    passed = said.PASSED[named]
    rules = {f"Regel für „erreicht“: {passed.label}": f"{passed.text} ({passed.source})"}
    everything = (*sections, glossary(sections, footer, rules))
    return Report(clean(state.project.name), subtitle(state), state.as_of, state.project.sample, everything)


def _own(rows: pd.DataFrame, programme_id: str) -> pd.DataFrame:
    return rows[rows["programme_id"] == programme_id]


def _apart(section: Section, apart: str) -> Section:
    return replace(section, key=f"{apart}{section.key}", short=f"{section.short} {apart}".strip(" -"))


def _connections(places: Places, figures: pd.DataFrame, footer: tuple[str, ...]) -> Section:
    rungs = list(dict.fromkeys(figures["rung"]))
    lines = _lines(figures, ["level", "phase_id", "district_id", "category"], "rung", ["value", "text"])
    rows = [
        Row(
            _KINDS[record["level"]],
            (_name(places, record), CATEGORY_LABELS[record["category"]], *_cells_of(told, rungs)),
            _group_of(places, record),
        )
        for record, told in sorted(lines, key=lambda line: _order(places, line[0]))
    ]
    title = f"Geförderte Anschlüsse: {places.name}"
    category = replace(column("category"), definition=_CATEGORIES)
    columns = (column("district"), category, *_rung_columns(rungs))
    return Section("anschluesse", "Anschlüsse", title, _INTRO, columns, tuple(rows), footer, _group(places))


def _lines(rows: pd.DataFrame, keys: list[str], of: str, values: list[str]) -> list[tuple[Record, _Told]]:
    """Return what is told by each place and category, in the order of the rows."""
    found: dict[tuple[str, ...], _Told] = {}
    columns = (rows[name].fillna("").tolist() for name in keys)
    for key, name, told in zip(
        zip(*columns, strict=True),
        rows[of].tolist(),
        zip(*(rows[name].tolist() for name in values), strict=True),
        strict=True,
    ):
        found.setdefault(key, {})[name] = told
    return [({name: value or None for name, value in zip(keys, key, strict=True)}, told) for key, told in found.items()]


def _order(places: Places, record: Record) -> tuple[object, ...]:
    """Districts within their phase, the phase's sum after them, the total last."""
    rank = [Level.DISTRICT, Level.PHASE, Level.PROGRAMME].index(Level(record["level"]))
    phase, named, *place = places.order(record)
    is_total = record["level"] == Level.PROGRAMME
    category = list(CATEGORY_LABELS).index(record.get("category") or "all")
    return (is_total, phase, named, rank, *place[:3], category)


def _name(places: Places, record: Record) -> str:
    if record["level"] == Level.PROGRAMME:
        return TOTAL
    if record["level"] == Level.PHASE:
        return f"Summe {places.phase(record['phase_id'])}"
    return places.district(record["district_id"], record["phase_id"])


def _group_of(places: Places, record: Record) -> str:
    is_total = record["level"] == Level.PROGRAMME
    return "" if is_total or not places.has_phases else places.phase(record["phase_id"])


def _group(places: Places) -> str:
    return said.COLUMNS["phase"].label if places.has_phases else ""


def _rung_columns(rungs: list[str]) -> tuple[Column, ...]:
    columns = [column(_COUNTED)]
    for rung in rungs[1:]:
        told = said.COLUMNS[rung]
        columns.append(Column(rung, told.label, Kind.COUNT, told.text, "", told.short))
        part = f"Anteil an allen Anschlüssen; nur wo beide Anzahlen genannt sind ({told.label})."
        columns.append(Column(f"{rung}_share", f"{told.label}, Anteil", Kind.PERCENT, part, "", "%"))
    return tuple(columns)


def _cells_of(told: _Told, rungs: list[str]) -> list[Cell]:
    whole = told[_COUNTED][0]
    cells = [_count(*told[_COUNTED])]
    for rung in rungs[1:]:
        cells += [_count(*told[rung]), _share(told[rung][0], whole)]
    return cells


def _count(value: object, text: object) -> Cell:
    return str(text) if value is pd.NA else int(str(value))


def _share(part: object, whole: object) -> Cell:
    if part is pd.NA or whole is pd.NA:
        return None
    return Share(int(str(part)), int(str(whole)))


def _trenches(places: Places, lengths: pd.DataFrame, footer: tuple[str, ...]) -> Section:
    there = [measure for measure in MEASURES if measure in set(lengths["measure"])]
    lines = _lines(lengths, ["level", "phase_id", "district_id"], "measure", ["planned_m", "done_m"])
    rows = tuple(
        Row(
            _KINDS[record["level"]],
            (_name(places, record), *_metres(metres, there)),
            _group_of(places, record),
        )
        for record, metres in sorted(lines, key=lambda line: _order(places, line[0]))
        if record["level"] != Level.PHASE or record["phase_id"]
    )
    columns = [column("district")]
    for measure in there:
        group = MEASURE_LABELS[measure]
        columns.append(column(f"{measure}_planned", of="planned_m", group=group))
        columns.append(column(f"{measure}_done", of=f"done_{measure}", group=group))
    title = f"Trassen und Kabel: {places.name}"
    return Section("trassen", "Trassen", title, _LENGTH_INTRO, tuple(columns), rows, footer, _group(places))


def _metres(told: _Told, measures: list[str]) -> list[Cell]:
    return [float(str(metres)) for measure in measures for metres in told.get(measure, (0.0, 0.0))]


def _cells(places: Places, cells: pd.DataFrame, footer: tuple[str, ...]) -> Section:
    rungs = [name.removesuffix("_text") for name in cells.columns if name.endswith("_text")]
    keys = (cells[name].fillna("").tolist() for name in ("phase_id", "district_id", "cell_id"))
    told = (zip(cells[rung].tolist(), cells[f"{rung}_text"].tolist(), strict=True) for rung in rungs)
    lines = zip(zip(*keys, strict=True), zip(*told, strict=True), strict=True)
    rows = tuple(
        Row(RowKind.BODY, (cell, places.district(district or None), *(_count(*one) for one in figures)))
        for (_, district, cell), figures in sorted(lines, key=lambda line: _order_of_cell(places, *line[0]))
    )
    counts = [column(_COUNTED), *(replace(column(rung), kind=Kind.COUNT) for rung in rungs[1:])]
    cell = Column("cell", "Zelle", Kind.TEXT, "Zelle von 100 m mit ihrer südwestlichen Ecke in Metern (EPSG:25832).")
    title = f"Geförderte Anschlüsse in Zellen von 100 m: {places.name}"
    return Section("zellen", "Zellen", title, _CELL_INTRO, (cell, column("district"), *counts), rows, footer)


def _order_of_cell(places: Places, phase: str, district: str, cell: str) -> tuple[object, ...]:
    return (*places.order({"phase_id": phase, "district_id": district}), cell)
