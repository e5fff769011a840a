"""
Rows added up by their keys: counts and metres exactly and in any order, of days the oldest.

In Arrow: of few rows it takes a fifth of the time that pandas does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa

from rollout.once import once_each

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Record = dict[str, Any]

_MILLIMETRES = 1000


def addends(columns: Mapping[str, Any]) -> pa.Table:
    """
    Make columns ready to be added up.

    Parameters
    ----------
    columns
        Name → column of pandas, NumPy or Arrow. Metres are those whose name ends in `_m`; none may be missing.

    Returns
    -------
    addends
        The same columns; metres are in whole millimetres.
    """
    return pa.table({name: _addend(str(name), values) for name, values in columns.items()})


def _addend(name: str, values: Any) -> Any:  # noqa: ANN401 - whatever holds a column
    if name.endswith("_m"):
        return np.rint(np.asarray(values) * _MILLIMETRES).astype("int64")
    return pa.array(values.array, from_pandas=True) if isinstance(values, pd.Series) else values


@once_each
def addends_of(rows: pd.DataFrame) -> pa.Table:
    """
    Make rows ready to be added up.

    Parameters
    ----------
    rows
        Any frame without geometry.

    Returns
    -------
    addends
        As `addends` makes them, once for the frame.
    """
    return addends({str(name): values for name, values in rows.items()})


def words(values: pd.Series[str]) -> pa.ChunkedArray:
    """
    Return a column of words as Arrow holds it, so that columns of several layers can be joined.

    Parameters
    ----------
    values
        Text, <NA> where missing.

    Returns
    -------
    words
        The same.
    """
    return pa.chunked_array(pa.array(values.array, from_pandas=True)).cast(pa.large_string())


def added(rows: pa.Table, keys: Sequence[str]) -> pa.Table:
    """
    Add up the numbers of rows with the same keys, and keep the oldest of their days.

    Parameters
    ----------
    rows
        As `addends` makes them.
    keys
        Columns of words that tell rows apart.

    Returns
    -------
    added
        The keys, the numbers and the days; sorted by the keys, a missing one last.
    """
    kinds = {one.name: one.type for one in rows.schema if one.name not in keys}
    numbers = [name for name, kind in kinds.items() if pa.types.is_integer(kind) or pa.types.is_floating(kind)]
    days = [name for name, kind in kinds.items() if pa.types.is_timestamp(kind)]
    wanted = [*((name, "sum") for name in numbers), *((name, "min") for name in days)]
    summed = rows.group_by(list(keys), use_threads=False).aggregate(wanted)
    ordered = summed.select([*keys, *("_".join(one) for one in wanted)]).sort_by([(key, "ascending") for key in keys])
    return ordered.rename_columns([*keys, *numbers, *days])


def frame(rows: pa.Table) -> pd.DataFrame:
    """
    Return rows that were added up as a frame.

    Parameters
    ----------
    rows
        From `added`.

    Returns
    -------
    rows
        Words are text; metres are metres again.
    """
    return pd.DataFrame({name: _column(name, values) for name, values in _columns(rows)})


def records(rows: pa.Table) -> list[Record]:
    """
    Return rows that were added up as dictionaries of plain values.

    Parameters
    ----------
    rows
        From `addends` or `added`.

    Returns
    -------
    records
        One per row; missing words are None, metres are metres again.
    """
    columns = [_figures(name, values).tolist() for name, values in _columns(rows)]
    return [dict(zip(rows.column_names, values, strict=True)) for values in zip(*columns, strict=True)]


def exact_sum(metres: Iterable[float]) -> float:
    """
    Add up metres that are whole millimetres.

    Parameters
    ----------
    metres
        Plain numbers.

    Returns
    -------
    sum
        The same in any order.
    """
    return sum(round(one * _MILLIMETRES) for one in metres) / _MILLIMETRES


def _columns(rows: pa.Table) -> Iterable[tuple[str, pa.ChunkedArray]]:
    return zip(rows.column_names, rows.columns, strict=True)


def _column(name: str, values: pa.ChunkedArray) -> Any:  # noqa: ANN401 - what pandas makes a column of
    is_text = pa.types.is_string(values.type) or pa.types.is_large_string(values.type)
    return pd.array(values, dtype="string") if is_text else _figures(name, values)


def _figures(name: str, values: pa.ChunkedArray) -> np.ndarray[Any, Any]:
    plain: np.ndarray[Any, Any] = values.to_numpy()
    return plain / _MILLIMETRES if name.endswith("_m") else plain
