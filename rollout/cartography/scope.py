"""What a page is about: one phase, the whole city, or one programme; never two programmes at once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from rollout.errors import InputError
from rollout.vocabulary import Drive, Extent

if TYPE_CHECKING:
    import geopandas as gpd
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from rollout.analysis.state import State
    from rollout.project import Phase, Programme, Project

Entry = TypeVar("Entry")
Rows = TypeVar("Rows", bound="pd.DataFrame")


@dataclass(frozen=True, slots=True)
class Scope:
    """
    One programme, or one phase of it.

    Attributes
    ----------
    programme
        Whose data the page holds.
    phase
        The phase it is limited to; None for the whole programme.
    main
        Whether it is the project's first programme, the one the whole city is about.
    """

    programme: Programme
    phase: Phase | None
    main: bool

    @property
    def heading(self) -> str:
        """What the page is called."""
        if self.phase is not None:
            return self.phase.name
        return "Gesamtes Stadtgebiet" if self.main else self.programme.name


def scope_of(project: Project, phase_id: str | None, programme_id: str | None) -> Scope:
    """
    Find the programme and phase a page is to show.

    Parameters
    ----------
    project
        The project.
    phase_id, programme_id
        What was asked for. A phase alone names its programme; neither means the first programme.

    Returns
    -------
    scope
        Programme and phase.

    Raises
    ------
    InputError
        If the project has no such phase or programme, or the phase belongs to another programme.
    """
    phases = {phase.id: phase for phase in project.phases}
    programmes = {programme.id: programme for programme in project.programmes}
    phase = None if phase_id is None else _named(phases, phase_id, "den Bauabschnitt")
    asked = programme_id or (phase.programme if phase is not None else project.programmes[0].id)
    programme = _named(programmes, asked, "das Förderprojekt")
    if phase is not None and phase.programme != programme.id:
        msg = f"der Bauabschnitt '{phase.id}' gehört zum Förderprojekt '{phase.programme}', nicht zu '{programme.id}'"
        raise InputError(msg, "Nennen Sie nur den Bauabschnitt, oder nur das Förderprojekt.")
    return Scope(programme, phase, main=programme.id == project.programmes[0].id)


def _named(known: dict[str, Entry], name: str, what: str) -> Entry:
    if name not in known:
        msg = f"{what} '{name}' gibt es im Projekt nicht"
        raise InputError(msg, f"Es gibt: {', '.join(known) or 'keinen'}.")
    return known[name]


@dataclass(frozen=True, slots=True)
class Contents:
    """
    The rows one page holds, and no others.

    Attributes
    ----------
    scope
        What the page is about.
    state
        The state, with segments, pieces, funded targets and nodes of the scope only; all districts and base layers.
    extended
        The buildings that merely lie on the trench, a population of their own.
    emphasised
        Districts the page is about, by `district_id`.
    in_part
        Those of them that take part only in parts.
    """

    scope: Scope
    state: State
    extended: gpd.GeoDataFrame
    emphasised: tuple[str, ...]
    in_part: tuple[str, ...]

    @property
    def funded(self) -> gpd.GeoDataFrame:
        """The targets the grant pays for."""
        return self.state.targets


def contents_of(state: State, scope: Scope) -> Contents:
    """
    Keep the rows of a scope.

    Parameters
    ----------
    state
        The whole project on one day.
    scope
        What the page is about.

    Returns
    -------
    contents
        Rows of the programme, and of the phase where there is one. A node is kept where it stands in a
        district the page is about; the whole city keeps all of them.
    """
    segments, pieces = _of_scope(state.segments, scope), _of_scope(state.pieces, scope)
    ours = _is_of(state.targets, scope)
    is_funded = (state.targets["drive"] == Drive.FUNDED.value).to_numpy(dtype=bool)
    funded, extended = state.targets[ours & is_funded], state.targets[ours & ~is_funded]
    districts, in_part = _districts(state, scope)
    if not districts:
        districts = {*funded["district_id"].dropna(), *pieces["district_id"].dropna()}
    everywhere = scope.main and scope.phase is None
    nodes = state.nodes if everywhere else state.nodes[state.nodes["district_id"].isin(districts).to_numpy(dtype=bool)]
    kept = replace(state, segments=segments, pieces=pieces, targets=funded, nodes=nodes)
    return Contents(scope, kept, extended, tuple(sorted(districts)), tuple(sorted(in_part)))


def _districts(state: State, scope: Scope) -> tuple[set[str], set[str]]:
    rows = _of_scope(state.phase_districts, scope)
    whole = rows.loc[(rows["extent"] == Extent.WHOLE.value).to_numpy(dtype=bool), "district_id"]
    return set(rows["district_id"]), set(rows["district_id"]) - set(whole)


def _of_scope(rows: Rows, scope: Scope) -> Rows:
    return rows[_is_of(rows, scope)]


def _is_of(rows: pd.DataFrame, scope: Scope) -> NDArray[np.bool_]:
    keep = rows["programme_id"] == scope.programme.id
    if scope.phase is not None:
        keep &= rows["phase_id"] == scope.phase.id
    return keep.fillna(False).to_numpy(dtype=bool)
