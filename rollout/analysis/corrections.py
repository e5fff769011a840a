"""What partners proposed beside what is known now: has it changed since, and how far apart are the places."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from rollout.crs import METRIC_CRS, PAGE_CRS
from rollout.marks import ENTITIES, Kind, Outcome, told

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rollout.audiences import Audience

MOVED_M = 1.0
"""A place nearer than this to another is the same: pages round to a tenth of it."""

OPEN, WITHDRAWN = "open", "withdrawn"
"""Where a proposal stands beside `Outcome`: still to be decided, or its file is withdrawn."""


def compared(
    proposals: pd.DataFrame,
    statuses: pd.DataFrame,
    layers: Mapping[str, gpd.GeoDataFrame],
    audiences: Mapping[str, Audience],
) -> pd.DataFrame:
    """
    Put proposals beside what is known now.

    Parameters
    ----------
    proposals
        As `history.proposals` has them, with `audience`.
    statuses
        As `history.statuses` has them, for today.
    layers
        `segments` and `targets`, in `METRIC_CRS`.
    audiences
        Key → audience. What an audience is told in place of the state is no change of it.

    Returns
    -------
    proposals
        The same rows with `what` (address, or street of a segment), `status_now`, `since_now`, `x_now`, `y_now`, `x`,
        `y` (where it lies and where it is proposed to, metres in `METRIC_CRS`, NaN for other kinds), `distance_m`,
        `has_changed` (whether what the page said no longer holds) and `standing` (`open`, `accepted`, `rejected`,
        `withdrawn`).
    """
    now = statuses[["entity", "entity_id", "status", "status_since"]]
    now = now.rename(columns={"status": "status_now", "status_since": "since_now"})
    named = pd.concat([_named(layers[layer], entity) for entity, layer in ENTITIES.items()])
    rows = proposals.merge(now, "left", ["entity", "entity_id"], validate="many_to_one")
    rows = rows.merge(named, "left", ["entity", "entity_id"], validate="many_to_one")
    is_place = (rows["kind"] == Kind.PLACE).to_numpy(dtype=bool)
    for name in ("x_now", "y_now"):
        rows[name] = rows[name].where(is_place)
    rows[["x", "y"]] = _metres(rows["lon"], rows["lat"])
    return rows.assign(
        distance_m=np.hypot(rows["x"] - rows["x_now"], rows["y"] - rows["y_now"]),
        has_changed=np.where(is_place, _has_moved(rows, audiences), _has_other_status(rows, audiences)),
        standing=_standing(rows),
    )


def to_change(proposals: pd.DataFrame) -> pd.DataFrame:
    """
    Keep the accepted places that the project's layer does not show yet.

    Parameters
    ----------
    proposals
        As `compared` returns them.

    Returns
    -------
    proposals
        Those to be changed in the plan; once the layer has the new place a row is no longer among them.
    """
    accepted = (proposals["standing"] == Outcome.ACCEPTED) & (proposals["kind"] == Kind.PLACE)
    far = ~(proposals["distance_m"] < MOVED_M)
    return proposals[(accepted & far).astype(bool)].reset_index(drop=True)


def _named(rows: gpd.GeoDataFrame, entity: str) -> pd.DataFrame:
    parts = [rows[name].fillna("") for name in ("street", "house_number") if name in rows]
    what = parts[0].str.cat(parts[1:], sep=" ").str.strip() if parts else pd.Series("", rows.index, dtype="string")
    points = rows.geometry.to_numpy() if entity == "target" else shapely.centroid(rows.geometry.to_numpy())
    return pd.DataFrame(
        {
            "entity": pd.Series(entity, rows.index, dtype="string"),
            "entity_id": rows[f"{entity}_id"],
            "what": what,
            "x_now": shapely.get_x(points),
            "y_now": shapely.get_y(points),
        }
    )


def _metres(lon: pd.Series[float], lat: pd.Series[float]) -> Any:  # noqa: ANN401 - an array of two columns
    points = gpd.GeoSeries(gpd.points_from_xy(lon, lat), crs=PAGE_CRS).to_crs(METRIC_CRS)
    places = np.column_stack([points.x, points.y]) if len(points) else np.zeros((0, 2))
    return np.where(np.isfinite(places), places, np.nan)


def _has_moved(rows: pd.DataFrame, audiences: Mapping[str, Audience]) -> Any:  # noqa: ANN401 - an array of bool
    said = _metres(rows["said_lon"], rows["said_lat"])
    rounded = rows["audience"].map({name: audience.precision_m for name, audience in audiences.items()})
    apart = np.hypot(said[:, 0] - rows["x_now"], said[:, 1] - rows["y_now"])
    return (apart > MOVED_M + rounded.astype("float64").fillna(0.0)).to_numpy(dtype=bool)


def _has_other_status(rows: pd.DataFrame, audiences: Mapping[str, Audience]) -> list[bool]:
    """Compare status; where only the day is proposed to be another one, the day too."""
    names = ["entity", "audience", "kind", "said_status", "said_since", "status", "status_now", "since_now"]
    plain = rows[names].astype(object).where(rows[names].notna(), None)
    return [
        kind == Kind.STATUS
        and (_told(entity, now, audiences.get(audience)) != said or (said == status and day != since))
        for entity, audience, kind, said, day, status, now, since in plain.itertuples(index=False)
    ]


def _told(entity: str, status: str | None, audience: Audience | None) -> str | None:
    return None if status is None else told(status, ENTITIES[entity], audience)


def _standing(rows: pd.DataFrame) -> pd.Series[str]:
    unsettled = pd.Series(np.where(rows["withdrawn"], WITHDRAWN, OPEN), rows.index, dtype="string")
    return rows["verdict"].fillna(unsettled)
