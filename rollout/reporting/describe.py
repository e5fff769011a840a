"""From a state to a report: which tables there are, in which order, and what stands under each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rollout.analysis.goals import reconcile_goals
from rollout.analysis.progress import blocked, district_progress, other_definition, trench_progress
from rollout.reporting import definitions as said
from rollout.reporting.arrange import Places, Population, Sums, clean, records
from rollout.reporting.goal_tables import bin_columns, bin_rows, goal_columns, goal_rows
from rollout.reporting.report import Column, Kind, Report, Row, RowKind, Section
from rollout.reporting.target_tables import category_rows, target_columns, target_rows
from rollout.reporting.trench_tables import (
    side_by_side,
    stopped_columns,
    stopped_rows,
    trench_columns,
    trench_rows,
    without_status,
)
from rollout.reporting.withheld import only_given, rules_told
from rollout.vocabulary import Drive, Level
from rollout.wording import date, delivered, share

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from rollout.analysis.state import State
    from rollout.project import Project

SAMPLE_NOTE = "Beispieldaten: Trassen, Anschlüsse und Netzknoten sind erfunden."

_LADDER_INTRO = (
    "Jede Stufe enthält die folgende. Abgelehnte Anschlüsse und solche ohne Angabe bleiben im Nenner, entfallene nicht."
)
_APART_INTRO = "Eigene Grundgesamtheit; sie wird nie zu den geförderten Anschlüssen addiert."
_OTHER_INTRO = "Eigenes Förderprojekt; es wird nie zu einem anderen addiert."
_LENGTH_INTRO = "Drei Längen, die nie addiert werden; entfallene Abschnitte sind nicht enthalten."


@dataclass(frozen=True, slots=True)
class _Figures:
    """All that was counted, once for all tables."""

    state: State
    level: Level
    targets: Sums = field(init=False)
    trenches: Sums = field(init=False)
    stopped: pd.DataFrame = field(init=False)
    places: dict[str, Places] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "targets", Sums(district_progress(self.state)))
        object.__setattr__(self, "trenches", Sums(side_by_side(trench_progress(self.state))))
        object.__setattr__(self, "stopped", blocked(self.state))
        places = {programme.id: Places(self.state, programme.id) for programme in self.project.programmes}
        object.__setattr__(self, "places", places)

    @property
    def project(self) -> Project:
        return self.state.project

    def population(self, programme_id: str, drive: Drive) -> Population:
        return Population(self.targets, programme_id, drive)

    def lengths(self, programme_id: str) -> Population:
        return Population(self.trenches, programme_id)


def progress_report(state: State, by: Level = Level.DISTRICT) -> Report:
    """
    Describe the progress report.

    Parameters
    ----------
    state
        The programme on one day.
    by
        Rows of the tables of connections and lengths: districts under their phases, phases, or the
        programme alone.

    Returns
    -------
    report
        For the first programme of the project: connections, categories, lengths, what is blocked, and the
        extended drive; then every other programme apart; then goals and definitions.
    """
    figures = _Figures(state, by)
    first, *others = (programme.id for programme in state.project.programmes)
    sections = [
        _targets(figures, first, Drive.FUNDED),
        _categories(figures, first),
        _trenches(figures, first),
        _stopped(figures, first),
        _targets(figures, first, Drive.EXTENDED),
    ]
    for programme_id in others:
        sections += _programme(figures, programme_id)
    sections = only_given([*sections, *_goals(figures, first)], state)
    sections += [_definitions(figures, sections)] if sections else []
    return Report(clean(state.project.name), subtitle(state), state.as_of, state.project.sample, tuple(sections))


def subtitle(state: State) -> tuple[str, ...]:
    """
    Return the lines under the title of every report.

    Parameters
    ----------
    state
        The programme on one day.

    Returns
    -------
    lines
        Municipality and day, the deliveries the state comes from, and whether the data are made up.
    """
    lines = [f"{clean(state.project.municipality)}, Stand {date(state.as_of)}"]
    lines += [clean(delivered(state.delivered, state.known_at))] if state.sources is not None else []
    return (*lines, SAMPLE_NOTE) if state.project.sample else tuple(lines)


def _footer(figures: _Figures, programme_id: str, drive: Drive = Drive.FUNDED) -> tuple[str, ...]:
    named = figures.project.definitions.passed
    other = other_definition(named)
    whole = figures.population(programme_id, drive).total or {"passed_other_definition": 0, "counted": 0}
    compared = share(whole["passed_other_definition"], whole["counted"])
    day = f"Stand {date(figures.state.as_of)}."
    rule = said.rule_of(named)
    counted = figures.state.gives("targets")
    comparison = f"Zum Vergleich {said.PASSED[other].source}, {said.PASSED[other].label}: {compared}."
    return (
        f"{day} {SAMPLE_NOTE}" if figures.project.sample else day,
        *((f"{rule} {comparison}" if figures.state.knows_network else rule,) if counted else ()),
        *sources_of(figures.project),
    )


def sources_of(project: Project) -> tuple[str, ...]:
    """
    Quote the sources of the layers.

    Parameters
    ----------
    project
        What the project file says.

    Returns
    -------
    lines
        The attributions, and the words of warning.
    """
    layers = project.layers.values()
    quoted = dict.fromkeys(clean(line) for layer in layers for line in layer.attribution)
    notes = dict.fromkeys(clean(layer.note) for layer in layers if layer.note)
    return tuple(
        f"{label}: {'; '.join(lines)}." for label, lines in (("Quellen", quoted), ("Hinweise", notes)) if lines
    )


def _group(figures: _Figures, programme_id: str) -> str:
    has_phases = any(phase.programme == programme_id for phase in figures.project.phases)
    return said.COLUMNS["phase"].label if has_phases else ""


def _targets(figures: _Figures, programme_id: str, drive: Drive) -> Section:
    places = figures.places[programme_id]
    funded = drive == Drive.FUNDED
    what = "Geförderte Anschlüsse" if funded else "Erweiterter Vortrieb"
    return Section(
        "anschluesse" if funded else "vortrieb",
        "Anschlüsse" if funded else "Vortrieb",
        f"{what}: {places.name}",
        _LADDER_INTRO if funded else f"{_APART_INTRO} {_LADDER_INTRO}",
        target_columns(figures.level, figures.project.definitions.passed),
        target_rows(figures.population(programme_id, drive), places, figures.level),
        _footer(figures, programme_id, drive),
        _group(figures, programme_id) if figures.level == Level.DISTRICT else "",
    )


def _categories(figures: _Figures, programme_id: str) -> Section:
    places = figures.places[programme_id]
    return Section(
        "kategorien",
        "Kategorien",
        f"Geförderte Anschlüsse nach Kategorie: {places.name}",
        _LADDER_INTRO,
        target_columns(figures.level, figures.project.definitions.passed, by_category=True),
        category_rows(figures.population(programme_id, Drive.FUNDED), places, figures.level),
        _footer(figures, programme_id),
        _group(figures, programme_id) if figures.level == Level.DISTRICT else "",
    )


def _trenches(figures: _Figures, programme_id: str) -> Section:
    places = figures.places[programme_id]
    lengths = figures.lengths(programme_id)
    unknown = without_status(lengths)
    return Section(
        "trassen",
        "Trassen",
        f"Trassen und Kabel: {places.name}",
        _LENGTH_INTRO,
        trench_columns(figures.level),
        trench_rows(lengths, places, figures.level),
        ((unknown,) if unknown else ()) + _footer(figures, programme_id),
        _group(figures, programme_id) if figures.level == Level.DISTRICT else "",
    )


def _stopped(figures: _Figures, programme_id: str) -> Section:
    places = figures.places[programme_id]
    return Section(
        "gesperrt",
        "Gesperrt",
        f"Gesperrt, abgelehnt, entfallen: {places.name}",
        f"{said.RULES['Sperrung'].text} Abschnitte zählen einmal, im Stadtteil ihres längsten Teils; Meter nach Lage.",
        stopped_columns(),
        stopped_rows(figures.stopped[figures.stopped["programme_id"] == programme_id], places),
        _footer(figures, programme_id),
        _group(figures, programme_id),
    )


def _programme(figures: _Figures, programme_id: str) -> list[Section]:
    """Every table of another programme, under keys of its own; those without rows are left out."""
    built = [
        _targets(figures, programme_id, Drive.FUNDED),
        _categories(figures, programme_id),
        _trenches(figures, programme_id),
        _stopped(figures, programme_id),
        _targets(figures, programme_id, Drive.EXTENDED),
    ]
    return [
        Section(
            f"{programme_id}-{section.key}",
            f"{section.short} {programme_id}",
            section.title,
            f"{_OTHER_INTRO} {section.intro}",
            section.columns,
            section.rows,
            section.footer,
            section.group_label,
        )
        for section in built
        if section.rows
    ]


def _goals(figures: _Figures, programme_id: str) -> list[Section]:
    goals = records(reconcile_goals(figures.state))
    group, footer = said.COLUMNS["programme"].label, _footer(figures, programme_id)
    intro = "Jede Zahl, die ein Förderprojekt erreichen muss, neben dem, was die Ebenen führen."
    project = figures.project
    return [
        Section("ziele", "Ziele", "Ziele und Bestand", intro, goal_columns(), goal_rows(goals, project), footer, group),
        Section(
            "verbleib",
            "Verbleib",
            "Verbleib der Anschlüsse",
            said.RULES["Verbleib"].text,
            bin_columns(),
            bin_rows(goals, project),
            footer,
            group,
        ),
    ]


def _definitions(figures: _Figures, sections: list[Section]) -> Section:
    named = figures.project.definitions.passed
    compared = said.PASSED[other_definition(named)]
    rules = {
        f"Regel für „erreicht“: {said.PASSED[named].label}": f"{said.PASSED[named].text} ({said.PASSED[named].source})",
        f"Zum Vergleich: {compared.label}": f"{compared.text} ({compared.source})",
        **rules_told(figures.state),
    }
    return glossary(sections, _footer(figures, figures.project.programmes[0].id), rules)


def glossary(sections: Iterable[Section], footer: tuple[str, ...], rules: dict[str, str] | None = None) -> Section:
    """
    Explain every column of some tables.

    Parameters
    ----------
    sections
        The tables.
    footer
        What stands under the explanations.
    rules
        What is to be explained before them: term → sentence.

    Returns
    -------
    section
        One row per rule and column.
    """
    used = {column.label: column.definition for section in sections for column in section.columns}
    rows = tuple(Row(RowKind.BODY, (label, text)) for label, text in {**(rules or {}), **used}.items())
    columns = (
        Column("term", "Begriff", Kind.TEXT, "Spalte oder Regel."),
        Column("meaning", "Bedeutung", Kind.TEXT, "Was sie heißt."),
    )
    return Section("definitionen", "Definitionen", "Definitionen", "Was jede Spalte zählt.", columns, rows, footer)
