"""
The course of a page's statuses, written so that only changes cost bytes, and what of it holds on which day.

A day is a whole number, counted from 1970-01-01. Statuses are numbers of the ladder that comes with them; 0 is no data.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from rollout import wording
from rollout.analysis.course import day_numbers, figures_over_time
from rollout.cartography.columns import coded, column, equals, numbers
from rollout.cartography.encoding import pack, pack_short, zigzag
from rollout.cartography.symbols import SEGMENT_STYLES, TARGET_STYLES, class_of
from rollout.project import PassedDefinition
from rollout.vocabulary import NO_DATA, NO_DATA_LABEL, REASONS, ladder_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rollout.analysis.course import Course
    from rollout.cartography.scope import Contents
    from rollout.cartography.symbols import LineStyle, PointStyle

    Integers = NDArray[np.int64]
    Steps = tuple[pd.DataFrame, Integers]

_LADDERS = {"segments": "segments", "targets": "targets", "extended": "targets"}
"""A layer of a page → the ladder its statuses stand on."""

_WEEK = 7
_DRAWN = ("passed", "connected")
_FULL = (0.1, 0.25, 0.5, 1.0)
"""Shares that the upper edge of the curve may stand for."""

_NEVER = 2**31


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
        By layer; nothing for a page without a course, or of a state cut down for an audience that may not know it.
    """
    course = _course_in(contents)
    found = {}
    for name, (steps, rows) in {} if course is None else _by_layer(contents, course).items():
        begun = day_numbers(steps["valid_on"])[_begins(rows)]
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
        JSON values under `course`; nothing where the page has none or may have none, or nothing changed before its
        Stichtag.
    """
    course = _course_in(contents)
    if course is None:
        return {}
    by_layer, last = _by_layer(contents, course), _number(pd.Timestamp(contents.state.as_of))
    begun = [day_numbers(steps["valid_on"]).min() for steps, _ in by_layer.values() if len(steps)]
    first = max(int(min(begun, default=last)), _whole_since(contents))
    if first >= last:
        return {}
    figures, stops = _figures(contents, course, (first, last)), _stops(course, first, last)
    written = {
        "first": first,
        "last": last,
        "stops": stops,
        "figures": {name: pack(zigzag(np.diff(figures[name], prepend=0))) for name in figures},
        "curve": _curve(figures, [day - first for day in stops[0][1]]),
        "notes": _notes(contents, course),
        "ladders": {name: _ladder(layer) for name, layer in _LADDERS.items()},
        "reasons": list(REASONS.values()),
        "phase": None if contents.scope.phase is None else contents.scope.phase.name,
        "phases": _phases(contents),
        "unsettled": _unsettled(contents, course),
        "millimetres": _millimetres(contents),
        "layers": {name: _packed(name, *told, len(_ids(contents)[name])) for name, told in by_layer.items()},
    }
    return {"course": written}


def _course_in(contents: Contents) -> Course | None:
    """Only who may know it gets the course, which tells every status there ever was."""
    audience = contents.state.audience
    return contents.additions.course if audience is None or audience.knows_course else None


def _ids(contents: Contents) -> dict[str, pd.Series]:
    ids = {"segments": contents.state.segments["segment_id"]}
    return ids | {name: contents.targets["target_id"].iloc[rows] for name, rows in contents.populations.items()}


def _by_layer(contents: Contents, course: Course) -> dict[str, Steps]:
    """Return the steps of each layer's rows and the row of each, row after row and day after day."""
    told, entity = course.steps[["entity_id", "valid_on", "status", "reason"]], course.steps["entity"]
    own = {name: told[equals(entity, name)] for name in ("segment", "target")}
    found = {}
    for name, ids in _ids(contents).items():
        steps = own["segment" if name == "segments" else "target"]
        row = _places(steps["entity_id"], ids)
        order = np.argsort(row, kind="stable")[(row < 0).sum() :]
        found[name] = steps.iloc[order], row[order]
    return found


def _places(wanted: pd.Series, ids: pd.Series) -> Integers:
    """Return where each identifier stands among others, -1 where it does not."""
    asked, known = (column(values).cast(pa.large_string()) for values in (wanted, ids))
    places: Integers = pc.fill_null(pc.index_in(asked, value_set=known), -1).to_numpy().astype(np.int64)
    return places


