"""The main job as readable functions: open, check, place, count, draw, write."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from rollout.analysis import ladder, places
from rollout.analysis.checks import check_layers
from rollout.analysis.names import match_districts
from rollout.analysis.state import State
from rollout.analysis.summary import district_table
from rollout.cartography import phase_map
from rollout.errors import DataError, ProjectError
from rollout.files import write_together
from rollout.findings import Severity
from rollout.layers import read_layer
from rollout.reporting.describe import progress_report
from rollout.reporting.overview import Link, map_text, overview_page
from rollout.reporting.render import Format, render
from rollout.schema import LAYERS

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import geopandas as gpd

    from rollout.findings import Finding
    from rollout.project import Project

    Advance = Callable[[str, float], None]

BASE_LAYERS = ("streets", "water", "boundary")


@dataclass(frozen=True, slots=True)
class Checked:
    """
    The layers of a project and everything that was found in them.

    Attributes
    ----------
    layers
        Name → rows in `METRIC_CRS`.
    findings
        Errors and lesser findings, in the order of the layers.
    """

    layers: dict[str, gpd.GeoDataFrame]
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that stop the work."""
        return tuple(finding for finding in self.findings if finding.severity is Severity.ERROR)


def check(project: Project) -> Checked:
    """
    Read every layer of a project and look for faults.

    Parameters
    ----------
    project
        What the project file says.

    Returns
    -------
    checked
        The layers and the findings, whether or not there are errors among them.

    Raises
    ------
    LayerError, CrsError
        If a layer cannot be read at all.
    """
    readings = {name: read_layer(project, name) for name in LAYERS if name in project.layers}
    found = [finding for reading in readings.values() for finding in reading.findings]
    layers = {name: reading.rows for name, reading in readings.items()}
    found += check_layers(layers, project, found)
    order = list(LAYERS)
    found.sort(key=lambda finding: order.index(finding.layer) if finding.layer in order else -1)
    return Checked(layers, tuple(found))


def state(project: Project, as_of: dt.date | None = None) -> State:
    """
    Return what is true on one day, placed in districts and phases.

    Parameters
    ----------
    project
        What the project file says.
    as_of
        The Stichtag; the project's own by default. The layers carry only the latest status: what
        became true after the day has no data for it.

    Returns
    -------
    state
        Every frame in `METRIC_CRS`.

    Raises
    ------
    LayerError, CrsError
        If a layer cannot be read.
    DataError
        If the rows break the schema; carries the findings.
    """
    return place(_faultless(check(project)).layers, project, as_of or project.as_of)


def _faultless(checked: Checked) -> Checked:
    if checked.errors:
        count = len(checked.errors)
        msg = f"die Daten haben {count} Fehler" if count > 1 else "die Daten haben einen Fehler"
        raise DataError(msg, "Alle Befunde mit Datei, Zeile und Spalte zeigt: rollout check", checked.findings)
    return checked


def place(layers: dict[str, gpd.GeoDataFrame], project: Project, day: dt.date) -> State:
    """
    Place faultless layers in districts and phases, as of one day.

    Parameters
    ----------
    layers
        Name → rows as `check` returns them, without errors.
    project
        What the project file says.
    day
        The Stichtag.

    Returns
    -------
    state
        Every frame in `METRIC_CRS`.
    """
    districts = layers["districts"].sort_values("district_id", ignore_index=True)
    memberships = phase_districts(project, districts)
    segments = _measured(ladder.as_of(layers["segments"], day))
    nodes = layers["nodes"].assign(district_id=places.assign_district(layers["nodes"], districts))
    return State(
        project=project,
        as_of=day,
        districts=districts,
        phase_districts=memberships,
        nodes=nodes,
        segments=segments,
        pieces=_pieces(segments, districts),
        targets=_placed(ladder.as_of(layers["targets"], day), segments, districts, places.phases_on(memberships, day)),
        base={name: layers[name] for name in BASE_LAYERS if name in layers},
    )


def phase_districts(project: Project, districts: gpd.GeoDataFrame) -> pd.DataFrame:
    """
    Return which districts the project file puts in which phase, with the districts' ids.

    Parameters
    ----------
    project
        What the project file says; spellings in `district_variants` are accepted.
    districts
        With `district_id` and `name`.

    Returns
    -------
    memberships
        One row per phase and district: `programme_id`, `phase_id`, `district_id`, `from_date`, `extent`.

    Raises
    ------
    ProjectError
        If a phase names a district that the layer does not have.
    """
    rows = [
        (phase.programme, phase.id, part.district, pd.Timestamp(part.from_date), str(part.extent))
        for phase in project.phases
        for part in phase.districts
    ]
    memberships = pd.DataFrame(rows, columns=["programme_id", "phase_id", "district", "from_date", "extent"])
    names = memberships.pop("district").astype("string")
    memberships["district_id"] = match_districts(names, districts, project.district_variants)
    unknown = names[memberships["district_id"].isna()]
    if len(unknown):
        msg = f"phases: unbekannter Stadtteil '{unknown.iloc[0]}'"
        raise ProjectError(msg, "Schreiben Sie ihn wie im Layer 'districts', oder ergänzen Sie [district_variants].")
    return memberships.astype({"programme_id": "string", "phase_id": "string", "extent": "string"})


