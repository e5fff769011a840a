"""Every column and rule in one German sentence with its source; `docs/definitions.md` says the same."""

from __future__ import annotations

from dataclasses import dataclass

from rollout.project import PassedDefinition
from rollout.reporting.report import Column, Kind
from rollout.vocabulary import NO_DATA_LABEL

PROJECT = "Zählregel des Projekts"
LEITFADEN = "Leitfaden Graue-Flecken-Förderung"
REGULATOR = "Bundesnetzagentur"
EVL = "Angaben der EVL zum Förderprojekt"


@dataclass(frozen=True, slots=True)
class Definition:
    """
    What a word in a table means.

    Attributes
    ----------
    label, short
        Heading, and heading where space is short.
    kind
        What the cells hold.
    text
        One German sentence.
    source
        Whose rule it is.
    """

    label: str
    short: str
    kind: Kind
    text: str
    source: str = PROJECT


PASSED: dict[PassedDefinition, Definition] = {
    PassedDefinition.OWN_SIDE: Definition(
        "eigenes Rohr auf der Straßenseite des Gebäudes",
        "eigenes Rohr",
        Kind.SHARE,
        "Ein für das Gebäude bestimmtes Rohr liegt auf dessen Straßenseite (gemeldeter Status ab Stufe 4); "
        "eine Straßenquerung schließt es aus.",
        LEITFADEN,
    ),
    PassedDefinition.WITHIN_20_M: Definition(
        "höchstens 20 m bis zu einer gebauten Trasse",
        "20 m",
        Kind.SHARE,
        "Vom Gebäude sind es höchstens 20 m bis zu einer Trasse desselben Förderprojekts mit verlegtem Rohr, "
        "oder der Anschluss ist schon vorbereitet.",
        REGULATOR,
    ),
}
"""The two named rules for „erreicht“."""


def rule_of(passed: PassedDefinition) -> str:
    """
    Say in a sentence by which rule a connection counts as passed.

    Parameters
    ----------
    passed
        The named setting of a project.

    Returns
    -------
    sentence
        With its source, to stand under a table.
    """
    return f"Als erreicht zählt: {PASSED[passed].label} ({PASSED[passed].source})."


