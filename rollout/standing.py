"""Where everything stands, as deliveries reported it: events of the store in place of the layers' own status."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from rollout.analysis.course import Course, unsettled
from rollout.analysis.ladder import heights_over_time
from rollout.errors import InputError
from rollout.history import FILE_NAME, course, deliveries, explain, open_store, statuses
from rollout.schema import LAYERS

if TYPE_CHECKING:
    import datetime as dt

    import geopandas as gpd

    from rollout.analysis.state import State
    from rollout.project import Project

ENTITIES = {"segments": "segment", "targets": "target"}
"""A layer's name → what one of its rows is called in the store."""

_STATUS_COLUMNS = ("status", "status_since", "reason", "status_before")


def as_reported(
    layers: dict[str, gpd.GeoDataFrame], project: Project, day: dt.date, known_at: dt.date | dt.datetime | None
) -> tuple[dict[str, gpd.GeoDataFrame], pd.DataFrame]:
    """
    Give segments and targets the status that deliveries reported for a day.

    Parameters
    ----------
    layers
        Name → rows. Their own status is not looked at: what no delivery speaks of has no data.
    project
        Its store is read.
    day
        The Stichtag.
    known_at
        As known on that day; None for all that is known.

    Returns
    -------
    layers
        The same rows with `status`, `status_since`, `reason` and, for segments, `status_before` of the store.
    sources
        The youngest delivery of each partner that counts: `sender`, `file_name`, `state_on`, `recorded_at`,
        `delivery_id`.

    Raises
    ------
    InputError
        If the store is damaged or of a newer version.
    """
    store = open_store(project.folder / FILE_NAME)
    standing = statuses(store, day, known_at)
    reported = {
        name: _with_status(layers[name], standing[standing["entity"] == entity], name)
        for name, entity in ENTITIES.items()
    }
    received = deliveries(store, known_at)
    counting = received[~received["withdrawn"].astype(bool) & received["delivery_id"].isin(standing["delivery_id"])]
    youngest = counting.sort_values(["sender", "state_on", "recorded_at"]).drop_duplicates("sender", keep="last")
    columns = ["sender", "file_name", "state_on", "recorded_at", "delivery_id"]
    return {**layers, **reported}, youngest[columns].reset_index(drop=True)


def _with_status(rows: gpd.GeoDataFrame, standing: pd.DataFrame, name: str) -> gpd.GeoDataFrame:
    by_id = standing.set_index("entity_id").reindex(rows[LAYERS[name].key])
    columns = [column for column in _STATUS_COLUMNS if column in rows]
    return rows.assign(**{column: by_id[column].astype(rows[column].dtype).set_axis(rows.index) for column in columns})


def sources_of(project: Project, rows: pd.DataFrame, day: dt.date, known_at: dt.date | None = None) -> pd.DataFrame:
    """
    Name the delivery, file and row each status came from.

    Parameters
    ----------
    project
        Its store is read.
    rows
        `entity` and `entity_id`.
    day
        The Stichtag.
    known_at
        As known on that day; None for all that is known.

    Returns
    -------
    rows
        The same rows, with `sender`, `file_name`, `row`, `state_on`, `recorded_at` and `delivery_id`; missing
        where no delivery speaks of the entity.

    Raises
    ------
    InputError
        If the store is damaged or of a newer version.
    """
    store = open_store(project.folder / FILE_NAME)
    said = explain(store, statuses(store, day, known_at))
    columns = ["entity", "entity_id", "sender", "file_name", "row", "state_on", "recorded_at", "delivery_id"]
    return rows.merge(said[columns], on=["entity", "entity_id"], how="left", validate="many_to_one")


def delivery_named(project: Project, name: str) -> tuple[dt.date, dt.datetime]:
    """
    Find a delivery by its identifier.

    Parameters
    ----------
    project
        Its store is read.
    name
        The identifier, or the beginning of it.

    Returns
    -------
    state_on, recorded_at
        The day it is true for, and the moment it was recorded.

    Raises
    ------
    InputError
        If there is no such delivery, or several begin so.
    """
    received = deliveries(open_store(project.folder / FILE_NAME))
    found = received[received["delivery_id"].str.startswith(name)]
    if len(found) != 1:
        msg = f"'{name}' ist weder ein Tag noch {'eine' if found.empty else 'die eindeutige'} Kennung einer Lieferung"
        raise InputError(msg, "Tage schreiben Sie 28.03.2022; die Kennungen zeigt: rollout log")
    row = found.iloc[0]
    return row["state_on"].date(), row["recorded_at"].to_pydatetime()


def course_of(known: State) -> Course | None:
    """
    Tell how everything came to stand where it stands.

    Parameters
    ----------
    known
        The programme on one day; the store of its project is read.

    Returns
    -------
    course
        As known with the state; of every day up to its Stichtag it says what the state of that day says. None where
        the layers themselves carry the status.

    Raises
    ------
    InputError
        If the store is damaged or of a newer version.
    """
    if known.sources is None:
        return None
    store = open_store(known.project.folder / FILE_NAME)
    steps, told = course(store, known.as_of, known.known_at)
    received = deliveries(store, known.known_at)
    counting = received[~received["withdrawn"].astype(bool)]
    days = counting.loc[counting["state_on"] <= pd.Timestamp(known.as_of), "state_on"]
    steps = steps.assign(height=heights_over_time(steps))
    columns = ["entity", "entity_id", "valid_on", "status", "reason", "height"]
    sources = _youngest(counting, told)
    return Course(steps[columns], sources, tuple(sorted(set(days.dt.date))), unsettled(known, steps))


def _youngest(received: pd.DataFrame, told: pd.DataFrame) -> pd.DataFrame:
    """Say from which day on which delivery is the youngest of its sender that has the last word on anything."""
    ordered = received.sort_values(["sender", "state_on", "recorded_at"], ignore_index=True)
    runs = told.merge(ordered.reset_index(names="rank"), on="delivery_id").sort_values("rank")
    first = runs["from_on"].min()
    parts = []
    for sender, own in runs.groupby("sender"):
        best = np.full((own["until_on"].max() - first).days + 2, -1)
        for rank, begin, end in own[["rank", "from_on", "until_on"]].itertuples(index=False):
            best[(begin - first).days : (end - first).days + 1] = rank
        turns = np.flatnonzero(np.diff(best[:-1], prepend=-1))
        from_on, state_on = first + pd.to_timedelta(turns, "D"), ordered["state_on"].reindex(best[turns])
        parts.append(pd.DataFrame({"from_on": from_on, "sender": sender, "state_on": state_on.array}))
    together = pd.concat(parts) if parts else pd.DataFrame(columns=["from_on", "sender", "state_on"])
    return together.sort_values(["from_on", "sender"], ignore_index=True)
