"""The Eingangsprüfung as people and programs read it, and the reply that goes to the sender."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
import shapely

from rollout.intake.checking import check_delivery
from rollout.intake.reading import read_delivery
from rollout.intake.receipt import Known, Receipt, Terms
from rollout.project import Project, parse_project
from rollout.reporting import receipt as module
from rollout.reporting.receipt import receipt_report, render_receipt, reply
from rollout.reporting.report import Report, Section

EAST, NORTH = 358_000.0, 5_655_000.0
HOSTILE = [
    "</td><script>alert(1)</script>",
    "{{ 6*7777 }}",
    "a {# b",
    "=1+1",
    "`code` | **bold** ![x](http://example.org)",
    "\u202eabc",
    "```",
]
SAID: dict[str, Any] = {
    "format": 1,
    "name": "Glasfaser Probestadt",
    "municipality": "Stadt Probestadt",
    "as_of": dt.date(2022, 3, 28),
    "sample": True,
    "place": {"west": 6.85, "south": 50.98, "east": 7.15, "north": 51.13},
    "programmes": [{"id": "p", "name": "P"}],
    "layers": {name: {"path": f"{name}.gpkg"} for name in ("districts", "nodes", "segments", "targets")},
    "partners": {
        "EVL": {
            "name": "Energieversorgung Leverkusen",
            "segments": {
                "columns": {
                    "segment_id": "Trasse",
                    "status": "Baustatus",
                    "valid_on": "Seit",
                    "length_m": "Laenge",
                },
                "status": {"RV": "duct_laid"},
            },
            "targets": {
                "columns": {
                    "street": "Straße",
                    "house_number": "Nr",
                    "postcode": "PLZ",
                    "status": "Status",
                    "valid_on": "Datum",
                }
            },
        },
        "NC": {"name": "NetCologne"},
    },
}
TRENCHES = ["Trasse", "Baustatus", "Seit", "Laenge"]
ADDRESSES = ["Straße", "Nr", "PLZ", "Status", "Datum"]
BACK = ("segment", "S0", "cable_blown", "2022-03-01", "EVL")
AGAINST = ("segment", "S1", "cable_blown", "2022-03-01", "NC")

Check = Callable[..., Receipt]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return parse_project(SAID, tmp_path / "rollout.toml")


def _known(reported: tuple[tuple[str, ...], ...]) -> Known:
    lines = [shapely.LineString([(EAST, NORTH + 50 * i), (EAST + 100, NORTH + 50 * i)]) for i in range(40)]
    names = pd.DataFrame({"segment_id": [f"S{i}" for i in range(40)]}).astype("string")
    addresses = [
        ("T1", "Hauptstraße", "12", "51379"),
        ("T7", "Rheinallee", "5", "51371"),
        ("T8", "Rheinallee", "5", "51371"),
    ]
    homes = pd.DataFrame(addresses, columns=["target_id", "street", "house_number", "postcode"]).astype("string")
    points = shapely.points([(EAST + 10 * i, NORTH) for i in range(len(homes))])
    states = pd.DataFrame(
        list(reported), columns=["entity", "entity_id", "status", "status_since", "reported_by"]
    ).astype("string")
    states["status_since"] = pd.to_datetime(states["status_since"]).astype("datetime64[ms]")
    states["delivery_id"] = pd.Series([f"lieferung-{i}" for i in range(len(states))], dtype="string")
    segments = gpd.GeoDataFrame(names, geometry=lines, crs=25832)
    return Known(segments, gpd.GeoDataFrame(homes, geometry=points, crs=25832), states)


@pytest.fixture
def check(project: Project, tmp_path: Path) -> Check:
    def _check(rows: list[list[str]], *reported: tuple[str, ...], name: str = "liste.csv", **terms: bool) -> Receipt:
        text = io.StringIO()
        csv.writer(text, delimiter=";").writerows(rows)
        path = tmp_path / name
        path.write_bytes(text.getvalue().encode())
        return _judged(path, project, reported, **terms)

    return _check


def _judged(path: Path, project: Project, reported: tuple[tuple[str, ...], ...], **terms: bool) -> Receipt:
    when = Terms(dt.date(2022, 4, 1), dt.date(2022, 3, 28), **terms)
    return check_delivery(read_delivery(path, project, "EVL"), project, _known(reported), when)


@pytest.fixture
def mixed(project: Project, tmp_path: Path) -> Receipt:
    """Two sheets and one of every kind of trouble."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Trassen"
    for row in (
        TRENCHES,
        ["S0", "im Bau", "20.03.2022", "140"],
        ["S1", "RV", "20.03.2022", "100"],
        ["S2", "RV", "20.03.2022", "100"],
        ["S2", "RV", "20.03.2022", "100"],
        ["S9x", "RV", "20.03.2022", "100"],
        ["S3", "verbuddelt", "20.03.2022", "100"],
        ["S4", "dokumentiert", "20.03.2022", "100"],
    ):
        sheet.append(row)
    homes = book.create_sheet("Anschlüsse")
    for row in (
        ADDRESSES,
        ["Hauptstr.", "12", "51379", "angeschlossen", "01.03.2022"],
        ["Hauptstr.", "13", "51379", "angeschlossen", "01.03.2022"],
        ["Rheinallee", "5", "51371", "angeschlossen", "01.03.2022"],
    ):
        homes.append(row)
    book.save(tmp_path / "März.xlsx")
    planned = ("segment", "S4", "digging", "2022-01-01", "EVL")
    return _judged(tmp_path / "März.xlsx", project, (BACK, AGAINST, planned), partial=True, complete=True)


