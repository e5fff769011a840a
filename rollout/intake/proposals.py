"""A file of proposals, as a page saves it: read strictly, whole or not at all, and every fault named by its entry."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from rollout.intake.arrival import take_in
from rollout.intake.entries import AGAIN, Entries, day_of, text_fault
from rollout.intake.refusal import DeliveryError
from rollout.intake.strict import shown, strict_json
from rollout.marks import DECISION_FORMAT, FORMAT, MOST_MARKS, NAME_LETTERS, REMARK_LETTERS, VERSION, Outcome

if TYPE_CHECKING:
    from pathlib import Path

    from rollout.intake.arrival import Arrival
    from rollout.intake.entries import Terms

MAX_BYTES = 4 * 1024**2
"""The largest number of the longest remarks is half of this."""

_LOOKED_AT = 300
"""The format is named in so many first bytes."""

_HEAD = ("format", "version", "project", "audience", "stand", "author", "package", "marks")
_ID_LETTERS = 200


@dataclass(frozen=True, slots=True)
class Submission:
    """
    A file of proposals, without fault.

    Attributes
    ----------
    arrival
        Name, bytes and hash.
    audience
        For whom the page was made.
    state_on
        Stand of the page.
    author
        Who marked.
    package
        Of which package the page is; None where it says none.
    rows
        One per proposal: `row`, `entity`, `entity_id`, `kind`, `author`, `said_status`, `said_since`, `said_lon`,
        `said_lat`, `status`, `valid_on`, `lon`, `lat`, `remark`.
    """

    arrival: Arrival
    audience: str
    state_on: dt.date
    author: str
    package: str | None
    rows: pd.DataFrame


@dataclass(frozen=True, slots=True)
class Said:
    """
    A decision as it was kept.

    Attributes
    ----------
    arrival
        Name, bytes and hash.
    proposal_id
        What it is about.
    outcome
        What was decided.
    by, why
        Who decided, and the reason.
    decided_at
        When.
    """

    arrival: Arrival
    proposal_id: str
    outcome: Outcome
    by: str
    why: str
    decided_at: dt.datetime


def names_format(path: Path, format_: str = FORMAT) -> bool:
    """
    Tell whether a file says that it holds proposals, or a decision.

    Parameters
    ----------
    path
        Any file.
    format_
        What it is to say.

    Returns
    -------
    names
        False also for what cannot be read; whoever takes it in says why.
    """
    try:
        if path.suffix.lower() != ".json" or not path.is_file():
            return False
        with path.open("rb") as file:
            return f'"{format_}"'.encode() in file.read(_LOOKED_AT)
    except (OSError, ValueError):
        return False


def read_proposals(path: Path, terms: Terms) -> Submission:
    """
    Read a file of proposals.

    Parameters
    ----------
    path
        A local file.
    terms
        What it is checked against.

    Returns
    -------
    submission
        Everything in it, checked.

    Raises
    ------
    DeliveryError
        If the file as a whole is not what it should be.
    DataError
        If an entry is; names the first by number and field, and carries them all.
    """
    arrival = _small(path)
    root = strict_json(arrival, "JSON", AGAIN)
    _expect_members(arrival.name, root, _HEAD)
    _expect_head(arrival.name, root, terms)
    book = Entries(arrival.name, terms, terms.audiences.get(root["audience"]))
    rows = [book.read(number, mark, root["author"]) for number, mark in enumerate(root["marks"], 1)]
    book.refuse_faults()
    stand = dt.date.fromisoformat(root["stand"])
    return Submission(arrival, root["audience"], stand, root["author"], root["package"], pd.DataFrame(rows))


def read_decision(path: Path) -> Said:
    """
    Read a decision as it was kept.

    Parameters
    ----------
    path
        A file of the folder of originals.

    Returns
    -------
    said
        Everything in it.

    Raises
    ------
    DeliveryError
        If it is no such file.
    """
    arrival = _small(path)
    root = strict_json(arrival, "JSON", AGAIN)
    _expect_members(arrival.name, root, ("format", "version", "proposal", "verdict", "by", "why", "decided_at"))
    if (root["format"], root["version"]) != (DECISION_FORMAT, VERSION):
        raise _refused(arrival.name, "format", root["format"])
    if root["verdict"] not in list(Outcome):
        raise _refused(arrival.name, "verdict", root["verdict"])
    for name, most in (("proposal", _ID_LETTERS), ("by", NAME_LETTERS), ("why", REMARK_LETTERS)):
        _expect_text(arrival.name, root, name, most)
    return Said(
        arrival, root["proposal"], Outcome(root["verdict"]), root["by"], root["why"], _moment(arrival.name, root)
    )


def _moment(name: str, root: dict[str, Any]) -> dt.datetime:
    try:
        moment = dt.datetime.fromisoformat(root["decided_at"])
    except (TypeError, ValueError):
        moment = None
    if moment is None or moment.tzinfo is None:
        raise _refused(name, "decided_at", root["decided_at"])
    return moment


def _small(path: Path) -> Arrival:
    arrival = take_in(path)
    if arrival.size > MAX_BYTES:
        msg = f"'{arrival.name}' ist größer als {MAX_BYTES // 1024**2} MB, so viel speichert keine Seite"
        raise DeliveryError(msg, AGAIN)
    return arrival


def _expect_members(name: str, root: dict[str, Any], known: tuple[str, ...]) -> None:
    unlike = [key for key in root if key not in known] or [key for key in known if key not in root]
    if unlike:
        what = "fehlt" if unlike[0] not in root else "ist unbekannt"
        msg = f"'{name}': das Feld {shown(unlike[0])} {what}"
        raise DeliveryError(msg, AGAIN)


def _expect_head(name: str, root: dict[str, Any], terms: Terms) -> None:
    if root["format"] != FORMAT or root["version"] != VERSION or type(root["version"]) is not int:
        msg = f"'{name}' hat die Fassung {shown(root['version'])}, gelesen wird {VERSION}"
        raise DeliveryError(msg, "Speichern Sie die Vorschläge in einer neuen Seite, oder aktualisieren Sie rollout.")
    if root["project"] != terms.project:
        msg = f"'{name}' gehört zum Projekt {shown(root['project'])}, nicht zu '{terms.project}'"
        raise DeliveryError(msg, "Nennen Sie das richtige Projekt mit --project.")
    for key, most in (("audience", 40), ("author", NAME_LETTERS)):
        _expect_text(name, root, key, most)
    if terms.audiences and root["audience"] not in terms.audiences:
        known = f"nennt keinen Empfängerkreis des Projekts (bekannt sind: {', '.join(terms.audiences)})"
        raise _refused(name, "audience", root["audience"], known)
    if root["package"] is not None:
        _expect_text(name, root, "package", _ID_LETTERS)
    _, fault = day_of(root["stand"], terms.received_on)
    if fault:
        raise _refused(name, "stand", root["stand"], fault)
    marks = root["marks"]
    if not isinstance(marks, list) or not 1 <= len(marks) <= MOST_MARKS:
        msg = f"'{name}': das Feld 'marks' ist keine Liste von 1 bis {MOST_MARKS} Vorschlägen"
        raise DeliveryError(msg, AGAIN)


def _expect_text(name: str, root: dict[str, Any], key: str, most: int) -> None:
    fault = text_fault(root[key], most)
    if fault:
        raise _refused(name, key, root[key], fault)


def _refused(name: str, key: str, value: object, why: str = "") -> DeliveryError:
    return DeliveryError(f"'{name}': das Feld '{key}' {why or 'gilt nicht'}: {shown(value)}", AGAIN)
