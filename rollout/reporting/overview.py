"""The index page: where the project stands, district by district, and the way to every map and table."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import jinja2
import shapely
from markupsafe import Markup

from rollout.analysis.progress import CABLE
from rollout.reporting.arrange import clean
from rollout.reporting.describe import SAMPLE_NOTE
from rollout.reporting.html import figure_fragment, section_fragment
from rollout.vocabulary import (
    CATEGORY_NOUNS,
    MILESTONE_HEIGHT,
    MILESTONE_LABELS,
    Category,
    Drive,
    Milestone,
    SegmentKind,
)
from rollout.wording import counted, date, length, number, percent, share

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    import pandas as pd

    from rollout.analysis.state import State
    from rollout.reporting.report import Report

_FOLDER = Path(__file__).parent / "page"
_WIDTH = 1000
_TOLERANCE_M = 25.0
_CLASSES = (0.0, 0.2, 0.4, 0.6, 0.8)
"""Lower bounds of the shades of the overview map."""

_BUILT_LABELS = {SegmentKind.NEW_DUCT.value: "neues Leerrohr verlegt", CABLE: "Glasfaserkabel eingeblasen"}

_SECTIONS = ("anschluesse", "trassen", "ziele")
_WHERE_THERE = ("termine",)


@dataclass(frozen=True, slots=True)
class Link:
    """
    A way to a page or table.

    Attributes
    ----------
    href
        Relative address.
    title, text
        What stands on it.
    districts
        Ids of the districts it is about; the small map marks them.
    """

    href: str
    title: str
    text: str
    districts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """
    One figure to be seen first.

    Attributes
    ----------
    label, value, note
        What it counts, the figure, and its base.
    fraction
        For the bar; None for a figure without one.
    """

    label: str
    value: str
    note: str
    fraction: float | None = None


@dataclass(frozen=True, slots=True)
class Shape:
    """
    A district on the small map.

    Attributes
    ----------
    id, name
        Which district.
    path
        SVG path in whole units of the view box.
    x, y
        Where its label stands.
    shade
        Class of the share connected, from 0; None where nothing is to be connected.
    text
        Count out of base, `98/109`.
    """

    id: str
    name: str
    path: str
    x: int
    y: int
    shade: int | None
    text: str


def overview_page(
    state: State, report: Report, table: pd.DataFrame, maps: Sequence[Link], tables: Sequence[Link]
) -> bytes:
    """
    Draw the index page.

    The page has no script at all: what it says stands in the file, escaped by the template.

    Parameters
    ----------
    state
        The programme on one day.
    report
        Its progress report.
    table
        Its district table.
    maps, tables
        Where the other files are, relative to the index.

    Returns
    -------
    page
        Complete HTML in UTF-8, the same bytes for the same state.
    """
    there = {section.key for section in report.sections}
    shown = report.only(key for key in (*_SECTIONS, *_WHERE_THERE) if key in there)
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_FOLDER), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True
    )
    environment.filters["german"] = number
    page = environment.get_template("overview.html.jinja").render(
        css=Markup(_style()),  # noqa: S704 - our own files
        report=report,
        figures=key_figures(state, table),
        shapes=district_shapes(state, table),
        view_box=_view_box(state.districts),
        is_counted=state.counts_all("targets"),
        classes=[number(100 * bound) for bound in _CLASSES],
        maps=maps,
        tables=tables,
        curves=[(one.title, Markup(figure_fragment(one))) for one in report.sections if one.chart],  # noqa: S704
        sections=[Markup(section_fragment(section)) for section in shown.sections],  # noqa: S704 - escaped there
        stand=date(state.as_of),
        sample=SAMPLE_NOTE if state.project.sample else "",
        sources=_sources(state),
        caution=clean(state.project.layers["districts"].note or ""),
    )
    return page.encode()


def _style() -> str:
    files = (_FOLDER.parent / "report.css", _FOLDER / "overview.css")
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


def key_figures(state: State, table: pd.DataFrame) -> list[Figure]:
    """
    Return the figures of the first programme that are to be seen first.

    Parameters
    ----------
    state
        The programme on one day.
    table
        Its district table.

    Returns
    -------
    figures
        Connections to be made, the rungs of the ladder, and the three lengths, each on its own.
    """
    first = state.project.programmes[0].id
    sums = table[table["programme_id"] == first].sum(numeric_only=True)
    connections = [_population(state, first), *_steps(state, sums)] if state.counts_all("targets") else []
    return [*connections, *(_lengths(state, sums) if state.counts_all("segments") else [])]


def _population(state: State, programme_id: str) -> Figure:
    funded = state.targets[(state.targets["programme_id"] == programme_id) & (state.targets["drive"] == Drive.FUNDED)]
    counts = funded["category"].value_counts()
    parts = [counted(int(counts[category]), *CATEGORY_NOUNS[category]) for category in Category if category in counts]
    return Figure("geförderte Anschlüsse", number(len(funded)), ", ".join(parts))


def _steps(state: State, row: pd.Series[int]) -> list[Figure]:
    whole = int(row["counted"])
    shown = (Milestone.PASSED, Milestone.PREPARED, Milestone.CONNECTED, Milestone.ACTIVATED)
    return [
        Figure(
            MILESTONE_LABELS[step],
            percent(row[step], whole),
            f"{number(row[step])} von {number(whole)}",
            row[step] / whole if whole else None,
        )
        for step in shown
        if state.tells("targets", MILESTONE_HEIGHT[step])
    ]


def _lengths(state: State, row: pd.Series[float]) -> list[Figure]:
    figures = []
    for measure, label in _BUILT_LABELS.items():
        if measure == CABLE and not state.gives("segments", "cable_length_m"):
            continue
        planned, done = row[f"{measure}_planned_m"], row[f"{measure}_done_m"]
        note = f"von {length(planned)} ({percent(done, planned)})"
        figures.append(Figure(label, length(done), note, done / planned if planned else None))
    # Existing ducts are there from the first day: a bar would show progress where nothing was done.
    there = length(row[f"{SegmentKind.CO_USED}_planned_m"])
    return [*figures, Figure("mitgenutzte Infrastruktur", there, "vorhanden, ohne Tiefbau")]


def district_shapes(state: State, table: pd.DataFrame) -> list[Shape]:
    """
    Return the districts of the small map, shaded by the share of funded connections made.

    Parameters
    ----------
    state
        The programme on one day.
    table
        Its district table.

    Returns
    -------
    shapes
        One per district, in the order of their ids; all alike where not every connection is there to be counted.
    """
    first = state.project.programmes[0].id
    sums = table[table["programme_id"] == first].groupby("district_id")[["connected", "counted"]].sum()
    left, _, _, top = state.districts.total_bounds
    scale = _scale(state.districts)
    areas = shapely.coverage_simplify(state.districts.geometry.to_numpy(), _TOLERANCE_M)
    shapes, is_counted = [], state.counts_all("targets")
    for district, area in zip(state.districts.itertuples(), areas, strict=True):
        done, whole = sums.loc[district.district_id] if district.district_id in sums.index else (0, 0)
        spot = shapely.point_on_surface(area) if not area.contains(area.centroid) else area.centroid
        shapes.append(
            Shape(
                id=district.district_id,
                name=clean(district.name),
                path=_path(area, left, top, scale),
                x=round((spot.x - left) * scale),
                y=round((top - spot.y) * scale),
                shade=_shade(int(done), int(whole)) if is_counted else 0,
                text=f"{number(done)}/{number(whole)}" if is_counted else "",
            )
        )
    return shapes


def _scale(districts: gpd.GeoDataFrame) -> float:
    left, _, right, _ = districts.total_bounds
    return float(_WIDTH / (right - left))


def _view_box(districts: gpd.GeoDataFrame) -> str:
    _, bottom, _, top = districts.total_bounds
    return f"-8 -8 {_WIDTH + 16} {round((top - bottom) * _scale(districts)) + 16}"


def _shade(done: int, whole: int) -> int | None:
    return sum(done / whole > bound for bound in _CLASSES) if whole else None


def _path(area: shapely.Geometry, left: float, top: float, scale: float) -> str:
    rings = [ring for part in shapely.get_parts(area) for ring in (part.exterior, *part.interiors)]
    drawn = []
    for ring in rings:
        points = [f"{round((x - left) * scale)} {round((top - y) * scale)}" for x, y in ring.coords[:-1]]
        drawn.append(f"M{'L'.join(points)}Z")
    return "".join(drawn)


def _sources(state: State) -> list[str]:
    layers = state.project.layers.values()
    lines = [clean(line) for layer in layers for line in (*layer.attribution, layer.note or "")]
    return [line for line in dict.fromkeys(lines) if line]


def map_text(count: int, done: int) -> str:
    """
    Return the line that stands under a map's title.

    Parameters
    ----------
    count, done
        Funded connections of the page, and those of them that are made.

    Returns
    -------
    text
        E.g. `437 Anschlüsse, davon angeschlossen 350/437 (80,1 %)`.
    """
    return f"{counted(count, 'Anschluss', 'Anschlüsse')}, davon angeschlossen {share(done, count)}"
