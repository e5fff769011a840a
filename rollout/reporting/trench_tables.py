"""The tables of lengths, and of what is blocked, refused or dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from rollout.analysis.progress import CABLE, MEASURES
from rollout.analysis.sums import Record, exact_sum
from rollout.reporting.arrange import TOTAL, Places, Population, arranged, clean, records
from rollout.reporting.definitions import column
from rollout.reporting.report import Cell, Column, Row, RowKind, Share
from rollout.vocabulary import BLOCKED, DROPPED, REASONS, REFUSED, SEGMENT_KIND_LABELS, Drive, Level, SegmentKind
from rollout.wording import length

if TYPE_CHECKING:
    from collections.abc import Iterable

MEASURE_LABELS: dict[str, str] = {**SEGMENT_KIND_LABELS, CABLE: "Kabel"}

NO_REASON = "ohne Angabe eines Grundes"

WITHHELD = "nicht enthalten"

_STOPPED_NOUNS: dict[str, str] = {
    SegmentKind.NEW_DUCT: "Leerrohr",
    SegmentKind.CO_USED: "Mitnutzung",
    Drive.FUNDED: "Anschluss",
    Drive.EXTENDED: "Vortrieb",
}

_STOPPED_WORDS = {BLOCKED: "gesperrt", REFUSED: "abgelehnt", DROPPED: "entfallen"}

_PLACE = ("programme_id", "phase_id", "district_id")
_LENGTHS = ("planned_m", "done_m", "accepted_m", "no_data_m")


def trench_columns(level: Level) -> tuple[Column, ...]:
    """
    Return the columns of the table of lengths.

    Parameters
    ----------
    level
        What the rows are; it names the first column.

    Returns
    -------
    columns
        Place, then planned, done, share and accepted for each of the three lengths.
    """
    columns = [column(level.value)]
    for measure in MEASURES:
        group = MEASURE_LABELS[measure]
        columns += [
            column(f"{measure}_planned", of="planned_m", group=group),
            column(f"{measure}_done", of=f"done_{measure}", group=group),
            column(f"{measure}_share", of="done_share", group=group),
            column(f"{measure}_accepted", of="accepted_m", group=group),
        ]
    return tuple(columns)


def side_by_side(trenches: pd.DataFrame) -> pd.DataFrame:
    """
    Lay the three lengths of a place side by side, so that one row is one place and none is added to another.

    Parameters
    ----------
    trenches
        Rows of `trench_progress`.

    Returns
    -------
    rows
        `programme_id`, `phase_id`, `district_id`, and metres `{measure}_planned_m`, `…_done_m`,
        `…_accepted_m`, `…_no_data_m`.
    """
    is_of = {measure: (trenches["measure"] == measure).to_numpy(dtype=bool) for measure in MEASURES}
    metres = {
        f"{measure}_{name}": np.where(is_of[measure], trenches[name].to_numpy(), 0.0)
        for measure in MEASURES
        for name in _LENGTHS
    }
    return pd.DataFrame({**{key: trenches[key] for key in _PLACE}, **metres})


def trench_rows(population: Population, places: Places, level: Level) -> tuple[Row, ...]:
    """
    Return one row per place with its three lengths side by side.

    Parameters
    ----------
    population
        Sums of `side_by_side` for one programme.
    places
        Names and order.
    level
        What the rows are.

    Returns
    -------
    rows
        In the order of the table; no rows where the programme has no trench.
    """
    if population.total is None:
        return ()
    lines = arranged(population, places, level)
    return tuple(Row(line.kind, (line.label, *_lengths(line.sums)), line.group) for line in lines)


def without_status(population: Population) -> str:
    """
    Say which metres have no status.

    Parameters
    ----------
    population
        Sums of `side_by_side` for one programme.

    Returns
    -------
    sentence
        Each length on its own; empty where every segment has a status.
    """
    total = population.total or {}
    sums = {measure: total.get(f"{measure}_no_data_m", 0.0) for measure in MEASURES}
    named = [f"{length(metres)} {MEASURE_LABELS[measure]}" for measure, metres in sums.items() if metres > 0]
    return f"Ohne Angabe zum Stand und daher nicht als gebaut gezählt: {', '.join(named)}." if named else ""


def stopped_columns() -> tuple[Column, ...]:
    """
    Return the columns of the table of what does not go on.

    Returns
    -------
    columns
        What, where, why, how many, how long, since when.
    """
    keys = ("what", "district", "reason", "count")
    return (*map(column, keys), column("length", of="stopped_m"), column("since"))


def stopped_rows(stopped: pd.DataFrame, places: Places) -> tuple[Row, ...]:
    """
    Return what is blocked, refused or dropped by place and reason, with a total for each kind.

    Parameters
    ----------
    stopped
        Rows of `blocked` for one programme.
    places
        Names and order.

    Returns
    -------
    rows
        Body rows under their phase, then one total per kind; kinds are never added to each other.
    """
    ordered = sorted(
        records(stopped),
        key=lambda one: (places.order(one)[:2], _what_order(one), places.order(one), one["reason"] or ""),
    )
    body = [_stopped_row(record, places) for record in ordered]
    return (*body, *_stopped_totals(ordered))


def _lengths(values: Record) -> Iterable[Cell]:
    for measure in MEASURES:
        planned, done, accepted = (float(values[f"{measure}_{name}"]) for name in _LENGTHS[:3])
        yield from (planned, done, Share(done, planned), accepted)


def _what(record: Record) -> str:
    noun = _STOPPED_NOUNS.get(record["kind"], clean(record["kind"]))
    return f"{noun} {_STOPPED_WORDS[record['status']]}"


def _what_order(record: Record) -> tuple[int, int, str]:
    nouns = list(_STOPPED_NOUNS)
    place = nouns.index(record["kind"]) if record["kind"] in nouns else len(nouns)
    return (list(_STOPPED_WORDS).index(record["status"]), place, record["kind"])


def _stopped_row(record: Record, places: Places) -> Row:
    group = places.phase(record["phase_id"]) if places.has_phases else ""
    district = places.district(record["district_id"], record["phase_id"])
    reason = record["reason"]
    unsaid = NO_REASON if places.state.gives(record["layer"], "reason") else WITHHELD
    said = unsaid if reason is None else REASONS.get(reason, clean(reason))
    return Row(RowKind.BODY, (_what(record), district, said, *_figures([record])), group)


def _stopped_totals(ordered: list[Record]) -> list[Row]:
    kinds = sorted({_what_order(record): _what(record) for record in ordered}.items())
    return [
        Row(
            RowKind.TOTAL,
            (what, TOTAL, "", *_figures([one for one in ordered if _what_order(one) == order])),
        )
        for order, what in kinds
    ]


def _figures(stopped: list[Record]) -> tuple[Cell, ...]:
    metres = None if stopped[0]["layer"] == "targets" else exact_sum(one["length_m"] for one in stopped)
    since = [one["since"] for one in stopped if one["since"] is not None]
    return sum(one["count"] for one in stopped), metres, pd.Timestamp(min(since)).date() if since else None
