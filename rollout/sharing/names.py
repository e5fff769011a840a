"""Names of files in a package: the same on Windows, macOS and Linux, and never leading out of it."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_LENGTH = 200
"""Windows opens no path beyond 260 characters, and the receiver's folder needs some."""

_FORBIDDEN = frozenset('<>:"|?*\\')
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.IGNORECASE)
"""Names that Windows keeps for devices, whatever the ending."""

_SHOWN = 80


def spoken(text: str, at_most: int = _SHOWN) -> str:
    """
    Return text of a stranger's file so that it can be shown on a terminal.

    Parameters
    ----------
    text
        Anything, e.g. a name out of an archive.
    at_most
        Letters that are shown.

    Returns
    -------
    text
        What does not print (control, direction and line characters) is written as its code; long text is cut.
    """
    shown = "".join(letter if letter.isprintable() else f"\\x{ord(letter):02x}" for letter in text[:at_most])
    return shown if len(text) <= at_most else f"{shown}…"


def fault_of(name: str) -> str | None:
    """
    Say why a name cannot stand in a package.

    Parameters
    ----------
    name
        Relative path with `/`.

    Returns
    -------
    reason
        In German, to follow the name; None where nothing is wrong with it.
    """
    parts = name.split("/")
    if not name or "" in parts or {".", ".."} & {*parts}:
        return "führt aus dem Paket hinaus oder ist kein Dateiname"
    if len(name) > MAX_LENGTH:
        return f"ist länger als {MAX_LENGTH} Zeichen"
    if _FORBIDDEN & {*name} or not name.isprintable():
        return "enthält ein Zeichen, das nicht in jeden Dateinamen darf"
    if unicodedata.normalize("NFC", name) != name:
        return "schreibt Umlaute aus zwei Zeichen zusammen"
    if any(part != part.strip(" ").rstrip(".") or _DEVICES.fullmatch(part) for part in parts):
        return "ist unter Windows kein Dateiname"
    return None


def faults_of(names: Iterable[str]) -> list[str]:
    """
    Say what is wrong with the names of a package, each by itself and all together.

    Parameters
    ----------
    names
        Relative paths with `/`.

    Returns
    -------
    faults
        German half sentences that name the file; empty where all is well.
    """
    every = list(names)
    faults = [f"'{spoken(name)}' {reason}" for name in every if (reason := fault_of(name))]
    folded = Counter(name.casefold() for name in every)
    faults += [f"'{spoken(name)}' kommt mehrfach vor" for name, count in folded.items() if count > 1]
    folders = {
        "/".join(parts[:depth]) for name in folded for parts in [name.split("/")] for depth in range(1, len(parts))
    }
    faults += [f"'{spoken(name)}' ist Datei und Ordner zugleich" for name in sorted(folders & {*folded})]
    return faults
