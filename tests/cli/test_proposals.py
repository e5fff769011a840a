"""`rollout receive` and `rollout proposals` as they are typed: what is said, what is recorded, which exit code."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Invoke = Callable[..., int]
Run = Callable[..., tuple[int, str, str]]

PARTNERS = """
[partners.EVL]
name = "Energieversorgung"
targets = { columns = { target_id = "Kennung", status = "Status", valid_on = "Datum" } }
"""
LIST = "Kennung;Status;Datum\r\nT1;Rohr bis Grundstück verlegt;01.03.2022\r\nT2;Begehung erfolgt;01.02.2022\r\n"
HOSTILE = "[red]<img src=x onerror=alert(1)> {{ 6*7777 }}"


def mark(name: str, status: str, proposed: object, remark: str | None = None) -> dict[str, object]:
    said = {"status": status, "since": None, "place": None}
    return {"entity": "target", "id": name, "said": said, "proposed": proposed, "remark": remark}


CONNECTED = {"status": "connected", "valid_on": "2022-03-20"}
MARKS = [
    mark("T1", "duct_at_property", CONNECTED, HOSTILE),
    mark("T1", "duct_at_property", {"place": [7.0035, 50.985]}),
    mark("T2", "house_entry", CONNECTED),
    mark("T2", "surveyed", None, "Hinterhaus"),
]


@pytest.fixture
def run(invoke: Invoke, tiny_project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command on the town: exit code, stdout, stderr."""
    monkeypatch.setenv("COLUMNS", "300")
    with (tiny_project / "rollout.toml").open("a", encoding="utf-8") as file:
        file.write(PARTNERS)

    def _run(*arguments: str | Path) -> tuple[int, str, str]:
        code = invoke(*arguments, "--project", tiny_project)
        said = capsys.readouterr()
        return code, said.out, said.err

    return _run


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    head = {"format": "rollout-vorschlaege", "version": 1, "project": "Glasfaser Kleinstadt", "audience": "evl"}
    head |= {"stand": "2022-03-28", "author": "Petra Muster", "package": None}
    path = tmp_path / "vorschlaege-evl-2022-03-28.json"
    path.write_text(json.dumps({**head, "marks": MARKS}), encoding="utf-8")
    return path


@pytest.fixture
def listed(run: Run, saved: Path) -> list[str]:
    """Identifiers of the proposals that were taken in."""
    sent = saved.with_name("liste.csv")
    sent.write_text(LIST, encoding="utf-8")
    assert run("receive", sent, saved, "--from", "EVL", "--state-on", "28.03.2022")[0] == 0
    return [str(row["proposal_id"]) for row in objects(run("proposals", "--json"))]


