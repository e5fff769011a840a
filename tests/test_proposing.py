"""Proposals are taken in, listed beside the state, decided one by one, taken back, and rebuilt by a replay."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from rollout import pipeline
from rollout.analysis.corrections import compared, to_change
from rollout.audiences import Audience
from rollout.errors import DataError, InputError
from rollout.history import FILE_NAME, deliveries, open_store, proposals, statuses, withdraw
from rollout.history.rulings import Ruling
from rollout.intake.receipt import Terms
from rollout.intake.refusal import DeliveryError
from rollout.layers import write_layer
from rollout.marks import Outcome
from rollout.project import open_project
from rollout.proposing import ORIGINALS_FOLDER, Board, decide, listing, open_board, submit
from rollout.receiving import open_desk, receive, replay
from rollout.reporting.plan_changes import as_csv
from rollout.schema import LAYERS

PARTNERS = """
[partners.EVL]
name = "Energieversorgung"
targets = { columns = { target_id = "Kennung", status = "Status", valid_on = "Datum" } }
segments = { columns = { segment_id = "Trasse", status = "Status", valid_on = "Datum" } }
"""
LIST = "Kennung;Status;Datum\r\nT1;angeschlossen;01.03.2022\r\nT2;Begehung erfolgt;01.02.2022\r\n"
TRENCHES = "Trasse;Status;Datum\r\nS1;im Bau;01.03.2022\r\n"
TODAY = dt.datetime.now(dt.UTC)
HOSTILE = "[red]<img src=x onerror=alert(1)> {{ 6*7777 }} =1+1"

Mark = dict[str, Any]


def at(x: float, y: float) -> shapely.Point:
    """Return a point in metres from the corner of the town."""
    return shapely.Point(360_000 + x, 5_650_000 + y)


def place_of(x: float, y: float) -> list[float]:
    point = gpd.GeoSeries([at(x, y)], crs="EPSG:25832").to_crs("EPSG:4326").iloc[0]
    return [round(point.x, 6), round(point.y, 6)]


def mark(entity: str = "target", name: str = "T1", **changes: object) -> Mark:
    said = {"status": "connected", "since": "2022-03-01", "place": place_of(50, 110)}
    proposed = {"status": "house_entry", "valid_on": "2022-03-01"}
    return {"entity": entity, "id": name, "said": said, "proposed": proposed, "remark": None, **changes}


MARKS = (
    mark(remark=HOSTILE),
    mark(proposed={"place": place_of(60, 110)}),
    mark(name="T2", said={"status": "identified", "since": None, "place": None}),
    mark("segment", "S1", said={"status": "digging", "since": None, "place": None}, proposed=None, remark="Mauer"),
)


@pytest.fixture(scope="module")
def received(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for what the first test receives, so that the others need not receive it again."""
    return tmp_path_factory.mktemp("received")


@pytest.fixture
def town(tiny_project: Path, received: Path) -> Path:
    """The tiny project with one partner and two lists of it."""
    with (tiny_project / "rollout.toml").open("a", encoding="utf-8") as file:
        file.write(PARTNERS)
    if not (received / FILE_NAME).exists():
        desk = open_desk(open_project(tiny_project))
        for name, content in (("liste.csv", LIST), ("netz.csv", TRENCHES)):
            (received / name).write_text(content, encoding="utf-8")
            receive(desk, received / name, "EVL", Terms(dt.date(2022, 4, 1), dt.date(2022, 3, 28)))
        shutil.copytree(tiny_project / ORIGINALS_FOLDER, received / ORIGINALS_FOLDER)
        shutil.copy(tiny_project / FILE_NAME, received / FILE_NAME)
    shutil.copytree(received / ORIGINALS_FOLDER, tiny_project / ORIGINALS_FOLDER, dirs_exist_ok=True)
    shutil.copy(received / FILE_NAME, tiny_project / FILE_NAME)
    return tiny_project


Saved = Callable[..., Path]


