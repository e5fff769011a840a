"""
A receiver that is killed, starved of disk and crowded, in processes of its own; prints what was found as JSON.

Run: `python receiver.py (kill|full|crowd) (store|control) FOLDER`. The control writes the same rows the naive
way, row by row in autocommit or after a deferred BEGIN, and is judged by the same eyes.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import random
import resource
import signal
import sqlite3
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from rollout import history
from rollout.errors import RolloutError

ROWS = 60
SEED = 20220328
KEYS = ("planned", "applied", "permitted", "digging", "duct_laid")
DAY = dt.date(2022, 3, 28)

Receive = Callable[[Path, int], None]


def delivery(number: int) -> history.Delivery:
    digest = hashlib.sha256(str(number).encode()).hexdigest()
    return history.Delivery(sender="EVL", file_name=f"{number}.csv", sha256=digest, state_on=DAY, accepted=ROWS)


def rows(number: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "entity": "segment",
            "entity_id": [f"S{place}" for place in range(ROWS)],
            "valid_on": pd.Timestamp(2021, 3, 1) + pd.Timedelta(days=number % 300),
            "status": [KEYS[(number + place) % len(KEYS)] for place in range(ROWS)],
            "row": range(1, ROWS + 1),
        }
    )


def receive(path: Path, number: int) -> None:
    """Receive as the product does; every third one with a copy first."""
    store = history.open_store(path, keep=1 if number % 3 == 0 else 0, wait_s=60)
    history.record(store, delivery(number), rows(number))


def naive_rows(path: Path, number: int, begin: str = "") -> None:
    """Receive without one transaction (or, with a deferred one, after a look at what is there)."""
    said = delivery(number)
    connection = sqlite3.connect(path, isolation_level=None, timeout=60)
    if begin:
        connection.execute(begin)
        connection.execute("SELECT count(*) FROM events").fetchone()
    moment = dt.datetime.now(dt.UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
    connection.execute(
        "INSERT INTO deliveries VALUES (?, 'delivery', ?, ?, ?, ?, ?, 0, ?, 0, 0, '[]', '{}')",
        (said.delivery_id, said.sender, said.file_name, said.sha256, moment, DAY.isoformat(), ROWS),
    )
    for row in rows(number).itertuples():
        day = row.valid_on.date().isoformat()
        values = (row.entity, row.entity_id, day, said.delivery_id, row.row, row.status)
        connection.execute("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, NULL, NULL, 'EVL')", values)
    if begin:
        connection.execute("COMMIT")
    connection.close()


def naive_begin(path: Path, number: int) -> None:
    naive_rows(path, number, "BEGIN")


def child(work: Callable[[int], None]) -> tuple[int, int]:
    """Fork a process that works and tells of it through a pipe."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reader)
        try:
            work(writer)
        finally:
            os._exit(0)
    os.close(writer)
    return pid, reader


def told(reader: int) -> tuple[list[int], list[int]]:
    """Return what a child began and what it acknowledged."""
    with os.fdopen(reader) as pipe:
        lines = [line.split() for line in pipe.read().splitlines()]
    return [int(n) for word, n in lines if word == "begun"], [int(n) for word, n in lines if word == "done"]


def judge(path: Path, acknowledged: set[int]) -> dict[str, int]:
    """Look at a store as its next reader would: is it whole, is all there, is anything half there."""
    try:
        store = history.open_store(path, keep=0)
        found = history.events(store).groupby("file_name").size()
    except RolloutError:
        return {"unreadable": 1, "lost": 0, "half": 0}
    listed = history.deliveries(store)["file_name"]
    sizes = found.reindex(listed).fillna(0)
    half = int((sizes != ROWS).sum())
    if not half:
        try:
            history.verify(path)
        except RolloutError:
            half = 1
    lost = sum(f"{number}.csv" not in set(listed) for number in acknowledged)
    return {"unreadable": 0, "lost": lost, "half": half}


