"""What a delivery was and what became of it: the data of the Eingangsprüfung."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt

    import geopandas as gpd
    import pandas as pd

    from rollout.findings import Finding, Rule
    from rollout.intake.arrival import Arrival
    from rollout.intake.mapping import Batch
    from rollout.intake.matching import Directory
    from rollout.project import Partner


@dataclass(frozen=True, slots=True)
class Delivery:
    """
    A file read, and not yet judged.

    Attributes
    ----------
    arrival
        Name, bytes, hash and format.
    sender
        Key of the partner in the project file.
    partner
        What is agreed with the partner.
    batches
        Its rows, one batch per entity.
    crs
        What the file states, e.g. `EPSG:25832`; None for a list without map.
    encoding
        In which its texts were read; None for XLSX, which has one by definition.
    stated_on
        The Stand that the file names outside its rows (title or metadata).
    unread
        Columns that were not looked for and not kept.
    findings
        What the readers noticed.
    faults
        Rows that a reader, or the map, found broken.
    """

    arrival: Arrival
    sender: str
    partner: Partner
    batches: tuple[Batch, ...]
    crs: str | None
    encoding: str | None
    stated_on: dt.date | None
    unread: tuple[str, ...]
    findings: tuple[Finding, ...]
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Fault:
    """
    A row in error before anything is known of its meaning.

    Attributes
    ----------
    entity
        `segments` or `targets`.
    at
        Position in the batch.
    rule
        Which rule it breaks.
    message
        What is wrong, in German.
    """

    entity: str
    at: int
    rule: Rule
    message: str


@dataclass(frozen=True, slots=True)
class Known:
    """
    What the project knows before a delivery.

    Attributes
    ----------
    segments, targets
        The layers, in `METRIC_CRS`; targets may carry `phase_id`, as analysis adds it.
    states
        One row per report that still counts: `entity` (`segment`, `target`), `entity_id`, `status`,
        `status_since`, `reported_by`, `delivery_id`. The latest per object and sender is enough; the
        whole history lets a delivery be judged that belongs into the past.
    directory
        The addresses of the targets, where they are kept for several deliveries; else they are put together anew.
    """

    segments: gpd.GeoDataFrame
    targets: gpd.GeoDataFrame
    states: pd.DataFrame
    directory: Directory | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """
    On which terms a delivery is taken in.

    Attributes
    ----------
    received_on
        The day it came; nothing in it may be later.
    state_on
        The Stand given by hand; goes before what the file says.
    partial
        Whether good rows are taken from a file with rows in error.
    complete
        Whether this file is a full list; None for what is agreed with the partner.
    """

    received_on: dt.date
    state_on: dt.date | None = None
    partial: bool = False
    complete: bool | None = None


class Verdict(StrEnum):
    """What became of a delivery."""

    ACCEPTED = "accepted"
    PARTIAL = "partial"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class RuleRun:
    """
    A rule and whether it could be run.

    Attributes
    ----------
    rule
        Its id.
    entity
        `segments` or `targets`.
    what
        What it finds, in German.
    hits
        How many places it found; None where it was not run.
    why_not
        Why it was not run, in German; empty where it was.
    """

    rule: str
    entity: str
    what: str
    hits: int | None
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Counts:
    """
    How many rows of one entity went where; the parts add up to `rows`.

    Attributes
    ----------
    rows
        Rows in the file.
    accepted
        New reports, ready for the store.
    unchanged
        Rows that say what is known.
    repeated
        Rows that say what another row of the file says.
    refused
        Rows in error.
    withheld
        Good rows of a file that is refused whole.
    """

    rows: int
    accepted: int
    unchanged: int
    repeated: int
    refused: int
    withheld: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """
    The Eingangsprüfung of one delivery. Every frame but `missing` has `entity` (`segment`, `target`), `sheet`, `row`.

    Attributes
    ----------
    delivery
        The file.
    verdict
        Accepted, in parts, or refused.
    state_on, state_on_from
        The Stand, and where it was found: `option`, `column`, `file`.
    counts
        Entity → how many rows went where.
    rules
        Rules run and not run.
    events
        For the store: `entity_id`, `status`, `valid_on`, `reason`, `note`, `reported_length_m`,
        `drawn_length_m`, `is_unchanged`. Rows that say what is known are among them, since what is new
        depends on what arrived before. Empty where the delivery is refused.
    refused
        `rule`, `column`, `value`, `message` of every row in error.
    steps_back, jumps
        `entity_id`, `status_before`, `since_before`, `status`, `valid_on`.
    contradictions
        As `steps_back`, with `reported_by` and `delivery_id` of the other side.
    unmatched, ambiguous
        What the row says of its place, and `candidates` (tuples of text, for the first rows).
    lengths
        `segment_id`, `planned_m`, `drawn_m`, `reported_m`, `off` (bool) of the rows in `events`.
    missing
        `entity`, `entity_id` of objects that a full list leaves out.
    findings
        All findings, the first of each rule by name.
    """

    delivery: Delivery = field(repr=False)
    verdict: Verdict
    state_on: dt.date
    state_on_from: str
    counts: dict[str, Counts]
    rules: tuple[RuleRun, ...]
    events: pd.DataFrame
    refused: pd.DataFrame
    steps_back: pd.DataFrame
    jumps: pd.DataFrame
    contradictions: pd.DataFrame
    unmatched: pd.DataFrame
    ambiguous: pd.DataFrame
    lengths: pd.DataFrame
    missing: pd.DataFrame
    findings: tuple[Finding, ...]
