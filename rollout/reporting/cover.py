"""The first page of a package: for whom it is, of which day, until when, and the way to its maps and tables."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import jinja2
from markupsafe import Markup

from rollout.reporting.arrange import clean
from rollout.reporting.describe import SAMPLE_NOTE
from rollout.reporting.html import section_fragment
from rollout.wording import date

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rollout.project import Project
    from rollout.reporting.overview import Link
    from rollout.reporting.report import Report

_FOLDER = Path(__file__).parent / "page"
_STYLES = (_FOLDER.parent / "report.css", _FOLDER / "overview.css")


def cover_page(
    project: Project,
    report: Report,
    notice: Sequence[str],
    links: tuple[Sequence[Link], Sequence[Link]],
    *,
    preview: str = "",
) -> bytes:
    """
    Draw the first page of a package or of a published folder.

    It has no script: what it says stands in the file, escaped by the template.

    Parameters
    ----------
    project
        As its audience may know it.
    report
        What is counted; its sections stand on the page.
    notice
        Lines on receiver, purpose, day and end.
    links
        Maps and tables, relative to the page.
    preview
        Address of the picture that is shown where a link to the page is; empty for none.

    Returns
    -------
    page
        Complete HTML in UTF-8, the same bytes for the same report.
    """
    maps, tables = links
    page = _template().render(
        css=Markup("\n".join(file.read_text(encoding="utf-8") for file in _STYLES)),  # noqa: S704 - our own files
        report=report,
        description=report.subtitle[0],
        notice=[clean(line) for line in notice],
        maps=maps,
        tables=tables,
        sections=[Markup(section_fragment(section)) for section in report.sections],  # noqa: S704 - escaped there
        stand=date(report.as_of),
        sample=SAMPLE_NOTE if report.sample else "",
        sources=_sources(project),
        preview=preview,
    )
    return page.encode()


@cache
def _template() -> jinja2.Template:
    """Read the page as it is made once for all receivers."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_FOLDER), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True
    )
    return environment.get_template("cover.html.jinja")


def _sources(project: Project) -> list[str]:
    said = [line for layer in project.layers.values() for line in (*layer.attribution, layer.note or "")]
    return [line for line in dict.fromkeys(map(clean, said)) if line]
