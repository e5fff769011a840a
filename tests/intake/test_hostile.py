"""Damaged and enormous files: refused or reported, in bounded time and memory, and never a crash."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from rollout.intake.receipt import Receipt, Verdict
from rollout.intake.refusal import DeliveryError

Receive = Callable[..., Receipt]
Make = Callable[..., Path]
Line = Callable[..., list[tuple[float, float]]]
ROW = ("S1", "RV", "2022-03-01", 100.0)
NAMES = ("Trassennummer", "Baustatus", "Verlegt_seit", "Laenge")
TABLE = [list(NAMES), ["S1", "RV", "01.03.2022", "100"]]


@pytest.fixture
def honest_files(csv_file: Make, xlsx_file: Make, geojson_file: Make, gpkg_file: Make, line: Line) -> dict[str, Path]:
    return {
        "csv": csv_file(TABLE),
        "xlsx": xlsx_file(A=TABLE),
        "geojson": geojson_file([dict(zip(NAMES, ROW, strict=True))], [line(1)]),
        "gpkg": gpkg_file([ROW], [line(1)]),
    }


def _damaged(content: bytes, random: Random) -> bytes:
    damaged = bytearray(content)
    for _ in range(random.randint(1, 8)):
        damaged[random.randrange(len(damaged))] = random.randrange(256)
    return bytes(damaged[: random.choice([len(damaged), random.randrange(1, len(damaged))])])


@pytest.mark.parametrize("kind", ["csv", "xlsx", "geojson", "gpkg"])
def test_a_damaged_file_is_refused_or_judged_and_never_crashes(
    receive: Receive, honest_files: dict[str, Path], kind: str
) -> None:
    path = honest_files[kind]
    content, random = path.read_bytes(), Random(7)  # noqa: S311 - chance that repeats itself
    refused: list[DeliveryError] = []
    for _ in range(150):
        path.write_bytes(_damaged(content, random))
        try:
            receive(path, partial=True)
        except DeliveryError as error:
            refused.append(error)
    assert len(refused) > 20
    assert all(error.message and error.hint for error in refused)


def test_a_damaged_shapefile_is_refused_or_judged_and_never_crashes(
    receive: Receive, zip_file: Make, shapefile_parts: Callable[..., dict[str, bytes]], line: Line
) -> None:
    parts, random = shapefile_parts([ROW, ROW], [line(1), line(2)]), Random(8)  # noqa: S311
    refused: list[DeliveryError] = []
    for _ in range(150):
        name = random.choice(sorted(parts))
        try:
            receive(zip_file(list((parts | {name: _damaged(parts[name], random)}).items())), partial=True)
        except DeliveryError as error:
            refused.append(error)
    assert len(refused) > 20
    assert all(error.hint for error in refused)


def test_one_bad_row_far_down_a_long_list_is_named(receive: Receive, tmp_path: Path) -> None:
    path = tmp_path / "lang.csv"
    rows = [f"S{i % 4};RV;{1 + i % 28:02}.01.20{i % 20 + 1:02};" for i in range(150_000)]
    rows[149_990] = "S0;verbuddelt;01.01.2022;"
    path.write_text("\r\n".join([";".join(NAMES), *rows]), encoding="utf-8")
    begin = time.monotonic()
    tracemalloc.start()
    receipt = receive(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert receipt.verdict is Verdict.REFUSED
    assert receipt.refused[["row", "value"]].to_numpy().tolist() == [[149_992, "verbuddelt"]]
    assert peak < 400e6
    assert time.monotonic() - begin < 60


def test_a_file_larger_than_allowed_is_not_read_to_its_end(
    receive: Receive, csv_file: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rollout.intake.arrival.MAX_BYTES", 10)
    with pytest.raises(DeliveryError, match="größer als"):
        receive(csv_file(TABLE))


def test_more_rows_than_allowed_are_refused(receive: Receive, csv_file: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rollout.intake.delimited.MAX_ROWS", 2)
    with pytest.raises(DeliveryError, match="mehr als 2 Zeilen"):
        receive(csv_file([*TABLE, *TABLE[1:], *TABLE[1:]]))


def test_a_table_that_computes_for_ever_is_given_up(
    receive: Receive, gpkg_file: Make, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rollout.intake.geopackage.SECONDS", -1.0)
    with pytest.raises(DeliveryError, match="nicht lesbar"):
        receive(gpkg_file([ROW] * 4000, [line(1)] * 4000))


def test_a_table_with_computed_columns_is_passed_over(receive: Receive, gpkg_file: Make, line: Line) -> None:
    path = gpkg_file([ROW], [line(1)], "ALTER TABLE trassen ADD COLUMN teuer TEXT AS (hex(zeroblob(900000000)))")
    with pytest.raises(DeliveryError, match="keine Ebene"):
        receive(path)


def test_too_many_members_are_refused(receive: Receive, zip_file: Make) -> None:
    with pytest.raises(DeliveryError, match="501 Dateien"):
        receive(zip_file([(f"{i}.txt", b"") for i in range(501)]))


def test_no_room_of_the_partners_files_loads_gdal() -> None:
    root = Path(__file__).parents[2] / "rollout" / "intake"
    text = "".join(path.read_text(encoding="utf-8") for path in root.glob("*.py"))
    assert not [
        name for name in ("fiona", "pyogrio", "osgeo", "read_file(", "pd.read_", "rollout.layers") if name in text
    ]
