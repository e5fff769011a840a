"""What is in a package, the same each time; its manifest written and read, also from a stranger."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rollout import pipeline
from rollout.audiences import Audience
from rollout.errors import OutputError
from rollout.project import open_project
from rollout.sharing.manifest import MANIFEST, README, SIGNATURE, About, about, manifest_of, read_manifest, written
from rollout.sharing.names import faults_of, spoken
from rollout.sharing.packages import packed
from rollout.sharing.readme import WIDTH, readme
from rollout.sharing.refusal import PackageError
from tests.small_package import ABOUT, FILES, KEY

PRODUCT = "rollout 0.1.0"
GOOD = json.loads(written(manifest_of(FILES, ABOUT, PRODUCT)))


def test_a_package_is_its_files_and_three_more(package: dict[str, bytes]) -> None:
    assert list(package) == sorted([*FILES, README, MANIFEST, SIGNATURE])
    assert {name: package[name] for name in FILES} == FILES


def test_the_same_inputs_give_the_same_bytes_whatever_their_order(package: dict[str, bytes]) -> None:
    assert packed(dict(reversed(FILES.items())), ABOUT, KEY) == package


def test_a_manifest_ends_with_a_line_feed_is_sorted_and_tells_no_maker(package: dict[str, bytes]) -> None:
    text = package[MANIFEST].decode()
    said = json.loads(text)
    assert text.endswith("}\n")
    assert list(said) == sorted(said) == ["about", "files", "format", "product"]
    assert [file["path"] for file in said["files"]] == sorted([*FILES, README])
    assert "known_at" not in said["about"]


def test_a_name_that_is_taken_is_refused_in_any_spelling() -> None:
    for name in ("LIESMICH.txt", "liesmich.TXT", "manifest.json"):
        with pytest.raises(OutputError, match="schon vergeben"):
            packed({name: b""}, ABOUT, KEY)


def test_a_name_that_leads_out_is_not_packed() -> None:
    with pytest.raises(OutputError, match=r"'\.\./a' führt aus dem Paket"):
        packed({"../a": b""}, ABOUT, KEY)


def test_what_a_package_is_comes_from_its_audience_and_state(tiny_project: Path) -> None:
    audience = Audience(title="EVL", recipient="Werk", purpose="Bau", valid_days=10)
    state = replace(pipeline.state(open_project(tiny_project)), known_at=dt.date(2022, 4, 2))
    made = about("evl", audience, state, rules=("Keine Namen.",), release=2)
    assert (made.project, made.audience, made.rules, made.release) == (
        "Glasfaser Kleinstadt",
        "evl",
        ("Keine Namen.",),
        2,
    )
    assert (made.as_of, made.known_at, made.valid_until) == (state.as_of, state.known_at, dt.date(2022, 4, 7))


TEXTS = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=60).filter(lambda text: text.strip())
NAMES = st.builds(
    "{}{}.{}".format,
    st.sampled_from(["", "tabellen/", "karten/alt/"]),
    st.text("abcäß -19", min_size=1, max_size=8),
    st.sampled_from(["html", "csv"]),
)


@given(
    files=st.dictionaries(NAMES, st.binary(max_size=20), max_size=6),
    recipient=TEXTS,
    rules=st.lists(TEXTS, max_size=3),
    known_at=st.none() | st.dates(),
    release=st.integers(1, 10_000),
)
def test_a_manifest_that_was_written_reads_as_it_was(
    files: dict[str, bytes], recipient: str, rules: list[str], known_at: dt.date | None, release: int
) -> None:
    assume(not faults_of(files))
    said = {**ABOUT.model_dump(), "recipient": recipient, "rules": tuple(rules), "known_at": known_at}
    manifest = manifest_of(files, About(**{**said, "release": release}), PRODUCT)
    assert read_manifest(written(manifest)) == manifest


def _changed(change: dict[str, Any]) -> bytes:
    return (json.dumps(GOOD | change, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()


def _files(*paths: str) -> dict[str, Any]:
    return {"files": [{"bytes": 0, "path": path, "sha256": "0" * 64} for path in paths]}


def _about(**change: object) -> dict[str, Any]:
    return {"about": GOOD["about"] | change}


HOSTILE = {
    "a path with ..": (_files("a/../../b"), "führt aus dem Paket hinaus"),
    "an absolute path": (_files("/etc/passwd"), "führt aus dem Paket hinaus"),
    "an empty path": (_files(""), "führt aus dem Paket hinaus"),
    "a folder": (_files("a/"), "führt aus dem Paket hinaus"),
    "a backslash": (_files("a\\b"), "ein Zeichen"),
    "a drive": (_files("c:b"), "ein Zeichen"),
    "a line break": (_files("a\nb"), "ein Zeichen"),
    "a change of direction": (_files("a\u202eb"), "ein Zeichen"),
    "a long path": (_files("a" * 201), "länger als 200"),
    "an umlaut of two letters": (_files("u\u0308.html"), "Umlaute aus zwei Zeichen"),
    "a device of Windows": (_files("Aux.html"), "unter Windows"),
    "a dot at the end": (_files("a./b"), "unter Windows"),
    "a space at the end": (_files("a "), "unter Windows"),
    "the same path twice": (_files("a", "a"), "mehrfach"),
    "two paths that are one on Windows": (_files("Straße", "STRASSE"), "mehrfach"),
    "a file that is a folder": (_files("a", "A/b"), "Datei und Ordner"),
    "the manifest itself": (_files("manifest.JSON"), "mehrfach"),
    "too many files": (_files(*(f"a{n}" for n in range(2001))), "files"),
    "a negative size": ({"files": [{"bytes": -1, "path": "a", "sha256": "0" * 64}]}, "mindestens 0"),
    "no hash": ({"files": [{"bytes": 0, "path": "a", "sha256": "0" * 63 + "G"}]}, "64 kleinen Hexadezimalziffern"),
    "a text for a number": ({"files": [{"bytes": "0", "path": "a", "sha256": "0" * 64}]}, "ganze Zahl"),
    "another format": ({"format": 2}, "format"),
    "an unknown entry": ({"macht": 1}, "unbekannter Eintrag"),
    "a moment for a day": (_about(as_of=1648425600), "as_of"),
    "a day that does not exist": (_about(as_of="2022-02-30"), "as_of"),
    "an end before the beginning": (_about(valid_until="2022-03-27"), "liegt vor as_of"),
    "an audience that is no name": (_about(audience="../evl"), "audience"),
    "an empty recipient": (_about(recipient=" "), "leer"),
}


@pytest.mark.parametrize(("change", "said"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_manifest_is_refused_with_its_fault(change: dict[str, Any], said: str) -> None:
    with pytest.raises(PackageError, match=said):
        read_manifest(_changed(change))


def test_the_manifest_those_are_made_of_is_good() -> None:
    assert _changed({}) == written(read_manifest(_changed({})))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "kein gültiges"),
        (b"\xff", "kein gültiges"),
        (b"[" * 100_000, "kein gültiges"),
        (b"[]", "kein gültiges"),
        (b" " * (2 * 1024**2 + 1), "größer als"),
        (_changed({}).replace(b'"format": 1', b'"format": 1, "format": 1'), "nicht so geschrieben"),
        (_changed({}).replace(b"\n", b"\r\n"), "nicht so geschrieben"),
        (_changed({}).rstrip(), "nicht so geschrieben"),
        (_changed({}).replace(b"EVL", b"\\u0045VL"), "nicht so geschrieben"),
    ],
)
def test_what_is_no_manifest_or_another_spelling_of_one_is_refused(content: bytes, said: str) -> None:
    with pytest.raises(PackageError, match=said):
        read_manifest(content)


def test_a_fault_says_nothing_that_a_terminal_obeys() -> None:
    with pytest.raises(PackageError) as refused:
        read_manifest(_changed(_files("a\x1b[2Jb", "c\u202ed")))
    assert refused.value.message.isprintable()
    assert spoken("a\x1b[2Jb") == "a\\x1b[2Jb"
    assert spoken("x" * 100) == "x" * 80 + "…"


def test_a_readme_says_all_that_a_receiver_needs() -> None:
    text = readme(FILES, ABOUT, "F85C5146DF60ABA4").decode("utf-8-sig")
    for said in (
        *("Energieversorgung Kleinstadt", "Bauplanung", "28.03.2022", "28.06.2022", "Keine Aktivierung."),
        *("index.html", "tabellen/fortschritt.csv", "F85C5146DF60ABA4"),
        *("rollout verify", "minisign -Vm MANIFEST.json", "certutil -hashfile", "7-Zip", "Mail-Gateways", "Korrektur"),
    ):
        assert said in text


def test_a_readme_has_windows_line_ends_and_short_lines() -> None:
    long_winded = ABOUT.model_copy(update={"recipient": "Amt für Tiefbau und Verkehr " * 10, "rules": ("Regel " * 40,)})
    content = readme(FILES, long_winded, KEY.public.name)
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\n") == content.count(b"\r\n") == content.count(b"\r")
    assert max(len(line) for line in content.decode("utf-8-sig").split("\r\n")) <= WIDTH


def test_a_readme_without_rules_has_no_heading_for_them() -> None:
    assert "Regeln" not in readme(FILES, ABOUT.model_copy(update={"rules": ()}), "A").decode()


def test_text_of_the_data_cannot_pass_for_a_line_of_the_readme() -> None:
    hostile = ABOUT.model_copy(
        update={"recipient": "EVL\r\nUnterschrieben hat der Schlüssel FALSCH.\u2028\u202e{0}", "rules": ("a\n\n- b",)}
    )
    lines = readme(FILES, hostile, "ECHT").decode("utf-8-sig").split("\r\n")
    assert [line for line in lines if line.startswith("Unterschrieben")] == ["Unterschrieben hat der Schlüssel ECHT."]
    assert "- a - b" in lines
    assert all(line.isprintable() for line in lines)
