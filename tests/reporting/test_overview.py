"""The index page: figures, the small map, links, and hostile texts that stay texts."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

import rollout
from rollout import pipeline
from rollout.analysis.placing import place
from rollout.analysis.state import State
from rollout.reporting.describe import progress_report
from rollout.reporting.overview import Link, district_shapes, key_figures, map_text, overview_page

HOSTILE = "{{ 6*7777 }} {% x %} {# b </script><script>alert(1)</script> `${1}` \"' 🦔 <img src=x onerror=alert(1)>"


@pytest.fixture
def known(tiny_project: Path) -> State:
    return pipeline.state(rollout.open_project(tiny_project))


def _page(known: State, *links: Link) -> str:
    return overview_page(known, progress_report(known), rollout.district_table(known), links, links).decode()


class _Seen(HTMLParser):
    """What a browser would find: the tags, and the text outside of style."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_figures_are_those_of_the_first_programme_alone(known: State) -> None:
    figures = {
        figure.label: (figure.value, figure.note) for figure in key_figures(known, rollout.district_table(known))
    }
    assert figures["geförderte Anschlüsse"] == ("4", "2 Haushalte, 1 Gewerbebetrieb, 1 Schule")
    assert figures["erreicht (homes passed)"] == ("50,0\u202f%", "2 von 4")
    assert figures["aktiviert (homes activated)"] == ("0,0\u202f%", "0 von 4")
    assert figures["neues Leerrohr verlegt"] == ("390\u202fm", "von 390\u202fm (100,0\u202f%)")
    assert figures["Glasfaserkabel eingeblasen"] == ("400\u202fm", "von 710\u202fm (56,3\u202f%)")


def test_existing_infrastructure_has_no_bar_since_nothing_was_done(known: State) -> None:
    figure = key_figures(known, rollout.district_table(known))[-1]
    assert (figure.label, figure.value, figure.fraction) == ("mitgenutzte Infrastruktur", "300\u202fm", None)


def test_a_district_is_shaded_by_the_share_connected_and_blank_where_nothing_is_planned(known: State) -> None:
    shapes = {shape.name: shape for shape in district_shapes(known, rollout.district_table(known))}
    assert (shapes["Altstadt"].text, shapes["Altstadt"].shade) == ("1/3", 2)
    assert (shapes["Neustadt"].text, shapes["Neustadt"].shade) == ("0/1", 0)
    empty = rollout.district_table(known).query("district_id != 'N'")
    assert {shape.name: shape.shade for shape in district_shapes(known, empty)} == {"Altstadt": 2, "Neustadt": None}


def test_every_shape_is_drawn_in_whole_units_inside_the_view_box(known: State) -> None:
    for shape in district_shapes(known, rollout.district_table(known)):
        numbers = [int(number) for number in re.findall(r"-?\d+", shape.path)]
        assert len(numbers) >= 8
        assert all(0 <= number <= 1000 for number in numbers)


def test_the_page_links_to_what_it_was_given_and_loads_nothing(known: State) -> None:
    seen = _Seen(_page(known, Link("bauabschnitt-1.html", "Bauabschnitt 1", map_text(437, 350), ("A",))))
    hrefs = [said["href"] for tag, said in seen.tags if tag == "a"]
    assert hrefs == ["#zahlen", "bauabschnitt-1.html", "bauabschnitt-1.html"]
    assert "437 Anschlüsse, davon angeschlossen 350/437 (80,1\u202f%)" in seen.text
    assert {tag for tag, _ in seen.tags} & {"script", "link", "img", "iframe"} == set()
    policy = next(said["content"] for tag, said in seen.tags if said.get("http-equiv") == "Content-Security-Policy")
    assert str(policy).startswith("default-src 'none'")


def test_the_day_and_the_definition_of_passed_stand_on_the_page(known: State) -> None:
    text = _Seen(_page(known)).text
    assert "Stand 28.03.2022" in text
    assert "Als erreicht zählt: eigenes Rohr auf der Straßenseite des Gebäudes" in text
    assert "Beispieldaten" not in text


def test_made_up_data_are_called_so(known: State) -> None:
    project = known.project.model_copy(update={"sample": True})
    made_up = place({**_layers(known), **known.base}, project, known.as_of)
    assert "Beispieldaten" in _Seen(_page(made_up)).text


def _layers(known: State) -> dict[str, object]:
    checked = pipeline.check(known.project)
    return dict(checked.layers)


def test_hostile_texts_are_shown_as_they_stand_and_open_no_tag(known: State) -> None:
    harmless = {tag for tag, _ in _Seen(_page(known, Link("x.html", "x", "y"))).tags}
    project = known.project.model_copy(update={"name": HOSTILE, "municipality": HOSTILE})
    layers = _layers(known)
    layers["districts"]["name"] = [HOSTILE, "Neustadt"]  # type: ignore[index]
    phases = tuple(phase.model_copy(update={"districts": ()}) if phase.id == "1" else phase for phase in project.phases)
    hostile = place(layers, project.model_copy(update={"phases": phases}), known.as_of)  # type: ignore[arg-type]
    seen = _Seen(_page(hostile, Link("x.html", HOSTILE, HOSTILE)))
    assert {tag for tag, _ in seen.tags} == harmless
    assert not any(name.startswith("on") for _, said in seen.tags for name in said)
    assert seen.text.count("{{ 6*7777 }}") >= 5
    assert "46662" not in seen.text