COLUMNS: dict[str, Definition] = {
    "district": Definition(
        "Stadtteil",
        "Stadtteil",
        Kind.TEXT,
        "Stadtteil nach der Lage, nicht nach der Liste; ein Punkt auf der Grenze gehört zum kleineren Schlüssel.",
    ),
    "phase": Definition(
        "Bauabschnitt", "Bauabschnitt", Kind.TEXT, "Bauabschnitt des Stadtteils am Stichtag; „in Teilen“ ist vermerkt."
    ),
    "programme": Definition(
        "Förderprojekt", "Projekt", Kind.TEXT, "Förderprojekt; zwei Förderprojekte werden nie addiert."
    ),
    "category": Definition("Kategorie", "Kategorie", Kind.TEXT, "Haushalt, Gewerbe, Schule oder Krankenhaus."),
    "counted": Definition(
        "Anschlüsse",
        "N",
        Kind.COUNT,
        "Anschlüsse der Förderliste ohne die entfallenen; Nenner (N) aller Anteile.",
    ),
    "passed": Definition(
        "erreicht",
        "erreicht",
        Kind.SHARE,
        "Anschlüsse, die nach der genannten Regel erreicht sind; vorbereitete sind es immer, solche ohne Angabe nie.",
        "je nach genannter Regel",
    ),
    "prepared": Definition(
        "davon vorbereitet",
        "vorber.",
        Kind.SHARE,
        "Anschlüsse mit Glasfaser im Haus (Status ab Stufe 6, HÜP/APL).",
        LEITFADEN,
    ),
    "connected": Definition(
        "davon angeschlossen", "angeschl.", Kind.SHARE, "Angeschlossene Anschlüsse (Status ab Stufe 7)."
    ),
    "activated": Definition("davon aktiviert", "aktiviert", Kind.SHARE, "Anschlüsse im Betrieb (Status Stufe 9)."),
    "reachable": Definition(
        "berechnet erreichbar",
        "berechn.",
        Kind.SHARE,
        "Gebaute Trassen (ab „Rohr verlegt“) führen lückenlos von einem Netzknoten bis vor den Anschluss; aus der Lage "
        "berechnet und unabhängig von der Meldung.",
    ),
    "refused": Definition(
        "abgelehnt",
        "abg.",
        Kind.COUNT,
        "Vom Eigentümer abgelehnt oder nicht erreichbar; bleibt im Nenner.",
    ),
    "no_data": Definition(
        NO_DATA_LABEL,
        "k. A.",
        Kind.COUNT,
        "Anschlüsse, zu denen am Stichtag kein Status vorliegt; im Nenner und nie erreicht.",
    ),
    "dropped": Definition("entfallen", "entf.", Kind.COUNT, "Aus der Förderung gefallen, mit Grund; nicht im Nenner."),
    "planned_m": Definition(
        "geplant km",
        "gepl. km",
        Kind.LENGTH_KM,
        "Rasterlänge in EPSG:25832 ohne entfallene Abschnitte, an Stadtteilgrenzen geteilt.",
    ),
    "done_new_duct": Definition(
        "verlegt km", "verl. km", Kind.LENGTH_KM, "Neues Leerrohr ab „Rohr verlegt“ (Status ab Stufe 4)."
    ),
    "done_co_used": Definition(
        "bereit km",
        "bereit km",
        Kind.LENGTH_KM,
        "Mitgenutzte Infrastruktur ab Stufe 4; sie wird nicht gegraben und beginnt dort.",
    ),
    "done_cable": Definition(
        "eingeblasen km", "eingebl. km", Kind.LENGTH_KM, "Kabel in Abschnitten ab „Kabel eingeblasen“ (Stufe 6)."
    ),
    "done_share": Definition("Anteil", "%", Kind.PERCENT, "Fertige durch geplante Meter derselben Länge."),
    "accepted_m": Definition(
        "abgenommen km", "abgen. km", Kind.LENGTH_KM, "Meter in Abschnitten ab „abgenommen“ (Status ab Stufe 9)."
    ),
    "what": Definition(
        "Was", "Was", Kind.TEXT, "Gesperrte oder entfallene Trasse, abgelehnter oder entfallener Anschluss."
    ),
    "reason": Definition("Grund", "Grund", Kind.TEXT, "Gemeldeter Grund der Sperrung, Ablehnung oder Streichung."),
    "count": Definition(
        "Anzahl",
        "Anzahl",
        Kind.COUNT,
        "Abschnitte oder Anschlüsse; ein Abschnitt zählt einmal, im Stadtteil seines längsten Teils.",
    ),
    "stopped_m": Definition("Länge m", "Länge m", Kind.LENGTH_M, "Rasterlänge der Abschnitte im Stadtteil."),
    "since": Definition("seit", "seit", Kind.DATE, "Ältestes Datum, seit dem der Status gilt."),
    "open_m": Definition(
        "offen m", "offen m", Kind.LENGTH_M, "Geplante Meter ohne entfallene, weniger die fertigen derselben Länge."
    ),
    "open_count": Definition(
        "offen",
        "offen",
        Kind.COUNT,
        "Anschlüsse ohne entfallene, angeschlossene und abgelehnte; was noch zu bauen ist.",
    ),
    "due": Definition(
        "Termin", "Termin", Kind.DATE, "Zuletzt zugesagtes Ende des Bauabschnitts; je Förderprojekt das des letzten."
    ),
    "weeks_left": Definition(
        "Wochen bis dahin",
        "Wochen",
        Kind.QUANTITY,
        "Arbeitswochen (je fünf Arbeitstage) nach dem Stichtag bis zum Termin, ohne Feiertage und Winterpause.",
    ),
    "needed_m": Definition(
        "nötig m", "nötig", Kind.LENGTH_M, "Offene Meter durch die Arbeitswochen, die bis zum Termin bleiben."
    ),
    "rate_4_m": Definition(
        "zuletzt m (4 W.)",
        "4 W.",
        Kind.LENGTH_M,
        "Meter je Woche im Mittel der letzten 4 Arbeitswochen seit Baubeginn.",
    ),
    "rate_12_m": Definition(
        "zuletzt m (12 W.)",
        "12 W.",
        Kind.LENGTH_M,
        "Meter je Woche im Mittel der letzten 12 Arbeitswochen seit Baubeginn.",
    ),
    "needed_count": Definition(
        "nötig", "nötig", Kind.QUANTITY, "Offene Anschlüsse durch die Arbeitswochen, die bis zum Termin bleiben."
    ),
    "rate_4_count": Definition(
        "zuletzt (4 W.)",
        "4 W.",
        Kind.QUANTITY,
        "Anschlüsse je Woche im Mittel der letzten 4 Arbeitswochen seit dem ersten Anschluss.",
    ),
    "rate_12_count": Definition(
        "zuletzt (12 W.)",
        "12 W.",
        Kind.QUANTITY,
        "Anschlüsse je Woche im Mittel der letzten 12 Arbeitswochen seit dem ersten Anschluss.",
    ),
    "p10": Definition(
        "frühestens (10 %)", "früh", Kind.DATE, "In 10 % der gezogenen Verläufe ist bis zu diesem Tag alles fertig."
    ),
    "p50": Definition(
        "mittel (50 %)", "mittel", Kind.DATE, "In der Hälfte der gezogenen Verläufe ist bis zu diesem Tag alles fertig."
    ),
    "p90": Definition(
        "spätestens (90 %)",
        "spät",
        Kind.DATE,
        "In 90 % der gezogenen Verläufe ist bis zu diesem Tag alles fertig; leer, wenn das über fünf Jahre dauert.",
    ),
    "outlook": Definition(
        "Aussage", "Aussage", Kind.TEXT, "Was daraus für den Termin folgt, oder warum es keine Prognose gibt."
    ),
    "hit_4": Definition(
        "nach 4 Wochen",
        "4 W.",
        Kind.TEXT,
        "Frühere Prognosen mit damaligem Wissen, deren Spanne (10–90 %) die Menge nach 4 Arbeitswochen enthielt.",
    ),
    "hit_12": Definition(
        "nach 12 Wochen",
        "12 W.",
        Kind.TEXT,
        "Frühere Prognosen mit damaligem Wissen, deren Spanne (10–90 %) die Menge nach 12 Arbeitswochen enthielt.",
    ),
    "hit_end": Definition(
        "Ende",
        "Ende",
        Kind.TEXT,
        "Frühere Prognosen mit damaligem Wissen, deren Spanne (10–90 %) den Tag enthielt, an dem alles fertig war.",
    ),
    "first_end": Definition("zuerst zugesagt", "zuerst", Kind.DATE, "Ältestes zugesagtes Ende des Bauabschnitts."),
    "moved": Definition(
        "Verschiebung", "Verschiebung", Kind.TEXT, "Wie oft der Termin verschoben wurde und um wie viel insgesamt."
    ),
    "stock_what": Definition(
        "Was", "Was", Kind.TEXT, "Trasse (Leerrohr, Mitnutzung), geförderter Anschluss oder erweiterter Vortrieb."
    ),
    "oldest_days": Definition(
        "am längsten Tage",
        "längst.",
        Kind.COUNT,
        "Tage, die der älteste dieser Fälle am Stichtag in seinem Status steht.",
    ),
    "median_days": Definition(
        "Median Tage", "Median", Kind.COUNT, "Median der Tage, die diese Fälle am Stichtag in ihrem Status stehen."
    ),
    "waits_for": Definition(
        "Hemmnis", "Hemmnis", Kind.TEXT, "Worauf gewartet wird; bei Sperrung oder Ablehnung der gemeldete Grund."
    ),
    "workable": Definition(
        "Baureif",
        "Baureif",
        Kind.TEXT,
        "Genehmigte, nicht begonnene Trasse; Anschluss mit Gestattung, dessen Trasse gebaut ist.",
    ),
    "day": Definition("Woche bis", "bis", Kind.DATE, "Letzter Tag der Arbeitswoche."),
    "curve_planned": Definition(
        "Plan",
        "Plan",
        Kind.COUNT,
        "Bis zu diesem Tag geplant: nach den Planterminen der Abschnitte, sonst linear vom Baubeginn bis zum Termin.",
    ),
    "curve_done": Definition("Ist", "Ist", Kind.COUNT, "Bis zu diesem Tag fertig, wie am Stichtag bekannt."),
    "curve_needed": Definition(
        "nötig bis zum Termin",
        "nötig",
        Kind.COUNT,
        "Gleichmäßig je Arbeitstag vom Stichtag bis zum Termin, um ihn zu halten.",
    ),
    "curve_low": Definition(
        "erwartet 10 %", "10 %", Kind.COUNT, "In 10 % der gezogenen Verläufe ist bis zu diesem Tag nicht mehr fertig."
    ),
    "curve_middle": Definition(
        "erwartet 50 %",
        "50 %",
        Kind.COUNT,
        "In der Hälfte der gezogenen Verläufe ist bis zu diesem Tag nicht mehr fertig.",
    ),
    "curve_high": Definition(
        "erwartet 90 %", "90 %", Kind.COUNT, "In 90 % der gezogenen Verläufe ist bis zu diesem Tag nicht mehr fertig."
    ),
    "goal": Definition("Ziel", "Ziel", Kind.TEXT, "Was das Förderprojekt erreichen muss."),
    "unit": Definition("Einheit", "Einh.", Kind.TEXT, "Anschlüsse oder Kilometer."),
    "value": Definition("Soll", "Soll", Kind.QUANTITY, "Zahl der genannten Quelle."),
    "held": Definition(
        "im Bestand", "Bestand", Kind.QUANTITY, "Was die Ebenen führen: Anschlüsse ohne entfallene, geplante Kilometer."
    ),
    "difference": Definition("Differenz", "Diff.", Kind.QUANTITY, "Bestand weniger Soll."),
    "met": Definition(
        "stimmt", "stimmt", Kind.TEXT, "„ja“, wenn die Differenz die Toleranz des Ziels nicht überschreitet."
    ),
    "goal_as_of": Definition("Datum", "Datum", Kind.DATE, "Tag, für den die Quelle die Zahl nennt."),
    "source": Definition("Quelle", "Quelle", Kind.TEXT, "Woher die Zahl stammt."),
    "listed": Definition(
        "Anschlüsse der Liste", "Liste", Kind.COUNT, "Alle Anschlüsse der Förderliste, auch entfallene."
    ),
    "done": Definition("fertig", "fertig", Kind.COUNT, "Angeschlossen oder weiter (Status ab Stufe 7)."),
    "in_build": Definition("im Bau", "im Bau", Kind.COUNT, "Rohr am Grundstück, noch nicht angeschlossen (Stufe 4–6)."),
    "planned": Definition("geplant", "geplant", Kind.COUNT, "Noch kein Rohr am Grundstück (Stufe 0–3)."),
    "outside": Definition(
        "außerhalb", "außerh.", Kind.COUNT, "Lage außerhalb aller Stadtteile; zu prüfen, nicht verloren."
    ),
}
"""Every column of the report by key."""

