"""
The field's words: categories, kinds and the two status ladders, with their German labels.

No public standard defines a construction progress (XTrasse knows plan dates only, GIS-NB only
new or existing), so the ladders are this project's own; laying methods are XTrasse 2.0 codes.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Category(StrEnum):
    """What kind of building a connection serves."""

    HOUSEHOLD = "household"
    BUSINESS = "business"
    SCHOOL = "school"
    HOSPITAL = "hospital"


class Drive(StrEnum):
    """Whether the grant pays for a connection or the building merely lies on the trench."""

    FUNDED = "funded"
    EXTENDED = "extended"


class SegmentKind(StrEnum):
    """Whether a trench segment is dug for the project or existing infrastructure is co-used."""

    NEW_DUCT = "new_duct"
    CO_USED = "co_used"


class NodeKind(StrEnum):
    """Where cables begin and branch."""

    POP = "pop"
    CABINET = "cabinet"


class Extent(StrEnum):
    """Whether a construction phase covers a whole district or parts of it."""

    WHOLE = "whole"
    PART = "part"


class Milestone(StrEnum):
    """The steps the field counts by, each holding the next: passed ⊇ prepared ⊇ connected ⊇ activated."""

    PASSED = "passed"
    PREPARED = "prepared"
    CONNECTED = "connected"
    ACTIVATED = "activated"


class TileService(StrEnum):
    """Official map tiles that a page may offer."""

    BASEMAP_DE = "basemap.de"
    TOP_PLUS_OPEN = "TopPlusOpen"


class Paper(StrEnum):
    """What a map is printed on: A4 upright, A3 across."""

    A4 = "A4"
    A3 = "A3"


class Level(StrEnum):
    """What one row of a table is."""

    DISTRICT = "district"
    PHASE = "phase"
    PROGRAMME = "programme"


class Figure(StrEnum):
    """A figure of the district table that can be asked after."""

    COUNTED = "counted"
    PASSED = "passed"
    PREPARED = "prepared"
    CONNECTED = "connected"
    ACTIVATED = "activated"
    REACHABLE = "reachable"
    REFUSED = "refused"
    DROPPED = "dropped"
    NO_DATA = "no_data"
    NEW_DUCT = "new_duct"
    CO_USED = "co_used"
    CABLE = "cable"


class Reach(StrEnum):
    """What built segments join to a node, as computed."""

    CABLE = "cable"
    """With cable in every segment on the way."""
    DUCT = "duct"
    """With duct in every segment on the way, but not cable."""
    ISLAND = "island"
    """Built, and joined to no node."""
    NONE = "none"
    """Not reachable."""


class Contradiction(StrEnum):
    """How what was reported of a connection differs from what is built."""

    CONNECTED_WITHOUT_PATH = "connected_without_path"
    CONNECTED_WITHOUT_CABLE = "connected_without_cable"
    WAITING_WITH_PATH = "waiting_with_path"


@dataclass(frozen=True, slots=True)
class Rung:
    """
    One state of a ladder.

    Attributes
    ----------
    key
        The word in the data.
    code
        The number on paper, e.g. `4` or `2x`.
    label
        The German word people read.
    height
        How far it stands; a side state (refused, dropped, blocked) has the height it counts as.
    allowed_next
        Keys of the states that may follow without a finding.
    side
        True for the states beside the ladder.
    """

    key: str
    code: str
    label: str
    height: int
    allowed_next: tuple[str, ...]
    side: bool = False


BLOCKED = "blocked"
DROPPED = "dropped"
REFUSED = "refused"
NO_DATA = "no_data"
NO_DATA_LABEL = "keine Angabe"

SEGMENT_LADDER: tuple[Rung, ...] = (
    Rung("planned", "0", "geplant", 0, ("applied", DROPPED)),
    Rung("applied", "1", "beantragt", 1, ("permitted", "planned", DROPPED)),
    Rung("permitted", "2", "genehmigt", 2, ("digging", BLOCKED)),
    Rung("digging", "3", "im Bau", 3, ("duct_laid", BLOCKED)),
    Rung("duct_laid", "4", "Rohr verlegt", 4, ("duct_tested", BLOCKED)),
    Rung("duct_tested", "5", "Rohr geprüft", 5, ("cable_blown", "digging")),
    Rung("cable_blown", "6", "Kabel eingeblasen", 6, ("spliced", "duct_tested")),
    Rung("spliced", "7", "gespleißt und gemessen", 7, ("documented", "cable_blown")),
    Rung("documented", "8", "dokumentiert", 8, ("accepted", "spliced")),
    Rung("accepted", "9", "abgenommen", 9, ("handed_over", "duct_laid")),
    Rung("handed_over", "10", "übergeben", 10, ("in_service",)),
    Rung("in_service", "11", "in Betrieb", 11, ()),
    Rung(DROPPED, "90", "entfallen", -1, ("planned",), side=True),
    Rung(
        BLOCKED,
        "91",
        "gesperrt oder unterbrochen",
        -1,
        ("permitted", "digging", "duct_laid"),
        side=True,
    ),
)
"""Trench segments. A blocked one keeps the height of the state before (`status_before`)."""

TARGET_LADDER: tuple[Rung, ...] = (
    Rung("identified", "0", "förderfähig ermittelt", 0, ("owner_contacted", DROPPED)),
    Rung("owner_contacted", "1", "Eigentümer angeschrieben", 1, ("consent_given", REFUSED, DROPPED)),
    Rung("consent_given", "2", "Gestattung liegt vor", 2, ("surveyed", DROPPED)),
    Rung("surveyed", "3", "Begehung erfolgt", 3, ("duct_at_property", DROPPED)),
    Rung("duct_at_property", "4", "Rohr bis Grundstück verlegt", 4, ("house_entry", REFUSED)),
    Rung("house_entry", "5", "Hauseinführung gesetzt", 5, ("termination_point",)),
    Rung("termination_point", "6", "Glasfaser im Haus (HÜP/APL)", 6, ("connected",)),
    Rung("connected", "7", "angeschlossen", 7, ("orderable",)),
    Rung("orderable", "8", "buchbar", 8, ("activated",)),
    Rung("activated", "9", "aktiviert", 9, ()),
    Rung(REFUSED, "2x", "abgelehnt oder nicht erreichbar", 1, ("owner_contacted", "consent_given", DROPPED), side=True),
    Rung(DROPPED, "90", "entfallen", -1, ("identified",), side=True),
)
"""Connections to be made. A refused one stays in the denominator; a dropped one leaves it with a reason."""

STATUS_LABELS: dict[str, str] = {rung.key: rung.label for rung in (*TARGET_LADDER, *SEGMENT_LADDER)}
"""German word of every status; the two ladders share only `dropped`, which is one word on both."""

BUILT_HEIGHT = 4
"""From `duct_laid` on, a segment's metres count as built."""

