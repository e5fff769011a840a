"""`rollout verify` and `rollout keys` as a person calls them."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from rollout.sharing.keys import open_key
from rollout.sharing.packages import packed
from tests.small_package import ABOUT, FILES, KEY, PASSWORD, PUBLIC, save

Invoke = Callable[..., int]
Said = pytest.CaptureFixture[str]
ON = ("--on", "01.04.2022")


@pytest.fixture
def key(tmp_path: Path) -> Path:
    path = tmp_path / "schluessel" / "rollout.pub"
    path.parent.mkdir()
    path.write_text(PUBLIC, encoding="utf-8")
    return path


@pytest.fixture
def sent(tmp_path: Path) -> Path:
    (tmp_path / "eingang").mkdir()
    return tmp_path / "eingang"


PACKAGE = packed(FILES, ABOUT, KEY)


def test_a_good_package_is_said_to_be_good(invoke: Invoke, sent: Path, key: Path, capsys: Said) -> None:
    assert invoke("verify", save(PACKAGE, sent / "evl.zip"), "--key", key, *ON) == 0
    said = capsys.readouterr().out.splitlines()
    assert [line.split("  ")[0] for line in said[:-1]] == ["in Ordnung"] * 5
    assert said[-1] == "Das Paket ist echt, vollständig und in Kraft."


def test_a_folder_may_be_named_by_its_manifest_and_the_key_by_its_word(
    invoke: Invoke, sent: Path, capsys: Said
) -> None:
    path = save(PACKAGE, sent / "evl") / "MANIFEST.json"
    assert invoke("verify", path, "--key", KEY.public.code, *ON, "--quiet") == 0
    assert capsys.readouterr().out == "Das Paket ist echt, vollständig und in Kraft.\n"


def test_a_changed_file_is_named_and_ends_with_4(invoke: Invoke, sent: Path, key: Path, capsys: Said) -> None:
    path = save(PACKAGE, sent / "evl")
    (path / "index.html").write_bytes(b"falsch")
    assert invoke("verify", path, "--key", key, *ON, "--quiet") == 4
    assert capsys.readouterr().out.splitlines() == [
        "Mangel      1 Datei ist verändert: 'index.html'.",
        "Das Paket ist nicht so, wie es abgesandt wurde. Verwenden Sie es nicht.",
    ]


def test_without_a_key_the_way_to_one_is_said(invoke: Invoke, sent: Path, capsys: Said) -> None:
    assert invoke("verify", save(PACKAGE, sent / "evl"), *ON) == 4
    said = capsys.readouterr()
    assert "nicht geprüft" in said.out
    assert "--key" in said.err


def test_the_newer_package_beside_it_is_named_in_json(invoke: Invoke, sent: Path, key: Path, capsys: Said) -> None:
    newer = packed(FILES, ABOUT.model_copy(update={"release": 2}), KEY)
    save(newer, sent / "evl-2.zip")
    assert invoke("verify", save(PACKAGE, sent / "evl.zip"), "--key", key, *ON, "--json") == 4
    said = json.loads(capsys.readouterr().out)
    assert (said["genuine"], said["good"], said["newer"]) == (True, False, ["evl-2.zip"])


def test_without_a_day_it_is_today_and_that_package_has_expired(
    invoke: Invoke, sent: Path, key: Path, capsys: Said
) -> None:
    assert invoke("verify", save(PACKAGE, sent / "evl"), "--key", key) == 4
    assert "Abgelaufen seit" in capsys.readouterr().out


def test_the_password_comes_from_the_environment(
    invoke: Invoke, sent: Path, key: Path, monkeypatch: pytest.MonkeyPatch, capsys: Said
) -> None:
    path = save(PACKAGE, sent / "evl.zip", PASSWORD)
    monkeypatch.setenv("ROLLOUT_PASSWORD", PASSWORD)
    assert invoke("verify", path, "--key", key, *ON) == 0
    monkeypatch.setenv("ROLLOUT_PASSWORD", "falsch")
    assert invoke("verify", path, "--key", key, *ON, "--json") == 3
    said = capsys.readouterr().out
    assert "das Passwort von 'evl.zip' ist falsch" in said
    assert PASSWORD not in said


def test_a_password_that_nobody_can_be_asked_for_names_the_variable(
    invoke: Invoke, sent: Path, monkeypatch: pytest.MonkeyPatch, capsys: Said
) -> None:
    monkeypatch.delenv("ROLLOUT_PASSWORD", raising=False)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False)
    assert invoke("verify", save(PACKAGE, sent / "evl.zip", PASSWORD)) == 3
    assert "ROLLOUT_PASSWORD" in capsys.readouterr().err


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is typed at the prompts, in this order."""
    answers: list[str] = []
    for variable in ("ROLLOUT_PASSWORD", "ROLLOUT_KEY_PASSWORD"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr("getpass.getpass", lambda *_, **__: answers.pop(0))
    return answers


def test_a_password_is_asked_for(invoke: Invoke, sent: Path, key: Path, typed: list[str], capsys: Said) -> None:
    typed += [PASSWORD, ""]
    path = save(PACKAGE, sent / "evl.zip", PASSWORD)
    assert invoke("verify", path, "--key", key, *ON) == 0
    assert invoke("verify", path, "--key", key, *ON) == 3
    assert "kein Passwort eingegeben" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["fehlt.zip"], "fehlt.zip"),
        (["evl", "--key", "fehlt.pub"], "fehlt.pub"),
        (["evl", "--key", "evl/index.html"], "kein öffentlicher Schlüssel"),
    ],
)
def test_what_is_not_there_or_no_key_ends_with_3(
    invoke: Invoke, sent: Path, capsys: Said, arguments: list[str], said: str
) -> None:
    save(PACKAGE, sent / "evl")
    given = [argument if argument == "--key" else str(sent / argument) for argument in arguments]
    assert invoke("verify", *given) == 3
    assert said in capsys.readouterr().err


def test_keys_are_made_once_and_then_shown(invoke: Invoke, tiny_project: Path, capsys: Said) -> None:
    assert invoke("keys", tiny_project, "--no-password") == 0
    made = capsys.readouterr()
    folder = tiny_project / "schluessel"
    key = open_key(folder)
    for said in (key.public.name, key.public.fingerprint, key.public.code, "rollout.pub"):
        assert said in made.out
    assert "geben Sie die Datei nie weiter" in made.err
    assert invoke("keys", tiny_project) == 0
    assert capsys.readouterr() == (made.out, "")
    assert open_key(folder) == key


def test_keys_in_a_folder_of_ones_own_need_no_project(
    invoke: Invoke, tmp_path: Path, typed: list[str], capsys: Said
) -> None:
    typed += ["ein langes Passwort"] * 2
    assert invoke("keys", tmp_path, "--folder", tmp_path / "keys", "--json") == 0
    said = json.loads(capsys.readouterr().out)
    key = open_key(tmp_path / "keys", "ein langes Passwort")
    assert (said["key"], said["is_new"], said["is_protected"]) == (key.public.name, True, True)


def test_two_unlike_passwords_make_no_key(invoke: Invoke, tmp_path: Path, typed: list[str], capsys: Said) -> None:
    typed += ["ein langes Passwort", "ein langes Kenwort"]
    assert invoke("keys", tmp_path, "--folder", tmp_path / "keys") == 3
    assert "verschieden" in capsys.readouterr().err
    assert not (tmp_path / "keys").exists()


def test_the_password_of_a_key_comes_from_the_environment(
    invoke: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROLLOUT_KEY_PASSWORD", "kurz")
    assert invoke("keys", tmp_path, "--folder", tmp_path / "keys") == 5
