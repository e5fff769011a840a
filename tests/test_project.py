"""The project file and what it may not say."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from rollout.errors import ProjectError
from rollout.project import find_project, open_project, parse_project

BUNDLED = Path(__file__).parents[1] / "geodata" / "leverkusen" / "rollout.toml"


@pytest.fixture
def said() -> dict[str, Any]:
    return tomllib.loads(BUNDLED.read_text(encoding="utf-8"))


def test_the_bundled_project_opens_by_file_by_folder_and_from_the_top() -> None:
    by_file, by_folder = open_project(BUNDLED), open_project(BUNDLED.parent)
    assert by_file == by_folder
    assert find_project(BUNDLED.parents[2]) == BUNDLED


def test_a_project_cannot_be_changed() -> None:
    project = open_project(BUNDLED)
    with pytest.raises(ValueError, match="frozen"):
        project.name = "x"  # type: ignore[misc]


def test_paths_are_relative_to_the_project_file() -> None:
    project = open_project(BUNDLED)
    assert project.layer_path("segments") == BUNDLED.parent / "segments.gpkg"
    assert project.maps_folder == BUNDLED.parents[2] / "maps"


def test_a_folder_without_a_project_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match=r"rollout\.toml") as caught:
        open_project(tmp_path)
    assert "rollout init" in caught.value.hint
    assert caught.value.exit_code == 3


def test_several_projects_below_a_folder_are_named(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / "geodata" / name).mkdir(parents=True)
        (tmp_path / "geodata" / name / "rollout.toml").write_text("")
    with pytest.raises(ProjectError, match="geodata/a, geodata/b"):
        open_project(tmp_path)


@pytest.mark.parametrize(
    ("content", "named"), [(b"format = ", "end of document"), (b"\xff\xfe", "utf-8"), (b"B\xc3\xbc = 1", "line 1")]
)
def test_a_file_that_is_not_toml_is_named_with_its_place(tmp_path: Path, content: bytes, named: str) -> None:
    (tmp_path / "rollout.toml").write_bytes(content)
    with pytest.raises(ProjectError, match="nicht lesbar") as caught:
        open_project(tmp_path)
    assert named in caught.value.message


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"folder": "/x"}, "folder"),
        ({"colour": "red"}, "colour: unbekannter Eintrag"),
        ({"as_of": "soon"}, "as_of: muss ein Datum sein"),
        ({"format": 2}, "format: darf höchstens 1 sein"),
        ({"programmes": []}, "programmes: braucht mindestens 1"),
        ({"programmes": [{"id": "a b", "name": "x"}]}, "programmes.0.id: nur Buchstaben"),
        ({"programmes": [{"id": "a", "name": " "}]}, "programmes.0.name: darf nicht leer sein"),
        ({"place": {"west": 2, "south": 1, "east": 1, "north": 3}}, "west muss kleiner als east"),
        ({"place": {"west": -500, "south": 1, "east": 1, "north": 3}}, "place.west: muss mindestens -180"),
        ({"definitions": {"passed": "maybe"}}, "definitions.passed: erlaubt ist nur"),
        (
            {"goals": [{"programme": "x", "measure": "targets", "value": 1, "as_of": "2022-01-01", "source": "s"}]},
            "'x'",
        ),
    ],
)
def test_an_impossible_entry_is_named_in_german(said: dict[str, Any], change: dict[str, Any], named: str) -> None:
    with pytest.raises(ProjectError) as caught:
        parse_project({**said, **change}, BUNDLED)
    assert named in caught.value.message
    assert caught.value.hint


def test_an_id_that_stands_twice_is_refused_even_in_other_case(said: dict[str, Any]) -> None:
    said["programmes"].append({"id": "LEVERKUSEN", "name": "noch einmal"})
    with pytest.raises(ProjectError, match="'leverkusen' kommt mehrfach vor"):
        parse_project(said, BUNDLED)


def test_a_missing_an_unknown_layer_and_an_unknown_column_are_all_named(said: dict[str, Any]) -> None:
    del said["layers"]["targets"]
    said["layers"]["owners"] = {"path": "x.gpkg"}
    said["layers"]["nodes"]["columns"] = {"phone": "TEL"}
    with pytest.raises(ProjectError) as caught:
        parse_project(said, BUNDLED)
    for named in ("layers.targets: fehlt", "layers.owners: unbekannt", "layers.nodes: unbekannte Spalte 'phone'"):
        assert named in caught.value.message


@pytest.mark.parametrize("address", ["https://www.stadt.de/glasfaser", "https://www.stadt.de/glasfaser/"])
def test_a_page_has_the_address_of_the_folder_it_is_published_in(said: dict[str, Any], address: str) -> None:
    project = parse_project({**said, "published_at": address}, BUNDLED)
    assert project.address_of("bauabschnitt-1.html") == "https://www.stadt.de/glasfaser/bauabschnitt-1.html"
    assert parse_project(said, BUNDLED).address_of("stadt.html") is None


@pytest.mark.parametrize(
    "address",
    [
        "http://www.stadt.de/",
        "www.stadt.de",
        "https://",
        "https://name:wort@www.stadt.de/",
        "https://www.stadt.de/?a=1",
        "https://www.stadt.de/#a",
        "https://www.stadt.de/a b",
        "https://www.städt.de/",
        "javascript:alert(1)",
        "https://www.stadt.de/" + "x" * 200,
        7,
    ],
)
def test_an_address_that_no_page_can_be_hung_on_is_refused(said: dict[str, Any], address: object) -> None:
    with pytest.raises(ProjectError, match="published_at: "):
        parse_project({**said, "published_at": address}, BUNDLED)
