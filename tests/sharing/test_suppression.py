from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rollout.errors import OutputError
from rollout.sharing.attack import Pattern, Proof, check, free_ways, range_of, still_free
from rollout.sharing.suppression import primary, suppress
from rollout.sharing.tables import Table, is_small, table_of, with_changes
from tests.sharing.attacker import Attacker

SMALLEST = 4
EACH = 125
"""Eight parts of so many make a thousand cities."""


def small_city(seed: int) -> tuple[Table, np.ndarray]:
    """Two or three districts, two categories and their sum, two or three rungs; and its printed lines."""
    lots = np.random.default_rng(seed)
    return made(lots, int(lots.choice([2, 2, 2, 3])), int(lots.integers(2, 4)), in_first=0)


def random_city(seed: int) -> tuple[Table, np.ndarray]:
    """A few districts in two phases, two categories and their sum, three to five rungs; and its printed lines."""
    lots = np.random.default_rng(seed)
    districts = int(lots.integers(2, 5))
    return made(lots, districts, int(lots.integers(3, 6)), in_first=int(lots.integers(1, districts)))


def made(lots: np.random.Generator, districts: int, steps: int, *, in_first: int) -> tuple[Table, np.ndarray]:
    busy = lots.choice([0.6, 2.0, 6.0, 20.0], size=(districts * 2, steps))
    bins = lots.poisson(busy).astype(float)
    bins[lots.random(bins.shape) < 0.35] = 0
    lines = city_lines(districts, in_first)
    weights = np.outer(lines.sum(axis=1), np.arange(steps, 0, -1))
    return table_of(bins, lines, weights, SMALLEST), lines


def city_lines(districts: int, in_first: int) -> np.ndarray:
    """Each district, two phases if the first has any, and the city; all categories, and each of the two."""
    phases = [np.arange(districts) < in_first, np.arange(districts) >= in_first] if in_first else []
    places = [*np.eye(districts), *phases, np.ones(districts)]
    kinds = [[1, 1], [1, 0], [0, 1]]
    return np.array([np.kron(place, kind) for place in places for kind in kinds], dtype=float)


def reader_of(table: Table, lines: np.ndarray, pattern: Pattern, *, with_marks: bool = True) -> Attacker:
    """Someone who holds the print, and knows the lines and the nesting of the rungs."""
    steps = len(table.bins) // lines.shape[1]
    reader = Attacker(len(table.bins))
    for number, (value, hidden, marked) in enumerate(zip(table.truth, pattern.hidden, pattern.marked, strict=True)):
        line, rung = divmod(number, steps)
        members = np.kron(lines[line], np.arange(steps) >= rung)
        if not hidden:
            reader.reads(members, value, value)
        elif marked and with_marks:
            reader.reads(members, 1, table.smallest - 1)
    return reader


def counts_of_a_few(table: Table, lines: np.ndarray) -> list[np.ndarray]:
    """Every difference of two rungs of a line that is a few connections, by a rule of its own."""
    steps = len(table.bins) // lines.shape[1]
    found = {}
    for line in lines:
        for first in range(steps):
            for last in range(first + 1, steps + 1):
                members = np.kron(line, (np.arange(steps) >= first) & (np.arange(steps) < last))
                if 0 < members @ table.bins < table.smallest:
                    found[members.tobytes()] = members
    return list(found.values())


@pytest.mark.parametrize("part", range(8))
def test_no_count_of_a_few_can_be_worked_out_in_a_thousand_cities(part: int) -> None:
    for seed in range(part * EACH, (part + 1) * EACH):
        assert worked_out_of(*small_city(seed)) == [], f"city {seed}"


@pytest.mark.parametrize("seed", range(8))
def test_nor_in_larger_ones_with_phases(seed: int) -> None:
    assert worked_out_of(*random_city(seed)) == []


def worked_out_of(table: Table, lines: np.ndarray) -> list[int]:
    """The counts of a few that the print gives away."""
    pattern = suppress(table).pattern
    return reader_of(table, lines, pattern).works_out(counts_of_a_few(table, lines))


def test_the_attacker_succeeds_where_only_the_small_counts_themselves_are_left_out() -> None:
    worked_out = 0
    for seed in range(40):
        table, lines = small_city(seed)
        worked_out += len(reader_of(table, lines, primary(table)).works_out(counts_of_a_few(table, lines)))
    assert worked_out > 100


