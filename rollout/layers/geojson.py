"""A look at a GeoJSON file before GDAL opens it: what it is, and that it fetches nothing."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from rollout.errors import CrsError, LayerError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RFC_7946_CRS = "OGC:CRS84"
"""What a GeoJSON file is in that says nothing: longitude and latitude."""

HEAD = 65_536
"""Characters within which the members before `features` are expected."""

_DECODER = json.JSONDecoder()
_BLANK = re.compile(r"[ \t\r\n]*")
# The letters of crs, which a parser reads from escapes too.
_ESCAPED_LETTER = re.compile(r"\\u00(?:[46]3|[57][23])")
_CRS_NAME = re.compile(r"(?:urn:ogc:def:crs:)?(?:EPSG:[\d.]*:?\d+|OGC:[\d.]*:?CRS84h?)")
_OTHER_KINDS = {
    "topology": "TopoJSON",
    "gdal_streamed_alg": "ein GDAL-Ablauf (GDALG), der andere Dateien liest",
    "stac_version": "ein STAC-Verzeichnis",
    "geometrytype": "ESRI JSON",
    "fieldaliases": "ESRI JSON",
    "spatialreference": "ESRI JSON",
    "rings": "ESRI JSON",
    "paths": "ESRI JSON",
}


def look_at_geojson(path: Path) -> str:
    """
    Make sure a file is plain GeoJSON, and read its CRS.

    The text is searched, not parsed, as long as its head stands in the usual order; so the look
    costs a small part of the reading, however many features there are.

    Parameters
    ----------
    path
        A local file.

    Returns
    -------
    crs
        What the file states, as pyproj understands it; `OGC:CRS84` where it states nothing (RFC 7946).

    Raises
    ------
    LayerError
        If the file is not GeoJSON in UTF-8, or is another kind of document behind its name.
    CrsError
        If it refers to a CRS elsewhere, or states more than one.
    """
    text = _text(path)
    if not text.startswith("{"):
        kind = "XML (VRT, GML, KML oder ein WFS-Verweis)" if text.startswith("<") else "kein JSON-Objekt"
        raise _not_geojson(path, kind)
    if "gdal_streamed_alg" in text:
        raise _not_geojson(path, _OTHER_KINDS["gdal_streamed_alg"])
    if not _opens_a_collection(text[:HEAD], path):
        _parse_whole(text, path)
    return _stated_crs(text, path)


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig").lstrip(" \t\r\n")
    except UnicodeDecodeError as error:
        msg = f"'{path.name}' ist nicht in UTF-8 geschrieben (Byte {error.start})"
        raise LayerError(msg, "Exportieren Sie die Ebene neu als GeoJSON in UTF-8.") from error


def _not_geojson(path: Path, kind: str) -> LayerError:
    hint = "Öffnen Sie die Datei im GIS, und exportieren Sie sie als GeoPackage oder als GeoJSON (FeatureCollection)."
    return LayerError(f"'{path.name}' ist kein GeoJSON: {kind}", hint)


def _opens_a_collection(head: str, path: Path) -> bool:
    """Whether the head alone shows a FeatureCollection; False where only the whole text can tell."""
    members: dict[str, Any] = {}
    at = 1
    try:
        while True:
            key, at = _DECODER.raw_decode(head, _skip(head, at))
            at = _skip(head, _expect(head, _skip(head, at), ":"))
            if key == "features":
                return head[at] == "[" and members.get("type") == "FeatureCollection"
            if not isinstance(key, str) or key.lower() in members:
                raise _not_geojson(path, f"der Eintrag '{key}' steht doppelt darin")
            members[key if key == "type" else key.lower()], at = _DECODER.raw_decode(head, at)
            at = _expect(head, _skip(head, at), ",")
    except (ValueError, IndexError):
        return False


def _skip(text: str, at: int) -> int:
    blank = _BLANK.match(text, at)
    return blank.end() if blank else at


def _expect(text: str, at: int, sign: str) -> int:
    if text[at] != sign:
        raise ValueError(sign)
    return at + 1


def _parse_whole(text: str, path: Path) -> None:
    try:
        root = json.loads(text)
    except (ValueError, RecursionError) as error:
        msg = f"'{path.name}' ist kein gültiges JSON: {error}"
        hint = "Exportieren Sie die Ebene neu aus dem GIS; die Datei ist womöglich abgeschnitten."
        raise LayerError(msg, hint) from error
    names = {str(key).lower() for key in root}
    kind = str(root.get("type", "")).lower()
    named = [_OTHER_KINDS[word] for word in _OTHER_KINDS if word in names or word == kind]
    if named:
        raise _not_geojson(path, named[0])
    if root.get("type") not in {"FeatureCollection", "Feature"}:
        raise _not_geojson(path, f"ein JSON-Objekt der Art '{root.get('type')}'")


def _stated_crs(text: str, path: Path) -> str:
    if "\\u00" in text and _ESCAPED_LETTER.search(text):
        msg = f"'{path.name}' schreibt einfache Buchstaben als Zeichencode; darin kann ein Verweis nach außen stecken"
        raise LayerError(msg, "Exportieren Sie die Ebene neu aus dem GIS.")
    named = {name for at in _places_of_crs(text) if (name := _crs_at(text, at, path))}
    if len(named) > 1:
        msg = f"'{path.name}' nennt mehrere Bezugssysteme: {', '.join(sorted(named))}"
        raise CrsError(msg, "Exportieren Sie die Ebene in einem Bezugssystem; welches stimmt, wird nie geraten.")
    return named.pop() if named else RFC_7946_CRS


def _places_of_crs(text: str) -> Iterator[int]:
    """Where a quoted `crs` begins, in any case; GDAL takes the member at any depth and in single quotes too."""
    for word in ("crs", "crS", "cRs", "cRS", "Crs", "CrS", "CRs", "CRS"):
        at = text.find(word)
        while at >= 0:
            if text[at - 1] in "\"'" and text[at + 3 : at + 4] == text[at - 1]:
                yield at - 1
            at = text.find(word, at + 1)


def _crs_at(text: str, start: int, path: Path) -> str | None:
    quote, at = text[start], _skip(text, start + len('"crs"'))
    if quote == '"' and text[at : at + 1] in {",", "}", "]"}:
        return None  # a value, not the name of a member
    if quote == "'" and text[at : at + 1] != ":":
        return None  # inside a text
    try:
        at = _skip(text, _expect(text, at, ":"))
        value, _ = _DECODER.raw_decode(text[at : at + 4096])
    except (ValueError, IndexError) as error:
        msg = f"'{path.name}' hat einen Eintrag 'crs', der kein gültiges JSON ist"
        raise LayerError(msg, "Exportieren Sie die Ebene neu aus dem GIS.") from error
    return _crs_name(value, path) if isinstance(value, dict) else None


def _crs_name(value: dict[str, Any], path: Path) -> str:
    properties = value.get("properties")
    name = properties.get("name") if isinstance(properties, dict) else None
    plain = set(value) == {"type", "properties"} and isinstance(properties, dict) and set(properties) == {"name"}
    if value.get("type") == "name" and plain and isinstance(name, str) and _CRS_NAME.fullmatch(name):
        return name
    msg = f"'{path.name}' verweist auf sein Bezugssystem, statt es zu nennen: {json.dumps(value)[:80]}"
    raise CrsError(msg, "Nennen Sie es beim Namen, z. B. urn:ogc:def:crs:EPSG::25832; ohne Angabe gilt WGS 84.")
