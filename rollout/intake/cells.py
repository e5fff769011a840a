"""The rules on single cells: damage, status words, days, reasons, lengths."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from rollout.intake import rules, values
from rollout.intake.mapping import COLUMNS, IDS
from rollout.vocabulary import BLOCKED, DROPPED, REFUSED, ladder_of
from rollout.wording import date

if TYPE_CHECKING:
    from rollout.findings import Rule
    from rollout.intake.examination import Examination
    from rollout.intake.table import Array
    from rollout.project import PartnerTable

_NEEDS_REASON = (BLOCKED, DROPPED, REFUSED)


def check_texts(book: Examination) -> None:
    """
    Look for damage that encodings and spreadsheets do.

    Parameters
    ----------
    book
        Takes down what is found.
    """
    entity = book.batch.entity
    for column in COLUMNS[entity]:
        _search(book, rules.BROKEN_TEXT, column, values.BROKEN, "unlesbare Zeichen in '{}'")
    for column in {"segments": (IDS[entity],), "targets": (IDS[entity], "postcode")}[entity]:
        _search(book, rules.EXCEL_DAMAGE, column, values.SCIENTIFIC, "Excel hat den Schlüssel zu '{}' gekürzt")
    if entity == "targets":
        what = "Excel hat aus der Hausnummer das Datum '{}' gemacht"
        _search(book, rules.EXCEL_DAMAGE, "house_number", values.LIKE_A_DATE, what)


def _search(book: Examination, rule: Rule, column: str, pattern: str, words: str) -> None:
    texts = book.batch.rows[column]
    if column not in book.batch.mapping:  # the file has no such column
        book.found(rule, np.empty(0, dtype=np.int64), words.format, column)
    else:
        _found(book, rule, texts.str.contains(pattern, regex=True), column, words)


def _found(book: Examination, rule: Rule, where: pd.Series[bool], column: str, words: str) -> None:
    texts = book.batch.rows[column]
    book.found(rule, _true(where), lambda at: words.format(str(texts.iloc[at])[:80]), column)


def _true(where: pd.Series[bool]) -> Array:
    return np.flatnonzero(where.fillna(value=False).to_numpy(dtype=bool))


def read_status(book: Examination, agreed: PartnerTable) -> pd.Series[str]:
    """
    Translate the status words.

    Parameters
    ----------
    book
        Takes down what is found.
    agreed
        The partner's words.

    Returns
    -------
    status
        Ours, or `<NA>`; dtype `string`.
    """
    texts = book.batch.rows["status"]
    words = values.status_words(book.batch.entity, agreed.status)
    status = values.mapped(texts, lambda text: words.get(values.word_key(text))).astype("string")
    book.found(rules.STATUS_MISSING, _true(texts.isna()), lambda _: "kein Status", "status")
    _found(book, rules.UNKNOWN_STATUS, texts.notna() & status.isna(), "status", "unbekannter Status '{}'")
    return status


def read_reason(
    book: Examination, agreed: PartnerTable, status: pd.Series[str]
) -> tuple[pd.Series[str], pd.Series[str]]:
    """
    Translate the reasons; what cannot be translated stays in the note.

    Parameters
    ----------
    book
        Takes down what is found.
    agreed
        The partner's words.
    status
        The status of each row.

    Returns
    -------
    reason, note
        Our reason or `<NA>`, and the note with the partner's own word in front; dtype `string`.
    """
    texts, note = book.batch.rows["reason"], book.batch.rows["note"]
    words = values.reason_words(agreed.reason)
    reason = values.mapped(texts, lambda text: words.get(values.word_key(text))).astype("string")
    unknown = texts.notna() & reason.isna()
    _found(book, rules.UNKNOWN_REASON, unknown, "reason", "unbekannter Grund '{}'")
    needed = status.isin(_NEEDS_REASON) & texts.isna()
    labels = {rung.key: rung.label for rung in ladder_of(book.batch.entity)}
    book.found(rules.REASON_MISSING, _true(needed), lambda at: f"'{labels[status.iloc[at]]}' ohne Grund", "reason")
    if not unknown.any():
        return reason, note
    joined = texts.where(unknown, "").str.cat(note.fillna(""), sep=" ").str.strip()
    return reason, joined.mask(joined == "")


def read_days(book: Examination, column: str) -> pd.Series[pd.Timestamp]:
    """
    Read a column of days.

    Parameters
    ----------
    book
        Takes down what is found.
    column
        `valid_on` or `state_on`.

    Returns
    -------
    days
        NaT where there is none; dtype `datetime64[ms]`.
    """
    texts = book.batch.rows[column]
    days = pd.Series(values.mapped(texts, values.day_of).to_numpy().astype("datetime64[D]").astype("datetime64[ms]"))
    short = (values.mapped(texts, values.has_two_digit_year) == True) & days.notna()  # noqa: E712 - or there is no text
    _found(book, rules.TWO_DIGIT_YEAR, short, column, "zweistelliges Jahr in '{}'")
    bad = _true(texts.notna() & days.isna())
    book.found(rules.IMPOSSIBLE_DATE, bad, lambda at: _no_date(str(texts.iloc[at])), column)
    return days


def _no_date(text: str) -> str:
    if text.isdecimal() and len(text) == 5:  # noqa: PLR2004 - Excel's count of days for 1927 to 2173
        likely = dt.date(1899, 12, 30) + dt.timedelta(days=int(text))
        return f"'{text}' ist eine Excel-Tageszahl, vermutlich {date(likely)}"
    return f"'{text[:80]}' ist kein eindeutiges Datum"


def check_days(book: Examination, valid_on: pd.Series[pd.Timestamp], state_on: dt.date, received_on: dt.date) -> None:
    """
    Compare days with the day of receipt and the Stand.

    Parameters
    ----------
    book
        Takes down what is found.
    valid_on
        When each report became true.
    state_on
        The Stand of the delivery.
    received_on
        When it came.
    """
    future = valid_on > pd.Timestamp(received_on)
    late = (valid_on > pd.Timestamp(state_on)) & ~future
    for rule, where, than in ((rules.FUTURE_DATE, future, received_on), (rules.AFTER_STATE, late, state_on)):
        what = "dem Eingang" if rule is rules.FUTURE_DATE else "dem Stand"
        book.found(
            rule,
            _true(where),
            lambda at, what=what, than=than: f"{date(valid_on.iloc[at])} liegt nach {what} vom {date(than)}",  # type: ignore[misc]
            "valid_on",
        )


def read_lengths(book: Examination) -> pd.Series[float]:
    """
    Read the reported lengths.

    Parameters
    ----------
    book
        Takes down what is found.

    Returns
    -------
    metres
        NaN where there is none.
    """
    texts = book.batch.rows["length_m"]
    metres = values.mapped(texts, values.length_of).astype("float64")
    _found(book, rules.NOT_A_NUMBER, texts.notna() & metres.isna(), "length_m", "'{}' ist keine eindeutige Länge")
    return metres
