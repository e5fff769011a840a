"""What a reader may mark in a page as wrong, and what of it the file of proposals may say."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

from rollout.vocabulary import ladder_of

if TYPE_CHECKING:
    from rollout.audiences import Audience
    from rollout.vocabulary import Rung

    MarkedLayer = Literal["segments", "targets"]

FORMAT = "rollout-vorschlaege"
"""First entry of a file of proposals; nothing else is called so."""

DECISION_FORMAT = "rollout-entscheidung"
"""First entry of the file that a decision is kept as."""

VERSION = 1

MOST_MARKS = 1000
"""In one file; the page stops there, too."""

NAME_LETTERS = 80
"""Of the author."""

REMARK_LETTERS = 500
"""Of a remark, or of a reason."""

ENTITIES: dict[str, MarkedLayer] = {"segment": "segments", "target": "targets"}
"""What can be marked → its layer."""

_UNSHOWN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
"""Control and direction characters, halves and private ones; line and paragraph separators."""


class Kind(StrEnum):
    """What a mark proposes."""

    STATUS = "status"
    """Another state, or another day from which it stood so."""
    PLACE = "place"
    """Another place of a connection."""
    REMARK = "remark"
    """Nothing but a remark."""


class Outcome(StrEnum):
    """What was decided of a proposal."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"


KIND_LABELS: dict[str, str] = {Kind.STATUS: "Status", Kind.PLACE: "Lage", Kind.REMARK: "Hinweis"}


def ladder_seen(layer: MarkedLayer, audience: Audience | None) -> tuple[Rung, ...]:
    """
    Return the states that an audience can see, and can therefore propose.

    Parameters
    ----------
    layer
        `segments` or `targets`.
    audience
        Who marks; None sees everything.

    Returns
    -------
    ladder
        Its rungs in order, side states last.
    """
    ladder = ladder_of(layer)
    return ladder if audience is None else tuple(rung for rung in ladder if rung.key in audience.words(layer))


def told(status: str, layer: MarkedLayer, audience: Audience | None) -> str:
    """
    Return the state that an audience is told in place of another.

    Parameters
    ----------
    status
        As known.
    layer
        `segments` or `targets`.
    audience
        Who is told; None is told everything as it is.

    Returns
    -------
    status
        As its pages show it.
    """
    return status if audience is None else audience.told_as.get(layer, {}).get(status, status)


def fault_of(text: str, most: int) -> str | None:
    """
    Tell what keeps a text from being shown as it stands, on paper, page and terminal.

    Parameters
    ----------
    text
        One line.
    most
        Letters it may have.

    Returns
    -------
    fault
        In German; None where there is none.
    """
    if len(text) > most:
        return f"hat {len(text)} Zeichen, erlaubt sind {most}"
    unshown = next((sign for sign in text if unicodedata.category(sign) in _UNSHOWN), None)
    if unshown is not None:
        return f"enthält das unsichtbare Zeichen U+{ord(unshown):04X}"
    if text != " ".join(text.split()):
        return "beginnt oder endet mit einem Leerzeichen oder hat mehrere hintereinander"
    return None


def tidy(text: str) -> str:
    """
    Bring what someone typed into one line without signs that are not shown.

    Parameters
    ----------
    text
        As typed.

    Returns
    -------
    text
        Spaces in place of line ends and tabs.
    """
    spaced = re.sub(r"\s", " ", text)
    return " ".join("".join(s for s in spaced if unicodedata.category(s) not in _UNSHOWN).split())
