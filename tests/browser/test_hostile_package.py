"""Hostile text in every column and every name of a project stays text in every file of a package."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import openpyxl
import pandas as pd
import pytest

from rollout.schema import LAYERS, ColumnType
from rollout.sharing.forms import Form
from tests.browser.conftest import Opened, _trap
from tests.browser.test_hostile import HOSTILE
from tests.redteam import worlds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import geopandas as gpd
    from playwright.sync_api import Browser

    from tests.redteam.loot import Loot

MORE = ("@SUM(1+1)*cmd|' /C calc'!A0", "+49 214", "-2+3", "\\", "| a | b |", "[x](javascript:alert(1))", "<!-- x -->")
TEXTS = [text[:400] for text in (*HOSTILE.values(), *MORE)]
EVERYTHING = " ".join(text[:20] for text in TEXTS).strip()
POINTING = {"programme_id", "phase_id", "district", "district_id"}
"""Columns whose words must be known to the project."""
RUNS_OR_LOADS = {"iframe", "object", "embed", "base", "form", "link", "audio", "video", "source", "applet", "meta"}
FORMULA = re.compile(r"^\s*[=+\-@\t\r]")


def hostile_town() -> dict[str, gpd.GeoDataFrame]:
    """Every text a hostile one, each of them in every column; identifiers stay different."""
    town = worlds.layers(seed=5, houses=len(TEXTS))
    for name, rows in town.items():
        identifier = LAYERS[name].columns[0].name
        for column in LAYERS[name].columns:
            if column.type is ColumnType.TEXT and column.allowed is None and column.name not in POINTING:
                mark = range(len(rows)) if column.name == identifier else [""] * len(rows)
                texts = [f"{TEXTS[row % len(TEXTS)]}{mark[row]}" for row in range(len(rows))]
                rows[column.name] = pd.array(texts, dtype="string")
    town["districts"]["name"] = pd.array([district(number) for number in range(6)], dtype="string")
    return town


def district(number: int) -> str:
    """A name that is hostile, and known to the project."""
    return f"{TEXTS[number * 3]} {number}".strip()


def quoted(text: str) -> str:
    """The text as TOML writes it."""
    return json.dumps(text, ensure_ascii=False)


def hostile_project() -> str:
    """The project file with hostile names."""
    text = worlds.PROJECT
    for number, name in enumerate(worlds.DISTRICTS):
        text = text.replace(f'"{name}"', quoted(district(number)))
    for name in ("Glasfaser Musterstadt", "Stadt Musterstadt", "Hauptprojekt", "Gewerbepark", "Bescheid"):
        text = text.replace(f'"{name}"', quoted(EVERYTHING))
    for number in "12":
        text = text.replace(f'"Bauabschnitt {number}"', quoted(f"{EVERYTHING} {number}"))
    return text + f"streets.note = {quoted(EVERYTHING)}\nstreets.attribution = [{quoted(EVERYTHING)}]\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return worlds.founded(tmp_path_factory.mktemp("feindlich") / "stadt", hostile_town(), project=hostile_project())


@pytest.fixture(scope="module")
def loot(folder: Path) -> Loot:
    return worlds.sent(folder, "city")


@pytest.fixture
def open_file(browser: Browser) -> Iterator[Callable[[Path], Opened]]:
    """Open a file of a package from disk; whatever it asks for, says or throws fails the test."""
    context = browser.new_context()
    every: list[Opened] = []

    def open_(path: Path) -> Opened:
        opened = Opened(context.new_page())
        every.append(opened)
        _trap(opened, path.as_uri())
        opened.page.goto(path.as_uri())
        return opened

    yield open_
    context.close()
    assert [opened.faults for opened in every] == [[] for _ in every]


def test_no_file_of_a_package_runs_or_asks_for_anything(
    loot: Loot, folder: Path, open_file: Callable[..., Opened]
) -> None:
    place = folder / "pakete" / f"city-{worlds.AS_OF}"
    for name in ("index.html", "tabellen/fortschritt.html", *loot.pages):
        opened = open_file(place / name)
        if name in loot.pages:
            opened.page.locator("body.settled").wait_for()
        shown = opened.page.locator("body").text_content() or ""
        for text in ("{{ 6*7777 }}", "<img src=x", "</script><script>"):
            assert text in shown, (name, text)
        assert opened.page.locator("img:not(.leaflet-marker-icon)").count() == 0


class Elements(HTMLParser):
    """Notes what of a page could run, load or lead away."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag in RUNS_OR_LOADS - {"meta"} or (tag == "script" and "src" in said):
            self.faults.append(tag)
        self.faults += [f"{tag} {name}" for name in said if name.startswith("on") or name in {"src", "srcset"}]
        self.links += [said["href"] or ""] if "href" in said else []


def test_pages_and_tables_lead_nowhere_but_to_each_other(loot: Loot) -> None:
    for name, content in loot.files.items():
        if name.endswith(".html"):
            elements = Elements()
            elements.feed(content.decode())
            assert elements.faults == [], name
            there = [link for link in elements.links if not link.startswith("#")]
            assert all((PurePosixPath(name).parent / link).as_posix() in loot.files for link in there), name


def test_a_workbook_holds_text_and_numbers_and_nothing_that_is_reckoned_or_fetched(loot: Loot) -> None:
    content = loot.files["tabellen/fortschritt.xlsx"]
    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d", "b"}
    assert not any(cell.hyperlink or cell.comment for cell in cells)
    assert any(str(cell.value).startswith("=HYPERLINK") for cell in cells)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
    assert not [
        name for name in names if re.search(r"external|vba|embed|connection|query|ctrlProp", name, re.IGNORECASE)
    ]


def test_no_cell_of_a_list_for_excel_begins_as_a_formula(loot: Loot) -> None:
    text = loot.files["tabellen/fortschritt.csv"].decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
    begun = [cell for row in rows for cell in row if FORMULA.match(cell) and not re.fullmatch(r"-?[\d.,]+ ?%?", cell)]
    assert begun == []
    assert any("=HYPERLINK(A1)" in cell for row in rows for cell in row)


def test_texts_beside_the_pages_stay_what_they_are(loot: Loot) -> None:
    assert json.loads(loot.files["MANIFEST.json"])["about"]["project"] == EVERYTHING
    markdown = loot.files["tabellen/fortschritt.md"].decode()
    assert not re.search(r"(?<!\\)<(?:script|img|!--)|(?<!\\)\]\(", markdown)
    for sheet in loot.sheets["tabellen/fortschritt.md"]:
        assert {len(row) for row in sheet.rows} == {len(sheet.head)}
    readme = loot.files["LIESMICH.txt"].decode("utf-8-sig")
    assert " ".join(EVERYTHING.split())[:60] in " ".join(readme.split())
    assert not re.search("[\u2028\u2029\u202a-\u202e]", readme)


def test_names_in_an_archive_are_plain_and_stay_inside(folder: Path) -> None:
    names = worlds.sent(folder, "city", form=Form.ZIP).files
    assert all(
        re.fullmatch(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*(/[A-Za-z0-9_-]+(\.[A-Za-z0-9]+)*)?", name) for name in names
    )
