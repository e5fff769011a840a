"""`rollout table`: the progress tables, on the terminal or as a file."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rollout.cli.arguments import AsJson, AsOf, KnownAt, ProjectPath, day
from rollout.cli.speaking import PIPE_WIDTH, say
from rollout.reporting.formats import Format
from rollout.vocabulary import Level

if TYPE_CHECKING:
    from rollout.reporting.report import Report

By = Annotated[Level, typer.Option("--by", help="Eine Zeile je Stadtteil, Bauabschnitt oder Förderprojekt.")]
FormatOption = Annotated[
    Format | None,
    typer.Option("--format", "-f", help="Ohne Angabe: nach der Endung der Ausgabedatei, sonst Terminal."),
]
OutputFile = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="DATEI", help="In diese Datei statt auf die Standardausgabe.")
]


def table(  # noqa: PLR0913 - one per option
    project: ProjectPath = Path(),
    *,
    by: By = Level.DISTRICT,
    form: FormatOption = None,
    output: OutputFile = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    as_json: AsJson = False,
) -> None:
    """Zeigt den Fortschritt je Stadtteil, Bauabschnitt und Förderprojekt als Tabelle."""
    form = chosen_format(form, output, as_json=as_json)
    from rollout import pipeline
    from rollout.project import open_project
    from rollout.reporting.describe import progress_report

    state = pipeline.state(open_project(project), day(as_of), known_at=day(known_at))
    hand_over(progress_report(state, by), form, output)


def hand_over(report: Report, form: Format, output: Path | None) -> None:
    """Write a report into a file, or onto stdout in the width of the window."""
    from rollout.files import write_file
    from rollout.reporting import terminal
    from rollout.reporting.render import render

    if form is Format.TERMINAL:
        width = shutil.get_terminal_size((PIPE_WIDTH, 24)).columns
        content = terminal.render(report, width, colour=sys.stdout.isatty() and "NO_COLOR" not in os.environ)
    else:
        content = render(report, form)
    if output is None:
        sys.stdout.buffer.write(content)
        sys.stdout.flush()
    else:
        write_file(output, content)
        say(f"Geschrieben: {output}")


def chosen_format(form: Format | None, output: Path | None, *, as_json: bool) -> Format:
    """Return the format asked for, by option or by the file's ending."""
    chosen = Format.JSON if as_json else form or format_of(output)
    if chosen is Format.XLSX and output is None:
        msg = "XLSX braucht eine Ausgabedatei: --output DATEI.xlsx"
        raise typer.BadParameter(msg)
    return chosen


def format_of(output: Path | None) -> Format:
    """Return the format a file's ending names; the terminal for no file."""
    if output is None:
        return Format.TERMINAL
    ending = output.suffix.lower().removeprefix(".")
    if ending in set(Format) - {Format.TERMINAL}:
        return Format(ending)
    msg = f"Die Endung '{output.suffix}' nennt kein Format; erlaubt sind .csv, .xlsx, .html, .md, .json"
    raise typer.BadParameter(msg)
