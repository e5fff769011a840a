"""What the program says: results on stdout, everything else on stderr."""

from __future__ import annotations

import json
import re
import shutil
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rollout.errors import DataError, RolloutError
from rollout.findings import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from rich.console import Console
    from rich.table import Table

    from rollout.findings import Finding

SEVERITY_LABELS = {Severity.ERROR: "Fehler", Severity.WARNING: "Warnung", Severity.INFO: "Hinweis"}
_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.INFO: "dim"}

PIPE_WIDTH = 140
"""Columns where the output is no terminal; a file has room."""

_OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")
"""Signs that are not shown but steer a terminal or turn a line round; a stranger's file and its name may hold them."""

_MOST_SHOWN = 10
"""How many findings a failing command shows; `rollout check` shows all."""


def console(*, err: bool = False) -> Console:
    """
    Return the console for results, or for everything else.

    Parameters
    ----------
    err
        True for stderr.

    Returns
    -------
    console
        Text of the data is never read as markup.
    """
    from rich.console import Console

    width = shutil.get_terminal_size((PIPE_WIDTH, 24)).columns
    return Console(stderr=err, width=width, markup=False, highlight=False, emoji=False, soft_wrap=not err)


def say(line: str = "", *, err: bool = True) -> None:
    """
    Print one line; a sign that a terminal would obey is written as its code.

    Parameters
    ----------
    line
        The text.
    err
        False for a result.
    """
    print(_shown_only(line), file=sys.stderr if err else sys.stdout)


def _shown_only(text: str) -> str:
    return _OBEYED.sub(lambda sign: sign[0].encode("unicode_escape").decode("ascii"), text)


def near(path: Path) -> str:
    """
    Name a file as it is called from here.

    Parameters
    ----------
    path
        Where it is.

    Returns
    -------
    text
        Relative where it lies below the current folder.
    """
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def say_json(said: dict[str, Any]) -> None:
    """
    Print one JSON object on stdout.

    Parameters
    ----------
    said
        What it holds; dates and paths are written as text.
    """
    text = json.dumps(said, ensure_ascii=False, indent=2, allow_nan=False, default=str)
    sys.stdout.write(f"{text}\n")  # as it stands: a program reads it


def findings_table(findings: Sequence[Finding]) -> Table:
    """
    Lay findings out for the terminal.

    Parameters
    ----------
    findings
        In the order they are shown.

    Returns
    -------
    table
        Severity, place, message with the value, and the way out.
    """
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, show_lines=False, header_style="bold", padding=(0, 2, 1, 0))
    for heading, ratio in (("", None), ("Ort", 2), ("Befund", 4), ("Abhilfe", 4)):
        table.add_column(heading, ratio=ratio, overflow="fold", no_wrap=ratio is None)
    for finding in findings:
        label = Text(SEVERITY_LABELS[finding.severity], style=_STYLES[finding.severity])
        table.add_row(label, *(Text(_shown_only(text)) for text in (_place(finding), finding.message, finding.hint)))
    return table


def _place(finding: Finding) -> str:
    parts = [finding.file or finding.layer]
    if finding.row is not None:
        parts.append(f"Zeile {finding.row}")
    if finding.column is not None:
        parts.append(f"Spalte '{finding.column}'")
    if finding.id is not None:
        parts.append(finding.id)
    return ", ".join(parts)


def rows_table(rows: pd.DataFrame, headings: dict[str, str]) -> Table:
    """
    Lay rows out for the terminal.

    Parameters
    ----------
    rows
        Any frame.
    headings
        Column → German heading, in the order they are shown.

    Returns
    -------
    table
        Dates the German way, nothing where nothing is known.
    """
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for place, heading in enumerate(headings.values()):
        table.add_column(heading, overflow="fold", no_wrap=place == 0)  # what is copied must stand on one line
    for row in rows[list(headings)].itertuples(index=False):
        table.add_row(*(Text(_shown_only(_shown(value))) for value in row))
    return table


def _shown(value: object) -> str:
    import pandas as pd

    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and value != value):  # noqa: PLR0124
        return ""
    if isinstance(value, pd.Timestamp):
        return f"{value:%d.%m.%Y}" if value == value.normalize() and value.tz is None else f"{value:%d.%m.%Y %H:%M}"
    if isinstance(value, float):
        return f"{value:.0f}"
    return str(value)


def as_objects(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """
    Return findings as plain objects for JSON.

    Parameters
    ----------
    findings
        Any number of them.

    Returns
    -------
    objects
        One per finding, with every field of it.
    """
    return [asdict(finding) for finding in findings]


def report_failure(error: RolloutError, *, as_json: bool) -> None:
    """
    Say what went wrong and how to mend it.

    Parameters
    ----------
    error
        What was raised.
    as_json
        Whether stdout is to carry one JSON object.
    """
    findings = error.findings if isinstance(error, DataError) else ()
    if as_json:
        fault = {"type": type(error).__name__, "message": error.message, "hint": error.hint}
        say_json({"error": fault, "exit_code": error.exit_code, "findings": as_objects(findings)})
        return
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    say(f"Fehler: {error.message}")
    if errors:
        console(err=True).print(findings_table(errors[:_MOST_SHOWN]))
    if error.hint:
        say(f"Abhilfe: {error.hint}")
