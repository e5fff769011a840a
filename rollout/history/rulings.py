"""A decision on a proposal: the file it is kept as, the delivery it is recorded as, and the event that follows."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from rollout.history.moments import LOCAL, stamp
from rollout.history.recording import Delivery, Recorded, record
from rollout.marks import DECISION_FORMAT, VERSION, Kind, Outcome

if TYPE_CHECKING:
    import datetime as dt

    from rollout.history.store import Store

CORRECTIONS = "Korrekturen"
"""Sender of the decisions: what they change is not the partner's own list, and has its own Stand on every page."""

NO_EVENTS = pd.DataFrame(columns=["entity", "entity_id", "valid_on", "row", "status", "note", "reported_by"])
"""Of a delivery that tells of no state."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """
    A decision to be recorded.

    Attributes
    ----------
    outcome
        Accepted or rejected.
    by, why
        Who decides, and the reason.
    at
        The moment it is decided.
    anyway
        Whether it is accepted although the state has changed since, or it has no effect.
    """

    outcome: Outcome
    by: str
    why: str
    at: dt.datetime
    anyway: bool = False

    @property
    def day(self) -> dt.date:
        """The day it is decided, which is the Stand of what follows from it."""
        return self.at.astimezone(LOCAL).date()


def as_file(proposal_id: str, ruling: Ruling) -> bytes:
    """
    Write a decision as a file, which is kept like every delivery.

    Parameters
    ----------
    proposal_id
        What it is about.
    ruling
        The decision; its moment makes the file unlike every other.

    Returns
    -------
    content
        JSON, one entry a line.
    """
    said = {
        "format": DECISION_FORMAT,
        "version": VERSION,
        "proposal": proposal_id,
        "verdict": ruling.outcome.value,
        "by": ruling.by,
        "why": ruling.why,
        "decided_at": stamp(ruling.at),
    }
    return (json.dumps(said, ensure_ascii=False, indent=1) + "\n").encode()


def as_delivery(proposal_id: str, content: bytes, ruling: Ruling, recorded_at: dt.datetime | None = None) -> Delivery:
    """
    Describe the delivery that a decision is recorded as.

    Parameters
    ----------
    proposal_id
        What it is about.
    content
        Its file.
    ruling
        The decision.
    recorded_at
        When it was recorded, where that is not now.

    Returns
    -------
    delivery
        True for the day of the decision, so that of two reports for one day the accepted one counts.
    """
    is_accepted = ruling.outcome is Outcome.ACCEPTED
    return Delivery(
        sender=CORRECTIONS,
        file_name=f"{'annahme' if is_accepted else 'ablehnung'}-{proposal_id}.json",
        sha256=hashlib.sha256(content).hexdigest(),
        state_on=ruling.day,
        accepted=int(is_accepted),
        refused=int(not is_accepted),
        receipt={"proposal": proposal_id, "verdict": ruling.outcome.value},
        recorded_at=recorded_at,
    )


def record_ruling(store: Store, proposal: pd.Series[Any], delivery: Delivery, ruling: Ruling) -> Recorded:
    """
    Record a decision and what follows from it, or nothing.

    Parameters
    ----------
    store
        Where to.
    proposal
        A row of `proposals`.
    delivery
        As `as_delivery` describes it.
    ruling
        The decision.

    Returns
    -------
    recorded
        Only an accepted status has an event; it names the author, who accepted it, and why.

    Raises
    ------
    DataError
        If a decision on the proposal stands.
    InputError, OutputError
        As `record` has them.
    """
    row = {"row": 1, "proposal_id": proposal["proposal_id"], "verdict": ruling.outcome.value}
    taken = pd.DataFrame([{**row, "by": ruling.by, "why": ruling.why}])
    is_event = ruling.outcome is Outcome.ACCEPTED and proposal["kind"] == Kind.STATUS
    told = _event(proposal, ruling) if is_event else NO_EVENTS
    return record(store, delivery, told, beside={"decisions": taken})


def _event(proposal: pd.Series[Any], ruling: Ruling) -> pd.DataFrame:
    remark = "" if pd.isna(proposal["remark"]) else f"; Bemerkung: {proposal['remark']}"
    row = {
        **{key: proposal[key] for key in ("entity", "entity_id", "valid_on", "status")},
        "row": 1,
        "note": f"Vorschlag {proposal['proposal_id']}, angenommen von {ruling.by}: {ruling.why}{remark}",
        "reported_by": f"{proposal['author']} ({proposal['sender']})",
    }
    return pd.DataFrame([row])