def test_without_its_sign_every_count_of_a_few_may_be_four_apart() -> None:
    for seed in range(1000, 1004):
        table, lines = random_city(seed)
        reader = reader_of(table, lines, suppress(table).pattern, with_marks=False)
        for members in counts_of_a_few(table, lines):
            low, high = reader.bounds(members)
            assert high - low >= SMALLEST


def test_two_ones_under_a_printed_sum_of_two_are_not_given_away_by_their_marks() -> None:
    bins = np.array([[1.0], [1.0], [9.0]])
    lines = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0], [1, 1, 1]])
    table = table_of(bins, lines, np.ones((5, 1)), SMALLEST)
    marked_everywhere = Pattern(np.array([True, True, False, False, False]), np.array([True, True, *[False] * 3]))
    assert reader_of(table, lines, marked_everywhere).works_out(counts_of_a_few(table, lines)) != []
    found = suppress(table).pattern
    assert reader_of(table, lines, found).works_out(counts_of_a_few(table, lines)) == []


def test_three_ones_under_a_marked_sum_lose_a_mark_since_the_marks_would_tell_them() -> None:
    lines = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 1]])
    table = table_of(np.ones((3, 1)), lines, np.ones((4, 1)), SMALLEST)
    found = suppress(table).pattern
    assert found.hidden.all()
    assert not found.marked.all()
    assert reader_of(table, lines, found).works_out(counts_of_a_few(table, lines)) == []


def test_a_table_without_a_count_of_a_few_is_printed_whole() -> None:
    bins = np.array([[10.0, 0.0, 5.0], [8.0, 4.0, 0.0]])
    lines = np.array([[1, 0], [0, 1], [1, 1]])
    assert not suppress(table_of(bins, lines, np.ones((3, 3)), SMALLEST)).pattern.hidden.any()


def test_a_complement_of_one_is_kept_as_well_as_a_count_of_one() -> None:
    table = table_of(np.array([[1.0, 11.0]]), np.ones((1, 1)), np.array([[5.0, 1.0]]), SMALLEST)
    found = suppress(table).pattern
    assert found.hidden.tolist() == [False, True]
    assert not found.marked.any()


def test_what_is_dear_is_kept_in_print_rather_than_what_is_cheap() -> None:
    bins, lines = np.array([[2.0], [9.0], [9.0]]), np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 1]])
    found = suppress(table_of(bins, lines, np.array([[1.0], [5.0], [2.0], [9.0]]), SMALLEST)).pattern
    assert found.hidden.tolist() == [True, False, True, False]


def best_cost(table: Table) -> float:
    """The least cost of all patterns that keep every count, tried from the cheapest on."""
    free = np.flatnonzero(~table.small)
    choices = [[bool(choice >> bit & 1) for bit in range(len(free))] for choice in range(2 ** len(free))]
    for chosen in sorted(choices, key=lambda chosen: float(table.weights[free[chosen]].sum())):
        hidden = table.small.copy()
        hidden[free[chosen]] = True
        if all(is_wide(table, hidden, row) for row in table.risks.toarray()):
            return float(table.weights[free[chosen]].sum())
    return np.inf


def is_wide(table: Table, hidden: np.ndarray, row: np.ndarray) -> bool:
    low, high = range_of(table, Pattern(hidden, np.zeros_like(hidden)), row)
    return high - low >= SMALLEST - 1e-6


@pytest.mark.parametrize("seed", range(4))
def test_on_small_tables_little_more_is_left_out_than_the_least_possible(seed: int) -> None:
    lots = np.random.default_rng(seed)
    lines = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 1]])
    table = table_of(lots.poisson(4.0, size=(3, 2)).astype(float), lines, lots.uniform(1, 2, (4, 2)), SMALLEST)
    hidden = suppress(table).pattern.hidden
    cost = float(table.weights[hidden & ~table.small].sum())
    assert cost <= 1.5 * best_cost(table) + 1e-9


