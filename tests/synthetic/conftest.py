"""The bundled city, made once for all tests of this folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from rollout.synthetic.base import Base, read_base
from rollout.synthetic.city import City, make_city
from rollout.synthetic.spec import CitySpec

STORED = Path(__file__).parents[2] / "geodata" / "leverkusen"


@pytest.fixture(scope="session")
def stored() -> Path:
    return STORED


@pytest.fixture(scope="session")
def spec() -> CitySpec:
    return CitySpec()


@pytest.fixture(scope="session")
def base() -> Base:
    return read_base(STORED / "base")


@pytest.fixture(scope="session")
def city(base: Base, spec: CitySpec) -> City:
    return make_city(base, spec)
