"""The page on an earlier day says what the page of that day says: every row, every rung, every metre."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import subprocess
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from rollout import pipeline, standing
from rollout.analysis.course import Course, figures_over_time
from rollout.analysis.drops import attach_targets
from rollout.analysis.progress import milestones
from rollout.cartography import Additions, phase_map
from rollout.cartography.course import classes_over_time, course_data
from rollout.cartography.payload import as_json, page_data
from rollout.cartography.scope import contents_of, scope_of
from rollout.cartography.views import View
from rollout.project import PassedDefinition, open_project

if TYPE_CHECKING:
    from collections.abc import Callable

    from rollout.analysis.state import State
    from rollout.project import Project

HERE = Path(__file__).parent
PAGE = Path("rollout/cartography/page")
REPORT = dt.date(2022, 3, 28)
MOST_BYTES = 1.5
EPOCH = dt.date(1970, 1, 1)


@pytest.fixture(scope="module")
def project(replayed: Path) -> Project:
    return open_project(replayed)


@pytest.fixture(scope="module")
def state_on(project: Project) -> Callable[[dt.date], State]:
    return cache(lambda day: pipeline.state(project, day))


@pytest.fixture(scope="module")
def known(state_on: Callable[[dt.date], State]) -> State:
    return state_on(REPORT)


@pytest.fixture(scope="module")
def course(known: State) -> Course:
    found = standing.course_of(known)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def compared(node: list[str], tmp_path_factory: pytest.TempPathFactory) -> Callable[..., dict[str, Any]]:
    """Let the page's own modules compare two pages on a day."""
    folder = tmp_path_factory.mktemp("pages")
    shutil.copytree(HERE.parent / PAGE, folder / PAGE)
    script = Path("tests/javascript/same_day.mjs")
    (folder / script).parent.mkdir(parents=True)
    shutil.copy(HERE.parent / script, folder / script)
    (folder / "package.json").write_text('{"type": "module"}', encoding="utf-8")

    def compare(one: dict[str, Any], other: dict[str, Any], day: dt.date) -> dict[str, Any]:
        files = [folder / "one.json", folder / "other.json"]
        for file, data in zip(files, (one, other), strict=True):
            file.write_text(as_json(data), encoding="utf-8")
        command = [*node, str(folder / script), *map(str, files), day.isoformat()]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        said: dict[str, Any] = json.loads(done.stdout)
        return said

    return compare


def data_of(state: State, phase: str | None, course: Course | None = None) -> dict[str, Any]:
    contents = contents_of(state, scope_of(state.project, phase, None))
    return page_data(replace(contents, additions=Additions(course=course)))


@pytest.mark.parametrize("phase", [None, "1", "2"])
@pytest.mark.parametrize(
    "day", [dt.date(2021, 3, 12), dt.date(2021, 10, 29), dt.date(2022, 2, 28), dt.date(2022, 3, 27)]
)
def test_a_page_on_an_earlier_day_says_what_the_page_of_that_day_says(
    state_on: Callable[[dt.date], State],
    course: Course,
    compared: Callable[..., dict[str, Any]],
    day: dt.date,
    phase: str | None,
) -> None:
    said = compared(data_of(state_on(REPORT), phase, course), data_of(state_on(day), phase), day)
    assert said["differences"] == []
    assert said["placed"] < 50


def test_a_course_as_known_then_is_that_of_the_states_as_known_then(
    project: Project, compared: Callable[..., dict[str, Any]]
) -> None:
    day, then = dt.date(2021, 9, 30), dt.date(2022, 3, 30)
    now = pipeline.state(project, REPORT, known_at=then)
    before = pipeline.state(project, day, known_at=then)
    assert compared(data_of(now, "1", standing.course_of(now)), data_of(before, "1"), day)["differences"] == []


def test_a_page_without_a_course_is_the_same_to_the_byte(known: State, course: Course) -> None:
    plain = data_of(known, None)
    told = data_of(known, None, course)
    assert "course" not in plain
    assert {name: told[name] for name in ("layers", "words", "facts")} == {
        name: plain[name] for name in ("layers", "words", "facts")
    }
    assert phase_map(known).html() == phase_map(known, additions=Additions(course=None)).html()


def test_all_deliveries_cost_at_most_half_a_page_more(project: Project) -> None:
    everything = pipeline.state(project, dt.date(2022, 12, 31))
    plain, told = (
        len(phase_map(everything, additions=Additions(course=course)).html())
        for course in (None, standing.course_of(everything))
    )
    assert plain < told <= MOST_BYTES * plain


def test_a_state_before_the_first_word_has_no_course_to_show(project: Project) -> None:
    early = pipeline.state(project, dt.date(2020, 1, 1))
    assert "course" not in data_of(early, None, standing.course_of(early))


