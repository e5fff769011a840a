"""Proposals and decisions are kept for ever, one decision on each stands, and old stores learn of both."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from rollout import history
from rollout.errors import DataError
from rollout.history import opening, tables
from rollout.history.packing import PROPOSAL_SCHEMA
from rollout.history.rulings import NO_EVENTS, Ruling, as_delivery, as_file, record_ruling
from rollout.marks import Outcome

Make = Callable[..., history.Delivery]
Rows = Callable[..., pd.DataFrame]


def proposed(delivery: history.Delivery, **changes: object) -> dict[str, pd.DataFrame]:
    said: dict[str, Any] = {
        "row": 1, "proposal_id": f"{delivery.delivery_id}-1", "entity": "target", "entity_id": "T1", "kind": "status",
        "author": "Petra Muster", "said_status": "connected", "status": "house_entry", "valid_on": dt.date(2022, 3, 1),
    }  # fmt: skip
    return {"proposals": pd.DataFrame([{**dict.fromkeys(PROPOSAL_SCHEMA.names), **said, **changes}])}


@pytest.fixture
def proposal(store: history.Store, delivery: Make) -> pd.Series[Any]:
    made = delivery("vorschlag")
    history.record(store, made, NO_EVENTS, beside=proposed(made))
    return history.proposals(store).iloc[0]


def decided(store: history.Store, proposal: pd.Series[Any], outcome: Outcome = Outcome.ACCEPTED) -> str:
    ruling = Ruling(outcome, "Anna Koch", "geprüft", dt.datetime.now(dt.UTC))
    content = as_file(proposal["proposal_id"], ruling)
    return record_ruling(store, proposal, as_delivery(proposal["proposal_id"], content, ruling), ruling).delivery_id


def test_a_proposal_changes_no_state_and_an_accepted_one_does(store: history.Store, proposal: pd.Series[Any]) -> None:
    assert history.statuses(store, dt.date(2022, 4, 1)).empty
    name = decided(store, proposal)
    row = history.statuses(store, dt.date(2022, 4, 1)).iloc[0]
    assert (row["status"], row["delivery_id"], row["reported_by"]) == ("house_entry", name, "Petra Muster (EVL)")
    note = history.events(store)["note"].iloc[0]
    assert note == f"Vorschlag {proposal['proposal_id']}, angenommen von Anna Koch: geprüft"


def test_a_rejected_one_stays_with_its_reason_and_changes_nothing(
    store: history.Store, proposal: pd.Series[Any]
) -> None:
    decided(store, proposal, Outcome.REJECTED)
    row = history.proposals(store).iloc[0]
    assert row[["verdict", "decided_by", "decided_why"]].tolist() == ["rejected", "Anna Koch", "geprüft"]
    assert history.events(store).empty


def test_only_one_decision_on_a_proposal_stands(store: history.Store, proposal: pd.Series[Any]) -> None:
    first = decided(store, proposal)
    with pytest.raises(DataError, match="schon entschieden"):
        decided(store, proposal, Outcome.REJECTED)
    history.withdraw(store, first, "Irrtum", "Anna Koch")
    assert history.proposals(store)["verdict"].isna().all()
    second = decided(store, proposal, Outcome.REJECTED)
    with pytest.raises(DataError, match="schon entschieden"):
        history.reinstate(store, first, "doch", "Anna Koch")
    history.withdraw(store, second, "Irrtum", "Anna Koch")
    history.reinstate(store, first, "doch", "Anna Koch")
    assert history.proposals(store)["decision_id"].tolist() == [first]
    assert history.decisions(store)["withdrawn"].tolist() == [False, True]


def test_what_was_known_then_knows_no_later_decision(store: history.Store, proposal: pd.Series[Any]) -> None:
    decided(store, proposal)
    then = proposal["recorded_at"].to_pydatetime()
    assert history.proposals(store, then)["verdict"].isna().all()
    assert history.decisions(store, then).empty
    assert history.proposals(store, then - dt.timedelta(seconds=1)).empty


CHANGES = ("UPDATE {} SET row = 2", "DELETE FROM {}", "INSERT OR REPLACE INTO {} SELECT * FROM {}")


@pytest.mark.parametrize("table", ["proposals", "decisions"])
@pytest.mark.parametrize("change", CHANGES)
def test_every_row_is_kept_for_ever(store: history.Store, proposal: pd.Series[Any], table: str, change: str) -> None:
    decided(store, proposal)
    with closing(sqlite3.connect(store.path)) as connection, pytest.raises(sqlite3.IntegrityError):
        connection.execute(change.format(table, table))


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "place"}, {"kind": "remark"}, {"status": None}, {"valid_on": None}, {"lon": 7.0},
        {"status": "digging"}, {"said_status": "aktiv"}, {"entity": "node"}, {"author": ""}, {"remark": ""},
        {"proposal_id": "x-1"}, {"row": 0},
        {"kind": "place", "status": None, "valid_on": None, "lon": 181.0, "lat": 5.0},
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_is_refused_and_the_whole_file_with_it(
    store: history.Store, delivery: Make, changes: dict[str, Any]
) -> None:
    made = delivery("vorschlag")
    with pytest.raises(DataError):
        history.record(store, made, NO_EVENTS, beside=proposed(made, **changes))
    assert history.deliveries(store).empty


def test_a_store_without_proposals_is_copied_and_learns_of_them(
    tmp_path: Path, delivery: Make, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "old.db"
    with monkeypatch.context() as older:
        older.setattr(opening, "MIGRATIONS", tables.MIGRATIONS[:1])
        old = history.open_store(path, create=True, keep=2)
        history.record(old, delivery("a"), rows(("segment", "s", "2022-03-01", "digging")))
        copies = len(list(old.copies_folder.iterdir()))
    made = delivery("vorschlag")
    store = history.open_store(path, keep=2)
    assert len(list(store.copies_folder.iterdir())) == copies + 1
    history.record(store, made, NO_EVENTS, beside=proposed(made))
    decided(store, history.proposals(store).iloc[0])
    assert history.verify(path) == history.Verified(3, 0, 2)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone()[0] == len(tables.MIGRATIONS)
