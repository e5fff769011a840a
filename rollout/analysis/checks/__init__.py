"""Everything that can be wrong with the rows of the layers, found before anything is counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rollout.analysis.checks.columns import check_columns
from rollout.analysis.checks.content import (
    check_addresses,
    check_institutions,
    check_project_districts,
    check_references,
    check_status,
)
from rollout.analysis.checks.desk import Desk, desk_of, in_project_file
from rollout.analysis.checks.geometry import check_districts, check_geometry
from rollout.analysis.checks.position import check_distance, check_districts_of_targets
from rollout.analysis.checks.reconciliation import check_goals
from rollout.analysis.checks.rules import RULES
from rollout.crs import METRIC_CRS
from rollout.schema import LAYERS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd

    from rollout.findings import Finding
    from rollout.project import Project

__all__ = ["RULES", "check_layers"]


def check_layers(
    layers: Mapping[str, gpd.GeoDataFrame], project: Project, known: Sequence[Finding] = ()
) -> list[Finding]:
    """
    Check the layers of a project, each by itself and against one another.

    Parameters
    ----------
    layers
        Name → rows in `METRIC_CRS`, index 0 to n-1 in the order of the file.
    project
        Says what files and columns are called, and what programmes, phases and goals there are.
    known
        What reading has found already. A missing column or an unreadable value in it is not reported
        a second time as missing or empty.

    Returns
    -------
    findings
        In the order of the layers, by rule; of each rule at most 50 per layer and then how many more.
    """
    findings = _missing_layers(layers)
    desks = {name: desk_of(name, layers[name], project) for name in LAYERS if name in layers}
    for desk in desks.values():
        findings += _check_alone(desk, project)
    if "districts" in desks and desks["districts"].rows.empty:
        findings.append(desks["districts"].as_a_whole("empty-layer", "Die Ebene hat noch keine Zeile."))
    findings += _check_together({name: desk for name, desk in desks.items() if desk.rows.crs == METRIC_CRS}, project)
    said = {(finding.layer, finding.row, finding.column) for finding in known if finding.column}
    repeated = {"missing-column", "empty-value"}
    return [
        finding
        for finding in findings
        if finding.rule not in repeated or (finding.layer, finding.row, finding.column) not in said
    ]


def _missing_layers(layers: Mapping[str, gpd.GeoDataFrame]) -> list[Finding]:
    missing = [layer for layer in LAYERS.values() if layer.required and layer.name not in layers]
    return [in_project_file("missing-layer", f"Die Ebene „{layer.name}“ fehlt: {layer.meaning}") for layer in missing]


def _check_alone(desk: Desk, project: Project) -> list[Finding]:
    findings = check_columns(desk) + check_geometry(desk, project.place)
    findings += check_references(desk, project) + check_status(desk, project)
    if desk.layer.name == "targets":
        findings += check_institutions(desk) + check_addresses(desk)
    return findings


def _check_together(desks: Mapping[str, Desk], project: Project) -> list[Finding]:
    findings: list[Finding] = []
    districts, targets, segments = (desks.get(name) for name in ("districts", "targets", "segments"))
    if districts:
        findings += check_districts(districts) + check_project_districts(districts.rows, project)
    if targets and districts:
        findings += check_districts_of_targets(targets, districts.rows, project)
    if targets and segments:
        findings += check_distance(targets, segments.rows, project)
    return findings + check_goals({name: desk.rows for name, desk in desks.items()}, project)
