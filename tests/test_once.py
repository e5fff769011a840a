"""What is made of a frame is made once, and goes when the frame goes."""

from __future__ import annotations

import gc

import pandas as pd

from rollout.once import once_each


def test_what_is_made_of_a_frame_is_made_once_and_kept_no_longer_than_the_frame() -> None:
    made: list[int] = []

    @once_each
    def doubled(rows: pd.DataFrame) -> list[int]:
        made.append(len(rows))
        return [2 * value for value in rows["n"].tolist()]

    for number in range(50):
        rows = pd.DataFrame({"n": [number]})  # some of them get the place in memory of one that is gone
        assert doubled(rows) is doubled(rows)
        assert doubled(rows) == [2 * number]
        del rows
        gc.collect()
    assert len(made) == 50


def test_two_frames_of_one_content_are_two_frames() -> None:
    first, second = pd.DataFrame({"n": [1]}), pd.DataFrame({"n": [1]})
    lengths = once_each(lambda rows: [len(rows)])
    assert lengths(first) == lengths(second)
    assert lengths(first) is not lengths(second)


def test_what_is_made_for_one_day_is_not_told_of_another() -> None:
    asked: list[tuple[int, str]] = []

    @once_each
    def added(rows: pd.DataFrame, number: int, *, word: str = "") -> str:
        asked.append((number, word))
        return f"{rows['n'].sum() + number}{word}"

    rows = pd.DataFrame({"n": [1, 2]})
    told = [added(rows, 1), added(rows, 2), added(rows, 1), added(rows, 1, word="x"), added(rows, 1, word="x")]
    assert told == ["4", "5", "4", "4x", "4x"]
    assert asked == [(1, ""), (2, ""), (1, "x")]
