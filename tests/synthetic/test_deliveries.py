"""The bundled deliveries: made again to the byte, taken in or refused as documented, and true in any order."""

from __future__ import annotations

import datetime as dt
import hashlib
import random
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest

from rollout.history import Delivery, Store, events, open_store, record, statuses
from rollout.intake.checking import check_delivery
from rollout.intake.reading import read_delivery
from rollout.intake.receipt import Known, Receipt, Terms, Verdict
from rollout.intake.refusal import DeliveryError
from rollout.project import Project, open_project
from rollout.synthetic.city import City
from rollout.synthetic.deliveries import MANIFEST, make_deliveries, write_deliveries
from rollout.synthetic.spec import CitySpec
from rollout.synthetic.story import Story, make_story

REPORT = dt.date(2022, 3, 28)
SILENT = "NetCologne_Adressliste_2021-03-31.csv"
"""The one file that says nothing of the day it is true for."""


@dataclass(frozen=True)
class Told:
    """The stored files, each read once and checked in the order of receipt."""

    entries: list[dict[str, Any]]
    receipts: dict[str, Receipt]
    refusals: dict[str, str]
    store: Store


@pytest.fixture(scope="module")
def folder(stored: Path) -> Path:
    return stored / "deliveries"


@pytest.fixture(scope="module")
def project(stored: Path) -> Project:
    return open_project(stored)


@pytest.fixture(scope="module")
def story(city: City, spec: CitySpec) -> Story:
    return make_story(city, spec)


@pytest.fixture(scope="module")
def made(city: City, spec: CitySpec) -> dict[str, bytes]:
    return make_deliveries(city, spec)


@pytest.fixture(scope="module")
def entries(folder: Path) -> list[dict[str, Any]]:
    return tomllib.loads((folder / MANIFEST).read_text(encoding="utf-8"))["deliveries"]


def known_of(store: Store, segments: gpd.GeoDataFrame, targets: gpd.GeoDataFrame) -> Known:
    columns = ["entity", "entity_id", "status", "valid_on", "reported_by", "delivery_id"]
    return Known(segments, targets, events(store)[columns].rename(columns={"valid_on": "status_since"}))


def keep(store: Store, receipt: Receipt, entry: dict[str, Any], moment: dt.datetime | None) -> bool:
    arrival = receipt.delivery.arrival
    delivery = Delivery(
        sender=entry["sender"],
        file_name=entry["file"],
        sha256=arrival.sha256,
        state_on=receipt.state_on,
        is_full_list=entry["complete"],
        recorded_at=moment,
    )
    columns = ["entity", "entity_id", "valid_on", "row", "status", "reason", "note"]
    return record(store, delivery, receipt.events[columns]).is_new


@pytest.fixture(scope="module")
def told(
    folder: Path, project: Project, city: City, entries: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory
) -> Told:
    store = open_store(tmp_path_factory.mktemp("replay") / "history.db", create=True, keep=0)
    receipts: dict[str, Receipt] = {}
    refusals: dict[str, str] = {}
    for entry in entries:
        known = known_of(store, city.segments, city.targets)
        by_hand = entry["state_on"] if entry["file"] == SILENT else None
        terms = Terms(entry["received_at"].date(), by_hand, complete=entry["complete"])
        try:
            delivery = read_delivery(folder / entry["file"], project, entry["sender"])
            receipt = check_delivery(delivery, project, known, terms)
        except DeliveryError as error:
            refusals[entry["file"]] = f"{error} {error.hint}"
            continue
        receipts[entry["file"]] = receipt
        if receipt.verdict is Verdict.ACCEPTED:
            is_new = keep(store, receipt, entry, entry["received_at"])
            assert is_new == (entry["outcome"] != "duplicate")
    return Told(entries, receipts, refusals, store)


def rules_of(receipt: Receipt) -> set[str]:
    return {run.rule for run in receipt.rules if run.hits}


def test_the_stored_files_are_made_again_to_the_byte(made: dict[str, bytes], folder: Path) -> None:
    assert {path.name for path in folder.iterdir()} == set(made)
    assert [name for name, content in made.items() if (folder / name).read_bytes() != content] == []


