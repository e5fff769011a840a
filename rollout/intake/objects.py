"""The rules on the object a row means: which it is, when it could begin, how long it is, who is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from rollout.intake import rules
from rollout.intake.mapping import IDS
from rollout.intake.values import first_of, is_among
from rollout.vocabulary import ladder_of
from rollout.wording import date, number

if TYPE_CHECKING:
    from rollout.intake.examination import Examination
    from rollout.intake.matching import Match
    from rollout.intake.receipt import Known
    from rollout.project import Project

WORKS_FROM = {"segments": 3, "targets": 4}
"""From this height on something has been dug; before it, offices and owners are busy."""

SLACK_M = 1.0
"""A difference in length below this is never worth a word."""


def check_match(book: Examination, match: Match, known: Known) -> None:
    """
    Take down which rows mean nothing, several things, or only probably something.

    Parameters
    ----------
    book
        Takes down what is found.
    match
        The answers.
    known
        For the official spelling.
    """
    rows, entity = book.batch.rows, book.batch.entity
    column = IDS[entity] if entity == "segments" or IDS[entity] in book.batch.mapping else "street"

    def say(at: int, what: str) -> str:
        maybe = match.candidates.get(at, ())
        return f"{_place(rows.iloc[at])}: {what}" + (f"; vielleicht {'; '.join(maybe)}" if maybe else "")

    book.found(rules.UNMATCHED, match.unmatched, lambda at: say(at, "passt zu nichts im Projekt"), column)
    book.found(rules.AMBIGUOUS, match.ambiguous, lambda at: say(at, "ist nicht eindeutig"), column)
    book.found(
        rules.GEOMETRY_DIFFERS if entity == "segments" else rules.ADDRESS_DIFFERS,
        match.differs,
        lambda at: f"{_place(rows.iloc[at])}: der Schlüssel gehört zu einem anderen Ort",
        column,
    )
    if entity == "targets":
        similar = np.flatnonzero((match.how == "similar").fillna(value=False).to_numpy(dtype=bool))
        streets = first_of(known.targets["target_id"], known.targets["street"]) if len(similar) else {}
        book.found(
            rules.SIMILAR_STREET,
            similar,
            lambda at: f"'{rows['street'].iloc[at]}' gelesen als '{streets[match.ids.iloc[at]]}'",
            "street",
        )


def _place(row: pd.Series[str]) -> str:
    names = ("segment_id", "target_id", "street", "house_number", "suffix", "postcode")
    said = [str(row[name])[:60] for name in names if name in row and not pd.isna(row[name])]
    return f"'{' '.join(said)}'" if said else "die Zeile"


def check_phase(book: Examination, rows: pd.DataFrame, layer: pd.DataFrame, project: Project) -> None:
    """
    Take down what was built before its construction phase began.

    Parameters
    ----------
    book
        Takes down what is found.
    rows
        `entity_id`, `status`, `valid_on`.
    layer
        The objects, with `phase_id` if it is known.
    project
        When each phase begins.
    """
    if "phase_id" not in layer:
        book.skipped(rules.BEFORE_PHASE, "zu welchem Bauabschnitt die Objekte gehören, ist hier nicht bekannt")
        return
    starts: dict[Any, Any] = {phase.id: pd.Timestamp(phase.starts_on) for phase in project.phases}
    phases = first_of(layer[IDS[book.batch.entity]], layer["phase_id"])
    ids = rows["entity_id"].to_numpy(dtype=object)
    begins = pd.Series([starts.get(phases.get(id_)) for id_ in ids], dtype="datetime64[ms]")
    ladder = ladder_of(book.batch.entity)
    dug = [rung.key for rung in ladder if not rung.side and rung.height >= WORKS_FROM[book.batch.entity]]
    early = rows["status"].isin(dug) & (rows["valid_on"] < begins)
    book.found(
        rules.BEFORE_PHASE,
        np.flatnonzero(early.fillna(value=False)),
        lambda at: f"{date(rows['valid_on'].iloc[at])} liegt vor dem Baubeginn am {date(begins.iloc[at])}",
        "valid_on",
    )


def check_lengths(book: Examination, rows: pd.DataFrame, segments: pd.DataFrame, tolerance: float) -> pd.DataFrame:
    """
    Put planned, drawn and reported length side by side.

    Parameters
    ----------
    book
        Takes down what is found.
    rows
        `entity_id`, `reported_m`.
    segments
        The project's segments.
    tolerance
        Greatest deviation, as a share of the planned length.

    Returns
    -------
    lengths
        One row per segment that was found: `at`, `row`, `segment_id`, `planned_m`, `drawn_m`, `reported_m`, `off`.
    """
    if book.batch.entity == "targets":
        return _side_by_side(book, rows.iloc[:0], segments).assign(off=pd.Series(dtype=bool))
    lengths = _side_by_side(book, rows[rows["entity_id"].notna()], segments)
    sides = [lengths[name].to_numpy() for name in ("planned_m", "drawn_m", "reported_m")]
    apart = np.fmax.reduce(sides) - np.fmin.reduce(sides)
    lengths["off"] = apart > np.maximum(tolerance * lengths["planned_m"], SLACK_M)
    by_position = lengths.set_index("at")
    if np.isnan(sides[1:]).all() and len(lengths):
        book.skipped(rules.LENGTH_OFF, "die Datei nennt und zeichnet keine Längen")
    else:
        at = lengths.loc[lengths["off"], "at"].to_numpy()
        book.found(rules.LENGTH_OFF, at, lambda at: _three(by_position.loc[[at]].iloc[0]), "length_m")
    return lengths


def _side_by_side(book: Examination, rows: pd.DataFrame, segments: pd.DataFrame) -> pd.DataFrame:
    at = rows.index.to_numpy(dtype=np.int64)
    ids = rows["entity_id"].to_numpy(dtype=object)
    lines = first_of(segments["segment_id"], segments.geometry) if len(rows) else {}
    planned = np.array([lines.get(id_) for id_ in ids], dtype=object)
    geometry = book.batch.geometry
    return pd.DataFrame(
        {
            "at": at,
            "row": book.batch.rows["row"].to_numpy()[at],
            "segment_id": ids,
            "planned_m": np.asarray(shapely.length(planned), dtype=float),
            "drawn_m": np.full(len(at), np.nan) if geometry is None else shapely.length(geometry[at]),
            "reported_m": rows["reported_m"].to_numpy(),
        }
    )


def _three(row: pd.Series[float]) -> str:
    sides = (("geplant", "planned_m"), ("gezeichnet", "drawn_m"), ("gemeldet", "reported_m"))
    said = ", ".join(f"{word} {number(row[name], 1)} m" for word, name in sides if not pd.isna(row[name]))
    return f"'{row['segment_id']}': {said}"


def check_missing(book: Examination, ids: pd.Series[str], layer: pd.DataFrame, *, complete: bool) -> pd.DataFrame:
    """
    Take down what a full list leaves out.

    Parameters
    ----------
    book
        Takes down what is found.
    ids
        What the rows mean.
    layer
        All there is.
    complete
        Whether the delivery claims to be a full list.

    Returns
    -------
    missing
        `entity`, `entity_id`.
    """
    kind = {"segments": "segment", "targets": "target"}[book.batch.entity]
    all_ids = layer[IDS[book.batch.entity]].astype("string")
    left_out = all_ids[~is_among(all_ids, ids)] if complete else all_ids[:0]
    if complete:
        book.absent(rules.MISSING, list(left_out))
    else:
        book.skipped(rules.MISSING, "die Datei ist keine Vollliste")
    return pd.DataFrame({"entity": kind, "entity_id": left_out.reset_index(drop=True)})
