"""Trenches told as the streets they lie in: where is being built, without where exactly the duct lies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from rollout.vocabulary import BUILT_HEIGHT, DROPPED, SEGMENT_LADDER, SegmentKind

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rollout.analysis.state import State

    Indices = NDArray[np.intp]
    Shapes = NDArray[np.object_]

NEAR_M = 60.0
"""A trench farther than this from every street lies in none, and is not told."""

BESIDE_M = 25.0
"""A trench lies along a stretch of street where it is this near."""

_PARTS = (0.2, 0.5, 0.8)
"""Where on its way a trench is looked at, to tell the street it lies along from one it crosses."""

_SHARE_ALONG = 0.5
"""A stretch of which less has a trench beside it is not told as one with trenches."""

LENGTH_STEP_M = 10.0
"""Lengths of streets are rounded to this: more would be said of the axis on the map, not of the works."""

_KEYS = ["programme_id", "phase_id", "district_id", "street"]

_DIGGING_HEIGHT = 3
_STATUS = {rung.height: rung.key for rung in SEGMENT_LADDER if not rung.side}


def streets_with_trenches(state: State) -> gpd.GeoDataFrame:
    """
    Tell the trenches of a state as streets.

    A trench belongs to the street it names where an axis of that name is within `NEAR_M`, and otherwise to the street
    it is nearest to on its whole way. Dropped trenches count only where a street has no others, and co-used ducts,
    which nobody digs, only where it has no new one. A street stands where its least advanced trench stands; if that
    one is not built but another is begun, the street is being built. A blocked trench counts as far as it had come,
    and one without data as not begun; a street all of whose trenches have no data has none.

    Parameters
    ----------
    state
        The programme on one day, whole.

    Returns
    -------
    streets
        One row per programme, phase, district and street, in that order: these four columns, `kind` (`new_duct` where
        any is dug, else `co_used`), `status` and `length_m` (of the street's axis, in steps of `LENGTH_STEP_M`). The
        geometry is the axis of the street inside the district, from crossing to crossing wherever trenches lie along
        most of the way: never the trench itself, nor where between two crossings it begins and ends. No rows where
        the project has no streets.
    """
    axes = _axes(state)
    trenches = _trenches(state)
    parts = _nearest_axes(trenches, axes)
    if parts.empty:
        return _nothing(state)
    parts = _preferring(parts, ~_is(parts["status"], DROPPED))
    parts = _preferring(parts, _is(parts["kind"], SegmentKind.NEW_DUCT))
    grouped = parts.assign(standing=parts["height"].fillna(0)).groupby(_KEYS, dropna=False, sort=True)
    rows = grouped.agg(
        kind=("kind", "first"), known=("height", "count"), least=("standing", "min"), most=("standing", "max")
    )
    street = np.asarray(grouped.ngroup(), dtype=np.intp)
    lines = _along(street, parts, axes.geometry.to_numpy(), trenches.geometry.to_numpy())
    length_m = np.maximum(np.round(shapely.length(lines) / LENGTH_STEP_M), 1) * LENGTH_STEP_M
    told = rows.assign(status=pd.array(_status(rows), dtype="string"), length_m=length_m).reset_index()
    typed = told[[*_KEYS, "kind", "status", "length_m"]].astype(dict.fromkeys([*_KEYS, "kind", "status"], "string"))
    return gpd.GeoDataFrame(typed, geometry=lines, crs=state.segments.crs)


def _along(street: Indices, parts: pd.DataFrame, axes: Shapes, trenches: Shapes) -> Shapes:
    """Join the stretches of each street along most of which a trench lies; where there is none such, the nearest."""
    of_trench, trench = _pairs(street, parts["trench"].to_numpy())
    dug = np.asarray(shapely.multilinestrings(trenches[trench], indices=of_trench), dtype=object)
    beside: Shapes = shapely.buffer(dug, BESIDE_M)
    of_axis, axis = _pairs(street, parts["axis"].to_numpy())
    share = shapely.length(shapely.intersection(axes[axis], beside[of_axis])) / shapely.length(axes[axis])
    most = np.maximum.reduceat(share, _begins(of_axis))
    chosen = share >= np.minimum(_SHARE_ALONG, most)[of_axis]
    stretches = np.split(axes[axis[chosen]], _begins(of_axis[chosen])[1:])
    joined: Shapes = shapely.line_merge([shapely.union_all(lines) for lines in stretches])
    return joined


def _begins(street: Indices) -> Indices:
    return np.flatnonzero(np.diff(street, prepend=-1))


def _pairs(street: Indices, of: Indices) -> tuple[Indices, Indices]:
    """Return which others each street has, each of them once and in order."""
    count = int(of.max(initial=0)) + 1
    return np.divmod(np.unique(street * count + of), count)


def _nothing(state: State) -> gpd.GeoDataFrame:
    columns = {name: pd.Series(dtype="string") for name in (*_KEYS, "kind", "status")}
    return gpd.GeoDataFrame({**columns, "length_m": pd.Series(dtype="float64")}, geometry=[], crs=state.segments.crs)


def _axes(state: State) -> gpd.GeoDataFrame:
    """Return the axes of named streets, cut at crossings and where a district ends, with `name` and `district_id`."""
    if "streets" not in state.base:
        return gpd.GeoDataFrame({"name": [], "district_id": []}, geometry=[], crs=state.segments.crs)
    streets = state.base["streets"]
    pieces, street = from_crossing_to_crossing(streets.geometry.to_numpy())
    named = streets.take(street).set_geometry(pieces, crs=streets.crs)
    named = named[named["name"].notna()]
    lines, areas = named.geometry.to_numpy(), state.districts.geometry.to_numpy()
    line, area = shapely.STRtree(areas).query(lines, predicate="intersects")
    inside = _inside(lines[line], areas[area])
    kept = shapely.length(inside) > 0
    columns = {
        "name": named["name"].array[line[kept]],
        "district_id": state.districts["district_id"].array[area[kept]],
    }
    return gpd.GeoDataFrame(columns, geometry=_only_lines(inside[kept]), crs=streets.crs)


def _inside(lines: Shapes, areas: Shapes) -> Shapes:
    """Return the part of each line that lies in its area; most lie in it as a whole, which is quickly told."""
    shapely.prepare(areas)
    parts, across = lines.copy(), ~shapely.covers(areas, lines)
    parts[across] = shapely.intersection(lines[across], areas[across])
    return parts


def from_crossing_to_crossing(lines: Shapes) -> tuple[Shapes, NDArray[np.intp]]:
    """
    Cut lines at every place they share with another line.

    Parameters
    ----------
    lines
        Single lines.

    Returns
    -------
    pieces
        In the order of the lines; together they are the lines.
    line
        Position of each piece's line.
    """
    places, line = shapely.get_coordinates(lines, return_index=True)
    begins = np.r_[True, line[1:] != line[:-1]] if len(line) else np.zeros(0, dtype=bool)
    _, spot = np.unique(places @ np.array([1, 1j]), return_inverse=True)
    lines_at = np.bincount(_pairs(spot, line)[0])
    is_cut = (lines_at[spot] > 1) & ~begins & ~np.r_[begins[1:], True][: len(line)]
    twice = np.repeat(np.arange(len(line)), 1 + is_cut)
    starts = begins[twice] | np.r_[False, twice[1:] == twice[:-1]][: len(twice)]
    pieces = np.asarray(shapely.linestrings(places[twice], indices=np.cumsum(starts) - 1), dtype=object)
    return pieces, line[twice][starts]


def _only_lines(shapes: Shapes) -> Shapes:
    """Drop the points at which a line merely touches a border."""
    parts, owner = shapely.get_parts(shapes, return_index=True)
    is_line = shapely.get_dimensions(parts) == 1
    made: Shapes = shapely.multilinestrings(parts[is_line], indices=owner[is_line])
    return made


def _trenches(state: State) -> gpd.GeoDataFrame:
    """Return each segment once for each district it runs through, and not merely touches."""
    pieces = state.pieces[state.pieces["district_id"].notna()]
    longest_m = pieces.groupby("segment_id")["length_m"].transform("max")
    where = pieces.loc[pieces["length_m"] >= longest_m.clip(upper=LENGTH_STEP_M), ["segment_id", "district_id"]]
    said = ["segment_id", "programme_id", "phase_id", "kind", "street", "status", "height", "geometry"]
    rows = where.merge(state.segments.reindex(columns=said), on="segment_id", validate="many_to_one")
    return gpd.GeoDataFrame(rows, geometry="geometry", crs=state.segments.crs)


def _nearest_axes(trenches: gpd.GeoDataFrame, axes: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return one row per trench and stretch of its street: the keys, `kind`, `height` and `axis` (its position)."""
    shapes, lines = trenches.geometry.to_numpy(), axes.geometry.to_numpy()
    trench, axis = shapely.STRtree(lines).query(shapes, predicate="dwithin", distance=NEAR_M)
    is_here = trenches["district_id"].to_numpy()[trench] == axes["district_id"].to_numpy()[axis]
    trench, axis = trench[is_here], axis[is_here]
    near = trenches.iloc[trench].drop(columns="geometry").assign(trench=trench, axis=axis)
    near = near.assign(name=axes["name"].to_numpy()[axis], is_own=_is(near["street"], axes["name"].to_numpy()[axis]))
    named = _street_along(near, {f"at_{part}": _away(shapes[trench], lines[axis], part) for part in _PARTS})
    has_own = near.groupby("trench")["is_own"].transform("any")
    chosen: pd.DataFrame = near[near["is_own"] | (~has_own & (near["name"] == near["trench"].map(named)))]
    return chosen.assign(street=chosen["name"])


def _away(trenches: Shapes, lines: Shapes, part: float) -> NDArray[np.float64]:
    return shapely.distance(shapely.line_interpolate_point(trenches, part, normalized=True), lines)


def _street_along(near: pd.DataFrame, away_m: dict[str, NDArray[np.float64]]) -> pd.Series[str]:
    """Return the street that each trench is nearest to on its whole way: it may cross a nearer one."""
    ways = near[["trench", "name"]].assign(**away_m).groupby(["trench", "name"], sort=True).min().sum(axis=1)
    return ways.sort_values(kind="stable").reset_index().drop_duplicates("trench").set_index("trench")["name"]


def _preferring(parts: pd.DataFrame, is_first: pd.Series[bool]) -> pd.DataFrame:
    """Keep of each street the trenches that come first; all of them where it has none such."""
    has_first = is_first.groupby([parts[key] for key in _KEYS], dropna=False).transform("any")
    return parts[is_first | ~has_first]


def _is(values: pd.Series[str], word: str | NDArray[np.object_]) -> pd.Series[bool]:
    return (values == word).fillna(value=False).astype(bool)


def _status(rows: pd.DataFrame) -> list[str | None]:
    """Tell how far streets stand whose trenches stand between `least` and `most`, if any is `known`."""
    return [
        _status_between(least, most) if known else None
        for least, most, known in zip(
            rows["least"].tolist(), rows["most"].tolist(), rows["known"].tolist(), strict=True
        )
    ]


def _status_between(least: int, most: int) -> str:
    if least < 0:
        return DROPPED
    if least < BUILT_HEIGHT and most >= _DIGGING_HEIGHT:
        return _STATUS[_DIGGING_HEIGHT]
    return _STATUS[least]
