"""Packages, each for one receiver: packed, signed, checked for leaks, and only then written."""

from __future__ import annotations

from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rollout.audiences import Figures, audience_named
from rollout.errors import InputError, OutputError
from rollout.files import make_room, write_file
from rollout.handover import Shared, content_of, files_of, record, register_of, states_for
from rollout.pipeline import check, faultless
from rollout.sharing.forbidden import forbidden
from rollout.sharing.forms import Form
from rollout.sharing.leaks import leaks, refuse_leaks
from rollout.sharing.manifest import about
from rollout.sharing.packages import packed
from rollout.sharing.passphrases import refuse_weak
from rollout.sharing.wrapping import locked, save_folder, zipped

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping, Sequence
    from concurrent.futures import Executor
    from pathlib import Path

    from rollout.analysis.state import State
    from rollout.handover import Content
    from rollout.pipeline import Advance, Checked
    from rollout.project import Project
    from rollout.sharing.manifest import About
    from rollout.sharing.signature import SecretKey

FOLDER = "pakete"
_LINES_OF_ABOUT = 4
"""Receiver, purpose, day and end begin a notice, and have entries of their own in a manifest."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """
    For whom a package is, where it goes, and in which form.

    Attributes
    ----------
    audience
        Name in the project file.
    path
        Folder or file to write.
    form
        How it is handed over.
    password
        For the forms that need one; kept nowhere.
    number
        Number among the packages of the audience and day.
    """

    audience: str
    path: Path
    form: Form = Form.FOLDER
    password: str | None = field(default=None, repr=False)
    number: int = 1

    def __post_init__(self) -> None:
        if self.form.is_locked and not self.password:
            msg = f"die Form '{self.form.value}' braucht ein Passwort"
            hint = "Geben Sie es am Bildschirm ein, in ROLLOUT_PASSWORD, oder lassen Sie eines bilden: --generate"
            raise InputError(msg, hint)
        if self.password and not self.form.is_locked:
            msg = f"die Form '{self.form.value}' kennt kein Passwort"
            raise InputError(msg, f"Nehmen Sie --form {Form.SEALED.value} oder --form {Form.LOCKED_ZIP.value}.")
        self._require_name_of_form()

    def _require_name_of_form(self) -> None:
        named = self.path.suffix.lower() == ".zip"
        if named and not self.form.is_one_file:
            msg = f"'{self.path}' wäre ein Ordner: so wird die Form '{self.form.value}' geschrieben"
            raise InputError(msg, "Nehmen Sie --form zip oder --form locked-zip, oder einen Namen ohne .zip.")
        if self.form.is_one_file and not named:
            msg = f"'{self.path}' ist kein Name für ein ZIP"
            raise InputError(msg, f"Nennen Sie die Datei mit Endung, z. B. {self.path}.zip")


@dataclass(frozen=True, slots=True)
class Order:
    """
    Packages to be made of one project.

    Attributes
    ----------
    project
        The project.
    key
        Signs the packages.
    as_of
        The Stichtag asked for; the project's own by default.
    known_at
        As known on that day.
    write
        False to make and check everything and write nothing.
    """

    project: Project
    key: SecretKey
    as_of: dt.date | None = None
    known_at: dt.date | None = None
    write: bool = True


def share_all(
    order: Order,
    parcels: Sequence[Parcel],
    elsewhere: Executor | None = None,
    *,
    advance: Advance = lambda _step, _done: None,
) -> list[Shared]:
    """
    Make several packages, those of figures beside those of rows, as they share no work.

    Packages of figures are made one after the other, since what was told to one audience limits what the next may know.
    All are made of the layers as they were read once.

    Parameters
    ----------
    order
        Of what, by whom.
    parcels
        The packages.
    elsewhere
        Makes those of figures meanwhile; without it all are made here, one after the other.
    advance
        Called before each step with its German name and the fraction done.

    Returns
    -------
    shared
        What was written, in the order of the parcels.

    Raises
    ------
    RolloutError
        As `pipeline.state` and `share`. Each package is whole or not there; of several some may be written.
    """
    checked, audiences = faultless(check(order.project)), order.project.audiences
    mine = [one for one in parcels if audience_named(audiences, one.audience).figures is Figures.ROWS]
    others = [one for one in parcels if one not in mine]
    if elsewhere is None or not mine or not others:
        return _share_in_turn(checked, order, parcels, advance)
    with _told_if_ended():
        waiting = elsewhere.submit(_share_in_turn, checked, order, others)
        shared = _share_in_turn(checked, order, mine, advance)
        advance("Weitere Pakete", 0.95)
        shared += waiting.result()
    by_path = {one.path: one for one in shared}
    return [by_path[parcel.path] for parcel in parcels]


def _share_in_turn(
    checked: Checked, order: Order, parcels: Sequence[Parcel], advance: Advance = lambda _step, _done: None
) -> list[Shared]:
    known = states_for(checked, order.project, [one.audience for one in parcels], order.as_of, order.known_at)
    return [share(known[one.audience], one, order.key, advance=advance, write=order.write) for one in parcels]


@contextmanager
def _told_if_ended() -> Iterator[None]:
    try:
        yield
    except BrokenProcessPool as error:
        msg = "ein Teil der Pakete wurde vom Betriebssystem abgebrochen"
        raise OutputError(msg, "Schließen Sie andere Programme, und machen Sie die Pakete einzeln.") from error


def share(
    known: State,
    parcel: Parcel,
    key: SecretKey,
    *,
    advance: Advance = lambda _step, _done: None,
    write: bool = True,
) -> Shared:
    """
    Make a package for an audience.

    Parameters
    ----------
    known
        The whole programme on one day.
    parcel
        For whom, where to, in which form.
    key
        Signs the package.
    advance
        Called before each step with its German name and the fraction done.
    write
        False to make and check everything and write nothing.

    Returns
    -------
    shared
        What was written.

    Raises
    ------
    InputError
        If there is no such audience, or it may not have the figures of this day.
    DisclosureError
        If the finished package holds anything that the audience may not see; nothing is written.
    OutputError
        If it cannot be made or written; an earlier package of the name is untouched.
    """
    if parcel.password is not None:
        refuse_weak(parcel.password, (known.project.name, known.project.municipality))
    register = register_of(known.project)
    advance("Karten und Tabellen", 0.1)
    content = content_of(known, parcel.audience, register)
    files = files_of(content, parcel.password if parcel.form is Form.SEALED else None)
    package = packed(files, _about(known, content, parcel.number), key)
    finished = _finished(package, parcel)
    advance("Prüfung auf Lecks", 0.7)
    refuse_leaks(leaks(finished, forbidden(known, content.shown), parcel.password))
    if write:
        advance("Schreiben", 0.95)
        make_room(parcel.path, parcel.path.parent)
        record(known.project, register, content.release)
        _write(package, finished, parcel)
    sizes = {name: len(found) for name, found in package.items()}
    return Shared(parcel.path, parcel.audience, known.as_of, sizes, content.notice)


def _about(known: State, content: Content, number: int) -> About:
    audience = audience_named(known.project.audiences, content.audience)
    return about(content.audience, audience, known, content.notice[_LINES_OF_ABOUT:], number)


def _finished(package: Mapping[str, bytes], parcel: Parcel) -> Mapping[str, bytes]:
    """Return what leaves the house, file by file."""
    if parcel.form is Form.ZIP:
        return {parcel.path.name: zipped(package)}
    if parcel.form is Form.LOCKED_ZIP:
        return {parcel.path.name: locked(package, parcel.password or "")}
    return package


def _write(package: Mapping[str, bytes], finished: Mapping[str, bytes], parcel: Parcel) -> None:
    if parcel.form.is_one_file:
        write_file(parcel.path, finished[parcel.path.name])
    else:
        save_folder(package, parcel.path)


def path_of(project: Project, name: str, as_of: dt.date, form: Form) -> Path:
    """
    Return where a package goes if nobody says otherwise.

    Parameters
    ----------
    project
        The project.
    name
        The audience.
    as_of
        The Stand.
    form
        How it is handed over.

    Returns
    -------
    path
        In `pakete/` beside the maps; a neutral name with audience and day.
    """
    ending = ".zip" if form.is_one_file else ""
    return project.maps_folder / FOLDER / f"{name}-{as_of.isoformat()}{ending}"
