"""Six views in three sizes look as they did when a person last looked at them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

import rollout
from rollout.cartography import Additions, phase_map
from tests.browser.golden import FOLDER, MOST_CELLS, RENEW, font_script, marked, off, picture, reduced

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

BUNDLED = Path(__file__).parents[2] / "geodata" / "leverkusen"
RENEWING = os.environ.get("GOLDEN") == "renew"

SIZES = {(1440, 900): 4, (1024, 768): 3, (390, 844): 2}
"""Width and height → by how much the picture that is kept is smaller."""


def as_it_opens(_page: Page) -> None:
    """Nothing is done."""


def with_list(page: Page) -> None:
    before = page.url
    page.locator("#rollout-list-open").click()
    if page.locator("#rollout-toggle").is_hidden():  # beside the map; it is smaller now, and all is counted anew
        page.wait_for_function("before => window.location.href !== before", arg=before)


def with_legend(page: Page) -> None:
    toggle = page.locator("#rollout-toggle")
    if toggle.is_visible():
        toggle.click()
    page.locator('[data-row^="targets/"]').first.scroll_into_view_if_needed()


VIEWS: dict[str, tuple[str, str, Callable[[Page], None]]] = {
    "stadt": ("stadt", "", as_it_opens),
    "bauabschnitt": ("bauabschnitt-2", "", as_it_opens),
    "auskunft": ("bauabschnitt-1", "sel=AN-01402", as_it_opens),
    "themen": ("stadt", "bezirk=Opladen&f=+reach,+doubts,+packages&karte=15.50/51.0650/7.0000", as_it_opens),
    "liste": ("bauabschnitt-1", "karte=14.00/51.0610/6.9700", with_list),
    "legende": ("bauabschnitt-2", "f=-extended,segments.class.planned", with_legend),
}
"""View → page, what its address says, and what is done there."""


@pytest.fixture(scope="module")
def addresses(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The pages of the bundled project."""
    folder, state = tmp_path_factory.mktemp("golden"), rollout.state(rollout.open_project(BUNDLED))
    phases = {"stadt": None, "bauabschnitt-1": "1", "bauabschnitt-2": "2"}
    more = Additions(unlocked=rollout.unlock(state, "leverkusen", limit=10))
    for name, phase_id in phases.items():
        phase_map(state, phase_id, additions=more).save(folder / f"{name}.html")
    return {name: (folder / f"{name}.html").as_uri() for name in phases}


@pytest.fixture(scope="module")
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(device_scale_factor=1, reduced_motion="reduce", color_scheme="light")
    made.add_init_script(font_script())
    yield made
    made.close()


def opened(context: BrowserContext, address: str, size: tuple[int, int]) -> Page:
    page = context.new_page()
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(address)
    page.locator("body.settled").wait_for()
    assert page.evaluate("() => [...document.fonts].map(font => font.status)") == ["loaded", "loaded"]
    return page


def shot(page: Page) -> bytes:
    if "#" in page.url:  # the address is written anew when the map has come to rest and all is counted
        page.wait_for_function("() => window.location.hash.includes('karte=')")
    page.evaluate("() => new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
    return page.screenshot(animations="disabled")


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("view", VIEWS)
def test_a_view_looks_as_it_did(
    context: BrowserContext, addresses: dict[str, str], tmp_path: Path, view: str, size: tuple[int, int]
) -> None:
    name, hash_, act = VIEWS[view]
    page = opened(context, addresses[name] + (f"#{hash_}" if hash_ else ""), size)
    act(page)
    made = reduced(shot(page), SIZES[size])
    page.close()
    kept = FOLDER / f"{view}-{size[0]}.png"
    if RENEWING:
        FOLDER.mkdir(exist_ok=True)
        made.save(kept, optimize=True)
    assert kept.is_file(), f"{kept.name} fehlt; neu aufnehmen: {RENEW}"
    golden = picture(kept)
    count = int(off(golden, made, SIZES[size]).sum())
    if count > MOST_CELLS:
        marked(golden, made, SIZES[size]).save(tmp_path / kept.name)
    assert count <= MOST_CELLS, f"{count} Felder anders, siehe {tmp_path / kept.name}; ist es so gewollt: {RENEW}"


WRONG = {
    "a panel that moved by 12 pixels": ".panel { padding-left: 12px; }",
    "a button that is gone": "#rollout-print { visibility: hidden; }",
    "a badge of another colour": ".badge { background: #d06000 !important; }",
    "another ground": ".rollout-scene { filter: hue-rotate(40deg); }",
    "figures that are gone": ".figures { display: none; }",
    "a map without colour": ".rollout-scene { filter: saturate(0); }",
    "a map that moved by 3 pixels": ".rollout-scene { translate: 3px; }",
}


def test_what_a_person_would_see_is_seen(context: BrowserContext, addresses: dict[str, str]) -> None:
    size = (1440, 900)
    page, golden = opened(context, addresses["stadt"], size), picture(FOLDER / "stadt-1440.png")
    style = page.add_style_tag(content="/* set below */")
    seen = {}
    for fault, rules in WRONG.items():
        style.evaluate("(style, rules) => { style.textContent = rules; }", rules)
        seen[fault] = int(off(golden, reduced(shot(page), SIZES[size]), SIZES[size]).sum())
    page.close()
    assert {fault: count for fault, count in seen.items() if count <= MOST_CELLS} == {}


def test_pictures_are_small_and_none_is_left_over() -> None:
    kept = {path.name: path.stat().st_size for path in FOLDER.iterdir()}
    assert set(kept) == {f"{view}-{width}.png" for view in VIEWS for width, _ in SIZES}
    assert max(kept.values()) <= 40_000
    assert sum(kept.values()) <= 500_000


def test_the_measure_sees_a_spot_and_passes_over_noise() -> None:
    golden = Image.new("RGB", (360, 225), "#f7f7f2")
    lighter = golden.point([min(255, value + 6) for value in range(256)] * 3)
    assert off(golden, lighter, 4).sum() == 0
    spotted = golden.copy()
    spotted.paste("#1d5fbf", (120, 120, 126, 129))
    assert off(golden, spotted, 4).sum() == 6
    assert off(golden, golden.resize((180, 112)), 4).all()
