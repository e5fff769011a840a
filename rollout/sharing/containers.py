"""Packages read from the disk: a folder, a ZIP, a ZIP with password. Nothing that is read is trusted."""

from __future__ import annotations

import zipfile
import zlib
from typing import TYPE_CHECKING

import pyzipper

from rollout.files import LEFT_BY_FILE_MANAGERS
from rollout.sharing.manifest import MANIFEST, MAX_FILES, SIGNATURE
from rollout.sharing.names import faults_of, spoken
from rollout.sharing.refusal import PackageError, PasswordError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

MAX_BYTES = 1024**3
"""Of all files of a package together."""

MAX_RATIO = 200
SMALL_BYTES = 1024**2
"""Below this, any ratio is harmless."""

_UNIX = 3
_LINK, _KIND = 0o120000, 0o170000
_ENCRYPTED = 0x1
_CHUNK = 1024**2
_FAULTS = (
    *(zipfile.BadZipFile, pyzipper.BadZipFile, zlib.error, NotImplementedError),
    *(RuntimeError, EOFError, OSError, ValueError),
)


def is_locked(path: Path) -> bool:
    """
    Tell whether a package needs a password.

    Parameters
    ----------
    path
        Folder or ZIP.

    Returns
    -------
    locked
        True for a ZIP with an encrypted file in it.

    Raises
    ------
    PackageError
        If it is neither.
    """
    if path.is_dir():
        return False
    try:
        with pyzipper.AESZipFile(path) as archive:
            return any(entry.flag_bits & _ENCRYPTED for entry in archive.infolist())
    except _FAULTS as error:
        raise _damaged(path, error) from error


def opened(path: Path, password: str | None = None, only: Collection[str] | None = None) -> dict[str, bytes]:
    """
    Read a package, from whomever it may come.

    Parameters
    ----------
    path
        Folder or ZIP.
    password
        Of a ZIP that has one.
    only
        Names to read; all of them where none are given.

    Returns
    -------
    files
        Relative path with `/` → content. Nothing is written anywhere.

    Raises
    ------
    PackageError
        If it is not a package, is damaged, too large, or holds names that lead elsewhere or come twice.
    PasswordError
        If its password is missing or wrong.
    """
    if path.is_dir():
        return _from_folder(path, only)
    try:
        with pyzipper.AESZipFile(path) as archive:
            entries = [entry for entry in archive.infolist() if not _is_empty_folder(entry)]
            _look_at_directory(path, entries)
            _unlock(archive, path, entries, password)
            wanted = [entry for entry in entries if only is None or entry.filename in only]
            return dict(_unpacked(archive, path, wanted))
    except _FAULTS as error:
        raise _damaged(path, error) from error


def beside(path: Path, password: str | None = None) -> dict[str, dict[str, bytes] | None]:
    """
    Look for other packages where a package lies.

    Parameters
    ----------
    path
        The package; it is left out.
    password
        Tried for those that need one.

    Returns
    -------
    packages
        File name → its manifest and signature; None where another password protects it.
    """
    found: dict[str, dict[str, bytes] | None] = {}
    for other in sorted(path.resolve().parent.iterdir()):
        if other.name == path.resolve().name or not (other.suffix.lower() == ".zip" or (other / MANIFEST).is_file()):
            continue
        try:
            found[other.name] = opened(other, password, (MANIFEST, SIGNATURE))
        except PasswordError:
            found[other.name] = None
        except PackageError:
            continue  # some other ZIP
    return found


def _is_empty_folder(entry: zipfile.ZipInfo) -> bool:
    return entry.filename.endswith("/") and entry.file_size == 0


def _look_at_directory(path: Path, entries: Sequence[zipfile.ZipInfo]) -> None:
    # zipfile has already turned backslashes and cut at NUL in `filename`; the name as sent is the other one.
    names = [entry.orig_filename for entry in entries]
    if MANIFEST not in names:
        raise _no_package(path)
    odd = [f"'{spoken(entry.filename)}' {reason}" for entry in entries if (reason := _odd(entry))]
    faults = [*faults_of(names), *odd]
    if len(names) > MAX_FILES + 2:
        faults = [f"es sind {len(names)} Dateien, mehr als {MAX_FILES}"]
    if sum(entry.file_size for entry in entries) > MAX_BYTES:
        faults = [f"es wird entpackt größer als {MAX_BYTES // 1024**2} MB"]
    if faults:
        raise _dangerous(path, faults)


