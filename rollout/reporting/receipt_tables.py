"""The tables of an Eingangsprüfung: what was refused, what stepped back, who contradicts whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rollout.findings import Severity
from rollout.reporting.arrange import records
from rollout.reporting.receipt_words import LAYERS, SEVERITIES, Words, day
from rollout.reporting.report import Cell, Column, Kind, Row, RowKind, Section
from rollout.wording import NARROW_SPACE, counted, number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from rollout.analysis.sums import Record
    from rollout.intake.receipt import Receipt

MILLIMETRES = 3
"""Lengths are given to the millimetre; what lies behind it is the computer's and differs between two of them."""


@dataclass(frozen=True, slots=True)
class Field:
    """
    One column and where its cells come from.

    Attributes
    ----------
    column
        The column.
    cell
        Record and words → the cell.
    optional
        Whether people are spared the column where it is empty throughout.
    """

    column: Column
    cell: Callable[[Record, Words], Cell]
    optional: bool = False


def table(head: tuple[str, str, str], intro: str, fields: Iterable[Field], said: list[Record], words: Words) -> Section:
    """
    Lay records out as a section.

    Parameters
    ----------
    head
        Key, short name and title.
    intro
        What stands above.
    fields
        The columns.
    said
        n records.
    words
        How values are written.

    Returns
    -------
    section
        With n rows, or as many as `words` allow and a line that counts the others; empty optional columns are
        left out for people.
    """
    filled = [(field, [field.cell(record, words) for record in said[: words.most]]) for field in fields]
    kept = [
        (field.column, cells)
        for field, cells in filled
        if words.raw or not field.optional or any(cell is not None for cell in cells)
    ]
    rows = zip(*(cells for _, cells in kept), strict=True)
    body = tuple(Row(RowKind.BODY, cells) for cells in rows)
    return Section(*head, intro, tuple(column for column, _ in kept), body, _left_out(len(said) - len(body)))


def _left_out(rest: int) -> tuple[str, ...]:
    if not rest:
        return ()
    return (f"… {counted(rest, 'weitere Zeile steht', 'weitere Zeilen stehen')} nur in der JSON-Fassung der Prüfung.",)


def text_field(key: str, label: str, definition: str, *, optional: bool = False) -> Field:
    """
    Describe a column that shows a text of the records as it is.

    Parameters
    ----------
    key
        Name in the records and in data formats.
    label, definition
        As in `Column`.
    optional
        Whether people are spared the column where it is empty.

    Returns
    -------
    field
        The column.
    """
    column = Column(key, label, Kind.TEXT, definition)
    return Field(column, lambda record, words: words.text(record.get(key)), optional)


def _row() -> tuple[Field, ...]:
    number = Column("row", "Zeile", Kind.TEXT, "Zeile der Datei, wie das Tabellenprogramm sie zählt.")
    return (
        Field(number, lambda record, words: words.row(record.get("row")), optional=True),
        text_field("sheet", "Blatt", "Blatt der Arbeitsmappe.", optional=True),
    )


ENTITY = Field(
    Column("entity", "Art", Kind.TEXT, "Trassenabschnitt oder Anschluss."),
    lambda record, words: words.entity(record.get("entity")),
)
OBJECT = text_field("entity_id", "Kennung", "Kennung des Objekts im Projekt.")


def _status(key: str, label: str, group: str = "") -> Field:
    column = Column(key, label, Kind.TEXT, "Status nach der Statusleiter.", group)
    return Field(column, lambda record, words: words.status(record.get("entity"), record.get(key)))


def _day(key: str, label: str, group: str = "") -> Field:
    column = Column(key, label, Kind.DATE, "Seit wann der Status gilt.", group)
    return Field(column, lambda record, _: day(record.get(key)))


def _metres(key: str, label: str, definition: str) -> Field:
    def cell(record: Record, _: Words) -> Cell:
        value = record.get(key)
        return None if value is None else round(float(value), MILLIMETRES)

    return Field(Column(key, label, Kind.QUANTITY, definition), cell)


