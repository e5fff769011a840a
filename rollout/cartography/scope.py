"""What a page is about: one phase, the whole city, or one programme; never two programmes at once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from rollout.cartography.columns import as_array, column, equals
from rollout.errors import InputError
from rollout.vocabulary import Drive, Extent

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from rollout.analysis.course import Course
    from rollout.analysis.state import State
    from rollout.analysis.unlock import Unlocked
    from rollout.cartography.areas import Areas
    from rollout.cartography.marking import Marks
    from rollout.project import Phase, Programme, Project
    from rollout.vocabulary import Paper

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
class Atlas:
    """
    What an atlas is made of; a page with one prints it in place of what is seen.

    Attributes
    ----------
    paper
        What it is printed on.
    districts
        The districts that get a sheet, by `district_id`, in the order of the sheets.
    """

    paper: Paper
    districts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Additions:
    """
    What a page shows beyond the state of its scope.

    Attributes
    ----------
    unlocked
        Sets of segments to build next, as `unlock` finds them for the whole programme; the page then offers them as
        a theme. None where they were not asked for.
    course
        How everything came to stand where it stands; the page then shows any day up to its Stichtag. None for the
        Stichtag alone.
    disclosed
        What may be told of the connections of districts and cells, where a page shows none of them by itself.
    notice
        Lines that must stand on the page and on every sheet printed from it: for whom it is, what for, of which day,
        until when it is valid, and what is not in it.
    marks
        Lets the reader mark what is wrong and save it as proposals; None for a page that is only read.
    address
        Where the page is published; sheets then carry the address of what they show as a QR code. None where it is not.
    atlas
        The sheets the page prints; None for what is seen.
    """

    unlocked: Unlocked | None = None
    course: Course | None = None
    disclosed: Areas | None = None
    notice: tuple[str, ...] = ()
    marks: Marks | None = None
    address: str | None = None
    atlas: Atlas | None = None


NOTHING_MORE = Additions()


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
    targets
        Both populations, each in one piece: the targets the grant pays for, then the buildings that merely lie
        on the trench.
    emphasised
        Districts the page is about, by `district_id`.
    in_part
        Those of them that take part only in parts.
    additions
        What the page shows beyond that.
    """

    scope: Scope
    state: State
    targets: gpd.GeoDataFrame
    emphasised: tuple[str, ...]
    in_part: tuple[str, ...]
    additions: Additions = NOTHING_MORE

    @property
    def funded(self) -> gpd.GeoDataFrame:
        """The targets the grant pays for."""
        return self.state.targets

    @property
    def extended(self) -> gpd.GeoDataFrame:
        """The buildings that merely lie on the trench, a population of their own."""
        return self.targets.iloc[self.populations["extended"]]

    @property
    def populations(self) -> dict[str, slice]:
        """Where in `targets` each population is, by the name of its layer."""
        funded = len(self.funded)
        return {"targets": slice(0, funded), "extended": slice(funded, None)}


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
    targets, funded = _by_drive(state.targets, scope)
    districts, in_part = _districts(state, scope)
    if not districts:
        districts = {*funded["district_id"].dropna(), *pieces["district_id"].dropna()}
    everywhere = scope.main and scope.phase is None
    nodes = state.nodes if everywhere else _standing_in(state.nodes, districts)
    kept = replace(state, segments=segments, pieces=pieces, targets=funded, nodes=nodes)
    return Contents(scope, kept, targets, tuple(sorted(districts)), tuple(sorted(in_part)))


def _by_drive(targets: gpd.GeoDataFrame, scope: Scope) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Return both populations, and the funded one: to take the rows of a wide frame twice would cost twice."""
    ours, is_funded = _is_of(targets, scope), equals(targets["drive"], Drive.FUNDED)
    funded, extended = np.flatnonzero(ours & is_funded), np.flatnonzero(ours & ~is_funded)
    both = targets.take(np.concatenate([funded, extended]))
    return both, both.iloc[: len(funded)]


def _districts(state: State, scope: Scope) -> tuple[set[str], set[str]]:
    member = state.phase_districts
    ours, is_whole = _is_of(member, scope), equals(member["extent"], Extent.WHOLE)
    districts = as_array(column(member["district_id"]))
    return {*districts[ours]}, {*districts[ours]} - {*districts[ours & is_whole]}


def _standing_in(nodes: gpd.GeoDataFrame, districts: set[str]) -> gpd.GeoDataFrame:
    placed = as_array(column(nodes["district_id"])).tolist()
    return nodes.take([row for row, district in enumerate(placed) if district in districts])


def _of_scope(rows: Rows, scope: Scope) -> Rows:
    return rows.take(np.flatnonzero(_is_of(rows, scope)))


def _is_of(rows: pd.DataFrame, scope: Scope) -> NDArray[np.bool_]:
    keep = equals(rows["programme_id"], scope.programme.id)
    return keep if scope.phase is None else keep & equals(rows["phase_id"], scope.phase.id)
