"""What is packed can be unpacked: a decoder of its own, written from the description alone."""

from __future__ import annotations

import base64
import datetime as dt
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from rollout.cartography import columns, encoding

GOLDEN = Path(__file__).parents[1] / "javascript" / "golden_payload.json"

WORDS = st.lists(st.none() | st.text(max_size=12), max_size=60)
DEGREES = st.tuples(st.floats(-179, 179), st.floats(-84, 84))


def unpack(text: str) -> list[int]:
    values, value, shift = [], 0, 0
    for byte in base64.b64decode(text):
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            values.append(value)
            value, shift = 0, 0
    return values


def unfold(value: int) -> int:
    return value // 2 if value % 2 == 0 else -(value + 1) // 2


def unpack_rice(text: str) -> list[int]:
    data = base64.b64decode(text)
    low, count = data[0], int.from_bytes(data[1:5], "little")
    bits = "".join(f"{byte:08b}"[::-1] for byte in data[5:])
    values, at = [], 0
    for _ in range(count):
        one = bits.index("1", at)
        rest = bits[one + 1 : one + 1 + low]
        values.append(((one - at) << low) + int(rest[::-1] or "0", 2))
        at = one + 1 + low
    return [unfold(value) for value in values]


def unpack_short(packed: dict[str, Any], count: int) -> list[int]:
    if packed["bits"] == 0:
        return unpack(packed["data"])
    whole = int.from_bytes(base64.b64decode(packed["data"]), "little")
    width = packed["bits"]
    return [(whole >> (width * place)) & ((1 << width) - 1) for place in range(count)]


def unpack_column(packed: dict[str, Any], count: int) -> list[Any]:
    numbers = unpack_short(packed, count)
    if "words" in packed:
        return [packed["words"][number - 1] if number else None for number in numbers]
    if "prefix" not in packed:
        return [number - 1 if number else None for number in numbers]
    sums = np.cumsum([packed["start"], *(unfold(number) for number in numbers)])[1:].tolist()
    return [packed["prefix"] + str(number - 1).rjust(packed["digits"], "0") if number else None for number in sums]


def unpack_places(packed: dict[str, Any]) -> np.ndarray[Any, Any]:
    steps = np.array(unpack_rice(packed["xy"])).reshape(-1, 2)
    return (np.cumsum(steps, axis=0) + packed["start"]) * encoding.STEP


def text(values: list[str | None]) -> pd.Series[str]:
    return pd.Series(values, dtype="string")


@given(st.lists(st.integers(0, 2**35 - 1)))
def test_varints_come_back_as_they_were(values: list[int]) -> None:
    assert unpack(encoding.pack(np.array(values, dtype=np.int64))) == values


@given(st.lists(st.integers(-(2**17), 2**17) | st.integers(-3000, 3000)))
def test_steps_from_place_to_place_come_back_as_they_were(values: list[int]) -> None:
    packed = encoding.pack_signed(np.array(values, dtype=np.int64))
    assert unpack_rice(packed) == values


@given(st.lists(st.integers(0, 2**31 - 1)))
def test_short_numbers_come_back_as_they_were(values: list[int]) -> None:
    packed = encoding.pack_short(np.array(values, dtype=np.int64))
    assert unpack_short(packed, len(values)) == values


def test_short_numbers_take_the_shorter_way() -> None:
    few_bits = encoding.pack_short(np.ones(800, dtype=np.int64))
    one_big = encoding.pack_short(np.array([2**30, *[1] * 799]))
    assert few_bits["bits"] == 1
    assert one_big["bits"] == 0


@given(WORDS)
def test_words_come_back_as_they_were(values: list[str | None]) -> None:
    assert unpack_column(columns.coded(text(values)).packed(), len(values)) == values


@given(WORDS)
def test_the_page_does_not_depend_on_the_order_words_are_met_in(values: list[str | None]) -> None:
    words = columns.coded(text(values)).packed()["words"]
    assert words == sorted({value for value in values if value is not None})


