"""From a delivery to its receipt: every row read, matched, compared with what is known, and judged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from rollout.intake import rules
from rollout.intake.cells import check_days, check_texts, read_days, read_lengths, read_reason, read_status
from rollout.intake.examination import Examination
from rollout.intake.matching import match_targets
from rollout.intake.objects import check_lengths, check_match, check_missing, check_phase
from rollout.intake.receipt import Counts, Receipt, Verdict
from rollout.intake.refusal import DeliveryError
from rollout.intake.succession import compare
from rollout.intake.trenches import match_segments
from rollout.intake.values import is_among
from rollout.vocabulary import ladder_of
from rollout.wording import date

if TYPE_CHECKING:
    import datetime as dt

    from rollout.intake.mapping import Batch
    from rollout.intake.matching import Match
    from rollout.intake.receipt import Delivery, Known, Terms
    from rollout.intake.succession import Succession
    from rollout.intake.table import Array
    from rollout.project import PartnerTable, Project

KINDS = {"segments": "segment", "targets": "target"}
"""A layer's name → what one of its rows is called in the store."""


@dataclass(frozen=True, slots=True)
class _Judged:
    """One batch after all rules: every row, and the verdicts on it."""

    book: Examination
    rows: pd.DataFrame
    match: Match
    succession: Succession
    sound: Array
    """Positions of the rows that `succession` is about."""
    repeated: Array
    lengths: pd.DataFrame
    missing: pd.DataFrame


def check_delivery(delivery: Delivery, project: Project, known: Known, terms: Terms) -> Receipt:
    """
    Check a delivery against all rules.

    Parameters
    ----------
    delivery
        As read.
    project
        Its phases and their days.
    known
        What is known before it.
    terms
        Day of receipt, Stand by hand, whether good rows are taken alone.

    Returns
    -------
    receipt
        What is ready for the store, what is refused, and why. Nothing is written.

    Raises
    ------
    DeliveryError
        If nothing says what day the delivery is true for, or that day is yet to come.
    """
    books = {batch.entity: Examination(batch, delivery.arrival.name) for batch in delivery.batches}
    state_on, source = _state_on(delivery, books, terms)
    judged = [_judge(books[batch.entity], delivery, (project, known), (terms, state_on)) for batch in delivery.batches]
    return _receipt(delivery, judged, terms, (state_on, source))


def _state_on(delivery: Delivery, books: dict[str, Examination], terms: Terms) -> tuple[dt.date, str]:
    stated = [day for book in books.values() for day in [read_days(book, "state_on").max()] if not pd.isna(day)]
    found = [
        (terms.state_on, "option"),
        (max(stated).date() if stated else None, "column"),
        (delivery.stated_on, "file"),
    ]
    for day, source in found:
        if day is None:
            continue
        if day > terms.received_on:
            msg = f"'{delivery.arrival.name}': der Stand {date(day)} liegt in der Zukunft"
            raise DeliveryError(msg, "Prüfen Sie das Datum, oder nennen Sie das richtige: --state-on JJJJ-MM-TT.")
        return day, source
    msg = f"'{delivery.arrival.name}' nennt keinen Stand"
    raise DeliveryError(msg, "Nennen Sie den Tag, für den die Angaben gelten: --state-on JJJJ-MM-TT.")


def _judge(book: Examination, delivery: Delivery, world: tuple[Project, Known], when: tuple[Terms, dt.date]) -> _Judged:
    (project, known), (terms, state_on) = world, when
    agreed = delivery.partner.segments if book.batch.entity == "segments" else delivery.partner.targets
    book.faults(delivery.faults)
    rows = _read(book, agreed, state_on)
    check_days(book, rows["valid_on"].where(rows["dated"]), state_on, terms.received_on)
    match = _match(book.batch, delivery, known)
    check_match(book, match, known)
    rows["entity_id"] = match.ids
    layer = known.segments if book.batch.entity == "segments" else known.targets
    check_phase(book, rows, layer, project)
    lengths = check_lengths(book, rows, known.segments, delivery.partner.tolerances.length)
    repeated = _repetitions(book, rows)
    complete = agreed.complete if terms.complete is None else terms.complete
    missing = check_missing(book, match.ids, layer, complete=complete)
    sound = np.flatnonzero(~book.bad & ~repeated)
    reports = rows.iloc[sound].reset_index(drop=True)
    states = known.states[known.states["entity"] == KINDS[book.batch.entity]]
    states = states[is_among(states["entity_id"], reports["entity_id"])]
    succession = compare(reports, states, delivery.sender, book.batch.entity)
    _report_succession(book, succession, sound, rows)
    return _Judged(book, rows, match, succession, sound, repeated, lengths, missing)


