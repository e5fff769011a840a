"""The report of what to ask for next: sets of segments by the connections they unlock for each metre."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rollout.reporting.arrange import Places, clean, records
from rollout.reporting.definitions import column
from rollout.reporting.describe import SAMPLE_NOTE, sources_of, subtitle
from rollout.reporting.report import Column, Kind, Report, Row, RowKind, Section
from rollout.vocabulary import SEGMENT_KIND_LABELS, STATUS_LABELS
from rollout.wording import counted, date, length, number

if TYPE_CHECKING:
    import pandas as pd

    from rollout.analysis.state import State
    from rollout.analysis.sums import Record
    from rollout.analysis.unlock import Unlocked
    from rollout.reporting.report import Cell

INTRO = (
    "Jedes Paket wächst von dem aus, was gebaut ist oder ein früheres Paket baut, und macht je Meter die meisten "
    "geförderten Anschlüsse erreichbar; gemeinsame Meter zählen einmal. Gezählt wird, was heute nicht erreichbar ist."
)

SET_COLUMNS = (
    Column("rank", "Paket", Kind.COUNT, "Rang: Paket 1 bringt je Meter am meisten.", "", "Nr."),
    Column("sentence", "Was es bringt", Kind.TEXT, "Abschnitte, Meter und gewonnene geförderte Anschlüsse."),
    Column("where", "Wo", Kind.TEXT, "Stadtteil und Straßen der Abschnitte."),
    Column("length", "Länge m", Kind.LENGTH_M, "Meter, die zu bauen sind; gemeinsame Meter zählen einmal."),
    Column("funded", "gefördert", Kind.COUNT, "Geförderte Anschlüsse, die erreichbar werden."),
    Column("extended", "Vortrieb", Kind.COUNT, "Anschlüsse des erweiterten Vortriebs; eigene Grundgesamtheit."),
    Column("per_km", "je km", Kind.QUANTITY, "Geförderte Anschlüsse je Kilometer."),
    Column(
        "needs",
        "setzt voraus",
        Kind.COUNT,
        "Paket, an das es anschließt; leer, wenn es am Bestand beginnt.",
        "",
        "nach Nr.",
    ),
)

MEMBER_COLUMNS = (
    SET_COLUMNS[0],
    Column("order", "Folge", Kind.COUNT, "Reihenfolge im Paket, vom Bestand aus."),
    Column("segment_id", "Abschnitt", Kind.TEXT, "Kennung des Trassenabschnitts."),
    Column("street", "Straße", Kind.TEXT, "Straße, der die Trasse folgt."),
    column("district"),
    Column("kind", "Art", Kind.TEXT, "Neues Leerrohr oder mitgenutzte Infrastruktur."),
    Column("status", "Stand", Kind.TEXT, "Gemeldeter Status des Abschnitts."),
    Column("length", "Länge m", Kind.LENGTH_M, "Rasterlänge des Abschnitts."),
)


def unlock_report(state: State, unlocked: Unlocked, programme_id: str, within: str = "") -> Report:
    """
    Describe the report of what to ask for next.

    Parameters
    ----------
    state
        The programme on one day.
    unlocked
        The sets.
    programme_id
        Whose network.
    within
        Name of the district or phase whose connections count; empty for all.

    Returns
    -------
    report
        The sets in order, and the segments they are made of.
    """
    places = Places(state, programme_id)
    members = _placed(state, unlocked)
    title = f"Was als Nächstes zu bauen ist: {clean(within) if within else places.name}"
    footer = _footer(state, unlocked)
    order = "In der Folge, in der sie zu bauen sind."
    rows, parts = _sets(unlocked, members, places), _members(members, places)
    sections = (
        Section("pakete", "Pakete", title, INTRO, SET_COLUMNS, rows, footer),
        Section("abschnitte", "Abschnitte", "Abschnitte der Pakete", order, MEMBER_COLUMNS, parts, footer),
    )
    return Report(clean(state.project.name), subtitle(state), state.as_of, state.project.sample, sections)


def sentence(record: Record) -> str:
    """
    Say what a set is and brings.

    Parameters
    ----------
    record
        A row of `Unlocked.sets`.

    Returns
    -------
    sentence
        „3 Abschnitte, 212 m, erschließen 87 Anschlüsse, darunter 1 Schule.“
    """
    special = [
        counted(int(record[key]), one, many)
        for key, one, many in (("hospitals", "Krankenhaus", "Krankenhäuser"), ("schools", "Schule", "Schulen"))
        if record[key]
    ]
    what = counted(int(record["segments"]), "Abschnitt", "Abschnitte")
    verb = "erschließt" if record["segments"] == 1 else "erschließen"
    gained = counted(int(record["funded"]), "Anschluss", "Anschlüsse")
    among = f", darunter {' und '.join(special)}" if special else ""
    return f"{what}, {length(record['length_m'])}, {verb} {gained}{among}."


def _footer(state: State, unlocked: Unlocked) -> tuple[str, ...]:
    sums = unlocked.sets[["length_m", "funded"]].sum()
    day = f"Stand {date(state.as_of)}."
    whole = (
        f"Alle Pakete zusammen: {length(float(sums['length_m']))}, {number(float(sums['funded']))} geförderte "
        "Anschlüsse. "
        "Das jeweils beste nächste Paket zu wählen ist nicht für jede Meterzahl die beste Wahl im Ganzen."
    )
    return (f"{day} {SAMPLE_NOTE}" if state.project.sample else day, whole, *sources_of(state.project))


def _placed(state: State, unlocked: Unlocked) -> pd.DataFrame:
    facts = state.segments[["segment_id", "street", "phase_id", "kind", "status"]]
    most = state.pieces.sort_values(["length_m", "district_id"], ascending=[False, True]).drop_duplicates("segment_id")
    members = unlocked.members.merge(facts, on="segment_id", how="left")
    members = members.merge(most[["segment_id", "district_id"]], on="segment_id", how="left")
    return members.assign(order=members.groupby("rank").cumcount() + 1)


def _sets(unlocked: Unlocked, members: pd.DataFrame, places: Places) -> tuple[Row, ...]:
    where: dict[int, dict[str, None]] = {}
    for record in records(members):
        names = where.setdefault(record["rank"], {})
        names[places.district(record["district_id"], record["phase_id"])] = None
        if record["street"] is not None:
            names[clean(record["street"])] = None
    return tuple(Row(RowKind.BODY, _set(record, where[record["rank"]])) for record in records(unlocked.sets))


def _set(record: Record, names: dict[str, None]) -> tuple[Cell, ...]:
    keys = ("length_m", "funded", "extended", "per_km", "needs")
    return (record["rank"], sentence(record), ", ".join(names), *(record[key] for key in keys))


def _members(members: pd.DataFrame, places: Places) -> tuple[Row, ...]:
    return tuple(
        Row(
            RowKind.BODY,
            (
                record["rank"],
                record["order"],
                clean(record["segment_id"]),
                None if record["street"] is None else clean(record["street"]),
                places.district(record["district_id"], record["phase_id"]),
                SEGMENT_KIND_LABELS[record["kind"]],
                STATUS_LABELS.get(record["status"], "keine Angabe"),
                record["length_m"],
            ),
        )
        for record in records(members)
    )