RULES: dict[str, Definition] = {
    "Stufen": Definition(
        "Stufen",
        "",
        Kind.TEXT,
        "Jede Stufe enthält die folgende: erreicht ⊇ vorbereitet ⊇ angeschlossen ⊇ aktiviert.",
        LEITFADEN,
    ),
    "Längen": Definition(
        "Längen",
        "",
        Kind.TEXT,
        "Neues Leerrohr, mitgenutzte Infrastruktur und Kabel sind drei Längen und werden nie addiert.",
    ),
    "Vortrieb": Definition(
        "Vortrieb",
        "",
        Kind.TEXT,
        "Geförderte Anschlüsse und erweiterter Vortrieb sind zwei Grundgesamtheiten und werden nie addiert.",
        EVL,
    ),
    "Sperrung": Definition(
        "Sperrung", "", Kind.TEXT, "Ein gesperrter Abschnitt zählt so weit, wie er vor der Sperrung gebaut war."
    ),
    "Verbleib": Definition(
        "Verbleib",
        "",
        Kind.TEXT,
        "Jeder Anschluss steht in genau einem Feld, in dieser Folge geprüft: "
        "entfallen, außerhalb, keine Angabe, abgelehnt, fertig, im Bau, geplant.",
    ),
}
"""Rules of counting that are no column."""


def column(key: str, *, of: str | None = None, group: str = "") -> Column:
    """
    Make a column from its definition.

    Parameters
    ----------
    key
        Key in data formats.
    of
        Key of the definition where it is another one.
    group
        Heading shared with the neighbours.

    Returns
    -------
    column
        With label and definition.
    """
    said = COLUMNS[of or key]
    return Column(key, said.label, said.kind, said.text, group, said.short)
