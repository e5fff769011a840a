"""The rows behind a figure: which connections and segments a number of the tables is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from rollout.analysis.names import recognise
from rollout.analysis.progress import milestones
from rollout.errors import InputError
from rollout.vocabulary import BUILT_HEIGHT, CABLE_HEIGHT, DROPPED, Drive, Figure

if TYPE_CHECKING:
    from rollout.analysis.state import State


LENGTHS = {Figure.NEW_DUCT: BUILT_HEIGHT, Figure.CO_USED: BUILT_HEIGHT, Figure.CABLE: CABLE_HEIGHT}
"""The figures that are metres, and from which height on a segment has done its share."""

_COLUMNS = ["entity", "entity_id", "what", "district_id", "phase_id", "status", "status_since", "length_m"]


def rows_behind(state: State, place: str, figure: Figure, *, programme_id: str | None = None) -> pd.DataFrame:
    """
    List the rows a figure of the district table is made of.

    Parameters
    ----------
    state
        The programme on one day.
    place
        Name of a district (exact or a known variant), id or name of a phase, or id or name of a programme.
    figure
        Which figure. For connections the funded ones are meant.
    programme_id
        Whose; the first programme's by default. A phase or programme named by `place` goes before.

    Returns
    -------
    rows
        `entity` (`target`, `segment`), `entity_id`, `what` (address or street), `district_id`, `phase_id`,
        `status`, `status_since`, `length_m` (metres in the place; NaN for connections). As many rows, or as
        many metres, as the table shows.

    Raises
    ------
    InputError
        If the place is none of the project's.
    """
    column, value, programme = place_of(state, place, programme_id or state.project.programmes[0].id)
    if figure in LENGTHS:
        return _pieces(state, figure, column, value, programme)
    targets = state.targets
    here = (targets["programme_id"] == programme) & (targets["drive"] == Drive.FUNDED) & _is(targets[column], value)
    found = pd.DataFrame(targets[here & _counts(state, figure)])
    what = found["street"] + " " + found["house_number"]
    rows = found.assign(entity="target", entity_id=found["target_id"], what=what, length_m=float("nan"))
    return rows[_COLUMNS].sort_values("entity_id", ignore_index=True)


def place_of(state: State, place: str, programme_id: str) -> tuple[str, str, str]:
    """
    Understand the name of a place.

    Parameters
    ----------
    state
        The programme on one day.
    place
        Name of a district (exact or a known variant), id or name of a phase, or id or name of a programme.
    programme_id
        Whose, where the place itself does not say.

    Returns
    -------
    column, value, programme_id
        What to look for in the frames of the state, and the programme meant.

    Raises
    ------
    InputError
        If the place is none of the project's.
    """
    project = state.project
    for programme in project.programmes:
        if place in {programme.id, programme.name}:
            return "programme_id", programme.id, programme.id
    for phase in project.phases:
        if place in {phase.id, phase.name}:
            return "phase_id", phase.id, phase.programme
    match = recognise([place], state.districts, project.district_variants)[place]
    if match.district_id is None:
        names = ", ".join([*state.districts["name"], *(phase.name for phase in project.phases)])
        hint = f"Meinten Sie '{match.suggestion}'?" if match.suggestion else f"Es gibt: {names}"
        msg = f"weder Stadtteil noch Bauabschnitt noch Förderprojekt: '{place}'"
        raise InputError(msg, hint)
    return "district_id", match.district_id, programme_id


def _counts(state: State, figure: Figure) -> pd.Series[bool]:
    reached = milestones(state)
    return ~reached["dropped"] if figure is Figure.COUNTED else reached[figure.value]


def _pieces(state: State, figure: Figure, column: str, value: str, programme: str) -> pd.DataFrame:
    pieces = state.pieces
    there = (pieces["programme_id"] == programme) & _is(pieces[column], value)
    there &= ~_is(pieces["status"], DROPPED) & (pieces["height"] >= LENGTHS[figure]).fillna(value=False)
    if figure is not Figure.CABLE:
        there &= pieces["kind"] == figure.value
    found = pieces[there.astype(bool)]
    metres = found["cable_m"] if figure is Figure.CABLE else found["length_m"]
    street = state.segments.set_index("segment_id")["street"].reindex(found["segment_id"]).to_numpy()
    rows = found.assign(entity="segment", entity_id=found["segment_id"], what=street, length_m=metres)
    return rows[_COLUMNS].sort_values(["entity_id", "district_id"], ignore_index=True)


def _is(column: pd.Series[str], value: str) -> pd.Series[bool]:
    return (column == value).fillna(value=False).astype(bool)
