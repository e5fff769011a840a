"""What is true on one day: the layers placed in districts and phases, ready to be counted and drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from rollout.vocabulary import ladder_of

if TYPE_CHECKING:
    import datetime as dt

    import geopandas as gpd
    import pandas as pd

    from rollout.audiences import Audience, SharedLayer
    from rollout.project import Project


@dataclass(frozen=True, slots=True)
class State:
    """
    The whole programme as of one day. All frames are in `METRIC_CRS` with the dtypes of `schema`.

    Attributes
    ----------
    project
        What the project file says.
    as_of
        The Stichtag.
    districts
        One row per district, sorted by `district_id`.
    phase_districts
        One row per phase and district: `phase_id`, `programme_id`, `district_id`, `from_date`, `extent`.
    nodes
        One row per node, plus `district_id`, `joined`, `pop_id` and `feed_m` (see `analysis.reach`).
    segments
        One row per segment, as in the layer, plus `length_m` (grid metres), `height` (Int64, how far
        the segment stands on the ladder; a blocked one as before it was blocked; <NA> without data,
        -1 when dropped), `reached` and `island_id` (see `analysis.reach`).
    pieces
        One row per segment and district: `segment_id`, `district_id` (<NA> outside every district),
        `length_m`, `cable_m`, and the segment's `programme_id`, `phase_id`, `kind`, `status`, `reason`,
        `height`. The parts add up to the segment.
    targets
        One row per target, as in the layer, plus `district_id` (by place, <NA> outside), `phase_id`
        (by district and date), `height` (Int64), `segment_id`, `drop_m`, `along_m`, `foot` and `near_built_m` (where
        it hangs on the trench, see `analysis.drops`), `reachable`, `cable_reachable`, `node_id` and `route_m` (see
        `analysis.reach`), and `contradiction` (a `Contradiction`, where the built network contradicts the report).
    base
        The layers of the base map that the project has: those of `schema.BASE_MAP`, the pieces of each of
        its `streets` joined.
    known_at
        As known on which day; None for all that is known.
    sources
        The youngest delivery of each partner that counts, in order of the partners: `sender`, `file_name`,
        `state_on`, `recorded_at`, `delivery_id`. None where the layers themselves carry the status.
    audience
        For whom the state was cut down (see `sharing.redaction`); None where it holds all that is known. What is
        withheld is missing in the frames, and a flag of reach is False there; `gives` and `knows_network` tell it
        from what is unknown.
    """

    project: Project
    as_of: dt.date
    districts: gpd.GeoDataFrame
    phase_districts: pd.DataFrame
    nodes: gpd.GeoDataFrame
    segments: gpd.GeoDataFrame
    pieces: pd.DataFrame
    targets: gpd.GeoDataFrame
    base: dict[str, gpd.GeoDataFrame]
    known_at: dt.date | None = None
    sources: pd.DataFrame | None = None
    audience: Audience | None = None

    def gives(self, layer: SharedLayer, column: str | None = None) -> bool:
        """Tell whether the state may hold a layer at all, or one column of it."""
        return self.audience is None or self.audience.gives(layer, column)

    def words(self, layer: SharedLayer) -> frozenset[str]:
        """Return the statuses that rows of a layer may have."""
        every = frozenset(rung.key for rung in ladder_of(layer)) if layer != "nodes" else frozenset()
        return every if self.audience is None else self.audience.words(layer)

    def counts_all(self, layer: Literal["segments", "targets"]) -> bool:
        """Tell whether every row of a layer is there, so that counts are those of the programme."""
        return self.audience is None or self.audience.counts_all(layer)

    def tells(self, layer: Literal["segments", "targets"], height: int) -> bool:
        """Tell whether a row that stands this high on its ladder, or higher, can be told from a lower one."""
        return any(rung.key in self.words(layer) for rung in ladder_of(layer) if rung.height >= height)

    @property
    def knows_network(self) -> bool:
        """Whether the state holds what is computed of reach and drops."""
        return self.audience is None or self.audience.knows_network

    @property
    def delivered(self) -> list[tuple[str, dt.date]]:
        """Each partner and the day its youngest delivery is true for; none where the layers carry the status."""
        if self.sources is None:
            return []
        days = (day.date() for day in self.sources["state_on"])
        return list(zip(self.sources["sender"], days, strict=True))
