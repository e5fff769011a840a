"""Every rule finds its fault, names the place, and says the way out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from rollout.analysis.checks import RULES, check_layers
from rollout.crs import METRIC_CRS
from rollout.findings import Finding, Severity
from rollout.project import Project, parse_project
from rollout.schema import LAYERS, PANDAS_DTYPES, Column

X, Y = 360_000.0, 5_650_000.0
Layers = dict[str, gpd.GeoDataFrame]

SAID: dict[str, Any] = {
    "format": 1,
    "name": "Glasfaser Kleinstadt",
    "municipality": "Stadt Kleinstadt",
    "as_of": dt.date(2022, 3, 28),
    "place": {"west": 6.9, "south": 50.9, "east": 7.1, "north": 51.1},
    "programmes": [{"id": "haupt", "name": "Hauptprojekt"}, {"id": "park", "name": "Gewerbepark"}],
    "phases": [
        {
            "id": "BA1",
            "name": "Bauabschnitt 1",
            "programme": "haupt",
            "starts_on": dt.date(2021, 3, 1),
            "districts": [{"district": "Opladen", "from_date": dt.date(2021, 3, 1)}],
        }
    ],
    "district_variants": {"Opladen": ["Leverkusen-Opladen"]},
    "layers": {
        "districts": {"path": "stadtteile.gpkg"},
        "nodes": {"path": "knoten.gpkg"},
        "segments": {"path": "trassen.gpkg"},
        "targets": {"path": "anschluesse.gpkg", "columns": {"status": "Stand", "target_id": "Nr"}},
    },
}


def project(**changes: object) -> Project:
    return parse_project(SAID | changes, Path("/nirgends/rollout.toml"))


def frame(layer: str, shapes: list[Any], **columns: list[Any]) -> gpd.GeoDataFrame:
    series = {
        column.name: pd.Series(columns.get(column.name, [None] * len(shapes)), dtype=PANDAS_DTYPES[column.type])
        for column in LAYERS[layer].columns
    }
    return gpd.GeoDataFrame(series, geometry=shapes, crs=METRIC_CRS)


def line(*points: tuple[float, float]) -> shapely.LineString:
    return shapely.LineString([(X + x, Y + y) for x, y in points])


def point(x: float, y: float) -> shapely.Point:
    return shapely.Point(X + x, Y + y)


def box(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    return shapely.box(X + west, Y + south, X + east, Y + north)


@pytest.fixture
def layers() -> Layers:
    """Two districts, one node, two segments and three targets without a fault."""
    day = dt.datetime(2022, 3, 1)  # noqa: DTZ001 - a day has no zone
    return {
        "districts": frame(
            "districts",
            [box(0, 0, 500, 500), box(500, 0, 1000, 500)],
            district_id=["01", "02"],
            name=["Opladen", "Hitdorf"],
            borough=["II", "I"],
        ),
        "nodes": frame("nodes", [point(0, 100)], node_id=["P1"], kind=["pop"]),
        "segments": frame(
            "segments",
            [line((0, 100), (400, 100)), line((400, 100), (700, 100))],
            segment_id=["S1", "S2"],
            programme_id=["haupt", "haupt"],
            phase_id=["BA1", None],
            kind=["new_duct", "co_used"],
            cable_length_m=[400.0, 310.0],
            status=["cable_blown", None],
            status_since=[day, None],
        ),
        "targets": frame(
            "targets",
            [point(50, 110), point(200, 92), point(600, 108)],
            target_id=["T1", "T2", "T3"],
            programme_id=["haupt"] * 3,
            category=["household", "business", "school"],
            drive=["funded"] * 3,
            street=["Hauptstraße"] * 3,
            house_number=["1", "2", "3a"],
            postcode=["51373"] * 3,
            district=["Opladen", "Leverkusen-Opladen", "Hitdorf"],
            status=["connected", "surveyed", None],
            status_since=[day, day, None],
        ),
    }


def put(layer: str, column: str, row: int, value: object) -> Callable[[Layers], None]:
    def change(layers: Layers) -> None:
        layers[layer].loc[row, column] = value

    return change


def shape(layer: str, row: int, value: object) -> Callable[[Layers], None]:
    def change(layers: Layers) -> None:
        shapes = layers[layer].geometry.to_numpy().copy()
        shapes[row] = value
        layers[layer] = layers[layer].set_geometry(gpd.GeoSeries(shapes, crs=METRIC_CRS))

    return change


def several(*changes: Callable[[Layers], None]) -> Callable[[Layers], None]:
    def change(layers: Layers) -> None:
        for each in changes:
            each(layers)

    return change


def without(layer: str, column: str | None = None) -> Callable[[Layers], None]:
    def change(layers: Layers) -> None:
        if column is None:
            del layers[layer]
        else:
            layers[layer] = layers[layer].drop(columns=column)

    return change


def retyped(layer: str, column: str, dtype: str) -> Callable[[Layers], None]:
    def change(layers: Layers) -> None:
        layers[layer][column] = layers[layer][column].astype(dtype)

    return change


def emptied(layer: str) -> Callable[[Layers], None]:
    def change(layers: Layers) -> None:
        layers[layer] = layers[layer].iloc[:0]

    return change


def in_crs(layer: str, crs: str | None) -> Callable[[Layers], None]:
    def change(layers: Layers) -> None:
        layers[layer] = layers[layer].set_crs(crs, allow_override=True)

    return change


BOWTIE = shapely.Polygon([(X, Y), (X + 500, Y + 500), (X + 500, Y), (X, Y + 500)])

# rule, fault, layer, row, column, words of the message
CASES: list[tuple[str, Callable[[Layers], None], str, int | None, str | None, str]] = [
    ("missing-layer", without("nodes"), "rollout.toml", None, None, "nodes"),
    ("empty-layer", emptied("districts"), "districts", None, None, "noch keine Zeile"),
    ("missing-column", without("targets", "status"), "targets", None, "Stand", "status"),
    ("wrong-type", retyped("targets", "postcode", "object"), "targets", None, "postcode", "string"),
    ("empty-value", put("targets", "street", 1, None), "targets", 2, "street", "leer"),
    ("empty-value", put("targets", "target_id", 2, None), "targets", 3, "Nr", "leer"),
    ("unknown-value", put("targets", "status", 0, "conected"), "targets", 1, "Stand", "connected (angeschlossen)?"),
    ("unknown-value", put("targets", "category", 1, "Gewerb"), "targets", 2, "category", "Gemeint: business"),
    ("unknown-value", put("segments", "kind", 0, "qqq"), "segments", 1, "kind", "new_duct (neues Leerrohr)"),
    ("below-minimum", put("segments", "cable_length_m", 1, -1.0), "segments", 2, "cable_length_m", "kleiner als 0"),
    ("duplicate-id", put("targets", "target_id", 2, "T1"), "targets", 1, "Nr", "Zeile 1, 3"),
    ("wrong-crs", in_crs("targets", None), "targets", None, None, "kein Bezugssystem"),
    ("wrong-crs", in_crs("targets", "EPSG:25831"), "targets", None, None, "EPSG:25831"),
    ("empty-geometry", shape("targets", 1, None), "targets", 2, None, "fehlt"),
    ("empty-geometry", shape("targets", 1, shapely.Point()), "targets", 2, None, "leer"),
    ("wrong-geometry", shape("targets", 1, line((0, 0), (9, 9))), "targets", 2, None, "Linie; erwartet: Punkt"),
    (
        "multi-part",
        shape("segments", 0, shapely.MultiLineString([line((0, 100), (9, 100)), line((20, 100), (400, 100))])),
        "segments",
        1,
        None,
        "2 Teilen",
    ),
    (
        "non-finite",
        shape("segments", 0, shapely.LineString([(X, Y), (X, float("inf")), (X, Y + 9)])),
        "segments",
        1,
        None,
        "endlich",
    ),
    ("degrees", shape("targets", 0, shapely.Point(7.0, 51.0)), "targets", 1, None, "Grad"),
    ("swapped-axes", shape("targets", 0, shapely.Point(Y, X)), "targets", 1, None, "vertauscht"),
    ("swapped-axes", shape("targets", 0, shapely.Point(51.0, 7.0)), "targets", 1, None, "vertauscht"),
    ("outside-place", shape("targets", 0, point(90_000, 0)), "targets", 1, None, "450.000,00"),
    ("invalid-geometry", shape("districts", 0, BOWTIE), "districts", 1, None, "schneidet sich selbst"),
    ("zero-length", shape("segments", 0, line((0, 100), (0, 100))), "segments", 1, None, "derselbe Punkt"),
    ("heights", shape("targets", 0, shapely.Point(X + 50, Y + 110, 60)), "targets", None, None, "Höhen"),
    ("district-overlap", shape("districts", 0, box(0, 0, 510, 500)), "districts", None, None, "Opladen und Hitdorf"),
    (
        "district-gap",
        shape("districts", 0, box(0, 0, 500, 500) - box(100, 200, 150, 250)),
        "districts",
        None,
        None,
        "2.500 m²",
    ),
    ("unknown-programme", put("targets", "programme_id", 0, "haubt"), "targets", 1, "programme_id", "Gemeint: haupt?"),
    ("unknown-phase", put("segments", "phase_id", 0, "BA9"), "segments", 1, "phase_id", "BA9"),
    ("phase-programme", put("segments", "programme_id", 0, "park"), "segments", 1, "phase_id", "haupt"),
    ("unknown-district", put("districts", "name", 0, "Oplaaden"), "rollout.toml", None, None, "Oplaaden?"),
    ("status-without-date", put("targets", "status_since", 0, None), "targets", 1, "status_since", "connected"),
    (
        "status-in-future",
        put("targets", "status_since", 1, pd.Timestamp("2022-03-29")),
        "targets",
        2,
        "status_since",
        "29.03.2022 liegt nach dem Stichtag 28.03.2022",
    ),
    ("reason-missing", put("targets", "status", 1, "dropped"), "targets", 2, "reason", "dropped"),
    ("reason-without-cause", put("targets", "reason", 0, "consent"), "targets", 1, "reason", "connected"),
    (
        "status-before-without-block",
        put("segments", "status_before", 0, "digging"),
        "segments",
        1,
        "status_before",
        "nicht gesperrt",
    ),
    (
        "block-without-status-before",
        several(put("segments", "status", 0, "blocked"), put("segments", "reason", 0, "weather")),
        "segments",
        1,
        "status_before",
        "vor der Sperrung",
    ),
    ("household-institution", put("targets", "institution", 0, "Erika M."), "targets", 1, "institution", "Haushalt"),
    (
        "duplicate-address",
        several(put("targets", "house_number", 2, "2"), put("targets", "category", 2, "business")),
        "targets",
        2,
        "house_number",
        "Hauptstraße 2“ steht auch in Zeile 3",
    ),
    ("outside-districts", shape("targets", 0, point(-5, 110)), "targets", 1, None, "keinem Stadtteil"),
    ("district-differs", put("targets", "district", 0, "Hitdorf"), "targets", 1, "district", "es Opladen"),
    ("unknown-district-name", put("targets", "district", 0, "Opladn"), "targets", 1, "district", "Gemeint: Opladen?"),
    ("far-from-trench", shape("targets", 0, point(50, 150)), "targets", 1, None, "50,0 m"),
    ("far-from-trench", put("targets", "programme_id", 0, "park"), "targets", 1, None, "keine Trasse"),
]


def found(findings: list[Finding], rule: str) -> list[Finding]:
    return [finding for finding in findings if finding.rule == rule]


def test_layers_without_a_fault_have_no_findings(layers: Layers) -> None:
    assert check_layers(layers, project()) == []


@pytest.mark.parametrize(
    ("rule", "fault", "layer", "row", "column", "words"), CASES, ids=[f"{case[0]}-{i}" for i, case in enumerate(CASES)]
)
def test_a_fault_is_found_and_its_place_is_named(  # noqa: PLR0913, PLR0917 - the cases are a table
    layers: Layers,
    rule: str,
    fault: Callable[[Layers], None],
    layer: str,
    row: int | None,
    column: str | None,
    words: str,
) -> None:
    fault(layers)
    first, *_ = found(check_layers(layers, project()), rule)
    assert (first.layer, first.row, first.column) == (layer, row, column)
    assert words in first.message
    assert first.severity is RULES[rule].severity
    assert first.hint


def test_every_rule_has_a_case() -> None:
    assert {case[0] for case in CASES} | {"goal-not-reconciled"} == set(RULES)


@pytest.mark.parametrize("case", [case for case in CASES if case[0] in {"degrees", "swapped-axes", "outside-place"}])
def test_a_wrong_place_has_one_reason_and_not_three(layers: Layers, case: tuple[Any, ...]) -> None:
    case[1](layers)
    places = [f.rule for f in check_layers(layers, project()) if f.rule in {"degrees", "swapped-axes", "outside-place"}]
    assert places == [case[0]]


def test_latitude_before_longitude_is_recognised_after_reprojection(layers: Layers) -> None:
    swapped = gpd.GeoSeries([shapely.Point(51.0, 7.0)], crs="EPSG:4326").to_crs(METRIC_CRS)[0]
    shape("targets", 0, swapped)(layers)
    assert [finding.row for finding in found(check_layers(layers, project()), "swapped-axes")] == [1]


def test_both_rows_of_a_duplicate_are_named(layers: Layers) -> None:
    put("targets", "target_id", 2, "T1")(layers)
    rows = [(finding.row, finding.id) for finding in found(check_layers(layers, project()), "duplicate-id")]
    assert rows == [(1, "T1"), (3, "T1")]


def test_the_file_and_the_value_are_named(layers: Layers) -> None:
    put("targets", "status", 1, "x" * 200)(layers)
    finding = found(check_layers(layers, project()), "unknown-value")[0]
    assert (finding.file, finding.id, finding.value) == ("anschluesse.gpkg", "T2", "x" * 80)


def test_of_many_faults_fifty_are_listed_and_the_rest_is_counted(layers: Layers) -> None:
    many = pd.concat([layers["targets"]] * 40, ignore_index=True)
    many["target_id"] = pd.Series([f"T{i}" for i in range(len(many))], dtype="string")
    many["status"] = pd.Series(["verlegt"] * len(many), dtype="string")
    layers["targets"] = gpd.GeoDataFrame(many, crs=METRIC_CRS)
    unknown = found(check_layers(layers, project()), "unknown-value")
    assert len(unknown) == 51
    assert "70 weitere" in unknown[-1].message


def test_what_reading_has_found_is_not_said_twice(layers: Layers) -> None:
    put("targets", "street", 1, None)(layers)
    without("targets", "status")(layers)
    known = [
        Finding("unreadable-value", Severity.ERROR, "targets", "x", row=2, column="street"),
        Finding("missing-column", Severity.ERROR, "targets", "x", column="Stand"),
    ]
    assert check_layers(layers, project(), known) == []


def test_the_layers_are_not_changed(layers: Layers) -> None:
    before = {name: rows.copy() for name, rows in layers.items()}
    check_layers(layers, project())
    for name, rows in layers.items():
        pd.testing.assert_frame_equal(pd.DataFrame(rows), pd.DataFrame(before[name]))


def goal(**changes: object) -> dict[str, Any]:
    given = {"programme": "haupt", "measure": "targets", "value": 3, "as_of": dt.date(2022, 1, 1), "source": "Bescheid"}
    return given | changes


@pytest.mark.parametrize(
    "met",
    [
        goal(),
        goal(category="school", value=1),
        goal(districts=["Opladen"], value=2),
        goal(drive="extended", value=0),
        goal(measure="new_duct_km", value=0.4),
        goal(measure="co_used_km", value=0.3),
        goal(measure="co_used_km", value=0.1, districts=["Leverkusen-Opladen"]),
        goal(measure="cable_km", value=0.71),
        goal(measure="cable_km", value=0.4 + 0.31 / 3, districts=["Opladen"]),
        goal(value=5, tolerance=2),
    ],
)
def test_a_goal_that_is_met_is_no_finding_and_one_unit_more_is(layers: Layers, met: dict[str, Any]) -> None:
    assert found(check_layers(layers, project(goals=[met])), "goal-not-reconciled") == []
    missed = check_layers(layers, project(goals=[met | {"value": met["value"] + 3}]))
    assert len(found(missed, "goal-not-reconciled")) == 1


def test_a_missed_goal_is_told_with_both_figures(layers: Layers) -> None:
    message = check_layers(layers, project(goals=[goal(value=1376)]))[0].message
    assert "Ziel 1.376 (Stand 01.01.2022), die Ebenen ergeben 3" in message


def test_a_dropped_target_does_not_count_towards_a_goal_nor_need_a_trench(layers: Layers) -> None:
    several(put("targets", "status", 0, "dropped"), put("targets", "reason", 0, "demolished"))(layers)
    shape("targets", 0, point(50, 400))(layers)
    assert check_layers(layers, project(goals=[goal(value=2)])) == []


def test_a_target_on_a_border_may_be_listed_in_either_district(layers: Layers) -> None:
    shape("targets", 0, point(500, 110))(layers)
    for name in ("Opladen", "Hitdorf"):
        put("targets", "district", 0, name)(layers)
        assert check_layers(layers, project()) == []


def test_moving_everything_by_a_kilometre_changes_no_finding(layers: Layers) -> None:
    put("targets", "district", 0, "Hitdorf")(layers)
    shape("targets", 1, point(200, 150))(layers)
    before = check_layers(layers, project())
    moved = {name: rows.set_geometry(rows.translate(1000, 1000)) for name, rows in layers.items()}
    assert check_layers(moved, project()) == before
    assert before


def test_empty_layers_can_be_checked() -> None:
    empty = {name: frame(name, []) for name, layer in LAYERS.items() if layer.required}
    rules = {finding.rule for finding in check_layers(empty, project())}
    assert rules == {"unknown-district", "empty-layer"}


COLUMNS = [(name, column) for name, layer in LAYERS.items() if layer.required for column in layer.columns]


@pytest.mark.parametrize(("layer", "column"), COLUMNS, ids=[f"{layer}.{column.name}" for layer, column in COLUMNS])
def test_a_column_that_is_missing_is_the_only_thing_said(layers: Layers, layer: str, column: Column) -> None:
    without(layer, column.name)(layers)
    goals = [goal(districts=["Opladen"], value=2), goal(measure="cable_km", value=0.71)]
    findings = check_layers(layers, project(goals=goals))
    assert [finding.rule for finding in findings] == ["missing-column"] * column.required


def test_a_goal_for_districts_is_not_held_against_the_whole_city_where_their_layer_is_missing(layers: Layers) -> None:
    without("districts")(layers)
    findings = check_layers(layers, project(goals=[goal(districts=["Opladen"], value=2)]))
    assert [finding.rule for finding in findings] == ["missing-layer"]


def test_twins_are_found_beside_an_empty_identifier(layers: Layers) -> None:
    several(put("targets", "target_id", 0, None), put("targets", "target_id", 2, "T2"))(layers)
    findings = check_layers(layers, project())
    assert [(finding.rule, finding.row) for finding in findings] == [
        ("empty-value", 1),
        ("duplicate-id", 2),
        ("duplicate-id", 3),
    ]


def test_a_base_map_may_reach_beyond_the_place_and_need_not_stand_in_the_project_file(layers: Layers) -> None:
    beyond = frame("streets", [line((0, 0), (90_000, 0))], street_id=["1"], name=["Autobahn"])
    layers["streets"] = beyond
    assert check_layers(layers, project()) == []
    empty = beyond.set_geometry(gpd.GeoSeries([None], crs=METRIC_CRS))
    finding = check_layers(layers | {"streets": empty}, project())[0]
    assert (finding.rule, finding.layer, finding.file) == ("empty-geometry", "streets", None)
