"""What the report of changes says, and how an official would say it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import pytest

from rollout.analysis import ladder
from rollout.analysis.progress import district_progress, trench_progress
from rollout.project import Definitions, PassedDefinition
from rollout.reporting.change_words import MINUS
from rollout.reporting.changes import change_report, change_sentences
from rollout.reporting.formats import Format
from rollout.reporting.render import render
from rollout.reporting.report import RowKind, Section
from rollout.vocabulary import Level

if TYPE_CHECKING:
    from collections.abc import Callable

    from rollout.analysis.state import State
    from rollout.reporting.report import Report

EARLY = dt.date(2022, 3, 1)
NBSP = "\u202f"
PLACES = {"Rheindorf": "01", "Opladen": "04", "Wiesdorf": "12"}
MAIN = {"programme_id": "leverkusen", "phase_id": "1", "reason": None, "status_since": pd.Timestamp("2022-02-01")}
TARGET = MAIN | {
    "category": "household",
    "drive": "funded",
    "street": "Felderstraße",
    "near_built_m": float("inf"),
    "reachable": False,
}
PIECE = MAIN | {"kind": "new_duct", "length_m": 412.0, "cable_m": 500.0, "status_before": None, "street": None}


def layer(rows: list[dict[str, object]], sample: dict[str, object], name: str) -> pd.DataFrame:
    key = f"{name[:-1]}_id"
    columns = [key, "district_id", "status", *(["house_number"] if name == "targets" else []), *sample]
    numbered = [
        {key: f"{name[0]}{position}", "house_number": str(position + 1), **sample, **row}
        for position, row in enumerate(rows)
    ]
    told = [{**row, "district_id": PLACES.get(str(row["in"]))} for row in numbered]
    frame = pd.DataFrame(told, columns=columns)
    texts = [column for column in columns if not column.endswith(("_m", "_since"))]
    frame = frame.astype(dict.fromkeys(texts, "string"))
    return frame.assign(height=ladder.heights(gpd.GeoDataFrame(frame), name))


@pytest.fixture
def told(build_city: Callable[..., State]) -> Callable[..., tuple[State, State]]:
    """Two states from rows that say where they lie, what they were and what they are."""
    city = build_city(targets=20, segments=5)

    def make(targets: list[dict[str, object]] = (), pieces: list[dict[str, object]] = ()) -> tuple[State, State]:
        states = []
        for time, day in enumerate((EARLY, city.as_of)):
            mine = [{**row, "status": row["status"][time]} for row in targets]
            dug = [{**row, "status": row["status"][time]} for row in pieces]
            placed = layer(dug, PIECE, "segments")
            rows = gpd.GeoDataFrame(layer(mine, TARGET, "targets"))
            segments = gpd.GeoDataFrame(placed.drop_duplicates("segment_id"))
            states.append(replace(city, as_of=day, targets=rows, pieces=placed, segments=segments))
        return states[0], states[1]

    return make


def section(report: Report, key: str) -> Section:
    return report.only([key]).sections[0]


def body(found: Section) -> list[list[object]]:
    return [list(row.cells) for row in found.rows]


def many(count: int, **row: object) -> list[dict[str, object]]:
    return [row] * count


def test_one_district_is_said_in_one_sentence_with_the_steps_back_behind_a_semicolon(told: Callable) -> None:
    targets = many(3, **{"in": "Rheindorf"}, status=("connected", "duct_at_property"))
    targets += many(1, **{"in": "Rheindorf"}, status=("surveyed", "connected"))
    targets += many(8, **{"in": "Rheindorf"}, status=("surveyed", "duct_at_property"))
    pieces = [{"in": "Rheindorf", "status": ("digging", "duct_laid")}]
    said = change_sentences(*told(targets, pieces))
    assert said == [
        (
            f"Seit dem 01.03.2022 in Rheindorf: +412{NBSP}m Leerrohr, 9 Adressen neu erreicht, 2 weniger vorbereitet, "
            "2 weniger angeschlossen; 3 Adressen zurückgestuft."
        )
    ]


def test_one_is_singular_and_nothing_is_not_said(told: Callable) -> None:
    targets = [{"in": "Rheindorf", "status": ("connected", "surveyed")}]
    pieces = [{"in": "Opladen", "status": ("duct_laid", "duct_laid")}, {"in": None, "status": ("digging", "blocked")}]
    assert change_sentences(*told(targets, pieces)) == [
        (
            "Seit dem 01.03.2022: 1 Adresse weniger erreicht, 1 weniger vorbereitet, 1 weniger angeschlossen; "
            "1 Adresse zurückgestuft, 1 Abschnitt gesperrt."
        ),
        (
            "Rheindorf: 1 Adresse weniger erreicht, 1 weniger vorbereitet, 1 weniger angeschlossen; "
            "1 Adresse zurückgestuft."
        ),
        "Außerhalb der Stadtteile: 1 Abschnitt gesperrt.",
    ]


def test_districts_with_steps_back_come_first_and_then_those_with_most_metres(told: Callable) -> None:
    pieces = [
        {"in": place, "status": ("digging", "duct_laid"), "length_m": m}
        for place, m in (("Wiesdorf", 20.0), ("Opladen", 2000.0))
    ]
    pieces += [{"in": "Rheindorf", "status": ("duct_laid", "digging"), "length_m": 30.0}]
    said = change_sentences(*told(pieces=pieces))
    assert said[0] == f"Seit dem 01.03.2022: +2,0{NBSP}km Leerrohr; 1 Abschnitt zurückgestuft."
    assert [line.partition(":")[0] for line in said[1:]] == ["Rheindorf", "Opladen", "Wiesdorf"]
    assert said[1] == f"Rheindorf: {MINUS}30{NBSP}m Leerrohr; 1 Abschnitt zurückgestuft."


def test_lengths_drives_and_programmes_are_said_apart(told: Callable) -> None:
    pieces = [
        {"in": "Opladen", "status": ("permitted", "cable_blown"), "cable_m": 450.0},
        {"in": "Opladen", "status": (None, "duct_laid"), "kind": "co_used", "length_m": 77.0},
        {"in": "Wiesdorf", "status": ("digging", "duct_laid"), "programme_id": "friedenstal", "phase_id": None},
    ]
    targets = many(2, **{"in": "Opladen"}, status=("identified", "connected"), drive="extended")
    assert change_sentences(*told(targets, pieces)) == [
        (
            f"Seit dem 01.03.2022 in Opladen: +412{NBSP}m Leerrohr, +77{NBSP}m mitgenutzte Trasse, +450{NBSP}m Kabel, "
            "1 Abschnitt neu gemeldet."
        ),
        "Seit dem 01.03.2022 im erweiterten Vortrieb: 2 Adressen neu erreicht, 2 neu vorbereitet, 2 neu angeschlossen.",
        f"Seit dem 01.03.2022 im Förderprojekt Gewerbegebiet Im Friedenstal: +412{NBSP}m Leerrohr.",
    ]


def test_steps_that_reach_no_milestone_are_said_where_nothing_else_is(told: Callable) -> None:
    targets = many(2, **{"in": "Opladen"}, status=("identified", "consent_given"))
    pieces = [{"in": "Opladen", "status": ("planned", "permitted")}]
    assert change_sentences(*told(targets, pieces)) == [
        "Seit dem 01.03.2022 in Opladen: 2 Adressen fortgeschritten, 1 Abschnitt fortgeschritten."
    ]


def test_no_change_is_said_as_such(told: Callable) -> None:
    before, after = told([{"in": "Opladen", "status": ("connected", "connected")}])
    assert change_sentences(before, after) == ["Seit dem 01.03.2022 keine Veränderung."]
    assert change_sentences(after, after) == ["Zum Stand 28.03.2022 keine Veränderung."]
    assert change_sentences(after, before) == ["Gegenüber dem 28.03.2022 keine Veränderung."]


@pytest.mark.parametrize(
    ("known", "knows", "lead"),
    [
        (None, dt.date(2022, 5, 5), "Stand 28.03.2022, nach Kenntnis vom 05.05.2022 gegenüber der heutigen"),
        (dt.date(2022, 4, 1), None, "Stand 28.03.2022, nach heutiger Kenntnis gegenüber der vom 01.04.2022"),
    ],
)
def test_one_day_known_at_two_times_is_said_with_both(
    told: Callable, known: dt.date | None, knows: dt.date | None, lead: str
) -> None:
    before, after = told([{"in": "Opladen", "status": ("connected", "activated")}])
    before, after = replace(before, as_of=after.as_of, known_at=known), replace(after, known_at=knows)
    assert change_sentences(before, after) == [f"{lead} in Opladen: 1 Adresse neu aktiviert."]


def test_two_days_with_what_was_known_then_are_said_with_both(told: Callable) -> None:
    before, after = told([{"in": "Opladen", "status": ("connected", "activated")}])
    then = replace(before, known_at=dt.date(2022, 3, 2))
    lead = "Seit dem 01.03.2022 (Kenntnis vom 02.03.2022, nun heutige Kenntnis) in Opladen"
    assert change_sentences(then, after)[0].startswith(lead)
    report = change_report(then, after)
    moments = "Früher: Stand 01.03.2022, Kenntnis vom 02.03.2022. Jetzt: Stand 28.03.2022, heutige Kenntnis."
    assert moments in report.subtitle
    assert all(each.footer[0].startswith(moments) for each in report.sections)
    both = change_sentences(then, replace(after, known_at=then.known_at))
    assert both[0].startswith("Seit dem 01.03.2022 (nach Kenntnis vom 02.03.2022) in Opladen")


def test_the_table_of_changes_lists_every_district_of_a_phase_and_the_total(told: Callable) -> None:
    targets = many(2, **{"in": "Opladen"}, status=("surveyed", "connected"))
    pieces = [
        {"in": "Rheindorf", "status": ("digging", "duct_laid")},
        {"in": "Opladen", "status": ("blocked", "dropped")},
    ]
    report = change_report(*told(targets, pieces))
    found = section(report, "anschluesse")
    first = [row for row in found.rows if row.group == "Bauabschnitt 1" and row.kind == RowKind.BODY]
    names = ["Bergisch Neukirchen", "Bürrig", "Hitdorf", "Küppersteg", "Opladen", "Rheindorf"]
    assert [row.cells[0] for row in first] == names
    assert total(found)["funded_connected"] == 2
    assert total(found)["funded_gone_back"] == 0
    trenches = total(section(report, "trassen"))
    assert (trenches["new_duct_m"], trenches["segments_dropped"], trenches["segments_gone_back"]) == (412.0, 1, 0)


def total(found: Section) -> dict[str, object]:
    return dict(zip([column.key for column in found.columns], found.rows[-1].cells, strict=True))


def test_the_table_is_the_difference_of_the_two_tables_of_progress(build_city: Callable[..., State]) -> None:
    before, after = build_city(2), build_city(3)
    before = replace(before, as_of=EARLY, targets=before.targets.assign(**same(after.targets)))
    before = replace(before, pieces=after.pieces, segments=after.segments)
    found = section(change_report(before, after), "anschluesse")
    place = [column.key for column in found.columns].index("funded_passed")
    was, now = (ours(district_progress(state))["passed"].sum() for state in (before, after))
    assert found.rows[-1].cells[place] == now - was != 0
    assert trench_progress(before).equals(trench_progress(after))


def same(targets: pd.DataFrame) -> dict[str, pd.Series]:
    return {name: targets[name] for name in ("programme_id", "drive", "district_id", "phase_id")}


def ours(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[(rows["programme_id"] == "leverkusen") & (rows["drive"] == "funded")]


def test_every_step_back_is_named_with_what_it_was_and_is(told: Callable) -> None:
    targets = [
        {"in": "Opladen", "status": ("consent_given", "refused"), "reason": "declined"},
        {"in": "Opladen", "status": ("connected", "surveyed")},
        {"in": "Opladen", "status": ("surveyed", "connected")},
        {"in": "Wiesdorf", "status": ("identified", None), "phase_id": "2", "drive": "extended"},
    ]
    pieces = [
        {"in": "Opladen", "segment_id": "S1", "status": ("digging", "blocked"), "reason": "permit", "length_m": 30.0}
    ]
    pieces += [{**pieces[0], "in": "Rheindorf", "length_m": 70.0}]
    rows = section(change_report(*told(targets, pieces)), "rueckschritte").rows
    assert [(row.group, *row.cells[:2]) for row in rows] == [
        ("Bauabschnitt 1", "Anschluss zurückgestuft", "Felderstraße 2, t1"),
        ("Bauabschnitt 1", "Leerrohr gesperrt", "S1"),
        ("Bauabschnitt 1", "Anschluss abgelehnt", "Felderstraße 1, t0"),
        ("Bauabschnitt 2", "Vortrieb nun ohne Angabe", "Felderstraße 4, t3"),
    ]
    assert rows[0].cells[2:] == ("Opladen", "angeschlossen", "Begehung erfolgt", None, None)
    blocked = ("Rheindorf", "im Bau", "gesperrt oder unterbrochen", "Genehmigung oder Verkehrsanordnung fehlt", 100.0)
    assert rows[1].cells[2:] == blocked
    assert rows[2].cells[5] == "vom Eigentümer abgelehnt"
    assert rows[3].cells[2:5] == ("Wiesdorf (in Teilen)", "förderfähig ermittelt", "keine Angabe")


def test_an_address_from_which_the_trench_went_away_says_that_it_is_no_longer_passed(told: Callable) -> None:
    before, after = told([{"in": "Opladen", "status": ("surveyed", "surveyed")}])
    project = after.project.model_copy(update={"definitions": Definitions(passed=PassedDefinition.WITHIN_20_M)})
    near = replace(before, project=project, targets=before.targets.assign(near_built_m=5.0))
    row = section(change_report(near, replace(after, project=project)), "rueckschritte").rows[0]
    assert row.cells[3:5] == ("Begehung erfolgt", "Begehung erfolgt (nicht mehr erreicht)")


def test_kinds_of_change_are_counted_apart_for_segments_and_either_drive(told: Callable) -> None:
    targets = [{"in": "Opladen", "status": (None, "surveyed")}, {"in": "Opladen", "status": ("surveyed", "connected")}]
    targets += [{"in": "Opladen", "status": ("surveyed", "house_entry"), "drive": "extended"}]
    pieces = [{"in": "Opladen", "status": ("permitted", "digging")}]
    assert body(section(change_report(*told(targets, pieces)), "arten")) == [
        ["neu gemeldet", 0, 0.0, 0.0, 1, 0],
        ["fortgeschritten", 1, 412.0, 0.0, 1, 1],
    ]


def test_the_extended_drive_and_other_programmes_have_tables_of_their_own_where_they_changed(told: Callable) -> None:
    targets = [{"in": "Opladen", "status": ("surveyed", "connected"), "drive": "extended"}]
    pieces = [{"in": "Wiesdorf", "status": ("digging", "duct_laid"), "programme_id": "friedenstal", "phase_id": None}]
    report = change_report(*told(targets, pieces))
    assert [each.key for each in report.sections] == [
        "anschluesse",
        "trassen",
        "vortrieb",
        "rueckschritte",
        "arten",
        "friedenstal-trassen",
        "friedenstal-arten",
    ]
    assert section(report, "anschluesse").rows == section(report, "trassen").rows == ()
    assert section(report, "vortrieb").rows[-1].cells[1:5] == (1, 1, 1, 0)
    assert section(report, "friedenstal-trassen").intro.startswith("Eigenes Förderprojekt")


def test_without_deliveries_the_report_warns_and_with_them_it_names_the_youngest(told: Callable) -> None:
    before, after = told([{"in": "Opladen", "status": ("surveyed", "connected")}])
    assert "Ohne aufgenommene Lieferungen" in " ".join(change_report(before, after).sections[0].footer)
    columns = {"sender": ["EVL"], "file_name": ["evl_03.csv"], "state_on": [dt.date(2022, 2, 28)]}
    with_sources = replace(before, sources=pd.DataFrame(columns)), replace(after, sources=pd.DataFrame(columns).head(0))
    footer = change_report(*with_sources).sections[0].footer
    assert "Jüngste Lieferungen zum früheren Stand: EVL, evl_03.csv, Stand 28.02.2022." in footer
    assert "Jüngste Lieferungen zum jetzigen Stand: keine." in footer


@pytest.mark.parametrize("form", list(Format))
def test_the_report_is_written_in_every_format_the_same_each_time(
    build_city: Callable[..., State], form: Format
) -> None:
    before, after = build_city(2, 120, 30), build_city(3, 120, 30)
    written = render(change_report(before, after), form)
    assert written == render(change_report(before, after), form)
    assert written


@pytest.mark.parametrize("level", list(Level))
def test_every_row_has_one_cell_for_each_column_at_every_level(build_city: Callable[..., State], level: Level) -> None:
    report = change_report(build_city(2, 300, 60), build_city(3, 300, 60), level)
    for each in report.sections:
        assert all(len(row.cells) == len(each.columns) for row in each.rows)
    assert section(report, "anschluesse").rows[-1].kind == RowKind.TOTAL
