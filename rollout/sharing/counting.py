"""From a state to the table whose figures are given away: one per programme, places by category by rung."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rollout.analysis.places import phases_on
from rollout.analysis.progress import milestones
from rollout.project import GoalMeasure
from rollout.sharing.tables import table_of
from rollout.vocabulary import DROPPED, Category, Drive, Level, Milestone

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from rollout.analysis.state import State
    from rollout.audiences import Audience
    from rollout.project import Project
    from rollout.sharing.tables import Flags, Floats, Table

COUNTED = "counted"
"""The first rung: all connections of the grant that were not dropped."""

ALL, HOUSEHOLD, OTHER = "all", "household", "other"
"""Categories that are told apart. Businesses, schools and hospitals are one: a lone institution is one address."""

CATEGORIES: dict[str, tuple[str, ...]] = {ALL: (HOUSEHOLD, OTHER), HOUSEHOLD: (HOUSEHOLD,), OTHER: (OTHER,)}
"""Category printed → the ones it adds up."""

_PLACE_WEIGHTS = {Level.PROGRAMME: 10.0, Level.PHASE: 4.0, Level.DISTRICT: 1.0}
_CATEGORY_WEIGHTS = {ALL: 1.5, HOUSEHOLD: 1.2, OTHER: 1.0}
_RUNG_WEIGHTS = {
    COUNTED: 2.0,
    Milestone.PASSED.value: 1.0,
    Milestone.PREPARED.value: 0.8,
    Milestone.CONNECTED.value: 1.5,
    Milestone.ACTIVATED.value: 0.6,
}
"""What is asked for most is left out last; a total is dearer than its parts."""

Place = tuple[Level, str, str]
"""Level, phase and district; empty text for none."""


@dataclass(frozen=True, slots=True)
class Counted:
    """
    The funded connections of one programme.

    Attributes
    ----------
    programme_id
        Which programme.
    targets
        Its funded connections that were not dropped, with `phase_id` and `district_id` as text, empty for none.
    heights
        How many milestones each has passed, shape `(n,)`.
    rungs
        The rungs told, `counted` first.
    """

    programme_id: str
    targets: gpd.GeoDataFrame
    heights: NDArray[np.intp]
    rungs: tuple[str, ...]


def rungs_of(audience: Audience) -> tuple[str, ...]:
    """
    Return the rungs an audience is told of.

    Parameters
    ----------
    audience
        Who gets the figures.

    Returns
    -------
    rungs
        Without `activated`, where activated connections are told as something else.
    """
    secret = Milestone.ACTIVATED in audience.told_as.get("targets", {})
    return (COUNTED, *(step.value for step in Milestone if not (secret and step is Milestone.ACTIVATED)))


def counted(state: State, audience: Audience) -> list[Counted]:
    """
    Take the funded connections of each programme and how far they have come.

    Parameters
    ----------
    state
        The whole programme on one day.
    audience
        Who gets the figures.

    Returns
    -------
    counted
        One for each programme that has any, in the order of the project.
    """
    rungs = rungs_of(audience)
    funded = (state.targets["drive"] == Drive.FUNDED) & (state.targets["status"] != DROPPED).fillna(value=True)
    targets = state.targets[funded.to_numpy(dtype=bool)]
    heights = milestones(state).loc[targets.index, list(rungs[1:])].to_numpy(dtype=np.intp).sum(axis=1)
    placed = targets.assign(**{name: targets[name].astype("string").fillna("") for name in ("phase_id", "district_id")})
    found = []
    for programme in state.project.programmes:
        ours = (placed["programme_id"] == programme.id).to_numpy(dtype=bool)
        if ours.any():
            found.append(Counted(programme.id, placed[ours], heights[ours], rungs))
    return found


def places_of(state: State, one: Counted) -> list[Place]:
    """
    Return the places of a programme that have figures of their own.

    Parameters
    ----------
    state
        The whole programme on one day.
    one
        Its connections.

    Returns
    -------
    places
        The programme, its phases, and districts within phases, those without any connection too. A programme of one
        place has no line for it beside its own.
    """
    members = phases_on(state.phase_districts, state.as_of)
    members = members[members["programme_id"] == one.programme_id]
    known = {*zip(members["phase_id"], members["district_id"], strict=True)}
    known |= {*zip(one.targets["phase_id"], one.targets["district_id"], strict=True)}
    phases = sorted({phase for phase, _ in known if phase})
    districts = [(Level.DISTRICT, str(phase), str(district)) for phase, district in sorted(known)]
    return [(Level.PROGRAMME, "", ""), *((Level.PHASE, phase, "") for phase in phases), *districts]


def table_for(places: list[Place], one: Counted, smallest: int) -> Table:
    """
    Make the table of a programme.

    Parameters
    ----------
    places
        Its places.
    one
        Its connections.
    smallest
        The smallest count that may be known.

    Returns
    -------
    table
        Figures by place, category and rung, in this order.
    """
    districts = [place for place in places if place[0] is Level.DISTRICT]
    kinds = CATEGORIES[ALL]
    bins = np.zeros((len(districts) * len(kinds), len(one.rungs)))
    rows = {(phase, district): row for row, (_, phase, district) in enumerate(districts)}
    where = [rows[key] for key in zip(one.targets["phase_id"], one.targets["district_id"], strict=True)]
    is_other = (one.targets["category"] != Category.HOUSEHOLD).to_numpy(dtype=np.intp)
    np.add.at(bins, (np.array(where, dtype=np.intp) * len(kinds) + is_other, one.heights), 1)
    weights = [
        [_PLACE_WEIGHTS[level] * _CATEGORY_WEIGHTS[category] * _RUNG_WEIGHTS[rung] for rung in one.rungs]
        for level, _, _ in places
        for category in CATEGORIES
    ]
    return table_of(bins, lines_of(places, places), np.array(weights), smallest)


def lines_of(printed: list[Place], places: list[Place]) -> Floats:
    """
    Return what each printed line adds up.

    Parameters
    ----------
    printed
        Places that have figures, each of all categories.
    places
        All places; the districts among them, by category, are the parts.

    Returns
    -------
    lines
        0 and 1, shape `(len(printed) * 3, 2 * districts)`.
    """
    districts = [place for place in places if place[0] is Level.DISTRICT]
    return np.array([_members(place, parts, districts) for place in printed for parts in CATEGORIES.values()])


def _members(place: Place, parts: tuple[str, ...], districts: list[Place]) -> list[float]:
    level, phase, district = place
    within = {
        Level.PROGRAMME: [True] * len(districts),
        Level.PHASE: [one[1] == phase for one in districts],
        Level.DISTRICT: [one[1:] == (phase, district) for one in districts],
    }[level]
    return [float(inside and kind in parts) for inside in within for kind in CATEGORIES[ALL]]


def known_anyway(project: Project, one: Counted, table: Table) -> Flags:
    """
    Tell which figures everybody knows: the goals of the grant are public.

    Parameters
    ----------
    project
        What the project file says.
    one
        Connections of a programme.
    table
        Its table, the whole programme first.

    Returns
    -------
    known
        Shape `(f,)`; true for the connections of the whole programme where a goal states just that number, and no
        small one.
    """
    goals: dict[str | None, float] = {
        goal.category: goal.value
        for goal in project.goals
        if goal.programme == one.programme_id
        and goal.measure is GoalMeasure.TARGETS
        and goal.drive is Drive.FUNDED
        and not goal.districts
    }
    household, all_of_them = goals.get(Category.HOUSEHOLD), goals.get(None)
    others = [goals[kind] for kind in Category if kind is not Category.HOUSEHOLD and kind in goals]
    stated = {HOUSEHOLD: household, OTHER: sum(others) if others else None}
    total = all_of_them if all_of_them is not None else sum(value for value in stated.values() if value is not None)
    known = np.zeros(len(table.weights), dtype=bool)
    for position, category in enumerate(CATEGORIES):
        figure = position * len(one.rungs)
        known[figure] = table.truth[figure] == {**stated, ALL: total}[category] and not table.small[figure]
    return known


def grid_of(heights: NDArray[np.intp], names: NDArray[np.str_], steps: int) -> dict[str, Floats]:
    """
    Count the connections of each cell by bin.

    Parameters
    ----------
    heights
        The bin of each, from 0.
    names
        Its cell.
    steps
        How many bins there are.

    Returns
    -------
    grid
        Cell → counts, shape `(steps,)`, sorted by name.
    """
    cells, cell = np.unique(names, return_inverse=True)
    counts = np.bincount(cell * steps + heights, minlength=len(cells) * steps).reshape(-1, steps)
    return dict(zip(cells.tolist(), counts.astype(np.float64), strict=True))
