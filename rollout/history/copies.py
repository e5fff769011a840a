"""Is the file whole, and a copy of it that was checked before it got its name."""

from __future__ import annotations

import datetime as dt
import os
import uuid
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa

from rollout.errors import InputError, OutputError
from rollout.history.moments import stamp
from rollout.history.packing import EVENT_SCHEMA, as_records, unpack
from rollout.history.store import Store, connect, damaged, reading, spoken_of, version_of

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

_SHOWN = 3
"""So many of SQLite's complaints are shown."""


@dataclass(frozen=True, slots=True)
class Verified:
    """
    What a whole file holds.

    Attributes
    ----------
    deliveries, withdrawals, events
        Rows of each kind.
    """

    deliveries: int
    withdrawals: int
    events: int


def check_whole(path: Path) -> None:
    """
    Let SQLite look at every page, index, CHECK and reference of a file.

    Parameters
    ----------
    path
        A store, or a copy of one.

    Raises
    ------
    InputError
        If it is not a store, or is damaged.
    """
    with reading(Store(path)) as connection:
        if version_of(connection, path) == 0:
            raise damaged(path, "die Datei ist leer")
        complaints = [str(row[0]) for row in connection.execute("PRAGMA integrity_check")]
        complaints += [f"Verweis ins Leere in '{row[0]}'" for row in connection.execute("PRAGMA foreign_key_check")]
    faults = [complaint for complaint in complaints if complaint != "ok"]
    if faults:
        raise damaged(path, "; ".join(faults[:_SHOWN]))


def verify(path: Path) -> Verified:
    """
    Check a store, or a copy of one, to the last row.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    verified
        What it holds.

    Raises
    ------
    InputError
        If it is not there, not a store, damaged, or a delivery's events differ from what was sealed.
    """
    if not path.is_file():
        msg = f"die Datei '{path}' gibt es nicht"
        raise InputError(msg, "Nennen Sie den Speicher oder eine seiner Kopien.")
    check_whole(path)
    with reading(Store(path)) as connection:
        ids = [str(row[0]) for row in connection.execute("SELECT delivery_id FROM deliveries")]
        for delivery_id in ids:
            if not _is_sealed_as_is(connection, delivery_id):
                raise damaged(path, f"die Ereignisse der Lieferung {delivery_id} sind nicht die empfangenen")
        withdrawals, events = (
            int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608 - two names of ours
            for table in ("withdrawals", "events")
        )
    return Verified(len(ids), withdrawals, events)


def _is_sealed_as_is(connection: sqlite3.Connection, delivery_id: str) -> bool:
    found = connection.execute("SELECT arrow FROM packs WHERE delivery_id = ?", (delivery_id,)).fetchone()
    columns = ", ".join(EVENT_SCHEMA.names)
    rows = connection.execute(
        f"SELECT {columns} FROM events WHERE delivery_id = ?",  # noqa: S608 - columns of ours
        (delivery_id,),
    )
    try:
        return found is not None and set(as_records(unpack([found[0]]).cast(EVENT_SCHEMA))) == set(rows)
    except pa.ArrowException:
        return False


def backup(store: Store, folder: Path, keep: int) -> Path:
    """
    Copy the store at any time, also while it is written to.

    Parameters
    ----------
    store
        What is copied, as last committed.
    folder
        Where the copies are; made if it does not exist.
    keep
        So many copies stay, the new one among them; at least 1.

    Returns
    -------
    path
        The new copy, checked and on the disk; its name says when it was made.

    Raises
    ------
    InputError
        If the store or the copy is damaged.
    OutputError
        If the copy cannot be written.
    """
    name = stamp(dt.datetime.now(dt.UTC)).replace("-", "").replace(":", "")
    copy = folder / f"{store.path.stem}-{name}.db"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _copy_whole(store, copy)
        _forget_old(store, folder, keep)
    except OSError as error:
        msg = f"die Kopie '{copy}' lässt sich nicht schreiben: {error.strerror}"
        hint = "Prüfen Sie Schreibrecht und freien Platz; am Bestand hat sich nichts geändert."
        raise OutputError(msg, hint) from error
    return copy


def _copy_whole(store: Store, copy: Path) -> None:
    draft = copy.with_name(f".{uuid.uuid4().hex}.neu")
    try:
        _copy(store, draft)
        check_whole(draft)
        _sync(draft)
        draft.replace(copy)
    finally:
        draft.unlink(missing_ok=True)


def _copy(store: Store, draft: Path) -> None:
    with spoken_of(draft), closing(connect(store.path, write=True, wait_s=store.wait_s)) as connection:
        connection.execute("VACUUM INTO ?", (str(draft),))


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _forget_old(store: Store, folder: Path, keep: int) -> None:
    copies = sorted(folder.glob(f"{store.path.stem}-*Z.db"))
    for old in copies[: -max(keep, 1)]:
        old.unlink(missing_ok=True)
