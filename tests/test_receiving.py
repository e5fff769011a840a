"""The receiving desk: a file is taken in whole or not at all, its original kept, its receipt written."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import socket
import sqlite3
import zipfile
from collections.abc import Callable, Iterator
from itertools import permutations
from pathlib import Path

import pandas as pd
import pytest

from rollout import pipeline
from rollout.errors import OutputError, ProjectError
from rollout.history import deliveries, entity_log, events, lengths, open_store, statuses, withdraw
from rollout.intake.receipt import Terms, Verdict
from rollout.intake.refusal import DeliveryError
from rollout.project import open_project
from rollout.receiving import Desk, _known, open_desk, receive, replay

PARTNERS = """
[partners.EVL]
name = "Energieversorgung"
[partners.EVL.targets.columns]
target_id = "Kennung"
street = "Straße"
house_number = "Nr"
postcode = "PLZ"
status = "Status"
valid_on = "Datum"
[partners.EVL.segments.columns]
segment_id = "Trasse"
status = "Baustand"
valid_on = "seit"
length_m = "Meter"
[partners.NC]
name = "NetCologne"
targets = { columns = { target_id = "ID", status = "Status", valid_on = "Datum" } }
"""
CONNECTED = "Kennung;Status;Datum\r\nT1;angeschlossen;01.03.2022\r\nT2;aktiviert;02.03.2022\r\n"
ONE_BAD = CONNECTED + "T3;in Klärung;03.03.2022\r\n"
TRENCHES = "Trasse;Baustand;seit;Meter\r\nS1;Rohr verlegt;01.03.2022;390,5\r\nS2;im Bau;;\r\n"
RECEIVED_ON = dt.date(2022, 4, 1)


def terms(state_on: dt.date = dt.date(2022, 3, 28), *, partial: bool = False, complete: bool | None = None) -> Terms:
    return Terms(RECEIVED_ON, state_on, partial, complete)


def contents(folder: Path) -> dict[str, str]:
    """Hash of every file of a folder, but for locks and what SQLite leaves for a moment."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != ".rollout.lock")
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture
def town(tiny_project: Path) -> Path:
    """The tiny project with two partners."""
    with (tiny_project / "rollout.toml").open("a", encoding="utf-8") as file:
        file.write(PARTNERS)
    return tiny_project


@pytest.fixture
def desk(town: Path) -> Desk:
    return open_desk(open_project(town))


