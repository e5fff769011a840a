"""What changed, in sentences as they stand in a report to the council: most important first, nothing of nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rollout.analysis.changes import Change, change_totals, changes_between
from rollout.reporting.arrange import OUTSIDE, Places, records
from rollout.vocabulary import Drive, Level, Milestone
from rollout.wording import counted, date, length, number, sort_key

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from rollout.analysis.changes import Changes
    from rollout.analysis.state import State
    from rollout.analysis.sums import Record

MINUS = "\N{MINUS SIGN}"

_ADDRESSES = ("Adresse", "Adressen")
_SEGMENTS = ("Abschnitt", "Abschnitte")
_LENGTHS = {"new_duct_m": "Leerrohr", "co_used_m": "mitgenutzte Trasse", "cable_m": "Kabel"}
_MILESTONES = {
    Milestone.PASSED: "erreicht",
    Milestone.PREPARED: "vorbereitet",
    Milestone.CONNECTED: "angeschlossen",
    Milestone.ACTIVATED: "aktiviert",
}
_SETBACKS = (Change.GONE_BACK, Change.BLOCKED, Change.DROPPED, Change.REMOVED)


def change_word(change: str, *, of_target: bool) -> str:
    """
    Return what a change is called.

    Parameters
    ----------
    change
        A `Change`.
    of_target
        Whether it happened to a connection; a connection is refused where a trench is blocked.

    Returns
    -------
    word
        E.g. `zurückgestuft`.
    """
    words = {
        Change.NEW: "neu gemeldet",
        Change.ADVANCED: "fortgeschritten",
        Change.GONE_BACK: "zurückgestuft",
        Change.BLOCKED: "abgelehnt" if of_target else "gesperrt",
        Change.RELEASED: "wieder aufgenommen",
        Change.DROPPED: "entfallen",
        Change.REMOVED: "nun ohne Angabe",
    }
    return words[Change(change)]


def change_sentences(before: State, after: State) -> list[str]:
    """
    Say what changed between two states.

    Parameters
    ----------
    before, after
        Two states of one project.

    Returns
    -------
    sentences
        As `sentences_of` returns them.
    """
    return sentences_of(changes_between(before, after))


def sentences_of(changes: Changes) -> list[str]:
    """
    Say what changed.

    Parameters
    ----------
    changes
        Between two states.

    Returns
    -------
    sentences
        The first programme as a whole, then its districts, those with most steps back first and then by metres of
        new duct; then its extended drive; then every other programme. One sentence where nothing changed.
    """
    lead, after = since(changes.before, changes.after), changes.after
    wholes = {record["programme_id"]: record for record in records(change_totals(changes, Level.PROGRAMME))}
    first, *others = (Places(after, programme.id) for programme in after.project.programmes)
    said = _first(lead, first, wholes.get(first.programme_id, {}), records(change_totals(changes)))
    for other in others:
        whole = wholes.get(other.programme_id, {})
        said += _sentence(f"{lead} im Förderprojekt {other.name}", whole, Drive.FUNDED)
        said += _sentence(f"{lead} im erweiterten Vortrieb des Förderprojekts {other.name}", whole, Drive.EXTENDED)
    return said or [f"{lead} keine Veränderung."]


def since(before: State, after: State) -> str:
    """
    Say between which two states a change lies.

    Parameters
    ----------
    before, after
        Two states of one project.

    Returns
    -------
    words
        E.g. `Seit dem 01.03.2022`; with what was known when, where that was asked for.
    """
    known, knows = before.known_at, after.known_at
    if before.as_of == after.as_of:
        if known == knows:
            return f"Zum Stand {date(after.as_of)}"
        told = _knowledge(knows, article="nach ", none="nach heutiger Kenntnis")
        compared = "der heutigen" if known is None else f"der vom {date(known)}"
        return f"Stand {date(after.as_of)}, {told} gegenüber {compared}"
    word = "Seit dem" if before.as_of < after.as_of else "Gegenüber dem"
    aside = ""
    if known is not None or knows is not None:
        aside = f" ({_knowledge(known)}, nun {_knowledge(knows)})" if known != knows else f" (nach {_knowledge(known)})"
    return f"{word} {date(before.as_of)}{aside}"


def _knowledge(day: dt.date | None, article: str = "", none: str = "heutige Kenntnis") -> str:
    return none if day is None else f"{article}Kenntnis vom {date(day)}"


def _first(lead: str, places: Places, whole: Record, totals: list[Record]) -> list[str]:
    """Say what changed in the first programme; where it is one district alone, it is named at once."""
    ours = _by_district([record for record in totals if record["programme_id"] == places.programme_id])
    named = [(places.district(district), record) for district, record in ours.items()]
    named = sorted(named, key=lambda one: (*_weight(one[1]), sort_key(one[0])))
    told = [(name, record) for name, record in named if _told(record, Drive.FUNDED)]
    extended = _sentence(f"{lead} im erweiterten Vortrieb", whole, Drive.EXTENDED)
    if len(told) == 1:
        name, record = told[0]
        place = name if name == OUTSIDE else f"in {name}"
        return [*_sentence(f"{lead} {place}", record, Drive.FUNDED), *extended]
    parts = [sentence for name, record in told for sentence in _sentence(_capital(name), record, Drive.FUNDED)]
    return [*_sentence(lead, whole, Drive.FUNDED), *parts, *extended]


def _by_district(totals: list[Record]) -> dict[str | None, Record]:
    """Add up the phases of each district."""
    sums: dict[str | None, Record] = {}
    for record in totals:
        place = sums.setdefault(record["district_id"], {})
        for name, value in record.items():
            if isinstance(value, (int, float)):
                place[name] = round(place.get(name, 0) + value, 3)
    return sums


def _weight(record: Record) -> tuple[float, ...]:
    """Order by steps back, then by new duct, then by what else was reached; most first."""
    setbacks = sum(
        record[f"{population}_{change}"] for population in (Drive.FUNDED, "segments") for change in _SETBACKS
    )
    return (-setbacks, -abs(record["new_duct_m"]), -abs(record["funded_connected"]), -abs(record["funded_passed"]))


def _sentence(lead: str, record: Record, drive: Drive) -> list[str]:
    told = _told(record, drive)
    return [f"{lead}: {told}."] if told else []


def _told(record: Record, drive: Drive) -> str:
    """Say gains, then steps back behind a semicolon; empty where there is neither."""
    if not record:
        return ""
    with_trench = drive == Drive.FUNDED
    counts = {change: record[f"{drive}_{change}"] for change in Change}
    segments = {change: record[f"segments_{change}"] if with_trench else 0 for change in Change}
    gains = [*(_metres(record) if with_trench else []), *_reached(record, drive)]
    quiet = () if gains else (Change.ADVANCED,)
    gains += _phrases(counts, segments, (*quiet, Change.NEW, Change.RELEASED))
    return "; ".join(filter(None, (", ".join(gains), ", ".join(_phrases(counts, segments, _SETBACKS)))))


def _metres(record: Record) -> list[str]:
    """Say the three lengths, each on its own; less than half a metre is not worth a word."""
    return [
        f"{_sign(record[key])}{length(abs(record[key]))} {noun}"
        for key, noun in _LENGTHS.items()
        if round(abs(record[key]))
    ]


def _sign(metres: float) -> str:
    return "+" if metres > 0 else MINUS


def _reached(record: Record, drive: Drive) -> list[str]:
    """Say by how many addresses each milestone rose or fell."""
    found = [(record[f"{drive}_{step}"], word) for step, word in _MILESTONES.items() if record[f"{drive}_{step}"]]
    said = [(abs(count), f"{'neu' if count > 0 else 'weniger'} {word}") for count, word in found]
    return _with_noun(said, _ADDRESSES)


def _phrases(counts: Mapping[Change, int], segments: Mapping[Change, int], kinds: Iterable[Change]) -> list[str]:
    """Say what happened to addresses, then to segments of trench."""
    asked = list(kinds)
    return [
        *_with_noun([(counts[kind], change_word(kind, of_target=True)) for kind in asked], _ADDRESSES),
        *_with_noun([(segments[kind], change_word(kind, of_target=False)) for kind in asked], _SEGMENTS),
    ]


def _with_noun(said: list[tuple[int, str]], noun: tuple[str, str]) -> list[str]:
    """Write counts with their words; the noun stands with the first, the others go without."""
    there = [(count, word) for count, word in said if count]
    return [f"{counted(count, *noun) if i == 0 else number(count)} {word}" for i, (count, word) in enumerate(there)]


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]
