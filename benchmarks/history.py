"""
How fast the store answers: the state over a million events against a bare pandas group-by.

The rival has the rows in memory already, in order of day, and neither filters, nor settles contradictions, nor
says since when. The store holds nothing in memory: it opens and reads its file anew each time.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from benchmarks.ratio import Ratio, medians, seconds
from rollout.history import Delivery, events, open_store, record, statuses
from rollout.vocabulary import TARGET_LADDER

if TYPE_CHECKING:
    from rollout.history import Store

SEED = 20220328
EVENTS = 1_000_000
DELIVERIES = 400
ENTITIES = 60_000
FIRST_DAY = dt.date(2021, 3, 1)
AS_OF = dt.date(2024, 1, 1)
LIMIT = 3.0
_NEEDED = ["entity", "entity_id", "valid_on", "status"]


def batches(total: int) -> list[tuple[Delivery, pd.DataFrame]]:
    """Make deliveries whose targets climb the ladder, with late rows among them."""
    rng = np.random.default_rng(SEED)
    keys = np.array([rung.key for rung in TARGET_LADDER if not rung.side])
    size = total // DELIVERIES
    made = []
    for number in range(DELIVERIES):
        state_on = FIRST_DAY + dt.timedelta(days=2 * number)
        height = np.minimum(len(keys) - 1, number * len(keys) // DELIVERIES + rng.integers(0, 2, size))
        days = np.datetime64(state_on, "D") - rng.integers(0, 30, size)
        rows = pd.DataFrame(
            {
                "entity": "target",
                "entity_id": [f"LEV-A-{place:06d}" for place in rng.integers(0, ENTITIES, size)],
                "valid_on": days.astype("datetime64[ms]"),
                "row": np.arange(1, size + 1),
                "status": keys[height],
            }
        )
        digest = hashlib.sha256(str(number).encode()).hexdigest()
        made.append((Delivery(sender="EVL", file_name=f"{number}.csv", sha256=digest, state_on=state_on), rows))
    return made


def filled(path: Path) -> Store:
    """Record the deliveries without copies: what is measured is reading."""
    store = open_store(path, create=True, keep=0)
    for delivery, rows in batches(EVENTS):
        record(store, delivery, rows)
    return store


def measure() -> list[Ratio]:
    """Ask for one day's truth and let pandas take the last row of each group, in turn."""
    with tempfile.TemporaryDirectory() as folder:
        store = filled(Path(folder) / "history.db")
        # In order of day, as a rival must hold them for its last row to be the latest.
        rows = events(store).sort_values("valid_on", kind="stable", ignore_index=True)
        ours, whole, narrow = medians(
            seconds(lambda: statuses(store, AS_OF)),
            seconds(lambda: rows.groupby(["entity", "entity_id"]).last()),
            seconds(lambda: rows[_NEEDED].groupby(["entity", "entity_id"]).last()),
        )
    return [
        Ratio("state of 1 million events", "pandas group-by, all columns", ours, whole, "s", LIMIT),
        Ratio("state of 1 million events", "pandas group-by, four columns", ours, narrow, "s", LIMIT),
    ]
