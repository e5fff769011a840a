"""The deliveries that tell a city's story, as the files its partners sent, and the manifest about them."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from rollout.files import write_file
from rollout.synthetic import delivery_files as files
from rollout.synthetic import partner_words as words
from rollout.synthetic.delivery_files import Cell, Sheet
from rollout.synthetic.sendings import SENDINGS, Outcome, Sending, Style
from rollout.synthetic.story import Story, make_story

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date
    from pathlib import Path

    from rollout.synthetic.city import City
    from rollout.synthetic.spec import CitySpec

MANIFEST = "deliveries.toml"
"""Says of each file who sent it, when it came, and what must become of it."""

_HEAD = """# Die Lieferungen des mitgelieferten Projekts in der Reihenfolge ihres Eingangs: erfundene Beispieldaten.
# Erzeugt mit: rollout synthetic. received_at gilt beim Nachspielen als Zeitpunkt der Aufnahme.
# outcome: accepted (aufgenommen), refused (abgewiesen, because nennt die Regel), duplicate (schon bekannt).
"""
_UNKNOWN_ROWS = 3
_ENTITIES = {"segments": "segment", "targets": "target"}
_LEGEND = Sheet(
    "Legende",
    ["Wort", "Bedeutung"],
    [["buchbar", "freigegeben, noch ohne Vertrag"], ["aktiv", "in Betrieb"]],
)


@dataclass(frozen=True, slots=True)
class _Selection:
    """What one file tells: rows of `segments` and of `targets`, with what the partner knows of each object."""

    sending: Sending
    segments: pd.DataFrame
    targets: pd.DataFrame


def make_deliveries(city: City, spec: CitySpec) -> dict[str, bytes]:
    """
    Make the partners' files.

    Parameters
    ----------
    city
        Its layers.
    spec
        Figures and seed.

    Returns
    -------
    files
        Name → content, in the order of receipt; the manifest last.
    """
    story = make_story(city, spec)
    objects = {"segments": _segments(city, spec), "targets": _targets(city)}
    told: dict[tuple[str, str], pd.Timestamp] = {}
    made: dict[str, bytes] = {}
    for sending in SENDINGS:
        if sending.same_as:
            made[sending.file] = made[sending.same_as]
            continue
        made[sending.file] = _MAKERS[sending.style](_select(story, objects, sending, told))
        if sending.outcome is Outcome.ACCEPTED and sending.style is not Style.EVL_CORRECTION:
            told.update({(sending.sender, name): pd.Timestamp(sending.state_on) for name in sending.lists})
    return {**made, MANIFEST: _manifest().encode()}


def write_deliveries(city: City, folder: Path, spec: CitySpec) -> list[Path]:
    """
    Write the partners' files and the manifest.

    Parameters
    ----------
    city
        Its layers.
    folder
        The folder `deliveries` of the project; files of the same name are replaced.
    spec
        Figures and seed.

    Returns
    -------
    paths
        The files, in the order of receipt; the manifest last.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in make_deliveries(city, spec).items():
        write_file(folder / name, content)
    return [folder / name for name in [*(sending.file for sending in SENDINGS), MANIFEST]]


def _select(
    story: Story, objects: Mapping[str, pd.DataFrame], sending: Sending, told: Mapping[tuple[str, str], pd.Timestamp]
) -> _Selection:
    """Take what the sender has not told yet; a full list also repeats the last word on everything else."""
    rows = {}
    late = sending.style is Style.EVL_CORRECTION
    events = story.corrections if late else story.events
    for name, entity in _ENTITIES.items():
        own = events[(events["reported_by"] == sending.sender) & (events["entity"] == entity)]
        own = own[own["valid_on"] <= pd.Timestamp(sending.state_on)]
        new = own if late else own[own["valid_on"] > told.get((sending.sender, name), pd.Timestamp(0))]
        if sending.complete:
            last = own.drop_duplicates("entity_id", keep="last")
            new = pd.concat([last[~last["entity_id"].isin(new["entity_id"])], new])
        new = new if name in sending.lists else new.iloc[:0]
        ordered = new.sort_values(["entity_id", "valid_on"], ignore_index=True)
        rows[name] = ordered.merge(objects[name], left_on="entity_id", right_index=True, how="left")
    return _Selection(sending, rows["segments"], rows["targets"])


def _segments(city: City, spec: CitySpec) -> pd.DataFrame:
    """Add to each segment its length as a crew would measure it, within one per cent."""
    rng = np.random.Generator(np.random.PCG64([spec.seed, 22]))
    frame = pd.DataFrame({"street": city.segments["street"], "shape": city.segments.geometry.to_numpy()})
    measured = city.segments.geometry.length.to_numpy() * (0.99 + 0.02 * rng.random(len(frame)).round(6))
    return frame.assign(length_m=measured.round(1)).set_index(city.segments["segment_id"].rename(None))


