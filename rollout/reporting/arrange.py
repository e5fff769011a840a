"""Names and order of rows: phases as the project lists them, districts by DIN 5007, totals last."""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from rollout.analysis.places import phases_on
from rollout.analysis.progress import Level, roll_up
from rollout.reporting.report import RowKind
from rollout.vocabulary import CATEGORY_LABELS, EXTENT_LABELS, Category, Extent
from rollout.wording import sort_key

if TYPE_CHECKING:
    from rollout.analysis.state import State

Record = dict[str, Any]

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
    shown = "".join(_visible(sign) for sign in str(text)[: _LONGEST + 1])
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
    _members: pd.DataFrame = field(init=False)
    _in_part: frozenset[tuple[str, str]] = field(init=False)

    def __post_init__(self) -> None:
        districts = self.state.districts
        members = phases_on(self.state.phase_districts, self.state.as_of)
        phases = {p.id: clean(p.name) for p in self.state.project.phases if p.programme == self.programme_id}
        names = dict(zip(districts["district_id"], map(clean, districts["name"]), strict=True))
        object.__setattr__(self, "_districts", names)
        object.__setattr__(self, "_phases", phases)
        members = members[members["programme_id"] == self.programme_id]
        in_part = members.loc[members["extent"] == Extent.PART, ["phase_id", "district_id"]]
        object.__setattr__(self, "_members", members)
        object.__setattr__(self, "_in_part", frozenset(in_part.itertuples(index=False, name=None)))

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

    def with_empty(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Return rows with a row of zeros for each district of a phase that has none, so that none is missed."""
        keys = ["programme_id", "phase_id", "district_id"]
        wanted = self._members[keys].drop_duplicates()
        known = set(rows[keys].itertuples(index=False, name=None))
        absent = [key for key in wanted.itertuples(index=False, name=None) if key not in known]
        if not absent:
            return rows
        zeros: Record = {name: 0 for name in rows.columns if pd.api.types.is_numeric_dtype(rows[name])}
        zeros |= {"drive": rows["drive"].iloc[0]} if "drive" in rows.columns else {}
        empty = pd.DataFrame(absent, columns=keys).assign(**zeros).reindex(columns=rows.columns)
        return pd.concat([rows, empty.astype(rows.dtypes)], ignore_index=True)


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
    columns = [[_plain(value) for value in rows[name].tolist()] for name in rows.columns]
    names = [str(name) for name in rows.columns]
    return [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]


def _plain(value: object) -> object:
    if isinstance(value, float):
        return None if math.isnan(value) else value
    return None if value is pd.NA or value is pd.NaT else value


def arranged(rows: pd.DataFrame, places: Places, level: Level, *, by_category: bool = False) -> list[Line]:
    """
    Roll rows up to a level and bring them into the order of the table.

    Parameters
    ----------
    rows
        Rows of one programme and one population, from `district_progress` or `trench_progress`.
    places
        Names and order.
    level
        Districts under their phase with subtotals, phases, or the programme alone.
    by_category
        One line for each category.

    Returns
    -------
    lines
        Body lines, subtotals after each phase, totals last.
    """
    lines: list[Line] = []
    if level != Level.PROGRAMME:
        phases = _rolled(rows, places, Level.PHASE, by_category=by_category)
        bodies = _rolled(rows, places, level, by_category=by_category)
        for phase_id in dict.fromkeys(record["phase_id"] for record in bodies):
            body = [record for record in bodies if record["phase_id"] == phase_id]
            whole = [record for record in phases if record["phase_id"] == phase_id]
            lines += _phase_lines(places, level, body, whole)
    return lines + _totals(rows, places, by_category=by_category)


def _rolled(rows: pd.DataFrame, places: Places, level: Level, *, by_category: bool) -> list[Record]:
    return sorted(records(roll_up(rows, level, by_category=by_category)), key=places.order)


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


def _totals(rows: pd.DataFrame, places: Places, *, by_category: bool) -> list[Line]:
    label = TOTAL
    whole = [Line(RowKind.TOTAL, label, record) for record in records(roll_up(rows, Level.PROGRAMME))]
    if not by_category:
        return whole
    parts = _rolled(rows, places, Level.PROGRAMME, by_category=True)
    named = [Line(RowKind.TOTAL, label, record, "", _category(record)) for record in parts]
    return named + [Line(RowKind.TOTAL, label, line.sums, "", ALL_CATEGORIES) for line in whole]


def _category(record: Record) -> str:
    category = record.get("category")
    return CATEGORY_LABELS.get(category, clean(category)) if category is not None else ""
