"""The calendar of deliveries: who sent what when, what was wrong with it, and what had to become of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from rollout.synthetic.story import EVL, NETCOLOGNE

_LOCAL = ZoneInfo("Europe/Berlin")


class Outcome(StrEnum):
    """What must become of a delivery."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    DUPLICATE = "duplicate"


class Style(StrEnum):
    """How a file is made."""

    EVL_MAP = "geopackage"
    EVL_SHAPES_1252 = "shapefile, cp1252"
    EVL_SHAPES_UTF8 = "shapefile, utf-8"
    EVL_GEOJSON = "geojson"
    EVL_GEOJSON_BARE = "geojson without crs"
    EVL_CSV = "csv, cp1252"
    EVL_XLSX = "xlsx"
    EVL_CORRECTION = "csv of corrections"
    NC_CSV_COMMA = "csv, comma"
    NC_CSV = "csv, semicolon"
    NC_CSV_BROKEN = "csv, wrongly encoded"
    NC_XLSX = "xlsx, several sheets"
    NC_XLSX_UNKNOWN = "xlsx with an unknown status"


@dataclass(frozen=True, slots=True)
class Sending:
    """
    One delivery.

    Attributes
    ----------
    file
        Name of the file.
    sender
        Key of the partner.
    received_at
        When it came; a replay records it at this moment.
    state_on
        The day it is true for.
    style
        How the file is made.
    lists
        What it tells of: `segments`, `targets`.
    note
        What is special about it, in German.
    complete
        Whether it is a full list.
    outcome
        What must become of it.
    because
        Where it is refused: the rule it breaks, or `crs`.
    same_as
        Of a duplicate: the file that came before.
    """

    file: str
    sender: str
    received_at: datetime
    state_on: date
    style: Style
    lists: tuple[str, ...]
    note: str
    complete: bool = False
    outcome: Outcome = Outcome.ACCEPTED
    because: str = ""
    same_as: str = ""


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=_LOCAL)


_SEGMENTS, _TARGETS, _BOTH = ("segments",), ("targets",), ("segments", "targets")

