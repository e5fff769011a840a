"""The atlas as the installed browser prints it: sheets, pages, register, codes; true to size, vector, repeatable."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from playwright.sync_api import expect
from pypdf import PdfReader

from rollout.cartography import Additions, Atlas, phase_map
from rollout.sheets import Order, plan, print_sheets
from rollout.vocabulary import Paper
from tests.browser.paper import codes, pictures

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

    from rollout.analysis.state import State
    from rollout.printing.finishing import Finished

Open = Callable[..., Any]

ADDRESS = "https://karten.example.org/ausbau"
SIZES = {Paper.A4: (210, 297), Paper.A3: (420, 297)}


@pytest.fixture(scope="session")
def published(made_city: ModuleType) -> State:
    found: State = made_city.made_state(project=made_city.made_project(published_at=ADDRESS))
    return found


def printed(state: State, order: Order, browser_path: str, folder: Path) -> Finished:
    return print_sheets(state, plan(state, order), order.paper, browser_path, folder / "atlas.pdf")


@pytest.fixture(scope="session")
def atlas(published: State, browser_path: str, tmp_path_factory: pytest.TempPathFactory) -> Finished:
    return printed(published, Order(Paper.A3), browser_path, tmp_path_factory.mktemp("atlas"))


@pytest.fixture(scope="session")
def pages(atlas: Finished) -> list[str]:
    return [page.extract_text() for page in PdfReader(BytesIO(atlas.content)).pages]


def test_an_atlas_has_an_overview_a_sheet_per_district_and_a_register(atlas: Finished, pages: list[str]) -> None:
    assert atlas.pages == len(pages)
    assert atlas.starts == (2, 3, 4, 5, 6)
    assert "Atlas · 5 Blätter A3 quer · Blattübersicht" in pages[0]
    for said in ("© Stadt Musterstadt", "Rohr verlegt", "angeschlossen", "Hauptverteiler"):
        assert said in pages[0]
    for number, page in enumerate(pages, 1):
        assert f"Seite {number} von {len(pages)}" in page
    for place, start in enumerate(atlas.starts):
        assert re.search(rf"\nViertel {place}(?: \(in Teilen\))?\n", pages[start - 1])
        assert f"Gesamtes Stadtgebiet · Blatt {place + 1} von 5" in pages[start - 1]
        for said in ("Stadt Musterstadt", "Stand 28.03.2022", "Beispieldaten", "Maßstab 1 : ", "© Stadt Musterstadt"):
            assert said in pages[start - 1]
        assert re.search(rf"Viertel {place}\s+1 : [\d.]+\s+S\. {start}\b", pages[0])
    assert all("Straßenverzeichnis" not in page for page in pages[:6])
    assert pages[6].startswith("Straßenverzeichnis") or "\nStraßenverzeichnis" in pages[6]


def test_the_register_leads_to_the_page_and_square_of_a_street(published: State, pages: list[str]) -> None:
    register = " ".join(" ".join(pages[6:]).split())
    streets = published.segments.loc[published.segments["programme_id"] == "stadt", "street"].dropna().unique()
    assert len(streets) > 20
    for street in streets:
        assert re.search(rf"{re.escape(street)} S\. [2-6]: [A-H][1-7]", register)


def test_every_page_is_true_to_size_and_vector(atlas: Finished) -> None:
    reader = PdfReader(BytesIO(atlas.content))
    for page in reader.pages:
        size = [float(side) * 25.4 / 72 for side in (page.mediabox.width, page.mediabox.height)]
        assert size == pytest.approx(SIZES[Paper.A3], abs=0.01)
        assert [name for name, _ in page.images.items()] == []


def test_the_code_of_a_sheet_leads_to_its_view(atlas: Finished, published: State, open_page: Open) -> None:
    found = [codes(picture) for picture in pictures(atlas.content)]
    assert [len(said) for said in found] == [1, 1, 1, 1, 1, 1, *[0] * (len(found) - 6)]
    address, view = found[3][0].split("#")
    assert address == f"{ADDRESS}/stadt.html"
    page = open_page(phase_map(published, additions=Additions(address=address)), hash=view).page
    expect(page.locator("#rollout-facet-district")).to_have_value("Viertel 2")
    expect(page.locator("#rollout-notice")).to_be_empty()
    assert page.evaluate("() => window.location.hash.includes('karte=')")


def test_the_same_state_prints_the_same_bytes(
    atlas: Finished, published: State, browser_path: str, tmp_path: Path
) -> None:
    again = printed(published, Order(Paper.A3), browser_path, tmp_path)
    assert again.content == atlas.content
    assert [file.name for file in tmp_path.iterdir()] == ["atlas.pdf"]


def test_one_district_is_one_sheet_with_its_own_register(state: State, browser_path: str, tmp_path: Path) -> None:
    done = printed(state, Order(Paper.A4, "1", ("Viertel 1",)), browser_path, tmp_path)
    reader = PdfReader(BytesIO(done.content))
    first, second = (page.extract_text() for page in list(reader.pages)[:2])
    assert done.starts == (1,)
    assert "Viertel 1\nBauabschnitt 1\n" in first
    assert "Blatt" not in first.replace("auf diesem Blatt", "")
    assert "Straßenverzeichnis · Viertel 1 · Stand 28.03.2022" in second
    assert codes(pictures(done.content)[0]) == []
    size = [float(side) * 25.4 / 72 for side in (reader.pages[0].mediabox.width, reader.pages[0].mediabox.height)]
    assert size == pytest.approx(SIZES[Paper.A4], abs=0.01)
    assert reader.metadata == {
        "/Title": "Viertel 1, Bauabschnitt 1 – Glasfaser Musterstadt – Stand 28.03.2022",
        "/Producer": "rollout",
    }


def test_more_sheets_than_the_overview_can_list_go_on_a_page_of_their_own(state: State, open_page: Open) -> None:
    many = 40
    bands = {"district_id": [f"B{n}" for n in range(many)], "name": [f"Ort {n}" for n in range(many)]}
    west, south, east, north = state.districts.total_bounds
    edges = np.linspace(west, east, many + 1)
    shapes = [shapely.box(*edge, north) for edge in zip(edges, [south] * many, edges[1:], strict=False)]
    districts = gpd.GeoDataFrame({**bands, "borough": "I"}, geometry=shapes, crs=state.districts.crs)
    atlas = Atlas(Paper.A4, tuple(districts["district_id"]))
    page = open_page(phase_map(replace(state, districts=districts), additions=Additions(atlas=atlas))).page
    page.evaluate("() => window.dispatchEvent(new Event('beforeprint'))")
    fronts = page.locator(".front")
    expect(fronts).to_have_count(2 + many)
    expect(fronts.nth(0).locator("li a")).to_have_count(36)
    expect(fronts.nth(1).locator("li a")).to_have_count(4)
    for place in (0, many - 1):
        expect(fronts.nth(2 + place)).to_have_id(f"blatt-{3 + place}")
        expect(page.locator(f'a[href="#blatt-{3 + place}"]')).to_have_text(f"Ort {place}")
