"""
The sender's key pair: `rollout.key` and `rollout.pub`, as minisign writes them.

The secret key is protected by a password (scrypt), as minisign protects it, or by the rights of its file alone. The
tool `minisign` can use either. Both files lie in one folder, which tells git to leave the secret one alone.
"""

from __future__ import annotations

import base64
import hashlib
import os
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rollout.errors import OutputError
from rollout.files import write_file
from rollout.sharing.refusal import KeyFileError, PasswordError
from rollout.sharing.signature import (
    KEY_ALGORITHM,
    NUMBER_BYTES,
    POINT_BYTES,
    UNTRUSTED,
    PublicKey,
    SecretKey,
    generate,
    public_key_text,
    read_public_key,
)

if TYPE_CHECKING:
    from pathlib import Path

SECRET_FILE = "rollout.key"  # noqa: S105 - the name of a file
PUBLIC_FILE = "rollout.pub"
FOLDER = "schluessel"
"""Where a project keeps its keys, unless another folder is named."""

MIN_PASSWORD = 12
"""Characters of a password that protects a key file on one's own disk."""

_STRETCHED, _OPEN, _CHECKSUM = b"Sc", b"\0\0", b"B2"
_SALT_BYTES, _SUM_BYTES = 32, 32
_HEAD_BYTES = 6 + _SALT_BYTES + 16
_BODY_BYTES = NUMBER_BYTES + 2 * POINT_BYTES + _SUM_BYTES
_OPERATIONS, _MEMORY = 2**22, 2**27
"""As libsodium counts them: scrypt with N = 2^17 and r = 8, about half a second and 128 MB."""

_MAX_OPERATIONS, _MAX_MEMORY = 2**25, 2**30
"""What minisign itself takes: N = 2^20."""

_IGNORED = "*.key\n"
_OTHERS = 0o077


@dataclass(frozen=True, slots=True)
class KeyFiles:
    """
    A pair of key files that is there.

    Attributes
    ----------
    folder
        Where both lie.
    public
        The public key.
    is_protected
        Whether the secret key needs a password.
    """

    folder: Path
    public: PublicKey
    is_protected: bool


def secret_key_text(key: SecretKey, password: str | None) -> str:
    """
    Write a secret key as minisign does.

    Parameters
    ----------
    key
        The key.
    password
        What protects it; None leaves it open to whoever can read the file.

    Returns
    -------
    text
        What a file `.key` holds; another one each time where there is a password.
    """
    body = key.number + key.seed + key.public.point
    body += hashlib.blake2b(KEY_ALGORITHM + body, digest_size=_SUM_BYTES).digest()
    if password is None:
        head = KEY_ALGORITHM + _OPEN + _CHECKSUM + bytes(_SALT_BYTES + 16)
    else:
        salt = secrets.token_bytes(_SALT_BYTES)
        costs = _OPERATIONS.to_bytes(8, "little") + _MEMORY.to_bytes(8, "little")
        head = KEY_ALGORITHM + _STRETCHED + _CHECKSUM + salt + costs
        body = _mixed(body, head, password)
    kind = "secret key" if password is None else "encrypted secret key"
    return f"{UNTRUSTED}minisign {kind}\n{base64.b64encode(head + body).decode()}\n"


def read_secret_key(text: str, password: str | None = None) -> SecretKey:
    """
    Read a secret key, ours or one that minisign made.

    Parameters
    ----------
    text
        What the file `.key` holds.
    password
        What protects it, where something does.

    Returns
    -------
    key
        The key.

    Raises
    ------
    KeyFileError
        If it is no secret key, or is damaged.
    PasswordError
        If it is protected, and the password is missing or wrong.
    """
    content = _content(text)
    head, body = content[:_HEAD_BYTES], content[_HEAD_BYTES:]
    if head[2:4] == _STRETCHED:
        if not password:
            msg = "der geheime Schlüssel ist mit einem Passwort geschützt"
            raise PasswordError(msg, "Geben Sie es ein, wenn danach gefragt wird.")
        body = _mixed(body, head, password)
    number, pair, total = body[:NUMBER_BYTES], body[NUMBER_BYTES:-_SUM_BYTES], body[-_SUM_BYTES:]
    right = hashlib.blake2b(KEY_ALGORITHM + number + pair, digest_size=_SUM_BYTES).digest()
    if head[2:4] == _STRETCHED and not secrets.compare_digest(total, right):
        msg = "das Passwort des geheimen Schlüssels ist falsch"
        raise PasswordError(msg, "Achten Sie auf Groß- und Kleinschreibung, und versuchen Sie es noch einmal.")
    key = SecretKey(number, pair[:POINT_BYTES])
    if key.public.point != pair[POINT_BYTES:]:
        msg = "er ist beschädigt"
        raise _no_key(msg)
    return key


def is_protected(text: str) -> bool:
    """
    Tell whether a secret key needs a password.

    Parameters
    ----------
    text
        What the file `.key` holds.

    Returns
    -------
    protected
        False where the rights of the file are all that protects it.

    Raises
    ------
    KeyFileError
        If it is no secret key.
    """
    return _content(text)[2:4] == _STRETCHED