SENDINGS: tuple[Sending, ...] = (
    Sending(
        "EVL_Trassen_2021-03-12.gpkg", EVL, _at("2021-03-15T08:41"), date(2021, 3, 12), Style.EVL_MAP, _SEGMENTS,
        "Planungsstand zum Baubeginn: Bauabschnitt 1 und der fertige Gewerbepark.",
    ),
    Sending(
        "NetCologne_Adressliste_2021-03-31.csv", NETCOLOGNE, _at("2021-04-06T10:12"), date(2021, 3, 31),
        Style.NC_CSV_COMMA, _TARGETS,
        "Vollliste aller förderfähigen Adressen, UTF-8 mit BOM, Komma als Trennzeichen; vier Adressen fehlen.",
        complete=True,
    ),
    Sending(
        "EVL_Trassen_2021-06-30.zip", EVL, _at("2021-07-02T11:27"), date(2021, 6, 30), Style.EVL_SHAPES_1252,
        _SEGMENTS, "Shapefile in Windows-1252 ohne .cpg-Datei; Spaltennamen auf zehn Zeichen gekürzt.",
    ),
    Sending(
        "EVL_Trassen_2021-06-30 (1).zip", EVL, _at("2021-07-05T07:58"), date(2021, 6, 30), Style.EVL_SHAPES_1252,
        _SEGMENTS, "Dieselbe Datei noch einmal unter anderem Namen; sie ändert nichts.",
        outcome=Outcome.DUPLICATE, same_as="EVL_Trassen_2021-06-30.zip",
    ),
    Sending(
        "EVL_Trassen_2021-09-30.geojson", EVL, _at("2021-10-04T09:15"), date(2021, 9, 30), Style.EVL_GEOJSON_BARE,
        _SEGMENTS, "Koordinaten in Metern ohne Angabe des Koordinatensystems, also nach RFC 7946 in Grad gelesen.",
        outcome=Outcome.REFUSED, because="crs",
    ),
    Sending(
        "EVL_Trassen_2021-09-30_neu.geojson", EVL, _at("2021-10-06T13:40"), date(2021, 9, 30), Style.EVL_GEOJSON,
        _SEGMENTS, "Berichtigt: mit EPSG:25832. Status als Ziffer („4“ = Rohr verlegt).",
    ),
    Sending(
        "NetCologne_Anschluesse_2021-10.xlsx", NETCOLOGNE, _at("2021-11-03T09:30"), date(2021, 10, 29), Style.NC_XLSX,
        _BOTH, "Mehrere Blätter: geförderte, erweiterte, Trassen in Betrieb; das Blatt „Legende“ wird nicht gelesen.",
    ),
    Sending(
        "EVL_Hausanschluesse_2021-10.csv", EVL, _at("2021-11-08T14:02"), date(2021, 10, 29), Style.EVL_CSV, _TARGETS,
        "Ohne Anschlussnummer: Zuordnung über die Anschrift („…str.“, Zusatz in eigener Spalte); Windows-1252, "
        "Semikolon, Dezimalkomma.",
    ),
    Sending(
        "EVL_Hausanschluesse_2021-12-17.xlsx", EVL, _at("2021-12-20T09:05"), date(2021, 12, 17), Style.EVL_XLSX,
        _TARGETS, "Titelzeile mit dem Stand über der Kopfzeile.",
    ),
    Sending(
        "NetCologne_Anschluesse_2021-12.csv", NETCOLOGNE, _at("2021-12-21T10:44"), date(2021, 12, 17),
        Style.NC_CSV_BROKEN, _TARGETS, "Umlaute zerstört: UTF-8 wurde als Windows-1252 gelesen und neu gespeichert.",
        outcome=Outcome.REFUSED, because="broken-text",
    ),
    Sending(
        "NetCologne_Anschluesse_2021-12_UTF8.csv", NETCOLOGNE, _at("2021-12-22T08:20"), date(2021, 12, 17),
        Style.NC_CSV, _TARGETS,
        "Berichtigt. Meldet acht Adressen zum 14.12.2021 als angeschlossen, bei denen EVL danach erst die "
        "Hauseinführung setzt: Widerspruch der Partner.",
    ),
    Sending(
        "EVL_Trassen_2022-01-31.zip", EVL, _at("2022-02-02T15:31"), date(2022, 1, 31), Style.EVL_SHAPES_UTF8,
        _SEGMENTS,
        "Shapefile in UTF-8 mit .cpg, Status als Kürzel („RV“ = Rohr verlegt). Drei Trassen gehen nach einem Schaden "
        "von eingeblasen auf im Bau zurück.",
    ),
    Sending(
        "NetCologne_Anschluesse_KW12.xlsx", NETCOLOGNE, _at("2022-03-25T16:20"), date(2022, 3, 25),
        Style.NC_XLSX_UNKNOWN, _BOTH, "Drei Zeilen mit dem nicht vereinbarten Status „in Klärung“.",
        outcome=Outcome.REFUSED, because="unknown-status",
    ),
    Sending(
        "EVL_Trassen_2022-03-28.gpkg", EVL, _at("2022-03-28T08:30"), date(2022, 3, 28), Style.EVL_MAP, _SEGMENTS,
        "Vollliste zum Bericht der Stadt, mit den Zwischenschritten seit der letzten Lieferung.", complete=True,
    ),
    Sending(
        "EVL_Hausanschluesse_2022-03-28.xlsx", EVL, _at("2022-03-28T08:34"), date(2022, 3, 28), Style.EVL_XLSX,
        _TARGETS, "Andere Hälfte des Widerspruchs: Hauseinführung nach dem Tag, den NetCologne als Anschluss nannte.",
    ),
    Sending(
        "NetCologne_Anschluesse_KW13.xlsx", NETCOLOGNE, _at("2022-03-28T11:10"), date(2022, 3, 28), Style.NC_XLSX,
        _BOTH, "Berichtigt, und auf den Stichtag des Berichts gebracht.",
    ),
    Sending(
        "EVL_Berichtigung_Rohrverlegung_2021.csv", EVL, _at("2022-05-17T10:05"), date(2022, 5, 13),
        Style.EVL_CORRECTION, _SEGMENTS,
        "Späte Berichtigung: Trassen, die im September 2021 als verlegt gemeldet waren, sind es erst seit dem "
        "05.10.2021. Am 30.09.2021 unterscheiden sich der damals und der heute bekannte Stand, am 28.03.2022 nicht.",
    ),
    Sending(
        "NetCologne_Anschluesse_2022-09-30.csv", NETCOLOGNE, _at("2022-10-04T09:48"), date(2022, 9, 30), Style.NC_CSV,
        _TARGETS, "Nur mit Anschriften („…str.“); darin die vier Adressen, die in der ersten Liste fehlten.",
    ),
    Sending(
        "EVL_Netz_2022-09-30.gpkg", EVL, _at("2022-10-05T16:12"), date(2022, 9, 30), Style.EVL_MAP, _BOTH,
        "Trassen und Hausanschlüsse als zwei Ebenen einer Datei.",
    ),
    Sending(
        "NetCologne_Anschluesse_2022-12-21.xlsx", NETCOLOGNE, _at("2022-12-22T09:00"), date(2022, 12, 21),
        Style.NC_XLSX, _BOTH, "Jahresende.",
    ),
    Sending(
        "EVL_Netz_2022-12-21.gpkg", EVL, _at("2022-12-22T11:36"), date(2022, 12, 21), Style.EVL_MAP, _BOTH,
        "Jahresende: Bauabschnitt 2 ist nicht ganz fertig.",
    ),
)  # fmt: skip
"""In the order of receipt."""