CABLE_HEIGHT = 6
"""From `cable_blown` on, a segment's cable counts as installed."""

ACCEPTED_HEIGHT = 9
"""From `accepted` on, a segment is finished for the funder."""

MILESTONE_HEIGHT: dict[Milestone, int] = {
    Milestone.PASSED: 4,
    Milestone.PREPARED: 6,
    Milestone.CONNECTED: 7,
    Milestone.ACTIVATED: 9,
}

REASONS: dict[str, str] = {
    "permit": "Genehmigung oder Verkehrsanordnung fehlt",
    "consent": "Gestattung fehlt",
    "surface": "Aufbruchsperre oder neue Oberfläche",
    "ordnance": "Kampfmittelverdacht",
    "utility": "Konflikt mit anderen Leitungen",
    "weather": "Witterung",
    "claim": "Schadensfall oder Mangel",
    "declined": "vom Eigentümer abgelehnt",
    "unreachable": "Eigentümer nicht erreichbar",
    "own_build": "Eigenausbau durch Dritte",
    "demolished": "Gebäude abgerissen",
    "duplicate": "Doppelzählung",
    "rerouted": "Trasse geändert",
}
"""Why something is blocked, refused or dropped; the status alone is never enough."""

CATEGORY_LABELS: dict[str, str] = {
    Category.HOUSEHOLD: "Haushalte",
    Category.BUSINESS: "Gewerbe",
    Category.SCHOOL: "Schulen",
    Category.HOSPITAL: "Krankenhaus",
}