@given(st.lists(st.none() | st.from_regex(r"\A[A-Z]{0,2}-?[0-9]{1,11}\Z"), max_size=40))
def test_identifiers_come_back_as_they_were(values: list[str | None]) -> None:
    assert unpack_column(columns.text(text(values)).packed(), len(values)) == values


@pytest.mark.parametrize("values", [["T-٣", "T-4"], ["T-01", "T-1"], ["T-1", "S-2"], ["T-1\x00", "T-2"], ["T-1x"], []])
def test_what_only_looks_numbered_is_kept_as_text(values: list[str]) -> None:
    packed = columns.text(text(values)).packed()
    assert "words" in packed
    assert unpack_column(packed, len(values)) == values


def test_numbered_identifiers_take_a_few_bits_each() -> None:
    packed = columns.text(text([f"AN-{number:05d}" for number in range(1, 1001)])).packed()
    assert packed["prefix"] == "AN-"
    assert packed["bits"] <= 2


@given(st.lists(st.none() | st.integers(0, 2**31 - 3)))
def test_whole_numbers_come_back_as_they_were(values: list[int | None]) -> None:
    column = pd.Series(values, dtype="Int64")
    assert unpack_column(columns.whole(column).packed(), len(values)) == values


def test_infinity_is_no_number() -> None:
    assert unpack_column(columns.whole(pd.Series([np.inf, np.nan, 2.4])).packed(), 3) == [None, None, 2]


def test_dates_are_worded_once_and_what_has_no_word_is_missing() -> None:
    days = pd.Series(pd.to_datetime(["2022-03-28", None, "2022-03-28", "2021-01-01"]))
    asked: list[dt.date] = []

    def word(day: dt.date) -> str | None:
        asked.append(day)
        return None if day.year == 2021 else f"{day:%d.%m.%Y}"

    packed = columns.coded(days, word).packed()
    assert unpack_column(packed, 4) == ["28.03.2022", None, "28.03.2022", None]
    assert len(asked) == 2


def test_a_missing_value_may_have_a_word_of_its_own() -> None:
    coded = columns.coded(text(["a", None, "b"]), {"a": "x"}.get, "fehlt")
    assert unpack_column(coded.packed(), 3) == ["x", "fehlt", "fehlt"]
    assert coded.totals() == {"fehlt": 2, "x": 1}
    assert coded.totals(np.array([1.5, 2.0, 3.0])) == {"fehlt": 5.0, "x": 1.5}


@given(WORDS, st.integers(0, 60))
def test_a_part_of_a_column_of_words_is_written_as_if_there_were_no_other_rows(
    values: list[str | None], place: int
) -> None:
    whole = columns.coded(text(values))
    for rows in (slice(0, place), slice(place, None)):
        assert whole.packed(rows) == columns.coded(text(values[rows])).packed()


@given(st.lists(st.none() | st.integers(0, 99_999), min_size=1, max_size=40), st.integers(0, 40))
def test_a_part_of_a_numbered_column_comes_back_as_it_was(values: list[int | None], place: int) -> None:
    ids = [None if value is None else f"AN-{value:05d}" for value in values]
    numbers = columns.whole(pd.Series(values, dtype="Int64"))
    for rows in (slice(0, place), slice(place, None)):
        assert unpack_column(columns.text(text(ids)).packed(rows), len(ids[rows])) == ids[rows]
        assert unpack_column(numbers.packed(rows), len(values[rows])) == values[rows]


@given(WORDS, WORDS)
def test_words_that_columns_share_are_numbered_alike(first: list[str | None], second: list[str | None]) -> None:
    words, codes = columns.coded_together({"first": text(first), "second": text(second)})
    assert words == sorted({value for value in [*first, *second] if value is not None})
    for name, values in (("first", first), ("second", second)):
        assert [words[code - 1] if code else None for code in codes[name].tolist()] == values


def test_what_is_missing_equals_no_word() -> None:
    assert columns.equals(text(["a", None, "b"]), "a").tolist() == [True, False, False]
    assert columns.equals(pd.Series([None, None], dtype=object), "a").tolist() == [False, False]


