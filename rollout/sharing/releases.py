"""
What was published earlier, and what it forbids to publish now.

The register is a small file beside the project. It holds what is printed, figures and signs, never a figure that was
left out, so it may be read by anyone. Reading and adding to it are pure; who composes a package writes it.
"""

from __future__ import annotations

import calendar
import datetime as dt
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rollout.audiences import Rhythm
from rollout.errors import InputError, OutputError
from rollout.wording import date

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FORMAT = 1

AUDITED_TOGETHER = 2
"""
So many other releases are worked on together with a new one. Each adds as many unknowns as the new one has, and the
cost grows faster than their number; what one further back said lies behind what the ones between have said since.
"""

Key = tuple[str, ...]
"""Programme, phase, district, cell, category and rung of a figure; empty for none."""

_KEY_LENGTH = 6
_CELL = 3


@dataclass(frozen=True, slots=True)
class Release:
    """
    The figures that were given away for one day.

    Attributes
    ----------
    audience
        Name of the audience.
    day
        Its Stichtag.
    figures
        The printed figures.
    signs
        The signs printed instead of figures: the number that „< 4“ names, 0 for „·“. A register of an older version
        has none.
    """

    audience: str
    day: dt.date
    figures: Mapping[Key, int]
    signs: Mapping[Key, int] = field(default_factory=dict)


Register = tuple[Release, ...]
"""All releases, in the order in which they were given away."""


def read(text: str) -> Register:
    """
    Read a register.

    Parameters
    ----------
    text
        Content of the file. One that is empty is damaged: before the first release there is no file.

    Returns
    -------
    register
        The releases in order.

    Raises
    ------
    InputError
        If it is no register, or one of a newer version.
    """
    try:
        said = json.loads(text)
        _require_format(said["format"])
        return tuple(_release(one) for one in said["releases"])
    except json.JSONDecodeError as error:
        reason = f"Zeile {error.lineno} ist kein JSON"
        raise unreadable(reason) from error
    except (KeyError, TypeError, ValueError) as error:
        reason = f"unerwarteter Inhalt ({error})"
        raise unreadable(reason) from error


def _require_format(said: object) -> None:
    if said != FORMAT:
        msg = f"Format {said} statt {FORMAT}"
        raise ValueError(msg)


def _release(said: dict[str, Any]) -> Release:
    figures, signs = _numbers(said["figures"]), _numbers(said.get("signs", []))
    return Release(str(said["audience"]), dt.date.fromisoformat(said["day"]), figures, signs)


def _numbers(rows: list[list[Any]]) -> dict[Key, int]:
    numbers = {tuple(map(str, key)): value for *key, value in rows}
    if any(len(key) != _KEY_LENGTH or type(value) is not int for key, value in numbers.items()):
        msg = "eine Zahl ohne Ort oder Kategorie"
        raise ValueError(msg)
    return numbers


def unreadable(why: str) -> InputError:
    """
    Refuse a register that cannot be read.

    Parameters
    ----------
    why
        In German.

    Returns
    -------
    error
        With the way out.
    """
    msg = f"das Verzeichnis der Veröffentlichungen ist nicht lesbar: {why}"
    hint = "Stellen Sie es aus einer Sicherung wieder her; ohne es ist unbekannt, was schon veröffentlicht ist."
    return InputError(msg, hint)


def written(register: Register) -> str:
    """
    Write a register.

    Parameters
    ----------
    register
        The releases in order.

    Returns
    -------
    text
        JSON, one figure per line; the same for the same releases.
    """
    releases = ",\n".join(_written(release) for release in register)
    return f'{{"format": {FORMAT}, "releases": [\n{releases}\n]}}\n'


def _written(release: Release) -> str:
    head = f'{{"audience": {json.dumps(release.audience)}, "day": "{release.day.isoformat()}", "figures": ['
    signs = f'\n], "signs": [\n{_lines(release.signs)}' if release.signs else ""
    return f"{head}\n{_lines(release.figures)}{signs}\n]}}"


def _lines(numbers: Mapping[Key, int]) -> str:
    return ",\n".join(json.dumps([*key, value], ensure_ascii=False) for key, value in sorted(numbers.items()))


