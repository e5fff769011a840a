"""The page of changes draws what changed, keeps what did not faint, and is otherwise a page like any other."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from rollout.analysis.changes import Change, change_totals, changes_between
from rollout.cartography import PhaseMap, assemble, change_map, phase_map
from rollout.cartography.change_legend import LINES, POINTS, SAME, classes_of
from rollout.cartography.symbols import SEGMENT_STYLES, TARGET_STYLES
from rollout.errors import InputError
from rollout.vocabulary import SEGMENT_LADDER, TARGET_LADDER, Level

if TYPE_CHECKING:
    from collections.abc import Callable

    import geopandas as gpd

    from rollout.analysis.state import State
    from rollout.vocabulary import Rung

EARLY = dt.date(2022, 3, 1)


def with_status(rows: gpd.GeoDataFrame, ladder: tuple[Rung, ...], told: dict[int, str | None]) -> gpd.GeoDataFrame:
    words = rows["status"].astype(object).to_numpy().copy()
    for row, word in told.items():
        words[row] = word
    status = pd.Series(words, index=rows.index, dtype="string")
    heights = {rung.key: rung.height for rung in ladder}
    return rows.assign(status=status, height=status.map(heights).astype("Int64"))


def was(state: State, segments: dict[int, str | None], targets: dict[int, str | None]) -> State:
    """The state as it was when some of its rows had another status."""
    lines = with_status(state.segments, SEGMENT_LADDER, segments)
    facts = lines.set_index("segment_id")[["status", "height"]].reindex(state.pieces["segment_id"])
    pieces = state.pieces.assign(status=facts["status"].to_numpy(), height=facts["height"].array)
    points = with_status(state.targets, TARGET_LADDER, targets)
    return dataclasses.replace(state, as_of=EARLY, segments=lines, pieces=pieces, targets=points)


def rows_with(rows: gpd.GeoDataFrame, status: str) -> list[int]:
    found: list[int] = np.flatnonzero((rows["status"] == status).fillna(value=False)).tolist()
    return found


@pytest.fixture(scope="module")
def before(state: State) -> State:
    """Every tenth row was `digging` or `surveyed`, every fortieth had no data."""
    segments: dict[int, str | None] = dict.fromkeys(range(0, len(state.segments), 10), "digging")
    targets: dict[int, str | None] = dict.fromkeys(range(0, len(state.targets), 10), "surveyed")
    none: dict[int, str | None] = dict.fromkeys(range(5, 500, 40))
    return was(state, segments | none, targets | none)


def data_of(page: PhaseMap) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="rollout-data">(.*?)</script>', page.html())
    assert found is not None
    data: dict[str, Any] = json.loads(found.group(1))
    return data


def group(data: dict[str, Any], layer: str) -> dict[str, Any]:
    return next(found for found in data["spec"]["legend"] if found["layer"] == layer)


def test_the_page_is_a_page_of_the_later_state_with_words_of_its_own(before: State, state: State) -> None:
    page = change_map(before, state, "1")
    assert isinstance(page, PhaseMap)
    assert page.heading == "Veränderungen: Bauabschnitt 1"
    assert (
        "<title>Veränderungen: Bauabschnitt 1 – Glasfaser Musterstadt – Stand 28.03.2022 gegenüber 01.03.2022"
        in page.html()
    )
    told, plain = data_of(page), data_of(phase_map(state, "1"))
    for name, layer in told["layers"].items():
        other = plain["layers"][name]
        differing = {key for key in layer if layer[key] != other[key]}
        assert differing <= {"columns"}
        mine = {key for key in layer["columns"] if layer["columns"][key] != other["columns"].get(key)}
        assert mine <= ({"class", "change"} if name in {"segments", "targets", "extended"} else set())


def test_the_scripts_are_those_of_every_page_and_nothing_is_asked_for(before: State, state: State) -> None:
    scripts = re.compile(r"<script>(.*?)</script>", re.DOTALL)
    html = change_map(before, state).html()
    assert scripts.findall(html)[:2] == scripts.findall(phase_map(state).html())[:2]
    assert "default-src 'none'" in html
    assert change_map(before, state).html() == html


def test_the_card_says_what_it_was_and_what_it_is(before: State, state: State) -> None:
    data = data_of(change_map(before, state))
    assert data["facts"]["segments"][0] == {"label": "Veränderung", "column": "change", "unit": "", "words": None}
    assert "fortgeschritten: im Bau → Kabel eingeblasen" in data["layers"]["segments"]["columns"]["change"]["words"]
    assert "gesperrt, zuvor im Bau" in data["layers"]["segments"]["columns"]["change"]["words"]
    said = data["layers"]["targets"]["columns"]["change"]["words"]
    assert "zurückgestuft: Begehung erfolgt → Eigentümer angeschrieben" in said
    assert "abgelehnt, zuvor Begehung erfolgt" in said
    assert "nun ohne Angabe, zuvor Begehung erfolgt" in said
    assert any(words.startswith("neu gemeldet: ") and "→" not in words for words in said)


def test_the_legend_counts_what_changed_and_holds_what_did_not(before: State, state: State) -> None:
    data = data_of(change_map(before, state))
    rows = changes_between(before, state).rows
    ours = rows[(rows["programme_id"] == "stadt") & (rows["kind"] == "funded")]
    targets = group(data, "targets")
    assert targets["figure"].split(" von ")[0] == str(len(ours))
    found = {row["value"]: row for row in targets["rows"] if row["facet"] == "class"}
    assert found["gone_back"]["figures"] == [str((ours["change"] == Change.GONE_BACK).sum())]
    assert list(found)[-1] == SAME
    assert (group(data, "segments")["head"], group(data, "nodes")["head"]) == ("Veränderung", "Stand")
    kinds = [row["value"] for row in group(data, "segments")["rows"] if row["facet"] == "kind"]
    assert kinds == ["new_duct", "co_used"]


def test_the_figures_say_by_how_much_they_rose_or_fell_and_nothing_where_they_did_not(state: State) -> None:
    built = dict.fromkeys(rows_with(state.segments, "duct_laid"), "permitted")
    lost = dict.fromkeys(rows_with(state.targets, "identified"), "connected")
    before = was(state, built, lost)
    labels = [figure["label"] for figure in data_of(change_map(before, state))["spec"]["figures"]]
    totals = change_totals(changes_between(before, state), Level.PROGRAMME).set_index("programme_id").loc["stadt"]
    assert labels[0] == f"erreicht (\N{MINUS SIGN}{-totals['funded_passed']:.0f})"
    assert re.fullmatch(r"neues Rohr \(\+[\d,]+\u202fk?m\)", labels[2])
    assert "Kabel" in labels
    plain = [figure["label"] for figure in data_of(phase_map(state))["spec"]["figures"]]
    same = data_of(change_map(state, state))["spec"]
    assert [figure["label"] for figure in same["figures"]] == plain


def test_nothing_stands_out_where_nothing_changed(state: State) -> None:
    data = data_of(change_map(state, state))
    for layer in ("segments", "targets", "extended"):
        assert data["layers"][layer]["columns"]["class"]["words"] == [SAME]
        assert group(data, layer)["figure"].startswith("0 von ")


def test_both_days_and_what_was_known_then_are_shown(before: State, state: State) -> None:
    known = dataclasses.replace(before, known_at=dt.date(2022, 3, 2))
    stand = data_of(change_map(known, state))["spec"]["stand"]
    assert stand == "28.03.2022 (heutige Kenntnis) gegenüber 01.03.2022 (Kenntnis vom 02.03.2022)"


def test_a_page_of_another_programme_holds_its_changes_alone(before: State, state: State) -> None:
    data = data_of(change_map(before, state, programme_id="gewerbe"))
    rows = changes_between(before, state).rows
    segments = rows[(rows["programme_id"] == "gewerbe") & (rows["entity"] == "segment")]
    assert group(data, "segments")["figure"] == f"{segments['entity_id'].nunique()} von 10"
    with pytest.raises(InputError):
        change_map(before, state, "9")


def test_what_a_trench_came_near_to_is_said_without_two_statuses(state: State) -> None:
    near = state.project.model_copy(
        update={"definitions": state.project.definitions.model_copy(update={"passed": "within_20_m"})}
    )
    far = dataclasses.replace(state, project=near, targets=state.targets.assign(near_built_m=float("inf")))
    close = dataclasses.replace(state, project=near, targets=state.targets.assign(near_built_m=5.0))
    data = data_of(change_map(far, close))
    assert data["layers"]["targets"]["columns"]["change"]["words"] == ["fortgeschritten"]


def test_every_change_has_a_class_and_every_class_is_painted() -> None:
    classes = classes_of(pd.Series([*Change, None], dtype="string"))
    assert 0 not in classes.codes
    for styles, others, script, names in (
        (LINES, SEGMENT_STYLES, "paint_lines.js", ("LINE_ORDER", "UNCHANGED")),
        (POINTS, TARGET_STYLES, "paint_points.js", ("POINT_ORDER",)),
    ):
        source = (assemble.PAGE / script).read_text(encoding="utf-8")
        painted: list[str] = []
        for name in names:
            found = re.search(rf"{name} = (\[.*?\]);", source)
            assert found is not None
            painted += json.loads(found.group(1))
        assert sorted(painted) == sorted({style.key for style in (*styles, *others)})
        assert {style.key for style in styles} >= set(classes.words)


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear: Callable[[float], float] = lambda part: part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4  # noqa: E731
    return sum(weight * linear(part) for weight, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True))


def test_what_changed_stands_out_from_the_ground_and_what_did_not_is_faint() -> None:
    for style in (*LINES, *POINTS):
        contrast = (luminance("#f8f6f0") + 0.05) / (luminance(style.colour) + 0.05)
        assert (contrast < 2) if style.key == SAME else (contrast > 3)
