"""The tables of connections: by district, by category, and the extended drive as a population of its own."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rollout.reporting.arrange import Line, Places, Population, arranged
from rollout.reporting.definitions import PASSED, column
from rollout.reporting.report import Cell, Column, Row, Share
from rollout.vocabulary import Milestone

if TYPE_CHECKING:
    from rollout.analysis.sums import Record
    from rollout.project import PassedDefinition
    from rollout.vocabulary import Level

_SIDE = ("refused", "no_data", "dropped")


def target_columns(level: Level, passed: PassedDefinition, *, by_category: bool = False) -> tuple[Column, ...]:
    """
    Return the columns of a table of connections.

    Parameters
    ----------
    level
        What the rows are; it names the first column.
    passed
        The rule by which a connection is passed; it stands in the column's definition.
    by_category
        Whether a row is one category; the states beside the ladder are left out then.

    Returns
    -------
    columns
        Place, base, four milestones as reported, what is reachable as computed, and the states beside the ladder.
    """
    head = [column(level.value)] + ([column("category")] if by_category else [])
    ladder = [column(step.value) for step in Milestone]
    definition = f"{ladder[0].definition} Regel: {PASSED[passed].text}"
    ladder[0] = replace(ladder[0], definition=definition)
    side = [] if by_category else [column(key) for key in _SIDE]
    return (*head, column("counted"), *ladder, column("reachable"), *side)


def target_rows(population: Population, places: Places, level: Level) -> tuple[Row, ...]:
    """
    Return one row per place, with subtotals and the total.

    Parameters
    ----------
    population
        Sums of `district_progress` for one programme and one drive.
    places
        Names and order.
    level
        What the rows are.

    Returns
    -------
    rows
        In the order of the table; a district of a phase that has no connection stands with none. No rows
        where the population is empty.
    """
    if population.total is None:
        return ()
    lines = arranged(population, places, level)
    return tuple(_row(line, (line.label,), [line.sums[key] for key in _SIDE]) for line in lines)


def category_rows(population: Population, places: Places, level: Level) -> tuple[Row, ...]:
    """
    Return one row per place and category, with totals by category and over all.

    Parameters
    ----------
    population
        Sums of `district_progress` for one programme and one drive.
    places
        Names and order.
    level
        What the rows are.

    Returns
    -------
    rows
        In the order of the table.
    """
    if population.total is None:
        return ()
    lines = arranged(population, places, level, by_category=True)
    return tuple(_row(line, (line.label, line.category), []) for line in lines)


def _row(line: Line, head: tuple[str, ...], side: list[Cell]) -> Row:
    return Row(line.kind, (*head, line.sums["counted"], *_ladder(line.sums), *side), line.group)


def _ladder(values: Record) -> list[Cell]:
    return [Share(values[key], values["counted"]) for key in (*Milestone, "reachable")]
