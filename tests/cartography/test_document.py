"""The gate at the end: nothing runs or loads that is not ours."""

from __future__ import annotations

import base64
import hashlib
import re

import pytest

from rollout.cartography.document import Scaffold, finished, inspect
from rollout.errors import OutputError

PLAIN = Scaffold("", "<div></div>", "draw();", has_own_elements=False)
ISLAND = '<script type="application/json" id="rollout-data">{}</script>'


def test_the_policy_allows_the_scripts_of_the_page_and_no_others() -> None:
    page = finished(PLAIN, "Titel", "{}")
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy is not None
    hashes = [f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'" for script in scripts]
    assert f"script-src {' '.join(hashes)};" in policy.group(1)
    assert policy.group(1).startswith("default-src 'none'; ")
    assert len(scripts) == 4


def test_the_title_is_text() -> None:
    page = finished(PLAIN, "</title><script>x</script> & {{ 6*7 }}", "{}")
    assert "<title>&lt;/title&gt;&lt;script&gt;x&lt;/script&gt; &amp; {{ 6*7 }}</title>" in page


def test_the_page_speaks_german_and_can_be_enlarged() -> None:
    page = finished(PLAIN, "Titel", "{}")
    assert page.startswith('<!DOCTYPE html>\n<html lang="de">')
    assert "user-scalable" not in page


@pytest.mark.parametrize(
    "body",
    [
        "<script>alert(1)</script>",
        '<script src="https://example.org/a.js"></script>',
        '<img src="https://example.org/a.png">',
        '<img src=x onerror="alert(1)">',
        '<link rel="stylesheet" href="https://example.org/a.css">',
        '<iframe src="https://example.org/"></iframe>',
        "<p style=\"background: url('//example.org/a.png')\">x</p>",
        "<style>@import 'https://example.org/a.css';</style>",
        "<style>p { background: url(https://example.org/a.png) }</style>",
        '<body onload="alert(1)">',
        '<a href="data:,x" onclick="alert(1)">x</a>',
    ],
)
def test_what_runs_or_loads_is_refused(body: str) -> None:
    with pytest.raises(OutputError):
        finished(Scaffold("", body, "draw();", has_own_elements=True), "Titel", "{}")


def test_a_script_that_ends_early_is_refused() -> None:
    with pytest.raises(OutputError, match="Skripte"):
        finished(Scaffold("", "", 'popup("</script><b>x</b>");', has_own_elements=True), "Titel", "{}")


def test_a_page_needs_exactly_one_island() -> None:
    with pytest.raises(OutputError):
        inspect(ISLAND + ISLAND, [])
    inspect(ISLAND, [])


def test_a_link_to_follow_is_allowed() -> None:
    body = '<a href="https://example.org/">mehr</a><img src="data:image/png;base64,">'
    assert body in finished(Scaffold("", body, "draw();", has_own_elements=True), "Titel", "{}")


def test_data_that_could_be_read_as_markup_is_refused() -> None:
    with pytest.raises(OutputError, match="das Zeichen '<'"):
        finished(PLAIN, "Titel", '{"a": "</script>"}')