_CHANGE = (
    ENTITY,
    OBJECT,
    _status("status_before", "bisher"),
    _day("since_before", "seit"),
    _status("status", "gemeldet"),
    _day("valid_on", "ab"),
)
_PLACE = Field(
    Column("said", "Angabe der Datei", Kind.TEXT, "Kennung und Anschrift, wie die Datei sie nennt."),
    lambda record, words: words.place(record),
)
_CANDIDATES = Field(
    Column("candidates", "Vorschläge", Kind.TEXT, "Was gemeint sein könnte; zugeordnet wird keines davon."),
    lambda record, words: words.candidates(record),
)


def trouble_sections(receipt: Receipt, words: Words) -> list[Section]:
    """
    Describe what came up, one table per kind.

    Parameters
    ----------
    receipt
        The Eingangsprüfung.
    words
        How values are written.

    Returns
    -------
    sections
        Always the same ones in the same order; those with nothing to tell have no rows.
    """
    return [
        _refused(receipt, words),
        _unresolved(receipt, words, "unmatched"),
        _unresolved(receipt, words, "ambiguous"),
        _changes(receipt, words, "steps_back"),
        _changes(receipt, words, "jumps"),
        _contradictions(receipt, words),
        _lengths(receipt, words),
        _missing(receipt, words),
    ]


def _refused(receipt: Receipt, words: Words) -> Section:
    fields = (
        *_row(),
        ENTITY,
        text_field("column", "Spalte", "Spalte, wie die Datei sie nennt.", optional=True),
        text_field("value", "Wert", "Was dort steht.", optional=True),
        text_field("message", "Grund", "Warum die Zeile nicht übernommen wird."),
        text_field("rule", "Regel", "Name der Regel."),
    )
    intro = "Eine Zeile mit mehreren Fehlern steht hier mehrmals."
    return table(("refused", "Abgewiesen", "Abgewiesene Zeilen"), intro, fields, in_order(receipt, "refused"), words)


def _unresolved(receipt: Receipt, words: Words, kind: str) -> Section:
    title, intro = {
        "unmatched": ("Nicht zugeordnet", "Zu diesen Zeilen gibt es im Projekt weder Anschluss noch Abschnitt."),
        "ambiguous": ("Nicht eindeutig", "Auf diese Zeilen passen mehrere Objekte; keines wird geraten."),
    }[kind]
    fields = (*_row(), ENTITY, _PLACE, _CANDIDATES)
    return table((kind, title, title), intro, fields, in_order(receipt, kind), words)


def _changes(receipt: Receipt, words: Words, kind: str) -> Section:
    title, intro = {
        "steps_back": ("Rückschritte", "Der Absender meldet weniger als zuvor. Das ist erlaubt und will erklärt sein."),
        "jumps": ("Sprünge", "Die Statusleiter sieht diesen Schritt nicht vor; meist fehlen Zwischenschritte."),
    }[kind]
    return table((kind, title, title), intro, (*_row(), *_CHANGE), in_order(receipt, kind), words)


def _contradictions(receipt: Receipt, words: Words) -> Section:
    ours = f"Diese Lieferung: {words.sender(receipt.delivery.sender)}"
    theirs = "Andere Lieferung"
    by = Column("reported_by", "Absender", Kind.TEXT, "Wer das andere gemeldet hat.", theirs)
    delivery = Column("delivery_id", "Lieferung", Kind.TEXT, "Kennung der anderen Lieferung.", theirs)
    fields = (
        *_row(),
        ENTITY,
        OBJECT,
        _status("status", "Status", ours),
        _day("valid_on", "seit", ours),
        Field(by, lambda record, words: words.sender(record.get("reported_by"))),
        _status("status_before", "Status", theirs),
        _day("since_before", "seit", theirs),
        Field(delivery, lambda record, words: words.text(record.get("delivery_id"))),
    )
    head = ("contradictions", "Widersprüche", "Widersprüche zwischen Partnern")
    intro = "Nebeneinander, was beide melden. Nichts wird überschrieben; beide Meldungen bleiben erhalten."
    return table(head, intro, fields, in_order(receipt, "contradictions"), words)


