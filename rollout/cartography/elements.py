"""Elements of Folium that a user adds: rendered once, given stable names, refused where they need the network."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from branca.element import Element
from jinja2 import TemplateError

from rollout.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator

_EXTERNAL = re.compile(r"^\s*(?:[a-z][a-z0-9+.-]*:)?//", re.IGNORECASE)
_URL_ATTRIBUTES = ("tiles", "url", "embed_link", "data_url")
_EMBEDDED = re.compile(r"(?:\bsrc\s*=|\burl\()\s*\\?[\"']?\s*((?:https?:)?//[^\"'\s)>\\]+)", re.IGNORECASE)
_META = "meta_http"
_WAY_OUT = (
    "Die Seite muss ohne Netz auskommen: lassen Sie das Element weg, oder betten Sie ein, was es braucht (data:)."
)
_BARRED = {
    "Icon": ("Schriftsymbole von Leaflet.awesome-markers", "Nehmen Sie folium.Marker ohne Icon, oder folium.DivIcon."),
    "IFrame": ("eine Seite in der Seite", "Geben Sie folium.Popup den Text unmittelbar."),
}
"""Elements that need more than Leaflet: what for, and the way out."""


class Rendered(Element):
    """
    A finished text that is never read as a template.

    Parameters
    ----------
    text
        What stands on the page.
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self._template_str = text

    def render(self, **_: Any) -> str:  # noqa: ANN401 - branca's signature
        """Return the text."""
        return self._template_str or ""


def walk(element: Any) -> Iterator[Any]:  # noqa: ANN401 - branca states no types
    """
    Visit an element and everything it holds, each once.

    Parameters
    ----------
    element
        An element of branca.

    Yields
    ------
    element
        The element itself first.
    """
    seen: set[int] = set()
    waiting = [element]
    while waiting:
        found = waiting.pop(0)
        if id(found) in seen:
            continue
        seen.add(id(found))
        yield found
        held = [part for name, part in vars(found).items() if name != "_parent"]
        waiting += [part for part in held if _is_element(part)]
        waiting += [part for some in held if isinstance(some, list | tuple) for part in some if _is_element(part)]
        waiting += list(found._children.values())  # noqa: SLF001 - branca has no other way to its children


def _is_element(value: object) -> bool:
    return hasattr(value, "_children") and hasattr(value, "_id")


def refuse_external(page: Any) -> None:  # noqa: ANN401 - branca states no types
    """
    Refuse elements that would load anything from outside.

    Parameters
    ----------
    page
        The map with everything that was added to it.

    Raises
    ------
    OutputError
        Naming the element, the address it asks for, and the way out.
    """
    for element in walk(page):
        kind = type(element).__name__
        for address in _addresses(element):
            msg = f"{kind} lädt von außen: {address}"
            raise OutputError(msg, _WAY_OUT)
        if kind in _BARRED:
            need, way_out = _BARRED[kind]
            msg = f"{kind} braucht {need}"
            raise OutputError(msg, way_out)


def _addresses(element: Any) -> Iterator[str]:  # noqa: ANN401 - branca states no types
    for name in ("default_js", "default_css"):
        yield from (address for _, address in getattr(element, name, ()))
    values = [getattr(element, name, None) for name in _URL_ATTRIBUTES]
    values += list((getattr(element, "options", None) or {}).values())
    if getattr(element, "embed", None):
        values.remove(getattr(element, "embed_link", None))
    for value in values:
        yield from (text for text in _texts(value) if _EXTERNAL.match(text))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | tuple):
        yield from (text for text in value if isinstance(text, str))


def has_additions(figure: Any) -> bool:  # noqa: ANN401 - branca states no types
    """
    Tell whether something was added beside the map, to the head, the body or the script.

    Parameters
    ----------
    figure
        The root of the page.

    Returns
    -------
    added
        False for a page of ours alone.
    """
    parts = (figure.header, figure.html, figure.script)
    return any(name != _META for part in parts for name in part._children)  # noqa: SLF001 - as above


def rendered(figure: Any) -> tuple[str, str, str]:  # noqa: ANN401 - branca states no types
    """
    Render the elements of a page once.

    Branca would compile the rendered text again as a template and run it. We take that text as it
    stands, so a `{{ … }}` in a text that a user shows is shown and not executed.

    Parameters
    ----------
    figure
        The root of the page.

    Returns
    -------
    header, body, script
        The three texts.

    Raises
    ------
    OutputError
        If an element cannot be rendered.
    """
    parts = (figure.header, figure.html, figure.script)
    added = [part._children.copy() for part in parts]  # noqa: SLF001 - what the user put there
    try:
        for child in list(figure._children.values()):  # noqa: SLF001 - branca has no other way to its children
            child.render()
        header, body, script = (_joined(part) for part in parts)
    except TemplateError as error:
        msg = f"ein hinzugefügtes Element lässt sich nicht darstellen: {error}"
        raise OutputError(msg, "Sein Text enthält '{#', '{%' oder '{{'; Folium liest das als Befehl.") from error
    finally:
        for part, children in zip(parts, added, strict=True):
            part._children = children  # noqa: SLF001 - as above
    for found in _EMBEDDED.findall(script):
        msg = f"ein hinzugefügtes Element lädt von außen: {found}"
        raise OutputError(msg, _WAY_OUT)
    return header, body, script


def _joined(part: Any) -> str:  # noqa: ANN401 - branca states no types
    children = part._children.items()  # noqa: SLF001 - as above
    return "".join(f"{_text(child)}\n" for name, child in children if name != _META)


def _text(child: Any) -> str:  # noqa: ANN401 - branca states no types
    finished: str | None = child._template_str  # noqa: SLF001 - the text it was made from
    return finished if finished is not None else str(child.render())


def stable_ids(figure: Any, texts: tuple[str, str, str]) -> tuple[str, str, str]:  # noqa: ANN401 - branca states no types
    """
    Replace the random ids of elements by numbers in the order they appear.

    Parameters
    ----------
    figure
        The root of the page.
    texts
        What was rendered.

    Returns
    -------
    texts
        The same for the same page, run after run.
    """
    known = {element._id for element in walk(figure)}  # noqa: SLF001 - branca has no other name for it
    numbers: dict[str, str] = {}

    def number(found: re.Match[str]) -> str:
        if found.group() not in known:
            return found.group()
        return numbers.setdefault(found.group(), str(len(numbers) + 1))

    header, body, script = (re.sub(r"[0-9a-f]{32}", number, text) for text in texts)
    return header, body, script
