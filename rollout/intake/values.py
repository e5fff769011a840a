"""What a cell says: days, lengths, status words, and the damage that Excel and encodings do."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from rollout.vocabulary import REASONS, ladder_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from rollout.intake.table import Array

CENTURY = 2000
"""Two-digit years mean this one: nothing in this field is older."""

_YEARS = range(1990, 2101)
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z?)?")
_GERMAN = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4}|\d{2})(?: \d{1,2}:\d{2}(?::\d{2})?)?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_NUMBER = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:\.\d{3})+)(?:,\d+)?")
_POINTED = re.compile(r"[+-]?\d+\.\d+")
_AMBIGUOUS = re.compile(r"[+-]?[1-9]\d{0,2}\.\d{3}")
_MONTHS = "jan|feb|mrz|mär|apr|mai|jun|jul|aug|sep|okt|nov|dez|mar|may|oct|dec"

SCIENTIFIC = r"(?i)^[+-]?\d(?:[.,]\d+)?E\+\d{1,3}$"
"""A long number as Excel shows and saves it: `1,23457E+14`."""

LIKE_A_DATE = (
    rf"(?i)^(?:\d{{4}}-\d{{2}}-\d{{2}}.*|\d{{1,2}}\.\s?(?:{_MONTHS})\w*\.?.*|(?:{_MONTHS})\w*\.?[ -]\d{{2,4}}"
    r"|\d{1,2}\.\d{1,2}\.(?:\d{2,4})?)$"
)
"""A house number that Excel took for a day: `01. Mrz` was `1-3`."""

BROKEN = "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffd]|Ã[\u0080-\u00bf„Ÿœ–]|â€"
"""Control and direction characters, replacement characters, and UTF-8 read as something else."""


def mapped(texts: pd.Series[str], read: Callable[[str], object]) -> pd.Series[Any]:
    """
    Read every text of a column, each distinct one once.

    Parameters
    ----------
    texts
        n texts or `<NA>`.
    read
        What to do with one.

    Returns
    -------
    values
        n values, dtype `object`; None where there was no text.
    """
    codes, distinct = pd.factorize(texts)
    answers = np.full(len(distinct) + 1, None, dtype=object)  # the last one answers the code -1: no text
    answers[:-1] = [read(str(text)) for text in distinct]
    return pd.Series(answers[codes], index=texts.index, dtype=object)


def is_among(texts: pd.Series[str], known: pd.Series[str]) -> Array:
    """
    Tell which texts are known.

    Parameters
    ----------
    texts
        n texts or `<NA>`.
    known
        Any number of texts.

    Returns
    -------
    among
        n times True or False; False where there is no text.
    """
    names = set(known.dropna().to_numpy(dtype=object))
    return np.fromiter((text in names for text in texts.to_numpy(dtype=object)), dtype=bool, count=len(texts))


def first_of(keys: pd.Series[str], answers: pd.Series[Any]) -> dict[str, Any]:
    """
    Return what stands beside each key, ready to be looked up row by row.

    Parameters
    ----------
    keys
        n keys; of equal ones the first counts.
    answers
        What stands beside them.

    Returns
    -------
    answers
        Key → its answer.
    """
    pairs = zip(keys.to_numpy(dtype=object)[::-1], answers.to_numpy(dtype=object)[::-1], strict=True)
    return dict(pairs)


def day_of(text: str) -> dt.date | None:
    """
    Read a day as it is written in Germany.

    Parameters
    ----------
    text
        E.g. `28.03.2022`, `2022-03-28`, `20220328`, `28.03.22`.

    Returns
    -------
    day
        None where it is none, or could be another one (`03/04/2022`, a bare Excel number).
    """
    if found := _ISO.fullmatch(text) or _COMPACT.fullmatch(text):
        year, month, day = map(int, found.groups())
    elif found := _GERMAN.fullmatch(text):
        day, month, year = map(int, found.groups())
        year += CENTURY if len(found[3]) == 2 else 0  # noqa: PLR2004 - digits of the year
    else:
        return None
    try:
        return dt.date(year, month, day) if year in _YEARS else None
    except ValueError:
        return None


def has_two_digit_year(text: str) -> bool:
    """
    Tell whether a German date leaves the century to the reader.

    Parameters
    ----------
    text
        A date as written.

    Returns
    -------
    two_digit
        True for `28.03.22`.
    """
    found = _GERMAN.fullmatch(text)
    return found is not None and len(found[3]) == 2  # noqa: PLR2004


def length_of(text: str) -> float | None:
    """
    Read a length in metres.

    Parameters
    ----------
    text
        E.g. `1234,5`, `1.234,5`, `1234.5`, `12 m`.

    Returns
    -------
    metres
        None where it is no number, is negative, or could be two (`1.234`).
    """
    bare = text.removesuffix("m").strip()
    if _AMBIGUOUS.fullmatch(bare):
        return None
    if _NUMBER.fullmatch(bare):
        metres = float(bare.replace(".", "").replace(",", "."))
    elif _POINTED.fullmatch(bare):
        metres = float(bare)
    else:
        return None
    return metres if metres >= 0 else None


def word_key(word: str) -> str:
    """
    Return what two spellings of a status word have in common.

    Parameters
    ----------
    word
        As the file or the project has it.

    Returns
    -------
    key
        Composed, folded, with single spaces; a whole number without its zero decimals.
    """
    folded = " ".join(unicodedata.normalize("NFKC", word).casefold().split())
    return re.sub(r"^(\d+)[.,]0+$", r"\1", folded)


def status_words(entity: str, agreed: Mapping[str, str]) -> dict[str, str]:
    """
    Return the words for a status that a partner may use.

    Parameters
    ----------
    entity
        `segments` or `targets`.
    agreed
        The partner's word → our status.

    Returns
    -------
    words
        `word_key` of a word → our status. What is agreed goes before our own words and labels.
    """
    ladder = ladder_of(entity)
    own = {word_key(word): rung.key for rung in ladder for word in (rung.label, rung.key)}
    return {**own, **{word_key(word): status for word, status in agreed.items()}}


def reason_words(agreed: Mapping[str, str]) -> dict[str, str]:
    """
    Return the words for a reason that a partner may use.

    Parameters
    ----------
    agreed
        The partner's word → our reason.

    Returns
    -------
    words
        `word_key` of a word → our reason.
    """
    own = {word_key(word): key for key, label in REASONS.items() for word in (label, key)}
    return {**own, **{word_key(word): reason for word, reason in agreed.items()}}
