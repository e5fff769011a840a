"""An attacker's own reader of a page: built from the page's JavaScript alone, it shares no code with the product."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

Place = tuple[float, float]
"""Longitude and latitude."""
Row = dict[str, Any]


@dataclass(frozen=True)
class Page:
    """
    What a page tells.

    Attributes
    ----------
    data
        The JSON as it stands in the file.
    layers
        Layer → its rows, each column decoded, `places` holding the coordinates of the shape.
    """

    data: dict[str, Any]
    layers: dict[str, list[Row]]

    def coordinates(self, *but: str) -> Iterator[Place]:
        """Every coordinate of the page, whatever part of the data it stands in, layers left out by name."""
        kept = {name: layer for name, layer in self.data["layers"].items() if name not in but}
        step = self.data["step"]
        for _, entry in walk({**self.data, "layers": kept}):
            if is_places(entry):
                yield from ((x * step, y * step) for x, y in steps_of(entry))
        for name in kept:
            yield from (foot for row in self.layers[name] for foot in row.get("feet", ()))


def page_of(html: str) -> Page | None:
    """Read a page; None where the file holds no data of a map."""
    finder = _Island()
    finder.feed(html)
    if not finder.found:
        return None
    data = json.loads("".join(finder.found))
    return Page(data, {name: rows_of(layer, data) for name, layer in data["layers"].items()})


class _Island(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag == "script" and dict(attrs).get("id") == "rollout-data"

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.found.append(data)

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002 - any end tag ends it
        self._inside = False


def walk(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - JSON
    """Every value of a JSON text with its place, objects and lists themselves among them."""
    yield path, value
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, entry in inside:
        yield from walk(entry, f"{path}/{name}")


def is_places(value: Any) -> bool:  # noqa: ANN401 - JSON
    """Tell a run of coordinates from other objects."""
    return isinstance(value, dict) and isinstance(value.get("start"), list) and isinstance(value.get("xy"), str)


def varints(data: str) -> list[int]:
    """Seven bits a byte, the lowest first, the eighth says that more follow."""
    values, value, shift = [], 0, 0
    for byte in base64.b64decode(data):
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            values.append(value)
            value, shift = 0, 0
    return values


def signed(data: str) -> list[int]:
    """Rice codes: how many low bits, how many numbers; then of each its rest in zeros up to a one, and its low bits."""
    content = base64.b64decode(data)
    low, count = content[0], int.from_bytes(content[1:5], "little")
    bits = "".join(f"{byte:08b}"[::-1] for byte in content[5:])
    values, place = [], 0
    for _ in range(count):
        one = bits.index("1", place)
        rest, place = one - place, one + 1 + low
        values.append(unfolded((rest << low) | int(bits[one + 1 : place][::-1] or "0", 2)))
    return values


def unfolded(value: int) -> int:
    """Zigzag: 0, 1, 2, 3, … stand for 0, -1, 1, -2, …."""
    return value // 2 if value % 2 == 0 else -(value + 1) // 2


def numbers(packed: dict[str, Any]) -> list[int]:
    """Bit fields of a width, or varints where it is 0; a few zeros more where the last byte was not full."""
    if packed["bits"] == 0:
        return varints(packed["data"])
    stream, width = int.from_bytes(base64.b64decode(packed["data"]), "little"), packed["bits"]
    count = len(base64.b64decode(packed["data"])) * 8 // width
    return [(stream >> (place * width)) & ((1 << width) - 1) for place in range(count)]


def steps_of(packed: dict[str, Any]) -> list[tuple[int, int]]:
    """Coordinates in whole steps: a start, and differences from place to place."""
    moves = signed(packed["xy"])
    (x, y), places = packed["start"], []
    for dx, dy in zip(moves[::2], moves[1::2], strict=True):
        x, y = x + dx, y + dy
        places.append((x, y))
    return places


def sorted_words(packed: dict[str, Any]) -> list[str]:
    """Sorted words, each without what it shares with the one before, counted in units of UTF-16."""
    words: list[str] = []
    for shared, rest in zip(numbers(packed), packed["rest"], strict=False):
        before = (words[-1] if words else "").encode("utf-16-le")[: 2 * shared].decode("utf-16-le")
        words.append(before + rest)
    return words


def column(packed: dict[str, Any], data: dict[str, Any]) -> list[Any]:
    """A column in whichever of the four ways it is written; None is missing."""
    codes = numbers(packed)
    if "prefix" in packed:
        return _identifiers(packed, codes)
    words = sorted_words(data["words"][packed["shared"]]) if "shared" in packed else packed.get("words")
    return [None if code == 0 else code - 1 if words is None else words[code - 1] for code in codes]


def _identifiers(packed: dict[str, Any], codes: list[int]) -> list[str | None]:
    found: list[str | None] = []
    number = packed.get("start", 0)
    for code in codes:
        number += unfolded(code)
        digits = str(number - 1).zfill(packed.get("digits", 0))
        found.append(packed["prefix"] + digits if number else None)
    return found


def rows_of(layer: dict[str, Any], data: dict[str, Any]) -> list[Row]:
    """The rows of a layer, columns and coordinates side by side."""
    count, told = layer.get("count", 0), layer.get("columns", {})
    columns = {name: column(packed, data) for name, packed in told.items()}
    rows = [{name: _at(values, row) for name, values in columns.items()} for row in range(count)]
    for row, places in zip(rows, _shapes(layer, data["step"]), strict=False):
        row["places"] = places
    _add_feet(rows, layer, data["step"])
    return rows


def _at(values: list[Any], row: int) -> Any:  # noqa: ANN401 - a word or a number
    return values[row] if row < len(values) else None


def _shapes(layer: dict[str, Any], step: float) -> Iterator[list[Place]]:
    if not is_places(layer):
        return
    places = [(x * step, y * step) for x, y in steps_of(layer)]
    sizes = numbers(layer["sizes"]) if "sizes" in layer else [1] * len(places)
    parts = numbers(layer["parts"]) if "parts" in layer else [1] * layer["count"]
    part = at = 0
    for count in parts[: layer["count"]]:
        size = sum(sizes[part : part + count])
        yield places[at : at + size]
        part, at = part + count, at + size


def _add_feet(rows: list[Row], layer: dict[str, Any], step: float) -> None:
    if "feet" not in layer:
        return
    moves = signed(layer["feet"])
    for row, dx, dy in zip(rows, moves[::2], moves[1::2], strict=False):
        (x, y) = row["places"][0]
        row["feet"] = [(x + dx * step, y + dy * step)] if dx or dy else []
