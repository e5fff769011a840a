"""Working days: public holidays of the Land, the winter break, and weeks of five of them."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollout.analysis.workdays import Workdays, workdays
from rollout.schedule import WorkCalendar

PLAIN = workdays(WorkCalendar(), 2022)
WINTER = workdays(WorkCalendar(winter_break=("12-20", "01-10")), 2022)
days = st.dates(dt.date(2019, 1, 1), dt.date(2026, 12, 31))


def test_the_public_holidays_of_two_years_are_those_of_north_rhine_westphalia() -> None:
    weekdays = np.arange("2021-01-01", "2023-01-01", dtype="datetime64[D]")
    weekdays = weekdays[np.is_busday(weekdays)]
    off = weekdays[~PLAIN.is_working(weekdays)]
    assert [str(day) for day in off] == [
        "2021-01-01", "2021-04-02", "2021-04-05", "2021-05-13", "2021-05-24", "2021-06-03", "2021-11-01",
        "2022-04-15", "2022-04-18", "2022-05-26", "2022-06-06", "2022-06-16", "2022-10-03", "2022-11-01",
        "2022-12-26",
    ]  # fmt: skip


def test_another_land_has_other_holidays() -> None:
    corpus_christi = np.array(["2022-06-16"], dtype="datetime64[D]")
    assert not PLAIN.is_working(corpus_christi)[0]
    assert workdays(WorkCalendar(region="HH"), 2022).is_working(corpus_christi)[0]


@pytest.mark.parametrize(
    ("day", "working"), [("2021-12-17", True), ("2021-12-20", False), ("2022-01-10", False), ("2022-01-11", True)]
)
def test_no_day_of_the_winter_break_is_a_working_day_over_the_turn_of_the_year(day: str, working: bool) -> None:  # noqa: FBT001
    assert WINTER.is_working(np.array([day], dtype="datetime64[D]"))[0] == working


def test_a_winter_break_within_one_year_stays_in_it() -> None:
    calendar = workdays(WorkCalendar(winter_break=("02-01", "02-14")), 2022)
    february = np.arange("2022-02-01", "2022-02-15", dtype="datetime64[D]")
    assert not calendar.is_working(february).any()
    assert calendar.is_working(np.array(["2022-01-31", "2022-02-15"], dtype="datetime64[D]")).all()


@pytest.mark.parametrize("calendar", [PLAIN, WINTER])
@given(day=days, steps=st.integers(1, 400))
def test_so_many_steps_later_so_many_working_days_have_passed(calendar: Workdays, day: dt.date, steps: int) -> None:
    later = calendar.later(day, np.array([steps]))
    assert calendar.is_working(later)[0]
    assert calendar.count(day, later[0]) == steps


@given(until=days, length=st.integers(0, 700))
def test_every_week_has_five_working_days_and_the_first_holds_the_first_day(until: dt.date, length: int) -> None:
    since = until - dt.timedelta(days=length)
    ends = WINTER.week_ends(until, since)
    assert ends[-1] == np.datetime64(until)
    assert ends[0] < np.datetime64(since)
    assert [WINTER.count(a, b) for a, b in pairwise(ends)] == [5] * (len(ends) - 1)


def test_nothing_lies_between_a_day_and_an_earlier_one() -> None:
    assert PLAIN.count(dt.date(2022, 3, 28), dt.date(2022, 3, 1)) == 0
