"""The story of a city: every state that every trench and connection went through, and who reported it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from rollout.analysis.drops import hang
from rollout.synthetic import connection_story, trench_story
from rollout.synthetic.connection_story import Connection
from rollout.synthetic.houses import DROP_LIMIT_M
from rollout.synthetic.progress import RUNGS as TRENCH_RUNGS
from rollout.synthetic.spec import Pace
from rollout.synthetic.steps import NEVER, WORKDAYS, Step, number_of
from rollout.synthetic.trench_story import Trench
from rollout.vocabulary import Category, Drive, SegmentKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rollout.synthetic.city import City
    from rollout.synthetic.spec import CitySpec

EVL, NETCOLOGNE = "EVL", "NetCologne"

_ENDS = date(2022, 12, 21)
_STARTS = {"first": date(2021, 3, 8), Pace.DONE: date(2021, 4, 6), Pace.FINISHING: date(2021, 4, 12)}
_BEGUN = date(2022, 3, 1)
_BUILT_BY_EVL = ("duct_at_property", "house_entry", "termination_point")
# Which step of its trench each rung of a connection waits for.
_GATES = {4: "duct_laid", 5: "duct_laid", 6: "cable_blown", 7: "spliced", 8: "documented", 9: "in_service"}
_COLUMNS = ["entity", "entity_id", "status", "valid_on", "reported_by", "reason"]

_TORN = 3
_CLAIMED = 8
_CLAIM_ON, _CLAIM_TOLD = date(2021, 12, 14), date(2021, 12, 17)
_CORRECTED = 6
_CORRECTED_LAID = (date(2021, 9, 6), date(2021, 9, 30))
_CORRECTED_TO = date(2021, 10, 5)


@dataclass(frozen=True, slots=True)
class Story:
    """
    What happened, as it was told.

    Attributes
    ----------
    events
        One row per step, by day and identifier: `entity` (`segment`, `target`), `entity_id`, `status`, `valid_on`,
        `reported_by`, `reason`.
    corrections
        Rows of the same form that EVL sent later, because the days it had given first were wrong.
    torn
        Segments whose duct was torn and laid again: back from `cable_blown` to `digging`.
    claimed
        Targets that NetCologne called connected while EVL was still at the house.
    """

    events: pd.DataFrame
    corrections: pd.DataFrame
    torn: tuple[str, ...]
    claimed: tuple[str, ...]

    @property
    def corrected(self) -> tuple[str, ...]:
        """Segments that `corrections` are about."""
        return tuple(sorted(set(self.corrections["entity_id"])))


def make_story(city: City, spec: CitySpec) -> Story:
    """
    Tell how a city came to its state, and how the works go on to the end of the year.

    Parameters
    ----------
    city
        Its layers, with the state on the day of the report.
    spec
        That day, the paces, and the seed.

    Returns
    -------
    story
        The same for the same input. The last step up to the day of the report is the state in the layer.
    """
    rngs = [np.random.Generator(np.random.PCG64([spec.seed, step])) for step in (20, 21)]
    now, end = number_of(spec.as_of), number_of(_ENDS)
    trenches = _trenches(city, spec, rngs[0])
    ids = city.segments["segment_id"].tolist()
    torn = _torn(ids, trenches)
    before = [trench_story.steps_before(trench, damaged=id_ in torn) for id_, trench in zip(ids, trenches, strict=True)]
    told = [[*steps, *trench_story.steps_after(one, now, end)] for one, steps in zip(trenches, before, strict=True)]
    park = set(ids) - set(city.segments.loc[city.segments["programme_id"] == spec.programme_id, "segment_id"])
    told = [steps[-1:] if id_ in park else steps for id_, steps in zip(ids, told, strict=True)]
    segments = _framed("segment", ids, told)
    quiet = segments["entity_id"].isin(park)
    segments["reported_by"] = np.where((segments["status"] == "in_service") & ~quiet, NETCOLOGNE, EVL)
    targets = _targets(city, spec, told, rngs[1])
    claims = _claims(targets, spec.as_of)
    events = pd.concat([segments, targets, claims], ignore_index=True)
    return Story(
        _ordered(events),
        _corrections(segments, trenches, ids, torn),
        tuple(torn),
        tuple(claims["entity_id"]),
    )


def _ordered(events: pd.DataFrame) -> pd.DataFrame:
    return events.sort_values(["valid_on", "entity", "entity_id"], ignore_index=True)[_COLUMNS]


def _framed(entity: str, ids: Iterable[str], told: Iterable[list[Step]]) -> pd.DataFrame:
    rows = [(id_, step.status, step.at, step.reason) for id_, steps in zip(ids, told, strict=True) for step in steps]
    events = pd.DataFrame(rows, columns=["entity_id", "status", "at", "reason"])
    texts = events[["entity_id", "status", "reason"]].astype("string").assign(entity=entity)
    return texts.assign(valid_on=WORKDAYS[events["at"].to_numpy()].astype("datetime64[ms]"))


def _trenches(city: City, spec: CitySpec, rng: np.random.Generator) -> list[Trench]:
    draws = rng.random((len(city.segments), 4)).round(6)
    paces = {plan.name: plan.pace for plan in spec.districts}
    begun = {plan.phase_id for plan in spec.districts if plan.pace is Pace.BEGUN}
    trenches = []
    for row, district, draw in zip(city.segments.itertuples(), _districts(city), draws, strict=True):
        pace = Pace.BEGUN if _text(row.phase_id) in begun else paces[district]
        first = "first" if district == spec.first_district else pace
        planned = spec.as_of if pd.isna(row.planned_on) else row.planned_on
        trenches.append(
            Trench(
                row.status, number_of(row.status_since), _text(row.reason), _text(row.status_before),
                dug=row.kind == SegmentKind.NEW_DUCT.value, pace=pace, starts=number_of(_STARTS.get(first, _BEGUN)),
                planned=number_of(planned), draw=tuple(draw.tolist()),
            )
        )  # fmt: skip
    return trenches


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _districts(city: City) -> list[str]:
    """Return the district that covers the middle of each segment, or is nearest to it."""
    middles = shapely.line_interpolate_point(city.segments.geometry.array, 0.5, normalized=True)
    apart = np.array([shapely.distance(area, middles) for area in city.districts.geometry])
    names = city.districts["name"].tolist()
    return [names[index] for index in apart.argmin(axis=0)]


def _torn(ids: list[str], trenches: list[Trench]) -> list[str]:
    """Choose trenches whose cable was in by autumn, and that were done again by the day of the report."""
    able = []
    for id_, trench in zip(ids, trenches, strict=True):
        if not trench.dug or trench.status not in TRENCH_RUNGS[7:10]:
            continue
        steps = trench_story.steps_before(trench, damaged=True)
        torn = [step.at for step in steps if step.reason == "claim"]
        blown = [step.at for step in steps if step.status == "cable_blown"]
        if torn and blown[0] <= number_of(date(2021, 9, 30)) < torn[0]:
            able.append(id_)
    return _some(able, _TORN)


def _some(ids: list[str], count: int) -> list[str]:
    """Return up to `count`, evenly spread."""
    places = np.unique(np.linspace(0, len(ids) - 1, min(count, len(ids))).round().astype(int))
    return [ids[place] for place in places]


def _targets(city: City, spec: CitySpec, told: list[list[Step]], rng: np.random.Generator) -> pd.DataFrame:
    draws = rng.random((len(city.targets), 4)).round(6)
    gates = _gates(city, told, number_of(spec.as_of))
    now, end = number_of(spec.as_of), number_of(_ENDS)
    paths = []
    for row, draw, gate in zip(city.targets.itertuples(), draws, gates, strict=True):
        house = Connection(
            _text(row.status), number_of(row.status_since) if _text(row.status) else 0, _text(row.reason),
            funded=row.drive == Drive.FUNDED.value,
            public=row.category in (Category.SCHOOL.value, Category.HOSPITAL.value),
            gates=gate, draw=tuple(draw.tolist()),
        )  # fmt: skip
        before = connection_story.steps_before(house)
        own = row.programme_id == spec.programme_id
        paths.append([*before, *connection_story.steps_after(house, now, end)] if own else before[-1:])
    targets = _framed("target", city.targets["target_id"].tolist(), paths)
    own = city.targets.loc[city.targets["programme_id"] == spec.programme_id, "target_id"]
    built = targets["status"].isin(_BUILT_BY_EVL) & targets["entity_id"].isin(own)
    return targets.assign(reported_by=np.where(built, EVL, NETCOLOGNE))


def _gates(city: City, told: list[list[Step]], now: int) -> list[tuple[int, ...]]:
    """Return for each connection when the trench it hangs on allows each rung."""
    kept = np.flatnonzero((city.segments["status"] != "dropped").to_numpy())
    lines = city.segments.geometry.to_numpy()[kept]
    axes = shapely.STRtree(city.streets.geometry.to_numpy())
    nearest = kept[hang(city.targets.geometry.to_numpy(), lines, axes, limit_m=DROP_LIMIT_M)]
    co_used = (city.segments["kind"] == SegmentKind.CO_USED.value).to_numpy()
    of_trench = [_allowed(steps, existing=bool(old), now=now) for steps, old in zip(told, co_used, strict=True)]
    return [of_trench[row] for row in nearest]


def _allowed(steps: list[Step], *, existing: bool, now: int) -> tuple[int, ...]:
    days = {step.status: step.at for step in steps}
    if existing and days.get("duct_tested", NEVER) > now:
        # A duct that was there before the works is none at the house until they pass by.
        days["duct_laid"] = days.get("duct_tested", NEVER)
    return tuple(days.get(_GATES[rung], NEVER) if rung in _GATES else 0 for rung in range(10))


def _claims(targets: pd.DataFrame, now: date) -> pd.DataFrame:
    """Let NetCologne call some houses connected before EVL has left them."""
    days = targets.pivot_table(index="entity_id", columns="status", values="valid_on", aggfunc="first")
    days = days.reindex(columns=[*_BUILT_BY_EVL, "connected"])
    outside = days["duct_at_property"].lt(pd.Timestamp(_CLAIM_ON)) & days["house_entry"].gt(pd.Timestamp(_CLAIM_TOLD))
    late = days["connected"].between(pd.Timestamp(_CLAIM_TOLD), pd.Timestamp(now))
    chosen = _some(days.index[outside & late].tolist(), _CLAIMED)
    told = _framed("target", chosen, [[Step("connected", number_of(_CLAIM_ON))] for _ in chosen])
    return told.assign(reported_by=NETCOLOGNE)


def _corrections(segments: pd.DataFrame, trenches: list[Trench], ids: list[str], torn: list[str]) -> pd.DataFrame:
    """Say of some trenches that they were laid some days later than first reported, after the end of a quarter."""
    dug = [id_ for id_, one in zip(ids, trenches, strict=True) if one.dug and one.before is None and id_ not in torn]
    own = segments[segments["entity_id"].isin(dug)]
    days = own.pivot_table(index="entity_id", columns="status", values="valid_on", aggfunc="first")
    first, last, later = map(pd.Timestamp, (*_CORRECTED_LAID, _CORRECTED_TO))
    able = days["duct_laid"].between(first, last) & days["duct_tested"].gt(later)
    chosen = _some(days.index[able].tolist(), _CORRECTED)
    laid = own[own["entity_id"].isin(chosen) & (own["status"] == "duct_laid")]
    still = laid.assign(status="digging")
    return _ordered(pd.concat([still, laid.assign(valid_on=later)]).assign(reported_by=EVL))
