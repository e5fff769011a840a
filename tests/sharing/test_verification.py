"""A package is good, or every fault of it is named: whatever one byte, one file or one name it is."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rollout.sharing.manifest import MANIFEST, README, SIGNATURE, About, manifest_of, written
from rollout.sharing.packages import comment_of, packed
from rollout.sharing.refusal import KeyFileError
from rollout.sharing.signature import public_key_text, sign
from rollout.sharing.verification import Check, Verdict, verified
from tests.small_package import ABOUT, DAY, FILES, KEY, OTHER_KEY, PUBLIC

Package = dict[str, bytes]
PACKAGE = packed(FILES, ABOUT, KEY)


def _look(files: Package, today: dt.date = DAY, **more: object) -> Verdict:
    return verified(files, PUBLIC, today=today, **more)


def _failed(verdict: Verdict) -> list[Check]:
    return [outcome.check for outcome in verdict.outcomes if not outcome.passed]


def _said(verdict: Verdict, check: Check) -> str:
    return next(outcome.sentence for outcome in verdict.outcomes if outcome.check is check)


def test_a_package_as_it_was_made_is_good() -> None:
    verdict = _look(PACKAGE)
    assert verdict.is_good
    assert verdict.is_genuine
    assert verdict.sentence == "Das Paket ist echt, vollständig und in Kraft."
    assert [outcome.check for outcome in verdict.outcomes] == list(Check)
    assert KEY.public.name in _said(verdict, Check.SIGNATURE)
    assert KEY.public.fingerprint in _said(verdict, Check.SIGNATURE)
    assert "Energieversorgung Kleinstadt: Stand 28.03.2022, Ausgabe 1." in _said(verdict, Check.CONTENTS)


@settings(max_examples=400)
@given(data=st.data())
def test_one_changed_byte_anywhere_is_found(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from([name for name in PACKAGE if PACKAGE[name]]))
    content = bytearray(PACKAGE[name])
    content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    verdict = _look({**PACKAGE, name: bytes(content)})
    assert not verdict.is_genuine
    if name in {*FILES, README}:
        assert verdict.differences is not None
        assert verdict.differences.changed == (name,)
        assert f"1 Datei ist verändert: '{name}'." in _said(verdict, Check.FILES)


@given(data=st.data())
def test_bytes_put_in_or_left_out_anywhere_are_found(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from([*PACKAGE]))
    content, place = PACKAGE[name], data.draw(st.integers(0, len(PACKAGE[name])))
    longer = content[:place] + data.draw(st.binary(min_size=1, max_size=4)) + content[place:]
    shorter = content[:place] + content[place + data.draw(st.integers(1, 4)) :]
    for changed in (longer, shorter):
        assert _look({**PACKAGE, name: changed}).is_genuine == (changed == content)


@given(name=st.text(min_size=1, max_size=12).filter(lambda name: name not in PACKAGE), content=st.binary(max_size=5))
def test_an_added_file_is_found_and_named(name: str, content: bytes) -> None:
    verdict = _look({**PACKAGE, name: content})
    assert verdict.differences is not None
    assert verdict.differences.extra == (name,)
    assert "1 Datei gehört nicht dazu" in _said(verdict, Check.FILES)
    assert all(outcome.sentence.isprintable() for outcome in verdict.outcomes)


@pytest.mark.parametrize("name", PACKAGE)
def test_a_file_that_was_taken_out_is_found(name: str) -> None:
    verdict = _look({other: content for other, content in PACKAGE.items() if other != name})
    assert not verdict.is_genuine
    assert any(name in outcome.sentence for outcome in verdict.outcomes if not outcome.passed)


@pytest.mark.parametrize("name", [*FILES, README])
def test_a_renamed_file_is_found_with_both_names(name: str) -> None:
    renamed = {("neu.html" if other == name else other): content for other, content in PACKAGE.items()}
    verdict = _look(renamed)
    assert verdict.differences is not None
    assert verdict.differences.renamed == {name: "neu.html"}
    assert _said(verdict, Check.FILES) == f"'{name}' heißt jetzt 'neu.html'."


def test_two_files_that_changed_places_are_found() -> None:
    one, other = "index.html", "bauabschnitt-1.html"
    verdict = _look({**PACKAGE, one: PACKAGE[other], other: PACKAGE[one]})
    assert _said(verdict, Check.FILES) == "2 Dateien sind verändert: 'bauabschnitt-1.html', 'index.html'."


def test_many_faults_are_counted_and_the_first_are_named() -> None:
    verdict = _look({**PACKAGE, **{f"neu{number:02}": bytes([number]) for number in range(12)}})
    assert "12 Dateien gehören nicht dazu: 'neu00'," in _said(verdict, Check.FILES)
    assert "'neu09' und 2 weitere." in _said(verdict, Check.FILES)


def test_a_package_signed_by_another_key_is_not_genuine() -> None:
    verdict = _look(packed(FILES, ABOUT, OTHER_KEY))
    assert _failed(verdict) == [Check.SIGNATURE]
    assert OTHER_KEY.public.name in _said(verdict, Check.SIGNATURE)
    assert verdict.sentence.endswith("Verwenden Sie es nicht.")


def test_a_file_swapped_together_with_its_hash_is_found() -> None:
    forged = manifest_of({**FILES, "index.html": b"falsch"}, ABOUT, "rollout 0.1.0")
    verdict = _look({**PACKAGE, "index.html": b"falsch", MANIFEST: written(forged)})
    assert Check.SIGNATURE in _failed(verdict)


def test_the_signature_of_another_package_of_the_same_sender_is_found() -> None:
    other = packed(FILES, ABOUT.model_copy(update={"release": 2}), KEY)
    assert _failed(_look({**PACKAGE, SIGNATURE: other[SIGNATURE]})) == [Check.SIGNATURE]


def test_a_comment_of_the_same_key_that_names_another_package_is_found() -> None:
    comment = comment_of(ABOUT.model_copy(update={"audience": "city"}), PACKAGE[MANIFEST])
    verdict = _look({**PACKAGE, SIGNATURE: sign(PACKAGE[MANIFEST], KEY, comment).encode()})
    assert "nennt ein anderes Paket" in _said(verdict, Check.SIGNATURE)


def test_a_signed_manifest_of_an_unknown_form_is_said_as_such() -> None:
    manifest = PACKAGE[MANIFEST].replace(b'"format": 1', b'"format": 2')
    verdict = _look({**PACKAGE, MANIFEST: manifest, SIGNATURE: sign(manifest, KEY, "neuer").encode()})
    assert _failed(verdict) == [Check.CONTENTS]
    assert not verdict.is_genuine
    assert verdict.as_object()["package"] is None


def test_without_a_key_the_files_are_compared_and_the_verdict_says_what_is_missing() -> None:
    verdict = verified(PACKAGE, None, today=DAY)
    assert (verdict.is_good, verdict.is_genuine) == (False, False)
    assert verdict.sentence == "Die Dateien passen zueinander, aber von wem sie stammen, ist nicht geprüft."
    changed = verified({**PACKAGE, "index.html": b""}, None, today=DAY)
    assert changed.sentence.endswith("Verwenden Sie es nicht.")


def test_what_is_no_public_key_is_an_error_of_whoever_gave_it() -> None:
    with pytest.raises(KeyFileError, match="kein öffentlicher Schlüssel"):
        verified(PACKAGE, "RWirgendwas", today=DAY)


@pytest.mark.parametrize(
    ("today", "said"),
    [
        (dt.date(2022, 3, 27), "Gilt erst ab 28.03.2022"),
        (dt.date(2022, 6, 29), "Abgelaufen seit 1 Tag: gültig bis 28.06.2022."),
        (dt.date(2022, 7, 8), "Abgelaufen seit 10 Tagen: gültig bis 28.06.2022."),
    ],
)
def test_a_package_out_of_its_time_is_genuine_but_not_good(today: dt.date, said: str) -> None:
    verdict = _look(PACKAGE, today)
    assert said in _said(verdict, Check.VALIDITY)
    assert (verdict.is_genuine, verdict.is_good) == (True, False)
    assert verdict.sentence == "Das Paket ist echt und vollständig, aber nicht zu verwenden."


@pytest.mark.parametrize("today", [ABOUT.as_of, ABOUT.valid_until])
def test_the_first_and_the_last_day_are_in_its_time(today: dt.date) -> None:
    assert _look(PACKAGE, today).is_good


def _release(**change: object) -> Package:
    return packed(FILES, About(**{**ABOUT.model_dump(), **change}), KEY)


YOUNGER = _release(as_of=dt.date(2022, 3, 31))


def test_a_younger_package_beside_it_replaces_it_and_the_youngest_is_named_first() -> None:
    beside = {"april": YOUNGER, "zweite": _release(release=2), "gleich": PACKAGE, "zu": None}
    verdict = _look(PACKAGE, beside=beside)
    assert verdict.newer == ("april", "zweite")
    assert "'april' daneben (Stand 31.03.2022, Ausgabe 1)" in _said(verdict, Check.NEWEST)
    assert (verdict.is_genuine, verdict.is_good) == (True, False)


@pytest.mark.parametrize(
    "other",
    [
        PACKAGE,
        _release(as_of=dt.date(2022, 3, 1)),
        _release(as_of=dt.date(2022, 3, 31), audience="council"),
        _release(as_of=dt.date(2022, 3, 31), project="Andere Stadt"),
        packed(FILES, ABOUT.model_copy(update={"as_of": dt.date(2022, 3, 31)}), OTHER_KEY),
        {**YOUNGER, MANIFEST: YOUNGER[MANIFEST] + b" "},
        {MANIFEST: YOUNGER[MANIFEST]},
        {SIGNATURE: YOUNGER[SIGNATURE]},
    ],
    ids=["itself", "older", "audience", "project", "forged", "changed", "unsigned", "empty"],
)
def test_no_other_package_replaces_it(other: Package) -> None:
    assert _look(PACKAGE, beside={"anderes": other}).is_good


def test_packages_that_could_not_be_read_are_counted() -> None:
    verdict = _look(PACKAGE, beside={"a": None, "b": None})
    assert _said(verdict, Check.NEWEST) == "Kein neueres Paket daneben; 2 Pakete mit eigenem Passwort ungelesen."


def test_without_a_key_any_package_that_says_so_is_newer() -> None:
    assert verified(PACKAGE, None, today=DAY, beside={"april": YOUNGER}).newer == ("april",)


def test_a_verdict_as_json_names_every_file() -> None:
    files = {**PACKAGE, "index.html": b"", "neu": b"1"}
    said = _look({name: files[name] for name in files if name != "tabellen/leer.txt"}).as_object()
    assert said["differences"] == {
        "changed": ("index.html",),
        "missing": ("tabellen/leer.txt",),
        "extra": ("neu",),
        "renamed": {},
    }
    assert said["package"]["as_of"] == "2022-03-28"
    assert [check["check"] for check in said["checks"] if not check["passed"]] == ["files"]


def test_a_stand_as_known_on_a_day_is_said() -> None:
    known = _release(known_at=dt.date(2022, 3, 30))
    assert "Stand 28.03.2022, wie am 30.03.2022 bekannt," in _said(_look(known), Check.CONTENTS)


def test_a_known_key_in_two_lines_and_in_one_word_is_the_same() -> None:
    assert verified(PACKAGE, KEY.public.code, today=DAY) == verified(PACKAGE, public_key_text(KEY.public), today=DAY)
