"""Every status has a sentence of its own, for an address and for a trench."""

from __future__ import annotations

from rollout.cartography.answers import SEGMENT_ANSWERS, TARGET_ANSWERS, answers
from rollout.vocabulary import NO_DATA, NO_DATA_LABEL, SEGMENT_LADDER, TARGET_LADDER


def test_every_status_has_a_sentence_and_a_next_step() -> None:
    for sentences, ladder in ((TARGET_ANSWERS, TARGET_LADDER), (SEGMENT_ANSWERS, SEGMENT_LADDER)):
        assert set(sentences) == {*(rung.key for rung in ladder), NO_DATA}
        for state, following in sentences.values():
            assert state.count("{name}") == 1
            assert state.endswith(".")
            assert following.endswith(".")


def test_no_two_statuses_are_answered_alike() -> None:
    for sentences in (TARGET_ANSWERS, SEGMENT_ANSWERS):
        assert len({state for state, _ in sentences.values()}) == len(sentences)


def test_sentences_are_found_by_the_status_people_read() -> None:
    found = answers()
    assert found["targets"]["buchbar"] == TARGET_ANSWERS["orderable"]
    assert found["segments"][NO_DATA_LABEL] == SEGMENT_ANSWERS[NO_DATA]
