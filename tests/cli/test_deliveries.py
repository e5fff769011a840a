"""Deliveries through the command line: received, looked up, withdrawn and explained, with the exit codes."""

from __future__ import annotations

import getpass
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rollout.history import deliveries, open_store, verify

Invoke = Callable[..., int]
Run = Callable[..., tuple[int, str, str]]
Sent = Callable[..., Path]

PARTNERS = """
[partners.EVL]
name = "Energieversorgung"
targets = { columns = { target_id = "Kennung", status = "Status", valid_on = "Datum" } }
segments = { columns = { segment_id = "Trasse", status = "Baustand", valid_on = "seit", length_m = "Meter" } }
"""
GOOD = "Kennung;Status;Datum\r\nT1;angeschlossen;01.03.2022\r\nT2;aktiviert;02.03.2022\r\n"
BAD = GOOD + "T3;in Klärung;03.03.2022\r\n"


@pytest.fixture
def town(tiny_project: Path) -> Path:
    """The tiny project with a partner."""
    with (tiny_project / "rollout.toml").open("a", encoding="utf-8") as file:
        file.write(PARTNERS)
    return tiny_project


@pytest.fixture
def sent(tmp_path: Path) -> Sent:
    def _sent(content: str = GOOD, name: str = "liste.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode())
        return path

    return _sent


@pytest.fixture
def run(town: Path, invoke: Invoke, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command on the town: exit code, stdout, stderr."""
    monkeypatch.setenv("COLUMNS", "250")

    def _run(command: str, *arguments: str | Path) -> tuple[int, str, str]:
        code = invoke(command, *arguments, "--project", town)
        said = capsys.readouterr()
        return code, said.out, said.err

    return _run


def received(run: Run, path: Path, *more: str) -> tuple[int, str, str]:
    return run("receive", path, "--from", "EVL", "--state-on", "28.03.2022", *more)


def as_json(said: tuple[int, str, str]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(said[1])
    return found


def id_of(town: Path, at: int = 0) -> str:
    return str(deliveries(open_store(town / "history.db"))["delivery_id"].iloc[at])


def test_a_good_file_is_taken_in_and_its_receipt_named(run: Run, sent: Sent, town: Path) -> None:
    code, out, err = received(run, sent())
    assert code == 0
    assert err == ""
    assert "liste.csv: aufgenommen, Stand 28.03.2022" in out
    assert "Anschlüsse: 2 Zeilen, davon 2 neu, 0 bekannt, 0 mit Fehlern" in out
    (page,) = [line.split(": ")[1] for line in out.splitlines() if "Eingangsprüfung: " in line]
    assert Path(page).is_relative_to(town)
    assert Path(page).is_file()


def test_a_refused_file_ends_with_4_and_names_the_row(run: Run, sent: Sent, town: Path) -> None:
    code, out, _ = received(run, sent(BAD))
    assert code == 4
    assert "abgewiesen" in out
    assert "Zeile 4: unbekannter Status 'in Klärung'" in out
    assert deliveries(open_store(town / "history.db")).empty


def test_good_rows_alone_end_with_0(run: Run, sent: Sent) -> None:
    code, out, _ = received(run, sent(BAD), "--partial")
    assert code == 0
    assert "in Teilen aufgenommen" in out
    assert "2 neu, 0 bekannt, 1 mit Fehlern" in out


def test_a_file_that_cannot_be_taken_in_at_all_ends_with_3(run: Run, sent: Sent) -> None:
    code, out, err = received(run, sent("<html>", "liste.xlsx"))
    assert code == 3
    assert out == ""
    assert "'liste.xlsx' ist kein XLSX, sondern eine HTML-Seite" in err
    assert "Abhilfe: " in err


def test_the_same_file_twice_is_said_to_be_known(run: Run, sent: Sent) -> None:
    received(run, sent())
    code, out, _ = received(run, sent(GOOD, "kopie.csv"))
    assert code == 0
    assert "kopie.csv: schon am" in out
    assert "nichts geändert" in out


def test_a_dry_run_shows_the_receipt_and_writes_nothing(run: Run, sent: Sent, town: Path) -> None:
    before = sorted(town.rglob("*"))
    code, out, _ = received(run, sent(BAD), "--dry-run")
    assert code == 4
    assert "Eingangsprüfung" in out
    assert "in Klärung" in out
    assert sorted(town.rglob("*")) == before


def test_what_was_received_is_one_json_object(run: Run, sent: Sent) -> None:
    said = received(run, sent(), "--json")
    assert said[0] == 0
    found = as_json(said)
    (one,) = found["deliveries"]
    assert found["written"]
    assert (one["file"], one["verdict"], one["is_new"], one["state_on"]) == (
        "liste.csv",
        "accepted",
        True,
        "2022-03-28",
    )
    assert one["rows"]["targets"]["accepted"] == 2
    assert len(one["files"]) == 4
    again = as_json(received(run, sent(), "--json"))["deliveries"][0]
    assert not again["is_new"]


def test_a_failure_is_one_json_object_too(run: Run, sent: Sent) -> None:
    said = received(run, sent("", "leer.csv"), "--json")
    assert said[0] == 3
    found = as_json(said)
    assert found["exit_code"] == 3
    assert "leer.csv" in found["error"]["message"]
    assert found["error"]["hint"]


def test_what_was_taken_in_before_a_failure_is_said(run: Run, sent: Sent, town: Path) -> None:
    files = sent(), sent("", "leer.csv")
    code, out, err = run("receive", *files, "--from", "EVL", "--state-on", "2022-03-28")
    assert code == 3
    assert "liste.csv: aufgenommen" in out
    assert "leer.csv" in err
    (town / "history.db").unlink()
    said = run("receive", *files, "--from", "EVL", "--state-on", "2022-03-28", "--json")
    assert said[0] == 3
    found = as_json(said)
    assert [one["file"] for one in found["deliveries"]] == ["liste.csv"]
    assert found["exit_code"] == 3
    assert "leer.csv" in found["error"]["message"]


def test_an_unknown_sender_ends_with_3(run: Run, sent: Sent) -> None:
    code, _, err = run("receive", sent(), "--from", "Telekom", "--state-on", "2022-03-28")
    assert code == 3
    assert "'Telekom'" in err


def test_a_file_without_a_day_asks_for_it(run: Run, sent: Sent) -> None:
    code, _, err = run("receive", sent(), "--from", "EVL")
    assert code == 3
    assert "--state-on" in err


def test_a_delivery_is_withdrawn_and_set_in_force_again(run: Run, sent: Sent, town: Path) -> None:
    received(run, sent())
    name = id_of(town)

    def counted() -> int:
        return len(as_json(run("explain", "Altstadt", "--json"))["rows"])

    assert counted() == 2
    code, out, _ = run("undo", name, "--why", "falsche Liste")
    assert (code, counted()) == (0, 0)
    assert f"Lieferung {name} zurückgenommen am" in out
    _, out, _ = received(run, sent())
    assert f"rollout redo {name}" in out
    code, out, _ = run("redo", name, "--why", "doch richtig")
    assert (code, counted()) == (0, 2)
    assert "gilt wieder" in out


@pytest.mark.parametrize("command", ["undo", "redo"])
def test_a_delivery_that_is_not_there_ends_with_3(run: Run, sent: Sent, command: str) -> None:
    received(run, sent())
    code, _, err = run(command, "ffffffffffff", "--why", "x")
    assert code == 3
    assert "rollout log" in err


def test_a_delivery_can_be_withdrawn_where_the_system_knows_no_user(
    run: Run, sent: Sent, town: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody() -> str:
        raise KeyError("uid not found")  # noqa: EM101, TRY003 - as getpass does

    monkeypatch.setattr(getpass, "getuser", nobody)
    received(run, sent())
    assert run("undo", id_of(town), "--why", "x")[0] == 0


def test_the_log_lists_deliveries_and_the_history_of_one_object(run: Run, sent: Sent, town: Path) -> None:
    received(run, sent())
    _, out, _ = run("log")
    assert id_of(town) in out
    assert "liste.csv" in out
    code, out, _ = run("log", "T1")
    assert code == 0
    assert "angeschlossen" in out
    assert "01.03.2022" in out
    assert "T2" not in out


def test_the_log_shows_what_a_withdrawn_delivery_said_and_why_it_is(run: Run, sent: Sent, town: Path) -> None:
    received(run, sent())
    run("undo", id_of(town), "--why", "Zahlendreher")
    for what in (id_of(town), id_of(town)[:6], "T2"):
        code, out, _ = run("log", what)
        assert code == 0
        assert "aktiviert" in out
        assert "Zahlendreher" in out


def test_the_log_before_the_first_delivery_was_known_is_empty(run: Run, sent: Sent) -> None:
    received(run, sent())
    _, out, _ = run("log", "--known-at", "2021-01-01")
    assert "liste.csv" not in out
    assert run("log", "T1", "--known-at", "2021-01-01")[0] == 2


def test_a_name_nobody_spoke_of_is_wrong_usage(run: Run, sent: Sent) -> None:
    received(run, sent())
    code, _, err = run("log", "T999")
    assert code == 2
    assert "T999" in err


def test_a_figure_is_explained_by_file_and_row(run: Run, sent: Sent, town: Path) -> None:
    received(run, sent())
    code, out, _ = run("explain", "Altstadt", "--measure", "connected")
    assert code == 0
    assert "Hauptstraße 2" in out
    assert "liste.csv" in out
    assert "2 Anschlüsse, Stand 28.03.2022" in out
    rows = as_json(run("explain", "Altstadt", "-m", "connected", "--json"))["rows"]
    assert [(row["entity_id"], row["row"], row["delivery_id"]) for row in rows] == [
        ("T1", 2, id_of(town)),
        ("T2", 3, id_of(town)),
    ]
    assert rows[0]["length_m"] is None


def test_metres_are_explained_too(run: Run, sent: Sent) -> None:
    received(run, sent("Trasse;Baustand;seit;Meter\r\nS1;Kabel eingeblasen;01.03.2022;390\r\n"))
    code, out, _ = run("explain", "Bauabschnitt 1", "-m", "new_duct")
    assert code == 0
    assert "S1" in out
    assert "new_duct: 390\u202fm, Stand 28.03.2022." in out


def test_a_figure_is_explained_without_any_delivery(run: Run) -> None:
    code, out, _ = run("explain", "Altstadt", "-m", "connected")
    assert code == 0
    assert "Hauptstraße 1" in out
    assert "Datei" not in out


def test_a_place_that_is_none_ends_with_3(run: Run) -> None:
    code, _, err = run("explain", "Altstatd")
    assert code == 3
    assert "Meinten Sie 'Altstadt'?" in err


@pytest.mark.parametrize("command", ["log", "backup"])
def test_without_a_store_the_way_to_the_first_delivery_is_named(run: Run, command: str) -> None:
    code, _, err = run(command)
    assert code == 3
    assert "rollout receive" in err


@pytest.mark.parametrize(
    "command", [("table", "--json"), ("build", "--dry-run", "--json"), ("explain", "Altstadt", "--json", "--project")]
)
def test_what_was_known_then_is_a_clear_error_without_deliveries(
    invoke: Invoke, town: Path, capsys: pytest.CaptureFixture[str], command: tuple[str, ...]
) -> None:
    assert invoke(*command, town, "--known-at", "28.03.2022") == 3
    said = json.loads(capsys.readouterr().out)["error"]
    assert "wann bekannt" in said["message"]
    assert "rollout receive" in said["hint"]


def test_as_known_then_and_as_known_today_differ_after_a_delivery(
    run: Run, sent: Sent, invoke: Invoke, town: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    received(run, sent())
    tables = []
    for more in ((), ("--known-at", "2022-03-29")):
        assert invoke("table", town, "--json", *more) == 0
        tables.append(capsys.readouterr().out)
    assert tables[0] != tables[1]
    assert "angeschlossen" in tables[0]


def test_a_backup_is_a_whole_store_and_only_so_many_stay(run: Run, sent: Sent, town: Path) -> None:
    received(run, sent())
    for _ in range(3):
        code, out, _ = run("backup", "--keep", "2")
        assert code == 0
    copies = sorted((town / "sicherungen").glob("*.db"))
    assert len(copies) == 2
    assert str(copies[-1]) == out.strip()
    assert verify(copies[-1]).events == 2


def test_a_replay_says_what_became_of_each_file(run: Run, town: Path) -> None:
    folder = town / "deliveries"
    folder.mkdir()
    (folder / "a.csv").write_text(GOOD, encoding="utf-8")
    (folder / "b.csv").write_text(BAD, encoding="utf-8")
    (folder / "c.csv").write_text(GOOD, encoding="utf-8")
    entries = [
        f'[[deliveries]]\nfile = "{name}.csv"\nsender = "EVL"\nreceived_at = 2022-04-0{at}T08:00:00+02:00\n'
        "state_on = 2022-03-28\n"
        for at, name in enumerate("abc", 1)
    ]
    (folder / "deliveries.toml").write_text("".join(entries), encoding="utf-8")
    code, out, _ = run("replay")
    assert code == 0
    assert out.splitlines() == ["a.csv: aufgenommen", "b.csv: abgewiesen", "c.csv: schon bekannt"]
    code, _, err = run("replay")
    assert code == 5
    assert "gibt es schon" in err
