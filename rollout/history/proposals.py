"""What partners proposed and what was decided of it, as frames."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rollout.history.reading import KNOWN, frame

if TYPE_CHECKING:
    import datetime as dt

    import pandas as pd

    from rollout.history.store import Store

_PROPOSAL = (
    "p.proposal_id, p.entity, p.entity_id, p.kind, p.author, p.said_status, p.said_since, p.said_lon, p.said_lat, "
    "p.status, p.valid_on, p.lon, p.lat, p.remark, p.delivery_id, p.row"
)
_SOURCE = "k.recorded_at, k.state_on, k.sender, k.file_name, k.receipt, k.withdrawn"
_DECISION = "d.verdict, d.by AS decided_by, d.why AS decided_why"


def proposals(store: Store, known_at: dt.date | dt.datetime | None = None) -> pd.DataFrame:
    """
    Return every proposal, each with the decision on it that stands.

    Parameters
    ----------
    store
        Where from.
    known_at
        As known on that day or at that moment; by default, all that is known.

    Returns
    -------
    proposals
        In order of arrival: what was said then, what is proposed, author and file; `withdrawn` where the file was
        withdrawn; `verdict`, `decided_by`, `decided_why`, `decided_at`, `decision_id` (its delivery), missing where
        nothing is decided or the decision was withdrawn.
    """
    query = f"""WITH {KNOWN}, standing AS (
            SELECT d.proposal_id, {_DECISION}, c.recorded_at AS decided_at, c.delivery_id AS decision_id
            FROM decisions AS d JOIN known AS c USING (delivery_id) WHERE NOT c.withdrawn
        )
        SELECT {_PROPOSAL}, {_SOURCE}, s.verdict, s.decided_by, s.decided_why, s.decided_at, s.decision_id
        FROM proposals AS p JOIN known AS k USING (delivery_id) LEFT JOIN standing AS s USING (proposal_id)
        ORDER BY k.recorded_at, p.row"""  # noqa: S608 - text of ours
    return frame(store, query, known_at)


def decisions(store: Store, known_at: dt.date | dt.datetime | None = None) -> pd.DataFrame:
    """
    Return every decision, also those that were withdrawn.

    Parameters
    ----------
    store
        Where from.
    known_at
        As known on that day or at that moment; by default, all that is known.

    Returns
    -------
    decisions
        In the order they were taken: `delivery_id` (of the decision), `proposal_id`, `verdict`, `decided_by`,
        `decided_why`, `recorded_at`, `withdrawn`, and of the proposal `entity`, `entity_id`, `kind`, `author`,
        `status`, `valid_on`, `remark`.
    """
    query = f"""WITH {KNOWN} SELECT d.delivery_id, d.proposal_id, {_DECISION}, c.recorded_at, c.withdrawn,
            p.entity, p.entity_id, p.kind, p.author, p.status, p.valid_on, p.remark
        FROM decisions AS d JOIN known AS c USING (delivery_id) JOIN proposals AS p USING (proposal_id)
        ORDER BY c.recorded_at, d.row"""  # noqa: S608 - text of ours
    return frame(store, query, known_at)
