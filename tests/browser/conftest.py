"""A real browser, from disk and without network; it is found, fetched, or asked for, and never skipped."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Error, Page, Playwright, sync_playwright

from rollout.printing.browser import installed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Route

    from rollout.analysis.state import State
    from rollout.cartography import PhaseMap

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
]
ASK = "Kein Browser gefunden: installieren Sie Chromium, Chrome oder Edge, oder: python -m playwright install chromium"


def _fetched_by_apt() -> str | None:
    if not shutil.which("apt-get") or not hasattr(os, "geteuid") or os.geteuid() != 0:
        return None
    for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "chromium"]):
        subprocess.run(command, check=False, capture_output=True)
    return installed()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser_path(playwright: Playwright) -> str:
    found = installed() or _fetched_by_apt()
    if found is None:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False, capture_output=True)
    return found or playwright.chromium.executable_path


@pytest.fixture(scope="session")
def browser(playwright: Playwright, browser_path: str) -> Iterator[Browser]:
    try:
        running = playwright.chromium.launch(executable_path=browser_path, args=FLAGS)
    except Error as error:
        pytest.fail(f"{ASK}\n{error}", pytrace=False)
    yield running
    running.close()


@dataclass
class Opened:
    """A page that is open, and everything it did that it should not."""

    page: Page
    faults: list[str] = field(default_factory=list)

    def pixel(self, latitude: float, longitude: float) -> tuple[float, float]:
        place = self.page.evaluate("place => rollout.locate(...place)", [latitude, longitude])
        box = self.page.locator(".rollout-map").bounding_box()
        assert box is not None
        return box["x"] + place["x"], box["y"] + place["y"]

    def look(self, latitude: float, longitude: float, zoom: float) -> None:
        self.page.evaluate("view => rollout.look(...view)", [latitude, longitude, zoom])

    def picture(self) -> bytes:
        return self.page.locator(".rollout-map").screenshot()


@pytest.fixture
def open_page(browser: Browser, tmp_path: Path) -> Iterator[Callable[..., Opened]]:
    """Open a page from disk; whatever it asks for, says or throws is a fault, and any fault fails the test."""
    contexts = []
    every: list[Opened] = []

    def open_(made: PhaseMap, width: int = 1280, height: int = 800, hash: str = "", **options: object) -> Opened:  # noqa: A002 - what an address calls it
        file = tmp_path / f"karte{len(every)}.html"
        made.save(file)
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        opened = Opened(context.new_page())
        every.append(opened)
        _trap(opened, file.as_uri())
        opened.page.goto(file.as_uri() + (f"#{hash}" if hash else ""))
        opened.page.locator("body.settled").wait_for()
        return opened

    yield open_
    for context in contexts:
        context.close()
    assert [opened.faults for opened in every] == [[] for _ in every]


def _trap(opened: Opened, address: str) -> None:
    page, faults = opened.page, opened.faults

    def ask(route: Route) -> None:
        if route.request.url.split("#")[0] == address:
            route.continue_()
        elif not route.request.url.startswith("data:"):
            faults.append(f"request {route.request.url}")
            route.abort()

    page.route("**/*", ask)
    page.on("console", lambda message: faults.append(f"console {message.text}"))
    page.on("pageerror", lambda error: faults.append(f"error {error}"))
    page.on("dialog", lambda dialog: (faults.append(f"dialog {dialog.message}"), dialog.dismiss()))


def _made_city() -> ModuleType:
    path = Path(__file__).parents[1] / "cartography" / "conftest.py"
    spec = importlib.util.spec_from_file_location("made_city", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def made_city() -> ModuleType:
    return _made_city()


@pytest.fixture(scope="session")
def state(made_city: ModuleType) -> State:
    found: State = made_city.made_state()
    return found


@pytest.fixture(scope="session")
def courses(replayed: Path) -> Callable[[str | None], PhaseMap]:
    """Pages of the bundled city that show every day of its course."""
    from rollout import open_project, standing  # noqa: PLC0415 - most pages need no deliveries
    from rollout import state as state_of  # noqa: PLC0415 - as above
    from rollout.cartography import Additions, phase_map  # noqa: PLC0415 - as above

    known = state_of(open_project(replayed))
    additions = Additions(course=standing.course_of(known))
    return lambda phase: phase_map(known, phase, additions=additions)
