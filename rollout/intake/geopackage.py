"""GeoPackage by sqlite3 and shapely: real tables alone, out of memory, and never the sender's index."""

from __future__ import annotations

import datetime as dt
import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from rollout.findings import Spot
from rollout.intake.placing import known_crs
from rollout.intake.refusal import DeliveryError
from rollout.intake.rules import BAD_GEOMETRY, TABLE_SKIPPED
from rollout.intake.table import MAX_ROWS, Remark, Table, as_text, text_frame

if TYPE_CHECKING:
    from rollout.intake.arrival import Arrival
    from rollout.intake.table import Array, Wanted

SECONDS = 20.0
"""No honest table takes longer to read."""

_APPLICATION_IDS = (b"GPKG", b"GP10", b"GP11")
_WAL = 2
_MAX_VALUE_BYTES = 32 * 1024**2
_ENVELOPE_BYTES = (0, 32, 48, 48, 64)
_HEADER_BYTES = 8
_EMPTY_FLAG = 0x10
_CATALOGUE = ("gpkg_contents", "gpkg_geometry_columns", "gpkg_spatial_ref_sys")
_FEATURES = """
    SELECT c.table_name, g.column_name, g.srs_id, s.organization, s.organization_coordsys_id, c.last_change
    FROM gpkg_contents AS c
    JOIN gpkg_geometry_columns AS g ON g.table_name = c.table_name
    JOIN gpkg_spatial_ref_sys AS s ON s.srs_id = g.srs_id
    WHERE c.data_type = 'features' ORDER BY c.table_name
"""


@dataclass(frozen=True, slots=True)
class _Features:
    table: str
    geometry: str
    srs_id: int
    organization: str
    code: int
    last_change: str | None


def read_geopackage(arrival: Arrival, wanted: Wanted) -> list[Table]:
    """
    Read every real feature table that has a column looked for.

    Parameters
    ----------
    arrival
        The file.
    wanted
        The columns looked for.

    Returns
    -------
    tables
        At least one; remarks on views and other tables are with the first.

    Raises
    ------
    DeliveryError
        If it is no GeoPackage, keeps its latest rows in a second file, or has no such table.
    """
    _look_at_header(arrival)
    try:
        # Out of memory there is no path, no lock, no journal beside the file, and nothing to write to.
        with closing(sqlite3.connect(":memory:")) as store:
            _close_doors(store, arrival.content)
            return _tables(store, arrival.name, wanted)
    except (sqlite3.Error, OverflowError, UnicodeDecodeError) as error:
        msg = f"'{arrival.name}' ist als GeoPackage nicht lesbar: {error}"
        raise DeliveryError(msg, "Bitten Sie um eine neue Ausgabe aus dem GIS; sie ist wohl abgeschnitten.") from error


def _look_at_header(arrival: Arrival) -> None:
    header = arrival.content[:100]
    if header[68:72] not in _APPLICATION_IDS:
        msg = f"'{arrival.name}' ist eine SQLite-Datenbank, aber kein GeoPackage"
        raise DeliveryError(msg, "Bitten Sie um eine Ausgabe als GeoPackage aus dem GIS.")
    if _WAL in header[18:20]:
        msg = f"'{arrival.name}' wurde ohne seine Begleitdatei (-wal) gesendet und kann veraltet sein"
        hint = "Bitten Sie den Absender, das GIS zu schließen und in ein neues GeoPackage zu exportieren."
        raise DeliveryError(msg, hint)


def _close_doors(store: sqlite3.Connection, content: bytes) -> None:
    store.deserialize(content)
    end = time.monotonic() + SECONDS
    store.set_progress_handler(lambda: time.monotonic() > end, 10_000)
    store.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MAX_VALUE_BYTES)
    store.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    for pragma in ("trusted_schema=OFF", "query_only=ON", "cell_size_check=ON", "mmap_size=0"):
        store.execute(f"PRAGMA {pragma}")


