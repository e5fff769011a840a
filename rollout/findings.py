"""One row of what a check found: where it stands, what is wrong, and the way out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


class Severity(StrEnum):
    """How much a finding weighs. Only an error stops the work."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Finding:
    """
    One fault, or one thing worth knowing, in one place of one layer.

    Attributes
    ----------
    rule
        Stable name of the rule, e.g. `unknown-value`; documented in `docs/checks.md`.
    severity
        Whether the work stops.
    layer
        Name of the layer in the project file, or `rollout.toml`.
    message
        What is wrong, in German, for the person at the desk.
    hint
        The way out, in German.
    file
        Name of the file, without its folder.
    row
        Row in the file, counted from 1 (the first record), or None for the layer as a whole.
    column
        The column as the *file* names it, or None.
    value
        The offending value as text, shortened to 80 characters.
    id
        Identifier of the row where it has one.
    """

    rule: str
    severity: Severity
    layer: str
    message: str
    hint: str = ""
    file: str | None = None
    row: int | None = None
    column: str | None = None
    value: str | None = None
    id: str | None = None


def worst(findings: tuple[Finding, ...] | list[Finding]) -> Severity | None:
    """
    Return the heaviest severity among findings.

    Parameters
    ----------
    findings
        Any number of findings.

    Returns
    -------
    severity
        `ERROR` before `WARNING` before `INFO`; None where nothing was found.
    """
    held = {finding.severity for finding in findings}
    return next((severity for severity in Severity if severity in held), None)


LISTED = 50
"""So many findings of one rule in one layer are listed; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Rule:
    """
    A rule of checking, as `docs/checks.md` has it.

    Attributes
    ----------
    id
        Stable name, e.g. `unknown-value`.
    severity
        Whether the work stops.
    what
        What it finds, in German.
    way_out
        What to do about it, in German.
    """

    id: str
    severity: Severity
    what: str
    way_out: str


@dataclass(frozen=True, slots=True)
class Spot:
    """
    One place a rule was broken at; the fields are those of `Finding`.

    Attributes
    ----------
    message, row, column, value, id
        As in `Finding`.
    hint
        The way out here, or None for the rule's own.
    """

    message: str
    row: int | None = None
    column: str | None = None
    value: str | None = None
    id: str | None = None
    hint: str | None = None


def listed(rule: Rule, layer: str, file: str | None, spots: Sequence[Spot], total: int) -> list[Finding]:
    """
    Make findings of the places a rule was broken at: the first ones by name, the rest as a count.

    Parameters
    ----------
    rule
        The rule.
    layer, file
        As in `Finding`.
    spots
        The places, at least the first `LISTED` of them.
    total
        How many there are in all.

    Returns
    -------
    findings
        At most `LISTED` and one that counts the rest.
    """
    findings = [
        Finding(
            rule.id,
            rule.severity,
            layer,
            spot.message,
            rule.way_out if spot.hint is None else spot.hint,
            file,
            spot.row,
            spot.column,
            None if spot.value is None else spot.value[:80],
            spot.id,
        )
        for spot in spots[:LISTED]
    ]
    rest = total - len(findings)
    if rest > 0:
        message = f"… und {rest} weitere: {rule.what}"
        findings.append(Finding(rule.id, rule.severity, layer, message, rule.way_out, file))
    return findings
