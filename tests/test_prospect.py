"""Forecasts of the bundled project out of its deliveries: the same figures as its states, and the same bytes."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import rollout
from rollout import pipeline, prospect, receiving
from rollout.analysis.forecast import to_do
from rollout.analysis.gains import WORKS, by_week, gains, shares
from rollout.analysis.pace import Outlook, workdays_of
from rollout.analysis.state import State
from rollout.history import FILE_NAME, deliveries, open_store
from rollout.project import Project, open_project
from rollout.reporting.forecast_report import forecast_report, forecast_sections, with_forecast
from rollout.reporting.formats import Format
from rollout.reporting.render import render
from rollout.vocabulary import Level

BUNDLED = Path(__file__).parents[1] / "geodata" / "leverkusen"
REPORT = dt.date(2022, 3, 28)
KEYS = ["programme_id", "district_id", "work"]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    own = shutil.ignore_patterns("history.db*", "sicherungen", "eingang", "current.gpkg")
    folder = shutil.copytree(BUNDLED, tmp_path_factory.mktemp("ahead") / "leverkusen", ignore=own)
    opened = open_project(folder)
    list(receiving.replay(opened, opened.folder / "deliveries" / "deliveries.toml"))
    return opened


@pytest.fixture(scope="module")
def state(project: Project) -> State:
    return pipeline.state(project, REPORT)


@pytest.fixture(scope="module")
def ahead(state: State) -> prospect.Ahead:
    return prospect.look_ahead(state)


def test_the_weekly_curves_say_what_the_state_of_each_week_says(project: Project, state: State) -> None:
    known = prospect.reports_of(state)
    assert known is not None
    rows = to_do(state, Level.DISTRICT)
    ends = workdays_of(state).week_ends(REPORT, dt.date(2020, 12, 1))
    curve = by_week(gains(shares(state, rows, Level.DISTRICT), known), len(rows), ends).cumsum(axis=1)
    for place in (20, 40, 55, len(ends) - 1):
        then = to_do(pipeline.state(project, ends[place].item()), Level.DISTRICT).groupby(KEYS)["done"].sum()
        drawn = rows.assign(done=curve[:, place]).groupby(KEYS)["done"].sum()
        both = pd.concat([then, drawn], axis=1, keys=["state", "curve"]).fillna(0)
        assert (both["state"] == both["curve"]).all(), ends[place]


def test_what_was_known_then_is_read_as_it_was_known_then(project: Project, state: State) -> None:
    then = dict(prospect.earlier_reports(state))
    assert min(then) == dt.date(2021, 3, 15)
    day = dt.date(2022, 2, 2)
    as_known = prospect.reports_of(pipeline.state(project, day, known_at=day))
    assert as_known is not None
    assert then[day].told == as_known.told
    pd.testing.assert_frame_equal(then[day].crossings, as_known.crossings)


def test_the_same_seed_gives_the_same_and_another_seed_another_range(state: State) -> None:
    first = rollout.forecast(state, by=Level.PHASE)
    assert first.to_csv() == rollout.forecast(state, by=Level.PHASE).to_csv()
    other = rollout.forecast(state, by=Level.PHASE, seed=2)
    pd.testing.assert_frame_equal(first[["open", "rate_12"]], other[["open", "rate_12"]])
    assert not first[["p10", "p50", "p90"]].equals(other[["p10", "p50", "p90"]])


def test_every_work_stands_alone_and_adds_up_over_districts(ahead: prospect.Ahead) -> None:
    districts, whole = ahead.forecasts.by_level[Level.DISTRICT], ahead.forecasts.by_level[Level.PROGRAMME]
    assert set(districts["work"]) == set(WORKS)
    sums = districts.groupby(["programme_id", "work"])[["planned", "done", "open"]].sum()
    pd.testing.assert_frame_equal(sums, whole.groupby(["programme_id", "work"])[["planned", "done", "open"]].sum())


def test_hits_never_exceed_trials_and_most_ranges_of_districts_held(project: Project) -> None:
    late = pipeline.state(project, dt.date(2022, 12, 21))
    rows = rollout.forecast(late)
    rows = rows[rows["work"] != "co_used"]
    for horizon, least in (("4", 0.8), ("12", 0.8), ("end", 0.65)):
        assert (rows[f"hit_{horizon}"] <= rows[f"tried_{horizon}"]).all()
        assert rows[f"hit_{horizon}"].sum() / rows[f"tried_{horizon}"].sum() > least


def test_without_deliveries_the_reason_is_told_and_nothing_is_drawn() -> None:
    state = pipeline.state(open_project(BUNDLED)) if not (BUNDLED / FILE_NAME).exists() else None
    if state is not None:
        told = prospect.look_ahead(state)
        rows = told.forecasts.by_level[Level.PROGRAMME]
        assert told.curves == ()
        assert set(rows.loc[rows["open"] > 0, "outlook"]) == {Outlook.NO_REPORTS}


def test_a_delivery_that_only_corrects_the_past_tells_nothing_of_its_own_day(
    project: Project,
) -> None:
    known = dict(prospect.earlier_reports(pipeline.state(project, dt.date(2022, 9, 30))))
    corrected = known[dt.date(2022, 5, 17)]
    assert corrected.told_until("new_duct", dt.date(2022, 5, 17)) == REPORT
    assert len(deliveries(open_store(project.folder / FILE_NAME))) == 17


@pytest.mark.parametrize("form", [form for form in Format if form is not Format.TERMINAL])
def test_every_format_of_a_forecast_is_the_same_twice(state: State, ahead: prospect.Ahead, form: Format) -> None:
    report = forecast_report(state, ahead.forecasts, ahead.curves)
    assert render(report, form) == render(forecast_report(state, ahead.forecasts, ahead.curves), form)


def test_a_report_says_the_reasons_the_hits_and_the_slips(state: State, ahead: prospect.Ahead) -> None:
    said = render(forecast_report(state, ahead.forecasts), Format.HTML).decode().replace("\u202f", " ")
    assert "2× verschoben, insgesamt +5 Monate" in said
    assert "keine Prognose: noch nichts fertig gemeldet" in said
    assert "Rückblick: In der Spanne früherer Prognosen (Soll 80 %)" in said
    assert "Gewerbegebiet Im Friedenstal: nichts mehr offen." in said


def test_no_column_of_the_joined_report_is_explained_twice(state: State, ahead: prospect.Ahead) -> None:
    from rollout.reporting.describe import progress_report  # noqa: PLC0415

    sections = forecast_sections(state, ahead.forecasts, ahead.curves)
    joined = with_forecast(progress_report(state), sections)
    terms = [row.cells[0] for row in joined.sections[-1].rows]
    assert len(terms) == len(set(terms))
    assert {column.label for section in joined.sections[:-1] for column in section.columns} <= set(terms)


def test_a_build_shows_the_curves_on_the_index_and_in_the_workbook(project: Project) -> None:
    built = pipeline.build(project.model_copy(update={"maps": Path("karten")}), REPORT)
    index = built.index.read_text(encoding="utf-8")
    assert index.count('<svg class="curve"') == 4
    assert "Bauabschnitt 1, geförderte Anschlüsse: 350 von 417 fertig am 28.03.2022" in index
    assert "<script" not in index
    assert np.all([path.exists() for path in built.files])
