"""
Packages put into the form they are handed over in: a folder, a ZIP, a ZIP with password.

A ZIP has fixed dates, rights and order, so the same files give the same bytes. One with a password is WinZip's AE-2
with AES-256: 7-Zip opens it, no checksum of the plain content stands in it, and it is another one each time, since
its salts are random. Names and sizes of its files can be read without the password.
"""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

from rollout.errors import OutputError
from rollout.files import replace_folder
from rollout.sharing.manifest import MANIFEST
from rollout.sharing.names import faults_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

MIN_PASSWORD = 20
"""Characters. WinZip's format stretches a password only 1,000 times, so it must be strong by itself."""

_EARLIEST = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_LEVEL = 4
"""Of deflating: pages are packed already, and to press out the last three per cent takes half as long again."""
_PLAIN_FILE = 0o100644 << 16


def zipped(files: Mapping[str, bytes]) -> bytes:
    """
    Put a package into a ZIP.

    Parameters
    ----------
    files
        Relative path with `/` → content.

    Returns
    -------
    content
        The same for the same files, on every system with the same version of zlib.

    Raises
    ------
    OutputError
        If a name cannot stand in a package.
    """
    _require_names(files)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in sorted(files):
            archive.writestr(_plain_entry(zipfile.ZipInfo(name, _EARLIEST)), files[name], compresslevel=_LEVEL)
    return buffer.getvalue()


def locked(files: Mapping[str, bytes], password: str) -> bytes:
    """
    Put a package into a ZIP with a password.

    Parameters
    ----------
    files
        Relative path with `/` → content.
    password
        At least `MIN_PASSWORD` characters, ASCII alone: programs do not agree on how others are encoded.

    Returns
    -------
    content
        Another one each time.

    Raises
    ------
    OutputError
        If a name cannot stand in a package, or the password is too short or has other letters.
    """
    _require_names(files)
    if len(password) < MIN_PASSWORD or not password.isascii() or not password.isprintable():
        msg = f"das Passwort eines ZIP braucht mindestens {MIN_PASSWORD} Zeichen, ohne Umlaute und Sonderzeichen"
        raise OutputError(msg, "Nehmen Sie sechs zufällige Wörter; andere Buchstaben öffnet nicht jedes Programm.")
    from pyzipper import zipfile_aes  # noqa: PLC0415 - only a package with a password waits for it

    buffer = io.BytesIO()
    with zipfile_aes.AESZipFile(buffer, "w") as archive:
        archive.setpassword(password.encode("ascii"))
        archive.setencryption(zipfile_aes.WZ_AES, nbits=256, force_wz_aes_version=zipfile_aes.WZ_AES_V2)
        for name in sorted(files):
            entry = zipfile_aes.AESZipInfo(name, _EARLIEST)
            archive.writestr(_plain_entry(entry), files[name])
    return buffer.getvalue()


def save_folder(package: Mapping[str, bytes], path: Path) -> Path:
    """
    Write a package as a folder, whole or not at all.

    Parameters
    ----------
    package
        Relative path with `/` → content, manifest and signature among them.
    path
        An earlier package of that name is replaced; any other folder is not.

    Returns
    -------
    path
        What was written.

    Raises
    ------
    OutputError
        If it cannot be written, or the folder is none of ours.
    """
    _require_names(package)
    if path.exists() and not (path / MANIFEST).is_file() and not (path.is_dir() and not any(path.iterdir())):
        msg = f"'{path}' ist schon da und kein Paket"
        raise OutputError(msg, "Nennen Sie einen anderen Ordner; dieser würde ganz ersetzt.")
    return replace_folder(path, package)


def _plain_entry(entry: zipfile.ZipInfo) -> zipfile.ZipInfo:
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = _UNIX
    entry.external_attr = _PLAIN_FILE
    return entry


def _require_names(names: Iterable[str]) -> None:
    faults = faults_of(names)
    if faults:
        msg = f"das Paket lässt sich so nicht schreiben: {'; '.join(faults[:5])}"
        raise OutputError(msg, "Benennen Sie die genannten Dateien um.")
