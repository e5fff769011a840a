"""What is worth saying about a file while it is read, as findings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rollout.findings import Finding, Rule, Severity, Spot, listed
from rollout.schema import ColumnType
from rollout.wording import counted

if TYPE_CHECKING:
    import numpy as np

    from rollout.layers.columns import Chosen
    from rollout.layers.conversion import Converted
    from rollout.layers.shapefile import Encoding
    from rollout.schema import Column

RULES: dict[str, Rule] = {
    rule.id: rule
    for rule in (
        Rule(
            "missing-column",
            Severity.ERROR,
            "Eine Pflichtspalte fehlt, oder eine in rollout.toml genannte Spalte fehlt in der Datei.",
            "Spalte ergänzen oder unter [layers.<Ebene>.columns] sagen, wie sie in der Datei heißt.",
        ),
        Rule(
            "unread-column",
            Severity.INFO,
            "Spalten der Datei, die das Schema nicht kennt; sie werden nicht gelesen.",
            "Nichts zu tun, oder die Spalte unter [layers.<Ebene>.columns] zuordnen.",
        ),
        Rule(
            "shortened-column",
            Severity.INFO,
            "Das Shapefile hat den Spaltennamen nach 10 Zeichen abgeschnitten; er wurde ergänzt.",
            "Nichts zu tun; im GeoPackage bleiben die Namen ganz.",
        ),
        Rule(
            "unreadable-value",
            Severity.ERROR,
            "Ein Wert passt nicht zur Spalte: Text statt Zahl, falsches Datum, zu große Kennung.",
            "Den Wert in der Datei berichtigen.",
        ),
        Rule(
            "assumed-encoding",
            Severity.INFO,
            "Das Shapefile sagt nicht, wie seine Texte kodiert sind; die Kodierung wurde an den Umlauten erkannt.",
            "Eine .cpg-Datei beilegen oder ein GeoPackage verwenden.",
        ),
        Rule(
            "doubtful-encoding",
            Severity.WARNING,
            "Die Texte des Shapefiles passen nicht zur angegebenen oder zu keiner bekannten Kodierung.",
            "Umlaute prüfen; eine richtige .cpg-Datei beilegen oder ein GeoPackage verwenden.",
        ),
        Rule(
            "unreadable-geometry",
            Severity.ERROR,
            "Eine Geometrie ist von einer Art, die nicht gelesen werden kann (z. B. Kreisbogen).",
            "Im GIS in einfache Linien oder Flächen umwandeln („Segmentieren“).",
        ),
        Rule(
            "unwrapped",
            Severity.INFO,
            "Eine Geometrie ist als mehrteilig gespeichert, hat aber nur einen Teil; sie wird als einteilig gelesen.",
            "Nichts zu tun.",
        ),
        Rule(
            "height-dropped",
            Severity.WARNING,
            "Geometrien tragen Höhen (Z); gerechnet wird ohne sie.",
            "Nichts zu tun, oder die Ebene ohne Höhen exportieren.",
        ),
        Rule(
            "inaccurate-transformation",
            Severity.WARNING,
            "Die Umrechnung aus dem Bezugssystem der Datei ist ungenauer als 1 m.",
            "Die Ebene im GIS mit dem amtlichen Gitter (BeTA2007) nach EPSG:25832 umrechnen.",
        ),
        Rule(
            "unplaceable",
            Severity.ERROR,
            "Koordinaten liegen außerhalb dessen, was das angegebene Bezugssystem darstellen kann.",
            "Das Bezugssystem der Datei berichtigen; es passt nicht zu den Koordinaten.",
        ),
    )
}
"""What reading a layer can find."""

_KINDS = {
    ColumnType.TEXT: ("keine eindeutige Kennung", "Als Text speichern; große Zahlen verlieren sonst Stellen."),
    ColumnType.INTEGER: ("keine ganze Zahl", "Eine ganze Zahl ohne Tausenderpunkt eintragen."),
    ColumnType.NUMBER: ("keine eindeutige Zahl", "Eine Zahl wie 12,5 ohne Tausenderpunkt eintragen."),
    ColumnType.DATE: ("kein Datum", "Als 2022-03-28 oder 28.03.2022 schreiben, das Jahr vierstellig."),
}


class Remarks:
    """
    The findings of one reading.

    Parameters
    ----------
    layer
        Name in the project file.
    file
        Name of the file, without its folder.
    """

    def __init__(self, layer: str, file: str) -> None:
        self.layer = layer
        self.file = file
        self.findings: list[Finding] = []

    def _say(self, rule: str, message: str, column: str | None = None, hint: str | None = None) -> None:
        found = RULES[rule]
        self.findings.append(
            Finding(rule, found.severity, self.layer, message, hint or found.way_out, self.file, column=column)
        )

    def _list(self, rule: str, rows: np.ndarray[Any, np.dtype[np.intp]], spots: list[Spot]) -> None:
        self.findings += listed(RULES[rule], self.layer, self.file, spots, len(rows))

    def on_columns(self, chosen: Chosen, columns: tuple[str, ...]) -> None:
        """Take down columns that are missing, cut, or not read."""
        for ours, near in (chosen.missing or {}).items():
            hint = f'Heißt sie in der Datei „{near}“? Dann in rollout.toml: columns = {{ {ours} = "{near}" }}.'
            self._say("missing-column", f"Die Spalte „{ours}“ fehlt.", ours, hint if near else None)
        for ours in chosen.shortened:
            self._say("shortened-column", f"„{chosen.names[ours]}“ wird als „{ours}“ gelesen.", chosen.names[ours])
        unread = [name for name in columns if name not in chosen.names.values()]
        if unread:
            self._say("unread-column", f"Wird nicht gelesen: {', '.join(unread)}.")

    def on_encoding(self, encoding: Encoding) -> None:
        """Take down an encoding that had to be found, or that does not fit."""
        stated, name = encoding.stated, encoding.name
        if not encoding.certain:
            self._say("doubtful-encoding", f"Die Texte wurden als {name} gelesen, passen dazu aber nicht sicher.")
        elif encoding.contradicts:
            self._say(
                "doubtful-encoding", f"Angegeben ist {stated}, die Texte sind aber {name}; so wurden sie gelesen."
            )
        elif stated is None and not encoding.plain:
            self._say("assumed-encoding", f"Die Texte wurden als {name} gelesen.")

    def on_unfit(self, column: Column, theirs: str, converted: Converted) -> None:
        """Take down values that do not fit their column."""
        kind, hint = _KINDS[column.type]
        spots = [
            Spot(f"„{text[:80]}“ ist {kind}.", int(row) + 1, theirs, text[:80], hint=hint)
            for row, text in zip(converted.unfit[:50], converted.texts, strict=False)
        ]
        self._list("unreadable-value", converted.unfit, spots)

    def on_unreadable_geometry(self, rows: np.ndarray[Any, np.dtype[np.intp]]) -> None:
        """Take down geometry that cannot be read."""
        self._list("unreadable-geometry", rows, [Spot("Die Geometrie ist nicht lesbar.", int(row) + 1) for row in rows])

    def on_unplaceable(self, rows: np.ndarray[Any, np.dtype[np.intp]], crs: str) -> None:
        """Take down geometry outside its own CRS."""
        message = f"Die Koordinaten sind in {crs} nicht möglich."
        self._list("unplaceable", rows, [Spot(message, int(row) + 1) for row in rows])

    def on_unwrapped(self, count: int) -> None:
        """Take down that single parts are unwrapped."""
        what = counted(count, "Geometrie ist", "Geometrien sind")
        self._say("unwrapped", f"{what} mehrteilig gespeichert, mit nur einem Teil.")

    def on_heights(self, rows: np.ndarray[Any, np.dtype[np.intp]]) -> None:
        """Take down that heights are dropped."""
        what = counted(len(rows), "Geometrie trägt eine Höhe", "Geometrien tragen Höhen")
        self._say("height-dropped", f"{what}; gelesen wird ohne sie.")

    def on_inaccurate_transformation(self, crs: str) -> None:
        """Take down how far a transformation may be off."""
        self._say("inaccurate-transformation", f"Umgerechnet aus {crs}; das kann um einige Meter falsch sein.")
