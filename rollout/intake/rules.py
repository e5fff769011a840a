"""The rules a delivery is checked by, as `docs/deliveries.md` has them."""

from __future__ import annotations

from rollout.findings import Rule, Severity

_ERROR, _WARNING, _INFO = Severity.ERROR, Severity.WARNING, Severity.INFO

# What the readers notice.
HIDDEN_ROWS = Rule(
    "hidden-rows",
    _WARNING,
    "Ausgeblendete Zeilen, die dennoch mitgelesen werden.",
    "Fragen Sie nach, ob sie gelten; sonst bitten Sie um die Datei ohne sie.",
)
TABLE_SKIPPED = Rule(
    "table-skipped",
    _INFO,
    "Ein Blatt, eine Ebene oder eine Sicht, die nicht gelesen wird.",
    "Gehört sie zur Lieferung, tragen Sie ihre Spalten unter [partners] in rollout.toml ein.",
)
FORMULA_WITHOUT_VALUE = Rule(
    "formula-without-value",
    _ERROR,
    "Eine Formel, deren Ergebnis nicht in der Datei steht.",
    "In Excel öffnen, speichern und neu senden, besser: als Werte einfügen.",
)
ROW_WIDTH = Rule(
    "row-width",
    _ERROR,
    "Mehr oder weniger Felder als die Kopfzeile, also verschobene Spalten.",
    "Felder mit Trennzeichen oder Dezimalkomma gehören in Anführungszeichen.",
)
BROKEN_TEXT = Rule(
    "broken-text",
    _ERROR,
    "Unlesbare, unsichtbare oder falsch kodierte Zeichen.",
    "Bitten Sie um eine Ausgabe in UTF-8, bei Shapefiles mit .cpg-Datei.",
)
COARSE_TRANSFORMATION = Rule(
    "coarse-transformation",
    _WARNING,
    "Das Koordinatensystem lässt sich hier nur auf einige Meter genau umrechnen.",
    "Bitten Sie um die Daten in EPSG:25832.",
)

# What a cell says.
UNKNOWN_STATUS = Rule(
    "unknown-status",
    _ERROR,
    "Ein Statuswort, das niemand übersetzt hat.",
    "Tragen Sie das Wort in rollout.toml unter [partners.….….status] ein, oder bitten Sie um Berichtigung.",
)
STATUS_MISSING = Rule("status-missing", _ERROR, "Eine Zeile ohne Status.", "Bitten Sie um Ergänzung.")
IMPOSSIBLE_DATE = Rule(
    "impossible-date",
    _ERROR,
    "Etwas, das kein Datum ist oder nicht eindeutig eines.",
    "Erwartet wird 28.03.2022 oder 2022-03-28.",
)
TWO_DIGIT_YEAR = Rule(
    "two-digit-year", _WARNING, "Eine zweistellige Jahreszahl, als 20JJ gelesen.", "Bitten Sie um vierstellige Jahre."
)
FUTURE_DATE = Rule(
    "future-date",
    _ERROR,
    "Ein Datum nach dem Eingang der Datei.",
    "Planungen sind kein Stand; bitten Sie um das Datum, an dem es eintrat.",
)
AFTER_STATE = Rule(
    "after-state",
    _WARNING,
    "Ein Datum nach dem Stand, den die Datei nennt.",
    "Klären Sie, welches von beiden stimmt.",
)
BEFORE_PHASE = Rule(
    "before-phase",
    _WARNING,
    "Gebaut, bevor der Bauabschnitt begann.",
    "Prüfen Sie das Datum und den Beginn unter [[phases]].",
)
NOT_A_NUMBER = Rule(
    "not-a-number",
    _ERROR,
    "Eine Länge, die keine Zahl oder nicht eindeutig eine ist.",
    "Erwartet wird 1234,5 ohne Einheit.",
)
EXCEL_DAMAGE = Rule(
    "excel-damage",
    _ERROR,
    "Ein Schlüssel oder eine Hausnummer, die Excel umgeschrieben hat.",
    "Spalte in Excel als Text formatieren, die Werte neu einfügen und neu senden.",
)
UNKNOWN_REASON = Rule(
    "unknown-reason",
    _WARNING,
    "Ein Grund, den niemand übersetzt hat; er bleibt als Bemerkung stehen.",
    "Tragen Sie ihn in rollout.toml unter [partners.….….reason] ein.",
)
REASON_MISSING = Rule(
    "reason-missing",
    _WARNING,
    "Gesperrt, abgelehnt oder entfallen ohne Grund.",
    "Bitten Sie um den Grund; der Fördergeber fragt danach.",
)