def _read(book: Examination, agreed: PartnerTable, state_on: dt.date) -> pd.DataFrame:
    check_texts(book)
    status = read_status(book, agreed)
    reason, note = read_reason(book, agreed, status)
    valid_on = read_days(book, "valid_on")
    there = book.batch.entity == "segments"
    return pd.DataFrame(
        {
            "status": status,
            "valid_on": valid_on.fillna(pd.Timestamp(state_on)),
            "dated": valid_on.notna(),
            "reason": reason,
            "note": note,
            "reported_m": read_lengths(book) if there else np.nan,
        }
    )


def _match(batch: Batch, delivery: Delivery, known: Known) -> Match:
    tolerances = delivery.partner.tolerances
    if batch.entity == "segments":
        return match_segments(batch.rows["segment_id"], batch.geometry, known.segments, tolerances)
    return match_targets(batch.rows, known.directory or known.targets, tolerances.street_similarity)


def _repetitions(book: Examination, rows: pd.DataFrame) -> Array:
    """Take down rows that contradict each other; return those that only say the same again."""
    usable = rows["entity_id"].notna() & rows["status"].notna() & ~book.bad
    said = rows.loc[usable, ["entity_id", "valid_on", "status"]]
    said = said[said.duplicated(["entity_id", "valid_on"], keep=False)]  # most files say everything once
    same_day = said.groupby(["entity_id", "valid_on"])["status"].transform("nunique")
    against = same_day.index[same_day > 1].to_numpy()
    book.found(
        rules.CONTRADICTS_ITSELF,
        against,
        lambda at: f"'{rows['entity_id'].iloc[at]}' hat am {date(rows['valid_on'].iloc[at])} mehrere Status",
        "status",
    )
    repeated = np.zeros(len(rows), dtype=bool)
    repeated[said.index[said.duplicated()]] = True
    repeated &= ~book.bad
    again = np.flatnonzero(repeated)
    book.found(rules.REPEATED, again, lambda at: f"'{rows['entity_id'].iloc[at]}' ist schon genannt")
    return repeated


def _report_succession(book: Examination, found: Succession, sound: Array, rows: pd.DataFrame) -> None:
    labels = {rung.key: rung.label for rung in ladder_of(book.batch.entity)}
    place = {int(at): i for i, at in enumerate(sound)}
    status, since, by = (found.line[name].array for name in ("status", "since", "reported_by"))

    def say(at: int, before: Array, *, whose: bool = False) -> str:
        known = before[place[at]]
        new = f"{labels[rows['status'].iloc[at]]} ({date(rows['valid_on'].iloc[at])})"
        other = f", {by[known]}" if whose else ""
        return f"'{rows['entity_id'].iloc[at]}': {labels[status[known]]} ({date(since[known])}{other}) → {new}"

    book.found(rules.STEP_BACK, sound[found.step_back], lambda at: say(at, found.own), "status")
    before, against = found.before, found.against
    book.found(rules.JUMP, sound[found.jump], lambda at: say(at, before), "status")
    book.found(rules.CONTRADICTION, sound[found.contradiction], lambda at: say(at, against, whose=True), "status")


