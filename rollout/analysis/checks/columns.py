"""Columns, types, allowed words, blanks and identifiers, checked by the schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from rollout import vocabulary as words
from rollout.analysis.names import suggest
from rollout.schema import PANDAS_DTYPES

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from rollout.analysis.checks.desk import Desk
    from rollout.findings import Finding
    from rollout.schema import Column

LABELS: dict[str, dict[str, str]] = {
    "category": words.CATEGORY_LABELS,
    "drive": words.DRIVE_LABELS,
    "surface": words.SURFACE_LABELS,
    "laying_method": words.LAYING_METHOD_LABELS,
    "reason": words.REASONS,
    "segments.kind": words.SEGMENT_KIND_LABELS,
    "nodes.kind": words.NODE_KIND_LABELS,
    "segments.status": {rung.key: rung.label for rung in words.SEGMENT_LADDER},
    "segments.status_before": {rung.key: rung.label for rung in words.SEGMENT_LADDER},
    "targets.status": {rung.key: rung.label for rung in words.TARGET_LADDER},
}
"""Column, or layer and column → word → German label."""


def check_columns(desk: Desk) -> list[Finding]:
    """
    Check a layer's columns by the schema.

    Parameters
    ----------
    desk
        The layer.

    Returns
    -------
    findings
        Missing columns, wrong types, blanks, unknown words, numbers too small, identifiers that repeat.
    """
    findings = [
        desk.as_a_whole("missing-column", f"Die Spalte „{column.name}“ fehlt.", column.name)
        for column in desk.layer.columns
        if column.required and not desk.has(column.name)
    ]
    for column in desk.layer.columns:
        if desk.has(column.name):
            findings += _column_findings(desk, column)
    return findings


def _column_findings(desk: Desk, column: Column) -> list[Finding]:
    name = column.name
    if not _has_its_type(desk, column):
        message = f"„{name}“ ist {desk.rows[name].dtype}, erwartet {PANDAS_DTYPES[column.type]}."
        return [desk.as_a_whole("wrong-type", message, name)]
    values = desk.rows[name].reset_index(drop=True)
    there = values.notna()
    findings: list[Finding] = []
    if not column.nullable:
        findings += desk.report("empty-value", ~there, lambda _: f"„{name}“ ist leer.", name)
    if column.allowed is not None:
        unknown = there & ~values.isin([str(word) for word in column.allowed])
        findings += desk.report("unknown-value", unknown, lambda at: _unknown(desk, column, values[at]), name)
    if column.minimum is not None:
        least = f"„{name}“ ist kleiner als {column.minimum:g}."
        findings += desk.report("below-minimum", values < column.minimum, lambda _: least, name)
    if name == desk.layer.key:
        findings += desk.report("duplicate-id", there & values.duplicated(keep=False), _twins(values, desk), name)
    return findings


def _has_its_type(desk: Desk, column: Column) -> bool:
    # Compared by name, so that a text is a text however it is stored.
    return str(desk.rows[column.name].dtype) == PANDAS_DTYPES[column.type]


def _unknown(desk: Desk, column: Column, value: str) -> str:
    labels = LABELS.get(f"{desk.layer.name}.{column.name}") or LABELS.get(column.name) or {}
    allowed = {key: f"{key} ({labels[key]})" if key in labels else key for key in column.allowed or ()}
    near = suggest(value, [*allowed, *(labels[key] for key in allowed if key in labels)])
    meant = next((key for key in allowed if near in {key, labels.get(key)}), None)
    guess = f" Gemeint: {allowed[meant]}?" if meant else ""
    return f"„{value[:80]}“ ist nicht bekannt.{guess} Erlaubt: {', '.join(allowed.values())}."


def _twins(values: pd.Series[Any], desk: Desk) -> Callable[[int], str]:
    def say(at: int) -> str:
        rows = [str(desk.row(int(other))) for other in np.flatnonzero(values.eq(values[at]).fillna(value=False))[:5]]
        return f"Kommt mehrfach vor, in Zeile {', '.join(rows)}."

    return say
