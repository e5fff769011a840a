"""The project file `rollout.toml`, read into a frozen `Project`: layers, phases, programmes, goals, definitions."""

from __future__ import annotations

import datetime as dt
import tomllib
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, ValidationError, field_validator, model_validator

from rollout.audience_defaults import with_defaults
from rollout.audiences import Audience
from rollout.errors import ProjectError
from rollout.schedule import Promise, WorkCalendar, unlike_promises
from rollout.schema import LAYERS
from rollout.validation import Identifier, Part, Text, WebAddress, in_german
from rollout.vocabulary import REASONS, Category, Drive, Extent, SegmentKind, TileService, ladder_of

PROJECT_FILE = "rollout.toml"


class LayerSource(Part):
    """Where a layer's rows come from and how the file's words become ours."""

    path: Path
    """File, relative to the project file."""
    layer: str | None = None
    """Layer inside the file, where it holds several."""
    columns: dict[str, str] = {}
    """Our column name → the file's column name, where they differ."""
    values: dict[str, dict[str, str]] = {}
    """Our column name → {the file's word: our word}."""
    attribution: tuple[Text, ...] = ()
    """Lines to show wherever the layer is drawn."""
    note: str | None = None
    """A word of warning to show beside the layer, e.g. „Näherung“."""


class Programme(Part):
    """A funded project. Two programmes are never one total."""

    id: Identifier
    name: Text


class PhaseDistrict(Part):
    """A district's part in a phase, dated."""

    district: Text
    from_date: dt.date
    extent: Extent = Extent.WHOLE


class Phase(Part):
    """A construction phase of a programme."""

    id: Identifier
    name: Text
    programme: Identifier
    starts_on: dt.date
    planned_end_on: dt.date | None = None
    """Its end where only one was ever named; where it was moved, the dates stand in `promises` alone."""
    promises: tuple[Promise, ...] = ()
    """Every end that was announced, oldest first."""
    districts: tuple[PhaseDistrict, ...]

    @model_validator(mode="after")
    def _ends_are_told_once(self) -> Self:
        problem = unlike_promises(self.promises, self.starts_on, self.planned_end_on)
        if problem:
            raise ValueError(problem)
        return self


class GoalMeasure(StrEnum):
    """What a goal counts."""

    TARGETS = "targets"
    NEW_DUCT_KM = "new_duct_km"
    CO_USED_KM = "co_used_km"
    CABLE_KM = "cable_km"


class Goal(Part):
    """A figure the programme must reach, with its date and source."""

    programme: Identifier
    measure: GoalMeasure
    value: float = Field(ge=0)
    category: Category | None = None
    """For targets: which; None for all categories."""
    drive: Drive = Drive.FUNDED
    """For targets: which population."""
    districts: tuple[Text, ...] = ()
    """Names of the districts the figure is limited to; empty for the whole programme."""
    tolerance: float = Field(default=0.0, ge=0)
    """How far the layers may be off, in the unit of the value."""
    as_of: dt.date
    source: Text

    @property
    def segment_kind(self) -> SegmentKind | None:
        """The kind of segment a length goal counts; None for cable and for targets."""
        kinds = {GoalMeasure.NEW_DUCT_KM: SegmentKind.NEW_DUCT, GoalMeasure.CO_USED_KM: SegmentKind.CO_USED}
        return kinds.get(self.measure)


class PassedDefinition(StrEnum):
    """Which rule says that a building is passed; printed under every table."""

    OWN_SIDE = "own_side"
    """Own duct on the building's side of the street, as reported (Leitfaden Graue-Flecken-Förderung)."""
    WITHIN_20_M = "within_20_m"
    """At most 20 m from a built segment (Bundesnetzagentur)."""


class Definitions(Part):
    """The named settings of counting."""

    passed: PassedDefinition = PassedDefinition.OWN_SIDE
    drop_limit_m: float = Field(default=30.0, gt=0, le=500)
    """A target farther than this from every segment is a finding, and hangs on none."""
    join_tolerance_m: float = Field(default=0.5, gt=0, le=5)
    """Ends of segments drawn this near to each other, or to another segment, meet."""


class Place(Part):
    """Where the project lies, as a box in degrees; a layer that falls outside has swapped or wrong coordinates."""

    west: float = Field(ge=-180, le=180)
    south: float = Field(ge=-90, le=90)
    east: float = Field(ge=-180, le=180)
    north: float = Field(ge=-90, le=90)

    @model_validator(mode="after")
    def _has_an_area(self) -> Self:
        if self.west >= self.east or self.south >= self.north:
            msg = "west muss kleiner als east und south kleiner als north sein"
            raise ValueError(msg)
        return self


