"""What `import rollout` promises."""

from __future__ import annotations

import subprocess
import sys

import pytest

import rollout


def test_the_public_names_are_these_and_no_others() -> None:
    assert rollout.__all__ == [
        "Additions",
        "CrsError",
        "DataError",
        "InputError",
        "LayerError",
        "OutputError",
        "PhaseMap",
        "Project",
        "ProjectError",
        "RolloutError",
        "State",
        "build",
        "check",
        "contradictions",
        "district_table",
        "forecast",
        "islands",
        "open_project",
        "phase_map",
        "state",
        "unlock",
    ]


@pytest.mark.parametrize("name", rollout.__all__)
def test_every_public_name_is_there_and_documented(name: str) -> None:
    thing = getattr(rollout, name)
    assert thing.__name__ == name
    assert thing.__doc__
    assert name in dir(rollout)


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = rollout.nothing


def test_importing_rollout_or_its_command_line_loads_nothing_heavy() -> None:
    heavy = {"pandas", "geopandas", "folium", "pyogrio", "fiona", "numpy", "pydantic", "babel"}
    program = f"import sys, rollout, rollout.cli; print(sorted({heavy!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