def _targets(city: City) -> pd.DataFrame:
    frame = city.targets[["street", "house_number", "postcode", "drive"]].assign(shape=city.targets.geometry.to_numpy())
    parts = frame["house_number"].str.extract(r"^(\d+)(.*)$")
    spoken = parts[0].str.cat(parts[1], sep=" ").str.strip()
    lead = 4.0 + (frame.index.to_numpy() * 37 % 160) / 10.0
    plain = pd.DataFrame(frame).assign(number=parts[0], suffix=parts[1], house_number=spoken, lead_m=lead.round(1))
    return plain.set_index(city.targets["target_id"].rename(None))


def _sheet(
    name: str, rows: pd.DataFrame, columns: Mapping[str, str], words_: Mapping[str, str], **more: Iterable[str]
) -> Sheet:
    """Write rows in a partner's columns and words."""
    ids = "segment_id" if "segment_id" in columns else "target_id"
    spoken = rows.assign(**{ids: rows["entity_id"], "status": rows["status"].map(dict(words_))})
    cells = [[_cell(value) for value in spoken[column]] for column in columns]
    table = [list(row) for row in zip(*cells, strict=True)]
    return Sheet(name, list(columns.values()), table, list(rows["shape"]), list(more.get("title", ())))


def _cell(value: object) -> Cell:
    if isinstance(value, pd.Timestamp):
        return value.date()
    return value if isinstance(value, str | float) and value == value else None  # noqa: PLR0124 - not NaN


def _evl_segments(given: _Selection, words_: Mapping[str, str], name: str = "trassen") -> Sheet:
    torn = (given.segments["reason"] == "claim") & (given.segments["status"] == "digging")
    rows = given.segments.assign(
        state_on=pd.Timestamp(given.sending.state_on),
        reason=given.segments["reason"].map(words.EVL_SEGMENT_REASONS),
        note=torn.map({True: "Rohr nach Baggerschaden zerstört, wird neu verlegt"}),
    )
    return _sheet(name, rows, words.EVL_SEGMENT_COLUMNS, words_)


def _evl_targets(given: _Selection, columns: Mapping[str, str], words_: Mapping[str, str], title: str = "") -> Sheet:
    rows = given.targets.assign(note=None)
    return _sheet("hausanschluesse", rows, columns, words_, title=[title] if title else [])


def _evl_map(given: _Selection) -> bytes:
    sheets = [_evl_segments(given, words.EVL_SEGMENT_WORDS)]
    if "targets" in given.sending.lists:
        sheets.append(_evl_targets(given, words.EVL_TARGET_COLUMNS, words.EVL_TARGET_WORDS))
    return files.geopackage_bytes(sheets, stated_on=given.sending.state_on)


def _evl_shapes_1252(given: _Selection) -> bytes:
    sheet = _evl_segments(given, words.EVL_SEGMENT_WORDS, "Trassen_Leverkusen")
    return files.shapefile_bytes(sheet, encoding="cp1252", code_page=None)


def _evl_shapes_utf8(given: _Selection) -> bytes:
    sheet = _evl_segments(given, words.EVL_SEGMENT_SHORT, "Trassen_Leverkusen")
    return files.shapefile_bytes(sheet, encoding="utf-8", code_page="UTF-8")


def _evl_geojson(given: _Selection, crs: str | None = "urn:ogc:def:crs:EPSG::25832") -> bytes:
    sheet = _evl_segments(given, words.EVL_SEGMENT_CODES)
    return files.geojson_bytes(sheet, crs=crs, stated_on=given.sending.state_on)


def _evl_csv(given: _Selection) -> bytes:
    columns = {name: theirs for name, theirs in words.EVL_TARGET_COLUMNS.items() if name != "target_id"}
    title = f"Hausanschlüsse Leverkusen, Stand: {_german(given.sending.state_on)}"
    sheet = _evl_targets(_abbreviated(given), columns, words.EVL_TARGET_SHORT, title)
    return files.csv_bytes(sheet, encoding="cp1252")


def _evl_xlsx(given: _Selection) -> bytes:
    title = f"Ausbaustand der Hausanschlüsse, Stand: {_german(given.sending.state_on)}"
    return files.xlsx_bytes([_evl_targets(given, words.EVL_TARGET_COLUMNS, words.EVL_TARGET_WORDS, title)])


