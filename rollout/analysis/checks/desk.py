"""One layer on the desk: its rows, and how its file calls them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from rollout.analysis.checks.rules import RULES
from rollout.findings import LISTED, Finding, Spot, listed
from rollout.schema import LAYERS

if TYPE_CHECKING:
    from collections.abc import Callable

    import geopandas as gpd

    from rollout.project import Project
    from rollout.schema import Layer

Mask = np.ndarray[Any, np.dtype[np.bool_]]

IN_PROJECT_FILE = "rollout.toml"
"""Stands as the layer of a finding about the project file itself."""


@dataclass(frozen=True, slots=True)
class Desk:
    """
    A layer as it is checked.

    Attributes
    ----------
    layer
        The schema's layer.
    rows
        Its rows.
    file
        Name of its file, without the folder.
    theirs
        Our column name → the file's.
    """

    layer: Layer
    rows: gpd.GeoDataFrame
    file: str | None = None
    theirs: dict[str, str] = field(default_factory=dict)

    def has(self, *columns: str) -> bool:
        """Whether the rows have all these columns."""
        return all(column in self.rows for column in columns)

    def text(self, column: str) -> pd.Series[Any]:
        """Return a column as text, index 0 to n-1."""
        return pd.Series(self.rows[column].astype("string").array)

    def row(self, position: int) -> int:
        """Return the number of a row in the file, from 1."""
        label = self.rows.index[position]
        return int(label) + 1 if isinstance(label, (int, np.integer)) else position + 1

    def report(
        self, rule: str, where: Mask | pd.Series[Any], say: Callable[[int], str], column: str | None = None
    ) -> list[Finding]:
        """
        List the rows a rule is broken in.

        Parameters
        ----------
        rule
            One of `RULES`.
        where
            Shape `(n,)`, true where it is broken; missing counts as false.
        say
            Position of a row → the message.
        column
            The column at fault, by our name.

        Returns
        -------
        findings
            At most `LISTED`, and one that counts the rest.
        """
        broken = np.flatnonzero(where.to_numpy(bool, na_value=False) if isinstance(where, pd.Series) else where)
        spots = [self._spot(int(position), say, column) for position in broken[:LISTED]]
        return listed(RULES[rule], self.layer.name, self.file, spots, len(broken))

    def as_a_whole(self, rule: str, message: str, column: str | None = None) -> Finding:
        """Return a finding about the layer and no single row."""
        found, theirs = RULES[rule], self._theirs(column)
        return Finding(rule, found.severity, self.layer.name, message, found.way_out, self.file, column=theirs)

    def _spot(self, position: int, say: Callable[[int], str], column: str | None) -> Spot:
        value = self.rows[column].iloc[position] if column in self.rows else None
        key = self.rows[self.layer.key].iloc[position] if self.has(self.layer.key) else None
        return Spot(say(position), self.row(position), self._theirs(column), _shown(value), _shown(key))

    def _theirs(self, column: str | None) -> str | None:
        return None if column is None else self.theirs.get(column, column)


def desk_of(name: str, rows: gpd.GeoDataFrame, project: Project) -> Desk:
    """
    Put a layer on the desk.

    Parameters
    ----------
    name
        Its name in the project file.
    rows
        Its rows.
    project
        Says what its file and columns are called.

    Returns
    -------
    desk
        Ready to be checked.
    """
    source = project.layers.get(name)
    if source is None:
        return Desk(LAYERS[name], rows)
    return Desk(LAYERS[name], rows, source.path.name, dict(source.columns))


def in_project_file(rule: str, message: str) -> Finding:
    """
    Make a finding about the project file itself.

    Parameters
    ----------
    rule
        One of `RULES`.
    message
        What is wrong, in German.

    Returns
    -------
    finding
        Without a row.
    """
    found = RULES[rule]
    return Finding(rule, found.severity, IN_PROJECT_FILE, message, found.way_out, IN_PROJECT_FILE)


def _shown(value: Any) -> str | None:  # noqa: ANN401 - whatever a column holds
    if value is None or pd.isna(value):
        return None
    return value.date().isoformat() if isinstance(value, pd.Timestamp) else str(value)
