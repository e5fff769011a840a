"""The story of the bundled city: plausible from its first day, and exactly the layers on the day of the report."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from rollout.synthetic.city import City
from rollout.synthetic.spec import CitySpec
from rollout.synthetic.story import EVL, NETCOLOGNE, Story, make_story
from rollout.synthetic.workdays import CALENDAR
from rollout.vocabulary import BLOCKED, ladder_of


@pytest.fixture(scope="module")
def story(city: City, spec: CitySpec) -> Story:
    return make_story(city, spec)


def layer_of(city: City, entity: str) -> pd.DataFrame:
    rows = city.segments if entity == "segment" else city.targets
    return pd.DataFrame(rows).set_index(rows.columns[0])


def steps_of(events: pd.DataFrame) -> pd.DataFrame:
    ordered = events.sort_values(["entity", "entity_id", "valid_on"], kind="stable")
    before = ordered.groupby(["entity", "entity_id"])["status"].shift()
    return ordered.assign(before=before)[before.notna()]


def test_the_same_seed_tells_the_same_story_and_another_seed_another(city: City, spec: CitySpec, story: Story) -> None:
    again = make_story(city, spec)
    pd.testing.assert_frame_equal(story.events, again.events)
    assert (story.torn, story.claimed) == (again.torn, again.claimed)
    other = make_story(city, CitySpec(seed=1))
    assert not story.events.equals(other.events)


@pytest.mark.parametrize("entity", ["segment", "target"])
def test_the_last_step_up_to_the_report_is_the_state_in_the_layer(
    story: Story, city: City, spec: CitySpec, entity: str
) -> None:
    told = story.events[(story.events["entity"] == entity) & (story.events["valid_on"] <= pd.Timestamp(spec.as_of))]
    last = told.drop_duplicates("entity_id", keep="last").set_index("entity_id")
    layer = layer_of(city, entity)
    stated = layer[layer["status"].notna()]
    assert sorted(last.index) == sorted(stated.index)
    last = last.reindex(stated.index)
    assert (last["status"] == stated["status"]).all()
    assert (last["valid_on"] == stated["status_since"]).all()
    assert (last["reason"].fillna("-") == stated["reason"].fillna("-")).all()


def test_a_blocked_segment_comes_from_the_state_that_the_layer_names_before_it(story: Story, city: City) -> None:
    steps = steps_of(story.events)
    blocked = steps[(steps["status"] == BLOCKED) & (steps["entity"] == "segment")].set_index("entity_id")["before"]
    named = layer_of(city, "segment")["status_before"].dropna()
    assert len(named) > 0
    assert blocked.to_dict() == named.to_dict()


@pytest.mark.parametrize("entity", ["segment", "target"])
def test_every_step_is_one_the_ladder_allows_but_for_the_ones_documented(story: Story, entity: str) -> None:
    allowed = {(rung.key, following) for rung in ladder_of(f"{entity}s") for following in rung.allowed_next}
    steps = steps_of(story.events[story.events["entity"] == entity])
    strange = steps[[pair not in allowed for pair in zip(steps["before"], steps["status"], strict=True)]]
    assert tuple(sorted(set(strange["entity_id"]))) == (story.torn if entity == "segment" else story.claimed)


def test_a_torn_duct_goes_back_from_blown_to_digging_with_a_reason(story: Story) -> None:
    steps = steps_of(story.events[story.events["entity_id"].isin(story.torn)])
    back = steps[(steps["before"] == "cable_blown") & (steps["status"] == "digging")]
    assert tuple(back["entity_id"]) == story.torn
    assert set(back["reason"]) == {"claim"}
    assert back["valid_on"].between("2021-10-01", "2022-01-31").all()


def test_the_partners_contradict_each_other_about_eight_houses(story: Story) -> None:
    assert len(story.claimed) == 8
    for house in story.claimed:
        own = story.events[story.events["entity_id"] == house].reset_index(drop=True)
        claim = own[(own["status"] == "connected")].iloc[0]
        after = own[own["valid_on"] > claim["valid_on"]].iloc[0]
        assert (claim["reported_by"], after["reported_by"], after["status"]) == (NETCOLOGNE, EVL, "house_entry")


def test_nothing_is_told_twice_on_one_day_nor_on_a_day_off(story: Story) -> None:
    assert not story.events.duplicated(["entity", "entity_id", "valid_on"]).any()
    days = story.events["valid_on"].to_numpy().astype("datetime64[D]")
    assert np.is_busday(days, busdaycal=CALENDAR).all()


def test_nothing_is_dug_before_its_phase_begins(story: Story, city: City) -> None:
    phase = layer_of(city, "segment")["phase_id"]
    kind = layer_of(city, "segment")["kind"]
    dug = story.events[(story.events["entity"] == "segment") & (story.events["status"] == "digging")]
    begins = dug["entity_id"].map(phase).map({"1": pd.Timestamp("2021-03-08"), "2": pd.Timestamp("2022-03-01")})
    assert (dug["valid_on"] >= begins).all()
    assert (dug["entity_id"].map(kind) == "new_duct").all()


def test_the_second_phase_is_far_on_but_not_finished_at_the_end_of_the_year(story: Story, city: City) -> None:
    layer = layer_of(city, "segment")
    own = layer[(layer["phase_id"] == "2") & (layer["kind"] == "new_duct") & (layer["status"] != "dropped")]
    laid = story.events[(story.events["entity"] == "segment") & (story.events["status"] == "duct_laid")]
    share = own.index.isin(laid["entity_id"]).mean()
    assert 0.85 < share < 0.99
    assert story.events["valid_on"].max() == pd.Timestamp("2022-12-21")


def test_connections_that_the_grant_does_not_pay_for_follow_late(story: Story, city: City) -> None:
    drive = layer_of(city, "target")["drive"]
    later = story.events[(story.events["entity"] == "target") & (story.events["valid_on"] > "2022-03-28")]
    extended = later[later["entity_id"].map(drive) == "extended"]
    known = layer_of(city, "target")["status"].dropna().index
    assert extended[extended["entity_id"].isin(known)]["valid_on"].min() > pd.Timestamp("2022-09-01")
    assert not extended["status"].isin(["connected", "orderable", "activated"]).any()


def test_corrections_move_the_laying_past_the_end_of_a_quarter_and_nothing_later(story: Story) -> None:
    assert len(story.corrected) >= 3
    for id_ in story.corrected:
        first = story.events[(story.events["entity_id"] == id_) & (story.events["status"] == "duct_laid")].iloc[0]
        tested = story.events[(story.events["entity_id"] == id_) & (story.events["status"] == "duct_tested")].iloc[0]
        said = story.corrections[story.corrections["entity_id"] == id_].set_index("status")["valid_on"]
        assert said["digging"] == first["valid_on"] <= pd.Timestamp("2021-09-30") < said["duct_laid"]
        assert said["duct_laid"] < tested["valid_on"] <= pd.Timestamp("2022-03-28")
