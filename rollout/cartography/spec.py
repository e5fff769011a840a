"""What to draw and to say on one page: plain values, every number counted and worded here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rollout import wording
from rollout.analysis.progress import CABLE, milestones
from rollout.cartography.areas import area_figures, area_groups, area_lengths
from rollout.cartography.columns import equals
from rollout.cartography.legend import legend_of
from rollout.cartography.themes import themes_of
from rollout.cartography.tiles import SERVICES
from rollout.project import PassedDefinition
from rollout.vocabulary import BUILT_HEIGHT, CABLE_HEIGHT, DROPPED, MILESTONE_HEIGHT, Milestone, SegmentKind

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rollout.analysis.state import State
    from rollout.cartography.legend_rows import LegendGroup
    from rollout.cartography.scope import Contents
    from rollout.cartography.tiles import Tiles
    from rollout.project import Project

    Metres = NDArray[np.float64]

_SHOWN_MILESTONES = {Milestone.PASSED: "erreicht", Milestone.CONNECTED: "angeschlossen"}

_PASSED_DEFINITIONS = {
    PassedDefinition.OWN_SIDE: "„erreicht“: eigenes Rohr auf der Straßenseite des Gebäudes, wie gemeldet",
    PassedDefinition.WITHIN_20_M: "„erreicht“: höchstens 20 m bis zu einer gebauten Trasse (Bundesnetzagentur)",
}


@dataclass(frozen=True, slots=True)
class Figure:
    """
    One line of progress.

    Attributes
    ----------
    label
        What is counted.
    value
        Part, whole and percent as text.
    share
        Part of the whole between 0 and 1, for the bar; None for a figure that is no progress.
    """

    label: str
    value: str
    share: float | None


@dataclass(frozen=True, slots=True)
class MapSpec:
    """
    Everything a page says besides its features.

    Attributes
    ----------
    title
        Name of the project.
    heading
        What the page is about.
    municipality
        Whose project it is.
    programme
        Name of the funded project.
    stand
        The Stichtag, `28.03.2022`.
    sample
        True for made-up data.
    notes
        Words of warning of the layers drawn.
    attribution
        Lines of the sources.
    figures
        Progress of the scope.
    definition
        What „erreicht“ means here.
    legend
        The legend, which is the switch as well.
    emphasised, in_part
        Districts the page is about, and those of them that take part only in parts.
    tiles
        Official tiles the page offers behind a button; None for none.
    """

    title: str
    heading: str
    municipality: str
    programme: str
    stand: str
    sample: bool
    notes: tuple[str, ...]
    attribution: tuple[str, ...]
    figures: tuple[Figure, ...]
    definition: str
    legend: tuple[LegendGroup, ...]
    emphasised: tuple[str, ...]
    in_part: tuple[str, ...]
    tiles: Tiles | None


def spec_of(contents: Contents) -> MapSpec:
    """
    Count and word what a page says.

    Parameters
    ----------
    contents
        The rows of the page.

    Returns
    -------
    spec
        Plain values, ready to be written as JSON.
    """
    state, project = contents.state, contents.state.project
    return MapSpec(
        title=project.name,
        heading=contents.scope.heading,
        municipality=project.municipality,
        programme=contents.scope.programme.name,
        stand=wording.date(state.as_of),
        sample=project.sample,
        notes=_notes(state),
        attribution=_attribution(project),
        figures=_figures(contents),
        definition=_definition(contents),
        legend=(*area_groups(contents), *legend_of(contents), *themes_of(contents)),
        emphasised=contents.emphasised,
        in_part=contents.in_part,
        tiles=SERVICES[project.base_map] if project.base_map else None,
    )


def _attribution(project: Project) -> tuple[str, ...]:
    return tuple(dict.fromkeys(line for source in project.layers.values() for line in source.attribution))


def _notes(state: State) -> tuple[str, ...]:
    said = dict.fromkeys(source.note for source in state.project.layers.values() if source.note)
    deliveries = () if state.sources is None else (wording.delivered(state.delivered, state.known_at),)
    return (*deliveries, *said)


def _definition(contents: Contents) -> str:
    """Say what passed means, where it is counted at all."""
    counts = contents.additions.disclosed is not None or contents.state.counts_all("targets")
    return _PASSED_DEFINITIONS[contents.state.project.definitions.passed] if counts else ""


def _figures(contents: Contents) -> tuple[Figure, ...]:
    """Count what the page holds, or tell of the whole what may be told."""
    state = contents.state
    if contents.additions.disclosed is None:
        return (*_target_figures(state), *_length_figures(state))
    return (*(Figure(*told) for told in area_figures(contents)), *_told_lengths(area_lengths(contents)))


def _told_lengths(metres: dict[str, tuple[float, float]]) -> list[Figure]:
    steps = {SegmentKind.NEW_DUCT.value: ("neues Rohr", BUILT_HEIGHT), CABLE: ("Kabel", CABLE_HEIGHT)}
    found = []
    for measure, (label, height) in steps.items():
        planned, done = metres.get(measure, (0.0, 0.0))
        parts, heights = np.array([done, planned - done]), np.array([height, 0.0])
        found.append(_length_figure(label, parts, heights, height))
    found.append(_existing_figure(np.array([metres.get(SegmentKind.CO_USED.value, (0.0, 0.0))[0]])))
    return [figure for figure in found if figure is not None]


def _target_figures(state: State) -> list[Figure]:
    if not state.counts_all("targets"):
        return []
    reached = milestones(state)
    base = ~reached["dropped"].to_numpy()
    whole = int(base.sum())
    figures = []
    for step, label in _SHOWN_MILESTONES.items():
        if not state.tells("targets", MILESTONE_HEIGHT[step]):
            continue
        part = int((base & reached[step.value].to_numpy()).sum())
        figures.append(Figure(label, wording.share(part, whole), part / whole if whole else 0.0))
    return figures


def _length_figures(state: State) -> list[Figure]:
    """Add up in whole millimetres, as the tables do, so that page and table never differ by rounding."""
    if not state.counts_all("segments"):
        return []
    pieces = state.pieces
    kept = ~equals(pieces["status"], DROPPED)
    heights = pieces["height"].to_numpy(dtype="float64", na_value=-1.0)
    duct, cable = (np.nan_to_num(pieces[name].to_numpy()).round(3) for name in ("length_m", "cable_m"))
    new, existing = (kept & equals(pieces["kind"], kind) for kind in (SegmentKind.NEW_DUCT, SegmentKind.CO_USED))
    found = [
        _length_figure("neues Rohr", duct[new], heights[new], BUILT_HEIGHT),
        _length_figure("Kabel", cable[kept], heights[kept], CABLE_HEIGHT),
        _existing_figure(duct[existing]),
    ]
    return [figure for figure in found if figure is not None]


def _existing_figure(metres: Metres) -> Figure | None:
    """Existing ducts are there from the first day: a bar would show progress where nothing was done."""
    return Figure("mitgenutzt", f"{wording.length(float(metres.sum()))} vorhanden", None) if metres.any() else None


def _length_figure(label: str, metres: Metres, heights: Metres, done_height: int) -> Figure | None:
    if not metres.any():
        return None
    done, planned = float(metres[heights >= done_height].sum()), float(metres.sum())
    part, whole = wording.length(done), wording.length(planned)
    unit = wording.NARROW_SPACE + whole.split(wording.NARROW_SPACE)[1]
    value = f"{part.removesuffix(unit)} von {whole} ({wording.percent(done, planned)})"
    return Figure(label, value, done / planned)
