"""The atlas: one sheet per district on paper, with an overview and a street register, as one PDF."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rollout.analysis.names import recognise
from rollout.cartography import Additions, Atlas, phase_map
from rollout.cartography.scope import contents_of, scope_of
from rollout.cartography.views import views
from rollout.errors import InputError
from rollout.files import make_room, write_file
from rollout.printing.browser import printed
from rollout.printing.finishing import finished
from rollout.wording import date, sort_key

if TYPE_CHECKING:
    from pathlib import Path

    from rollout.analysis.state import State
    from rollout.printing.finishing import Finished
    from rollout.project import Project
    from rollout.vocabulary import Paper


@dataclass(frozen=True, slots=True)
class Order:
    """
    What is to be printed.

    Attributes
    ----------
    paper
        On what.
    phase
        Id or name of the construction phase; None for the whole city.
    districts
        Names of districts; empty for all that the phase or the city has.
    """

    paper: Paper
    phase: str | None = None
    districts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """
    The sheets of an order.

    Attributes
    ----------
    heading
        What the atlas is about.
    phase_id
        The phase meant; None for the whole city.
    sheets
        `district_id` → name, in the order of the sheets.
    """

    heading: str
    phase_id: str | None
    sheets: dict[str, str]


def plan(state: State, order: Order) -> Plan:
    """
    Find the phase and the districts of an order.

    Parameters
    ----------
    state
        The project on one day.
    order
        What is to be printed.

    Returns
    -------
    plan
        At least one sheet, by the names of the districts in German order.

    Raises
    ------
    InputError
        If there is no such phase or district, or the phase has no part in the district.
    """
    phase_id = _phase(state.project, order.phase)
    scope = scope_of(state.project, phase_id, None)
    ours = contents_of(state, scope).emphasised
    wanted = _districts(state, order.districts) or ours
    names = dict(zip(state.districts["district_id"], state.districts["name"], strict=True))
    strange = [names[district] for district in wanted if phase_id is not None and district not in ours]
    if strange or not wanted:
        msg = (
            f"'{scope.heading}' hat in '{', '.join(strange)}' nichts"
            if strange
            else f"'{scope.heading}' hat keinen Stadtteil"
        )
        raise InputError(msg, f"Stadtteile dort: {', '.join(names[district] for district in ours) or 'keine'}.")
    ordered = sorted(wanted, key=lambda district: (sort_key(names[district]), district))
    return Plan(scope.heading, phase_id, {district: names[district] for district in ordered})


def _phase(project: Project, named: str | None) -> str | None:
    return next((phase.id for phase in project.phases if named in {phase.id, phase.name}), named)


def _districts(state: State, named: tuple[str, ...]) -> tuple[str, ...]:
    matches = recognise(list(named), state.districts, state.project.district_variants)
    for name in named:
        if matches[name].district_id is None:
            suggestion = matches[name].suggestion
            hint = f"Meinten Sie '{suggestion}'?" if suggestion else f"Es gibt: {', '.join(state.districts['name'])}."
            msg = f"den Stadtteil '{name}' gibt es nicht"
            raise InputError(msg, hint)
    return tuple(dict.fromkeys(str(matches[name].district_id) for name in named))


def page_of(state: State, planned: Plan, paper: Paper) -> str:
    """
    Draw the page that prints the sheets.

    Parameters
    ----------
    state
        The project on one day.
    planned
        Its sheets.
    paper
        What they are printed on.

    Returns
    -------
    page
        HTML that needs nothing but itself.
    """
    project = state.project
    view = next(view for view in views(project) if view.phase_id == planned.phase_id)
    address = project.address_of(view.file)
    additions = Additions(address=address, atlas=Atlas(paper, tuple(planned.sheets)))
    return phase_map(state, planned.phase_id, additions=additions).html()


def print_sheets(state: State, planned: Plan, paper: Paper, browser: str, file: Path) -> Finished:
    """
    Print the sheets into one file, whole or not at all.

    Parameters
    ----------
    state
        The project on one day.
    planned
        Its sheets.
    paper
        What they are printed on.
    browser
        The program that prints.
    file
        The PDF; an earlier one is kept until the new one is complete. Its folder must exist, unless it is the
        project's folder of maps. The page stands in that folder meanwhile.

    Returns
    -------
    finished
        One PDF: an overview where there are several sheets, the sheets, and the street register.

    Raises
    ------
    OutputError
        If the browser does not print, or not what it should, or the file cannot be written.
    """
    make_room(file, state.project.maps_folder)
    raw = printed(page_of(state, planned, paper), browser, file.parent)
    title = f"{title_of(planned)} – {state.project.name} – Stand {date(state.as_of)}"
    done = finished(raw, title, paper, list(planned.sheets.values()))
    write_file(file, done.content)
    return done


def title_of(planned: Plan) -> str:
    """
    Name what is printed.

    Parameters
    ----------
    planned
        The sheets.

    Returns
    -------
    title
        The district where it is one, else the phase or the city.
    """
    return f"{next(iter(planned.sheets.values()))}, {planned.heading}" if len(planned.sheets) == 1 else planned.heading


def file_name(planned: Plan, order: Order) -> str:
    """
    Name the file.

    Parameters
    ----------
    planned
        The sheets.
    order
        What was asked for.

    Returns
    -------
    name
        E.g. `atlas-a3.pdf`, `atlas-bauabschnitt-1-a4.pdf`, `blatt-Schlebusch-a3.pdf`.
    """
    phase = [] if planned.phase_id is None else [f"bauabschnitt-{planned.phase_id}"]
    ids = [_plain(name) for name in planned.sheets.values()] if order.districts else []
    which = ids if len(ids) <= _MOST_NAMED else [f"{len(ids)}-stadtteile"]
    return "-".join(["blatt" if len(planned.sheets) == 1 else "atlas", *phase, *which, order.paper.lower()]) + ".pdf"


_MOST_NAMED = 3
"""Districts that are named in a file's name."""


def _plain(name: str) -> str:
    """Keep of a name what is safe in a file name on every system."""
    return "".join(letter if letter.isalnum() else "-" for letter in name).strip("-") or "stadtteil"
