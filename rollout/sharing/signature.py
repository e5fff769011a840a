"""
Signatures in the format of minisign: Ed25519 over the BLAKE2b-512 of the content.

The format is described at https://jedisct1.github.io/minisign/. Only its present form is written and accepted, in
which the content is hashed first and the trusted comment is signed together with the signature.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from rollout.sharing.names import spoken
from rollout.sharing.refusal import KeyFileError, SignatureError

UNTRUSTED = "untrusted comment: "
TRUSTED = "trusted comment: "
KEY_ALGORITHM = b"Ed"
NUMBER_BYTES = 8
POINT_BYTES = 32

_HASHED = b"ED"
_SIGNATURE_BYTES = 64
_MAX_CHARACTERS = 8192
_LINES = 4


@dataclass(frozen=True, slots=True)
class PublicKey:
    """
    What signatures are verified with.

    Attributes
    ----------
    number
        8 random bytes that name the key.
    point
        The 32 bytes of the Ed25519 key.
    """

    number: bytes
    point: bytes

    @property
    def name(self) -> str:
        """The number as minisign shows it, e.g. `F85C5146DF60ABA4`."""
        return f"{int.from_bytes(self.number, 'little'):016X}"

    @property
    def code(self) -> str:
        """The key as one word of 56 characters."""
        return base64.b64encode(KEY_ALGORITHM + self.number + self.point).decode()

    @property
    def fingerprint(self) -> str:
        """Forty digits in groups of five, to be compared on the telephone."""
        digest = hashlib.sha256(b"rollout key" + self.number + self.point).digest()
        digits = f"{int.from_bytes(digest) % 10**40:040d}"
        return " ".join(digits[start : start + 5] for start in range(0, 40, 5))


@dataclass(frozen=True, slots=True)
class SecretKey:
    """
    What signatures are made with; it never shows itself.

    Attributes
    ----------
    number
        8 random bytes that name the key.
    seed
        The 32 secret bytes.
    """

    number: bytes
    seed: bytes = field(repr=False)

    @property
    def public(self) -> PublicKey:
        """The key that verifies what this one signs."""
        return PublicKey(self.number, self._key().public_key().public_bytes_raw())

    def sign(self, message: bytes) -> bytes:
        """Return the 64 bytes that Ed25519 makes of a message; the same each time."""
        return self._key().sign(message)

    def _key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)


@dataclass(frozen=True, slots=True)
class Signature:
    """
    The four lines of a signature file.

    Attributes
    ----------
    number
        Which key made it.
    own
        The signature of the hashed content.
    comment
        What was signed with it.
    whole
        The signature of `own` and `comment` together.
    """

    number: bytes
    own: bytes
    comment: str
    whole: bytes

    def text(self, untrusted: str) -> str:
        """Return the file: two comments and two signatures, each on a line of its own."""
        own = base64.b64encode(_HASHED + self.number + self.own).decode()
        whole = base64.b64encode(self.whole).decode()
        return f"{UNTRUSTED}{untrusted}\n{own}\n{TRUSTED}{self.comment}\n{whole}\n"


def generate() -> SecretKey:
    """
    Make a new key.

    Returns
    -------
    key
        From the system's own source of chance.
    """
    return SecretKey(secrets.token_bytes(NUMBER_BYTES), secrets.token_bytes(POINT_BYTES))


def untrusted_comment(key: PublicKey) -> str:
    """
    Return the first line of our signatures, which nothing protects and nothing relies on.

    Parameters
    ----------
    key
        The key that verifies them.

    Returns
    -------
    text
        Constant for one key.
    """
    return f"signature of a rollout package by key {key.name}"


def sign(content: bytes, key: SecretKey, trusted_comment: str) -> str:
    """
    Sign content and a comment on it.

    Parameters
    ----------
    content
        Any bytes.
    key
        The sender's.
    trusted_comment
        One line that is signed, too.

    Returns
    -------
    text
        What a file `.minisig` holds; the same for the same content, key and comment.
    """
    if not trusted_comment.isprintable():
        msg = "a trusted comment is one printable line"
        raise ValueError(msg)
    own = key.sign(_hashed(content))
    made = Signature(key.number, own, trusted_comment, key.sign(own + trusted_comment.encode()))
    return made.text(untrusted_comment(key.public))


def read_signature(text: str) -> Signature:
    """
    Take a signature file apart.

    Parameters
    ----------
    text
        What a file `.minisig` holds; lines may end as on Windows.

    Returns
    -------
    signature
        Not yet verified.

    Raises
    ------
    SignatureError
        If it is no signature of minisign, or one of its old form.
    """
    lines = text.replace("\r\n", "\n").removesuffix("\n").split("\n")
    if len(text) > _MAX_CHARACTERS or len(lines) != _LINES or not _has_comments(lines):
        msg = "vier Zeilen mit zwei Kommentaren erwartet"
        raise _no_signature(msg)
    try:
        own, whole = _decoded(lines[1]), _decoded(lines[3])
    except ValueError as error:
        msg = "eine Zeile ist nicht in Base64 geschrieben"
        raise _no_signature(msg) from error
    if own[:2] == KEY_ALGORITHM:
        msg = "sie hat die alte Form ohne Prüfsumme des Inhalts"
        raise _no_signature(msg)
    if own[:2] != _HASHED or len(own) != 2 + NUMBER_BYTES + _SIGNATURE_BYTES or len(whole) != _SIGNATURE_BYTES:
        msg = "die Länge oder das Verfahren ist ein anderes"
        raise _no_signature(msg)
    number, value = own[2 : 2 + NUMBER_BYTES], own[2 + NUMBER_BYTES :]
    return Signature(number, value, lines[2].removeprefix(TRUSTED), whole)


def verify(content: bytes, signature_text: str, public_key_text: str) -> str:
    """
    Verify a signature.

    Parameters
    ----------
    content
        What was signed.
    signature_text
        What the file `.minisig` holds.
    public_key_text
        The sender's public key: the file `.pub`, or its one word.

    Returns
    -------
    comment
        The trusted comment.

    Raises
    ------
    KeyFileError
        If the public key is none.
    SignatureError
        If the signature is none, of another key, of other content, or its comment was changed.
    """
    key, signature = read_public_key(public_key_text), read_signature(signature_text)
    if signature.number != key.number:
        other = PublicKey(signature.number, b"").name
        msg = f"sie stammt vom Schlüssel {other}, nicht von {key.name}"
        raise SignatureError(msg, "Fragen Sie die absendende Stelle auf einem anderen Weg nach ihrem Schlüssel.")
    _check(key, signature.own, _hashed(content), "der Inhalt ist nicht der unterschriebene")
    message = signature.own + signature.comment.encode("utf-8", "surrogatepass")
    _check(key, signature.whole, message, "ihr Kommentar ist nicht der unterschriebene")
    return signature.comment


def public_key_text(key: PublicKey) -> str:
    """
    Write a public key.

    Parameters
    ----------
    key
        The key.

    Returns
    -------
    text
        What a file `.pub` holds.
    """
    return f"{UNTRUSTED}minisign public key {key.name}\n{key.code}\n"


def read_public_key(text: str) -> PublicKey:
    """
    Read a public key.

    Parameters
    ----------
    text
        What a file `.pub` holds, or its second line alone.

    Returns
    -------
    key
        The key.

    Raises
    ------
    KeyFileError
        If it is none.
    """
    lines = text[:_MAX_CHARACTERS].strip().splitlines()
    code = lines[-1].strip() if lines else ""
    try:
        content = _decoded(code).removeprefix(KEY_ALGORITHM)
        key = PublicKey(content[:NUMBER_BYTES], content[NUMBER_BYTES:])
        Ed25519PublicKey.from_public_bytes(key.point)  # a ValueError, too, where the length is another
    except ValueError as error:
        msg = f"'{spoken(code)}' ist kein öffentlicher Schlüssel von minisign"
        hint = "Er ist ein Wort aus 56 Zeichen, das mit RW beginnt, oder die Datei rollout.pub, in der es steht."
        raise KeyFileError(msg, hint) from error
    return key


def _has_comments(lines: list[str]) -> bool:
    return lines[0].startswith(UNTRUSTED) and lines[2].startswith(TRUSTED)


def _hashed(content: bytes) -> bytes:
    return hashlib.blake2b(content).digest()


def _decoded(code: str) -> bytes:
    content = base64.b64decode(code, validate=True)
    if base64.b64encode(content).decode() != code:
        # The last letter has spare bits: without this, two texts would be one signature.
        raise ValueError(code)
    return content


def _check(key: PublicKey, value: bytes, message: bytes, reason: str) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(key.point).verify(value, message)
    except InvalidSignature as error:
        hint = "Verwenden Sie das Paket nicht; bitten Sie die absendende Stelle um ein neues."
        raise SignatureError(reason, hint) from error


def _no_signature(reason: str) -> SignatureError:
    hint = "Bitten Sie die absendende Stelle um ein neues Paket."
    return SignatureError(f"es ist keine Unterschrift von minisign: {reason}", hint)
