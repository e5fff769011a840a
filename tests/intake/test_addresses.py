"""One spelling for each address; never another house."""

from __future__ import annotations

import datetime as dt
import unicodedata

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rollout.intake.addresses import number_key, postcode_key, street_key
from rollout.intake.matching import Match, match_targets
from rollout.intake.values import BROKEN, LIKE_A_DATE, day_of, length_of, word_key

ODD = st.text(alphabet="strapleßäöüéÄ̈ -.½/'1İ\u017f\ufb01\u0308", max_size=20) | st.text(max_size=20)


@given(ODD)
def test_the_key_of_a_street_key_is_itself(street: str) -> None:
    assert street_key(street_key(street)) == street_key(street)


@given(st.text(alphabet="0123456789abcAB -–/½nr.", max_size=12) | st.text(max_size=12))
def test_the_key_of_a_number_key_is_itself(number: str) -> None:
    assert number_key(number_key(number)) == number_key(number)


@given(ODD)
def test_composed_and_decomposed_streets_are_one(street: str) -> None:
    keys = {street_key(unicodedata.normalize(form, street)) for form in ("NFC", "NFD")}
    assert len(keys) == 1


@pytest.mark.parametrize(
    "spelling",
    [
        "Görresstraße",
        "Görresstr.",
        "Goerresstrasse",
        "GÖRRESSTRASSE",
        "Görres Straße",
        "görres-str",
        " Görresstr ",
        "Go\u0308rresstrase",
    ],
)
def test_spellings_of_a_street_are_one(spelling: str) -> None:
    assert street_key(spelling) == street_key("Görresstraße")


@pytest.mark.parametrize(
    ("spellings", "key"),
    [
        (["12a", "12 A", "12A", "012a", " 12  a ", "Nr. 12a", "12a."], "12a"),
        (["12-14", "12 - 14", "12–14", "12 bis 14", "12 -14"], "12-14"),
        (["12 1/2", "12½", "12  1/2", "12 1 / 2"], "12 1/2"),
        (["7"], "7"),
        (["1-3"], "1-3"),
    ],
)
def test_spellings_of_a_house_number_are_one(spellings: list[str], key: str) -> None:
    assert {number_key(spelling) for spelling in spellings} == {key}


NUMBER = st.tuples(
    st.integers(1, 999), st.sampled_from(["", "a", "b", "z"]), st.sampled_from(["", "-", " 1/2"]), st.integers(1, 99)
)


def _written(number: tuple[int, str, str, int], spelling: int) -> str:
    first, suffix, kind, last = number
    base = [f"{first}{suffix}", f"{first} {suffix.upper()}".strip(), f"0{first}{suffix}"][spelling % 3]
    return base + {"": "", "-": [f"-{last}", f" - {last}", f"–{last}"][spelling % 3], " 1/2": " 1/2"}[kind]


def _meant(number: tuple[int, str, str, int]) -> tuple[object, ...]:
    return number if number[2] == "-" else number[:3]


@given(NUMBER, NUMBER, st.integers(0, 2), st.integers(0, 2))
def test_two_house_numbers_are_one_exactly_when_they_mean_the_same(
    one: tuple[int, str, str, int], two: tuple[int, str, str, int], a: int, b: int
) -> None:
    assert (number_key(_written(one, a)) == number_key(_written(two, b))) == (_meant(one) == _meant(two))


def test_different_numbers_of_the_same_letters_stay_different() -> None:
    assert len({number_key(number) for number in ("12 1/2", "121/2", "1 21/2", "12-1", "121", "12", "21")}) == 7


def test_a_postcode_gets_its_zeros_back() -> None:
    assert [postcode_key(code) for code in ("1067", "D-51379", "51 379")] == ["01067", "51379", "51379"]


def _match(targets: gpd.GeoDataFrame, *addresses: tuple[str | None, ...]) -> Match:
    names = ["target_id", "street", "house_number", "suffix", "postcode"]
    return match_targets(pd.DataFrame(list(addresses), columns=names).astype("string"), targets, 88)


@pytest.mark.parametrize(
    ("address", "expected", "how"),
    [
        (("T1", None, None, None, None), "T1", "id"),
        (("X9", "Hauptstr", "12", None, "51379"), "T1", "address"),
        ((None, "HAUPTSTRASSE", "12", "A", "51379"), "T3", "address"),
        ((None, "Göresstraße", "1 - 3", None, "51379"), "T4", "similar"),
        ((None, "Hauptstrase", "21", None, "51379"), "T2", "address"),
        ((None, "Am Weiher", "7½", None, None), "T5", "address"),
        ((None, "Am  Weiher", "7", None, "51379"), "T6", "address"),
    ],
)
def test_an_address_finds_its_target(
    targets: gpd.GeoDataFrame, address: tuple[str | None, ...], expected: str, how: str
) -> None:
    match = _match(targets, address)
    assert (match.ids[0], match.how[0]) == (expected, how)
    assert len(match.unmatched) == len(match.ambiguous) == 0