# Which object a row means.
UNMATCHED = Rule(
    "unmatched",
    _ERROR,
    "Kein Anschluss oder Abschnitt des Projekts passt.",
    "Vergleichen Sie mit den Vorschlägen; neue gehören zuerst in den Layer des Projekts.",
)
AMBIGUOUS = Rule(
    "ambiguous",
    _ERROR,
    "Mehrere Anschlüsse oder Abschnitte passen; keiner wird geraten.",
    "Bitten Sie um den Schlüssel oder die Postleitzahl.",
)
SIMILAR_STREET = Rule(
    "similar-street",
    _INFO,
    "Ein Straßenname, der nur ähnlich geschrieben ist.",
    "Prüfen Sie die Zuordnung, und bitten Sie um die amtliche Schreibweise.",
)
ADDRESS_DIFFERS = Rule(
    "address-differs",
    _WARNING,
    "Der Schlüssel gehört zu einer anderen Adresse als der genannten.",
    "Klären Sie, welches von beiden stimmt; übernommen wird der Schlüssel.",
)
GEOMETRY_DIFFERS = Rule(
    "geometry-differs",
    _WARNING,
    "Die gezeichnete Trasse liegt weitab von dem Abschnitt mit diesem Schlüssel.",
    "Klären Sie, ob der Schlüssel stimmt oder die Trasse verlegt wurde.",
)
BAD_GEOMETRY = Rule(
    "bad-geometry",
    _ERROR,
    "Eine leere, unlesbare oder unendliche Geometrie.",
    "Bitten Sie um eine neue Ausgabe aus dem GIS.",
)

OUTSIDE = Rule(
    "outside",
    _ERROR,
    "Eine Geometrie mit einem Punkt außerhalb des Projektgebiets.",
    "Bitten Sie um Berichtigung der Koordinaten.",
)

# What the row says against what is known.
REPEATED = Rule("repeated", _WARNING, "Dieselbe Meldung mehrfach in der Lieferung; sie zählt einmal.", "Nichts zu tun.")
CONTRADICTS_ITSELF = Rule(
    "contradicts-itself",
    _ERROR,
    "Zwei verschiedene Status für dasselbe Objekt am selben Tag.",
    "Bitten Sie um Klärung, welcher gilt.",
)
STEP_BACK = Rule(
    "step-back",
    _WARNING,
    "Ein Rückschritt gegenüber dem, was dieser Absender zuvor meldete.",
    "Erlaubt, aber fragen Sie nach dem Anlass.",
)
JUMP = Rule(
    "jump",
    _WARNING,
    "Ein Sprung, den die Statusleiter nicht vorsieht.",
    "Erlaubt; fehlen Zwischenschritte, bitten Sie um ihre Daten.",
)
CONTRADICTION = Rule(
    "contradiction",
    _WARNING,
    "Ein anderer Absender meldet etwas, das dazu nicht passt.",
    "Legen Sie beiden die Gegenüberstellung vor.",
)
LENGTH_OFF = Rule(
    "length-off",
    _WARNING,
    "Gemeldete, gezeichnete und geplante Länge weichen stärker voneinander ab als erlaubt.",
    "Klären Sie, welche Länge abgerechnet wird.",
)
MISSING = Rule(
    "missing",
    _WARNING,
    "Ein Objekt des Projekts fehlt in einer Liste, die vollständig sein soll.",
    "Fragen Sie nach; ohne Meldung bleibt der letzte Stand gültig.",
)

RULES: tuple[Rule, ...] = tuple(value for value in list(globals().values()) if isinstance(value, Rule))
"""All of them, in the order they are documented in."""