def _receipt(delivery: Delivery, judged: list[_Judged], terms: Terms, stand: tuple[dt.date, str]) -> Receipt:
    any_bad = any(one.book.bad.any() for one in judged)
    refused = any_bad and (not terms.partial or all(not len(one.sound) for one in judged))
    verdict = Verdict.REFUSED if refused else Verdict.PARTIAL if any_bad else Verdict.ACCEPTED
    findings = [*delivery.findings, *(finding for one in judged for finding in one.book.findings)]
    return Receipt(
        delivery,
        verdict,
        *stand,
        counts={one.book.batch.entity: _counts(one, refused=refused) for one in judged},
        rules=tuple(run for one in judged for run in one.book.runs),
        events=_stack([_events(one)[: 0 if refused else None] for one in judged]),
        refused=_stack([_refused(one) for one in judged]),
        steps_back=_stack([_change(one, one.succession.step_back, one.succession.own) for one in judged]),
        jumps=_stack([_change(one, one.succession.jump, one.succession.before) for one in judged]),
        contradictions=_stack([_against(one) for one in judged]),
        unmatched=_stack([_unresolved(one, one.match.unmatched) for one in judged]),
        ambiguous=_stack([_unresolved(one, one.match.ambiguous) for one in judged]),
        lengths=_stack([one.lengths[one.lengths["at"].isin(one.sound)] for one in judged]),
        missing=_stack([one.missing for one in judged]),
        findings=tuple(findings),
    )


def _stack(frames: list[pd.DataFrame]) -> pd.DataFrame:
    filled = [frame for frame in frames if len(frame)]
    return pd.concat(filled, ignore_index=True) if filled else frames[0].reset_index(drop=True)


def _counts(one: _Judged, *, refused: bool) -> Counts:
    bad, again = int(one.book.bad.sum()), int((one.repeated & ~one.book.bad).sum())
    unchanged = int(one.succession.unchanged.sum())
    good = len(one.sound)
    if refused:
        return Counts(len(one.rows), 0, 0, again, bad, good)
    return Counts(len(one.rows), good - unchanged, unchanged, again, bad, 0)


def _placed(one: _Judged, at: Array, columns: dict[str, Any]) -> pd.DataFrame:
    """Put in front of columns which row of the file each of their rows is."""
    rows, index = one.book.batch.rows, pd.RangeIndex(len(at))
    entity = pd.Series(KINDS[one.book.batch.entity], index=index, dtype="string")
    place = {"entity": entity, "sheet": rows["sheet"].array[at], "row": rows["row"].to_numpy()[at]}
    return pd.DataFrame(place | columns, index=index)


def _refused(one: _Judged) -> pd.DataFrame:
    refused = one.book.refused
    return _placed(
        one, refused["at"].to_numpy(dtype=np.int64), {str(name): said for name, said in refused.items() if name != "at"}
    )


def _events(one: _Judged) -> pd.DataFrame:
    drawn = np.full(len(one.rows), np.nan)
    drawn[one.lengths["at"].to_numpy(dtype=np.int64)] = one.lengths["drawn_m"]
    columns = {name: one.rows[name].array[one.sound] for name in ("entity_id", "status", "valid_on", "reason", "note")}
    columns["reported_length_m"] = one.rows["reported_m"].array[one.sound]
    columns["drawn_length_m"] = drawn[one.sound]
    return _placed(one, one.sound, columns | {"is_unchanged": one.succession.unchanged})


def _against(one: _Judged) -> pd.DataFrame:
    return _change(one, one.succession.contradiction, one.succession.against, ("reported_by", "delivery_id"))


def _change(one: _Judged, where: Array, before: Array, of_whom: tuple[str, ...] = ()) -> pd.DataFrame:
    at, line = one.sound[where], one.succession.line
    known = {"status_before": "status", "since_before": "since", **{name: name for name in of_whom}}
    columns = {name: one.rows[name].array[at] for name in ("entity_id", "status", "valid_on")}
    columns |= {name: line[column].array[before[where]] for name, column in known.items()}
    return _placed(one, at, columns)


def _unresolved(one: _Judged, at: Array) -> pd.DataFrame:
    said = ["segment_id", "target_id", "street", "house_number", "suffix", "postcode"]
    rows = one.book.batch.rows
    columns = {name: rows[name].array[at] for name in said if name in rows}
    candidates = pd.Series([one.match.candidates.get(int(i), ()) for i in at], dtype=object)
    return _placed(one, at, columns | {"candidates": candidates})
