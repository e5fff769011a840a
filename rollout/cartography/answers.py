"""The sentences of the answer card: what a status means for one address or trench, and what comes next."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from rollout.vocabulary import NO_DATA, NO_DATA_LABEL, SEGMENT_LADDER, TARGET_LADDER

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rollout.vocabulary import Rung

    Sentences = Mapping[str, tuple[str, str]]

TARGET_ANSWERS: Sentences = MappingProxyType(
    {
        "identified": ("Für {name} ist ein Glasfaseranschluss vorgesehen.", "Der Eigentümer wird angeschrieben."),
        "owner_contacted": (
            "Für {name} ist ein Glasfaseranschluss vorgesehen; der Eigentümer ist angeschrieben.",
            "Der Eigentümer erteilt die Gestattung.",
        ),
        "consent_given": ("Für {name} liegt die Gestattung des Eigentümers vor.", "Begehung vor Ort."),
        "surveyed": ("In {name} hat die Begehung stattgefunden.", "Das Rohr wird bis zum Grundstück verlegt."),
        "duct_at_property": ("Das Rohr liegt bis zum Grundstück {name}.", "Die Hauseinführung wird gesetzt."),
        "house_entry": ("In {name} ist die Hauseinführung gesetzt.", "Die Glasfaser wird bis ins Haus gelegt."),
        "termination_point": ("Die Glasfaser liegt im Haus {name}.", "Das Gebäude wird angeschlossen."),
        "connected": ("{name} ist an das Glasfasernetz angeschlossen.", "Der Anschluss wird buchbar."),
        "orderable": ("{name} ist angeschlossen, ein Tarif ist buchbar.", "Der Nutzer beauftragt einen Anbieter."),
        "activated": ("Der Glasfaseranschluss {name} ist in Betrieb.", "Nichts mehr zu tun."),
        "refused": (
            "Für {name} ist der Anschluss abgelehnt oder der Eigentümer nicht erreichbar.",
            "Der Eigentümer stimmt doch noch zu, oder der Anschluss entfällt.",
        ),
        "dropped": ("Der Anschluss {name} ist entfallen.", "Im Projekt keiner mehr."),
        NO_DATA: ("Zum Stand von {name} liegt keine Angabe vor.", "Beim Netzbetreiber nachfragen."),
    }
)
"""Status word of a target → sentence with `{name}` for the address, and the next step."""

SEGMENT_ANSWERS: Sentences = MappingProxyType(
    {
        "planned": ("Die Trasse {name} ist geplant.", "Die Genehmigung wird beantragt."),
        "applied": ("Für die Trasse {name} ist die Genehmigung beantragt.", "Die Genehmigung wird erteilt."),
        "permitted": ("Die Trasse {name} ist genehmigt.", "Der Tiefbau beginnt."),
        "digging": ("An der Trasse {name} wird gebaut.", "Das Rohr wird verlegt."),
        "duct_laid": ("In der Trasse {name} liegt das Rohr.", "Das Rohr wird geprüft."),
        "duct_tested": ("Das Rohr der Trasse {name} ist geprüft.", "Das Kabel wird eingeblasen."),
        "cable_blown": ("In der Trasse {name} liegt das Kabel.", "Das Kabel wird gespleißt und gemessen."),
        "spliced": ("Das Kabel der Trasse {name} ist gespleißt und gemessen.", "Die Trasse wird dokumentiert."),
        "documented": ("Die Trasse {name} ist dokumentiert.", "Die Trasse wird abgenommen."),
        "accepted": ("Die Trasse {name} ist abgenommen.", "Die Trasse wird übergeben."),
        "handed_over": ("Die Trasse {name} ist übergeben.", "Der Betrieb beginnt."),
        "in_service": ("Die Trasse {name} ist in Betrieb.", "Nichts mehr zu tun."),
        "dropped": ("Die Trasse {name} ist entfallen.", "Im Projekt keiner mehr."),
        "blocked": ("Die Trasse {name} ist gesperrt oder unterbrochen.", "Der Grund der Sperrung wird behoben."),
        NO_DATA: ("Zum Stand der Trasse {name} liegt keine Angabe vor.", "Beim Bauunternehmen nachfragen."),
    }
)
"""Status word of a segment → sentence with `{name}` for its identifier and street, and the next step."""


def answers() -> dict[str, dict[str, tuple[str, str]]]:
    """
    List the sentences by the status that people read, as the columns of a page hold it.

    Returns
    -------
    answers
        `targets` and `segments`: German status → sentence and next step.
    """
    return {
        "targets": _by_label(TARGET_ANSWERS, TARGET_LADDER),
        "segments": _by_label(SEGMENT_ANSWERS, SEGMENT_LADDER),
    }


def _by_label(sentences: Sentences, ladder: tuple[Rung, ...]) -> dict[str, tuple[str, str]]:
    labels = {**{rung.key: rung.label for rung in ladder}, NO_DATA: NO_DATA_LABEL}
    return {label: sentences[key] for key, label in labels.items()}
