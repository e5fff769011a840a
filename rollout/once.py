"""Work that is done once for a frame, however many pages, tables and receivers ask for it."""

from __future__ import annotations

import weakref
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    import pandas as pd

Rows = TypeVar("Rows", bound="pd.DataFrame")
Rest = ParamSpec("Rest")
Made = TypeVar("Made")


def once_each(work: Callable[Concatenate[Rows, Rest], Made]) -> Callable[Concatenate[Rows, Rest], Made]:
    """
    Do some work once for each frame, and keep what comes of it as long as the frame lives.

    Frames are never changed, so the frame itself is the key, and no row has to be compared.

    Parameters
    ----------
    work
        A pure function of one frame, and of further arguments that are few and hashable.

    Returns
    -------
    kept
        The same function; what it returns is shared, and not to be changed.
    """
    done: dict[int, dict[Hashable, Made]] = {}

    @wraps(work)
    def of(rows: Rows, /, *rest: Rest.args, **named: Rest.kwargs) -> Made:
        key, said = id(rows), (rest, tuple(named.items()))
        if key not in done:
            done[key] = {}
            weakref.finalize(rows, done.pop, key)
        of_frame = done[key]
        if said not in of_frame:
            of_frame[said] = work(rows, *rest, **named)
        return of_frame[said]

    return of
