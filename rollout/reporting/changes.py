"""The report of what changed between two states: by district, every step back by name, and how much of each kind."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rollout.analysis.changes import Change, changes_between, wide
from rollout.reporting import definitions as said
from rollout.reporting.arrange import Places, Population, Sums, arranged, clean
from rollout.reporting.change_rows import kind_columns, kind_rows, setback_columns, setback_rows
from rollout.reporting.change_words import change_sentences, change_word, sentences_of
from rollout.reporting.describe import SAMPLE_NOTE
from rollout.reporting.report import Column, Kind, Report, Row, Section
from rollout.vocabulary import Drive, Level, Milestone
from rollout.wording import date

if TYPE_CHECKING:
    from rollout.analysis.changes import Changes
    from rollout.analysis.state import State

__all__ = ["change_report", "change_sentences"]

_INTRO = (
    "Mehr oder (mit Minus) weniger als zuvor, also die Differenz der beiden Fortschrittstabellen; "
    "Bauabschnitte nach der Einteilung des späteren Tages."
)
_LENGTH_INTRO = f"{_INTRO} Die Längen werden nie addiert."
_EXTENDED_INTRO = f"Eigene Grundgesamtheit; sie wird nie zu den geförderten Anschlüssen addiert. {_INTRO}"
_OTHER_INTRO = "Eigenes Förderprojekt; es wird nie zu einem anderen addiert. "
_SETBACK_INTRO = "Jede Rückstufung, Sperrung, Ablehnung und Streichung beim Namen; ein Abschnitt steht einmal."
_KIND_INTRO = (
    "Wie viele Abschnitte und Anschlüsse sich wie verändert haben; keine Spalte wird zu einer anderen addiert."
)
_LATEST_ONLY = (
    "Ohne aufgenommene Lieferungen führen die Ebenen nur den jüngsten Status: Was nach dem früheren Tag gemeldet "
    "wurde, hat dort keine Angabe und erscheint hier als neu gemeldet."
)

_MORE = "mehr oder (mit Minus) weniger als zuvor."

_LENGTHS = {
    "new_duct_m": ("neues Leerrohr m", "Leerrohr m", "Neues Leerrohr ab „Rohr verlegt“ (Stufe 4)"),
    "co_used_m": ("mitgenutzt m", "mitgen. m", "Mitgenutzte Infrastruktur ab Stufe 4"),
    "cable_m": ("Kabel m", "Kabel m", "Kabel in Abschnitten ab „Kabel eingeblasen“ (Stufe 6)"),
}
_MILESTONES = {
    Milestone.PASSED: ("erreicht", "erreicht", "Anschlüsse, die nach der genannten Regel erreicht sind"),
    Milestone.PREPARED: ("vorbereitet", "vorber.", "Anschlüsse mit Glasfaser im Haus (ab Stufe 6)"),
    Milestone.CONNECTED: ("angeschlossen", "angeschl.", "Angeschlossene Anschlüsse (ab Stufe 7)"),
    Milestone.ACTIVATED: ("aktiviert", "aktiviert", "Anschlüsse im Betrieb (Stufe 9)"),
}
_COUNTED = {
    Change.GONE_BACK: ("zurückgest.", "Stehen auf einer niedrigeren Stufe als zuvor."),
    Change.BLOCKED: ("", "Waren es zuvor nicht."),
    Change.DROPPED: ("entf.", "Waren es zuvor nicht."),
}


def change_report(before: State, after: State, by: Level = Level.DISTRICT) -> Report:
    """
    Describe the report of what changed.

    Parameters
    ----------
    before, after
        Two states of one project, in the order they are told.
    by
        Rows of the tables of changes: districts under their phases, phases, or the programme alone.

    Returns
    -------
    report
        For the first programme: its connections, trenches and extended drive by place, what went back, and how
        much of each kind; then the same for every other programme that changed, apart.
    """
    changes = changes_between(before, after)
    told = _Told(changes, by, Sums(wide(changes.rows)), _footer(changes))
    first, *others = (programme.id for programme in after.project.programmes)
    sections = [section for section in told.sections(first) if section.rows or section.key != "vortrieb"]
    for programme_id in others:
        sections += [_apart(section, programme_id) for section in told.sections(programme_id) if section.rows]
    project = after.project
    return Report(clean(project.name), _subtitle(changes), after.as_of, project.sample, tuple(sections))


@dataclass(frozen=True, slots=True)
class _Table:
    """One table of changes by place."""

    key: str
    short: str
    title: str
    intro: str
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class _Told:
    """What changed, added up once for all tables."""

    changes: Changes
    level: Level
    sums: Sums
    footer: tuple[str, ...]

    def sections(self, programme_id: str) -> list[Section]:
        """Every table of a programme, with or without rows."""
        places = Places(self.changes.after, programme_id)
        rows = self.changes.rows[self.changes.rows["programme_id"] == programme_id]
        setbacks = setback_rows(self.changes, rows, places)
        heading = f"Zurückgestuft, gesperrt, entfallen: {places.name}"
        group, footer = _group(places), self.footer
        back = ("rueckschritte", "Rückschritte", heading, _SETBACK_INTRO, setback_columns(), setbacks, footer, group)
        kinds = ("arten", "Arten", f"Veränderungen nach Art: {places.name}", _KIND_INTRO, kind_columns())
        return [
            *(self._by_place(places, table) for table in _tables()),
            Section(*back),
            Section(*kinds, kind_rows(rows), footer),
        ]

    def _by_place(self, places: Places, table: _Table) -> Section:
        word = said.COLUMNS[self.level.value].label
        columns = (said.column(self.level.value), *table.columns)
        return Section(
            table.key,
            table.short,
            f"{table.title} je {word}: {places.name}",
            table.intro,
            columns,
            _rows(Population(self.sums, places.programme_id), places, self.level, columns),
            self.footer,
            _group(places) if self.level == Level.DISTRICT else "",
        )


def _apart(section: Section, programme_id: str) -> Section:
    """Give a table of another programme a key and a warning of its own."""
    key, short = f"{programme_id}-{section.key}", f"{section.short} {programme_id}"
    return replace(section, key=key, short=short, intro=_OTHER_INTRO + section.intro)


def _group(places: Places) -> str:
    return said.COLUMNS["phase"].label if places.has_phases else ""


def _tables() -> tuple[_Table, ...]:
    connections = (*_milestones(Drive.FUNDED), *_counted(Drive.FUNDED.value, of_target=True))
    buildings = (*_milestones(Drive.EXTENDED), *_counted(Drive.EXTENDED.value, of_target=True))
    return (
        _Table("anschluesse", "Anschlüsse", "Veränderungen der Anschlüsse", _INTRO, connections),
        _Table("trassen", "Trassen", "Veränderungen der Trassen", _LENGTH_INTRO, _trenches()),
        _Table("vortrieb", "Vortrieb", "Veränderungen im erweiterten Vortrieb", _EXTENDED_INTRO, buildings),
    )


def _trenches() -> tuple[Column, ...]:
    lengths = (
        Column(key, label, Kind.LENGTH_M, f"{text}: {_MORE}", "Länge", short)
        for key, (label, short, text) in _LENGTHS.items()
    )
    return (*lengths, *_counted("segments", of_target=False, group="Abschnitte"))


def _milestones(drive: Drive) -> list[Column]:
    return [
        Column(f"{drive}_{step}", label, Kind.COUNT, f"{text}: {_MORE}", "", short)
        for step, (label, short, text) in _MILESTONES.items()
    ]


def _counted(population: str, *, of_target: bool, group: str = "") -> list[Column]:
    return [
        Column(f"{population}_{change}", change_word(change, of_target=of_target), Kind.COUNT, text, group, short)
        for change, (short, text) in _COUNTED.items()
    ]


def _rows(population: Population, places: Places, level: Level, columns: tuple[Column, ...]) -> tuple[Row, ...]:
    """One row per place; none where nothing of these columns changed anywhere."""
    keys = [column.key for column in columns[1:]]
    total = population.total
    if total is None or not any(record[key] for record in population.at(Level.DISTRICT) for key in keys):
        return ()
    lines = arranged(population, places, level)
    return tuple(Row(line.kind, (line.label, *(line.sums[key] for key in keys)), line.group) for line in lines)


def _subtitle(changes: Changes) -> tuple[str, ...]:
    project = changes.after.project
    moments = _moments(changes.before, changes.after)
    lines = (f"{clean(project.municipality)}, Veränderungen", moments, sentences_of(changes)[0])
    return (*lines, SAMPLE_NOTE) if project.sample else lines


def _moments(before: State, after: State) -> str:
    """Say both days, and what was known when, where that was asked for."""
    days = f"Früher: Stand {date(before.as_of)}", f"Jetzt: Stand {date(after.as_of)}"
    if before.known_at is None and after.known_at is None:
        return ". ".join(days) + "."
    known = ("heutige Kenntnis" if s.known_at is None else f"Kenntnis vom {date(s.known_at)}" for s in (before, after))
    return ". ".join(f"{day}, {what}" for day, what in zip(days, known, strict=True)) + "."


def _footer(changes: Changes) -> tuple[str, ...]:
    project = changes.after.project
    layers = project.layers.values()
    quoted = dict.fromkeys(clean(line) for layer in layers for line in layer.attribution)
    notes = dict.fromkeys(clean(layer.note) for layer in layers if layer.note)
    return (
        _moments(changes.before, changes.after) + (f" {SAMPLE_NOTE}" if project.sample else ""),
        said.rule_of(project.definitions.passed),
        *_deliveries(changes),
        *(f"{label}: {'; '.join(told)}." for label, told in (("Quellen", quoted), ("Hinweise", notes)) if told),
    )


def _deliveries(changes: Changes) -> list[str]:
    """Name the youngest delivery of each partner behind either state."""
    lines = []
    for when, state in (("früheren", changes.before), ("jetzigen", changes.after)):
        if state.sources is None:
            return [_LATEST_ONLY]
        rows = zip(state.sources["sender"], state.sources["file_name"], state.sources["state_on"], strict=True)
        told = [f"{clean(sender)}, {clean(name)}, Stand {date(day)}" for sender, name, day in rows]
        lines.append(f"Jüngste Lieferungen zum {when} Stand: {'; '.join(told) or 'keine'}.")
    return lines