def objects(said: tuple[int, str, str]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(said[1])["proposals"]
    return found


def accept(run: Run, name: str, *more: str) -> tuple[int, str, str]:
    return run("proposals", "accept", name, "--by", "Anna Koch", "--reason", "Foto liegt vor", *more)


def test_proposals_need_no_sender_and_everything_else_does(run: Run, listed: list[str], saved: Path) -> None:
    assert len(listed) == 4
    code, out, _ = run("receive", saved)
    assert code == 0
    assert "4 Vorschläge von Petra Muster (evl) schon bekannt, nichts geändert" in out
    code, _, err = run("receive", saved.with_name("liste.csv"))
    assert code == 2
    assert "--from" in err


def test_without_deliveries_nothing_is_taken_in_and_no_store_made(run: Run, saved: Path, tiny_project: Path) -> None:
    code, _, err = run("receive", saved)
    assert code == 3
    assert "in den Layern selbst" in err
    assert not (tiny_project / "history.db").exists()


def test_the_list_shows_hostile_text_as_text_beside_what_is_now(run: Run, listed: list[str]) -> None:
    code, out, err = run("proposals")
    assert code == 0
    assert HOSTILE in out
    assert "Rohr bis Grundstück verlegt (Stand 28.03.2022)" in out
    assert "Begehung erfolgt seit 01.02.2022 – inzwischen geändert" in out
    assert "angeschlossen seit 20.03.2022" in out
    assert "Petra Muster (EVL)" in out
    assert "nur ein Hinweis" in out
    assert "4 offene Vorschläge." in out
    assert "rollout proposals accept" in err
    assert all(name in out for name in listed)


def test_an_accepted_one_is_explained_with_author_and_reason_and_undone(run: Run, listed: list[str]) -> None:
    code, out, err = accept(run, listed[0])
    assert code == 0
    assert "T1: jetzt 'angeschlossen seit 20.03.2022'." in out
    undo = err.split("rollout undo ")[1].split()[0]
    why = "Petra Muster, angenommen von Anna Koch: Foto liegt vor"
    code, out, _ = run("explain", "Altstadt", "-m", "connected")
    assert why in out
    assert "annahme-" in out
    rows = json.loads(run("explain", "Altstadt", "-m", "connected", "--json")[1])["rows"]
    assert [row["correction"] for row in rows] == [why]
    log = run("log", "T1")[1]
    assert f"angenommen von Anna Koch: Foto liegt vor; Bemerkung: {HOSTILE}" in log
    assert "Petra Muster (EVL)" in log
    for name in (undo, listed[0].split("-")[0]):
        assert "angenommen von Anna Koch" in run("log", name)[1]
    changed = run("diff", "01.03.2022", "25.03.2022")
    assert f"Korrektur T1: angeschlossen seit 20.03.2022, von {why}" in changed[2]
    assert run("undo", undo, "--why", "Irrtum")[0] == 0
    assert json.loads(run("explain", "Altstadt", "-m", "connected", "--json")[1])["rows"] == []
    assert listed[0] in run("proposals")[1]


def test_what_has_changed_meanwhile_is_said_and_accepted_only_anyway(run: Run, listed: list[str]) -> None:
    code, _, err = accept(run, listed[2])
    assert code == 4
    assert "die Seite sagte 'Hauseinführung gesetzt', inzwischen gilt 'Begehung erfolgt' seit 01.02.2022" in err
    assert "--anyway" in err
    said = json.loads(accept(run, listed[2], "--anyway", "--json")[1])["proposal"]
    assert (said["standing"], said["status_now"], said["decided_by"]) == ("accepted", "connected", "Anna Koch")


def test_a_rejected_one_and_a_remark_change_nothing(run: Run, listed: list[str]) -> None:
    code, out, _ = run("proposals", "reject", listed[0], "--by", "Anna Koch", "--reason", "war nur gemeint")
    assert (code, out.strip()) == (0, f"Vorschlag {listed[0]} abgelehnt. Am Stand ändert sich nichts.")
    assert "Am Stand ändert sich nichts." in accept(run, listed[3])[1]
    assert listed[0] not in run("proposals")[1]
    everything = run("proposals", "--all")[1]
    assert "abgelehnt von Anna Koch: war nur gemeint" in everything
    code, _, err = accept(run, listed[0])
    assert code == 3
    assert "von Anna Koch abgelehnt" in err


def test_a_place_is_listed_for_the_plan_and_written_for_a_gis(run: Run, listed: list[str], tmp_path: Path) -> None:
    assert run("proposals", "plan")[1].startswith("Im Plan zu ändern: 0")
    assert "rollout proposals plan" in accept(run, listed[1], "--anyway")[1]
    code, out, err = run("proposals", "plan", "--csv", tmp_path / "plan.csv")
    assert code == 0
    assert "T1 Hauptstraße 1" in out
    assert "plan.csv" in err
    assert "T1,Hauptstraße 1" in (tmp_path / "plan.csv").read_text(encoding="utf-8")
    assert objects(run("proposals", "plan", "--json"))[0]["kind"] == "place"


def test_a_faulty_file_is_refused_with_entry_and_field_and_as_json(run: Run, listed: list[str], saved: Path) -> None:
    content = json.loads(saved.read_text(encoding="utf-8"))
    content["marks"][1]["id"] = "T99"
    bad = saved.with_name("kaputt.json")
    bad.write_text(json.dumps(content), encoding="utf-8")
    code, out, err = run("receive", bad)
    assert (code, out) == (4, "")
    assert "'kaputt.json', Vorschlag 2, Feld 'id'" in err
    assert "Abhilfe" in err
    said = json.loads(run("receive", saved, bad, "--json")[1])
    assert said["exit_code"] == 4
    assert [one["is_new"] for one in said["proposals"]] == [False]
    assert len(objects(run("proposals", "--all", "--json"))) == len(listed)


def test_a_dry_run_takes_nothing_in(run: Run, listed: list[str], saved: Path) -> None:
    content = json.loads(saved.read_text(encoding="utf-8")) | {"author": "Jan"}
    other = saved.with_name("andere.json")
    other.write_text(json.dumps(content), encoding="utf-8")
    code, out, _ = run("receive", other, "--dry-run")
    assert code == 0
    assert "ohne Fehler" in out
    assert len(objects(run("proposals", "--json"))) == len(listed)
