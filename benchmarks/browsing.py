"""How pages behave in a browser: when they can be used, how long they hold it up, how they answer and pan."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, Route, sync_playwright

ROOT = Path(__file__).parents[1]
NODE_MODULES = ROOT / "tests" / "javascript" / "node_modules"
SIZE = {"width": 1440, "height": 900}
FRAME_MS = 16
PATIENCE_MS = 600_000.0
OUTSIDE = re.compile(r"^https?://")

# What the rivals ask from outside: eight of Folium's ten files as published, handed over from disk at once, which is
# kinder than any network. Its glyphicons and its rule for turned icons are on no registry and come empty.
# Awesome-markers 2.0.2 is not either; 2.0.4 is the nearest that is.
_REAL_FILES = {
    "leaflet.js": "leaflet-of-folium/dist/leaflet.js",
    "leaflet.css": "leaflet-of-folium/dist/leaflet.css",
    "jquery-3.7.1.min.js": "jquery/dist/jquery.min.js",
    "bootstrap.bundle.min.js": "bootstrap/dist/js/bootstrap.bundle.min.js",
    "bootstrap.min.css": "bootstrap/dist/css/bootstrap.min.css",
    "leaflet.awesome-markers.js": "leaflet.awesome-markers/dist/leaflet.awesome-markers.js",
    "leaflet.awesome-markers.css": "leaflet.awesome-markers/dist/leaflet.awesome-markers.css",
    "all.min.css": "@fortawesome/fontawesome-free/css/all.min.css",
}

_OBSERVER = """
window.__tasks = [];
new PerformanceObserver(list => window.__tasks.push(...list.getEntries().map(task => task.duration)))
  .observe({ type: "longtask", buffered: true });
"""

# The same for all: everything is loaded and drawn, and two frames have been shown since.
_WHEN_USABLE = """
() => new Promise(done => {
  const settled = () => requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now())));
  const ours = document.querySelector('script[type="application/json"]');
  const ready = () => !ours || document.body.dataset.ready === "true";
  const wait = () => ready() && document.readyState === "complete" ? settled() : setTimeout(wait, 1);
  wait();
})
"""

_TYPED = """
async texts => {
  const field = document.getElementById("rollout-search");
  const idle = () => new Promise(done => requestIdleCallback(done));
  const typed = text => {
    field.value = text;
    const start = performance.now();
    field.dispatchEvent(new Event("input"));
    return performance.now() - start;
  };
  field.focus();
  for (let i = 0; i < 200; i += 1) await idle();
  const letters = texts.flatMap(text => [...text].map((_, i) => text.slice(0, i + 1)));
  const runs = Array.from({ length: 7 }, () => letters.map(typed));
  const medians = letters.map((_, i) => runs.map(run => run[i]).sort((a, b) => a - b)[3]);
  return Math.max(...medians);
}
"""

_COUNT_FRAMES = """
() => {
  window.__frames = [];
  const note = time => { window.__frames.push(time); requestAnimationFrame(note); };
  requestAnimationFrame(note);
}
"""

_STEPS = 90
_STEP_PIXELS = 6


@contextmanager
def browser_running() -> Iterator[Browser]:
    """Start the system's browser, and end it."""
    _refuse_without_files()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(channel=None, executable_path=_chromium(), args=["--no-sandbox"])
        yield browser
        browser.close()


def _chromium() -> str:
    found = next((path for name in ("chromium", "google-chrome", "msedge") if (path := shutil.which(name))), None)
    if found is None:
        msg = "no Chromium, Chrome or Edge on this system; install one to measure how fast pages open"
        raise SystemExit(msg)
    return found


def _refuse_without_files() -> None:
    missing = [file for file in _REAL_FILES.values() if not (NODE_MODULES / file).is_file()]
    if missing:
        msg = f"the rivals' {missing[0]} is missing; fetch it with `npm ci` in {NODE_MODULES.parent.relative_to(ROOT)}"
        raise SystemExit(msg)


@contextmanager
def _page(browser: Browser, path: Path, *, observed: bool = False) -> Iterator[Page]:
    """Open a page; one that throws or misses a file has not drawn what it is measured for, and ends the benchmark."""
    context = browser.new_context(viewport=SIZE, bypass_csp=True)
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(error.message))
    page.on("requestfailed", lambda request: errors.append(f"{request.url}: {request.failure}"))
    page.route(OUTSIDE, _from_disk)
    if observed:
        page.add_init_script(_OBSERVER)
    page.goto(path.as_uri(), wait_until="commit", timeout=PATIENCE_MS)
    yield page
    if errors:
        msg = f"{path.name} is not drawn as it should be: {errors[0]}"
        raise SystemExit(msg)
    context.close()


def _from_disk(route: Route) -> None:
    name = route.request.url.rsplit("/", 1)[1]
    if name in _REAL_FILES:
        route.fulfill(path=NODE_MODULES / _REAL_FILES[name])
    else:
        route.fulfill(body="", content_type="text/css" if name.endswith(".css") else "text/javascript")


def opener(browser: Browser, path: Path) -> Callable[[], float]:
    """Return a contender: milliseconds until the page can be used."""

    def opened() -> float:
        with _page(browser, path) as page:
            return float(page.evaluate(_WHEN_USABLE))

    return opened


def blocker(browser: Browser, path: Path, *, whole: bool = False) -> Callable[[], float]:
    """
    Return a contender: milliseconds the main thread is held up until a second after the page can be used.

    Of every task that is longer than 50 ms what is beyond that counts, as Lighthouse counts it; or, `whole`,
    all of the task.
    """

    def blocked() -> float:
        with _page(browser, path, observed=True) as page:
            page.evaluate(_WHEN_USABLE)
            page.wait_for_timeout(1000)
            tasks: list[float] = page.evaluate("window.__tasks")
        return sum(task if whole else task - 50 for task in tasks)

    return blocked


def slowest_keystroke(browser: Browser, path: Path, texts: Sequence[str]) -> float:
    """Type addresses letter by letter; of each letter the median counts, and of these the slowest."""
    with _page(browser, path) as page:
        page.locator("body[data-ready=true]").wait_for()
        return float(page.evaluate(_TYPED, list(texts)))


def frames_per_second(browser: Browser, path: Path) -> float:
    """Drag the map to and fro by hand, and count the frames that are shown while it moves."""
    with _page(browser, path) as page:
        page.evaluate(_WHEN_USABLE)
        page.wait_for_timeout(1500)
        page.mouse.move(900, 450)
        page.mouse.down()
        page.evaluate(_COUNT_FRAMES)
        for step in range(_STEPS):
            way = step if step < _STEPS // 2 else _STEPS - step
            page.mouse.move(900 - way * _STEP_PIXELS, 450 - way * 2)
        frames: list[float] = page.evaluate("window.__frames")
        page.mouse.up()
    return 1000 * (len(frames) - 1) / (frames[-1] - frames[0])


def heap_megabytes(browser: Browser, path: Path) -> float:
    """Return what the page's scripts hold once it can be used."""
    with _page(browser, path) as page:
        page.evaluate(_WHEN_USABLE)
        session = page.context.new_cdp_session(page)
        session.send("HeapProfiler.collectGarbage")
        used: float = session.send("Runtime.getHeapUsage")["usedSize"]
        held: float = session.send("Runtime.getHeapUsage").get("backingStorageSize", 0.0)
    return (used + held) / 1e6


def written(folder: str | os.PathLike[str], name: str, text: str) -> Path:
    """Write a page to be opened."""
    path = Path(folder) / f"{name}.html"
    path.write_text(text, encoding="utf-8")
    return path
