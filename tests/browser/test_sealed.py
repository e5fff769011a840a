"""A sealed page as its receiver meets it: from disk, without network, with the right and the wrong password."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from rollout.analysis.state import State
from rollout.cartography import phase_map
from rollout.sharing.sealed import Bound, sealed

PASSWORD = "diamant-aufsuchen-hopfen-fahrgast-prangen-weiden"  # noqa: S105 - of this test
REFUSED = "Das Passwort passt nicht zu dieser Datei."
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
PHONE = {"width": 390, "height": 844}
ADDRESS = "http://intranet.stadt.example/karte.html"


@pytest.fixture(scope="module")
def text(state: State) -> str:
    return sealed(phase_map(state, "1"), PASSWORD, Bound("evl", dt.date(2022, 3, 28)))


@dataclass
class Visit:
    """A page that is open, and everything it asked for, said or threw."""

    page: Page
    faults: list[str] = field(default_factory=list)

    def enter(self, password: str) -> None:
        self.page.get_by_label("Passwort", exact=True).fill(password)
        self.page.keyboard.press("Enter")


Open = Callable[..., Visit]


@pytest.fixture
def visit(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    """Open a text as a page; whatever it asks for, says or throws fails the test."""
    contexts, visits = [], []

    def open_(page: str, address: str = "", **options: Any) -> Visit:  # noqa: ANN401
        file = tmp_path / "karte.html"
        file.write_text(page, encoding="utf-8")
        context = browser.new_context(**({"viewport": {"width": 1280, "height": 800}} | options))
        contexts.append(context)
        made = Visit(context.new_page())
        visits.append(made)
        _trap(made, address or file.as_uri(), page)
        made.page.goto(address or file.as_uri())
        return made

    yield open_
    for context in contexts:
        context.close()
    assert [made.faults for made in visits] == [[] for _ in visits]


def _trap(made: Visit, address: str, text: str) -> None:
    def answer(route: Route) -> None:
        if route.request.url == address and address.startswith("http"):
            route.fulfill(body=text, content_type="text/html; charset=utf-8")
        elif route.request.url == address:
            route.continue_()
        else:
            made.faults.append(f"request {route.request.url}")
            route.abort()

    made.page.route("**/*", answer)
    made.page.on("console", lambda message: made.faults.append(f"console {message.text}"))
    made.page.on("pageerror", lambda error: made.faults.append(f"error {error}"))


@pytest.fixture(scope="session")
def axe(node_modules: Path) -> str:
    return (node_modules / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


def test_nothing_of_the_page_can_be_seen_before_the_password(visit: Open, text: str) -> None:
    page = visit(text).page
    expect(page).to_have_title("Verschlüsselte Karte")
    expect(page.get_by_label("Passwort", exact=True)).to_be_focused()
    seen = page.locator("body").inner_text()
    assert "Stand 28.03.2022" in seen
    assert not re.search("Bauabschnitt|Musterstadt|Viertel|Legende", seen)
    assert page.locator("canvas, .leaflet-pane").count() == 0
    for place in ("#rollout-search", "#rollout-panel", "#rollout-tools", "#rollout-skip-map"):
        expect(page.locator(place)).to_be_hidden()


def test_the_right_password_opens_the_page_as_if_it_were_plain(visit: Open, text: str, state: State) -> None:
    plain = visit(phase_map(state, "1").html()).page
    page = (opened := visit(text)).page
    opened.enter(f" {PASSWORD} ")
    for each in (plain, page):
        each.locator("body.settled").wait_for()
    expect(page).to_have_title(plain.title())
    assert page.locator("#rollout-panel").inner_text() == plain.locator("#rollout-panel").inner_text()
    assert page.locator(".rollout-map").screenshot() == plain.locator(".rollout-map").screenshot()
    expect(page.locator(".lock")).to_have_count(0)
    expect(page.get_by_role("status").filter(has_text="Die Karte ist geöffnet.")).to_have_count(1)


def test_an_opened_page_searches_and_switches(visit: Open, text: str, state: State) -> None:
    rows = state.targets
    wanted = rows[(rows["phase_id"] == "1") & (rows["drive"] == "funded")].iloc[0]
    (opened := visit(text)).enter(PASSWORD)
    page = opened.page
    page.locator("#rollout-search").fill(wanted["target_id"])
    page.keyboard.press("Enter")
    expect(page.locator("#rollout-card h2")).to_have_text(f"{wanted['street']} {wanted['house_number']}")
    before = page.locator(".rollout-map").screenshot()
    page.locator('[data-group="segments"] .head input').uncheck()
    assert page.locator(".rollout-map").screenshot() != before


def test_the_data_does_not_stay_in_the_document(visit: Open, text: str) -> None:
    (opened := visit(text)).enter(PASSWORD)
    opened.page.locator("body.settled").wait_for()
    assert opened.page.locator("#rollout-data").count() == 0
    assert '"layers":' not in opened.page.content()


def test_a_wrong_password_is_refused_and_can_be_mended(visit: Open, text: str) -> None:
    page = (opened := visit(text)).page
    opened.enter("diamant")
    alert = page.get_by_role("alert")
    expect(alert).to_have_text(REFUSED)
    password = page.get_by_label("Passwort", exact=True)
    expect(password).to_be_focused()
    expect(password).to_have_attribute("aria-invalid", "true")
    expect(password).to_have_accessible_description(re.compile(REFUSED))
    assert page.locator("canvas").count() == 0
    page.keyboard.type("x")
    expect(alert).to_have_text("")
    opened.enter("")
    expect(alert).to_have_text(REFUSED)
    opened.enter(PASSWORD)
    page.locator("body.settled").wait_for()


@pytest.mark.parametrize("part", ["salt", "nonce", "data", "audience", "stand"])
def test_one_altered_byte_is_refused(visit: Open, text: str, part: str) -> None:
    def turned(found: re.Match[str]) -> str:
        return found.group(1) + ("1" if found.group(2) != "1" else "2")

    altered = re.sub(rf'("{part}":"[^"]{{2}})(.)', turned, text)
    assert sum(one != other for one, other in zip(text, altered, strict=True)) == 1
    opened = visit(altered)
    opened.enter(PASSWORD)
    expect(opened.page.get_by_role("alert")).to_have_text(REFUSED)
    assert opened.page.locator("canvas").count() == 0


DAMAGE = {
    "format": ('"format":1', '"format":2'),
    "no JSON": ('{"format"', '{"format'),
    "no data": ('id="rollout-sealed"', 'id="rollout-seal"'),
    "a day that is none": ('"stand":"2022-03-28"', '"stand":7,"format":3'),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_damage_that_shows_at_once_is_said_at_once(visit: Open, text: str, damage: tuple[str, str]) -> None:
    page = visit(text.replace(*damage, 1)).page
    expect(page.get_by_role("alert")).to_have_text("Die Datei ist beschädigt. Lassen Sie sie neu senden.")
    expect(page.get_by_label("Passwort", exact=True)).to_have_count(0)


def test_without_a_protected_connection_it_says_what_to_do(visit: Open, text: str) -> None:
    page = visit(text, ADDRESS).page
    expect(page.get_by_role("alert")).to_contain_text("Speichern Sie die Datei und öffnen Sie sie von Ihrem Rechner")
    expect(page.get_by_label("Passwort", exact=True)).to_have_count(0)


def test_on_a_protected_connection_it_opens(visit: Open, text: str) -> None:
    opened = visit(text, ADDRESS.replace("http:", "https:"))
    opened.enter(PASSWORD)
    opened.page.locator("body.settled").wait_for()


def test_the_password_can_be_shown_and_the_button_opens(visit: Open, text: str) -> None:
    page = visit(text).page
    page.get_by_label("Passwort zeigen").check()
    password = page.get_by_label("Passwort", exact=True)
    expect(password).to_have_attribute("type", "text")
    page.get_by_label("Passwort zeigen").uncheck()
    expect(password).to_have_attribute("type", "password")
    password.fill(PASSWORD)
    page.get_by_role("button", name="Karte öffnen").click()
    page.locator("body.settled").wait_for()


def test_the_shift_lock_is_told(visit: Open, text: str) -> None:
    page = visit(text).page
    key = "new KeyboardEvent('keydown', { key: 'A', modifierCapsLock: true, bubbles: true })"
    page.evaluate(f"document.getElementById('rollout-password').dispatchEvent({key})")
    expect(page.get_by_role("status").first).to_have_text("Die Feststelltaste ist an.")


@pytest.mark.parametrize("screen", [{}, {"viewport": PHONE, "has_touch": True}], ids=["desktop", "phone"])
def test_the_question_has_no_finding_of_axe(visit: Open, text: str, axe: str, screen: dict[str, Any]) -> None:
    opened = visit(text, **({"bypass_csp": True} | screen))
    opened.page.evaluate(axe)
    opened.enter("diamant")
    expect(opened.page.get_by_role("alert")).to_have_text(REFUSED)
    found = opened.page.evaluate("tags => axe.run(document, { runOnly: tags })", RULES)
    assert [f"{rule['id']}: {node['html'][:160]}" for rule in found["violations"] for node in rule["nodes"]] == []
