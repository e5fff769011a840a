"""
The course of a page's statuses, written so that only changes cost bytes, and what of it holds on which day.

A day is a whole number, counted from 1970-01-01. Statuses are numbers of the ladder that comes with them; 0 is no data.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from rollout import wording
from rollout.analysis.ladder import BLOCKED_AT_LEAST
from rollout.cartography.columns import as_array, coded, column, numbers
from rollout.cartography.encoding import pack, pack_short, zigzag
from rollout.cartography.symbols import SEGMENT_STYLES, TARGET_STYLES, class_of
from rollout.project import PassedDefinition
from rollout.vocabulary import (
    BLOCKED,
    BUILT_HEIGHT,
    CABLE_HEIGHT,
    DROPPED,
    MILESTONE_HEIGHT,
    NO_DATA,
    NO_DATA_LABEL,
    REASONS,
    Milestone,
    ladder_of,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rollout.analysis.course import Course
    from rollout.cartography.scope import Contents
    from rollout.cartography.symbols import LineStyle, PointStyle

    Integers = NDArray[np.int64]
    Steps = tuple[pd.DataFrame, Integers]

_LADDERS = {"segments": "segments", "targets": "targets", "extended": "targets"}
"""A layer of a page → the ladder its statuses stand on."""


def classes_over_time(contents: Contents) -> dict[str, frozenset[str]]:
    """
    Name the classes that the rows of a page are drawn as on any of its days.

    Parameters
    ----------
    contents
        The rows of the page.

    Returns
    -------
    classes
        By layer; nothing for a page without a course.
    """
    course = contents.additions.course
    found = {}
    for name, (steps, rows) in {} if course is None else _by_layer(contents, course).items():
        begun = _numbers(steps["valid_on"])[_begins(rows)]
        is_late = len(begun) < len(_ids(contents)[name]) or len({*begun.tolist()}) > 1
        words = class_of(steps["status"], SEGMENT_STYLES if name == "segments" else TARGET_STYLES).words
        found[name] = frozenset([*words, *[NO_DATA] * is_late])
    return found


def course_data(contents: Contents) -> dict[str, Any]:
    """
    Write the course of a page.

    Parameters
    ----------
    contents
        The rows of the page.

    Returns
    -------
    data
        JSON values under `course`; nothing where the page has none, or nothing changed before its Stichtag.
    """
    course = contents.additions.course
    if course is None:
        return {}
    by_layer, last = _by_layer(contents, course), _number(pd.Timestamp(contents.state.as_of))
    begun = [_numbers(steps["valid_on"]).min() for steps, _ in by_layer.values() if len(steps)]
    first = max(int(min(begun, default=last)), _whole_since(contents))
    if first >= last:
        return {}
    named = contents.state.project.definitions.passed
    return {
        "course": {
            "first": first,
            "last": last,
            "deliveries": [day for day in map(_number, map(pd.Timestamp, course.days)) if day >= first],
            "unsettled": _unsettled(contents, course),
            "notes": _notes(contents, course),
            "ladders": {layer: _ladder(layer) for layer in ("segments", "targets")},
            "reasons": list(REASONS.values()),
            "heights": _heights(as_reported=named == PassedDefinition.OWN_SIDE),
            "phase": None if contents.scope.phase is None else contents.scope.phase.name,
            "phases": _phases(contents),
            "layers": {name: _packed(name, *told, len(_ids(contents)[name])) for name, told in by_layer.items()},
            "metres": _metres(contents),
        }
    }


def _ids(contents: Contents) -> dict[str, pd.Series]:
    ids = {"segments": contents.state.segments["segment_id"]}
    return ids | {name: contents.targets["target_id"].iloc[rows] for name, rows in contents.populations.items()}


def _by_layer(contents: Contents, course: Course) -> dict[str, Steps]:
    """Return the steps of each layer's rows and the row of each, row after row and day after day."""
    found = {}
    for entity, own in course.steps.groupby("entity"):
        for name, ids in _ids(contents).items():
            if (name == "segments") == (entity == "segment"):
                row = _places(own["entity_id"], ids)
                order = np.argsort(row, kind="stable")[(row < 0).sum() :]
                found[name] = own.iloc[order], row[order]
    return found


def _places(wanted: pd.Series, ids: pd.Series) -> Integers:
    """Return where each identifier stands among others, -1 where it does not."""
    known = pd.Index(as_array(column(ids)))
    return known.get_indexer(pd.Index(as_array(column(wanted)))).astype(np.int64)


def _packed(name: str, steps: pd.DataFrame, rows: Integers, count: int) -> dict[str, Any]:
    """Write how many steps each row has, its first day beside that of the row before, and the days between steps."""
    days, sizes = _numbers(steps["valid_on"]), np.bincount(rows, minlength=count).astype(np.int64)
    begins = _begins(rows)
    between = np.delete(np.diff(days, prepend=0), begins)
    status = _numbered(steps["status"], [rung.key for rung in ladder_of(_LADDERS[name])])
    reason = _numbered(steps["reason"], list(REASONS))
    at = np.flatnonzero(reason)
    return {
        "sizes": pack_short(sizes),
        "first": pack_short(zigzag(np.diff(days[begins], prepend=0))),
        "days": pack_short(between),
        "status": pack_short(status),
        "at": pack(np.diff(at, prepend=0)),
        "reason": pack(reason[at]),
    }


