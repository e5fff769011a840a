"""Paper: title, map, scale, north, legend, register and page numbers; vector, and without any control."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pypdfium2
import pytest
from playwright.sync_api import expect

from rollout.cartography import Additions, phase_map
from tests.browser.paper import codes, pictures

if TYPE_CHECKING:
    from rollout.analysis.state import State
    from rollout.cartography import PhaseMap

Open = Callable[..., Any]

MILLIMETRES = 25.4 / 96
SIZES = {"A4 hoch": (595, 842), "A3 quer": (1191, 842)}


def sheet(page: Any, choice: str) -> Any:  # noqa: ANN401 - a page of the browser
    """Choose a sheet as a reader does; the browser's own dialogue is left out."""
    page.evaluate("() => { window.print = () => window.dispatchEvent(new Event('beforeprint')); }")
    page.get_by_role("button", name="Drucken").click()
    page.get_by_role("button", name=choice).click()
    page.emulate_media(media="print")
    return page.locator("#rollout-sheet")


@pytest.mark.parametrize("choice", SIZES)
def test_a_sheet_has_its_size_is_vector_and_has_several_pages(open_page: Open, state: State, choice: str) -> None:
    page = open_page(phase_map(state)).page
    sheet(page, choice)
    data = page.pdf(prefer_css_page_size=True)
    width, height = SIZES[choice]
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", data)
    assert len(boxes) >= 2
    for box in boxes:
        assert float(box[0]) == pytest.approx(width, abs=2)
        assert float(box[1]) == pytest.approx(height, abs=2)
    assert b"/Subtype /Image" not in data
    assert any(b" l\n" in zlib.decompress(part) for part in streams(data))


def streams(data: bytes) -> list[bytes]:
    return re.findall(rb"/Filter /FlateDecode[^>]*>>\s*stream\n(.*?)\nendstream", data, re.DOTALL)


@pytest.mark.parametrize("choice", SIZES)
def test_a_sheet_says_all_that_paper_must_say(open_page: Open, state: State, choice: str) -> None:
    page = open_page(phase_map(state, "1")).page
    page.locator("#rollout-filter summary").click()
    page.locator('[data-row="segments/class/planned"] input').uncheck()
    made = sheet(page, choice)
    expect(made.locator("h1")).to_have_text("Bauabschnitt 1")
    for text in ("Stadt Musterstadt", "Stand 28.03.2022", "Beispieldaten", "© Stadt Musterstadt", "Maßstab 1 : "):
        expect(made).to_contain_text(text)
    expect(made.locator(".keys")).to_contain_text("Rohr verlegt")
    expect(made.locator(".keys")).not_to_contain_text("geplant")
    expect(made.locator(".keys")).to_contain_text(re.compile(r"\d+ \(\d+\)"))
    expect(made.locator(".north text")).to_have_text("N")
    assert len(made.locator(".register li").all()) > 20
    expect(made.locator(".register li").first).to_contain_text(re.compile(r"[A-H]\d"))
    for control in ("#rollout-search", "#rollout-panel", "#rollout-tools", ".rollout-map"):
        expect(page.locator(control)).to_be_hidden()


@pytest.mark.parametrize("choice", SIZES)
def test_the_scale_bar_on_paper_is_true(open_page: Open, state: State, choice: str) -> None:
    page = open_page(phase_map(state)).page
    made = sheet(page, choice)
    said = made.locator(".sheet-scale strong").inner_text()
    denominator = int(said.split(" : ")[1].replace(".", ""))
    metres, unit = made.locator(".sheet-scale span").inner_text().split()
    length = float(metres) * {"m": 1, "km": 1000}[unit]
    box = made.locator(".sheet-scale .ruler").bounding_box()
    assert box is not None
    assert box["width"] * MILLIMETRES == pytest.approx(length * 1000 / denominator, rel=0.01)


def test_what_is_filtered_is_what_is_printed(open_page: Open, state: State) -> None:
    page = open_page(phase_map(state)).page
    page.locator("#rollout-filter summary").click()
    page.get_by_label("Stadtteil", exact=True).select_option("Viertel 3")
    made = sheet(page, "A4 hoch")
    expect(made.locator(".limits")).to_have_text("Nur: Viertel 3")


