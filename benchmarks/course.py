"""The course of every status in the page: its weight, and a step of the slider."""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from pathlib import Path
from statistics import median

import rollout
from benchmarks.browsing import browser_running
from benchmarks.ratio import Ratio
from benchmarks.replay import _OWN, BUNDLED, replay
from rollout import standing
from rollout.cartography import Additions

AFTER_THE_LAST = dt.date(2022, 12, 31)
STEP_MS = 50
MOST_BYTES = 1.5

_STEPS = """
() => {
  const slider = document.querySelector("#rollout-time input");
  const step = key => {
    const start = performance.now();
    slider.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    document.body.offsetHeight;
    return performance.now() - start;
  };
  return Array.from({ length: 48 }, (_, i) => step(i % 12 < 6 ? "ArrowLeft" : "ArrowRight"));
}
"""


def measure() -> list[Ratio]:
    """Replay all bundled deliveries in a copy, and draw the city with and without the way to its last day."""
    with tempfile.TemporaryDirectory() as temporary:
        copy = Path(shutil.copytree(BUNDLED, Path(temporary) / "leverkusen", ignore=_OWN))
        replay(copy)
        known = rollout.state(rollout.open_project(copy), AFTER_THE_LAST)
        told, plain = Additions(course=standing.course_of(known)), Additions()
        pages = [rollout.phase_map(known, additions=additions).html() for additions in (told, plain)]
        sizes = [len(text.encode()) / 1000 for text in pages]
        step = _step(pages[0], Path(temporary))
    return [
        Ratio("city page of 17 deliveries, size", "of the last state alone", *sizes, "kB", MOST_BYTES),
        Ratio("a step of the slider, city page", f"{STEP_MS} ms", step, STEP_MS, "ms", 1),
    ]


def _step(page: str, folder: Path) -> float:
    (folder / "page.html").write_text(page, encoding="utf-8")
    with browser_running() as browser:
        opened = browser.new_page(viewport={"width": 1440, "height": 900}, bypass_csp=True)
        opened.goto((folder / "page.html").as_uri())
        opened.locator("body[data-ready=true]").wait_for()
        took = median(opened.evaluate(_STEPS))
    return float(took)
