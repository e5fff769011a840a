"""What the store knows, as frames: deliveries, events, the whole log of one entity, the evidence of a figure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from rollout.history.moments import known_until
from rollout.history.store import reading

if TYPE_CHECKING:
    import datetime as dt

    from rollout.history.store import Store

# The deliveries known at a moment, each with the last counter-entry known then; strongest last.
KNOWN = """
known AS (
    SELECT d.*, a.recorded_at AS answered_at, a.by AS answered_by, a.why AS answered_why,
        coalesce(a.effect, '') = 'withdrawn' AS withdrawn
    FROM deliveries AS d
    LEFT JOIN withdrawals AS a ON a.recorded_at = (
        SELECT max(w.recorded_at) FROM withdrawals AS w
        WHERE w.delivery_id = d.delivery_id AND w.recorded_at <= :until
    )
    WHERE d.recorded_at <= :until
)
"""

_TEXT, _DAY, _MOMENT = "string", "datetime64[ms]", "datetime64[us, UTC]"
_DTYPES = {
    "state_on": _DAY,
    "valid_on": _DAY,
    "last_on": _DAY,
    "said_since": _DAY,
    "recorded_at": _MOMENT,
    "answered_at": _MOMENT,
    "decided_at": _MOMENT,
    "is_full_list": "bool",
    "withdrawn": "bool",
    "accepted": "int64",
    "unchanged": "int64",
    "refused": "int64",
    "row": "int64",
    "drawn_m": "float64",
    "reported_m": "float64",
    **dict.fromkeys(("lon", "lat", "said_lon", "said_lat"), "float64"),
}
"""Every other column is text."""

_DELIVERY = (
    "delivery_id, kind, sender, file_name, sha256, recorded_at, state_on, is_full_list, accepted, unchanged, refused, "
    "rules_run, receipt, withdrawn, answered_at, answered_by, answered_why"
)
_EVENT = "e.entity, e.entity_id, e.valid_on, e.status, e.reason, e.note, e.reported_by, e.delivery_id, e.row"
_SOURCE = "k.recorded_at, k.state_on, k.sender, k.file_name"
_IN_ORDER_OF_TRUTH = "e.entity, e.entity_id, e.valid_on, k.state_on, k.sha256, e.row"


def deliveries(store: Store, known_at: dt.date | dt.datetime | None = None) -> pd.DataFrame:
    """
    Return every delivery, also the withdrawn ones.

    Parameters
    ----------
    store
        Where from.
    known_at
        As known on that day or at that moment; by default, all that is known.

    Returns
    -------
    deliveries
        In order of arrival: the columns of `Delivery`, `delivery_id`, `withdrawn`, and the last counter-entry
        (`answered_at`, `answered_by`, `answered_why`). `rules_run` and `receipt` are JSON text.
    """
    return frame(store, f"WITH {KNOWN} SELECT {_DELIVERY} FROM known ORDER BY recorded_at", known_at)  # noqa: S608


def counting(store: Store) -> list[str]:
    """
    Return which deliveries count.

    Parameters
    ----------
    store
        Where from.

    Returns
    -------
    delivery_ids
        The strongest last, as of two events for one day theirs is the truth.
    """
    query = f"WITH {KNOWN} SELECT delivery_id FROM known WHERE NOT withdrawn ORDER BY state_on, sha256"  # noqa: S608
    with reading(store) as connection:
        return [str(row[0]) for row in connection.execute(query, {"until": known_until(None)})]


def events(
    store: Store,
    *,
    entity: str | None = None,
    entity_id: str | None = None,
    known_at: dt.date | dt.datetime | None = None,
) -> pd.DataFrame:
    """
    Return the events that count, in order of truth: of two for one day, the later row counts.

    Parameters
    ----------
    store
        Where from.
    entity
        `segment` or `target`; both by default.
    entity_id
        Only this one.
    known_at
        As known on that day or at that moment; by default, all that is known.

    Returns
    -------
    events
        One row per event: what was reported, and the delivery that reported it.
    """
    query = f"""WITH {KNOWN} SELECT {_EVENT}, {_SOURCE} FROM events AS e JOIN known AS k USING (delivery_id)
        WHERE NOT k.withdrawn AND (:entity IS NULL OR e.entity = :entity)
        AND (:entity_id IS NULL OR e.entity_id = :entity_id) ORDER BY {_IN_ORDER_OF_TRUTH}"""  # noqa: S608
    return frame(store, query, known_at, entity=entity, entity_id=entity_id)


def subjects(store: Store) -> pd.DataFrame:
    """
    Return which deliveries speak of segments and which of targets, and up to which day.

    Parameters
    ----------
    store
        Where from.

    Returns
    -------
    subjects
        One row per delivery and kind of entity: `delivery_id`, `entity`, `last_on` (the youngest `valid_on`).
    """
    query = (
        "SELECT delivery_id, entity, max(valid_on) AS last_on FROM events GROUP BY delivery_id, entity ORDER BY 1, 2"
    )
    return frame(store, query, None)


def entity_log(
    store: Store, entity: str, entity_id: str, known_at: dt.date | dt.datetime | None = None
) -> pd.DataFrame:
    """
    Return all that was ever said about one entity, also by deliveries that were withdrawn since.

    Parameters
    ----------
    store
        Where from.
    entity
        `segment` or `target`.
    entity_id
        Which one.
    known_at
        As known on that day or at that moment; by default, all that is known.

    Returns
    -------
    log
        As `events`, with `withdrawn` and who withdrew it, when and why.
    """
    query = f"""WITH {KNOWN} SELECT {_EVENT}, {_SOURCE}, k.withdrawn, k.answered_at, k.answered_by, k.answered_why
        FROM events AS e JOIN known AS k USING (delivery_id)
        WHERE e.entity = :entity AND e.entity_id = :entity_id ORDER BY {_IN_ORDER_OF_TRUTH}"""  # noqa: S608
    return frame(store, query, known_at, entity=entity, entity_id=entity_id)


def lengths(store: Store, known_at: dt.date | dt.datetime | None = None) -> pd.DataFrame:
    """
    Return the lengths of segments that deliveries drew and reported.

    Parameters
    ----------
    store
        Where from.
    known_at
        As known on that day or at that moment; by default, all that is known.

    Returns
    -------
    lengths
        One row per segment and delivery that counts, the last word on a segment last: `segment_id`,
        `delivery_id`, `row`, `drawn_m`, `reported_m`, and the delivery.
    """
    query = f"""WITH {KNOWN} SELECT l.segment_id, l.delivery_id, l.row, l.drawn_m, l.reported_m, {_SOURCE}
        FROM lengths AS l JOIN known AS k USING (delivery_id)
        WHERE NOT k.withdrawn ORDER BY l.segment_id, k.state_on, k.sha256, l.row"""  # noqa: S608
    return frame(store, query, known_at)


def explain(store: Store, standing: pd.DataFrame) -> pd.DataFrame:
    """
    Name the file behind each row of a state.

    Parameters
    ----------
    store
        Where from.
    standing
        Rows of `statuses` or `changes`, or any frame with `delivery_id`.

    Returns
    -------
    evidence
        The same rows in the same order, with the delivery's `sender`, `file_name`, `state_on`, `recorded_at`.
    """
    sources = deliveries(store)[["delivery_id", "sender", "file_name", "state_on", "recorded_at"]]
    return standing.merge(sources, how="left", on="delivery_id", validate="many_to_one").set_index(standing.index)


def frame(store: Store, query: str, known_at: dt.date | dt.datetime | None, **asked: Any) -> pd.DataFrame:  # noqa: ANN401
    """
    Ask the store and return what it answers.

    Parameters
    ----------
    store
        Where from.
    query
        SQL of ours; `:until` is the last moment that counts as known.
    known_at
        As known on that day or at that moment; by default, all that is known.
    **asked
        Further values by name.

    Returns
    -------
    rows
        Each column in its dtype, text where it has none of its own.
    """
    with reading(store) as connection:
        cursor = connection.execute(query, {"until": known_until(known_at), **asked})
        names = [column[0] for column in cursor.description]
        rows = cursor.fetchall()
    found = pd.DataFrame(rows, columns=names, dtype="object")
    return pd.DataFrame({name: _typed(found[name]) for name in names})


def _typed(column: pd.Series[Any]) -> pd.Series[Any]:
    dtype = _DTYPES.get(str(column.name), _TEXT)
    if dtype == _MOMENT:
        return pd.to_datetime(column, format="ISO8601", utc=True).dt.as_unit("us")
    return column.astype(pd.api.types.pandas_dtype(dtype))
