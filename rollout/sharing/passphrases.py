"""
Passwords for what is sealed: diced from German words, or given and then looked at. None is ever stored.

What is sealed can be carried off and guessed at in peace, with nobody to count the attempts. So a password is
diced: its strength is then known to the bit, whatever an attacker knows of the list and of this file.
"""

from __future__ import annotations

import math
import re
import secrets
import unicodedata
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from rollout.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

WORDS = 6
"""How many words are diced, and the fewest that are enough."""

BITS = 77.0
"""The fewest bits of a diced password: 2⁷⁷ guesses, each of which costs 600,000 rounds."""

SHORTEST = 20
"""
The fewest characters of a password that somebody thought up.

The Bundesamt für Sicherheit in der Informationstechnik asks for so many where guesses are made offline, as they are
against a recorded WLAN handshake.
"""

VARIED = 8
"""The fewest different characters of one."""

_LIST = Path(__file__).parent / "words" / "de-7776-v1-diceware.txt"
_LONGEST_WORD = 12
_SEPARATOR = "-"
_EDGES = " \t\r\n"
_YEAR = re.compile(r"(?:19|20)\d\d")
_HINT = f"Lassen Sie eines aus {WORDS} Wörtern würfeln: --generate"

_UNFIT = frozenset(
    {
        "arsch",
        "attentat",
        "beischlaf",
        "besoffen",
        "bespucken",
        "deportation",
        "deppen",
        "eiter",
        "ermorden",
        "ertrinken",
        "galgen",
        "gehasst",
        "gepeinigt",
        "halbnackt",
        "hassen",
        "hasst",
        "kotzen",
        "krebs",
        "nackt",
        "peinigen",
        "samen",
        "sargnagel",
        "saufen",
        "scham",
        "seuche",
        "vollrausch",
        "wollust",
    }
)
"""Words of the list that no authority would send to a partner."""


@cache
def words() -> tuple[str, ...]:
    """
    Return the words that are diced.

    Returns
    -------
    words
        Of a to z alone, 5 to 12 letters each, none the beginning of another: whoever hears or reads one cannot
        mistake it, and every keyboard has it.
    """
    listed = (line.split("\t")[1] for line in _LIST.read_text(encoding="ascii").splitlines())
    return tuple(word for word in listed if len(word) <= _LONGEST_WORD and word not in _UNFIT)


def bits(count: int = WORDS) -> float:
    """
    Say how strong a diced password is.

    Parameters
    ----------
    count
        How many words it has.

    Returns
    -------
    bits
        The base-2 logarithm of how many such passwords there are, each as likely as any other.
    """
    return count * math.log2(len(words()))


def generated(count: int = WORDS, choose: Callable[[Sequence[str]], str] = secrets.choice) -> str:
    """
    Dice a password.

    Parameters
    ----------
    count
        How many words it has.
    choose
        Takes one of the words, each as likely as any other; by default by the system's generator for secrets.

    Returns
    -------
    password
        Words joined by hyphens.

    Raises
    ------
    InputError
        If it would be weaker than `BITS`.
    """
    if bits(count) < BITS:
        msg = f"ein Passwort aus {count} Wörtern ist zu schwach"
        raise InputError(msg, f"Nehmen Sie mindestens {WORDS}: das sind {BITS:.0f} Bit.")
    return _SEPARATOR.join(choose(words()) for _ in range(count))


def normal(password: str) -> str:
    """
    Return a password as it goes into the key, so that the same one typed on another device is the same.

    Parameters
    ----------
    password
        As typed or pasted.

    Returns
    -------
    password
        In Unicode's normal form C, without spaces and line ends at its edges.
    """
    return unicodedata.normalize("NFC", password).strip(_EDGES)


def refuse_weak(password: str, known: Iterable[str] = ()) -> None:
    """
    Look at a password that somebody thought up.

    How hard it is to guess cannot be seen from outside. What can be seen is refused: too few characters, the same
    few over and over, and too few words of our list. What an attacker would try first does not count.

    Parameters
    ----------
    password
        As given; one that was diced passes.
    known
        Words that go with the project, e.g. the city's and the partner's name.

    Raises
    ------
    InputError
        If it is too weak, or holds what cannot be typed. The message never repeats it.
    """
    plain = normal(password)
    if not plain.isprintable():
        msg = "das Passwort enthält Zeichen, die sich nicht eintippen lassen"
        raise InputError(msg, _HINT)
    parts = [part for part in re.split(r"[\W_]+", plain.casefold()) if part]
    if parts and set(parts) <= set(words()):
        _refuse_few_words(parts)
        return
    rest = _without_known(plain.casefold(), known)
    if len(rest) < SHORTEST:
        msg = f"das Passwort ist zu kurz: {len(rest)} Zeichen ohne Jahreszahlen und Namen, nötig sind {SHORTEST}"
        raise InputError(msg, _HINT)
    if len(set(rest)) < VARIED:
        msg = f"das Passwort wiederholt sich: {len(set(rest))} verschiedene Zeichen, nötig sind {VARIED}"
        raise InputError(msg, _HINT)


def _refuse_few_words(parts: list[str]) -> None:
    """Dice may fall alike once in six; whoever writes one word six times has not diced."""
    different = len(set(parts))
    if len(parts) < WORDS or different < WORDS - 1:
        msg = f"das Passwort hat {different} verschiedene Wörter der Liste, nötig sind {WORDS}"
        raise InputError(msg, _HINT)


def _without_known(password: str, known: Iterable[str]) -> str:
    names = (name for text in known for name in re.split(r"[\W_]+", normal(text).casefold()))
    for name in sorted({name for name in names if len(name) > 2}, key=len, reverse=True):  # noqa: PLR2004 - a name
        password = password.replace(name, "")
    return _YEAR.sub("", password)
