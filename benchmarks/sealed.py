"""A sealed page against the plain one: its size, and how long it takes to open beside what the password costs."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser

import rollout
from benchmarks.browsing import ROOT, browser_running, opener
from benchmarks.ratio import Ratio, medians
from rollout.sharing.passphrases import generated
from rollout.sharing.sealed import ROUNDS, Bound, sealed

# The password is entered as soon as there is a field for it: what is measured is the machine, not the typist.
_WHEN_OPENED = """
password => new Promise(done => {
  const settled = () => requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now())));
  const opened = () => document.body.dataset.ready === "true" ? settled() : setTimeout(opened, 1);
  const asked = () => {
    const field = document.getElementById("rollout-password");
    if (field === null || document.readyState !== "complete") return setTimeout(asked, 1);
    field.value = password;
    field.form.requestSubmit();
    opened();
  };
  asked();
})
"""

_DERIVED = """
async ([password, iterations]) => {
  const text = new TextEncoder().encode(password);
  const start = performance.now();
  const secret = await crypto.subtle.importKey("raw", text, "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt: new Uint8Array(16), iterations };
  await crypto.subtle.deriveKey(how, secret, { name: "AES-GCM", length: 256 }, false, ["decrypt"]);
  return performance.now() - start;
}
"""


def measure() -> list[Ratio]:
    """Weigh and open the city page, plain and sealed."""
    state, password = rollout.state(rollout.open_project(ROOT)), generated()
    made = rollout.phase_map(state)
    texts = {"plain": made.html(), "sealed": sealed(made, password, Bound("city", state.as_of))}
    sizes = {name: len(text.encode()) / 1000 for name, text in texts.items()}
    ours, plain = _opened(texts, password)
    return [
        Ratio("sealed city page, size", "the plain page", sizes["sealed"], sizes["plain"], "kB", 1.4),
        Ratio("sealed city page, opened without key", "the plain page", ours, plain, "ms", 1.5),
    ]


def _opened(texts: dict[str, str], password: str) -> list[float]:
    with TemporaryDirectory() as folder, browser_running() as browser:
        for name, text in texts.items():
            (Path(folder) / f"{name}.html").write_text(text, encoding="utf-8")
        contenders: list[Callable[[], float]] = [
            partial(_unsealed, browser, Path(folder) / "sealed.html", password),
            opener(browser, Path(folder) / "plain.html"),
        ]
        return medians(*contenders)


def _unsealed(browser: Browser, path: Path, password: str) -> float:
    """Milliseconds until it is usable, less what the key alone costs in the same window."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, bypass_csp=True)
    page = context.new_page()
    page.goto(path.as_uri(), wait_until="commit")
    usable = float(page.evaluate(_WHEN_OPENED, password))
    key = statistics.median(float(page.evaluate(_DERIVED, [password, ROUNDS])) for _ in range(3))
    context.close()
    return usable - key
