"""`rollout synthetic`: the bundled project's layers and deliveries, made again by the command."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from rollout.synthetic.city import City

Invoke = Callable[..., int]


def test_the_command_writes_the_stored_files_again(
    stored: Path, city: City, tmp_path: Path, invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Making the city is tested beside; here it is handed over, since it takes a while.
    monkeypatch.setattr("rollout.synthetic.city.make_city", lambda *_: city)
    shutil.copytree(stored / "base", tmp_path / "base")
    assert invoke("synthetic", tmp_path) == 0
    made = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(made) > 25
    for path in made:
        assert path.read_bytes() == (stored / path.relative_to(tmp_path)).read_bytes(), path.name


def test_a_missing_base_is_named(tmp_path: Path, invoke: Invoke, capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke("synthetic", tmp_path) == 3
    assert "stadtgrenze_vg250.geojson" in capsys.readouterr().err
