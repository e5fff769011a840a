"""`rollout print`: the sheets of the districts as one PDF."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rollout.cli.arguments import AsJson, AsOf, KnownAt, ProjectPath, Quiet, day
from rollout.cli.speaking import near, say, say_json
from rollout.vocabulary import Paper

_Districts = Annotated[
    list[str] | None,
    typer.Option("--district", metavar="STADTTEIL", help="Nur dieser Stadtteil; mehrfach möglich. Ohne Angabe: alle."),
]
_Phase = Annotated[
    str | None, typer.Option("--phase", metavar="BAUABSCHNITT", help="Nur dieser Bauabschnitt. Ohne Angabe: die Stadt.")
]
_Format = Annotated[Paper, typer.Option("--format", "-f", case_sensitive=False, help="A4 hoch oder A3 quer.")]
_Output = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="DATEI", help="In diese PDF-Datei statt in den Kartenordner.")
]
_Browser = Annotated[
    str | None,
    typer.Option(
        "--browser",
        metavar="PFAD",
        envvar="ROLLOUT_BROWSER",
        help="Chromium, Chrome oder Edge. Ohne Angabe: der erste, der sich findet.",
    ),
]


def print_sheets(  # noqa: PLR0913 - one per option
    project: ProjectPath = Path(),
    *,
    district: _Districts = None,
    phase: _Phase = None,
    paper: _Format = Paper.A4,
    output: _Output = None,
    browser: _Browser = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Druckt je Stadtteil ein Blatt, mit Übersicht und Straßenverzeichnis, als eine PDF-Datei."""
    if output is not None and output.suffix.lower() != ".pdf":
        msg = f"Die Endung '{output.suffix}' ist keine PDF-Datei: --output DATEI.pdf"
        raise typer.BadParameter(msg)
    from rollout import pipeline, sheets
    from rollout.cli.progress import steps
    from rollout.printing.browser import chosen
    from rollout.project import open_project

    opened, program = open_project(project), chosen(browser)
    order = sheets.Order(paper, phase, tuple(district or ()))
    with steps(shown=not (quiet or as_json)) as advance:
        state = pipeline.state(opened, day(as_of), known_at=day(known_at))
        planned = sheets.plan(state, order)
        file = output or opened.maps_folder / sheets.file_name(planned, order)
        advance(f"Drucken: {len(planned.sheets)} Blätter", 0.3)
        made = sheets.print_sheets(state, planned, paper, program, file)
    if as_json:
        placed = zip(planned.sheets.items(), made.starts, strict=True)
        found = [{"district_id": district_id, "name": name, "page": page} for (district_id, name), page in placed]
        size = {"format": paper, "pages": made.pages, "bytes": len(made.content)}
        say_json({"as_of": state.as_of, "path": file, **size, "sheets": found})
        return
    say(near(file), err=False)
    if not quiet:
        count = "Ein Blatt" if len(planned.sheets) == 1 else f"{len(planned.sheets)} Blätter"
        say(f"{count} {paper}, {made.pages} Seiten, Stand {state.as_of:%d.%m.%Y}")
