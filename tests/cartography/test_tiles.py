"""Tiles come from known official services only, and the page's policy names the one host."""

from __future__ import annotations

import pytest

from rollout.cartography.document import Scaffold, finished
from rollout.cartography.tiles import SERVICES
from rollout.vocabulary import TileService


@pytest.mark.parametrize("service", TileService)
def test_every_service_has_a_host_a_path_and_what_its_licence_asks(service: TileService) -> None:
    tiles = SERVICES[service]
    assert "/" not in tiles.host
    assert all(part in tiles.path for part in ("{z}", "{x}", "{y}"))
    assert "BKG {year}" in tiles.attribution


def test_the_policy_allows_images_of_this_host_and_nothing_else() -> None:
    plain = Scaffold("", "", "draw();", has_own_elements=False)
    without, offered = finished(plain, "Titel", "{}"), finished(plain, "Titel", "{}", "karten.example.org")
    assert "img-src data:; " in without
    assert "img-src data: https://karten.example.org; " in offered
    assert without.replace("img-src data:;", "") == offered.replace("img-src data: https://karten.example.org;", "")
