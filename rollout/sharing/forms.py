"""How a package is handed over."""

from __future__ import annotations

from enum import StrEnum


class Form(StrEnum):
    """The form of a package."""

    FOLDER = "folder"
    ZIP = "zip"
    LOCKED_ZIP = "locked-zip"
    """AES-256; names and sizes of the files stay readable."""
    SEALED = "sealed"
    """Pages that open with a password, and nothing else."""

    @property
    def is_locked(self) -> bool:
        """Whether it needs a password."""
        return self in {Form.LOCKED_ZIP, Form.SEALED}

    @property
    def is_one_file(self) -> bool:
        """Whether it is one file, or else a folder."""
        return self in {Form.ZIP, Form.LOCKED_ZIP}