@pytest.fixture
def saved(tmp_path: Path) -> Saved:
    def save(*marks: Mark, name: str = "vorschlaege-evl-2022-03-28.json", **changes: object) -> Path:
        head = {"format": "rollout-vorschlaege", "version": 1, "project": "Glasfaser Kleinstadt", "audience": "evl"}
        head |= {"stand": "2022-03-28", "author": "Petra Muster", "package": "ab12", "marks": list(marks or MARKS)}
        path = tmp_path / name
        path.write_text(json.dumps(head | changes, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        return path

    return save


@pytest.fixture
def board(town: Path) -> Board:
    return open_board(open_project(town))


def ruling(outcome: Outcome = Outcome.ACCEPTED, *, anyway: bool = False) -> Ruling:
    return Ruling(outcome, "Anna Koch", "Foto liegt vor", dt.datetime.now(dt.UTC), anyway)


def now(board: Board) -> pd.DataFrame:
    return listing(board, TODAY.date()).set_index("row")


def state_of(board: Board, name: str) -> str:
    return str(statuses(board.store, TODAY.date()).set_index("entity_id").loc[name, "status"])


def test_a_file_of_proposals_is_a_delivery_that_changes_nothing(board: Board, saved: Saved) -> None:
    before = statuses(board.store, TODAY.date())
    taken = submit(board, saved(), "EVL", TODAY)
    assert taken.recorded is not None
    assert taken.recorded.is_new
    pd.testing.assert_frame_equal(statuses(board.store, TODAY.date()), before)
    row = deliveries(board.store).iloc[-1]
    assert row[["sender", "file_name"]].tolist() == ["EVL", "vorschlaege-evl-2022-03-28.json"]
    assert json.loads(row["receipt"])["package"] == "ab12"
    sha256 = taken.submission.arrival.sha256
    original = board.project.folder / ORIGINALS_FOLDER / sha256[:12] / f"{sha256}.json"
    assert original.read_bytes() == saved().read_bytes()


def test_the_same_file_twice_changes_nothing_and_a_dry_run_writes_nothing(board: Board, saved: Saved) -> None:
    assert submit(board, saved(), None, TODAY, write=False).recorded is None
    assert proposals(board.store).empty
    submit(board, saved(), None, TODAY)
    before = board.store.path.read_bytes()
    again = submit(board, saved(name="kopie.json"), None, TODAY)
    assert again.recorded is not None
    assert not again.recorded.is_new
    assert board.store.path.read_bytes() == before
    assert len(proposals(board.store)) == len(MARKS)


def test_a_faulty_file_leaves_every_byte(board: Board, saved: Saved) -> None:
    before = board.store.path.read_bytes()
    with pytest.raises(DataError, match="Vorschlag 2, Feld 'id'"):
        submit(board, saved(mark(), mark(name="T9")), None, TODAY)
    with pytest.raises(DeliveryError, match="'Telekom'"):
        submit(board, saved(), "Telekom", TODAY)
    assert board.store.path.read_bytes() == before
    assert not list((board.project.folder / ORIGINALS_FOLDER).rglob("*.json")) or proposals(board.store).empty


def test_the_list_tells_what_was_said_what_is_now_and_how_far_apart(board: Board, saved: Saved) -> None:
    submit(board, saved(), None, TODAY)
    rows = now(board)
    assert rows["standing"].unique().tolist() == ["open"]
    assert rows["status_now"].tolist() == ["connected", "connected", "surveyed", "digging"]
    assert rows["has_changed"].tolist() == [False, False, True, False]
    assert rows.loc[2, "distance_m"] == pytest.approx(10, abs=0.15)
    assert rows["distance_m"].isna().tolist() == [True, False, True, True]
    assert rows["what"].tolist() == ["Hauptstraße 1", "Hauptstraße 1", "Hauptstraße 2", ""]
    assert rows["sender"].unique().tolist() == ["evl"]


def test_what_an_audience_is_told_in_place_of_the_state_is_no_change(board: Board, saved: Saved) -> None:
    said = {"status": "house_entry", "since": None, "place": None}
    wrong = mark(name="T2", said=said, proposed={"status": "connected", "valid_on": "2022-03-01"})
    submit(board, saved(wrong), None, TODAY)
    told = proposals(board.store).assign(audience="evl")
    known = statuses(board.store, TODAY.date())
    evl = Audience.model_construct(told_as={"targets": {"surveyed": "house_entry"}}, precision_m=0.0)
    assert compared(told, known, board.layers, {})["has_changed"].tolist() == [True]
    assert compared(told, known, board.layers, {"evl": evl})["has_changed"].tolist() == [False]


def test_only_the_day_may_be_wrong(board: Board, saved: Saved) -> None:
    day = mark(proposed={"status": "connected", "valid_on": "2022-02-15"})
    submit(board, saved(day), None, TODAY)
    assert not now(board)["has_changed"].any()
    decide(board, now(board)["proposal_id"].iloc[0], ruling())
    assert now(board)["since_now"].tolist() == [pd.Timestamp("2022-02-15")]


def test_an_accepted_state_is_an_event_that_names_author_and_reason(board: Board, saved: Saved) -> None:
    submit(board, saved(), "EVL", TODAY)
    name = now(board).loc[1, "proposal_id"]
    after = decide(board, name[:14], ruling())
    assert (after["standing"], after["status_now"]) == ("accepted", "house_entry")
    known = pipeline.state(board.project, dt.date(2022, 3, 28))
    assert known.targets.set_index("target_id").loc["T1", "status"] == "house_entry"
    assert "Korrekturen" in known.sources["sender"].tolist()
    assert pipeline.state(board.project, known_at=dt.date(2022, 4, 1)).sources is not None
    with pytest.raises(InputError, match="von Anna Koch angenommen") as refused:
        decide(board, name, ruling(Outcome.REJECTED))
    assert f"rollout undo {after['decision_id']}" in refused.value.hint


def test_a_state_that_has_changed_meanwhile_is_accepted_only_anyway(board: Board, saved: Saved) -> None:
    submit(board, saved(), None, TODAY)
    name = now(board).loc[3, "proposal_id"]
    with pytest.raises(
        DataError, match="die Seite sagte 'förderfähig ermittelt', inzwischen gilt 'Begehung erfolgt'"
    ) as no:
        decide(board, name, ruling())
    assert "--anyway" in no.value.hint
    assert len(deliveries(board.store)) == 3
    assert decide(board, name, ruling(anyway=True))["status_now"] == "house_entry"


def test_an_acceptance_that_changes_nothing_today_says_so(board: Board, saved: Saved) -> None:
    early = mark(proposed={"status": "house_entry", "valid_on": "2022-02-01"})
    submit(board, saved(early), None, TODAY)
    name = now(board)["proposal_id"].iloc[0]
    with pytest.raises(DataError, match=r"'angeschlossen' zum 01\.03\.2022 ist jünger"):
        decide(board, name, ruling())
    assert decide(board, name, ruling(anyway=True))["status_now"] == "connected"


def test_a_state_that_the_page_told_only_coarsely_is_not_put_back_unnoticed(
    board: Board, saved: Saved, tmp_path: Path
) -> None:
    (tmp_path / "mehr.csv").write_text("Kennung;Status;Datum\r\nT4;aktiviert;01.03.2022\r\n", encoding="utf-8")
    receive(open_desk(board.project), tmp_path / "mehr.csv", "EVL", Terms(TODAY.date(), dt.date(2022, 3, 28)))
    later = {"status": "connected", "valid_on": "2022-03-20"}
    said = {"status": "connected", "since": "2022-03-01", "place": None}
    submit(board, saved(mark(name="T4", said=said, proposed=later)), None, TODAY)
    assert not now(board)["has_changed"].any()
    with pytest.raises(DataError, match="die Seite nannte 'aktiviert' nur 'angeschlossen'; die Annahme stufte zurück"):
        decide(board, now(board)["proposal_id"].iloc[0], ruling())
    assert state_of(board, "T4") == "activated"


def test_an_accepted_place_changes_no_layer_and_is_listed_until_the_layer_has_it(
    board: Board, saved: Saved, town: Path
) -> None:
    submit(board, saved(), "EVL", TODAY)
    decide(board, now(board).loc[2, "proposal_id"], ruling())
    rows = to_change(listing(board, TODAY.date()))
    assert rows["entity_id"].tolist() == ["T1"]
    assert rows["x"].iloc[0] - rows["x_now"].iloc[0] == pytest.approx(10, abs=0.15)
    header, line = as_csv(rows).decode().splitlines()
    assert header.startswith("vorschlag,kennung,adresse,x_alt,y_alt,x_neu,y_neu,meter")
    assert "T1,Hauptstraße 1,360050.0,5650110.0,3600" in line
    moved = board.layers["targets"].copy()
    moved.loc[moved["target_id"] == "T1", "geometry"] = at(60, 110)
    write_layer(
        moved[[*(c.name for c in LAYERS["targets"].columns), "geometry"]], LAYERS["targets"], town / "targets.gpkg"
    )
    assert to_change(listing(open_board(open_project(town)), TODAY.date())).empty


def test_a_place_that_the_layer_has_changed_since_is_accepted_only_anyway(board: Board, saved: Saved) -> None:
    said = {"status": "connected", "since": "2022-03-01", "place": place_of(80, 110)}
    submit(board, saved(mark(said=said, proposed={"place": place_of(60, 110)})), None, TODAY)
    with pytest.raises(DataError, match="inzwischen anders"):
        decide(board, now(board)["proposal_id"].iloc[0], ruling())


def test_undo_of_a_decision_opens_the_proposal_again(board: Board, saved: Saved) -> None:
    submit(board, saved(), None, TODAY)
    name = now(board).loc[1, "proposal_id"]
    for outcome in (Outcome.ACCEPTED, Outcome.REJECTED, Outcome.ACCEPTED):
        decided = decide(board, name, ruling(outcome))
        assert state_of(board, "T1") == ("house_entry" if outcome is Outcome.ACCEPTED else "connected")
        withdraw(board.store, decided["decision_id"], "Irrtum", "Anna Koch")
        assert state_of(board, "T1") == "connected"
        assert now(board).loc[1, "standing"] == "open"


def test_a_withdrawn_file_is_no_longer_open(board: Board, saved: Saved) -> None:
    recorded = submit(board, saved(), None, TODAY).recorded
    assert recorded is not None
    withdraw(board.store, recorded.delivery_id, "falsche Datei", "Anna Koch")
    assert now(board)["standing"].unique().tolist() == ["withdrawn"]
    with pytest.raises(InputError, match="zurückgenommen") as refused:
        decide(board, now(board).loc[1, "proposal_id"], ruling())
    assert "rollout redo" in refused.value.hint


@pytest.mark.parametrize(("name", "what"), [("", "nicht eindeutig|gibt es nicht"), ("zzz", "gibt es nicht")])
def test_a_proposal_that_is_not_there_is_named(board: Board, saved: Saved, name: str, what: str) -> None:
    submit(board, saved(), None, TODAY)
    with pytest.raises(InputError, match=what) as refused:
        decide(board, name, ruling())
    assert "rollout proposals" in refused.value.hint


def test_a_beginning_that_fits_several_is_named(board: Board, saved: Saved) -> None:
    submit(board, saved(), None, TODAY)
    with pytest.raises(InputError, match="nicht eindeutig"):
        decide(board, now(board).loc[1, "delivery_id"], ruling())


@pytest.mark.parametrize(("by", "why"), [("", "x"), ("Anna", ""), ("A\x1b[31m", "x"), ("Anna", "x" * 501)])
def test_name_and_reason_are_one_line_each(board: Board, saved: Saved, by: str, why: str) -> None:
    submit(board, saved(), None, TODAY)
    with pytest.raises(InputError, match=r"--by|--reason"):
        decide(board, now(board).loc[1, "proposal_id"], Ruling(Outcome.ACCEPTED, by, why, TODAY))


def test_a_project_whose_layers_carry_the_status_gets_no_store_by_proposals(tiny_project: Path) -> None:
    with pytest.raises(InputError, match="in den Layern selbst") as refused:
        open_board(open_project(tiny_project))
    assert refused.value.hint
    assert not pipeline.has_store(open_project(tiny_project))


def dump(path: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(path)) as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        return {name: sorted(connection.execute(f"SELECT * FROM {name}"), key=repr) for name in names}  # noqa: S608


def manifest_of(board: Board, folder: Path) -> Path:
    """Write each original under its own name, and when it came."""
    entries = []
    for row in deliveries(board.store).itertuples():
        (original,) = (board.project.folder / ORIGINALS_FOLDER / row.delivery_id).glob(f"{row.sha256}.*")
        (folder / row.file_name).write_bytes(original.read_bytes())
        entries.append(
            f'[[deliveries]]\nfile = "{row.file_name}"\nsender = "{row.sender}"\n'
            f"received_at = {row.recorded_at.isoformat()}\nstate_on = {row.state_on.date()}\n"
        )
    path = folder / "deliveries.toml"
    path.write_text("".join(entries), encoding="utf-8")
    return path


def test_a_replay_builds_the_same_store_with_proposals_and_decisions(
    board: Board, saved: Saved, tmp_path: Path
) -> None:
    submit(board, saved(), "EVL", TODAY)
    submit(board, saved(mark(), name="ohne-absender.json", author="Ömer Çelik"), None, TODAY)
    ids = now(board).reset_index()["proposal_id"].tolist()
    for name, outcome in zip(
        ids, [Outcome.ACCEPTED, Outcome.ACCEPTED, Outcome.REJECTED, Outcome.ACCEPTED], strict=False
    ):
        decide(board, name, ruling(outcome))
    (tmp_path / "originale").mkdir()
    manifest, original = manifest_of(board, tmp_path / "originale"), tmp_path / "original.db"
    board.store.path.rename(original)
    told = dict(replay(board.project, manifest))
    assert all(recorded is not None and recorded.is_new for recorded in told.values())
    first, then = dump(original), dump(board.store.path)
    assert len(first["decisions"]) == 4
    assert first == then


def test_a_replay_passes_over_what_can_no_longer_be_read(board: Board, saved: Saved, tmp_path: Path) -> None:
    submit(board, saved(), None, TODAY)
    decide(board, now(board).loc[1, "proposal_id"], ruling())
    folder = tmp_path / "originale"
    folder.mkdir()
    manifest = manifest_of(board, folder)
    (folder / "vorschlaege-evl-2022-03-28.json").write_text('{"format": "rollout-vorschlaege"}', encoding="utf-8")
    board.store.path.unlink()
    told = {name: recorded is not None for name, recorded in replay(board.project, manifest)}
    assert list(told.values()) == [True, True, False, False]
    assert statuses(open_store(board.store.path), TODAY.date())["status"].tolist() == [
        "digging",
        "connected",
        "surveyed",
    ]
