"""The command line: reads arguments, calls the pipeline, prints, sets the exit code."""

from rollout.cli.program import run

__all__ = ["run"]
