"""The state of the town in miniature, and the file QGIS gets of it."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path

import pandas as pd
import pytest

import rollout
from rollout.exchange.snapshot import snapshot
from rollout.history import Delivery, open_store, record

_EVENTS = [("segment", "S1", "duct_laid"), ("target", "T1", "surveyed"), ("target", "T2", "activated")]


@pytest.fixture
def state(tiny_project: Path) -> rollout.State:
    return rollout.state(rollout.open_project(tiny_project))


@pytest.fixture
def published(state: rollout.State, tmp_path: Path) -> Path:
    path = tmp_path / "current.gpkg"
    path.write_bytes(snapshot(state))
    return path


@pytest.fixture
def delivered(tiny_project: Path) -> Path:
    """The project with a store and one delivery in it."""
    store = open_store(tiny_project / "history.db", create=True, keep=0)
    said = pd.DataFrame(_EVENTS, columns=["entity", "entity_id", "status"], dtype="string")
    said["valid_on"] = pd.Series([pd.Timestamp(2022, 3, 1)] * len(said), dtype="datetime64[ms]")
    digest = hashlib.sha256(b"liste").hexdigest()
    delivery = Delivery(sender="EVL", file_name="liste.csv", sha256=digest, state_on=dt.date(2022, 3, 2))
    record(store, delivery, said.assign(row=range(1, len(said) + 1)))
    return tiny_project
