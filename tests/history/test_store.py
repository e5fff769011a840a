"""The store keeps every row, says clearly what is not it, and copies itself."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pandas as pd
import pytest

from rollout import history
from rollout.errors import DataError, InputError, OutputError
from rollout.history import copies, moments, opening, recording, tables

Make = Callable[..., history.Delivery]
Rows = Callable[..., pd.DataFrame]

DUG = ("segment", "s", "2022-03-01", "digging")


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        yield connection


def filled(store: history.Store, delivery: Make, rows: Rows) -> None:
    lengths = pd.DataFrame({"segment_id": ["s"], "row": [1], "drawn_m": [101.5], "reported_m": [99.0]})
    history.record(store, delivery("a"), rows(DUG), lengths)
    history.withdraw(store, delivery("a").delivery_id, "Irrtum", "Stadt")


@pytest.mark.parametrize("table", ["deliveries", "withdrawals", "events", "lengths", "packs"])
@pytest.mark.parametrize("change", ["UPDATE {} SET delivery_id = delivery_id", "DELETE FROM {}"])
def test_changing_and_deleting_are_refused(
    store: history.Store, delivery: Make, rows: Rows, table: str, change: str
) -> None:
    filled(store, delivery, rows)
    with opened(store.path) as connection, pytest.raises(sqlite3.IntegrityError, match="kept for ever"):
        connection.execute(change.format(table))


@pytest.mark.parametrize("table", ["deliveries", "withdrawals", "events", "lengths", "packs"])
def test_replacing_is_refused_although_it_fires_no_trigger_against_deleting(
    store: history.Store, delivery: Make, rows: Rows, table: str
) -> None:
    filled(store, delivery, rows)
    with opened(store.path) as connection, pytest.raises(sqlite3.IntegrityError):
        connection.execute(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")  # noqa: S608 - names of ours


def test_nothing_joins_a_delivery_after_it_was_recorded(store: history.Store, delivery: Make, rows: Rows) -> None:
    filled(store, delivery, rows)
    with opened(store.path) as connection, pytest.raises(sqlite3.IntegrityError, match="sealed"):
        connection.execute(
            "INSERT INTO events SELECT entity, 'new', valid_on, delivery_id, row, status, reason, note,"
            " reported_by FROM events"
        )


def test_the_same_file_twice_changes_nothing_and_says_so(store: history.Store, delivery: Make, rows: Rows) -> None:
    first = history.record(store, delivery("a"), rows(DUG))
    before = store.path.read_bytes()
    again = history.record(store, delivery("a"), rows(DUG, DUG))
    assert (first.is_new, again.is_new, again.withdrawn) == (True, False, False)
    assert again.recorded_at == first.recorded_at
    assert store.path.read_bytes() == before
    history.withdraw(store, first.delivery_id, "Irrtum", "Stadt")
    assert history.record(store, delivery("a"), rows(DUG)).withdrawn


@pytest.mark.parametrize(
    "row",
    [
        ("segment", "s", "2022-03-01", "activated"),
        ("target", "t", "2022-03-01", "digging"),
        ("district", "d", "2022-03-01", None),
        ("segment", "", "2022-03-01", "digging"),
        ("segment", "s", None, "digging"),
    ],
)
def test_a_row_against_the_rules_is_named_and_nothing_is_recorded(
    store: history.Store, delivery: Make, rows: Rows, row: tuple
) -> None:
    with pytest.raises(DataError, match="Zeile 2"):
        history.record(store, delivery("a"), rows(DUG, row))
    assert history.deliveries(store).empty
    assert history.events(store).empty


def test_missing_unknown_and_mistyped_columns_are_refused(store: history.Store, delivery: Make, rows: Rows) -> None:
    with pytest.raises(DataError, match="'status' fehlt, 'owner' ist unbekannt"):
        history.record(store, delivery("a"), rows(DUG).rename(columns={"status": "owner"}))
    with pytest.raises(DataError, match="nicht die Form"):
        history.record(store, delivery("a"), rows(DUG).assign(row="first"))


def test_lengths_and_reports_are_read_back_with_their_delivery(
    store: history.Store, delivery: Make, rows: Rows
) -> None:
    lengths = pd.DataFrame({"segment_id": ["s"], "row": [1], "drawn_m": [101.5]})
    said = rows(DUG).assign(reason="weather", note="Frost", reported_by="Bauamt")
    history.record(store, delivery("a", accepted=1, rules_run=("crs",), receipt={"Zeilen": 1}), said, lengths)
    assert history.lengths(store)[["drawn_m", "file_name"]].to_numpy().tolist() == [[101.5, "a.csv"]]
    event = history.events(store, entity="segment", entity_id="s").iloc[0]
    assert (event["reason"], event["note"], event["reported_by"], event["sender"]) == (
        "weather",
        "Frost",
        "Bauamt",
        "EVL",
    )
    assert history.events(store, entity="target").empty
    listed = history.deliveries(store).iloc[0]
    assert (listed["receipt"], listed["rules_run"], listed["accepted"]) == ('{"Zeilen": 1}', '["crs"]', 1)


def test_history_only_grows_forward(store: history.Store, delivery: Make, rows: Rows) -> None:
    day = dt.datetime(2022, 4, 1, tzinfo=dt.UTC)
    history.record(store, delivery("a", recorded_at=day), rows(DUG))
    for moment in (day, dt.datetime.now(dt.UTC) + dt.timedelta(days=1)):
        with pytest.raises(DataError, match="liegt nicht zwischen"):
            history.record(store, delivery("b", recorded_at=moment), rows(DUG))


def test_a_clock_set_back_still_records_later() -> None:
    now = dt.datetime(2022, 4, 1, tzinfo=dt.UTC)
    assert moments.after("2022-04-02T00:00:00.000000Z", now) == "2022-04-02T00:00:00.000001Z"
    assert moments.after(None, now) == "2022-04-01T00:00:00.000000Z"


def test_withdrawing_names_what_it_cannot_find_or_has_done(store: history.Store, delivery: Make, rows: Rows) -> None:
    filled(store, delivery, rows)
    with pytest.raises(InputError, match="gibt es nicht"):
        history.withdraw(store, "zzz", "x", "y")
    with pytest.raises(InputError, match="schon zurückgezogen"):
        history.withdraw(store, delivery("a").delivery_id, "x", "y")
    with pytest.raises(DataError, match="why"):
        history.reinstate(store, delivery("a").delivery_id, "", "y")


def test_another_writer_is_waited_for_and_named_while_readers_are_served(
    store: history.Store, delivery: Make, rows: Rows
) -> None:
    impatient = history.open_store(store.path, wait_s=0.05)
    with opened(store.path) as connection:
        connection.execute("BEGIN IMMEDIATE")
        with pytest.raises(OutputError, match="anderer Lauf") as caught:
            history.record(impatient, delivery("a"), rows(DUG))
        assert history.deliveries(impatient).empty
    assert caught.value.hint


def test_what_is_no_store_is_refused_by_name(tmp_path: Path, store: history.Store) -> None:
    other, text, folder = tmp_path / "other.db", tmp_path / "text.db", tmp_path / "folder.db"
    with opened(other) as connection:
        connection.execute("CREATE TABLE t (a)")
    text.write_bytes(b"<html>" * 1000)
    folder.mkdir()
    (tmp_path / "empty.db").touch()
    (tmp_path / "link.db").symlink_to(store.path)
    cases = {
        "other.db": "andere Datenbank", "text.db": "beschädigt oder kein Speicher", "folder.db": "keine Datei",
        "empty.db": "ist leer", "link.db": "Verknüpfung", "nowhere.db": "gibt es nicht",
    }  # fmt: skip
    for name, message in cases.items():
        with pytest.raises(InputError, match=message) as caught:
            history.open_store(tmp_path / name)
        assert caught.value.hint
    with pytest.raises(InputError, match="den Ordner"):
        history.open_store(tmp_path / "no" / "history.db", create=True)
    os.link(store.path, tmp_path / "hard.db")
    with pytest.raises(InputError, match="harte Verknüpfung"):
        history.open_store(store.path)


def test_an_older_store_is_copied_and_brought_up_to_date_and_a_newer_one_refused(
    store: history.Store, delivery: Make, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(store, delivery, rows)
    steps = (*tables.MIGRATIONS, ("CREATE INDEX deliveries_by_sender ON deliveries (sender)",))
    with monkeypatch.context() as newer:
        newer.setattr(opening, "MIGRATIONS", steps)
        newer.setattr("rollout.history.store.MIGRATIONS", steps)
        held = len(list(store.copies_folder.iterdir()))
        assert history.verify(history.open_store(store.path).path).events == 1
        assert len(list(store.copies_folder.iterdir())) == held + 1
    with pytest.raises(InputError, match=f"Fassung {len(steps)}"):
        history.open_store(store.path)


def test_new_words_need_a_new_migration() -> None:
    digests = [hashlib.sha256("\n".join(step).encode()).hexdigest() for step in tables.MIGRATIONS]
    assert digests == [
        "582161cbd243a09704bd78d8ac1871ae54c23bfa98f26c450a0886f9aa36e4e9",
        "e99970ea3892da3f9482ac7c98b449435796793a05da7c9fba0ad3aa8854f170",
    ], "stores in use have the old CHECKs: add an entry to MIGRATIONS"


def test_a_copy_holds_what_the_store_holds_and_the_oldest_go(
    tmp_path: Path, store: history.Store, delivery: Make, rows: Rows
) -> None:
    filled(store, delivery, rows)
    made = [history.backup(store, tmp_path / "copies", 2) for _ in range(3)]
    assert [path.exists() for path in made] == [False, True, True]
    assert history.verify(made[2]) == history.verify(store.path) == history.Verified(1, 1, 1)
    pd.testing.assert_frame_equal(history.deliveries(history.open_store(made[2])), history.deliveries(store))


def test_a_copy_is_made_before_each_import_and_only_the_last_are_kept(
    store: history.Store, delivery: Make, rows: Rows
) -> None:
    for name in "abcd":
        history.record(store, delivery(name), rows(DUG))
    held = [history.verify(path).deliveries for path in sorted(store.copies_folder.iterdir())]
    assert held == [2, 3]


def test_a_copy_that_cannot_be_written_is_an_output_error(tmp_path: Path, store: history.Store) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="lässt sich nicht schreiben"):
        history.backup(store, tmp_path / "file", 1)


def test_a_damaged_page_is_found_before_the_next_import(store: history.Store, delivery: Make, rows: Rows) -> None:
    history.record(store, delivery("a"), rows(*(("segment", f"s{n}", "2022-03-01", "digging") for n in range(500))))
    content = bytearray(store.path.read_bytes())
    leaf = content.index(b"segments250") // 4096 * 4096
    content[leaf : leaf + 64] = b"\xff" * 64
    store.path.write_bytes(content)
    with pytest.raises(InputError, match="beschädigt"):
        history.record(store, delivery("b"), rows(DUG))


def test_what_a_killed_writer_left_in_the_journal_is_rolled_back_by_the_next_reader(
    tmp_path: Path, store: history.Store, delivery: Make, rows: Rows
) -> None:
    filled(store, delivery, rows)
    left = tmp_path / "left.db"
    with opened(store.path) as connection:
        connection.execute("PRAGMA cache_size = 1")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("CREATE TABLE half (a)")
        connection.executemany("INSERT INTO half VALUES (?)", [("x" * 1000,)] * 1000)
        left.write_bytes(store.path.read_bytes())
        left.with_name("left.db-journal").write_bytes(store.path.with_name("history.db-journal").read_bytes())
    assert len(history.deliveries(history.Store(left))) == 1
    assert history.verify(left) == history.Verified(1, 1, 1)


def test_events_that_are_not_the_received_ones_are_found(store: history.Store, delivery: Make, rows: Rows) -> None:
    filled(store, delivery, rows)
    with opened(store.path) as connection:
        connection.execute("DROP TRIGGER events_no_UPDATE")
        connection.execute("UPDATE events SET status = 'planned'")
    with pytest.raises(InputError, match="nicht die empfangenen"):
        history.verify(store.path)
    with pytest.raises(InputError, match="gibt es nicht"):
        history.verify(store.path.with_name("none.db"))
    copies.check_whole(store.path)


def test_a_file_name_in_another_encoding_does_not_stop_the_import() -> None:
    assert recording._writable("Stra\udce4e") == "Stra\ufffde"


def test_the_room_opens_no_second_sqlite() -> None:
    code = "import sys, rollout.history; print({'geopandas', 'pyogrio', 'fiona'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
