"""
The data of a page read back, for the leak check: columns of words, and places in millionths of a degree.

It follows the description of the format in `cartography.encoding`, and shares no code with it.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from rollout.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Integers = NDArray[np.int64]

_SEVEN = 7

_KEPT_RUNS = 64
"""The pages of a package have much of their ground in common, and so the text of its places."""

_KEPT_COLUMNS = 192
"""The packages of a state say much of the same rows."""

_KEPT_WORDS = 8
"""Lists of words: all pages of a state have the same."""


@dataclass(frozen=True)
class PageColumn:
    """
    One column of a layer.

    Attributes
    ----------
    values
        Of each row as text, empty where missing.
    """

    values: tuple[str, ...]

    @cached_property
    def said(self) -> frozenset[str]:
        """The values it has, in any row."""
        return frozenset(self.values)


@dataclass(frozen=True, slots=True)
class PageLayer:
    """
    One layer of a page.

    Attributes
    ----------
    name
        As the page calls it.
    columns
        What it says of its rows.
    places
        Longitude and latitude of every place in the layer, in millionths of a degree, shape (n, 2).
    """

    name: str
    columns: dict[str, PageColumn]
    places: Integers


def data_of(text: str) -> dict[str, Any] | None:
    """
    Read a data island.

    Parameters
    ----------
    text
        What stands between its tags.

    Returns
    -------
    data
        None where it is no data of a map page.

    Raises
    ------
    OutputError
        If it is no JSON.
    """
    try:
        data = json.loads(text)
    except ValueError as error:
        msg = f"die Daten einer Seite sind nicht lesbar: {error}"
        raise OutputError(msg, "Was nicht geprüft werden kann, wird nicht weitergegeben.") from error
    return data if isinstance(data, dict) and "layers" in data else None


def layers_of(data: dict[str, Any]) -> Iterator[PageLayer]:
    """
    Decode the layers of a page.

    Parameters
    ----------
    data
        Its data island.

    Yields
    ------
    layer
        Every layer, columns and places.
    """
    shared = {
        name: _sorted_words(words["bits"], words["data"], tuple(words["rest"]))
        for name, words in data.get("words", {}).items()
    }
    for name, layer in data["layers"].items():
        count = int(layer.get("count", 0))
        columns = {key: _column(packed, count, shared) for key, packed in layer.get("columns", {}).items()}
        yield PageLayer(name, columns, _places(layer))


class _Codes(NamedTuple):
    """A number for each row, as they are packed."""

    bits: int
    data: str
    rows: int

    def read(self) -> Integers:
        return _short(self.bits, self.data)[: self.rows]


def _column(packed: dict[str, Any], count: int, shared: dict[str, tuple[str, ...]]) -> PageColumn:
    codes = _Codes(packed["bits"], packed["data"], count)
    if "prefix" in packed:
        return _numbered(codes, int(packed.get("start", 0)), packed["prefix"], packed["digits"])
    words = shared.get(packed.get("shared", ""), packed.get("words"))
    return _counted(codes) if words is None else _worded(codes, tuple(words))


@lru_cache(maxsize=_KEPT_COLUMNS)
def _numbered(codes: _Codes, start: int, prefix: str, digits: int) -> PageColumn:
    numbers = start + np.cumsum(_unfolded(codes.read()))
    return PageColumn(tuple(prefix + str(found - 1).zfill(digits) if found else "" for found in numbers.tolist()))


@lru_cache(maxsize=_KEPT_COLUMNS)
def _counted(codes: _Codes) -> PageColumn:
    return PageColumn(tuple(str(code - 1) if code else "" for code in codes.read().tolist()))


@lru_cache(maxsize=_KEPT_COLUMNS)
def _worded(codes: _Codes, words: tuple[str, ...]) -> PageColumn:
    return PageColumn(tuple(np.array(["", *words], dtype=object)[codes.read()].tolist()))


def _places(layer: dict[str, Any]) -> Integers:
    """Return its places, those of its labels, and where its drops end."""
    found = [_run(part) for part in (layer, layer.get("anchors", {})) if "xy" in part]
    if "feet" in layer and found:
        found.append(found[0] + _signed(layer["feet"]).reshape(-1, 2))
    return np.concatenate(found) if found else np.zeros((0, 2), dtype=np.int64)


def _run(packed: dict[str, Any]) -> Integers:
    steps = _signed(packed["xy"]).reshape(-1, 2)
    return np.cumsum(steps, axis=0) + np.array(packed["start"], dtype=np.int64)


@lru_cache(maxsize=_KEPT_WORDS)
def _sorted_words(bits: int, sizes: str, rests: tuple[str, ...]) -> tuple[str, ...]:
    words: list[str] = []
    for size, rest in zip(_short(bits, sizes).tolist(), rests, strict=False):
        before = words[-1].encode("utf-16-le", "surrogatepass") if words else b""
        words.append(before[: 2 * size].decode("utf-16-le", "surrogatepass") + rest)
    return tuple(words)


def _short(bits: int, text: str) -> Integers:
    if bits == 0:
        return _varints(text)
    stream = np.unpackbits(np.frombuffer(base64.b64decode(text), dtype=np.uint8), bitorder="little")
    whole = stream[: len(stream) // bits * bits].reshape(-1, bits).astype(np.int64)
    return whole @ (np.int64(1) << np.arange(bits, dtype=np.int64))


@lru_cache(maxsize=_KEPT_RUNS)
def _signed(text: str) -> Integers:
    """Read Rice codes: of each number its rest as so many zeros and a one, then its low bits."""
    data = base64.b64decode(text)
    low, count = data[0], int.from_bytes(data[1:5], "little")
    bits = np.unpackbits(np.frombuffer(data, dtype=np.uint8, offset=5), bitorder="little")
    ones = np.flatnonzero(bits)
    following = np.searchsorted(ones, ones + 1 + low).tolist()
    found, one = [], 0
    for _ in range(count):
        found.append(one)
        one = following[one]
    ends = ones[np.array(found, dtype=np.int64)]
    starts = np.append(0, ends + 1 + low)[:-1]
    places = ends[:, None] + 1 + np.arange(low, dtype=np.int64)
    weights = np.int64(1) << np.arange(low, dtype=np.int64)
    return _unfolded(((ends - starts) << low) + bits[places].astype(np.int64) @ weights)


def _varints(text: str) -> Integers:
    data = np.frombuffer(base64.b64decode(text), dtype=np.uint8)
    ends = np.flatnonzero(data < 1 << _SEVEN)
    starts = np.concatenate([[0], ends[:-1] + 1]) if len(ends) else ends
    place = np.arange(len(data)) - np.repeat(starts, ends - starts + 1)
    parts = (data.astype(np.int64) & ((1 << _SEVEN) - 1)) << (_SEVEN * place)
    return np.add.reduceat(parts, starts) if len(starts) else np.zeros(0, dtype=np.int64)


def _unfolded(values: Integers) -> Integers:
    return (values >> 1) ^ -(values & 1)
