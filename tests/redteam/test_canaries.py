"""Unique words in every text of a project: a package holds those that its allow-list names, and no other."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from rollout.cli import run
from tests.redteam import canaries, worlds
from tests.redteam.loot import Loot

AUDIENCES = ("evl", "netcologne", "council", "public")
CARELESS = """
[audiences.leichtsinn]
title = "Leichtsinn"
recipient = "Wer mag"
purpose = "Neugier"
trenches = "exact"
figures = "rows"
rhythm = "any"
[audiences.leichtsinn.columns]
segments = ["programme_id", "phase_id", "kind", "status", "reason"]
targets = ["programme_id", "category", "drive", "street", "house_number", "status", "institution"]
"""

Found = dict[str, set[str]]


def _run(monkeypatch: pytest.MonkeyPatch, *arguments: str | Path) -> None:
    monkeypatch.setattr(sys, "argv", ["rollout", *map(str, arguments)])
    with pytest.raises(SystemExit) as ended:
        run()
    assert ended.value.code == 0, arguments


def _list_of_a_partner(folder: Path) -> Path:
    said, told = canaries.PROJECT_WORDS, canaries.DELIVERY_WORDS
    ready, refused = canaries.word("targets", "target_id", 4), canaries.word("targets", "target_id", 2)
    sent = folder / f"{told['file']}.csv"
    sent.write_text(
        f"{said['column']};Status;Datum;Notiz;Grund;{told['extra']}\r\n"
        f"{ready};{said['status_word']};01.03.2022;{told['note']};;x\r\n"
        f"{refused};refused;01.03.2022;{told['second_note']};{said['reason_word']};x\r\n",
        encoding="utf-8",
    )
    return sent


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Found]:
    """Make every package as a user does, after a partner's list was received; audience → what was found in its own."""
    folder = tmp_path_factory.mktemp("kanarien") / canaries.OWNER
    worlds.founded(folder, canaries.town(), CARELESS, canaries.project())
    (folder / "targets.gpkg").rename(folder / f"{canaries.PROJECT_WORDS['path']}.gpkg")
    everyone = (*AUDIENCES, "city", "leichtsinn")
    with pytest.MonkeyPatch.context() as patch:
        told = ("--from", canaries.PROJECT_WORDS["partner_id"], "--state-on", "2022-03-20", "-p", folder)
        _run(patch, "receive", _list_of_a_partner(folder), *told)
        _run(patch, "keys", folder, "--no-password")
        _run(patch, "share", *everyone, "-p", folder, "-q")
    packages = {
        path.name.removesuffix("-2022-03-31"): Loot(path) for path in (folder / "maps" / "pakete").glob("*-2022-03-31")
    }
    assert packages.keys() == {*everyone}
    return {name: loot.finds(canaries.LOOKS) for name, loot in packages.items()}


@pytest.mark.parametrize("audience", AUDIENCES)
def test_a_package_holds_no_word_that_its_audience_may_not_read(found: dict[str, Found], audience: str) -> None:
    layers = canaries.town()
    spots = canaries.planted(layers)
    allowed = {text for text, spot in spots.items() if canaries.is_allowed(audience, spot, layers)}
    allowed |= {canaries.PROJECT_WORDS[name] for name in canaries.OPEN_WORDS}
    every = (*spots, *canaries.PROJECT_WORDS.values(), *canaries.DELIVERY_WORDS.values(), canaries.OWNER)
    known = {text.lower(): text for text in every}
    leaked = {known[text]: parts for text, parts in found[audience].items() if known[text] not in allowed}
    assert {(*spots.get(text, canaries.named(text)), *sorted(parts)) for text, parts in leaked.items()} == set()
    assert {canaries.word("districts", "name", number).lower() for number in range(6)} <= found[audience].keys()


def test_the_same_search_finds_nearly_every_word_in_the_package_of_the_city(found: dict[str, Found]) -> None:
    spots = canaries.planted(canaries.town())
    missed = {spot[:2] for text, spot in spots.items() if text.lower() not in found["city"]}
    assert missed <= {("streets", "street_id")}
    assert {canaries.PROJECT_WORDS[name].lower() for name in canaries.OPEN_WORDS} <= found["city"].keys()


def test_a_careless_allow_list_is_found_out(found: dict[str, Found]) -> None:
    spots = canaries.planted(canaries.town())
    for column in ("house_number", "institution"):
        assert {text.lower() for text, spot in spots.items() if spot[:2] == ("targets", column)} <= found[
            "leichtsinn"
        ].keys()
