"""What an audience may not see is found in finished files, however it is packed; what it may see is not."""

from __future__ import annotations

import base64
import datetime as dt
import gzip
import io
import json
import zipfile
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import pyzipper
import shapely
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfWriter
from pyproj import Transformer

from rollout.cartography import phase_map
from rollout.crs import METRIC_CRS, PAGE_CRS
from rollout.errors import DisclosureError, OutputError
from rollout.reporting.describe import progress_report
from rollout.reporting.formats import Format
from rollout.reporting.render import render
from rollout.sharing.forbidden import MILLIONTH, forbidden, place_keys
from rollout.sharing.grid import SIZE_M
from rollout.sharing.leaks import Leak, leaks, refuse_leaks
from rollout.sharing.redaction import shown
from rollout.sharing.sealed import Bound, sealed
from tests.drawing import X0, Y0, project
from tests.sharing.towns import layers_of, town_of

if TYPE_CHECKING:
    import geopandas as gpd

    from rollout.analysis.state import State
    from rollout.sharing.forbidden import Forbidden

NAMES = ("city", "evl", "netcologne", "council", "public")
FULL = town_of(layers_of(3))
ROW = FULL.targets.iloc[0]
TO_DEGREES = Transformer.from_crs(METRIC_CRS, PAGE_CRS, always_xy=True)
ADDRESS = f"{ROW['street']} {ROW['house_number']}"
HEAD = '<!DOCTYPE html><html><head><meta http-equiv="Content-Security-Policy" content="default-src \'none\'"></head>'


@cache
def seen_by(name: str) -> State:
    return shown(FULL, project().audiences[name])


@cache
def hidden_from(name: str) -> Forbidden:
    return forbidden(FULL, seen_by(name))


def rules(files: dict[str, bytes], name: str = "public", password: str | None = None) -> set[str]:
    return {leak.rule for leak in leaks(files, hidden_from(name), password)}


def zipped(name: str, content: bytes, day: tuple[int, int, int] = (1980, 1, 1)) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(name, (*day, 0, 0, 0)), content)
    return target.getvalue()


def workbook(text: str) -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    book.add_worksheet().write_string(3, 2, text)
    book.set_properties({"created": dt.datetime(1980, 1, 1)})  # noqa: DTZ001 - XlsxWriter takes no other
    book.close()
    return target.getvalue()


def document(title: str) -> bytes:
    target = io.BytesIO()
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.add_metadata({"/Title": title})
    writer.write(target)
    return target.getvalue()


@pytest.mark.parametrize("name", NAMES)
def test_pages_and_tables_of_what_an_audience_may_see_are_clean(name: str) -> None:
    state = seen_by(name)
    files = {"karte.html": phase_map(state).html().encode()}
    if name in {"city", "evl", "netcologne"}:
        report = progress_report(state)
        files |= {f"tabelle.{form.value}": render(report, form) for form in Format if form is not Format.TERMINAL}
    assert leaks(files, hidden_from(name)) == []


@pytest.mark.parametrize("name", NAMES[1:])
def test_a_page_with_everything_is_a_leak_for_everyone_but_the_city(name: str) -> None:
    found = rules({"karte.html": phase_map(FULL).html().encode()}, name)
    assert "Spalte" in found if name == "evl" else {"Kennung", "Spalte"} <= found


@pytest.mark.parametrize(
    "pack",
    [
        lambda text: text.encode(),
        lambda text: gzip.compress(text.encode()),
        lambda text: base64.b64encode(text.encode().ljust(40)),
        lambda text: b'{"anlage": "' + base64.b64encode(gzip.compress(text.encode())) + b'"}',
        lambda text: zipped("neutral.txt", text.encode()),
        lambda text: zipped("aussen.zip", zipped("innen.txt", text.encode())),
        lambda text: zipped(f"{text}.txt", b""),
        workbook,
        document,
        lambda text: f"{HEAD}<body><p title='{text}'>".encode(),
        lambda text: f"{HEAD}<body><!-- {text} -->".encode(),
        lambda text: f"{HEAD}<body><?php {text} ?>".encode(),
        lambda text: f"{HEAD}<body><script>const a = '{text}';</script>".encode(),
        lambda text: f"{HEAD}<style>p::after {{ content: '{text}' }}</style>".encode(),
        lambda text: f"{HEAD}<body><script type='application/json'>{json.dumps({'a': text})}</script>".encode(),
    ],
    ids=["text", "gzip", "base64", "gzip in base64", "zip", "zip in zip", "name in zip", "xlsx", "pdf", "attribute",
         "comment", "instruction", "script", "style", "data"],
)  # fmt: skip
@pytest.mark.parametrize(("text", "rule"), [(ADDRESS, "Adresse"), (ROW["target_id"], "Kennung")])
def test_an_address_or_an_id_is_found_however_it_is_packed(pack, text: str, rule: str) -> None:  # noqa: ANN001
    content = pack(text)
    assert rules({"datei": content}) == {rule}, content[:200]
    assert rules({"datei": pack("Es gibt nichts zu sehen, 12a")}) == set()


