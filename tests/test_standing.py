"""Where everything stands by the deliveries: equal to the layers on the report's day, as known then and today."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from rollout import pipeline, receiving
from rollout.errors import InputError
from rollout.history import open_store
from rollout.project import Project, open_project
from rollout.standing import as_reported, sources_of

BUNDLED = Path(__file__).parents[1] / "geodata" / "leverkusen"
REPORT = dt.date(2022, 3, 28)
QUARTER = dt.date(2021, 9, 30)
STATUS = {"segments": ["status", "status_since", "reason", "status_before"], "targets": ["status", "status_since"]}


def copied(folder: Path) -> Path:
    """The bundled project without what a user may have built beside it."""
    own = shutil.ignore_patterns("history.db*", "sicherungen", "eingang", "current.gpkg")
    return Path(shutil.copytree(BUNDLED, folder / "leverkusen", ignore=own))


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A copy of the bundled project whose store is built from its deliveries, once."""
    opened = open_project(copied(tmp_path_factory.mktemp("replayed")))
    told = dict(receiving.replay(opened, opened.folder / "deliveries" / "deliveries.toml"))
    assert sum(recorded is not None and recorded.is_new for recorded in told.values()) == 17
    return opened


@pytest.fixture(scope="module")
def layers(project: Project) -> dict[str, gpd.GeoDataFrame]:
    return pipeline.check(project).layers


@pytest.mark.parametrize("known_at", [None, REPORT])
@pytest.mark.parametrize("name", STATUS)
def test_on_the_day_of_the_report_the_deliveries_say_what_the_layers_say(
    project: Project, layers: dict[str, gpd.GeoDataFrame], name: str, known_at: dt.date | None
) -> None:
    reported, _ = as_reported(layers, project, REPORT, known_at)
    pd.testing.assert_frame_equal(
        pd.DataFrame(reported[name][STATUS[name]]), pd.DataFrame(layers[name][STATUS[name]]), check_like=True
    )
    assert reported[name].geometry.equals(layers[name].geometry)


def test_the_layers_given_are_not_changed(project: Project, layers: dict[str, gpd.GeoDataFrame]) -> None:
    before = {name: layers[name].copy() for name in STATUS}
    as_reported(layers, project, QUARTER, None)
    for name, rows in before.items():
        pd.testing.assert_frame_equal(pd.DataFrame(layers[name]), pd.DataFrame(rows))


def test_a_late_correction_parts_what_was_known_then_from_what_is_known_today(
    project: Project, layers: dict[str, gpd.GeoDataFrame]
) -> None:
    then, today = (as_reported(layers, project, QUARTER, known_at)[0]["segments"] for known_at in (REPORT, None))
    differing = then["status"].ne(today["status"]).fillna(value=False)
    assert differing.sum() > 0
    assert set(then.loc[differing, "status"]) == {"duct_laid"}
    assert set(today.loc[differing, "status"]) == {"digging"}


def test_before_the_first_delivery_nothing_was_known(project: Project, layers: dict[str, gpd.GeoDataFrame]) -> None:
    reported, sources = as_reported(layers, project, REPORT, dt.date(2021, 3, 1))
    assert all(reported[name]["status"].isna().all() for name in STATUS)
    assert sources.empty


def test_the_sources_are_the_youngest_counting_delivery_of_each_partner(
    project: Project, layers: dict[str, gpd.GeoDataFrame]
) -> None:
    _, sources = as_reported(layers, project, REPORT, REPORT)
    assert sources["sender"].tolist() == ["EVL", "NetCologne"]
    assert set(sources["state_on"]) == {pd.Timestamp(REPORT)}


def test_a_state_carries_the_moment_and_the_sources_it_was_known_by(project: Project) -> None:
    state = pipeline.state(project, QUARTER, known_at=REPORT)
    assert state.known_at == REPORT
    assert not state.sources.empty
    assert (state.sources["recorded_at"] < pd.Timestamp("2022-03-29", tz="UTC")).all()


def test_every_status_is_traced_to_a_file_and_a_row(project: Project, layers: dict[str, gpd.GeoDataFrame]) -> None:
    ids = layers["segments"]["segment_id"]
    rows = pd.DataFrame({"entity": pd.Series("segment", index=ids.index, dtype="string"), "entity_id": ids})
    said = sources_of(project, rows, REPORT)
    assert said["entity_id"].tolist() == ids.tolist()
    known = as_reported(layers, project, REPORT, None)[0]["segments"]["status"].notna()
    assert said.loc[known.to_numpy(), ["sender", "file_name", "row", "delivery_id"]].notna().all(axis=None)
    assert said.loc[~known.to_numpy(), "file_name"].isna().all()


def test_what_was_known_then_is_not_to_be_asked_without_deliveries(tiny_project: Path) -> None:
    with pytest.raises(InputError, match="wann bekannt") as refused:
        pipeline.state(open_project(tiny_project), known_at=REPORT)
    assert "--known-at" in refused.value.hint
    assert refused.value.exit_code == 3


def test_an_empty_store_knows_nothing_of_anything(tiny_project: Path) -> None:
    open_store(tiny_project / "history.db", create=True)
    state = pipeline.state(open_project(tiny_project))
    assert state.segments["status"].isna().all()
    assert state.targets["status"].isna().all()
    assert state.sources.empty
