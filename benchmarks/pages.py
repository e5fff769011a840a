"""Pages: built, weighed and opened against the usual ways to draw the same layers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import rollout
from benchmarks.browsing import FRAME_MS, blocker, browser_running, opener, slowest_keystroke, written
from benchmarks.ratio import Ratio, apart, medians
from benchmarks.rivals import explored, feature_by_feature, page_layers

ROOT = Path(__file__).parents[1]
CITY_PAGE_LIMIT_KB = 450
BLOCKED_LIMIT_MS = 100
TYPED = ("Am Birkenkamp 21", "birkenbuecheler ring 198", "realschule", "AN-01402", "Gibtesnichtgasse 1")
PHASE = "2"


def measure() -> list[Ratio]:
    """Build, weigh and open one phase page and the city page against both rivals."""
    state = rollout.state(rollout.open_project(ROOT))
    return [*_built_and_weighed(state), *_opened(state)]


def _built_and_weighed(state: rollout.State) -> list[Ratio]:
    layers = page_layers(state, PHASE)
    finished = rollout.phase_map(state, PHASE).html()
    with apart(_ours, _feature_by_feature, _explored) as contenders:
        ours, naive, explore = medians(*contenders)
    sizes = [len(text.encode()) / 1000 for text in (finished, feature_by_feature(layers), explored(layers))]
    city = len(rollout.phase_map(state).html().encode()) / 1000
    return [
        Ratio("phase page, built", "Folium, a popup per feature", ours, naive, "s", 1 / 60),
        Ratio("phase page, built", "geopandas.explore()", ours, explore, "s", 1 / 25),
        Ratio("phase page, size", "Folium, a popup per feature", sizes[0], sizes[1], "kB", 1 / 12),
        Ratio("phase page, size", "geopandas.explore()", sizes[0], sizes[2], "kB", 1 / 4),
        Ratio("city page, size", f"{CITY_PAGE_LIMIT_KB} kB", city, CITY_PAGE_LIMIT_KB, "kB", 1),
    ]


def _ours() -> Callable[[], object]:
    state = rollout.state(rollout.open_project(ROOT))
    return lambda: rollout.phase_map(state, PHASE).html()


def _feature_by_feature() -> Callable[[], object]:
    layers = page_layers(rollout.state(rollout.open_project(ROOT)), PHASE)
    return lambda: feature_by_feature(layers)


def _explored() -> Callable[[], object]:
    layers = page_layers(rollout.state(rollout.open_project(ROOT)), PHASE)
    return lambda: explored(layers)


def _opened(state: rollout.State) -> list[Ratio]:
    layers = page_layers(state, None)
    pages = {
        "ours": rollout.phase_map(state).html(),
        "naive": feature_by_feature(layers),
        "explore": explored(layers),
    }
    with TemporaryDirectory() as folder, browser_running() as browser:
        paths = [written(folder, name, text) for name, text in pages.items()]
        ours, naive, explore = medians(*(opener(browser, path) for path in paths), rounds=9)
        (blocked,) = medians(blocker(browser, paths[0]))
        whole = medians(*(blocker(browser, path, whole=True) for path in (paths[0], paths[2])))
        slowest = slowest_keystroke(browser, paths[0], TYPED)
    return [
        Ratio("city page, usable", "Folium, a popup per feature", ours, naive, "ms", 1 / 4),
        Ratio("city page, usable", "geopandas.explore()", ours, explore, "ms", 1 / 2),
        Ratio("city page, blocked beyond 50 ms", f"{BLOCKED_LIMIT_MS} ms", blocked, BLOCKED_LIMIT_MS, "ms", 1),
        Ratio("city page, long tasks whole", "geopandas.explore()", *whole, "ms", 1 / 2),
        Ratio("city page, keystroke in the search", "one frame of the screen", slowest, FRAME_MS, "ms", 1),
    ]
