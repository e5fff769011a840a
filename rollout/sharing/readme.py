"""`LIESMICH.txt`: what a package is and how to deal with it, for the person who gets it."""

from __future__ import annotations

import textwrap
import unicodedata
from typing import TYPE_CHECKING

from rollout.wording import date

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rollout.sharing.manifest import About

WIDTH = 78
"""Characters of a line, for an editor that does not wrap."""

_LABEL = 14
_BREAK = "\r\n"

_KINDS = {
    "html": "im Browser öffnen, ohne Netz",
    "xlsx": "Tabelle für Excel oder LibreOffice",
    "csv": "Tabelle als Text, Semikolon getrennt, für deutsches Excel",
    "md": "Tabelle als lesbarer Text",
    "json": "für Programme",
    "pdf": "zum Drucken",
    "docx": "zum Weiterschreiben in Word",
    "gpkg": "für QGIS und andere GIS",
    "png": "Bild",
}

_UNPACKING = (
    "Entpacken Sie ein ZIP zuerst ganz (Windows: Rechtsklick, „Alle extrahieren…“), und öffnen Sie dann die Seiten mit"
    " einem Doppelklick im Browser. Sie brauchen kein Netz und fragen keines an."
)

_UNLOCKING = (
    "Ein ZIP mit Passwort (AES-256) öffnen Programme wie 7-Zip, WinZip oder WinRAR; der Windows-Explorer allein"
    " meldet oft einen Fehler. Fragt eine Seite selbst nach einem Passwort, geben Sie es dort ein. Das Passwort kommt"
    " nie mit dem Paket, sondern auf einem anderen Weg."
)

_SENDING = (
    "Der sicherste Weg ist ein gemeinsamer Ordner oder Datenraum mit"
    " Anmeldung. Per E-Mail kommt ein ZIP ohne Passwort meist an. Ein ZIP mit Passwort halten manche"
    " Mail-Gateways zurück, weil sie nicht hineinsehen können; seine Dateinamen und -größen bleiben für alle"
    " lesbar. Eine HTML-Seite als Anhang halten die meisten zurück, eine verschlüsselte fast alle: Packen Sie sie"
    " in ein ZIP, oder nehmen Sie den Datenraum."
)

_VERIFYING = (
    "MANIFEST.json nennt jede Datei mit Größe und Prüfsumme (SHA-256), MANIFEST.json.minisig ist die Unterschrift"
    " darunter. Mit rollout prüft ein Befehl alles zugleich, auch ob das Paket abgelaufen oder durch ein neueres"
    " daneben ersetzt ist:"
)

_BY_HAND = "Ohne rollout prüft das freie Programm minisign die Unterschrift und ein Befehl Ihres Systems jede Datei:"

_KEY = (
    "rollout.pub ist der öffentliche Schlüssel der absendenden Stelle. Er liegt mit Absicht nicht in diesem Paket:"
    " Wer das Paket fälscht, legte auch einen falschen Schlüssel dazu. Sie haben ihn einmal auf einem anderen Weg"
    " bekommen; vergleichen Sie am Telefon die Prüfzahl, die „rollout keys“ bei der absendenden Stelle und „rollout"
    " verify“ bei Ihnen nennt. Rufen Sie dazu eine Nummer an, die Sie schon kannten."
)

_COMMANDS = (
    "  minisign -Vm MANIFEST.json -p rollout.pub",
    "  certutil -hashfile DATEI SHA256     (Windows)",
    "  sha256sum DATEI                     (Linux)",
    "  shasum -a 256 DATEI                 (macOS)",
)

_CORRECTIONS = (
    "Stimmt etwas nicht, sagen Sie es bitte. Bietet die Karte an einer Adresse oder einem Abschnitt eine Korrektur"
    " an, so markieren Sie dort, was falsch ist, speichern die Datei und schicken sie auf dem Weg zurück, auf dem"
    " dieses Paket kam. Sonst genügt eine Nachricht mit Adresse oder Kennung, dem richtigen Stand und dem Datum, seit"
    " dem er gilt. Ändern Sie keine Datei des Pakets: Die Unterschrift gilt dann nicht mehr."
)


