from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from rollout.audiences import Audience, CellRule, Figures, Rhythm
from rollout.errors import InputError, OutputError
from rollout.reporting.arrange import clean
from rollout.sharing.disclosure import Disclosed, disclosed
from rollout.sharing.disclosure_rules import rules_of
from rollout.sharing.releases import append
from tests.sharing.made_cities import DAY, audience, city, later, random_houses
from tests.sharing.reader import RUNGS, Reader

NEXT = DAY + dt.timedelta(days=91)


@pytest.mark.parametrize("seed", range(8))
def test_tables_and_cells_together_give_no_count_of_a_few_away(seed: int) -> None:
    houses = random_houses(seed)
    reader = Reader([disclosed(city(houses), audience(), "public")])
    wanted = reader.counts_of_a_few(0, reader.bins(0, houses))
    assert len(wanted) > 5
    assert reader.attacker.works_out(wanted) == []


@pytest.mark.parametrize("seed", range(4))
def test_two_releases_together_give_no_change_of_a_few_away(seed: int) -> None:
    before = random_houses(seed)
    now = later(before, seed, 5)
    first = disclosed(city(before), audience(), "public")
    second = disclosed(city(now, NEXT), audience(), "public", append((), first.release))
    reader = Reader([first, second])
    truth = reader.bins(0, before) + reader.bins(1, now)
    assert reader.attacker.works_out(reader.changes_of_a_few(truth)) == []


def test_without_a_register_two_releases_give_changes_away() -> None:
    given = 0
    for seed in range(3):
        before = random_houses(seed)
        now = later(before, seed, 5)
        reader = Reader(
            [disclosed(city(before), audience(), "public"), disclosed(city(now, NEXT), audience(), "public")]
        )
        truth = reader.bins(0, before) + reader.bins(1, now)
        given += len(reader.attacker.works_out(reader.changes_of_a_few(truth)))
    assert given > 0


@pytest.mark.parametrize("moved", [0, 10])
def test_a_figure_that_changed_by_none_or_by_many_is_printed_again(moved: int) -> None:
    built = np.arange(40) < 20
    before = pd.DataFrame(
        {"x": 50.0, "y": 50.0, "district_id": "west", "category": "household", "milestones": 4 * built}
    )
    now = before.assign(milestones=4 * (np.arange(40) < 20 + moved))
    first = disclosed(city(before), _named("council"), "council")
    second = disclosed(city(now, NEXT), _named("council"), "council", (first.release,))
    assert not first.figures["value"].isna().any()
    assert not second.figures["value"].isna().any()


def _two_quarters(seed: int, first: str, second: str) -> tuple[pd.DataFrame, pd.DataFrame, tuple[Disclosed, ...]]:
    """A city and how it is a quarter later, and what an audience was told of the one and another of the other."""
    before = random_houses(seed)
    now = later(before, seed, 5)
    told = disclosed(city(before), _named(first), first)
    return before, now, (told, disclosed(city(now, NEXT), _named(second), second, (told.release,)))


def _named(name: str) -> Audience:
    return audience(figures="cells" if name == "public" else "districts")


@pytest.mark.parametrize("seed", range(6))
def test_a_package_of_an_earlier_quarter_is_made_again_as_it_was(seed: int) -> None:
    before, _, (first, second) = _two_quarters(seed, "public", "public")
    register = (first.release, second.release)
    again = disclosed(city(before), audience(), "public", register)
    assert append(register, again.release) is register
    assert again.rules == first.rules


@pytest.mark.parametrize("seed", range(6))
def test_who_gets_an_earlier_quarter_late_gets_the_tables_that_others_had(seed: int) -> None:
    before, _, (first, second) = _two_quarters(seed, "public", "public")
    register = (first.release, second.release)
    late = disclosed(city(before), _named("council"), "council", register)
    assert append(register, late.release) == (*register, late.release)
    pd.testing.assert_frame_equal(late.figures, first.figures)


@pytest.mark.parametrize("seed", range(4))
def test_cells_that_are_told_late_keep_what_was_told_of_later_days(seed: int) -> None:
    before, now, (_, second) = told = _two_quarters(seed, "council", "public")
    register = tuple(one.release for one in told[2])
    late = disclosed(city(before), audience(), "public", register)
    reader = Reader([late, second])
    truth = reader.bins(0, before) + reader.bins(1, now)
    assert reader.attacker.works_out(reader.changes_of_a_few(truth)) == []
    again = disclosed(city(before), audience(), "public", append(register, late.release))
    assert again.release == late.release


