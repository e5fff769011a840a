"""The rules rows are checked by, as `docs/checks.md` lists them."""

from __future__ import annotations

from rollout.findings import Rule, Severity

_ERROR, _WARNING, _INFO = Severity.ERROR, Severity.WARNING, Severity.INFO

_COLUMNS = (
    Rule(
        "missing-layer",
        _ERROR,
        "Eine Pflichtebene fehlt.",
        "Die Ebene unter [layers.<Ebene>] in rollout.toml eintragen.",
    ),
    Rule(
        "empty-layer",
        _ERROR,
        "Die Ebene der Stadtteile hat keine Zeile.",
        "Die Stadtteile des Projekts eintragen; ohne sie kann nichts gezeichnet und nichts gezählt werden.",
    ),
    Rule(
        "missing-column",
        _ERROR,
        "Eine Pflichtspalte fehlt, oder eine in rollout.toml genannte Spalte fehlt in der Datei.",
        "Spalte ergänzen oder unter [layers.<Ebene>.columns] sagen, wie sie in der Datei heißt.",
    ),
    Rule(
        "wrong-type",
        _ERROR,
        "Eine Spalte hat nicht den Typ des Schemas.",
        "Die Ebene mit rollout einlesen; dabei werden Zahlen, Texte und Tage umgewandelt.",
    ),
    Rule(
        "empty-value",
        _ERROR,
        "Eine Pflichtangabe ist leer.",
        "Den Wert in der Datei nachtragen.",
    ),
    Rule(
        "unknown-value",
        _ERROR,
        "Ein Wert steht nicht in der Liste der erlaubten Werte.",
        "Den Wert berichtigen oder unter [layers.<Ebene>.values] zuordnen.",
    ),
    Rule(
        "below-minimum",
        _ERROR,
        "Eine Zahl ist kleiner als erlaubt.",
        "Die Zahl in der Datei berichtigen.",
    ),
    Rule(
        "duplicate-id",
        _ERROR,
        "Eine Kennung kommt mehr als einmal vor.",
        "Die überzählige Zeile streichen oder ihr eine eigene Kennung geben.",
    ),
)

_GEOMETRY = (
    Rule(
        "wrong-crs",
        _ERROR,
        "Die Ebene nennt kein Bezugssystem oder ein anderes als EPSG:25832.",
        "Das Bezugssystem in der Datei angeben; beim Einlesen wird nach EPSG:25832 umgerechnet.",
    ),
    Rule(
        "empty-geometry",
        _ERROR,
        "Eine Zeile hat keine oder eine leere Geometrie.",
        "Die Geometrie im GIS nachtragen oder die Zeile streichen.",
    ),
    Rule(
        "wrong-geometry",
        _ERROR,
        "Eine Geometrie ist von anderer Art als die Ebene (z. B. Punkt statt Linie).",
        "Die Zeile in die richtige Ebene verschieben.",
    ),
    Rule(
        "multi-part",
        _ERROR,
        "Eine Linie oder ein Punkt besteht aus mehreren Teilen.",
        "Im GIS in einteilige Objekte trennen, jedes mit eigener Kennung.",
    ),
    Rule(
        "non-finite",
        _ERROR,
        "Eine Koordinate ist keine endliche Zahl.",
        "Die Geometrie im GIS neu zeichnen oder aus der Quelle neu exportieren.",
    ),
    Rule(
        "degrees",
        _ERROR,
        "Die Koordinaten sind Grad, das Bezugssystem rechnet aber in Metern.",
        "Das richtige Bezugssystem (meist EPSG:4326) zuweisen, nicht umrechnen, und neu exportieren.",
    ),
    Rule(
        "swapped-axes",
        _ERROR,
        "Ost- und Nordwert (oder Länge und Breite) sind vertauscht.",
        "Die Achsen im GIS tauschen („Koordinaten vertauschen“) und neu exportieren.",
    ),
    Rule(
        "outside-place",
        _ERROR,
        "Eine Geometrie liegt außerhalb des Gebiets [place] in rollout.toml.",
        "Lage und Bezugssystem prüfen; liegt die Zeile richtig, [place] erweitern.",
    ),
    Rule(
        "invalid-geometry",
        _ERROR,
        "Eine Geometrie ist ungültig (z. B. Selbstüberschneidung).",
        "Im GIS mit „Geometrien reparieren“ berichtigen und das Ergebnis ansehen.",
    ),
    Rule(
        "zero-length",
        _ERROR,
        "Eine Linie hat die Länge null.",
        "Die Linie neu zeichnen oder streichen.",
    ),
    Rule(
        "heights",
        _WARNING,
        "Geometrien tragen Höhen (Z); gerechnet wird ohne sie.",
        "Nichts zu tun, oder die Ebene ohne Höhen exportieren.",
    ),
    Rule(
        "district-overlap",
        _WARNING,
        "Zwei Stadtteile überlappen sich.",
        "Die gemeinsame Grenze im GIS bereinigen; im Überlapp zählt der kleinere Schlüssel.",
    ),
    Rule(
        "district-gap",
        _WARNING,
        "Zwischen den Stadtteilen bleibt eine Lücke.",
        "Die Lücke im GIS schließen; was darin liegt, zählt zu keinem Stadtteil.",
    ),
)

