"""Pages of a made-up county (50,000 segments, 40,000 targets) and of a state (500,000 and a million)."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import rollout
from benchmarks.browsing import (
    FRAME_MS,
    browser_running,
    frames_per_second,
    heap_megabytes,
    opener,
    slowest_keystroke,
    written,
)
from benchmarks.made import region
from benchmarks.ratio import Ratio, medians
from benchmarks.rivals import as_drawn, explored

ROOT = Path(__file__).parents[1]
COUNTY, STATE = (50_000, 40_000), (500_000, 1_000_000)
TYPED = ("Birkenstraße 17", "ahornweg ort 7", "AN-0012345", "51373", "Gibtesnichtgasse 1")
FRAMES = 30
STATE_OPEN_MS, STATE_FRAMES = 15_000.0, 15
EXPLORE = "geopandas.explore()"


def measure() -> list[Ratio]:
    """Build, weigh, open, search and pan the page of a county beside its rival, and open and pan that of a state."""
    city = rollout.state(rollout.open_project(ROOT))
    return [*_county(city), *_state(city)]


def _county(city: rollout.State) -> list[Ratio]:
    """The rival takes minutes where we take a second: it is measured once, we are measured as everywhere."""
    state = region(city, *COUNTY)
    layers = as_drawn(state)
    ours, page = _timed(lambda: rollout.phase_map(state).html(), rounds=3)
    theirs, rival = _timed(lambda: explored(layers), rounds=1)
    sizes = [len(text.encode()) / 1e6 for text in (page, rival)]
    with TemporaryDirectory() as folder, browser_running() as browser:
        path = written(folder, "ours", page)
        usable = medians(opener(browser, path), rounds=3)[0]
        rival_usable = opener(browser, written(folder, "explore", rival))()
        slowest = slowest_keystroke(browser, path, TYPED)
        frames = frames_per_second(browser, path)
    return [
        Ratio("county page, built (CPU)", EXPLORE, ours, theirs, "s", 1 / 25),
        Ratio("county page, size", EXPLORE, *sizes, "MB", 1 / 20),
        Ratio("county page, usable", EXPLORE, usable, rival_usable, "ms", 1 / 10),
        Ratio("county page, keystroke", "one frame of the screen", slowest, FRAME_MS, "ms", 1),
        Ratio("county page, panned", "ms of a frame, 30 a second", 1000 / frames, 1000 / FRAMES, "ms", 1),
    ]


def _state(city: rollout.State) -> list[Ratio]:
    """No rival of ours opens such a page at all; what is held against are limits of our own."""
    spent, page = _timed(lambda: rollout.phase_map(region(city, *STATE)).html(), rounds=1)
    print(f"state page: {len(page.encode()) / 1e6:.1f} MB, made up and built in {spent:.1f} s of CPU")
    with TemporaryDirectory() as folder, browser_running() as browser:
        path = written(folder, "state", page)
        usable = opener(browser, path)()
        frames = frames_per_second(browser, path)
        print(f"state page: {heap_megabytes(browser, path):.0f} MB held by its scripts")
    return [
        Ratio("state page, usable", "limit of our own", usable, STATE_OPEN_MS, "ms", 1),
        Ratio("state page, panned", "ms of a frame, 15 a second", 1000 / frames, 1000 / STATE_FRAMES, "ms", 1),
    ]


def _timed(work: Callable[[], str], *, rounds: int) -> tuple[float, str]:
    """Return the least CPU time of some rounds, and what was made."""
    spent, made = [], ""
    for _ in range(rounds):
        begun = time.process_time()
        made = work()
        spent.append(time.process_time() - begun)
    return min(spent), made