def test_only_an_audience_that_may_know_the_course_is_told_it(known: State, course: Course) -> None:
    told = {}
    for name, audience in known.project.audiences.items():
        contents = contents_of(replace(known, audience=audience), scope_of(known.project, None, None))
        page = replace(contents, additions=Additions(course=course))
        assert bool(course_data(page)) == bool(classes_over_time(page)) == audience.knows_course, name
        told[name] = audience.knows_course
    assert not told["public"]


def test_what_follows_from_no_status_is_no_figure_of_the_course(known: State, course: Course) -> None:
    definitions = known.project.definitions.model_copy(update={"passed": PassedDefinition.WITHIN_20_M})
    other = replace(known, project=known.project.model_copy(update={"definitions": definitions}))
    assert "passed" in data_of(known, None, course)["course"]["figures"]
    assert "passed" not in data_of(other, None, course)["course"]["figures"]


def test_the_curve_rises_to_the_shares_of_the_last_day(known: State, course: Course) -> None:
    told = data_of(known, "2", course)["course"]
    curve, days = told["curve"], told["last"] - told["first"]
    places = [tuple(map(float, place.split(" "))) for place in curve["lines"]["connected"].removeprefix("M").split("L")]
    assert [day for day, _ in places] == sorted({day for day, _ in places})
    assert places[0] == (max((dt.date(2021, 9, 22) - EPOCH).days - told["first"], 0), 100)
    reached = milestones(contents_of(known, scope_of(known.project, "2", None)).state)
    share = reached["connected"].sum() / (~reached["dropped"]).sum()
    full = float(curve["full"].split("\u202f")[0]) / 100
    assert places[-1] == (days, pytest.approx(100 - 100 * share / full, abs=0.06))
    assert min(height for _, height in places) >= 0


@pytest.mark.parametrize("day", [dt.date(2021, 6, 15), dt.date(2022, 1, 31), REPORT])
def test_the_figures_over_time_are_those_of_the_states(
    known: State, course: Course, state_on: Callable[[dt.date], State], day: dt.date
) -> None:
    first, last = ((date - EPOCH).days for date in (dt.date(2021, 1, 1), REPORT))
    always = np.zeros(len(known.targets), dtype=np.int64)
    row = figures_over_time(known, course.steps, always, (first, last)).iloc[(day - EPOCH).days - first]
    then = milestones(state_on(day))
    assert row["whole"] == (~then["dropped"]).sum()
    assert row["connected"] == then["connected"].sum()
    assert row["passed"] == then["passed"].sum()
    pieces = state_on(day).pieces
    kept = pieces[pieces["status"].ne("dropped").fillna(value=True)]
    built = kept[(kept["kind"] == "new_duct") & kept["height"].ge(4).fillna(value=False)]
    assert row["built"] == (built["length_m"] * 1000).round().sum()
    assert row["co_used"] == (kept.loc[kept["kind"] == "co_used", "length_m"] * 1000).round().sum()


def test_only_what_lies_near_a_dropped_segment_may_have_hung_elsewhere(known: State, course: Course) -> None:
    told = course.steps[
        course.steps["status"].eq("dropped").fillna(value=False) & (course.steps["entity"] == "segment")
    ]
    again = known.segments["segment_id"].isin(told["entity_id"])
    alive = known.segments.assign(status=known.segments["status"].mask(again, "planned"))
    limit_m = known.project.definitions.drop_limit_m
    before = attach_targets(known.targets, alive, known.base["streets"], limit_m=limit_m)
    moved = known.targets.loc[before["segment_id"].ne(known.targets["segment_id"]).fillna(value=True), "target_id"]
    assert len(told) > 0
    assert set(moved) <= course.unsettled
    assert 0 < len(course.unsettled) < len(known.targets) / 50


def test_the_days_of_a_course_are_those_of_its_deliveries(known: State, course: Course) -> None:
    assert course.days[0] == dt.date(2021, 3, 12)
    assert course.days[-1] == REPORT
    told = data_of(known, "1", course)
    assert told["course"]["notes"][-1][1] == told["spec"]["notes"][0]
    youngest = course.sources.drop_duplicates("sender", keep="last").sort_values("sender")
    assert known.sources is not None
    assert youngest["sender"].tolist() == known.sources["sender"].tolist()
    assert youngest["state_on"].tolist() == known.sources["state_on"].tolist()


def test_a_build_with_a_store_gives_its_pages_the_course(known: State, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "views", lambda _project: [View("stadt.html", programme_id="leverkusen")])
    files = pipeline.draw(known)
    assert '"course":{' in files["stadt.html"].decode()
    assert standing.course_of(replace(known, sources=None)) is None


def test_an_empty_store_has_an_empty_course(project: Project, known: State, tmp_path: Path) -> None:
    from rollout.history import FILE_NAME, open_store  # noqa: PLC0415

    open_store(tmp_path / FILE_NAME, create=True)
    empty = replace(known, project=project.model_copy(update={"folder": tmp_path}))
    course = standing.course_of(empty)
    assert course is not None
    assert course.steps.empty
    assert course.sources.empty
    assert course.days == ()
    assert course.unsettled == frozenset()
    assert "course" not in data_of(known, None, course)
