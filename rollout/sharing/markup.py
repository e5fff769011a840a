"""
A finished page taken apart, for the leak check: what it says, what it knows, and what it runs.

It reads the plain HTML our pages are written in and nothing else. Whatever a browser could understand in another way
than this reader is refused, since what cannot be read for certain cannot be checked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape

_NAME = "[A-Za-z][A-Za-z0-9-]*"
_ATTRIBUTE = r"""\s+[^\s"'<>/=]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>`=][^\s"'<>`]*))?"""
_CODE = "[^<]*(?:<(?!/(?i:script|style))[^<]*)*"
# No possessive group: Python 3.11.0 to 3.11.4 match it wrongly (gh-106052), and would take no page apart.
_TEXT = "[^<]*(?:<(?![A-Za-z/!?])[^<]*)*"
_CLOSING = rf"</{_NAME}\s*>"
_OPENING = rf"<(?!(?i:script|style)\b){_NAME}(?:{_ATTRIBUTE})*\s*/?>"
_MARK = re.compile(
    rf"(?P<stretch>(?:{_CLOSING}|{_OPENING}){_TEXT}(?:(?:{_CLOSING}|(?!<tr){_OPENING}){_TEXT})*)"
    rf"|<(?P<code>script|style)(?P<of_code>(?:{_ATTRIBUTE})*)\s*>(?P<inside>{_CODE})</(?P=code)\s*>"
    r"|<!--(?P<comment>.*?)-->|<\?(?P<instruction>[^>]*)>"
    r"|<!(?i:doctype html)>",
    re.DOTALL,
)
"""A stretch is tags and what they hold; a row of a table begins one, since the same rows stand on several pages."""
_TAG = re.compile(rf"(?:{_CLOSING}|<({_NAME})((?:{_ATTRIBUTE})*)\s*/?>)({_TEXT})")
_PAIR = re.compile(r"""\s+([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>`=][^\s"'<>`]*)))?""")
_UNREAD = re.compile("<[A-Za-z/!?].{0,40}", re.DOTALL)
_KEPT_TAGS = 512
"""A table has thousands of tags, and few that differ."""
_KEPT_STRETCHES = 4096


@dataclass(frozen=True, slots=True)
class Markup:
    """
    A page, taken apart.

    Attributes
    ----------
    said
        Texts, comments, instructions and attributes, the latter as `<tag name=value`, in the order of the page.
    parts
        What stands in its scripts and styles, each with its kind: `data` or `code`.
    """

    said: list[str] = field(default_factory=list)
    parts: list[tuple[str, str]] = field(default_factory=list)


def read_markup(text: str) -> Markup:
    """
    Take a page apart.

    Parameters
    ----------
    text
        A whole page.

    Returns
    -------
    markup
        All that stands in it.

    Raises
    ------
    ValueError
        If it is not written plainly: tags in small letters, attributes in whole quotes, nothing left open.
    """
    markup, end = Markup(), 0
    for found in _MARK.finditer(text):
        _say(markup, text[end : found.start()])
        _take(markup, found)
        end = found.end()
    _say(markup, text[end:])
    return markup


def _say(markup: Markup, text: str) -> None:
    if not text:
        return
    if "<" in text and (unread := _UNREAD.search(text)):
        msg = f"kein schlichtes HTML: {unread.group()!r}"
        raise ValueError(msg)
    markup.said.append(unescape(text))


def _take(markup: Markup, found: re.Match[str]) -> None:
    stretch, code, of_code, inside, *hidden = found.groups()
    if stretch is not None:
        markup.said.extend(_said_in(stretch))
    elif code is not None:
        said = _attributes(code, of_code)
        markup.said.extend(said)
        if inside:
            markup.parts.append(("data" if f"<{code} type=application/json" in said else "code", inside))
    else:
        markup.said.extend(text for text in hidden if text)


@lru_cache(maxsize=_KEPT_STRETCHES)
def _said_in(stretch: str) -> tuple[str, ...]:
    said: list[str] = []
    for tag, of_tag, text in _TAG.findall(stretch):
        if of_tag:
            said.extend(_attributes(tag, of_tag))
        if text:
            said.append(unescape(text))
    return tuple(said)


@lru_cache(maxsize=_KEPT_TAGS)
def _attributes(tag: str, text: str) -> tuple[str, ...]:
    pairs = ((name, double or single or bare) for name, double, single, bare in _PAIR.findall(text))
    return tuple(f"<{tag.lower()} {name.lower()}={unescape(value)}" for name, value in pairs if value)
