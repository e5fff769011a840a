from __future__ import annotations

import datetime as dt
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollout.audiences import Rhythm
from rollout.errors import InputError, OutputError
from rollout.sharing.releases import Release, append, as_it_was, read, release_day, told_before, written

KEY = ("p", "1", "west", "", "all", "passed")
RELEASE = Release("public", dt.date(2022, 3, 31), {KEY: 12, ("p", "", "", "", "all", "counted"): 60})

WORDS = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=8)
FIGURES = st.dictionaries(st.tuples(*[WORDS] * 6), st.integers(0, 10**6), max_size=5)


@given(st.lists(st.builds(Release, WORDS, st.dates(), FIGURES), max_size=3))
def test_what_is_written_reads_back(releases: list[Release]) -> None:
    assert read(written(tuple(releases))) == tuple(releases)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n",
        "{",
        "[]",
        '{"format": 2, "releases": []}',
        '{"format": 1}',
        '{"format": 1, "releases": [{"audience": "a", "day": "gestern", "figures": []}]}',
        '{"format": 1, "releases": [{"audience": "a", "day": "2022-03-31", "figures": [["p", 3]]}]}',
        '{"format": 1, "releases": [{"audience": "a", "day": "2022-03-31", "figures": [["p","","","","","",1.5]]}]}',
        '{"format": 1, "releases": [{"audience": "a", "day": "2022-03-31", "figures": [[]]}]}',
        '{"format": 1, "releases": 7}',
    ],
)
def test_a_damaged_register_is_refused_and_never_taken_for_an_empty_one(text: str) -> None:
    with pytest.raises(InputError, match="nicht lesbar") as refused:
        read(text)
    assert "Sicherung" in refused.value.hint
    assert "line" not in refused.value.message


def test_releases_are_only_ever_added() -> None:
    once = append((), RELEASE)
    later = Release("public", dt.date(2022, 6, 30), {KEY: 40})
    assert append(once, later) == (RELEASE, later)
    assert once == (RELEASE,)


def test_what_was_given_away_until_a_release_ends_before_it() -> None:
    council = Release("council", RELEASE.day, RELEASE.figures)
    earlier, later = (Release("public", dt.date(2022, month, 30), {KEY: 40}) for month in (1, 6))
    register = (earlier, council, RELEASE, later)
    assert as_it_was(register, RELEASE.day, "public") == (earlier, council)
    assert as_it_was(register, RELEASE.day, "council") == as_it_was(register, RELEASE.day) == (earlier,)
    assert as_it_was(register, later.day, "council") == register


def test_the_same_release_again_changes_nothing() -> None:
    once = append((), RELEASE)
    assert append(once, RELEASE) is once


def test_other_figures_for_the_same_day_are_refused() -> None:
    with pytest.raises(OutputError, match=r"31\.03\.2022 sind an 'public' schon andere") as refused:
        append((RELEASE,), Release("public", RELEASE.day, {KEY: 13}))
    assert "nächsten Stichtag" in refused.value.hint
    assert "--known-at" in refused.value.hint
    assert "smallest_cell" not in refused.value.hint


def test_where_another_audience_had_other_figures_the_refusal_names_what_makes_them_differ() -> None:
    with pytest.raises(OutputError, match="an 'public' schon andere") as refused:
        append((RELEASE,), Release("planner", RELEASE.day, {KEY: 13}))
    assert "'planner' braucht dieselben smallest_cell und told_as wie 'public'" in refused.value.hint


def test_what_anyone_was_told_of_another_day_counts_and_of_the_same_day_does_not() -> None:
    later = dt.date(2022, 6, 30)
    council = Release("council", RELEASE.day, {**RELEASE.figures, ("p", "1", "east", "", "all", "passed"): 7})
    assert told_before((RELEASE,), RELEASE.day) == ()
    (told,) = told_before((RELEASE, council), later)
    assert told.figures == council.figures
    assert told.day == RELEASE.day


def test_two_audiences_are_told_the_same_of_one_day_cells_apart() -> None:
    cell = ("p", "1", "west", "E1N1", "all", "passed")
    public = Release("public", RELEASE.day, {**RELEASE.figures, cell: 9})
    council = Release("council", RELEASE.day, dict(RELEASE.figures))
    assert append((public,), council) == (public, council)
    with pytest.raises(OutputError, match="an 'public' schon andere"):
        append((public,), Release("council", RELEASE.day, {**RELEASE.figures, KEY: 13}))
    with pytest.raises(OutputError, match="an 'public' schon andere"):
        append((public,), Release("council", RELEASE.day, {KEY: RELEASE.figures[KEY]}))


def test_the_register_is_one_line_for_each_figure() -> None:
    text = written((RELEASE,))
    assert json.loads(text)["releases"][0]["figures"] == [
        ["p", "", "", "", "all", "counted", 60],
        ["p", "1", "west", "", "all", "passed", 12],
    ]
    assert len(text.splitlines()) == 6


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("2022-03-28", "2021-12-31"),
        ("2022-03-31", "2022-03-31"),
        ("2022-04-01", "2022-03-31"),
        ("2022-01-01", "2021-12-31"),
        ("2022-12-31", "2022-12-31"),
        ("2024-07-15", "2024-06-30"),
    ],
)
def test_a_day_within_a_quarter_is_answered_by_the_end_of_the_one_before(asked: str, told: str) -> None:
    assert release_day(dt.date.fromisoformat(asked), Rhythm.QUARTER) == dt.date.fromisoformat(told)
    assert release_day(dt.date.fromisoformat(asked), Rhythm.ANY) == dt.date.fromisoformat(asked)


@given(st.dates(min_value=dt.date(1901, 1, 1)))
def test_a_release_day_is_its_own_and_at_most_a_quarter_back(day: dt.date) -> None:
    found = release_day(day, Rhythm.QUARTER)
    assert release_day(found, Rhythm.QUARTER) == found
    assert 0 <= (day - found).days <= 92
