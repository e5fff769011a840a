"""
Numbers, places and sorted words as short text: varints, bit fields or Rice codes in base64.

A varint holds seven bits a byte, the lowest first, and the eighth says that more follow; zigzag puts
small negative numbers beside small positive ones. A bit field gives every number the same few bits,
the lowest first. A Rice code writes a number's low bits as they are and its rest as so many zeros and a
one: a fifth shorter than varints for steps from place to place, and read as fast. What is missing is 0,
so a value is stored plus one.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Integers = NDArray[np.int64]

STEP = 1e-6
"""Degrees per unit: 0.11 m in latitude, 0.07 m in longitude at 51° N."""

_BYTE = 8
"""Bits; a varint has at least as many, so that fields of fewer are never longer."""

_WIDTHS = (1, 2, 4)
"""Bytes a number can have while its bits are taken apart."""

_MOST_BYTES = 5
_MOST_LOW_BITS = 24
_SPAN = 5
"""A few big steps lift the mean of many small ones; so many fewer low bits than it has are tried."""

_AREA = 2


def pack(values: Integers) -> str:
    """
    Write whole numbers that are not negative.

    Parameters
    ----------
    values
        Numbers below 2**35.

    Returns
    -------
    text
        Varints in base64.
    """
    bits = np.asarray(values, dtype=np.uint64)
    sizes = _sizes(bits)
    ends = np.cumsum(sizes)
    data = np.zeros(int(ends[-1]) if bits.size else 0, dtype=np.uint8)
    starts = ends - sizes
    for step in range(int(sizes.max(initial=0))):
        longer = sizes > step
        low = (bits[longer] >> np.uint64(7 * step)) & np.uint64(0x7F)
        more = (sizes[longer] > step + 1).astype(np.uint64) << np.uint64(7)
        data[starts[longer] + step] = low | more
    return base64.b64encode(data.tobytes()).decode("ascii")


def _sizes(bits: NDArray[np.uint64]) -> Integers:
    """Return how many bytes each number takes as a varint."""
    sizes = np.ones(bits.size, dtype=np.int64)
    for step in range(1, _MOST_BYTES):
        longer = bits >= np.uint64(1 << (7 * step))
        if not longer.any():
            break
        sizes += longer
    return sizes


def pack_signed(values: Integers) -> str:
    """
    Write whole numbers of either sign, most of them of one size, such as steps from place to place.

    Parameters
    ----------
    values
        Numbers below 2**30 in size.

    Returns
    -------
    text
        In base64: the number of low bits (one byte), how many numbers there are (four bytes, the lowest
        first), and a Rice code of each in zigzag.
    """
    folded = zigzag(np.asarray(values, dtype=np.int32))
    near = min(int(folded.mean()).bit_length(), _MOST_LOW_BITS) if folded.size else 0
    low = min(range(max(near - _SPAN, 0), near + 1), key=lambda bits: int((folded >> bits).sum()) + bits * folded.size)
    ends = np.cumsum((folded >> low) + low + 1)
    bits = np.zeros(int(ends[-1]) if folded.size else 0, dtype=np.uint8)
    bits[ends - low - 1] = 1
    for place in range(low):
        bits[ends - low + place] = (folded >> place) & 1
    head = bytes([low]) + folded.size.to_bytes(4, "little")
    return base64.b64encode(head + np.packbits(bits, bitorder="little").tobytes()).decode("ascii")


def zigzag(values: Integers) -> Integers:
    """
    Fold whole numbers of either sign into such as are not negative.

    Parameters
    ----------
    values
        0, -1, 1, -2, 2, …

    Returns
    -------
    folded
        0, 1, 2, 3, 4, …
    """
    return (values << 1) ^ (values >> 63)


def pack_short(values: Integers) -> dict[str, Any]:
    """
    Write whole numbers that are not negative, as bit fields or as varints, whichever is shorter.

    Parameters
    ----------
    values
        Numbers below 2**31.

    Returns
    -------
    numbers
        `bits` (bits of each number, 0 for varints) and `data`.
    """
    bits = int(values.max(initial=1)).bit_length()
    if bits > _BYTE and int(_sizes(values.astype(np.uint64)).sum()) * _BYTE < bits * len(values):
        return {"bits": 0, "data": pack(values)}
    width = next(width for width in _WIDTHS if bits <= width * _BYTE)
    fields = np.ascontiguousarray(values, dtype=f"<u{width}").view(np.uint8).reshape(len(values), width)
    packed = np.packbits(np.unpackbits(fields, axis=1, bitorder="little", count=bits).ravel(), bitorder="little")
    return {"bits": bits, "data": base64.b64encode(packed.tobytes()).decode("ascii")}


def pack_places(degrees: NDArray[np.float64]) -> dict[str, Any]:
    """
    Write a run of places.

    Parameters
    ----------
    degrees
        Longitude and latitude, shape `(n, 2)`.

    Returns
    -------
    places
        `start` (the first place in steps) and `xy` (differences from place to place, longitude before latitude,
        as `pack_signed` writes them).
    """
    steps = quantised(degrees)
    start = steps[0] if len(steps) else np.zeros(2, dtype=np.int64)
    differences = np.diff(steps, axis=0, prepend=start[None, :])
    return {"start": start.tolist(), "xy": pack_signed(differences.ravel())}


def quantised(degrees: NDArray[np.float64]) -> Integers:
    """
    Round places to whole steps.

    Parameters
    ----------
    degrees
        Longitudes and latitudes.

    Returns
    -------
    steps
        Whole numbers of `STEP` degrees, same shape.
    """
    return np.rint(degrees / STEP).astype(np.int64)


_MOST_SHARED = 24
"""Beginnings are compared so far; longer ones are rare."""

_LAST_OF_ONE_UNIT = 0xFFFF
"""Letters beyond this one take two units of UTF-16."""


def pack_sorted(words: Sequence[str]) -> dict[str, Any]:
    """
    Write a sorted list of words, each without what it shares with the one before.

    Parameters
    ----------
    words
        Sorted, so that many begin alike.

    Returns
    -------
    words
        `count`, `bits` and `data` (how many UTF-16 units each word shares with the one before), and `rest`
        (what follows them).
    """
    beginnings = "".join(word[:_MOST_SHARED].ljust(_MOST_SHARED, "\0") for word in ["", *words])
    letters = np.frombuffer(beginnings.encode("utf-32-le", "surrogatepass"), dtype="<u4").reshape(-1, _MOST_SHARED)
    alike = np.cumprod(letters[1:] == letters[:-1], axis=1).astype(bool)
    sizes = np.minimum(alike.sum(axis=1), np.array([0, *map(len, words)], dtype=np.int64)[:-1])
    is_wide = (letters[1:] > _LAST_OF_ONE_UNIT) & (np.arange(_MOST_SHARED) < sizes[:, None])
    units = sizes + is_wide.sum(axis=1)
    rest = [word[size:] for word, size in zip(words, sizes.tolist(), strict=True)]
    return {"count": len(words), "rest": rest, **pack_short(units.astype(np.int64))}


def pack_lines(
    shapes: NDArray[np.object_], to_degrees: Callable[[NDArray[np.float64]], NDArray[np.float64]]
) -> dict[str, Any]:
    """
    Write lines or polygons.

    Parameters
    ----------
    shapes
        Lines, polygons, or several of them in one.
    to_degrees
        Turns their coordinates, shape (n, 2), into degrees.

    Returns
    -------
    lines
        `parts` (lines or rings per shape; missing where each has one), `sizes` (places per part) and the
        places of all parts. A ring does not repeat its first place.
    """
    parts, owners = _parts(shapes)
    closed = bool((shapely.get_dimensions(parts) == _AREA).all())
    rings, of_part = shapely.get_rings(parts, return_index=True) if closed else (parts, np.arange(len(parts)))
    sizes = shapely.get_num_coordinates(rings).astype(np.int64)
    places = shapely.get_coordinates(rings)
    if closed:
        places = np.delete(places, np.cumsum(sizes) - 1, axis=0)
        sizes = sizes - 1
    parts_each = np.bincount(owners[of_part], minlength=len(shapes))
    lines = {"sizes": pack_short(sizes), **pack_places(to_degrees(places))}
    return lines if (parts_each == 1).all() else {"parts": pack_short(parts_each), **lines}


def _parts(shapes: NDArray[np.object_]) -> tuple[NDArray[np.object_], NDArray[np.intp]]:
    """Single shapes are their own parts; taking thousands of them apart would be most of the work."""
    if (shapely.get_type_id(shapes) == shapely.GeometryType.LINESTRING).all():
        return shapes, np.arange(len(shapes))
    return shapely.get_parts(shapes, return_index=True)
