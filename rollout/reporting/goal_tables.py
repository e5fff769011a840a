"""The tables of goals: what must be reached, what the layers hold, and where every connection stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rollout.analysis.goals import BINS
from rollout.project import GoalMeasure
from rollout.reporting.arrange import clean
from rollout.reporting.definitions import column
from rollout.reporting.report import Cell, Column, Row, RowKind
from rollout.vocabulary import CATEGORY_LABELS, DRIVE_LABELS, SEGMENT_KIND_LABELS, Drive, SegmentKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rollout.analysis.sums import Record
    from rollout.project import Project

_LENGTH_LABELS = {
    GoalMeasure.NEW_DUCT_KM: SEGMENT_KIND_LABELS[SegmentKind.NEW_DUCT],
    GoalMeasure.CO_USED_KM: SEGMENT_KIND_LABELS[SegmentKind.CO_USED],
    GoalMeasure.CABLE_KM: "Kabel",
}


def goal_columns() -> tuple[Column, ...]:
    """
    Return the columns of the table of goals.

    Returns
    -------
    columns
        Programme, goal, value, held, difference, met, and where the value comes from.
    """
    keys = ("goal", "value", "held", "difference", "unit", "met")
    return (*map(column, keys), column("as_of", of="goal_as_of"), column("source"))


def goal_rows(goals: list[Record], project: Project) -> tuple[Row, ...]:
    """
    Return one row per goal, under its programme.

    Parameters
    ----------
    goals
        Records of what `reconcile_goals` returns.
    project
        Names of programmes.

    Returns
    -------
    rows
        In the project's order of programmes.
    """
    return tuple(Row(RowKind.BODY, _goal_cells(goal), group) for group, goal in _grouped(goals, project))


def bin_columns() -> tuple[Column, ...]:
    """
    Return the columns of the table that says where every connection stands.

    Returns
    -------
    columns
        Goal, all connections listed, and the bins that add up to them.
    """
    return (column("goal"), column("listed"), *map(column, BINS))


def bin_rows(goals: list[Record], project: Project) -> tuple[Row, ...]:
    """
    Return one row per goal that counts connections, split into exclusive bins.

    Parameters
    ----------
    goals
        Records of what `reconcile_goals` returns.
    project
        Names of programmes.

    Returns
    -------
    rows
        In the project's order of programmes.
    """
    counting = [(group, goal) for group, goal in _grouped(goals, project) if goal["measure"] == GoalMeasure.TARGETS]
    splits = [(group, _goal_name(goal), [goal[name] for name in BINS]) for group, goal in counting]
    return tuple(Row(RowKind.BODY, (name, sum(split), *split), group) for group, name, split in splits)


def _grouped(goals: list[Record], project: Project) -> Iterator[tuple[str, Record]]:
    """Yield every goal under the name of its programme."""
    for programme in project.programmes:
        yield from ((clean(programme.name), goal) for goal in goals if goal["programme_id"] == programme.id)


def _goal_cells(goal: Record) -> tuple[Cell, ...]:
    counts = goal["measure"] == GoalMeasure.TARGETS
    figures = [_quantity(goal[key], whole=counts) for key in ("value", "held", "difference")]
    unit, met = "Anschlüsse" if counts else "km", "ja" if goal["met"] else "nein"
    return (_goal_name(goal), *figures, unit, met, goal["as_of"], clean(goal["source"]))


def _quantity(value: float, *, whole: bool) -> Cell:
    return round(value) if whole and float(value).is_integer() else float(value)


def _goal_name(goal: Record) -> str:
    if goal["measure"] != GoalMeasure.TARGETS:
        name = _LENGTH_LABELS[GoalMeasure(goal["measure"])]
    else:
        name = CATEGORY_LABELS[goal["category"]] if goal["category"] else "alle Kategorien"
        name += "" if goal["drive"] == Drive.FUNDED else f" ({DRIVE_LABELS[goal['drive']]})"
    return f"{name}: {', '.join(map(clean, goal['districts']))}" if goal["districts"] else name