def _packed(name: str, steps: pd.DataFrame, rows: Integers, count: int) -> dict[str, Any]:
    """Write how many steps each row has, its first day beside that of the row before, and the days between steps."""
    days, sizes = day_numbers(steps["valid_on"]), np.bincount(rows, minlength=count).astype(np.int64)
    begins = _begins(rows)
    between = np.delete(np.diff(days, prepend=0), begins)
    status = _numbered(steps["status"], [rung.key for rung in ladder_of(_LADDERS[name])])
    reason = _numbered(steps["reason"], list(REASONS))
    at = np.flatnonzero(reason)
    return {
        "sizes": pack_short(sizes),
        "first": pack(zigzag(np.diff(days[begins], prepend=0))),
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


def _millimetres(contents: Contents) -> str:
    """Write what the lengths of segments lack to the millimetre, so that sums of any day are those of the legend."""
    metres = np.nan_to_num(numbers(contents.state.segments["length_m"]))
    shown = np.rint(metres * 10).astype(np.int64) * 100
    return pack(zigzag(np.rint(metres * 1000).astype(np.int64) - shown))


def _figures(contents: Contents, course: Course, days: tuple[int, int]) -> pd.DataFrame:
    """Count every day; „erreicht“ by distance follows from no status."""
    figures = figures_over_time(contents.state, course.steps, _joined_on(contents), days)
    as_reported = contents.state.project.definitions.passed == PassedDefinition.OWN_SIDE
    return figures if as_reported else figures.drop(columns="passed")


def _curve(figures: pd.DataFrame, delivered: list[int]) -> dict[str, Any]:
    """
    Draw the shares of what was reached and connected, a unit to the right for each day and a hundred down from `full`.

    A path begins where there is something to be part of, and has a place for each day on which its height changes; each
    delivery has a tick.
    """
    whole = figures["whole"].to_numpy()
    shares = {name: figures[name].to_numpy() / np.maximum(whole, 1) for name in _DRAWN if name in figures}
    most = max(float(share.max()) for share in shares.values())
    full = next(share for share in _FULL if share >= most)
    paths = {name: _path(np.where(whole > 0, 100 - 100 * share / full, np.nan)) for name, share in shares.items()}
    ticks = "".join(f"M{day} 100v-9" for day in delivered)
    return {"full": wording.percent(full, 1, 0), "lines": {"tick": ticks, **paths, "now": ""}}


def _path(heights: NDArray[np.float64]) -> str:
    heights = heights.round(1)
    turns = np.append(np.flatnonzero(heights != np.append(np.nan, heights[:-1])), len(heights) - 1)
    places = (f"{day} {heights[day]:g}" for day in np.unique(turns).tolist() if heights[day] >= 0)
    return "".join(f"{'L' if number else 'M'}{place}" for number, place in enumerate(places))


def _joined_on(contents: Contents) -> Integers:
    """Return since when each funded connection is counted: in a phase, since its district belongs to that."""
    if contents.scope.phase is None:
        return np.full(len(contents.funded), 0)
    member, own = _memberships(contents), contents.scope.phase.id
    begun = (member["phase_id"] == own) & (member.groupby("district_id")["phase_id"].shift() != own).fillna(value=True)
    ours = member[begun].drop_duplicates("district_id", keep="last")
    since = pd.Series(day_numbers(ours["from_date"]), index=ours["district_id"])
    joined = since.reindex(contents.funded["district_id"])
    return joined.fillna(_NEVER).to_numpy(dtype=np.int64)


def _stops(course: Course, first: int, last: int) -> list[tuple[str, list[int]]]:
    """List the days a step goes to: those of the deliveries, the ends of months, and every seventh before the last."""
    days = range(first, last + 1)
    months = [day for day in days if np.datetime64(day + 1, "D").item().day == 1]
    deliveries = [day for day in map(_number, map(pd.Timestamp, course.days)) if day >= first]
    weeks = [day for day in days if (last - day) % _WEEK == 0]
    return [("Lieferung", sorted({*deliveries, last})), ("Monat", sorted({*months, last})), ("Woche", weeks)]


def _ladder(layer: str) -> list[tuple[str, str, bool]]:
    """List label, class, and whether a rung stands on the ladder proper; the first is what has no data."""
    styles: tuple[LineStyle | PointStyle, ...] = SEGMENT_STYLES if layer == "segments" else TARGET_STYLES
    classes = {rung: style.key for style in styles for rung in style.rungs}
    known = [(rung.label, classes[rung.key], not rung.side) for rung in ladder_of(layer)]
    return [(NO_DATA_LABEL, NO_DATA, False), *known]


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
    return int(day_numbers(member.loc[left, "from_date"]).max(initial=0))


def _unsettled(contents: Contents, course: Course) -> dict[str, str]:
    """List the rows whose place at the trench holds only for the Stichtag, each as the step from the one before."""
    found = {}
    for name, rows in contents.populations.items():
        ids = contents.targets["target_id"].iloc[rows]
        found[name] = pack(np.diff(np.flatnonzero(ids.isin(course.unsettled)), prepend=0))
    return found


def _number(day: pd.Timestamp) -> int:
    return (day - pd.Timestamp(0)).days
