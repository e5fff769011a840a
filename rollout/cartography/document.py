"""
The finished page: constant parts joined by plain concatenation, the data last, and a gate before it leaves.

Scripts are hashed before the data goes in, so nothing in the data can ever be a script the page allows.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
from dataclasses import dataclass, replace
from functools import lru_cache
from html.parser import HTMLParser

from rollout.cartography import assemble
from rollout.errors import OutputError

DATA_ID = "rollout-data"
SEALED_ID = "rollout-sealed"
SEALED_TITLE = "Verschlüsselte Karte"

DRAW = "rollout.draw();\n"
"""A script of its own, so that the browser can answer between the panel and the map."""

CODE_MODULE = "code.js"
"""The module that needs the encoder of QR codes."""

_LOADING_TAGS = frozenset(
    {"link", "iframe", "frame", "object", "embed", "base", "form", "img", "audio", "video", "source"}
)
_LOADING_ATTRIBUTES = frozenset({"src", "srcset", "poster", "background", "action", "formaction", "data"})
_EXTERNAL_STYLE = re.compile(r"@import\b[^;]*|url\(\s*[\"']?(?!data:|#)[^)]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Scaffold:
    """
    What Folium rendered: constant text of ours, and elements of the user's own.

    Attributes
    ----------
    header
        For the head of the page.
    body
        For its body.
    script
        Builds the map, its layers and the panel; what draws them follows.
    has_own_elements
        Whether the user added any.
    modules
        Modules of ours that not every page has.
    """

    header: str
    body: str
    script: str
    has_own_elements: bool
    modules: tuple[str, ...] = ()


def finished(scaffold: Scaffold, title: str, data: str, image_host: str | None = None) -> str:
    """
    Put a page together.

    Parameters
    ----------
    scaffold
        What Folium rendered.
    title
        Title of the page, as plain text.
    data
        JSON without `<`, `>` and `&`.
    image_host
        The one host the page may load images from; None for none.

    Returns
    -------
    page
        HTML that needs nothing but itself.

    Raises
    ------
    OutputError
        If the page holds a script that is not expected, would load anything from outside, or its data could be read
        as markup.
    """
    return _filled(_constant(scaffold, DATA_ID, image_host), title, data)


def sealed(scaffold: Scaffold, data: str, image_host: str | None = None) -> str:
    """
    Put a page together whose data is encrypted; all else is constant, so that it tells nothing.

    Parameters
    ----------
    scaffold
        What Folium rendered; it is started when the data has been opened.
    data
        JSON without `<`, `>` and `&`, as `unseal.js` reads it.
    image_host
        The one host the page may load images from; None for none.

    Returns
    -------
    page
        HTML that needs nothing but itself and the password.

    Raises
    ------
    OutputError
        If the user added elements of their own, which would stay readable, or as for `finished`.
    """
    if scaffold.has_own_elements:
        msg = "die Seite trägt eigene Elemente von Folium, die unverschlüsselt blieben"
        raise OutputError(msg, "Nehmen Sie sie heraus, oder geben Sie die Seite als verschlüsseltes Archiv weiter.")
    header = f"{scaffold.header}<style>{assemble.unseal_style()}</style>\n"
    waiting = replace(scaffold, header=header, script=f"unseal(() => {{{scaffold.script}{DRAW}}});\n")
    return _filled(_constant(waiting, SEALED_ID, image_host), SEALED_TITLE, data)


def sealed_data(page: str) -> str | None:
    """
    Return what is encrypted in a page.

    Parameters
    ----------
    page
        HTML.

    Returns
    -------
    data
        JSON as it was given to `sealed`; None where the page is not a sealed one.
    """
    found = re.findall(f"{re.escape(_opening(SEALED_ID))}([^<]*)</script>", page)
    return found[0] if len(found) == 1 else None


def _opening(island: str) -> str:
    return f'<script type="application/json" id="{island}">'


def _filled(constant: tuple[str, str, str], title: str, data: str) -> str:
    if "<" in data:
        msg = "die Daten der Seite enthalten das Zeichen '<'"
        raise OutputError(msg, "Das ist ein Fehler von rollout; bitte melden Sie ihn.")
    begin, until_data, end = constant
    return f"{begin}{html.escape(title)}{until_data}{data}{end}"


@lru_cache(maxsize=8)
def _constant(scaffold: Scaffold, island: str, image_host: str | None) -> tuple[str, str, str]:
    """Join what is the same for every page of a kind, hashed and looked at once: up to the title, the data, the end."""
    scripts = [assemble.code_script()] if CODE_MODULE in scaffold.modules else []
    scripts += [assemble.leaflet_script(whole=scaffold.has_own_elements), assemble.page_script(*scaffold.modules)]
    scripts += [assemble.folium_script()] if scaffold.has_own_elements else []
    scripts += [assemble.unseal_script()] if island == SEALED_ID else []
    scripts.append(scaffold.script)
    scripts += [] if island == SEALED_ID else [DRAW]
    head, rest = _head(scaffold, _policy(scripts, image_host))
    until_data = f"{rest}<body>\n{scaffold.body}{_opening(island)}"
    code = "".join(f"<script>{script}</script>\n" for script in scripts)
    end = f"</script>\n{code}</body>\n</html>\n"
    inspect(head + until_data + end, scripts)
    return head, until_data, end


def _head(scaffold: Scaffold, policy: str) -> tuple[str, str]:
    until_title = (
        '<!DOCTYPE html>\n<html lang="de">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        "<title>"
    )
    leaflet = assemble.leaflet_style(whole=scaffold.has_own_elements)
    styles = f"<style>{leaflet}</style>\n<style>{assemble.page_style(*scaffold.modules)}</style>\n"
    return until_title, f"</title>\n{styles}{scaffold.header}</head>\n"


def _policy(scripts: list[str], image_host: str | None) -> str:
    hashes = " ".join(f"'sha256-{_sha256(script)}'" for script in scripts)
    images = f"data: https://{image_host}" if image_host else "data:"
    return (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src {images}; "
        "connect-src 'none'; base-uri 'none'; form-action 'none'"
    )


def _sha256(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")


def inspect(page: str, scripts: list[str]) -> None:
    """
    Refuse a page that would run or load anything it should not.

    Parameters
    ----------
    page
        The finished page.
    scripts
        The scripts it is meant to hold, in order.

    Raises
    ------
    OutputError
        If it holds another script, an event attribute, or asks for a file.
    """
    reader = _Reader()
    reader.feed(page)
    reader.close()
    if reader.scripts != scripts or reader.islands != 1:
        msg = f"die Seite enthält {len(reader.scripts)} Skripte, erwartet sind {len(scripts)} eigene"
        raise OutputError(msg, "Ein hinzugefügtes Element enthält '<script' oder '</script>'; nehmen Sie es heraus.")
    if reader.faults:
        hint = "Die Seite muss ohne Netz auskommen: betten Sie ein, was sie braucht (data:), oder lassen Sie es weg."
        msg = f"die Seite würde von außen laden oder ausführen: {reader.faults[0]}"
        raise OutputError(msg, hint)


class _Reader(HTMLParser):
    """Reads a page as a browser would and notes what runs or loads."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.scripts: list[str] = []
        self.islands = 0
        self.faults: list[str] = []
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag == "script" and said.get("type") == "application/json":
            self.islands += 1
        elif tag == "script":
            self.scripts.append("")
            self._inside = "script"
        elif tag == "style":
            self._inside = "style"
        self._look_at(tag, said)

    def _look_at(self, tag: str, said: dict[str, str | None]) -> None:
        for name, value in said.items():
            text = (value or "").strip()
            loads = name in _LOADING_ATTRIBUTES or (tag in _LOADING_TAGS and name == "href")
            if name.startswith("on"):
                self.faults.append(f"<{tag} {name}=…>")
            elif loads and not text.startswith("data:"):
                self.faults.append(f"<{tag} {name}='{text[:200]}'>")
            elif name == "style":
                self._look_at_style(text)

    def _look_at_style(self, style: str) -> None:
        self.faults += [f"'{found[:200]}'" for found in _EXTERNAL_STYLE.findall(style)]

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002 - every end tag ends the one that was open
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "script":
            self.scripts[-1] += data
        elif self._inside == "style":
            self._look_at_style(data)
