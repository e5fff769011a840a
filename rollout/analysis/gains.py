"""What was gained when: every step of metres and connections, out of the changes that deliveries reported."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from rollout.analysis.progress import CABLE, LEVEL_KEYS, MEASURES
from rollout.vocabulary import BUILT_HEIGHT, CABLE_HEIGHT, MILESTONE_HEIGHT, Drive, Level, Milestone

if TYPE_CHECKING:
    import datetime as dt

    from numpy.typing import NDArray

    from rollout.analysis.state import State

WORKS: tuple[str, ...] = (*MEASURES, *Drive)
"""What is forecast, each on its own: the three lengths and the two populations of connections."""

UNITS: dict[str, int] = {work: 1000 if work in MEASURES else 1 for work in WORKS}
"""Gains are whole numbers: millimetres or connections."""

DONE_HEIGHT: dict[str, int] = {
    **dict.fromkeys(MEASURES, BUILT_HEIGHT),
    CABLE: CABLE_HEIGHT,
    **dict.fromkeys(Drive, MILESTONE_HEIGHT[Milestone.CONNECTED]),
}
"""From which height on the ladder each of them is done."""


_CURRENT_DAYS = 28
"""A delivery tells how things stand on its day if some row of it is not older than this."""


@dataclass(frozen=True, slots=True)
class Reports:
    """
    What deliveries reported, as known at one moment.

    Attributes
    ----------
    crossings
        Every change that makes some work done or undone, from `crossings`.
    told
        Kind of entity, done height, and the youngest day told by the partner who reports most of such work.
    """

    crossings: pd.DataFrame
    told: tuple[tuple[str, int, dt.date], ...]

    def told_until(self, work: str, day: dt.date) -> dt.date | None:
        """
        Return up to which day it is known what was done.

        Parameters
        ----------
        work
            One of `WORKS`.
        day
            The Stichtag.

        Returns
        -------
        day
            The youngest day, up to the Stichtag, told by the partner who reports such work; None where nobody
            ever did. What was done later may just not have been told yet.
        """
        asked = (entity_of(work), DONE_HEIGHT[work])
        return next((min(stated, day) for entity, height, stated in self.told if (entity, height) == asked), None)


def reports(changes: pd.DataFrame, sent: pd.DataFrame) -> Reports:
    """
    Bring what was reported into the form that forecasts need.

    Parameters
    ----------
    changes
        Every change of state, as `history.changes` has them, with `height` as `ladder.heights_over_time` tells
        it.
    sent
        One row per delivery and kind of entity it speaks of: `delivery_id`, `entity`, `sender`, `state_on`, and
        `last_on` (the youngest day of its rows). A delivery whose rows are all old corrects the past and does
        not tell how things stand on its day.

    Returns
    -------
    reports
        As known at the moment the rows are.
    """
    steps = crossings(changes)
    current = sent["state_on"] - sent["last_on"] <= pd.Timedelta(days=_CURRENT_DAYS)
    youngest = sent["state_on"].where(current, sent["last_on"]).groupby([sent["entity"], sent["sender"]]).max()
    senders = steps["delivery_id"].map(sent.drop_duplicates("delivery_id").set_index("delivery_id")["sender"])
    told = []
    for entity, height in sorted({(entity_of(work), height) for work, height in DONE_HEIGHT.items()}):
        reached = (steps["entity"] == entity) & (steps["height"] >= height) & (steps["before"] < height)
        counts = senders[reached].value_counts()
        if len(counts):
            main = min(counts.index[counts == counts.max()])
            told.append((entity, height, youngest[entity, main].date()))
    return Reports(steps, tuple(told))


def crossings(changes: pd.DataFrame) -> pd.DataFrame:
    """
    Keep the changes that make some work done, or undone.

    Parameters
    ----------
    changes
        Every change of state, entity after entity and day after day: `entity`, `entity_id`, `valid_on`,
        `delivery_id`, and `height` as `ladder.heights_over_time` tells it.

    Returns
    -------
    crossings
        The same columns with `height` as int64 (-1 where nothing is known) and `before` (the height before).
    """
    height = changes["height"].fillna(-1).to_numpy(dtype=np.int64)
    entity, name = (pd.factorize(changes[key])[0] for key in ("entity", "entity_id"))
    repeated = (entity[1:] == entity[:-1]) & (name[1:] == name[:-1])
    before = np.concatenate([[-1] * bool(len(height)), np.where(repeated, height[:-1], -1)]).astype(np.int64)
    crosses = np.zeros(len(height), dtype=bool)
    for rung in {*DONE_HEIGHT.values()}:
        crosses |= (height >= rung) != (before >= rung)
    told = changes[["entity", "entity_id", "valid_on", "delivery_id"]].assign(height=height, before=before)
    return told[crosses].reset_index(drop=True)


def entity_of(work: str) -> str:
    """
    Tell what kind of thing a work is counted on.

    Parameters
    ----------
    work
        One of `WORKS`.

    Returns
    -------
    entity
        `segment` or `target`, as in the store.
    """
    return "segment" if work in MEASURES else "target"


def shares(state: State, rows: pd.DataFrame, level: Level) -> pd.DataFrame:
    """
    List what each segment and target adds to which row once it is done.

    It is counted where and as the state places it: in the district of the piece or target, in the phase of
    the Stichtag.

    Parameters
    ----------
    state
        The programme on one day.
    rows
        One row per place and work: `programme_id`, the keys of the level, `work`.
    level
        Districts within phases, phases, or programmes.

    Returns
    -------
    shares
        `entity`, `entity_id`, `place` (position in `rows`), `done_height`, `amount` (int64, in the unit of
        `UNITS`).
    """
    pieces = state.pieces.rename(columns={"segment_id": "entity_id"}).assign(entity="segment")
    homes = pd.DataFrame(state.targets).rename(columns={"target_id": "entity_id"}).assign(entity="target")
    things = [
        pieces.assign(work=pieces["kind"], amount=_millimetres(pieces["length_m"])),
        pieces.assign(work=CABLE, amount=_millimetres(pieces["cable_m"])),
        homes.assign(work=homes["drive"], amount=1),
    ]
    keys = ["programme_id", *LEVEL_KEYS[level], "work"]
    told = pd.concat([rows_of[["entity", "entity_id", "amount", *keys]] for rows_of in things], ignore_index=True)
    place = pd.MultiIndex.from_frame(_plain(rows[keys])).get_indexer(pd.MultiIndex.from_frame(_plain(told[keys])))
    height = told["work"].map(DONE_HEIGHT).astype("int64")
    return told[["entity", "entity_id", "amount"]].assign(place=place, done_height=height)[place >= 0]


def gains(shares: pd.DataFrame, reports: Reports) -> pd.DataFrame:
    """
    Turn changes of state into steps of what is done.

    Parameters
    ----------
    shares
        What each segment and target adds.
    reports
        What was reported.

    Returns
    -------
    steps
        `place`, `valid_on`, and `gained` (int64, in the unit of `UNITS`); a step back is negative.
    """
    moved = reports.crossings.merge(shares, on=["entity", "entity_id"])
    sign = (moved["height"] >= moved["done_height"]).astype("int64") - (moved["before"] >= moved["done_height"])
    return moved[["place", "valid_on"]].assign(gained=sign * moved["amount"])[sign != 0]


def by_week(steps: pd.DataFrame, places: int, week_ends: NDArray[np.datetime64]) -> NDArray[np.int64]:
    """
    Add gains up by week.

    Parameters
    ----------
    steps
        From `gains`.
    places
        How many rows there are.
    week_ends
        Ascending days, the first of them before the first week.

    Returns
    -------
    gained
        Shape `(places, len(week_ends))`: first all that was gained up to the first day, then week by week.
    """
    week = np.searchsorted(week_ends, steps["valid_on"].to_numpy().astype("datetime64[D]"), side="left")
    counts = week < len(week_ends)
    gained = np.zeros((places, len(week_ends)), dtype=np.int64)
    np.add.at(gained, (steps["place"].to_numpy()[counts], week[counts]), steps["gained"].to_numpy()[counts])
    return gained


def _plain(keys: pd.DataFrame) -> pd.DataFrame:
    """Keys as text, so that rows without a phase or district find each other."""
    return keys.astype("string").fillna("")


def _millimetres(metres: pd.Series[float]) -> pd.Series[int]:
    return (metres.fillna(0.0) * UNITS[CABLE]).round().astype("int64")