def _tables(store: sqlite3.Connection, name: str, wanted: Wanted) -> list[Table]:
    real = _real_tables(store)
    missing = [table for table in _CATALOGUE if table not in real]
    if missing:
        msg = f"'{name}' ist kein vollständiges GeoPackage: '{missing[0]}' fehlt oder ist eine Sicht"
        raise DeliveryError(msg, "Bitten Sie um eine Ausgabe als GeoPackage aus dem GIS.")
    listed = [_Features(*row) for row in store.execute(_FEATURES)]
    passed_over = [f"'{features.table}' (Sicht oder berechnet)" for features in listed if features.table not in real]
    tables: list[Table] = []
    for features in (features for features in listed if features.table in real):
        table = _read(store, name, features, wanted)
        if table is None:
            passed_over.append(f"'{features.table}' (ohne erwartete Spalten)")
        else:
            tables.append(table)
    if not tables:
        msg = f"'{name}' hat keine Ebene mit den erwarteten Spalten: {', '.join(passed_over) or 'leer'}"
        raise DeliveryError(msg, "Tragen Sie unter [partners] in rollout.toml ein, wie der Absender die Spalten nennt.")
    notes = tuple(Remark(TABLE_SKIPPED, Spot(f"nicht gelesen: {what}")) for what in passed_over)
    return [_with_notes(tables[0], notes), *tables[1:]]


def _with_notes(table: Table, notes: tuple[Remark, ...]) -> Table:
    return Table(
        table.rows,
        table.sheet,
        table.geometry,
        table.crs,
        table.encoding,
        table.stated_on,
        table.unread,
        table.remarks + notes,
    )


def _real_tables(store: sqlite3.Connection) -> set[str]:
    """Plain tables whose every column is stored: no view, no virtual table, nothing computed while reading."""
    plain = {
        name
        for name, sql in store.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
        if isinstance(sql, str) and not sql.upper().lstrip().startswith("CREATE VIRTUAL")
    }
    hidden = "SELECT 1 FROM pragma_table_xinfo(?) WHERE hidden <> 0"
    return {name for name in plain if store.execute(hidden, (name,)).fetchone() is None}


def _read(store: sqlite3.Connection, name: str, features: _Features, wanted: Wanted) -> Table | None:
    names = [row[0] for row in store.execute("SELECT name FROM pragma_table_info(?)", (features.table,))]
    chosen = [column for column in names if column in wanted and column != features.geometry]
    if not chosen:
        return None
    crs = known_crs(name, f"{features.organization}:{features.code}".upper(), f"srs_id {features.srs_id}")
    quoted = ", ".join(_quoted(column) for column in (*chosen, features.geometry))
    # An index may lie, and one that covers the columns would be read instead of the table.
    select = f"SELECT {quoted} FROM {_quoted(features.table)} NOT INDEXED LIMIT {MAX_ROWS}"  # noqa: S608 - quoted
    fetched = store.execute(select).fetchall()
    columns = list(zip(*fetched, strict=True)) or [() for _ in (*chosen, features.geometry)]
    numbers = range(1, len(fetched) + 1)
    rows = text_frame(
        {column: [as_text(v) for v in cells] for column, cells in zip(chosen, columns, strict=False)}, numbers
    )
    geometry, remarks = _geometries(columns[-1], features.srs_id)
    unread = tuple(column for column in names if column not in {*chosen, features.geometry})
    return Table(rows, features.table, geometry, crs, "utf-8", _day(features.last_change), unread, remarks)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _geometries(blobs: tuple[Any, ...], srs_id: int) -> tuple[Array, tuple[Remark, ...]]:
    wkb = np.empty(len(blobs), dtype=object)
    wkb[:] = [_wkb(blob, srs_id) for blob in blobs]
    with np.errstate(invalid="ignore"):  # what is not finite is named by its row when it is placed
        geometry = np.asarray(shapely.force_2d(shapely.from_wkb(wkb, on_invalid="ignore")), dtype=object)
    unreadable = [at for at, blob in enumerate(blobs) if blob is not None and geometry[at] is None]
    return geometry, tuple(
        Remark(BAD_GEOMETRY, Spot(f"Objekt {at + 1}: Geometrie nicht lesbar oder leer", row=at + 1))
        for at in unreadable
    )


def _wkb(blob: object, srs_id: int) -> bytes | None:
    """Return what stands behind a geometry's header; None where the header is broken, or names another CRS."""
    if not isinstance(blob, bytes) or len(blob) < _HEADER_BYTES or not blob.startswith(b"GP"):
        return None
    flags = blob[3]
    envelope = flags >> 1 & 7
    order: Any = "little" if flags & 1 else "big"
    stated = int.from_bytes(blob[4:8], order, signed=True)
    if envelope >= len(_ENVELOPE_BYTES) or flags & _EMPTY_FLAG or stated != srs_id:
        return None
    return blob[_HEADER_BYTES + _ENVELOPE_BYTES[envelope] :]


def _day(stamp: object) -> dt.date | None:
    try:
        return dt.date.fromisoformat(str(stamp)[:10])
    except ValueError:
        return None