_CONTENT = (
    Rule(
        "unknown-programme",
        _ERROR,
        "Ein Förderprojekt steht nicht in rollout.toml.",
        "Die Kennung berichtigen oder das Projekt unter [[programmes]] eintragen.",
    ),
    Rule(
        "unknown-phase",
        _ERROR,
        "Ein Bauabschnitt steht nicht in rollout.toml.",
        "Die Kennung berichtigen oder den Abschnitt unter [[phases]] eintragen.",
    ),
    Rule(
        "phase-programme",
        _ERROR,
        "Bauabschnitt und Förderprojekt einer Trasse gehören nicht zusammen.",
        "Eine der beiden Kennungen in der Datei berichtigen.",
    ),
    Rule(
        "unknown-district",
        _ERROR,
        "rollout.toml nennt einen Stadtteil, den die Ebene districts nicht hat.",
        "Den Namen in rollout.toml so schreiben wie in der Ebene districts.",
    ),
    Rule(
        "status-without-date",
        _WARNING,
        "Ein Status ist ohne Datum gemeldet.",
        "In status_since eintragen, seit wann der Status gilt.",
    ),
    Rule(
        "status-in-future",
        _WARNING,
        "Ein Status gilt erst nach dem Stichtag.",
        "Das Datum berichtigen oder den Stichtag as_of in rollout.toml nachführen.",
    ),
    Rule(
        "reason-missing",
        _ERROR,
        "Gesperrt, abgelehnt oder entfallen, aber ohne Grund.",
        "Den Grund in der Spalte reason nachtragen.",
    ),
    Rule(
        "reason-without-cause",
        _WARNING,
        "Ein Grund ist angegeben, obwohl nichts gesperrt, abgelehnt oder entfallen ist.",
        "Den Grund löschen oder den Status berichtigen.",
    ),
    Rule(
        "status-before-without-block",
        _WARNING,
        "Ein Status vor der Sperrung ist angegeben, die Trasse ist aber nicht gesperrt.",
        "status_before löschen oder den Status berichtigen.",
    ),
    Rule(
        "block-without-status-before",
        _WARNING,
        "Eine gesperrte Trasse nennt nicht, wie weit sie vorher war.",
        "In status_before den letzten Status vor der Sperrung eintragen.",
    ),
    Rule(
        "household-institution",
        _WARNING,
        "Ein Haushalt trägt den Namen einer Einrichtung.",
        "Die Kategorie berichtigen oder den Namen löschen; Personennamen gehören nicht hierher.",
    ),
    Rule(
        "duplicate-address",
        _WARNING,
        "Zwei Anschlüsse derselben Kategorie haben dieselbe Anschrift.",
        "Prüfen, ob es wirklich zwei Anschlüsse sind; sonst einen als Doppelzählung streichen.",
    ),
    Rule(
        "outside-districts",
        _WARNING,
        "Ein Anschluss liegt in keinem Stadtteil; er bleibt gelistet und wird gesondert gezählt.",
        "Die Lage prüfen; liegt er richtig, gehört er nicht ins Stadtgebiet.",
    ),
    Rule(
        "district-differs",
        _WARNING,
        "Der Stadtteil der Liste ist ein anderer als der der Lage; gezählt wird nach der Lage.",
        "Lage und Angabe prüfen und die falsche berichtigen.",
    ),
    Rule(
        "unknown-district-name",
        _INFO,
        "Der Stadtteil der Liste ist keiner der bekannten Namen; gezählt wird nach der Lage.",
        "Den Namen berichtigen oder unter [district_variants] als Schreibweise eintragen.",
    ),
    Rule(
        "far-from-trench",
        _WARNING,
        "Ein Anschluss liegt weiter als drop_limit_m von jeder Trasse seines Förderprojekts.",
        "Prüfen, ob eine Trasse fehlt oder die Lage falsch ist.",
    ),
    Rule(
        "goal-not-reconciled",
        _WARNING,
        "Die Ebenen ergeben nicht das Ziel aus rollout.toml.",
        "Die fehlenden oder überzähligen Zeilen klären, oder Ziel, Stichtag und tolerance berichtigen.",
    ),
)

RULES: dict[str, Rule] = {rule.id: rule for rule in (*_COLUMNS, *_GEOMETRY, *_CONTENT)}
"""All rules of `check_layers`, in the order of the page."""
