"""`rollout share` and `rollout publish`: packages for one receiver, and pages for everyone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rollout.cli.arguments import AsJson, AsOf, DryRun, KnownAt, ProjectOption, Quiet, day
from rollout.cli.passwords import asked
from rollout.cli.speaking import say, say_json
from rollout.cli.verify import KEY_PASSWORD, PASSWORD
from rollout.sharing.forms import Form

if TYPE_CHECKING:
    import datetime as dt

    from rollout.handover import Shared
    from rollout.parcels import Order, Parcel
    from rollout.project import Project
    from rollout.sharing.signature import SecretKey

_Audiences = Annotated[
    list[str], typer.Argument(metavar="EMPFÄNGER…", help="city, evl, netcologne, council, public oder ein eigener.")
]
_Form = Annotated[
    Form,
    typer.Option(
        "--form",
        help="folder: Ordner. zip: ZIP. locked-zip: ZIP mit Passwort (AES-256). sealed: Seiten mit Passwort.",
    ),
]
_Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="ZIEL", help="Ordner oder Datei. Ohne Angabe: pakete/ bei den Karten."),
]
_Generate = Annotated[
    bool, typer.Option("--generate", help="Ein Passwort aus sechs Wörtern bilden und einmal anzeigen.")
]
_Number = Annotated[
    int, typer.Option("--release", min=1, help="Nummer unter den Paketen dieses Empfängers und Stichtags.")
]
_KeyFolder = Annotated[
    Path | None,
    typer.Option("--key-folder", metavar="ORDNER", help="Wo der Schlüssel liegt. Ohne Angabe: schluessel/ im Projekt."),
]
_Folder = Annotated[Path, typer.Argument(metavar="ORDNER", help="Wohin; eine frühere Veröffentlichung wird ersetzt.")]
_BESIDE = (
    *("rollout.parcels", "rollout.sharing.disclosure", "rollout.reporting.disclosed_tables"),
    *("pyarrow.acero", "xlsxwriter"),
)
"""What packages of figures need, and the second process can load while the layers are read."""

_For = Annotated[str, typer.Option("--audience", metavar="EMPFÄNGER", help="Ein Empfängerkreis ohne einzelne Zeilen.")]


def share(  # noqa: PLR0913 - one per option
    audiences: _Audiences,
    *,
    project: ProjectOption = Path(),
    form: _Form = Form.FOLDER,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    output: _Output = None,
    generate: _Generate = False,
    release: _Number = 1,
    key_folder: _KeyFolder = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Macht Pakete für Empfänger: nur, was jeder sehen darf, unterschrieben und auf Lecks geprüft."""
    from rollout.audiences import Figures, audience_named
    from rollout.beside import second_process
    from rollout.cli.progress import steps
    from rollout.project import open_project

    if output is not None and len(audiences) > 1:
        msg = "--output gilt für ein Paket; bei mehreren Empfängern lassen Sie es weg"
        raise typer.BadParameter(msg)
    opened = open_project(project)
    kinds = {audience_named(opened.audiences, name).figures is Figures.ROWS for name in audiences}
    with second_process(*_BESIDE, wanted=len(kinds) > 1) as elsewhere:
        from rollout import parcels  # takes a second, which the other process takes meanwhile

        order = parcels.Order(opened, _key(opened, key_folder), day(as_of), day(known_at), write=not dry_run)
        wanted = [_parcel(order, name, form, output, generate=generate, number=release) for name in audiences]
        with steps(shown=not (quiet or as_json)) as advance:
            shared = parcels.share_all(order, wanted, elsewhere, advance=advance)
    told = [(one, parcel.password if generate else None) for one, parcel in zip(shared, wanted, strict=True)]
    _tell(told, day(as_of) or opened.as_of, dry_run=dry_run, as_json=as_json, quiet=quiet)


