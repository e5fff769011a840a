"""A partner marks what is wrong, saves it as a file, and the desk receives, lists and accepts it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from rollout import pipeline
from rollout.cartography import Additions, Marks, phase_map
from rollout.history.rulings import Ruling
from rollout.intake.receipt import Terms
from rollout.marks import Outcome
from rollout.project import open_project
from rollout.proposing import decide, listing, open_board, submit
from rollout.receiving import open_desk, receive
from rollout.sharing.sealed import Bound, sealed

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from rollout.analysis.state import State

Open = Callable[..., Any]
HOSTILE = "<img src=x onerror=alert(1)> {{ 6*7777 }} `${alert(1)}`"
NOW = dt.datetime.now(dt.UTC)
MARKED = Additions(marks=Marks("evl"))
PHONE = {"width": 390, "height": 844}


def chosen(page: Page, name: str) -> None:
    page.locator("#rollout-search").fill(name)
    page.keyboard.press("Enter")
    expect(page.locator("#rollout-card")).to_be_visible()


def saved(page: Page, folder: Path) -> Path:
    with page.expect_download() as saving:
        page.get_by_role("button", name="Vorschläge speichern").click()
    path = folder / saving.value.suggested_filename
    saving.value.save_as(path)
    return path


def target_of(state: State, status: str) -> Any:  # noqa: ANN401 - one row
    rows = state.targets[(state.targets["status"] == status) & (state.targets["phase_id"] == "1")]
    return rows[rows["drive"] == "funded"].to_crs("EPSG:4326").iloc[0]


def test_a_page_that_is_only_read_offers_no_marks(open_page: Open, state: State) -> None:
    plain = phase_map(state, "1")
    assert "Vorschläge (" not in plain.html()
    assert '"marks":' not in plain.html()
    page = open_page(plain).page
    chosen(page, target_of(state, "connected")["target_id"])
    assert page.get_by_role("button", name="Korrektur vorschlagen").count() == 0


def test_what_is_marked_by_keyboard_is_received_listed_accepted_and_true(
    open_page: Open, tiny_project: Path, tmp_path: Path
) -> None:
    with (tiny_project / "rollout.toml").open("a", encoding="utf-8") as file:
        file.write('[partners.EVL]\nname = "Energieversorgung"\n')
    (tmp_path / "liste.csv").write_text("target_id;status;valid_on\r\nT1;identified;01.03.2022\r\n", encoding="utf-8")
    project = open_project(tiny_project)
    terms = Terms(NOW.date(), dt.date(2022, 3, 28))
    receive(open_desk(project), tmp_path / "liste.csv", "EVL", terms)
    evl = Additions(marks=Marks("evl", project.audiences["evl"]))
    page = open_page(phase_map(pipeline.state(project), additions=evl)).page
    chosen(page, "T1")
    page.get_by_role("button", name="Korrektur vorschlagen").focus()
    for key in ("Enter", "Tab", "End", *["ArrowUp"] * 2):
        page.keyboard.press(key)
    status = page.get_by_label("Richtiger Status").input_value()
    page.get_by_label("Bemerkung").focus()
    page.keyboard.insert_text(HOSTILE)
    page.keyboard.press("Tab")
    page.keyboard.insert_text("Petra\u202e Muster")
    page.keyboard.press("Enter")
    assert HOSTILE in (page.locator(".marked").text_content() or "")
    page.get_by_role("button", name="Vorschläge (1)").focus()
    page.keyboard.press("Enter")
    path = saved(page, tmp_path)
    assert path.name == "vorschlaege-evl-2022-03-28.json"
    board = open_board(project)
    submit(board, path, "EVL", NOW)
    row = listing(board, NOW.date()).iloc[0]
    assert row[["entity_id", "said_status", "status", "author", "remark"]].tolist() == [
        "T1", "identified", status, "Petra Muster", HOSTILE,
    ]  # fmt: skip
    decide(board, row["proposal_id"], Ruling(Outcome.ACCEPTED, "Anna Koch", "Foto liegt vor", NOW))
    now = pipeline.state(project, dt.date(2022, 3, 28)).targets.set_index("target_id")
    assert now.loc["T1", "status"] == status


def test_a_place_is_marked_by_mouse_click_and_arrow_keys(open_page: Open, state: State, tmp_path: Path) -> None:
    opened = open_page(phase_map(state, "1", additions=MARKED))
    page, target = opened.page, target_of(state, "connected")
    chosen(page, target["target_id"])
    page.get_by_role("button", name="Korrektur vorschlagen").click()
    page.get_by_label("Lage").check()
    page.get_by_role("button", name="Vormerken").click()
    expect(page.get_by_role("alert")).to_have_text("Der Punkt ist nicht verschoben.")
    pin = page.locator(".pin")
    box = pin.bounding_box()
    assert box is not None
    assert (box["width"], box["height"]) == (44, 44)
    x, y = opened.pixel(target.geometry.y, target.geometry.x)
    assert (box["x"] + 22, box["y"] + 22) == pytest.approx((x, y), abs=1.5)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y, steps=3)
    page.mouse.up()
    far = page.locator(".apart").text_content() or ""
    assert far.endswith("m vom gezeigten Punkt entfernt")
    page.mouse.click(x, y - 40)
    expect(page.locator("form.mark")).to_be_visible()
    page.mouse.click(x, y)
    expect(page.locator(".apart")).to_contain_text("0,")
    pin.focus()
    for key in ("Shift+ArrowUp", "ArrowUp", "ArrowUp"):
        page.keyboard.press(key)
    expect(page.locator(".apart")).to_contain_text("12,")
    page.get_by_label("Ihr Name").fill("Petra Muster")
    page.get_by_role("button", name="Vormerken").click()
    expect(pin).to_have_count(0)
    page.get_by_role("button", name="Vorschläge (1)").click()
    (mark,) = json.loads(saved(page, tmp_path).read_text(encoding="utf-8"))["marks"]
    assert mark["proposed"]["place"][1] - mark["said"]["place"][1] == pytest.approx(12 / 111_195, abs=6e-6)
    assert mark["said"]["status"] == "connected"
    page.mouse.click(x, y)
    assert page.locator(".kicker").last.text_content() == f"Anschluss {target['target_id']}"


def test_another_day_of_the_same_status_is_said_beside_the_day_of_the_page(open_page: Open, state: State) -> None:
    page, target = open_page(phase_map(state, "1", additions=MARKED)).page, target_of(state, "connected")
    chosen(page, target["target_id"])
    page.get_by_role("button", name="Korrektur vorschlagen").click()
    page.get_by_label("Gilt seit").fill("2021-05-03")
    page.get_by_label("Ihr Name").fill("Petra Muster")
    page.get_by_role("button", name="Vormerken").click()
    since = f"{target['status_since']:%d.%m.%Y}"
    told = f"„angeschlossen“ seit 03.05.2021, statt „angeschlossen“ seit {since}"
    expect(page.locator(".marked")).to_have_text(f"Ihr Vorschlag: {told}")


def test_marks_are_kept_over_a_reload_changed_and_removed(open_page: Open, state: State) -> None:
    page = open_page(phase_map(state, "1", additions=MARKED)).page
    for name in (target_of(state, "connected")["target_id"], "T-0096"):
        chosen(page, name)
        page.get_by_role("button", name="Korrektur vorschlagen").click()
        page.get_by_label("nur ein Hinweis").check()
        page.get_by_label("Bemerkung").fill(f"Hinweis zu {name}")
        if page.get_by_label("Ihr Name").count():
            page.get_by_label("Ihr Name").fill("Petra Muster")
        page.get_by_role("button", name="Vormerken").click()
    page.reload()
    page.locator("body.settled").wait_for()
    page.get_by_role("button", name="Vorschläge (2)").click()
    page.get_by_role("button", name="Ändern").first.click()
    expect(page.get_by_label("Bemerkung")).to_have_value(f"Hinweis zu {target_of(state, 'connected')['target_id']}")
    page.get_by_label("Bemerkung").fill("anders")
    page.get_by_role("button", name="Vormerken").click()
    page.get_by_role("button", name="Vorschläge (2)").click()
    assert "anders" in page.locator(".marks").inner_text()
    page.get_by_role("button", name="Entfernen").first.click()
    page.get_by_role("button", name="Entfernen").first.click()
    expect(page.get_by_role("button", name="Vorschläge (0)")).to_be_visible()
    assert page.evaluate("() => window.localStorage.length") == 0


def test_on_a_phone_everything_to_be_touched_is_44_pixels_high(open_page: Open, state: State) -> None:
    page = open_page(phase_map(state, "1", additions=MARKED), **PHONE, has_touch=True).page
    chosen(page, target_of(state, "connected")["target_id"])
    page.get_by_role("button", name="Korrektur vorschlagen").click()
    touched = page.locator(":is(.mark .choice, .mark button, .mark select, .mark input[type=date], .mark textarea)")
    assert touched.count() >= 7
    heights = [box["height"] for box in (touched.nth(at).bounding_box() for at in range(touched.count())) if box]
    assert min(heights) >= 44


def test_a_sealed_page_is_marked_and_leaves_nothing_in_the_browser(
    browser: Browser, state: State, tmp_path: Path
) -> None:
    password = "diamant-aufsuchen-hopfen-fahrgast-prangen-weiden"  # noqa: S105 - of this test
    file = tmp_path / "karte.html"
    text = sealed(phase_map(state, "1", additions=MARKED), password, Bound("evl", dt.date(2022, 3, 28)))
    file.write_text(text, encoding="utf-8")
    context = browser.new_context()
    page = context.new_page()
    page.goto(file.as_uri())
    page.get_by_label("Passwort", exact=True).fill(password)
    page.keyboard.press("Enter")
    page.locator("body.settled").wait_for()
    chosen(page, target_of(state, "connected")["target_id"])
    page.get_by_role("button", name="Korrektur vorschlagen").click()
    page.get_by_label("Bemerkung").fill("Hinweis")
    page.get_by_label("Ihr Name").fill("Petra Muster")
    page.get_by_role("button", name="Vormerken").click()
    page.get_by_role("button", name="Vorschläge (1)").click()
    assert json.loads(saved(page, tmp_path).read_text(encoding="utf-8"))["author"] == "Petra Muster"
    assert page.evaluate("() => window.localStorage.length") == 0
    context.close()
