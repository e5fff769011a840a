"""Archives: what a ZIP may hold, and reading it in memory within bounds."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from typing import TYPE_CHECKING

from rollout.intake.refusal import DeliveryError

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_MEMBERS = 500
MAX_UNPACKED_BYTES = 512 * 1024**2
MAX_RATIO = 200
SMALL_BYTES = 1024**2
"""Below this, any ratio is harmless: a sheet of equal rows packs very small."""

_CHUNK = 1024**2
_LEADS_OUT = re.compile(r"(?:^|/)\.\.(?:/|$)|^/|\\|:|\0")


def open_archive(name: str, content: bytes) -> zipfile.ZipFile:
    """
    Open a ZIP whose directory is harmless and whose contents really unpack to bounded size.

    Parameters
    ----------
    name
        How the message calls the file.
    content
        Its bytes.

    Returns
    -------
    archive
        Open, in memory; every member has been unpacked once and agrees with its checksum.

    Raises
    ------
    DeliveryError
        If it is damaged, encrypted, too large unpacked, or holds names that lead elsewhere or come twice.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        _look_at_directory(name, archive.infolist())
        _unpack_once(name, archive)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        msg = f"'{name}' ist beschädigt oder abgeschnitten: {error}"
        raise DeliveryError(msg, "Bitten Sie um eine neue Sendung; die Übertragung ist wohl abgebrochen.") from error
    return archive


def _look_at_directory(name: str, members: Sequence[zipfile.ZipInfo]) -> None:
    if len(members) > MAX_MEMBERS:
        raise _refused(name, f"enthält {len(members)} Dateien, mehr als {MAX_MEMBERS}")
    seen: set[str] = set()
    for member in members:
        if reason := _reason_against(member, seen):
            raise _refused(name, f"enthält '{member.orig_filename[:80]}', {reason}")
        seen.add(member.filename.casefold())
    if sum(member.file_size for member in members) > MAX_UNPACKED_BYTES:
        raise _refused(name, f"wird entpackt größer als {MAX_UNPACKED_BYTES // 1024**2} MB")


def _reason_against(member: zipfile.ZipInfo, seen: set[str]) -> str | None:
    # zipfile has already turned backslashes and cut at NUL in `filename`; the name as sent is the other one.
    if _LEADS_OUT.search(member.orig_filename):
        return "einen Namen, der aus dem Archiv hinausführt"
    if member.filename.casefold() in seen:
        return "und zwar doppelt"
    if member.flag_bits & 0x1:
        return "mit einem Passwort geschützt"
    if member.file_size > MAX_RATIO * max(member.compress_size, 1) and member.file_size > SMALL_BYTES:
        return "verdächtig stark gepackt"
    return None


def _unpack_once(name: str, archive: zipfile.ZipFile) -> None:
    left = MAX_UNPACKED_BYTES
    for member in archive.infolist():
        with archive.open(member) as packed:
            while block := packed.read(_CHUNK):
                left -= len(block)
                if left < 0:
                    raise _refused(name, f"wird entpackt größer als {MAX_UNPACKED_BYTES // 1024**2} MB")


def _refused(name: str, reason: str) -> DeliveryError:
    return DeliveryError(
        f"'{name}' {reason}", "Bitten Sie um eine neue Sendung, die nur die eigentlichen Daten enthält."
    )
