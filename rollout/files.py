"""Writing files so that a crash, a full disk or a second run never leaves half of one behind."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from rollout.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_LOCK = ".rollout.lock"
_STAGING = ".rollout-neu"

LEFT_BY_FILE_MANAGERS = frozenset({"Thumbs.db", ".DS_Store"})
"""Pictures and places of windows that Windows and macOS lay into a folder that is looked at; nobody's work.

A `desktop.ini` is not among them: it can make the system fetch from elsewhere.
"""


def write_file(path: Path, content: bytes) -> None:
    """
    Write one file whole or not at all.

    Parameters
    ----------
    path
        The file; its folder must exist.
    content
        What it holds afterwards. Until then it holds what it held before.

    Raises
    ------
    OutputError
        If it cannot be written. The earlier file is untouched.
    """
    make_room(path)
    draft = path.with_name(f".{path.name}.neu")
    try:
        draft.write_bytes(content)
        _wait_for_disk(draft)
        draft.replace(path)
    except OSError as error:
        raise _cannot_write(error, path) from error
    finally:
        draft.unlink(missing_ok=True)


def make_room(path: Path, own: Path | None = None) -> None:
    """
    See to it that a file has a folder, before long work begins whose result it is to hold.

    Parameters
    ----------
    path
        The file.
    own
        A folder of ours, which is made where it does not exist; any other must be there.

    Raises
    ------
    OutputError
        If there is no such folder, or ours cannot be made.
    """
    try:
        if path.parent == own:
            path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _cannot_write(error, path.parent) from error
    if not path.parent.is_dir():
        msg = f"den Ordner '{path.parent}' gibt es nicht"
        raise OutputError(msg, "Legen Sie ihn an, oder nennen Sie einen anderen.")


def write_together(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    """
    Write several files of one folder: all are on the disk before the first takes its place.

    Parameters
    ----------
    folder
        Made if it does not exist.
    files
        Name, or relative path with `/`, → content. They take their places in this order.

    Returns
    -------
    paths
        The files, in the order given.

    Raises
    ------
    OutputError
        If another run is writing there, or a file cannot be written or replaced. Earlier files
        are untouched unless the fault came while they were being replaced.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / _LOCK, timeout=0):
            _stage_and_replace(folder, folder / _STAGING, files)
    except Timeout as error:
        msg = f"in '{folder}' schreibt gerade ein anderer Lauf"
        raise OutputError(msg, "Warten Sie, bis er fertig ist, und versuchen Sie es noch einmal.") from error
    except OSError as error:
        raise _cannot_write(error, folder) from error
    return [folder / name for name in files]


def replace_folder(folder: Path, files: Mapping[str, bytes]) -> Path:
    """
    Write a folder that holds these files and no others, whole or not at all.

    Parameters
    ----------
    folder
        What stands there under this name is gone afterwards; the folder around it must exist.
    files
        Relative path with `/` → content.

    Returns
    -------
    folder
        The folder, without lock or other trace of the writing.

    Raises
    ------
    OutputError
        If another run is writing there, or it cannot be written or replaced. The earlier folder is untouched.
    """
    around = folder.parent
    if not around.is_dir():
        msg = f"den Ordner '{around}' gibt es nicht"
        raise OutputError(msg, "Legen Sie ihn an, oder nennen Sie einen anderen.")
    try:
        with FileLock(around / _LOCK, timeout=0):
            _stage_and_swap(folder, folder.with_name(f".{folder.name}.neu"), files)
    except Timeout as error:
        msg = f"in '{around}' schreibt gerade ein anderer Lauf"
        raise OutputError(msg, "Warten Sie, bis er fertig ist, und versuchen Sie es noch einmal.") from error
    except OSError as error:
        raise _cannot_write(error, folder) from error
    return folder


def _stage_and_swap(folder: Path, draft: Path, files: Mapping[str, bytes]) -> None:
    earlier = folder.with_name(f".{folder.name}.alt")
    for leftover in (draft, earlier):
        shutil.rmtree(leftover, ignore_errors=True)
    try:
        draft.mkdir()
        _fill(draft, files)
        if folder.exists():
            folder.rename(earlier)
        try:
            draft.rename(folder)
        except OSError:
            if earlier.exists():
                earlier.rename(folder)
            raise
    finally:
        for leftover in (draft, earlier):
            shutil.rmtree(leftover, ignore_errors=True)


def _cannot_write(error: OSError, place: Path) -> OutputError:
    msg = f"'{error.filename or place}' lässt sich nicht schreiben: {error.strerror}"
    hint = "Schließen Sie die Datei in anderen Programmen; prüfen Sie Schreibrecht und freien Platz."
    return OutputError(msg, hint)


def _stage_and_replace(folder: Path, staging: Path, files: Mapping[str, bytes]) -> None:
    shutil.rmtree(staging, ignore_errors=True)
    try:
        _fill(staging, files)
        for name in files:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (staging / name).replace(folder / name)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _fill(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    # All are written before the first is waited for: the disk then takes them in one go.
    for name in files:
        _wait_for_disk(folder / name)


def _wait_for_disk(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
