"""The gate: a delivery's bytes, read once, hashed, and found to be what the file's name says."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from rollout.intake.refusal import DeliveryError

if TYPE_CHECKING:
    from pathlib import Path

MAX_BYTES = 256 * 1024**2
"""A list of a city's addresses or trenches is a thousandth of this."""


class Format(StrEnum):
    """What a delivery may come as."""

    GEOJSON = "GeoJSON"
    GEOPACKAGE = "GeoPackage"
    SHAPEFILE = "Shapefile (ZIP)"
    XLSX = "XLSX"
    CSV = "CSV"


FORMATS = {
    ".geojson": Format.GEOJSON,
    ".json": Format.GEOJSON,
    ".gpkg": Format.GEOPACKAGE,
    ".zip": Format.SHAPEFILE,
    ".xlsx": Format.XLSX,
    ".xlsm": Format.XLSX,
    ".csv": Format.CSV,
    ".txt": Format.CSV,
}
"""Ending of a file's name → the one format it may hold."""

# `http://…`, `/vsizip/…` and `DRIVER:name` are places to other programs; a drive letter is a single one.
_REMOTE = re.compile(r"^(?:[A-Za-z][A-Za-z0-9+.-]+:|[/\\]+vsi)", re.IGNORECASE)
_ZIP, _EMPTY_ZIP, _OLE, _SQLITE = (
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b"SQLite format 3\x00",
)
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_MAGIC = {Format.GEOPACKAGE: _SQLITE, Format.SHAPEFILE: _ZIP, Format.XLSX: _ZIP, Format.GEOJSON: b"{"}
_KINDS = (
    (b"<ogrvrt", "eine VRT-Datei, die auf andere Dateien verweist"),
    (b"<!doctype html", "eine HTML-Seite"),
    (b"<html", "eine HTML-Seite"),
    (b"<", "XML oder HTML"),
    (_ZIP, "ein ZIP-Archiv"),
    (_EMPTY_ZIP, "ein leeres ZIP-Archiv"),
    (_SQLITE, "eine SQLite-Datenbank"),
    (_OLE, "ein altes Office-Dokument"),
    (b"%pdf", "ein PDF-Dokument"),
    (b"{", "ein JSON-Dokument"),
)


@dataclass(frozen=True, slots=True)
class Arrival:
    """
    A file as it arrived.

    Attributes
    ----------
    name
        Name of the file, without its folder.
    content
        Its bytes. What is hashed, checked, read and kept are these and no second reading.
    sha256
        Their hash, 64 hexadecimal digits.
    format
        What the file is.
    """

    name: str
    content: bytes = field(repr=False)
    sha256: str
    format: Format

    @property
    def size(self) -> int:
        """Number of bytes."""
        return len(self.content)


def take_in(path: Path) -> Arrival:
    """
    Read a delivered file once, and make sure that it is what its name says.

    Parameters
    ----------
    path
        A local file.

    Returns
    -------
    arrival
        Its bytes, hash and format.

    Raises
    ------
    DeliveryError
        If it is missing, empty, too large, or of another kind than its ending says.
    """
    format_ = _format(path)
    content = _content(path)
    _compare(path.name, content, format_)
    return Arrival(path.name, content, hashlib.sha256(content).hexdigest(), format_)


def _format(path: Path) -> Format:
    if _REMOTE.match(str(path)) or "\0" in str(path):
        msg = f"'{path}' ist keine lokale Datei"
        raise DeliveryError(msg, "Speichern Sie die Datei zuerst in einem Ordner; aus dem Netz wird nichts geholt.")
    if not path.is_file():
        msg = f"die Datei '{path.name}' gibt es in '{path.parent}' nicht"
        raise DeliveryError(msg, "Prüfen Sie Namen und Ordner.")
    ending = path.suffix.lower()
    if ending not in FORMATS:
        msg = f"'{path.name}': Dateien mit der Endung '{ending}' werden nicht angenommen"
        hint = f"Erbitten Sie eine Datei mit einer dieser Endungen: {', '.join(FORMATS)} (Shapefile als ZIP)."
        raise DeliveryError(msg, hint)
    return FORMATS[ending]


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        msg = f"'{path.name}' ist nicht lesbar: {error.strerror}"
        raise DeliveryError(
            msg, "Prüfen Sie das Leserecht, und schließen Sie die Datei in anderen Programmen."
        ) from error
    if not content.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        msg = f"'{path.name}' ist leer"
        raise DeliveryError(msg, "Bitten Sie um eine neue Sendung; die Übertragung ist wohl abgebrochen.")
    if len(content) > MAX_BYTES:
        msg = f"'{path.name}' ist größer als {MAX_BYTES // 1024**2} MB"
        raise DeliveryError(msg, "Bitten Sie um einen Auszug nur mit den Spalten und Zeilen, die gebraucht werden.")
    return content


def _compare(name: str, content: bytes, format_: Format) -> None:
    begin = content[:4096].removeprefix(b"\xef\xbb\xbf").lstrip() if format_ is Format.GEOJSON else content[:4096]
    if format_ is Format.XLSX and begin.startswith(_OLE):
        msg = f"'{name}' ist mit einem Passwort geschützt oder im alten Excel-Format gespeichert"
        raise DeliveryError(msg, "Bitten Sie um die Datei ohne Passwort, gespeichert als „Excel-Arbeitsmappe (.xlsx)“.")
    fits = _is_text(content) if format_ is Format.CSV else begin.startswith(_MAGIC[format_])
    if not fits:
        msg = f"'{name}' ist kein {format_}, sondern {_kind(content)}"
        raise DeliveryError(msg, "Bitten Sie um eine neue Ausgabe aus dem Quellprogramm; Umbenennen genügt nicht.")


def _is_text(content: bytes) -> bool:
    if content.startswith(_UTF16):
        return True
    begin = content[:4096].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    known = any(begin.startswith(magic.lower()) for magic, _ in _KINDS)
    return not known and b"\0" not in content


def _kind(content: bytes) -> str:
    begin = content[:4096].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    return next((kind for magic, kind in _KINDS if begin.startswith(magic.lower())), "etwas anderes oder abgeschnitten")
