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
        msg = f"'{path.name}' cannot be read as a GeoPackage: {error}"
        raise LayerError(msg, "Write it again from your GIS; the file may have been cut off.") from error
    if layer is None and len(tables) == 1:
        layer = tables[0]
    if layer in computed:
        msg = f"'{path.name}': '{layer}' is a view or computes columns; only plain tables are read"
        raise LayerError(msg, "Export the layer into a GeoPackage of its own.")
    if layer is None or layer not in tables:
        msg = f"'{path.name}' has no layer '{layer}'" if layer else f"'{path.name}' does not say which layer is meant"
        raise LayerError(msg, f"Set `layer` in rollout.toml; the file has: {', '.join(tables) or 'no feature table'}.")
    return layer


def _look_at_header(path: Path) -> None:
    with path.open("rb") as file:
        header = file.read(100)
    if not header.startswith(SQLITE_MAGIC) or header[68:72] not in APPLICATION_IDS:
        msg = f"'{path.name}' is no GeoPackage"
        raise LayerError(msg, "Write the layer again as GeoPackage from your GIS.")
    beside = [end for end in ("-wal", "-journal") if _has_content(path.with_name(path.name + end))]
    if beside or 2 in header[18:20]:  # noqa: PLR2004 - the file format's number for a write-ahead log
        what = f" (beside it lies '{path.name}{beside[0]}')" if beside else ""
        msg = f"'{path.name}' keeps its latest rows in a second file and may be incomplete{what}"
        raise LayerError(msg, "Close it in every GIS, then export the layer into a new GeoPackage.")


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
