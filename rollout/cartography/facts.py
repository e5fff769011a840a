"""What a page tells of its rows, column by column."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from rollout import wording
from rollout.cartography import columns
from rollout.cartography.symbols import SEGMENT_STYLES, TARGET_STYLES, class_of
from rollout.once import once_each
from rollout.vocabulary import (
    DRIVE_LABELS,
    EXTENT_LABELS,
    LAYING_METHOD_LABELS,
    NO_DATA_LABEL,
    REASONS,
    SEGMENT_LADDER,
    SURFACE_LABELS,
    TARGET_LADDER,
    Extent,
    Reach,
)

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from rollout.cartography.scope import Contents

    Columns = dict[str, dict[str, Any]]

STREETS = "streets"
"""Name of the words that all columns of street names share."""

_SAME_M = 0.05


def streets_of(contents: Contents) -> tuple[list[str], dict[str, columns.Column]]:
    """
    Give the names of streets numbers, those of all layers at once.

    Parameters
    ----------
    contents
        The rows of the page.

    Returns
    -------
    words
        Each name once, sorted.
    streets
        Their column for each of the layers `streets`, `segments` and `targets`.
    """
    state = contents.state
    named = {
        "streets": _optional(state.base["streets"], "name") if "streets" in state.base else _nothing(0),
        "segments": _optional(state.segments, "street"),
        "targets": contents.targets["street"],
    }
    words, codes = columns.coded_together(named)
    return words, {layer: columns.Shared(STREETS, found) for layer, found in codes.items()}


def segment_columns(contents: Contents, street: columns.Column) -> Columns:
    """
    Encode what a page tells of its segments.

    Parameters
    ----------
    contents
        The rows of the page.
    street
        The column of their streets.

    Returns
    -------
    columns
        Column → encoded values, in the order of the segments.
    """
    rows = pd.DataFrame(contents.state.segments)
    return filled(
        {
            "id": columns.text(rows["segment_id"]),
            "class": class_of(rows["status"], SEGMENT_STYLES),
            "kind": columns.coded(rows["kind"]),
            "status": _worded(rows["status"], {rung.key: rung.label for rung in SEGMENT_LADDER}, NO_DATA_LABEL),
            "since": _dates(rows["status_since"]),
            "reason": _worded(_optional(rows, "reason"), REASONS),
            "before": _worded(_optional(rows, "status_before"), {rung.key: rung.label for rung in SEGMENT_LADDER}),
            "length": columns.whole(rows["length_m"], per_unit=10),
            "cable": columns.whole(rows["cable_length_m"], per_unit=10),
            "ducts": columns.whole(_optional(rows, "duct_count")),
            "street": street,
            "surface": _worded(_optional(rows, "surface"), SURFACE_LABELS),
            "laying": _worded(_optional(rows, "laying_method"), LAYING_METHOD_LABELS),
            "planned": _dates(_optional(rows, "planned_on")),
            "district": _districts_crossed(contents),
            "phase": _worded(rows["phase_id"], _phase_names(contents)),
            "reach": _reach_of_segments(rows),
            "unlock": columns.coded(_package_of(contents, rows["segment_id"])),
        }
    )


def target_columns(contents: Contents, street: columns.Column) -> dict[str, Columns]:
    """
    Encode what a page tells of its targets: all read at once, each population written by itself.

    Parameters
    ----------
    contents
        The rows of the page.
    street
        The column of their streets.

    Returns
    -------
    columns
        Layer of the population → column → encoded values, in the order of its rows.
    """
    rows = pd.DataFrame(contents.targets)
    district = columns.coded(rows["district_id"], _district_names(contents.state.districts).get)
    told: dict[str, columns.Column] = {
        "id": columns.text(rows["target_id"]),
        "class": class_of(rows["status"], TARGET_STYLES),
        "category": columns.coded(rows["category"]),
        "street": street,
        "number": columns.coded(rows["house_number"]),
        "postcode": columns.coded(rows["postcode"]),
        "listed": _listed_elsewhere(rows, district),
        "institution": columns.coded(_optional(rows, "institution")),
        "status": _worded(rows["status"], {rung.key: rung.label for rung in TARGET_LADDER}, NO_DATA_LABEL),
        "since": _dates(rows["status_since"]),
        "reason": _worded(_optional(rows, "reason"), REASONS),
        "drive": _worded(rows["drive"], DRIVE_LABELS),
        "district": district,
        "phase": _worded(rows["phase_id"], _phase_names(contents)),
        "segment": columns.text(rows["segment_id"]),
        "drop": columns.whole(rows["drop_m"], per_unit=10),
        "near": _near_if_farther(rows),
        "reach": _reach_of_targets(rows),
        "node": columns.coded(rows["node_id"]),
        "route": columns.whole(rows["route_m"], per_unit=10),
        "doubt": columns.coded(rows["contradiction"]),
    }
    return {layer: filled(told, part) for layer, part in contents.populations.items()}


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
            "id": columns.text(rows["node_id"]),
            "kind": columns.coded(rows["kind"]),
            "name": columns.coded(_optional(rows, "name")),
            "district": _worded(rows["district_id"], _district_names(contents.state.districts)),
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
    return {
        **_said_of_districts(rows),
        **filled({"phase": _worded(rows["district_id"], _phases_of_districts(contents))}),
    }


@once_each
def _said_of_districts(rows: pd.DataFrame) -> Columns:
    return filled(
        {
            "id": columns.text(rows["district_id"]),
            "name": columns.coded(rows["name"]),
            "borough": columns.coded(rows["borough"]),
        }
    )


@once_each
def neighbour_columns(neighbours: pd.DataFrame) -> Columns:
    """
    Encode what a page tells of the municipalities beside the city.

    Parameters
    ----------
    neighbours
        The layer of the base map.

    Returns
    -------
    columns
        Their `name`, where the layer has one.
    """
    return filled({"name": columns.coded(_optional(neighbours, "name"))})


def filled(told: Mapping[str, columns.Column], rows: slice = slice(None)) -> Columns:
    """
    Write the columns of some rows, and leave out those that hold nothing.

    Parameters
    ----------
    told
        Columns by name.
    rows
        Which rows; all of them where none are named.

    Returns
    -------
    columns
        Encoded values of those with a word or a number in at least one row.
    """
    written = {name: column.packed(rows) for name, column in told.items()}
    return {name: column for name, column in written.items() if column.get("start") or column["data"].strip("A=")}


def _worded(values: pd.Series, words: Mapping[str, str], missing: str | None = None) -> columns.Coded:
    return columns.coded(values, words.get, missing)


def _dates(values: pd.Series) -> columns.Coded:
    return columns.coded(values, _date)


def _reach_of_segments(rows: pd.DataFrame) -> columns.Coded:
    """Say what built segments are joined to; of an unbuilt one there is nothing to say."""
    joined, cabled = (rows[name].to_numpy(dtype=bool) for name in ("reached", "cable_reached"))
    return columns.chosen({Reach.CABLE: cabled, Reach.DUCT: joined, Reach.ISLAND: rows["island_id"].notna().to_numpy()})


def _reach_of_targets(rows: pd.DataFrame) -> columns.Coded:
    joined, cabled = (rows[name].to_numpy(dtype=bool) for name in ("reachable", "cable_reachable"))
    return columns.chosen({Reach.CABLE: cabled, Reach.DUCT: joined, Reach.NONE: ~joined})


def _package_of(contents: Contents, segment_id: pd.Series) -> pd.Series:
    """Return the number of the set that each segment belongs to, as text."""
    if contents.additions.unlocked is None:
        return _nothing(len(segment_id))
    members = contents.additions.unlocked.members
    ranks = pd.Series(members["rank"].astype("string").to_numpy(), index=members["segment_id"])
    return ranks.reindex(segment_id)


def _optional(rows: pd.DataFrame, name: str) -> pd.Series:
    return rows[name] if name in rows else _nothing(len(rows))


def _nothing(count: int) -> pd.Series:
    return pd.Series(np.full(count, None), dtype=object)


def _listed_elsewhere(rows: pd.DataFrame, placed: columns.Coded) -> columns.Coded:
    """Name the district of the list only where it is not the one by place."""
    listed = columns.coded(_optional(rows, "district"))
    both = sorted({*listed.words, *placed.words})
    return columns.Coded(listed.words, np.where(listed.among(both) == placed.among(both), 0, listed.codes))


def _near_if_farther(rows: pd.DataFrame) -> columns.Whole:
    """Tell the distance to a built trench only where the drop goes to one that is not built."""
    near, drop = (columns.numbers(rows[name]) for name in ("near_built_m", "drop_m"))
    is_same = np.isclose(near, drop, rtol=0, atol=_SAME_M)  # of two that are infinite too
    return columns.whole(np.where(is_same, np.nan, near), per_unit=10)


@cache
def _date(day: dt.date) -> str:
    return wording.date(day)


def _values(rows: pd.DataFrame, *names: str) -> list[list[Any]]:
    """Return columns as lists, None where missing; to walk along a text column of pandas takes far longer."""
    return [columns.as_array(columns.column(rows[name])).tolist() for name in names]


@once_each
def _district_names(districts: pd.DataFrame) -> dict[str, str]:
    return dict(zip(*_values(districts, "district_id", "name"), strict=True))


def _phase_names(contents: Contents) -> dict[str, str]:
    return {phase.id: phase.name for phase in contents.state.project.phases}


def _phases_of_districts(contents: Contents) -> dict[str, str]:
    member, names = contents.state.phase_districts, _phase_names(contents)
    texts: dict[str, list[str]] = {}
    names_of = ("programme_id", "phase_id", "district_id", "extent")
    for programme, phase, district, extent in zip(*_values(member, *names_of), strict=True):
        if programme == contents.scope.programme.id:
            part = "" if extent == Extent.WHOLE else f" ({EXTENT_LABELS[extent]})"
            texts.setdefault(district, []).append(names[phase] + part)
    return {district: ", ".join(phases) for district, phases in texts.items()}


def _districts_crossed(contents: Contents) -> columns.Coded:
    """Name the districts of each segment, the one with its longest part first; most segments lie in one."""
    pieces, segments = contents.state.pieces, contents.state.segments
    district = columns.coded(pieces["district_id"], _district_names(contents.state.districts).get)
    owner = columns.places_among(pieces["segment_id"], segments["segment_id"])
    named = np.flatnonzero((district.codes > 0) & (owner >= 0))
    order = named[np.lexsort((district.codes[named], -columns.numbers(pieces["length_m"])[named], owner[named]))]
    parts = np.bincount(owner[order], minlength=len(segments))
    ends = np.cumsum(parts)
    codes = np.append(district.codes[order], 0)[np.minimum(ends - parts, len(order))] * (parts > 0)
    crossing = np.flatnonzero(parts > 1)
    names = [district.words[code - 1] for code in district.codes[order].tolist()]
    joined = [", ".join(names[end - count : end]) for end, count in zip(ends[crossing], parts[crossing], strict=True)]
    return columns.with_words(district, codes, dict(zip(crossing.tolist(), joined, strict=True)))