def readme(files: Iterable[str], about: About, key_name: str) -> bytes:
    """
    Write the README of a package.

    Parameters
    ----------
    files
        Relative paths of what is inside, without README, manifest and signature.
    about
        What the package is.
    key_name
        Name of the key that signs it.

    Returns
    -------
    content
        German plain text in UTF-8 with a byte order mark and Windows line ends. Text of the data stands in it without
        line breaks, so that it cannot pass for a line of ours.
    """
    blocks = [
        *_head(about),
        *_section("Was darin ist", [], [_described(path) for path in sorted(files)]),
        *_section("Regeln dieser Weitergabe", [], [f"- {_plain(rule)}" for rule in about.rules]),
        *_section("Öffnen", [_UNPACKING, _UNLOCKING]),
        *_section("Echtheit prüfen", [_VERIFYING], ["  rollout verify PAKET --key rollout.pub"]),
        *_paragraphs([_BY_HAND], _COMMANDS),
        *_paragraphs([_KEY, f"Unterschrieben hat der Schlüssel {key_name}."]),
        *_section("Korrekturen", [_CORRECTIONS]),
        *_section("Aufbewahren und verschicken", [_purpose(about), _SENDING]),
    ]
    return ("\ufeff" + _BREAK.join([*blocks, ""])).encode()


def _head(about: About) -> list[str]:
    title = f"{_plain(about.project)} – {_plain(about.title)}"
    stand = date(about.as_of) + (f", wie am {date(about.known_at)} bekannt" if about.known_at else "")
    facts = [
        ("Empfänger", _plain(about.recipient)),
        ("Zweck", _plain(about.purpose)),
        ("Stand", stand),
        ("Gültig bis", date(about.valid_until)),
        ("Ausgabe", str(about.release)),
    ]
    return [*_wrapped(title), "=" * min(len(title), WIDTH), "", *(_fact(name, value) for name, value in facts)]


def _fact(name: str, value: str) -> str:
    label = f"{name}:".ljust(_LABEL)
    return label + (_BREAK + " " * _LABEL).join(_wrapped(value, WIDTH - _LABEL))


def _section(heading: str, paragraphs: Iterable[str], lines: Iterable[str] = ()) -> list[str]:
    body = _paragraphs(paragraphs, lines)
    return ["", "", heading, "-" * len(heading), *(body[1:] if body[:1] == [""] else body)] if body else []


def _paragraphs(paragraphs: Iterable[str], lines: Iterable[str] = ()) -> list[str]:
    blocks = [line for paragraph in paragraphs for line in ("", *_wrapped(paragraph))]
    last = [part for line in lines for part in _wrapped(line, hanging="  ")]
    return [*blocks, *(["", *last] if last else [])]


def _described(path: str) -> str:
    kind = _KINDS.get(path.rpartition(".")[2].lower())
    return f"- {path}" + (f" ({kind})" if kind else "")


def _purpose(about: About) -> str:
    until = date(about.valid_until)
    return (
        f"Dieses Paket ist nur für den oben genannten Empfänger und Zweck bestimmt und gilt bis {until}."
        " Löschen Sie es danach, oder sobald ein neueres da ist."
    )


def _plain(text: str) -> str:
    """Return text of the data on one line, without letters that steer."""
    seen = "".join(" " if unicodedata.category(letter).startswith(("C", "Z")) else letter for letter in text)
    return " ".join(seen.split())


def _wrapped(text: str, width: int = WIDTH, hanging: str = "") -> list[str]:
    indent = text[: len(text) - len(text.lstrip(" "))]
    if len(text) <= width:
        return [text] if text else []
    return textwrap.wrap(
        text.strip(), width, initial_indent=indent, subsequent_indent=indent + hanging, break_on_hyphens=False
    )
