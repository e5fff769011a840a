"""`rollout init` and `rollout synthetic`: a project of one's own, or a made-up city."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rollout.cli.arguments import DryRun
from rollout.cli.speaking import say

_Folder = Annotated[Path, typer.Argument(metavar="ORDNER", help="Wird angelegt, wenn es ihn nicht gibt.")]
_Seed = Annotated[
    int | None,
    typer.Option(
        "--seed", min=0, help="Gleiche Zahl, gleiche Stadt, auf das Byte genau. Ohne Angabe: die des Projekts."
    ),
]
_Base = Annotated[
    Path | None,
    typer.Option(
        "--base",
        metavar="ORDNER",
        help="Stadtgrenze, Nachbargemeinden, Stadtteile und Haltestellen. Ohne Angabe: base im Zielordner.",
    ),
]


def init(folder: _Folder, *, dry_run: DryRun = False) -> None:
    """Legt ein neues Projekt an: kommentierte Projektdatei und leere Ebenen."""
    from rollout.layers.starter import write_starter

    for path in write_starter(folder, dry_run=dry_run):
        say(str(path), err=False)
    if not dry_run:
        say(f"Tragen Sie Ihre Daten ein, dann: rollout check {folder}")


def synthetic(folder: _Folder, *, base: _Base = None, seed: _Seed = None) -> None:
    """Erzeugt eine erfundene Stadt mit ihren Lieferungen; ersetzt die Dateien im Ordner."""
    from rollout.synthetic.base import read_base
    from rollout.synthetic.city import make_city, write_city
    from rollout.synthetic.deliveries import write_deliveries
    from rollout.synthetic.spec import CitySpec

    spec = CitySpec() if seed is None else CitySpec(seed=seed)
    city = make_city(read_base(base or folder / "base"), spec)
    for path in [*write_city(city, folder), *write_deliveries(city, folder / "deliveries", spec)]:
        say(str(path), err=False)
