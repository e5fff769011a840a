"""
How far the unlock list stays behind the best answer, on networks small enough to try every set of segments.

Run: `python -m benchmarks.unlock`. It prints the table of `docs/reach.md`; the same seeds give the same figures.
"""

from __future__ import annotations

import itertools
import statistics
from dataclasses import dataclass, replace
from functools import cached_property

import geopandas as gpd
import numpy as np
import shapely

from rollout.analysis.network import join_segments
from rollout.analysis.unlock import Chosen, Work, ranked
from rollout.crs import METRIC_CRS

CASES = 300
_SIDE = 4  # joints along each side of the grid the cases are drawn on
_TO_BUILD, _BUILT = 10, 4


@dataclass(frozen=True)
class Case:
    """A small network: its lines, where its node stands, what is built, and how many wait on each line."""

    lines: np.ndarray
    node: shapely.Point
    built: np.ndarray
    gain: np.ndarray

    @cached_property
    def length_m(self) -> np.ndarray:
        return shapely.length(self.lines)

    @cached_property
    def meeting(self) -> list[list[int]]:
        """What meets each line: an end of one lies on the other. Told by shapely alone."""
        ends = shapely.union(shapely.get_point(self.lines, 0), shapely.get_point(self.lines, -1))
        on = shapely.dwithin(ends[:, None], self.lines[None, :], 1e-6)
        return [np.flatnonzero(row).tolist() for row in on | on.T]

    @cached_property
    def fed(self) -> list[int]:
        """The lines the node stands on."""
        return np.flatnonzero(shapely.dwithin(self.lines, self.node, 1e-6)).tolist()

    def reached(self, chosen: frozenset[int] = frozenset()) -> set[int]:
        """Tell which lines hang on the node once some more are built."""
        there = {*np.flatnonzero(self.built).tolist(), *chosen}
        seen: set[int] = set()
        ahead = [line for line in self.fed if line in there]
        while ahead:
            line = ahead.pop()
            if line not in seen:
                seen.add(line)
                ahead += [other for other in self.meeting[line] if other in there]
        return seen


def drawn(seed: int, *, rings: bool) -> Case:
    """Draw a case: streets of a grid with uneven blocks; without rings it is a tree."""
    lots = np.random.default_rng(seed)
    across, along = (np.cumsum(lots.integers(2, 13, _SIDE) * 10.0) for _ in range(2))
    joints = [(x, y) for x in across for y in along]
    streets = [pair for pair in itertools.combinations(range(_SIDE**2), 2) if _is_street(*pair, longest=1 + rings)]
    mixed = [streets[place] for place in lots.permutation(len(streets))]
    chosen = (mixed if rings else _without_rings(mixed))[: _TO_BUILD + _BUILT]
    lines = shapely.linestrings([[joints[one], joints[other]] for one, other in chosen])
    built = np.isin(np.arange(len(lines)), lots.permutation(len(lines))[_TO_BUILD:])
    node = shapely.Point(joints[chosen[int(lots.integers(len(chosen)))][0]])
    waiting = np.where(lots.random(len(lines)) < 0.4, 0, lots.integers(1, 13, len(lines)))
    case = Case(lines, node, built, waiting)
    return replace(case, gain=np.where(np.isin(np.arange(len(lines)), [*case.reached()]), 0, waiting))


def _is_street(one: int, other: int, *, longest: int) -> bool:
    """Long ones lead east alone: where two of them cross, their middles meet by way of a third, and not in pairs."""
    right, up = other // _SIDE - one // _SIDE, other % _SIDE - one % _SIDE
    return (right == 0 and up == 1) or (up == 0 and 0 < right <= longest)


def _without_rings(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    group = list(range(_SIDE**2))
    kept = []
    for one, other in pairs:
        if group[one] != group[other]:
            kept.append((one, other))
            group = [group[one] if mine == group[other] else mine for mine in group]
    return kept


def listed(case: Case) -> list[Chosen]:
    """Return the sets of the unlock list."""
    ids = [f"S{place:02}" for place in range(len(case.lines))]
    segments = gpd.GeoDataFrame({"segment_id": ids}, geometry=case.lines, crs=METRIC_CRS)
    nodes = gpd.GeoDataFrame({"node_id": ["N"]}, geometry=[case.node], crs=METRIC_CRS)
    network = join_segments(segments, nodes, tolerance_m=0.5)
    return ranked(Work(network, case.length_m, case.gain, np.arange(len(ids))), case.built, None)


def tried(case: Case) -> tuple[np.ndarray, np.ndarray]:
    """Try every set of unbuilt lines that hangs on the node whole: metres and gain of each, of the empty one first."""
    unbuilt = np.flatnonzero(~case.built).tolist()
    whole = {frozenset[int](): case.reached()}
    ahead = [*whole]
    while ahead:
        chosen = ahead.pop()
        for line in unbuilt:
            more = chosen | {line}
            if more not in whole and (line in case.fed or not whole[chosen].isdisjoint(case.meeting[line])):
                whole[more] = case.reached(more)
                ahead.append(more)
    metres = np.array([case.length_m[[*chosen]].sum() for chosen in whole])
    return metres, np.array([case.gain[[*reached]].sum() for reached in whole.values()])


@dataclass(frozen=True)
class Outcome:
    """
    What the list gained as a share of the best.

    `first` is the gain per metre of the first set; `prefixes` the gain of the first set, the first two and so on, each
    against the best that can be had for at most as many metres.
    """

    first: float
    prefixes: tuple[float, ...]


def outcome(case: Case) -> Outcome | None:
    """Compare the list with every other answer; None where nothing can be gained."""
    metres, gained = tried(case)
    if not gained.any():
        return None
    sets = listed(case)
    spent = np.cumsum([case.length_m[chosen.segments].sum() for chosen in sets])
    had = np.cumsum([case.gain[chosen.gained].sum() for chosen in sets])
    best = [gained[metres <= budget + 1e-6].max() for budget in spent]
    dearest = (gained[1:] / metres[1:]).max()  # the first set of all is the empty one
    return Outcome(float(had[0] / spent[0] / dearest), tuple((had / best).tolist()))


def outcomes(*, rings: bool, cases: int = CASES) -> list[Outcome]:
    """Return the outcome of each seeded case in which anything can be gained."""
    found = (outcome(drawn(seed, rings=rings)) for seed in range(cases))
    return [told for told in found if told is not None]


def table() -> list[str]:
    """Return the lines of the table in `docs/reach.md`."""
    head = "| networks | cases | figure | mean | worst | equal to the best |"
    lines = [head, "| --- | ---: | --- | ---: | ---: | ---: |"]
    for name, rings in (("trees", False), ("with rings", True)):
        told = outcomes(rings=rings)
        figures = {
            "first set, gain per metre": [one.first for one in told],
            "every prefix, gain for its metres": [share for one in told for share in one.prefixes],
            "worst prefix of each case": [min(one.prefixes) for one in told],
        }
        lines += [f"| {name} | {len(told)} | {figure} | {_words(shares)} |" for figure, shares in figures.items()]
    return lines


def _words(shares: list[float]) -> str:
    equal = sum(share > 1 - 1e-9 for share in shares)
    return f"{statistics.fmean(shares):.1%} | {min(shares):.1%} | {equal} of {len(shares)}"


if __name__ == "__main__":
    print("\n".join(table()))
