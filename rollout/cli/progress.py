"""A progress bar, on a terminal only."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from rollout.cli.speaking import console

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextmanager
def steps(*, shown: bool) -> Iterator[Callable[[str, float], None]]:
    """
    Show how far the work is.

    Parameters
    ----------
    shown
        False to stay silent; a pipe or file stays silent in any case.

    Yields
    ------
    advance
        To be called with the step that begins and the fraction done before it.
    """
    terminal = console(err=True) if shown else None
    if terminal is None or not terminal.is_terminal:
        yield lambda _step, _fraction: None
        return
    from rich.progress import BarColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TextColumn("{task.percentage:>3.0f} %"))
    with Progress(*columns, console=terminal, transient=True) as bar:
        task = bar.add_task("Lesen", total=1.0)
        yield lambda step, fraction: bar.update(task, description=step, completed=fraction)
