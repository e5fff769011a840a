"""Templates of Folium that are compiled late draw what they would have drawn at once."""

from __future__ import annotations

import subprocess
import sys

import pytest
from folium.template import Template
from jinja2 import Environment, TemplateSyntaxError, UndefinedError

from rollout.cartography.waiting import _templates_wait

SOURCE = "{% set sign = '!' %}{% macro script(this, kwargs) %}{{ this|tojavascript }}{{ sign }}{% endmacro %}a {{ b }}"
BLOCKS = """
import folium
from branca.element import Element
def below(kind):
    return {kind}.union(*map(below, kind.__subclasses__()))
templates = [kind._template for kind in below(Element) if "_template" in vars(kind)]
print(len(templates), sum(len(template.blocks) for template in templates))
"""


def made_late(source: str) -> Template:
    with _templates_wait():
        return Template(source)


def test_a_template_that_waits_draws_the_same() -> None:
    late, at_once = made_late(SOURCE), Template(SOURCE)
    assert isinstance(late, Template)
    assert late.render(b="<") == at_once.render(b="<") == "a <"
    assert late.module.script({"x": 1}, {}) == at_once.module.script({"x": 1}, {})


def test_a_fault_in_a_template_is_told_when_it_is_drawn() -> None:
    with pytest.raises(TemplateSyntaxError):
        made_late("{% macro %}").render()
    with pytest.raises(UndefinedError):
        made_late("{{ nobody.name }}").render()


def test_afterwards_templates_are_compiled_at_once() -> None:
    compiled = Environment.from_string
    with pytest.raises(ZeroDivisionError), _templates_wait():
        _ = 1 / 0
    assert Environment.from_string is compiled
    with pytest.raises(TemplateSyntaxError):
        Template("{% macro %}")


def test_no_template_of_folium_has_blocks_that_would_be_missed() -> None:
    told = subprocess.run([sys.executable, "-c", BLOCKS], capture_output=True, text=True, check=True).stdout
    count, blocks = map(int, told.split())
    assert count > 20
    assert blocks == 0
