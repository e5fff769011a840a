"""The entries of a file of proposals, read one after the other; what is wrong with one is noted, with the way out."""

from __future__ import annotations

import datetime as dt
import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rollout.errors import DataError
from rollout.findings import LISTED, Finding, Severity
from rollout.intake.strict import shown
from rollout.marks import ENTITIES, REMARK_LETTERS, Kind, fault_of, ladder_seen

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rollout.audiences import Audience
    from rollout.project import Place

AGAIN = "Nichts wurde aufgenommen. Bitten Sie den Absender, die Vorschläge in der Seite neu zu speichern."
"""The way out of every fault: the page writes no such file."""

_FIRST_YEAR = 1990
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PAIR = 2
_CALLED = {"segment": "Trassenabschnitt", "target": "Anschluss"}
_MEMBERS = ("entity", "id", "said", "proposed", "remark")
_EMPTY = dict.fromkeys(("said_status", "said_since", "said_lon", "said_lat", "status", "valid_on", "lon", "lat"))


@dataclass(frozen=True, slots=True)
class Terms:
    """
    What a file of proposals is checked against.

    Attributes
    ----------
    project
        Name of the project.
    place
        Where it lies.
    ids
        `segment` and `target` → the identifiers that exist.
    received_on
        The day the file came; nothing in it may be later.
    audiences
        Key → audience, as far as the project names any.
    """

    project: str
    place: Place
    ids: Mapping[str, frozenset[str]]
    received_on: dt.date
    audiences: Mapping[str, Audience] = field(default_factory=dict)


def text_fault(value: object, most: int) -> str | None:
    """
    Tell what is wrong with a text.

    Parameters
    ----------
    value
        As parsed.
    most
        Letters it may have.

    Returns
    -------
    fault
        In German; None where there is none.
    """
    if not isinstance(value, str):
        return "muss Text sein"
    return fault_of(value, most) or (None if value else "ist leer")


def day_of(value: object, latest: dt.date) -> tuple[dt.date | None, str | None]:
    """
    Read a day.

    Parameters
    ----------
    value
        As parsed.
    latest
        The last day it can be.

    Returns
    -------
    day, fault
        One of them is None.
    """
    try:
        day = dt.date.fromisoformat(value) if isinstance(value, str) and _DAY.fullmatch(value) else None
    except ValueError:
        day = None
    if day is None:
        return None, "ist kein Tag wie 2022-03-28"
    if day > latest:
        return None, f"liegt nach dem Eingang der Datei ({latest:%d.%m.%Y})"
    return (day, None) if day.year >= _FIRST_YEAR else (None, f"liegt vor {_FIRST_YEAR}")


