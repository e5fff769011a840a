"""Deliveries and rows as the tests speak of them."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd
import pytest

from rollout.history import Delivery, Store, open_store

Row = tuple[str, str, str, str | None]


@pytest.fixture(scope="session")
def delivery() -> Callable[..., Delivery]:
    def made(name: str, state_on: str = "2022-03-31", **said: object) -> Delivery:
        digest = hashlib.sha256(name.encode()).hexdigest()
        day = dt.date.fromisoformat(state_on)
        return Delivery(sender="EVL", file_name=f"{name}.csv", sha256=digest, state_on=day, **said)

    return made


@pytest.fixture(scope="session")
def rows() -> Callable[..., pd.DataFrame]:
    def made(*said: Row) -> pd.DataFrame:
        frame = pd.DataFrame(list(said), columns=["entity", "entity_id", "valid_on", "status"], dtype="string")
        frame["valid_on"] = pd.to_datetime(frame["valid_on"], format="%Y-%m-%d").astype("datetime64[ms]")
        return frame.assign(row=range(1, len(frame) + 1))

    return made


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(tmp_path / "history.db", create=True, keep=2)


@pytest.fixture(scope="session")
def standing() -> Callable[..., list[tuple[object, ...]]]:
    def read(frame: pd.DataFrame, *names: str) -> list[tuple[object, ...]]:
        columns: Sequence[str] = names or ("entity_id", "status")
        plain = frame[list(columns)].astype(object).where(frame[list(columns)].notna(), None)
        return list(plain.itertuples(index=False, name=None))

    return read