def test_writing_again_writes_the_same(city: City, spec: CitySpec, made: dict[str, bytes], tmp_path: Path) -> None:
    paths = write_deliveries(city, tmp_path / "deliveries", spec)
    assert [path.name for path in paths] == list(made)
    assert {path.name: path.read_bytes() for path in paths} == made


def test_another_seed_makes_other_files(city: City, made: dict[str, bytes]) -> None:
    other = make_deliveries(city, CitySpec(seed=1))
    assert list(other) == list(made)
    assert other["EVL_Trassen_2022-03-28.gpkg"] != made["EVL_Trassen_2022-03-28.gpkg"]


def test_all_files_together_stay_small(made: dict[str, bytes]) -> None:
    assert sum(map(len, made.values())) < 3_000_000


def test_the_manifest_lists_every_file_in_the_order_of_receipt(made: dict[str, bytes], told: Told) -> None:
    assert [entry["file"] for entry in told.entries] == [name for name in made if name != MANIFEST]
    moments = [entry["received_at"] for entry in told.entries]
    assert moments == sorted(set(moments))
    assert moments[0].year == 2021
    assert moments[-1] < dt.datetime(2023, 1, 1, tzinfo=dt.UTC)
    assert all(entry["state_on"] <= entry["received_at"].date() for entry in told.entries)
    assert {entry["sender"] for entry in told.entries} == {"EVL", "NetCologne"}


def test_what_shall_be_accepted_is_accepted_without_an_error(told: Told) -> None:
    for entry in told.entries:
        if entry["outcome"] == "accepted":
            receipt = told.receipts[entry["file"]]
            assert receipt.verdict is Verdict.ACCEPTED, (entry["file"], rules_of(receipt))
            assert receipt.refused.empty
            assert receipt.state_on == entry["state_on"]


def test_every_file_but_one_states_its_day_itself(told: Told) -> None:
    sources = {file: receipt.state_on_from for file, receipt in told.receipts.items()}
    assert {file for file, source in sources.items() if source == "option"} == {SILENT}


def test_what_shall_be_refused_is_refused_for_the_documented_reason(told: Told) -> None:
    refused = {entry["file"]: entry["because"] for entry in told.entries if entry["outcome"] == "refused"}
    assert sorted(refused.values()) == ["broken-text", "crs", "unknown-status"]
    for file, because in refused.items():
        if because == "crs":
            assert "außerhalb des Projektgebiets" in told.refusals[file]
            assert "EPSG:25832" in told.refusals[file]
        else:
            assert told.receipts[file].verdict is Verdict.REFUSED
            assert because in set(told.receipts[file].refused["rule"])
    assert set(told.refusals) == {file for file, because in refused.items() if because == "crs"}


def test_the_unknown_status_is_the_only_fault_of_its_file(told: Told) -> None:
    refused = told.receipts["NetCologne_Anschluesse_KW12.xlsx"].refused
    assert list(refused["rule"]) == ["unknown-status"] * 3
    assert set(refused["value"]) == {"in Klärung"}


def test_the_duplicate_has_the_bytes_of_the_file_before_it(made: dict[str, bytes], told: Told) -> None:
    (entry,) = [entry for entry in told.entries if entry["outcome"] == "duplicate"]
    assert hashlib.sha256(made[entry["file"]]).digest() == hashlib.sha256(made[entry["same_as"]]).digest()


def test_old_encodings_and_short_column_names_are_understood(told: Told) -> None:
    old = told.receipts["EVL_Trassen_2021-06-30.zip"].delivery
    assert old.encoding == "cp1252"
    assert old.batches[0].mapping["segment_id"] == "Trassennum"
    assert told.receipts["EVL_Trassen_2022-01-31.zip"].delivery.encoding == "utf-8"
    assert told.receipts["EVL_Hausanschluesse_2021-10.csv"].delivery.encoding == "cp1252"


def test_the_torn_ducts_are_steps_back_in_a_receipt(told: Told, story: Story) -> None:
    steps = told.receipts["EVL_Trassen_2022-01-31.zip"].steps_back
    assert tuple(sorted(steps["entity_id"])) == story.torn
    assert set(steps["status"]) == {"digging"}


