"""Someone who holds releases of one city, and works on all their tables, cells and signs at once."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, pairwise

import numpy as np
import pandas as pd

from rollout.sharing.disclosure import Disclosed
from tests.sharing.attacker import Attacker

RUNGS = ("counted", "passed", "prepared", "connected", "activated")
STEPS = len(RUNGS)
KINDS = ("household", "other")
OF_CATEGORY = {"all": KINDS, "household": ("household",), "other": ("other",)}


class Reader:
    """Someone who holds releases of one city, and works on all their tables at once."""

    def __init__(self, releases: list[Disclosed]) -> None:
        cells = {("east", ""), ("west", "")}
        for release in releases:
            cells |= set(zip(release.cells["district_id"], release.cells["cell_id"], strict=True))
        self.units = [(district, cell, kind) for district, cell in sorted(cells) for kind in KINDS]
        self.releases = releases
        self.attacker = Attacker(len(releases) * len(self.units) * STEPS)
        for number, release in enumerate(releases):
            self._reads_figures(number, release)
            self._reads_cells(number, release)

    def believes_in_progress(self) -> None:
        """No milestone of any part is taken back, and its connections are the same."""
        for before, after in pairwise(range(len(self.releases))):
            for inside in np.eye(len(self.units), dtype=bool).tolist():
                for rung in range(STEPS):
                    span = range(rung, STEPS)
                    grown = self.members(after, inside, span) - self.members(before, inside, span)
                    self.attacker.reads(grown, 0, np.inf if rung else 0)

    def members(self, number: int, inside: list[bool], rungs: range) -> np.ndarray:
        """The unknowns of a release in some units and bins."""
        one = np.kron(inside, np.isin(range(STEPS), rungs)).astype(float)
        return np.concatenate([one if at == number else np.zeros_like(one) for at in range(len(self.releases))])

    def _reads_figures(self, number: int, release: Disclosed) -> None:
        for row in release.figures[release.figures["programme_id"] == "p"].itertuples():
            kinds = OF_CATEGORY[row.category]
            inside = [
                (row.level != "district" or unit[0] == row.district_id) and unit[2] in kinds for unit in self.units
            ]
            self._reads(self.members(number, inside, range(RUNGS.index(row.rung), STEPS)), row.text)

    def _reads_cells(self, number: int, release: Disclosed) -> None:
        for _, row in release.cells.iterrows():
            inside = [unit[:2] == (row["district_id"], row["cell_id"]) for unit in self.units]
            for first, rung in enumerate(RUNGS):
                self._reads(self.members(number, inside, range(first, STEPS)), row[f"{rung}_text"])

    def _reads(self, members: np.ndarray, text: str) -> None:
        if text.startswith("<"):
            self.attacker.reads(members, 1, 3)
        elif text != "·":
            self.attacker.reads(members, int(text), int(text))

    def bins(self, number: int, houses: pd.DataFrame) -> np.ndarray:
        """The truth, in the units of this reader."""
        names = cell_of(houses)
        units = pd.MultiIndex.from_tuples(self.units)
        known = set(units)
        kinds = np.where(houses["category"] == "household", "household", "other")
        found = np.zeros((len(self.releases), len(units), STEPS))
        for district, cell, kind, step in zip(houses["district_id"], names, kinds, houses["milestones"], strict=True):
            unit = (district, cell, kind) if (district, cell, kind) in known else (district, "", kind)
            found[number, units.get_loc(unit), step] += 1
        return found.ravel()

    def places(self) -> Iterator[list[bool]]:
        """Every place a count may be printed of, and the rest of each district."""
        for kinds in OF_CATEGORY.values():
            yield [unit[2] in kinds for unit in self.units]
            for district in ("east", "west"):
                yield [unit[0] == district and unit[2] in kinds for unit in self.units]
        for district, cell in dict.fromkeys(unit[:2] for unit in self.units):
            yield [unit[:2] == (district, cell) for unit in self.units]

    def counts_of_a_few(self, number: int, truth: np.ndarray) -> list[np.ndarray]:
        spans = [range(first, last) for first in range(STEPS) for last in range(first + 1, STEPS + 1)]
        rows = [self.members(number, inside, span) for inside in self.places() for span in spans]
        return [row for row in rows if 0 < row @ truth < 4]

    def changes_of_a_few(self, truth: np.ndarray) -> list[np.ndarray]:
        rows = [
            self.members(after, inside, range(first, STEPS)) - self.members(before, inside, range(first, STEPS))
            for before, after in combinations(range(len(self.releases)), 2)
            for inside in self.places()
            for first in range(1, STEPS)
        ]
        return [row for row in rows if 0 < abs(row @ truth) < 4]


def cell_of(houses: pd.DataFrame) -> list[str]:
    """Names of cells, written down anew."""
    east, north = (360_000 + houses["x"] // 100 * 100, 5_650_000 + houses["y"] // 100 * 100)
    return [f"CRS25832RES100mN{int(y)}E{int(x)}" for x, y in zip(east, north, strict=True)]
