"""The book kept while a batch is checked: which rules ran, what they found, which rows are in error."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from rollout.findings import LISTED, Finding, Rule, Severity, Spot, listed
from rollout.intake.receipt import RuleRun

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from rollout.intake.mapping import Batch
    from rollout.intake.receipt import Fault
    from rollout.intake.table import Array


SAID = 1000
"""For so many rows in error the message names the row's own words; beyond them it is the rule's."""


class Examination:
    """
    Collect what the rules find in one batch.

    Parameters
    ----------
    batch
        The rows.
    file
        Name of the file, for the findings.
    """

    def __init__(self, batch: Batch, file: str) -> None:
        self.batch = batch
        self.file = file
        self.bad: Array = np.zeros(len(batch.rows), dtype=bool)
        self.runs: list[RuleRun] = []
        self.findings: list[Finding] = []
        self._refused: list[pd.DataFrame] = []

    @property
    def refused(self) -> pd.DataFrame:
        """Every row in error once per rule: `at`, `rule`, `column`, `value`, `message`."""
        empty = pd.DataFrame({name: pd.Series(dtype=object) for name in ("at", "rule", "column", "value", "message")})
        return pd.concat(self._refused, ignore_index=True) if self._refused else empty

    def found(self, rule: Rule, at: Array, say: Callable[[int], str], column: str | None = None) -> None:
        """
        Take down where a rule was broken.

        Parameters
        ----------
        rule
            Which one.
        at
            Positions in the batch.
        say
            Position → what is wrong, in German. Called for listed rows, and for the first `SAID` in error.
        column
            Our name of the column, where the fault is in a cell.
        """
        if not len(at):
            self._count(rule, 0)
            return
        name = self.batch.mapping.get(column, column) if column else None
        is_error = rule.severity is Severity.ERROR
        texts = self._values(column, at if is_error else at[:LISTED])
        messages = [say(int(i)) for i in at[: SAID if is_error else LISTED]]
        rows = self.batch.rows["row"].to_numpy()
        spots = [
            Spot(self._in_sheet(int(i), message), int(rows[i]), name, text)
            for i, message, text in zip(at[:LISTED], messages, texts, strict=False)
        ]
        self.findings += listed(rule, self.batch.entity, self.file, spots, len(at))
        self._count(rule, len(at))
        if is_error:
            self.bad[at] = True
            messages += [rule.what] * (len(at) - len(messages))
            said = {"at": at, "rule": rule.id, "column": name, "value": texts, "message": messages}
            self._refused.append(pd.DataFrame(said).astype(object))

    def _values(self, column: str | None, at: Array) -> list[str | None]:
        """Return what stands in a column."""
        if column is None:
            return [None] * len(at)
        values = self.batch.rows[column].array[at].to_numpy(dtype=object, na_value=None)
        return [None if value is None else str(value)[:80] for value in values]

    def faults(self, faults: Iterable[Fault]) -> None:
        """Take down what a reader found in this batch."""
        by_rule: dict[Rule, dict[int, str]] = {}
        for fault in faults:
            if fault.entity == self.batch.entity:
                by_rule.setdefault(fault.rule, {})[fault.at] = fault.message
        for rule, words in by_rule.items():
            self.found(rule, np.array(sorted(words), dtype=np.int64), words.__getitem__)

    def absent(self, rule: Rule, ids: list[str]) -> None:
        """Take down objects that no row tells of."""
        spots = [Spot(f"'{id_}' fehlt in der Datei", id=id_) for id_ in ids[:LISTED]]
        self.findings += listed(rule, self.batch.entity, self.file, spots, len(ids))
        self._count(rule, len(ids))

    def skipped(self, rule: Rule, why: str) -> None:
        """Take down that a rule could not be run."""
        self.runs.append(RuleRun(rule.id, self.batch.entity, rule.what, None, why))

    def _count(self, rule: Rule, hits: int) -> None:
        """One line per rule: it may be run on several columns."""
        for at, run in enumerate(self.runs):
            if run.rule == rule.id and run.hits is not None:
                self.runs[at] = RuleRun(rule.id, run.entity, rule.what, run.hits + hits)
                return
        self.runs.append(RuleRun(rule.id, self.batch.entity, rule.what, hits))

    def _in_sheet(self, at: int, message: str) -> str:
        sheet = self.batch.rows["sheet"].iloc[at]
        return message if sheet is pd.NA else f"{message} (Blatt '{sheet}')"
