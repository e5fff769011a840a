"""The facts a card shows: which columns of a layer the page holds, under which German labels."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from rollout import wording
from rollout.cartography import encoding
from rollout.cartography.symbols import SEGMENT_STYLES, TARGET_STYLES, class_of
from rollout.vocabulary import (
    CATEGORY_LABELS,
    DRIVE_LABELS,
    EXTENT_LABELS,
    LAYING_METHOD_LABELS,
    NO_DATA_LABEL,
    NODE_KIND_LABELS,
    REASONS,
    SEGMENT_KIND_LABELS,
    SEGMENT_LADDER,
    SURFACE_LABELS,
    TARGET_LADDER,
    Category,
    Extent,
)

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from rollout.cartography.scope import Contents

    Columns = dict[str, dict[str, Any]]

STREETS = "streets"
"""Name of the words that all columns of street names share."""

_SAME_M = 0.05

_CATEGORY_OF_ONE = {
    **CATEGORY_LABELS,
    Category.HOUSEHOLD.value: "Haushalt",
    Category.SCHOOL.value: "Schule",
}


@dataclass(frozen=True, slots=True)
class Fact:
    """
    One line of a card.

    Attributes
    ----------
    label
        What people read.
    column
        Column of the layer it shows.
    unit
        `metres` for lengths in decimetres, `words` for words to be looked up in `words`, or nothing.
    words
        Word in the column → what people read.
    """

    label: str
    column: str
    unit: str = ""
    words: Mapping[str, str] | None = None


SEGMENT_FACTS: tuple[Fact, ...] = (
    Fact("Status", "status"),
    Fact("seit", "since"),
    Fact("Grund", "reason"),
    Fact("vor der Sperrung", "before"),
    Fact("Art", "kind", "words", SEGMENT_KIND_LABELS),
    Fact("Länge", "length", "metres"),
    Fact("Kabel im Abschnitt", "cable", "metres"),
    Fact("Rohre", "ducts"),
    Fact("Straße", "street"),
    Fact("Oberfläche", "surface"),
    Fact("Legeverfahren", "laying"),
    Fact("geplante Fertigstellung", "planned"),
    Fact("Stadtteil", "district"),
    Fact("Bauabschnitt", "phase"),
)

TARGET_FACTS: tuple[Fact, ...] = (
    Fact("Status", "status"),
    Fact("seit", "since"),
    Fact("Grund", "reason"),
    Fact("Art", "category", "words", _CATEGORY_OF_ONE),
    Fact("Einrichtung", "institution"),
    Fact("Förderung", "drive"),
    Fact("Postleitzahl", "postcode"),
    Fact("Stadtteil", "district"),
    Fact("Stadtteil laut Liste", "listed"),
    Fact("Bauabschnitt", "phase"),
    Fact("nächste Trasse", "segment"),
    Fact("Hausanschluss", "drop", "metres"),
    Fact("bis zur gebauten Trasse", "near", "metres"),
)

NODE_FACTS: tuple[Fact, ...] = (
    Fact("Art", "kind", "words", NODE_KIND_LABELS),
    Fact("Stadtteil", "district"),
)

DISTRICT_FACTS: tuple[Fact, ...] = (
    Fact("Stadtbezirk", "borough"),
    Fact("Bauabschnitt", "phase"),
)


def street_words(contents: Contents) -> list[str]:
    """
    List the names of streets that the layers of a page share.

    Parameters
    ----------
    contents
        The rows of the page.

    Returns
    -------
    words
        Each name once, sorted.
    """
    state = contents.state
    columns = [_optional(state.segments, "street"), contents.funded["street"], contents.extended["street"]]
    columns += [_optional(state.base["streets"], "name")] if "streets" in state.base else []
    return sorted({word for column in columns for word in encoding.coded(column).words})


def of_streets(values: pd.Series, words: Sequence[str]) -> dict[str, Any]:
    """
    Encode a column of street names.

    Parameters
    ----------
    values
        Names of streets.
    words
        As `street_words` lists them.

    Returns
    -------
    column
        Numbers of the shared words.
    """
    return {"shared": STREETS, **encoding.pack_short(encoding.coded(values).among(words))}


def segment_columns(contents: Contents, streets: Sequence[str]) -> Columns:
    """
    Encode what a page tells of its segments.

    Parameters
    ----------
    contents
        The rows of the page.
    streets
        The shared names of streets.

    Returns
    -------
    columns
        Column → encoded values, in the order of the segments.
    """
    rows = contents.state.segments
    return filled(
        {
            "id": encoding.pack_text(rows["segment_id"]),
            "class": class_of(rows["status"], SEGMENT_STYLES).packed(),
            "kind": encoding.pack_words(rows["kind"]),
            "status": _worded(rows["status"], {rung.key: rung.label for rung in SEGMENT_LADDER}, NO_DATA_LABEL),
            "since": _dates(rows["status_since"]),
            "reason": _worded(_optional(rows, "reason"), REASONS),
            "before": _worded(_optional(rows, "status_before"), {rung.key: rung.label for rung in SEGMENT_LADDER}),
            "length": encoding.pack_integers(rows["length_m"] * 10),
            "cable": encoding.pack_integers(rows["cable_length_m"] * 10),
            "ducts": encoding.pack_integers(_optional(rows, "duct_count")),
            "street": of_streets(_optional(rows, "street"), streets),
            "surface": _worded(_optional(rows, "surface"), SURFACE_LABELS),
            "laying": _worded(_optional(rows, "laying_method"), LAYING_METHOD_LABELS),
            "planned": _dates(_optional(rows, "planned_on")),
            "district": _worded(rows["segment_id"], _districts_crossed(contents)),
            "phase": _worded(rows["phase_id"], _phase_names(contents)),
        }
    )


def target_columns(contents: Contents, rows: pd.DataFrame, streets: Sequence[str]) -> Columns:
    """
    Encode what a page tells of one population of targets.

    Parameters
    ----------
    contents
        The rows of the page.
    rows
        The targets of the population.
    streets
        The shared names of streets.

    Returns
    -------
    columns
        Column → encoded values, in the order of the rows.
    """
    return filled(
        {
            "id": encoding.pack_text(rows["target_id"]),
            "class": class_of(rows["status"], TARGET_STYLES).packed(),
            "category": encoding.pack_words(rows["category"]),
            "street": of_streets(rows["street"], streets),
            "number": encoding.pack_words(rows["house_number"]),
            "postcode": encoding.pack_words(rows["postcode"]),
            "listed": _listed_elsewhere(contents, rows),
            "institution": encoding.pack_words(_optional(rows, "institution")),
            "status": _worded(rows["status"], {rung.key: rung.label for rung in TARGET_LADDER}, NO_DATA_LABEL),
            "since": _dates(rows["status_since"]),
            "reason": _worded(_optional(rows, "reason"), REASONS),
            "drive": _worded(rows["drive"], DRIVE_LABELS),
            "district": _worded(rows["district_id"], _district_names(contents)),
            "phase": _worded(rows["phase_id"], _phase_names(contents)),
            "segment": encoding.pack_text(rows["segment_id"]),
            "drop": encoding.pack_integers(rows["drop_m"] * 10),
            "near": _near_if_farther(rows),
        }
    )


def node_columns(contents: Contents) -> Columns:
    """
    Encode what a page tells of its nodes.

    Parameters
    ----------
    contents
        The rows of the page.

    Returns
    -------
    columns
        Column → encoded values, in the order of the nodes.
    """
    rows = contents.state.nodes
    return filled(
        {
            "id": encoding.pack_text(rows["node_id"]),
            "kind": encoding.pack_words(rows["kind"]),
            "name": encoding.pack_words(_optional(rows, "name")),
            "district": _worded(rows["district_id"], _district_names(contents)),
        }
    )


def district_columns(contents: Contents) -> Columns:
    """
    Encode what a page tells of the districts.

    Parameters
    ----------
    contents
        The rows of the page.

    Returns
    -------
    columns
        Column → encoded values, in the order of the districts.
    """
    rows = contents.state.districts
    return filled(
        {
            "id": encoding.pack_text(rows["district_id"]),
            "name": encoding.pack_words(rows["name"]),
            "borough": encoding.pack_words(rows["borough"]),
            "phase": _worded(rows["district_id"], _phases_of_districts(contents)),
        }
    )


def filled(columns: Columns) -> Columns:
    """
    Leave out columns that hold nothing.

    Parameters
    ----------
    columns
        Encoded columns.

    Returns
    -------
    columns
        Those with a word or a number in at least one row.
    """
    return {name: column for name, column in columns.items() if "prefix" in column or column["data"].strip("A=")}


def _worded(values: pd.Series, words: Mapping[str, str], missing: str | None = None) -> dict[str, Any]:
    return encoding.pack_words(values, words.get, missing)


def _dates(values: pd.Series) -> dict[str, Any]:
    return encoding.pack_words(values, _date)


def _optional(rows: pd.DataFrame, name: str) -> pd.Series:
    return rows[name] if name in rows else pd.Series(pd.NA, index=rows.index, dtype="string")


def _listed_elsewhere(contents: Contents, rows: pd.DataFrame) -> dict[str, Any]:
    """Name the district of the list only where it is not the one by place."""
    listed, placed = (
        encoding.coded(_optional(rows, "district")),
        encoding.coded(rows["district_id"], _district_names(contents).get),
    )
    both = sorted({*listed.words, *placed.words})
    codes = np.where(listed.among(both) == placed.among(both), 0, listed.codes)
    return encoding.Coded(listed.words, codes).packed()


def _near_if_farther(rows: pd.DataFrame) -> dict[str, Any]:
    """Tell the distance to a built trench only where the drop goes to one that is not built."""
    near = rows["near_built_m"]
    return encoding.pack_integers(near.mask((near - rows["drop_m"]).abs() < _SAME_M) * 10)


@cache
def _date(day: dt.date) -> str:
    return wording.date(day)


def _district_names(contents: Contents) -> dict[str, str]:
    districts = contents.state.districts
    return dict(zip(districts["district_id"], districts["name"], strict=True))


def _phase_names(contents: Contents) -> dict[str, str]:
    return {phase.id: phase.name for phase in contents.state.project.phases}


def _phases_of_districts(contents: Contents) -> dict[str, str]:
    member, names = contents.state.phase_districts, _phase_names(contents)
    texts: dict[str, list[str]] = {}
    columns = ("programme_id", "phase_id", "district_id", "extent")
    for programme, phase, district, extent in zip(*(member[name] for name in columns), strict=True):
        if programme == contents.scope.programme.id:
            part = "" if extent == Extent.WHOLE else f" ({EXTENT_LABELS[extent]})"
            texts.setdefault(district, []).append(names[phase] + part)
    return {district: ", ".join(phases) for district, phases in texts.items()}


def _districts_crossed(contents: Contents) -> dict[str, str]:
    """Name the districts of each segment, the one with its longest part first."""
    pieces, names = contents.state.pieces, _district_names(contents)
    found: dict[str, list[tuple[float, str]]] = {}
    for segment, district, length in zip(pieces["segment_id"], pieces["district_id"], pieces["length_m"], strict=True):
        if district in names:
            found.setdefault(segment, []).append((-length, names[district]))
    return {segment: ", ".join(name for _, name in sorted(parts)) for segment, parts in found.items()}
