"""`rollout check`: what is wrong, before anything is drawn."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from rollout.cli.arguments import AsJson, ProjectPath, Quiet
from rollout.cli.speaking import SEVERITY_LABELS, as_objects, console, findings_table, say, say_json
from rollout.errors import DataError
from rollout.findings import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rollout.findings import Finding
    from rollout.pipeline import Checked


def check(project: ProjectPath = Path(), *, as_json: AsJson = False, quiet: Quiet = False) -> None:
    """Prüft alle Ebenen des Projekts: Befunde mit Datei, Zeile, Spalte, Wert und Abhilfe."""
    from rollout import pipeline
    from rollout.project import open_project

    opened = open_project(project)
    checked = pipeline.check(opened)
    shown = checked.errors if quiet else checked.findings
    if as_json:
        say_json({"project": opened.name, "layers": _sizes(checked), "findings": as_objects(shown)})
    else:
        _print(shown, checked)
    if checked.errors:
        raise typer.Exit(DataError.exit_code)


def _sizes(checked: Checked) -> dict[str, int]:
    return {name: len(rows) for name, rows in checked.layers.items()}


def _print(shown: Sequence[Finding], checked: Checked) -> None:
    if shown:
        console().print(findings_table(shown))
    rows = sum(_sizes(checked).values())
    say(f"{len(checked.layers)} Ebenen mit {rows} Zeilen geprüft: {_summary(checked.findings)}.", err=False)


def _summary(findings: Sequence[Finding]) -> str:
    counts = {severity: sum(finding.severity is severity for finding in findings) for severity in Severity}
    plural = {Severity.ERROR: "Fehler", Severity.WARNING: "Warnungen", Severity.INFO: "Hinweise"}
    said = [
        f"{count} {SEVERITY_LABELS[severity] if count == 1 else plural[severity]}"
        for severity, count in counts.items()
        if count
    ]
    return ", ".join(said) or "keine Befunde"