EVERYTHING = "f=+extended,+reach,+doubts"


@pytest.mark.parametrize("choice", SIZES)
def test_a_legend_too_long_for_a_sheet_goes_on_behind_it(open_page: Open, state: State, choice: str) -> None:
    page = open_page(phase_map(state), hash=EVERYTHING).page
    rows = sheet(page, choice).locator(".keys li > span:first-of-type").all_text_contents()
    with pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True)) as document:
        words = [" ".join(side.get_textpage().get_text_bounded().split()) for side in document]
    legend = "".join(words[: next(i for i, text in enumerate(words) if "Straßenverzeichnis" in text)])
    assert len(rows) > 25
    for row in rows:
        assert legend.count(row) >= rows.count(row), row
    assert "© Stadt Musterstadt" in legend


def test_no_word_of_a_legend_lies_under_a_figure(open_page: Open, courses: Callable[[str | None], PhaseMap]) -> None:
    made = sheet(open_page(courses("1"), width=718).page, "A4 hoch")
    lines = made.locator(".keys li").evaluate_all(
        """lines => lines.map(line => [...line.children].slice(1).map(child => {
          const words = document.createRange();
          words.selectNodeContents(child);
          const { left, right } = words.getBoundingClientRect();
          return [child.textContent, left, right];
        }))"""
    )
    assert len(lines) > 20
    for (label, _, right), (figures, left, _) in lines:
        assert right <= left, (label, figures)


def test_a_theme_is_told_in_metres_on_paper_as_on_the_screen(open_page: Open, state: State) -> None:
    page = open_page(phase_map(state), hash=EVERYTHING).page
    expect(page.locator('[data-row="reach/class/cable"] .figure').first).to_have_text(re.compile("m$"))
    row = sheet(page, "A4 hoch").locator(".keys li", has_text="mit Kabel verbunden")
    expect(row.locator(".number div").first).to_have_text(re.compile(r"neu [\d,.]+\s?k?m \([\d,.]+\s?k?m\)"))


def test_after_printing_the_page_is_as_before(open_page: Open, state: State) -> None:
    opened = open_page(phase_map(state))
    sheet(opened.page, "A4 hoch")
    opened.page.evaluate("() => window.dispatchEvent(new Event('afterprint'))")
    opened.page.emulate_media(media="screen")
    expect(opened.page.locator("#rollout-sheet")).to_have_count(0)
    expect(opened.page.locator("#rollout-panel")).to_be_visible()


ADDRESS = "https://karten.example.org/ausbau/bauabschnitt-1.html"


def test_a_published_page_prints_the_address_of_what_is_seen(open_page: Open, state: State) -> None:
    page = open_page(phase_map(state, "1", additions=Additions(address=ADDRESS))).page
    page.locator("#rollout-filter summary").click()
    page.get_by_label("Stadtteil", exact=True).select_option("Viertel 1")
    page.locator('[data-row="segments/class/planned"] input').uncheck()
    expect(page).to_have_url(re.compile("bezirk=.*f=segments.class.planned"))
    seen = page.evaluate("() => window.location.hash.slice(1)")
    sheet(page, "A4 hoch")
    (said,) = codes(pictures(page.pdf(prefer_css_page_size=True))[0])
    address, view = said.split("#")
    assert address == ADDRESS
    assert {"stand=2022-03-28", "bezirk=Viertel%201", "f=segments.class.planned"} < set(view.split("&"))
    assert view == seen


def test_an_address_too_long_for_a_code_prints_none(open_page: Open, state: State) -> None:
    page = open_page(phase_map(state, "1", additions=Additions(address=ADDRESS + "x" * 560))).page
    made = sheet(page, "A4 hoch")
    expect(made.locator("h1")).to_have_text("Bauabschnitt 1")
    expect(made.locator(".code")).to_have_count(0)


def test_a_page_without_an_address_has_no_code_and_nothing_to_make_one(open_page: Open, state: State) -> None:
    made = phase_map(state, "1")
    assert "leanQr" not in made.html()
    assert '"paper":{' not in made.html()
    expect(sheet(open_page(made).page, "A4 hoch").locator(".code")).to_have_count(0)
