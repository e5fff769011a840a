from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.optimize import LinearConstraint, milp

from rollout.errors import OutputError
from rollout.sharing.programmes import Limit, Programme, cheapest

SUMS = sparse.csr_array(np.array([[1.0, 1.0], [1.0, -1.0]]))
NONE, FREE = np.zeros(2), np.full(2, np.inf)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6))
def test_a_programme_asked_again_and_again_finds_what_another_solver_finds(seed: int) -> None:
    lots = np.random.default_rng(seed)
    sums = sparse.csr_array(lots.integers(0, 2, size=(6, 5)).astype(float))
    truth = lots.poisson(5.0, size=5).astype(float)
    programme = Programme(sums, np.zeros(5), np.full(5, np.inf))
    for _ in range(4):
        costs, is_known = lots.integers(-2, 3, size=5).astype(float), lots.random(6) < 0.5
        lower, upper = np.where(is_known, sums @ truth, 0.0), np.where(is_known, sums @ truth, np.inf)
        found = programme.solved(costs, lower, upper)
        other = milp(costs, constraints=LinearConstraint(sums, lower, upper))
        assert (found is None) == (other.x is None)
        if found is not None:
            assert costs @ found == pytest.approx(other.fun, abs=1e-6)


def test_what_has_no_lower_limit_and_what_cannot_be_are_not_found() -> None:
    programme = Programme(SUMS, NONE, FREE)
    assert programme.solved(np.array([-1.0, 0.0]), NONE, FREE) is None
    assert programme.solved(np.array([1.0, 0.0]), np.array([5.0, 9.0]), np.array([5.0, 9.0])) is None
    found = programme.solved(np.array([1.0, 2.0]), np.array([3.0, -np.inf]), np.array([np.inf, 1.0]))
    assert found is not None
    assert found.tolist() == [2.0, 1.0]


def test_of_no_unknowns_there_is_nothing_to_find() -> None:
    nothing = np.zeros(0)
    assert Programme(sparse.csr_array((0, 0)), nothing, nothing).solved(nothing, nothing, nothing) is None


def test_a_solver_that_gives_up_is_told_and_not_taken_for_an_answer() -> None:
    programme = Programme(SUMS, NONE, FREE, np.ones(2, dtype=bool))
    programme._solver.setOptionValue("time_limit", 0.0)
    with pytest.raises(OutputError, match="nicht beweisen") as raised:
        programme.solved(np.array([1.0, 2.0]), np.array([2.5, -np.inf]), FREE)
    assert "nichts geschrieben" in raised.value.hint


def test_whole_numbers_are_looked_for_where_they_are_wanted() -> None:
    limits = [Limit(SUMS[[0]], lower=2.5), Limit(SUMS[[1]], 0.0, 0.0)]
    fractions, whole = (
        cheapest(np.ones(2), limits, NONE, FREE, is_whole) for is_whole in (None, np.ones(2, dtype=bool))
    )
    assert fractions is not None
    assert whole is not None
    assert (fractions.tolist(), whole.tolist()) == ([1.25, 1.25], [2.0, 2.0])


def test_the_solver_says_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    Programme(SUMS, NONE, FREE).solved(np.ones(2), NONE, FREE)
    assert capfd.readouterr() == ("", "")