def publish(  # noqa: PLR0913 - one per option
    folder: _Folder,
    *,
    project: ProjectOption = Path(),
    audience: _For = "public",
    as_of: AsOf = None,
    known_at: KnownAt = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Schreibt die öffentlichen Seiten als Ordner für den Webserver der Stadt."""
    from rollout import handover, pipeline, publication
    from rollout.project import open_project

    opened = open_project(project)
    _stand(opened, audience, day(as_of))
    checked = pipeline.faultless(pipeline.check(opened))
    known = handover.states_for(checked, opened, [audience], day(as_of), day(known_at))[audience]
    shared = publication.publish(known, folder, name=audience, write=not dry_run)
    _tell([(shared, None)], day(as_of) or opened.as_of, dry_run=dry_run, as_json=as_json, quiet=quiet)


def _key(project: Project, folder: Path | None) -> SecretKey:
    from rollout.sharing.keys import FOLDER, find_keys, open_key

    place = folder or project.folder / FOLDER
    is_protected = find_keys(place).is_protected
    return open_key(place, asked("Passwort des Schlüssels", KEY_PASSWORD) if is_protected else None)


def _parcel(  # noqa: PLR0913 - one per option
    order: Order, name: str, form: Form, output: Path | None, *, generate: bool, number: int
) -> Parcel:
    from rollout import parcels

    stand = _stand(order.project, name, order.as_of)
    path = output or parcels.path_of(order.project, name, stand, form)
    return parcels.Parcel(name, path, form, _password(form, name, generate=generate), number)


def _stand(project: Project, name: str, as_of: dt.date | None) -> dt.date:
    """Return the day of a package; of one that has not come, figures written down would stand against the true ones."""
    import datetime as dt

    from rollout import handover
    from rollout.errors import InputError
    from rollout.wording import date

    stand = handover.release_day_of(project, name, as_of or project.as_of)
    if stand > dt.datetime.now().astimezone().date():
        msg = f"der Stand {date(stand)} liegt in der Zukunft"
        raise InputError(msg, "Nehmen Sie mit --as-of einen Tag bis heute.")
    return stand


def _password(form: Form, name: str, *, generate: bool) -> str | None:
    from rollout.sharing import passphrases

    if generate:
        return passphrases.generated()
    if not form.is_locked:
        return None
    instead = "lassen Sie eines würfeln (--generate)"
    return passphrases.normal(asked(f"Passwort für {name}", PASSWORD, twice=True, instead=instead))


def _tell(
    told: list[tuple[Shared, str | None]], asked_for: dt.date, *, dry_run: bool, as_json: bool, quiet: bool
) -> None:
    if as_json:
        say_json({"written": not dry_run, "packages": [_as_object(shared, password) for shared, password in told]})
        return
    for shared, password in told:
        say(str(shared.path), err=False)
        if password:
            say(f"Passwort: {password}", err=False)
        if not quiet:
            _explain(shared, asked_for, dry_run=dry_run)
    if not quiet and any(password for _, password in told):
        say("Passwörter werden nirgends gespeichert. Geben Sie sie auf einem anderen Weg weiter als das Paket.")


def _as_object(shared: Shared, password: str | None) -> dict[str, object]:
    return {
        "path": shared.path,
        "audience": shared.audience,
        "as_of": shared.as_of,
        "files": [{"path": name, "bytes": size} for name, size in shared.files.items()],
        "notice": list(shared.notice),
        **({"password": password} if password else {}),
    }


def _explain(shared: Shared, asked_for: dt.date, *, dry_run: bool) -> None:
    for line in shared.notice:
        say(line)
    done = "würden geschrieben" if dry_run else "geschrieben"
    say(f"{len(shared.files)} Dateien {done}; auf Lecks geprüft: keines gefunden.")
    if shared.as_of != asked_for:
        say(f"Stand ist das Ende des letzten Quartals, {shared.as_of:%d.%m.%Y}: so oft erhält dieser Kreis Zahlen.")
