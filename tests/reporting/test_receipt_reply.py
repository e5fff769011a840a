"""The reply to the sender of a delivery: exact, in German, and short enough for a mail."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
import shapely

from rollout.intake.checking import check_delivery
from rollout.intake.reading import read_delivery
from rollout.intake.receipt import Counts, Known, Receipt, Terms, Verdict
from rollout.project import Project, parse_project
from rollout.reporting.receipt import receipt_report, reply

EAST, NORTH = 358_000.0, 5_655_000.0
SAID: dict[str, Any] = {
    "format": 1,
    "name": "Glasfaser Probestadt",
    "municipality": "Stadt Probestadt",
    "as_of": dt.date(2022, 3, 28),
    "place": {"west": 6.85, "south": 50.98, "east": 7.15, "north": 51.13},
    "programmes": [{"id": "p", "name": "P"}],
    "layers": {name: {"path": f"{name}.gpkg"} for name in ("districts", "nodes", "segments", "targets")},
    "partners": {
        "EVL": {
            "name": "Energieversorgung Leverkusen",
            "segments": {
                "columns": {"segment_id": "Trasse", "status": "Baustatus", "valid_on": "Seit", "length_m": "Laenge"},
                "status": {"RV": "duct_laid"},
            },
            "targets": {"columns": {"street": "Straße", "house_number": "Nr", "postcode": "PLZ", "status": "Status"}},
        }
    },
}
TRENCHES = ["Trasse", "Baustatus", "Seit", "Laenge"]
ADDRESSES = ["Straße", "Nr", "PLZ", "Status"]

Check = Callable[..., Receipt]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return parse_project(SAID, tmp_path / "rollout.toml")


def _judged(path: Path, project: Project, *reported: tuple[str, ...], partial: bool = False) -> Receipt:
    lines = [shapely.LineString([(EAST, NORTH + 50 * i), (EAST + 100, NORTH + 50 * i)]) for i in range(3)]
    segments = gpd.GeoDataFrame({"segment_id": ["S0", "S1", "S2"]}, geometry=lines, crs=25832)
    home = {"target_id": ["T1"], "street": ["Hauptstraße"], "house_number": ["12"], "postcode": ["51379"]}
    targets = gpd.GeoDataFrame(home, geometry=[shapely.Point(EAST, NORTH)], crs=25832)
    columns = ["entity", "entity_id", "status", "status_since", "reported_by"]
    states = pd.DataFrame(list(reported), columns=columns).astype("string").assign(delivery_id="d")
    states["status_since"] = pd.to_datetime(states["status_since"]).astype("datetime64[ms]")
    known = Known(segments.astype({"segment_id": "string"}), targets, states)
    terms = Terms(dt.date(2022, 4, 1), dt.date(2022, 3, 28), partial=partial)
    return check_delivery(read_delivery(path, project, "EVL"), project, known, terms)


@pytest.fixture
def check(project: Project, tmp_path: Path) -> Check:
    def _check(rows: list[list[str]], *reported: tuple[str, ...], partial: bool = False) -> Receipt:
        text = io.StringIO()
        csv.writer(text, delimiter=";").writerows(rows)
        path = tmp_path / "liste.csv"
        path.write_bytes(text.getvalue().encode())
        return _judged(path, project, *reported, partial=partial)

    return _check


def test_an_accepted_file_is_thanked_for(check: Check, project: Project) -> None:
    receipt = check([TRENCHES, ["S0", "RV", "", ""]])
    assert receipt.verdict is Verdict.ACCEPTED
    text = reply(receipt, project)
    assert text == (
        "Sehr geehrte Damen und Herren,\n\n"
        "vielen Dank für Ihre Lieferung. Ihre Datei „liste.csv“ mit Stand vom 28.03.2022 haben wir geprüft und "
        "vollständig übernommen.\n\n"
        "Sie enthält 1 Zeile: 1 neue Meldung.\n\n"
        "Alle Einzelheiten stehen in der beigefügten Eingangsprüfung (Prüfsumme der Datei, SHA-256: "
        f"{receipt.delivery.arrival.sha256[:12]}…).\n\n"
        "Mit freundlichen Grüßen\nStadt Probestadt\n"
    )


def test_a_file_accepted_in_parts_asks_for_the_rows_in_error(check: Check, project: Project) -> None:
    receipt = check([TRENCHES, ["S0", "RV", "", ""], ["S1", "weg", "", ""]], partial=True)
    text = reply(receipt, project)
    assert "haben wir geprüft und in Teilen übernommen." in text
    assert "2 Zeilen: 1 neue Meldung und 1 fehlerhafte Zeile." in text
    assert "- Zeile 3, Spalte „Baustatus“: unbekannter Status 'weg'" in text
    assert "Bitte senden Sie uns die fehlerhaften Zeilen berichtigt noch einmal." in text


def test_a_refused_file_says_what_waits(check: Check, project: Project) -> None:
    receipt = check([TRENCHES, ["S0", "RV", "", ""], ["S1", "weg", "", ""]])
    assert receipt.verdict is Verdict.REFUSED
    text = reply(receipt, project)
    assert "konnten sie aber noch nicht übernehmen" in text
    assert "1 fehlerhafte Zeile und 1 einwandfreie, aber noch nicht übernommene Zeile." in text
    assert "die berichtigte Datei vollständig noch einmal" in text


def test_a_reply_counts_in_singular_and_plural(check: Check, project: Project) -> None:
    one = [ADDRESSES, ["Hauptstr.", "13", "51379", "angeschlossen"]]
    assert "1 Anschluss konnte nicht zugeordnet werden:\n- Zeile 2: Hauptstr. 13, 51379" in reply(check(one), project)
    many = [*one, ["Hauptstr.", "15", "51379", "angeschlossen"]]
    assert "2 Anschlüsse konnten nicht zugeordnet werden:\n" in reply(check(many), project)


def test_a_reply_names_fifteen_rows_of_a_kind_and_counts_the_others(check: Check, project: Project) -> None:
    rows = [["Nirgendweg", str(n), "51379", "angeschlossen"] for n in range(1, 18)]
    receipt = check([ADDRESSES, *rows])
    text = reply(receipt, project)
    assert text.count("\n- Zeile ") == 15
    assert "- … 2 weitere Stellen stehen in der Eingangsprüfung." in text
    (table,) = (section for section in receipt_report(receipt, project).sections if section.key == "unmatched")
    assert len(table.rows) == 17
    sixteen = reply(check([ADDRESSES, *rows[:16]]), project)
    assert "- … 1 weitere Stelle steht in der Eingangsprüfung." in sixteen


def test_other_warnings_are_summed_up(check: Check, project: Project) -> None:
    text = reply(check([TRENCHES, ["S0", "RV", "20.03.22", ""]]), project)
    assert "- Eine zweistellige Jahreszahl, als 20JJ gelesen. (1 Stelle)" in text


def test_a_reply_to_a_file_without_news_says_so(check: Check, project: Project) -> None:
    receipt = check([TRENCHES, ["S0", "RV", "", ""]], ("segment", "S0", "duct_laid", "2022-03-01", "EVL"))
    assert receipt.counts["segments"] == Counts(1, 0, 1, 0, 0, 0)
    assert "1 Zeile ohne Änderung gegenüber dem bekannten Stand." in reply(receipt, project)


def test_what_the_reader_noticed_is_told_too(project: Project, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (TRENCHES, ["S0", "RV", None, None], ["S1", "RV", None, None]):
        book.active.append(row)
    book.active.row_dimensions[3].hidden = True
    book.save(tmp_path / "liste.xlsx")
    text = reply(_judged(tmp_path / "liste.xlsx", project), project)
    assert "- Ausgeblendete Zeilen, die dennoch mitgelesen werden. (1 Stelle)" in text


def test_a_state_whose_day_nobody_knows_has_no_day(check: Check, project: Project) -> None:
    receipt = check([TRENCHES, ["S0", "RV", "", ""]], ("segment", "S0", "cable_blown", None, "EVL"))
    assert "bisher Kabel eingeblasen (ohne Datum), jetzt Rohr verlegt (28.03.2022)" in reply(receipt, project)
