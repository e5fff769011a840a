"""What was true on a day does not depend on when it was learned; what was known then does."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rollout import history
from rollout.vocabulary import SEGMENT_LADDER, TARGET_LADDER

Said = list[tuple[dt.date, list[tuple[str, str, dt.date, str | None]]]]
Makers = tuple[Callable[..., history.Delivery], Callable[..., pd.DataFrame]]

LAST = dt.date(2022, 1, 12)
DAYS = [dt.date(2022, 1, 1) + dt.timedelta(days=number) for number in range(12)]
MAIN = {rung.key for rung in SEGMENT_LADDER if not rung.side}


def keys(ladder: tuple, *some: str) -> st.SearchStrategy[str | None]:
    return st.sampled_from([None, *some, *(rung.key for rung in ladder[:4])])


events = st.one_of(
    st.tuples(st.just("segment"), st.sampled_from("ab"), st.sampled_from(DAYS), keys(SEGMENT_LADDER, "blocked")),
    st.tuples(st.just("target"), st.sampled_from("ab"), st.sampled_from(DAYS), keys(TARGET_LADDER, "refused")),
)
batch = st.tuples(st.sampled_from(DAYS), st.lists(events, max_size=8))
batches = st.lists(batch, min_size=1, max_size=4)
quickly = settings(max_examples=15, deadline=None)


def recorded(file: Path, said: Said, order: Iterable[int], makers: Makers) -> history.Store:
    delivery, rows = makers
    store = history.open_store(file, create=True, keep=0)
    for number in order:
        state_on, lines = said[number]
        told = rows(*((entity, id_, str(day), status) for entity, id_, day, status in lines))
        history.record(store, delivery(str(number), str(state_on)), told)
    return store


def told_by_hand(
    said: Said, delivery: Callable[..., history.Delivery], day: dt.date
) -> dict[tuple[str, str], str | None]:
    """The truth of one day by plain sorting."""
    ranked = sorted(
        (
            (valid_on, state_on, delivery(str(number)).sha256, row, entity, id_, status)
            for number, (state_on, lines) in enumerate(said)
            for row, (entity, id_, valid_on, status) in enumerate(lines)
            if valid_on <= day
        ),
        key=lambda event: event[:4],
    )
    return {(entity, id_): status for *_, entity, id_, status in ranked}


@quickly
@given(said=batches, data=st.data())
def test_replay_in_any_order_of_arrival_gives_the_same_statuses(
    said: Said, data: st.DataObject, delivery: Callable[..., history.Delivery], rows: Callable[..., pd.DataFrame]
) -> None:
    order = data.draw(st.permutations(range(len(said))))
    with tempfile.TemporaryDirectory() as folder:
        one = recorded(Path(folder) / "one.db", said, range(len(said)), (delivery, rows))
        other = recorded(Path(folder) / "other.db", said, order, (delivery, rows))
        for day in (DAYS[4], LAST):
            pd.testing.assert_frame_equal(history.statuses(one, day), history.statuses(other, day))


@quickly
@given(said=batches)
def test_statuses_are_what_plain_sorting_finds_on_every_day(
    said: Said,
    delivery: Callable[..., history.Delivery],
    rows: Callable[..., pd.DataFrame],
    standing: Callable[..., list],
) -> None:
    truths = {day: told_by_hand(said, delivery, day) for day in DAYS}
    with tempfile.TemporaryDirectory() as folder:
        store = recorded(Path(folder) / "one.db", said, range(len(said)), (delivery, rows))
        frame = history.statuses(store, LAST)
    assert {(row[0], row[1]): row[2] for row in standing(frame, "entity", "entity_id", "status")} == truths[LAST]
    for row in frame.to_dict("records"):
        entity = (row["entity"], row["entity_id"])
        past = [(day, truths[day].get(entity, "unheard of")) for day in DAYS]
        run = len(past)
        while run and past[run - 1][1] == truths[LAST][entity]:
            run -= 1
        assert row["status_since"].date() == past[run][0]
        before = next((status for _, status in reversed(past) if status in MAIN), None)
        expected = before if truths[LAST][entity] == "blocked" else None
        assert (None if pd.isna(row["status_before"]) else row["status_before"]) == expected


@quickly
@given(said=batches, number=st.integers(0, 3))
def test_undo_then_redo_is_the_identity(
    said: Said, number: int, delivery: Callable[..., history.Delivery], rows: Callable[..., pd.DataFrame]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = recorded(Path(folder) / "one.db", said, range(len(said)), (delivery, rows))
        before = [history.statuses(store, day) for day in DAYS], history.events(store)
        delivery_id = delivery(str(number % len(said))).delivery_id
        history.withdraw(store, delivery_id, "falsche Datei", "Stadt")
        assert delivery_id not in set(history.events(store)["delivery_id"])
        history.reinstate(store, delivery_id, "doch richtig", "Stadt")
        after = [history.statuses(store, day) for day in DAYS], history.events(store)
    for old, new in zip([*before[0], before[1]], [*after[0], after[1]], strict=True):
        pd.testing.assert_frame_equal(old, new)


@quickly
@given(said=batches, span=st.tuples(st.sampled_from(DAYS), st.sampled_from(DAYS)))
def test_the_sum_of_changes_is_the_difference_of_the_states(
    said: Said,
    span: tuple[dt.date, dt.date],
    delivery: Callable[..., history.Delivery],
    rows: Callable[..., pd.DataFrame],
    standing: Callable[..., list],
) -> None:
    since, until = sorted(span)
    with tempfile.TemporaryDirectory() as folder:
        store = recorded(Path(folder) / "one.db", said, range(len(said)), (delivery, rows))
        changes = history.changes(store, since, until)
        old, new = (history.statuses(store, day) for day in (since, until))
    counted = old["status"].value_counts().sub(0)
    counted = counted.add(changes["status"].value_counts(), fill_value=0)
    counted = counted.sub(changes["status_from"].value_counts(), fill_value=0)
    assert {key: n for key, n in counted.items() if n} == dict(new["status"].value_counts())
    state = {row[:2]: row[2] for row in standing(old, "entity", "entity_id", "status")}
    for entity, id_, was, status in standing(changes, "entity", "entity_id", "status_from", "status"):
        assert state.get((entity, id_)) == was != status
        state[entity, id_] = status
    assert state.items() >= {r[:2]: r[2] for r in standing(new, "entity", "entity_id", "status") if r[2]}.items()


def test_a_late_correction_changes_what_is_known_today_but_not_what_was_known_then(
    store: history.Store,
    delivery: Callable[..., history.Delivery],
    rows: Callable[..., pd.DataFrame],
    standing: Callable[..., list],
) -> None:
    history.record(store, delivery("april", "2022-04-30"), rows(("target", "t", "2022-03-10", "connected")))
    then = history.deliveries(store)["recorded_at"].iloc[0].to_pydatetime()
    history.record(store, delivery("may", "2022-05-31"), rows(("target", "t", "2022-03-12", "house_entry")))
    march = dt.date(2022, 3, 28)
    assert standing(history.statuses(store, march)) == [("t", "house_entry")]
    assert standing(history.statuses(store, march, then)) == [("t", "connected")]
    assert standing(history.statuses(store, dt.date(2022, 3, 11))) == [("t", "connected")]
    assert history.statuses(store, march, then - dt.timedelta(microseconds=1)).empty


def test_as_known_before_a_withdrawal_still_shows_the_old_truth(
    store: history.Store,
    delivery: Callable[..., history.Delivery],
    rows: Callable[..., pd.DataFrame],
    standing: Callable[..., list],
) -> None:
    history.record(store, delivery("a"), rows(("segment", "s", "2022-03-01", "digging")))
    then = dt.datetime.now(dt.UTC)
    history.withdraw(store, delivery("a").delivery_id[:4], "falsches Gebiet", "Stadt")
    assert history.statuses(store, LAST.replace(year=2023)).empty
    assert standing(history.statuses(store, LAST.replace(year=2023), then)) == [("s", "digging")]
    log = history.entity_log(store, "segment", "s")
    assert log[["withdrawn", "answered_why", "answered_by"]].iloc[0].to_list() == [True, "falsches Gebiet", "Stadt"]
    assert not history.entity_log(store, "segment", "s", then)["withdrawn"].any()


def test_a_day_of_knowledge_lasts_until_its_end_in_leverkusen(
    store: history.Store, delivery: Callable[..., history.Delivery], rows: Callable[..., pd.DataFrame]
) -> None:
    late = dt.datetime(2022, 6, 30, 21, 59, 59, tzinfo=dt.UTC)
    history.record(store, delivery("a", recorded_at=late), rows(("segment", "s", "2022-03-01", "digging")))
    after = dt.datetime(2022, 6, 30, 22, 0, tzinfo=dt.UTC)
    history.record(store, delivery("b", recorded_at=after), rows(("segment", "t", "2022-03-01", "digging")))
    assert list(history.deliveries(store, dt.date(2022, 6, 30))["file_name"]) == ["a.csv"]
    assert len(history.deliveries(store, dt.datetime(2022, 7, 1, 0, 0))) == 2  # noqa: DTZ001 - local time
    assert len(history.deliveries(store, dt.date(2022, 6, 29))) == 0


def test_a_segment_and_a_target_of_one_id_are_two(
    store: history.Store,
    delivery: Callable[..., history.Delivery],
    rows: Callable[..., pd.DataFrame],
    standing: Callable[..., list],
) -> None:
    history.record(
        store, delivery("a"), rows(("segment", "x", "2022-01-01", "digging"), ("target", "x", "2022-01-02", "surveyed"))
    )
    assert standing(history.statuses(store, LAST), "entity", "status") == [
        ("segment", "digging"),
        ("target", "surveyed"),
    ]


@pytest.mark.parametrize("day", [dt.date(2022, 1, 1), LAST])
def test_an_empty_store_has_no_statuses_and_no_changes(store: history.Store, day: dt.date) -> None:
    assert history.statuses(store, day).empty
    assert history.changes(store, dt.date(2021, 1, 1), day).empty


def test_the_evidence_of_a_figure_names_file_row_and_day(
    store: history.Store, delivery: Callable[..., history.Delivery], rows: Callable[..., pd.DataFrame]
) -> None:
    history.record(
        store, delivery("a"), rows(("target", "x", "2022-01-01", "surveyed"), ("target", "y", "2022-01-02", "surveyed"))
    )
    found = history.statuses(store, LAST)
    evidence = history.explain(store, found[found["entity_id"] == "y"])
    assert evidence[["file_name", "row", "status_since"]].to_numpy().tolist() == [
        ["a.csv", 2, pd.Timestamp("2022-01-02")]
    ]
    assert list(evidence.index) == [1]


@quickly
@given(said=batches)
def test_the_steps_of_a_course_lead_to_the_statuses_of_every_day(
    said: Said, delivery: Callable[..., history.Delivery], rows: Callable[..., pd.DataFrame]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = recorded(Path(folder) / "one.db", said, range(len(said)), (delivery, rows))
        steps, told = history.course(store, LAST)
        for day in (DAYS[2], DAYS[7], LAST):
            known = history.statuses(store, day)
            until = steps[steps["valid_on"] <= pd.Timestamp(day)].drop_duplicates(["entity", "entity_id"], keep="last")
            columns = ["entity", "entity_id", "status", "reason"]
            pd.testing.assert_frame_equal(until[columns].reset_index(drop=True), known[columns])
            here = told[(told["from_on"] <= pd.Timestamp(day)) & (told["until_on"] >= pd.Timestamp(day))]
            assert set(here["delivery_id"]) == set(known["delivery_id"]), day


def test_a_course_without_any_event_has_no_step(store: history.Store) -> None:
    steps, told = history.course(store, LAST)
    assert steps.empty
    assert told.empty
