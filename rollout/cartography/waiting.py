"""
Folium imported without what no page draws.

Folium and branca write the templates of all their elements as they are imported, and Jinja compiles each of them
there and then: nine tenths of the time that this import takes. A page draws three. So whatever is written during the
import is compiled when it is first drawn, by Jinja as ever and into the same.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

import jinja2

if TYPE_CHECKING:
    from collections.abc import Iterator


def _waiting(
    environment: jinja2.Environment,
    source: str,
    globals: dict[str, Any] | None = None,  # noqa: A002 - Jinja's names, as below
    template_class: type[jinja2.Template] | None = None,
) -> jinja2.Template:
    """Return a template that is compiled when it is first drawn; it has no blocks, so its root is all there is."""

    @cache
    def compiled() -> jinja2.Template:
        return environment.from_string(source, globals, template_class)

    def root(context: jinja2.runtime.Context) -> Iterator[str]:
        return compiled().root_render_func(context)

    made = template_class or environment.template_class
    namespace: dict[str, Any] = {"name": None, "blocks": {}, "root": root, "debug_info": "", "__file__": "<template>"}
    return made._from_namespace(environment, namespace, environment.make_globals(globals))  # noqa: SLF001 - as `from_code` does


@contextmanager
def _templates_wait() -> Iterator[None]:
    at_once = jinja2.Environment.from_string
    jinja2.Environment.from_string = _waiting  # type: ignore[assignment,method-assign]
    try:
        yield
    finally:
        jinja2.Environment.from_string = at_once  # type: ignore[method-assign]


with _templates_wait():
    import folium  # noqa: F401 - for what it leaves behind
