"""Which column of the file is which of ours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rapidfuzz import fuzz, process, utils

if TYPE_CHECKING:
    from rollout.project import LayerSource
    from rollout.schema import Layer

SHORTENED = 10
"""A shapefile cuts the names of its columns after this many characters."""

_NEAR = 65


@dataclass(frozen=True, slots=True)
class Chosen:
    """
    The columns to read.

    Attributes
    ----------
    names
        Our name → the file's name.
    missing
        Our name → the file's nearest name, or None where none is near. Required columns, and those that
        the project file names and the file lacks.
    shortened
        Our names of the columns that a shapefile has cut.
    """

    names: dict[str, str]
    missing: dict[str, str | None] | None = None
    shortened: tuple[str, ...] = ()

    @property
    def files_names(self) -> list[str]:
        """The file's columns to read, each once."""
        return list(dict.fromkeys(self.names.values()))


def choose_columns(columns: tuple[str, ...], layer: Layer, source: LayerSource) -> Chosen:
    """
    Find the schema's columns among those of a file.

    Parameters
    ----------
    columns
        The file's columns.
    layer
        The schema's layer.
    source
        Says which columns are called otherwise.

    Returns
    -------
    chosen
        What to read, and what is missing.
    """
    wanted = {column.name: source.columns.get(column.name, column.name) for column in layer.columns}
    names = {ours: theirs for ours, theirs in wanted.items() if theirs in columns}
    cut = {} if source.path.suffix.lower() not in {".shp", ".zip"} else _cut(wanted, columns)
    cut = {ours: theirs for ours, theirs in cut.items() if ours not in names}
    names |= cut
    needed = [column.name for column in layer.columns if column.required or column.name in source.columns]
    missing = {ours: _nearest(wanted[ours], columns) for ours in needed if ours not in names}
    return Chosen(names, missing, tuple(cut))


def _cut(wanted: dict[str, str], columns: tuple[str, ...]) -> dict[str, str]:
    short = {ours: theirs[:SHORTENED] for ours, theirs in wanted.items() if len(theirs) > SHORTENED}
    taken = [*short.values(), *(theirs for theirs in wanted.values() if len(theirs) <= SHORTENED)]
    return {ours: name for ours, name in short.items() if name in columns and taken.count(name) == 1}


def _nearest(name: str, columns: tuple[str, ...]) -> str | None:
    found = process.extractOne(name, columns, scorer=fuzz.ratio, processor=utils.default_process, score_cutoff=_NEAR)
    return found[0] if found else None
