"""Sealed pages: what comes out is what went in, with the right password, unaltered; else nothing at all."""

from __future__ import annotations

import base64
import datetime as dt
import gzip
import json
import re
import unicodedata
from pathlib import Path

import folium
import pytest
from hypothesis import given, settings, strategies

from rollout.analysis.state import State
from rollout.cartography import phase_map
from rollout.cartography.document import sealed_data
from rollout.errors import InputError, OutputError
from rollout.sharing import sealed
from rollout.sharing.forbidden import forbidden
from rollout.sharing.leaks import leaks
from rollout.sharing.sealed import Bound, Chance
from tests.drawing import house, node, town, trench

PASSWORD = "diamant-aufsuchen-hopfen-fahrgast-prangen-weiden"  # noqa: S105 - of this test
BOUND = Bound("evl", dt.date(2022, 3, 28))
CHANCE = Chance(bytes(range(16)), bytes(range(12)))
GOLDEN = Path(__file__).parents[1] / "javascript" / "golden_sealed.json"
ISLAND = re.compile(r'(<script type="application/json" id="rollout-sealed">)[^<]*(</script>)')


def drawn(street: str = "Birkenweg", name: str = "Kabelweg 7") -> State:
    said = {"street": street, "house_number": "17"}
    return town([node("PoP-1", (0, 0))], [trench("S1", [(0, 0), (500, 0)])], [house(name, (100, 20), **said)])


@pytest.fixture(scope="module")
def plain() -> str:
    return phase_map(drawn()).html()


