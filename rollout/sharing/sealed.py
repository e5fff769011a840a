"""
Pages that open with a password: the shell is the same for everyone, the data in it is encrypted.

JSON → gzip → AES-256-GCM, the key by PBKDF2-HMAC-SHA-256. Audience and Stichtag stand beside it in the open and are
bound to it: who alters them, or any other byte of it, gets nothing. `unseal.js` does the reverse in the browser.
"""

from __future__ import annotations

import base64
import gzip
import json
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC
from pydantic import ConfigDict, Field, ValidationError

from rollout.cartography.document import sealed_data
from rollout.cartography.payload import as_json
from rollout.sharing.passphrases import normal, refuse_weak
from rollout.sharing.refusal import PackageError, PasswordError
from rollout.validation import Identifier, Part

if TYPE_CHECKING:
    import datetime as dt

    from rollout.cartography import PhaseMap

FORMAT = 1
"""Raised whenever a page of the one kind cannot open the data of the other."""

ROUNDS = 600_000
SALT_BYTES = 16
NONCE_BYTES = 12
_KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Bound:
    """
    What is told openly beside encrypted data, and bound to it.

    Attributes
    ----------
    audience
        Key of the audience in the project file.
    stand
        Day of the data.
    """

    audience: str
    stand: dt.date


@dataclass(frozen=True, slots=True)
class Chance:
    """
    The random part of one encryption; never the same twice.

    Attributes
    ----------
    salt
        16 bytes for the key.
    nonce
        12 bytes for the cipher.
    """

    salt: bytes
    nonce: bytes


class _Sealed(Part):
    """Encrypted data as it stands in a page: numbers and text exactly as written, nothing converted."""

    model_config = ConfigDict(strict=True)

    format: Literal[1]
    rounds: int = Field(ge=1, le=10_000_000)
    audience: Identifier
    stand: str
    salt: str
    nonce: str
    data: str


def fresh() -> Chance:
    """
    Draw a salt and a nonce.

    Returns
    -------
    chance
        From the system's generator for secrets.
    """
    return Chance(secrets.token_bytes(SALT_BYTES), secrets.token_bytes(NONCE_BYTES))


def sealed(page: PhaseMap, password: str, bound: Bound, chance: Chance | None = None) -> str:
    """
    Make a page that opens with a password.

    Parameters
    ----------
    page
        The page, drawn from what its audience may see.
    password
        In whatever form; see `passphrases.normal`.
    bound
        What is told openly beside the data.
    chance
        Salt and nonce; drawn anew by default, and given only by tests.

    Returns
    -------
    page
        HTML without a readable word of the project.

    Raises
    ------
    InputError
        If the password is too weak.
    OutputError
        If the page cannot be made, or holds elements that would stay readable.
    """
    refuse_weak(password)
    return page.sealed_html(lambda data: encrypted(data, password, bound, chance or fresh()))


def encrypted(data: str, password: str, bound: Bound, chance: Chance) -> str:
    """
    Encrypt text.

    Parameters
    ----------
    data
        Any text.
    password
        In whatever form.
    bound
        What is told openly beside it.
    chance
        Salt and nonce, which must never serve the same password twice.

    Returns
    -------
    sealed
        JSON without `<`, `>` and `&`.
    """
    packed = gzip.compress(data.encode("utf-8"), mtime=0)
    head = {"format": FORMAT, "rounds": ROUNDS, "audience": bound.audience, "stand": bound.stand.isoformat()}
    cipher = AESGCM(_key(password, chance.salt, ROUNDS))
    secret = cipher.encrypt(chance.nonce, packed, _said(bound.audience, bound.stand.isoformat()))
    parts = {"salt": chance.salt, "nonce": chance.nonce, "data": secret}
    return as_json({**head, **{name: base64.b64encode(part).decode("ascii") for name, part in parts.items()}})


def unsealed(page: str, password: str) -> str:
    """
    Open a sealed page.

    Parameters
    ----------
    page
        HTML.
    password
        In whatever form.

    Returns
    -------
    data
        JSON, as the page's modules read it.

    Raises
    ------
    PasswordError
        If the password does not fit, or as much as one byte was altered, which looks the same.
    PackageError
        If the page is not a sealed one, or what is sealed in it is damaged for all to see.
    """
    found = _sealed_of(page)
    key = _key(password, _bytes(found.salt), found.rounds)
    try:
        packed = AESGCM(key).decrypt(_bytes(found.nonce), _bytes(found.data), _said(found.audience, found.stand))
    except (InvalidTag, ValueError) as error:
        hint = "Prüfen Sie das Passwort. Stimmt es sicher, dann wurde die Datei verändert: lassen Sie sie neu senden."
        msg = "das Passwort passt nicht zu dieser Datei"
        raise PasswordError(msg, hint) from error
    return gzip.decompress(packed).decode("utf-8")


def _sealed_of(page: str) -> _Sealed:
    text = sealed_data(page)
    if text is None:
        msg = "die Seite enthält keine verschlüsselten Daten"
        raise PackageError(msg, "Sie öffnet sich ohne Passwort im Browser.")
    try:
        return _Sealed.model_validate_json(text)
    except ValidationError as error:
        raise _damaged() from error


def _damaged() -> PackageError:
    msg = "die verschlüsselten Daten der Seite sind beschädigt"
    return PackageError(msg, "Lassen Sie die Datei neu senden.")


def _bytes(text: str) -> bytes:
    """Read base64 in the one way it may be written: its last character has bits that would not count."""
    try:
        read = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise _damaged() from error
    if base64.b64encode(read).decode("ascii") != text:
        raise _damaged()
    return read


def _said(audience: str, stand: str) -> bytes:
    return json.dumps([FORMAT, audience, stand], separators=(",", ":")).encode("ascii")


def _key(password: str, salt: bytes, rounds: int) -> bytes:
    derived = PBKDF2HMAC(algorithm=SHA256(), length=_KEY_BYTES, salt=salt, iterations=rounds)
    return derived.derive(normal(password).encode("utf-8"))
