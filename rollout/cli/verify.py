"""`rollout verify` and `rollout keys`: whether a package is genuine, and the key that says so."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rollout.cli.arguments import DATE_FORMATS, AsJson, ProjectPath, Quiet, day
from rollout.cli.passwords import asked
from rollout.cli.speaking import say, say_json
from rollout.errors import DataError

if TYPE_CHECKING:
    from rollout.sharing.keys import KeyFiles
    from rollout.sharing.verification import Verdict

PASSWORD = "ROLLOUT_PASSWORD"  # noqa: S105 - the name of a variable
KEY_PASSWORD = "ROLLOUT_KEY_PASSWORD"  # noqa: S105 - the name of a variable

_CODE_LENGTH = 56

_Package = Annotated[Path, typer.Argument(metavar="PAKET", help="Ordner oder ZIP, wie Sie es bekommen haben.")]
_Key = Annotated[
    str | None,
    typer.Option(
        "--key",
        metavar="SCHLÜSSEL",
        help="rollout.pub der absendenden Stelle, oder das Wort darin, das mit RW beginnt.",
    ),
]
_On = Annotated[
    dt.datetime | None,
    typer.Option("--on", metavar="DATUM", formats=DATE_FORMATS, help="Ob es an diesem Tag galt. Ohne Angabe: heute."),
]
_Folder = Annotated[
    Path | None,
    typer.Option("--folder", metavar="ORDNER", help="Wo der Schlüssel liegt. Ohne Angabe: schluessel/ im Projekt."),
]
_NoPassword = Annotated[
    bool, typer.Option("--no-password", help="Den geheimen Schlüssel allein durch das Leserecht der Datei schützen.")
]


def verify(
    package: _Package, *, key: _Key = None, on: _On = None, as_json: AsJson = False, quiet: Quiet = False
) -> None:
    """Prüft ein Paket: Unterschrift, Dateien, Stand, ob es noch gilt und ob ein neueres daneben liegt."""
    from rollout.sharing import containers
    from rollout.sharing.manifest import MANIFEST
    from rollout.sharing.verification import verified

    path = package.parent if package.name == MANIFEST else package
    public_key = None if key is None else _public_key(key)
    password = asked(f"Passwort von '{path.name}'", PASSWORD) if containers.is_locked(path) else None
    files = containers.opened(path, password)
    today = day(on) or dt.datetime.now().astimezone().date()
    verdict = verified(files, public_key, today=today, beside=containers.beside(path, password))
    if as_json:
        say_json(verdict.as_object())
    else:
        _print(verdict, quiet=quiet)
    if not verdict.is_good:
        raise typer.Exit(DataError.exit_code)


def _public_key(said: str) -> str:
    from rollout.sharing.keys import read_key_file

    return said if len(said) == _CODE_LENGTH and said.startswith("RW") else read_key_file(Path(said))


def _print(verdict: Verdict, *, quiet: bool) -> None:
    for outcome in verdict.outcomes:
        if not (quiet and outcome.passed):
            say(f"{'in Ordnung' if outcome.passed else 'Mangel':<12}{outcome.sentence}", err=False)
    say(verdict.sentence, err=False)
    if not verdict.has_key:
        say("Abhilfe: Nennen Sie mit --key den Schlüssel, den Sie auf einem anderen Weg bekommen haben.")


def keys(
    project: ProjectPath = Path(),
    *,
    folder: _Folder = None,
    no_password: _NoPassword = False,
    as_json: AsJson = False,
) -> None:
    """Zeigt den Schlüssel, mit dem Pakete unterschrieben werden; gibt es noch keinen, wird er angelegt."""
    from rollout.sharing.keys import FOLDER, PUBLIC_FILE, SECRET_FILE, find_keys, make_keys

    place = folder or _project_folder(project) / FOLDER
    is_new = not any((place / name).exists() for name in (SECRET_FILE, PUBLIC_FILE))
    if is_new:
        instead = "schützen Sie den Schlüssel allein durch das Leserecht (--no-password)"
        question = "Neues Passwort des Schlüssels"
        password = None if no_password else asked(question, KEY_PASSWORD, twice=True, instead=instead)
        make_keys(place, password)
    found = find_keys(place)
    if as_json:
        say_json({**_as_object(found), "is_new": is_new})
        return
    _print_keys(found)
    if is_new:
        say(f"Angelegt in '{place}'. Sichern Sie {SECRET_FILE} an einem zweiten Ort; geben Sie die Datei nie weiter.")


def _project_folder(project: Path) -> Path:
    from rollout.project import open_project

    return open_project(project).folder


def _as_object(found: KeyFiles) -> dict[str, object]:
    return {
        "key": found.public.name,
        "public_key": found.public.code,
        "fingerprint": found.public.fingerprint,
        "folder": found.folder,
        "is_protected": found.is_protected,
    }


def _print_keys(found: KeyFiles) -> None:
    from rollout.sharing.keys import PUBLIC_FILE

    say(f"Schlüssel    {found.public.name}", err=False)
    say(f"Prüfzahl     {found.public.fingerprint}", err=False)
    say(f"öffentlich   {found.public.code}", err=False)
    say(f"Datei        {found.folder / PUBLIC_FILE}", err=False)
    protected = "mit Passwort" if found.is_protected else "ohne Passwort, nur durch das Leserecht der Datei"
    say(f"geschützt    {protected}", err=False)
