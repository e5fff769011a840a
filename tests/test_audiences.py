"""Who gets what: five audiences that are always there, and what a project file may say of them."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from rollout.audience_defaults import DEFAULTS
from rollout.audiences import REQUIRED, Audience, Figures, Rhythm, Trenches
from rollout.errors import ProjectError
from rollout.layers.starter import starter_text
from rollout.project import Project, parse_project
from rollout.schema import LAYERS

ROOT = Path(__file__).parents[1]
BUNDLED = ROOT / "geodata" / "leverkusen" / "rollout.toml"
SAID = tomllib.loads(BUNDLED.read_text(encoding="utf-8"))


def opened(audiences: Any) -> Project:  # noqa: ANN401 - whatever a file may say
    return parse_project({**SAID, "audiences": audiences}, BUNDLED)


def test_every_project_has_five_audiences_in_the_order_of_what_they_see() -> None:
    without = {name: said for name, said in SAID.items() if name != "audiences"}
    audiences = parse_project(without, BUNDLED).audiences
    assert list(audiences) == ["city", "evl", "netcologne", "council", "public"]
    assert [len([*audience.columns]) for audience in audiences.values()] == [3, 3, 3, 1, 0]


def test_the_city_gets_every_column_and_the_public_no_row() -> None:
    audiences = opened({}).audiences
    for layer in REQUIRED:
        assert audiences["city"].columns[layer] == tuple(column.name for column in LAYERS[layer].columns)
        assert not audiences["public"].gives(layer)
    assert audiences["public"].rhythm is Rhythm.QUARTER
    assert audiences["public"].figures is Figures.CELLS


def test_an_activation_is_told_as_a_connection_to_the_builder() -> None:
    evl = opened({}).audiences["evl"]
    assert {"orderable", "activated"}.isdisjoint(evl.words("targets"))
    assert evl.blurred("targets") == {"connected"}
    assert not evl.gives("targets", "institution")


def test_an_entry_changes_one_line_and_leaves_the_others() -> None:
    changed = opened({"evl": {"valid_days": 14, "columns": {"nodes": []}}}).audiences["evl"]
    default = opened({}).audiences["evl"]
    assert changed.valid_days == 14
    assert not changed.gives("nodes")
    assert changed.columns["targets"] == default.columns["targets"]
    assert changed.told_as == default.told_as


def test_a_project_may_have_audiences_of_its_own_and_what_they_do_not_name_they_do_not_get() -> None:
    press = {"title": "Presse", "recipient": "Redaktion", "purpose": "Bericht"}
    audience = opened({"presse": press}).audiences["presse"]
    assert [*opened({"presse": press}).audiences][-1] == "presse"
    assert audience.columns == {}
    assert audience.trenches is Trenches.NONE
    assert audience.rhythm is Rhythm.QUARTER
    assert not audience.history


def test_audiences_that_were_read_can_be_given_again() -> None:
    audiences = opened({}).audiences
    assert opened({**audiences}).audiences == audiences


@pytest.mark.parametrize(
    ("said", "named"),
    [
        (5, "audiences: muss eine Tabelle sein"),
        ({"evl": 5}, "audiences.evl: muss eine Tabelle sein"),
        ({"evl": {"colour": 1}}, "audiences.evl.colour: unbekannter Eintrag"),
        ({"presse": {"title": "x"}}, "audiences.presse.recipient: fehlt"),
        ({"evl": {"columns": {"trench": []}}}, "audiences.evl.columns.trench.[key]: erlaubt ist nur 'segments'"),
        ({"evl": {"columns": {"targets": ["owner"]}}}, "die Spalte 'owner' gibt es nicht; es gibt target_id, "),
        ({"evl": {"columns": {"targets": ["street"]}}}, "es fehlt programme_id, category, drive, status; ergänzen Sie"),
        ({"evl": {"statuses": {"targets": ["aktiv"]}}}, "statuses.targets: den Status 'aktiv' gibt es nicht; es gibt"),
        ({"evl": {"statuses": {"targets": []}}}, "columns.targets = [] für keine Zeile"),
        ({"evl": {"statuses": {"nodes": ["planned"]}}}, "Netzknoten ('nodes') haben keinen Status"),
        ({"evl": {"told_as": {"targets": {"activated": "aktiv"}}}}, "den Status 'aktiv' gibt es nicht"),
        ({"evl": {"told_as": {"targets": {"activated": "orderable", "orderable": "connected"}}}}, "das letzte Wort"),
        ({"netcologne": {"told_as": {"targets": {"activated": "surveyed"}}}}, "das in statuses.targets fehlt"),
        ({"evl": {"trenches": "none"}}, "columns.segments = []"),
        ({"public": {"trenches": "street"}}, "trenches = 'street' braucht columns.segments"),
        ({"council": {"columns": {"segments": [*REQUIRED["segments"]]}}}, "genau programme_id, phase_id, kind"),
        ({"evl": {"figures": "cells"}}, "columns.targets = [], oder figures = 'rows'"),
        ({"public": {"smallest_cell": 1}}, "audiences.public.smallest_cell: muss mindestens 3 sein"),
    ],
)
def test_an_impossible_entry_is_named_with_the_way_out(said: Any, named: str) -> None:  # noqa: ANN401
    with pytest.raises(ProjectError) as caught:
        opened(said)
    assert named in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize(
    ("change", "knows"),
    [
        ({}, True),
        ({"precision_m": 5}, False),
        ({"columns": {"nodes": []}}, False),
        ({"statuses": {"segments": ["planned", "digging"]}}, False),
        ({"told_as": {"segments": {"digging": "planned"}}}, True),
        ({"told_as": {"segments": {"cable_blown": "duct_laid"}}}, False),
        ({"told_as": {"segments": {"dropped": "planned"}}}, False),
    ],
)
def test_reach_is_given_only_where_all_is_that_it_is_computed_from(change: dict[str, Any], knows: bool) -> None:  # noqa: FBT001
    assert opened({"city": change}).audiences["city"].knows_network is knows


def test_the_starter_explains_entries_that_a_project_file_may_have() -> None:
    lines = starter_text().split("\n")
    first = next(number for number, line in enumerate(lines) if line.startswith("# [audiences.evl]"))
    block = [line.removeprefix("# ").removeprefix("#") for line in lines[first : lines.index("", first)]]
    audiences = opened(tomllib.loads("\n".join(block))["audiences"]).audiences
    assert audiences["planung"].words("segments") == {"planned", "permitted"}
    assert not audiences["evl"].gives("nodes")
    assert set(Audience.model_fields) <= {word for line in block for word in line.replace(".", " ").split()}


def test_the_page_on_sharing_names_every_audience_entry_and_needed_column() -> None:
    page = (ROOT / "docs" / "sharing.md").read_text(encoding="utf-8")
    for word in [*DEFAULTS, *Audience.model_fields, *(column for named in REQUIRED.values() for column in named)]:
        assert f"`{word}" in page
