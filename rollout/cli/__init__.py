"""The command line: reads arguments, calls the pipeline, prints, sets the exit code."""

from __future__ import annotations

__all__ = ["run"]


def run() -> None:
    """Run the program, and import it only then: a second process looks into what started the first, and needs none."""
    from rollout.cli.program import run as program

    program()