def test_the_contradiction_stands_in_the_receipt_of_the_other_partner(told: Told, story: Story) -> None:
    found = told.receipts["EVL_Hausanschluesse_2022-03-28.xlsx"].contradictions
    assert tuple(sorted(set(found["entity_id"]))) == story.claimed
    assert set(found["reported_by"]) == {"NetCologne"}


def test_only_the_first_list_of_addresses_lacks_any(told: Told, city: City) -> None:
    missing = {file: set(receipt.missing["entity_id"]) for file, receipt in told.receipts.items()}
    silent = set(city.targets.loc[city.targets["status"].isna(), "target_id"])
    assert {file: ids for file, ids in missing.items() if ids} == {SILENT: silent}


def standing(store: Store, day: dt.date, known_at: dt.date | None = None) -> pd.DataFrame:
    columns = ["status", "status_since", "reason", "status_before"]
    return statuses(store, day, known_at).set_index(["entity", "entity_id"])[columns]


def as_layers(city: City) -> pd.DataFrame:
    columns = ["status", "status_since", "reason", "status_before"]
    segments = city.segments.assign(entity="segment", entity_id=city.segments["segment_id"])
    targets = city.targets.assign(entity="target", entity_id=city.targets["target_id"], status_before=pd.NA)
    both = pd.concat([pd.DataFrame(rows)[["entity", "entity_id", *columns]] for rows in (segments, targets)])
    frame = both[both["status"].notna()].sort_values(["entity", "entity_id"])
    frame["status_before"] = frame["status_before"].astype("string")
    return frame.astype({"entity": "string", "entity_id": "string"}).set_index(["entity", "entity_id"])


@pytest.mark.parametrize("known_at", [REPORT, None])
def test_the_store_says_on_the_day_of_the_report_what_the_layers_say(
    told: Told, city: City, known_at: dt.date | None
) -> None:
    pd.testing.assert_frame_equal(standing(told.store, REPORT, known_at), as_layers(city))


def test_the_late_correction_changes_the_quarter_before_and_not_the_report(told: Told, story: Story) -> None:
    quarter = dt.date(2021, 9, 30)
    then, today = (standing(told.store, quarter, known_at) for known_at in (REPORT, None))
    differing = then.index[(then["status"] != today["status"]) | (then["status_since"] != today["status_since"])]
    assert tuple(id_ for _, id_ in differing) == story.corrected
    assert set(then.loc[differing, "status"]) == {"duct_laid"}
    assert set(today.loc[differing, "status"]) == {"digging"}


def test_what_the_layers_do_not_know_no_delivery_spoke_of_before(told: Told, city: City) -> None:
    silent = city.targets.loc[city.targets["status"].isna(), "target_id"]
    said = events(told.store)
    assert said.loc[said["entity_id"].isin(silent), "valid_on"].min() > pd.Timestamp(REPORT)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_any_order_of_arrival_gives_the_same_state(told: Told, tmp_path: Path, seed: int) -> None:
    store = open_store(tmp_path / "history.db", create=True, keep=0)
    shuffled = [entry for entry in told.entries if entry["outcome"] == "accepted"]
    random.Random(seed).shuffle(shuffled)  # noqa: S311 - repeatable, not secret
    for entry in shuffled:
        keep(store, told.receipts[entry["file"]], entry, None)
    for day in (dt.date(2021, 9, 30), dt.date(2021, 12, 31), REPORT, dt.date(2022, 12, 31)):
        pd.testing.assert_frame_equal(standing(store, day), standing(told.store, day))


def test_all_that_happened_has_been_told_by_the_end_of_the_year(told: Told, story: Story) -> None:
    last = story.events.drop_duplicates(["entity", "entity_id"], keep="last").set_index(["entity", "entity_id"])
    known = standing(told.store, dt.date(2022, 12, 31))
    assert known["status"].to_dict() == last["status"].sort_index().to_dict()
    assert known["status_since"].to_dict() == last["valid_on"].sort_index().to_dict()