def _measured(segments: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return segments.assign(length_m=segments.length, height=ladder.heights(segments, "segments"))


_PIECE_COLUMNS = ["segment_id", "programme_id", "phase_id", "kind", "status", "status_since", "reason", "height"]


def _pieces(segments: gpd.GeoDataFrame, districts: gpd.GeoDataFrame) -> pd.DataFrame:
    parts = places.split_by_district(segments, districts)
    facts = pd.DataFrame(segments[[*_PIECE_COLUMNS, "length_m", "cable_length_m"]])
    facts = facts.rename(columns={"length_m": "whole_m"})
    pieces = parts.merge(facts, on="segment_id", validate="many_to_one")
    fraction = pieces["length_m"] / pieces.pop("whole_m")
    return pieces.assign(cable_m=pieces.pop("cable_length_m").fillna(0.0) * fraction)


def _placed(
    targets: gpd.GeoDataFrame, segments: gpd.GeoDataFrame, districts: gpd.GeoDataFrame, phases: pd.DataFrame
) -> gpd.GeoDataFrame:
    placed = targets.assign(district_id=places.assign_district(targets, districts))
    placed["phase_id"] = places.assign_phase(placed, phases)
    placed["height"] = ladder.heights(placed, "targets")
    return placed.join(places.attach_targets(placed, segments))


@dataclass(frozen=True, slots=True)
class Built:
    """
    What a build wrote.

    Attributes
    ----------
    as_of
        The Stichtag of every file.
    files
        Path → size in bytes, in the order they were written; the index is the last.
    findings
        Warnings and remarks about the layers.
    """

    as_of: dt.date
    files: dict[Path, int]
    findings: tuple[Finding, ...]

    @property
    def index(self) -> Path:
        """The page to begin with."""
        return list(self.files)[-1]


def build(
    project: Project, as_of: dt.date | None = None, *, advance: Advance = lambda _step, _done: None, write: bool = True
) -> Built:
    """
    Draw every map and table of a project and write them together.

    Parameters
    ----------
    project
        What the project file says; `maps` is the folder written to.
    as_of
        The Stichtag; the project's own by default.
    advance
        Called before each step with its German name and the fraction done.
    write
        False to draw everything and write nothing.

    Returns
    -------
    built
        The files and what was found in the layers.

    Raises
    ------
    LayerError, CrsError, DataError
        If the layers cannot be used.
    OutputError
        If the files cannot be written. Earlier files are untouched.
    """
    checked = _faultless(check(project))
    known = place(checked.layers, project, as_of or project.as_of)
    files = draw(known, advance)
    if write:
        advance("Schreiben", 0.95)
        write_together(project.maps_folder, files)
    sizes = {project.maps_folder / name: len(content) for name, content in files.items()}
    return Built(known.as_of, sizes, checked.findings)


def draw(known: State, advance: Advance = lambda _step, _done: None) -> dict[str, bytes]:
    """
    Draw every map and table.

    Parameters
    ----------
    known
        The programme on one day.
    advance
        Called before each step with its German name and the fraction done.

    Returns
    -------
    files
        Relative path → content; the index is the last, so that it never points to what is not there yet.
    """
    views, table, report = list(_views(known.project)), district_table(known), progress_report(known)
    files: dict[str, bytes] = {}
    links: list[Link] = []
    for position, view in enumerate(views):
        advance(view.file, 0.3 + 0.5 * position / len(views))
        page = phase_map(known, view.phase_id, programme_id=view.programme_id)
        files[view.file] = page.html().encode()
        links.append(_link(table, view, page.heading))
    for form, (title, _text) in _TABLE_FORMS.items():
        advance(title, 0.8)
        files[_table_file(form)] = render(report, form)
    ways = [Link(_table_file(form), title, text) for form, (title, text) in _TABLE_FORMS.items()]
    files["index.html"] = overview_page(known, report, table, links, ways)
    return files


@dataclass(frozen=True, slots=True)
class _View:
    """One map page: where it is written and what it shows."""

    file: str
    phase_id: str | None = None
    programme_id: str | None = None


def _views(project: Project) -> Iterator[_View]:
    first, *others = (programme.id for programme in project.programmes)
    yield _View("stadt.html", programme_id=first)
    for phase in project.phases:
        yield _View(f"bauabschnitt-{phase.id}.html", phase_id=phase.id, programme_id=phase.programme)
    for programme_id in others:
        yield _View(f"projekt-{programme_id}.html", programme_id=programme_id)


def _link(table: pd.DataFrame, view: _View, title: str) -> Link:
    rows = table[table["programme_id"] == view.programme_id]
    if view.phase_id is not None:
        rows = rows[rows["phase_id"] == view.phase_id]
    sums = rows[["counted", "connected"]].sum()
    here = tuple(rows.loc[rows["counted"] > 0, "district_id"].dropna())
    return Link(view.file, title, map_text(int(sums["counted"]), int(sums["connected"])), here)


_TABLE_FORMS = {
    Format.XLSX: ("Excel", "alle Tabellen mit Definitionen"),
    Format.HTML: ("Webseite zum Drucken", "alle Tabellen mit Definitionen"),
    Format.CSV: ("CSV", "für die Weiterverarbeitung"),
    Format.MARKDOWN: ("Markdown", "für Berichte"),
    Format.JSON: ("JSON", "für Programme"),
}


def _table_file(form: Format) -> str:
    return f"tabellen/fortschritt.{form.value}"
