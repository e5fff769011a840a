"""`rollout build`: the maps and tables, written together."""

from __future__ import annotations

import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rollout.cli.arguments import AsJson, AsOf, DryRun, KnownAt, ProjectPath, Quiet, Verbose, day
from rollout.cli.speaking import as_objects, console, findings_table, near, say, say_json

if TYPE_CHECKING:
    from rollout.pipeline import Built

_OpenAfter = Annotated[bool, typer.Option("--open", help="Die Übersicht danach im Browser öffnen.")]


def build(  # noqa: PLR0913 - one per option
    project: ProjectPath = Path(),
    *,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    open_after: _OpenAfter = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Zeichnet alle Karten und Tabellen des Projekts."""
    from rollout import pipeline
    from rollout.cli.progress import steps
    from rollout.project import open_project

    opened = open_project(project)
    with steps(shown=not (quiet or as_json)) as advance:
        built = pipeline.build(opened, day(as_of), known_at=day(known_at), advance=advance, write=not dry_run)
    if as_json:
        say_json(_as_object(built, dry_run=dry_run))
    else:
        _print(built, dry_run=dry_run, quiet=quiet, verbose=verbose)
    if open_after and not dry_run:
        webbrowser.open(built.index.as_uri())


def _as_object(built: Built, *, dry_run: bool) -> dict[str, object]:
    return {
        "as_of": built.as_of,
        "written": not dry_run,
        "files": [{"path": path, "bytes": size} for path, size in built.files.items()],
        "findings": as_objects(built.findings),
    }


def _print(built: Built, *, dry_run: bool, quiet: bool, verbose: bool) -> None:
    for path in built.files:
        say(near(path), err=False)
    if quiet:
        return
    if verbose and built.findings:
        console(err=True).print(findings_table(built.findings))
    elif built.findings:
        count = len(built.findings)
        said = "Ein Befund" if count == 1 else f"{count} Befunde"
        say(f"{said} zu den Daten; einzeln zeigt sie: rollout check")
    done = "würden geschrieben" if dry_run else "geschrieben"
    say(f"{len(built.files)} Dateien {done}, Stand {built.as_of:%d.%m.%Y}. Beginnen Sie mit {near(built.index)}")
