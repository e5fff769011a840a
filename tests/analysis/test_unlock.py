"""The unlock list under random networks: nothing twice, what is promised is reached, and how near it is to the best."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from benchmarks.unlock import drawn, listed, outcomes
from rollout.analysis.state import State
from rollout.analysis.unlock import unlock
from tests.random_towns import built_too, towns


def counts(state: State) -> dict[str, int]:
    reached = state.targets[state.targets["reachable"]]
    flags = {"funded": reached["drive"] == "funded", "extended": reached["drive"] == "extended"}
    return {name: int(flag.sum()) for name, flag in {**flags, "schools": reached["category"] == "school"}.items()}


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 100_000), rings=st.booleans())
def test_set_after_set_what_is_promised_is_reached_and_nothing_is_built_twice(seed: int, *, rings: bool) -> None:
    state = towns(seed, rings=rings)
    found = unlock(state, "p")
    unbuilt = state.segments[state.segments["height"] < 4]
    assert found.members["segment_id"].is_unique
    assert {*found.members["segment_id"]} <= {*unbuilt["segment_id"]}
    assert found.sets["length_m"].sum() <= unbuilt["length_m"].sum() + 1e-6
    before, done = counts(state), set[str]()
    for row in found.sets.itertuples():
        done |= {*found.members.loc[found.members["rank"] == row.rank, "segment_id"]}
        after = counts(built_too(state, done))
        assert {name: after[name] - before[name] for name in after} == {
            "funded": row.funded,
            "extended": row.extended,
            "schools": row.schools,
        }
        before = after
    funded = state.targets["drive"] == "funded"
    all_built = built_too(state, {*unbuilt["segment_id"]}).targets
    assert before["funded"] == int((all_built["reachable"] & funded).sum())


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 100_000), rings=st.booleans())
@example(seed=1281, rings=True)  # two ways alike
def test_the_order_of_rows_changes_no_set(seed: int, *, rings: bool) -> None:
    state = towns(seed, rings=rings)
    turned = replace(state, segments=state.segments.iloc[::-1], targets=state.targets.iloc[::-1])
    one, other = unlock(state, "p"), unlock(turned, "p")
    assert one.sets.equals(other.sets)
    assert one.members["segment_id"].tolist() == other.members["segment_id"].tolist()


def test_on_trees_the_first_set_is_the_best_of_all() -> None:
    assert min(one.first for one in outcomes(rings=False, cases=50)) == pytest.approx(1.0)


def test_with_rings_every_prefix_gains_at_least_70_percent_of_the_best() -> None:
    told = outcomes(rings=True, cases=60)
    assert min(min(one.prefixes) for one in told) >= 0.70
    assert min(one.first for one in told) >= 0.69


def test_the_list_grows_from_what_is_built_or_from_the_set_it_names() -> None:
    for seed in range(30):
        case = drawn(seed, rings=True)
        done: set[int] = set()
        for rank, chosen in enumerate(listed(case), start=1):
            assert chosen.needs < rank
            for line in chosen.segments:
                done.add(line)
                assert line in case.reached(frozenset(done))
