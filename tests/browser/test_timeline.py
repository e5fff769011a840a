"""The slider of the Stichtag: by mouse, by keyboard, played, linked and printed; all that the page says follows it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

import rollout
from rollout.cartography.scope import contents_of, scope_of
from rollout.cartography.spec import spec_of

if TYPE_CHECKING:
    from pathlib import Path

    from rollout.analysis.state import State
    from rollout.cartography import PhaseMap
    from rollout.cartography.spec import MapSpec

Open = Callable[..., Any]
Courses = Callable[[str | None], "PhaseMap"]

DAY = dt.date(2021, 12, 17)
BEFORE = "29.10.2021"
LAST = "28.03.2022"


@pytest.fixture(scope="module")
def then(replayed: Path) -> State:
    return rollout.state(rollout.open_project(replayed), DAY)


@pytest.fixture(scope="module")
def spec(then: State) -> MapSpec:
    return spec_of(contents_of(then, scope_of(then.project, "1", None)))


def slider(page: Any) -> Any:  # noqa: ANN401 - a page of the browser
    return page.get_by_role("slider", name="Stichtag")


def shows(page: Any, day: str) -> None:  # noqa: ANN401 - as above
    expect(slider(page)).to_have_attribute("aria-valuetext", f"Stand {day}")
    expect(page.locator("#rollout-time strong")).to_have_text(f"Stand {day}")
    expect(page.locator(".badge.stand")).to_have_text(f"Stand {day}")


def test_by_keyboard_it_steps_from_delivery_to_delivery(open_page: Open, courses: Courses) -> None:
    page = open_page(courses("1")).page
    shows(page, LAST)
    slider(page).focus()
    for key, day in (
        ("ArrowLeft", "31.01.2022"),
        ("ArrowDown", "17.12.2021"),
        ("ArrowRight", "31.01.2022"),
        ("Home", "12.03.2021"),
        ("ArrowLeft", "12.03.2021"),
        ("PageUp", BEFORE),
        ("End", LAST),
    ):
        page.keyboard.press(key)
        shows(page, day)
    page.get_by_label("Schritte").select_option("Monat")
    page.get_by_role("button", name="Schritt zurück").click()
    shows(page, "28.02.2022")
    page.get_by_label("Schritte").select_option("Woche")
    page.get_by_role("button", name="Schritt zurück").click()
    shows(page, "21.02.2022")
    page.get_by_role("button", name="Schritt weiter").click()
    shows(page, "28.02.2022")
    expect(page.locator("#rollout-time [role=status]")).to_contain_text("Stand 28.02.2022")


def test_by_mouse_it_goes_to_the_nearest_delivery_and_the_map_follows(open_page: Open, courses: Courses) -> None:
    opened = open_page(courses("1"))
    before = opened.picture()
    line = opened.page.locator(".curve .now").get_attribute("d")
    box = slider(opened.page).bounding_box()
    assert box is not None
    opened.page.mouse.click(box["x"] + box["width"] * 0.7, box["y"] + box["height"] - 10)
    shows(opened.page, BEFORE)
    assert opened.picture() != before
    assert opened.page.locator(".curve .now").get_attribute("d") != line
    assert BEFORE in opened.page.title()
    opened.page.mouse.move(box["x"] + box["width"] * 0.7, box["y"] + box["height"] - 10)
    opened.page.mouse.down()
    opened.page.mouse.move(box["x"] + box["width"], box["y"] + box["height"] - 10, steps=4)
    opened.page.mouse.up()
    shows(opened.page, LAST)
    opened.page.mouse.move(box["x"] + box["width"] / 2, 300)
    assert opened.picture() == before


def test_figures_and_legend_are_those_of_the_day(open_page: Open, courses: Courses, spec: MapSpec) -> None:
    page = open_page(courses("1"), hash=f"stand={DAY}").page
    shows(page, "17.12.2021")
    values = page.locator("#rollout-figures .measure dd:nth-of-type(1)").all_text_contents()
    assert values == [figure.value for figure in spec.figures]
    for group in spec.legend:
        rows = [row for row in group.rows if group.layer in {"segments", "targets", "extended"}]
        for row in rows:
            place = page.locator(f'[data-row="{group.layer}/{row.facet}/{row.value}"] .figure')
            assert place.all_text_contents() == list(row.figures), (group.layer, row.label)
    expect(page.locator("#rollout-notes")).to_contain_text(spec.notes[0])
    assert page.locator("#rollout-time .connected").first.text_content() is not None


def test_the_legend_counts_what_is_in_view_on_that_day(open_page: Open, courses: Courses, then: State) -> None:
    opened = open_page(courses("1"), hash=f"stand={DAY}")
    rows = then.targets[(then.targets["phase_id"] == "1") & (then.targets["drive"] == "funded")]
    connected = rows[rows["height"].ge(7).fillna(value=False)].to_crs("EPSG:4326").geometry
    opened.look(connected.iloc[0].y, connected.iloc[0].x, 16)
    box = opened.page.locator(".rollout-map").bounding_box()
    assert box is not None
    places = [opened.pixel(point.y, point.x) for point in connected]
    seen = sum(
        box["x"] <= x <= box["x"] + box["width"] and box["y"] <= y <= box["y"] + box["height"] for x, y in places
    )
    figure = opened.page.locator('[data-row="targets/class/connected"] .figure')
    assert 0 < seen < len(connected)
    expect(figure).to_have_text(f"{seen}von {len(connected)}")


def test_the_answer_tells_the_state_of_that_day(open_page: Open, courses: Courses, then: State) -> None:
    page = open_page(courses("1")).page
    rows = then.targets[(then.targets["phase_id"] == "1") & (then.targets["status"] == "surveyed").fillna(value=False)]
    row = rows.iloc[0]
    page.locator("#rollout-search").fill(str(row["target_id"]))
    page.keyboard.press("Enter")
    card = page.locator("#rollout-card")
    expect(card).to_contain_text("berechnet")
    expect(card).not_to_contain_text("Begehung erfolgt")
    slider(page).focus()
    for _ in range(2):
        page.keyboard.press("ArrowLeft")
    expect(card).to_contain_text("hat die Begehung stattgefunden")
    expect(card.locator(".facts")).to_contain_text("Begehung erfolgt")
    expect(card.locator(".facts")).to_contain_text(row["status_since"].strftime("%d.%m.%Y"))
    expect(card.locator(".source")).to_contain_text("Stand 17.12.2021")
    expect(card.locator(".source")).to_contain_text("nur zum Stand 28.03.2022")
    expect(card.locator(".facts")).not_to_contain_text("berechnet")
    expect(slider(page)).to_be_focused()


def test_list_and_file_are_those_of_the_day(open_page: Open, courses: Courses, then: State) -> None:
    page = open_page(courses("1"), hash=f"stand={DAY}").page
    page.get_by_role("button", name="nur angeschlossen").first.click()
    page.get_by_role("button", name="Liste", exact=True).click()
    rows = then.targets[(then.targets["phase_id"] == "1") & (then.targets["drive"] == "funded")]
    connected = int(rows["height"].ge(7).fillna(value=False).sum())
    expect(page.locator("#rollout-list table")).to_have_attribute("aria-rowcount", str(connected + 1))
    with page.expect_download() as saving:
        page.get_by_role("button", name="CSV für Excel").click()
    assert saving.value.suggested_filename == "targets_2021-12-17.csv"
    lines = saving.value.path().read_text(encoding="utf-8-sig").split("\n")
    assert lines[0].strip().endswith('"Stand"')
    assert lines[1].strip().endswith('"17.12.2021"')
    slider(page).focus()
    page.keyboard.press("End")
    expect(page.locator("#rollout-list table")).not_to_have_attribute("aria-rowcount", str(connected + 1))


def test_the_address_names_the_day_and_back_goes_a_step_back(open_page: Open, courses: Courses) -> None:
    page = open_page(courses("2"), hash="stand=2021-11-05&f=+reach&erreichbar=cable").page
    shows(page, "05.11.2021")
    expect(page.locator("#rollout-notice")).to_have_text("")
    expect(page.locator("#rollout-reset")).to_be_hidden()
    slider(page).focus()
    page.keyboard.press("ArrowRight")
    shows(page, "17.12.2021")
    expect(page).to_have_url(re.compile("#stand=2021-12-17"))
    page.go_back()
    shows(page, "05.11.2021")
    page.evaluate("() => { location.hash = 'stand=1999-01-01' }")
    shows(page, LAST)
    expect(page.locator("#rollout-notice")).to_contain_text("Der Link meint den Stand 01.01.1999")
    slider(page).focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#rollout-notice")).to_have_text("")


@pytest.mark.parametrize("zoom", ["13.50", "15.00", "17.00"])
def test_a_link_leads_to_its_place_on_a_page_with_a_course_too(open_page: Open, courses: Courses, zoom: str) -> None:
    page = open_page(courses(None), hash=f"stand=2021-12-17&karte={zoom}/51.06650/6.99290").page
    shows(page, "17.12.2021")
    expect(page.locator('[data-group="targets"] .head small')).to_contain_text("von ")
    expect(page).to_have_url(re.compile(rf"#stand=2021-12-17&karte={re.escape(zoom)}/51\.066"))


def test_what_is_computed_is_hidden_on_another_day(open_page: Open, courses: Courses) -> None:
    opened = open_page(courses("1"))
    page = opened.page
    page.locator('[data-group="reach"] .head input').check()
    page.locator("#rollout-filter summary").click()
    page.get_by_label("berechnet", exact=True).select_option(label="nicht erreichbar")
    slider(page).focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator('[data-group="reach"]')).to_be_hidden()
    expect(page.get_by_label("berechnet", exact=True)).to_be_hidden()
    expect(page.locator("#rollout-details")).to_contain_text("nur zum Stand 28.03.2022")
    expect(page.locator("#rollout-reset")).to_be_hidden()
    page.keyboard.press("End")
    expect(page.locator('[data-group="reach"]')).to_be_visible()
    expect(page.get_by_label("berechnet", exact=True)).to_be_visible()


def test_it_plays_from_the_first_day_and_stops(open_page: Open, courses: Courses) -> None:
    page = open_page(courses("2")).page
    page.get_by_role("button", name="Abspielen").click()
    shows(page, "31.03.2021")
    shows(page, "30.06.2021")
    page.get_by_role("button", name="Anhalten").click()
    expect(page.get_by_role("button", name="Abspielen")).to_be_visible()
    page.go_back()
    shows(page, LAST)


def test_who_wants_things_to_stay_still_steps_and_is_offered_no_play(open_page: Open, courses: Courses) -> None:
    page = open_page(courses("2"), reduced_motion="reduce").page
    expect(page.locator("#rollout-time button").first).to_be_hidden()
    page.get_by_role("button", name="Schritt zurück").click()
    shows(page, "31.01.2022")


def test_the_sheet_is_that_of_the_day(open_page: Open, courses: Courses) -> None:
    page = open_page(courses("1"), hash=f"stand={DAY}").page
    page.evaluate("() => window.dispatchEvent(new Event('beforeprint'))")
    expect(page.locator("#rollout-sheet header")).to_contain_text("Stand 17.12.2021")
    expect(page.locator("#rollout-sheet")).not_to_contain_text("28.03.2022 ·")


def test_a_page_without_a_course_has_no_slider(open_page: Open, state: State) -> None:
    page = open_page(rollout.phase_map(state)).page
    expect(page.locator("#rollout-time")).to_be_hidden()
    expect(page.get_by_role("slider")).to_have_count(0)


def test_on_a_phone_the_slider_is_within_reach(open_page: Open, courses: Courses) -> None:
    page = open_page(courses("1"), width=390, height=844, has_touch=True, is_mobile=True).page
    box = slider(page).bounding_box()
    assert box is not None
    assert box["height"] >= 44
    assert box["y"] > 844 / 2
    page.touchscreen.tap(box["x"] + box["width"] * 0.7, box["y"] + 34)
    shows(page, BEFORE)
