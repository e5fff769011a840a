"""
How many suppressed counts can be worked out, with the small ones alone left out and with what `suppress` leaves out.

Run: `python -m benchmarks.disclosure`. It prints the table of `docs/sharing.md`; the same seeds give the same figures.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from rollout.sharing.attack import Audit, Pattern, audit
from rollout.sharing.suppression import primary, suppress
from rollout.sharing.tables import Table, is_small, table_of

TABLES, DISTRICTS, STEPS = 40, 13, 6


def by_status(seed: int, smallest: int = 5) -> Table:
    """13 districts by 6 statuses apart, with both totals: the usual table of an office."""
    lots = np.random.default_rng(seed)
    bins = lots.poisson(lots.gamma(0.8, 20.0, (DISTRICTS, STEPS))).astype(float)
    rows = np.vstack([np.eye(DISTRICTS), np.ones((1, DISTRICTS))])
    columns = np.vstack([np.eye(STEPS), np.ones((1, STEPS))])
    figures = sparse.csr_array(np.kron(rows, columns))
    weights = figures.sum(axis=1).astype(float)
    none = np.zeros(figures.shape[0], dtype=bool)
    flat = bins.ravel()
    risks = figures[np.flatnonzero(is_small(figures @ flat, smallest))]
    return Table(flat, figures, weights, np.zeros(len(none)), none, none, risks, smallest, none)


def by_ladder(seed: int, smallest: int = 4) -> Table:
    """13 districts by the five rungs of the ladder, with the total: what is given away here, for one category."""
    lots = np.random.default_rng(seed)
    bins = lots.poisson(lots.gamma(0.8, 20.0, (DISTRICTS, STEPS - 1))).astype(float)
    lines = np.vstack([np.eye(DISTRICTS), np.ones((1, DISTRICTS))])
    weights = np.repeat(lines.sum(axis=1)[:, None], STEPS - 1, axis=1)
    return table_of(bins, lines, weights, smallest)


def measured(tables: list[Table], *, alone: bool) -> tuple[Audit, float]:
    """The audits of all tables together, and the share of figures left out."""
    patterns = [primary(table) if alone else suppress(table).pattern for table in tables]
    audits = [audit(table, pattern) for table, pattern in zip(tables, patterns, strict=True)]
    sums = Audit(*(sum(getattr(one, name) for one in audits) for name in ("risks", "exact", "narrow")))
    return sums, _share(patterns)


def _share(patterns: list[Pattern]) -> float:
    return float(np.mean(np.concatenate([pattern.hidden for pattern in patterns])))


def main() -> None:
    """Print the table."""
    print("| Tabelle | kleine Anzahlen | unterdrückt | exakt errechenbar | enger als die Schwelle |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for name, made in (("Status, k = 5", by_status), ("Stufen, k = 4", by_ladder)):
        tables = [made(seed) for seed in range(TABLES)]
        for label, alone in (("nur kleine", True), ("mit Gegenprüfung", False)):
            found, share = measured(tables, alone=alone)
            print(f"| {name}, {label} | {found.risks} | {100 * share:.0f} % | {found.exact} | {found.narrow} |")


if __name__ == "__main__":
    main()
