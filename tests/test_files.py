"""Files are written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from filelock import FileLock

from rollout.errors import OutputError
from rollout.files import replace_folder, write_file, write_together


def test_files_appear_together_with_their_folders(tmp_path: Path) -> None:
    written = write_together(tmp_path / "maps", {"a.html": b"a", "tabellen/b.csv": b"b"})
    assert [path.read_bytes() for path in written] == [b"a", b"b"]
    assert sorted(path.name for path in (tmp_path / "maps").iterdir()) == [".rollout.lock", "a.html", "tabellen"]


def test_a_fault_while_writing_leaves_every_earlier_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_together(tmp_path, {"a": b"old a", "b": b"old b"})
    calls = []

    def full(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) == 2:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match="No space left"):
        write_together(tmp_path, {"a": b"new a", "b": b"new b"})
    assert (tmp_path / "a").read_bytes() == b"old a"
    assert (tmp_path / "b").read_bytes() == b"old b"
    assert not (tmp_path / ".rollout-neu").exists()


def test_a_second_run_in_the_same_folder_is_told_to_wait(tmp_path: Path) -> None:
    with FileLock(tmp_path / ".rollout.lock"), pytest.raises(OutputError, match="anderer Lauf") as caught:
        write_together(tmp_path, {"a": b"a"})
    assert caught.value.exit_code == 5
    assert not (tmp_path / "a").exists()


def test_what_a_killed_run_left_is_swept_away(tmp_path: Path) -> None:
    (tmp_path / ".rollout-neu").mkdir()
    (tmp_path / ".rollout-neu" / "half").write_bytes(b"ha")
    write_together(tmp_path, {"a": b"a"})
    assert not (tmp_path / ".rollout-neu").exists()


def test_a_single_file_replaces_the_earlier_one_and_leaves_no_draft(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    write_file(path, b"1")
    write_file(path, b"2")
    assert path.read_bytes() == b"2"
    assert [entry.name for entry in tmp_path.iterdir()] == ["t.csv"]


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="gibt es nicht"):
        write_file(tmp_path / "nowhere" / "t.csv", b"1")


def test_a_name_that_is_a_folder_is_an_output_error(tmp_path: Path) -> None:
    (tmp_path / "t.csv").mkdir()
    with pytest.raises(OutputError, match=r"t\.csv"):
        write_file(tmp_path / "t.csv", b"1")
    with pytest.raises(OutputError, match=r"t\.csv"):
        write_together(tmp_path, {"t.csv": b"1"})


def test_a_folder_holds_what_it_was_given_and_nothing_of_before(tmp_path: Path) -> None:
    folder = replace_folder(tmp_path / "paket", {"a.txt": b"1", "b/c.txt": b"2"})
    replace_folder(folder, {"a.txt": b"3"})
    assert [(path.name, path.read_bytes()) for path in folder.rglob("*")] == [("a.txt", b"3")]
    assert {entry.name for entry in tmp_path.iterdir()} <= {"paket", ".rollout.lock"}


def test_a_folder_is_not_replaced_while_another_run_writes_beside_it(tmp_path: Path) -> None:
    with FileLock(tmp_path / ".rollout.lock"), pytest.raises(OutputError, match="ein anderer Lauf"):
        replace_folder(tmp_path / "paket", {"a.txt": b"1"})


def test_a_folder_around_that_is_not_there_or_no_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="gibt es nicht"):
        replace_folder(tmp_path / "nowhere" / "paket", {})
    with pytest.raises(OutputError, match="lässt sich nicht schreiben"):
        replace_folder(tmp_path / "paket", {"a": b"", "a/b": b""})
    assert not (tmp_path / "paket").exists()
