"""Files that are something else than they say, and would read other files or call the network."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
import urllib.request
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import pytest
import shapefile

from rollout.errors import CrsError, LayerError
from rollout.layers import Reading
from rollout.layers import shapefile as looking_at_shapefiles
from rollout.layers.environment import CLOSED, DRIVERS

Read = Callable[[Path | str], Reading]


class Trap(Protocol):
    address: str
    calls: list[str]


def disguises(address: str, secret: Path) -> dict[str, str]:
    topology = {"type": "Topology", "objects": {"a": {"type": "Point", "coordinates": [7, 51]}}, "arcs": []}
    esri = {
        "displayFieldName": "",
        "fieldAliases": {"a": "a"},
        "geometryType": "esriGeometryPoint",
        "features": [{"attributes": {"a": "1"}, "geometry": {"x": 7, "y": 51}}],
    }
    pipeline = f"gdal vector pipeline ! read {secret} ! write x.geojson"
    return {
        "vrt-local": f'<OGRVRTDataSource><OGRVRTLayer name="geheim"><SrcDataSource>{secret}</SrcDataSource>'
        '<GeometryField encoding="PointFromColumns" x="x" y="y"/></OGRVRTLayer></OGRVRTDataSource>',
        "vrt-http": f'<OGRVRTDataSource><OGRVRTLayer name="a"><SrcDataSource>{address}/a.csv</SrcDataSource>'
        "</OGRVRTLayer></OGRVRTDataSource>",
        "vrt-vsicurl": '<OGRVRTDataSource><OGRVRTLayer name="a"><SrcDataSource>/vsicurl/'
        f"{address}/a.csv</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>",
        "wfs": f"<OGRWFSDataSource><URL>{address}/wfs</URL></OGRWFSDataSource>",
        "gml": '<?xml version="1.0"?><gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml"/>',
        "gdalg": json.dumps({"type": "gdal_streamed_alg", "command_line": pipeline}),
        "gdalg-behind-features": json.dumps(
            {"type": "FeatureCollection", "features": [], "x": {"type": "gdal_streamed_alg", "command_line": pipeline}}
        ),
        "topojson": json.dumps(topology),
        "topojson-second-type": '{"type": "FeatureCollection", ' + json.dumps(topology)[1:],
        "esri-json": json.dumps(esri),
        "stac": json.dumps({"type": "Catalog", "stac_version": "1.0.0", "links": [{"href": address}]}),
        "sequence": '{"type": "Feature", "properties": {}, "geometry": null}\n' * 2,
        "jsonp": 'loadGeoJSON({"type": "FeatureCollection", "features": []})',
    }


@pytest.mark.parametrize("kind", disguises("", Path()))
def test_a_disguised_document_is_refused_unopened(
    read: Read, trap: Trap, secret: Path, tmp_path: Path, kind: str
) -> None:
    path = tmp_path / ("harmlos.json" if kind == "vrt-local" else "harmlos.geojson")
    path.write_text(disguises(trap.address, secret)[kind])
    with pytest.raises(LayerError) as refused:
        read(path)
    assert "GEHEIM" not in str(refused.value)
    assert refused.value.hint


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("topojson", "TopoJSON"),
        ("esri-json", "ESRI JSON"),
        ("gdalg", "GDALG"),
        ("vrt-local", "VRT"),
        ("stac", "STAC"),
    ],
)
def test_the_refusal_says_what_the_document_is(read: Read, secret: Path, tmp_path: Path, kind: str, name: str) -> None:
    path = tmp_path / "harmlos.geojson"
    path.write_text(disguises("http://127.0.0.1:9", secret)[kind])
    with pytest.raises(LayerError, match=name):
        read(path)


@pytest.mark.parametrize("ending", [".gpkg", ".shp", ".fgb", ".parquet", ".zip"])
def test_a_disguise_behind_another_ending_is_refused_too(
    read: Read, trap: Trap, secret: Path, tmp_path: Path, ending: str
) -> None:
    path = tmp_path / f"harmlos{ending}"
    path.write_text(disguises(trap.address, secret)["vrt-local"])
    with pytest.raises(LayerError):
        read(path)


def crs_links(address: str) -> dict[str, str]:
    link = {"type": "link", "properties": {"href": f"{address}/crs.wkt", "type": "ogcwkt"}}
    name = {"type": "name", "properties": {"name": "EPSG:25832"}}
    point = {"type": "Point", "coordinates": [7.0, 51.0]}
    feature: dict[str, Any] = {"type": "Feature", "properties": {"target_id": "T1"}, "geometry": point}
    whole = {"type": "FeatureCollection", "features": [feature]}
    in_geometry = {**feature, "geometry": {**point, "crs": link}}
    text = json.dumps(whole)
    return {
        "first": json.dumps({"type": "FeatureCollection", "crs": link, "features": [feature]}),
        "last": json.dumps({**whole, "crs": link}),
        "capitals": json.dumps({**whole, "CRS": link}),
        "second": json.dumps({"type": "FeatureCollection", "crs": name, "features": [feature]})[:-1]
        + f', "crs": {json.dumps(link)}}}',
        "in-geometry": json.dumps({"type": "FeatureCollection", "features": [in_geometry]}),
        "in-feature": json.dumps({"type": "FeatureCollection", "features": [{**feature, "crs": link}]}),
        "escaped": text[:-1] + f', "\\u0063rs": {json.dumps(link)}}}',
        "single-quoted": text[:-1] + f", 'crs': {json.dumps(link)}}}",
        "comment": text[:-1] + f', "crs"/**/: {json.dumps(link)}}}',
        "name-is-address": json.dumps({**whole, "crs": {"type": "name", "properties": {"name": f"{address}/crs"}}}),
        "name-and-link": json.dumps({**whole, "crs": {**name, "properties": {"name": "EPSG:25832", "href": address}}}),
        "url": json.dumps({**whole, "crs": {"type": "url", "properties": {"url": f"{address}/crs"}}}),
    }


@pytest.mark.parametrize("kind", crs_links(""))
def test_a_crs_elsewhere_is_not_fetched(read: Read, trap: Trap, tmp_path: Path, kind: str) -> None:
    path = tmp_path / "t.geojson"
    path.write_text(crs_links(trap.address)[kind])
    with pytest.raises((CrsError, LayerError)):
        read(path)


@pytest.mark.parametrize(
    "path",
    [
        "/vsicurl/{address}/t.geojson",
        "/VSICURL/{address}/t.geojson",
        "//vsicurl/{address}/t.geojson",
        "/vsizip/{folder}/t.zip/t.shp",
        "/vsimem/t.geojson",
        "{address}/t.geojson",
        "GeoJSON:{address}/t.geojson",
        "WFS:{address}",
        "CSV:{folder}/geheim.csv",
        '{{"type": "FeatureCollection", "features": []}}',
        "geheim.csv",
        ".",
    ],
)
def test_a_path_that_is_no_plain_file_is_refused(
    read: Read, trap: Trap, secret: Path, tmp_path: Path, path: str
) -> None:
    assert secret.is_file()
    with pytest.raises(LayerError):
        read(path.format(address=trap.address, folder=tmp_path))


def parts(folder: Path) -> list[Path]:
    with shapefile.Writer(folder / "t.shp") as writer:
        writer.field("target_id", "C", 20)
        writer.point(7, 51)
        writer.record("T1")
    (folder / "t.prj").write_text('GEOGCS["WGS 84"]')
    return sorted(folder.glob("t.*"))


def archive(path: Path, members: list[tuple[str, bytes]]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in members:
            opened.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return path


@pytest.mark.parametrize(
    "extra",
    ["../evil.shp", "/evil.shp", "..\\evil.shp", "C:/evil.shp", "second.shp", "T.SHP", "t.txt.exe", "t.shp/../x.shp"],
)
def test_a_zip_that_holds_more_than_one_shapefile_is_refused(read: Read, tmp_path: Path, extra: str) -> None:
    members = [(part.name, part.read_bytes()) for part in parts(tmp_path)]
    path = archive(tmp_path / "z.zip", [*members, (extra, members[0][1])])
    with pytest.raises(LayerError, match=r"z\.zip"):
        read(path)
    assert not list(tmp_path.parent.glob("evil*"))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_zip_that_holds_a_part_twice_is_refused(read: Read, tmp_path: Path) -> None:
    members = [(part.name, part.read_bytes()) for part in parts(tmp_path)]
    with pytest.raises(LayerError, match="jeden Teil einmal"):
        read(archive(tmp_path / "z.zip", [*members, members[0]]))


def test_a_zip_bomb_is_not_unpacked(read: Read, tmp_path: Path) -> None:
    members = [(part.name, part.read_bytes()) for part in parts(tmp_path) if part.suffix != ".dbf"]
    with pytest.raises(LayerError, match="verdächtig klein"):
        read(archive(tmp_path / "z.zip", [*members, ("t.dbf", bytes(50_000_000))]))


def test_a_zip_of_very_many_files_is_refused(read: Read, tmp_path: Path) -> None:
    with pytest.raises(LayerError, match="60 Dateien, erlaubt sind 50"):
        read(archive(tmp_path / "z.zip", [(f"{i}.shp", b"") for i in range(60)]))


def test_a_zip_that_is_too_large_unpacked_is_refused(
    read: Read, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking_at_shapefiles, "MAX_UNPACKED_BYTES", 100)
    with pytest.raises(LayerError, match="größer als"):
        read(archive(tmp_path / "z.zip", [(part.name, part.read_bytes()) for part in parts(tmp_path)]))


def test_an_encrypted_zip_is_refused(read: Read, tmp_path: Path) -> None:
    path = archive(tmp_path / "z.zip", [(part.name, part.read_bytes()) for part in parts(tmp_path)])
    marked = bytearray(path.read_bytes())
    marked[marked.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(marked)
    with pytest.raises(LayerError, match="verschlüsselt"):
        read(path)


def test_a_damaged_zip_is_refused(read: Read, tmp_path: Path) -> None:
    path = archive(tmp_path / "z.zip", [(part.name, part.read_bytes()) for part in parts(tmp_path)])
    damaged = bytearray(path.read_bytes())
    damaged[60:70] = b"\xff" * 10
    path.write_bytes(damaged)
    with pytest.raises(LayerError, match=r"z\.zip"):
        read(path)


def test_the_trap_itself_counts_a_call(listening: Trap) -> None:
    with pytest.raises(OSError, match="404"):
        urllib.request.urlopen(f"{listening.address}/probe")  # noqa: S310 - our own trap
    assert listening.calls == ["/probe"]


def test_gdal_by_itself_would_have_followed_the_link(listening: Trap, tmp_path: Path) -> None:
    path = tmp_path / "t.geojson"
    path.write_text(crs_links(listening.address)["last"])
    run(f"""
        import contextlib, pyogrio
        with contextlib.suppress(Exception):
            pyogrio.read_dataframe({str(path)!r})
    """)
    assert listening.calls != []


def run(code: str) -> str:
    # This process has closed its doors already, and a child would inherit that.
    outside = {name: value for name, value in os.environ.items() if name not in {*CLOSED, "GDAL_SKIP", "CPL_LOG"}}
    command = [sys.executable, "-W", "error", "-c", textwrap.dedent(code)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=outside)
    assert done.stderr == ""
    return done.stdout


def test_only_the_formats_of_the_house_are_left_in_both_libraries() -> None:
    listed = run("""
        import rollout.layers, pyogrio, fiona, json
        with fiona.Env() as env:
            print(json.dumps([sorted(pyogrio.list_drivers()), sorted(env.drivers())]))
    """)
    for drivers in json.loads(listed):
        assert {"GPKG", "GeoJSON", "ESRI Shapefile", "FlatGeobuf"} <= set(drivers) <= set(DRIVERS)


def test_the_network_is_closed_to_gdal_itself(trap: Trap) -> None:
    out = run(f"""
        import rollout.layers, pyogrio
        for path in ("/vsicurl/{trap.address}/t.geojson", "{trap.address}/t.geojson"):
            try:
                pyogrio.read_dataframe(path)
            except Exception as error:
                print(type(error).__name__)
    """)
    assert out.split() == ["DataSourceError", "DataSourceError"]


def test_the_gate_holds_where_gdal_was_loaded_with_all_its_drivers(trap: Trap, tmp_path: Path) -> None:
    path = tmp_path / "t.geojson"
    path.write_text(crs_links(trap.address)["last"])
    out = run(f"""
        import pyogrio
        pyogrio.list_drivers()
        from pathlib import Path
        from rollout.errors import CrsError
        from rollout.layers.gate import admitted
        try:
            with admitted(Path({str(path)!r})):
                print("admitted")
        except CrsError:
            print("refused")
    """)
    assert out.strip() == "refused"
