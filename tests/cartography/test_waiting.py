"""Templates of Folium that are compiled late draw what they would have drawn at once."""

from __future__ import annotations

import copy
import subprocess
import sys

import pytest
from folium.template import Template
from jinja2 import Environment, TemplateSyntaxError, UndefinedError

from rollout.cartography.waiting import _templates_wait

SOURCE = "{% set sign = '!' %}{% macro script(this, kwargs) %}{{ this|tojavascript }}{{ sign }}{% endmacro %}a {{ b }}"


COUNTED = """
import jinja2
made, compiled = [], jinja2.Environment.compile
jinja2.Environment.compile = lambda *told, **named: made.append(told) or compiled(*told, **named)
import {module}
print(len(made))
"""


def made_late(source: str) -> Template:
    with _templates_wait():
        return Template(source)


def test_a_template_that_waits_draws_the_same() -> None:
    late, at_once = made_late(SOURCE), Template(SOURCE)
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


def test_who_waits_can_be_copied_and_lacks_what_a_template_lacks() -> None:
    late = made_late(SOURCE)
    assert copy.copy(late).render(b=1) == "a 1"
    with pytest.raises(AttributeError, match="no_such_thing"):
        _ = late.no_such_thing


def compiled_by(module: str) -> int:
    told = subprocess.run(
        [sys.executable, "-c", COUNTED.format(module=module)], capture_output=True, text=True, check=True
    )
    return int(told.stdout)


def test_importing_our_pages_compiles_no_template_but_our_own() -> None:
    assert compiled_by("folium") > 20
    assert compiled_by("rollout.cartography") < 5