def _numbered(values: pd.Series, keys: list[str]) -> Integers:
    """Return the place of each word in a list, plus one; 0 where missing."""
    found = coded(values)
    return np.array([0, *(keys.index(word) + 1 for word in found.words)], dtype=np.int64)[found.codes]


def _begins(rows: Integers) -> Integers:
    return np.flatnonzero(np.diff(rows, prepend=-1))


def _metres(contents: Contents) -> dict[str, Any]:
    """
    Write what the lengths of the page lack to the millimetre, so that sums of any day are those of the tables.

    `length` is the segment's, as the legend adds it up; `duct` and `cable` are those of its parts, as figures do.
    """
    segments, pieces = contents.state.segments, contents.state.pieces
    row = _places(pieces["segment_id"], segments["segment_id"])
    whole = {name: np.nan_to_num(numbers(segments[name])) for name in ("length_m", "cable_length_m")}
    shown = {name: np.rint(metres * 10).astype(np.int64) * 100 for name, metres in whole.items()}
    length = np.rint(whole["length_m"] * 1000).astype(np.int64)
    duct, cable = (_added(pieces[name], row, len(segments)) for name in ("length_m", "cable_m"))
    rest = {"length": length - shown["length_m"], "duct": duct - length, "cable": cable - shown["cable_length_m"]}
    return {name: pack_short(zigzag(millimetres)) for name, millimetres in rest.items()}


def _added(metres: pd.Series, row: Integers, count: int) -> Integers:
    millimetres = np.rint(np.nan_to_num(numbers(metres)) * 1000)
    return np.bincount(row[row >= 0], millimetres[row >= 0], count).astype(np.int64)


def _ladder(layer: str) -> list[tuple[str, str, int, bool]]:
    """List label, class, height, and whether a rung stands on the ladder proper; the first is what has no data."""
    rungs = ladder_of(layer)
    heights = {rung.key: rung.height for rung in rungs}
    heights |= {DROPPED: -1, BLOCKED: heights.get(BLOCKED_AT_LEAST, -1)}
    styles: tuple[LineStyle | PointStyle, ...] = SEGMENT_STYLES if layer == "segments" else TARGET_STYLES
    classes = {rung: style.key for style in styles for rung in style.rungs}
    known = [(rung.label, classes[rung.key], heights[rung.key], not rung.side) for rung in rungs]
    return [(NO_DATA_LABEL, NO_DATA, -1, False), *known]


def _heights(*, as_reported: bool) -> dict[str, int | None]:
    """List from which height on what counts; „erreicht“ by distance follows from no status."""
    passed = MILESTONE_HEIGHT[Milestone.PASSED] if as_reported else None
    connected = MILESTONE_HEIGHT[Milestone.CONNECTED]
    return {"passed": passed, "connected": connected, "built": BUILT_HEIGHT, "cable": CABLE_HEIGHT}


def _notes(contents: Contents, course: Course) -> list[tuple[int, str]]:
    """Word from whose deliveries the state comes, from each day on which that changes."""
    youngest: dict[str, pd.Timestamp] = {}
    said: dict[int, str] = {}
    for day, sender, state_on in course.sources.itertuples(index=False):
        youngest[sender] = state_on
        known = [(name, on.date()) for name, on in sorted(youngest.items()) if not pd.isna(on)]
        said[_number(day)] = wording.delivered(known, contents.state.known_at)
    texts = list(said.items())
    return [texts[place] for place in range(len(texts)) if place == 0 or texts[place][1] != texts[place - 1][1]]


def _phases(contents: Contents) -> list[tuple[int, str, str]]:
    """List since when which district belongs to which phase, as far as that is not so from the beginning."""
    names = dict(contents.state.districts[["district_id", "name"]].itertuples(index=False))
    phases = {phase.id: phase.name for phase in contents.state.project.phases}
    rows = _memberships(contents)[["from_date", "district_id", "phase_id"]].itertuples(index=False)
    return [(_number(day), names[district], phases[phase]) for day, district, phase in rows]


def _memberships(contents: Contents) -> pd.DataFrame:
    member = contents.state.phase_districts
    begun = member["from_date"] <= pd.Timestamp(contents.state.as_of)
    ours = member[begun & (member["programme_id"] == contents.scope.programme.id)]
    return ours.sort_values(["from_date", "phase_id"])


def _whole_since(contents: Contents) -> int:
    """Return the day from which on no connection has left the page's phase; before, the page would lack some."""
    if contents.scope.phase is None:
        return 0
    member = _memberships(contents)
    before = member.groupby("district_id")["phase_id"].shift()
    left = (before == contents.scope.phase.id) & (member["phase_id"] != contents.scope.phase.id)
    return int(_numbers(member.loc[left, "from_date"]).max(initial=0))


def _unsettled(contents: Contents, course: Course) -> dict[str, str]:
    """List the rows whose place at the trench holds only for the Stichtag, each as the step from the one before."""
    found = {}
    for name, rows in contents.populations.items():
        ids = contents.targets["target_id"].iloc[rows]
        found[name] = pack(np.diff(np.flatnonzero(ids.isin(course.unsettled)), prepend=0))
    return found


def _numbers(days: pd.Series) -> Integers:
    return days.to_numpy().astype("datetime64[D]").astype(np.int64)


def _number(day: pd.Timestamp) -> int:
    return (day - pd.Timestamp(0)).days
