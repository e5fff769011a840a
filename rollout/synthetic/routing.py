"""The line a trench takes along its street: on one side, and joined end to end at the junctions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rollout.synthetic.streets import StreetNetwork

OFFSET_M = 3.5
"""Distance of a trench from the axis of its street."""

CROSSING_M = 7.0
"""A trench that turns into another street crosses to its side within this distance of the junction."""


class Router:
    """
    Lines of trenches along the streets of one set of edges.

    Parameters
    ----------
    network
        The streets.
    edges
        Street edges with a trench; at each junction their lines meet in one place.
    sides
        For each chain of the network, 1.0 for the left side in its direction, -1.0 for the right.
    """

    def __init__(self, network: StreetNetwork, edges: Iterable[int], sides: np.ndarray) -> None:
        self.network = network
        self.sides = sides
        self.chain_of, self.with_chain = chain_membership(network)
        self.used = sorted({int(edge) for edge in edges})
        self.rank = self._ranks()
        self.at: dict[int, list[int]] = {}
        for edge in self.used:
            for end in network.ends[edge].tolist():
                self.at.setdefault(end, []).append(edge)

    def joint(self, junction: int) -> np.ndarray:
        """
        Return the place where all trenches at a junction meet.

        Parameters
        ----------
        junction
            Number of a junction that a trench touches.

        Returns
        -------
        place
            Beside the most important street there, on the side of its trench.
        """
        leading = self.chain_of[min(self.at[junction], key=lambda edge: (self.rank[self.chain_of[edge]], edge))]
        ways = [self._normal_at(edge, junction) for edge in self.at[junction] if self.chain_of[edge] == leading]
        mean = np.sum(ways, axis=0)
        size = float(np.hypot(*mean))
        normal = mean / size if size > 0.1 else ways[0]  # noqa: PLR2004 - opposite ways have no mean
        return np.asarray(np.round(self.network.places[junction] + OFFSET_M * normal, 2))

    def line(self, edge: int, *, forward: bool) -> np.ndarray:
        """
        Return the line of a trench.

        Parameters
        ----------
        edge
            The street edge it follows.
        forward
            Whether it runs from the edge's first junction to its second.

        Returns
        -------
        coordinates
            From joint to joint, on the centimetre grid.
        """
        path = self.network.paths[edge]
        normals = self._normals(edge)
        first, last = self.network.ends[edge].tolist()
        inner = path[1:-1] + OFFSET_M * _mitred(normals)
        start = self._lead(first, path[0], path[1], normals[0])
        end = self._lead(last, path[-1], path[-2], normals[-1])
        line = np.vstack([self.joint(first), *start, *inner, *end, self.joint(last)])
        line = np.round(line, 2)
        return line if forward else line[::-1]

    def side(self, edge: int) -> float:
        """Return on which side of its edge a trench lies: 1.0 left of the edge's own direction, -1.0 right."""
        return float(self.sides[self.chain_of[edge]] * (1.0 if self.with_chain[edge] else -1.0))

    def _ranks(self) -> list[tuple[bool, float, int]]:
        """Rank streets: main roads lead, then long ones, and the lesser trench turns towards the greater."""
        lengths, main = self.network.lengths, self.network.main
        ranks = []
        for number, chain in enumerate(self.network.chains):
            edges = [edge for edge, _ in chain]
            ranks.append((not bool(main[edges].any()), -float(round(lengths[edges].sum(), 1)), number))
        return ranks

    def _normals(self, edge: int) -> np.ndarray:
        ways = np.diff(self.network.paths[edge], axis=0)
        ways = ways / np.hypot(*ways.T)[:, None]
        return self.side(edge) * np.column_stack([-ways[:, 1], ways[:, 0]])

    def _normal_at(self, edge: int, junction: int) -> np.ndarray:
        normals = self._normals(edge)
        return np.asarray(normals[0] if int(self.network.ends[edge, 0]) == junction else normals[-1])

    def _lead(self, junction: int, place: np.ndarray, following: np.ndarray, normal: np.ndarray) -> list[np.ndarray]:
        """Return where the trench reaches its side of the street, unless it starts there anyway."""
        joint = self.joint(junction)
        if float(np.hypot(*(joint - place - OFFSET_M * normal))) < 1.0:
            return []
        way = (following - place) / np.hypot(*(following - place))
        return [place + min(CROSSING_M, 0.2 * float(np.hypot(*(following - place)))) * way + OFFSET_M * normal]


def chain_membership(network: StreetNetwork) -> tuple[np.ndarray, np.ndarray]:
    """
    Tell which street each edge belongs to.

    Parameters
    ----------
    network
        The streets.

    Returns
    -------
    chain, forward
        Number of its chain, and whether the edge runs in the chain's direction.
    """
    chain_of = np.zeros(len(network.ends), dtype=int)
    forward = np.zeros(len(network.ends), dtype=bool)
    for number, chain in enumerate(network.chains):
        for edge, ahead in chain:
            chain_of[edge], forward[edge] = number, ahead
    return chain_of, forward


def _mitred(normals: np.ndarray) -> np.ndarray:
    means = normals[:-1] + normals[1:]
    return np.asarray(means / np.hypot(*means.T)[:, None])
