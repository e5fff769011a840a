"""What waits and for what, and what is free to be built now; each with how long it has waited."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import pandas as pd

from rollout.analysis.progress import LEVEL_KEYS, counted_once
from rollout.vocabulary import BLOCKED, BUILT_HEIGHT, REFUSED, Level

if TYPE_CHECKING:
    from rollout.analysis.state import State


class Stock(StrEnum):
    """Where a segment or a connection waits."""

    BLOCKED = "blocked"
    """A segment is blocked, for the reason given."""
    PERMIT = "permit"
    """A segment's permit was applied for and is not there."""
    CONSENT = "consent"
    """An owner was written to and has not answered."""
    REFUSED = "refused"
    """An owner refused or could not be reached."""
    TRENCH = "trench"
    """A segment is permitted and not begun: it can be dug."""
    CONNECTION = "connection"
    """The owner consents and the trench is built: the connection can be made."""


WORKABLE = (Stock.TRENCH, Stock.CONNECTION)
"""What is free to be built now; everything else is held up."""

_KEYS = ["layer", "programme_id", "kind"]
_CONSENT = ("consent_given", "surveyed")


def stock(state: State, by: Level = Level.DISTRICT) -> pd.DataFrame:
    """
    Count what waits and what is free to be built, by place and cause.

    Parameters
    ----------
    state
        The programme on one day.
    by
        Districts within phases, phases, or programmes.

    Returns
    -------
    rows
        `layer` (`segments`, `targets`), `programme_id`, `kind` (kind of segment, or drive of target), the keys
        of the level, `stock` (one of `Stock`), `reason` (<NA> where none is given), then `count` (a segment
        that crosses a border counts in the district of its longest part), `length_m` (0 for targets),
        `oldest_days` and `median_days` (whole days of the present status up to the Stichtag; <NA> where no
        date is known).
    """
    keys = [*_KEYS, *LEVEL_KEYS[by], "stock", "reason"]
    waiting = pd.concat([_segments(state), _targets(state)], ignore_index=True)
    waiting[keys] = waiting[keys].astype("string")
    waited = (pd.Timestamp(state.as_of) - waiting["since"]).dt.days.where(waiting["count"] > 0)
    millimetres = (waiting["length_m"] * 1000).round().astype("int64")
    grouped = waiting.assign(days=waited.astype("Float64"), length_m=millimetres).groupby(keys, dropna=False, sort=True)
    summed = grouped.agg(
        count=("count", "sum"),
        length_m=("length_m", "sum"),
        oldest_days=("days", "max"),
        median_days=("days", "median"),
    ).reset_index()
    whole = {name: summed[name].round().astype("Int64") for name in ("oldest_days", "median_days")}
    return summed.assign(length_m=summed["length_m"] / 1000, **whole)


def _segments(state: State) -> pd.DataFrame:
    status = state.pieces["status"]
    words = {BLOCKED: Stock.BLOCKED, "applied": Stock.PERMIT, "permitted": Stock.TRENCH}
    found = counted_once(state, status.isin(list(words)).fillna(value=False).astype(bool))
    return _named(found.assign(stock=found["status"].map(words)))


def _targets(state: State) -> pd.DataFrame:
    targets = pd.DataFrame(state.targets)
    height = state.segments.set_index("segment_id")["height"].reindex(targets["segment_id"])
    built = pd.Series((height >= BUILT_HEIGHT).fillna(value=False).to_numpy(dtype=bool), index=targets.index)
    near = (targets["drop_m"] <= state.project.definitions.drop_limit_m).fillna(value=False).astype(bool)
    words = {"owner_contacted": Stock.CONSENT, REFUSED: Stock.REFUSED, **dict.fromkeys(_CONSENT, Stock.CONNECTION)}
    named = targets.assign(
        layer="targets", kind=targets["drive"], count=1, length_m=0.0, since=targets["status_since"]
    ).assign(stock=targets["status"].map(words))
    ready = (named["stock"] == Stock.CONNECTION).fillna(value=False).astype(bool)
    return _named(named[named["stock"].notna() & (~ready | (built & near))])


def _named(rows: pd.DataFrame) -> pd.DataFrame:
    told = rows["stock"].isin([Stock.BLOCKED, Stock.REFUSED])
    columns = [*_KEYS, "phase_id", "district_id", "stock", "reason", "count", "length_m", "since"]
    return rows.assign(reason=rows["reason"].astype("string").where(told))[columns]
