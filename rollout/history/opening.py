"""Opening the store: look at the file first, make it where it may be made, bring an older one up to date."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rollout.errors import InputError
from rollout.history.copies import backup, check_whole
from rollout.history.store import KEPT_COPIES, Store, reading, version_of, writing
from rollout.history.tables import APPLICATION_ID, MIGRATIONS

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path


def open_store(path: Path, *, create: bool = False, keep: int = KEPT_COPIES, wait_s: float = 15.0) -> Store:
    """
    Open a store after a look at the file.

    Parameters
    ----------
    path
        The SQLite file, usually `history.db` beside the project file.
    create
        Whether an empty store is made where there is none.
    keep
        So many copies are kept of those made before each import; 0 to neither check nor copy,
        which suits a store that is being built anew.
    wait_s
        So long another run's writing is waited for.

    Returns
    -------
    store
        Of the newest version; an older file was copied and brought up to date.

    Raises
    ------
    InputError
        If there is no store, or the file is a link, damaged, another database, or of a newer version.
    OutputError
        If it cannot be written, or another run writes for too long.
    """
    _look_at(path, create=create)
    store = Store(path, keep, wait_s)
    version = _version(store) if path.exists() else 0
    if version == 0 and not create:
        msg = f"'{path}' ist leer"
        raise InputError(msg, "Empfangen Sie die erste Lieferung mit: rollout receive DATEI --from ABSENDER")
    if version < len(MIGRATIONS):
        path.touch()
        _bring_up_to_date(store, version)
    return store


def _look_at(path: Path, *, create: bool) -> None:
    if path.is_symlink():
        msg = f"'{path}' ist eine Verknüpfung"
        raise InputError(msg, "Nennen Sie die Datei selbst; über Verknüpfungen verliert der Speicher seine Sperren.")
    if not path.exists():
        _expect_room(path, create=create)
    elif not path.is_file():
        msg = f"'{path}' ist keine Datei"
        raise InputError(msg, "Nennen Sie die Datei des Speichers.")
    elif path.stat().st_nlink > 1:
        msg = f"'{path}' liegt unter mehreren Namen auf der Platte (harte Verknüpfung)"
        raise InputError(msg, "Legen Sie eine einzige Kopie an; unter zwei Namen verliert der Speicher seine Sperren.")


def _expect_room(path: Path, *, create: bool) -> None:
    if not create:
        msg = f"den Speicher '{path}' gibt es nicht"
        raise InputError(msg, "Empfangen Sie die erste Lieferung mit: rollout receive DATEI --from ABSENDER")
    if not path.parent.is_dir():
        msg = f"den Ordner '{path.parent}' gibt es nicht"
        raise InputError(msg, "Legen Sie ihn an, oder nennen Sie einen anderen.")


def _version(store: Store) -> int:
    with reading(store) as connection:
        return version_of(connection, store.path)


def _bring_up_to_date(store: Store, version: int) -> None:
    if version and store.keep:
        check_whole(store.path)
        backup(store, store.copies_folder, store.keep)
    with writing(store) as connection:
        for number in range(version_of(connection, store.path), len(MIGRATIONS)):
            _migrate(connection, number)


def _migrate(connection: sqlite3.Connection, number: int) -> None:
    for statement in MIGRATIONS[number]:
        connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {number + 1}")
