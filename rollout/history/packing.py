"""The events of one delivery as an Arrow table: the form they are checked in, stored in, and read back from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from rollout.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pandas as pd

_FIELDS = [
    ("entity", pa.string()),
    ("entity_id", pa.string()),
    ("valid_on", pa.date32()),
    ("row", pa.int64()),
    ("status", pa.string()),
    ("reason", pa.string()),
    ("note", pa.string()),
    ("reported_by", pa.string()),
]
EVENT_SCHEMA = pa.schema(_FIELDS)
LENGTH_SCHEMA = pa.schema(
    [("segment_id", pa.string()), ("row", pa.int64()), ("drawn_m", pa.float64()), ("reported_m", pa.float64())]
)

PROPOSAL_SCHEMA = pa.schema(
    [
        ("row", pa.int64()),
        ("proposal_id", pa.string()),
        ("entity", pa.string()),
        ("entity_id", pa.string()),
        ("kind", pa.string()),
        ("author", pa.string()),
        ("said_status", pa.string()),
        ("said_since", pa.date32()),
        ("said_lon", pa.float64()),
        ("said_lat", pa.float64()),
        ("status", pa.string()),
        ("valid_on", pa.date32()),
        ("lon", pa.float64()),
        ("lat", pa.float64()),
        ("remark", pa.string()),
    ]
)

DECISION_SCHEMA = pa.schema(
    [("row", pa.int64()), *((name, pa.string()) for name in ("proposal_id", "verdict", "by", "why"))]
)

BESIDE_SCHEMAS = {"lengths": LENGTH_SCHEMA, "proposals": PROPOSAL_SCHEMA, "decisions": DECISION_SCHEMA}
"""What a delivery can tell beside its events: table → its columns."""

_REPEATED = ("entity", "status", "reason", "note", "reported_by")
_PACKED_SCHEMA = pa.schema(
    [(name, pa.dictionary(pa.int32(), kind) if name in _REPEATED else kind) for name, kind in _FIELDS]
)

_FORGIVEN = ("reason", "note", "reported_by", "drawn_m", "reported_m")
"""Columns a frame may leave out."""


def tabulate(rows: pd.DataFrame, schema: pa.Schema) -> pa.Table:
    """
    Bring a frame into the store's form.

    Parameters
    ----------
    rows
        One row per event or length; columns the schema does not know are refused.
    schema
        `EVENT_SCHEMA` or `LENGTH_SCHEMA`.

    Returns
    -------
    table
        Sorted by the row in the file, so that equal deliveries give equal bytes.

    Raises
    ------
    DataError
        If a column is missing, unknown, or of another kind.
    """
    _expect_columns(rows, schema)
    filled = rows.reindex(columns=schema.names)
    try:
        table = pa.Table.from_pandas(filled, schema=schema, preserve_index=False).replace_schema_metadata()
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError) as error:
        msg = f"die Zeilen der Lieferung haben nicht die Form des Speichers: {error}"
        raise DataError(msg, "Prüfen Sie die Spaltenzuordnung des Partners in rollout.toml.") from error
    return table.sort_by([("row", "ascending"), *((name, "ascending") for name in schema.names if name != "row")])


def _expect_columns(rows: pd.DataFrame, schema: pa.Schema) -> None:
    unknown = sorted(set(rows.columns) - set(schema.names))
    missing = [name for name in schema.names if name not in rows.columns and name not in _FORGIVEN]
    if unknown or missing:
        named = ", ".join([*(f"'{name}' fehlt" for name in missing), *(f"'{name}' ist unbekannt" for name in unknown)])
        msg = f"die Zeilen der Lieferung passen nicht zum Speicher: {named}"
        raise DataError(msg, f"Erwartet werden: {', '.join(schema.names)}.")


def reported_by(table: pa.Table, sender: str) -> pa.Table:
    """
    Name the sender where a row names nobody.

    Parameters
    ----------
    table
        Events in `EVENT_SCHEMA`.
    sender
        Who sent the file.

    Returns
    -------
    table
        With `reported_by` filled.
    """
    place = table.schema.get_field_index("reported_by")
    return table.set_column(place, "reported_by", pc.fill_null(table["reported_by"], sender))


def as_records(table: pa.Table) -> Iterator[tuple[object, ...]]:
    """
    Return the rows of a table as SQLite takes them.

    Parameters
    ----------
    table
        In `EVENT_SCHEMA` or `LENGTH_SCHEMA`.

    Returns
    -------
    records
        Dates as ISO text.
    """
    columns = [column.cast(pa.string()) if column.type == pa.date32() else column for column in table.columns]
    return zip(*(column.to_pylist() for column in columns), strict=True)


def pack(table: pa.Table) -> bytes:
    """
    Return a table as one Arrow stream.

    Parameters
    ----------
    table
        In `EVENT_SCHEMA`.

    Returns
    -------
    stream
        Words that repeat are kept once; not compressed, as that would take longer to read than the disk does.
    """
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, _PACKED_SCHEMA) as writer:
        writer.write_table(table.cast(_PACKED_SCHEMA).combine_chunks())
    return bytes(sink.getvalue())


def unpack(streams: Iterable[bytes]) -> pa.Table:
    """
    Read what `pack` wrote.

    Parameters
    ----------
    streams
        Arrow streams.

    Returns
    -------
    table
        The columns of `EVENT_SCHEMA`, each in one piece; words that repeat as a dictionary.
    """
    tables = [pa.ipc.open_stream(pa.py_buffer(stream)).read_all() for stream in streams]
    return pa.concat_tables([_PACKED_SCHEMA.empty_table(), *tables]).unify_dictionaries().combine_chunks()
