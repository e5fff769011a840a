"""The main job in miniature: read, checked, placed, drawn."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import geopandas as gpd
import pytest

import rollout
from rollout import pipeline
from rollout.analysis.placing import phase_districts, place
from rollout.errors import DataError, ProjectError

DAY = dt.date(2022, 3, 28)


def _project(folder: Path, old: str = "", new: str = "") -> rollout.Project:
    file = folder / "rollout.toml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    return rollout.open_project(folder)


def test_a_state_holds_every_row_of_every_layer_placed(tiny_project: Path) -> None:
    state = rollout.state(_project(tiny_project))
    assert state.as_of == DAY
    assert state.targets.set_index("target_id")["district_id"].to_dict() == dict.fromkeys(
        ("T1", "T2", "T3", "T6"), "A"
    ) | dict.fromkeys(("T4", "T5"), "N")
    phases = state.targets.set_index("target_id")["phase_id"].fillna("none").to_dict()
    assert phases == {"T1": "1", "T2": "1", "T3": "1", "T4": "2", "T5": "none", "T6": "1"}
    assert state.segments["height"].tolist() == [6, 4, 11]
    assert state.nodes["district_id"].tolist() == ["A"]


def test_the_cable_of_a_segment_is_apportioned_with_its_length(tiny_project: Path) -> None:
    pieces = rollout.state(_project(tiny_project)).pieces
    crossing = pieces[pieces["segment_id"] == "S2"].set_index("district_id")
    assert crossing["length_m"].round(6).to_dict() == {"A": 100.0, "N": 200.0}
    assert crossing["cable_m"].to_dict() == {"A": pytest.approx(310 / 3), "N": pytest.approx(620 / 3)}


def test_a_day_before_a_district_joined_its_phase_has_it_in_none(tiny_project: Path) -> None:
    state = rollout.state(_project(tiny_project), dt.date(2022, 2, 1))
    assert state.targets.set_index("target_id")["phase_id"].isna()["T4"]
    assert state.targets["status"].isna().all()


def test_a_target_outside_every_district_is_a_finding_and_not_a_loss(tiny_project: Path) -> None:
    project = _project(tiny_project)
    layers = pipeline.check(project).layers
    layers["targets"] = layers["targets"].set_geometry(layers["targets"].translate(0, 480))
    state = place(layers, project, DAY)
    table = rollout.district_table(state)
    assert len(state.targets) == 6
    assert table["counted"].sum() == 5
    assert table.loc[table["district_id"].isna(), "counted"].sum() == 5


def test_findings_of_the_layers_stand_in_the_order_of_the_layers(tiny_project: Path) -> None:
    findings = pipeline.check(_project(tiny_project, 'id = "park"', 'id = "anderer"')).findings
    assert [finding.layer for finding in findings] == sorted(
        (finding.layer for finding in findings), key=["districts", "nodes", "segments", "targets"].index
    )


def test_an_error_in_the_data_stops_the_work_and_carries_every_finding(tiny_project: Path) -> None:
    project = _project(tiny_project, 'id = "park"', 'id = "anderer"')
    with pytest.raises(DataError, match="2 Fehler") as caught:
        rollout.state(project)
    assert {finding.value for finding in caught.value.findings} >= {"park"}


def test_a_phase_that_names_an_unknown_district_is_refused_with_its_name(tiny_project: Path) -> None:
    project = _project(tiny_project, 'district = "Neustadt"', 'district = "Neustat"')
    layers = pipeline.check(project).layers
    with pytest.raises(ProjectError, match="'Neustat'"):
        phase_districts(project, layers["districts"])


def test_a_layer_may_come_in_degrees_under_german_names(tiny_project: Path) -> None:
    expected = rollout.district_table(rollout.state(_project(tiny_project)))
    rows = gpd.read_file(tiny_project / "targets.gpkg").to_crs("EPSG:4326")
    rows["status"] = rows["status"].replace({"connected": "angeschlossen"})
    rows = rows.rename(columns={"target_id": "NR", "status": "STAND"})
    rows.to_file(tiny_project / "ziele.geojson", driver="GeoJSON")
    german = """targets.path = "ziele.geojson"
targets.columns = { target_id = "NR", status = "STAND" }
targets.values.status = { angeschlossen = "connected" }"""
    project = _project(tiny_project, 'targets.path = "targets.gpkg"', german)
    assert rollout.district_table(rollout.state(project)).equals(expected)


def test_every_link_of_the_index_leads_to_a_file_that_is_written(tiny_project: Path) -> None:
    files = pipeline.draw(rollout.state(_project(tiny_project)))
    index = files["index.html"].decode()
    assert list(files)[-1] == "index.html"
    assert all(f'href="{name}"' in index for name in files if name != "index.html")


def test_the_steps_of_a_build_move_forward(tiny_project: Path) -> None:
    seen: list[float] = []
    rollout.build(_project(tiny_project), advance=lambda _step, done: seen.append(done))
    assert seen == sorted(seen)
    assert 0 < seen[0] < seen[-1] < 1
