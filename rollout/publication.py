"""Pages for everyone, as a folder that any web server can hand out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rollout.audiences import Figures, audience_named
from rollout.errors import InputError, OutputError
from rollout.files import LEFT_BY_FILE_MANAGERS, replace_folder
from rollout.handover import INDEX, Shared, content_of, cover, files_of, record, register_of
from rollout.reporting.preview import preview_image
from rollout.sharing.forbidden import forbidden
from rollout.sharing.leaks import leaks, refuse_leaks

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from rollout.analysis.state import State

PREVIEW = "vorschau.png"
MARK = "rollout.txt"
"""Tells a published folder from any other, which is never replaced, and names what was written into it."""

_NAMED = 5


def publish(known: State, folder: Path, *, name: str = "public", write: bool = True) -> Shared:
    """
    Make a folder for a web server: the pages of an audience without rows, as plain files with relative links.

    Parameters
    ----------
    known
        The whole programme on one day. Where its project says where its pages are published, the preview picture is
        found there: its address must be whole.
    folder
        What is written to; an earlier publication is replaced as a whole.
    name
        The audience.
    write
        False to make and check everything and write nothing.

    Returns
    -------
    shared
        What was written.

    Raises
    ------
    InputError
        If the audience gets rows: these are for one receiver, and not for everyone.
    DisclosureError
        If a file holds anything that the audience may not see; nothing is written.
    OutputError
        If it cannot be made or written.
    """
    if audience_named(known.project.audiences, name).figures is Figures.ROWS:
        msg = f"'{name}' erhält einzelne Anschlüsse oder Trassen; das lässt sich nicht veröffentlichen"
        raise InputError(msg, "Veröffentlichen Sie für einen Empfängerkreis ohne Zeilen, z. B. public.")
    refuse_other(folder)
    register = register_of(known.project)
    content = content_of(known, name, register)
    files = {**files_of(content), INDEX: cover(content, known.project.address_of(PREVIEW) or PREVIEW)}
    files[PREVIEW] = preview_image(content.shown.districts, content.report)
    refuse_leaks(leaks(files, forbidden(known, content.shown)))
    if write:
        record(known.project, register, content.release)
        replace_published(folder, files)
    return Shared(folder, name, known.as_of, {name: len(found) for name, found in files.items()}, content.notice)


def refuse_other(folder: Path) -> None:
    """
    Refuse a folder that holds anything but an earlier publication; all of it would be gone.

    Parameters
    ----------
    folder
        New, empty, or published before.

    Raises
    ------
    OutputError
        If it holds other things, or is no folder.
    """
    if not folder.exists():
        return
    if not folder.is_dir():
        msg = f"'{folder}' ist kein Ordner"
        raise OutputError(msg, "Nennen Sie einen Ordner; er wird angelegt, wenn es ihn nicht gibt.")
    mark = folder / MARK
    if any(folder.iterdir()) and not mark.is_file():
        msg = f"'{folder}' ist nicht leer und wurde nicht von rollout veröffentlicht"
        raise OutputError(msg, "Nennen Sie einen leeren Ordner; dieser würde als Ganzes ersetzt.")
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()}
    own = {MARK, *(mark.read_text(encoding="utf-8").splitlines() if found else ())}
    foreign = sorted(name for name in found - own if name.rsplit("/", 1)[-1] not in LEFT_BY_FILE_MANAGERS)
    if foreign:
        msg = f"'{folder}' enthält Dateien, die rollout nicht geschrieben hat: {', '.join(foreign[:_NAMED])}"
        raise OutputError(msg, "Legen Sie sie in einen anderen Ordner; dieser würde als Ganzes ersetzt.")


def replace_published(folder: Path, files: Mapping[str, bytes]) -> None:
    """
    Write a published folder as a whole.

    Parameters
    ----------
    folder
        As `refuse_other` lets pass.
    files
        Relative path → content.

    Raises
    ------
    OutputError
        If the folder cannot be written.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    mark = "".join(f"{name}\n" for name in ("rollout", *sorted(files)))
    replace_folder(folder, {**files, MARK: mark.encode()})
