"""What became of the files of a package since its manifest was written."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rollout.sharing.manifest import MANIFEST, SIGNATURE
from rollout.sharing.names import spoken
from rollout.wording import counted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rollout.sharing.manifest import Manifest

_SHOWN = 10
"""So many files are named in a sentence."""


@dataclass(frozen=True, slots=True)
class Differences:
    """
    Files that are not as the manifest lists them, each in one group.

    Attributes
    ----------
    changed, missing, extra
        Paths, sorted.
    renamed
        Path in the manifest → path where the same content lies now.
    """

    changed: tuple[str, ...]
    missing: tuple[str, ...]
    extra: tuple[str, ...]
    renamed: Mapping[str, str]

    def __bool__(self) -> bool:
        return bool(self.changed or self.missing or self.extra or self.renamed)

    @property
    def sentences(self) -> list[str]:
        """German sentences that name the files."""
        moved = [f"'{spoken(was)}' heißt jetzt '{spoken(now)}'." for was, now in self.renamed.items()]
        return [
            *_named(self.changed, "Datei ist verändert", "Dateien sind verändert"),
            *_named(self.missing, "Datei fehlt", "Dateien fehlen"),
            *_named(self.extra, "Datei gehört nicht dazu", "Dateien gehören nicht dazu"),
            *moved[:_SHOWN],
        ]


def differences(manifest: Manifest, files: Mapping[str, bytes]) -> Differences:
    """
    Compare the files of a package with its manifest.

    Parameters
    ----------
    manifest
        What is listed.
    files
        Relative path with `/` → content; manifest and signature are left out of it.

    Returns
    -------
    differences
        False in a condition where every file is there, unchanged, and no other.
    """
    listed = {file.path: file.sha256 for file in manifest.files}
    found = {name: _sha256(content) for name, content in files.items() if name not in {MANIFEST, SIGNATURE}}
    missing, extra = sorted(listed.keys() - found.keys()), sorted(found.keys() - listed.keys())
    renamed = _renamed({name: listed[name] for name in missing}, {name: found[name] for name in extra})
    return Differences(
        changed=tuple(name for name in sorted(listed.keys() & found.keys()) if listed[name] != found[name]),
        missing=tuple(name for name in missing if name not in renamed),
        extra=tuple(name for name in extra if name not in renamed.values()),
        renamed=renamed,
    )


def _renamed(missing: Mapping[str, str], extra: Mapping[str, str]) -> dict[str, str]:
    """Pair names of the same content, each once."""
    free: dict[str, list[str]] = {}
    for name, digest in extra.items():
        free.setdefault(digest, []).append(name)
    return {name: free[digest].pop(0) for name, digest in missing.items() if free.get(digest)}


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _named(names: Sequence[str], one: str, many: str) -> list[str]:
    if not names:
        return []
    shown = ", ".join(f"'{spoken(name)}'" for name in names[:_SHOWN])
    more = f" und {len(names) - _SHOWN} weitere" if len(names) > _SHOWN else ""
    return [f"{counted(len(names), one, many)}: {shown}{more}."]
