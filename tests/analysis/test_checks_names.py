"""A district's name is recognised exactly or by a known variant, and never by likeness alone."""

from __future__ import annotations

import unicodedata

import pandas as pd
import pytest

from rollout.analysis.names import How, Match, match_districts, recognise

DISTRICTS = pd.DataFrame(
    {"district_id": ["01", "02", "03", "04"], "name": ["Opladen", "Hitdorf", "Bergisch Neukirchen", "Küppersteg"]}
).astype("string")
VARIANTS = {"Opladen": ("Leverkusen-Opladen",), "Hitdorf": ("Hildorf",), "Bergisch Neukirchen": ("Berg. Neukirchen",)}


@pytest.mark.parametrize(
    ("name", "match"),
    [
        ("Opladen", Match("01", How.EXACT)),
        ("  Opladen ", Match("01", How.EXACT)),
        (unicodedata.normalize("NFD", "Küppersteg"), Match("04", How.EXACT)),
        ("Hildorf", Match("02", How.VARIANT)),
        ("Berg. Neukirchen", Match("03", How.VARIANT)),
        ("Leverkusen-Opladen", Match("01", How.VARIANT)),
        ("Opladn", Match(None, How.SUGGESTION, "Opladen")),
        ("opladen", Match(None, How.SUGGESTION, "Opladen")),
        ("Hildorff", Match(None, How.SUGGESTION, "Hitdorf")),
        ("Köln", Match(None, How.NONE)),
        ("", Match(None, How.NONE)),
    ],
)
def test_a_name_is_recognised(name: str, match: Match) -> None:
    assert recognise([name], DISTRICTS, VARIANTS) == {name: match}


def test_many_names_keep_their_index_and_what_is_not_certain_is_missing() -> None:
    names = pd.Series(["Hildorf", None, "Opladn", "Opladen"], index=[7, 3, 9, 1], dtype="string")
    ids = match_districts(names, DISTRICTS, VARIANTS)
    assert ids.fillna("–").to_dict() == {7: "02", 3: "–", 9: "–", 1: "01"}
    assert ids.dtype == "string"


def test_a_proper_name_wins_over_another_districts_variant() -> None:
    matches = recognise(["Hitdorf"], DISTRICTS, {"Opladen": ("Hitdorf",)})
    assert matches == {"Hitdorf": Match("02", How.EXACT)}
