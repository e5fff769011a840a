"""What the tables of a state leave out that was cut down for an audience, and what they must say of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rollout.analysis.progress import CABLE, MEASURES
from rollout.audiences import Figures, Trenches
from rollout.project import PassedDefinition
from rollout.reporting.arrange import clean
from rollout.reporting.definitions import RULES
from rollout.vocabulary import (
    ACCEPTED_HEIGHT,
    BUILT_HEIGHT,
    CABLE_HEIGHT,
    DROPPED,
    MILESTONE_HEIGHT,
    REFUSED,
    STATUS_LABELS,
    Milestone,
    ladder_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Literal

    from rollout.analysis.state import State
    from rollout.reporting.report import Report, Section

_TARGETS, _TRENCHES, _STOPPED = ("anschluesse", "kategorien", "vortrieb"), ("trassen",), ("gesperrt",)
_GOALS = ("ziele", "verbleib")

_SHORT = {
    Milestone.PASSED: "erreicht",
    Milestone.PREPARED: "vorbereitet",
    Milestone.CONNECTED: "angeschlossen",
    Milestone.ACTIVATED: "aktiviert",
}


def only_given(sections: Iterable[Section], state: State) -> list[Section]:
    """
    Leave out of the progress tables what is withheld.

    Parameters
    ----------
    sections
        Tables of a state.
    state
        The state.

    Returns
    -------
    given
        All of them where the state is whole. Otherwise no table of rows that are not given, no column that could only
        be empty or zero because it is withheld, and under each table which rows were counted. None where figures are
        given in cells or districts only, which have tables of their own.
    """
    if state.audience is None:
        return [*sections]
    if state.audience.figures is not Figures.ROWS:
        return []
    return [_without(section, state) for section in sections if _is_given(section, state)]


def with_notice(report: Report, notice: tuple[str, ...]) -> Report:
    """
    Let a report say for whom it is.

    Parameters
    ----------
    report
        Any report.
    notice
        Lines as `sharing.notice.notice_of` words them.

    Returns
    -------
    report
        With the lines under its title, and in one line under every table, since a table may be passed on alone; what
        stands there already is not said again.
    """
    lines = tuple(map(clean, notice))
    sections = tuple(replace(section, footer=_with_lines(section.footer, lines)) for section in report.sections)
    return replace(report, subtitle=(*report.subtitle, *lines), sections=sections)


def _with_lines(footer: tuple[str, ...], lines: tuple[str, ...]) -> tuple[str, ...]:
    return (*footer, " · ".join(line for line in lines if line not in footer))


def rules_told(state: State) -> dict[str, str]:
    """
    Word the rules of counting by the steps that the tables show.

    Parameters
    ----------
    state
        Its audience may not hear of every step.

    Returns
    -------
    rules
        Term → sentence and whose rule it is.
    """
    steps = " ⊇ ".join(label for step, label in _SHORT.items() if state.tells("targets", MILESTONE_HEIGHT[step]))
    said = {} if state.audience is None else {"Stufen": f"Jede Stufe enthält die folgende: {steps}."}
    unused = set() if _holds_goals(state) else {"Verbleib"}
    return {key: f"{said.get(key, rule.text)} ({rule.source})" for key, rule in RULES.items() if key not in unused}


def _about(section: Section) -> str:
    """Return the key of a table without that of its programme."""
    known = (*_TARGETS, *_TRENCHES, *_STOPPED, *_GOALS)
    return next((key for key in known if section.key == key or section.key.endswith(f"-{key}")), section.key)


def _is_given(section: Section, state: State) -> bool:
    about = _about(section)
    if about in _TARGETS:
        return state.gives("targets")
    if about in _TRENCHES:
        return state.gives("segments") and _as_trenches(state)
    if about in _STOPPED:
        return bool(section.rows) and _as_trenches(state)
    return about not in _GOALS or _holds_goals(state)


def _holds_goals(state: State) -> bool:
    counts_all = state.counts_all("targets") and state.counts_all("segments")
    return counts_all and state.gives("segments", "cable_length_m")


def _as_trenches(state: State) -> bool:
    return state.audience is None or state.audience.trenches is not Trenches.STREET


def _without(section: Section, state: State) -> Section:
    hidden = {*_hidden(_about(section), state)}
    places = [place for place, column in enumerate(section.columns) if column.key not in hidden]
    rows = tuple(replace(row, cells=tuple(row.cells[place] for place in places)) for row in section.rows)
    columns = tuple(section.columns[place] for place in places)
    return replace(section, columns=columns, rows=rows, footer=(*_counted(_about(section), state), *section.footer))


def _hidden(about: str, state: State) -> Iterator[str]:
    """Yield the keys of columns that tell nothing."""
    if about in _TARGETS:
        yield from _hidden_of_targets(state)
    if about in _TRENCHES:
        yield from _hidden_of_trenches(state)
    if about in _STOPPED:
        for key, column in (("reason", "reason"), ("since", "status_since")):
            if not (state.gives("segments", column) or state.gives("targets", column)):
                yield key


def _hidden_of_targets(state: State) -> Iterator[str]:
    yield from (step.value for step in Milestone if not state.tells("targets", MILESTONE_HEIGHT[step]))
    yield from (status for status in (REFUSED, DROPPED) if status not in state.words("targets"))
    if not state.counts_all("targets"):
        yield "no_data"
    if not state.knows_network:
        yield "reachable"
        if state.project.definitions.passed is PassedDefinition.WITHIN_20_M:
            yield Milestone.PASSED.value


def _hidden_of_trenches(state: State) -> Iterator[str]:
    for measure in MEASURES:
        done = CABLE_HEIGHT if measure == CABLE else BUILT_HEIGHT
        withheld = measure == CABLE and not state.gives("segments", "cable_length_m")
        yield from [f"{measure}_planned"] if withheld else []
        yield from [f"{measure}_done", f"{measure}_share"] if withheld or not state.tells("segments", done) else []
        if withheld or not state.tells("segments", ACCEPTED_HEIGHT):
            yield f"{measure}_accepted"


def _counted(about: str, state: State) -> tuple[str, ...]:
    """Say which rows were counted, where it is not all of them."""
    lines = []
    if about in _TARGETS and not state.counts_all("targets"):
        lines.append(f"Gezählt sind nur Anschlüsse mit Stand {_named('targets', state)}.")
    if about in (*_TRENCHES, *_STOPPED) and state.gives("segments") and not state.counts_all("segments"):
        lines.append(f"Gezählt sind nur Trassen mit Stand {_named('segments', state)}.")
    missing = {REFUSED: "abgelehnte", DROPPED: "entfallene"}
    unsaid = [label for status, label in missing.items() if status not in state.words("targets")]
    if about in _STOPPED and unsaid:
        lines.append(f"Nicht enthalten: {' und '.join(unsaid)} Anschlüsse.")
    return tuple(lines)


def _named(layer: Literal["segments", "targets"], state: State) -> str:
    words = state.words(layer)
    return ", ".join(f"„{STATUS_LABELS[rung.key]}“" for rung in ladder_of(layer) if rung.key in words)
