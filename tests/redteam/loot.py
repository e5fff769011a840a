"""Everything a package holds, taken apart as far as it goes: archives, base64, gzip, pages, tables of every form."""

from __future__ import annotations

import base64
import binascii
import csv
import gzip
import html
import io
import json
import re
import zipfile
import zlib
from dataclasses import dataclass
from functools import cached_property
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import openpyxl

from tests.redteam.decoder import Page, page_of, walk

_BASE64 = re.compile(rb"[A-Za-z0-9+/]{12,}={0,2}")
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_GZIP = b"\x1f\x8b"
_ZIP = b"PK\x03\x04"
_DEEPEST = 4


@dataclass(frozen=True)
class Sheet:
    """One table of a package, as text: the headings, and its rows."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Loot:
    """
    A package as a stranger holds it.

    Parameters
    ----------
    path
        Its folder, or its archive without a password.
    """

    def __init__(self, path: Path) -> None:
        self.files = _read(path)

    @cached_property
    def pages(self) -> dict[str, Page]:
        """Map → what it tells."""
        read = {name: page_of(found.decode()) for name, found in self.files.items() if name.endswith(".html")}
        return {name: page for name, page in read.items() if page is not None}

    @cached_property
    def texts(self) -> dict[str, str]:
        """Name of each part, nested parts too → its text with every escape undone."""
        return {
            name: _unescaped(found) for file, content in self.files.items() for name, found in _unpacked(file, content)
        } | {f"{file} (Name)": file for file in self.files}

    @cached_property
    def decoded(self) -> dict[str, str]:
        """Page → every word and number of its rows, decoded."""
        return {name: json.dumps(page.layers, ensure_ascii=False) for name, page in self.pages.items()}

    def finds(self, pattern: re.Pattern[str]) -> dict[str, set[str]]:
        """Return what looks like a pattern in small letters, in whatever dress → the parts that hold it."""
        found: dict[str, set[str]] = {}
        for part, text in [*self.texts.items(), *((f"{name} (decoded)", text) for name, text in self.decoded.items())]:
            for word in pattern.findall(text.lower()):
                found.setdefault(word, set()).add(part)
        return found

    @cached_property
    def sheets(self) -> dict[str, list[Sheet]]:
        """File → its tables, whatever the form."""
        readers = {".json": _from_json, ".csv": _from_csv, ".xlsx": _from_xlsx, ".html": _from_html, ".md": _from_md}
        return {
            name: readers[Path(name).suffix](found)
            for name, found in self.files.items()
            if name.startswith("tabellen/") and Path(name).suffix in readers
        }


def _read(path: Path) -> dict[str, bytes]:
    if path.is_dir():
        return {
            file.relative_to(path).as_posix(): file.read_bytes() for file in sorted(path.rglob("*")) if file.is_file()
        }
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _unpacked(name: str, content: bytes, depth: int = 0) -> list[tuple[str, bytes]]:
    found = [(name, content)]
    if depth == _DEEPEST:
        return found
    if content.startswith(_ZIP):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for inner in archive.infolist():
                about = "\n".join((inner.filename, inner.comment.decode("latin-1"), inner.extra.decode("latin-1")))
                found.append((f"{name} → {inner.filename} (Eintrag)", about.encode()))
                found += _unpacked(f"{name} → {inner.filename}", archive.read(inner), depth + 1)
        return found
    for inner in _packed_inside(content):
        found += _unpacked(f"{name} → verpackt", inner, depth + 1)
    return found


def _packed_inside(content: bytes) -> list[bytes]:
    """What is gzip, and what could be base64 and gives text, an archive or gzip again."""
    found = []
    if content.startswith(_GZIP):
        try:
            found.append(gzip.decompress(content))
        except (OSError, EOFError, zlib.error):
            return []
    for match in _BASE64.finditer(content):
        bare = match.group().rstrip(b"=")
        try:
            inner = base64.b64decode(bare + b"=" * (-len(bare) % 4))
        except binascii.Error:
            continue
        if inner.startswith((_GZIP, _ZIP)) or _is_text(inner):
            found.append(inner)
    return found


def _is_text(content: bytes) -> bool:
    return bool(content) and sum(32 <= byte < 127 for byte in content) > 0.9 * len(content)


def _unescaped(content: bytes) -> str:
    """One text of the raw bytes, and of them without escapes of JSON, HTML and Markdown, white space evened out."""
    raw = content.decode("utf-8", errors="replace")
    plain = html.unescape(_ESCAPE.sub(lambda found: chr(int(found[1], 16)), raw))
    plain = plain.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    bare = re.sub(r"\\(.)", r"\1", plain)
    return "\n".join({raw, plain, bare, re.sub(r"\s+", " ", bare), re.sub(r"<[^>]*>", "", plain)})


def _from_json(content: bytes) -> list[Sheet]:
    sheets = []
    for _, entry in walk(json.loads(content)):
        if isinstance(entry, dict) and isinstance(entry.get("rows"), list) and isinstance(entry.get("columns"), list):
            head = tuple(_said(named) for named in entry["columns"])
            sheets.append(Sheet(_said(entry.get("title", "")), head, _json_rows(entry)))
    return sheets


def _json_rows(table: dict[str, Any]) -> tuple[tuple[str, ...], ...]:
    keys = [column["key"] for column in table["columns"]]
    return tuple(tuple(_said(row["cells"].get(key)) for key in keys) for row in table["rows"])


def _said(value: Any) -> str:  # noqa: ANN401 - JSON
    if isinstance(value, dict):
        return _said(value.get("label", value.get("text", value.get("value", ""))))
    return "" if value is None else str(value)


def _from_csv(content: bytes) -> list[Sheet]:
    rows = [tuple(row) for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";")]
    sheets: list[Sheet] = []
    block: list[tuple[str, ...]] = []
    title = ""
    for row in [*rows, ()]:
        if len(row) > 1:
            block.append(row)
        else:
            if block:
                sheets.append(Sheet(title, block[0], tuple(block[1:])))
            block, title = [], row[0] if row else title
    return sheets


def _from_xlsx(content: bytes) -> list[Sheet]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return [
        Sheet(sheet.title, (), tuple(tuple("" if cell is None else str(cell) for cell in row) for row in sheet.values))
        for sheet in book.worksheets
    ]


def _from_html(content: bytes) -> list[Sheet]:
    reader = _Tables()
    reader.feed(content.decode())
    return [Sheet("", tuple(rows[0]), tuple(map(tuple, rows[1:]))) for rows in reader.tables if rows]


class _Tables(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self._in_cell = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if tag == "table":
            self.tables.append([])
        elif tag == "tr" and self.tables:
            self.tables[-1].append([])
        elif tag in {"td", "th"} and self.tables and self.tables[-1]:
            self.tables[-1][-1].append("")
            self._in_cell = True

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th"}:
            self._in_cell = False

    def handle_data(self, data: str) -> None:
        if self._in_cell:
            self.tables[-1][-1][-1] += data


def _from_md(content: bytes) -> list[Sheet]:
    sheets: list[Sheet] = []
    block: list[tuple[str, ...]] = []
    for line in [*content.decode().splitlines(), ""]:
        if line.startswith("|"):
            cells = re.split(r"(?<!\\)\|", line.strip()[1:-1])
            block.append(tuple(html.unescape(re.sub(r"\\(.)|\*\*", r"\1", cell)).strip() for cell in cells))
        elif block:
            sheets.append(Sheet("", block[0], tuple(block[2:])))
            block = []
    return sheets
