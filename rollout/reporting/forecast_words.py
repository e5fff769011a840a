"""What a forecast says, in a sentence; and how often a promised end was moved."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from rollout.analysis.backtest import HORIZONS
from rollout.analysis.forecast import Deadline
from rollout.analysis.pace import RECENT, WINDOW, Outlook
from rollout.wording import counted, date, share

if TYPE_CHECKING:
    import pandas as pd

    from rollout.analysis.sums import Record

METHOD = (
    "Die Spanne entsteht aus 1.000 Verläufen, die das Tempo der letzten 12 Arbeitswochen fortsetzen; "
    "spätere Störungen oder mehr Kolonnen kennt sie nicht."
)

_NO_FORECAST = {
    Outlook.DONE: "nichts mehr offen",
    Outlook.NO_REPORTS: "keine Prognose: braucht Lieferungen",
    Outlook.NOT_BEGUN: "keine Prognose: noch nichts fertig gemeldet",
    Outlook.TOO_SHORT: f"keine Prognose: seit dem ersten Fortschritt keine {RECENT} Arbeitswochen",
    Outlook.STALLED: f"keine Prognose: kein Fortschritt in den letzten {WINDOW} Arbeitswochen",
}

_DAYS_OF_A_WEEK = 7


def outlook_text(record: Record) -> str:
    """
    Say what a forecast means for the promised end, or why there is none.

    Parameters
    ----------
    record
        A row of the forecast.

    Returns
    -------
    text
        A few German words.
    """
    outlook, deadline = Outlook(record["outlook"]), Deadline(record["deadline"])
    if outlook is Outlook.DONE:
        return _NO_FORECAST[outlook] + (" außer Abgelehnten" if record["refused"] else "")
    passed = f"Termin seit {date(record['due'].date())} verstrichen" if deadline is Deadline.PASSED else ""
    if outlook is not Outlook.FORECAST:
        return "; ".join(filter(None, (passed, _NO_FORECAST[outlook])))
    if record["p10"] is None:
        return "; ".join(filter(None, (passed, "bei diesem Tempo in fünf Jahren nicht fertig")))
    words = {
        Deadline.PASSED: passed,
        Deadline.NONE: "kein Termin zugesagt",
        Deadline.MET: "Termin haltbar",
        Deadline.AT_RISK: "Termin ungewiss",
    }
    return words.get(deadline) or f"Termin wird um {_late(record)} verfehlt"


def _late(record: Record) -> str:
    """How many weeks after the promised end the range lies."""
    least = math.ceil((record["p10"] - record["due"]).days / _DAYS_OF_A_WEEK)
    if record["p90"] is None:
        return f"mindestens {counted(least, 'Woche', 'Wochen')}"
    most = math.ceil((record["p90"] - record["due"]).days / _DAYS_OF_A_WEEK)
    return counted(least, "Woche", "Wochen") if most == least else f"{least}–{most} Wochen"


def backtest_text(rows: pd.DataFrame) -> str:
    """
    Say how often such forecasts were right.

    Parameters
    ----------
    rows
        Rows of a forecast with its back-test.

    Returns
    -------
    text
        One sentence with n/N for every horizon.
    """
    sums = {name: int(rows[name].sum()) for name in rows.columns if str(name).startswith(("tried", "hit"))}
    if not sums.get(f"tried_{RECENT}"):
        return "Rückblick: Es gibt noch keine frühere Prognose, die sich prüfen ließe."
    told = [
        f"nach {n} Arbeitswochen {share(sums[f'hit_{n}'], sums[f'tried_{n}'])}" for n in HORIZONS if sums[f"tried_{n}"]
    ]
    told += [f"beim Ende {share(sums['hit_end'], sums['tried_end'])}"] if sums["tried_end"] else []
    return f"Rückblick: In der Spanne früherer Prognosen (Soll 80 %) lag das Ergebnis {', '.join(told)}."


def slip_text(record: Record) -> str:
    """
    Say how often and how far a promised end was moved.

    Parameters
    ----------
    record
        A row of `slips`.

    Returns
    -------
    text
        E.g. `2× verschoben, insgesamt +5 Monate`.
    """
    if record["first_end"] is None:
        return "nur ein Termin bekannt"
    moved = [f"{record['later']}× verschoben"] if record["later"] else []
    moved += [f"{record['earlier']}× vorgezogen"] if record["earlier"] else []
    if not moved:
        return "nicht verschoben"
    return f"{', '.join(moved)}, insgesamt {_total(record['months'], record['days'])}"


def _total(months: int, days: int) -> str:
    sign = "+" if days > 0 else "−" if days < 0 else "±"
    amount = counted(abs(months), "Monat", "Monate") if months else counted(abs(days), "Tag", "Tage")
    return f"{sign}{amount}"
