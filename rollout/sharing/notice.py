"""What every page and table of a package says of itself: for whom, what for, of which day, until when, and what not."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from rollout import wording
from rollout.audiences import Trenches
from rollout.vocabulary import STATUS_LABELS, ladder_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from rollout.analysis.state import State
    from rollout.audiences import Audience, SharedLayer

_ROWS: dict[SharedLayer, str] = {"segments": "Trassen", "targets": "einzelne Anschlüsse", "nodes": "Netzknoten"}

_TOLD: tuple[tuple[SharedLayer, tuple[str, ...], str], ...] = (
    ("targets", ("target_id",), "Kennungen der Anschlüsse"),
    ("targets", ("street", "house_number", "postcode"), "vollständige Adressen"),
    ("targets", ("institution",), "Namen von Einrichtungen"),
    ("targets", ("status_since",), "Zeitpunkte bei Anschlüssen"),
    ("targets", ("reason",), "Gründe bei Anschlüssen"),
    ("segments", ("segment_id",), "Kennungen der Trassen"),
    ("segments", ("surface", "laying_method", "duct_count"), "Bauweise der Trassen"),
    ("segments", ("cable_length_m",), "Kabellängen"),
    ("segments", ("planned_on",), "geplante Fertigstellung der Trassen"),
    ("segments", ("status_since",), "Zeitpunkte bei Trassen"),
    ("segments", ("reason",), "Gründe bei Trassen"),
    ("nodes", ("node_id",), "Kennungen der Netzknoten"),
    ("nodes", ("name",), "Namen der Netzknoten"),
)
"""Columns of a layer → what is not in a package that lacks one of them."""

_OF_LAYER: dict[SharedLayer, str] = {"segments": "Trassen", "targets": "Anschlüsse"}


def expires_on(audience: Audience, state: State) -> dt.date:
    """
    Return the last day a package is valid.

    Parameters
    ----------
    audience
        Whose package.
    state
        What it shows; its Stichtag counts.

    Returns
    -------
    day
        `valid_days` after the Stichtag.
    """
    return state.as_of + dt.timedelta(days=audience.valid_days)


def notice_of(audience: Audience, state: State) -> tuple[str, ...]:
    """
    Word what a package says of itself.

    No sentence names a status or a value that is withheld.

    Parameters
    ----------
    audience
        Whose package.
    state
        What it shows, whole or cut down.

    Returns
    -------
    lines
        `Empfänger: …`, `Zweck: …`, `Stand: …`, `gültig bis: …`, then what is in it only in part, and what is not.
    """
    return (
        f"Empfänger: {audience.recipient}",
        f"Zweck: {audience.purpose}",
        f"Stand: {wording.date(state.as_of)}",
        f"gültig bis: {wording.date(expires_on(audience, state))}",
        *_in_part(audience),
        *_withheld(audience),
        *(("Vertraulich: enthält Angaben zu einzelnen Anschlüssen.",) if audience.gives("targets") else ()),
    )


def _in_part(audience: Audience) -> list[str]:
    lines = []
    as_streets = audience.trenches is Trenches.STREET
    for layer, rows in _OF_LAYER.items():
        if audience.selects(layer):
            lines.append(f"{rows}: nur solche mit Stand {_named(layer, audience.words(layer))}.")
        blurred = audience.blurred(layer) if layer == "targets" or not as_streets else ()
        if blurred:
            stands = "steht" if len(blurred) == 1 else "stehen"
            lines.append(f"{rows}: {_named(layer, blurred)} {stands} für mehrere Schritte, ohne Zeitpunkt.")
    if as_streets:
        lines.append("Trassen: nur als Straße, in der sie liegen, mit dem Stand ihres am wenigsten fertigen Teils.")
    if audience.precision_m:
        lines.append(f"Lage: auf {wording.length(audience.precision_m)} gerundet.")
    return lines


def _named(layer: SharedLayer, words: Collection[str]) -> str:
    return ", ".join(f"„{STATUS_LABELS[rung.key]}“" for rung in ladder_of(layer) if rung.key in words)


def _withheld(audience: Audience) -> list[str]:
    missing = [what for layer, what in _ROWS.items() if not audience.gives(layer)]
    missing += [
        what
        for layer, columns, what in _TOLD
        if audience.gives(layer) and not all(audience.gives(layer, column) for column in columns)
        if layer != "segments" or audience.trenches is not Trenches.STREET
    ]
    missing += [] if audience.knows_network or not audience.gives("targets") else ["berechnete Erreichbarkeit"]
    return [f"Nicht enthalten: {', '.join(missing)}."] if missing else []