def append(register: Register, release: Release) -> Register:
    """
    Add a release.

    Parameters
    ----------
    register
        What was given away so far; it is never changed.
    release
        What is given away now.

    Returns
    -------
    register
        With the release at its end; as it was where the same was given away already.

    Raises
    ------
    OutputError
        If other figures were given away for that day, to whomever: both together could give a household away.
    """
    for one in (one for one in register if one.day == release.day):
        if _tables(one, release) != _tables(release, one):
            raise _other_figures(one, release)
    same = [one for one in register if (one.audience, one.day) == (release.audience, release.day)]
    if not same:
        return (*register, release)
    if dict(same[0].figures) == dict(release.figures) and dict(same[0].signs or release.signs) == dict(release.signs):
        return register
    raise _other_figures(same[0], release)


def _other_figures(one: Release, release: Release) -> OutputError:
    msg = f"für den {date(release.day)} sind an '{one.audience}' schon andere Zahlen herausgegeben"
    ways = [
        "Beide nebeneinander könnten einen Haushalt verraten.",
        "Neue Meldungen und Berichtigungen stehen in den Zahlen zum nächsten Stichtag.",
        "Das Paket von damals macht --known-at noch einmal, mit dem Tag, an dem es entstand.",
    ]
    if one.audience != release.audience:
        ways.append(f"'{release.audience}' braucht dieselben smallest_cell und told_as wie '{one.audience}'.")
    return OutputError(msg, " ".join(ways))


def _tables(one: Release, other: Release) -> dict[Key, object]:
    """Return what is told of districts and more, which all audiences have; signs only where both keep theirs."""
    signs = one.signs if one.signs and other.signs else {}
    return {key: said for key, said in {**signs, **one.figures}.items() if not key[_CELL]}


def told_before(register: Register, day: dt.date) -> tuple[Release, ...]:
    """
    Return what has been given away of other days, to whomever: papers of a council are read by everyone.

    Parameters
    ----------
    register
        The releases so far.
    day
        The Stichtag; what was given away for it does not count as a change.

    Returns
    -------
    releases
        One for each day, with all that was told of it, the earlier and the later ones.
    """
    days = sorted({one.day for one in register} - {day})
    return tuple(_together([one for one in register if one.day == other]) for other in days)


def as_it_was(register: Register, day: dt.date, audience: str | None = None) -> Register:
    """
    Return the register as it was when the figures of a day were first given away.

    Figures that are out are made again as they were made: what was told later must not change them, and to print once
    more what is printed already tells nobody anything.

    Parameters
    ----------
    register
        The releases so far.
    day
        The Stichtag.
    audience
        To whom; to whomever by default.

    Returns
    -------
    register
        The whole of it where they were not given away yet.
    """
    for number, one in enumerate(register):
        if one.day == day and audience in (None, one.audience):
            return register[:number]
    return register


def _together(releases: Sequence[Release]) -> Release:
    figures = {key: value for one in releases for key, value in one.figures.items()}
    signs = {key: sign for one in releases for key, sign in one.signs.items() if key not in figures}
    return Release(", ".join(one.audience for one in releases), releases[0].day, figures, signs)


def nearest(told: Sequence[Release], day: dt.date) -> list[Release]:
    """
    Return the releases that a new one is audited together with.

    Parameters
    ----------
    told
        What an audience has of other days.
    day
        The new Stichtag.

    Returns
    -------
    releases
        At most `AUDITED_TOGETHER`, by day.
    """
    near = sorted(told, key=lambda one: (abs(one.day - day), one.day))[:AUDITED_TOGETHER]
    return sorted(near, key=lambda one: one.day)


def release_day(as_of: dt.date, rhythm: Rhythm) -> dt.date:
    """
    Return the day whose figures may be given away.

    Parameters
    ----------
    as_of
        The Stichtag asked for.
    rhythm
        How often figures are given away.

    Returns
    -------
    day
        The Stichtag itself, or the last end of a quarter up to it.
    """
    if rhythm is Rhythm.ANY:
        return as_of
    month = 3 * ((as_of.month - 1) // 3) + 3
    end = dt.date(as_of.year, month, calendar.monthrange(as_of.year, month)[1])
    if end <= as_of:
        return end
    return dt.date(as_of.year, month - 2, 1) - dt.timedelta(days=1)
