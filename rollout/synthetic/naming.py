"""Invented street names, each used once in the city."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from rollout.synthetic.streets import StreetNetwork

# None of these is meant to be a place or a person; the parts are common German words, combined by chance.
_PLACES = (
    "Erlenrath", "Birkenbüchel", "Auental", "Hasselbeck", "Lindenscheid", "Kornrath", "Ober-Eschen", "Nieder-Eschen",
    "Wiesenscheid", "Buchenrode", "Steinfurth", "Ahornsiepen", "Haferkamp", "Fuchsbroich", "Klosterbusch", "Talbeck",
    "Rabenscheid", "Mühlrath", "Hollerbüchel", "Eichenfurth", "Dornberg", "Sonnenrath", "Weidenbroich", "Ginsterrode",
)  # fmt: skip
_MAIN_ENDINGS = ("Landstraße", "Straße", "Allee", "Chaussee", "Ring", "Damm")
_STEMS = (
    "Buchfinken", "Zaunkönig", "Rotkehlchen", "Zeisig", "Pirol", "Kiebitz", "Dompfaff", "Bachstelzen", "Eichelhäher",
    "Kastanien", "Ulmen", "Erlen", "Haselnuss", "Weißdorn", "Schlehen", "Ebereschen", "Robinien", "Walnuss",
    "Kornblumen", "Schlüsselblumen", "Anemonen", "Lupinen", "Rittersporn", "Ginster", "Malven", "Margeriten",
    "Böttcher", "Seiler", "Gerber", "Wagner", "Korbmacher", "Drechsler", "Kupferschmied", "Färber", "Müller",
    "Kirschgarten", "Apfel", "Quitten", "Mirabellen", "Holunder", "Brombeer", "Wacholder", "Hopfen", "Gersten",
    "Fuchs", "Dachs", "Hermelin", "Eichhörnchen", "Igel", "Haselmaus", "Libellen", "Bienen", "Schwalbenschwanz",
    "Granit", "Basalt", "Schiefer", "Quarz", "Lehm", "Kiesel", "Bernstein", "Sonnen", "Morgen", "Abend", "Winter",
)  # fmt: skip
_ENDINGS = ("weg", "straße", "allee", "gasse", "pfad", "ring", "hof", "platz", "steig", "winkel", "bogen", "zeile")
_PREPOSITIONS = ("Am", "Im", "Zum")
_FIELDS = (
    "Erlen", "Kirsch", "Hafer", "Mühlen", "Klee", "Linden", "Wiesen", "Ober", "Unter", "Hasen", "Krähen", "Birken",
    "Stein", "Sand", "Quellen", "Weiden", "Heide", "Lerchen", "Eichen", "Kreuz", "Torf", "Ziegel", "Tannen", "Roggen",
)  # fmt: skip
_GROUNDS = ("kamp", "busch", "grund", "feld", "berg", "hang", "garten", "siefen", "bruch", "rain", "acker", "born")
_FIRST = (
    "Otto", "Klara", "Emil", "Martha", "Ludwig", "Frieda", "Konrad", "Paula", "Anton", "Henriette", "Georg", "Ida",
)  # fmt: skip
_LAST = (
    "Brandner", "Kesselring", "Hollenbach", "Wiesner", "Dornhoff", "Lindgens", "Auerbeck", "Steinkuhl", "Mertenich",
    "Vossgätter", "Rübsam", "Kaltenbrück", "Ohligmann", "Querfeld", "Tannhäuser", "Birkhahn", "Eschenlohr",
)  # fmt: skip


def street_names(network: StreetNetwork, rng: np.random.Generator) -> list[str]:
    """
    Name every street, each with a name of its own.

    Parameters
    ----------
    network
        The streets; a chain is one street.
    rng
        Random numbers.

    Returns
    -------
    names
        One name per chain of the network.

    Raises
    ------
    ValueError
        If the city has more streets than names can be made of the parts.
    """
    mains = _shuffled([f"{_adjective(place)} {end}" for place, end in product(_PLACES, _MAIN_ENDINGS)], rng)
    minors = _shuffled(_minor_names(), rng)
    lengths = network.lengths
    names = []
    for chain in network.chains:
        wide = bool(network.main[chain[0][0]]) and lengths[[edge for edge, _ in chain]].sum() > 400.0  # noqa: PLR2004
        names.append(_next(mains if wide and mains else minors))
    return names


def school_names(streets: list[str], rng: np.random.Generator) -> list[str]:
    """
    Name a school after the street it stands in.

    Parameters
    ----------
    streets
        Street of each school.
    rng
        Random numbers.

    Returns
    -------
    names
        For example `Grundschule Am Erlenkamp`; a second school in a street is of another kind.
    """
    kinds = ("Grundschule", "Gesamtschule", "Realschule", "Gymnasium", "Förderschule", "Berufskolleg")
    names: list[str] = []
    for street in streets:
        order = [kinds[index] for index in (0, *rng.permutation(np.arange(1, len(kinds))).tolist())]
        if rng.random() < 0.45:  # noqa: PLR2004 - a little under half are no primary schools
            order = [*order[1:], order[0]]
        names.append(next(name for kind in order if (name := f"{kind} {street}") not in names))
    return names


def _minor_names() -> list[str]:
    compound = [f"{stem}{ending}" for stem, ending in product(_STEMS, _ENDINGS)]
    fields = [f"{word} {field}{ground}" for word, field, ground in product(_PREPOSITIONS, _FIELDS, _GROUNDS)]
    persons = [f"{first}-{last}-Straße" for first, last in product(_FIRST, _LAST)]
    return compound + fields + persons


def _adjective(place: str) -> str:
    return f"{place}r" if place.endswith("e") else f"{place}er"


def _shuffled(names: list[str], rng: np.random.Generator) -> list[str]:
    return [names[index] for index in rng.permutation(len(names)).tolist()]


def _next(names: list[str]) -> str:
    if not names:
        msg = "the city has more streets than there are invented names"
        raise ValueError(msg)
    return names.pop()