def killed(path: Path, receive: Receive, first: int, wait_s: float) -> tuple[list[int], list[int]]:
    def work(pipe: int) -> None:
        for number in range(first, first + 1000):
            os.write(pipe, f"begun {number}\n".encode())
            receive(path, number)
            os.write(pipe, f"done {number}\n".encode())

    pid, reader = child(work)
    time.sleep(wait_s)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return told(reader)


def kill(folder: Path, receive: Receive, times: int) -> dict[str, int]:
    """Kill a receiver at random moments; after each, look, and send the interrupted file again."""
    chance = random.Random(SEED)  # noqa: S311 - a test's dice
    sums = {"kills": 0, "inside": 0, "acknowledged": 0, "unreadable": 0, "lost": 0, "half": 0, "resent_wrong": 0}
    path, held = folder / "none", set()
    for number in range(times):
        if number % 10 == 0:
            path, held = folder / f"{number}.db", set()
            history.open_store(path, create=True)
        begun, done = killed(path, receive, number * 1000, chance.uniform(0.004, 0.08))
        held |= set(done)
        sums["kills"] += 1
        sums["inside"] += len(begun) > len(done)
        sums["acknowledged"] += len(done)
        for fault, count in judge(path, held).items():
            sums[fault] += count
        if receive is globals()["receive"] and begun:
            receive(path, begun[-1])
            held.add(begun[-1])
            sums["resent_wrong"] += any(judge(path, held).values())
    return sums


def full(folder: Path, receive: Receive, most: int) -> dict[str, int]:
    """Let the disk run full in the middle of the work, at several sizes."""
    sums = {"runs": 0, "refused": 0, "acknowledged": 0, "unreadable": 0, "lost": 0, "half": 0, "stuck": 0}
    for number, room in enumerate(range(20_000, most, 20_000)):
        path = folder / f"full-{number}.db"
        history.open_store(path, create=True)
        limit = path.stat().st_size + room

        def work(pipe: int, path: Path = path, limit: int = limit) -> None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
            for place in range(100):
                try:
                    receive(path, place)
                except (RolloutError, sqlite3.Error):
                    os.write(pipe, f"begun {place}\n".encode())
                    return
                os.write(pipe, f"done {place}\n".encode())

        pid, reader = child(work)
        os.waitpid(pid, 0)
        refused, done = told(reader)
        sums["runs"] += 1
        sums["refused"] += len(refused)
        sums["acknowledged"] += len(done)
        for fault, count in judge(path, set(done)).items():
            sums[fault] += count
        if receive is globals()["receive"]:
            receive(path, refused[0])
            sums["stuck"] += any(judge(path, {*done, *refused}).values())
    return sums


def crowd(folder: Path, receive: Receive) -> dict[str, int]:
    """Let four write at once while one reads."""
    path = folder / "crowd.db"
    store = history.open_store(path, create=True, wait_s=60)

    def write(first: int) -> Callable[[int], None]:
        def work(pipe: int) -> None:
            for number in range(first, first + 60):
                try:
                    receive(path, number)
                    os.write(pipe, f"done {number}\n".encode())
                except (RolloutError, sqlite3.Error):
                    os.write(pipe, f"begun {number}\n".encode())

        return work

    def read(pipe: int) -> None:
        while True:
            whole = len(history.events(store)) % ROWS == 0
            os.write(pipe, b"done 1\n" if whole else b"begun 1\n")

    writers = [child(write(first)) for first in range(0, 400, 100)]
    pid, reader = child(read)
    arrived = [told(pipe)[1] for _, pipe in writers]
    for writer, _ in writers:
        os.waitpid(writer, 0)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    halves, reads = told(reader)
    acknowledged = {number for numbers in arrived for number in numbers}
    held = len(history.deliveries(store))
    return {"arrived": held, "reads": len(reads), "half_reads": len(halves), **judge(path, acknowledged)}


def main(what: str, who: str, folder: Path) -> dict[str, int]:
    if what == "kill":
        return kill(folder, receive, 200) if who == "store" else kill(folder, naive_rows, 20)
    if what == "full":
        return full(folder, receive, 220_000) if who == "store" else full(folder, naive_rows, 60_000)
    return crowd(folder, receive if who == "store" else naive_begin)


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))))  # noqa: T201
