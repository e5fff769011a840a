"""The error that turns a whole file away."""

from __future__ import annotations

from rollout.errors import InputError


class DeliveryError(InputError):
    """A file cannot be taken in at all: not what its name says, damaged, dangerous, or without a needed statement."""
