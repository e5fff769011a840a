"""What an Eingangsprüfung says of the file itself: where it is from, how it was read, what was checked."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from rollout.intake.mapping import COLUMNS
from rollout.intake.placing import KNOWN
from rollout.intake.rules import LENGTH_OFF, MISSING, RULES
from rollout.reporting.receipt_tables import ENTITY, Field, lengths_off, table, text_field
from rollout.reporting.receipt_words import COLUMNS as LABELS
from rollout.reporting.receipt_words import ENTITIES, STATE_FROM, VERDICTS, Words
from rollout.reporting.report import Column, Kind, Row, RowKind, Section
from rollout.wording import date, number

if TYPE_CHECKING:
    from rollout.analysis.sums import Record
    from rollout.intake.receipt import Receipt

_COUNTS = {
    "rows": ("Zeilen", "Zeilen in der Datei."),
    "accepted": ("übernommen", "Neue Meldungen."),
    "unchanged": ("unverändert", "Zeilen, die sagen, was schon bekannt ist."),
    "repeated": ("doppelt", "Zeilen, die wiederholen, was eine andere Zeile der Datei sagt."),
    "refused": ("abgewiesen", "Zeilen mit mindestens einem Fehler."),
    "withheld": ("zurückgehalten", "Gute Zeilen einer Datei, die als Ganzes abgewiesen ist."),
}


def facts(receipt: Receipt) -> dict[str, object]:
    """
    Return what a program wants to know of a receipt first.

    Parameters
    ----------
    receipt
        The Eingangsprüfung.

    Returns
    -------
    facts
        Keys and numbers as they are; days in ISO form.
    """
    delivery = receipt.delivery
    return {
        "verdict": receipt.verdict.value,
        "file": delivery.arrival.name.encode("utf-8", "replace").decode(),
        "sha256": delivery.arrival.sha256,
        "bytes": delivery.arrival.size,
        "format": delivery.arrival.format.value,
        "sender": delivery.sender,
        "state_on": receipt.state_on.isoformat(),
        "state_on_from": receipt.state_on_from,
        "crs": delivery.crs,
        "encoding": delivery.encoding,
        "counts": {entity: asdict(counts) for entity, counts in receipt.counts.items()},
    }


def file_section(receipt: Receipt, words: Words) -> Section:
    """
    Describe the file: name, hash, sender, Stand, coordinates and letters.

    Parameters
    ----------
    receipt
        The Eingangsprüfung.
    words
        How values are written.

    Returns
    -------
    section
        One row per fact.
    """
    delivery = receipt.delivery
    sender, name = words.text(delivery.sender), words.text(delivery.partner.name)
    said = {
        "Ergebnis": VERDICTS[receipt.verdict],
        "Datei": words.text(delivery.arrival.name),
        "SHA-256": delivery.arrival.sha256,
        "Format und Größe": f"{delivery.arrival.format.value}, {number(delivery.arrival.size)} Bytes",
        "Absender": name if name == sender else f"{name} ({sender})",
        "Stand": f"{date(receipt.state_on)}, {STATE_FROM.get(receipt.state_on_from, receipt.state_on_from)}",
        "Koordinatensystem": _crs(delivery.crs),
        "Zeichensatz": delivery.encoding or "vom Format vorgegeben",
        "Nicht gelesene Spalten": ", ".join(words.text(column) or "" for column in delivery.unread) or "keine",
    }
    lines: list[Record] = [{"fact": fact, "value": value} for fact, value in said.items()]
    fields = (text_field("fact", "Angabe", "Was angegeben wird."), Field(_VALUE, lambda record, _: record["value"]))
    return table(("file", "Datei", "Datei und Ergebnis"), "", fields, lines, words)


_VALUE = Column("value", "Wert", Kind.TEXT, "Was gefunden wurde.")


def _crs(code: str | None) -> str:
    return "keines, die Datei hat keine Geometrie" if code is None else f"{code}, {KNOWN.get(code, 'unbekannt')}"


def counts_section(receipt: Receipt) -> Section:
    """
    Tell how many rows went where.

    Parameters
    ----------
    receipt
        The Eingangsprüfung.

    Returns
    -------
    section
        One row per kind of object, and their sum where there are several.
    """
    columns = (
        Column("entity", "Art", Kind.TEXT, "Trassenabschnitte oder Anschlüsse."),
        *(Column(key, label, Kind.COUNT, definition) for key, (label, definition) in _COUNTS.items()),
    )
    rows = [
        Row(RowKind.BODY, (ENTITIES[entity], *(getattr(counts, key) for key in _COUNTS)))
        for entity, counts in receipt.counts.items()
    ]
    if len(rows) > 1:
        sums = (sum(getattr(counts, key) for counts in receipt.counts.values()) for key in _COUNTS)
        rows.append(Row(RowKind.TOTAL, ("Zeilen insgesamt", *sums)))
    intro = "Jede Zeile steht in genau einer der fünf Spalten rechts; zusammen ergeben sie die Zeilen der Datei."
    return Section("counts", "Zeilen", "Was aus den Zeilen wurde", intro, columns, tuple(rows))


def overview_section(receipt: Receipt) -> Section:
    """
    Count what came up, also where nothing did.

    Parameters
    ----------
    receipt
        The Eingangsprüfung.

    Returns
    -------
    section
        One row per kind of trouble; no number where it was not looked for.
    """
    ran = {run.rule for run in receipt.rules if run.hits is not None}
    said: dict[str, int | None] = {
        "abgewiesene Zeilen": sum(counts.refused for counts in receipt.counts.values()),
        "nicht zugeordnet": len(receipt.unmatched),
        "nicht eindeutig": len(receipt.ambiguous),
        "Rückschritte": len(receipt.steps_back),
        "Sprünge": len(receipt.jumps),
        "Widersprüche zwischen Partnern": len(receipt.contradictions),
        "abweichende Längen": len(lengths_off(receipt)) if LENGTH_OFF.id in ran else None,
        "in der Vollliste fehlend": len(receipt.missing) if MISSING.id in ran else None,
    }
    columns = (
        Column("what", "Art", Kind.TEXT, "Art der Auffälligkeit."),
        Column("count", "Anzahl", Kind.COUNT, "Wie oft; ohne Zahl, wo nicht geprüft wurde."),
    )
    rows = tuple(Row(RowKind.BODY, line) for line in said.items())
    intro = "Wo statt einer Zahl ein Strich steht, wurde nicht geprüft; warum, sagen die nicht gelaufenen Regeln."
    return Section("overview", "Überblick", "Was auffiel", intro, columns, rows)


def mapping_section(receipt: Receipt, words: Words) -> Section:
    """
    Put our columns beside the file's.

    Parameters
    ----------
    receipt
        The Eingangsprüfung.
    words
        How values are written.

    Returns
    -------
    section
        One row per column of ours, also for those that the file does not have.
    """
    said: list[Record] = [
        {"entity": batch.entity, "ours": column, "label": LABELS[column], "theirs": batch.mapping.get(column)}
        for batch in receipt.delivery.batches
        for column in COLUMNS[batch.entity]
    ]
    fields = (
        ENTITY,
        text_field("label", "Bedeutung", "Was die Spalte sagt."),
        text_field("ours", "Unsere Spalte", "Name der Spalte im Projekt."),
        text_field("theirs", "Spalte der Datei", "Wie die Datei sie nennt; ein Strich, wo sie keine hat."),
    )
    intro = "Ein Strich heißt: Die Datei hat diese Spalte nicht."
    return table(("mapping", "Spalten", "Verwendete Spalten"), intro, fields, said, words)


def rule_sections(receipt: Receipt, words: Words) -> list[Section]:
    """
    List the rules that were run, and those that were not, with why.

    Parameters
    ----------
    receipt
        The Eingangsprüfung.
    words
        How values are written.

    Returns
    -------
    sections
        Two of them.
    """
    said: list[Record] = [
        {"rule": run.rule, "entity": run.entity, "what": run.what, "hits": run.hits, "why_not": run.why_not or None}
        for run in receipt.rules
    ]
    ran = [record for record in said if record["hits"] is not None]
    skipped = [record for record in said if record["hits"] is None]
    hits = Field(Column("hits", "Treffer", Kind.COUNT, "Wie oft sie anschlug."), lambda record, _: record["hits"])
    what = text_field("what", "Was sie findet", "Wonach die Regel sucht.")
    rule = text_field("rule", "Regel", "Name der Regel.")
    why_not = text_field("why_not", "Warum nicht", "Warum sie nicht gelaufen ist.")
    return [
        table(("rules_run", "Regeln", "Gelaufene Regeln"), "", (what, ENTITY, hits, rule), ran, words),
        table(
            ("rules_not_run", "Nicht gelaufen", "Nicht gelaufene Regeln"),
            "Diese Regeln liefen nicht, oder ihr Lauf wird nicht eigens gezählt; ihr Schweigen beweist nichts.",
            (what, ENTITY, why_not, rule),
            skipped + _unheard(receipt),
            words,
        ),
    ]


def _unheard(receipt: Receipt) -> list[Record]:
    """Rules that no batch has told of: those of other formats and kinds, and those only the reader follows."""
    told = {run.rule for run in receipt.rules} | {finding.rule for finding in receipt.findings}
    why = "für diese Datei ohne Bedeutung, oder beim Lesen ohne Fund und daher nicht eigens gezählt"
    return [
        {"rule": rule.id, "entity": None, "what": rule.what, "why_not": why} for rule in RULES if rule.id not in told
    ]