class Entries:
    """
    Reads entries and notes what is wrong with them.

    Parameters
    ----------
    name
        Of the file.
    terms
        What they are checked against.
    audience
        For whom the page was made; None for one that sees everything.
    """

    def __init__(self, name: str, terms: Terms, audience: Audience | None) -> None:
        self.name, self.terms = name, terms
        self.statuses = {e: [rung.key for rung in ladder_seen(layer, audience)] for e, layer in ENTITIES.items()}
        self.faults: list[Finding] = []
        self.seen: set[tuple[str, str, str]] = set()
        self.row = self.count = 0

    def read(self, number: int, mark: Any, author: str) -> dict[str, Any]:  # noqa: ANN401 - whatever the file holds
        """Return the entry as a row; what is wrong with it is noted and left empty."""
        self.row = number
        row = {**_EMPTY, "row": number, "author": author, "entity": "", "entity_id": "", "kind": "", "remark": None}
        if not self.has(mark, "", _MEMBERS):
            return row
        if not isinstance(mark["entity"], str) or mark["entity"] not in ENTITIES:
            self.note("entity", mark["entity"], f"nennt weder {' noch '.join(ENTITIES)}")
            return row
        if not self.statuses[mark["entity"]]:
            self.note("entity", mark["entity"], "nennt, was eine Seite dieses Empfängerkreises nicht zeigt")
            return row
        row |= {"entity": mark["entity"], "entity_id": self.identifier(mark), "remark": self.remark(mark["remark"])}
        row |= {**self.said(mark["entity"], mark["said"]), **self.proposed(mark["entity"], mark["proposed"])}
        self.look_at(row, is_bare=mark["remark"] is None)
        return row

    def has(self, part: Any, path: str, known: tuple[str, ...]) -> bool:  # noqa: ANN401 - whatever the file holds
        """Tell whether a part is an object of exactly these members."""
        if not isinstance(part, dict):
            self.note(path or "marks", part, "ist kein Objekt")
            return False
        wrong = {key: "ist unbekannt" for key in part if key not in known}
        wrong |= {key: "fehlt" for key in known if key not in part}
        for key, what in wrong.items():
            self.note(f"{path}.{key}"[:60].lstrip("."), part.get(key), what)
        return not wrong

    def identifier(self, mark: dict[str, Any]) -> str:
        """Return the identifier, where there is such a thing."""
        name = mark["id"]
        if not isinstance(name, str) or name not in self.terms.ids[mark["entity"]]:
            self.note("id", name, f"nennt keinen {_CALLED[mark['entity']]} des Projekts")
            return ""
        return name

    def remark(self, value: object) -> str | None:
        """Return the remark."""
        fault = None if value is None else text_fault(value, REMARK_LETTERS)
        if fault:
            self.note("remark", value, fault)
        return value if isinstance(value, str) and not fault else None

    def said(self, entity: str, part: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever the file holds
        """Return what the page said."""
        if not self.has(part, "said", ("status", "since", "place")):
            return {}
        since = None if part["since"] is None else self.day("said.since", part["since"])
        status = None if part["status"] is None else self.status("said.status", entity, part["status"])
        lon, lat = (None, None) if part["place"] is None else self.place("said.place", part["place"])
        return {"said_status": status, "said_since": since, "said_lon": lon, "said_lat": lat}

    def proposed(self, entity: str, part: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever the file holds
        """Return what is proposed."""
        if part is None:
            return {"kind": Kind.REMARK.value}
        if isinstance(part, dict) and "place" in part:
            if not self.has(part, "proposed", ("place",)):
                return {}
            if entity != "target":
                self.note("proposed.place", part["place"], "gilt nur für Anschlüsse")
            lon, lat = self.place("proposed.place", part["place"])
            return {"kind": Kind.PLACE.value, "lon": lon, "lat": lat}
        if not self.has(part, "proposed", ("status", "valid_on")):
            return {}
        status = self.status("proposed.status", entity, part["status"])
        day = self.day("proposed.valid_on", part["valid_on"])
        return {"kind": Kind.STATUS.value, "status": status, "valid_on": day}

    def status(self, path: str, entity: str, value: object) -> str | None:
        """Return a status of the ladder that the page shows."""
        if isinstance(value, str) and value in self.statuses[entity]:
            return value
        known = ", ".join(self.statuses[entity])
        self.note(path, value, f"ist kein Status, den die Seite für einen {_CALLED[entity]} kennt ({known})")
        return None

    def day(self, path: str, value: object) -> dt.date | None:
        """Return a day that is not yet to come."""
        day, fault = day_of(value, self.terms.received_on)
        if fault:
            self.note(path, value, fault)
        return day

    def place(self, path: str, value: object) -> tuple[float | None, float | None]:
        """Return longitude and latitude within the project."""
        if not isinstance(value, list) or len(value) != _PAIR or not all(_is_number(part) for part in value):
            self.note(path, value, "ist kein Paar aus Länge und Breite in Grad")
            return None, None
        box, (lon, lat) = self.terms.place, value
        if not (box.west <= lon <= box.east and box.south <= lat <= box.north):
            self.note(path, value, "liegt außerhalb des Projektgebiets")
            return None, None
        return float(lon), float(lat)

    def look_at(self, row: dict[str, Any], *, is_bare: bool) -> None:
        """Look at the entry as a whole."""
        what = (row["entity"], row["entity_id"], row["kind"])
        if all(what) and what in self.seen:
            self.note("id", row["entity_id"], "hat einen solchen Vorschlag in dieser Datei schon")
        self.seen.add(what)
        if row["kind"] == Kind.REMARK and is_bare:
            self.note("remark", None, "fehlt: ohne Status, Lage und Hinweis schlägt der Eintrag nichts vor")
        said = (row["said_status"], row["said_since"])
        if row["kind"] == Kind.STATUS and row["status"] is not None and said == (row["status"], row["valid_on"]):
            self.note("proposed", row["status"], "ist, was die Seite ohnehin sagt")

    def note(self, path: str, value: object, what: str) -> None:
        """Note a fault of the present entry; of very many the first are enough."""
        self.count += 1
        if self.count > LISTED:
            return
        said = "" if value is None else shown(value)
        message = f"Vorschlag {self.row}, Feld {shown(path)} {what}{': ' if said else ''}{said}"
        place = (self.name, self.row, shown(path).strip("'"), said)
        self.faults.append(Finding("proposal", Severity.ERROR, "proposals", message, AGAIN, *place))

    def refuse_faults(self) -> None:
        """Let a file with faults go back whole."""
        if self.faults:
            more = f" (und {self.count - 1} weitere)" if self.count > 1 else ""
            msg = f"'{self.name}', {self.faults[0].message}{more}"
            raise DataError(msg, AGAIN, self.faults)


def _is_number(value: object) -> bool:
    try:
        return type(value) in {int, float} and math.isfinite(value)  # type: ignore[arg-type]
    except OverflowError:
        return False
