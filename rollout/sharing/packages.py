"""A package: the files of an audience, a README, a manifest and its signature."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from rollout import __version__
from rollout.errors import OutputError
from rollout.sharing.manifest import MANIFEST, README, SIGNATURE, manifest_of, written
from rollout.sharing.readme import readme
from rollout.sharing.signature import sign

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rollout.sharing.manifest import About
    from rollout.sharing.signature import SecretKey

PRODUCT = f"rollout {__version__}"


def packed(files: Mapping[str, bytes], about: About, key: SecretKey) -> dict[str, bytes]:
    """
    Make a package of the files of an audience.

    Parameters
    ----------
    files
        Relative path with `/` → content.
    about
        What the package is.
    key
        The sender's secret key.

    Returns
    -------
    package
        The files, README, manifest and signature, in the order of their paths; the same bytes for the same inputs.

    Raises
    ------
    OutputError
        If a name cannot stand in a package, or is one of the three that are added.
    """
    own = {name.casefold() for name in (README, MANIFEST, SIGNATURE)}
    taken = [name for name in files if name.casefold() in own]
    if taken:
        msg = f"'{taken[0]}' ist im Paket schon vergeben"
        raise OutputError(msg, "Benennen Sie die Datei um.")
    every = {**files, README: readme(files, about, key.public.name)}
    manifest = written(manifest_of(every, about, PRODUCT))
    every[MANIFEST] = manifest
    every[SIGNATURE] = sign(manifest, key, comment_of(about, manifest)).encode()
    return dict(sorted(every.items()))


def comment_of(about: About, manifest: bytes) -> str:
    """
    Return what is signed together with a manifest, so that whoever verifies it by minisign reads it.

    Parameters
    ----------
    about
        What the package is.
    manifest
        The bytes of `MANIFEST.json`.

    Returns
    -------
    comment
        Audience, Stand, release and the SHA-256 of the manifest. No time of making: the same each time.
    """
    digest = hashlib.sha256(manifest).hexdigest()
    return f"rollout package audience={about.audience} stand={about.as_of} release={about.release} sha256={digest}"
