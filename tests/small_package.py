"""A package in miniature, by keys that are no secret."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from rollout.sharing.manifest import About
from rollout.sharing.signature import SecretKey, public_key_text
from rollout.sharing.wrapping import locked, save_folder, zipped

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

KEY = SecretKey(b"rollouts", bytes(range(32)))
OTHER_KEY = SecretKey(b"stranger", bytes(range(1, 33)))
PUBLIC = public_key_text(KEY.public)
DAY = dt.date(2022, 4, 1)
ABOUT = About(
    project="Glasfaser Kleinstadt",
    audience="evl",
    title="EVL",
    recipient="Energieversorgung Kleinstadt",
    purpose="Bauplanung",
    as_of=dt.date(2022, 3, 28),
    valid_until=dt.date(2022, 6, 28),
    rules=("Keine Aktivierung.",),
)
FILES = {
    "index.html": b"<!doctype html><title>Karte</title>" + b"x" * 500,
    "bauabschnitt-1.html": b"<!doctype html>" + bytes(range(256)),
    "tabellen/fortschritt.csv": "Straße;Stand\r\nHauptstraße;verlegt\r\n".encode("utf-8-sig"),
    "tabellen/leer.txt": b"",
}
PASSWORD = "Apfel-Birne-Dachs-Eimer-Falke-Gabel"  # noqa: S105 - opens a package in miniature


def save(package: Mapping[str, bytes], path: Path, password: str | None = None) -> Path:
    """Write a package in the form that its name asks for."""
    if path.suffix.lower() != ".zip":
        return save_folder(package, path)
    path.write_bytes(zipped(package) if password is None else locked(package, password))
    return path
