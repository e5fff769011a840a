"""What was true on a day, out of all that was reported; the order in which it arrived makes no difference."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa

from rollout.history.moments import known_until
from rollout.history.packing import unpack
from rollout.history.reading import KNOWN
from rollout.history.store import reading
from rollout.history.tables import LADDERS
from rollout.vocabulary import BLOCKED, SEGMENT_LADDER

if TYPE_CHECKING:
    import datetime as dt

    from numpy.typing import NDArray

    from rollout.history.store import Store

    Places = NDArray[np.int64]

_TEXT = pd.StringDtype()
_MAIN = tuple(rung.key for rung in SEGMENT_LADDER if not rung.side)


@dataclass(frozen=True, slots=True)
class _Timeline:
    """The last word of every day on every entity: entity after entity, day after day."""

    events: pa.Table
    places: Places
    """Where in `events` each last word stands."""
    first: NDArray[np.bool_]
    """Whether an entity begins here."""
    status: Places
    """Number of the status; -1 where the word is that nothing is known."""
    keys: list[str]
    """The statuses by number."""

    def code(self, key: str) -> int:
        """Return the number of a status; -2 where no event reports it, as -1 is no data."""
        return self.keys.index(key) if key in self.keys else -2

    def texts(self, name: str, at: Places, mask: NDArray[np.bool_] | None = None) -> pd.Series[str]:
        """Return a column at some places of the line; empty where masked."""
        column = self.events[name].take(pa.array(self.places[at], mask=mask)).cast(pa.string())
        texts: pd.Series[str] = column.to_pandas(types_mapper={pa.string(): _TEXT}.get)
        return texts.reset_index(drop=True)

    def days(self, at: Places) -> pd.Series[pd.Timestamp]:
        """Return since when the words at some places are true."""
        return pd.Series(self.events["valid_on"].to_numpy()[self.places[at]].astype("datetime64[ms]"))

    def numbers(self, at: Places) -> pd.Series[int]:
        """Return the rows of the file at some places."""
        return pd.Series(self.events["row"].to_numpy()[self.places[at]])


def statuses(store: Store, as_of: dt.date, known_at: dt.date | dt.datetime | None = None) -> pd.DataFrame:
    """
    Return where every entity stands on a day.

    An event counts if it was true by the day, recorded by the moment, and its delivery was not withdrawn as
    known then. The last by day, then by the delivery's own day, then by its hash, then by row, is the truth.

    Parameters
    ----------
    store
        Where from.
    as_of
        The Stichtag.
    known_at
        As known on that day or at that moment; by default, all that is known.

    Returns
    -------
    statuses
        One row per entity that anything is known of, sorted: `entity`, `entity_id`, `status` (`<NA>` where the
        last word is that nothing is known), `status_since` (the day from which it stood so without
        interruption), `reason`, `status_before` (of a blocked segment: the last state on the ladder proper),
        `reported_by`, `delivery_id`, `row` (of the last word).
    """
    line = _timeline(store, known_at, as_of)
    place = np.arange(len(line.first))
    last = np.flatnonzero(_ends(line.first))
    began = _latest(line.first | _begins(line.status), place)[last]
    facts: dict[str, pd.Series[Any]] = {
        "status": line.texts("status", last),
        "status_since": line.days(began),
        "reason": line.texts("reason", last),
        "status_before": _before(line, last),
    }
    return _framed(line, last, facts)


def changes(
    store: Store, since: dt.date, until: dt.date, known_at: dt.date | dt.datetime | None = None
) -> pd.DataFrame:
    """
    Return every change of state after one day and up to another; together they lead from one state to the other.

    Parameters
    ----------
    store
        Where from.
    since
        The day before the first change counts.
    until
        The last day that counts.
    known_at
        As known on that day or at that moment; by default, all that is known.

    Returns
    -------
    changes
        One row per change, entity after entity and day after day: `entity`, `entity_id`, `status_from` (`<NA>`
        where nothing was known), `status`, `valid_on`, `reason`, `reported_by`, `delivery_id`, `row`.
    """
    line = _timeline(store, known_at, until)
    new = np.where(line.first, line.status >= 0, _begins(line.status))
    days = line.events["valid_on"].to_numpy()[line.places]
    at = np.flatnonzero(new & (days > np.datetime64(since, "D")))
    facts: dict[str, pd.Series[Any]] = {
        "status_from": line.texts("status", at - 1, mask=line.first[at]),
        "status": line.texts("status", at),
        "valid_on": line.days(at),
        "reason": line.texts("reason", at),
    }
    return _framed(line, at, facts, "valid_on")


def course(
    store: Store, until: dt.date, known_at: dt.date | dt.datetime | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """
    Return every step to the state of a day, and on which days each delivery was the one that told it.

    Parameters
    ----------
    store
        Where from.
    until
        The last day that counts.
    known_at
        As known on that day or at that moment; by default, all that is known.

    Returns
    -------
    steps
        One row per first word on an entity and per change of its status or reason, entity after entity and day after
        day: `entity`, `entity_id`, `valid_on`, `status` (`<NA>` where nothing is known), `reason`, and who told it.
    told
        One row per delivery and run of days on which the last word on some entity is its own: `delivery_id`,
        `from_on`, `until_on`.
    """
    line = _timeline(store, known_at, until)
    reason = _numbered(line.events["reason"].combine_chunks())[line.places]
    at = np.flatnonzero(line.first | _begins(line.status) | _begins(reason))
    facts: dict[str, pd.Series[Any]] = {
        "status": line.texts("status", at),
        "valid_on": line.days(at),
        "reason": line.texts("reason", at),
    }
    return _framed(line, at, facts, "valid_on"), _runs(line, until)


def _runs(line: _Timeline, until: dt.date) -> pd.DataFrame:
    """Lay every word over the days until the next one on its entity, and join the days of each delivery."""
    deliveries = line.events["delivery_id"].combine_chunks()
    days = line.events["valid_on"].to_numpy()[line.places].astype("datetime64[D]").astype(np.int64)
    after = np.datetime64(until, "D").astype(np.int64) + 1
    start = days.min(initial=after)
    ends = np.where(_ends(line.first), after, np.append(days[1:], after)[: days.size])
    sums = np.zeros((len(deliveries.dictionary), int(after - start) + 2), dtype=np.int64)
    own = _numbered(deliveries)[line.places]
    np.add.at(sums, (own, days - start + 1), 1)
    np.add.at(sums, (own, ends - start + 1), -1)
    edges = np.diff((sums.cumsum(axis=1) > 0).astype(np.int8), axis=1)
    (delivery, began), (_, ended) = np.nonzero(edges > 0), np.nonzero(edges < 0)
    ids = np.array(deliveries.dictionary.to_pylist(), dtype=object)[delivery]
    runs = {"from_on": _as_days(began + start), "until_on": _as_days(ended + start - 1)}
    return pd.DataFrame({"delivery_id": pd.Series(ids, dtype=_TEXT), **runs})


def _as_days(numbers: Places) -> pd.Series[pd.Timestamp]:
    return pd.Series(numbers.astype("datetime64[D]").astype("datetime64[ms]"))


def _framed(line: _Timeline, at: Places, facts: dict[str, pd.Series[Any]], *then_by: str) -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            "entity": line.texts("entity", at),
            "entity_id": line.texts("entity_id", at),
            **facts,
            "reported_by": line.texts("reported_by", at),
            "delivery_id": line.texts("delivery_id", at),
            "row": line.numbers(at),
        }
    )
    return frame.sort_values(["entity", "entity_id", *then_by], ignore_index=True)


def _timeline(store: Store, known_at: dt.date | dt.datetime | None, as_of: dt.date) -> _Timeline:
    events = _counting(store, known_at)
    entities = _entities(events)
    places = _last_words(events, entities, as_of)
    status = events["status"].combine_chunks()
    return _Timeline(
        events=events,
        places=places,
        first=_begins(entities[places]),
        status=_numbered(status)[places],
        keys=status.dictionary.to_pylist(),
    )


def _counting(store: Store, known_at: dt.date | dt.datetime | None) -> pa.Table:
    """Return the events that count, the weakest delivery first: a stable sort by day then leaves the truth last."""
    query = f"""WITH {KNOWN} SELECT p.delivery_id, p.arrow, p.events FROM known AS k JOIN packs AS p USING (delivery_id)
        WHERE NOT k.withdrawn ORDER BY k.state_on, k.sha256"""  # noqa: S608 - text of ours
    with reading(store) as connection:
        found = connection.execute(query, {"until": known_until(known_at)}).fetchall()
    sizes = [int(row[2]) for row in found]
    origin = np.repeat(np.arange(len(found), dtype=np.int32), sizes)
    ids = pa.DictionaryArray.from_arrays(origin, pa.array([str(row[0]) for row in found], pa.string()))
    return unpack(row[1] for row in found).append_column("delivery_id", ids)


def _last_words(events: pa.Table, entities: Places, as_of: dt.date) -> Places:
    days = events["valid_on"].to_numpy().astype("datetime64[D]").astype(np.int64)
    told = np.flatnonzero(days <= np.datetime64(as_of, "D").astype(np.int64))
    if not told.size:
        return told
    days = days[told] - days[told].min()
    moments = entities[told] * (days.max() + 1) + days  # entity and day in one number: fewer bits to sort by
    order = np.lexsort(_pieces(moments))
    places: Places = told[order[_ends(_begins(moments[order]))]]
    return places


def _pieces(numbers: Places) -> list[NDArray[np.uint16]]:
    """Return the lowest sixteen bits, the next, and so on: numpy sorts those in linear time, and whole numbers not."""
    return [(numbers >> shift).astype(np.uint16) for shift in range(0, max(int(numbers.max()).bit_length(), 1), 16)]


def _entities(events: pa.Table) -> Places:
    """Return one number per entity; segments and targets may bear the same id."""
    ids = _numbered(events["entity_id"].combine_chunks().dictionary_encode())
    codes: Places = ids * len(LADDERS) + _numbered(events["entity"].combine_chunks())
    return codes


def _numbered(words: pa.DictionaryArray) -> Places:
    numbers: Places = words.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    return numbers


def _begins(codes: Places) -> NDArray[np.bool_]:
    return np.append([True] * bool(codes.size), codes[1:] != codes[:-1]).astype(bool)


def _ends(begins: NDArray[np.bool_]) -> NDArray[np.bool_]:
    return np.append(begins[1:], [True] * bool(begins.size)).astype(bool)


def _latest(marked: NDArray[np.bool_], place: Places) -> Places:
    """Return, for each place, the latest marked one up to it; -1 before the first."""
    latest: Places = np.maximum.accumulate(np.where(marked, place, -1))
    return latest


def _before(line: _Timeline, last: Places) -> pd.Series[str]:
    place = np.arange(len(line.first))
    main = np.isin(line.status, [line.code(key) for key in _MAIN])
    held = _latest(main, place)[last]
    own = held >= _latest(line.first, place)[last]
    blocked = line.status[last] == line.code(BLOCKED)
    return line.texts("status", held, mask=~(own & blocked))
