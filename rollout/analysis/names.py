"""Which district a written name means: exactly, by a known variant, or as a suggestion that nobody adopts unasked."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from rapidfuzz import fuzz, process, utils

from rollout.once import once_each

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd

NEAR = 75
"""Likeness (0 to 100) from which a name is worth suggesting."""


class How(StrEnum):
    """How a name was recognised."""

    EXACT = "exact"
    VARIANT = "variant"
    SUGGESTION = "suggestion"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Match:
    """
    What a written name means.

    Attributes
    ----------
    district_id
        The district; None unless the name is exact or a known variant.
    how
        How it was recognised.
    suggestion
        For a name that is merely near: the district's proper name. It is shown, never adopted.
    """

    district_id: str | None
    how: How
    suggestion: str | None = None


def recognise(names: Iterable[str], districts: pd.DataFrame, variants: Mapping[str, Sequence[str]]) -> dict[str, Match]:
    """
    Find the districts that written names mean.

    Parameters
    ----------
    names
        As somebody wrote them, any number, in any order.
    districts
        `district_id` and `name`, one row per district.
    variants
        Proper name → other spellings known to mean it (`district_variants` of the project).

    Returns
    -------
    matches
        Every different name → its district, or a suggestion, or nothing.
    """
    known = _known_spellings(districts, variants)
    return {name: _match(name, known) for name in dict.fromkeys(names)}


def match_districts(
    names: pd.Series[str], districts: pd.DataFrame, variants: Mapping[str, Sequence[str]]
) -> pd.Series[str]:
    """
    Find the districts that a column of written names means.

    Parameters
    ----------
    names
        Text, shape `(n,)`.
    districts, variants
        As in `recognise`.

    Returns
    -------
    district_id
        Text, shape `(n,)`, index of `names`; `<NA>` where a name is missing, or is neither proper nor a
        known variant.
    """
    matches = recognise(names.dropna(), districts, variants)
    found = {name: match.district_id for name, match in matches.items()}
    return names.map(found).astype("string").rename("district_id")


def _known_spellings(districts: pd.DataFrame, variants: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, str, How]]:
    """Spelling → (`district_id`, proper name, how); a proper name wins over another's variant."""
    known: dict[str, tuple[str, str, How]] = {}
    for name, district_id in _named(districts):
        known |= {_spelling(other): (district_id, name, How.VARIANT) for other in variants.get(name, ())}
    for name, district_id in _named(districts):
        known[_spelling(name)] = (district_id, name, How.EXACT)
    return known


@once_each
def _named(districts: pd.DataFrame) -> list[tuple[str, str]]:
    there = districts[["name", "district_id"]].dropna()
    return list(zip(there["name"], there["district_id"], strict=True))


def _match(name: str, known: Mapping[str, tuple[str, str, How]]) -> Match:
    written = _spelling(name)
    if written in known:
        district_id, _, how = known[written]
        return Match(district_id, how)
    near = suggest(written, list(known))
    return Match(None, How.NONE) if near is None else Match(None, How.SUGGESTION, known[near][1])


def suggest(written: str, choices: Sequence[str]) -> str | None:
    """
    Find the choice that is nearest to what was written.

    Parameters
    ----------
    written
        Any text.
    choices
        What it may have meant.

    Returns
    -------
    nearest
        One of the choices, or None where none is near.
    """
    found = process.extractOne(written, choices, scorer=fuzz.ratio, processor=utils.default_process, score_cutoff=NEAR)
    return found[0] if found else None


def _spelling(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).split())
