"""Passwords: as strong as they say, of words that anyone can type, and nothing weak let through."""

from __future__ import annotations

import hashlib
import math
import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, strategies

from rollout.errors import InputError
from rollout.sharing import passphrases

LIST = Path(passphrases.__file__).parent / "words" / "de-7776-v1-diceware.txt"


def test_the_list_is_as_published_with_its_licence_beside_it() -> None:
    digest = hashlib.sha256(LIST.read_bytes()).hexdigest()
    assert digest == "6871127496b8d4996cd93698d40f0990b9606edf957ee15ab819de0a72227215"
    assert "CC0 1.0 Universal" in (LIST.parent / "LICENSE").read_text(encoding="utf-8")


def test_every_word_can_be_typed_on_every_keyboard_and_none_begins_another() -> None:
    words = sorted(passphrases.words())
    assert len(set(words)) == len(words)
    assert all(re.fullmatch("[a-z]{5,12}", word) for word in words)
    assert not [word for word, next_ in pairwise(words) if next_.startswith(word)]


def test_a_word_left_out_is_a_word_of_the_list() -> None:
    listed = {line.split("\t")[1] for line in LIST.read_text(encoding="ascii").splitlines()}
    assert listed >= passphrases._UNFIT
    assert not passphrases._UNFIT & set(passphrases.words())


def test_six_words_have_at_least_77_bits() -> None:
    assert passphrases.bits() >= 77
    assert 2 ** (passphrases.bits(1)) == pytest.approx(len(passphrases.words()))
    assert passphrases.bits(8) == pytest.approx(8 * math.log2(len(passphrases.words())))


def test_the_documentation_states_the_strength_as_it_is() -> None:
    said = (Path(__file__).parents[2] / "docs" / "sharing.md").read_text(encoding="utf-8")
    assert f"{len(passphrases.words()):,} Wörtern".replace(",", ".") in said
    assert f"{passphrases.bits():.1f} Bit".replace(".", ",") in said
    assert f"mindestens {passphrases.SHORTEST} Zeichen, davon {passphrases.VARIED} verschiedene" in said


def test_words_are_drawn_one_by_one_from_the_whole_list() -> None:
    offered = []

    def choose(words: tuple[str, ...]) -> str:
        offered.append(words)
        return words[len(offered)]

    assert passphrases.generated(choose=choose) == "-".join(passphrases.words()[1:7])
    assert offered == [passphrases.words()] * 6


def test_no_two_passwords_are_alike_and_each_passes_its_own_test() -> None:
    diced = [passphrases.generated() for _ in range(200)]
    assert len(set(diced)) == 200
    for password in diced:
        passphrases.refuse_weak(password)


def test_fewer_words_are_refused() -> None:
    with pytest.raises(InputError, match="5 Wörtern"):
        passphrases.generated(5)


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("", "zu kurz: 0 Zeichen"),
        ("geheim", "zu kurz: 6 Zeichen"),
        ("x9!Kq2$Lm8&Wz4%Rt7§", "zu kurz: 19 Zeichen"),
        ("abcabcabcabcabcabcabcabc", "wiederholt sich: 3"),
        ("Glasfaser-Leverkusen-EVL-2026", "zu kurz"),
        ("abend-abend-abend-abend-abend-abend", "1 verschiedene Wörter"),
        ("Fahrgast-Gasthaus-Kurgast-Abend", "4 verschiedene Wörter"),
        ("ein Passwort mit\x07 Glockenzeichen", "nicht eintippen"),
        ("ein halbes Zeichen \ud800 darin, sonst lang", "nicht eintippen"),
    ],
)
def test_what_is_weak_is_refused_with_the_way_out_and_without_repeating_it(password: str, fault: str) -> None:
    with pytest.raises(InputError, match=fault) as refused:
        passphrases.refuse_weak(password, ["Stadt Leverkusen", "EVL", "Glasfaser Leverkusen"])
    assert "--generate" in refused.value.hint
    assert not password or password not in refused.value.message + refused.value.hint


@pytest.mark.parametrize("password", ["x9!Kq2$Lm8&Wz4%Rt7§b", "Der Dackel friert am Deich, sagt Öhmchen."])
def test_what_is_long_and_varied_passes(password: str) -> None:
    assert passphrases.refuse_weak(f"  {password}\n", ["Leverkusen"]) is None  # type: ignore[func-returns-value]


@given(strategies.text(max_size=60))
def test_the_normal_form_of_a_password_is_its_own(password: str) -> None:
    assert passphrases.normal(passphrases.normal(password)) == passphrases.normal(password)
    assert passphrases.normal(f" \t{password}\r\n") == passphrases.normal(password)


def test_an_umlaut_typed_in_two_strokes_is_the_same() -> None:
    assert passphrases.normal("Mu\u0308hle") == passphrases.normal("M\u00fchle") == "M\u00fchle"
