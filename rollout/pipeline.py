"""The main job as readable functions: open, check, place, count, draw, write."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rollout.analysis.checks import check_layers
from rollout.analysis.placing import place
from rollout.analysis.summary import district_table
from rollout.analysis.unlock import unlock
from rollout.cartography.views import views
from rollout.errors import DataError, InputError
from rollout.files import write_together
from rollout.findings import Severity
from rollout.layers import read_layer
from rollout.reporting.formats import Format
from rollout.schema import LAYERS
from rollout.vocabulary import Level

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd

    from rollout.analysis.state import State
    from rollout.cartography.views import View
    from rollout.findings import Finding
    from rollout.project import Project
    from rollout.reporting.overview import Link
    from rollout.reporting.report import Report

    Advance = Callable[[str, float], None]

STORE_FILE = "history.db"

SETS_SHOWN = 10
"""Sets of segments to build next that a page offers as a theme."""


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


def check(project: Project, *, with_base: bool = True) -> Checked:
    """
    Read every layer of a project and look for faults.

    Parameters
    ----------
    project
        What the project file says.
    with_base
        Whether to look at the layers of the base map too, which only maps need.

    Returns
    -------
    checked
        The layers and the findings, whether or not there are errors among them.

    Raises
    ------
    LayerError, CrsError
        If a layer cannot be read at all.
    """
    names = [name for name, layer in LAYERS.items() if name in project.layers and (with_base or layer.required)]
    readings = {name: read_layer(project, name) for name in names}
    found = [finding for reading in readings.values() for finding in reading.findings]
    layers = {name: reading.rows for name, reading in readings.items()}
    found += check_layers(layers, project, found)
    order = list(LAYERS)
    found.sort(key=lambda finding: order.index(finding.layer) if finding.layer in order else -1)
    return Checked(layers, tuple(found))


def state(project: Project, as_of: dt.date | None = None, *, known_at: dt.date | None = None) -> State:
    """
    Return what is true on one day, placed in districts and phases.

    Where the project has a store of deliveries, the status comes from their events. Otherwise the
    layers carry it, and then only the latest: what became true after the day has no data for it.

    Parameters
    ----------
    project
        What the project file says.
    as_of
        The Stichtag; the project's own by default.
    known_at
        As known on that day; all that is known by default. Needs a store.

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
    InputError
        If the store is damaged, or `known_at` is asked for and there is none.
    """
    return state_of(faultless(check(project)), project, as_of or project.as_of, known_at)


def state_of(checked: Checked, project: Project, day: dt.date, known_at: dt.date | None) -> State:
    """
    Return what is true on one day, from layers that were read and checked.

    Parameters
    ----------
    checked
        The layers, without faults.
    project
        What the project file says.
    day, known_at
        The Stichtag, and as known on which day.

    Returns
    -------
    state
        As `state` returns it.

    Raises
    ------
    InputError
        If the store is damaged, or `known_at` is asked for and there is none.
    """
    if has_store(project):
        from rollout import standing  # noqa: PLC0415 - only projects with a store wait for it

        layers, sources = standing.as_reported(checked.layers, project, day, known_at)
        return replace(place(layers, project, day), known_at=known_at, sources=sources)
    if known_at is not None:
        msg = "ohne Lieferungen lässt sich nicht sagen, was wann bekannt war"
        raise InputError(msg, "Lassen Sie --known-at weg, oder nehmen Sie Lieferungen auf: rollout receive DATEI")
    return place(checked.layers, project, day)


def sources_of_all(known: State) -> pd.DataFrame | None:
    """
    Name the delivery that each status came from.

    Parameters
    ----------
    known
        The programme on one day.

    Returns
    -------
    rows
        `entity` (`segment`, `target`), `entity_id`, `sender`, `file_name`, `row`, …; None where the layers carry the
        status.
    """
    if known.sources is None:
        return None
    import pandas as pd  # noqa: PLC0415 - only projects with a store wait for it

    from rollout import standing  # noqa: PLC0415

    ids = {"segment": known.segments["segment_id"], "target": known.targets["target_id"]}
    rows = pd.concat([pd.DataFrame({"entity": entity, "entity_id": found}) for entity, found in ids.items()])
    return standing.sources_of(known.project, rows, known.as_of, known.known_at)


def has_store(project: Project) -> bool:
    """
    Tell whether the project keeps a history of deliveries.

    Parameters
    ----------
    project
        What the project file says.

    Returns
    -------
    there
        True where `history.db` stands beside the project file.
    """
    return (project.folder / STORE_FILE).exists()


def faultless(checked: Checked) -> Checked:
    """
    Refuse layers with faults.

    Parameters
    ----------
    checked
        What `check` found.

    Returns
    -------
    checked
        The same.

    Raises
    ------
    DataError
        If there is an error among the findings; carries them all.
    """
    if checked.errors:
        count = len(checked.errors)
        msg = f"die Daten haben {count} Fehler" if count > 1 else "die Daten haben einen Fehler"
        raise DataError(msg, "Alle Befunde mit Datei, Zeile und Spalte zeigt: rollout check", checked.findings)
    return checked


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
    project: Project,
    as_of: dt.date | None = None,
    *,
    known_at: dt.date | None = None,
    advance: Advance = lambda _step, _done: None,
    write: bool = True,
) -> Built:
    """
    Draw every map and table of a project and write them together.

    A project with a store gets its state for QGIS as well, in `current.gpkg` beside the project file.

    Parameters
    ----------
    project
        What the project file says; `maps` is the folder written to.
    as_of
        The Stichtag; the project's own by default.
    known_at
        As known on that day; all that is known by default. Needs a store.
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
    checked = faultless(check(project))
    known = state_of(checked, project, as_of or project.as_of, known_at)
    files = draw(known, advance)
    sizes = _publish(known, write=write)
    if write:
        advance("Schreiben", 0.95)
        write_together(project.maps_folder, files)
    sizes |= {project.maps_folder / name: len(content) for name, content in files.items()}
    return Built(known.as_of, sizes, checked.findings)


