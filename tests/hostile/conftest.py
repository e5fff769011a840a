"""A trap: a server on this machine that counts who calls, and a file that must not be read."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from rollout.layers import Reading, read_layer
from rollout.project import parse_project


class Trap:
    def __init__(self) -> None:
        self.calls: list[str] = []
        trap = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                trap.calls.append(self.path)
                self.send_response(404)
                self.end_headers()

            do_HEAD = do_POST = do_GET  # noqa: N815 - the server's names

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def listening() -> Iterator[Trap]:
    """A trap that counts and says nothing."""
    trap = Trap()
    thread = threading.Thread(target=trap.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield trap
    trap.server.shutdown()
    thread.join()
    trap.server.server_close()


@pytest.fixture
def trap(listening: Trap) -> Iterator[Trap]:
    """Fails the test at its end if anything has called."""
    yield listening
    assert listening.calls == []


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A file whose content must appear nowhere."""
    path = tmp_path / "geheim.csv"
    path.write_text("target_id,x,y\nGEHEIM,7.0,51.0\n")
    return path


@pytest.fixture
def read(tmp_path: Path) -> Callable[[Path | str], Reading]:
    def call(path: Path | str) -> Reading:
        names = ("districts", "nodes", "segments", "targets")
        said: dict[str, Any] = {
            "format": 1,
            "name": "x",
            "municipality": "x",
            "as_of": "2022-03-28",
            "place": {"west": 6, "south": 50, "east": 8, "north": 52},
            "programmes": [{"id": "haupt", "name": "x"}],
            "layers": {name: {"path": str(path)} for name in names},
        }
        return read_layer(parse_project(said, tmp_path / "rollout.toml"), "targets")

    return call
