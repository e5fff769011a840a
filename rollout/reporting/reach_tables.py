"""The lists of the report of reach: what each is called, its columns, and how one row is written."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd

from rollout.analysis.network import REPORTED_GAP_M
from rollout.reporting.arrange import Places, clean
from rollout.reporting.definitions import column
from rollout.reporting.report import Cell, Column, Kind, Row, RowKind, Section
from rollout.vocabulary import CATEGORY_NOUNS, CONTRADICTION_LABELS, NODE_KIND_LABELS, STATUS_LABELS
from rollout.wording import gap

if TYPE_CHECKING:
    from collections.abc import Callable

    from rollout.analysis.sums import Record

    Write = Callable[[Record, Places], Cell]

INTERNAL = "Nur für den internen Gebrauch: Die Liste zeigt, wo das Netz verwundbar ist."


def _phase(record: Record, places: Places) -> str:
    return places.phase(record["phase_id"]) if places.has_phases else ""


@dataclass(frozen=True, slots=True)
class Table:
    """
    A list of the report.

    Attributes
    ----------
    key, short, title, intro
        As of its section.
    columns
        Each with what writes its cell.
    group
        What the groups of rows are, and what writes the name of one; None for none. Rows keep their order in them.
    """

    key: str
    short: str
    title: str
    intro: str
    columns: tuple[tuple[Column, Write], ...]
    group: tuple[str, Write] | None = ("Bauabschnitt", _phase)


def listed(table: Table, found: list[Record], places: Places, footer: tuple[str, ...]) -> Section:
    """
    Write a list.

    Parameters
    ----------
    table
        Which one.
    found
        Its rows, of one programme, those of a group one after the other.
    places
        Names and order.
    footer
        Lines under it.

    Returns
    -------
    section
        One row per record.
    """
    label, name = table.group or ("", lambda _record, _places: "")
    rows = tuple(
        Row(RowKind.BODY, tuple(write(record, places) for _, write in table.columns), str(name(record, places)))
        for record in found
    )
    columns = tuple(column for column, _ in table.columns)
    grouped = any(row.group for row in rows)
    return Section(table.key, table.short, table.title, table.intro, columns, rows, footer, label if grouped else "")


def _text(key: str) -> Write:
    return lambda record, _: None if record[key] is None else clean(record[key])


def _value(key: str) -> Write:
    return lambda record, _: record[key]


def _count(key: str) -> Write:
    return lambda record, _: int(record[key])


def _day(key: str) -> Write:
    return lambda record, _: None if record[key] is None else pd.Timestamp(record[key]).date()


def _district(record: Record, places: Places) -> str:
    return places.district(record["district_id"], record.get("phase_id"))


def _address(record: Record, _: Places) -> str:
    return f"{clean(record['street'])} {clean(record['house_number'])}, {clean(record['target_id'])}"


def _noun(record: Record, _: Places) -> str:
    return CATEGORY_NOUNS.get(record["category"], (clean(record["category"]),))[0]


def _status(key: str) -> Write:
    return lambda record, _: STATUS_LABELS.get(record[key], "keine Angabe")


def _gap(record: Record, _: Places) -> str | None:
    return None if record["gap_m"] is None else gap(record["gap_m"])


_DISTRICT = (column("district"), _district)
_FUNDED = (Column("funded", "gefördert", Kind.COUNT, "Geförderte Anschlüsse."), _count("funded"))
_EXTENDED = (
    Column("extended", "Vortrieb", Kind.COUNT, "Anschlüsse des erweiterten Vortriebs; eigene Grundgesamtheit."),
    _count("extended"),
)
_SCHOOLS = (Column("schools", "Schulen", Kind.COUNT, "Schulen unter den geförderten Anschlüssen."), _count("schools"))
_HOSPITALS = (
    Column("hospitals", "Krankenhaus", Kind.COUNT, "Krankenhäuser unter den geförderten Anschlüssen.", "", "Kranken."),
    _count("hospitals"),
)
_TARGET = (Column("target", "Anschluss", Kind.TEXT, "Anschrift und Kennung."), _address)
_CATEGORY = (column("category"), _noun)
_STATUS = (Column("status", "gemeldet", Kind.TEXT, "Gemeldeter Status des Anschlusses."), _status("status"))
_SEGMENT = (Column("segment_id", "Trasse", Kind.TEXT, "Abschnitt, an dem der Anschluss hängt."), _text("segment_id"))
_SEGMENT_STATUS = (
    Column("segment_status", "Stand der Trasse", Kind.TEXT, "Gemeldeter Status dieses Abschnitts.", "", "Trasse ist"),
    _status("segment_status"),
)

DOUBTS = Table(
    "widersprueche",
    "Widersprüche",
    "Widersprüche zwischen Meldung und gebautem Netz",
    "Was über einen Anschluss gemeldet wurde, neben dem Stand der Trasse, an der er hängt; keines von beiden wird "
    "geändert. Ein Weg ist gebaut, wenn in jedem Abschnitt bis zum Netzknoten das Rohr liegt, und fertig, wenn Kabel "
    "darin liegt.",
    (
        _TARGET,
        _CATEGORY,
        _DISTRICT,
        _STATUS,
        (column("since"), _day("status_since")),
        _SEGMENT,
        _SEGMENT_STATUS,
        (
            Column("segment_since", "Trasse seit", Kind.DATE, "Seit wann dieser Abschnitt so steht.", "", "seit"),
            _day("segment_since"),
        ),
    ),
    ("Widerspruch", lambda record, _: CONTRADICTION_LABELS[record["kind"]]),
)

DOUBTS_WITH_SOURCES = replace(
    DOUBTS,
    columns=(
        *DOUBTS.columns,
        (
            Column("target_source", "Meldung aus", Kind.TEXT, "Datei und Zeile der Meldung zum Anschluss."),
            _text("target_source"),
        ),
        (
            Column("segment_source", "Trasse aus", Kind.TEXT, "Datei und Zeile der Meldung zur Trasse."),
            _text("segment_source"),
        ),
    ),
)

ISLANDS = Table(
    "inseln",
    "Inseln",
    "Inseln: gebaut, aber an keinem Netzknoten",
    "Ein Abstand unter einem Meter ist vermutlich ein Fehler der Zeichnung, ein größerer eine Trasse, die noch fehlt.",
    (
        (Column("island", "Insel", Kind.TEXT, "Benannt nach ihrem ersten Abschnitt."), _text("island_id")),
        _DISTRICT,
        (Column("segments", "Abschnitte", Kind.COUNT, "Abschnitte der Insel.", "", "Abschn."), _count("segments")),
        (Column("new_duct", "Leerrohr m", Kind.LENGTH_M, "Neues Leerrohr der Insel."), _value("new_duct_m")),
        (Column("co_used", "mitgenutzt m", Kind.LENGTH_M, "Mitgenutzte Trasse der Insel."), _value("co_used_m")),
        (
            Column("gap", "Abstand", Kind.TEXT, "Luftlinie zum nächsten Abschnitt, der an einem Netzknoten hängt."),
            _gap,
        ),
        _FUNDED,
        _EXTENDED,
        _SCHOOLS,
        _HOSPITALS,
    ),
)

HOUSES = Table(
    "haus-zuerst",
    "Haus zuerst",
    "Haus vor der Trasse",
    "Hauseinführung oder Glasfaser im Haus, bevor die Trasse liegt: ein üblicher Ablauf, wenn eine Genehmigung fehlt, "
    "und kein Widerspruch.",
    (_TARGET, _CATEGORY, _DISTRICT, _STATUS, (column("since"), _day("status_since")), _SEGMENT, _SEGMENT_STATUS),
)

SINGLE_PATHS = Table(
    "einzelwege",
    "Einzelwege",
    "Abschnitte ohne zweiten Weg",
    f"{INTERNAL} Fällt der Abschnitt aus, verlieren diese Anschlüsse jede Verbindung zu einem Netzknoten. Krankenhaus "
    "und Schulen zuerst, höchstens 20 Abschnitte.",
    (
        (Column("segment_id", "Abschnitt", Kind.TEXT, "Kennung des Abschnitts."), _text("segment_id")),
        (Column("street", "Straße", Kind.TEXT, "Straße, der die Trasse folgt."), _text("street")),
        _DISTRICT,
        _HOSPITALS,
        _SCHOOLS,
        _FUNDED,
        _EXTENDED,
    ),
    group=None,
)

NODES = Table(
    "netzknoten",
    "Netzknoten",
    "Netzknoten und ihre Versorgung",
    "Welchen Netzknoten der kürzeste gebaute Weg eines Anschlusses erreicht, und welcher Hauptverteiler den Netzknoten "
    "über gebaute Trassen speist; ein Weg außerhalb der Ebenen zählt nicht.",
    (
        (
            Column("node", "Netzknoten", Kind.TEXT, "Bezeichnung oder Kennung."),
            lambda record, _: clean(record["name"] or record["node_id"]),
        ),
        (
            Column("kind", "Art", Kind.TEXT, "Haupt- oder Netzverteiler."),
            lambda record, _: NODE_KIND_LABELS[record["kind"]],
        ),
        (
            Column("pop", "gespeist von", Kind.TEXT, "Hauptverteiler am nächsten Ende gebauter Trassen."),
            _text("pop_id"),
        ),
        (Column("feed", "Weg dorthin m", Kind.LENGTH_M, "Länge dieses Wegs.", "", "Weg m"), _value("feed_m")),
        _FUNDED,
        _EXTENDED,
        (
            Column(
                "longest", "längster Weg m", Kind.LENGTH_M, "Längster gebauter Weg zu einem Anschluss.", "", "max. m"
            ),
            _value("longest_m"),
        ),
    ),
    group=None,
)

JOINS = Table(
    "fugen",
    "Fugen",
    "Verbindungen über eine Lücke der Zeichnung",
    f"Was weiter als {gap(REPORTED_GAP_M)} auseinander gezeichnet ist und innerhalb der Toleranz trotzdem als "
    "verbunden gilt; die Zeichnung sollte dort berichtigt werden.",
    (
        (Column("one", "Ende von", Kind.TEXT, "Abschnitt oder Netzknoten, dessen Ende gemeint ist."), _text("one_id")),
        (Column("other", "trifft", Kind.TEXT, "Was es trifft."), _text("other_id")),
        (
            Column("meets", "wo", Kind.TEXT, "An dessen Ende oder mitten auf der Strecke."),
            lambda record, _: {"end": "am Ende", "middle": "in der Mitte"}[record["meets"]],
        ),
        (Column("gap", "Lücke", Kind.TEXT, "Wie weit sie auseinander gezeichnet sind."), _gap),
        (Column("x", "Rechtswert", Kind.QUANTITY, "Ostwert in EPSG:25832, in Metern."), _value("x")),
        (Column("y", "Hochwert", Kind.QUANTITY, "Nordwert in EPSG:25832, in Metern."), _value("y")),
    ),
    group=None,
)
