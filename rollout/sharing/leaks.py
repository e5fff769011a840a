"""The leak check: a separate reader of the finished files that looks for what must not be in them."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import numpy as np

from rollout import wording
from rollout.errors import DisclosureError
from rollout.sharing.forbidden import PAGE_COLUMNS, address_key, place_keys
from rollout.sharing.page_reader import data_of, layers_of
from rollout.sharing.unpacking import is_page, unpacked

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from rollout.sharing.forbidden import Forbidden
    from rollout.sharing.page_reader import PageLayer
    from rollout.sharing.unpacking import Piece

    Integers = NDArray[np.int64]

_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
_TOKEN = re.compile(r"\w[\w.-]*\w")
_STEM = re.compile(r"\w[\w-]*\w")
_NUMBER = re.compile(r"\s+([\w/-]+)(?:\s+([\w/-]+))?")
_FRACTION = re.compile(r"\.\d{1,17}(?![\w.])")
_WHOLE = re.compile(r"(?:\A|[^\w.])(\d{1,7})\Z")
_CELLS = re.compile(r"<(?:t|v|td|th|si)\b[^>]*>([^<]*)(?=<)")
_LOADS = re.compile(
    r"^<(?!a )\w+ (?:src|srcset|href|poster|data|action|formaction|background)=\s*(?:[a-z][a-z0-9+.-]*:)?//",
    re.MULTILINE,
)
_STYLE_LOADS = re.compile(r"@import|url\(\s*[\"']?(?!data:|#)", re.IGNORECASE)
_POLICY = re.compile(r"^<meta content=(default-src [^\n]*)$", re.MULTILINE)
_OWN_LAYERS = {"extended": "targets"}
_DIGITS = 7
_METRES = 10_000
_DEGREES = 180
_PAIR = 2
_METRE_IN_DEGREES = 1e-5
_FOUND_OF_A_KIND = 5
_FOUND_AT_MOST = 50
_KEPT_CODES = 64
"""What pages run is the same on all of them, in every package of a run; what they say is not."""


@dataclass(frozen=True, slots=True)
class Leak:
    """
    Something that must not be in a package.

    Attributes
    ----------
    place
        File, and where inside it.
    rule
        What is violated, in German.
    found
        What was found.
    """

    place: str
    rule: str
    found: str


def leaks(files: Mapping[str, bytes], hidden: Forbidden, password: str | None = None) -> list[Leak]:
    """
    Search finished files for everything an audience may not see.

    Parameters
    ----------
    files
        Relative path → content, as they will be given away.
    hidden
        What must not be found.
    password
        Opens encrypted files.

    Returns
    -------
    leaks
        Empty where the package is clean; at most fifty.

    Raises
    ------
    OutputError
        If a file cannot be opened to be checked.
    """
    found: list[Leak] = []
    seen: set[bytes] = set()
    for piece in unpacked(files, password):
        if piece.kind == "code" and piece.content in seen:
            continue
        seen.add(piece.content)
        found += _first_of_each(_of_piece(piece, hidden))
        if len(found) >= _FOUND_AT_MOST:
            break
    return found[:_FOUND_AT_MOST]


def _first_of_each(found: Iterator[Leak]) -> list[Leak]:
    """Keep a few of each kind: a page with everything on it would name nothing but identifiers."""
    kept: dict[tuple[str, str], list[Leak]] = {}
    for leak in found:
        alike = kept.setdefault((leak.place, leak.rule), [])
        if len(alike) < _FOUND_OF_A_KIND:
            alike.append(leak)
    return [leak for alike in kept.values() for leak in alike]


def refuse_leaks(found: list[Leak]) -> None:
    """
    Refuse a package that holds what it must not.

    Parameters
    ----------
    found
        What `leaks` found.

    Raises
    ------
    DisclosureError
        If there is anything; names the first place and how many there are.
    """
    if found:
        first = found[0]
        others = wording.counted(len(found) - 1, "weitere Stelle", "weitere Stellen")
        more = f" und {others}" if len(found) > 1 else ""
        what = f"{first.place}: {first.rule} '{first.found}'{more}"
        msg = f"das Paket würde verraten, was der Empfänger nicht sehen darf: {what}"
        hint = (
            "Es wurde nichts geschrieben. Prüfen Sie [audiences] in rollout.toml; sonst ist es ein Fehler von rollout."
        )
        raise DisclosureError(msg, hint)


def _of_piece(piece: Piece, hidden: Forbidden) -> Iterator[Leak]:
    if is_page(piece):
        return  # all that stands in it is a piece of its own
    text = _unescaped(piece.text)
    yield from _texts(piece, text, hidden)
    if piece.kind == "code":
        yield from _loads(piece, text)
        return
    yield from _traces(piece, text, hidden)
    if piece.kind == "properties":
        yield from _made_today(piece, text, hidden)
    if piece.kind == "markup":
        yield from _page(piece, text)
    if piece.kind == "data" and (data := data_of(piece.text)) is not None:
        for layer in layers_of(data):
            yield from _layer(piece, layer, hidden)
    elif piece.kind != "properties":
        yield from _words(piece, text, hidden)
        yield from _places(piece, text, hidden)


def _unescaped(text: str) -> str:
    """Write out what a text says by number, as JSON and scripts may."""
    return _ESCAPED.sub(lambda found: _letter(found.group(1)), text) if "\\u" in text else text


@cache
def _letter(number: str) -> str:
    return chr(int(number, 16))


def _traces(piece: Piece, text: str, hidden: Forbidden) -> Iterator[Leak]:
    yield from (Leak(piece.place, "Spur des Rechners", trace) for trace in sorted(hidden.traces) if trace in text)


def _made_today(piece: Piece, text: str, hidden: Forbidden) -> Iterator[Leak]:
    undated = text.replace(f"{hidden.stand.isoformat()}T00:00:00Z", "")
    today = dt.datetime.now(tz=dt.UTC).date()
    days = [day.strftime(form) for day in (today, today + dt.timedelta(days=1)) for form in ("%Y-%m-%d", "%Y%m%d")]
    yield from (Leak(piece.place, "Zeitpunkt der Herstellung", day) for day in days if day in undated)


def _loads(piece: Piece, text: str) -> Iterator[Leak]:
    if "{" in text and "function" not in text:
        yield from (Leak(piece.place, "Abruf von außen", found) for found in _STYLE_LOADS.findall(text))


def _page(piece: Piece, text: str) -> Iterator[Leak]:
    yield from (Leak(piece.place, "Abruf von außen", found) for found in _LOADS.findall(text))
    said = _POLICY.search(text)
    if said is None or not _is_strict(said.group(1)):
        yield Leak(piece.place, "Content-Security-Policy", said.group(1) if said else "fehlt")


def _is_strict(policy: str) -> bool:
    """Only scripts named by their hash, and no connection to anywhere."""
    rules = {name: sources for name, *sources in (rule.split() for rule in policy.split(";") if rule.strip())}
    is_named = all(source.startswith("'sha256-") for source in rules.get("script-src", ()))
    return rules.get("default-src") == ["'none'"] and rules.get("connect-src", ["'none'"]) == ["'none'"] and is_named


def _texts(piece: Piece, text: str, hidden: Forbidden) -> Iterator[Leak]:
    tokens_of = _tokens_of_code if piece.kind == "code" else _tokens
    if hidden.identifiers:
        yield from (Leak(piece.place, "Kennung", found) for found in sorted(hidden.identifiers & tokens_of(text)))
    told = [found for found in sorted(hidden.texts) if found in text]
    told = [found for found in told if not _TOKEN.fullmatch(found) or found in tokens_of(text)]
    yield from (Leak(piece.place, "Text", found) for found in told)
    tokens = tokens_of(text) if hidden.streets else frozenset()
    for street in hidden.streets:
        if _tokens_of_street(street) <= tokens:
            yield from _addresses(piece, text, street, hidden)


@lru_cache(maxsize=1)
def _tokens(text: str) -> frozenset[str]:
    """Return all that could be one word or identifier; of `AN-00863.html` its stem too."""
    tokens = set(_TOKEN.findall(text))
    tokens.update(*[_STEM.findall(token) for token in tokens if "." in token])
    return frozenset(tokens)


@lru_cache(maxsize=_KEPT_CODES)
def _tokens_of_code(text: str) -> frozenset[str]:
    return _tokens(text)


@cache
def _tokens_of_street(street: str) -> frozenset[str]:
    return frozenset(_TOKEN.findall(street))


def _addresses(piece: Piece, text: str, street: str, hidden: Forbidden) -> Iterator[Leak]:
    """Look at what follows each mention of a street: a number, or one with its suffix apart, `12 a`."""
    at = text.find(street)
    while at >= 0:
        after = _NUMBER.match(text, at + len(street))
        first, second = after.groups("") if after else ("", "")
        if {address_key(street, first), address_key(street, first + second)} & hidden.addresses:
            yield Leak(piece.place, "Adresse", f"{street} {first}")
        at = text.find(street, at + 1)


def _words(piece: Piece, text: str, hidden: Forbidden) -> Iterator[Leak]:
    # In a sentence a status explains; as a whole cell it says something of a row.
    cells: set[str] = set()
    if any(word in text for word in hidden.cells):
        cells |= {cell.strip() for cell in _CELLS.findall(text)} | set(re.findall(r'"([^"\\]*)"', text))
        cells |= {line.strip() for line in re.split(r"[\n|;]", text)}
    if piece.place.lower().endswith(".csv"):
        cells |= {cell for row in csv.reader(io.StringIO(text), delimiter=";") for cell in row}
    yield from (Leak(piece.place, "Status oder Grund", found) for found in sorted(cells & hidden.cells))


def _places(piece: Piece, text: str, hidden: Forbidden) -> Iterator[Leak]:
    if not len(hidden.metres):
        return
    numbers = np.array(_decimals(text))
    if len(numbers) < _PAIR:
        return
    pairs = np.column_stack([numbers[:-1], numbers[1:]])
    pairs = np.concatenate([pairs, pairs[:, ::-1]])
    for plausible, unit, known in (
        ((pairs > _METRES).all(axis=1), 1.0, hidden.metres),
        ((pairs < _DEGREES).all(axis=1), _METRE_IN_DEGREES, hidden.degrees),
    ):
        if not plausible.any():
            continue
        there = pairs[plausible]
        for x, y in there[_is_near(there / unit, known)]:
            yield Leak(piece.place, "Koordinate", f"{x}, {y}")


def _decimals(text: str) -> list[float]:
    """Read numbers with a point; few texts have many, so what is looked for is the point."""
    found = []
    for fraction in _FRACTION.finditer(text):
        at = fraction.start()
        if whole := _WHOLE.search(text[max(at - _DIGITS - 1, 0) : at]):
            found.append(float(whole.group(1) + fraction.group()))
    return found


def _is_near(places: NDArray[np.float64], known: Integers) -> NDArray[np.bool_]:
    """Tell which places are, rounded up or down, among whole ones."""
    sides = (np.floor(places).astype(np.int64), np.ceil(places).astype(np.int64))
    near = [_are_among(np.column_stack([x[:, 0], y[:, 1]]), known) for x in sides for y in sides]
    found: NDArray[np.bool_] = np.any(near, axis=0)
    return found


def _are_among(places: Integers, known: Integers) -> NDArray[np.bool_]:
    """Tell which places are among known ones, whose keys are sorted."""
    keys = place_keys(places)
    found: NDArray[np.bool_] = np.searchsorted(known, keys, side="right") > np.searchsorted(known, keys, side="left")
    return found


def _layer(piece: Piece, layer: PageLayer, hidden: Forbidden) -> Iterator[Leak]:
    place = f"{piece.place} → Ebene '{layer.name}'"
    name = _OWN_LAYERS.get(layer.name, layer.name)
    for column, told in layer.columns.items():
        if column in hidden.columns.get(name, ()) and any(told.said):
            yield Leak(place, "Spalte", column)
        if name in PAGE_COLUMNS and column not in PAGE_COLUMNS[name]:
            yield Leak(place, "unbekannte Spalte", column)
        yield from (Leak(place, "Kennung", found) for found in sorted(told.said & hidden.identifiers))
        yield from (Leak(place, "Text", found) for found in sorted(told.said & hidden.texts))
        # A class is how something is drawn, not what it is called.
        words = hidden.words.get(name, frozenset()) if column != "class" else frozenset()
        yield from (Leak(place, "Status oder Grund", found) for found in sorted(told.said & words))
    if hidden.addresses and "street" in layer.columns and "number" in layer.columns:
        pairs = set(zip(layer.columns["street"].values, layer.columns["number"].values, strict=False))
        addresses = {address_key(*pair) for pair in pairs}
        yield from (Leak(place, "Adresse", found) for found in sorted(addresses & hidden.addresses))
    near = layer.places[_are_among(layer.places, hidden.places)]
    yield from (Leak(place, "Koordinate", f"{x / 1e6:.6f}, {y / 1e6:.6f}") for x, y in near[:3])
