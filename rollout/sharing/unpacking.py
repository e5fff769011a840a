"""
Finished files taken apart, for the leak check: archives, workbooks, gzip, base64 and our own data islands.

This reader shares no code with what writes the files, so that a fault there does not hide itself here.
"""

from __future__ import annotations

import base64
import binascii
import gzip
import hashlib
import io
import json
import re
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from rollout.errors import OutputError
from rollout.sharing.markup import read_markup

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_ZIP, _GZIP, _PDF = b"PK\x03\x04", b"\x1f\x8b", b"%PDF-"
_MARKUP = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*<!doctype html", re.IGNORECASE)
_PADDING = re.compile(rb"={0,2}(?![A-Za-z0-9+/=])")
_LONG_RUN = b"a" * 24
_AS_RUNS = re.sub(rb"[^ ]", b"a", re.sub(rb"[^A-Za-z0-9+/]", b" ", bytes(range(256))))
"""Shows where base64 could stand: each of its letters as one, each other byte as a space."""
_READABLE = re.compile(rb"[ -~]{12,}")
_MOST_LAYERS = 8
_UNREADABLE = (zipfile.BadZipFile, zlib.error, OSError, RuntimeError, EOFError, ValueError)
_ENCRYPTED = 0x1
_SEALED = {"rounds", "salt", "nonce", "data"}
_ARROW = " → "


@dataclass(frozen=True)
class Piece:
    """
    Something that can be read in a finished file.

    Attributes
    ----------
    place
        File, and the way inside it: `tabellen.xlsx → xl/sharedStrings.xml`.
    content
        The bytes as they are read there.
    kind
        `file`, `entry` (of an archive), `properties` (what an archive or document says of itself), `markup` (text and
        attributes of a page), `data` (a data island), `code` (a script or style of a page), `packed` (out of base64).
    """

    place: str
    content: bytes
    kind: str = "file"

    @cached_property
    def text(self) -> str:
        """
        The content as text.

        Of an archive there is none, since what is in it is a piece of its own; of other bytes that are no text, such
        as a picture, the runs of letters that are too long to be chance.
        """
        if self.content.startswith((_ZIP, _GZIP)):
            return ""
        try:
            return self.content.decode("utf-8")
        except UnicodeDecodeError:
            return "\n".join(run.decode("ascii") for run in _READABLE.findall(self.content))


def unpacked(files: Mapping[str, bytes], password: str | None = None) -> Iterator[Piece]:
    """
    Take every file of a package apart, down to what can be read.

    Parameters
    ----------
    files
        Relative path → content.
    password
        Opens encrypted archives and pages.

    Yields
    ------
    piece
        Each file, and then all that is inside it.

    Raises
    ------
    OutputError
        If something cannot be opened: what cannot be read cannot be checked.
    """
    for name, content in files.items():
        yield from _inside(Piece(name, content), password, 0)


def is_page(piece: Piece) -> bool:
    """
    Tell whether a piece is a whole page, whose parts are pieces of their own.

    Parameters
    ----------
    piece
        Any piece.

    Returns
    -------
    page
        True for HTML that was not yet taken apart.
    """
    return piece.kind != "markup" and _MARKUP.match(piece.content) is not None


def _inside(piece: Piece, password: str | None, depth: int) -> Iterator[Piece]:
    if depth > _MOST_LAYERS:
        msg = f"'{piece.place}' ist zu oft verpackt, um geprüft zu werden"
        raise OutputError(msg, "Das ist ein Fehler von rollout; bitte melden Sie ihn.")
    yield piece
    for part in _parts(piece, password):
        yield from _inside(part, password, depth + 1)


def _parts(piece: Piece, password: str | None) -> Iterator[Piece]:
    try:
        if piece.content.startswith(_ZIP):
            yield from _entries(piece, password)
        elif piece.content.startswith(_GZIP):
            yield Piece(f"{piece.place}{_ARROW}gzip", gzip.decompress(piece.content), "packed")
        elif piece.content.startswith(_PDF):
            yield from _sheets(piece)
        elif is_page(piece):
            yield from _markup(piece)
        elif piece.kind == "data" and (island := _sealed(piece.text)) is not None:
            yield Piece(f"{piece.place}{_ARROW}entschlüsselt", _unsealed(island, password), "data")
        elif piece.kind != "code":
            yield from _from_base64(piece)
    except _UNREADABLE as error:
        msg = f"'{piece.place}' lässt sich zur Prüfung nicht öffnen: {error}"
        raise OutputError(msg, "Was nicht geprüft werden kann, wird nicht weitergegeben.") from error


