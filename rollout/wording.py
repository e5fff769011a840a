"""German numbers, lengths, dates and plurals, the same in page, table and message."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

LOCALE = Locale("de", "DE")
"""Made once: to look it up by its name takes longer than to write a number."""

NARROW_SPACE = "\u202f"
"""Narrow no-break space, between number and unit."""

DASH = "–"
"""Stands where there is nothing to count; never a zero."""

_PLAIN_LETTERS = {ord("ä"): "a", ord("ö"): "o", ord("ü"): "u", ord("é"): "e"}


@lru_cache(maxsize=4096)
def number(value: float, decimals: int = 0) -> str:
    """
    Write a number the German way.

    Parameters
    ----------
    value
        Any finite number.
    decimals
        Fixed number of decimals.

    Returns
    -------
    text
        E.g. `1.625` or `12,30`. Halves are rounded to even, as Babel does; negative zero is `0`.
    """
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return format_decimal(round(value, decimals) + 0.0, pattern, locale=LOCALE)


def percent(part: float, whole: float, decimals: int = 1) -> str:
    """
    Write a share in percent.

    Parameters
    ----------
    part, whole
        Share and base, counts or metres.
    decimals
        Fixed number of decimals.

    Returns
    -------
    text
        E.g. `62,4 %`; a dash where the base is zero, since nothing of nothing is not 0 %.
    """
    return DASH if whole == 0 else f"{number(100 * part / whole, decimals)}{NARROW_SPACE}%"


def share(part: int, whole: int) -> str:
    """
    Write a count out of its base.

    Parameters
    ----------
    part, whole
        Count and base.

    Returns
    -------
    text
        `350/437 (80,1 %)`; a dash where the base is zero.
    """
    return DASH if whole == 0 else f"{number(part)}/{number(whole)} ({percent(part, whole)})"


def length(metres: float) -> str:
    """
    Write a length for reading.

    Parameters
    ----------
    metres
        Length in metres.

    Returns
    -------
    text
        `820 m` below one kilometre, `12,3 km` from there on.
    """
    if abs(metres) < 999.5:  # noqa: PLR2004 - what rounds to 1.000 m is written as 1,0 km
        return f"{number(metres)}{NARROW_SPACE}m"
    return f"{number(metres / 1000, 1)}{NARROW_SPACE}km"


@lru_cache(maxsize=4096)
def gap(metres: float) -> str:
    """
    Write a distance for which centimetres count as long as it is short.

    Parameters
    ----------
    metres
        Distance in metres.

    Returns
    -------
    text
        `0,89 m` below ten metres, as `length` writes it from there on.
    """
    return f"{number(metres, 2)}{NARROW_SPACE}m" if abs(metres) < 9.995 else length(metres)  # noqa: PLR2004


@lru_cache(maxsize=4096)
def date(day: dt.date) -> str:
    """
    Write a day.

    Parameters
    ----------
    day
        Any date.

    Returns
    -------
    text
        `28.03.2022`.
    """
    return format_date(day, "dd.MM.yyyy", locale=LOCALE)


def delivered(sources: Iterable[tuple[str, dt.date]], known_at: dt.date | None = None) -> str:
    """
    Write from whose deliveries a state comes.

    Parameters
    ----------
    sources
        Each sender and the day its youngest delivery is true for.
    known_at
        The day as known on which, or None.

    Returns
    -------
    text
        `Lieferungen: EVL (Stand 28.03.2022), NetCologne (Stand 25.03.2022); wie am 01.04.2022 bekannt`.
    """
    named = ", ".join(f"{sender} (Stand {date(day)})" for sender, day in sources) or "keine"
    return f"Lieferungen: {named}" + (f"; wie am {date(known_at)} bekannt" if known_at else "")


def counted(count: int, one: str, many: str) -> str:
    """
    Write a count with its noun.

    Parameters
    ----------
    count
        How many.
    one, many
        The noun in singular and plural.

    Returns
    -------
    text
        `1 Anschluss`, `1.625 Anschlüsse`.
    """
    return f"{number(count)} {one if count == 1 else many}"


def sort_key(text: str) -> str:
    """
    Return the key German lists are sorted by (DIN 5007, variant 1).

    Parameters
    ----------
    text
        A name.

    Returns
    -------
    key
        The name folded so that `ä` stands with `a` and `ß` with `ss`.
    """
    return text.casefold().translate(_PLAIN_LETTERS)
