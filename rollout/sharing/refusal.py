"""The errors that turn a package, its signature or its password away."""

from __future__ import annotations

from rollout.errors import InputError


class PackageError(InputError):
    """A package cannot be opened: not there, not one, damaged, or dangerous."""


class PasswordError(PackageError):
    """A package or a key is protected, and the password is missing or wrong."""


class KeyFileError(InputError):
    """A key file cannot be found, read or trusted."""


class SignatureError(InputError):
    """A signature is none, is of another key, or does not belong to the content."""
