"""An attacker's arithmetic: all that published tables say, as one system of whole numbers, and what follows from it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

RUNGS = ("counted", "passed", "prepared", "connected", "activated")
"""Each holds the next."""
SMALL = range(1, 4)
MANY = 10_000.0

Key = tuple[str, ...]
"""Programme, area, category, rung."""
Terms = Mapping[Key, float]


@dataclass
class System:
    """
    Whole numbers that nobody named, and what is known of them.

    Attributes
    ----------
    span
        Unknown → its least and greatest value.
    sums
        Terms whose sum is nothing.
    steps
        Terms whose sum is not negative.
    """

    span: dict[Key, tuple[float, float]] = field(default_factory=dict)
    sums: list[Terms] = field(default_factory=list)
    steps: list[Terms] = field(default_factory=list)

    def learn(self, key: Key, said: Any, *, signs: bool = True) -> None:  # noqa: ANN401 - as it stands in a table
        """Take in one cell of a table; of a sign nothing but that something is there, if signs are not read."""
        low, high = _span(said) if signs or isinstance(said, int | float) else (0.0, MANY)
        least, most = self.span.get(key, (0.0, MANY))
        self.span[key] = (max(low, least), min(high, most))

    def unknown(self, key: Key) -> Key:
        """Add a number that stands nowhere."""
        self.span.setdefault(key, (0.0, MANY))
        return key

    def extreme(self, terms: Terms, *, most: bool, whole: bool = True) -> tuple[float, dict[Key, float]]:
        """Return the greatest or least value of a sum, and a world in which it is so."""
        keys = list(self.span)
        place = {key: number for number, key in enumerate(keys)}
        costs = np.zeros(len(keys))
        for key, factor in terms.items():
            costs[place[key]] = -factor if most else factor
        least, greatest = np.array([self.span[key] for key in keys]).T
        found = milp(
            costs,
            integrality=np.full(len(keys), int(whole)),
            bounds=Bounds(least, greatest),
            constraints=[_rows(self.sums, place, 0.0), _rows(self.steps, place, np.inf)],
        )
        assert found.x is not None, found.message
        world = dict(zip(keys, found.x.tolist(), strict=True))
        return valued(terms, world), world


def _span(said: Any) -> tuple[float, float]:  # noqa: ANN401 - as it stands in a table
    if isinstance(said, int | float):
        return float(said), float(said)
    text = str(said).replace("\u202f", " ")
    if text.startswith("<"):
        return 1.0, float(text.split()[-1]) - 1
    assert text == "·", text
    return 0.0, MANY


def _rows(terms: Iterable[Terms], place: Mapping[Key, int], most: float) -> LinearConstraint:
    rows = [(row, place[key], factor) for row, some in enumerate(terms) for key, factor in some.items()]
    numbers, columns, factors = zip(*rows, strict=True) if rows else ((), (), ())
    matrix = csr_array((factors, (numbers, columns)), shape=(max(numbers, default=0) + 1, len(place)))
    return LinearConstraint(matrix, 0.0, most)


def valued(terms: Terms, world: Mapping[Key, float]) -> float:
    """Return what a sum is in a world."""
    return sum(factor * world[key] for key, factor in terms.items())


def system_of(
    tables: Mapping[str, Any], release: str = "", *, into: System | None = None, signs: bool = True
) -> System:
    """Read all that the JSON form of the tables says of connections, beside what is known already."""
    system = into or System()
    for section in tables["sections"]:
        keys = {column["key"] for column in section["columns"]}
        programme = section["title"].rpartition(": ")[2] + release
        if {"district", "category", *RUNGS} <= keys:
            _learn_areas(system, programme, section["rows"], signs=signs)
        elif {"cell", *RUNGS} <= keys:
            _learn_cells(system, programme, section["rows"], signs=signs)
    for programme, area, category in sorted({key[:3] for key in system.span}):
        for more, fewer in pairwise(RUNGS):
            if (programme, area, category, fewer) in system.span:
                system.steps.append({(programme, area, category, more): 1, (programme, area, category, fewer): -1})
    return system


def _learn_areas(system: System, programme: str, rows: list[dict[str, Any]], *, signs: bool) -> None:
    parts: dict[str, set[str]] = {}
    for row in rows:
        area = row["cells"]["district"] if row["kind"] != "total" else "Gesamt"
        if row["kind"] == "body":
            area = area.removesuffix(" (in Teilen)")
            parts.setdefault(_above(row), set()).add(area)
        if row["kind"] == "subtotal":
            parts.setdefault("Gesamt", set()).add(area)
        for rung in RUNGS:
            system.learn((programme, area, row["cells"]["category"], rung), row["cells"][rung], signs=signs)
    for whole, areas in parts.items():
        for category in ("alle", "Haushalte", "Übrige"):
            for rung in RUNGS:
                terms = dict.fromkeys(((programme, area, category, rung) for area in areas), 1.0)
                system.sums.append({**terms, (programme, whole, category, rung): -1.0})
    for area in {area for areas in parts.values() for area in areas} | {"Gesamt"}:
        for rung in RUNGS:
            of = {category: (programme, area, category, rung) for category in ("alle", "Haushalte", "Übrige")}
            system.sums.append({of["alle"]: -1.0, of["Haushalte"]: 1.0, of["Übrige"]: 1.0})


def _above(row: dict[str, Any]) -> str:
    return f"Summe {row['group']}" if row.get("group") else "Gesamt"


def _learn_cells(system: System, programme: str, rows: list[dict[str, Any]], *, signs: bool) -> None:
    """A cell is shown where it holds enough households, as the notice says."""
    inside: dict[str, list[str]] = {}
    for row in rows:
        cell = row["cells"]["cell"]
        inside.setdefault(row["cells"]["district"].removesuffix(" (in Teilen)"), []).append(cell)
        for rung in RUNGS:
            system.learn((programme, cell, "alle", rung), row["cells"][rung], signs=signs)
    for district, cells in inside.items():
        for rung in RUNGS:
            for category in ("alle", "Haushalte", "Übrige"):
                parts = [system.unknown((programme, area, category, rung)) for area in (f"Rest {district}", *cells)]
                system.sums.append({**dict.fromkeys(parts, 1.0), (programme, district, category, rung): -1.0})
            for area in (f"Rest {district}", *cells):
                of = {category: (programme, area, category, rung) for category in ("alle", "Haushalte", "Übrige")}
                system.sums.append({of["alle"]: -1.0, of["Haushalte"]: 1.0, of["Übrige"]: 1.0})
        for cell in cells:
            low, high = system.span[programme, cell, "Haushalte", "counted"]
            system.span[programme, cell, "Haushalte", "counted"] = (max(low, SMALL.stop), high)


def secrets(system: System, truth: Mapping[Key, int]) -> dict[str, Terms]:
    """Every small count that the true numbers hold: counts themselves, and differences of two rungs."""
    found: dict[str, Terms] = {}
    for programme, area, category in {key[:3] for key in system.span}:
        keys = [(programme, area, category, rung) for rung in RUNGS]
        for upper, key in enumerate(keys):
            if truth[key] in SMALL:
                found[" ".join(key)] = {key: 1.0}
            for less in keys[upper + 1 :]:
                if truth[key] - truth[less] in SMALL:
                    found[f"{' '.join(key)} ohne {less[-1]}"] = {key: 1.0, less: -1.0}
    return found


def worked_out(system: System, truth: Mapping[Key, int]) -> list[str]:
    """Return the small counts that have no other value than the true one in any world that fits."""
    open_secrets = secrets(system, truth)
    for most in (True, False):
        for name in sorted(open_secrets):
            if name in open_secrets:
                _, world = system.extreme(open_secrets[name], most=most)
                open_secrets = {
                    one: terms
                    for one, terms in open_secrets.items()
                    if math.isclose(valued(terms, world), valued(terms, truth), abs_tol=0.1)
                }
    return sorted(open_secrets)