def _section(report: Report, key: str) -> Section:
    return next(section for section in report.sections if section.key == key)


def _cells(receipt: Receipt, project: Project, key: str) -> list[dict[str, Any]]:
    said = json.loads(render_receipt(receipt, project, "json"))
    return [row["cells"] for section in said["sections"] if section["key"] == key for row in section["rows"]]


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        assert not any(name.startswith("on") or name in {"src", "srcset"} for name, _ in attrs)

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def _read(page: bytes) -> _Text:
    parser = _Text()
    parser.feed(page.decode())
    return parser


def test_the_receipt_says_where_the_file_is_from_and_how_it_was_read(mixed: Receipt, project: Project) -> None:
    facts = dict(row.cells for row in _section(receipt_report(mixed, project), "file").rows)
    assert facts["Ergebnis"] == "in Teilen angenommen"
    assert facts["Datei"] == "März.xlsx"
    assert facts["SHA-256"] == mixed.delivery.arrival.sha256
    assert facts["Absender"] == "Energieversorgung Leverkusen (EVL)"
    assert facts["Stand"] == "28.03.2022, bei der Annahme angegeben"
    assert facts["Koordinatensystem"] == "keines, die Datei hat keine Geometrie"


@pytest.mark.parametrize("partial", [False, True])
def test_counts_add_up_to_the_rows_of_the_file(check: Check, project: Project, *, partial: bool) -> None:
    rows = [["S0", "RV", "", ""], ["S0", "RV", "", ""], ["S1", "weg", "", ""], ["S2", "RV", "", ""]]
    receipt = check([TRENCHES, *rows], ("segment", "S2", "duct_laid", "2022-03-01", "EVL"), partial=partial)
    (row,) = _section(receipt_report(receipt, project), "counts").rows
    assert row.cells[0] == "Trassenabschnitte"
    assert row.cells[1] == sum(row.cells[2:]) == 4  # type: ignore[arg-type]


def test_two_kinds_of_objects_have_a_sum(mixed: Receipt, project: Project) -> None:
    *parts, whole = _section(receipt_report(mixed, project), "counts").rows
    assert whole.cells[1:] == tuple(map(sum, zip(*(part.cells[1:] for part in parts), strict=True)))  # type: ignore[arg-type]
    assert whole.cells[1] == 10


