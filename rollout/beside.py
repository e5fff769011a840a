"""A second process that works beside this one, and loads what it needs while this one still does the same."""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from multiprocessing import get_context
from typing import TYPE_CHECKING

from rollout.one_run import expect_one_run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Executor


@contextmanager
def second_process(*modules: str, wanted: bool = True) -> Iterator[Executor | None]:
    """
    Start a second process at once, so that it is ready when there is work for it.

    It is started anew and not split off this one, which is the same on every system.

    Parameters
    ----------
    *modules
        What its work needs, by full names; it imports them first.
    wanted
        False where there is nothing to do beside this process.

    Yields
    ------
    elsewhere
        Takes work for the other process, which ends with the block; None where none is wanted, or the machine has one
        core.
    """
    if not wanted or (os.cpu_count() or 1) == 1:
        yield None
        return
    with ProcessPoolExecutor(1, get_context("spawn"), _get_ready, modules) as elsewhere:
        elsewhere.submit(os.getpid)  # a process starts with its first task
        yield elsewhere


def _get_ready(*modules: str) -> None:
    expect_one_run()
    for module in modules:
        import_module(module)