def _entries(piece: Piece, password: str | None) -> Iterator[Piece]:
    comment, entries = _archive(piece.content, password)
    if comment:
        yield Piece(f"{piece.place}{_ARROW}Kommentar", comment, "properties")
    for entry, content in entries:
        place = f"{piece.place}{_ARROW}{entry.filename}"
        year, month, day = entry.date_time[:3]
        said = f"{entry.filename}\n{year:04}-{month:02}-{day:02}\n".encode() + entry.comment
        yield Piece(f"{place} (Eintrag)", said, "properties")
        kind = "properties" if entry.filename.startswith("docProps/") else "entry"
        yield Piece(place, content, kind)


def _archive(content: bytes, password: str | None) -> tuple[bytes, list[tuple[zipfile.ZipInfo, bytes]]]:
    """Return what an archive says of itself, and its entries; only a locked one waits for who can decrypt it."""
    plain = zipfile.ZipFile(io.BytesIO(content))
    if not any(entry.flag_bits & _ENCRYPTED for entry in plain.infolist()):
        return plain.comment, [(entry, plain.read(entry)) for entry in plain.infolist()]
    import pyzipper  # noqa: PLC0415 - as said

    try:
        locked = pyzipper.AESZipFile(io.BytesIO(content))
        locked.setpassword(None if password is None else password.encode())
        return locked.comment, [(entry, locked.read(entry)) for entry in locked.infolist()]
    except pyzipper.BadZipFile as error:
        raise ValueError(str(error)) from error


def _sheets(piece: Piece) -> Iterator[Piece]:
    import pypdf  # noqa: PLC0415 - few packages hold a PDF
    from pypdf.errors import PyPdfError  # noqa: PLC0415 - as above

    try:
        document = pypdf.PdfReader(io.BytesIO(piece.content))
        said = "\n".join(f"{name}: {value}" for name, value in (document.metadata or {}).items())
        sheets = [page.extract_text().encode() for page in document.pages]
    except PyPdfError as error:
        raise ValueError(str(error)) from error
    yield Piece(f"{piece.place}{_ARROW}Eigenschaften", said.encode(), "properties")
    for number, sheet in enumerate(sheets, 1):
        yield Piece(f"{piece.place}{_ARROW}Seite {number}", sheet, "entry")


def _sealed(text: str) -> dict[str, Any] | None:
    island = json.loads(text)
    return island if isinstance(island, dict) and island.keys() >= _SEALED else None


def _unsealed(island: dict[str, Any], password: str | None) -> bytes:
    """Decrypt as docs/sharing.md describes it, with none of the code that encrypts."""
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - only a sealed page waits for it
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - as above

    if password is None:
        msg = "das Passwort fehlt"
        raise ValueError(msg)
    typed = unicodedata.normalize("NFC", password).strip().encode()
    salt, nonce, data = (base64.b64decode(island[name]) for name in ("salt", "nonce", "data"))
    key = hashlib.pbkdf2_hmac("sha256", typed, salt, int(island["rounds"]))
    bound = f'[{island.get("format")},"{island.get("audience")}","{island.get("stand")}"]'.encode()
    try:
        return gzip.decompress(AESGCM(key).decrypt(nonce, data, bound))
    except InvalidTag as error:
        msg = "das Passwort passt nicht"
        raise ValueError(msg) from error


def _from_base64(piece: Piece) -> Iterator[Piece]:
    """Look into base64 that hides text or an archive; numbers packed in it are read by whoever knows their layout."""
    if _LONG_RUN not in piece.content.translate(_AS_RUNS):
        return
    said = piece.text.encode()
    for start, run in _runs_of_base64(said):
        try:
            content = base64.b64decode(run, validate=True)
        except (binascii.Error, ValueError):
            continue
        if content.startswith((_ZIP, _GZIP, _PDF)) or _is_text(content):
            at = len(said[:start].decode())
            yield Piece(f"{piece.place}{_ARROW}base64 ab Zeichen {at}", content, "packed")


def _runs_of_base64(said: bytes) -> Iterator[tuple[int, bytes]]:
    """Walk from one long run of its letters to the next; between them nothing has to be looked at."""
    runs = said.translate(_AS_RUNS) + b" "
    start = runs.find(_LONG_RUN)
    while start >= 0:
        end = runs.index(b" ", start)
        if padding := _PADDING.match(said, end):
            yield start, said[start : padding.end()]
        start = runs.find(_LONG_RUN, end)


def _is_text(content: bytes) -> bool:
    try:
        return content.decode("utf-8").replace("\n", " ").replace("\r", " ").replace("\t", " ").isprintable()
    except UnicodeDecodeError:
        return False


def _markup(piece: Piece) -> Iterator[Piece]:
    page = read_markup(piece.text)
    yield Piece(f"{piece.place}{_ARROW}Seite", "\n".join(page.said).encode(), "markup")
    for number, (kind, content) in enumerate(page.parts, 1):
        label = "Daten" if kind == "data" else f"Skript {number}"
        yield Piece(f"{piece.place}{_ARROW}{label}", content.encode(), kind)