def make_keys(folder: Path, password: str | None) -> KeyFiles:
    """
    Make a key pair and write it; one that is there is never replaced.

    Parameters
    ----------
    folder
        Made if it does not exist. A file in it keeps the secret key out of git.
    password
        What protects the secret key; None leaves that to the rights of its file.

    Returns
    -------
    keys
        What was written.

    Raises
    ------
    OutputError
        If a key is there already, the password is too short, or the files cannot be written.
    """
    if password is not None and len(password) < MIN_PASSWORD:
        msg = f"das Passwort hat {len(password)} Zeichen, nötig sind {MIN_PASSWORD}"
        raise OutputError(msg, "Nehmen Sie mehrere Wörter, die nichts miteinander zu tun haben.")
    there = [name for name in (SECRET_FILE, PUBLIC_FILE) if (folder / name).exists()]
    if there:
        msg = f"in '{folder}' liegt schon {' und '.join(there)}"
        hint = "Ein Schlüssel wird nie ersetzt. Verschieben Sie ihn, oder nennen Sie einen anderen Ordner."
        raise OutputError(msg, hint)
    key = generate()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write_secretly(folder / SECRET_FILE, secret_key_text(key, password))
    except OSError as error:
        msg = f"der Schlüssel lässt sich nicht in '{folder}' schreiben: {error.strerror}"
        hint = "Prüfen Sie Schreibrecht und freien Platz, oder nennen Sie einen anderen Ordner."
        raise OutputError(msg, hint) from error
    write_file(folder / PUBLIC_FILE, public_key_text(key.public).encode())
    return KeyFiles(folder, key.public, password is not None)


def find_keys(folder: Path) -> KeyFiles:
    """
    Look at a key pair without opening the secret one.

    Parameters
    ----------
    folder
        Where it lies.

    Returns
    -------
    keys
        What is there.

    Raises
    ------
    KeyFileError
        If there is none, or it cannot be read.
    """
    secret, public = read_key_file(folder / SECRET_FILE), read_key_file(folder / PUBLIC_FILE)
    return KeyFiles(folder, read_public_key(public), is_protected(secret))


def open_key(folder: Path, password: str | None = None) -> SecretKey:
    """
    Open a secret key to sign with.

    Parameters
    ----------
    folder
        Where it lies.
    password
        What protects it, where something does.

    Returns
    -------
    key
        The key that belongs to the public one beside it.

    Raises
    ------
    KeyFileError
        If there is none, it is damaged, or others may read it and no password protects it.
    PasswordError
        If its password is missing or wrong.
    """
    path, keys = folder / SECRET_FILE, find_keys(folder)
    if os.name != "nt" and not keys.is_protected and path.stat().st_mode & _OTHERS:
        msg = f"'{path}' dürfen auch andere lesen, und kein Passwort schützt ihn"
        raise KeyFileError(msg, f"Nehmen Sie ihnen das Recht: chmod 600 '{path}'")
    key = read_secret_key(read_key_file(path), password)
    if key.public != keys.public:
        msg = f"'{SECRET_FILE}' und '{PUBLIC_FILE}' in '{folder}' gehören nicht zusammen"
        raise KeyFileError(msg, "Legen Sie die beiden Dateien zurück, die miteinander entstanden sind.")
    return key


def read_key_file(path: Path) -> str:
    """
    Read a file of a key.

    Parameters
    ----------
    path
        Public or secret.

    Returns
    -------
    text
        What it holds.

    Raises
    ------
    KeyFileError
        If it cannot be read, or is no text.
    """
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "kein Text"
        msg = f"der Schlüssel '{path}' ist nicht lesbar: {reason}"
        hint = "Nennen Sie die Datei oder ihren Ordner, oder legen Sie einen Schlüssel an mit: rollout keys"
        raise KeyFileError(msg, hint) from error


def _write_secretly(path: Path, text: str) -> None:
    ignored = path.parent / ".gitignore"
    if not ignored.exists():
        ignored.write_text(_IGNORED, encoding="utf-8")
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _content(text: str) -> bytes:
    lines = text.strip().splitlines()
    try:
        content = base64.b64decode(lines[-1] if lines else "", validate=True)
    except ValueError as error:
        msg = "er ist nicht in Base64 geschrieben"
        raise _no_key(msg) from error
    if len(content) != _HEAD_BYTES + _BODY_BYTES or content[:2] != KEY_ALGORITHM:
        msg = "die Länge oder das Verfahren ist ein anderes"
        raise _no_key(msg)
    if content[2:4] not in {_STRETCHED, _OPEN}:
        msg = "das Verfahren seines Passworts ist unbekannt"
        raise _no_key(msg)
    return content


def _mixed(body: bytes, head: bytes, password: str) -> bytes:
    """Encrypt or decrypt: a stream of scrypt is added to every bit."""
    salt, costs = head[6 : 6 + _SALT_BYTES], head[6 + _SALT_BYTES :]
    operations, memory = int.from_bytes(costs[:8], "little"), int.from_bytes(costs[8:], "little")
    if operations > _MAX_OPERATIONS or memory > _MAX_MEMORY:
        msg = "sein Passwort braucht mehr Rechenzeit oder Speicher, als minisign nimmt"
        raise _no_key(msg)
    rounds, parallel = _costs(operations, memory)
    stream = hashlib.scrypt(
        password.encode(), salt=salt, n=rounds, r=8, p=parallel, maxmem=2 * _MAX_MEMORY - 1, dklen=len(body)
    )
    return bytes(one ^ other for one, other in zip(body, stream, strict=True))


def _costs(operations: int, memory: int) -> tuple[int, int]:
    """Return N and p of scrypt for r = 8, as libsodium picks them."""
    operations = max(operations, 2**15)
    small = operations < memory // 32
    most = operations // 32 if small else memory // 1024
    power = next(power for power in range(1, 64) if 2**power > most // 2)
    parallel = 1 if small else min(operations // 4 // 2**power, 2**30 - 1) // 8
    return 2**power, max(parallel, 1)


def _no_key(reason: str) -> KeyFileError:
    hint = "Er ist die Datei rollout.key, wie `rollout keys` oder `minisign -G` sie schreibt."
    return KeyFileError(f"es ist kein geheimer Schlüssel: {reason}", hint)
