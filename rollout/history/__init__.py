"""The append-only store: deliveries come in, nothing is ever lost, every figure has its day."""

from rollout.history.copies import Verified, backup, verify
from rollout.history.opening import open_store
from rollout.history.proposals import decisions, proposals
from rollout.history.reading import counting, deliveries, entity_log, events, explain, lengths, subjects
from rollout.history.recording import Delivery, Recorded, record, reinstate, withdraw
from rollout.history.store import COPIES_FOLDER, FILE_NAME, Store
from rollout.history.truth import changes, course, statuses

__all__ = [
    "COPIES_FOLDER",
    "FILE_NAME",
    "Delivery",
    "Recorded",
    "Store",
    "Verified",
    "backup",
    "changes",
    "counting",
    "course",
    "decisions",
    "deliveries",
    "entity_log",
    "events",
    "explain",
    "lengths",
    "open_store",
    "proposals",
    "record",
    "reinstate",
    "statuses",
    "subjects",
    "verify",
    "withdraw",
]