@given(st.lists(DEGREES, min_size=1, max_size=30))
def test_places_come_back_within_half_a_step(places: list[tuple[float, float]]) -> None:
    found = unpack_places(encoding.pack_places(np.array(places)))
    assert np.abs(found - np.array(places)).max() <= encoding.STEP / 2 + 1e-12


def test_no_places_are_no_trouble() -> None:
    assert unpack_places(encoding.pack_places(np.zeros((0, 2)))).shape == (0, 2)


def _already_degrees(places: NDArray[np.float64]) -> NDArray[np.float64]:
    return places


@given(st.lists(st.lists(DEGREES, min_size=2, max_size=6), min_size=1, max_size=8))
def test_lines_come_back_with_their_places(lines: list[list[tuple[float, float]]]) -> None:
    packed = encoding.pack_lines(np.array([shapely.LineString(line) for line in lines]), _already_degrees)
    assert unpack_short(packed["sizes"], len(lines)) == [len(line) for line in lines]
    assert "parts" not in packed
    assert np.allclose(unpack_places(packed), np.concatenate(lines), atol=encoding.STEP)


def test_a_ring_does_not_repeat_its_first_place_and_holes_are_parts() -> None:
    holed = shapely.Polygon([(0, 0), (4, 0), (4, 4), (0, 4)], [[(1, 1), (2, 1), (2, 2)]])
    packed = encoding.pack_lines(
        np.array([shapely.MultiPolygon([holed, shapely.box(6, 6, 7, 7)]), shapely.box(8, 8, 9, 9)]), _already_degrees
    )
    assert unpack_short(packed["parts"], 2) == [3, 1]
    assert unpack_short(packed["sizes"], 4) == [4, 3, 4, 4]
    assert len(unpack_places(packed)) == 15


def unpack_sorted(packed: dict[str, Any]) -> list[str]:
    words: list[str] = []
    for shared, rest in zip(unpack_short(packed, packed["count"]), packed["rest"], strict=True):
        before = words[-1].encode("utf-16-le", "surrogatepass") if words else b""
        words.append(before[: 2 * shared].decode("utf-16-le", "surrogatepass") + rest)
    return words


@given(st.lists(st.text(max_size=12), max_size=30))
def test_sorted_words_come_back(words: list[str]) -> None:
    assert unpack_sorted(encoding.pack_sorted(sorted(words))) == sorted(words)


def test_what_a_word_shares_with_the_one_before_is_not_written_again() -> None:
    packed = encoding.pack_sorted(["Am Bach", "Am Bachufer", "Ring"])
    assert packed["rest"] == ["Am Bach", "ufer", "Ring"]


def golden() -> dict[str, Any]:
    lines = np.array(
        [
            shapely.LineString([(7.0, 51.0), (7.001, 51.002)]),
            shapely.LineString([(6.9, 51.1), (6.8, 51.0), (6.7, 50.9)]),
        ]
    )
    return {
        "step": encoding.STEP,
        "words": columns.coded(text(["Straße", None, "İstanbul 🏠", "Straße", "</script>"])).packed(),
        "ids": columns.text(text(["AN-00009", "AN-00010", None, "AN-00003", "AN-00004"])).packed(),
        "integers": columns.whole(pd.Series([0, None, 7, 300, 2], dtype="Int64")).packed(),
        "far": columns.whole(pd.Series([2**30, None, 0, *[1] * 60], dtype="Int64")).packed(),
        "places": encoding.pack_places(np.array([[7.0, 51.0], [6.999999, 51.000001], [7.5, 50.0]])),
        "signed": encoding.pack_signed(np.array([-1, 1, -2, 2, 0, 2**30 - 1, -(2**30)])),
        "sorted": encoding.pack_sorted(["", "Am Bach", "Am Bachufer", "Ring", "🏠 a", "🏠 b", "🏡"]),
        "lines": {"count": 2, "columns": {}, **encoding.pack_lines(lines, _already_degrees)},
    }


def test_the_payload_that_the_page_is_tested_with_is_what_python_writes() -> None:
    assert json.loads(GOLDEN.read_text(encoding="utf-8")) == golden()
