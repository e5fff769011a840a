"""Text from the data is shown as it stands, wherever it stands, and never runs."""

from __future__ import annotations

import csv
import dataclasses
import io
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from playwright.sync_api import expect

from rollout.cartography import phase_map

if TYPE_CHECKING:
    from rollout.analysis.state import State

Open = Callable[..., Any]

HOSTILE = {
    "template": "{{ 6*7777 }}",
    "statement": "{% x %}",
    "comment": "a {# b",
    "script": "</script><script>alert(1)</script>",
    "comment open": "<!--<script>",
    "image": "<img src=x onerror=alert(1)>",
    "backtick": "`${alert(1)}` \\`",
    "quotes": "\"'; alert(1); //",
    "emoji": "Straße 🏠🚧 \u0645\u0631\u062d\u0628\u0627",
    "right to left": "\u202eegassuaH\u202c \u200f",
    "separators": "a\u2028b\u2029c",
    "long": "<b>Ä</b>" * 1250,
    "formula": "=HYPERLINK(A1)",
    "prototype": "__proto__",
}
TEXTS = ("target_id", "street", "house_number", "postcode", "district", "institution")


def poisoned(state: State, text: str) -> State:
    """Put the text into every text column of every layer, and into every name the project shows."""
    project = state.project
    short = text[:500].strip()
    named = project.model_copy(
        update={
            "name": short,
            "municipality": short,
            "programmes": tuple(part.model_copy(update={"name": short}) for part in project.programmes),
            "phases": tuple(part.model_copy(update={"name": short}) for part in project.phases),
            "layers": {
                name: layer.model_copy(update={"attribution": (short,), "note": short})
                for name, layer in project.layers.items()
            },
        }
    )
    targets, segments = state.targets.copy(), state.segments.copy()
    for column in TEXTS:
        targets[column] = _numbered(text, len(targets)) if column == "target_id" else text
        targets[column] = targets[column].astype("string")
    segments["street"] = pd.Series(text, index=segments.index, dtype="string")
    ids = dict(zip(segments["segment_id"], _numbered(text, len(segments)), strict=True))
    for rows in (targets, segments):
        rows["segment_id"] = rows["segment_id"].map(ids).astype("string")
    pieces = state.pieces.assign(segment_id=state.pieces["segment_id"].map(ids).astype("string"))
    texts = {"districts": ("name", "borough"), "nodes": ("node_id", "name")}
    other = {name: getattr(state, name).assign(**dict.fromkeys(columns, text)) for name, columns in texts.items()}
    streets = state.base["streets"].assign(name=pd.Series(text, index=state.base["streets"].index, dtype="string"))
    base = {**state.base, "streets": streets, "neighbours": state.base["neighbours"].assign(name=text)}
    changed = {"project": named, "targets": targets, "segments": segments, "pieces": pieces, "base": base, **other}
    return dataclasses.replace(state, **changed)


def _numbered(text: str, count: int) -> list[str]:
    return [f"{text}{number}" for number in range(count)]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_shown_and_not_run(open_page: Open, state: State, name: str) -> None:
    text = HOSTILE[name]
    small = dataclasses.replace(state, targets=state.targets.iloc[:60])
    changed = poisoned(small, text)
    opened = open_page(phase_map(changed, "1"))
    short = text[:500].strip()
    page = opened.page
    assert page.locator("h1").text_content() == short
    assert page.locator("#rollout-title").text_content() == short
    assert page.locator("#rollout-sources span").nth(1).text_content() == short
    assert page.locator("title").text_content() == f"{short} – {short} – Stand 28.03.2022"
    rows = changed.targets
    target = rows[(rows["drive"] == "funded") & (rows["phase_id"] == "1")].to_crs("EPSG:4326").iloc[0]
    page.locator('[data-group="segments"] .head input').uncheck()
    page.locator('[data-group="nodes"] .head input').uncheck()
    opened.look(target.geometry.y, target.geometry.x, 19)
    page.mouse.click(*opened.pixel(target.geometry.y, target.geometry.x))
    card = page.locator("#rollout-card")
    expect(card).to_be_visible()
    assert card.locator("h2").text_content() == f"{text} {text}"
    assert card.locator(".kicker").text_content() == f"Anschluss {target['target_id']}"
    assert card.locator("dd").all_text_contents().count(text) >= 3
    page.locator("#rollout-search").fill(target["target_id"][:40])
    suggestions = page.get_by_role("option").all_text_contents()
    assert suggestions
    assert any(text[:40].strip() in said for said in suggestions)
    page.keyboard.press("Escape")
    listed_and_printed(page, f"{text} {text}", text)
    assert page.locator("body script:not([type])").count() == 4
    assert page.locator("img:not(.leaflet-marker-icon)").count() == 0


def listed_and_printed(page: Any, address: str, text: str) -> None:  # noqa: ANN401 - a page of the browser
    """See that the list, its file, its copy and the printed register hold the text as it stands, and no formula."""
    page.locator('[data-group="segments"] .head input').check()
    page.get_by_role("button", name="Liste", exact=True).click()
    first = page.locator("#rollout-list tr[data-row]").first
    assert first.locator("td").first.text_content() == address[:200]
    with page.expect_download() as saving:
        page.get_by_role("button", name="CSV für Excel").click()
    saved = saving.value.path().read_text(encoding="utf-8-sig")
    cells = next(csv.reader(io.StringIO(saved, newline=""), delimiter=";"))
    rows = list(csv.reader(io.StringIO(saved, newline=""), delimiter=";"))
    assert cells[:2] == ["Adresse", "Kennung"]
    assert rows[1][0].removeprefix("'") == address
    assert not any(cell.lstrip().startswith(("=", "+", "-", "@")) for row in rows[1:] for cell in row)
    page.evaluate("() => window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator("#rollout-sheet h1").text_content() == text[:500].strip()
    assert text in page.locator(".register li span").all_text_contents()
    page.evaluate("() => window.dispatchEvent(new Event('afterprint'))")


def test_an_injected_script_would_be_stopped_by_the_policy(open_page: Open, state: State) -> None:
    opened = open_page(phase_map(state, "1"))
    opened.page.evaluate(
        "() => { const s = document.createElement('script'); s.textContent = 'document.body.dataset.hacked = 1';"
        " document.body.append(s); }"
    )
    assert opened.page.locator("body[data-hacked]").count() == 0
    assert any("Content Security Policy" in fault for fault in opened.faults)
    opened.faults.clear()
