"""The facts a card shows: which columns of a layer, under which German labels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rollout.vocabulary import (
    CATEGORY_LABELS,
    CONTRADICTION_LABELS,
    NODE_KIND_LABELS,
    REACH_LABELS,
    SEGMENT_KIND_LABELS,
    Category,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

_CATEGORY_OF_ONE = {
    **CATEGORY_LABELS,
    Category.HOUSEHOLD.value: "Haushalt",
    Category.SCHOOL.value: "Schule",
}


@dataclass(frozen=True, slots=True)
class Fact:
    """
    One line of a card.

    Attributes
    ----------
    label
        What people read.
    column
        Column of the layer it shows.
    unit
        `metres` for lengths in decimetres, `words` for words to be looked up in `words`, or nothing.
    words
        Word in the column → what people read.
    """

    label: str
    column: str
    unit: str = ""
    words: Mapping[str, str] | None = None


SEGMENT_FACTS: tuple[Fact, ...] = (
    Fact("Status", "status"),
    Fact("seit", "since"),
    Fact("Grund", "reason"),
    Fact("vor der Sperrung", "before"),
    Fact("Art", "kind", "words", SEGMENT_KIND_LABELS),
    Fact("Länge", "length", "metres"),
    Fact("Kabel im Abschnitt", "cable", "metres"),
    Fact("Rohre", "ducts"),
    Fact("Straße", "street"),
    Fact("Oberfläche", "surface"),
    Fact("Legeverfahren", "laying"),
    Fact("geplante Fertigstellung", "planned"),
    Fact("Stadtteil", "district"),
    Fact("Bauabschnitt", "phase"),
    Fact("berechnet", "reach", "words", REACH_LABELS),
    Fact("Ausbaupaket", "unlock"),
)

TARGET_FACTS: tuple[Fact, ...] = (
    Fact("Status", "status"),
    Fact("seit", "since"),
    Fact("Grund", "reason"),
    Fact("Art", "category", "words", _CATEGORY_OF_ONE),
    Fact("Einrichtung", "institution"),
    Fact("Förderung", "drive"),
    Fact("Postleitzahl", "postcode"),
    Fact("Stadtteil", "district"),
    Fact("Stadtteil laut Liste", "listed"),
    Fact("Bauabschnitt", "phase"),
    Fact("nächste Trasse", "segment"),
    Fact("Hausanschluss", "drop", "metres"),
    Fact("bis zur gebauten Trasse", "near", "metres"),
    Fact("berechnet", "reach", "words", REACH_LABELS),
    Fact("Netzknoten", "node"),
    Fact("gebauter Weg dorthin", "route", "metres"),
    Fact("Widerspruch", "doubt", "words", CONTRADICTION_LABELS),
)

NODE_FACTS: tuple[Fact, ...] = (
    Fact("Art", "kind", "words", NODE_KIND_LABELS),
    Fact("Stadtteil", "district"),
)

DISTRICT_FACTS: tuple[Fact, ...] = (
    Fact("Stadtbezirk", "borough"),
    Fact("Bauabschnitt", "phase"),
)