def test_an_address_is_found_in_another_spelling_and_not_with_another_number() -> None:
    street, number = ROW["street"], ROW["house_number"]
    assert rules({"a.txt": f"bei {street}  {number} liegt".encode()}) == {"Adresse"}
    assert rules({"a.txt": f"bei {street} {number}7 liegt; {street} ist lang".encode()}) == set()


def test_an_encrypted_archive_is_opened_for_the_check_or_refused() -> None:
    target = io.BytesIO()
    with pyzipper.AESZipFile(target, "w", encryption=pyzipper.WZ_AES) as archive:
        archive.setpassword(b"geheim")
        archive.writestr("a.txt", ADDRESS)
    found = rules({"paket.zip": target.getvalue()}, password="geheim")  # noqa: S106 - a test's own
    assert found == {"Adresse", "Zeitpunkt der Herstellung"}
    with pytest.raises(OutputError, match=r"'paket\.zip' lässt sich zur Prüfung nicht öffnen"):
        leaks({"paket.zip": target.getvalue()}, hidden_from("public"))


def test_a_sealed_page_is_opened_for_the_check_or_refused() -> None:
    words = "apfel birne dose eimer feder gabel"
    page = sealed(phase_map(FULL), words, Bound("public", FULL.as_of)).encode()
    assert {"Kennung", "Spalte"} <= rules({"a.html": page}, password=words)
    fine = sealed(phase_map(seen_by("public")), words, Bound("public", FULL.as_of)).encode()
    assert rules({"a.html": fine}, password=words) == set()
    with pytest.raises(OutputError, match=r"'a\.html → Daten' lässt sich zur Prüfung nicht öffnen"):
        leaks({"a.html": fine}, hidden_from("public"), "falsch")


def test_places_are_found_in_metres_and_in_degrees_and_in_either_order() -> None:
    x, y = shapely.get_coordinates(ROW["geometry"])[0]
    degrees = FULL.targets.geometry.iloc[:1].to_crs(4326).iloc[0]
    for text in (
        f"{x:.2f}; {y:.2f}",
        f"{y:.1f} {x:.1f}",
        f'{{"coordinates": [{degrees.x:.7f}, {degrees.y:.7f}]}}',
        f"{degrees.y:.6f},{degrees.x:.6f}",
    ):
        assert rules({"a.txt": text.encode()}) == {"Koordinate"}, text
    assert rules({"a.txt": f"{x + 300:.2f}; {y:.2f}".encode()}) == set()


@pytest.mark.parametrize(
    ("public", "is_a_leak"),
    [
        pytest.param(FULL.base["streets"].geometry.iloc[0].coords[0], False, id="the bend of a street"),
        pytest.param(FULL.districts.geometry.iloc[0].centroid.coords[0], False, id="the name of a district"),
        pytest.param(FULL.districts.geometry.iloc[1].exterior.coords[0], False, id="a district's border"),
        pytest.param((X0 + 1.0, Y0 + 1.0), True, id="nothing public"),
    ],
)
def test_a_place_that_a_page_cannot_tell_from_a_public_one_is_no_leak(
    public: tuple[float, float], *, is_a_leak: bool
) -> None:
    x, y = public
    hidden = FULL.nodes.assign(geometry=[shapely.Point(x + 0.008, y + 0.008), FULL.nodes.geometry.iloc[1]])
    full = replace(FULL, nodes=hidden)
    seen = shown(full, project().audiences["public"])
    told = replace(
        seen, base={**seen.base, "streets": with_bend(seen.base["streets"], public)} if is_a_leak else seen.base
    )
    found = leaks({"karte.html": phase_map(told).html().encode()}, forbidden(full, seen))
    assert {leak.rule for leak in found} == ({"Koordinate"} if is_a_leak else set())


@given(st.integers(-3, 3), st.integers(-3, 3), st.floats(-0.02, 0.02), st.floats(-0.02, 0.02))
def test_the_corner_of_a_cell_tells_of_no_place(column: int, row: int, east_m: float, north_m: float) -> None:
    corner = (X0 + column * SIZE_M, Y0 + row * SIZE_M)
    assert corner[0] % SIZE_M == corner[1] % SIZE_M == 0
    hidden = FULL.nodes.assign(geometry=[shapely.Point(corner[0] + east_m, corner[1] + north_m)] * 2)
    full = replace(FULL, nodes=hidden)
    keys = forbidden(full, shown(full, project().audiences["public"])).places
    at_corner = np.rint(np.array(TO_DEGREES.transform(*corner)) / MILLIONTH).astype(np.int64)
    assert place_keys(at_corner[np.newaxis])[0] not in keys


def with_bend(streets: gpd.GeoDataFrame, at: tuple[float, float]) -> gpd.GeoDataFrame:
    first = streets.geometry.iloc[0]
    bent = shapely.LineString([first.coords[0], (at[0] + 0.008, at[1] + 0.008), first.coords[-1]])
    return streets.assign(geometry=[bent, *streets.geometry.iloc[1:]])


