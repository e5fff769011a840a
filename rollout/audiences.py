"""Who gets what: an audience as an allow-list. What it does not name is not in a package."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Literal, Self

from pydantic import Field, model_validator

from rollout.errors import InputError
from rollout.schema import LAYERS
from rollout.validation import Part, Text
from rollout.vocabulary import BLOCKED, BUILT_HEIGHT, CABLE_HEIGHT, DROPPED, ladder_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SharedLayer = Literal["segments", "targets", "nodes"]
"""A layer whose rows an audience may get; districts and the base map are in every package."""

REQUIRED: dict[SharedLayer, tuple[str, ...]] = {
    "segments": ("programme_id", "phase_id", "kind", "status"),
    "targets": ("programme_id", "category", "drive", "status"),
    "nodes": ("kind",),
}
"""Layer → the columns without which its rows can be neither drawn nor counted; who gets the layer gets these."""

STREET_COLUMNS = (*REQUIRED["segments"], "street")
"""What is known of a street that trenches lie in; a street has no other of their columns."""


class Trenches(StrEnum):
    """How exactly trenches are drawn."""

    EXACT = "exact"
    """As surveyed, or rounded to `precision_m`."""
    STREET = "street"
    """As the street they lie in, one state per street."""
    NONE = "none"


class Figures(StrEnum):
    """What the figures of a package are counted by."""

    ROWS = "rows"
    """Every number as counted: the rows themselves are in the package."""
    DISTRICTS = "districts"
    """Districts and phases, small counts suppressed."""
    CELLS = "cells"
    """Cells of 100 m as well, small counts suppressed."""


class CellRule(StrEnum):
    """When a cell of 100 m stands alone."""

    HOUSEHOLDS = "households"
    """It holds at least `smallest_cell` households."""
    HOUSE_NUMBERS = "house_numbers"
    """It holds at least five house numbers, which lie side by side within 100 m."""


class Rhythm(StrEnum):
    """How often figures may be given away."""

    ANY = "any"
    QUARTER = "quarter"


class Audience(Part):
    """One kind of receiver, and all that it may see."""

    title: Text
    """What the audience is called."""
    recipient: Text
    """To whom the package goes; printed on every page."""
    purpose: Text
    """What for; printed on every page."""
    columns: dict[SharedLayer, tuple[str, ...]] = {}
    """Layer → the columns that are given; a layer not named, or without columns, is not given."""
    statuses: dict[SharedLayer, tuple[str, ...]] = {}
    """Layer → the statuses whose rows are given; where the layer is not named, all rows, those without data too."""
    told_as: dict[SharedLayer, dict[str, str]] = {}
    """Layer → status → the status it is told as, e.g. `activated` as `connected`."""
    trenches: Trenches = Trenches.NONE
    precision_m: float = Field(default=0.0, ge=0, le=1000)
    """Coordinates are rounded to this; 0 gives them as they are."""
    figures: Figures = Figures.DISTRICTS
    smallest_cell: int = Field(default=4, ge=3, le=100)
    """A count from 1 to one less than this is suppressed; „less than 2“ would say that it is one."""
    cell_rule: CellRule = CellRule.HOUSEHOLDS
    """When a cell stands alone; only for figures by cells."""
    rhythm: Rhythm = Rhythm.QUARTER
    history: bool = False
    """Whether the course of the statuses is given, or the Stichtag alone."""
    valid_days: int = Field(default=92, ge=1, le=3660)
    """After how many days from the Stichtag a package has expired."""
    deliveries: bool = False
    """Whether the files that the statuses come from are named, and who sent them."""

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        problems = [
            *(problem for layer in self.columns for problem in _column_problems(self, layer)),
            *(problem for layer in {**self.statuses, **self.told_as} for problem in _status_problems(self, layer)),
            *_shape_problems(self),
        ]
        if problems:
            raise ValueError("; ".join(problems))
        return self

    def gives(self, layer: SharedLayer, column: str | None = None) -> bool:
        """Tell whether a layer is given at all, or one column of it."""
        given = self.columns.get(layer, ())
        return bool(given) if column is None else column in given

    def given_statuses(self, layer: SharedLayer) -> tuple[str, ...]:
        """Return the statuses whose rows are given, as they are reported."""
        if not self.gives(layer):
            return ()
        return self.statuses.get(layer) or tuple(rung.key for rung in ladder_of(layer))

    def words(self, layer: SharedLayer) -> frozenset[str]:
        """Return the statuses that its rows may have, as they are told."""
        told = self.told_as.get(layer, {})
        return frozenset(told.get(status, status) for status in self.given_statuses(layer))

    def blurred(self, layer: SharedLayer) -> frozenset[str]:
        """Return the statuses among them that others are told as."""
        told = self.told_as.get(layer, {})
        return frozenset(told[status] for status in self.given_statuses(layer) if told.get(status, status) != status)

    def selects(self, layer: SharedLayer) -> bool:
        """Tell whether only some rows of a layer are given, by their status."""
        return bool(self.statuses.get(layer))

    def counts_all(self, layer: SharedLayer) -> bool:
        """Tell whether every row of a layer is given as itself, so that counts are those of the programme."""
        as_itself = layer != "segments" or self.trenches is Trenches.EXACT
        return self.figures is Figures.ROWS and self.gives(layer) and as_itself and not self.selects(layer)

    @property
    def knows_network(self) -> bool:
        """Whether all is given that reach and drops are computed from: exact trenches, what is built, and nodes."""
        exact = self.trenches is Trenches.EXACT and self.precision_m == 0
        whole = self.gives("segments", "status_before") and self.gives("nodes") and not self.selects("segments")
        return exact and whole and all(map(_is_built_alike, *_told_pairs(self)))

    @property
    def knows_course(self) -> bool:
        """Whether the course may be given: nothing of a status is withheld, of any row, on any day."""
        whole = not self.told_as and not self.statuses and self.trenches is Trenches.EXACT
        told = ("status", "status_since", "reason")
        return (
            self.history
            and whole
            and all(self.gives(layer, name) for layer in ("segments", "targets") for name in told)
        )


def _told_pairs(audience: Audience) -> tuple[list[str], list[str]]:
    told = audience.told_as.get("segments", {})
    return [*told], [*told.values()]


def _is_built_alike(status: str, word: str) -> bool:
    """Tell whether a segment counts alike in the network under either status."""
    heights = {rung.key: rung.height for rung in ladder_of("segments")}
    sides = {status, word} & {BLOCKED, DROPPED}
    return not sides and all(
        (heights[status] >= edge) == (heights[word] >= edge) for edge in (BUILT_HEIGHT, CABLE_HEIGHT)
    )


def _column_problems(audience: Audience, layer: SharedLayer) -> Iterator[str]:
    given, known = audience.columns[layer], [column.name for column in LAYERS[layer].columns]
    for column in dict.fromkeys(given):
        if column not in known:
            yield f"columns.{layer}: die Spalte '{column}' gibt es nicht; es gibt {', '.join(known)}"
    missing = [column for column in REQUIRED[layer] if given and column not in given]
    if missing:
        yield f"columns.{layer}: es fehlt {', '.join(missing)}; ergänzen Sie es, oder setzen Sie [] für keine Zeile"


def _status_problems(audience: Audience, layer: SharedLayer) -> Iterator[str]:
    if layer == "nodes":
        yield "statuses und told_as: Netzknoten ('nodes') haben keinen Status; entfernen Sie den Eintrag"
        return
    known = [rung.key for rung in ladder_of(layer)]
    chosen, told = audience.statuses.get(layer), audience.told_as.get(layer, {})
    for entry, words in (("statuses", chosen or ()), ("told_as", (*told, *told.values()))):
        for word in dict.fromkeys(words):
            if word not in known:
                yield f"{entry}.{layer}: den Status '{word}' gibt es nicht; es gibt {', '.join(known)}"
    if chosen == ():
        yield f"statuses.{layer}: nennen Sie einen Status, oder columns.{layer} = [] für keine Zeile"
    for status, word in told.items():
        if told.get(word, word) != word:
            yield f"told_as.{layer}: '{status}' heißt '{word}', und das heißt wieder anders; nennen Sie das letzte Wort"
        if chosen and status in chosen and word not in chosen:
            yield f"told_as.{layer}: '{status}' heißt '{word}', das in statuses.{layer} fehlt; ergänzen Sie es dort"


def audience_named(audiences: Mapping[str, Audience], name: str) -> Audience:
    """
    Find an audience.

    Parameters
    ----------
    audiences
        Those of a project.
    name
        As the project file calls it.

    Returns
    -------
    audience
        Its allow-list.

    Raises
    ------
    InputError
        If there is none of that name; lists those there are.
    """
    if name not in audiences:
        msg = f"den Empfängerkreis '{name}' gibt es im Projekt nicht"
        raise InputError(msg, f"Es gibt: {', '.join(audiences)}. Weitere beschreibt [audiences] in rollout.toml.")
    return audiences[name]


def _shape_problems(audience: Audience) -> Iterator[str]:
    drawn, named = audience.trenches is not Trenches.NONE, audience.gives("segments")
    if named and not drawn:
        yield "trenches = 'none' gibt keine Trassen; nennen Sie 'exact' oder 'street', oder columns.segments = []"
    if drawn and not named:
        yield f"trenches = '{audience.trenches}' braucht columns.segments; ergänzen Sie es, oder trenches = 'none'"
    if audience.trenches is Trenches.STREET and named:
        unlike = set(audience.columns["segments"]) ^ set(STREET_COLUMNS)
        if unlike:
            yield f"trenches = 'street' gibt in columns.segments genau {', '.join(STREET_COLUMNS)}"
    if audience.figures is not Figures.ROWS and audience.gives("targets"):
        yield (
            f"figures = '{audience.figures}' schützt keinen Anschluss, der selbst gegeben wird; "
            "setzen Sie columns.targets = [], oder figures = 'rows'"
        )
