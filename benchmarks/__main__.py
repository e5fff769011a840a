"""Measure everything, print one line per ratio, and end with 1 where one does not hold."""

from __future__ import annotations

import importlib
import sys

SETS = ("commands", "reading", "pages", "county", "course", "sealed", "history", "replay", "reach", "share")


def main(names: list[str]) -> int:
    ratios = [ratio for name in names or SETS for ratio in importlib.import_module(f"benchmarks.{name}").measure()]
    print(f"{'what':32} {'against':30} {'ours':>10} {'theirs':>10}      {'ratio':>8} {'at most':>8}")
    for ratio in ratios:
        figures = f"{ratio.ours:10.3f} {ratio.theirs:10.3f} {ratio.unit:4} {ratio.value:8.4f} {ratio.limit:8.4f}"
        print(f"{ratio.name:32} {ratio.rival:30} {figures} {'' if ratio.holds else '  DOES NOT HOLD'}")
    return int(not all(ratio.holds for ratio in ratios))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