def test_a_status_is_found_as_a_cell_and_not_in_a_sentence() -> None:
    word = next(iter(sorted(hidden_from("evl").cells)))
    assert rules({"t.csv": f'\ufeff"Stand";"n"\r\n"{word}";4\r\n'.encode()}, "evl") == {"Status oder Grund"}
    assert rules({"t.xlsx": workbook(word)}, "evl") == {"Status oder Grund"}
    assert rules({"t.json": json.dumps({"stand": word}).encode()}, "evl") == {"Status oder Grund"}
    assert rules({"t.md": f"| Stadtteil | {word} |\n".encode()}, "evl") == {"Status oder Grund"}
    assert rules({"t.md": f"Hier steht, was {word} heißt.".encode()}, "evl") == set()


def test_a_page_must_name_its_scripts_and_forbid_connections() -> None:
    assert rules({"a.html": b"<!doctype html><p>x"}) == {"Content-Security-Policy"}
    open_policy = HEAD.replace("'none'\"", "'none'; script-src 'unsafe-inline'\"")
    assert rules({"a.html": open_policy.encode()}) == {"Content-Security-Policy"}
    talking = HEAD.replace("'none'\"", "'none'; connect-src https://example.org\"")
    assert rules({"a.html": talking.encode()}) == {"Content-Security-Policy"}
    for loading in ("<img src='https://example.org/a.png'>", "<link href='//example.org/a.css'>"):
        assert rules({"a.html": f"{HEAD}<body>{loading}".encode()}) == {"Abruf von außen"}
    assert rules({"a.html": f"{HEAD}<style>p {{ background: url(https://example.org/a) }}</style>".encode()}) == {
        "Abruf von außen"
    }
    assert rules({"a.html": f"{HEAD}<body><a href='https://example.org/'>Quelle</a>".encode()}) == set()


def test_traces_of_the_machine_are_found() -> None:
    assert rules({"a.txt": f"gemacht in {Path.home()}/karten".encode()}) == {"Spur des Rechners"}
    today = dt.datetime.now(tz=dt.UTC).date()
    dated = zipped("a.txt", b"", (today.year, today.month, today.day))
    assert rules({"a.zip": dated}) == {"Zeitpunkt der Herstellung"}


def test_a_workbook_may_be_dated_with_the_stand_and_with_no_moment_of_the_day() -> None:
    stand = f"{FULL.as_of.isoformat()}T00:00:00Z"
    hidden = replace(hidden_from("public"), stand=dt.datetime.now(tz=dt.UTC).date())
    for moment, found in (("00:00:00", set()), ("14:35:07", {"Zeitpunkt der Herstellung"})):
        properties = f"<dcterms:created>{hidden.stand.isoformat()}T{moment}Z</dcterms:created>"
        pack = {"t.xlsx": zipped("docProps/core.xml", properties.encode())}
        assert {leak.rule for leak in leaks(pack, hidden)} == found
    assert rules({"t.xlsx": zipped("docProps/core.xml", stand.encode())}) == set()


def test_a_column_that_is_not_known_is_refused_since_nobody_allowed_it() -> None:
    page = phase_map(seen_by("evl")).html()
    slipped = page.replace('"postcode":{"words"', '"owner":{"words"', 1)
    assert slipped != page
    assert rules({"a.html": slipped.encode()}, "evl") == {"unbekannte Spalte"}


def test_what_cannot_be_read_is_not_given_away() -> None:
    broken = zipped("a.txt", b"x" * 100)
    broken = broken[:40] + b"\0\0\0" + broken[43:]
    with pytest.raises(OutputError, match="lässt sich zur Prüfung nicht öffnen"):
        leaks({"a.zip": broken}, hidden_from("public"))
    with pytest.raises(OutputError, match="zu oft verpackt"):
        leaks({"a.zip": _nested(12)}, hidden_from("public"))


def _nested(times: int) -> bytes:
    content = b"innen"
    for _ in range(times):
        content = zipped("a.zip", content)
    return content


def test_the_refusal_names_file_place_and_number_of_leaks() -> None:
    refuse_leaks([])
    found = [Leak("a.zip → b.txt", "Adresse", ADDRESS), Leak("c.html", "Kennung", "X")]
    with pytest.raises(DisclosureError) as refused:
        refuse_leaks(found)
    assert refused.value.message.endswith(f"a.zip → b.txt: Adresse '{ADDRESS}' und 1 weitere Stelle")
    assert "nichts geschrieben" in refused.value.hint


def test_an_audience_that_may_see_everything_has_nothing_forbidden() -> None:
    nothing = forbidden(FULL, replace(FULL))
    assert not nothing.identifiers
    assert not nothing.addresses
    assert not nothing.texts
    assert not nothing.cells
    assert not len(nothing.places)
    assert not any(nothing.columns.values())
