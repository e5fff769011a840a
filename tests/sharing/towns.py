"""A town whose every column holds something, and audiences drawn at random."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from hypothesis import strategies as st

from rollout.analysis.placing import place
from rollout.audiences import REQUIRED, Audience, Figures, SharedLayer, Trenches
from rollout.schema import LAYERS
from rollout.vocabulary import REASONS, ladder_of
from tests.drawing import DAY, X0, Y0, house, layer_of, node, project, trench

if TYPE_CHECKING:
    from rollout.analysis.state import State
    from rollout.schema import Column

    Layers = dict[str, gpd.GeoDataFrame]

BLOCKS, BLOCK_M = 4, 90.0
SHARED: tuple[SharedLayer, ...] = ("segments", "targets", "nodes")


def layers_of(seed: int) -> Layers:
    """A grid of streets, a trench beside each, houses beside the trenches; two districts side by side."""
    lots = np.random.default_rng(seed)
    ways, streets, houses = [], [], []
    for number, (line, name) in enumerate(_lines()):
        streets.append({"street_id": f"W{number}", "name": name, "rank": "minor", "geometry": _moved(line)})
        beside = shapely.offset_curve(line, 3.0)
        ways.append(_trench(number, beside, name, lots))
        houses += [_house(number, one, line, name, lots) for one in range(int(lots.integers(0, 3)))]
    areas = [shapely.box(-500, -500, 250, 900), shapely.box(250, -500, 900, 900)]
    districts = [
        {"district_id": name, "name": name, "borough": "I", "geometry": _moved(area)}
        for name, area in zip(("west", "east"), areas, strict=True)
    ]
    stands = [{**node("KNOTEN-1", (3, 3), "pop"), "name": "PoP am Markt"}, node("KNOTEN-2", (453, 453))]
    rows = {"districts": districts, "nodes": stands, "segments": ways, "targets": houses, "streets": streets}
    return {name: layer_of(name, there) for name, there in rows.items()}


def town_of(layers: Layers) -> State:
    return place(layers, project(), DAY)


def _lines() -> list[tuple[shapely.LineString, str]]:
    found = []
    for step in range(BLOCKS):
        for block in range(BLOCKS - 1):
            near, far, across = block * BLOCK_M, (block + 1) * BLOCK_M, step * BLOCK_M
            found.append((shapely.LineString([(near, across), (far, across)]), f"Querweg {step}"))
            found.append((shapely.LineString([(across, near), (across, far)]), f"Langgasse {step}"))
    return found


def _trench(number: int, line: shapely.LineString, street: str, lots: np.random.Generator) -> dict[str, Any]:
    status = _any(lots, [rung.key for rung in ladder_of("segments")])
    before = _any(lots, ["permitted", "digging", "duct_laid"]) if status == "blocked" else None
    said = {
        "kind": _any(lots, ["new_duct", "co_used"]),
        "surface": "sealed",
        "laying_method": "3000",
        "duct_count": int(lots.integers(1, 9)),
        "cable_length_m": float(lots.integers(100, 900)),
        "planned_on": _day(lots),
        "street": street,
        "status_since": _day(lots),
        "status_before": before,
        "reason": _any(lots, [*REASONS]) if status in {"blocked", "dropped"} else None,
    }
    return trench(f"TRASSE-{number * 7 % 1000:03}", [*line.coords], status, **said)


def _house(number: int, one: int, line: shapely.LineString, street: str, lots: np.random.Generator) -> dict[str, Any]:
    middle = line.interpolate(float(lots.uniform(0.2, 0.8)), normalized=True)
    status = _any(lots, [rung.key for rung in ladder_of("targets")])
    said = {
        "programme_id": _any(lots, ["p", "p", "q"]),
        "category": _any(lots, ["household", "business", "school"]),
        "drive": _any(lots, ["funded", "extended"]),
        "street": street,
        "postcode": "51399",
        "district": "Dorf",
        "institution": f"Anstalt {number}",
        "status_since": _day(lots),
        "reason": _any(lots, [*REASONS]),
    }
    spot = (middle.x + 9 + one + 0.123, middle.y + 9 + 2 * one + 0.456)
    return house(f"ANSCHLUSS-{number * 11 % 1000:03}-{one}", spot, status, house_number=f"{number}h{one}", **said)


def _any(lots: np.random.Generator, words: list[str]) -> str:
    return words[int(lots.integers(len(words)))]


def _day(lots: np.random.Generator) -> pd.Timestamp:
    return pd.Timestamp("2020-01-01") + pd.Timedelta(days=int(lots.integers(0, 700)))


def _moved(shape: shapely.Geometry) -> shapely.Geometry:
    return shapely.transform(shape, lambda places: places + np.array([X0, Y0]))


@st.composite
def audiences(draw: st.DrawFn) -> Audience:
    """An allow-list with rows: any columns beside the needed ones, some statuses told as others, some rows left out."""
    columns = {layer: draw(_columns(layer)) for layer in SHARED}
    told: dict[str, dict[str, str]] = {}
    statuses: dict[str, tuple[str, ...]] = {}
    for layer in ("segments", "targets"):
        words = [rung.key for rung in ladder_of(layer)]
        last = draw(st.sampled_from(words))
        hidden = draw(st.lists(st.sampled_from([word for word in words if word != last]), unique=True, max_size=3))
        told[layer] = dict.fromkeys(hidden, last)
        if draw(st.booleans()):
            statuses[layer] = (*draw(st.lists(st.sampled_from(words), unique=True)), last)
    return Audience(
        title="Probe",
        recipient="Empfänger",
        purpose="Zweck",
        columns=columns,
        statuses={layer: tuple(dict.fromkeys(words)) for layer, words in statuses.items()},
        told_as=told,
        trenches=Trenches.EXACT,
        precision_m=draw(st.sampled_from([0.0, 0.0, 5.0, 100.0])),
        figures=Figures.ROWS,
    )


def _columns(layer: SharedLayer) -> st.SearchStrategy[tuple[str, ...]]:
    names = [column.name for column in LAYERS[layer].columns if column.name not in REQUIRED[layer]]
    return st.lists(st.sampled_from(names), unique=True).map(lambda more: (*REQUIRED[layer], *more))


def scrambled(layers: Layers, audience: Audience, seed: int) -> Layers:
    """The same town to whoever may see only what the audience may: all that is withheld is another, and the order."""
    lots = np.random.default_rng(seed)
    return {**layers, **{layer: _scrambled(layers[layer], layer, audience, lots) for layer in SHARED}}


def _scrambled(
    rows: gpd.GeoDataFrame, layer: SharedLayer, audience: Audience, lots: np.random.Generator
) -> gpd.GeoDataFrame:
    rows = rows.iloc[lots.permutation(len(rows))].reset_index(drop=True)
    changed = {column.name: lots.permutation(rows[column.name]) for column in _withheld(layer, audience)}
    rows = rows.assign(**{name: pd.Series(values, dtype=rows[name].dtype) for name, values in changed.items()})
    if layer == "nodes":
        return rows
    told, given = audience.told_as.get(layer, {}), audience.given_statuses(layer)
    alike = {word: [one for one in given if told.get(one, one) == told.get(word, word)] for word in given}
    status = [_any(lots, alike[word]) if word in alike else word for word in rows["status"]]
    hides = pd.Series([len(alike.get(word, [])) > 1 for word in status], dtype=bool)
    other = {
        name: rows[name].where(~hides, pd.Series(lots.permutation(rows[name]))) for name in ("status_since", "reason")
    }
    return rows.assign(
        status=pd.Series(status, dtype="string"),
        **{name: values.astype(rows[name].dtype) for name, values in other.items()},
    )


def _withheld(layer: SharedLayer, audience: Audience) -> list[Column]:
    """The columns that are not given, and that nothing given is counted from."""
    counted = {"status_before"} if audience.trenches is Trenches.STREET else set()
    return [one for one in LAYERS[layer].columns if not audience.gives(layer, one.name) and one.name not in counted]
