"""Promised ends as of a day, and how far they were moved."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path
from typing import Any

import pytest

from rollout.analysis.promises import planned_end, slips
from rollout.errors import ProjectError
from rollout.project import Project, parse_project

BUNDLED = Path(__file__).parents[2] / "geodata" / "leverkusen" / "rollout.toml"


def said(*promises: tuple[str, str], **phase: Any) -> dict[str, Any]:  # noqa: ANN401
    project = tomllib.loads(BUNDLED.read_text(encoding="utf-8"))
    first = project["phases"][0]
    del first["promises"]
    first |= phase
    if promises:
        days = [(dt.date.fromisoformat(a), dt.date.fromisoformat(b)) for a, b in promises]
        first["promises"] = [{"said_on": a, "planned_end_on": b, "source": "s"} for a, b in days]
    return project


def opened(*promises: tuple[str, str], **phase: Any) -> Project:  # noqa: ANN401
    return parse_project(said(*promises, **phase), BUNDLED)


MOVED = (("2021-03-01", "2021-10-31"), ("2021-09-22", "2021-12-31"), ("2022-01-17", "2022-03-31"))


@pytest.mark.parametrize(
    ("day", "later", "months", "end"),
    [("2021-05-01", 0, 0, "2021-10-31"), ("2021-10-01", 1, 2, "2021-12-31"), ("2022-03-28", 2, 5, "2022-03-31")],
)
def test_a_promise_counts_from_the_day_it_was_made(day: str, later: int, months: int, end: str) -> None:
    row = slips(opened(*MOVED), dt.date.fromisoformat(day)).iloc[0]
    assert (row["later"], row["earlier"], row["months"], str(row["planned_end"])) == (later, 0, months, end)


def test_an_end_brought_forward_is_no_delay() -> None:
    row = slips(opened(("2021-03-01", "2021-10-31"), ("2021-06-01", "2021-09-30")), dt.date(2022, 1, 1)).iloc[0]
    assert (row["later"], row["earlier"], row["days"]) == (0, 1, -31)


def test_an_end_named_once_holds_on_every_day() -> None:
    project = opened(planned_end_on=dt.date(2022, 3, 31))
    assert planned_end(project.phases[0], dt.date(2000, 1, 1)) == dt.date(2022, 3, 31)
    assert slips(project, dt.date(2022, 1, 1))["first_end"].isna().tolist() == [True, False]


def test_before_the_first_promise_there_is_no_end() -> None:
    assert planned_end(opened(*MOVED).phases[0], dt.date(2020, 1, 1)) is None


@pytest.mark.parametrize(
    ("promises", "phase", "named"),
    [
        (MOVED, {"planned_end_on": dt.date(2022, 3, 31)}, "nennen beide das Ende"),
        (MOVED[::-1], {}, "said_on muss von Eintrag zu Eintrag später sein"),
        ((("2021-03-01", "2020-10-31"),), {}, "planned_end_on liegt vor starts_on"),
    ],
)
def test_what_a_promise_may_not_say_is_named(promises: Any, phase: dict[str, Any], named: str) -> None:  # noqa: ANN401
    with pytest.raises(ProjectError, match=named):
        parse_project(said(*promises, **phase), BUNDLED)


@pytest.mark.parametrize(
    ("calendar", "named"),
    [
        ({"region": "XX"}, "calendar.region: erlaubt ist nur"),
        ({"winter_break": ["12-20", "02-29"]}, "'02-29' gibt es nicht in jedem Jahr"),
        (
            {"winter_break": ["20.12.", "10.01."]},
            "schreiben Sie Monat-Tag",
        ),
    ],
)
def test_what_a_calendar_may_not_say_is_named(calendar: dict[str, Any], named: str) -> None:
    with pytest.raises(ProjectError, match=named):
        parse_project({**said(), "calendar": calendar}, BUNDLED)