@pytest.mark.parametrize(
    "address",
    [
        (None, "Hauptstraße", "1", None, "51379"),
        (None, "Hauptstraße", "12b", None, "51379"),
        (None, "Hauptstraße", "12", None, "51371"),
        (None, "Görresstraße", "1", None, "51379"),
        (None, "Ganz woanders", "12", None, "51379"),
        (None, None, "12", None, "51379"),
        ("X1", None, None, None, None),
    ],
)
def test_an_address_of_no_target_is_not_matched(targets: gpd.GeoDataFrame, address: tuple[str | None, ...]) -> None:
    match = _match(targets, address)
    assert match.ids.isna().all()
    assert match.unmatched.tolist() == [0]


def test_an_unmatched_house_is_listed_with_its_neighbours(targets: gpd.GeoDataFrame) -> None:
    candidates = _match(targets, (None, "Hauptstr.", "20", None, "51379")).candidates[0]
    assert candidates[0] == "Hauptstraße 21, 51379 (T2)"


def test_an_address_of_two_targets_is_never_matched_but_listed(targets: gpd.GeoDataFrame) -> None:
    match = _match(targets, (None, "Rheinallee", "5", None, "51371"))
    assert match.ids.isna().all()
    assert match.ambiguous.tolist() == [0]
    assert match.candidates[0] == ("Rheinallee 5, 51371 (T7)", "Rheinallee 5, 51371 (T8)")


def test_two_streets_alike_are_never_decided(targets: gpd.GeoDataFrame) -> None:
    more = targets.copy()
    more.loc[0, "street"], more.loc[1, "street"] = "Waldblumenweg", "Waldblumanweg"
    assert _match(more, (None, "Waldblumonweg", "12", None, "51379")).ids.isna().all()


def test_numbers_in_street_names_are_compared_exactly(targets: gpd.GeoDataFrame) -> None:
    more = targets.copy()
    more.loc[0, "street"] = "Straße des 17. Juni"
    assert _match(more, (None, "Straße des 18. Juni", "12", None, "51379")).ids.isna().all()
    assert _match(more, (None, "Strasse d. 17. Juni", "12", None, "51379")).ids[0] == "T1"


def test_an_id_beside_another_address_is_named_and_goes_first(targets: gpd.GeoDataFrame) -> None:
    match = _match(targets, ("T1", "Hauptstraße", "21", None, "51379"), ("T1", "Hauptstr.", "12", None, "51379"))
    assert match.ids.tolist() == ["T1", "T1"]
    assert match.differs.tolist() == [0]


@settings(deadline=None)
@given(st.permutations(range(6)))
def test_the_order_of_rows_changes_no_match(order: list[int]) -> None:
    targets = pd.DataFrame(
        {
            "target_id": ["A", "B"],
            "street": ["Weg", "Gasse"],
            "house_number": ["1", "2"],
            "postcode": ["51371", "51371"],
        }
    ).astype("string")
    rows = [
        (None, "Weg", "1", None, "51371"),
        (None, "Gasse", "2", None, None),
        ("A", None, None, None, None),
        (None, "Weg", "2", None, "51371"),
        (None, "Gase", "2", None, "51371"),
        (None, None, None, None, None),
    ]
    names = ["target_id", "street", "house_number", "suffix", "postcode"]
    straight = match_targets(pd.DataFrame(rows, columns=names).astype("string"), targets, 85).ids
    shuffled = match_targets(pd.DataFrame([rows[i] for i in order], columns=names).astype("string"), targets, 85).ids
    assert shuffled.fillna("-").tolist() == straight.fillna("-").iloc[order].tolist()


@pytest.mark.parametrize(
    ("text", "metres"),
    [
        ("1234,5", 1234.5),
        ("1.234,5", 1234.5),
        ("1234.5", 1234.5),
        ("12 m", 12.0),
        ("1.234", None),
        ("-3", None),
        ("x", None),
    ],
)
def test_a_length_is_read_or_named_when_it_could_be_two(text: str, metres: float | None) -> None:
    assert length_of(text) == metres


@given(st.dates(min_value=dt.date(1990, 1, 1), max_value=dt.date(2100, 12, 31)))
def test_a_day_is_read_in_every_usual_spelling(day: object) -> None:
    for form in ("%d.%m.%Y", "%Y-%m-%d", "%Y%m%d", "%Y-%m-%d 00:00:00", "%d.%m.%Y 08:30"):
        assert day_of(f"{day:{form}}") == day


@pytest.mark.parametrize("number", ["12", "12a", "1-3", "12 1/2", "12/14", "7 b"])
def test_an_honest_house_number_is_not_taken_for_a_day(number: str) -> None:
    assert not pd.Series([number], dtype="string").str.contains(LIKE_A_DATE, regex=True).iloc[0]


@pytest.mark.parametrize("name", ["Görresstraße", "Café-Allee", "Straße „Am Bühl“", "Łódź-Weg"])
def test_honest_letters_are_not_broken_text(name: str) -> None:
    assert not pd.Series([name], dtype="string").str.contains(BROKEN, regex=True).iloc[0]


def test_a_status_word_ignores_case_space_and_zero_decimals() -> None:
    assert word_key("  Rohr  VERLEGT ") == "rohr verlegt"
    assert word_key("4,0") == "4"
