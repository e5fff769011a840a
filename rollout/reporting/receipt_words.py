"""How a receipt's values are written: for people with German labels, for programs as they are."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rollout.findings import Severity
from rollout.intake.receipt import Verdict
from rollout.reporting.arrange import clean
from rollout.vocabulary import ladder_of
from rollout.wording import date

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rollout.analysis.sums import Record
    from rollout.project import Project
    from rollout.reporting.report import Cell

LAYERS = {"segment": "segments", "target": "targets"}
"""What one object is called → its layer, whose ladder it stands on."""

VERDICTS = {
    Verdict.ACCEPTED: "angenommen",
    Verdict.PARTIAL: "in Teilen angenommen",
    Verdict.REFUSED: "abgewiesen",
}
SEVERITIES = {Severity.ERROR: "Fehler", Severity.WARNING: "Warnung", Severity.INFO: "Hinweis"}
ENTITIES = {
    "segment": "Trassenabschnitt",
    "target": "Anschluss",
    "segments": "Trassenabschnitte",
    "targets": "Anschlüsse",
    "delivery": "Datei",
}
STATE_FROM = {
    "option": "bei der Annahme angegeben",
    "column": "aus einer Spalte der Datei",
    "file": "aus dem Kopf der Datei",
}
COLUMNS = {
    "segment_id": "Kennung",
    "target_id": "Kennung",
    "street": "Straße",
    "house_number": "Hausnummer",
    "suffix": "Zusatz",
    "postcode": "Postleitzahl",
    "status": "Status",
    "valid_on": "gültig seit",
    "state_on": "Stand",
    "reason": "Grund",
    "note": "Bemerkung",
    "length_m": "Länge in m",
}
_STATUS = {
    (entity, rung.key): rung.label
    for entity, layer in {**LAYERS, **{layer: layer for layer in LAYERS.values()}}.items()
    for rung in ladder_of(layer)
}
_UNKNOWN = dt.date(1990, 1, 1)
"""Where a report has no day, the comparison with what is known takes this one."""


@dataclass(frozen=True, slots=True)
class Words:
    """
    The way values are written in one rendering.

    Attributes
    ----------
    project
        For the partners' names.
    raw
        True for programs: keys instead of labels, and texts uncut.
    most
        So many rows of one table are written; None for all.
    """

    project: Project
    raw: bool = False
    most: int | None = None

    def text(self, value: object) -> str | None:
        """Return a text of the data, fit to be shown; None where there is none."""
        if value is None:
            return None
        return str(value).encode("utf-8", "replace").decode() if self.raw else clean(value)

    def row(self, value: object) -> Cell:
        """Return the number of a row; it is a name and no quantity, so it has no point at the thousands."""
        if value is None:
            return None
        number = int(str(value))
        return number if self.raw else str(number)

    def entity(self, value: object) -> str | None:
        """Return what kind of object it is."""
        return self.text(value) if self.raw else ENTITIES.get(str(value), self.text(value))

    def status(self, entity: object, value: object) -> str | None:
        """Return the German label of a state, or its key for programs."""
        return self.text(value) if self.raw else _STATUS.get((str(entity), str(value)), self.text(value))

    def sender(self, key: object) -> str | None:
        """Return the partner's name, or its key for programs and for who is no longer a partner."""
        partner = self.project.partners.get(str(key))
        return self.text(key) if self.raw or partner is None else self.text(partner.name)

    def place(self, record: Record) -> str | None:
        """Return what a row says of its place: identifier and address."""
        said = {name: self.text(record.get(name)) or "" for name in COLUMNS}
        number = f"{said['house_number']} {said['suffix']}".strip()
        parts = (said["segment_id"], said["target_id"], f"{said['street']} {number}".strip(), said["postcode"])
        return ", ".join(part for part in parts if part) or None

    def candidates(self, record: Record) -> str | None:
        """Return what a row might mean."""
        found: Iterable[object] | None = record.get("candidates")
        return "; ".join(self.text(name) or "" for name in found) or None if found else None


def day(value: object) -> dt.date | None:
    """
    Return a day without its time.

    Parameters
    ----------
    value
        A moment, or None.

    Returns
    -------
    day
        None where there is none, or where it only stands for a day that nobody knows.
    """
    found = value.date() if isinstance(value, dt.datetime) else None
    return None if found == _UNKNOWN else found


def day_text(value: object) -> str:
    """
    Return a day as it is written in a sentence.

    Parameters
    ----------
    value
        A moment, or None.

    Returns
    -------
    text
        E.g. `28.03.2022`.
    """
    found = day(value)
    return "ohne Datum" if found is None else date(found)
