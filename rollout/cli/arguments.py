"""The arguments that several commands share."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

DATE_FORMATS = ["%Y-%m-%d", "%d.%m.%Y"]

ProjectPath = Annotated[
    Path,
    typer.Argument(
        metavar="PROJEKT",
        help="Projektdatei oder ihr Ordner. Ohne Angabe: hier oder unter geodata/.",
        show_default=False,
    ),
]

AsOf = Annotated[
    dt.datetime | None,
    typer.Option(
        "--as-of",
        metavar="DATUM",
        formats=DATE_FORMATS,
        help="Stichtag, z. B. 28.03.2022. Ohne Angabe: der des Projekts.",
    ),
]

KnownAt = Annotated[
    dt.datetime | None,
    typer.Option(
        "--known-at",
        metavar="DATUM",
        formats=DATE_FORMATS,
        help="Wie an diesem Tag bekannt. Ohne Angabe: alles, was heute bekannt ist.",
    ),
]

ProjectOption = Annotated[
    Path,
    typer.Option(
        "--project",
        "-p",
        metavar="PROJEKT",
        help="Projektdatei oder ihr Ordner. Ohne Angabe: hier oder unter geodata/.",
    ),
]

AsJson = Annotated[bool, typer.Option("--json", help="Ein JSON-Objekt ausgeben, auch im Fehlerfall.")]

Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Nur das Ergebnis und Fehler ausgeben.")]

Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Auch Hinweise einzeln nennen.")]

DryRun = Annotated[bool, typer.Option("--dry-run", help="Zeigen, was geschrieben würde, und nichts schreiben.")]


def day(moment: dt.datetime | None) -> dt.date | None:
    """
    Return the day of a date option.

    Parameters
    ----------
    moment
        What typer parsed, or None.

    Returns
    -------
    day
        The date, or None.
    """
    return None if moment is None else moment.date()
