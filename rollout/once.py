"""Work that is done once for a frame, however many pages, tables and receivers ask for it."""

from __future__ import annotations

import weakref
from functools import wraps
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

Rows = TypeVar("Rows", bound="pd.DataFrame")
Made = TypeVar("Made")


def once_each(work: Callable[[Rows], Made]) -> Callable[[Rows], Made]:
    """
    Do some work once for each frame, and keep what comes of it as long as the frame lives.

    Frames are never changed, so the frame itself is the key, and no row has to be compared.

    Parameters
    ----------
    work
        A pure function of one frame.

    Returns
    -------
    kept
        The same function; what it returns is shared, and not to be changed.
    """
    done: dict[int, Made] = {}

    @wraps(work)
    def of(rows: Rows) -> Made:
        key = id(rows)
        if key not in done:
            done[key] = work(rows)
            weakref.finalize(rows, done.pop, key)
        return done[key]

    return of
