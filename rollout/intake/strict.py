"""JSON as the standard has it: UTF-8, one value per key, real numbers."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from rollout.intake.refusal import DeliveryError

if TYPE_CHECKING:
    from rollout.intake.arrival import Arrival


def strict_json(arrival: Arrival, kind: str, hint: str) -> dict[str, Any]:
    """
    Parse a JSON document.

    Parameters
    ----------
    arrival
        The file.
    kind
        What it is meant to be, e.g. `GeoJSON`.
    hint
        The way out where it is not.

    Returns
    -------
    root
        The document's object; empty where it is something else.

    Raises
    ------
    DeliveryError
        If it is no JSON in UTF-8, repeats a key, or holds NaN or infinity by name.
    """
    try:
        text = arrival.content.decode("utf-8-sig")
        root = json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        msg = f"'{arrival.name}' ist nicht in UTF-8 (Byte {error.start})"
        raise DeliveryError(msg, hint) from error
    except (ValueError, RecursionError) as error:
        msg = f"'{arrival.name}' ist kein gültiges {kind}: {_reason(error)}"
        raise DeliveryError(msg, hint) from error
    return root if isinstance(root, dict) else {}


class _UnlikeStandardError(ValueError):
    """What Python reads, and the standard does not have."""


def _reason(error: ValueError | RecursionError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"abgebrochen oder falsch geschrieben in Zeile {error.lineno}, Zeichen {error.colno}"
    if isinstance(error, RecursionError):
        return "zu tief verschachtelt"
    return str(error) if isinstance(error, _UnlikeStandardError) else "eine Zahl hat zu viele Ziffern"


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        repeated = next(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
        msg = f"der Schlüssel {repeated[:40]!r} kommt in einem Objekt doppelt vor"
        raise _UnlikeStandardError(msg)
    return members


def _no_constant(word: str) -> float:
    msg = f"{word} ist keine Zahl"
    raise _UnlikeStandardError(msg)


def shown(value: object) -> str:
    """
    Quote what stands in a file, so that nothing of it steers a terminal.

    Parameters
    ----------
    value
        As parsed.

    Returns
    -------
    text
        At most sixty letters of it.
    """
    try:
        return repr(value[:40] if isinstance(value, str) else value)[:60]
    except (ValueError, RecursionError):
        return "etwas, das zu lang oder zu tief ist"
