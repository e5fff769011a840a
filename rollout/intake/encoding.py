"""Which encoding texts are in: stated, proven by the bytes, or shown by their umlauts."""

from __future__ import annotations

import codecs
import re

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# The bytes of German letters in the two encodings old programs write.
_WINDOWS = frozenset("äöüÄÖÜß".encode("cp1252"))
_DOS = frozenset("äöüÄÖÜß".encode("cp850"))


def encoding_of(content: bytes, stated: str | None = None) -> str:
    """
    Find the encoding of texts.

    Parameters
    ----------
    content
        Their bytes.
    stated
        What the sender says, e.g. `UTF-8`, `1252`, `ANSI 1252`, or None.

    Returns
    -------
    encoding
        Python's name. A byte order mark decides; then UTF-8 where the bytes are valid in it (German text
        in an old encoding never is), then what is stated, then Windows or DOS by their umlauts.
    """
    for mark, name in _BOMS:
        if content.startswith(mark):
            return name
    if _is_utf8(content):
        return "utf-8"
    named = _known(stated)
    if named and named != "utf-8":
        return named
    windows, dos = (sum(content.count(bytes((letter,))) for letter in letters) for letters in (_WINDOWS, _DOS))
    return "cp850" if dos > windows else "cp1252"


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _known(stated: str | None) -> str | None:
    digits = re.search(r"(?:^|ANSI )(\d{3,5})$", (stated or "").strip())
    name = (
        {"88591": "iso8859-1", "65001": "utf-8"}.get(digits[1], f"cp{digits[1]}") if digits else (stated or "").strip()
    )
    try:
        return codecs.lookup(name).name
    except LookupError:
        return None
