"""A look at a GeoPackage before GDAL opens it: real feature tables, and all of its data in the one file."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from rollout.errors import LayerError

if TYPE_CHECKING:
    from pathlib import Path

SQLITE_MAGIC = b"SQLite format 3\x00"
APPLICATION_IDS = (b"GPKG", b"GP10", b"GP11")

_FEATURE_TABLES = """
    SELECT c.table_name, m.type, m.sql FROM gpkg_contents AS c
    LEFT JOIN sqlite_master AS m ON m.name = c.table_name
    WHERE c.data_type = 'features' ORDER BY c.table_name
"""
_STEPS = 20_000_000


def look_at_geopackage(path: Path, layer: str | None) -> str:
    """
    Make sure a file is a GeoPackage whose layer is a real table, and say which.

    Parameters
    ----------
    path
        A local file.
    layer
        Feature table wanted, or None for the only one.

    Returns
    -------
    layer
        The table's name.

    Raises
    ------
    LayerError
        If the file is no GeoPackage, is still being written, or has no such table.
    """
    _look_at_header(path)
    try:
        tables, computed = _feature_tables(path)
    except sqlite3.Error as error:
        msg = f"'{path.name}' ist als GeoPackage nicht lesbar: {error}"
        hint = "Exportieren Sie die Ebene neu aus dem GIS; die Datei ist womöglich abgeschnitten."
        raise LayerError(msg, hint) from error
    if layer is None and len(tables) == 1:
        layer = tables[0]
    if layer in computed:
        msg = f"'{path.name}': '{layer}' ist eine Sicht oder berechnet Spalten; gelesen werden nur einfache Tabellen"
        raise LayerError(msg, "Exportieren Sie die Ebene in ein eigenes GeoPackage.")
    if layer is None or layer not in tables:
        msg = f"'{path.name}' hat " + (f"keine Ebene '{layer}'" if layer else "nicht genau eine Ebene")
        hint = f"Nennen Sie in rollout.toml unter layer, welche gemeint ist. Vorhanden: {', '.join(tables) or 'keine'}."
        raise LayerError(msg, hint)
    return layer


def _look_at_header(path: Path) -> None:
    with path.open("rb") as file:
        header = file.read(100)
    if not header.startswith(SQLITE_MAGIC) or header[68:72] not in APPLICATION_IDS:
        msg = f"'{path.name}' ist kein GeoPackage"
        raise LayerError(msg, "Exportieren Sie die Ebene neu aus dem GIS, als GeoPackage.")
    beside = [end for end in ("-wal", "-journal") if _has_content(path.with_name(path.name + end))]
    if beside or 2 in header[18:20]:  # noqa: PLR2004 - the file format's number for a write-ahead log
        what = f" (daneben liegt '{path.name}{beside[0]}')" if beside else ""
        msg = f"'{path.name}' hält seine letzten Zeilen in einer zweiten Datei und ist womöglich unvollständig{what}"
        raise LayerError(msg, "Schließen Sie sie in jedem GIS, und exportieren Sie die Ebene in ein neues GeoPackage.")


def _has_content(path: Path) -> bool:
    return path.is_file() and path.stat().st_size > 0


def _feature_tables(path: Path) -> tuple[list[str], set[str]]:
    # Read-only and immutable takes no lock, so GDAL's own SQLite in this process is not disturbed.
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as store:
        store.set_progress_handler(lambda: 1, _STEPS)
        found = store.execute(_FEATURE_TABLES).fetchall()
        computed = {name for name, kind, sql in found if kind != "table" or _computes(store, name, sql)}
    return [name for name, _, _ in found], computed


def _computes(store: sqlite3.Connection, table: str, sql: str) -> bool:
    if sql.upper().startswith("CREATE VIRTUAL"):
        return True
    hidden = store.execute("SELECT hidden FROM pragma_table_xinfo(?)", (table,)).fetchall()
    return any(flag for (flag,) in hidden)
