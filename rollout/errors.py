"""The tree of errors: what went wrong, how to mend it, and the exit code it ends with."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rollout.findings import Finding


class RolloutError(Exception):
    """
    Base of every error that is the input's fault and not ours.

    Parameters
    ----------
    message
        What is wrong, in German, with the offending value: `die Ebene 'segments' liegt in EPSG:4326 vor, …`.
    hint
        The way out, in German, as an instruction. Empty where the message says it all.

    Attributes
    ----------
    exit_code
        What the command line ends with. 1 is kept for our own bugs and 2 for wrong usage.
    """

    exit_code = 1

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class InputError(RolloutError):
    """A layer or the project file cannot be found, read, or placed on the earth."""

    exit_code = 3


class ProjectError(InputError):
    """The project file `rollout.toml` is missing, malformed, or contradicts itself."""


class LayerError(InputError):
    """A layer's file is missing, unreadable, or not what its name says."""


class CrsError(InputError):
    """A layer states no coordinate reference system, or not the one that is needed."""


class DataError(RolloutError):
    """
    The rows of a layer break the schema.

    Attributes
    ----------
    findings
        Every finding, errors and lesser ones, in the order of the layers.
    """

    exit_code = 4

    def __init__(self, message: str, hint: str = "", findings: Sequence[Finding] = ()) -> None:
        super().__init__(message, hint)
        self.findings = tuple(findings)


class OutputError(RolloutError):
    """A page, table or package cannot be written, or may not be written as it is."""

    exit_code = 5


class DisclosureError(OutputError):
    """A package would show its receiver what the audience may not see; nothing is written."""
