"""From faultless layers to a state: everything in its district, phase and place at the trench, as of one day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from rollout.analysis import ladder, places
from rollout.analysis.contradictions import kinds_of
from rollout.analysis.drops import attach_targets
from rollout.analysis.names import match_districts
from rollout.analysis.reach import with_reach
from rollout.analysis.state import State
from rollout.errors import ProjectError
from rollout.once import once_each
from rollout.schema import BASE_MAP

if TYPE_CHECKING:
    import datetime as dt

    import geopandas as gpd

    from rollout.project import Project


def place(layers: dict[str, gpd.GeoDataFrame], project: Project, day: dt.date) -> State:
    """
    Place faultless layers in districts and phases, as of one day.

    Parameters
    ----------
    layers
        Name → rows as `check` returns them, without errors.
    project
        What the project file says.
    day
        The Stichtag.

    Returns
    -------
    state
        Every frame in `METRIC_CRS`.
    """
    districts = _in_order(layers["districts"])
    memberships = phase_districts(project, districts)
    base = _base(layers)
    targets = _placed(ladder.as_of(layers["targets"], day), districts, places.phases_on(memberships, day))
    segments = _measured(ladder.as_of(layers["segments"], day))
    limit_m = project.definitions.drop_limit_m
    targets = targets.join(attach_targets(targets, segments, base.get("streets"), limit_m=limit_m))
    nodes = layers["nodes"].assign(district_id=places.assign_district(layers["nodes"], districts))
    segments, targets, nodes = with_reach(segments, targets, nodes, project.definitions)
    targets = targets.assign(contradiction=pd.Series(kinds_of(targets), index=targets.index, dtype="string"))
    return State(
        project=project,
        as_of=day,
        districts=districts,
        phase_districts=memberships,
        nodes=nodes,
        segments=segments,
        pieces=_pieces(segments, districts),
        targets=targets,
        base=base,
    )


def phase_districts(project: Project, districts: gpd.GeoDataFrame) -> pd.DataFrame:
    """
    Return which districts the project file puts in which phase, with the districts' ids.

    Parameters
    ----------
    project
        What the project file says; spellings in `district_variants` are accepted.
    districts
        With `district_id` and `name`.

    Returns
    -------
    memberships
        One row per phase and district: `programme_id`, `phase_id`, `district_id`, `from_date`, `extent`.

    Raises
    ------
    ProjectError
        If a phase names a district that the layer does not have.
    """
    rows = [
        (phase.programme, phase.id, part.district, pd.Timestamp(part.from_date), str(part.extent))
        for phase in project.phases
        for part in phase.districts
    ]
    memberships = pd.DataFrame(rows, columns=["programme_id", "phase_id", "district", "from_date", "extent"])
    names = memberships.pop("district").astype("string")
    memberships["district_id"] = match_districts(names, districts, project.district_variants)
    unknown = names[memberships["district_id"].isna()]
    if len(unknown):
        msg = f"phases: unbekannter Stadtteil '{unknown.iloc[0]}'"
        raise ProjectError(
            msg, "Schreiben Sie ihn wie in der Ebene 'districts', oder ergänzen Sie [district_variants]."
        )
    return memberships.astype({"programme_id": "string", "phase_id": "string", "extent": "string"})


def _base(layers: dict[str, gpd.GeoDataFrame]) -> dict[str, gpd.GeoDataFrame]:
    base = {name: layers[name] for name in BASE_MAP if name in layers}
    return {**base, "streets": _joined(base["streets"])} if "streets" in base else base


@once_each
def _in_order(districts: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return districts.sort_values("district_id", ignore_index=True)


@once_each
def _joined(streets: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return places.join_streets(streets)


def _measured(segments: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return segments.assign(length_m=segments.length, height=ladder.heights(segments, "segments"))


_PIECE_COLUMNS = ["segment_id", "programme_id", "phase_id", "kind", "status", "status_since", "reason", "height"]


def _pieces(segments: gpd.GeoDataFrame, districts: gpd.GeoDataFrame) -> pd.DataFrame:
    parts = places.split_by_district(segments, districts)
    facts = pd.DataFrame(segments[[*_PIECE_COLUMNS, "length_m", "cable_length_m"]])
    facts = facts.rename(columns={"length_m": "whole_m"})
    pieces = parts.merge(facts, on="segment_id", validate="many_to_one")
    fraction = pieces["length_m"] / pieces.pop("whole_m")
    return pieces.assign(cable_m=pieces.pop("cable_length_m").fillna(0.0) * fraction)


def _placed(targets: gpd.GeoDataFrame, districts: gpd.GeoDataFrame, phases: pd.DataFrame) -> gpd.GeoDataFrame:
    placed = targets.assign(district_id=places.assign_district(targets, districts))
    placed["phase_id"] = places.assign_phase(placed, phases)
    placed["height"] = ladder.heights(placed, "targets")
    return placed
