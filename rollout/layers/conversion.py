"""A file's values as the schema's: text in one spelling, whole numbers, numbers, days. What does not fit is named."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from rollout.schema import PANDAS_DTYPES, ColumnType

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

EXACT = 2**53
"""From here on a float no longer holds every whole number, so an identifier would change in silence."""

LOCAL_TIME = "Europe/Berlin"

_GERMAN_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_ISO_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?")
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?")
_AMBIGUOUS = re.compile(r"[+-]?[1-9]\d{0,2}\.\d{3}")
_WHOLE = re.compile(r"[+-]?\d{1,18}(?:[.,]0+)?")

_ARROW_TYPES = {
    ColumnType.TEXT: pa.string(),
    ColumnType.INTEGER: pa.int64(),
    ColumnType.NUMBER: pa.float64(),
    ColumnType.DATE: pa.timestamp("ms"),
}


@dataclass(frozen=True, slots=True)
class Converted:
    """
    A column in the schema's type.

    Attributes
    ----------
    column
        One value per record, dtype of `PANDAS_DTYPES`; missing where the file has nothing or something unfit.
    unfit
        Positions of the values that do not fit, shape `(k,)`.
    texts
        Those values as the file has them, k texts.
    """

    column: pd.Series[Any]
    unfit: np.ndarray[Any, np.dtype[np.intp]]
    texts: tuple[str, ...]


def convert(raw: pa.ChunkedArray, kind: ColumnType, words: Mapping[str, str] | None = None) -> Converted:
    """
    Convert a column of a file to the schema's type.

    Parameters
    ----------
    raw
        The column as read, n values.
    kind
        What the schema says it holds.
    words
        The file's word → ours; a word that is not in it stays as it is.

    Returns
    -------
    converted
        n values, and those that do not fit.
    """
    given = _translated(_as_text(raw), words) if words else raw
    fitted = _CONVERSIONS[kind](given)
    unfit = _positions_lost(given, fitted)
    texts = tuple(str(value) for value in raw.take(pa.array(unfit)).to_pylist())
    return Converted(_series(fitted, kind), unfit, texts)


def nothing(kind: ColumnType, rows: int) -> pd.Series[Any]:
    """
    Return a column the file does not have.

    Parameters
    ----------
    kind
        What the schema says it holds.
    rows
        How many records the file has.

    Returns
    -------
    values
        That many missing values, dtype of `PANDAS_DTYPES`.
    """
    return _series(pa.chunked_array([pa.nulls(rows, _ARROW_TYPES[kind])]), kind)


def _series(values: pa.ChunkedArray, kind: ColumnType) -> pd.Series[Any]:
    if kind in {ColumnType.TEXT, ColumnType.INTEGER}:
        dtype: Any = pd.api.types.pandas_dtype(PANDAS_DTYPES[kind])
        return pd.Series(dtype.__from_arrow__(values))
    return pd.Series(values.to_numpy(), dtype=PANDAS_DTYPES[kind])


def _positions_lost(given: pa.ChunkedArray, fitted: pa.ChunkedArray) -> np.ndarray[Any, np.dtype[np.intp]]:
    """Where a value became missing, other than blanks and NaN, which are missing to begin with."""
    if fitted.null_count == given.null_count or (_is_text(given) and pa.types.is_string(fitted.type)):
        return np.empty(0, dtype=np.intp)
    lost = pc.and_(pc.is_null(fitted), pc.is_valid(given))
    if _is_text(given):
        lost = pc.and_(lost, pc.not_equal(pc.utf8_trim_whitespace(given), ""))
    if pa.types.is_floating(given.type):
        lost = pc.and_(lost, pc.invert(pc.is_nan(given)))
    return np.flatnonzero(pc.fill_null(lost, False).to_numpy())


def _by_value(given: pa.ChunkedArray, parse: Callable[[Any], Any], to: pa.DataType) -> pa.ChunkedArray:
    """Parse each different value once; a layer of 100,000 rows has few different days."""
    encoded = given.combine_chunks().dictionary_encode()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.combine_chunks()
    parsed = [None if value is None else parse(value) for value in encoded.dictionary.to_pylist()]
    return pa.chunked_array([pa.array(parsed, to).take(encoded.indices)])


def _is_text(values: pa.ChunkedArray) -> bool:
    return bool(pa.types.is_string(values.type) or pa.types.is_large_string(values.type))


def _as_text(given: pa.ChunkedArray) -> pa.ChunkedArray:
    if _is_text(given):
        return _one_spelling(given)
    if pa.types.is_integer(given.type) or pa.types.is_boolean(given.type):
        return given.cast(pa.string())
    if pa.types.is_floating(given.type):
        return _by_value(given, _plain_number, pa.string())
    if pa.types.is_date(given.type) or pa.types.is_timestamp(given.type):
        return _as_day(given).cast(pa.date32()).cast(pa.string())
    return pa.chunked_array([pa.nulls(len(given), pa.string())])


def _one_spelling(texts: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_large_string(texts.type):
        texts = texts.cast(pa.string())
    if not pc.all(pc.string_is_ascii(texts)).as_py():
        texts = pc.utf8_normalize(texts, "NFC")
    texts = pc.utf8_trim_whitespace(texts)
    blank = pc.equal(texts, "")
    return pc.if_else(blank, pa.scalar(None, pa.string()), texts) if pc.any(blank).as_py() else texts


def _plain_number(value: float) -> str | None:
    if not np.isfinite(value) or abs(value) >= EXACT:
        return None
    return str(int(value)) if value == int(value) else repr(value)


def _translated(texts: pa.ChunkedArray, words: Mapping[str, str]) -> pa.ChunkedArray:
    known = {unicodedata.normalize("NFC", theirs).strip(): ours for theirs, ours in words.items()}
    return _by_value(texts, lambda word: known.get(word, word), pa.string())


def _as_whole(given: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_integer(given.type) and not pa.types.is_uint64(given.type):
        return given.cast(pa.int64())
    if pa.types.is_floating(given.type):
        return _by_value(given, lambda value: int(value) if _is_whole(value) else None, pa.int64())
    if _is_text(given):
        return _by_value(_one_spelling(given), _parse_whole, pa.int64())
    return pa.chunked_array([pa.nulls(len(given), pa.int64())])


def _is_whole(value: float) -> bool:
    return bool(np.isfinite(value)) and abs(value) < EXACT and value == int(value)


def _parse_whole(text: str) -> int | None:
    return int(re.split("[.,]", text)[0]) if _WHOLE.fullmatch(text) and not _AMBIGUOUS.fullmatch(text) else None


def _as_number(given: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_floating(given.type):
        values = given.cast(pa.float64())
        return pc.if_else(pc.is_finite(values), values, pa.scalar(None, pa.float64()))
    if pa.types.is_integer(given.type):
        return given.cast(pa.float64(), safe=False)
    if _is_text(given):
        return _by_value(_one_spelling(given), _parse_number, pa.float64())
    return pa.chunked_array([pa.nulls(len(given), pa.float64())])


def _parse_number(text: str) -> float | None:
    # 1.234 is one thousand to a German and one and a bit to a program, so it is asked back.
    if not _NUMBER.fullmatch(text) or _AMBIGUOUS.fullmatch(text):
        return None
    return float(text.replace(",", "."))


def _as_day(given: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_timestamp(given.type):
        if given.type.tz:
            given = pc.local_timestamp(given.cast(pa.timestamp("ms", tz=LOCAL_TIME), safe=False))
        return pc.floor_temporal(given, unit="day").cast(pa.timestamp("ms"), safe=False)
    if pa.types.is_date(given.type):
        return given.cast(pa.timestamp("ms"))
    if _is_text(given):
        return _by_value(_one_spelling(given), _parse_day, pa.timestamp("ms"))
    return pa.chunked_array([pa.nulls(len(given), pa.timestamp("ms"))])


def _parse_day(text: str) -> dt.datetime | None:
    german, iso = _GERMAN_DAY.fullmatch(text), _ISO_DAY.fullmatch(text)
    try:
        if german:
            return dt.datetime(int(german[3]), int(german[2]), int(german[1]))  # noqa: DTZ001 - a day has no zone
        return dt.datetime.fromisoformat(iso[1]) if iso else None
    except ValueError:
        return None


_CONVERSIONS: dict[ColumnType, Callable[[pa.ChunkedArray], pa.ChunkedArray]] = {
    ColumnType.TEXT: _as_text,
    ColumnType.INTEGER: _as_whole,
    ColumnType.NUMBER: _as_number,
    ColumnType.DATE: _as_day,
}
