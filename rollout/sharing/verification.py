"""The receiver's side: whether a package is genuine, whole, in force, and the newest one there is."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from rollout.sharing.differences import Differences, differences
from rollout.sharing.manifest import MANIFEST, SIGNATURE, Manifest, read_manifest
from rollout.sharing.names import spoken
from rollout.sharing.packages import comment_of
from rollout.sharing.refusal import PackageError, SignatureError
from rollout.sharing.signature import read_public_key, read_signature, untrusted_comment, verify
from rollout.wording import counted, date

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping

Neighbours = dict[str, dict[str, bytes] | None]
"""Name → manifest and signature of a package in the same place; None where another password protects it."""


_WHOLE = 500


class Check(StrEnum):
    """What is looked at, in this order."""

    SIGNATURE = "signature"
    CONTENTS = "contents"
    FILES = "files"
    VALIDITY = "validity"
    NEWEST = "newest"


@dataclass(frozen=True, slots=True)
class Outcome:
    """
    What came of one check.

    Attributes
    ----------
    check
        Which one.
    passed
        Whether all is well.
    sentence
        What was found, in German.
    """

    check: Check
    passed: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """
    What is to be thought of a package.

    Attributes
    ----------
    outcomes
        One per check that could be made.
    manifest
        What the package says of itself; None where that cannot be read. To be believed only if `is_genuine`.
    differences
        Files that are not as listed; None where nothing lists them.
    newer
        Names of packages beside it that replace it, the newest first.
    has_key
        Whether there was a public key to verify the signature with.
    """

    outcomes: tuple[Outcome, ...]
    manifest: Manifest | None = None
    differences: Differences | None = None
    newer: tuple[str, ...] = ()
    has_key: bool = True

    @property
    def is_genuine(self) -> bool:
        """Whether it is signed by the key, and every file of it is the one that was signed."""
        return self.has_key and self._is_consistent

    @property
    def is_good(self) -> bool:
        """Whether it is genuine, in force, and replaced by no package beside it."""
        return self.is_genuine and all(outcome.passed for outcome in self.outcomes)

    @property
    def sentence(self) -> str:
        """The verdict in one German sentence."""
        if self.is_good:
            return "Das Paket ist echt, vollständig und in Kraft."
        if self.is_genuine:
            return "Das Paket ist echt und vollständig, aber nicht zu verwenden."
        if not self.has_key and self._is_consistent:
            return "Die Dateien passen zueinander, aber von wem sie stammen, ist nicht geprüft."
        return "Das Paket ist nicht so, wie es abgesandt wurde. Verwenden Sie es nicht."

    @property
    def _is_consistent(self) -> bool:
        needed = {Check.CONTENTS, Check.FILES} | ({Check.SIGNATURE} if self.has_key else set())
        return self.manifest is not None and not any(it.check in needed and not it.passed for it in self.outcomes)

    def as_object(self) -> dict[str, Any]:
        """Return the verdict as plain objects for JSON."""
        return {
            "good": self.is_good,
            "genuine": self.is_genuine,
            "message": self.sentence,
            "checks": [{"check": it.check.value, "passed": it.passed, "message": it.sentence} for it in self.outcomes],
            "package": self.manifest.about.model_dump(mode="json") if self.manifest else None,
            "differences": asdict(self.differences) if self.differences is not None else None,
            "newer": list(self.newer),
        }


def verified(
    files: Mapping[str, bytes], public_key: str | None, *, today: dt.date, beside: Neighbours | None = None
) -> Verdict:
    """
    Verify a package.

    Parameters
    ----------
    files
        Relative path with `/` → content, manifest and signature among them.
    public_key
        The sender's, as file or word, had by another way than the package; None where there is none.
    today
        The day the package is to be used on.
    beside
        Packages in the same place, as `containers.beside` finds them. With a key, those it did not sign are passed
        over: a forged package must not call a genuine one outdated.

    Returns
    -------
    verdict
        Every fault of it, by name.

    Raises
    ------
    KeyFileError
        If the public key is none.
    """
    signed, has_key = _signed(files, public_key), public_key is not None
    try:
        manifest = read_manifest(files.get(MANIFEST, b""))
    except PackageError as error:
        return Verdict((signed, Outcome(Check.CONTENTS, False, f"{error.message}.")), has_key=has_key)
    found = differences(manifest, files)
    newer = _newer(manifest, beside or {}, public_key)
    outcomes = (
        *(signed, _contents(manifest), _whole(manifest, found), _valid(manifest, today)),
        _newest(newer, sum(other is None for other in (beside or {}).values())),
    )
    return Verdict(outcomes, manifest, found, tuple(newer), has_key)


def _signed(files: Mapping[str, bytes], public_key: str | None) -> Outcome:
    if SIGNATURE not in files:
        return Outcome(Check.SIGNATURE, False, f"Die Unterschrift fehlt: es gibt keine '{SIGNATURE}'.")
    if public_key is None:
        sentence = "Die Unterschrift ist nicht geprüft: es fehlt der öffentliche Schlüssel der absendenden Stelle."
        return Outcome(Check.SIGNATURE, False, sentence)
    key = read_public_key(public_key)
    try:
        _require_signature(files, public_key)
    except SignatureError as error:
        return Outcome(Check.SIGNATURE, False, f"Die Unterschrift gilt nicht: {error.message}.")
    sentence = f"Die Unterschrift stimmt: Schlüssel {key.name}, Prüfzahl {key.fingerprint}."
    return Outcome(Check.SIGNATURE, True, sentence)


def _require_signature(files: Mapping[str, bytes], public_key: str) -> None:
    """Raise SignatureError unless the manifest is signed by this key, in the only form a package is signed in."""
    manifest, text = files.get(MANIFEST, b""), files[SIGNATURE].decode("utf-8", "replace")
    comment = verify(manifest, text, public_key)
    if read_signature(text).text(untrusted_comment(read_public_key(public_key))).encode() != files[SIGNATURE]:
        msg = "an ihrer Datei wurde etwas verändert"  # in what minisign itself does not protect
        raise SignatureError(msg)
    try:
        about = read_manifest(manifest).about
    except PackageError:
        return  # genuine, and of a newer version: said by the next check
    if comment != comment_of(about, manifest):
        msg = "ihr Kommentar nennt ein anderes Paket"
        raise SignatureError(msg)


def _contents(manifest: Manifest) -> Outcome:
    about = manifest.about
    known = f", wie am {date(about.known_at)} bekannt" if about.known_at else ""
    what = f"{spoken(about.project, _WHOLE)}, für {spoken(about.recipient, _WHOLE)}"
    return Outcome(Check.CONTENTS, True, f"{what}: Stand {date(about.as_of)}{known}, Ausgabe {about.release}.")


def _whole(manifest: Manifest, found: Differences) -> Outcome:
    count = counted(len(manifest.files), "Datei ist", "Dateien sind")
    return Outcome(Check.FILES, not found, " ".join(found.sentences) if found else f"{count} da und unverändert.")


def _valid(manifest: Manifest, today: dt.date) -> Outcome:
    stand, until = manifest.about.as_of, manifest.about.valid_until
    if today < stand:
        return Outcome(Check.VALIDITY, False, f"Gilt erst ab {date(stand)}: der Stand liegt in der Zukunft.")
    if today <= until:
        return Outcome(Check.VALIDITY, True, f"Gültig bis {date(until)}.")
    late = counted((today - until).days, "Tag", "Tagen")
    return Outcome(Check.VALIDITY, False, f"Abgelaufen seit {late}: gültig bis {date(until)}.")


def _newest(newer: Mapping[str, Manifest], unread: int) -> Outcome:
    for name, other in newer.items():
        stand = f"Stand {date(other.about.as_of)}, Ausgabe {other.about.release}"
        return Outcome(Check.NEWEST, False, f"Ersetzt durch das neuere Paket '{spoken(name)}' daneben ({stand}).")
    said = f"; {counted(unread, 'Paket', 'Pakete')} mit eigenem Passwort ungelesen" if unread else ""
    return Outcome(Check.NEWEST, True, f"Kein neueres Paket daneben{said}.")


def _newer(manifest: Manifest, beside: Neighbours, public_key: str | None) -> dict[str, Manifest]:
    one = manifest.about
    newer = {
        name: other
        for name, other in _believed(beside, public_key)
        if (other.about.project, other.about.audience) == (one.project, one.audience) and other.about.age > one.age
    }
    return dict(sorted(newer.items(), key=lambda item: item[1].about.age, reverse=True))


def _believed(beside: Neighbours, public_key: str | None) -> Iterator[tuple[str, Manifest]]:
    for name, files in beside.items():
        if files is None or SIGNATURE not in files:
            continue
        try:
            if public_key is not None:
                _require_signature(files, public_key)
            yield name, read_manifest(files[MANIFEST])
        except (SignatureError, PackageError):
            continue
