"""The trenches: the lengths of the funded project, as trees that grow from the nodes."""

from __future__ import annotations

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest
import shapely

from rollout.analysis.network import join_segments
from rollout.synthetic.city import City
from rollout.synthetic.snags import Snag
from rollout.vocabulary import REASONS, SEGMENT_LADDER

HEIGHT = {rung.key: rung.height for rung in SEGMENT_LADDER}
Place = tuple[float, float]


@pytest.fixture(scope="module")
def trenches(city: City) -> gpd.GeoDataFrame:
    return city.segments.loc[city.segments["programme_id"] == "leverkusen"]


@pytest.fixture(scope="module")
def laid(trenches: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return trenches.loc[trenches["status"] != "dropped"]


def _ends(segments: gpd.GeoDataFrame) -> list[tuple[Place, Place]]:
    return [(line.coords[0], line.coords[-1]) for line in segments.geometry]


def _reached(segments: gpd.GeoDataFrame, nodes: gpd.GeoDataFrame) -> set[Place]:
    seen = {(point.x, point.y) for point in nodes.geometry}
    pairs, grows = _ends(segments), True
    while grows:
        new = {place for pair in pairs if seen & set(pair) for place in pair} - seen
        seen |= new
        grows = bool(new)
    return seen


def test_lengths_add_up_to_the_project(laid: gpd.GeoDataFrame) -> None:
    lengths = laid.geometry.length.groupby(laid["kind"]).sum()
    assert lengths["new_duct"] == pytest.approx(49_000.0, abs=50.0)
    assert lengths["co_used"] == pytest.approx(23_000.0, abs=50.0)


def test_cables_add_up_to_the_project_and_run_side_by_side_near_the_nodes_only(laid: gpd.GeoDataFrame) -> None:
    assert laid["cable_length_m"].sum() == pytest.approx(82_000.0, abs=50.0)
    ratio = laid["cable_length_m"] / laid.geometry.length
    assert ratio.min() >= 1.0
    assert ratio.median() < 1.06
    assert ratio.max() > 1.9


def test_trenches_reach_every_district(laid: gpd.GeoDataFrame, city: City) -> None:
    for area in city.districts.geometry:
        assert laid.geometry.intersection(area).length.sum() > 1500.0


def test_a_segment_is_about_a_block_long(city: City) -> None:
    lengths = city.segments.geometry.length
    assert lengths.max() <= 260.0
    assert lengths.min() >= 20.0
    assert np.mean(lengths >= 40.0) > 0.95


def test_every_segment_but_those_drawn_short_hangs_on_a_node_by_shared_ends(city: City) -> None:
    snags = city.snags
    known = {*snags[Snag.MEETS_MIDDLE], *snags[Snag.NARROW_GAP], *snags[Snag.WIDE_GAP]}
    ends = dict(zip(city.segments["segment_id"], _ends(city.segments), strict=True))
    starts = gpd.GeoSeries([shapely.Point(ends[name][0]) for name in sorted(known)], crs=city.nodes.crs)
    reached = _reached(city.segments, gpd.GeoDataFrame(geometry=[*city.nodes.geometry, *starts], crs=city.nodes.crs))
    assert all(set(pair) <= reached for pair in ends.values())


def test_segments_meet_at_their_ends_only_but_where_one_begins_at_the_middle_of_another(city: City) -> None:
    lines = city.segments.geometry.to_numpy()
    ids = city.segments["segment_id"].tolist()
    ones, others = shapely.STRtree(lines).query(lines, predicate="intersects")
    pairs, at_middles = _ends(city.segments), set()
    for one, other in zip(ones[ones < others].tolist(), others[ones < others].tolist(), strict=True):
        met = {tuple(place) for place in np.round(shapely.get_coordinates(lines[one].intersection(lines[other])), 2)}
        assert met <= set(pairs[one]) | set(pairs[other]), (one, other)
        if not met <= set(pairs[one]) & set(pairs[other]):
            at_middles.add(ids[one] if met <= set(pairs[one]) else ids[other])
    assert at_middles == set(city.snags[Snag.MEETS_MIDDLE])


def test_trenches_are_trees_but_for_one_ring(city: City) -> None:
    network = join_segments(city.segments, city.nodes, tolerance_m=0.5)
    graph = nx.MultiGraph(zip(network.tail.tolist(), network.head.tolist(), strict=True))
    parts = nx.number_connected_components(graph)
    assert graph.number_of_edges() - graph.number_of_nodes() + parts == 1


def test_a_trench_drawn_short_leaves_the_gap_it_was_given(city: City) -> None:
    lines = city.segments.set_index("segment_id").geometry
    for snag, gap_m in ((Snag.NARROW_GAP, 0.3), (Snag.WIDE_GAP, 0.9)):
        for name in city.snags[snag]:
            start = shapely.Point(lines[name].coords[0])
            assert lines.drop(name).distance(start).min() == pytest.approx(gap_m, abs=0.02)


def test_nodes_are_two_pops_and_cabinets_at_an_end_of_a_segment(city: City) -> None:
    assert sorted(city.nodes["kind"]) == ["cabinet"] * 6 + ["pop"] * 2
    ends = {place for pair in _ends(city.segments) for place in pair}
    assert {(point.x, point.y) for point in city.nodes.geometry} <= ends


def test_a_trench_runs_beside_its_street(city: City) -> None:
    streets = city.streets.dissolve("name").geometry
    own = streets.loc[city.segments["street"]].to_numpy()
    middles = city.segments.geometry.interpolate(0.5, normalized=True).to_numpy()
    gaps = shapely.distance(middles, own)
    assert np.median(gaps) == pytest.approx(3.5, abs=0.05)
    assert gaps.max() < 4.5


def test_a_segment_belongs_to_the_phase_of_the_district_most_of_it_lies_in(
    city: City, trenches: gpd.GeoDataFrame
) -> None:
    first = {"Hitdorf", "Rheindorf", "Bürrig", "Küppersteg", "Opladen", "Bergisch Neukirchen"}
    parts = pd.DataFrame(
        {
            name: trenches.geometry.intersection(area).length
            for name, area in city.districts.set_index("name").geometry.items()
        }
    )
    expected = parts.idxmax(axis=1).isin(first).map({True: "1", False: "2"})
    assert expected.tolist() == trenches["phase_id"].tolist()


def test_the_first_phase_is_laid(laid: gpd.GeoDataFrame) -> None:
    own = laid.loc[laid["phase_id"] == "1"]
    counted = own["status"].where(own["status"] != "blocked", own["status_before"]).map(HEIGHT)
    assert counted.min() >= 4
    assert (counted >= 7).mean() > 0.8


def test_the_second_phase_has_just_begun(laid: gpd.GeoDataFrame) -> None:
    dug = laid.loc[(laid["phase_id"] == "2") & (laid["kind"] == "new_duct")]
    share = dug["status"].value_counts(normalize=True)
    assert share[["planned", "applied", "permitted"]].sum() > 0.8
    begun = dug.loc[dug["status"].isin(["digging", "duct_laid"])]
    assert 0 < len(begun) < 25
    assert begun["status_since"].min() >= pd.Timestamp("2022-03-01")


def test_co_used_ducts_exist_from_the_start(laid: gpd.GeoDataFrame) -> None:
    assert laid.loc[laid["kind"] == "co_used", "status"].map(HEIGHT).min() >= 4


def test_a_trench_is_never_further_than_the_one_it_continues(laid: gpd.GeoDataFrame, city: City) -> None:
    counted = laid["status"].where(laid["status"] != "blocked", laid["status_before"]).map(HEIGHT)
    height = dict(zip(_ends(laid), counted, strict=True))
    ending: dict[Place, list[int]] = {}
    for (_, end), level in height.items():
        ending.setdefault(end, []).append(level)
    nodes = {(point.x, point.y) for point in city.nodes.geometry}
    behind = [(start, level) for (start, _), level in height.items() if start not in nodes and start in ending]
    ahead = sum(level > max(ending[start]) for start, level in behind)
    # Within a district the works go outwards; one that is further on may hang behind one that is not.
    assert ahead / len(behind) < 0.02


def test_every_status_occurs(city: City) -> None:
    assert set(city.segments["status"]) == set(HEIGHT)


def test_reasons_and_the_status_before_stand_where_they_belong(city: City) -> None:
    rows = city.segments
    needs = rows["status"].isin(["blocked", "dropped"])
    assert (rows["reason"].notna() == needs).all()
    assert (rows["status_before"].notna() == (rows["status"] == "blocked")).all()
    assert set(rows.loc[rows["status"] == "dropped", "reason"]) == {"rerouted"}
    assert set(rows["reason"].dropna()) <= set(REASONS)
    assert {"permit", "ordnance", "utility", "weather"} <= set(rows.loc[rows["status"] == "blocked", "reason"])


def test_every_date_is_a_working_day_before_the_report(city: City) -> None:
    for rows in (city.segments, city.targets):
        since = rows.loc[rows["status"].notna(), "status_since"]
        assert since.notna().all()
        assert since.max() <= pd.Timestamp("2022-03-28")
        assert since.dt.day_of_week.max() <= 4


def test_the_business_park_is_finished_and_stands_alone(city: City) -> None:
    own = city.segments.loc[city.segments["programme_id"] == "friedenstal"]
    assert own.geometry.length.sum() == pytest.approx(300.0, abs=1.0)
    assert set(own["status"]) == {"in_service"}
    assert own["phase_id"].isna().all()
    others = city.segments.drop(index=own.index)
    assert others.distance(own.union_all()).min() > 50.0
