"""`MANIFEST.json`: what a package is, for whom, of which day, and every file of it with size and SHA-256."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field, StringConstraints, ValidationError, model_validator

from rollout.errors import OutputError
from rollout.sharing.names import faults_of, spoken
from rollout.sharing.notice import expires_on
from rollout.sharing.refusal import PackageError
from rollout.validation import Identifier, Part, Text, in_german

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rollout.analysis.state import State
    from rollout.audiences import Audience

MANIFEST = "MANIFEST.json"
SIGNATURE = "MANIFEST.json.minisig"
README = "LIESMICH.txt"

MAX_FILES = 2000
MAX_MANIFEST_BYTES = 2 * 1024**2

_DIGITS = frozenset("0123456789abcdef")
_SHA256_LENGTH = 64


Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
"""Longer than a name: it may list all that is not in a package."""


class About(Part):
    """What a package is, apart from its files. It tells no maker, no machine and no time of making."""

    project: Text
    audience: Identifier
    """Which audience of the project file."""
    title: Text
    """What the audience is called."""
    recipient: Text
    purpose: Text
    as_of: dt.date
    """The Stand: the day the figures are true for."""
    known_at: dt.date | None = None
    """The day as known on which, where one was asked for."""
    valid_until: dt.date
    """The last day on which the package may be used."""
    release: int = Field(default=1, ge=1, le=10_000)
    """Number among the packages of one audience and Stand: a higher one replaces a lower one."""
    rules: tuple[Sentence, ...] = ()
    """The rules in force, in German sentences, as they are printed on the pages."""

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.valid_until < self.as_of:
            msg = "valid_until liegt vor as_of"
            raise ValueError(msg)
        return self

    @property
    def age(self) -> tuple[dt.date, int]:
        """What orders the packages of one audience: the younger Stand, and with it the higher release."""
        return self.as_of, self.release


class Listed(Part):
    """One file of a package."""

    path: str
    """Relative, with `/`."""
    bytes: int = Field(ge=0)
    sha256: str

    @model_validator(mode="after")
    def _is_a_hash(self) -> Self:
        if len(self.sha256) != _SHA256_LENGTH or not {*self.sha256} <= _DIGITS:
            msg = "sha256 muss aus 64 kleinen Hexadezimalziffern bestehen"
            raise ValueError(msg)
        return self


class Manifest(Part):
    """All that is said of a package; its signature covers every byte of it."""

    format: Literal[1] = 1
    product: Text
    """Name and version of the program that made the package."""
    about: About
    files: tuple[Listed, ...] = Field(max_length=MAX_FILES)
    """In the order of their paths. The manifest and its signature are not among them."""

    @model_validator(mode="after")
    def _names_are_safe(self) -> Self:
        faults = faults_of([*(file.path for file in self.files), MANIFEST, SIGNATURE])
        if faults:
            raise ValueError("; ".join(faults[:5]))
        return self


def about(name: str, audience: Audience, state: State, rules: tuple[str, ...] = (), release: int = 1) -> About:
    """
    Say what a package for an audience is.

    Parameters
    ----------
    name
        The audience's name in the project file.
    audience
        Who gets what.
    state
        What it shows; project and Stand are told.
    rules
        The rules in force, in German sentences.
    release
        Number among the packages of this audience and Stand.

    Returns
    -------
    about
        Valid as long as its pages say.
    """
    return About(
        project=state.project.name,
        audience=name,
        title=audience.title,
        recipient=audience.recipient,
        purpose=audience.purpose,
        as_of=state.as_of,
        known_at=state.known_at,
        valid_until=expires_on(audience, state),
        release=release,
        rules=rules,
    )


def manifest_of(files: Mapping[str, bytes], about: About, product: str) -> Manifest:
    """
    List the files of a package.

    Parameters
    ----------
    files
        Relative path with `/` → content; without manifest and signature.
    about
        What the package is.
    product
        Name and version of the program, e.g. `rollout 0.1.0`.

    Returns
    -------
    manifest
        Its files in the order of their paths.

    Raises
    ------
    OutputError
        If a name cannot stand in a package, or there are too many files.
    """
    listed = tuple(
        Listed(path=path, bytes=len(files[path]), sha256=hashlib.sha256(files[path]).hexdigest())
        for path in sorted(files)
    )
    try:
        return Manifest(product=product, about=about, files=listed)
    except ValidationError as error:
        msg = f"das Paket lässt sich so nicht schreiben: {in_german(error)}"
        raise OutputError(msg, "Benennen Sie die genannten Dateien um, oder geben Sie weniger weiter.") from error


def written(manifest: Manifest) -> bytes:
    """
    Write a manifest in the one form there is for it.

    Parameters
    ----------
    manifest
        What it says.

    Returns
    -------
    content
        JSON in UTF-8, sorted and indented, with a line feed at the end.
    """
    said = manifest.model_dump(mode="json", exclude_none=True)
    return (json.dumps(said, ensure_ascii=False, indent=2, sort_keys=True, allow_nan=False) + "\n").encode()


def read_manifest(content: bytes) -> Manifest:
    """
    Read a manifest, from whomever it may come.

    Parameters
    ----------
    content
        The bytes of `MANIFEST.json`.

    Returns
    -------
    manifest
        Its names lead nowhere else and are unlike each other on every system.

    Raises
    ------
    PackageError
        If it is not a manifest, says something that cannot be, or is not in the form `written` gives it.
    """
    if len(content) > MAX_MANIFEST_BYTES:
        msg = f"ist größer als {MAX_MANIFEST_BYTES // 1024**2} MB"
        raise _refused(msg)
    try:
        manifest = Manifest.model_validate_json(content, strict=True)
    except ValidationError as error:
        msg = f"ist kein gültiges Verzeichnis: {_spoken(error)}"
        raise _refused(msg) from error
    if written(manifest) != content:
        # One manifest, one sequence of bytes: no repeated key, no space, no second spelling of a letter.
        msg = "ist nicht so geschrieben, wie dieses Programm es schreibt"
        raise _refused(msg)
    return manifest


def _spoken(error: ValidationError) -> str:
    """Return the first faults on one line, with nothing that a terminal obeys."""
    return "; ".join(spoken(fault, 300) for fault in in_german(error).split("; ")[:5])


def _refused(reason: str) -> PackageError:
    return PackageError(f"'{MANIFEST}' {reason}", "Bitten Sie die absendende Stelle um ein neues Paket.")
