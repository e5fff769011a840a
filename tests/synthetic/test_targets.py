"""The connections: the public figures exactly, each house on its plot, each state within its trench's."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from scipy.spatial import cKDTree

from rollout.analysis.drops import attach_targets
from rollout.synthetic.city import City
from rollout.synthetic.quotas import district_quotas, shares
from rollout.synthetic.spec import CitySpec
from rollout.vocabulary import SEGMENT_LADDER, TARGET_LADDER

FIRST = ("Rheindorf", "Bürrig", "Küppersteg", "Opladen", "Bergisch Neukirchen")
DONE = ("connected", "orderable", "activated")
HEIGHT = {rung.key: rung.height for rung in SEGMENT_LADDER}
RUNG = {rung.key: rung.height for rung in TARGET_LADDER}


@pytest.fixture(scope="module")
def funded(city: City) -> gpd.GeoDataFrame:
    rows = city.targets
    return rows.loc[(rows["programme_id"] == "leverkusen") & (rows["drive"] == "funded")]


@pytest.fixture(scope="module")
def extended(city: City) -> gpd.GeoDataFrame:
    return city.targets.loc[city.targets["drive"] == "extended"]


@pytest.fixture(scope="module")
def trench(city: City) -> gpd.GeoDataFrame:
    """The trench each target hangs on, row by row beside the targets."""
    heights = city.segments["status"].map(HEIGHT).astype("Int64")
    segments = city.segments.assign(height=heights)
    at = attach_targets(city.targets, segments, city.streets, limit_m=30.0)
    return segments.set_index("segment_id").loc[at["segment_id"]].reset_index().assign(drop_m=at["drop_m"].to_numpy())


def _counts(rows: gpd.GeoDataFrame) -> tuple[int, int, int, int]:
    counts = rows["category"].value_counts()
    home, firm, school, hospital = (counts.get(key, 0) for key in ("household", "business", "school", "hospital"))
    return int(home), int(firm), int(school), int(hospital)


def test_funded_connections_are_as_many_as_the_grant_counts(funded: gpd.GeoDataFrame) -> None:
    assert _counts(funded) == (1376, 214, 34, 1)


def test_the_first_phase_without_hitdorf_has_its_public_figures(funded: gpd.GeoDataFrame) -> None:
    assert _counts(funded.loc[funded["district"].isin(FIRST)]) == (213, 98, 16, 1)


def test_hitdorf_brings_the_first_phase_to_four_hundred_and_thirty_seven(funded: gpd.GeoDataFrame) -> None:
    assert (funded["district"] == "Hitdorf").sum() == 109
    assert funded["district"].isin([*FIRST, "Hitdorf"]).sum() == 437


def test_the_hospital_stands_in_opladen(funded: gpd.GeoDataFrame) -> None:
    assert funded.loc[funded["category"] == "hospital", "district"].tolist() == ["Opladen"]


def test_about_two_thousand_further_connections_lie_along_the_trench(extended: gpd.GeoDataFrame) -> None:
    assert 1950 <= len(extended) <= 2050
    assert set(extended["category"]) == {"household", "business"}
    assert set(extended["programme_id"]) == {"leverkusen"}


def test_the_business_park_has_thirteen_finished_firms(city: City) -> None:
    firms = city.targets.loc[city.targets["programme_id"] == "friedenstal"]
    assert _counts(firms) == (0, 13, 0, 0)
    assert set(firms["status"]) == {"activated", "orderable"}


def test_every_house_lies_near_a_trench_of_its_own_programme(city: City, trench: gpd.GeoDataFrame) -> None:
    assert trench["drop_m"].max() <= 30.0
    assert trench["drop_m"].between(4.0, 20.0).mean() > 0.85
    assert trench["programme_id"].tolist() == city.targets["programme_id"].tolist()


def test_houses_keep_their_distance_from_each_other_and_from_streets(city: City) -> None:
    places = city.targets.get_coordinates().to_numpy()
    assert not cKDTree(places).query_pairs(8.0)
    near = city.targets.sjoin_nearest(city.streets[["street_id", "geometry"]], distance_col="gap")
    assert near["gap"].min() >= 5.0


def test_the_district_stated_is_the_one_the_house_lies_in(city: City) -> None:
    joined = city.targets.sjoin(city.districts[["name", "geometry"]], predicate="covered_by")
    assert len(joined) == len(city.targets)
    assert (joined["name"] == joined["district"]).all()


def test_an_address_occurs_once(city: City) -> None:
    assert not city.targets.duplicated(["street", "house_number", "postcode"]).any()


def test_numbers_ascend_along_a_street_odd_on_one_side_and_even_on_the_other(city: City) -> None:
    rows = city.targets.assign(number=city.targets["house_number"].str.extract(r"^(\d+)")[0].astype(int))
    axes = city.streets.dissolve("name").line_merge()
    for name, houses in rows.groupby("street"):
        ordered = houses.sort_values(["number", "house_number"])
        way = shapely.line_locate_point(axes.loc[name], ordered.geometry.to_numpy())
        steps = np.diff(way) * np.sign(way[-1] - way[0])
        # Houses face each other a little aside, or stand behind another in a bend: a step back is a plot at most.
        assert steps.min(initial=0.0) > -22.0, name
        left = _is_left(axes.loc[name], ordered.geometry.to_numpy(), way)
        assert len(set(zip(left, ordered["number"] % 2, strict=True))) == len(set(left)), name


def _is_left(axis: shapely.LineString, houses: np.ndarray, way: np.ndarray) -> list[bool]:
    here, ahead = (shapely.get_coordinates(shapely.line_interpolate_point(axis, way + step)) for step in (-0.5, 0.5))
    across = shapely.get_coordinates(houses) - here
    return (((ahead - here)[:, 0] * across[:, 1] - (ahead - here)[:, 1] * across[:, 0]) > 0).tolist()


def test_some_house_numbers_have_a_suffix(city: City) -> None:
    assert city.targets["house_number"].str.fullmatch(r"[1-9]\d*a?").all()
    assert 0.005 < city.targets["house_number"].str.endswith("a").mean() < 0.08


def test_schools_and_the_hospital_alone_have_a_name_and_each_its_own(city: City) -> None:
    rows = city.targets
    public = rows["category"].isin(["school", "hospital"])
    assert (rows["institution"].notna() == public).all()
    assert rows.loc[public, "institution"].is_unique


def test_about_three_hundred_and_fifty_of_the_first_phase_are_connected(funded: gpd.GeoDataFrame) -> None:
    first = funded["district"].isin([*FIRST, "Hitdorf"])
    assert 345 <= funded.loc[first, "status"].isin(DONE).sum() <= 355
    assert not funded.loc[~first, "status"].isin(DONE).any()


def test_no_connection_is_further_than_its_trench_but_where_the_house_came_first(
    city: City, trench: gpd.GeoDataFrame
) -> None:
    rung = city.targets["status"].map(RUNG).fillna(0).to_numpy()
    counted = trench["status"].where(trench["status"] != "blocked", trench["status_before"]).map(HEIGHT).to_numpy()
    beyond = (rung >= 4) & (counted < 4)
    assert 3 <= beyond.sum() <= 15
    assert set(city.targets.loc[beyond, "status"]) == {"house_entry"}
    assert not ((rung >= 6) & (counted < 6)).any()
    assert not ((rung >= 7) & (counted < 7)).any()
    assert not ((rung >= 9) & (counted < 11)).any()


def test_a_funded_connection_is_never_dropped(funded: gpd.GeoDataFrame, extended: gpd.GeoDataFrame) -> None:
    assert not (funded["status"] == "dropped").any()
    assert set(extended.loc[extended["status"] == "dropped", "reason"]) == {"own_build", "demolished", "duplicate"}
    for rows in (funded, extended):
        assert set(rows.loc[rows["status"] == "refused", "reason"]) == {"declined", "unreachable"}


def test_a_reason_stands_where_one_is_needed_and_nowhere_else(city: City) -> None:
    rows = city.targets
    assert (rows["reason"].notna() == rows["status"].isin(["refused", "dropped"])).all()


def test_every_status_occurs_and_a_few_rows_have_none(city: City) -> None:
    assert set(city.targets["status"].dropna()) == set(RUNG)
    assert 2 <= city.targets["status"].isna().sum() <= 5
    assert city.targets.loc[city.targets["status"].isna(), "status_since"].isna().all()


def test_shares_are_whole_numbers_that_add_up() -> None:
    assert shares(10, [1, 1, 1]) == [4, 3, 3]
    assert shares(0, [2, 1]) == [0, 0]
    assert sum(shares(1065, [725, 1630, 1267, 1260, 6581, 3293, 2600])) == 1065


def test_quotas_add_up_to_the_lengths_of_the_project(spec: CitySpec) -> None:
    wanted = spec.new_duct_m + spec.co_used_m + spec.dropped_m
    assert sum(quota.length_m for quota in district_quotas(spec)) == pytest.approx(wanted)