def test_every_kind_of_trouble_has_its_rows(mixed: Receipt, project: Project) -> None:
    assert [cells["rule"] for cells in _cells(mixed, project, "refused")] == [
        "unmatched",
        "unknown-status",
        "unmatched",
        "ambiguous",
    ]
    assert [cells["row"] for cells in _cells(mixed, project, "unmatched")] == [6, 3]
    (ambiguous,) = _cells(mixed, project, "ambiguous")
    assert ambiguous["said"] == "Rheinallee 5, 51371"
    assert "T7" in ambiguous["candidates"]
    assert "T8" in ambiguous["candidates"]
    (back,) = _cells(mixed, project, "steps_back")
    assert (back["status_before"], back["since_before"]) == ("cable_blown", "2022-03-01")
    assert (back["status"], back["valid_on"]) == ("digging", "2022-03-20")
    assert [cells["entity_id"] for cells in _cells(mixed, project, "jumps")] == ["S4"]
    (length,) = _cells(mixed, project, "lengths")
    assert (length["planned_m"], length["drawn_m"], length["reported_m"], length["apart_m"]) == (100, None, 140, 40)
    assert len(_cells(mixed, project, "missing")) == 37


def test_contradictions_stand_side_by_side(mixed: Receipt, project: Project) -> None:
    section = _section(receipt_report(mixed, project), "contradictions")
    assert {column.group for column in section.columns} - {""} == {
        "Diese Lieferung: Energieversorgung Leverkusen",
        "Andere Lieferung",
    }
    (row,) = section.rows
    assert row.cells[3:] == (
        "S1",
        "Rohr verlegt",
        dt.date(2022, 3, 20),
        "NetCologne",
        "Kabel eingeblasen",
        dt.date(2022, 3, 1),
        "lieferung-1",
    )


def test_states_have_labels_for_people_and_keys_for_programs(mixed: Receipt, project: Project) -> None:
    page = render_receipt(mixed, project, "html").decode()
    assert "Kabel eingeblasen" in page
    assert "cable_blown" not in page
    assert "cable_blown" in render_receipt(mixed, project, "json").decode()


def test_columns_used_are_named_and_those_not_there_too(check: Check, project: Project) -> None:
    receipt = check([[*TRENCHES, "Telefon"], ["S0", "RV", "", "", "0214"]])
    report = receipt_report(receipt, project)
    columns = {row.cells[2]: row.cells[3] for row in _section(report, "mapping").rows}
    assert columns["segment_id"] == "Trasse"
    assert columns["reason"] is None
    facts = dict(row.cells for row in _section(report, "file").rows)
    assert facts["Nicht gelesene Spalten"] == "Telefon"


def test_rules_that_did_not_run_say_why(check: Check, project: Project) -> None:
    receipt = check([TRENCHES, ["S0", "RV", "", ""]])
    ran = {cells["rule"]: cells["hits"] for cells in _cells(receipt, project, "rules_run")}
    idle = {cells["rule"]: cells["why_not"] for cells in _cells(receipt, project, "rules_not_run")}
    assert ran["unknown-status"] == 0
    assert idle["missing"] == "die Datei ist keine Vollliste"
    assert "hidden-rows" in idle
    assert not set(ran) & set(idle)
    overview = dict(row.cells for row in _section(receipt_report(receipt, project), "overview").rows)
    assert overview["in der Vollliste fehlend"] is None
    assert overview["abweichende Längen"] is None
    assert overview["Rückschritte"] == 0


def test_people_are_spared_empty_tables_and_programs_are_not(check: Check, project: Project) -> None:
    receipt = check([TRENCHES, ["S0", "RV", "", ""]])
    assert "Keine Einträge" not in render_receipt(receipt, project, "html").decode()
    assert "Keine Einträge" not in render_receipt(receipt, project, "md").decode()
    keys = [section["key"] for section in json.loads(render_receipt(receipt, project, "json"))["sections"]]
    assert "contradictions" in keys


def test_a_full_list_in_parts_is_asked_for_whole(mixed: Receipt, project: Project) -> None:
    assert "die berichtigte Datei vollständig noch einmal" in reply(mixed, project)


def test_a_reply_tells_of_every_kind_of_trouble(mixed: Receipt, project: Project) -> None:
    text = reply(mixed, project)
    for said in (
        "1 Trassenabschnitt konnte nicht zugeordnet werden:\n- Zeile 6 (Blatt „Trassen“): S9x",
        "1 Anschluss ist nicht eindeutig bezeichnet:",
        "S0: bisher Kabel eingeblasen (01.03.2022), jetzt im Bau (20.03.2022)",
        "1 Meldung lässt Zwischenschritte aus:",
        "S1: Sie melden Rohr verlegt (20.03.2022), NetCologne meldet Kabel eingeblasen (01.03.2022)",
        "Zeile 2 (Blatt „Trassen“), S0: geplant 100,0 m, gemeldet 140,0 m",
        "2 Anschlüsse fehlen in Ihrer Liste, die vollständig sein soll: T7, T8.",
        "S19 und 20 weitere, siehe Eingangsprüfung.",
    ):
        assert said in text
    assert "None" not in text


