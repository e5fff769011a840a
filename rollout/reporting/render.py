"""One entry to all formats; a format's libraries are loaded only when it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rollout.reporting import as_json, delimited, html, markdown, terminal, workbook
from rollout.reporting.formats import Format

if TYPE_CHECKING:
    from collections.abc import Callable

    from rollout.reporting.report import Report


_RENDERERS: dict[Format, Callable[[Report], bytes]] = {
    Format.TERMINAL: terminal.render,
    Format.CSV: delimited.render,
    Format.XLSX: workbook.render,
    Format.HTML: html.render,
    Format.MARKDOWN: markdown.render,
    Format.JSON: as_json.render,
}


def render(report: Report, into: Format) -> bytes:
    """
    Write a report in a format.

    Parameters
    ----------
    report
        Any report.
    into
        The format. The terminal is written for 100 columns without colour; `terminal.render` takes both.

    Returns
    -------
    content
        The same bytes for the same report. Writing them to a file is the caller's business.
    """
    return _RENDERERS[into](report)
