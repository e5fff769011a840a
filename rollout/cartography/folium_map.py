"""
The pages as Folium maps; the only place that knows Folium.

Folium renders constant text only. It compiles what it has rendered a second time as a template, so a
value of the data that passed through it could be executed; the data is therefore added afterwards.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import folium
from branca.element import Figure, MacroElement
from folium.template import Template

from rollout.cartography import assemble
from rollout.cartography.document import CODE_MODULE, Scaffold, finished, sealed
from rollout.cartography.elements import Rendered, has_additions, refuse_external, rendered, stable_ids
from rollout.cartography.payload import as_json, page_data
from rollout.cartography.scope import NOTHING_MORE, contents_of, scope_of
from rollout.cartography.tiles import SERVICES
from rollout.files import write_file

if TYPE_CHECKING:
    from collections.abc import Callable
    from os import PathLike

    from rollout.analysis.state import State
    from rollout.cartography.scope import Additions, Contents


class _Page(Figure):
    """The root of a page: whoever renders it, by whatever way, gets the finished page."""

    def __init__(self, page: PhaseMap) -> None:
        super().__init__(ratio="62%")
        self._page = page
        self.add_child(page)

    def render(self, **_: Any) -> str:  # noqa: ANN401 - branca's signature
        return self._page.html()


class _Part(MacroElement):
    """One of our layers; its template is the same for every page, and it holds no data."""

    part: ClassVar[str]

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "rollout.add({{ this._parent.get_name() }}, {{ this.part|tojson }});"
        "{% endmacro %}"
    )

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # branca leaves it untyped
        self._name = self.part

    def render(self, **_: Any) -> None:  # type: ignore[override]  # noqa: ANN401 - branca's own elements return nothing either
        """Add the script as it stands; branca would compile it again as a template, only to keep it as text."""
        page: Any = self.get_root()
        page.script.add_child(Rendered(self._template.module.script(self, {})), name=self.get_name())


class BaseMap(_Part):
    """Land, water, streets and the city's boundary."""

    part = "base"


class Districts(_Part):
    """The districts, those of the page emphasised."""

    part = "districts"


class Segments(_Part):
    """The trench segments by status."""

    part = "segments"


class Targets(_Part):
    """The connections to be made by category and status, with their drops."""

    part = "targets"


class Nodes(_Part):
    """Main and secondary distribution points."""

    part = "nodes"


class Labels(_Part):
    """Names of districts, streets and house numbers."""

    part = "labels"


class Panel(_Part):
    """Title, progress, legend, sources, and the card of what is clicked."""

    part = "panel"


PARTS = (Panel, BaseMap, Districts, Segments, Targets, Nodes, Labels)
"""The panel first: it takes its room before the map is fitted to what is left."""


class _Drawing(folium.Map):
    """The map with our layers: what Folium draws of every page, whatever the page is about."""

    default_js: list[tuple[str, str]] = []  # noqa: RUF012 - folium declares both as variables of the instance
    default_css: list[tuple[str, str]] = []  # noqa: RUF012 - as above

    _template = Template(
        '{% macro html(this, kwargs) %}<div class="rollout-map" id={{ this.get_name()|tojson }}></div>{% endmacro %}'
        "{% macro script(this, kwargs) %}"
        "var {{ this.get_name() }} = rollout.map({{ this.get_name()|tojson }});"
        "{% endmacro %}"
    )

    def __init__(self) -> None:
        super().__init__(location=[0, 0], tiles=None)
        for part in PARTS:
            part().add_to(self)

    @property
    def has_own_elements(self) -> bool:
        """Whether the user added any, at whatever place."""
        parts = self._children.values()
        is_ours = [type(part) for part in parts] == [*PARTS] and not any(part._children for part in parts)  # noqa: SLF001 - branca has no other way to them
        return not is_ours or has_additions(self.get_root())

    def texts(self) -> tuple[str, str, str]:
        """Return what Folium makes of it: head, body and script."""
        root = self.get_root()
        refuse_external(root)
        return stable_ids(root, rendered(root))


