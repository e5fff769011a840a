"""Pages: built, weighed and opened against the usual ways to draw the same layers."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page, Route, sync_playwright

import rollout
from benchmarks.ratio import Ratio, medians, seconds
from benchmarks.rivals import explored, feature_by_feature, page_layers

ROOT = Path(__file__).parents[1]
LEAFLET = ROOT / "rollout" / "cartography" / "vendor" / "leaflet"
CITY_PAGE_LIMIT_KB = 450
FRAME_MS = 16
TYPED = ("Am Birkenkamp 21", "birkenbuecheler ring 198", "realschule", "AN-01402", "Gibtesnichtgasse 1")
PHASE = "2"

# Where the rivals ask ten files from outside, Leaflet is handed over from disk, and in place of jQuery and
# Bootstrap three lines that do what a popup needs: both are kinder to the rivals than the real files.
_STAND_IN = """
window.$ = window.jQuery = html => {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content.children;
};
"""

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


def measure() -> list[Ratio]:
    """Build, weigh and open one phase page and the city page against both rivals."""
    state = rollout.state(rollout.open_project(ROOT))
    return [*_built_and_weighed(state), *_opened(state)]


def _built_and_weighed(state: rollout.State) -> list[Ratio]:
    layers = page_layers(state, PHASE)
    finished = rollout.phase_map(state, PHASE).html()
    ours, naive, explore = medians(
        seconds(lambda: rollout.phase_map(state, PHASE).html()),
        seconds(lambda: feature_by_feature(layers)),
        seconds(lambda: explored(layers)),
    )
    sizes = [len(text.encode()) / 1000 for text in (finished, feature_by_feature(layers), explored(layers))]
    city = len(rollout.phase_map(state).html().encode()) / 1000
    return [
        Ratio("phase page, built", "Folium, a popup per feature", ours, naive, "s", 1 / 60),
        Ratio("phase page, built", "geopandas.explore()", ours, explore, "s", 1 / 25),
        Ratio("phase page, size", "Folium, a popup per feature", sizes[0], sizes[1], "kB", 1 / 12),
        Ratio("phase page, size", "geopandas.explore()", sizes[0], sizes[2], "kB", 1 / 4),
        Ratio("city page, size", f"{CITY_PAGE_LIMIT_KB} kB", city, CITY_PAGE_LIMIT_KB, "kB", 1),
    ]


def _opened(state: rollout.State) -> list[Ratio]:
    layers = page_layers(state, None)
    pages = {
        "ours": rollout.phase_map(state).html(),
        "naive": feature_by_feature(layers),
        "explore": explored(layers),
    }
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        for name, text in pages.items():
            (Path(folder) / f"{name}.html").write_text(text, encoding="utf-8")
        browser = playwright.chromium.launch(channel=None, executable_path=_chromium(), args=["--no-sandbox"])
        ours, naive, explore = medians(*(_opener(browser, Path(folder) / f"{name}.html") for name in pages))
        slowest = _slowest_keystroke(browser, Path(folder) / "ours.html")
        browser.close()
    return [
        Ratio("city page, usable", "Folium, a popup per feature", ours, naive, "ms", 1 / 2),
        Ratio("city page, usable", "geopandas.explore()", ours, explore, "ms", 1 / 2),
        Ratio("city page, keystroke in the search", "one frame of the screen", slowest, FRAME_MS, "ms", 1),
    ]


def _slowest_keystroke(browser: Browser, path: Path) -> float:
    """Type addresses letter by letter; of each letter the median counts, and of these the slowest."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, bypass_csp=True)
    page: Page = context.new_page()
    page.goto(path.as_uri())
    page.locator("body[data-ready=true]").wait_for()
    slowest = float(page.evaluate(_TYPED, list(TYPED)))
    context.close()
    return slowest


def _chromium() -> str:
    import shutil  # noqa: PLC0415

    found = next((path for name in ("chromium", "google-chrome", "msedge") if (path := shutil.which(name))), None)
    if found is None:
        msg = "no Chromium, Chrome or Edge on this system; install one to measure how fast pages open"
        raise SystemExit(msg)
    return found


def _opener(browser: Browser, path: Path):  # noqa: ANN202
    def opened() -> float:
        context = browser.new_context(viewport={"width": 1440, "height": 900}, bypass_csp=True)
        page: Page = context.new_page()
        page.route("http*://**", _from_disk)
        page.goto(path.as_uri(), wait_until="commit")
        usable = float(page.evaluate(_WHEN_USABLE))
        context.close()
        return usable

    return opened


def _from_disk(route: Route) -> None:
    address = route.request.url
    if address.endswith(("leaflet.js", "leaflet.css")):
        route.fulfill(path=LEAFLET / address.rsplit("/", 1)[1])
    elif "jquery" in address:
        route.fulfill(body=_STAND_IN, content_type="text/javascript")
    else:
        route.fulfill(body="", content_type="text/css" if address.endswith(".css") else "text/javascript")
