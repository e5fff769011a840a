"""
The columns of a layer as numbers: words from a dictionary, numbered identifiers, whole numbers.

A column is read once, whole; what is written for some of its rows is as if the layer had no others. What is
missing is 0, so a number is stored plus one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rollout.cartography.encoding import pack_short, zigzag

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]
    Floats = NDArray[np.float64]

_MOST_DIGITS = 9
_DIGITS = "0123456789"
_DAYS = "datetime64[D]"
_ALL = slice(None)


class Column(Protocol):
    """A column of a layer that can be written as JSON values."""

    def packed(self, rows: slice = _ALL) -> dict[str, Any]:
        """Return the column of some rows as JSON values."""


@dataclass(frozen=True, slots=True)
class Coded:
    """
    A column as numbers of words.

    Attributes
    ----------
    words
        Each word once, sorted.
    codes
        For each row the word's number plus one, 0 where missing.
    """

    words: list[str]
    codes: Integers

    def packed(self, rows: slice = _ALL) -> dict[str, Any]:
        """Return the column as JSON values: `words`, and the codes as `pack_short` writes them."""
        some = self.of(rows)
        return {"words": some.words, **pack_short(some.codes)}

    def of(self, rows: slice) -> Coded:
        """Return the column of some rows, with their words only."""
        codes = self.codes[rows]
        is_used = np.bincount(codes, minlength=len(self.words) + 1)[1:] > 0
        if is_used.all():
            return Coded(self.words, codes)
        words = [word for word, used in zip(self.words, is_used.tolist(), strict=True) if used]
        return Coded(words, np.append(0, np.cumsum(is_used))[codes])

    def among(self, words: Sequence[str]) -> Integers:
        """Return the codes for a longer list of words that holds all of ours."""
        places = {word: place + 1 for place, word in enumerate(words)}
        return np.array([0, *(places[word] for word in self.words)], dtype=np.int64)[self.codes]

    def totals(self, weights: Floats | None = None) -> dict[str, float]:
        """Return for each word its number of rows, or the sum of their weights."""
        sums = np.bincount(self.codes, weights, minlength=len(self.words) + 1)[1:]
        return dict(zip(self.words, sums.tolist(), strict=True))


@dataclass(frozen=True, slots=True)
class Numbered:
    """
    A column of identifiers that are one prefix and a number.

    Attributes
    ----------
    prefix
        What stands before the number.
    digits
        How many digits the number has; 0 for as many as it needs.
    numbers
        For each row the number plus one, 0 where missing.
    """

    prefix: str
    digits: int
    numbers: Integers

    def packed(self, rows: slice = _ALL) -> dict[str, Any]:
        """Return JSON values: `prefix`, `digits`, `start` (the first number), and the differences in zigzag."""
        numbers = self.numbers[rows]
        first = int(numbers[0]) if len(numbers) else 0
        differences = zigzag(np.diff(numbers, prepend=first))
        return {"prefix": self.prefix, "digits": self.digits, "start": first, **pack_short(differences)}


@dataclass(frozen=True, slots=True)
class Whole:
    """
    A column of whole numbers that are not negative.

    Attributes
    ----------
    numbers
        For each row the number plus one, 0 where missing.
    """

    numbers: Integers

    def packed(self, rows: slice = _ALL) -> dict[str, Any]:
        """Return the numbers as `pack_short` writes them."""
        return pack_short(self.numbers[rows])


@dataclass(frozen=True, slots=True)
class Shared:
    """
    A column of words that stand once for all layers of a page.

    Attributes
    ----------
    name
        Name of the words.
    codes
        For each row the word's number plus one, 0 where missing.
    """

    name: str
    codes: Integers

    def packed(self, rows: slice = _ALL) -> dict[str, Any]:
        """Return `shared`, and the codes as `pack_short` writes them."""
        return {"shared": self.name, **pack_short(self.codes[rows])}


def chosen(there: Mapping[str, NDArray[np.bool_]]) -> Coded:
    """
    Make a column of a few words from what holds for each row.

    Parameters
    ----------
    there
        Word → whether it holds; of several the first. Where none does, the row has no word.

    Returns
    -------
    column
        With the words that occur.
    """
    words = sorted(there)
    codes = [words.index(word) + 1 for word in there]
    return Coded(words, np.select(list(there.values()), codes, 0)).of(_ALL)


def coded(values: pd.Series, word: Callable[[Any], str | None] = str, missing: str | None = None) -> Coded:
    """
    Give each word of a column a number.

    Parameters
    ----------
    values
        Text or dates, <NA> where missing.
    word
        Says a value in words; asked once for each different value. None is missing as well.
    missing
        The word for what is missing.

    Returns
    -------
    coded
        Words and numbers.
    """
    return _coded(column(values), word, missing)


def with_words(column: Coded, codes: Integers, own: Mapping[int, str]) -> Coded:
    """
    Make a column from the words of another, with words of their own for a few rows.

    Parameters
    ----------
    column
        Whose words most rows have.
    codes
        For each row the number of its word in that column plus one, 0 where missing.
    own
        Row → its word.

    Returns
    -------
    column
        With the words that occur.
    """
    words = sorted({*column.words, *own.values()})
    moved = Coded(column.words, codes).among(words)
    moved[list(own)] = [words.index(word) + 1 for word in own.values()]
    return Coded(words, moved).of(_ALL)


def places_among(values: pd.Series, among: pd.Series) -> Integers:
    """
    Find each value among others.

    Parameters
    ----------
    values
        Text, <NA> where missing.
    among
        Text, each once.

    Returns
    -------
    places
        Place of each value, counted from 0; -1 where it is not there.
    """
    found = pc.index_in(column(values).cast(pa.large_string()), column(among).cast(pa.large_string()))
    places: Integers = pc.fill_null(found, -1).to_numpy(zero_copy_only=False).astype(np.int64)
    return places


def coded_together(columns: dict[str, pd.Series]) -> tuple[list[str], dict[str, Integers]]:
    """
    Give each word of several columns one number.

    Parameters
    ----------
    columns
        Text, <NA> where missing, each under a name.

    Returns
    -------
    words
        Each word once, sorted.
    codes
        Name → for each row the word's number plus one, 0 where missing.
    """
    stored = [column(values).cast(pa.large_string()) for values in columns.values()]
    together = _coded(pa.concat_arrays(stored), str, None)
    ends = np.cumsum([len(part) for part in stored])
    return together.words, dict(zip(columns, np.split(together.codes, ends[:-1]), strict=True))


def _coded(values: pa.Array, word: Callable[[Any], str | None], missing: str | None) -> Coded:
    different = values.dictionary_encode(null_encoding="encode")
    said = [None if value is None else word(value) for value in as_array(different.dictionary).tolist()]
    said = [missing if heard is None else heard for heard in said]
    words = sorted({heard for heard in said if heard is not None})
    places = {heard: place + 1 for place, heard in enumerate(words)}
    ranks = np.array([0 if heard is None else places[heard] for heard in said], dtype=np.int64)
    return Coded(words, ranks[different.indices.to_numpy()])


def column(values: pd.Series) -> pa.Array:
    """
    Return a column as Arrow holds it, where a pass over all rows costs little.

    Parameters
    ----------
    values
        Text or days, <NA> where missing.

    Returns
    -------
    column
        The same values in one piece.
    """
    stored = pa.array(values.to_numpy().astype(_DAYS) if values.dtype.kind == "M" else values.array, from_pandas=True)
    joined = stored.combine_chunks() if isinstance(stored, pa.ChunkedArray) else stored
    return joined.cast(pa.string()) if pa.types.is_null(joined.type) else joined


def as_array(stored: pa.Array) -> NDArray[np.object_]:
    """
    Return a column as NumPy holds it: the way to a list that takes a tenth of Arrow's own `to_pylist`.

    Parameters
    ----------
    stored
        As `column` returns it.

    Returns
    -------
    values
        Text or days, None where missing.
    """
    values: NDArray[np.object_] = stored.to_numpy(zero_copy_only=False)
    return values


def equals(values: pd.Series, word: str) -> NDArray[np.bool_]:
    """
    Tell where a column holds a word.

    Parameters
    ----------
    values
        Text, <NA> where missing.
    word
        The word.

    Returns
    -------
    equal
        False where missing. By way of Arrow, which takes a third of a comparison in pandas.
    """
    found: NDArray[np.bool_] = pc.fill_null(pc.equal(column(values), word), False).to_numpy(zero_copy_only=False)
    return found


def text(values: pd.Series) -> Coded | Numbered:
    """
    Read a column of text in the shorter of two ways: as a dictionary, or numbered where it is numbered.

    Parameters
    ----------
    values
        Text, <NA> where missing.

    Returns
    -------
    text
        Numbered where every value is one prefix and a number.
    """
    stored = column(values)
    numbered = _numbered(stored.drop_null())
    if numbered is None:
        return coded(values)
    prefix, digits, found = numbered
    plus_one = np.zeros(len(values), dtype=np.int64)
    plus_one[stored.is_valid().to_numpy(zero_copy_only=False)] = found + 1
    return Numbered(prefix, digits, plus_one)


def _numbered(text: pa.Array) -> tuple[str, int, Integers] | None:
    """Return prefix, digits and numbers. All of the text is looked at in one go: values by the thousand take long."""
    prefix = text[0].as_py().rstrip(_DIGITS) if len(text) else ""
    digits = pc.utf8_slice_codeunits(text, len(prefix))
    widths = pc.binary_length(digits)
    shortest, longest = pc.min_max(widths).as_py().values()
    if not shortest or longest > _MOST_DIGITS or not pc.all(pc.starts_with(text, prefix)).as_py():
        return None
    if not pc.all(pc.ascii_is_decimal(digits)).as_py():
        return None
    is_padded = pc.and_(pc.starts_with(digits, "0"), pc.greater(widths, 1))
    if shortest < longest and pc.any(is_padded).as_py():
        return None
    return prefix, longest if shortest == longest else 0, digits.cast(pa.int64()).to_numpy()


def whole(values: pd.Series | Floats, per_unit: int = 1) -> Whole:
    """
    Read a column of whole numbers that are not negative.

    Parameters
    ----------
    values
        Numbers; missing ones and infinity are missing.
    per_unit
        How many are written for one: 10 writes metres in decimetres.

    Returns
    -------
    numbers
        Rounded.
    """
    floats = numbers(values) * per_unit
    return Whole(np.where(np.isfinite(floats), np.rint(floats) + 1, 0).astype(np.int64))


def numbers(values: pd.Series | Floats) -> Floats:
    """
    Return a column of numbers as NumPy holds it.

    Parameters
    ----------
    values
        Numbers of any dtype.

    Returns
    -------
    numbers
        NaN where missing.
    """
    return values if isinstance(values, np.ndarray) else values.to_numpy(dtype="float64", na_value=np.nan)
