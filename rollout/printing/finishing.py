"""A PDF as it is handed out: named, with bookmarks, and without what a browser notes of machine and time."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import NameObject, RectangleObject

from rollout.errors import OutputError
from rollout.vocabulary import Paper

if TYPE_CHECKING:
    from collections.abc import Sequence

_POINTS = 72 / 25.4
_SIZES_MM = {Paper.A4: (210, 297), Paper.A3: (420, 297)}
_SLACK_MM = 0.5

TOO_OLD = (
    "Nehmen Sie einen neueren Browser: Chromium, Chrome oder Edge ab Version 131; --browser PFAD nennt einen anderen."
)


@dataclass(frozen=True, slots=True)
class Finished:
    """
    A finished PDF.

    Attributes
    ----------
    content
        Its bytes; the same for the same page and browser.
    pages
        How many it has.
    starts
        The page each sheet is on, from 1, in the order of the sheets.
    """

    content: bytes
    pages: int
    starts: tuple[int, ...]


def finished(raw: bytes, title: str, paper: Paper, names: Sequence[str]) -> Finished:
    """
    Name a PDF, set its bookmarks, and take out what the browser noted.

    Parameters
    ----------
    raw
        What the browser wrote.
    title
        What a reader's window shows.
    paper
        What it must be printed on.
    names
        Of the sheets, in their order.

    Returns
    -------
    finished
        The PDF and where its sheets are.

    Raises
    ------
    OutputError
        If the pages have another size, or the sheets are not there: the browser did not do what the page says.
    """
    try:
        reader = PdfReader(BytesIO(raw))
        starts = _starts(reader, len(names))
        _refuse_other_paper(reader, paper)
        return Finished(
            _written(reader, title, paper, dict(zip(names, starts, strict=True))), len(reader.pages), starts
        )
    except (PyPdfError, ValueError, KeyError) as error:
        msg = f"was der Browser schrieb, ist kein lesbares PDF mit {len(names)} Blättern: {error}"
        raise OutputError(msg, TOO_OLD) from error


def _starts(reader: PdfReader, sheets: int) -> tuple[int, ...]:
    """Return the pages the overview leads to; a single sheet has none before it."""
    if sheets == 1:
        return (1,)
    named = {name.removeprefix("/"): place for name, place in reader.named_destinations.items()}
    targets = {name: place for name, place in named.items() if name.startswith("blatt-")}
    pages = sorted((reader.get_destination_page_number(place) or 0) + 1 for place in targets.values())
    if len(pages) != sheets or sorted(targets) != sorted(f"blatt-{page}" for page in pages):
        msg = f"verwiesen wird auf {', '.join(sorted(targets)) or 'nichts'}"
        raise ValueError(msg)
    return tuple(pages)


def _refuse_other_paper(reader: PdfReader, paper: Paper) -> None:
    for page in reader.pages:
        size = float(page.mediabox.width) / _POINTS, float(page.mediabox.height) / _POINTS
        if any(abs(is_ - due) > _SLACK_MM for is_, due in zip(size, _SIZES_MM[paper], strict=True)):
            msg = f"der Browser druckte auf {size[0]:.0f} × {size[1]:.0f} mm statt auf {paper}"
            raise OutputError(msg, TOO_OLD)


def _written(reader: PdfReader, title: str, paper: Paper, starts: dict[str, int]) -> bytes:
    writer = PdfWriter(clone_from=reader)
    writer.pdf_header = reader.pdf_header
    for sheet in writer.pages:  # browsers round to whole pixels
        sheet.mediabox = sheet.cropbox = RectangleObject((0, 0, *(side * _POINTS for side in _SIZES_MM[paper])))
    writer.metadata = {"/Title": title, "/Producer": "rollout"}
    writer.root_object.pop(NameObject("/Metadata"), None)
    for name, page in starts.items():
        writer.add_outline_item(title=name, page_number=page - 1)
    written = BytesIO()
    writer.write(written)
    return written.getvalue()
