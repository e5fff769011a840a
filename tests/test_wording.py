"""German numbers, lengths, dates and plurals."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollout import wording


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [(1625, 0, "1.625"), (12.3, 2, "12,30"), (-0.2, 0, "0"), (0, 1, "0,0"), (1234567.891, 1, "1.234.567,9")],
)
def test_a_number_has_dots_between_thousands_and_a_decimal_comma(value: float, decimals: int, text: str) -> None:
    assert wording.number(value, decimals) == text


def test_a_share_shows_count_base_and_percent() -> None:
    assert wording.share(350, 437) == "350/437 (80,1\u202f%)"


def test_a_share_of_nothing_is_a_dash_and_not_zero_percent() -> None:
    assert wording.share(0, 0) == "–"
    assert wording.percent(0, 0) == "–"


@pytest.mark.parametrize(
    ("metres", "text"),
    [(0, "0\u202fm"), (819.6, "820\u202fm"), (999.4, "999\u202fm"), (999.5, "1,0\u202fkm"), (12345, "12,3\u202fkm")],
)
def test_a_length_turns_to_kilometres_where_metres_would_read_1000(metres: float, text: str) -> None:
    assert wording.length(metres) == text


def test_a_date_is_written_day_first() -> None:
    assert wording.date(dt.date(2022, 3, 28)) == "28.03.2022"


def test_one_is_singular_and_all_else_plural() -> None:
    said = [wording.counted(count, "Anschluss", "Anschlüsse") for count in (0, 1, 1625)]
    assert said == ["0 Anschlüsse", "1 Anschluss", "1.625 Anschlüsse"]


def test_a_state_says_from_whose_deliveries_it_comes_and_as_known_when() -> None:
    sources = [("EVL", dt.date(2022, 3, 28)), ("NetCologne", dt.date(2022, 3, 25))]
    line = "Lieferungen: EVL (Stand 28.03.2022), NetCologne (Stand 25.03.2022)"
    assert wording.delivered(sources) == line
    assert wording.delivered(sources, dt.date(2022, 4, 1)) == f"{line}; wie am 01.04.2022 bekannt"
    assert wording.delivered([]) == "Lieferungen: keine"


def test_umlauts_sort_with_their_plain_letters() -> None:
    names = ["Quettingen", "Lützenkirchen", "Opladen", "Küppersteg", "Manfort", "Bürrig", "Bergisch Neukirchen"]
    ordered = ["Bergisch Neukirchen", "Bürrig", "Küppersteg", "Lützenkirchen", "Manfort", "Opladen", "Quettingen"]
    assert sorted(names, key=wording.sort_key) == ordered


@given(st.integers(-(10**12), 10**12))
def test_a_whole_number_reads_back(value: int) -> None:
    assert int(wording.number(value).replace(".", "")) == value
