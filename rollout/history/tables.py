"""The store's tables as SQL: what may stand in them comes from the vocabulary, and nothing leaves them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rollout import vocabulary as words
from rollout.marks import Kind, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable

APPLICATION_ID = 0x726F6C6C
"""`roll` in ASCII; tells this store from every other SQLite file."""

LADDERS: dict[str, tuple[words.Rung, ...]] = {"segment": words.SEGMENT_LADDER, "target": words.TARGET_LADDER}
"""What an event can be about, and the states it can report."""


def _among(allowed: Iterable[str]) -> str:
    return "(" + ", ".join(f"'{word}'" for word in allowed) + ")"


def _status_of_its_ladder(column: str = "status") -> str:
    return " OR ".join(
        f"(entity = '{entity}' AND {column} IN {_among(rung.key for rung in ladder)})"
        for entity, ladder in LADDERS.items()
    )


_MOMENT = "GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9].*Z'"

_DELIVERIES = f"""
CREATE TABLE deliveries (
    delivery_id TEXT PRIMARY KEY CONSTRAINT delivery_id CHECK (delivery_id = substr(sha256, 1, 12)),
    kind TEXT NOT NULL DEFAULT 'delivery' CONSTRAINT kind CHECK (kind IN ('delivery')),
    sender TEXT NOT NULL CONSTRAINT sender CHECK (sender <> ''),
    file_name TEXT NOT NULL CONSTRAINT file_name CHECK (file_name <> ''),
    sha256 TEXT NOT NULL UNIQUE CONSTRAINT sha256 CHECK (length(sha256) = 64 AND sha256 NOT GLOB '*[^0-9a-f]*'),
    recorded_at TEXT NOT NULL UNIQUE CONSTRAINT recorded_at CHECK (recorded_at {_MOMENT}),
    state_on TEXT NOT NULL CONSTRAINT state_on CHECK (state_on IS date(state_on)),
    is_full_list INTEGER NOT NULL CONSTRAINT is_full_list CHECK (is_full_list IN (0, 1)),
    accepted INTEGER NOT NULL CONSTRAINT accepted CHECK (accepted >= 0),
    unchanged INTEGER NOT NULL CONSTRAINT unchanged CHECK (unchanged >= 0),
    refused INTEGER NOT NULL CONSTRAINT refused CHECK (refused >= 0),
    rules_run TEXT NOT NULL CONSTRAINT rules_run CHECK (rules_run GLOB '[[]*]'),
    receipt TEXT NOT NULL CONSTRAINT receipt CHECK (receipt GLOB '{{*}}')
) STRICT
"""

_WITHDRAWALS = f"""
CREATE TABLE withdrawals (
    recorded_at TEXT PRIMARY KEY CONSTRAINT recorded_at CHECK (recorded_at {_MOMENT}),
    delivery_id TEXT NOT NULL REFERENCES deliveries,
    effect TEXT NOT NULL CONSTRAINT effect CHECK (effect IN ('withdrawn', 'reinstated')),
    by TEXT NOT NULL CONSTRAINT by CHECK (by <> ''),
    why TEXT NOT NULL CONSTRAINT why CHECK (why <> '')
) STRICT
"""

# Clustered by entity and day: the history of one address is one short read.
_EVENTS = f"""
CREATE TABLE events (
    entity TEXT NOT NULL CONSTRAINT entity CHECK (entity IN {_among(LADDERS)}),
    entity_id TEXT NOT NULL CONSTRAINT entity_id CHECK (entity_id <> ''),
    valid_on TEXT NOT NULL CONSTRAINT valid_on CHECK (valid_on IS date(valid_on)),
    delivery_id TEXT NOT NULL REFERENCES deliveries,
    row INTEGER NOT NULL CONSTRAINT row CHECK (row >= 1),
    status TEXT CONSTRAINT status CHECK (status IS NULL OR {_status_of_its_ladder()}),
    reason TEXT CONSTRAINT reason CHECK (reason IN {_among(words.REASONS)}),
    note TEXT,
    reported_by TEXT NOT NULL CONSTRAINT reported_by CHECK (reported_by <> ''),
    PRIMARY KEY (entity, entity_id, valid_on, delivery_id, row)
) STRICT, WITHOUT ROWID
"""

_LENGTHS = """
CREATE TABLE lengths (
    segment_id TEXT NOT NULL CONSTRAINT segment_id CHECK (segment_id <> ''),
    delivery_id TEXT NOT NULL REFERENCES deliveries,
    row INTEGER NOT NULL CONSTRAINT row CHECK (row >= 1),
    drawn_m REAL CONSTRAINT drawn_m CHECK (drawn_m >= 0 AND drawn_m < 1e9),
    reported_m REAL CONSTRAINT reported_m CHECK (reported_m >= 0 AND reported_m < 1e9),
    PRIMARY KEY (segment_id, delivery_id, row)
) STRICT, WITHOUT ROWID
"""

# The events of a delivery once more, as one Arrow stream: reading a million rows one by one takes seconds.
# It is written last and seals the delivery, so the two can never drift apart.
_PACKS = """
CREATE TABLE packs (
    delivery_id TEXT PRIMARY KEY REFERENCES deliveries,
    events INTEGER NOT NULL CONSTRAINT events CHECK (events >= 0),
    arrow BLOB NOT NULL
) STRICT
"""

_TABLES = ("deliveries", "withdrawals", "events", "lengths", "packs")

_LATEST = """max(
    coalesce((SELECT max(recorded_at) FROM deliveries), ''),
    coalesce((SELECT max(recorded_at) FROM withdrawals), '')
)"""

LATEST = f"SELECT nullif({_LATEST}, '')"
"""The latest moment of recording, or NULL in an empty store."""


def _abort(message: str) -> str:
    return f"BEGIN SELECT RAISE(ABORT, '{message}'); END"


def _kept(table: str, action: str) -> str:
    return f"CREATE TRIGGER {table}_no_{action} BEFORE {action} ON {table} {_abort('every row is kept for ever')}"


def _refused(table: str, name: str, when: str, message: str) -> str:
    return f"CREATE TRIGGER {table}_{name} BEFORE INSERT ON {table} WHEN {when} {_abort(message)}"


_SEALED = "EXISTS (SELECT 1 FROM packs WHERE delivery_id = NEW.delivery_id)"
_BACKWARD = f"NEW.recorded_at <= {_LATEST}"
# INSERT OR REPLACE deletes without firing a trigger against DELETE.
_REPEATED = "EXISTS (SELECT 1 FROM deliveries WHERE delivery_id = NEW.delivery_id OR sha256 = NEW.sha256)"

_FIRST = (
    _DELIVERIES,
    _WITHDRAWALS,
    _EVENTS,
    _LENGTHS,
    _PACKS,
    "CREATE INDEX withdrawals_by_delivery ON withdrawals (delivery_id, recorded_at)",
    "CREATE INDEX events_by_delivery ON events (delivery_id, row)",
    "CREATE INDEX lengths_by_delivery ON lengths (delivery_id, row)",
    *(_kept(table, action) for table in _TABLES for action in ("UPDATE", "DELETE")),
    *(_refused(table, "sealed", _SEALED, "the delivery is sealed") for table in ("events", "lengths", "packs")),
    *(_refused(table, "forward", _BACKWARD, "history only grows forward") for table in ("deliveries", "withdrawals")),
    _refused("deliveries", "once", _REPEATED, "the delivery is already here"),
)


# What was marked in a page as wrong: it says what the page said, what is proposed, and changes nothing by itself.
_PROPOSALS = f"""
CREATE TABLE proposals (
    delivery_id TEXT NOT NULL REFERENCES deliveries,
    row INTEGER NOT NULL CONSTRAINT row CHECK (row >= 1),
    proposal_id TEXT NOT NULL UNIQUE CONSTRAINT proposal_id CHECK (proposal_id = delivery_id || '-' || row),
    entity TEXT NOT NULL CONSTRAINT entity CHECK (entity IN {_among(LADDERS)}),
    entity_id TEXT NOT NULL CONSTRAINT entity_id CHECK (entity_id <> ''),
    kind TEXT NOT NULL CONSTRAINT kind CHECK (kind IN {_among(Kind)}),
    author TEXT NOT NULL CONSTRAINT author CHECK (author <> ''),
    said_status TEXT CONSTRAINT said_status CHECK (said_status IS NULL OR {_status_of_its_ladder("said_status")}),
    said_since TEXT CONSTRAINT said_since CHECK (said_since IS date(said_since)),
    said_lon REAL CONSTRAINT said_lon CHECK (said_lon BETWEEN -180 AND 180),
    said_lat REAL CONSTRAINT said_lat CHECK (said_lat BETWEEN -90 AND 90),
    status TEXT CONSTRAINT status CHECK (status IS NULL OR {_status_of_its_ladder()}),
    valid_on TEXT CONSTRAINT valid_on CHECK (valid_on IS date(valid_on)),
    lon REAL CONSTRAINT lon CHECK (lon BETWEEN -180 AND 180),
    lat REAL CONSTRAINT lat CHECK (lat BETWEEN -90 AND 90),
    remark TEXT CONSTRAINT remark CHECK (remark <> ''),
    CONSTRAINT proposed CHECK (
        (kind = 'status') = (status IS NOT NULL) AND (kind = 'status') = (valid_on IS NOT NULL)
        AND (kind = 'place') = (lon IS NOT NULL) AND (kind = 'place') = (lat IS NOT NULL)
        AND (kind <> 'remark' OR remark IS NOT NULL)
    ),
    PRIMARY KEY (delivery_id, row)
) STRICT, WITHOUT ROWID
"""

# A decision is a delivery of its own: what follows from an acceptance are its events, and it is withdrawn like any.
_DECISIONS = f"""
CREATE TABLE decisions (
    delivery_id TEXT NOT NULL REFERENCES deliveries,
    row INTEGER NOT NULL CONSTRAINT row CHECK (row >= 1),
    proposal_id TEXT NOT NULL REFERENCES proposals (proposal_id),
    verdict TEXT NOT NULL CONSTRAINT verdict CHECK (verdict IN {_among(Outcome)}),
    by TEXT NOT NULL CONSTRAINT by CHECK (by <> ''),
    why TEXT NOT NULL CONSTRAINT why CHECK (why <> ''),
    PRIMARY KEY (delivery_id, row)
) STRICT, WITHOUT ROWID
"""


def _decided(proposals: str) -> str:
    """Whether a decision on any of some proposals stands."""
    return f"""EXISTS (
        SELECT 1 FROM decisions AS d WHERE d.proposal_id IN ({proposals}) AND 'withdrawn' IS NOT (
            SELECT w.effect FROM withdrawals AS w WHERE w.delivery_id = d.delivery_id
            ORDER BY w.recorded_at DESC LIMIT 1
        )
    )"""  # noqa: S608 - text of ours


_OF_THE_SAME = "SELECT proposal_id FROM decisions WHERE delivery_id = NEW.delivery_id"
_AGAIN = f"NEW.effect = 'reinstated' AND {_decided(_OF_THE_SAME)}"
_TWICE = "über den Vorschlag ist schon entschieden"

_SECOND = (
    _PROPOSALS,
    _DECISIONS,
    "CREATE INDEX decisions_by_proposal ON decisions (proposal_id)",
    *(_kept(table, action) for table in ("proposals", "decisions") for action in ("UPDATE", "DELETE")),
    *(_refused(table, "sealed", _SEALED, "the delivery is sealed") for table in ("proposals", "decisions")),
    _refused("decisions", "once", _decided("NEW.proposal_id"), _TWICE),
    _refused("withdrawals", "once", _AGAIN, _TWICE),
)

MIGRATIONS: tuple[tuple[str, ...], ...] = (_FIRST, _SECOND)
"""Statements that lead from one version of the schema to the next; `PRAGMA user_version` counts them.

A new word in the vocabulary changes the CHECKs and therefore needs a further entry here."""
