"""The five audiences that every project has, and how the entries of a project file change them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rollout.audiences import STREET_COLUMNS, Audience, Figures, Rhythm, Trenches
from rollout.schema import LAYERS
from rollout.vocabulary import MILESTONE_HEIGHT, TARGET_LADDER, Milestone

if TYPE_CHECKING:
    from collections.abc import Mapping

_EVERYTHING = {
    layer: tuple(column.name for column in LAYERS[layer].columns) for layer in ("segments", "targets", "nodes")
}

_READY_HEIGHT = MILESTONE_HEIGHT[Milestone.PASSED]
"""From a duct at the property on, a building can soon be lit, and its operator plans for it."""

_READY = tuple(rung.key for rung in TARGET_LADDER if not rung.side and rung.height >= _READY_HEIGHT)

_ADDRESS = ("target_id", "programme_id", "category", "drive", "street", "house_number", "postcode")

_ROWS = {"trenches": Trenches.EXACT, "figures": Figures.ROWS, "rhythm": Rhythm.ANY}

DEFAULTS: dict[str, dict[str, Any]] = {
    "city": {
        "title": "Stadt",
        "recipient": "Gigabitkoordination der Stadt",
        "purpose": "Steuerung des Ausbaus",
        "columns": _EVERYTHING,
        **_ROWS,
        "history": True,
        "deliveries": True,
    },
    "evl": {
        "title": "EVL",
        "recipient": "Energieversorgung Leverkusen (EVL)",
        "purpose": "Bau der Trassen und Hausanschlüsse",
        "columns": {**_EVERYTHING, "targets": (*_ADDRESS, "district", "status", "status_since")},
        "told_as": {"targets": {"orderable": "connected", "activated": "connected"}},
        **_ROWS,
        "valid_days": 31,
    },
    "netcologne": {
        "title": "NetCologne",
        "recipient": "NetCologne",
        "purpose": "Aktivierung fertiger und bald fertiger Anschlüsse",
        "columns": {
            "segments": (
                *("segment_id", "programme_id", "phase_id", "kind", "cable_length_m", "street"),
                *("status", "status_since", "status_before"),
            ),
            "targets": (*_ADDRESS, "status", "status_since"),
            "nodes": _EVERYTHING["nodes"],
        },
        "statuses": {"targets": _READY},
        "told_as": {"segments": {"applied": "planned", "permitted": "planned"}},
        **_ROWS,
        "valid_days": 31,
    },
    "council": {
        "title": "Rat",
        "recipient": "Rat der Stadt und seine Ausschüsse",
        "purpose": "Unterrichtung über den Stand des Ausbaus",
        "columns": {"segments": STREET_COLUMNS},
        "told_as": {
            "segments": {
                "applied": "planned",
                "permitted": "planned",
                "duct_tested": "duct_laid",
                "spliced": "cable_blown",
                "documented": "cable_blown",
                "handed_over": "accepted",
                "in_service": "accepted",
            }
        },
        "trenches": Trenches.STREET,
    },
    "public": {
        "title": "Öffentlichkeit",
        "recipient": "Öffentlichkeit",
        "purpose": "Information über den Stand des Ausbaus",
        "figures": Figures.CELLS,
    },
}
"""Name → what its entry in a project file would say."""


def with_defaults(said: object) -> object:
    """
    Complete what a project file says of its audiences.

    Parameters
    ----------
    said
        Name → entries, as parsed. An entry takes the place of the default's; one that is a table itself does so line
        by line.

    Returns
    -------
    entries
        The defaults as changed, then the audiences that the file adds. What is no table is returned as it came.
    """
    if not isinstance(said, dict):
        return said
    names = dict.fromkeys([*DEFAULTS, *said])
    return {name: _changed(DEFAULTS.get(name, {}), said.get(name, {})) for name in names}


def _changed(default: Mapping[str, Any], entries: object) -> object:
    if isinstance(entries, Audience) or not isinstance(entries, dict):
        return entries
    return {**default, **{name: _laid_over(default.get(name), entry) for name, entry in entries.items()}}


def _laid_over(default: object, entry: object) -> object:
    return {**default, **entry} if isinstance(default, dict) and isinstance(entry, dict) else entry
