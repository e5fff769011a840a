"""The tables of those who get figures alone: small counts left out, a share only where part and whole are told."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from rollout.analysis.progress import MEASURES
from rollout.reporting import definitions as said
from rollout.reporting.arrange import TOTAL, Places, clean
from rollout.reporting.definitions import column
from rollout.reporting.describe import glossary, sources_of, subtitle
from rollout.reporting.report import Cell, Column, Kind, Report, Row, RowKind, Section, Share
from rollout.reporting.trench_tables import MEASURE_LABELS
from rollout.vocabulary import Level
from rollout.wording import date

if TYPE_CHECKING:
    from rollout.analysis.state import State
    from rollout.reporting.arrange import Record
    from rollout.sharing.disclosure import Disclosed

CATEGORY_LABELS: dict[str, str] = {"all": "alle", "household": "Haushalte", "other": "Übrige"}
"""As the figures name categories → as people read them."""

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
    footer = (f"Stand {date(state.as_of)}.", *found.rules, *sources_of(state.project))
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
    passed = said.PASSED[state.project.definitions.passed]
    rules = {f"Regel für „erreicht“: {passed.label}": f"{passed.text} ({passed.source})"}
    everything = (*sections, glossary(sections, footer, rules))
    return Report(clean(state.project.name), subtitle(state), state.as_of, state.project.sample, everything)


def _own(rows: pd.DataFrame, programme_id: str) -> pd.DataFrame:
    return rows[rows["programme_id"] == programme_id]


def _apart(section: Section, apart: str) -> Section:
    return replace(section, key=f"{apart}{section.key}", short=f"{section.short} {apart}".strip(" -"))


def _connections(places: Places, figures: pd.DataFrame, footer: tuple[str, ...]) -> Section:
    rungs = list(dict.fromkeys(figures["rung"]))
    keys = ["level", "phase_id", "district_id", "category"]
    lines = [(_record(key, keys), rows.set_index("rung")) for key, rows in _grouped(figures, keys)]
    rows = [
        Row(
            _KINDS[record["level"]],
            (_name(places, record), CATEGORY_LABELS[record["category"]], *_cells_of(told, rungs)),
            _group_of(places, record),
        )
        for record, told in sorted(lines, key=lambda line: _order(places, line[0]))
    ]
    title = f"Geförderte Anschlüsse: {places.name}"
    columns = (column("district"), column("category"), *_rung_columns(rungs))
    return Section("anschluesse", "Anschlüsse", title, _INTRO, columns, tuple(rows), footer, _group(places))


def _grouped(rows: pd.DataFrame, keys: list[str]) -> list[tuple[tuple[str, ...], pd.DataFrame]]:
    plain = rows.assign(**{key: rows[key].fillna("") for key in keys})
    return [(tuple(map(str, key)), found) for key, found in plain.groupby(keys, sort=False)]


def _record(key: tuple[str, ...], keys: list[str]) -> Record:
    return {name: value or None for name, value in zip(keys, key, strict=True)}


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


def _cells_of(told: pd.DataFrame, rungs: list[str]) -> list[Cell]:
    whole = told["value"].get(_COUNTED)
    cells = [_count(whole, told["text"][_COUNTED])]
    for rung in rungs[1:]:
        part = told["value"].get(rung)
        cells += [_count(part, told["text"][rung]), _share(part, whole)]
    return cells


def _count(value: object, text: object) -> Cell:
    return str(text) if value is None or value is pd.NA else int(str(value))


def _share(part: object, whole: object) -> Cell:
    if part is None or part is pd.NA or whole is None or whole is pd.NA:
        return None
    return Share(int(str(part)), int(str(whole)))


def _trenches(places: Places, lengths: pd.DataFrame, footer: tuple[str, ...]) -> Section:
    keys = ["level", "phase_id", "district_id"]
    there = [measure for measure in MEASURES if measure in set(lengths["measure"])]
    lines = [(_record(key, keys), rows.set_index("measure")) for key, rows in _grouped(lengths, keys)]
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


def _metres(metres: pd.DataFrame, measures: list[str]) -> list[Cell]:
    return [
        float(metres[name][measure]) if measure in metres.index else 0.0
        for measure in measures
        for name in ("planned_m", "done_m")
    ]


def _cells(places: Places, cells: pd.DataFrame, footer: tuple[str, ...]) -> Section:
    rungs = [name.removesuffix("_text") for name in cells.columns if name.endswith("_text")]
    ordered = sorted(
        cells.fillna({"phase_id": "", "district_id": ""}).to_dict("records"),
        key=lambda one: (
            *places.order({"phase_id": one["phase_id"], "district_id": one["district_id"]}),
            one["cell_id"],
        ),
    )
    rows = tuple(
        Row(
            RowKind.BODY,
            (
                one["cell_id"],
                places.district(one["district_id"] or None),
                *(_count(one[rung], one[f"{rung}_text"]) for rung in rungs),
            ),
        )
        for one in ordered
    )
    counts = [column(_COUNTED), *(replace(column(rung), kind=Kind.COUNT) for rung in rungs[1:])]
    cell = Column("cell", "Zelle", Kind.TEXT, "Zelle von 100 m mit ihrer südwestlichen Ecke in Metern (EPSG:25832).")
    title = f"Geförderte Anschlüsse in Zellen von 100 m: {places.name}"
    return Section("zellen", "Zellen", title, _CELL_INTRO, (cell, column("district"), *counts), rows, footer)