def _lengths(receipt: Receipt, words: Words) -> Section:
    fields = (
        *_row(),
        text_field("segment_id", "Kennung", "Kennung des Trassenabschnitts im Projekt."),
        _metres("planned_m", "geplant, m", "Länge im Projekt, Gittermeter in EPSG:25832."),
        _metres("drawn_m", "gezeichnet, m", "Länge der Geometrie in der Datei, Gittermeter in EPSG:25832."),
        _metres("reported_m", "gemeldet, m", "Länge, die die Datei als Zahl nennt."),
        _metres("apart_m", "Unterschied, m", "Größte minus kleinste der drei Längen."),
    )
    tolerance = 100 * receipt.delivery.partner.tolerances.length
    share = f"{number(tolerance, 0 if tolerance == round(tolerance) else 1)}{NARROW_SPACE}%"
    intro = f"Aufgeführt ist, was um mehr als {share} der geplanten Länge auseinanderliegt."
    head = ("lengths", "Längen", "Abweichende Längen")
    return table(head, intro, fields, lengths_off(receipt), words)


def lengths_off(receipt: Receipt) -> list[Record]:
    """
    Return the segments whose lengths differ too much.

    Parameters
    ----------
    receipt
        The Eingangsprüfung.

    Returns
    -------
    lengths
        Records of `Receipt.lengths` that are `off`, with `apart_m` and `sheet`, in the order of the file.
    """
    found = records(receipt.lengths[receipt.lengths["off"].astype(bool)].sort_values("at"))
    sheets = {batch.entity: batch.rows["sheet"].astype(object) for batch in receipt.delivery.batches}
    for record in found:
        sheet = sheets["segments"].iloc[int(record["at"])]
        record["sheet"] = sheet if isinstance(sheet, str) else None
    sides = ("planned_m", "drawn_m", "reported_m")
    there = [[record[side] for side in sides if record[side] is not None] for record in found]
    return [record | {"apart_m": max(known) - min(known)} for record, known in zip(found, there, strict=True)]


def _missing(receipt: Receipt, words: Words) -> Section:
    head = ("missing", "Fehlend", "In der Vollliste fehlend")
    intro = "Diese Objekte des Projekts nennt die Liste nicht. Ohne Meldung bleibt ihr letzter Stand gültig."
    return table(head, intro, (ENTITY, OBJECT), records(receipt.missing), words)


def in_order(receipt: Receipt, frame: str) -> list[Record]:
    """
    Return the rows of one of the receipt's frames as the file has them.

    Parameters
    ----------
    receipt
        The Eingangsprüfung.
    frame
        Name of a frame with `row`.

    Returns
    -------
    rows
        Plain records; sorted by kind of object, sheet and row.
    """
    names = (name for batch in receipt.delivery.batches for name in batch.rows["sheet"].dropna())
    sheets = {name: at for at, name in enumerate(dict.fromkeys(names))}
    kinds = list(LAYERS)

    def place(record: Record) -> tuple[int, int, int]:
        entity, sheet = record.get("entity", kinds[0]), record.get("sheet")
        return kinds.index(entity), sheets.get(sheet, 0), int(record["row"])

    return sorted(records(getattr(receipt, frame)), key=place)


def findings_section(receipt: Receipt, words: Words) -> Section:
    """
    List all findings, the heaviest first.

    Parameters
    ----------
    receipt
        The Eingangsprüfung.
    words
        How values are written.

    Returns
    -------
    section
        One row per finding.
    """
    order = list(Severity)
    said: list[Record] = [
        {name: getattr(finding, name) for name in ("severity", "rule", "layer", "row", "column", "value")}
        | {"message": finding.message, "hint": finding.hint or None}
        for finding in sorted(receipt.findings, key=lambda finding: order.index(finding.severity))
    ]
    weight = Column("severity", "Gewicht", Kind.TEXT, "Nur ein Fehler weist eine Zeile ab.")
    layer = Column("layer", "Art", Kind.TEXT, "Worauf sich der Befund bezieht.")
    fields = (
        Field(weight, lambda record, words: record["severity"].value if words.raw else SEVERITIES[record["severity"]]),
        Field(layer, lambda record, words: words.entity(record["layer"])),
        _row()[0],
        text_field("column", "Spalte", "Spalte, wie die Datei sie nennt.", optional=True),
        text_field("value", "Wert", "Was dort steht.", optional=True),
        text_field("message", "Befund", "Was auffiel."),
        text_field("hint", "Was zu tun ist", "Der Ausweg."),
        text_field("rule", "Regel", "Name der Regel."),
    )
    intro = "Je Regel sind die ersten 50 Stellen einzeln genannt, die übrigen gezählt."
    return table(("findings", "Befunde", "Alle Befunde"), intro, fields, said, words)