DeliveryColumn = Literal[
    "segment_id", "target_id", "street", "house_number", "suffix", "postcode",
    "status", "valid_on", "state_on", "reason", "note", "length_m",
]  # fmt: skip
"""What a partner's file may tell; every other column of it is left unread."""


class PartnerTable(Part):
    """How a partner's lists of segments or of targets name things."""

    columns: dict[DeliveryColumn, Text] = {}
    """Our column name → the partner's, where they differ."""
    status: dict[str, str] = {}
    """The partner's word → our status, e.g. `"RV" = "duct_laid"`. Our own words and labels are always known."""
    reason: dict[str, str] = {}
    """The partner's word → our reason."""
    complete: bool = False
    """Whether the lists are full: what is missing in one is then a finding."""


class Tolerances(Part):
    """How far a partner's data may be off before it is no match, or a finding."""

    street_similarity: float = Field(default=88, ge=70, le=100)  # least likeness of two names, in percent
    geometry_m: float = Field(default=2.0, gt=0, le=50)  # greatest Hausdorff distance of a line to a segment
    overlap: float = Field(default=0.9, gt=0, le=1)  # least share of each line that lies along the other
    length: float = Field(default=0.1, gt=0, le=1)  # greatest deviation of a length, as a share


class Partner(Part):
    """Who sends deliveries, and in which words."""

    name: Text
    segments: PartnerTable = PartnerTable()
    targets: PartnerTable = PartnerTable()
    tolerances: Tolerances = Tolerances()


class Project(Part):
    """Everything the project file says. Paths are relative to `folder`."""

    folder: Path
    format: int = Field(ge=1, le=1)
    name: Text
    municipality: Text
    as_of: dt.date
    """The Stichtag the layers state their status for."""
    sample: bool = False
    """True for made-up data: every page says „Beispieldaten“."""
    maps: Path = Path("maps")
    """Folder the pages are written to."""
    published_at: WebAddress | None = None
    """Where the folder of the pages is published; sheets then carry their view's address as a QR code."""
    base_map: TileService | None = None
    """Tiles a page offers behind a button; without it a page can load nothing at all."""
    place: Place
    definitions: Definitions = Definitions()
    calendar: WorkCalendar = WorkCalendar()
    programmes: tuple[Programme, ...] = Field(min_length=1)
    phases: tuple[Phase, ...] = ()
    goals: tuple[Goal, ...] = ()
    layers: dict[str, LayerSource]
    partners: dict[Identifier, Partner] = {}
    """Sender → how its deliveries are read."""
    district_variants: dict[str, tuple[str, ...]] = {}
    """District name → other spellings that are known to mean it."""
    audiences: dict[Identifier, Audience] = Field(default={}, validate_default=True)
    """Name → who may get what: the five that every project has, as the file changes them, and its own."""

    @field_validator("audiences", mode="before")
    @classmethod
    def _audiences_are_complete(cls, said: object) -> object:
        return with_defaults(said)

    @model_validator(mode="after")
    def _names_resolve(self) -> Self:
        problems = [*_unknown_layers(self.layers), *_repeated_ids(self)]
        problems += [*_unknown_programmes(self), *_unknown_words(self.partners)]
        if problems:
            raise ValueError("; ".join(problems))
        return self

    @property
    def maps_folder(self) -> Path:
        """The folder of the pages, as an absolute path."""
        return (self.folder / self.maps).resolve()

    def address_of(self, page: str) -> str | None:
        """Return where a page is published; None where the project names no address."""
        return None if self.published_at is None else f"{self.published_at.rstrip('/')}/{page}"

    def layer_path(self, name: str) -> Path:
        """Return the file of a layer, as an absolute path."""
        return (self.folder / self.layers[name].path).resolve()


def _unknown_layers(layers: dict[str, LayerSource]) -> list[str]:
    all_names = ", ".join(LAYERS)
    problems = [f"layers.{name}: unbekannt; es gibt {all_names}" for name in layers if name not in LAYERS]
    missing = [layer.name for layer in LAYERS.values() if layer.required and layer.name not in layers]
    problems += [f"layers.{name}: fehlt" for name in missing]
    for name, source in layers.items():
        known = {column.name for column in LAYERS[name].columns} if name in LAYERS else set()
        named = {*source.columns, *source.values} if known else set()
        problems += [f"layers.{name}: unbekannte Spalte '{column}'" for column in sorted(named - known)]
    return problems


