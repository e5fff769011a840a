"""Names and order of rows: phases as the project lists them, districts by DIN 5007, totals last."""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from rollout.analysis.places import phases_on
from rollout.analysis.progress import rolled_records
from rollout.once import once_each
from rollout.reporting.report import RowKind
from rollout.vocabulary import CATEGORY_LABELS, EXTENT_LABELS, Category, Extent, Level
from rollout.wording import sort_key

if TYPE_CHECKING:
    import datetime as dt

    from rollout.analysis.state import State
    from rollout.analysis.sums import Record


OUTSIDE = "außerhalb der Stadtteile"
NO_PHASE = "ohne Bauabschnitt"
ALL_CATEGORIES = "alle"
TOTAL = "Gesamt"

_LONGEST = 300
"""A name longer than this is cut, visibly: it is a fault of the data and must not bury the table."""

_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def clean(text: object) -> str:
    """
    Make a word of the data fit to stand in a table.

    Parameters
    ----------
    text
        Any text of a layer or the project file.

    Returns
    -------
    text
        On one line and at most 300 characters. Marks that turn the direction of writing are shown as `�`,
        since they could let a neighbouring number be read backwards.
    """
    begun = str(text)[: _LONGEST + 1]
    shown = begun if begun.isprintable() else "".join(map(_visible, begun))
    return shown if len(shown) <= _LONGEST else shown[: _LONGEST - 1] + "…"


def _visible(sign: str) -> str:
    if sign in _BIDI or unicodedata.category(sign) == "Cs":
        return "\N{REPLACEMENT CHARACTER}"
    return " " if unicodedata.category(sign) in {"Cc", "Zl", "Zp"} else sign


@dataclass(frozen=True, slots=True)
class Line:
    """
    One row to be, with its place in the table.

    Attributes
    ----------
    kind
        Body, subtotal or total.
    label
        District, phase or programme.
    sums
        Sums by column of the frame.
    group
        Name of the phase, empty where the table has no phases.
    category
        German name of the category, where the table tells them apart.
    """

    kind: RowKind
    label: str
    sums: Record
    group: str = ""
    category: str = ""


@dataclass(frozen=True, slots=True)
class Places:
    """
    What the places of one programme are called, and in which order they come.

    Attributes
    ----------
    state
        The programme on one day.
    programme_id
        Which programme.
    """

    state: State
    programme_id: str
    _districts: dict[str, str] = field(init=False)
    _phases: dict[str, str] = field(init=False)
    _members: dict[Level, list[Record]] = field(init=False)
    _in_part: frozenset[tuple[str, str]] = field(init=False)

    def __post_init__(self) -> None:
        phases = {p.id: clean(p.name) for p in self.state.project.phases if p.programme == self.programme_id}
        object.__setattr__(self, "_districts", _names_of(self.state.districts))
        object.__setattr__(self, "_phases", phases)
        members = _members_of(self.state.phase_districts, self.state.as_of)
        ours = [member for member in members if member["programme_id"] == self.programme_id]
        keys = {Level.DISTRICT: ("phase_id", "district_id"), Level.PHASE: ("phase_id",)}
        of_level = {
            level: [dict(zip(names, place, strict=True)) for place in dict.fromkeys(_cells(ours, names))]
            for level, names in keys.items()
        }
        in_part = [member for member in ours if member["extent"] == Extent.PART]
        object.__setattr__(self, "_members", of_level)
        object.__setattr__(self, "_in_part", frozenset(_cells(in_part, keys[Level.DISTRICT])))

    @property
    def name(self) -> str:
        """Name of the programme."""
        return next(clean(p.name) for p in self.state.project.programmes if p.id == self.programme_id)

    @property
    def has_phases(self) -> bool:
        """Whether the programme is built in phases."""
        return bool(self._phases)

    def phase(self, phase_id: str | None) -> str:
        """Return what a phase is called."""
        return self._phases.get(phase_id, clean(phase_id)) if phase_id is not None else NO_PHASE

    def district(self, district_id: str | None, phase_id: str | None = None) -> str:
        """Return what a district is called, with a mark where the phase covers parts of it only."""
        if district_id is None:
            return OUTSIDE
        name = self._districts.get(district_id, clean(district_id))
        return f"{name} ({EXTENT_LABELS[Extent.PART]})" if (phase_id, district_id) in self._in_part else name

    def order(self, record: Record) -> tuple[object, ...]:
        """Return the key by which records of the programme are sorted; what has no place comes last."""
        phase, district, category = (record.get(f"{key}") for key in ("phase_id", "district_id", "category"))
        phases, categories = list(self._phases), list(Category)
        return (
            phases.index(phase) if phase in phases else len(phases),
            phase or "",
            district is None,
            sort_key(self.district(district)),
            district or "",
            categories.index(category) if category in categories else len(categories),
        )

    def members(self, level: Level) -> list[Record]:
        """Return the places of a level that belong to the programme's phases, whether or not anything lies there."""
        return self._members[Level.DISTRICT if level == Level.DISTRICT else Level.PHASE]


@once_each
def _names_of(districts: pd.DataFrame) -> dict[str, str]:
    return dict(zip(districts["district_id"].tolist(), map(clean, districts["name"].tolist()), strict=True))