def _odd(entry: zipfile.ZipInfo) -> str | None:
    if entry.create_system == _UNIX and (entry.external_attr >> 16) & _KIND == _LINK:
        return "ist eine Verknüpfung"
    if entry.flag_bits & _ENCRYPTED and getattr(entry, "wz_aes_version", None) is None:
        return "ist mit dem alten, unsicheren Verfahren verschlüsselt"
    if entry.file_size > MAX_RATIO * max(entry.compress_size, 1) and entry.file_size > SMALL_BYTES:
        return "ist verdächtig stark gepackt"
    return None


def _unlock(archive: pyzipper.AESZipFile, path: Path, entries: Sequence[zipfile.ZipInfo], password: str | None) -> None:
    first = next((entry for entry in entries if entry.flag_bits & _ENCRYPTED), None)
    if first is None:
        return
    if not password:
        msg = f"'{path.name}' ist mit einem Passwort geschützt"
        raise PasswordError(msg, "Sie haben es auf einem anderen Weg bekommen als das Paket.")
    archive.setpassword(password.encode())
    try:
        archive.open(first).close()
    except RuntimeError as error:
        msg = f"das Passwort von '{path.name}' ist falsch"
        hint = "Jedes Paket hat sein eigenes. Achten Sie auf Groß- und Kleinschreibung und auf die Trennzeichen."
        raise PasswordError(msg, hint) from error


def _unpacked(
    archive: pyzipper.AESZipFile, path: Path, entries: Sequence[zipfile.ZipInfo]
) -> Iterator[tuple[str, bytes]]:
    left = MAX_BYTES
    for entry in entries:
        content = bytearray()
        with archive.open(entry) as packed:
            # What a directory says of a size need not be true: what really comes out is counted.
            while block := packed.read(_CHUNK):
                left -= len(block)
                if left < 0:
                    raise _dangerous(path, [f"es wird entpackt größer als {MAX_BYTES // 1024**2} MB"])
                content += block
        yield entry.filename, bytes(content)


def _from_folder(folder: Path, only: Collection[str] | None) -> dict[str, bytes]:
    if not (folder / MANIFEST).is_file():
        raise _no_package(folder)  # before a walk through what may be a whole disk
    try:
        files = dict(_files_below(folder))
        if sum(path.stat().st_size for path in files.values()) > MAX_BYTES:
            raise _dangerous(folder, [f"es ist größer als {MAX_BYTES // 1024**2} MB"])
        return {name: path.read_bytes() for name, path in files.items() if only is None or name in only}
    except OSError as error:
        raise _damaged(folder, error) from error


def _files_below(folder: Path) -> Iterator[tuple[str, Path]]:
    count = 0
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            raise _dangerous(folder, [f"'{spoken(name)}' ist eine Verknüpfung"])
        if path.is_file() and path.name not in LEFT_BY_FILE_MANAGERS:
            count += 1
            if count > MAX_FILES + 2:
                raise _dangerous(folder, [f"es sind mehr als {MAX_FILES} Dateien"])
            yield name, path


def _no_package(path: Path) -> PackageError:
    msg = f"'{path}' ist kein Paket: es enthält keine {MANIFEST}"
    return PackageError(msg, "Nennen Sie den Ordner oder das ZIP, wie Sie es bekommen haben.")


def _dangerous(path: Path, faults: Sequence[str]) -> PackageError:
    msg = f"'{path.name}' wird nicht geöffnet: {'; '.join(faults[:5])}"
    return PackageError(msg, "Öffnen Sie es auch sonst nicht, und fragen Sie bei der absendenden Stelle nach.")


def _damaged(path: Path, error: Exception) -> PackageError:
    if isinstance(error, OSError) and error.strerror:
        msg = f"'{path}' ist nicht lesbar: {error.strerror}"
        return PackageError(msg, "Prüfen Sie den Namen und das Leserecht.")
    msg = f"'{path.name}' ist kein ZIP, beschädigt oder verändert: {spoken(str(error))}"
    return PackageError(msg, "Holen oder erbitten Sie es noch einmal; die Übertragung ist wohl abgebrochen.")