@cache
def _plain_texts() -> tuple[str, str, str]:
    """Return what Folium makes of a page without elements of the user's own: the same each time."""
    return _Drawing().texts()


class PhaseMap(_Drawing):
    """
    A finished page of the rollout that is a `folium.Map` as well.

    Own elements of Folium may be added before the page is saved. They are drawn above our layers.
    What they show is up to who adds them; what needs files from outside is refused when the page is made.

    Parameters
    ----------
    contents
        The rows of the page.
    """

    def __init__(self, contents: Contents) -> None:
        super().__init__()
        self._contents = contents
        _Page(self)

    @property
    def heading(self) -> str:
        """What the page is about, e.g. the phase's name."""
        return self._contents.scope.heading

    def html(self) -> str:
        """
        Return the finished page.

        Returns
        -------
        page
            HTML that needs nothing but itself; the same inputs give the same text.

        Raises
        ------
        OutputError
            If an element that was added asks for a file from outside, or cannot be rendered.
        """
        data = self._data()
        return finished(self._scaffold(), _title(data), as_json(data), self._image_host())

    def sealed_html(self, seal: Callable[[str], str]) -> str:
        """
        Return the finished page with its data encrypted.

        Parameters
        ----------
        seal
            Encrypts the data: JSON in, with the page's title besides, JSON as `unseal.js` reads it out.

        Returns
        -------
        page
            HTML that needs nothing but itself and the password; but for the data it is the same for every project.

        Raises
        ------
        OutputError
            As `html`, and where the user added elements of their own.
        """
        data = self._data()
        return sealed(self._scaffold(), seal(as_json({**data, "title": _title(data)})), self._image_host())

    def _image_host(self) -> str | None:
        service = self._contents.state.project.base_map
        return SERVICES[service].host if service else None

    def save(self, outfile: str | PathLike[str], **_: Any) -> None:  # type: ignore[override]  # noqa: ANN401 - folium's signature
        """
        Write the finished page whole or not at all.

        Parameters
        ----------
        outfile
            The file. An earlier one is kept until the new one is complete.

        Raises
        ------
        OutputError
            If the page cannot be made or written.
        """
        write_file(Path(outfile), self.html().encode("utf-8"))

    def _data(self) -> dict[str, Any]:
        return page_data(self._contents)

    def _scaffold(self) -> Scaffold:
        own = self.has_own_elements
        header, body, script = self.texts() if own else _plain_texts()
        main = f"{assemble.shell()}<main>\n{body}</main>\n"
        return Scaffold(header, main, script + "\n", own, _modules(self._contents.additions))


def _modules(additions: Additions) -> tuple[str, ...]:
    wanted = {
        "mark.js": additions.marks,
        CODE_MODULE: additions.address,
        "atlas.js": additions.atlas,
        "timeline.js": additions.course,
    }
    return tuple(name for name, addition in wanted.items() if addition is not None)


def _title(data: dict[str, Any]) -> str:
    spec = data["spec"]
    return f"{spec['heading']} – {spec['title']} – Stand {spec['stand']}"


def phase_map(
    state: State,
    phase_id: str | None = None,
    *,
    programme_id: str | None = None,
    additions: Additions = NOTHING_MORE,
) -> PhaseMap:
    """
    Draw one page.

    Parameters
    ----------
    state
        The project on one day.
    phase_id
        The construction phase; None for the whole programme.
    programme_id
        The programme; None for the phase's, or the project's first one, which is the whole city.
    additions
        What the page shows beyond the state, e.g. sets of segments to build next.

    Returns
    -------
    page
        A `folium.Map`; `save` writes the finished page, a notebook shows it.

    Raises
    ------
    InputError
        If there is no such phase or programme.
    """
    contents = contents_of(state, scope_of(state.project, phase_id, programme_id))
    return PhaseMap(replace(contents, additions=additions))
