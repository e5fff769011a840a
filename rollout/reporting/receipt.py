"""The Eingangsprüfung as a report: one delivery, what became of it, and a ready reply to its sender."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING

from rollout.reporting import as_json, html, markdown
from rollout.reporting.describe import SAMPLE_NOTE
from rollout.reporting.receipt_about import (
    counts_section,
    facts,
    file_section,
    mapping_section,
    overview_section,
    rule_sections,
)
from rollout.reporting.receipt_reply import reply
from rollout.reporting.receipt_tables import findings_section, trouble_sections
from rollout.reporting.receipt_words import VERDICTS, Words
from rollout.reporting.report import Column, Kind, Report, Row, RowKind, Section
from rollout.wording import date

if TYPE_CHECKING:
    from collections.abc import Callable

    from rollout.intake.receipt import Receipt
    from rollout.project import Project

__all__ = ["SHOWN", "receipt_report", "render_receipt", "reply"]

SHOWN = 2000
"""So many rows of one table are written for people; JSON holds them all."""

_REPLY = "reply"
_NOTHING_IN_HTML = "<p>Keine Einträge.</p>"
_NOTHING_IN_MARKDOWN = "Keine Einträge."
_STYLE = """\
th[scope="row"] { min-width: 0; }
.scroll th, .scroll td { overflow-wrap: break-word; hyphens: auto; }
#file th[scope="row"], #overview th[scope="row"] { width: 16rem; }
#overview table { width: auto; }
.reply { max-width: 46rem; margin-top: .75rem; padding: .25rem 1.25rem; background: var(--paper);
  border-left: 4px solid var(--ink); }
.reply p { margin: .8rem 0; }
@media print {
  .scroll th, .scroll td { overflow-wrap: anywhere; }
  section { break-before: auto; }
  h2 { margin-top: 1.5rem; }
}
"""


def receipt_report(receipt: Receipt, project: Project) -> Report:
    """
    Describe an Eingangsprüfung as a report.

    Parameters
    ----------
    receipt
        The data of the Eingangsprüfung.
    project
        Names the partners.

    Returns
    -------
    report
        Every row of every kind; sections of which there is nothing to tell have no rows.
    """
    return _described(receipt, Words(project))


def _described(receipt: Receipt, words: Words) -> Report:
    project = words.project
    sections = (
        file_section(receipt, words),
        counts_section(receipt),
        overview_section(receipt),
        _reply_section(receipt, project),
        *trouble_sections(receipt, words),
        mapping_section(receipt, words),
        *rule_sections(receipt, words),
        findings_section(receipt, words),
    )
    sender = words.text(receipt.delivery.partner.name)
    subtitle = (
        f"{words.text(project.name)}, {words.text(project.municipality)}",
        f"Lieferung von {sender}, Stand {date(receipt.state_on)}: {VERDICTS[receipt.verdict]}",
        *([SAMPLE_NOTE] if project.sample else []),
    )
    title = f"Eingangsprüfung: {words.text(receipt.delivery.arrival.name)}"
    return Report(title, subtitle, receipt.state_on, project.sample, sections)


def _reply_section(receipt: Receipt, project: Project) -> Section:
    name = Words(project).text(receipt.delivery.arrival.name)
    intro = f"Zum Einfügen in eine E-Mail. Betreff: Eingangsprüfung Ihrer Datei {name}"
    column = Column("line", "Text", Kind.TEXT, "Eine Zeile der Antwort.")
    rows = tuple(Row(RowKind.BODY, (line,)) for line in reply(receipt, project).splitlines())
    return Section(_REPLY, "Antwort", "Antwort an den Absender", intro, (column,), rows)


def render_receipt(receipt: Receipt, project: Project, into: str) -> bytes:
    """
    Write an Eingangsprüfung.

    Parameters
    ----------
    receipt
        The data of the Eingangsprüfung.
    project
        Names the partners.
    into
        `html` or `md`, which leave empty tables out and show at most 2,000 rows of each; or `json`, which
        holds all of them with keys instead of labels.

    Returns
    -------
    content
        UTF-8; the same bytes for the same receipt.

    Raises
    ------
    KeyError
        For any other format.
    """
    return _WRITERS[into](receipt, project)


def _for_people(receipt: Receipt, project: Project) -> tuple[Report, Section]:
    """Return the report without empty tables, and its section with the reply."""
    report = _described(receipt, Words(project, most=SHOWN))
    kept = tuple(section for section in report.sections if section.rows)
    return replace(report, sections=kept), next(section for section in kept if section.key == _REPLY)


def _as_html(receipt: Receipt, project: Project) -> bytes:
    report, table = _for_people(receipt, project)
    # Paragraphs can be copied into a mail, a table could not. No text of the data holds a tag.
    paragraphs = "\n".join(
        f"<p>{'<br>'.join(map(escape, paragraph.splitlines()))}</p>" for paragraph in _text(table).split("\n\n")
    )
    empty = html.section_fragment(replace(table, rows=()))
    prose = empty.replace(_NOTHING_IN_HTML, f'<div class="reply">\n{paragraphs}\n</div>', 1)
    page = html.render(report).replace(html.section_fragment(table).encode(), prose.encode(), 1)
    return page.replace(b"</style>", f"{_STYLE}</style>".encode(), 1)


def _as_markdown(receipt: Receipt, project: Project) -> bytes:
    report, table = _for_people(receipt, project)
    # Indented, every line is shown as it is: no text of the data can end the block.
    lines = "\n".join(f"    {line}".rstrip() for line in _text(table).splitlines())
    prose = _markdown_of(replace(table, rows=())).removesuffix(_NOTHING_IN_MARKDOWN) + lines
    return markdown.render(report).replace(_markdown_of(table).encode(), prose.encode(), 1)


def _text(section: Section) -> str:
    return "\n".join(str(row.cells[0]) for row in section.rows)


def _markdown_of(section: Section) -> str:
    alone = Report("-", (), dt.date.min, sample=False, sections=(section,))
    return markdown.render(alone).decode().partition("\n\n")[2].rstrip("\n")


def _as_json(receipt: Receipt, project: Project) -> bytes:
    report = _described(receipt, Words(project, raw=True))
    kept = tuple(section for section in report.sections if section.key != _REPLY)
    said = json.loads(as_json.render(replace(report, sections=kept)))
    whole = {"receipt": facts(receipt), "reply": reply(receipt, project), **said}
    return (json.dumps(whole, ensure_ascii=False, allow_nan=False, indent=2) + "\n").encode()


_WRITERS: dict[str, Callable[[Receipt, Project], bytes]] = {
    "html": _as_html,
    "md": _as_markdown,
    "json": _as_json,
}
