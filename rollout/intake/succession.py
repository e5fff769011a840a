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


@dataclass(frozen=True, slots=True)
class Succession:
    """
    Reports beside what was known; every frame and array has n rows, as the reports.

    Attributes
    ----------
    own
        The sender's own report before: `status`, `since`; missing where there is none.
    others
        The last report of other senders up to that day: also `reported_by`, `delivery_id`.
    later
        The next report of other senders after it, likewise.
    unchanged, step_back, jump, contradiction
        Where that is so; bool.
    """

    own: pd.DataFrame
    others: pd.DataFrame
    later: pd.DataFrame
    unchanged: Array
    step_back: Array
    jump: Array
    contradiction: Array

    @property
    def against(self) -> pd.DataFrame:
        """The other side of each contradiction: the later report where it is that one, else the earlier."""
        usable = self.others["status"].notna().to_numpy() & ~self._later_clashes
        return self.others.where(pd.Series(usable, index=self.others.index), self.later)

    @property
    def before(self) -> pd.DataFrame:
        """The last report before, whoever gave it."""
        newest = _newest_is_own(self.own, self.others)
        return self.own.where(pd.Series(newest, index=self.own.index), self.others[["status", "since"]])

    @property
    def _later_clashes(self) -> Array:
        return self.later["clashes"].to_numpy(dtype=bool)


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
    states = states[states["status"].notna()]
    states = states.assign(since=pd.to_datetime(states["status_since"]).astype("datetime64[ms]").fillna(_EARLIEST))
    is_own = (states["reported_by"] == sender).to_numpy(dtype=bool)
    own = _own_before(reports, states[is_own])
    others = _of_others(reports, states[~is_own], "backward")
    later = _of_others(reports, states[~is_own], "forward")
    heights = _heights(reports["status"], ladder)
    same_as_own = (own["status"] == reports["status"]).fillna(value=False).to_numpy(dtype=bool)
    same_day = (own["since"] == reports["valid_on"]).to_numpy(dtype=bool)
    later = later.assign(clashes=_heights(later["status"], ladder) < heights)
    behind = heights < _heights(others["status"], ladder)
    before = own["status"].where(_newest_is_own(own, others), others["status"])
    return Succession(
        own,
        others,
        later,
        unchanged=same_as_own & (same_day | ~reports["dated"].to_numpy(dtype=bool)),
        step_back=heights < _heights(own["status"], ladder),
        jump=_jumps(before, reports["status"], ladder),
        contradiction=behind | later["clashes"].to_numpy(dtype=bool),
    )


def _heights(status: pd.Series[str], ladder: dict[str, Rung]) -> Array:
    """Return how far states stand; NaN for side states, which compare with nothing."""
    numbers = {key: float(rung.height) for key, rung in ladder.items() if not rung.side}
    return status.map(numbers).astype("float64").to_numpy()


def _newest_is_own(own: pd.DataFrame, others: pd.DataFrame) -> Array:
    ours, theirs = own["since"].to_numpy(), others["since"].to_numpy()
    return np.asarray(~np.isnat(ours) & (np.isnat(theirs) | (ours >= theirs)))


def _own_before(reports: pd.DataFrame, own: pd.DataFrame) -> pd.DataFrame:
    """Return the sender's report before each, among those known and those in the same file."""
    known = own[["entity_id", "status", "since"]].assign(at=-1)
    new = reports[["entity_id", "status"]].assign(since=reports["valid_on"], at=np.arange(len(reports)))
    line = pd.concat([known, new], ignore_index=True).sort_values(["entity_id", "since", "at"], kind="stable")
    shifted = line.groupby("entity_id", sort=False)[["status", "since"]].shift(1).assign(at=line["at"])
    return shifted[shifted["at"] >= 0].set_index("at").reindex(range(len(reports)))


def _of_others(reports: pd.DataFrame, others: pd.DataFrame, direction: str) -> pd.DataFrame:
    left = reports[["entity_id", "valid_on"]].assign(at=np.arange(len(reports))).sort_values("valid_on", kind="stable")
    right = others[["entity_id", "status", "since", "reported_by", "delivery_id"]].sort_values("since", kind="stable")
    right = right.astype({"entity_id": left["entity_id"].dtype})
    found = pd.merge_asof(
        left.astype({"valid_on": "datetime64[ms]"}),
        right,
        left_on="valid_on",
        right_on="since",
        by="entity_id",
        direction="backward" if direction == "backward" else "forward",
        allow_exact_matches=direction == "backward",
    )
    return found.set_index("at").sort_index()[["status", "since", "reported_by", "delivery_id"]]


def _jumps(before: pd.Series[str], status: pd.Series[str], ladder: dict[str, Rung]) -> Array:
    """Return where the ladder has no such step forward; a step back is another finding."""
    steps = {(key, following) for key, rung in ladder.items() for following in (*rung.allowed_next, key)}
    taken = zip(before.to_numpy(dtype=object), status.to_numpy(dtype=object), strict=True)
    strange = [isinstance(old, str) and (old, new) not in steps for old, new in taken]
    back = _heights(status, ladder) < _heights(before, ladder)
    return np.asarray(strange, dtype=bool) & ~back