CATEGORY_NOUNS: dict[str, tuple[str, str]] = {
    Category.HOUSEHOLD: ("Haushalt", "Haushalte"),
    Category.BUSINESS: ("Gewerbebetrieb", "Gewerbebetriebe"),
    Category.SCHOOL: ("Schule", "Schulen"),
    Category.HOSPITAL: ("Krankenhaus", "Krankenhäuser"),
}
"""One of a category, and many; the labels above head columns."""

DRIVE_LABELS: dict[str, str] = {
    Drive.FUNDED: "geförderter Anschluss",
    Drive.EXTENDED: "erweiterter Vortrieb",
}

SEGMENT_KIND_LABELS: dict[str, str] = {
    SegmentKind.NEW_DUCT: "neues Leerrohr",
    SegmentKind.CO_USED: "mitgenutzte Infrastruktur",
}

NODE_KIND_LABELS: dict[str, str] = {
    NodeKind.POP: "Hauptverteiler (PoP)",
    NodeKind.CABINET: "Netzverteiler (NVt)",
}

EXTENT_LABELS: dict[str, str] = {Extent.WHOLE: "ganz", Extent.PART: "in Teilen"}

MILESTONE_LABELS: dict[str, str] = {
    Milestone.PASSED: "erreicht (homes passed)",
    Milestone.PREPARED: "vorbereitet (homes prepared)",
    Milestone.CONNECTED: "angeschlossen (homes connected)",
    Milestone.ACTIVATED: "aktiviert (homes activated)",
}

REACH_LABELS: dict[str, str] = {
    Reach.CABLE: "mit Kabel verbunden",
    Reach.DUCT: "mit Rohr verbunden",
    Reach.ISLAND: "Insel ohne Netzknoten",
    Reach.NONE: "nicht erreichbar",
}

CONTRADICTION_LABELS: dict[str, str] = {
    Contradiction.CONNECTED_WITHOUT_PATH: "angeschlossen gemeldet, aber kein gebauter Weg",
    Contradiction.CONNECTED_WITHOUT_CABLE: "angeschlossen gemeldet, aber kein durchgehendes Kabel",
    Contradiction.WAITING_WITH_PATH: "Weg fertig, aber kein Rohr am Gebäude gemeldet",
}

SURFACE_LABELS: dict[str, str] = {"sealed": "versiegelt", "unsealed": "unversiegelt"}
"""GIS-NB 5.1 `trassenb`: 11 sealed, 12 unsealed."""

LAYING_METHOD_LABELS: dict[str, str] = {
    "1000": "offener Graben",
    "2000": "Pressbohrverfahren",
    "3000": "Horizontal-Spülbohrverfahren",
    "4000": "Pflugverfahren",
    "5000": "Fräsverfahren in ungebundenen Oberflächen",
    "6000": "Trenching",
    "60001": "Trenching, Schleif-/Sägeverfahren",
    "60002": "Trenching, Fräsverfahren",
    "7000": "Rammverfahren",
    "8000": "Microtunneling",
    "9000": "oberirdische Verlegung",
    "9999": "sonstiges Verfahren",
}
"""XTrasse 2.0, code list `XP_Legeverfahren`."""


def ladder_of(layer: str) -> tuple[Rung, ...]:
    """
    Return the status ladder of a layer.

    Parameters
    ----------
    layer
        `segments` or `targets`.

    Returns
    -------
    ladder
        Its rungs in order, side states last.

    Raises
    ------
    KeyError
        For any other layer; none of them has a status.
    """
    return {"segments": SEGMENT_LADDER, "targets": TARGET_LADDER}[layer]
