from __future__ import annotations

import pytest

from rollout.cartography import Additions, phase_map
from rollout.cartography.areas import CLASSES, share_class
from rollout.sharing.disclosure import disclosed
from tests.sharing.made_cities import audience, city, random_houses, without_connections


@pytest.mark.parametrize(
    ("whole", "part", "expected"),
    [
        (0, 0, None),
        (10, 0, "none"),
        (10, 10, "whole"),
        (100, 24, "some"),
        (100, 25, "quarter"),
        (100, 50, "half"),
        (100, 75, "most"),
        (100, 99, "most"),
        (None, 5, "kept"),
        (5, None, "kept"),
        (0, None, None),
    ],
)
def test_a_share_is_told_by_quarters_and_only_where_both_counts_are(
    whole: int | None, part: int | None, expected: str | None
) -> None:
    assert share_class(whole, part) == expected
    assert expected is None or expected in CLASSES


def test_the_panel_and_the_legend_count_what_is_in_print() -> None:
    state, public = city(random_houses(2)), audience()
    found = disclosed(state, public, "public")
    spec = phase_map(without_connections(state), additions=Additions(disclosed=found.drawn))._data()["spec"]
    groups = {group["layer"]: group for group in spec["legend"]}
    assert groups["cells"]["figure"] == str(len(found.cells))
    assert groups["areas"]["figure"] == "2"
    assert [figure["label"] for figure in spec["figures"]][:2] == ["erreicht", "angeschlossen"]
    for figure in spec["figures"][:2]:
        assert figure["share"] is not None or "nicht genannt" in figure["value"] or "<" in figure["value"]


def test_a_page_of_a_phase_tells_the_figures_of_the_phase() -> None:
    state, public = city(random_houses(2)), audience()
    found = disclosed(state, public, "public")
    page = phase_map(without_connections(state), "1", additions=Additions(disclosed=found.drawn))
    assert {"erreicht", "angeschlossen"} <= {figure["label"] for figure in page._data()["spec"]["figures"]}
