"""The streets: a planar web of blocks, named along their course."""

from __future__ import annotations

from itertools import pairwise

import geopandas as gpd
import numpy as np
import pytest
import shapely

from rollout.synthetic.base import Base
from rollout.synthetic.city import City
from rollout.synthetic.naming import street_names
from rollout.synthetic.spec import CitySpec
from rollout.synthetic.streets import StreetNetwork, street_network


@pytest.fixture(scope="module")
def network(base: Base, spec: CitySpec) -> StreetNetwork:
    return street_network(base, spec, np.random.Generator(np.random.PCG64([spec.seed, 0])))


def _degrees(streets: gpd.GeoDataFrame) -> np.ndarray:
    ends = np.vstack([shapely.get_coordinates(line)[[0, -1]] for line in streets.geometry])
    return np.unique(ends, axis=0, return_counts=True)[1]


def test_streets_meet_in_junctions_only(city: City) -> None:
    lines = city.streets.geometry.to_numpy()
    noded = shapely.node(shapely.MultiLineString(list(lines)))
    assert len(shapely.get_parts(noded)) == len(lines)
    assert shapely.length(noded) == pytest.approx(shapely.length(lines).sum(), abs=0.01)


def test_the_web_has_the_size_of_a_city(city: City) -> None:
    assert 3500 <= len(city.streets) <= 6500
    vertices = shapely.get_num_coordinates(city.streets.geometry.to_numpy())
    assert vertices.mean() < 3.0


def test_block_edges_are_as_long_as_in_a_town(city: City) -> None:
    minor = city.streets.loc[city.streets["rank"] == "minor"].geometry.length
    low, middle, high = np.percentile(minor, [5, 50, 95])
    assert low > 40.0
    assert 80.0 < middle < 140.0
    assert high < 250.0


def test_most_blocks_are_between_sixty_and_two_hundred_and_fifty_metres_wide(city: City) -> None:
    blocks = shapely.get_parts(shapely.polygonize(city.streets.geometry.tolist()))
    sides = np.sqrt(shapely.area(blocks))
    assert np.mean((sides > 60.0) & (sides < 250.0)) > 0.95


def test_junctions_have_three_or_four_arms_and_few_streets_end_dead(city: City) -> None:
    degrees = _degrees(city.streets)
    assert np.mean(np.isin(degrees, (3, 4))) > 0.85
    assert np.mean(degrees == 1) < 0.06
    assert degrees.max() <= 5


def test_every_street_can_be_reached_from_every_other(city: City) -> None:
    grown = city.streets.geometry.buffer(0.02, quad_segs=1).union_all()
    assert grown.geom_type == "Polygon"


def test_main_roads_are_the_lesser_part_and_hang_together_over_the_city(city: City) -> None:
    main = city.streets["rank"] == "main"
    share = city.streets.loc[main].geometry.length.sum() / city.streets.geometry.length.sum()
    assert 0.1 < share < 0.3


def test_streets_are_there_in_every_district(city: City) -> None:
    for area in city.districts.geometry:
        assert city.streets.intersects(area).sum() > 40


def test_a_name_belongs_to_one_street_in_one_piece(city: City) -> None:
    for name, rows in city.streets.groupby("name"):
        merged = shapely.line_merge(shapely.MultiLineString(rows.geometry.tolist()))
        assert merged.geom_type == "LineString", name


def test_a_street_goes_on_under_its_name_through_several_junctions(city: City) -> None:
    assert city.streets.groupby("name").size().mean() > 3.0


def test_a_chain_visits_its_edges_end_to_end(network: StreetNetwork) -> None:
    for chain in network.chains:
        ways = [network.ends[edge] if ahead else network.ends[edge][::-1] for edge, ahead in chain]
        assert all(one[1] == other[0] for one, other in pairwise(ways))


def test_a_city_with_more_streets_than_names_is_refused(network: StreetNetwork) -> None:
    crowded = StreetNetwork(
        network.ends, network.paths, network.lines, network.lengths, network.places, network.main, network.chains * 4
    )
    with pytest.raises(ValueError, match="more streets than"):
        street_names(crowded, np.random.Generator(np.random.PCG64(0)))
