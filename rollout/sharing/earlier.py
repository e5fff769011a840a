"""What the register holds of a programme and of a district, as lines of the table that is given away now."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from rollout.sharing.counting import CATEGORIES, lines_of
from rollout.sharing.coupling import Printed

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from rollout.sharing.counting import Counted, Place
    from rollout.sharing.releases import Key, Release
    from rollout.sharing.tables import Floats


def key_of(programme_id: str, place: Place, category: str, rung: str, cell: str = "") -> Key:
    """
    Name a figure as the register does.

    Parameters
    ----------
    programme_id
        Its programme.
    place
        Its place.
    category, rung
        What is counted.
    cell
        Its cell; empty for the place itself.

    Returns
    -------
    key
        Six words.
    """
    return (programme_id, place[1], place[2], cell, category, rung)


def printed_then(near: Sequence[Release], one: Counted, places: list[Place], day: dt.date) -> list[Printed]:
    """
    Return what other releases printed of a programme.

    Parameters
    ----------
    near
        The releases, by day.
    one
        The connections of the programme now.
    places
        Its places now.
    day
        The Stichtag now.

    Returns
    -------
    printed
        None of a release that had other places: which of its counts is part of which of now is unknown then.
    """
    found = []
    for then in near:
        there = _places_then(then, one.programme_id, places)
        if there:
            lines = [(place, category) for place in there for category in CATEGORIES]
            keys = [[key_of(one.programme_id, *line, rung) for rung in one.rungs] for line in lines]
            found.append(printed_of(then, keys, lines_of(there, places), day))
    return found


def _places_then(then: Release, programme_id: str, places: list[Place]) -> list[Place]:
    """Return the places of now that were there, but those that share a name: a phase, and what is in no district."""
    names = Counter(place[1:] for place in places)
    there = {key[1:3] for key in (*then.figures, *then.signs) if key[0] == programme_id and not key[3]}
    if not there <= names.keys():
        return []
    return [place for place in places if place[1:] in there and names[place[1:]] == 1]


def printed_of(then: Release, keys: list[list[Key]], lines: Floats, day: dt.date) -> Printed:
    """
    Return what a release printed of some lines.

    Parameters
    ----------
    then
        The release.
    keys
        Of `p` lines and their rungs.
    lines
        What each line adds up, shape `(p, n)`.
    day
        The Stichtag now.

    Returns
    -------
    printed
        Figures and signs.
    """
    values = [[then.figures.get(key, np.nan) for key in line] for line in keys]
    below = [[then.signs.get(key, 0) for key in line] for line in keys]
    return Printed(lines, np.array(values, dtype=np.float64), np.array(below), is_later=then.day > day)
