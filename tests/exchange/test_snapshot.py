"""The file for QGIS: what is in it, how it takes its place, and who never touches what."""

from __future__ import annotations

import dataclasses
import datetime as dt
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely

import rollout
from rollout import files
from rollout.errors import OutputError
from rollout.exchange import snapshot as exchange
from rollout.exchange.contents import PUBLISHED
from rollout.exchange.snapshot import FILE_NAME, publish, snapshot
from rollout.schema import LAYERS, Layer

Invoke = Callable[..., int]


def _read(path: Path, layer: str) -> gpd.GeoDataFrame:
    return pyogrio.read_dataframe(path, layer=layer)


def _asked(path: Path, question: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as file:
        return file.execute(question).fetchall()


def _plain(values: pd.Series) -> list[Any]:
    return values.astype(object).where(values.notna(), None).tolist()


def _layers(path: Path) -> list[str]:
    return [name for name, kind in pyogrio.list_layers(path) if kind is not None]


def test_every_layer_is_there_with_all_of_its_rows_in_metres(published: Path) -> None:
    said = {name: pyogrio.read_info(published, layer=name) for name in _layers(published)}
    counts = {name: info["features"] for name, info in said.items()}
    assert counts == {"targets": 6, "nodes": 1, "segments": 3, "districts": 2}
    assert {info["crs"] for info in said.values()} == {"EPSG:25832"}


def test_layers_of_the_base_map_come_along_where_the_project_has_them(state: rollout.State, tmp_path: Path) -> None:
    street = gpd.GeoDataFrame(
        {"street_id": ["W1"], "name": ["Hauptstraße"], "rank": ["main"]},
        geometry=[state.segments.geometry.iloc[0]],
        crs=state.segments.crs,
    )
    (tmp_path / FILE_NAME).write_bytes(snapshot(dataclasses.replace(state, base={"streets": street})))
    assert _read(tmp_path / FILE_NAME, "streets")["name"].tolist() == ["Hauptstraße"]


def test_the_shapes_are_those_of_the_state(state: rollout.State, published: Path) -> None:
    for name, rows in (("targets", state.targets), ("segments", state.segments), ("districts", state.districts)):
        there, ours = _read(published, name), rows.sort_values(LAYERS[name].key)
        assert shapely.equals(there.geometry.to_numpy(), ours.geometry.to_numpy()).all()


def test_lines_and_areas_are_multi_part_whatever_the_data_of_the_day(published: Path) -> None:
    kinds = {name: pyogrio.read_info(published, layer=name)["geometry_type"] for name in _layers(published)}
    expected = {"targets": "Point", "nodes": "Point", "segments": "MultiLineString", "districts": "MultiPolygon"}
    assert kinds == expected


def test_a_segment_says_where_it_stands_in_keys_and_in_german(published: Path) -> None:
    said = _read(published, "segments").drop(columns=["geometry", "status_since"])
    rows = {row["segment_id"]: row for row in said.astype(object).where(said.notna(), None).to_dict("records")}
    assert rows["S2"] == {
        "segment_id": "S2",
        "programme_id": "haupt",
        "phase_id": "2",
        "phase": "Bauabschnitt 2",
        "district": "Neustadt",
        "kind": "co_used",
        "kind_label": "mitgenutzte Infrastruktur",
        "length_m": 300.0,
        "status": "blocked",
        "status_label": "gesperrt oder unterbrochen",
        "reason": "weather",
        "reason_label": "Witterung",
    }
    assert (rows["S3"]["phase"], rows["S3"]["status_label"], rows["S3"]["reason"]) == (None, "in Betrieb", None)


def test_a_target_says_its_address_and_its_way_to_the_trench(published: Path) -> None:
    rows = _read(published, "targets").set_index("target_id")
    assert rows.loc["T3", "address"] == "Hauptstraße 3a, 51373"
    assert rows.loc["T3", ["category", "category_label", "drive"]].tolist() == ["school", "Schulen", "funded"]
    assert rows.loc["T3", ["district", "phase", "drop_m"]].tolist() == ["Altstadt", "Bauabschnitt 1", 10.0]
    assert rows.loc["T1", "status_since"] == pd.Timestamp(2022, 3, 1)


@pytest.mark.parametrize("name", ["segments", "targets"])
def test_every_status_is_that_of_the_state_and_no_data_is_a_state_of_its_own(
    state: rollout.State, published: Path, name: str
) -> None:
    ours = getattr(state, name).sort_values(LAYERS[name].key)
    there = _read(published, name)
    assert _plain(there["status"]) == _plain(ours["status"].fillna("no_data"))
    assert _plain(there["status_since"]) == _plain(ours["status_since"])
    assert there.loc[there["status"] == "no_data", "status_label"].eq("keine Angabe").all()


def test_a_target_without_a_trench_has_no_distance(state: rollout.State, tmp_path: Path) -> None:
    alone = dataclasses.replace(state, targets=state.targets.assign(drop_m=float("inf")))
    (tmp_path / FILE_NAME).write_bytes(snapshot(alone))
    assert _read(tmp_path / FILE_NAME, "targets")["drop_m"].isna().all()


def test_no_column_leaves_the_house_that_is_not_meant_to(state: rollout.State, tmp_path: Path) -> None:
    more = dataclasses.replace(
        state, targets=state.targets.assign(owner="Vertraulich"), segments=state.segments.assign(note="Vertraulich")
    )
    content = snapshot(more)
    (tmp_path / FILE_NAME).write_bytes(content)
    for name in _layers(tmp_path / FILE_NAME):
        expected = [column.name for column in PUBLISHED[name].columns]
        assert pyogrio.read_info(tmp_path / FILE_NAME, layer=name)["fields"].tolist() == expected
    assert b"Vertraulich" not in content
    assert content == snapshot(state)


def test_every_column_is_explained_in_the_file(published: Path) -> None:
    said = _asked(published, "SELECT table_name, column_name, description FROM gpkg_data_columns")
    expected = [(name, column.name) for name in _layers(published) for column in PUBLISHED[name].columns]
    assert [(table, column) for table, column, _ in said] == expected
    assert all(meaning.endswith(".") for _, _, meaning in said)


def test_the_file_is_a_geopackage_without_fault(published: Path) -> None:
    assert _asked(published, "PRAGMA integrity_check") == [("ok",)]
    assert _asked(published, "PRAGMA foreign_key_check") == []
    contents = {name for (name,) in _asked(published, "SELECT table_name FROM gpkg_contents")}
    assert contents == {*_layers(published), "layer_styles", "stand"}


def test_the_file_says_of_which_day_it_is_as_known_when_and_from_whom(state: rollout.State, tmp_path: Path) -> None:
    sources = pd.DataFrame({"sender": ["EVL", "NetCologne"], "state_on": pd.to_datetime(["2022-03-01", "2022-02-28"])})
    project = state.project.model_copy(update={"sample": True})
    known = dataclasses.replace(state, project=project, known_at=dt.date(2022, 3, 30), sources=sources)
    (tmp_path / FILE_NAME).write_bytes(snapshot(known))
    note = (
        "Stand 28.03.2022, wie am 30.03.2022 bekannt. Beispieldaten: Trassen, Anschlüsse und Netzknoten sind erfunden."
    )
    whose = "EVL, Stand 01.03.2022; NetCologne, Stand 28.02.2022"
    said = _asked(tmp_path / FILE_NAME, "SELECT * FROM stand")
    assert said == [(1, "Glasfaser Kleinstadt", "2022-03-28", "2022-03-30", 1, whose, note)]
    described = _asked(tmp_path / FILE_NAME, "SELECT description FROM gpkg_contents WHERE table_name = 'segments'")
    assert described == [(f"Die Trassenabschnitte. {note}",)]


def test_where_no_delivery_counts_nobody_is_named(published: Path) -> None:
    said = _asked(published, "SELECT known_at, sample, sources, note FROM stand")
    assert said == [(None, 0, None, "Stand 28.03.2022.")]


def test_the_same_state_gives_the_same_bytes_in_whatever_order_its_rows_are(state: rollout.State) -> None:
    first = snapshot(state)
    backwards = {name: getattr(state, name).iloc[::-1] for name in ("targets", "segments", "nodes", "districts")}
    assert snapshot(state) == first
    assert snapshot(dataclasses.replace(state, **backwards)) == first


def test_a_disk_that_is_full_leaves_the_earlier_file(
    state: rollout.State, tiny_project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = publish(tiny_project, b"frueher")

    def full(_path: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "_wait_for_disk", full)
    with pytest.raises(OutputError, match="No space left"):
        publish(tiny_project, snapshot(state))
    assert path.read_bytes() == b"frueher"


def test_no_room_for_the_draft_is_said_in_german(state: rollout.State, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(exchange, "add_tables", full)
    with pytest.raises(OutputError, match="der Stand für QGIS lässt sich nicht schreiben"):
        snapshot(state)


def test_whoever_reads_the_earlier_file_goes_on_reading_it(state: rollout.State, tiny_project: Path) -> None:
    path = publish(tiny_project, snapshot(state))
    later = dataclasses.replace(state, as_of=dt.date(2022, 4, 1), targets=state.targets.head(1))
    with closing(sqlite3.connect(path)) as reader:
        reader.execute("BEGIN")
        assert reader.execute("SELECT count(*) FROM targets").fetchone() == (6,)
        publish(tiny_project, snapshot(later))
        assert reader.execute("SELECT count(*) FROM targets").fetchone() == (6,)
        assert reader.execute("SELECT as_of FROM stand").fetchone() == ("2022-03-28",)
    assert _asked(path, "SELECT as_of FROM stand") == [("2022-04-01",)]


@pytest.mark.parametrize("ending", ["-wal", "-journal"])
def test_a_file_that_is_being_edited_is_not_replaced(tiny_project: Path, ending: str) -> None:
    path = publish(tiny_project, b"frueher")
    path.with_name(path.name + ending).write_bytes(b"die letzten Zeilen")
    with pytest.raises(OutputError, match="in einem anderen Programm bearbeitet"):
        publish(tiny_project, b"neu")
    assert path.read_bytes() == b"frueher"
    path.with_name(path.name + ending).write_bytes(b"")
    assert publish(tiny_project, b"neu").read_bytes() == b"neu"


def test_nothing_is_left_beside_the_file(state: rollout.State, tiny_project: Path) -> None:
    before = set(tiny_project.iterdir())
    publish(tiny_project, snapshot(state))
    assert {path.name for path in set(tiny_project.iterdir()) - before} - {".rollout.lock"} == {FILE_NAME}


def test_build_publishes_what_the_deliveries_say(delivered: Path, invoke: Invoke) -> None:
    assert invoke("build", delivered, "--quiet") == 0
    targets = _read(delivered / FILE_NAME, "targets").set_index("target_id")["status"]
    assert targets[["T1", "T2", "T3"]].tolist() == ["surveyed", "activated", "no_data"]
    assert _asked(delivered / FILE_NAME, "SELECT sources FROM stand") == [("EVL, Stand 02.03.2022",)]


def test_build_names_the_file_and_still_the_index_last(delivered: Path) -> None:
    built = rollout.build(rollout.open_project(delivered))
    assert built.files[delivered / FILE_NAME] == (delivered / FILE_NAME).stat().st_size
    assert built.index.name == "index.html"


def test_a_build_that_writes_nothing_publishes_nothing(delivered: Path) -> None:
    built = rollout.build(rollout.open_project(delivered), write=False)
    assert delivered / FILE_NAME in built.files
    assert not (delivered / FILE_NAME).exists()


def test_build_of_a_project_without_a_store_publishes_nothing(tiny_project: Path) -> None:
    built = rollout.build(rollout.open_project(tiny_project))
    assert not [path for path in (*built.files, *tiny_project.iterdir()) if path.name == FILE_NAME]


def test_a_build_that_cannot_publish_leaves_every_earlier_page(delivered: Path, invoke: Invoke) -> None:
    assert invoke("build", delivered, "--quiet") == 0
    page = delivered / "maps" / "index.html"
    earlier = page.stat().st_mtime_ns
    (delivered / f"{FILE_NAME}-wal").write_bytes(b"die letzten Zeilen")
    assert invoke("build", delivered, "--quiet") == 5
    assert page.stat().st_mtime_ns == earlier


def test_gdal_writes_a_draft_elsewhere_and_never_sees_the_store(
    delivered: Path, invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Path] = []
    add_layer = exchange.add_layer

    def watched(path: Path, rows: gpd.GeoDataFrame, layer: Layer, about: tuple[str, str]) -> None:
        seen.append(path)
        add_layer(path, rows, layer, about)

    monkeypatch.setattr(exchange, "add_layer", watched)
    before = (delivered / "history.db").read_bytes()
    assert invoke("snapshot", delivered) == 0
    assert len(seen) == 4
    assert not [path for path in seen if path.is_relative_to(delivered)]
    assert (delivered / "history.db").read_bytes() == before


def test_the_command_prints_where_the_file_is(
    delivered: Path, invoke: Invoke, capsys: pytest.CaptureFixture[str]
) -> None:
    assert invoke("snapshot", delivered, "--as-of", "28.02.2022") == 0
    assert capsys.readouterr().out == f"{delivered / FILE_NAME}\n"
    assert _asked(delivered / FILE_NAME, "SELECT as_of, known_at FROM stand") == [("2022-02-28", None)]
    assert set(_read(delivered / FILE_NAME, "targets")["status"]) == {"no_data"}


def test_the_command_can_show_what_was_known_then(delivered: Path, invoke: Invoke) -> None:
    assert invoke("snapshot", delivered, "--known-at", "2022-03-03") == 0
    assert _asked(delivered / FILE_NAME, "SELECT known_at FROM stand") == [("2022-03-03",)]
    assert set(_read(delivered / FILE_NAME, "targets")["status"]) == {"no_data"}


def test_a_project_without_a_store_is_published_as_its_layers_say(tiny_project: Path, invoke: Invoke) -> None:
    assert invoke("snapshot", tiny_project) == 0
    assert _read(tiny_project / FILE_NAME, "targets")["status"].tolist()[0] == "connected"
