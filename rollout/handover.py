"""What an audience gets: the state cut down, then drawn and counted from what is left alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rollout import pipeline
from rollout.audiences import Figures, audience_named
from rollout.cartography import Additions, Marks, phase_map
from rollout.cartography.views import views
from rollout.errors import OutputError
from rollout.files import write_file
from rollout.reporting.cover import cover_page
from rollout.reporting.describe import progress_report
from rollout.reporting.formats import Format
from rollout.reporting.overview import Link
from rollout.reporting.render import render
from rollout.reporting.withheld import with_notice
from rollout.sharing import releases
from rollout.sharing.notice import notice_of
from rollout.sharing.redaction import shown
from rollout.sharing.sealed import Bound, sealed

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from pathlib import Path

    from rollout.analysis.course import Course
    from rollout.analysis.state import State
    from rollout.cartography import PhaseMap
    from rollout.pipeline import Checked
    from rollout.project import Project
    from rollout.reporting.report import Report
    from rollout.sharing.releases import Register, Release

REGISTER_FILE = "releases.json"
INDEX = "index.html"

_TABLE_FORMS = {
    Format.XLSX: "Excel",
    Format.HTML: "Webseite zum Drucken",
    Format.CSV: "CSV",
    Format.MARKDOWN: "Markdown",
    Format.JSON: "JSON",
}


@dataclass(frozen=True, slots=True)
class Content:
    """
    What an audience gets, before it is packed.

    Attributes
    ----------
    audience
        Name in the project file.
    shown
        The state as the audience may know it.
    pages
        File name → map.
    report
        What is counted.
    notice
        Lines for whom, what for, of which day, until when.
    release
        What is told of small counts, for the register; None where rows themselves are given.
    """

    audience: str
    shown: State
    pages: dict[str, PhaseMap]
    report: Report
    notice: tuple[str, ...]
    release: Release | None


@dataclass(frozen=True, slots=True)
class Shared:
    """
    What was handed over.

    Attributes
    ----------
    path
        The folder or file.
    audience
        Name in the project file.
    as_of
        The Stand.
    files
        Relative path → size in bytes.
    notice
        What stands on every page.
    """

    path: Path
    audience: str
    as_of: dt.date
    files: dict[str, int]
    notice: tuple[str, ...]


def content_of(known: State, name: str, register: Register = ()) -> Content:
    """
    Draw and count what an audience may see.

    Parameters
    ----------
    known
        The whole programme on one day.
    name
        The audience.
    register
        What was released before; limits what may be released now.

    Returns
    -------
    content
        Maps and tables made from what is shown alone.

    Raises
    ------
    InputError
        If there is no such audience, or the day is none of its release days.
    OutputError
        If small counts could be worked out whatever is left out.
    """
    audience = audience_named(known.project.audiences, name)
    state = shown(known, audience)
    notice = notice_of(audience, state)
    if audience.figures is Figures.ROWS:
        course = _course_of(known) if audience.knows_course else None
        additions = Additions(notice=notice, marks=Marks(name, audience), course=course)
        report, release = progress_report(state), None
    else:
        additions, report, release = _disclosed(known, state, name, register)
        notice = additions.notice
    pages = {
        view.file: phase_map(state, view.phase_id, programme_id=view.programme_id, additions=additions)
        for view in views(state.project)
    }
    return Content(name, state, pages, with_notice(report, notice), notice, release)


def _course_of(known: State) -> Course | None:
    if known.sources is None:
        return None
    from rollout import standing  # noqa: PLC0415 - only projects with a store wait for it

    return standing.course_of(known)


def _disclosed(known: State, state: State, name: str, register: Register) -> tuple[Additions, Report, Release]:
    # Only who gets figures alone waits for the linear programmes.
    from rollout.reporting.disclosed_tables import disclosed_report  # noqa: PLC0415
    from rollout.sharing.disclosure import disclosed  # noqa: PLC0415

    audience = audience_named(known.project.audiences, name)
    found = disclosed(known, audience, name, register)
    notice = (*notice_of(audience, state), *found.rules)
    return Additions(notice=notice, disclosed=found.drawn), disclosed_report(state, found), found.release


def files_of(content: Content, password: str | None = None) -> dict[str, bytes]:
    """
    Write what an audience gets.

    Parameters
    ----------
    content
        Maps and tables.
    password
        Seals the pages; tables and the first page, which would stay readable, are then left out.

    Returns
    -------
    files
        Relative path → content.

    Raises
    ------
    InputError
        If the password is too weak.
    OutputError
        If a page or table cannot be made.
    """
    if password is not None:
        bound = Bound(content.audience, content.shown.as_of)
        return {name: sealed(page, password, bound).encode() for name, page in content.pages.items()}
    files = {name: page.html().encode() for name, page in content.pages.items()}
    files |= {_table_file(form): render(content.report, form) for form in _TABLE_FORMS}
    return {**files, INDEX: cover(content)}


def cover(content: Content, preview: str = "") -> bytes:
    """
    Draw the first page.

    Parameters
    ----------
    content
        Maps and tables.
    preview
        Address of the picture shown where a link to the page is; empty for none.

    Returns
    -------
    page
        HTML in UTF-8.
    """
    maps = [Link(name, page.heading, "Karte") for name, page in content.pages.items()]
    tables = [Link(_table_file(form), label, "") for form, label in _TABLE_FORMS.items()]
    return cover_page(content.shown.project, content.report, content.notice, (maps, tables), preview=preview)


def _table_file(form: Format) -> str:
    return f"tabellen/fortschritt.{form.value}"


def register_of(project: Project) -> Register:
    """
    Read what was released so far.

    Parameters
    ----------
    project
        The project; the register lies beside its file.

    Returns
    -------
    register
        Empty before the first release.

    Raises
    ------
    InputError
        If the register is damaged.
    """
    path = project.folder / REGISTER_FILE
    if not path.exists():
        return ()
    try:
        return releases.read(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        reason = (isinstance(error, OSError) and error.strerror) or "kein Text"
        raise releases.unreadable(reason) from error


def record(project: Project, register: Register, release: Release | None) -> None:
    """
    Write down what is given away, before it is: a crash between the two forbids too much, never too little.

    Parameters
    ----------
    project
        The project; the register lies beside its file.
    register
        What was released so far.
    release
        What is released now; None where rows themselves are given, of which nothing is written down.

    Raises
    ------
    OutputError
        If other figures were given away for that audience and day, or anything since the register was read, or it
        cannot be written.
    """
    if release is not None:
        if register_of(project) != register:
            msg = "während dieses Laufs hat ein anderer Zahlen herausgegeben, mit denen diese nicht verglichen sind"
            raise OutputError(msg, "Machen Sie das Paket noch einmal.")
        text = releases.written(releases.append(register, release))
        write_file(project.folder / REGISTER_FILE, text.encode())


def release_day_of(project: Project, name: str, as_of: dt.date) -> dt.date:
    """
    Return the day whose figures an audience may have.

    Parameters
    ----------
    project
        The project.
    name
        The audience.
    as_of
        The Stichtag asked for.

    Returns
    -------
    day
        The Stichtag itself, or the last end of a quarter before it.
    """
    return releases.release_day(as_of, audience_named(project.audiences, name).rhythm)


def states_for(
    checked: Checked,
    project: Project,
    names: Sequence[str],
    as_of: dt.date | None = None,
    known_at: dt.date | None = None,
) -> dict[str, State]:
    """
    Return the whole state of the day whose figures each audience may have.

    Parameters
    ----------
    checked
        The layers of the project, without faults; read once for all.
    project
        What the project file says.
    names
        The audiences.
    as_of
        The Stichtag asked for; the project's own by default.
    known_at
        As known on that day.

    Returns
    -------
    known
        Audience → state, with nothing cut; audiences with the same day share it.

    Raises
    ------
    InputError
        If there is no such audience, the store is damaged, or `known_at` is asked for and there is none.
    """
    days = {name: release_day_of(project, name, as_of or project.as_of) for name in names}
    states = {day: pipeline.state_of(checked, project, day, known_at) for day in sorted(set(days.values()))}
    return {name: states[day] for name, day in days.items()}
