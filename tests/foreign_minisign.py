"""minisign by other hands: the tool itself, and a second implementation, behind the same two questions."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

import minisign


@dataclass(frozen=True)
class MinisignLibrary:
    """Another author's implementation, from a package."""

    def comment(self, content: bytes, signature: str, public_key: str) -> str | None:
        """The trusted comment, or None where it refuses."""
        try:
            taken = minisign.Signature.from_bytes(signature.encode())
            minisign.PublicKey.from_bytes(public_key.encode()).verify(content, taken)
        except minisign.Error:
            return None
        return taken.trusted_comment

    def signed(self, content: bytes, secret_key: str, password: str | None) -> str:
        key = minisign.SecretKey.from_bytes(secret_key.encode())
        if password is not None:
            key.decrypt(password)
        return bytes(key.sign(content, trusted_comment="von anderen")).decode()


@dataclass(frozen=True)
class MinisignTool:
    """minisign itself."""

    program: str
    folder: Path

    def comment(self, content: bytes, signature: str, public_key: str) -> str | None:
        self._put(content=content, signature=signature.encode(), key=public_key.encode())
        done = self._run("-V", "-Q", "-m", "content", "-x", "signature", "-p", "key")
        return done.stdout.removesuffix("\n") if done.returncode == 0 else None

    def signed(self, content: bytes, secret_key: str, password: str | None) -> str:
        self._put(content=content, key=secret_key.encode())
        done = self._run("-S", "-m", "content", "-x", "made", "-s", "key", "-t", "von anderen", answer=password)
        assert done.returncode == 0, done.stderr
        return (self.folder / "made").read_text(encoding="utf-8")

    def keys(self) -> tuple[str, str]:
        """A secret key file without password, and its public key file, that it makes."""
        done = self._run("-G", "-f", "-W", "-s", "made.key", "-p", "made.pub")
        assert done.returncode == 0, done.stderr
        return (self.folder / "made.key").read_text(), (self.folder / "made.pub").read_text()

    def _put(self, **files: bytes) -> None:
        for name, content in files.items():
            (self.folder / name).write_bytes(content)

    def _run(self, *arguments: str, answer: str | None = None) -> subprocess.CompletedProcess[str]:
        said = f"{answer}\n" if answer else ""
        return subprocess.run(
            [self.program, *arguments], cwd=self.folder, input=said, capture_output=True, text=True, check=False
        )


Minisign = MinisignLibrary | MinisignTool
