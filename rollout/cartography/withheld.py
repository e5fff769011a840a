"""What a page leaves out of a state that was cut down for an audience: withheld must not look like unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rollout.audiences import Trenches
from rollout.cartography.symbols import SEGMENT_STYLES, TARGET_STYLES
from rollout.schema import LAYERS
from rollout.vocabulary import DROPPED, NO_DATA, NO_DATA_LABEL, STATUS_LABELS, ladder_of

if TYPE_CHECKING:
    from rollout.analysis.state import State
    from rollout.audiences import Audience, SharedLayer

    Data = dict[str, Any]

_POPULATIONS: dict[str, SharedLayer] = {
    "segments": "segments",
    "targets": "targets",
    "extended": "targets",
    "nodes": "nodes",
}
"""Layer of a page → the layer its rows come from."""

_REFERENCES: dict[SharedLayer, str] = {"segments": "segment", "nodes": "node"}
"""Layer → the column in which targets name its rows."""

_RUNGS: dict[SharedLayer, dict[str, tuple[str, ...]]] = {
    "segments": {style.key: style.rungs for style in SEGMENT_STYLES},
    "targets": {style.key: style.rungs for style in TARGET_STYLES},
}
"""Layer → class → the statuses that are drawn that way."""

_NO_TARGETS = "Diese Ausgabe enthält keine einzelnen Anschlüsse."

_STREET_NOTE = "Eine Straße hat den Stand ihres am wenigsten fertigen Teils; Längen sind Straßenlängen."

_STREET_ANSWERS = {
    "planned": "Straße {name}: Trassen sind geplant.",
    "digging": "Straße {name}: An den Trassen wird gebaut.",
    DROPPED: "Straße {name}: Die Trassen sind entfallen.",
}


def as_told(data: Data, state: State) -> Data:
    """
    Leave out of a page's data what is withheld from its audience.

    Parameters
    ----------
    data
        As `payload.page_data` gathers it.
    state
        What the page shows.

    Returns
    -------
    told
        The same data where the state is whole. Otherwise no column that is withheld stands for one that is unknown,
        and no list of words, looks or sentences names a status that the audience may not hear of. In `spec`,
        `caveat` says which connections are counted, and `nouns` what a row of the segments is, where it is a street.
    """
    audience = state.audience
    if audience is None:
        return data
    layers = {name: _layer(layer, name, audience) for name, layer in data["layers"].items()}
    return {
        **data,
        "spec": _spec(data["spec"], audience),
        "symbols": {**data["symbols"], **{name: _styles(data["symbols"][name], name, audience) for name in _RUNGS}},
        "facts": _facts(data["facts"], layers, audience),
        "answers": {layer: _answers(said, layer, audience) for layer, said in data["answers"].items()},
        "layers": layers,
    }


def _layer(layer: Data, name: str, audience: Audience) -> Data:
    source, columns = _POPULATIONS.get(name), layer["columns"]
    if source is None:
        return layer
    hidden = set() if audience.gives(source, LAYERS[source].key) else {"id"}
    if source == "targets":
        hidden |= {column for of, column in _REFERENCES.items() if not audience.gives(of, LAYERS[of].key)}
        hidden |= set() if audience.knows_network else {"reach"}
    kept = {column: values for column, values in columns.items() if column not in hidden}
    named = {"name": columns["street"]} if name == "segments" and _as_streets(audience) and "street" in columns else {}
    return {**layer, "columns": {**named, **kept}}


def _as_streets(audience: Audience) -> bool:
    return audience.trenches is Trenches.STREET


def _labels(layer: SharedLayer, words: frozenset[str]) -> dict[str, str]:
    return {STATUS_LABELS[rung.key]: rung.key for rung in ladder_of(layer) if rung.key in words}


def _spec(spec: Data, audience: Audience) -> Data:
    legend = [_group(group, audience) for group in spec["legend"]]
    nouns = {"nouns": ("Straße", "Straßen")} if _as_streets(audience) else {}
    return {**spec, "legend": legend, "caveat": _caveat(audience), **nouns}


def _caveat(audience: Audience) -> str:
    if not audience.gives("targets"):
        return _NO_TARGETS
    if not audience.selects("targets"):
        return ""
    words = ", ".join(f"„{label}“" for label in _labels("targets", audience.words("targets")))
    return f"Diese Ausgabe enthält nur Anschlüsse mit Stand {words}."


def _group(group: Data, audience: Audience) -> Data:
    layer = _POPULATIONS.get(group["layer"])
    if layer is None or layer == "nodes":
        return group
    told = _labels(layer, audience.words(layer))
    rows = [{**row, "hint": ", ".join(one for one in row["hint"].split(", ") if one in told)} for row in group["rows"]]
    if layer != "segments" or not _as_streets(audience):
        return {**group, "rows": rows}
    figure = group["figure"].replace("Abschnitte", "Straßen").replace("Abschnitt", "Straße")
    return {**group, "rows": rows, "label": "Straßen mit Trassen", "figure": figure, "note": _STREET_NOTE}


def _styles(looks: Data, layer: SharedLayer, audience: Audience) -> Data:
    """Keep the looks of classes that a row can have."""
    words = audience.words(layer)
    possible = {key for key, rungs in _RUNGS[layer].items() if words.intersection(rungs)} | {NO_DATA}
    return {key: look for key, look in looks.items() if key in possible}


def _facts(facts: Data, layers: Data, audience: Audience) -> Data:
    """Keep the lines of a card for which there are columns."""
    there = {name: {*layers[name]["columns"]} for name in facts}
    there["targets"] |= {*layers["extended"]["columns"]}
    kept = {name: [line for line in lines if line["column"] in there[name]] for name, lines in facts.items()}
    if not _as_streets(audience):
        return kept
    return {**kept, "segments": [_street_fact(line) for line in kept["segments"] if line["column"] != "street"]}


def _street_fact(line: Data) -> Data:
    return {**line, "label": "Straßenlänge"} if line["column"] == "length" else line


def _answers(sentences: Data, name: str, audience: Audience) -> Data:
    """Keep the sentences of the statuses told; what comes next is not said of one that stands for several."""
    layer: SharedLayer = "segments" if name == "segments" else "targets"
    told, blurred = _labels(layer, audience.words(layer)), audience.blurred(layer)
    if layer == "segments" and _as_streets(audience):
        unknown = {NO_DATA_LABEL: ("Straße {name}: Zum Stand der Trassen liegt keine Angabe vor.", "")}
        return {**{label: (_street_answer(label, status), "") for label, status in told.items()}, **unknown}
    kept = {
        label: (sentences[label][0], "" if status in blurred else sentences[label][1]) for label, status in told.items()
    }
    return kept if audience.selects(layer) or not kept else {**kept, NO_DATA_LABEL: sentences[NO_DATA_LABEL]}


def _street_answer(label: str, status: str) -> str:
    return _STREET_ANSWERS.get(status, f"Straße {{name}}: alle Trassen mindestens im Stand „{label}“.")