@settings(max_examples=10, deadline=None)
@given(st.integers(2000, 10**6))
def test_the_same_table_gives_the_same_print(seed: int) -> None:
    table, _ = small_city(seed)
    first, second = suppress(table).pattern, suppress.__wrapped__(table).pattern
    assert first.hidden.tolist() == second.hidden.tolist()
    assert first.marked.tolist() == second.marked.tolist()


def test_what_was_worked_out_for_one_audience_serves_the_next_and_no_other_table() -> None:
    table, same, other = small_city(3)[0], small_city(3)[0], small_city(4)[0]
    assert suppress(table) is suppress(same)
    assert suppress(table) is not suppress(other)
    for change in ({"smallest": 5}, {"bins": table.bins + 1}, {"fixed": ~table.fixed}, {"risks": table.risks[1:]}):
        assert replace(table, **change) != table


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 12), st.integers(1, 12))
def test_the_ways_bins_can_change_are_all_those_that_leave_every_printed_figure_as_it_is(
    seed: int, figures: int, bins: int
) -> None:
    printed = np.random.default_rng(seed).integers(-1, 2, size=(figures, bins)).astype(float)
    ways = free_ways(printed)
    rank = np.linalg.matrix_rank(printed) if figures else 0
    assert ways.shape == (bins, bins - rank)
    assert np.allclose(printed @ ways, 0, atol=1e-9)
    assert np.allclose(ways.T @ ways, np.eye(bins - rank), atol=1e-9)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6))
def test_a_figure_that_follows_from_those_in_print_takes_no_way_away(seed: int) -> None:
    lots = np.random.default_rng(seed)
    printed = lots.integers(0, 2, size=(5, 12)).astype(float)
    ways = free_ways(printed)
    assert still_free(ways, lots.integers(-1, 2, size=5) @ printed).shape == ways.shape


def test_a_figure_that_changed_by_two_since_it_was_printed_is_left_out() -> None:
    bins, lines = np.array([[20.0, 12.0], [30.0, 8.0]]), np.array([[1, 0], [0, 1], [1, 1]])
    table = table_of(bins, lines, np.ones((3, 2)), SMALLEST)
    before = np.array([[32.0, 10.0, 38.0, 8.0, 70.0, 18.0]])
    compared = with_changes(table, before, 2)
    found = suppress(compared).pattern
    assert found.hidden[1]
    low, high = range_of(compared, found, np.array([0.0, 1.0, 0.0, 0.0]))
    assert low >= 10.0, "nothing is taken back, so it is at least what was printed"
    assert high - low >= SMALLEST


def test_what_everybody_knows_is_never_left_out_and_never_gives_a_count_away() -> None:
    bins, lines = np.array([[2.0], [20.0], [30.0]]), np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 1]])
    table = replace(
        table_of(bins, lines, np.array([[1.0], [9.0], [9.0], [0.1]]), SMALLEST),
        fixed=np.array([False, False, False, True]),
    )
    found = suppress(table).pattern
    assert found.hidden.sum() == 2
    assert not found.hidden[3]


def test_a_table_that_cannot_be_kept_is_refused_with_the_way_out() -> None:
    bins, lines = np.array([[2.0], [20.0]]), np.array([[1, 0], [0, 1], [1, 1]])
    table = replace(table_of(bins, lines, np.ones((3, 1)), SMALLEST), fixed=np.array([False, True, True]))
    with pytest.raises(OutputError, match="ohnehin bekannt") as refused:
        suppress(table)
    assert "Stadtteile" in refused.value.hint


def test_a_proof_that_does_not_fit_the_print_is_refused() -> None:
    table, _ = random_city(3)
    found = suppress(table)
    check(table, found.pattern, found.proof)
    bent = found.proof.spread.copy()
    bent[-1, 0] += 1
    with pytest.raises(OutputError, match="nicht zu den Zahlen"):
        check(table, found.pattern, Proof(bent, found.proof.signed))
    with pytest.raises(OutputError, match="nicht zu den Zeichen"):
        check(table, found.pattern, Proof(found.proof.spread, found.proof.signed + 0.5))
    with pytest.raises(OutputError, match="ließe sich errechnen"):
        check(table, found.pattern, Proof(table.bins[None, :], table.bins[None, :]))


def test_nothing_is_no_count_of_a_few() -> None:
    assert is_small(np.array([0.0, 1.0, 3.0, 4.0]), 4).tolist() == [False, True, True, False]
