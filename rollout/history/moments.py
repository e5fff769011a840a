"""Moments of recording: kept as UTC text that sorts as time does, given as a day or a moment."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Europe/Berlin")
"""Where a day begins and ends for the people who say "as known on"."""

_TICK = dt.timedelta(microseconds=1)


def stamp(moment: dt.datetime) -> str:
    """
    Return a moment as the store keeps it.

    Parameters
    ----------
    moment
        Without a zone it is local time.

    Returns
    -------
    text
        UTC with microseconds, always of one width, so that text sorts as time does.
    """
    placed = moment if moment.tzinfo else moment.replace(tzinfo=LOCAL)
    return placed.astimezone(dt.UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def moment_of(text: str) -> dt.datetime:
    """
    Read a moment as the store keeps it.

    Parameters
    ----------
    text
        As `stamp` wrote it.

    Returns
    -------
    moment
        In UTC.
    """
    return dt.datetime.fromisoformat(text)


def known_until(known_at: dt.date | dt.datetime | None) -> str:
    """
    Return the last moment of recording that counts as known.

    Parameters
    ----------
    known_at
        A moment; or a day, which counts to its local end; or None for all that is known.

    Returns
    -------
    text
        As the store keeps moments.
    """
    if known_at is None:
        return stamp(dt.datetime.max.replace(tzinfo=dt.UTC))
    if isinstance(known_at, dt.datetime):
        return stamp(known_at)
    midnight = dt.datetime.combine(known_at + dt.timedelta(days=1), dt.time(), LOCAL)
    return stamp(midnight.astimezone(dt.UTC) - _TICK)


def after(latest: str | None, now: dt.datetime) -> str:
    """
    Return the stamp of what is recorded now, later than all that was recorded before.

    Parameters
    ----------
    latest
        The latest moment in the store, or None where it is empty.
    now
        What the clock says. A clock set back must not let a new entry slip under an old one.

    Returns
    -------
    text
        As the store keeps moments.
    """
    if latest is None:
        return stamp(now)
    return max(stamp(now), stamp(moment_of(latest) + _TICK))
