"""Trenches told as streets: the axis and never the trench, and the state of what is least done."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from rollout.analysis.placing import place
from rollout.sharing.streets import LENGTH_STEP_M, NEAR_M, from_crossing_to_crossing, streets_with_trenches
from tests.drawing import DAY, X0, Y0, layer_of, project, trench
from tests.sharing.towns import layers_of, town_of

if TYPE_CHECKING:
    import geopandas as gpd

    from rollout.analysis.state import State

MAIN = [(0, 0), (100, 0), (200, 0), (300, 0)]
SIDE = [(200, 0), (200, 100)]


def town(*trenches: dict[str, Any], streets: bool = True) -> State:
    """A main street with a crossing at 100 m and a side street at 200 m; the district ends at 250 m."""
    areas = [shapely.box(-500, -500, 250, 500), shapely.box(250, -500, 900, 500)]
    districts = [{"district_id": n, "name": n, "borough": "I"} for n in ("west", "east")]
    ways = {"Hauptstraße": MAIN, "Seitenweg": SIDE, "Quergasse": [(100, -50), (100, 0), (100, 50)]}
    rows = {
        "districts": [{**said, "geometry": moved(area)} for said, area in zip(districts, areas, strict=True)],
        "segments": list(trenches),
        "streets": [
            {"street_id": name, "name": name, "rank": "minor", "geometry": moved(shapely.LineString(way))}
            for name, way in ways.items()
        ],
        "nodes": [],
        "targets": [],
    }
    layers = {name: layer_of(name, there) for name, there in rows.items() if streets or name != "streets"}
    return place(layers, project(), DAY)


def moved(shape: shapely.Geometry) -> shapely.Geometry:
    return shapely.transform(shape, lambda places: places + np.array([X0, Y0]))


def told(state: State) -> list[tuple[str, str, str | None]]:
    rows = streets_with_trenches(state)
    statuses = rows["status"].astype(object).where(rows["status"].notna(), None)
    return list(zip(rows["street"], rows["district_id"], statuses, strict=True))


def along(status: str | None, first: float = 5, last: float = 95, y: float = 4, **said: Any) -> dict[str, Any]:  # noqa: ANN401
    return trench(f"S{first}{y}{status}", [(first, y), (last, y)], status, **said)


def test_a_street_is_drawn_on_its_axis_from_crossing_to_crossing() -> None:
    rows = streets_with_trenches(town(along("duct_laid", 10, 170)))
    assert list(rows["street"]) == ["Hauptstraße"]
    assert rows.geometry.iloc[0].equals(moved(shapely.LineString([(0, 0), (200, 0)])))
    assert rows["length_m"].iloc[0] == 200


def test_a_stretch_that_a_trench_merely_enters_is_left_out() -> None:
    rows = streets_with_trenches(town(along("duct_laid", 10, 110)))
    assert rows.geometry.iloc[0].equals(moved(shapely.LineString([(0, 0), (100, 0)])))


def test_a_street_has_one_row_in_each_district() -> None:
    assert told(town(along("duct_laid", 205, 295))) == [
        ("Hauptstraße", "east", "duct_laid"),
        ("Hauptstraße", "west", "duct_laid"),
    ]


@pytest.mark.parametrize(
    ("statuses", "status"),
    [
        (["planned", "applied"], "planned"),
        (["permitted", "applied"], "applied"),
        (["planned", "duct_laid"], "digging"),
        (["permitted", "digging"], "digging"),
        (["duct_laid", "in_service"], "duct_laid"),
        (["spliced", "cable_blown"], "cable_blown"),
        ([None, "planned"], "planned"),
        ([None, "duct_laid"], "digging"),
        ([None, None], None),
        (["dropped", "duct_laid"], "duct_laid"),
        (["dropped", "dropped"], "dropped"),
        (["blocked", "duct_laid"], "digging"),
    ],
)
def test_a_street_stands_where_its_least_advanced_trench_stands(statuses: list[str | None], status: str | None) -> None:
    trenches = [along(one, y=3 + 2 * place_) for place_, one in enumerate(statuses)]
    assert told(town(*trenches)) == [("Hauptstraße", "west", status)]


def test_a_blocked_trench_counts_as_far_as_it_had_come() -> None:
    assert told(town(along("blocked", status_before="duct_laid"))) == [("Hauptstraße", "west", "duct_laid")]


def test_co_used_duct_that_nobody_digs_makes_no_street_look_begun() -> None:
    state = town(along("duct_laid", kind="co_used"), along("planned", y=-4))
    assert told(state) == [("Hauptstraße", "west", "planned")]
    assert list(streets_with_trenches(state)["kind"]) == ["new_duct"]


def test_a_trench_belongs_to_the_street_it_names_before_a_nearer_one() -> None:
    way = trench("S", [(195, 5), (195, 45)], "duct_laid", street="Hauptstraße")
    assert told(town(way)) == [("Hauptstraße", "west", "duct_laid")]
    assert told(town({**way, "street": "Unbekannter Weg"})) == [("Seitenweg", "west", "duct_laid")]


def test_a_trench_lies_in_the_street_along_it_and_not_in_one_it_crosses() -> None:
    assert told(town(along("duct_laid", 40, 160))) == [("Hauptstraße", "west", "duct_laid")]


def test_a_trench_far_from_every_street_is_not_told() -> None:
    assert told(town(along("duct_laid", y=-NEAR_M - 60))) == []


def test_without_streets_nothing_is_told() -> None:
    rows = streets_with_trenches(town(along("duct_laid"), streets=False))
    assert len(rows) == 0
    assert rows.crs == "EPSG:25832"


def test_two_programmes_are_never_one_street() -> None:
    state = town(along("planned"), along("duct_laid", y=-4, programme_id="q", phase_id=None))
    assert len(streets_with_trenches(state)) == 2


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_no_place_of_a_trench_is_a_place_of_a_street(seed: int) -> None:
    state = town_of(layers_of(seed))
    rows = streets_with_trenches(state)
    axes = shapely.union_all(state.base["streets"].geometry.to_numpy()).buffer(0.001)
    assert rows.geometry.within(axes).all()
    assert not places_of(rows) & places_of(state.segments)
    assert (rows["length_m"] % LENGTH_STEP_M == 0).all()
    assert not rows.duplicated(["programme_id", "phase_id", "district_id", "street"]).any()


def places_of(rows: gpd.GeoDataFrame) -> set[tuple[float, float]]:
    return {(x, y) for x, y in shapely.get_coordinates(rows.geometry.to_numpy()).tolist()}


def test_the_order_of_the_trenches_does_not_matter() -> None:
    state = town_of(layers_of(1))
    turned = replace(state, segments=state.segments[::-1], pieces=state.pieces[::-1])
    assert streets_with_trenches(turned).equals(streets_with_trenches(state))


spots = st.tuples(st.integers(0, 4), st.integers(0, 4))


@settings(deadline=None, max_examples=60)
@given(st.lists(st.lists(spots, min_size=2, max_size=5, unique=True), min_size=1, max_size=6))
def test_lines_cut_at_crossings_are_the_same_lines(ways: list[list[tuple[int, int]]]) -> None:
    lines = np.array([shapely.LineString(way) for way in ways], dtype=object)
    pieces, line = from_crossing_to_crossing(lines)
    assert np.bincount(line, weights=shapely.length(pieces)) == pytest.approx(shapely.length(lines))
    shared = {spot for way in ways for spot in way if sum(spot in other for other in ways) > 1}
    inside = {tuple(map(int, spot)) for piece in pieces for spot in piece.coords[1:-1]}
    assert not shared & inside
    assert [piece.coords[0] for piece in pieces[np.r_[True, line[1:] != line[:-1]]]] == [one.coords[0] for one in lines]
