"""Two tables of the report of changes: every step back by name, and how much of each kind of change there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rollout.analysis.changes import Change
from rollout.reporting.arrange import Places, clean, records
from rollout.reporting.change_words import change_word
from rollout.reporting.definitions import column
from rollout.reporting.report import Cell, Column, Kind, Row, RowKind
from rollout.vocabulary import NO_DATA_LABEL, REASONS, Drive, SegmentKind, ladder_of
from rollout.wording import sort_key

if TYPE_CHECKING:
    import pandas as pd

    from rollout.analysis.changes import Changes
    from rollout.analysis.sums import Record

_NOUNS: dict[str, str] = {
    SegmentKind.NEW_DUCT: "Leerrohr",
    SegmentKind.CO_USED: "Mitnutzung",
    Drive.FUNDED: "Anschluss",
    Drive.EXTENDED: "Vortrieb",
}
_SETBACKS = (Change.GONE_BACK, Change.BLOCKED, Change.DROPPED, Change.REMOVED)
_LABELS = {entity: {rung.key: rung.label for rung in ladder_of(f"{entity}s")} for entity in ("segment", "target")}
_KINDS: dict[Change, str] = {
    Change.NEW: "neu gemeldet",
    Change.ADVANCED: "fortgeschritten",
    Change.RELEASED: "wieder aufgenommen",
    Change.GONE_BACK: "zurückgestuft",
    Change.BLOCKED: "gesperrt oder abgelehnt",
    Change.DROPPED: "entfallen",
    Change.REMOVED: "nun ohne Angabe",
}


def setback_columns() -> tuple[Column, ...]:
    """
    Return the columns of the list of what went back.

    Returns
    -------
    columns
        What, its name, where, what it was and is, why, how long.
    """
    return (
        Column("what", "Was", Kind.TEXT, "Art des Abschnitts oder Anschlusses, und was mit ihm geschah."),
        Column(
            "name",
            "Bezeichnung",
            Kind.TEXT,
            "Anschrift und Kennung des Anschlusses, Kennung und Straße des Abschnitts.",
        ),
        column("district"),
        Column("before", "vorher", Kind.TEXT, "Status am früheren Tag."),
        Column("after", "jetzt", Kind.TEXT, "Status am jetzigen Tag."),
        column("reason"),
        Column("length", "Länge m", Kind.LENGTH_M, "Rasterlänge des ganzen Abschnitts."),
    )


def setback_rows(changes: Changes, rows: pd.DataFrame, places: Places) -> tuple[Row, ...]:
    """
    Return everything that went back, by name.

    Parameters
    ----------
    changes
        Between two states.
    rows
        Those of one programme.
    places
        Names and order.

    Returns
    -------
    rows
        Under their phase; first what was put back, then what is blocked or refused, dropped, without data.
    """
    back = rows[rows["change"].isin(_SETBACKS).astype(bool)]
    metres = back.groupby("entity_id")["length_m"].sum().round(3)
    named = _named(changes)
    found = []
    for record in records(back[back["count"] > 0]):
        name, reason = named.get((record["entity"], record["entity_id"]), ("", None))
        length = float(metres[record["entity_id"]]) if record["entity"] == "segment" else None
        found.append({**record, "name": name or clean(record["entity_id"]), "reason": reason, "length": length})
    return tuple(_setback(record, places) for record in sorted(found, key=lambda one: _order(one, places)))


def kind_columns() -> tuple[Column, ...]:
    """
    Return the columns of the table of kinds.

    Returns
    -------
    columns
        Kind, then segments, metres of either kind of trench, and connections of either drive.
    """
    return (
        Column("change", "Veränderung", Kind.TEXT, "Was geschehen ist; jede Zeile steht für sich."),
        Column("segments", "Abschnitte", Kind.COUNT, "Abschnitte; ein Abschnitt zählt einmal."),
        Column("new_duct", "davon Leerrohr m", Kind.LENGTH_M, "Rasterlänge der Abschnitte mit neuem Leerrohr."),
        Column("co_used", "davon mitgenutzt m", Kind.LENGTH_M, "Rasterlänge der mitgenutzten Abschnitte."),
        Column("funded", "geförderte Anschlüsse", Kind.COUNT, "Anschlüsse der Förderliste.", "", "gefördert"),
        Column("extended", "erweiterter Vortrieb", Kind.COUNT, "Eigene Grundgesamtheit.", "", "Vortrieb"),
    )


def kind_rows(rows: pd.DataFrame) -> tuple[Row, ...]:
    """
    Return how much of each kind of change there is.

    Parameters
    ----------
    rows
        Changes of one programme.

    Returns
    -------
    rows
        One per kind that occurs.
    """
    by_kind = {change: rows[rows["change"] == change] for change in _KINDS}
    return tuple(Row(RowKind.BODY, (_KINDS[change], *_sizes(some))) for change, some in by_kind.items() if len(some))


def _sizes(rows: pd.DataFrame) -> tuple[Cell, ...]:
    counts = rows.groupby("kind")["count"].sum()
    metres = rows.groupby("kind")["length_m"].sum().round(3)
    segments = sum(int(counts.get(kind, 0)) for kind in SegmentKind)
    lengths = (float(metres.get(kind, 0.0)) for kind in SegmentKind)
    return (segments, *lengths, *(int(counts.get(drive, 0)) for drive in Drive))


def _named(changes: Changes) -> dict[tuple[str, str], tuple[str, str | None]]:
    """Name and reason of every segment and target; what is gone now is called what it was called before."""
    named: dict[tuple[str, str], tuple[str, str | None]] = {}
    changed = {entity: set(ids) for entity, ids in changes.rows.groupby("entity")["entity_id"]}
    for state in (changes.before, changes.after):
        for entity, rows in (("segment", state.segments), ("target", state.targets)):
            ours = rows[rows[f"{entity}_id"].isin(changed.get(entity, set())).astype(bool)]
            wanted = [f"{entity}_id", "street", "house_number", "reason"]
            for record in records(ours[[name for name in wanted if name in ours]]):
                named[entity, record[f"{entity}_id"]] = (_name(record, entity), record.get("reason"))
    return named


def _name(record: Record, entity: str) -> str:
    key, street, number = (record.get(name) for name in (f"{entity}_id", "street", "house_number"))
    address = " ".join(clean(part) for part in (street, number) if part)
    return ", ".join(filter(None, (address, clean(key)) if entity == "target" else (clean(key), address)))


def _order(record: Record, places: Places) -> tuple[object, ...]:
    return (
        places.order(record)[:2],
        _SETBACKS.index(Change(record["change"])),
        list(_NOUNS).index(record["kind"]),
        places.order(record),
        sort_key(record["name"]),
    )


def _setback(record: Record, places: Places) -> Row:
    of_target = record["entity"] == "target"
    what = f"{_NOUNS[record['kind']]} {change_word(record['change'], of_target=of_target)}"
    was, now = (_status(record, when) for when in ("before", "after"))
    if was == now and record["change"] == Change.GONE_BACK and of_target:
        now = f"{now} (nicht mehr erreicht)"
    reason = record["reason"]
    why = None if reason is None else REASONS.get(reason, clean(reason))
    district = places.district(record["district_id"], record["phase_id"])
    group = places.phase(record["phase_id"]) if places.has_phases else ""
    return Row(RowKind.BODY, (what, record["name"], district, was, now, why, record["length"]), group)


def _status(record: Record, when: str) -> str:
    status = record[f"status_{when}"]
    return NO_DATA_LABEL if status is None else _LABELS[record["entity"]].get(status, clean(status))
