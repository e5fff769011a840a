"""Deliveries come in whole; a mistake is answered by a counter-entry, and nothing is ever changed or deleted."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rollout.errors import DataError, InputError
from rollout.history.copies import backup, check_whole
from rollout.history.moments import after, moment_of, stamp
from rollout.history.packing import BESIDE_SCHEMAS, EVENT_SCHEMA, as_records, pack, reported_by, tabulate
from rollout.history.store import reading, writing
from rollout.history.tables import LATEST

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd
    import pyarrow as pa

    from rollout.history.store import Store

ID_LENGTH = 12
"""A delivery is named by so many first digits of its SHA-256."""

_WITHDRAWN, _REINSTATED = "withdrawn", "reinstated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """
    One file received, as its receipt has it.

    Attributes
    ----------
    sender
        Who sent it.
    file_name
        Its name, without its folder.
    sha256
        Of its bytes, 64 small hexadecimal digits.
    state_on
        The day the sender says it is true for.
    is_full_list
        Whether it lists everything, or only what changed.
    accepted, unchanged, refused
        Rows of the file.
    rules_run
        Ids of the rules it was checked by.
    receipt
        The receipt, as JSON can hold it.
    recorded_at
        When it was received, where that is not now: later than all that is recorded, and not in the future.
    """

    sender: str
    file_name: str
    sha256: str
    state_on: dt.date
    is_full_list: bool = False
    accepted: int = 0
    unchanged: int = 0
    refused: int = 0
    rules_run: tuple[str, ...] = ()
    receipt: Mapping[str, Any] = field(default_factory=dict)
    recorded_at: dt.datetime | None = None

    @property
    def delivery_id(self) -> str:
        """The short stable name of the delivery."""
        return self.sha256[:ID_LENGTH]


@dataclass(frozen=True, slots=True)
class Recorded:
    """
    What became of a delivery.

    Attributes
    ----------
    delivery_id
        Its short stable name.
    recorded_at
        When it was recorded, now or the first time.
    is_new
        False where the same file was recorded before; then nothing was changed.
    withdrawn
        True where it was recorded before and has been withdrawn since: reinstate it rather than send it again.
    """

    delivery_id: str
    recorded_at: dt.datetime
    is_new: bool
    withdrawn: bool = False


def record(
    store: Store,
    delivery: Delivery,
    events: pd.DataFrame,
    lengths: pd.DataFrame | None = None,
    beside: Mapping[str, pd.DataFrame] | None = None,
) -> Recorded:
    """
    Record a delivery and all it reports, or nothing.

    The store is checked and copied first, unless it keeps no copies. Rows that repeat what is known belong in
    `events` too: what is new depends on what arrived before, and the truth must not.

    Parameters
    ----------
    store
        Where to.
    delivery
        The file.
    events
        `entity`, `entity_id`, `valid_on`, `row`, `status` (empty: the partner says that it does not know);
        optional `reason`, `note`, `reported_by` (the sender by default).
    lengths
        What the delivery says about segments' lengths: `segment_id`, `row`, `drawn_m`, `reported_m`.
    beside
        What else it tells: `proposals` or `decisions`, in the columns of `packing`.

    Returns
    -------
    recorded
        The same file twice changes nothing and says so.

    Raises
    ------
    DataError
        If a row breaks the rules of the store; nothing is recorded.
    InputError
        If the store is damaged.
    OutputError
        If it cannot be written, or another run writes for too long.
    """
    said = reported_by(tabulate(events, EVENT_SCHEMA), delivery.sender)
    told = {**({} if lengths is None else {"lengths": lengths}), **(beside or {})}
    further = {name: tabulate(rows, BESIDE_SCHEMAS[name]) for name, rows in told.items()}
    with reading(store) as connection:
        known = _known(connection, delivery.sha256)
    if known is not None:
        return known
    _secure(store)
    with writing(store) as connection:
        return _known(connection, delivery.sha256) or _insert(connection, delivery, said, further)


def _known(connection: sqlite3.Connection, sha256: str) -> Recorded | None:
    found = connection.execute("SELECT delivery_id, recorded_at FROM deliveries WHERE sha256 = ?", (sha256,)).fetchone()
    if found is None:
        return None
    return Recorded(found[0], moment_of(found[1]), is_new=False, withdrawn=_is_withdrawn(connection, found[0]))


def _secure(store: Store) -> None:
    if store.keep:
        check_whole(store.path)
        backup(store, store.copies_folder, store.keep)


def _insert(
    connection: sqlite3.Connection, delivery: Delivery, said: pa.Table, further: Mapping[str, pa.Table]
) -> Recorded:
    moment = _moment(connection, delivery.recorded_at)
    _insert_delivery(connection, delivery, moment)
    _insert_rows(connection, "events", said, delivery)
    for name, rows in further.items():
        _insert_rows(connection, name, rows, delivery)
    connection.execute("INSERT INTO packs VALUES (?, ?, ?)", (delivery.delivery_id, said.num_rows, pack(said)))
    return Recorded(delivery.delivery_id, moment_of(moment), is_new=True)


def _moment(connection: sqlite3.Connection, asked: dt.datetime | None) -> str:
    latest = connection.execute(LATEST).fetchone()[0]
    now = dt.datetime.now(dt.UTC)
    if asked is None:
        return after(latest, now)
    moment = stamp(asked)
    if moment > stamp(now) or (latest is not None and moment <= latest):
        msg = f"der Empfang am {moment} liegt nicht zwischen dem letzten Eintrag ({latest or 'keiner'}) und jetzt"
        raise DataError(
            msg, "Spielen Sie Lieferungen in der Reihenfolge ihres Empfangs ein, oder lassen Sie die Zeit weg."
        )
    return moment


def _row_of(delivery: Delivery, moment: str) -> dict[str, object]:
    return {
        "delivery_id": delivery.delivery_id,
        "sender": delivery.sender,
        "file_name": _writable(delivery.file_name),
        "sha256": delivery.sha256,
        "recorded_at": moment,
        "state_on": delivery.state_on.isoformat(),
        "is_full_list": delivery.is_full_list,
        "accepted": delivery.accepted,
        "unchanged": delivery.unchanged,
        "refused": delivery.refused,
        "rules_run": json.dumps(delivery.rules_run),
        "receipt": json.dumps(delivery.receipt, sort_keys=True, allow_nan=False),
    }


def _writable(name: str) -> str:
    # A file name in another encoding comes from the system with bytes that UTF-8 cannot hold.
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _insert_delivery(connection: sqlite3.Connection, delivery: Delivery, moment: str) -> None:
    row = _row_of(delivery, moment)
    names, places = ", ".join(row), ", ".join(f":{name}" for name in row)
    try:
        connection.execute(f"INSERT INTO deliveries ({names}) VALUES ({places})", row)  # noqa: S608 - names of ours
    except sqlite3.IntegrityError as error:
        raise _refused(delivery, error) from error


def _insert_rows(connection: sqlite3.Connection, name: str, table: pa.Table, delivery: Delivery) -> None:
    names = ("delivery_id", *table.schema.names)
    places, taken = ", ".join("?" * len(names)), 0

    def rows() -> Iterator[tuple[object, ...]]:
        nonlocal taken
        # SQLite takes one after the other, so the last one taken is the one that is refused.
        for row in as_records(table):
            taken += 1
            yield delivery.delivery_id, *row

    try:
        connection.executemany(f"INSERT INTO {name} ({', '.join(names)}) VALUES ({places})", rows())  # noqa: S608
    except sqlite3.IntegrityError as error:
        raise _refused(delivery, error, f", Zeile {table['row'][taken - 1]}") from error


def _refused(delivery: Delivery, error: sqlite3.IntegrityError, place: str = "") -> DataError:
    msg = f"'{delivery.file_name}'{place}: der Speicher nimmt die Angaben nicht an ({error})"
    return DataError(msg, "Nichts wurde aufgenommen. Berichtigen Sie die Stelle, und senden Sie die Datei neu.")


def withdraw(store: Store, delivery_id: str, why: str, by: str) -> dt.datetime:
    """
    Withdraw a delivery: from now on it does not count; as known before, it still does.

    Parameters
    ----------
    store
        Where it is.
    delivery_id
        Its short name, or the first digits of it.
    why
        The reason, for those who ask later.
    by
        Who decided it.

    Returns
    -------
    recorded_at
        From when on it does not count.

    Raises
    ------
    InputError
        If there is no such delivery, or it is withdrawn already.
    """
    return _answer(store, delivery_id, _WITHDRAWN, why, by)


def reinstate(store: Store, delivery_id: str, why: str, by: str) -> dt.datetime:
    """
    Let a withdrawn delivery count again.

    Parameters
    ----------
    store, delivery_id, why, by
        As in `withdraw`.

    Returns
    -------
    recorded_at
        From when on it counts again.

    Raises
    ------
    InputError
        If there is no such delivery, or it is not withdrawn.
    """
    return _answer(store, delivery_id, _REINSTATED, why, by)


def _answer(store: Store, delivery_id: str, effect: str, why: str, by: str) -> dt.datetime:
    with writing(store) as connection:
        found = _found(connection, delivery_id)
        if _is_withdrawn(connection, found) == (effect == _WITHDRAWN):
            state = "schon zurückgezogen" if effect == _WITHDRAWN else "nicht zurückgezogen"
            msg = f"die Lieferung {found} ist {state}"
            raise InputError(msg, "Alle Lieferungen und ihr Stand stehen in: rollout log")
        moment = _moment(connection, None)
        connection.execute("INSERT INTO withdrawals VALUES (?, ?, ?, ?, ?)", (moment, found, effect, by, why))
    return moment_of(moment)


def _found(connection: sqlite3.Connection, delivery_id: str) -> str:
    ids = [
        str(row[0])
        for row in connection.execute(
            "SELECT delivery_id FROM deliveries WHERE substr(delivery_id, 1, length(?1)) = ?1 AND ?1 <> ''",
            (delivery_id,),
        )
    ]
    if len(ids) == 1:
        return ids[0]
    what = "gibt es nicht" if not ids else f"ist nicht eindeutig: {', '.join(sorted(ids))}"
    msg = f"die Lieferung '{delivery_id}' {what}"
    raise InputError(msg, "Alle Lieferungen stehen in: rollout log")


def _is_withdrawn(connection: sqlite3.Connection, delivery_id: str) -> bool:
    last = connection.execute(
        "SELECT effect FROM withdrawals WHERE delivery_id = ? ORDER BY recorded_at DESC LIMIT 1", (delivery_id,)
    ).fetchone()
    return last is not None and last[0] == _WITHDRAWN