def test_other_figures_of_an_earlier_quarter_are_refused_all_the_same() -> None:
    _, now, (first, second) = _two_quarters(0, "public", "public")
    register = (first.release, second.release)
    with pytest.raises(OutputError, match="schon andere Zahlen"):
        append(register, disclosed(city(now), audience(), "public", register).release)


def test_council_and_public_get_the_same_tables_so_that_both_together_say_no_more() -> None:
    state = city(random_houses(5))
    public = disclosed(state, audience(), "public")
    council = disclosed(state, audience(figures="districts"), "council")
    pd.testing.assert_frame_equal(public.figures, council.figures)
    assert len(council.cells) == 0


def test_no_count_that_was_left_out_is_anywhere_in_what_is_given_away() -> None:
    found = disclosed(city(random_houses(2)), audience(), "public")
    gone = found.figures["value"].isna()
    assert gone.any()
    assert set(found.figures.loc[gone, "text"]) <= {"<\u202f4", "·"}
    values = {value for key, value in found.release.figures.items() if key[3] == ""}
    assert not values & {1, 2, 3}
    assert len([key for key in found.release.figures if key[3] == ""]) == int((~gone).sum())


def test_no_rule_is_too_long_to_stand_whole_in_every_table_and_page() -> None:
    counts = dict.fromkeys(["figures", "small", "other", "cells", "merged", "cell_figures"], 123_456)
    for rule in rules_of(audience(smallest_cell=99, rhythm=Rhythm.QUARTER), counts, 99):
        assert clean(rule) == rule


def test_the_rules_name_the_threshold_and_how_much_was_left_out() -> None:
    found = disclosed(city(random_houses(2)), audience(), "public")
    said = " ".join(found.rules)
    small, other = found.withheld["small"], found.withheld["other"]
    assert "Anzahlen von 1 bis 3" in said
    assert f"{small + other}/60" in said
    assert f"{small} kleine und {other} weitere" in said
    assert "mindestens 4 geförderten Haushalten" in said
    assert "Ende eines Quartals" in said


def test_a_cell_stands_alone_with_five_house_numbers_where_that_is_the_rule() -> None:
    houses = random_houses(1)
    shops = houses.assign(category="business")
    by_households = disclosed(city(shops), audience(), "public")
    by_numbers = disclosed(city(shops), audience(cell_rule=CellRule.HOUSE_NUMBERS), "public")
    assert len(by_households.cells) == 0
    assert len(by_numbers.cells) > 0
    assert "mindestens 5 benachbarten Hausnummern" in " ".join(by_numbers.rules)


def test_cells_are_squares_of_100_metres_named_after_their_corner() -> None:
    cells = disclosed(city(random_houses(1)), audience(), "public").cells
    for name, square in zip(cells["cell_id"], cells.geometry, strict=True):
        west, south, east, north = square.bounds
        assert (east - west, north - south) == (100, 100)
        assert name == f"CRS25832RES100mN{int(south)}E{int(west)}"


def test_an_audience_that_may_not_know_of_activation_gets_no_figure_of_it() -> None:
    secret = audience(told_as={"targets": {"activated": "connected"}})
    found = disclosed(city(random_houses(1)), secret, "public")
    assert set(found.figures["rung"]) == set(RUNGS[:-1])
    assert "activated" not in found.cells.columns


def test_figures_of_a_day_within_a_quarter_are_refused_and_the_day_named() -> None:
    with pytest.raises(InputError, match=r"nicht zum 15\.05\.2022") as refused:
        disclosed(city(random_houses(1), dt.date(2022, 5, 15)), audience(), "public")
    assert "--as-of 2022-03-31" in refused.value.hint
    disclosed(city(random_houses(1), dt.date(2022, 5, 15)), audience(rhythm=Rhythm.ANY), "public")


def test_who_gets_the_rows_themselves_gets_no_suppressed_figures() -> None:
    with pytest.raises(InputError, match="erhält die Anschlüsse selbst"):
        disclosed(city(random_houses(1)), audience(figures=Figures.ROWS), "city")


def test_a_city_without_any_connection_has_no_figures() -> None:
    found = disclosed(city(random_houses(1).iloc[:0]), audience(), "public")
    assert len(found.figures) == len(found.cells) == 0
