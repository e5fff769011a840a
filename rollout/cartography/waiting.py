"""
Folium imported without what no page draws.

Folium and branca write the templates of all their elements as they are imported, and Jinja compiles each of them
there and then: nine tenths of the time that this import takes. A page draws three. So whatever is written during the
import is compiled when it is first drawn, by Jinja as ever and into the same.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import cache, partial
from typing import TYPE_CHECKING, Any

import jinja2

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_compile = jinja2.Environment.from_string


class _Waiting:
    """Stands for a template until something is asked of it, which the template then answers."""

    def __init__(self, compiled: Callable[[], jinja2.Template]) -> None:
        self.compiled = compiled

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the template has of that name
        if name.startswith("__"):  # how Python looks at this object, not what anyone asks of a template
            raise AttributeError(name)
        return getattr(self.compiled(), name)


def _waiting(environment: jinja2.Environment, *source: Any, **options: Any) -> _Waiting:  # noqa: ANN401 - Jinja's own
    return _Waiting(cache(partial(_compile, environment, *source, **options)))


@contextmanager
def _templates_wait() -> Iterator[None]:
    jinja2.Environment.from_string = _waiting  # type: ignore[assignment,method-assign]
    try:
        yield
    finally:
        jinja2.Environment.from_string = _compile  # type: ignore[method-assign]


with _templates_wait():
    import folium  # noqa: F401 - for what it leaves behind