def _repeated_ids(project: Project) -> list[str]:
    problems = []
    for what, ids in (
        ("programmes", [programme.id.casefold() for programme in project.programmes]),
        ("phases", [phase.id.casefold() for phase in project.phases]),
    ):
        problems += [f"{what}: id '{id_}' kommt mehrfach vor" for id_ in sorted({i for i in ids if ids.count(i) > 1})]
    return problems


def _unknown_programmes(project: Project) -> list[str]:
    known = {programme.id for programme in project.programmes}
    named = [("phases", phase.programme) for phase in project.phases]
    named += [("goals", goal.programme) for goal in project.goals]
    return [f"{what}: unbekanntes Förderprojekt '{id_}'" for what, id_ in named if id_ not in known]


def _unknown_words(partners: dict[str, Partner]) -> list[str]:
    problems = []
    for sender, partner in partners.items():
        for entity, table in (("segments", partner.segments), ("targets", partner.targets)):
            keys = {rung.key for rung in ladder_of(entity)}
            unknown = {*table.status.values()} - keys, {*table.reason.values()} - {*REASONS}
            problems += [f"partners.{sender}.{entity}: '{word}' gibt es nicht" for word in sorted(set.union(*unknown))]
    return problems


def find_project(start: Path) -> Path:
    """
    Find the project file from a path a person would give.

    Parameters
    ----------
    start
        The file itself, its folder, or a folder above it that holds exactly one project in `geodata/`.

    Returns
    -------
    path
        The project file.

    Raises
    ------
    ProjectError
        If there is none, or more than one.
    """
    if start.is_file():
        return start
    if (start / PROJECT_FILE).is_file():
        return start / PROJECT_FILE
    found = sorted(start.glob(f"geodata/*/{PROJECT_FILE}"))
    if len(found) == 1:
        return found[0]
    if found:
        names = ", ".join(str(path.relative_to(start).parent) for path in found)
        msg = f"mehrere Projekte in '{start}': {names}"
        raise ProjectError(msg, "Nennen Sie das gemeinte, z. B.: rollout build " + names.split(", ")[0])
    msg = f"keine Projektdatei '{PROJECT_FILE}' in '{start}'"
    raise ProjectError(
        msg, "Wechseln Sie in den Projektordner, nennen Sie ihn, oder legen Sie einen an mit: rollout init ORDNER"
    )


def open_project(path: str | Path = ".") -> Project:
    """
    Read a project file.

    Parameters
    ----------
    path
        The project file, its folder, or a folder above it that holds exactly one project in `geodata/`.

    Returns
    -------
    project
        Frozen; paths in it are relative to the project file's folder.

    Raises
    ------
    ProjectError
        If the file is missing, is not TOML, or says something that cannot be; the message names the entry.
    """
    file = find_project(Path(path))
    try:
        said = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        msg = f"'{file}' ist nicht lesbar: {error}"
        hint = "Berichtigen Sie die Stelle. Die Datei ist UTF-8-TOML; Namen mit Umlauten brauchen Anführungszeichen."
        raise ProjectError(msg, hint) from error
    return parse_project(said, file)


def parse_project(said: dict[str, Any], file: Path) -> Project:
    """
    Check what a project file says.

    Parameters
    ----------
    said
        The parsed TOML.
    file
        Where it came from; its folder anchors the paths.

    Returns
    -------
    project
        Frozen.

    Raises
    ------
    ProjectError
        If an entry is missing, unknown, or of the wrong kind. Every such entry is named.
    """
    if "folder" in said:
        msg = f"'{file}': unbekannter Eintrag 'folder'"
        raise ProjectError(msg, "Entfernen Sie ihn; Pfade gelten immer ab der Projektdatei.")
    try:
        return Project(folder=file.resolve().parent, **said)
    except (ValidationError, TypeError) as error:
        places = in_german(error) if isinstance(error, ValidationError) else str(error)
        msg = f"'{file}' ist keine gültige Projektdatei: {places}"
        raise ProjectError(
            msg, "Berichtigen Sie die genannten Einträge; ein kommentiertes Beispiel schreibt: rollout init ORDNER"
        ) from error