def _evl_correction(given: _Selection) -> bytes:
    rows = given.segments.assign(state_on=pd.Timestamp(given.sending.state_on), reason=None, note="Datum berichtigt")
    return files.csv_bytes(_sheet("", rows, words.EVL_SEGMENT_COLUMNS, words.EVL_SEGMENT_WORDS), encoding="cp1252")


def _german(day: date) -> str:
    return day.strftime("%d.%m.%Y")


def _abbreviated(given: _Selection) -> _Selection:
    """Write streets short, as people do who have to type them."""
    streets = given.targets["street"].str.replace("straße", "str.").str.replace("Straße", "Str.")
    return replace(given, targets=given.targets.assign(street=streets))


def _nc_targets(name: str, rows: pd.DataFrame, title: Iterable[str] = (), *, by_id: bool = True) -> Sheet:
    columns = {ours: theirs for ours, theirs in words.NETCOLOGNE_TARGET_COLUMNS.items() if by_id or ours != "target_id"}
    spoken = rows.assign(reason=rows["reason"].map(words.NETCOLOGNE_TARGET_REASONS))
    return _sheet(name, spoken, columns, words.NETCOLOGNE_TARGET_WORDS, title=title)


def _nc_csv(given: _Selection) -> bytes:
    title = [f"Leverkusen, Stand: {_german(given.sending.state_on)}"]
    return files.csv_bytes(_nc_targets("", _abbreviated(given).targets, title, by_id=False))


def _nc_csv_comma(given: _Selection) -> bytes:
    return files.csv_bytes(_nc_targets("", given.targets), delimiter=",")


def _nc_csv_broken(given: _Selection) -> bytes:
    text = _nc_csv(given).decode("utf-8-sig")
    return text.encode().decode("cp1252").encode("utf-8-sig")


def _nc_xlsx(given: _Selection, unknown: int = 0) -> bytes:
    title = [f"NetCologne, Ausbau Leverkusen, Stand: {_german(given.sending.state_on)}"]
    funded = given.targets["drive"] == "funded"
    sheets = [
        _nc_targets("Geförderte Anschlüsse", given.targets[funded], title),
        _nc_targets("Erweiterter Vortrieb", given.targets[~funded], title),
        _sheet(
            "Trassen in Betrieb", given.segments, words.NETCOLOGNE_SEGMENT_COLUMNS, words.NETCOLOGNE_SEGMENT_WORDS,
            title=title,
        ),
        _LEGEND,
    ]  # fmt: skip
    place = sheets[0].columns.index(words.NETCOLOGNE_TARGET_COLUMNS["status"])
    first = [
        [words.UNKNOWN_WORD if at == place and row < unknown else cell for at, cell in enumerate(cells)]
        for row, cells in enumerate(sheets[0].rows)
    ]
    return files.xlsx_bytes([replace(sheets[0], rows=first), *sheets[1:]])


_MAKERS: dict[Style, Callable[[_Selection], bytes]] = {
    Style.EVL_MAP: _evl_map,
    Style.EVL_SHAPES_1252: _evl_shapes_1252,
    Style.EVL_SHAPES_UTF8: _evl_shapes_utf8,
    Style.EVL_GEOJSON: _evl_geojson,
    Style.EVL_GEOJSON_BARE: lambda given: _evl_geojson(given, crs=None),
    Style.EVL_CSV: _evl_csv,
    Style.EVL_XLSX: _evl_xlsx,
    Style.EVL_CORRECTION: _evl_correction,
    Style.NC_CSV_COMMA: _nc_csv_comma,
    Style.NC_CSV: _nc_csv,
    Style.NC_CSV_BROKEN: _nc_csv_broken,
    Style.NC_XLSX: _nc_xlsx,
    Style.NC_XLSX_UNKNOWN: lambda given: _nc_xlsx(given, unknown=_UNKNOWN_ROWS),
}


def _manifest() -> str:
    blocks = []
    for sending in SENDINGS:
        lines = [
            f"file = {_quoted(sending.file)}",
            f"sender = {_quoted(sending.sender)}",
            f"received_at = {sending.received_at.isoformat()}",
            f"state_on = {sending.state_on.isoformat()}",
            f"complete = {str(sending.complete).lower()}",
            f"outcome = {_quoted(sending.outcome)}",
            *([f"because = {_quoted(sending.because)}"] if sending.because else []),
            *([f"same_as = {_quoted(sending.same_as)}"] if sending.same_as else []),
            f"note = {_quoted(sending.note)}",
        ]
        blocks.append("\n".join(["[[deliveries]]", *lines]))
    return _HEAD + "\n" + "\n\n".join(blocks) + "\n"


def _quoted(text: str) -> str:
    # A TOML basic string is written as a JSON string is.
    return json.dumps(text, ensure_ascii=False)
