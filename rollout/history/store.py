"""One SQLite file, opened by Python's sqlite3 alone: who may read it, who may write it, and what is not it."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rollout.errors import DataError, InputError, OutputError, RolloutError
from rollout.history.tables import APPLICATION_ID, MIGRATIONS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FILE_NAME = "history.db"
"""The store's name beside the project file."""

COPIES_FOLDER = "sicherungen"
"""The folder beside the store that holds its copies."""

KEPT_COPIES = 10


@dataclass(frozen=True, slots=True)
class Store:
    """
    A store that was looked at and found good. It holds no connection; every call opens and closes its own.

    Attributes
    ----------
    path
        The SQLite file.
    keep
        So many copies are kept of those made before each import; 0 to neither check nor copy,
        which suits a store that is being built anew.
    wait_s
        So long another run's writing is waited for.
    """

    path: Path
    keep: int = KEPT_COPIES
    wait_s: float = 15.0

    @property
    def copies_folder(self) -> Path:
        """Where the copies before each import go."""
        return self.path.parent / COPIES_FOLDER


def connect(path: Path, *, write: bool, wait_s: float) -> sqlite3.Connection:
    """
    Open a SQLite file with the settings that were measured to lose nothing.

    Parameters
    ----------
    path
        The file; it must exist.
    write
        Whether it may be changed.
    wait_s
        So long a lock is waited for.

    Returns
    -------
    connection
        In autocommit; transactions are begun by name.
    """
    uri = f"{path.absolute().as_uri()}?mode={'rw' if write else 'ro'}"
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=wait_s)
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA cell_size_check = ON")
    connection.execute("PRAGMA trusted_schema = OFF")
    if write:
        connection.execute("PRAGMA journal_mode = TRUNCATE")
        connection.execute("PRAGMA synchronous = FULL")
        # Pages that spill before the commit would lock every reader out until it.
        connection.execute("PRAGMA cache_spill = OFF")
    return connection


@contextmanager
def reading(store: Store) -> Iterator[sqlite3.Connection]:
    """
    Lend a connection that sees one state of the store and cannot change it.

    Parameters
    ----------
    store
        Read and let go quickly: a writer's commit waits for its readers.

    Yields
    ------
    connection
        Inside a read transaction.
    """
    with spoken_of(store.path):
        connection = _readable(store)
        try:
            yield connection
        finally:
            connection.close()


def _readable(store: Store) -> sqlite3.Connection:
    try:
        return _begun_reading(store)
    except sqlite3.OperationalError as error:
        if not _left_half(error):
            raise
    # A killed writer left its journal; only a connection that may write can roll it back.
    recovering = connect(store.path, write=True, wait_s=store.wait_s)
    recovering.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    recovering.close()
    return _begun_reading(store)


def _begun_reading(store: Store) -> sqlite3.Connection:
    connection = connect(store.path, write=False, wait_s=store.wait_s)
    try:
        connection.execute("BEGIN")
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _left_half(error: sqlite3.Error) -> bool:
    return error.sqlite_errorcode & 0xFF in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN}


@contextmanager
def writing(store: Store) -> Iterator[sqlite3.Connection]:
    """
    Lend the one connection that may write; what it wrote counts together or not at all.

    Parameters
    ----------
    store
        Another writer is waited for, then named.

    Yields
    ------
    connection
        Inside a transaction that is committed at the end, or rolled back on any error.
    """
    with spoken_of(store.path):
        connection = connect(store.path, write=True, wait_s=store.wait_s)
        try:
            # A deferred BEGIN would fail, not wait, when two runs both read before they write.
            connection.execute("BEGIN IMMEDIATE")
            yield connection
            connection.execute("COMMIT")
        finally:
            _roll_back(connection)
            connection.close()


def _roll_back(connection: sqlite3.Connection) -> None:
    # On a full disk SQLite has rolled back already, and a second ROLLBACK would be an error of its own.
    if connection.in_transaction:
        connection.execute("ROLLBACK")


@contextmanager
def spoken_of(path: Path) -> Iterator[None]:
    """
    Turn SQLite's errors into ours, with the way out.

    Parameters
    ----------
    path
        The file that is worked on.

    Yields
    ------
    None
        Nothing; errors of the body are translated.
    """
    try:
        yield
    except sqlite3.Error as error:
        if not hasattr(error, "sqlite_errorcode"):
            raise
        raise _translated(error, path) from error


_FULL = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM})
_BROKEN = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


def _translated(error: sqlite3.Error, path: Path) -> RolloutError:
    kind = error.sqlite_errorcode & 0xFF
    if kind in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        msg = f"in '{path}' schreibt gerade ein anderer Lauf"
        return OutputError(msg, "Warten Sie, bis er fertig ist, und versuchen Sie es noch einmal.")
    if kind in _FULL:
        msg = f"'{path}' lässt sich nicht schreiben: {error}"
        return OutputError(msg, "Prüfen Sie Schreibrecht und freien Platz; am Bestand hat sich nichts geändert.")
    if kind in _BROKEN:
        return damaged(path, str(error))
    if kind == sqlite3.SQLITE_CONSTRAINT:
        return DataError(f"'{path}' nimmt die Angaben nicht an: {error}", "Berichtigen Sie die genannte Angabe.")
    return InputError(f"'{path}' lässt sich nicht öffnen: {error}", "Prüfen Sie Pfad, Leserecht und Laufwerk.")


def damaged(path: Path, what: str) -> InputError:
    """
    Say that a file is broken and how to get the last good one back.

    Parameters
    ----------
    path
        The file.
    what
        What was found.

    Returns
    -------
    error
        To be raised.
    """
    msg = f"'{path}' ist beschädigt oder kein Speicher: {what}"
    hint = f"Benennen Sie die Datei um, und kopieren Sie die jüngste aus dem Ordner '{COPIES_FOLDER}' an ihre Stelle."
    return InputError(msg, hint)


def version_of(connection: sqlite3.Connection, path: Path) -> int:
    """
    Return how many migrations a file has seen.

    Parameters
    ----------
    connection
        To the file.
    path
        The file, to name it.

    Returns
    -------
    version
        0 for a file that is still empty.

    Raises
    ------
    InputError
        If it is another database, or was written by a newer version of the program.
    """
    mark = int(connection.execute("PRAGMA application_id").fetchone()[0])
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    content = int(connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0])
    if mark == version == content == 0:
        return 0
    if mark != APPLICATION_ID:
        msg = f"'{path}' ist eine andere Datenbank und kein Speicher von rollout"
        raise InputError(msg, f"Der Speicher heißt '{FILE_NAME}' und liegt neben der Projektdatei.")
    if version > len(MIGRATIONS):
        msg = f"'{path}' hat die Fassung {version}, dieses Programm kennt nur {len(MIGRATIONS)}"
        raise InputError(msg, "Aktualisieren Sie rollout.")
    return version
