"""Every kind of column a file may have, against every kind the schema wants."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from rollout.layers.conversion import convert
from rollout.schema import ColumnType

NIGHT = dt.datetime(2022, 3, 27, 22, 30, tzinfo=dt.UTC)
DAY = pd.Timestamp("2022-03-28")


@pytest.mark.parametrize(
    ("values", "type_", "kind", "expected"),
    [
        ([True], pa.bool_(), ColumnType.TEXT, "true"),
        ([dt.date(2022, 3, 28)], pa.date32(), ColumnType.TEXT, "2022-03-28"),
        (["Straße"], pa.large_string(), ColumnType.TEXT, "Straße"),
        ([1.5], pa.float64(), ColumnType.TEXT, "1.5"),
        (["3"], pa.string(), ColumnType.INTEGER, 3),
        ([3], pa.int64(), ColumnType.NUMBER, 3.0),
        ([NIGHT], pa.timestamp("ms", tz="UTC"), ColumnType.DATE, DAY),
        ([dt.date(2022, 3, 28)], pa.date32(), ColumnType.DATE, DAY),
    ],
)
def test_a_value_is_carried_over(values: list[Any], type_: pa.DataType, kind: ColumnType, expected: object) -> None:
    converted = convert(pa.chunked_array([pa.array(values, type_)]), kind)
    assert converted.column[0] == expected
    assert converted.texts == ()


@pytest.mark.parametrize("kind", ColumnType)
def test_bytes_fit_no_column_and_are_named(kind: ColumnType) -> None:
    converted = convert(pa.chunked_array([pa.array([None, b"x"])]), kind)
    assert converted.column.isna().all()
    assert list(converted.unfit) == [1]
    assert converted.texts == ("b'x'",)


def test_not_a_number_is_missing_and_infinity_does_not_fit() -> None:
    converted = convert(pa.chunked_array([pa.array([float("nan"), float("inf"), 1.0])]), ColumnType.NUMBER)
    assert list(converted.column.isna()) == [True, True, False]
    assert list(converted.unfit) == [1]
