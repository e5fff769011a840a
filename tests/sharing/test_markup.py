"""The leak check reads plain HTML as Python's own parser does, and refuses what could be read in two ways."""

from __future__ import annotations

from html import escape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollout.sharing import markup
from rollout.sharing.markup import read_markup


class Parsed(HTMLParser):
    """What the parser of the standard library hears."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self.parts: list[str] = []
        self.inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.said += [f"<{tag} {name}={value}" for name, value in attrs if value]
        self.inside = tag in {"script", "style"}

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag not in {"script", "style"}

    def handle_data(self, data: str) -> None:
        (self.parts if self.inside else self.said).append(data)

    def handle_comment(self, data: str) -> None:
        self.said.append(data)

    def handle_pi(self, data: str) -> None:
        self.said.append(data)


texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8)
names = st.sampled_from(["td", "a", "Div", "h1", "my-part"])
attributes = st.builds(
    lambda name, value, quote: f" {name}={quote}{escape(value)}{quote}",
    st.sampled_from(["class", "HREF", "data-row", "content"]),
    texts,
    st.sampled_from(["'", '"']),
) | st.sampled_from([" hidden", " rows=3", "\n  id = x"])
tags = st.builds(
    lambda name, found, end: f"<{name}{''.join(found)}{end}>", names, st.lists(attributes), st.sampled_from(["", " /"])
)
codes = st.builds(
    lambda name, kind, code: f"<{name}{kind}>{code}</{name}>",
    st.sampled_from(["script", "style"]),
    st.sampled_from(["", ' type="application/json"']),
    st.sampled_from(["", "a<b && c>d", '{"a":"&lt;td&gt;"}', "<td class='x'>"]),
)
comments = st.sampled_from(["<!-- a -->", "<!-- <b>x</b> -->", "<?php echo 1 ?>"])
pages = st.lists(tags | codes | comments | names.map("</{}>".format) | texts.map(escape)).map("".join)


@given(pages)
def test_plain_html_is_read_as_the_parser_of_the_standard_library_reads_it(page: str) -> None:
    parsed = Parsed()
    parsed.feed(page)
    parsed.close()
    read = read_markup(page)
    assert "".join(read.said) == "".join(parsed.said)
    assert [content for _, content in read.parts] == parsed.parts


@pytest.mark.parametrize(
    ("page", "kind"),
    [
        ("<script type='application/json' id='a'>1</script>", "data"),
        ("<script id=a type=application/json>1</script>", "data"),
        ("<script type='module'>1</script>", "code"),
        ("<style>1</style>", "code"),
    ],
)
def test_data_is_told_from_code(page: str, kind: str) -> None:
    assert read_markup(page).parts == [(kind, "1")]


@pytest.mark.parametrize(
    "page",
    [
        '<td title="a>AN-00001',
        '<td title=a"b>AN-00001</td>',
        '<td title="a"class="b">',
        "<script>AN-00001",
        "<script>1</script x>",
        "<script/>",
        '<script type="application/json" id=a"b>{}</script>',
        "<SCRIPT>1</SCRIPT>",
        "<style>a</script></style>",
        "<!-- AN-00001",
        "<![CDATA[AN-00001]]>",
        "</>",
        "</td class='x'>",
    ],
)
def test_what_could_be_read_in_another_way_is_refused(page: str) -> None:
    with pytest.raises(ValueError, match="kein schlichtes HTML"):
        read_markup(page)


def test_the_reader_needs_nothing_that_a_python_from_3_11_0_to_3_11_4_matches_wrongly() -> None:
    """There a possessive group stops too early (gh-106052): no page could be read, and so nothing given away."""
    for pattern in (markup._MARK, markup._TAG, markup._PAIR, markup._UNREAD):
        assert ")*+" not in pattern.pattern
        assert ")++" not in pattern.pattern
        assert "(?>" not in pattern.pattern


def test_a_page_full_of_signs_that_begin_no_tag_is_read_in_one_go() -> None:
    said = read_markup(f"<p>{'< ' * 100_000}</p>").said
    assert said == ["< " * 100_000]
