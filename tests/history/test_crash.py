"""A receiver that is killed, starved or crowded loses nothing and leaves no half; a naive one does."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

RECEIVER = Path(__file__).with_name("receiver.py")
ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs fork, SIGKILL and RLIMIT_FSIZE")


def found(what: str, who: str, folder: Path) -> dict[str, int]:
    command = [sys.executable, str(RECEIVER), what, who, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={"PYTHONPATH": str(ROOT)})
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_two_hundred_kills_lose_nothing_and_sending_again_is_harmless(tmp_path: Path) -> None:
    figures = found("kill", "store", tmp_path)
    assert figures["kills"] == 200
    assert figures["inside"] >= 150
    assert figures["acknowledged"] > 0
    faults = {name: figures[name] for name in ("unreadable", "lost", "half", "resent_wrong")}
    assert not any(faults.values()), faults


def test_a_receiver_that_commits_row_by_row_fails_the_same_test(tmp_path: Path) -> None:
    assert found("kill", "control", tmp_path)["half"] > 0


def test_a_full_disk_refuses_the_delivery_and_keeps_the_others(tmp_path: Path) -> None:
    figures = found("full", "store", tmp_path)
    assert figures["refused"] == figures["runs"] == 10
    assert figures["acknowledged"] > 0
    assert not any(figures[name] for name in ("unreadable", "lost", "half", "stuck")), figures


def test_a_full_disk_leaves_a_half_delivery_of_a_receiver_that_commits_row_by_row(tmp_path: Path) -> None:
    assert found("full", "control", tmp_path)["half"] > 0


def test_four_writers_at_once_all_arrive_while_readers_see_whole_deliveries(tmp_path: Path) -> None:
    figures = found("crowd", "store", tmp_path)
    assert figures["arrived"] == 240
    assert figures["reads"] > 0
    assert not any(figures[name] for name in ("half_reads", "unreadable", "lost", "half")), figures


def test_writers_that_begin_deferred_lose_deliveries(tmp_path: Path) -> None:
    assert found("crowd", "control", tmp_path)["arrived"] < 240
