"""How far a row stands, and what was known of it on a day."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from rollout.analysis import ladder
from rollout.vocabulary import SEGMENT_LADDER, TARGET_LADDER, ladder_of


def _segments(*rows: tuple[str | None, str | None, str | None]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["status", "status_before", "status_since"])
    return frame.astype({"status": "string", "status_before": "string", "status_since": "datetime64[ms]"}).assign(
        reason=pd.Series(pd.NA, index=frame.index, dtype="string")
    )


@pytest.mark.parametrize(
    ("status", "before", "height"),
    [
        ("planned", None, 0),
        ("duct_laid", None, 4),
        ("in_service", None, 11),
        ("dropped", None, -1),
        ("blocked", "duct_laid", 4),
        ("blocked", "digging", 3),
        ("blocked", None, 2),
    ],
)
def test_a_blocked_segment_stands_where_it_stood_before(status: str, before: str | None, height: int) -> None:
    assert ladder.heights(_segments((status, before, None)), "segments").tolist() == [height]


def test_no_data_is_a_state_of_its_own_and_never_a_height() -> None:
    assert ladder.heights(_segments((None, None, None)), "segments").isna().all()


@pytest.mark.parametrize("layer", ["segments", "targets"])
def test_every_status_of_a_ladder_has_a_height_and_its_next_steps_exist(layer: str) -> None:
    rungs = ladder_of(layer)
    rows = _segments(*((rung.key, None, None) for rung in rungs))
    assert ladder.heights(rows, layer).notna().all()
    keys = {rung.key for rung in rungs}
    assert len(keys) == len(rungs)
    assert all(set(rung.allowed_next) <= keys for rung in rungs)


def test_a_refused_target_counts_as_no_milestone() -> None:
    assert ladder.heights(_segments(("refused", None, None)), "targets").tolist() == [1]


def test_what_became_true_later_is_not_known_and_not_guessed() -> None:
    rows = _segments(("duct_laid", None, "2022-03-28"), ("planned", None, "2021-01-01"), ("digging", None, None))
    before = ladder.as_of(rows, dt.date(2022, 3, 27))
    assert before["status"].isna().tolist() == [True, False, False]
    assert before["status_since"].isna().tolist() == [True, False, True]
    assert ladder.as_of(rows, dt.date(2022, 3, 28)).equals(rows)


def test_both_ladders_climb_one_rung_at_a_time() -> None:
    for rungs in (SEGMENT_LADDER, TARGET_LADDER):
        assert [rung.height for rung in rungs if not rung.side] == list(range(sum(not rung.side for rung in rungs)))