@once_each
def _members_of(phase_districts: pd.DataFrame, day: dt.date) -> list[Record]:
    return records(phases_on(phase_districts, day))


def _cells(rows: list[Record], names: tuple[str, ...]) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in names) for row in rows]


def records(rows: pd.DataFrame) -> list[Record]:
    """
    Return rows as dictionaries of plain values.

    Parameters
    ----------
    rows
        Any frame.

    Returns
    -------
    records
        One per row; missing values are None.
    """
    columns = [[_plain(value) for value in rows[name].to_numpy(dtype=object).tolist()] for name in rows.columns]
    names = [str(name) for name in rows.columns]
    return [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]


def _plain(value: object) -> object:
    if isinstance(value, float):
        return None if math.isnan(value) else value
    return None if value is pd.NA or value is pd.NaT else value


@dataclass(frozen=True, slots=True)
class Sums:
    """
    Rows of all programmes, rolled up once for each level that is asked for.

    Attributes
    ----------
    rows
        From `district_progress` or `trench_progress`.
    """

    rows: pd.DataFrame
    _rolled: dict[tuple[Level, bool], list[Record]] = field(default_factory=dict)

    def at(self, level: Level, *, by_category: bool = False) -> list[Record]:
        """Return the sums of a level, one record per place and population."""
        asked = (level, by_category)
        if asked not in self._rolled:
            self._rolled[asked] = rolled_records(self.rows, level, by_category=by_category)
        return self._rolled[asked]


@dataclass(frozen=True, slots=True)
class Population:
    """
    The sums of one programme, and of one drive where connections are counted.

    Attributes
    ----------
    sums
        Of all programmes.
    programme_id, drive
        Which of them; `drive` is None for lengths.
    """

    sums: Sums
    programme_id: str
    drive: str | None = None

    def at(self, level: Level, *, by_category: bool = False) -> list[Record]:
        """Return the population's sums of a level, unordered."""
        return [
            record
            for record in self.sums.at(level, by_category=by_category)
            if record["programme_id"] == self.programme_id and record.get("drive") == self.drive
        ]

    @property
    def total(self) -> Record | None:
        """The sums over all places; None for an empty population."""
        return next(iter(self.at(Level.PROGRAMME)), None)


def arranged(population: Population, places: Places, level: Level, *, by_category: bool = False) -> list[Line]:
    """
    Bring the sums of a level into the order of the table.

    Parameters
    ----------
    population
        What is counted; it may not be empty.
    places
        Names and order.
    level
        Districts under their phase with subtotals, phases, or the programme alone.
    by_category
        One line for each category; without it, a district of a phase that holds nothing stands with zeros.

    Returns
    -------
    lines
        Body lines, subtotals after each phase, totals last.
    """
    lines: list[Line] = []
    if level != Level.PROGRAMME:
        phases = _ordered(population, places, Level.PHASE, by_category=by_category)
        bodies = _ordered(population, places, level, by_category=by_category)
        for phase_id in dict.fromkeys(record["phase_id"] for record in bodies):
            body = [record for record in bodies if record["phase_id"] == phase_id]
            whole = [record for record in phases if record["phase_id"] == phase_id]
            lines += _phase_lines(places, level, body, whole)
    return lines + _totals(population, places, by_category=by_category)


def _ordered(population: Population, places: Places, level: Level, *, by_category: bool) -> list[Record]:
    sums = population.at(level, by_category=by_category)
    if not by_category:
        sums += _empty(sums, places.members(level))
    return sorted(sums, key=places.order)


def _empty(sums: list[Record], members: list[Record]) -> list[Record]:
    """Return a record of zeros for each place that has none, so that no place is missed."""
    zeros = {key: 0 for key, value in sums[0].items() if isinstance(value, (int, float))}
    held = {tuple(record[key] for key in keys) for record in sums for keys in members[:1]}
    return [{**zeros, **member} for member in members if tuple(member.values()) not in held]


def _phase_lines(places: Places, level: Level, body: list[Record], whole: list[Record]) -> list[Line]:
    phase_id = body[0]["phase_id"]
    name = places.phase(phase_id)
    if level == Level.PHASE:
        return [Line(RowKind.BODY, name, record, "", _category(record)) for record in body]
    group = name if places.has_phases else ""
    lines = [
        Line(RowKind.BODY, places.district(record["district_id"], phase_id), record, group, _category(record))
        for record in body
    ]
    if group:
        lines += [Line(RowKind.SUBTOTAL, f"Summe {name}", record, group, _category(record)) for record in whole]
    return lines


def _totals(population: Population, places: Places, *, by_category: bool) -> list[Line]:
    whole = [Line(RowKind.TOTAL, TOTAL, record) for record in population.at(Level.PROGRAMME)]
    if not by_category:
        return whole
    parts = sorted(population.at(Level.PROGRAMME, by_category=True), key=places.order)
    named = [Line(RowKind.TOTAL, TOTAL, record, "", _category(record)) for record in parts]
    return named + [Line(RowKind.TOTAL, TOTAL, line.sums, "", ALL_CATEGORIES) for line in whole]


def _category(record: Record) -> str:
    category = record.get("category")
    return CATEGORY_LABELS.get(category, clean(category)) if category is not None else ""