@pytest.fixture
def sent(tmp_path: Path) -> Callable[..., Path]:
    def _sent(content: str | bytes, name: str = "liste.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return _sent


@pytest.fixture
def no_socket(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail the test that opens a socket, whatever the code does with the error."""
    opened: list[object] = []

    class Trap(socket.socket):
        def __init__(self, *args: object, **_options: object) -> None:
            opened.append(args)
            msg = "a socket was opened"
            raise AssertionError(msg)

    monkeypatch.setattr(socket, "socket", Trap)
    yield
    assert opened == []


def store_of(desk: Desk) -> pd.DataFrame:
    assert desk.store is not None
    return events(desk.store)


Sent = Callable[..., Path]


def test_a_good_file_is_recorded_and_its_original_kept_under_its_hash(desk: Desk, sent: Sent) -> None:
    path = sent(CONNECTED)
    received = receive(desk, path, "EVL", terms())
    assert received.receipt.verdict is Verdict.ACCEPTED
    assert not received.is_refused
    assert received.recorded is not None
    assert received.recorded.is_new
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    original, *receipts = received.files
    assert original.read_bytes() == path.read_bytes()
    assert original.name == f"{sha256}.csv"
    assert [receipt.suffix for receipt in receipts] == [".html", ".md", ".json"]
    assert {file.parent for file in received.files} == {desk.project.folder / "eingang" / sha256[:12]}
    assert store_of(desk)["entity_id"].tolist() == ["T1", "T2"]


def test_a_receipt_is_written_in_three_forms_and_in_german(desk: Desk, sent: Sent) -> None:
    files = {path.suffix: path for path in receive(desk, sent(CONNECTED), "EVL", terms()).files}
    page, text = (files[ending].read_text(encoding="utf-8") for ending in (".html", ".md"))
    assert "Eingangsprüfung" in page
    assert "Eingangsprüfung" in text
    assert "28.03.2022" in text
    assert json.loads(files[".json"].read_text(encoding="utf-8"))


def test_a_file_with_a_row_in_error_is_refused_whole_and_its_receipt_kept(desk: Desk, sent: Sent) -> None:
    received = receive(desk, sent(ONE_BAD), "EVL", terms())
    assert received.is_refused
    assert received.recorded is None
    assert len(received.files) == 4
    assert received.receipt.refused[["row", "value"]].to_numpy().tolist() == [[4, "in Klärung"]]
    assert store_of(desk).empty


def test_good_rows_are_taken_alone_where_that_is_asked_for(desk: Desk, sent: Sent) -> None:
    received = receive(desk, sent(ONE_BAD), "EVL", terms(partial=True))
    assert received.receipt.verdict is Verdict.PARTIAL
    assert received.receipt.refused["row"].tolist() == [4]
    assert store_of(desk)["entity_id"].tolist() == ["T1", "T2"]
    assert desk.store is not None
    row = deliveries(desk.store).iloc[0]
    assert row[["accepted", "unchanged", "refused"]].tolist() == [2, 0, 1]


def test_the_length_of_a_refused_row_is_not_recorded(desk: Desk, sent: Sent) -> None:
    path = sent(TRENCHES + "S3;unbekannt;01.03.2022;99\r\n")
    receive(desk, path, "EVL", terms(partial=True))
    assert desk.store is not None
    assert lengths(desk.store)[["segment_id", "reported_m"]].to_numpy().tolist() == [["S1", 390.5]]


def test_a_row_without_a_length_leaves_the_last_word_on_the_length_as_it_is(desk: Desk, sent: Sent) -> None:
    receive(desk, sent(TRENCHES), "EVL", terms())
    later = "Trasse;Baustand;seit\r\nS1;Rohr geprüft;20.03.2022\r\n"
    receive(desk, sent(later, "zwei.csv"), "EVL", terms(dt.date(2022, 3, 30)))
    assert desk.store is not None
    assert lengths(desk.store).drop_duplicates("segment_id", keep="last")["reported_m"].tolist() == [390.5]


@pytest.mark.parametrize("complete", [True, False])
def test_the_store_says_whether_a_file_was_a_full_list(desk: Desk, sent: Sent, *, complete: bool) -> None:
    receive(desk, sent(CONNECTED), "EVL", terms(complete=complete))
    assert desk.store is not None
    assert deliveries(desk.store)["is_full_list"].tolist() == [complete]


def test_the_same_file_twice_changes_nothing_not_even_its_receipt(desk: Desk, sent: Sent) -> None:
    first = receive(desk, sent(CONNECTED), "EVL", terms())
    before = contents(desk.project.folder)
    again = receive(desk, sent(CONNECTED, "liste (1).csv"), "EVL", terms())
    assert again.recorded is not None
    assert first.recorded is not None
    assert not again.recorded.is_new
    assert again.recorded.recorded_at == first.recorded.recorded_at
    assert again.files == ()
    assert contents(desk.project.folder) == before


def test_the_same_file_is_known_even_where_it_would_be_refused_today(town: Path, sent: Sent) -> None:
    receive(open_desk(open_project(town)), sent(ONE_BAD), "EVL", terms(partial=True))
    again = receive(open_desk(open_project(town)), sent(ONE_BAD), "EVL", terms())
    assert not again.is_refused
    assert again.recorded is not None
    assert not again.recorded.is_new


def test_a_withdrawn_file_sent_again_is_named_as_withdrawn(desk: Desk, sent: Sent) -> None:
    first = receive(desk, sent(CONNECTED), "EVL", terms())
    assert desk.store is not None
    assert first.recorded is not None
    withdraw(desk.store, first.recorded.delivery_id, "Irrtum", "Prüferin")
    again = receive(desk, sent(CONNECTED), "EVL", terms())
    assert again.recorded is not None
    assert again.recorded.withdrawn
    assert store_of(desk).empty


def test_a_dry_run_makes_no_store_and_writes_nothing(town: Path, sent: Sent) -> None:
    before = contents(town)
    desk = open_desk(open_project(town), write=False)
    received = receive(desk, sent(CONNECTED), "EVL", terms(), write=False)
    assert desk.store is None
    assert received.receipt.verdict is Verdict.ACCEPTED
    assert received.recorded is None
    assert received.files == ()
    assert contents(town) == before


def test_a_dry_run_beside_a_store_leaves_every_byte(desk: Desk, town: Path, sent: Sent) -> None:
    receive(desk, sent(CONNECTED), "EVL", terms())
    before = contents(town)
    looking = open_desk(open_project(town), write=False)
    back = "Kennung;Status;Datum\r\nT2;angeschlossen;20.03.2022\r\n"
    received = receive(looking, sent(back), "EVL", terms(), write=False)
    assert received.receipt.steps_back["entity_id"].tolist() == ["T2"]
    assert contents(town) == before


def test_an_older_delivery_goes_into_the_past_where_it_belongs(desk: Desk, sent: Sent) -> None:
    receive(desk, sent(CONNECTED), "EVL", terms())
    older = "Kennung;Status;Datum\r\nT1;Hauseinführung gesetzt;10.01.2022\r\n"
    received = receive(desk, sent(older, "alt.csv"), "EVL", terms(dt.date(2022, 1, 31)))
    assert received.receipt.verdict is Verdict.ACCEPTED
    assert received.receipt.steps_back.empty
    assert desk.store is not None
    for day, status in ((dt.date(2022, 2, 1), "house_entry"), (dt.date(2022, 3, 28), "connected")):
        known = statuses(desk.store, day).set_index("entity_id")["status"]
        assert known["T1"] == status
    assert entity_log(desk.store, "target", "T1")["status"].tolist() == ["house_entry", "connected"]


FILES = (
    ("EVL", CONNECTED, dt.date(2022, 3, 28)),
    ("EVL", "Kennung;Status;Datum\r\nT1;buchbar;20.03.2022\r\nT2;angeschlossen;02.03.2022\r\n", dt.date(2022, 3, 25)),
    ("NC", "ID;Status;Datum\r\nT1;Begehung erfolgt;01.03.2022\r\nT4;aktiviert;\r\n", dt.date(2022, 3, 27)),
)


def test_deliveries_in_any_order_lead_to_the_same_state(town: Path, sent: Sent) -> None:
    states = []
    for order in permutations(range(len(FILES))):
        desk = open_desk(open_project(town), keep=0)
        for at in order:
            sender, content, state_on = FILES[at]
            receive(desk, sent(content, f"{at}.csv"), sender, terms(state_on))
        assert desk.store is not None
        states.append(statuses(desk.store, dt.date(2022, 3, 28)))
        desk.store.path.unlink()
    assert len(states[0]) == 3
    for state in states[1:]:
        pd.testing.assert_frame_equal(state, states[0])


def test_what_a_desk_remembers_is_what_a_new_one_reads(desk: Desk, town: Path, sent: Sent) -> None:
    for at, (sender, content, state_on) in enumerate(FILES):
        received = receive(desk, sent(content, f"{at}.csv"), sender, terms(state_on))
    assert received.recorded is not None
    assert desk.store is not None
    for withdrawn in (False, True):
        if withdrawn:
            withdraw(desk.store, received.recorded.delivery_id, "zweite Runde ohne sie", "Prüferin")
        remembered, read = (_known(one, RECEIVED_ON) for one in (desk, open_desk(open_project(town))))
        pd.testing.assert_frame_equal(remembered.states, read.states)
        pd.testing.assert_frame_equal(pd.DataFrame(remembered.targets), pd.DataFrame(read.targets))


def test_a_desk_sees_what_another_run_recorded_meanwhile(town: Path, sent: Sent) -> None:
    one, other = (open_desk(open_project(town)) for _ in range(2))
    receive(one, sent(CONNECTED), "EVL", terms())
    receive(other, sent(FILES[2][1], "nc.csv"), "NC", terms())
    back = "Kennung;Status;Datum\r\nT4;angeschlossen;28.03.2022\r\n"
    found = receive(one, sent(back, "back.csv"), "EVL", terms()).receipt.contradictions
    assert found[["entity_id", "reported_by"]].to_numpy().tolist() == [["T4", "NC"]]


def _zip(path: Path, name: str) -> bytes:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(name, b"x")
    return path.read_bytes()


def _geopackage(path: Path) -> bytes:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE trassen (id)")
    connection.commit()
    connection.close()
    content = bytearray(path.read_bytes())
    content[18:20] = b"\x02\x02"  # as one whose last changes lie in a -wal file beside it
    return bytes(content)


NAN = (
    '{"type": "FeatureCollection", "crs": {"type": "name", "properties": {"name": "EPSG:25832"}}, "features": ['
    '{"type": "Feature", "properties": {"Trasse": "S1", "Baustand": "im Bau"}, "geometry": '
    '{"type": "LineString", "coordinates": [[360010, NaN], [360400, 5650100]]}}]}'
)
VRT = (
    '<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>/etc/passwd</SrcDataSource>'
    "</OGRVRTLayer></OGRVRTDataSource>"
)
BAD: dict[str, Callable[[Path], tuple[str, str | bytes, str]]] = {
    "password": lambda _: ("geheim.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "Passwort"),
    "empty": lambda _: ("leer.csv", b"", "leer"),
    "html": lambda _: ("liste.xlsx", "<!DOCTYPE html><html><body>Fehler 404</body></html>", "HTML"),
    "climbing": lambda at: ("netz.zip", _zip(at / "made.zip", "../../böse.shp"), "netz.zip"),
    "vrt": lambda _: ("netz.geojson", VRT, "VRT"),
    "wal": lambda at: ("netz.gpkg", _geopackage(at / "made.gpkg"), "netz.gpkg"),
    "nan": lambda _: ("netz.geojson", NAN, "netz.geojson"),
    "truncated": lambda _: ("liste.xlsx", b"PK\x03\x04" + bytes(100), "liste.xlsx"),
}


@pytest.mark.usefixtures("no_socket")
@pytest.mark.parametrize("kind", BAD)
def test_bad_input_is_refused_with_a_way_out_and_the_store_keeps_every_byte(
    desk: Desk, sent: Sent, tmp_path: Path, kind: str
) -> None:
    receive(desk, sent(CONNECTED), "EVL", terms())
    name, content, what = BAD[kind](tmp_path)
    path, before = sent(content, name), contents(desk.project.folder)
    with pytest.raises(DeliveryError) as refused:
        receive(desk, path, "EVL", terms(partial=True))
    assert name in refused.value.message
    assert what in refused.value.message
    assert refused.value.hint
    assert refused.value.exit_code == 3
    assert contents(desk.project.folder) == before


def test_a_sender_nobody_knows_is_refused_with_those_who_are_known(desk: Desk, sent: Sent) -> None:
    with pytest.raises(DeliveryError, match="'Telekom'") as refused:
        receive(desk, sent(CONNECTED), "Telekom", terms())
    assert "EVL, NC" in refused.value.hint


MANIFEST = """
[[deliveries]]
file = "1.csv"
sender = "EVL"
received_at = 2022-04-01T08:00:00+02:00
state_on = 2022-03-28
partial = true
[[deliveries]]
file = "schlecht.csv"
sender = "EVL"
received_at = 2022-04-02T08:00:00+02:00
state_on = 2022-03-28
[[deliveries]]
file = "1 noch einmal.csv"
sender = "EVL"
received_at = 2022-04-03T08:00:00+02:00
state_on = 2022-03-28
[[deliveries]]
file = "fehlt.csv"
sender = "EVL"
received_at = 2022-03-01T08:00:00+02:00
state_on = 2022-02-28
"""


@pytest.fixture
def manifest(sent: Sent) -> Path:
    sent(ONE_BAD, "1.csv")
    sent(ONE_BAD, "1 noch einmal.csv")
    sent(ONE_BAD.replace("T1", "T4"), "schlecht.csv")
    return sent(MANIFEST, "deliveries.toml")


def test_a_replay_records_each_file_at_the_moment_it_came(town: Path, manifest: Path) -> None:
    told = list(replay(open_project(town), manifest))
    outcome = {name: None if recorded is None else recorded.is_new for name, recorded in told}
    assert outcome == {"fehlt.csv": None, "1.csv": True, "schlecht.csv": None, "1 noch einmal.csv": False}
    known = deliveries(open_store(town / "history.db"))
    assert known["recorded_at"].tolist() == [pd.Timestamp("2022-04-01 06:00", tz="UTC")]
    assert not (town / "eingang").exists()


def test_a_replay_never_goes_on_top_of_a_store(town: Path, manifest: Path) -> None:
    list(replay(open_project(town), manifest))
    with pytest.raises(OutputError, match="gibt es schon"):
        list(replay(open_project(town), manifest))


@pytest.mark.parametrize("text", ["", "deliveries = 1", "x = ", '[[deliveries]]\nfile = "1.csv"\nsender = "EVL"\n'])
def test_a_manifest_that_says_too_little_is_named(town: Path, sent: Sent, text: str) -> None:
    with pytest.raises(ProjectError, match=r"manifest\.toml") as refused:
        list(replay(open_project(town), sent(text, "manifest.toml")))
    assert "received_at" in refused.value.hint
    assert not pipeline.has_store(open_project(town))
