"""What a report says against the reports before it: unchanged, a step back, a jump, a contradiction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from rollout.vocabulary import Rung, ladder_of

if TYPE_CHECKING:
    from rollout.intake.table import Array

_EARLIEST = pd.Timestamp("1990-01-01")
"""When a state began whose day nobody knows."""

_DAYS = 1 << 20
"""More than there are days between any two dates, so that object and day fit in one number."""


@dataclass(frozen=True, slots=True)
class Succession:
    """
    Reports beside what was known; every array has n entries, as the reports.

    Attributes
    ----------
    line
        All reports, those known before and behind them the n new ones: `status`, `since`, `reported_by`,
        `delivery_id`.
    own
        Where in `line` the sender's own report before stands; -1 where there is none.
    others
        The last report of other senders up to that day, likewise.
    later
        The next report of other senders after it, likewise.
    unchanged, step_back, jump, contradiction
        Where that is so; bool.
    later_clashes
        Where the contradiction is with the later report.
    """

    line: pd.DataFrame
    own: Array
    others: Array
    later: Array
    unchanged: Array
    step_back: Array
    jump: Array
    contradiction: Array
    later_clashes: Array

    @property
    def against(self) -> Array:
        """The other side of each contradiction: the later report where it is that one, else the earlier."""
        return np.where((self.others >= 0) & ~self.later_clashes, self.others, self.later)

    @property
    def before(self) -> Array:
        """The last report before, whoever gave it."""
        return _newest(self.own, self.others, self.line["since"].to_numpy())


def compare(reports: pd.DataFrame, states: pd.DataFrame, sender: str, entity: str) -> Succession:
    """
    Compare reports with what is known.

    Parameters
    ----------
    reports
        n sound rows: `entity_id`, `status` (ours), `valid_on` (datetime64), `dated` (whether the row has a
        day of its own); index 0 to n-1.
    states
        What is known of this entity, as `Known.states`.
    sender
        Who reports.
    entity
        `segments` or `targets`.

    Returns
    -------
    succession
        n comparisons.
    """
    ladder = {rung.key: rung for rung in ladder_of(entity)}
    line, object_ = _line(reports, states[states["status"].notna()], sender)
    since, known = line["since"].to_numpy(), len(line) - len(reports)
    moment = object_ * _DAYS + since.astype("datetime64[D]").astype(np.int64)
    is_own = (line["reported_by"] == sender).to_numpy(dtype=bool)
    own = _own_before(moment, object_, is_own, known)
    others, later = _of_others(moment, object_, np.flatnonzero(~is_own), known)
    status = line["status"].to_numpy(dtype=object)
    heights, now = _heights(status, ladder), np.arange(known, len(line))
    clashes = _at(heights, later) < heights[now]
    same = (_at(status, own) == status[now]) & ((_at(since, own) == since[now]) | ~reports["dated"].to_numpy(bool))
    return Succession(
        line,
        own,
        others,
        later,
        unchanged=same.astype(bool),
        step_back=heights[now] < _at(heights, own),
        jump=_jumps(_at(status, _newest(own, others, since)), status[now], ladder),
        contradiction=(heights[now] < _at(heights, others)) | clashes,
        later_clashes=clashes,
    )


def _line(reports: pd.DataFrame, states: pd.DataFrame, sender: str) -> tuple[pd.DataFrame, Array]:
    """Return known and new reports one below the other, and a number for the object of each."""
    since = pd.to_datetime(states["status_since"]).astype("datetime64[ms]").fillna(_EARLIEST)
    new: dict[str, object] = {"status": reports["status"], "reported_by": sender, "delivery_id": pd.NA}
    columns = {
        name: pd.concat(
            [states[name].astype("string"), pd.Series(said, index=reports.index, dtype="string")], ignore_index=True
        )
        for name, said in new.items()
    }
    columns["since"] = pd.concat([since, reports["valid_on"].astype("datetime64[ms]")], ignore_index=True)
    line = pd.DataFrame(columns)
    names = [frame["entity_id"].to_numpy(dtype=object) for frame in (states, reports)]
    return line, pd.factorize(np.concatenate(names))[0]


def _at(values: Array, places: Array) -> Array:
    """Return what stands at some places; nothing where there is none."""
    nothing = {"f": np.nan, "M": np.datetime64("NaT")}.get(values.dtype.kind)
    filled = np.full(len(places), nothing, dtype=values.dtype)
    there = places >= 0
    filled[there] = values[places[there]]
    return filled


def _heights(status: Array, ladder: dict[str, Rung]) -> Array:
    """Return how far states stand; NaN for side states, which compare with nothing."""
    numbers = {key: float(rung.height) for key, rung in ladder.items() if not rung.side}
    return np.fromiter((numbers.get(key, np.nan) for key in status), dtype=np.float64, count=len(status))


def _newest(own: Array, others: Array, since: Array) -> Array:
    """Return the later of two reports; the sender's own where both are of one day."""
    ours, theirs = _at(since, own), _at(since, others)
    return np.where(~np.isnat(ours) & (np.isnat(theirs) | (ours >= theirs)), own, others)


def _own_before(moment: Array, object_: Array, is_own: Array, known: int) -> Array:
    """Return the sender's report before each, among those known and those in the same file."""
    mine = np.flatnonzero(is_own)
    order = mine[np.argsort(moment[mine], kind="stable")]  # known ones stand before new ones of the same day
    before = np.full(len(moment), -1)
    follows = object_[order[1:]] == object_[order[:-1]]
    before[order[1:][follows]] = order[:-1][follows]
    return before[known:]


def _of_others(moment: Array, object_: Array, others: Array, known: int) -> tuple[Array, Array]:
    """Return the last report of other senders up to the day of each, and the first one after it."""
    order = others[np.argsort(moment[others], kind="stable")]
    following = np.searchsorted(moment[order], moment[known:], side="right")
    padded = np.concatenate([[-1], order, [-1]])
    around = padded[following], padded[following + 1]
    of_same = [(place >= 0) & (object_[place] == object_[known:]) for place in around]
    return np.where(of_same[0], around[0], -1), np.where(of_same[1], around[1], -1)


def _jumps(before: Array, status: Array, ladder: dict[str, Rung]) -> Array:
    """Return where the ladder has no such step forward; a step back is another finding."""
    steps = {(key, following) for key, rung in ladder.items() for following in (*rung.allowed_next, key)}
    strange = [isinstance(old, str) and (old, new) not in steps for old, new in zip(before, status, strict=True)]
    return np.asarray(strange, dtype=bool) & ~(_heights(status, ladder) < _heights(before, ladder))
