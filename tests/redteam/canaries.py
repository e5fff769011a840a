"""A town in which every text is a word of its own, and who may read which of them."""

from __future__ import annotations

import re

import geopandas as gpd
import pandas as pd

from rollout.audience_defaults import DEFAULTS
from rollout.schema import LAYERS, ColumnType
from tests.redteam import worlds

ROWS = ("segments", "targets", "nodes")
NAMED = {"districts": ("name", "borough"), "streets": ("name",)}
"""The base of every map."""

STEPS = {
    "segments": ("applied", "permitted", "digging", "duct_laid", "in_service", "blocked", "dropped"),
    "targets": ("identified", "consent_given", "refused", "dropped", "duct_at_property", "connected", "activated"),
}
READY = ("duct_at_property", "connected", "activated")
_LETTERS = "bcdfghklmnprstvz"
LOOKS = re.compile(f"q(?:[{_LETTERS}][aeiou]){{7}}")
"""A canary in small letters."""


def word(layer: str, column: str, row: int) -> str:
    """A word that stands nowhere else: no one looks for it by chance, and no encoding holds it by accident."""
    number = (sum(ord(letter) * 31**place for place, letter in enumerate(f"{layer}.{column}")) * 1009 + row) % 16**7
    letters = "".join(f"{_LETTERS[(number >> shift) & 15]}{'aeiou'[shift % 5]}" for shift in range(0, 28, 4))
    return f"Q{letters}"


def town() -> dict[str, gpd.GeoDataFrame]:
    """A town of canaries: each status of a ladder several times, in every district."""
    layers = worlds.layers(seed=3, houses=42)
    for name, rows in layers.items():
        for column in LAYERS[name].columns:
            if column.type is ColumnType.TEXT and column.allowed is None and not _points_elsewhere(name, column.name):
                rows[column.name] = pd.array([word(name, column.name, row) for row in range(len(rows))], dtype="string")
        if name in STEPS:
            rows["status"] = pd.array([STEPS[name][row % len(STEPS[name])] for row in range(len(rows))], dtype="string")
    layers["targets"]["reason"] = layers["targets"]["status"].map({"refused": "declined", "dropped": "demolished"})
    segments = layers["segments"]
    segments["reason"] = segments["status"].map({"blocked": "ordnance", "dropped": "rerouted"})
    segments["status_before"] = segments["status"].map({"blocked": "permitted"})
    return layers


def _points_elsewhere(layer: str, column: str) -> bool:
    """Tell a column that names a row of the project file, or the status, from one with a text of its own."""
    return column in {"programme_id", "phase_id"} or (layer, column) == ("targets", "district")


def planted(layers: dict[str, gpd.GeoDataFrame]) -> dict[str, tuple[str, str, int]]:
    """Every canary of the layers → where it sits."""
    return {
        word(name, column.name, row): (name, column.name, row)
        for name, rows in layers.items()
        for column in LAYERS[name].columns
        for row in range(len(rows))
        if str(rows[column.name].iloc[row]) == word(name, column.name, row)
    }


def is_allowed(audience: str, spot: tuple[str, str, int], layers: dict[str, gpd.GeoDataFrame]) -> bool:
    """Tell by the allow-list of the project, and by nothing of how it is applied, who may read a canary."""
    layer, column, row = spot
    if layer not in ROWS:
        return column in NAMED[layer] or column == "district_id"
    if audience == "council":
        return (layer, column) == ("segments", "street")
    if column not in DEFAULTS[audience].get("columns", {}).get(layer, ()):
        return False
    is_ready = layer != "targets" or layers["targets"]["status"].iloc[row] in READY
    return audience != "netcologne" or is_ready


PROJECT_WORDS = {
    name: word("rollout.toml", name, 0)
    for name in (
        *("title", "municipality", "programme", "park", "phase", "source", "promise", "variant", "attribution"),
        *("note", "partner_id", "partner", "column", "status_word", "reason_word", "attribute", "path"),
    )
}
OPEN_WORDS = ("title", "municipality", "programme", "park", "phase", "source", "attribution", "note")
"""What a project says of itself to everyone."""

DELIVERY_WORDS = {name: word("delivery", name, 0) for name in ("file", "note", "second_note", "extra", "sheet")}


def project() -> str:
    """The project file of the town of canaries."""
    said = PROJECT_WORDS
    text = worlds.PROJECT.replace("Glasfaser Musterstadt", said["title"]).replace(
        "Stadt Musterstadt", said["municipality"]
    )
    for plain, name in (("Hauptprojekt", "programme"), ("Gewerbepark", "park"), ("Bauabschnitt ", "phase")):
        text = text.replace(plain, f"{said[name]} " if name == "phase" else said[name])
    for number, name in enumerate(worlds.DISTRICTS):
        text = text.replace(f'"{name}"', f'"{word("districts", "name", number)}"')
    text = text.replace('source = "Bescheid"', f'source = "{said["source"]}"')
    text = text.replace('targets.path = "targets.gpkg"', f'targets.path = "{said["path"]}.gpkg"')
    promise = f'{{ said_on = 2021-01-01, planned_end_on = 2022-12-31, source = "{said["promise"]}" }}'
    text = text.replace("starts_on = 2022-03-01", f"starts_on = 2022-03-01\npromises = [{promise}]")
    text += f'streets.note = "{said["note"]}"\nstreets.attribution = ["{said["attribution"]}"]\n'
    return (
        text
        + f"""
[district_variants]
"{word("districts", "name", 0)}" = ["{said["variant"]}"]
[partners.{said["partner_id"]}]
name = "{said["partner"]}"
[partners.{said["partner_id"]}.targets]
columns = {{ target_id = "{said["column"]}", status = "Status", valid_on = "Datum", note = "Notiz", reason = "Grund" }}
status = {{ "{said["status_word"]}" = "connected" }}
reason = {{ "{said["reason_word"]}" = "declined" }}
"""
    )


OWNER = word("rollout.toml", "folder", 0)
"""The folder of the project, as it would tell the name of a user."""


def named(text: str) -> tuple[str, ...]:
    """Say where a canary sits that is not in a layer."""
    there = {**PROJECT_WORDS, **DELIVERY_WORDS, "folder": OWNER}
    return tuple(name for name, planted_text in there.items() if planted_text == text) or (text,)