def test_the_reply_is_in_every_format(mixed: Receipt, project: Project) -> None:
    text = reply(mixed, project)
    said = json.loads(render_receipt(mixed, project, "json"))
    assert said["reply"] == text
    assert said["receipt"]["verdict"] == "partial"
    assert said["receipt"]["counts"]["segments"]["rows"] == 7
    shown = "".join(_read(render_receipt(mixed, project, "html")).texts)
    written = render_receipt(mixed, project, "md").decode()
    for line in text.splitlines():
        assert line in shown
        assert f"    {line}".rstrip() in written
    rows = _section(receipt_report(mixed, project), "reply").rows
    assert [row.cells[0] for row in rows] == text.splitlines()


@pytest.mark.parametrize("evil", HOSTILE)
def test_no_text_of_a_delivery_does_anything(check: Check, project: Project, evil: str) -> None:
    receipt = check([[*TRENCHES, evil], [evil, evil, evil, evil, evil], ["S0", evil, "20.03.2022", "1"]])
    page = _read(render_receipt(receipt, project, "html"))
    assert "script" not in page.tags
    assert "img" not in page.tags
    assert "\u202e" not in "".join(page.texts)
    written = render_receipt(receipt, project, "md").decode()
    outside = [line for line in written.splitlines() if not line.startswith("    ")]
    assert not any(re.search(r"(?<!\\)<(?!/?br)|(?<!\\)`|(?<!\\)!\[", line) for line in outside)
    assert json.loads(render_receipt(receipt, project, "json"))


@pytest.mark.parametrize("evil", HOSTILE)
def test_no_text_of_a_receipt_does_anything(mixed: Receipt, project: Project, evil: str) -> None:
    frames = {name: getattr(mixed, name).copy() for name in ("refused", "steps_back", "contradictions", "unmatched")}
    for frame in frames.values():
        for column in set(frame) - {"entity", "row", "since_before", "valid_on"}:
            frame[column] = pd.Series([(evil,) if column == "candidates" else evil] * len(frame), dtype=object)
    arrival = replace(mixed.delivery.arrival, name=evil)
    partner = mixed.delivery.partner.model_copy(update={"name": evil})
    findings = tuple(replace(finding, message=evil, hint=evil, value=evil) for finding in mixed.findings)
    delivery = replace(mixed.delivery, arrival=arrival, sender=evil, partner=partner, unread=(evil,))
    receipt = replace(mixed, delivery=delivery, findings=findings, **frames)
    page = _read(render_receipt(receipt, project, "html"))
    plain = _read(render_receipt(mixed, project, "html"))
    assert set(page.tags) == set(plain.tags)
    assert "\u202e" not in reply(receipt, project)
    assert json.loads(render_receipt(receipt, project, "json"))["receipt"]["file"] == evil


def test_half_a_sign_cannot_stop_a_receipt(mixed: Receipt, project: Project) -> None:
    half = pd.Series(["\ud800"] * len(mixed.refused), dtype=object)
    refused = mixed.refused.assign(value=half)
    for into in ("html", "md", "json"):
        assert render_receipt(replace(mixed, refused=refused), project, into)


def test_long_lists_are_cut_for_people_and_whole_for_programs(
    mixed: Receipt, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SHOWN", 36)
    for into in ("html", "md"):
        assert "… 1 weitere Zeile steht nur in der JSON-Fassung" in render_receipt(mixed, project, into).decode()
    assert len(_cells(mixed, project, "missing")) == 37


@pytest.mark.parametrize("into", ["html", "md", "json"])
def test_the_same_receipt_gives_the_same_bytes(mixed: Receipt, project: Project, into: str) -> None:
    assert render_receipt(mixed, project, into) == render_receipt(mixed, project, into)


def test_another_format_is_refused(mixed: Receipt, project: Project) -> None:
    with pytest.raises(KeyError):
        render_receipt(mixed, project, "pdf")
