"""What a package must not hold: all that the full state knows and the audience may not see."""

from __future__ import annotations

import getpass
import platform
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from pyproj import Transformer

from rollout.crs import METRIC_CRS, PAGE_CRS
from rollout.once import once_each
from rollout.sharing.grid import nearest_corners
from rollout.vocabulary import REASONS, STATUS_LABELS

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    import pandas as pd
    from numpy.typing import NDArray

    from rollout.analysis.state import State

    Integers = NDArray[np.int64]

MILLIONTH = 1e-6
"""Degrees; pages write places in them."""

PAGE_COLUMNS: dict[str, dict[str, str]] = {
    "segments": {
        "id": "segment_id", "class": "status", "kind": "kind", "status": "status", "since": "status_since",
        "reason": "reason", "before": "status_before", "length": "length_m", "cable": "cable_length_m",
        "ducts": "duct_count", "street": "street", "name": "street", "surface": "surface", "laying": "laying_method",
        "planned": "planned_on", "district": "segment_id", "phase": "phase_id", "reach": "reached",
        "unlock": "segment_id",
    },
    "targets": {
        "id": "target_id", "class": "status", "category": "category", "street": "street", "number": "house_number",
        "postcode": "postcode", "listed": "district", "institution": "institution", "status": "status",
        "since": "status_since", "reason": "reason", "drive": "drive", "district": "district_id", "phase": "phase_id",
        "segment": "segment_id", "drop": "drop_m", "near": "near_built_m", "reach": "reachable", "node": "node_id",
        "route": "route_m", "doubt": "contradiction",
    },
    "nodes": {"id": "node_id", "kind": "kind", "name": "name", "district": "district_id"},
}  # fmt: skip
"""Layer of a page → its column → the column of the state it tells."""

_LAYERS = ("segments", "targets", "nodes")
_WITH_STATUS = ("segments", "targets")
_IDS = {"segments": "segment_id", "targets": "target_id", "nodes": "node_id"}
_FREE_TEXTS = {"targets": ("institution",), "nodes": ("name",)}
_SHORTEST_TRACE = 5
_TENTH = 10
_SHORTEST_TEXT = 3


@dataclass(frozen=True, slots=True)
class Forbidden:
    """
    What must not be found in any file of a package.

    Attributes
    ----------
    identifiers
        Ids of segments, targets and nodes.
    addresses
        `address_key` of street and house number.
    streets
        Streets of these addresses.
    texts
        Names of institutions and nodes, and file names of deliveries.
    words
        Layer → statuses and reasons that none of its rows may have, as keys and as labels.
    cells
        Those of them that nothing shown has, in any layer: no cell of a table says one.
    columns
        Layer of a page → columns that must be empty.
    places
        `place_keys`, sorted; without those that a page writes of a public place just as well.
    metres, degrees
        The same places in whole metres, easting and northing, and in hundred-thousandths of a degree; sorted keys.
    traces
        Names and paths of the machine that makes the package.
    stand
        The Stichtag, as whose midnight a workbook is dated: where it is today, that is no trace of when it was made.
    """

    identifiers: frozenset[str]
    addresses: frozenset[str]
    streets: frozenset[str]
    texts: frozenset[str]
    words: dict[str, frozenset[str]]
    cells: frozenset[str]
    columns: dict[str, frozenset[str]]
    places: Integers
    metres: Integers
    degrees: Integers
    traces: frozenset[str]
    stand: dt.date


def forbidden(full: State, shown: State) -> Forbidden:
    """
    Say what a package must not hold.

    Parameters
    ----------
    full
        The state with everything.
    shown
        What the audience may see of it.

    Returns
    -------
    forbidden
        Everything of the one that is not in the other.
    """
    known, allowed = _addresses(full.targets), _addresses(shown.targets)
    hidden = known.keys() - allowed.keys()
    places = _places(full, shown)
    steps = _steps(places)
    hidden_keys = np.setdiff1d(place_keys(steps), _public_keys(places, shown)) if len(places) else place_keys(steps)
    words = {layer: _words(full, shown, layer) for layer in _WITH_STATUS}
    return Forbidden(
        identifiers=frozenset(_ids(full) - _ids(shown)),
        addresses=frozenset(hidden),
        streets=frozenset(known[key] for key in hidden),
        texts=frozenset(_texts(full) - _texts(shown)),
        words=words,
        cells=frozenset().union(*words.values()) - _said_words(shown),
        columns={layer: _empty_columns(full, shown, layer) for layer in _LAYERS},
        places=hidden_keys,
        degrees=np.unique(place_keys(np.rint(steps / _TENTH).astype(np.int64))),
        metres=np.unique(place_keys(np.rint(places).astype(np.int64))),
        traces=_traces(full),
        stand=full.as_of,
    )


def address_key(street: str, number: str) -> str:
    """
    Write an address so that two spellings of it are one.

    Parameters
    ----------
    street, number
        As they stand.

    Returns
    -------
    key
        Small letters, `ß` as `ss`, no spaces.
    """
    return "".join(f"{street}|{number}".casefold().split())


def place_keys(places: Integers) -> Integers:
    """
    Write each place as one number.

    Parameters
    ----------
    places
        Whole numbers below 2**31 in size, shape (n, 2).

    Returns
    -------
    keys
        One for each.
    """
    return (places[:, 0] << 32) + places[:, 1]