def _publish(known: State, *, write: bool) -> dict[Path, int]:
    """Give QGIS the state of a project with a store, whose layers alone would not tell it."""
    if not has_store(known.project):
        return {}
    from rollout.exchange import snapshot  # noqa: PLC0415 - only projects with a store wait for it

    content = snapshot.snapshot(known)
    if write:
        snapshot.publish(known.project.folder, content)
    return {known.project.folder / snapshot.FILE_NAME: len(content)}


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
    # Tables need no Folium, and deliveries neither that nor Jinja.
    from rollout import standing  # noqa: PLC0415
    from rollout.cartography import Additions, phase_map  # noqa: PLC0415
    from rollout.reporting.overview import Link, overview_page  # noqa: PLC0415
    from rollout.reporting.render import render  # noqa: PLC0415

    table, report = district_table(known), _report(known, advance)
    pages = list(views(known.project))
    unlocked = {programme.id: unlock(known, programme.id, limit=SETS_SHOWN) for programme in known.project.programmes}
    course = standing.course_of(known)
    files: dict[str, bytes] = {}
    links: list[Link] = []
    for position, view in enumerate(pages):
        advance(view.file, 0.3 + 0.5 * position / len(pages))
        address = known.project.address_of(view.file)
        additions = Additions(unlocked=unlocked[view.programme_id], address=address, course=course)
        page = phase_map(known, view.phase_id, programme_id=view.programme_id, additions=additions)
        files[view.file] = page.html().encode()
        links.append(_link(table, view, page.heading))
    for form, (title, _text) in _TABLE_FORMS.items():
        advance(title, 0.8)
        files[_table_file(form)] = render(report, form)
    ways = [Link(_table_file(form), title, text) for form, (title, text) in _TABLE_FORMS.items()]
    files["index.html"] = overview_page(known, report, table, links, ways)
    return files


def _report(known: State, advance: Advance) -> Report:
    """Only deliveries tell a course, so only a project with a store gets forecasts and curves."""
    from rollout.reporting.describe import progress_report  # noqa: PLC0415 - see `draw`

    report = progress_report(known)
    if known.sources is None:
        return report
    from rollout import prospect  # noqa: PLC0415 - only projects with a store wait for it
    from rollout.reporting.forecast_report import forecast_sections, with_forecast  # noqa: PLC0415 - see above

    advance("Prognose", 0.25)
    ahead = prospect.look_ahead(known, by=Level.PHASE)  # by district they take long, and have a command of their own
    return with_forecast(report, forecast_sections(known, ahead.forecasts, ahead.curves))


def _link(table: pd.DataFrame, view: View, title: str) -> Link:
    from rollout.reporting.overview import Link, map_text  # noqa: PLC0415

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
