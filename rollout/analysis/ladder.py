"""How far each row stands on its status ladder, and what was known of it on a day."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import pandas as pd

from rollout.vocabulary import BLOCKED, DROPPED, Rung, ladder_of

if TYPE_CHECKING:
    import datetime as dt

    import geopandas as gpd

Frame = TypeVar("Frame", bound=pd.DataFrame)

_BLOCKED_AT_LEAST = "permitted"
"""Where a blocked segment names no state before, it counts as the first one that can be blocked."""


def as_of(rows: Frame, day: dt.date) -> Frame:
    """
    Forget what became true after a day.

    Layers carry only the latest status. A row whose status is younger than the day has, for that
    day, no data: an earlier status is not guessed.

    Parameters
    ----------
    rows
        Rows with `status`, `status_since`, `reason`, and for segments `status_before`.
    day
        The Stichtag.

    Returns
    -------
    rows
        The same rows; status columns are empty where `status_since` lies after the day.
    """
    younger = rows["status_since"] > pd.Timestamp(day)
    if not younger.any():
        return rows
    columns = [name for name in ("status", "status_since", "reason", "status_before") if name in rows]
    return rows.assign(**{name: rows[name].mask(younger) for name in columns})


def heights(rows: gpd.GeoDataFrame, layer: str) -> pd.Series[int]:
    """
    Return how far each row stands on its ladder.

    Parameters
    ----------
    rows
        Segments or targets with `status`, and for segments `status_before`.
    layer
        `segments` or `targets`.

    Returns
    -------
    height
        Int64, shape `(len(rows),)`, index of `rows`: the rung's number; for a blocked segment the number of
        the state before (permitted where none is named); -1 for a dropped row; `<NA>` without data.
    """
    status = rows["status"]
    if layer == "segments":
        before = rows["status_before"].fillna(_BLOCKED_AT_LEAST)
        status = status.mask((status == BLOCKED).fillna(value=False), before)
    standing: pd.Series[int] = status.map(_numbers(ladder_of(layer))).astype("Int64")
    return standing.rename("height")


def heights_over_time(changes: pd.DataFrame) -> pd.Series[int]:
    """
    Return how far an entity stands on its ladder after each change.

    Parameters
    ----------
    changes
        `entity` (`segment`, `target`), `entity_id` and `status`, entity after entity and day after day.

    Returns
    -------
    height
        Int64, index of `changes`; for a blocked segment the number of the last state on the ladder proper
        (permitted where there is none), -1 for a dropped one, `<NA>` where nothing is known.
    """
    status, is_segment = changes["status"], changes["entity"] == "segment"
    numbers = {layer: status.map(_numbers(ladder_of(layer))).astype("Int64") for layer in ("segments", "targets")}
    is_blocked = (is_segment & (status == BLOCKED)).fillna(value=False).astype(bool)
    proper = numbers["segments"].where(is_segment & ~is_blocked & (numbers["segments"] >= 0))
    held = proper.groupby([changes["entity"], changes["entity_id"]], sort=False).ffill()
    first = _numbers(ladder_of("segments"))[_BLOCKED_AT_LEAST]
    standing = numbers["segments"].where(is_segment, numbers["targets"]).mask(is_blocked, held.fillna(first))
    return standing.rename("height")


def _numbers(ladder: tuple[Rung, ...]) -> dict[str, int]:
    return {rung.key: -1 if rung.key == DROPPED else rung.height for rung in ladder}