def _ids(state: State) -> set[str]:
    return {found for layer in _LAYERS for found in _said(getattr(state, layer), _IDS[layer])}


def _said(rows: pd.DataFrame, name: str) -> set[str]:
    return {*map(str, rows[name].dropna().to_numpy(dtype=object))} if name in rows else set()


@once_each
def _addresses(targets: pd.DataFrame) -> dict[str, str]:
    known = targets[["street", "house_number"]].dropna()
    streets, numbers = (known[name].to_numpy(dtype=object) for name in ("street", "house_number"))
    return {address_key(street, number): street for street, number in zip(streets, numbers, strict=True)}


def _texts(state: State) -> set[str]:
    found = {
        text for layer, names in _FREE_TEXTS.items() for name in names for text in _said(getattr(state, layer), name)
    }
    if state.sources is not None:
        found |= _said(state.sources, "file_name")  # the names of partners are known to everyone
    return {text for text in found if len(text) >= _SHORTEST_TEXT}


def _words(full: State, shown: State, layer: str) -> frozenset[str]:
    """Return statuses and reasons that nothing shown has; of a layer that is not given, only figures speak."""
    before, after = getattr(full, layer), getattr(shown, layer)
    if after.empty:
        return frozenset()
    hidden = {word for name in ("status", "reason") for word in _said(before, name) - _said(after, name)}
    return frozenset(hidden | {label for word in hidden if (label := STATUS_LABELS.get(word, REASONS.get(word)))})


def _said_words(shown: State) -> frozenset[str]:
    """Return the statuses and reasons that something shown has, as keys and as labels."""
    frames = [getattr(shown, layer) for layer in _WITH_STATUS]
    keys = {word for rows in frames for name in ("status", "reason") for word in _said(rows, name)}
    return frozenset(keys | {STATUS_LABELS.get(word, REASONS.get(word, word)) for word in keys})


def _empty_columns(full: State, shown: State, layer: str) -> frozenset[str]:
    before, after = getattr(full, layer), getattr(shown, layer)

    def is_withheld(name: str) -> bool:
        return name in before and not _is_empty(before[name]) and (name not in after or _is_empty(after[name]))

    return frozenset(column for column, name in PAGE_COLUMNS[layer].items() if is_withheld(name))


def _is_empty(values: pd.Series[Any]) -> bool:
    return bool(values.array.isna().all())


def _places(full: State, shown: State) -> NDArray[np.float64]:
    """Return the corners of what is hidden in metres: those that nothing shown has, the base map included."""
    known = np.concatenate([_corners(getattr(full, layer)) for layer in _LAYERS])
    allowed = [getattr(shown, layer) for layer in _LAYERS] + [shown.districts, *shown.base.values()]
    seen = np.concatenate([_corners(rows) for rows in allowed])
    hidden = ~np.isin(_exact(known), _exact(seen))
    return known[hidden]


@once_each
def _corners(rows: pd.DataFrame) -> NDArray[np.float64]:
    return shapely.get_coordinates(rows["geometry"].to_numpy())


def _public_keys(hidden: NDArray[np.float64], shown: State) -> Integers:
    """
    Return the keys of all that a page may draw beside rows of the state.

    A trench that was drawn along a street has bends a few centimetres from those of the street, and a page cannot tell
    the two apart: to find the one is not to have told the other.
    """
    frames = [getattr(shown, layer) for layer in _LAYERS] + [shown.districts, *shown.base.values()]
    drawn = [_keys(rows) for rows in frames]
    return np.concatenate([*drawn, _keys_of_names(shown.districts), place_keys(_steps(nearest_corners(hidden)))])


@once_each
def _keys(rows: pd.DataFrame) -> Integers:
    return place_keys(_steps(_corners(rows)))


@once_each
def _keys_of_names(districts: pd.DataFrame) -> Integers:
    """Return where a page may write the name of a district."""
    shapes = districts["geometry"].to_numpy()
    inside = np.concatenate([shapely.centroid(shapes), shapely.point_on_surface(shapes)])
    return place_keys(_steps(shapely.get_coordinates(inside)))


def _exact(metres: NDArray[np.float64]) -> Integers:
    """Keys of places to the centimetre."""
    return place_keys(np.rint(metres * 100).astype(np.int64))


@cache
def _to_degrees() -> Transformer:
    return Transformer.from_crs(METRIC_CRS, PAGE_CRS, always_xy=True)


def _steps(metres: NDArray[np.float64]) -> Integers:
    if not len(metres):
        return np.zeros((0, 2), dtype=np.int64)
    degrees = np.column_stack(_to_degrees().transform(metres[:, 0], metres[:, 1]))
    return np.rint(degrees / MILLIONTH).astype(np.int64)


def _traces(full: State) -> frozenset[str]:
    folders: Iterable[Path] = (Path.home(), Path.cwd(), full.project.folder, Path(tempfile.gettempdir()) / "")
    paths = {str(folder) for folder in folders} | {folder.as_posix() for folder in folders}
    names = {f"/home/{getpass.getuser()}", f"\\Users\\{getpass.getuser()}", platform.node()}
    return frozenset(found for found in paths | names if len(found) >= _SHORTEST_TRACE)
