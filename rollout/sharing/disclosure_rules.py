"""The rule, the threshold and what was left out, in sentences that stand under every table and on every page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rollout import wording
from rollout.audiences import CellRule, Figures, Rhythm
from rollout.sharing.cells import FEWEST_NUMBERS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rollout.audiences import Audience

LEFT_OUT = "·"
"""Stands where a count was left out that may be small or large."""


def few_of(smallest: int) -> str:
    """
    Write a count of a few.

    Parameters
    ----------
    smallest
        The smallest count that may be known.

    Returns
    -------
    text
        `< 4`.
    """
    return f"<{wording.NARROW_SPACE}{smallest}"


def rules_of(audience: Audience, withheld: Mapping[str, int], releases: int = 0) -> tuple[str, ...]:
    """
    Say by which rule figures were left out, and how many.

    Parameters
    ----------
    audience
        Who gets the figures.
    withheld
        What was left out, as `Disclosed` has it.
    releases
        With how many releases the figures were compared.

    Returns
    -------
    rules
        German sentences.
    """
    return (
        *_count_rules(audience.smallest_cell, withheld),
        *_cell_rules(audience, withheld),
        *_time_rules(audience, releases),
    )


def _count_rules(smallest: int, withheld: Mapping[str, int]) -> tuple[str, ...]:
    small, other = withheld["small"], withheld["other"]
    gone = wording.share(small + other, withheld["figures"])
    few = few_of(smallest)
    signs = (
        f"Statistische Geheimhaltung: Anzahlen von 1 bis {smallest - 1} werden nicht genannt; dafür steht „{few}“. "
        f"„{LEFT_OUT}“ steht für eine Anzahl, die klein oder groß sein kann; sie fehlt, damit sich keine kleine Anzahl "
        "aus Summen, Unterschieden oder früheren Veröffentlichungen errechnen lässt."
    )
    proof = (
        "Das gilt auch für den Unterschied zweier Stufen. Geprüft ist: Nach allen genannten Zahlen bleibt für jede "
        f"kleine Anzahl der Tabellen eine Spanne von mindestens {smallest} möglich, und auch mit den Zeichen bleiben "
        "mindestens zwei Werte."
    )
    count = (
        f"Unterdrückt sind {gone} Zahlen der Tabellen: {wording.number(small)} kleine und {wording.number(other)} "
        "weitere. Ein Anteil steht nur, wo Zähler und Nenner genannt sind."
    )
    merged = (
        "Gewerbe, Schulen und Krankenhäuser sind als „Übrige“ zusammengefasst, damit keine Einrichtung allein steht."
    )
    return signs, proof, count, merged


def _cell_rules(audience: Audience, withheld: Mapping[str, int]) -> tuple[str, ...]:
    if audience.figures is not Figures.CELLS:
        return ()
    numbers = max(FEWEST_NUMBERS, audience.smallest_cell)
    needed = {
        CellRule.HOUSEHOLDS: f"{audience.smallest_cell} geförderten Haushalten",
        CellRule.HOUSE_NUMBERS: f"{numbers} benachbarten Hausnummern",
    }[audience.cell_rule]
    kept, merged = (wording.counted(withheld[key], "Zelle", "Zellen") for key in ("cells", "merged"))
    gone = wording.counted(withheld["cell_figures"], "Zahl", "Zahlen")
    sentence = (
        f"Zellen von 100 m (Gitter in ETRS89/UTM 32N) stehen nur mit mindestens {needed}: gezeigt {kept}, im Rest des "
        f"Stadtteils enthalten {merged}, in gezeigten Zellen unterdrückt {gone}."
    )
    return (sentence,)


def _time_rules(audience: Audience, releases: int) -> tuple[str, ...]:
    rules = ["Zahlen erscheinen nur zum Ende eines Quartals."] if audience.rhythm is Rhythm.QUARTER else []
    if releases:
        compared = wording.counted(releases, "anderen Veröffentlichung", "anderen Veröffentlichungen")
        limit = audience.smallest_cell - 1
        rules.append(
            f"Verglichen mit {compared}: Was sich seitdem um 1 bis {limit} geändert hat, ist nicht genannt. "
            "Geprüft sind die Tabellen auch gegen Leser, die diese und die letzten Veröffentlichungen verbinden und "
            "annehmen, dass kein Ausbau zurückgenommen wird."
        )
    return tuple(rules)
