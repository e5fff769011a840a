"""How the two partners of the bundled project name columns, states and reasons; `rollout.toml` translates them back."""

from __future__ import annotations

from rollout.vocabulary import SEGMENT_LADDER

EVL_SEGMENT_COLUMNS = {
    "segment_id": "Trassennummer",
    "street": "Straße",
    "status": "Baustatus",
    "valid_on": "Status_seit",
    "state_on": "Stand",
    "reason": "Grund",
    "note": "Bemerkung",
    "length_m": "Laenge_m",
}
EVL_TARGET_COLUMNS = {
    "target_id": "Anschlussnummer",
    "street": "Straße",
    "number": "Hausnummer",
    "suffix": "Zusatz",
    "postcode": "PLZ",
    "status": "Ausbaustand",
    "valid_on": "Datum",
    "lead_m": "Länge Zuführung",
    "note": "Bemerkung",
}
NETCOLOGNE_TARGET_COLUMNS = {
    "target_id": "Anschluss-ID",
    "street": "Strasse",
    "house_number": "Hausnr.",
    "postcode": "PLZ",
    "status": "Status",
    "valid_on": "Status seit",
    "reason": "Ablehnungsgrund",
}
NETCOLOGNE_SEGMENT_COLUMNS = {"segment_id": "Trasse", "status": "Betriebszustand", "valid_on": "Betrieb seit"}

EVL_SEGMENT_WORDS = {
    "planned": "geplant",
    "applied": "beantragt",
    "permitted": "genehmigt",
    "digging": "Tiefbau läuft",
    "duct_laid": "Rohr verlegt",
    "duct_tested": "Rohr geprüft",
    "cable_blown": "eingeblasen",
    "spliced": "gespleißt",
    "documented": "dokumentiert",
    "accepted": "abgenommen",
    "handed_over": "übergeben",
    "in_service": "in Betrieb",
    "dropped": "entfällt",
    "blocked": "unterbrochen",
}
EVL_SEGMENT_SHORT = {
    "planned": "PL",
    "applied": "BA",
    "permitted": "GE",
    "digging": "TB",
    "duct_laid": "RV",
    "duct_tested": "RP",
    "cable_blown": "KE",
    "spliced": "SG",
    "documented": "DO",
    "accepted": "AB",
    "handed_over": "ÜG",
    "in_service": "IB",
    "dropped": "EF",
    "blocked": "UB",
}
EVL_SEGMENT_CODES = {rung.key: rung.code for rung in SEGMENT_LADDER}
EVL_SEGMENT_REASONS = {
    "permit": "VAO fehlt",
    "surface": "Aufbruchsperre",
    "ordnance": "Kampfmittel",
    "utility": "Fremdleitung",
    "weather": "Witterung",
    "claim": "Schaden",
    "rerouted": "umgeplant",
}
EVL_TARGET_WORDS = {
    "duct_at_property": "Rohr am Grundstück",
    "house_entry": "Hauseinführung",
    "termination_point": "APL montiert",
}
EVL_TARGET_SHORT = {"duct_at_property": "RG", "house_entry": "HE", "termination_point": "APL"}
NETCOLOGNE_TARGET_WORDS = {
    "identified": "förderfähig",
    "owner_contacted": "angeschrieben",
    "consent_given": "Gestattung da",
    "surveyed": "Begehung erledigt",
    "refused": "kein Interesse",
    "connected": "angeschlossen",
    "orderable": "buchbar",
    "activated": "aktiv",
    "dropped": "gestrichen",
}
NETCOLOGNE_SEGMENT_WORDS = {"in_service": "aktiv"}
NETCOLOGNE_TARGET_REASONS = {
    "declined": "lehnt ab",
    "unreachable": "nicht erreicht",
    "own_build": "Eigenausbau",
    "demolished": "Abriss",
    "duplicate": "doppelt",
}

UNKNOWN_WORD = "in Klärung"
"""What NetCologne once wrote and nobody had agreed on."""
