"""Tables on paper: the sheet holds them whole, and no word is broken in two."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from rollout import pipeline
from rollout.project import open_project
from rollout.reporting.describe import progress_report
from rollout.reporting.html import render

if TYPE_CHECKING:
    from playwright.sync_api import Browser

BUNDLED = Path(__file__).parents[2] / "geodata" / "leverkusen"
PRINTED_WIDTH = round((297 - 2 * 12) / 25.4 * 96)
"""Of a page A4 across without its margins, in the browser's pixels."""

BROKEN_WORDS = """() => [...document.querySelectorAll("td, th")].filter((cell) => {
  const text = cell.firstChild;
  if (text?.nodeType !== Node.TEXT_NODE || text.data.includes(" ")) return false;
  const range = document.createRange();
  range.selectNodeContents(text);
  return range.getClientRects().length > 1;
}).map((cell) => cell.textContent)"""


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tables") / "fortschritt.html"
    path.write_bytes(render(progress_report(pipeline.state(open_project(BUNDLED)))))
    return path


def test_a_printed_table_breaks_no_word_and_runs_over_no_edge(browser: Browser, table: Path) -> None:
    page = browser.new_page(viewport={"width": PRINTED_WIDTH, "height": 700})
    page.goto(table.as_uri())
    page.emulate_media(media="print")
    assert page.evaluate(BROKEN_WORDS) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PRINTED_WIDTH
    page.close()
