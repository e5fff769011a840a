"""Columns, types, allowed words, blanks and identifiers, checked by pandera."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from rollout import vocabulary as words
from rollout.analysis.names import suggest
from rollout.schema import PANDAS_DTYPES

if TYPE_CHECKING:
    from collections.abc import Callable

    from rollout.analysis.checks.desk import Desk, Mask
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
    broken = _broken(desk)
    findings = [
        desk.as_a_whole("missing-column", f"Die Spalte „{column.name}“ fehlt.", column.name)
        for column in desk.layer.columns
        if column.required and not desk.has(column.name)
    ]
    for column in desk.layer.columns:
        if desk.has(column.name):
            findings += _column_findings(desk, column, broken)
    return findings


def _column_findings(desk: Desk, column: Column, broken: dict[tuple[str, str], Mask]) -> list[Finding]:
    findings: list[Finding] = []
    name = column.name
    if not _has_its_type(desk, column):
        message = f"„{name}“ ist {desk.rows[name].dtype}, erwartet {PANDAS_DTYPES[column.type]}."
        return [desk.as_a_whole("wrong-type", message, name)]
    if (where := broken.get((name, "empty-value"))) is not None:
        findings += desk.report("empty-value", where, lambda _: f"„{name}“ ist leer.", name)
    if (where := broken.get((name, "unknown-value"))) is not None:
        values = desk.text(name)
        findings += desk.report("unknown-value", where, lambda at: _unknown(desk, column, values[at]), name)
    if (where := broken.get((name, "below-minimum"))) is not None:
        least = f"„{name}“ ist kleiner als {column.minimum:g}."
        findings += desk.report("below-minimum", where, lambda _: least, name)
    if (where := broken.get((name, "duplicate-id"))) is not None:
        findings += desk.report("duplicate-id", where, _twins(desk, name), name)
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


def _twins(desk: Desk, name: str) -> Callable[[int], str]:
    values = desk.text(name).to_numpy(dtype=object)

    def say(at: int) -> str:
        rows = [str(desk.row(int(other))) for other in np.flatnonzero(values == values[at])[:5]]
        return f"Kommt mehrfach vor, in Zeile {', '.join(rows)}."

    return say


def _broken(desk: Desk) -> dict[tuple[str, str], Mask]:
    """Return what pandera finds: (column, rule) → where, shape `(n,)`."""
    from pandera.errors import SchemaErrors  # noqa: PLC0415 - its import takes a second

    columns = [column for column in desk.layer.columns if desk.has(column.name) and _has_its_type(desk, column)]
    plain = pd.DataFrame({column.name: desk.rows[column.name].reset_index(drop=True) for column in columns})
    try:
        _schema(columns, desk.layer.key).validate(plain, lazy=True)
    except SchemaErrors as error:
        cases = error.failure_cases
    else:
        return {}
    broken: dict[tuple[str, str], Mask] = {}
    for column, check, index in zip(cases["column"], cases["check"], cases["index"], strict=True):
        rule = _RULE_OF_CHECK.get(str(check), str(check))
        broken.setdefault((column, rule), np.zeros(len(plain), dtype=bool))[int(index)] = True
    return broken


_RULE_OF_CHECK = {"not_nullable": "empty-value", "field_uniqueness": "duplicate-id"}


def _schema(columns: list[Column], key: str) -> Any:  # noqa: ANN401 - pandera is untyped here
    import pandera.pandas as pandera  # noqa: PLC0415 - its import takes a second

    checked = {}
    for column in columns:
        checks = []
        if column.allowed is not None:
            checks.append(pandera.Check.isin([str(word) for word in column.allowed], error="unknown-value"))
        if column.minimum is not None:
            checks.append(pandera.Check.ge(column.minimum, error="below-minimum"))
        checked[column.name] = pandera.Column(None, checks, nullable=column.nullable, unique=column.name == key)
    return pandera.DataFrameSchema(checked, strict=True, coerce=False)
