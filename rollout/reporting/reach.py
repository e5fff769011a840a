"""The report of reach: what built segments join to a node, and every place where that and the reports disagree."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from rollout.analysis.bridges import single_paths
from rollout.analysis.contradictions import contradictions, house_first
from rollout.analysis.islands import islands
from rollout.analysis.network import join_segments
from rollout.analysis.progress import district_progress
from rollout.analysis.reach import alive
from rollout.reporting import definitions as said
from rollout.reporting.arrange import Places, Population, Sums, arranged, clean, records
from rollout.reporting.definitions import column
from rollout.reporting.describe import SAMPLE_NOTE, sources_of, subtitle
from rollout.reporting.reach_tables import (
    DOUBTS,
    DOUBTS_WITH_SOURCES,
    HOUSES,
    ISLANDS,
    JOINS,
    NODES,
    SINGLE_PATHS,
    listed,
)
from rollout.reporting.report import Column, Kind, Report, Row, Section, Share
from rollout.vocabulary import Drive, Level
from rollout.wording import date, number

if TYPE_CHECKING:
    from rollout.analysis.state import State

_REACH_INTRO = (
    "Gemeldet und berechnet nebeneinander. Berechnet erreichbar ist, was gebaute Trassen lückenlos mit einem "
    "Netzknoten verbinden; die Meldung wird dabei nicht verwendet und nie überschrieben."
)
_MOST = 20
"""Segments without a second way are listed up to this many; the rest cuts off fewer connections."""


def reach_report(state: State, by: Level = Level.DISTRICT, told: pd.DataFrame | None = None) -> Report:
    """
    Describe the report of reach.

    Parameters
    ----------
    state
        The programme on one day.
    by
        Rows of the first table.
    told
        Which delivery each status came from: `entity` (`segment`, `target`), `entity_id`, `file_name`, `row`;
        None where the layers carry the status.

    Returns
    -------
    report
        Reach by place, contradictions, islands, houses before their trench, segments without a second way, nodes, and
        joins over a gap; for the first programme, and apart for every other one whatever it has.
    """
    first, *others = (programme.id for programme in state.project.programmes)
    sections = list(_sections(state, first, by, told))
    for programme_id in others:
        sections += [_apart(one, programme_id) for one in _sections(state, programme_id, by, told) if one.rows]
    return Report(clean(state.project.name), subtitle(state), state.as_of, state.project.sample, tuple(sections))


def _apart(section: Section, programme_id: str) -> Section:
    return replace(section, key=f"{programme_id}-{section.key}", short=f"{section.short} {programme_id}")


def _sections(state: State, programme_id: str, by: Level, told: pd.DataFrame | None) -> list[Section]:
    places = Places(state, programme_id)
    doubts = contradictions(state)
    tables = {
        **({DOUBTS: doubts} if told is None else {DOUBTS_WITH_SOURCES: _with_sources(doubts, told)}),
        ISLANDS: _by_phase(islands(state), places),
        HOUSES: _by_phase(house_first(state), places),
        SINGLE_PATHS: _named(state, single_paths(state, programme_id).head(_MOST), programme_id),
        NODES: _serving(state, programme_id),
        JOINS: _joins(state, programme_id),
    }
    footer = _footer(state)
    lists = [
        listed(table, records(rows[rows["programme_id"] == programme_id]), places, footer)
        for table, rows in tables.items()
    ]
    return [_reach(state, places, by, footer), *lists]


def _footer(state: State) -> tuple[str, ...]:
    day = f"Stand {date(state.as_of)}."
    said = state.project.definitions
    rule = (
        f"Enden gelten bis {number(said.join_tolerance_m, 2)} m Abstand als verbunden; ein Anschluss hängt an der "
        f"nächsten Trasse seiner Straßenseite, höchstens {number(said.drop_limit_m)} m entfernt."
    )
    return (f"{day} {SAMPLE_NOTE}" if state.project.sample else day, rule, *sources_of(state.project))


def _reach(state: State, places: Places, by: Level, footer: tuple[str, ...]) -> Section:
    group = said.COLUMNS["phase"].label if places.has_phases and by is Level.DISTRICT else ""
    title = f"Erreichbarkeit der geförderten Anschlüsse: {places.name}"
    rows = _reach_rows(state, places, by)
    return Section("erreichbarkeit", "Erreichbarkeit", title, _REACH_INTRO, _reach_columns(by), rows, footer, group)


def _reach_columns(by: Level) -> tuple[Column, ...]:
    return (
        column(by.value),
        column("counted"),
        replace(column("passed"), label="gemeldet erreicht", short="gemeldet"),
        column("reachable"),
        Column(
            "cable_reachable",
            "davon mit Kabel",
            Kind.SHARE,
            "Berechnet erreichbar, und in jedem Abschnitt des Wegs liegt Kabel (ab „Kabel eingeblasen“).",
            "",
            "mit Kabel",
        ),
    )


def _reach_rows(state: State, places: Places, by: Level) -> tuple[Row, ...]:
    cabled = state.targets.assign(reachable=state.targets["cable_reachable"])
    by_cable = district_progress(replace(state, targets=cabled))["reachable"]
    both = district_progress(state).assign(cable_reachable=by_cable)
    population = Population(Sums(both), places.programme_id, Drive.FUNDED)
    lines = () if population.total is None else arranged(population, places, by)
    keys = ("passed", "reachable", "cable_reachable")
    return tuple(
        Row(
            line.kind,
            (line.label, line.sums["counted"], *(Share(line.sums[key], line.sums["counted"]) for key in keys)),
            line.group,
        )
        for line in lines
    )


def _by_phase(rows: pd.DataFrame, places: Places) -> pd.DataFrame:
    """Bring phases into their order; within one the order stays."""
    phases = [None if pd.isna(phase) else str(phase) for phase in rows["phase_id"]]
    order = [places.order({"phase_id": phase})[:2] for phase in phases]
    return rows.iloc[sorted(range(len(rows)), key=order.__getitem__)]


def _with_sources(doubts: pd.DataFrame, told: pd.DataFrame) -> pd.DataFrame:
    """Name the file and row of both sides."""
    named = told["file_name"] + ", Zeile " + told["row"].astype("Int64").astype("string")
    by_id = pd.Series(named.to_numpy(), index=pd.MultiIndex.from_frame(told[["entity", "entity_id"]]))
    sources = {
        f"{entity}_source": by_id.reindex([(entity, id_) for id_ in doubts[f"{entity}_id"]]).to_numpy()
        for entity in ("target", "segment")
    }
    return doubts.assign(**sources)


def _named(state: State, rows: pd.DataFrame, programme_id: str) -> pd.DataFrame:
    """Say where each segment lies: its street, and the district of most of its metres."""
    facts = state.segments[["segment_id", "street", "phase_id", "length_m"]]
    most = state.pieces.sort_values(["length_m", "district_id"], ascending=[False, True]).drop_duplicates("segment_id")
    placed = rows.merge(facts, on="segment_id", how="left")
    placed = placed.merge(most[["segment_id", "district_id"]], on="segment_id", how="left")
    return placed.assign(programme_id=programme_id)


def _serving(state: State, programme_id: str) -> pd.DataFrame:
    """Count what each node serves; a node that serves nothing of the programme is not its node."""
    own = state.targets[(state.targets["programme_id"] == programme_id) & state.targets["reachable"]]
    funded = own["drive"].eq(Drive.FUNDED.value)
    counts = pd.DataFrame({"funded": funded, "extended": ~funded}).astype("int64").groupby(own["node_id"]).sum()
    longest = own.groupby("node_id")["route_m"].max()
    served = counts.assign(longest_m=longest).rename_axis("node_id").reset_index()
    nodes = pd.DataFrame(state.nodes.drop(columns="geometry")).merge(served, on="node_id")
    return nodes.assign(programme_id=programme_id, phase_id=None).sort_values("node_id")


def _joins(state: State, programme_id: str) -> pd.DataFrame:
    nodes = state.nodes.sort_values("node_id")
    tolerance_m = state.project.definitions.join_tolerance_m
    found = join_segments(alive(state.segments, programme_id), nodes, tolerance_m=tolerance_m).joins
    return found.assign(programme_id=programme_id)
