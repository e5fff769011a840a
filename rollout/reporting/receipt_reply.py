"""A ready reply to the sender of a delivery, in German, to be pasted into a mail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rollout.findings import Severity
from rollout.intake import rules
from rollout.intake.receipt import Verdict
from rollout.reporting.arrange import records
from rollout.reporting.receipt_tables import in_order, lengths_off
from rollout.reporting.receipt_words import Words, day_text
from rollout.wording import counted, date, number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rollout.analysis.sums import Record
    from rollout.intake.receipt import Receipt
    from rollout.project import Project

LISTED = 15
"""So many rows of one kind are named in a reply; the receipt names all."""

_LONGEST = 160
"""A line of the reply is cut here, visibly; the receipt has the whole text."""

_TOLD = {
    rule.id
    for rule in (
        rules.UNMATCHED,
        rules.AMBIGUOUS,
        rules.STEP_BACK,
        rules.JUMP,
        rules.CONTRADICTION,
        rules.LENGTH_OFF,
        rules.MISSING,
        rules.REPEATED,
    )
}
"""Rules whose hits have a paragraph, or a place among the counts."""


@dataclass(frozen=True, slots=True)
class _Kind:
    """One kind of trouble: how it is said of one and of many, what is asked for, and how a row is told."""

    one: str
    many: str
    please: str
    tell: Callable[[Record, Words], str]


def reply(receipt: Receipt, project: Project) -> str:
    """
    Write the reply to a delivery.

    Parameters
    ----------
    receipt
        The Eingangsprüfung.
    project
        Names the partners and who replies.

    Returns
    -------
    text
        Paragraphs with an empty line between them; at most 15 rows of each kind, with the number of the others.
    """
    words = Words(project)
    paragraphs = [
        "Sehr geehrte Damen und Herren,",
        _result(receipt, words),
        _counts(receipt),
        *_troubles(receipt, words),
        *_others(receipt),
        _closing(receipt),
        f"Mit freundlichen Grüßen\n{words.text(project.municipality)}",
    ]
    return "\n\n".join(paragraphs) + "\n"


def _result(receipt: Receipt, words: Words) -> str:
    what = {
        Verdict.ACCEPTED: "haben wir geprüft und vollständig übernommen",
        Verdict.PARTIAL: "haben wir geprüft und in Teilen übernommen",
        Verdict.REFUSED: "haben wir geprüft, konnten sie aber noch nicht übernehmen",
    }[receipt.verdict]
    name = words.text(receipt.delivery.arrival.name)
    return f"vielen Dank für Ihre Lieferung. Ihre Datei „{name}“ mit Stand vom {date(receipt.state_on)} {what}."


def _counts(receipt: Receipt) -> str:
    sums = {
        name: sum(getattr(counts, name) for counts in receipt.counts.values())
        for name in ("rows", "accepted", "unchanged", "repeated", "refused", "withheld")
    }
    parts = [
        counted(sums[name], one, many)
        for name, one, many in (
            ("accepted", "neue Meldung", "neue Meldungen"),
            ("unchanged", "Zeile ohne Änderung gegenüber dem bekannten Stand",
             "Zeilen ohne Änderung gegenüber dem bekannten Stand"),
            ("repeated", "doppelte Zeile", "doppelte Zeilen"),
            ("refused", "fehlerhafte Zeile", "fehlerhafte Zeilen"),
            ("withheld", "einwandfreie, aber noch nicht übernommene Zeile",
             "einwandfreie, aber noch nicht übernommene Zeilen"),
        )
        if sums[name]
    ]  # fmt: skip
    said = " und ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
    sentence = f"Sie enthält {counted(sums['rows'], 'Zeile', 'Zeilen')}: {said}."
    if receipt.verdict is Verdict.REFUSED and sums["withheld"]:
        sentence += " Was einwandfrei ist, übernehmen wir zusammen mit den berichtigten Zeilen."
    return sentence


def _troubles(receipt: Receipt, words: Words) -> Iterator[str]:
    for frame in ("unmatched", "ambiguous"):
        for entity in ("segment", "target"):
            found = [record for record in in_order(receipt, frame) if record["entity"] == entity]
            yield from _paragraph(_UNRESOLVED[frame, entity], found, words)
    told = {rules.UNMATCHED.id, rules.AMBIGUOUS.id}
    refused = [record for record in in_order(receipt, "refused") if record["rule"] not in told]
    yield from _paragraph(_REFUSED, refused, words)
    for frame, kind in _CHANGES.items():
        yield from _paragraph(kind, in_order(receipt, frame), words)
    yield from _paragraph(_LENGTHS, lengths_off(receipt), words)
    missing = records(receipt.missing)
    for entity, kind in _MISSING.items():
        found = [record for record in missing if record["entity"] == entity]
        yield from _enumeration(kind, found, words)


def _paragraph(kind: _Kind, found: list[Record], words: Words) -> Iterator[str]:
    if not found:
        return
    lines = [f"{counted(len(found), kind.one, kind.many)}:"]
    lines += [f"- {_cut(kind.tell(record, words))}" for record in found[:LISTED]]
    if len(found) > LISTED:
        rest = counted(len(found) - LISTED, "weitere Stelle steht", "weitere Stellen stehen")
        lines.append(f"- … {rest} in der Eingangsprüfung.")
    yield "\n".join([*lines, kind.please])


def _enumeration(kind: _Kind, found: list[Record], words: Words) -> Iterator[str]:
    """Say in one line what only has a name."""
    if found:
        names = ", ".join(kind.tell(record, words) for record in found[:LISTED])
        rest = len(found) - LISTED
        more = f" und {number(rest)} weitere, siehe Eingangsprüfung" if rest > 0 else ""
        yield f"{counted(len(found), kind.one, kind.many)}: {names}{more}.\n{kind.please}"


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _row(record: Record, words: Words) -> str:
    sheet = record.get("sheet")
    return f"Zeile {words.row(record['row'])}" + (f" (Blatt „{words.text(sheet)}“)" if sheet else "")


def _unresolved(record: Record, words: Words) -> str:
    maybe = words.candidates(record)
    said = f"{_row(record, words)}: {words.place(record) or 'ohne Kennung und Anschrift'}"
    return said + (f" – gemeint vielleicht: {maybe}" if maybe else "")


def _refused(record: Record, words: Words) -> str:
    column = f", Spalte „{words.text(record['column'])}“" if record["column"] else ""
    message = str(record["message"]).removeprefix(f"Zeile {record['row']}: ")
    return f"{_row(record, words)}{column}: {words.text(message)}"


def _before(record: Record, words: Words) -> str:
    return f"{words.status(record['entity'], record['status_before'])} ({day_text(record['since_before'])})"


def _now(record: Record, words: Words) -> str:
    return f"{words.status(record['entity'], record['status'])} ({day_text(record['valid_on'])})"


def _change(record: Record, words: Words) -> str:
    return (
        f"{_row(record, words)}, {words.text(record['entity_id'])}: "
        f"bisher {_before(record, words)}, jetzt {_now(record, words)}"
    )


def _contradiction(record: Record, words: Words) -> str:
    return (
        f"{_row(record, words)}, {words.text(record['entity_id'])}: Sie melden {_now(record, words)}, "
        f"{words.sender(record['reported_by'])} meldet {_before(record, words)}"
    )


def _lengths(record: Record, words: Words) -> str:
    sides = (("geplant", "planned_m"), ("gezeichnet", "drawn_m"), ("gemeldet", "reported_m"))
    said = ", ".join(f"{word} {number(record[key], 1)} m" for word, key in sides if record[key] is not None)
    return f"{_row(record, words)}, {words.text(record['segment_id'])}: {said}"


def _id(record: Record, words: Words) -> str:
    return words.text(record["entity_id"]) or ""


_UNRESOLVED = {
    ("unmatched", "target"): _Kind(
        "Anschluss konnte nicht zugeordnet werden",
        "Anschlüsse konnten nicht zugeordnet werden",
        "Bitte prüfen Sie Straße, Hausnummer und Postleitzahl, oder nennen Sie uns die Kennung des Anschlusses.",
        _unresolved,
    ),
    ("unmatched", "segment"): _Kind(
        "Trassenabschnitt konnte nicht zugeordnet werden",
        "Trassenabschnitte konnten nicht zugeordnet werden",
        "Bitte prüfen Sie Kennung und Verlauf.",
        _unresolved,
    ),
    ("ambiguous", "target"): _Kind(
        "Anschluss ist nicht eindeutig bezeichnet",
        "Anschlüsse sind nicht eindeutig bezeichnet",
        "Bitte ergänzen Sie die Postleitzahl oder die Kennung des Anschlusses.",
        _unresolved,
    ),
    ("ambiguous", "segment"): _Kind(
        "Trassenabschnitt ist nicht eindeutig bezeichnet",
        "Trassenabschnitte sind nicht eindeutig bezeichnet",
        "Bitte nennen Sie uns die Kennung.",
        _unresolved,
    ),
}
_REFUSED = _Kind(
    "Angabe ist fehlerhaft oder nicht lesbar",
    "Angaben sind fehlerhaft oder nicht lesbar",
    "Bitte berichtigen Sie dies.",
    _refused,
)
_CHANGES = {
    "steps_back": _Kind(
        "Meldung liegt hinter Ihrem zuletzt gemeldeten Stand zurück",
        "Meldungen liegen hinter Ihrem zuletzt gemeldeten Stand zurück",
        "Bitte bestätigen Sie uns dies, und nennen Sie uns den Anlass.",
        _change,
    ),
    "jumps": _Kind(
        "Meldung lässt Zwischenschritte aus",
        "Meldungen lassen Zwischenschritte aus",
        "Bitte nennen Sie uns, soweit bekannt, die Daten der Zwischenschritte.",
        _change,
    ),
    "contradictions": _Kind(
        "Meldung passt nicht zu der eines anderen Partners",
        "Meldungen passen nicht zu denen eines anderen Partners",
        "Bitte prüfen Sie, ob Ihre Angaben so stimmen; den anderen Partner fragen wir ebenso.",
        _contradiction,
    ),
}
_LENGTHS = _Kind(
    "Trassenabschnitt weicht in der Länge ab",
    "Trassenabschnitte weichen in der Länge ab",
    "Bitte teilen Sie uns mit, welche Länge abgerechnet wird.",
    _lengths,
)
_MISSING = {
    "segment": _Kind(
        "Trassenabschnitt fehlt in Ihrer Liste, die vollständig sein soll",
        "Trassenabschnitte fehlen in Ihrer Liste, die vollständig sein soll",
        "Bitte melden Sie uns auch hierzu den Stand; bis dahin gilt der zuletzt gemeldete.",
        _id,
    ),
    "target": _Kind(
        "Anschluss fehlt in Ihrer Liste, die vollständig sein soll",
        "Anschlüsse fehlen in Ihrer Liste, die vollständig sein soll",
        "Bitte melden Sie uns auch hierzu den Stand; bis dahin gilt der zuletzt gemeldete.",
        _id,
    ),
}


def _others(receipt: Receipt) -> Iterator[str]:
    """Warnings without a paragraph of their own: which, and how often; where is in the receipt."""
    warnings = {rule.id: rule for rule in rules.RULES if rule.severity is Severity.WARNING and rule.id not in _TOLD}
    hits = dict.fromkeys(warnings, 0)
    for run in receipt.rules:
        if run.rule in hits:
            hits[run.rule] += run.hits or 0
    for finding in receipt.delivery.findings:
        if finding.rule in hits:
            hits[finding.rule] += 1
    found = [f"- {warnings[id_].what} ({counted(n, 'Stelle', 'Stellen')})" for id_, n in hits.items() if n]
    if found:
        yield "\n".join(["Außerdem fiel uns auf:", *found, "Bitte sehen Sie sich diese Stellen an."])


def _closing(receipt: Receipt) -> str:
    is_full = any(run.rule == rules.MISSING.id and run.hits is not None for run in receipt.rules)
    whole = "Bitte senden Sie uns die berichtigte Datei vollständig noch einmal."
    please = {
        Verdict.ACCEPTED: "",
        Verdict.PARTIAL: whole if is_full else "Bitte senden Sie uns die fehlerhaften Zeilen berichtigt noch einmal.",
        Verdict.REFUSED: whole,
    }[receipt.verdict]
    where = (
        "Alle Einzelheiten stehen in der beigefügten Eingangsprüfung "
        f"(Prüfsumme der Datei, SHA-256: {receipt.delivery.arrival.sha256[:12]}…)."
    )
    return f"{please} {where}".strip()
