"""What is different between two states of one project, row by row and added up."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import pandas as pd

from rollout.analysis.progress import milestones, roll_up
from rollout.vocabulary import (
    BLOCKED,
    BUILT_HEIGHT,
    CABLE_HEIGHT,
    DROPPED,
    REFUSED,
    Drive,
    Level,
    Milestone,
    SegmentKind,
)

if TYPE_CHECKING:
    from rollout.analysis.state import State


class Change(StrEnum):
    """What happened to a segment or a target between two states."""

    NEW = "new"
    """No status before."""
    ADVANCED = "advanced"
    GONE_BACK = "gone_back"
    """Lower on the ladder than before, whatever it was called."""
    BLOCKED = "blocked"
    """A segment blocked, or a target refused, that was not before."""
    RELEASED = "released"
    """Blocked, refused or dropped before, and back on the ladder no lower than it was."""
    DROPPED = "dropped"
    REMOVED = "removed"
    """A status before and none now."""


GAINS: tuple[str, ...] = ("duct_m", "cable_m", "blocked_m", *Milestone, "refused", "dropped")
"""Columns of a change that say by how much a figure of the tables is different, with its sign."""

_PLACE = ("programme_id", "phase_id", "district_id")
_STATUS = ("status", "height")
_FACTS = ("kind", "length_m", "count")
_COLUMNS = {
    **dict.fromkeys(("entity", "entity_id", "change", *_PLACE, "kind", "status_before", "status_after"), "string"),
    **dict.fromkeys(("height_before", "height_after"), "Int64"),
    "length_m": "float64",
    "count": "int64",
    **{name: "float64" if name.endswith("_m") else "int64" for name in GAINS},
}
_ABSENT = "absent"
_STOPPED = (BLOCKED, REFUSED)


@dataclass(frozen=True, slots=True)
class Changes:
    """
    Everything that is different between two states.

    Attributes
    ----------
    before, after
        The two states.
    rows
        One row per piece of a segment or per target that is different, sorted: `entity` (`segment`, `target`),
        `entity_id`, `change` (a `Change`), `programme_id`, `phase_id`, `district_id`, `kind` (kind of segment, or
        drive of target), `status_before`, `status_after`, `height_before`, `height_after`, `length_m` (of the
        piece, 0 for targets), `count` (1, but 0 for all pieces of a segment save its longest), then `GAINS`.
        District and phase are those of the later day.
    """

    before: State
    after: State
    rows: pd.DataFrame

    @property
    def is_empty(self) -> bool:
        """Whether the two states are the same."""
        return self.rows.empty


def changes_between(before: State, after: State) -> Changes:
    """
    Compare two states of one project: two days, or one day as it was known at two times.

    A target that is now passed because a trench came near (where that is the definition) has advanced
    although nobody reported it, so that the changes add up to the difference of the two tables.

    Parameters
    ----------
    before, after
        The states, in the order they are told. Neither need be the earlier one: told the other way round, every
        gain is the same with the other sign.

    Returns
    -------
    changes
        What is different; nothing where the two are the same.
    """
    parts = []
    for entity, keys, rows_of in (
        ("segment", ["entity_id", "district_id"], _segments),
        ("target", ["entity_id"], _targets),
    ):
        old, new = rows_of(before), rows_of(after)
        by_age = [old, new] if before.as_of > after.as_of else [new, old]
        pairs = _pairs(old, new, keys, by_age)
        parts.append(_different(pairs).assign(entity=entity))
    rows = pd.concat(parts, ignore_index=True)[list(_COLUMNS)].astype(_COLUMNS)
    return Changes(before, after, rows.sort_values(["entity", "entity_id", "district_id"], ignore_index=True))


def change_totals(changes: Changes, level: Level = Level.DISTRICT) -> pd.DataFrame:
    """
    Add up the changes of every place.

    Parameters
    ----------
    changes
        As `changes_between` returns them.
    level
        Districts within phases, phases, or programmes.

    Returns
    -------
    totals
        One row per place with a change: `programme_id`, `phase_id`, `district_id` as far as the level has them;
        metres `new_duct_m`, `co_used_m`, `cable_m` (more or less done than before) and `blocked_m`; then for
        `segments`, `funded` and `extended` each the number of rows of every `Change` (`segments_gone_back`), and
        for the two drives the targets more or fewer `funded_passed`, `…_prepared`, `…_connected`, `…_activated`,
        `…_refused`, `…_dropped_net`. Nothing of two programmes, drives or lengths is added to each other.
    """
    return roll_up(wide(changes.rows), level)


def wide(rows: pd.DataFrame) -> pd.DataFrame:
    """
    Lay the figures of each change in columns that may be added up.

    Parameters
    ----------
    rows
        Of `Changes`.

    Returns
    -------
    rows
        As many rows with the columns of `change_totals`, ready for `roll_up`.
    """
    kind = rows["kind"]
    figures = {f"{name}_m": rows["duct_m"].where((kind == name).astype(bool), 0.0) for name in SegmentKind}
    figures |= {name: rows[name] for name in ("cable_m", "blocked_m")}
    populations = {"segments": (rows["entity"] == "segment").astype(bool)}
    populations |= {drive.value: (kind == drive).astype(bool) for drive in Drive}
    for population, ours in populations.items():
        for change in Change:
            happened = ours & (rows["change"] == change).astype(bool)
            figures[f"{population}_{change}"] = rows["count"].where(happened, 0)
    for drive in Drive:
        for name in (*Milestone, "refused", "dropped"):
            key = f"{drive}_{name}_net" if name == DROPPED else f"{drive}_{name}"
            figures[key] = rows[name].where(populations[drive], 0).astype("int64")
    return rows[list(_PLACE)].assign(**figures)


def _segments(state: State) -> pd.DataFrame:
    """One row per piece with what it adds to the figures of the tables."""
    pieces = state.pieces
    duct, cable = pieces["length_m"].round(3), pieces["cable_m"].fillna(0.0).round(3)
    order = pieces.assign(_at=range(len(pieces))).sort_values(["length_m", "district_id"], ascending=[False, True])
    longest = order.drop_duplicates("segment_id")["_at"]
    zeros = dict.fromkeys((*Milestone, "refused"), 0)
    rows = pieces[[*_PLACE, "kind", *_STATUS]].assign(
        entity_id=pieces["segment_id"],
        length_m=duct,
        duct_m=duct.where(_reaches(pieces, BUILT_HEIGHT), 0.0),
        cable_m=cable.where(_reaches(pieces, CABLE_HEIGHT), 0.0),
        blocked_m=duct.where(_is(pieces["status"], BLOCKED), 0.0),
        dropped=_is(pieces["status"], DROPPED).astype("int64"),
        **zeros,
    )
    rows["count"] = pd.Series(range(len(rows)), index=rows.index).isin(longest).astype("int64")
    return rows


def _targets(state: State) -> pd.DataFrame:
    """One row per target with what it adds to the figures of the tables."""
    targets = pd.DataFrame(state.targets)
    reached = milestones(state)[[*Milestone, "refused", "dropped"]].astype("int64")
    metres = dict.fromkeys(("length_m", "duct_m", "cable_m", "blocked_m"), 0.0)
    rows = targets[[*_PLACE, *_STATUS]].assign(
        entity_id=targets["target_id"], kind=targets["drive"].astype("string"), **metres, count=1
    )
    return pd.concat([rows, reached], axis=1)


def _pairs(old: pd.DataFrame, new: pd.DataFrame, keys: list[str], by_age: list[pd.DataFrame]) -> pd.DataFrame:
    """Put what was and what is side by side; what a row is and where it lies comes from the younger frame."""
    known = list(dict.fromkeys([*keys, *_PLACE, *_FACTS]))
    pairs = pd.concat([rows[known] for rows in by_age], ignore_index=True).drop_duplicates(keys)
    for rows, when in ((old, "before"), (new, "after")):
        told = rows[[*keys, *_STATUS, *GAINS]].rename(columns={name: f"{name}_{when}" for name in (*_STATUS, *GAINS)})
        pairs = pairs.merge(told.assign(**{f"is_{when}": True}), on=keys, how="left", validate="one_to_one")
        pairs[f"is_{when}"] = pairs[f"is_{when}"].notna()
    for name in GAINS:
        gained = pairs.pop(f"{name}_after").fillna(0) - pairs.pop(f"{name}_before").fillna(0)
        pairs[name] = gained.round(3) if name.endswith("_m") else gained.astype("int64")
    return pairs


def _different(pairs: pd.DataFrame) -> pd.DataFrame:
    """Keep the pairs that differ in status, in height or in any figure, and say what happened to them."""
    differs = pairs["is_before"] != pairs["is_after"]
    for name in _STATUS:
        was, now = pairs[f"{name}_before"].astype("string"), pairs[f"{name}_after"].astype("string")
        differs |= was.fillna(_ABSENT) != now.fillna(_ABSENT)
    differs |= (pairs[list(GAINS)] != 0).any(axis=1)
    kept = pairs[differs.astype(bool)]
    return kept.assign(change=_what_happened(kept))


def _what_happened(pairs: pd.DataFrame) -> pd.Series[str]:
    """Name each change; where several rules hold the one named last here wins."""
    was, now = pairs["status_before"], pairs["status_after"]
    was_high, is_high = pairs["height_before"], pairs["height_after"]
    no_higher = (pairs[list(Milestone)].sum(axis=1) < 0) & _holds(was_high == is_high)
    rules = (
        (Change.GONE_BACK, _holds(is_high < was_high) | no_higher),
        (Change.RELEASED, _is_any(was, (*_STOPPED, DROPPED)) & ~_is_any(now, _STOPPED) & _holds(is_high >= was_high)),
        (Change.BLOCKED, _is_any(now, _STOPPED) & ~(was == now).fillna(value=False).astype(bool)),
        (Change.DROPPED, _is(now, DROPPED)),
        (Change.NEW, was.isna().astype(bool)),
        (Change.REMOVED, now.isna().astype(bool) & was.notna().astype(bool) | ~pairs["is_after"].astype(bool)),
    )
    named = pd.Series(Change.ADVANCED.value, index=pairs.index, dtype="string", name="change")
    for change, holds in rules:
        named = named.mask(holds, change.value)
    return named


def _holds(found: pd.Series[bool]) -> pd.Series[bool]:
    return found.fillna(value=False).astype(bool)


def _is(status: pd.Series[str], word: str) -> pd.Series[bool]:
    return _holds(status == word)


def _is_any(status: pd.Series[str], words: tuple[str, ...]) -> pd.Series[bool]:
    return status.isin(words).fillna(value=False).astype(bool)


def _reaches(rows: pd.DataFrame, height: int) -> pd.Series[bool]:
    return _holds(rows["height"] >= height)