@pytest.fixture(scope="module")
def page() -> str:
    return sealed.sealed(phase_map(drawn()), PASSWORD, BOUND, CHANCE)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stretch the password a thousand times less, where it is opened hundreds of times."""
    monkeypatch.setattr(sealed, "ROUNDS", 600)


def wrapped(data: str) -> str:
    return f'<script type="application/json" id="rollout-sealed">{data}</script>\n'


def test_the_right_password_gives_the_data_of_the_plain_page_and_its_title(page: str, plain: str) -> None:
    found = re.search(r'id="rollout-data">(.*?)</script>', plain)
    title = re.search(r"<title>(.*?)</title>", plain)
    assert found is not None
    assert title is not None
    opened = json.loads(sealed.unsealed(page, f" {PASSWORD}\n"))
    assert opened == {**json.loads(found.group(1)), "title": title.group(1)}


@pytest.mark.parametrize("wrong", ["", PASSWORD[:-1], PASSWORD.upper(), "ganz und gar ein anderes Passwort"])
def test_a_wrong_password_gives_nothing(page: str, wrong: str) -> None:
    with pytest.raises(InputError, match="passt nicht zu dieser Datei"):
        sealed.unsealed(page, wrong)


def test_it_is_encrypted_as_the_format_says(page: str) -> None:
    said = json.loads(sealed_data(page) or "")
    secret = base64.b64decode(said.pop("data"))
    assert said == {
        "format": 1,
        "rounds": 600_000,
        "audience": "evl",
        "stand": "2022-03-28",
        "salt": base64.b64encode(CHANCE.salt).decode(),
        "nonce": base64.b64encode(CHANCE.nonce).decode(),
    }
    # 28 bytes of GCM's tag and gzip's frame would not be there if the text were not packed
    assert len(secret) == len(gzip.compress(sealed.unsealed(page, PASSWORD).encode(), mtime=0)) + 16


def test_but_for_the_data_every_sealed_page_is_the_same(page: str) -> None:
    other = sealed.sealed(phase_map(drawn("Zederngasse"), programme_id="q"), PASSWORD, Bound("city", BOUND.stand))
    assert other != page
    assert ISLAND.sub(r"\1\2", other) == ISLAND.sub(r"\1\2", page)


def test_nothing_of_the_project_can_be_read(page: str, plain: str) -> None:
    words = ["Birkenweg", "Kabelweg 7", "PoP-1", "S1", "Stadt", "Ausbau", "28.03.2022", "Gesamtes Stadtgebiet"]
    said = json.loads(sealed_data(page) or "")
    readable = ISLAND.sub("", page).encode() + b"".join(base64.b64decode(said[name]) for name in ("salt", "data"))
    island = re.search(r'id="rollout-data">(.*?)</script>', plain)
    assert island is not None
    shell = plain.replace(island.group(1), "").replace("Gesamtes Stadtgebiet", "").replace("28.03.2022", "")
    told = [word for word in words if word not in shell]
    assert {"Birkenweg", "Kabelweg 7", "PoP-1", "28.03.2022", "Gesamtes Stadtgebiet"} <= set(told)
    assert all(word in json.dumps(json.loads(island.group(1))) for word in ("Birkenweg", "PoP-1"))
    assert [word for word in told if word.encode() in readable] == []


def test_salt_and_nonce_are_new_each_time(quick: None) -> None:  # noqa: ARG001
    pages = [sealed.sealed(phase_map(drawn()), PASSWORD, BOUND) for _ in range(3)]
    said = [json.loads(sealed_data(page) or "") for page in pages]
    for name in ("salt", "nonce", "data"):
        assert len({island[name] for island in said}) == 3
    chances = {(chance.salt, chance.nonce) for chance in (sealed.fresh() for _ in range(500))}
    assert len(chances) == len({salt for salt, _ in chances}) == len({nonce for _, nonce in chances}) == 500
    assert {(len(salt), len(nonce)) for salt, nonce in chances} == {(16, 12)}


def test_the_same_salt_and_nonce_give_the_same_page(page: str) -> None:
    assert sealed.sealed(phase_map(drawn()), PASSWORD, BOUND, CHANCE) == page


@settings(deadline=None, max_examples=40)
@given(data=strategies.text(strategies.characters(codec="utf-8")), password=strategies.text("ab ü😀-", min_size=1))
def test_what_is_encrypted_opens_again(data: str, password: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sealed, "ROUNDS", 600)
        assert sealed.unsealed(wrapped(sealed.encrypted(data, password, BOUND, CHANCE)), password) == data


@pytest.mark.parametrize("length", [0, 1, 2])
def test_any_one_altered_byte_is_found(quick: None, length: int) -> None:  # noqa: ARG001
    """Every place of the island, whatever the length leaves over at the end of the base64, with four other bytes."""
    island = sealed.encrypted("x" * length, PASSWORD, BOUND, CHANCE)
    assert sealed.unsealed(wrapped(island), PASSWORD) == "x" * length
    for place in range(len(island)):
        for other in _others(ord(island[place])):
            altered = f"{island[:place]}{chr(other)}{island[place + 1 :]}"
            with pytest.raises(InputError):
                sealed.unsealed(wrapped(altered), PASSWORD)


def _others(byte: int) -> set[int]:
    """Return the byte with its lowest bit turned, its case, another letter and a digit; such as remain text."""
    return {byte ^ 1, byte ^ 32, ord("A"), ord("0")} - {byte, 0x7F} - set(range(32))


@settings(deadline=None, max_examples=150)
@given(place=strategies.integers(min_value=0), other=strategies.characters(codec="utf-8"))
def test_no_character_anywhere_can_be_exchanged(place: int, other: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sealed, "ROUNDS", 600)
        island = sealed.encrypted("Birkenweg 17", PASSWORD, BOUND, CHANCE)
        place %= len(island)
        altered = f"{island[:place]}{other}{island[place + 1 :]}"
        if altered == island:
            return
        with pytest.raises(InputError):
            sealed.unsealed(wrapped(altered), PASSWORD)


@pytest.mark.parametrize(("name", "value"), [("audience", "city"), ("stand", "2022-04-04")])
def test_another_audience_or_day_is_found(quick: None, name: str, value: str) -> None:  # noqa: ARG001
    said = json.loads(sealed.encrypted("{}", PASSWORD, BOUND, CHANCE))
    with pytest.raises(InputError, match="passt nicht"):
        sealed.unsealed(wrapped(json.dumps({**said, name: value})), PASSWORD)


@pytest.mark.parametrize(
    ("name", "value"),
    [("format", 2), ("format", "1"), ("rounds", "600000"), ("rounds", 0), ("salt", "AA=A"), ("data", ""), ("more", 1)],
)
def test_what_is_not_of_the_format_is_damaged(quick: None, name: str, value: object) -> None:  # noqa: ARG001
    said = json.loads(sealed.encrypted("{}", PASSWORD, BOUND, CHANCE))
    with pytest.raises(InputError):
        sealed.unsealed(wrapped(json.dumps({**said, name: value})), PASSWORD)


@pytest.mark.parametrize("others", ["", wrapped("{}") * 2])
def test_a_page_without_one_sealed_island_says_so(plain: str, others: str) -> None:
    with pytest.raises(InputError, match="keine verschlüsselten Daten") as refused:
        sealed.unsealed(plain + others, PASSWORD)
    assert refused.value.hint


def test_a_weak_password_seals_nothing() -> None:
    with pytest.raises(InputError, match="zu kurz"):
        sealed.sealed(phase_map(drawn()), "geheim", BOUND)


def test_elements_of_the_users_own_would_stay_readable_and_are_refused() -> None:
    made = phase_map(drawn())
    folium.Marker([51.0, 7.0], popup="Baubüro").add_to(made)
    with pytest.raises(OutputError, match="unverschlüsselt"):
        sealed.sealed(made, PASSWORD, BOUND)


def test_what_the_page_opens_in_its_own_tests_opens_here() -> None:
    golden = json.loads(GOLDEN.read_text(encoding="utf-8"))
    data = json.dumps(golden["sealed"], separators=(",", ":"))
    assert sealed.unsealed(wrapped(data), golden["password"]) == golden["text"]
    assert sealed.unsealed(wrapped(data), unicodedata.normalize("NFC", golden["password"])) == golden["text"]


def test_a_plain_page_carries_nothing_of_it_and_a_sealed_one_little_more(page: str, plain: str) -> None:
    assert "unseal" not in plain
    assert "rollout-password" not in plain
    data = re.search(r'id="rollout-data">(.*?)</script>', plain)
    assert data is not None
    shell = len(plain.encode()) - len(data.group(1).encode())
    assert 0 < len(ISLAND.sub(r"\1\2", page).encode()) - shell < 7_000


def test_the_leak_check_looks_inside_with_code_of_its_own(page: str) -> None:
    files = {"karte.html": page.encode()}
    whole, hidden = drawn(), forbidden(drawn(), drawn("Zederngasse", "anders"))
    assert {"Kabelweg 7", "Birkenweg 17"} & {leak.found for leak in leaks(files, hidden, f"{PASSWORD} ")}
    assert leaks(files, forbidden(whole, whole), PASSWORD) == []


@pytest.mark.parametrize("wrong", [None, "", "diamant"])
def test_a_sealed_page_that_cannot_be_looked_into_is_not_given_away(page: str, wrong: str | None) -> None:
    with pytest.raises(OutputError, match="lässt sich zur Prüfung nicht öffnen: das Passwort"):
        leaks({"karte.html": page.encode()}, forbidden(drawn(), drawn()), wrong)
