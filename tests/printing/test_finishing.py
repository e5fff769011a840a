"""A PDF leaves named, with bookmarks, on the right paper, and without a word of machine and time."""

from __future__ import annotations

from io import BytesIO

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject

from rollout.errors import OutputError
from rollout.printing.finishing import finished
from rollout.vocabulary import Paper

A4 = (595.276, 841.89)
A3 = (1190.551, 841.89)


def raw(size: tuple[float, float], pages: int, sheets: tuple[int, ...] = ()) -> bytes:
    """A PDF as a browser writes it: with its name, the time, and names of the places that are linked to."""
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(*size)
    places = {
        NameObject(f"/blatt-{page}"): ArrayObject(
            [writer.pages[page - 1].indirect_reference, NameObject("/XYZ"), *[NumberObject(0)] * 3]
        )
        for page in sheets
    }
    writer.root_object[NameObject("/Dests")] = DictionaryObject(places)
    writer.metadata = {"/Creator": "Mozilla/5.0 (X11)", "/Producer": "Skia/PDF", "/CreationDate": "D:20261129063459"}
    written = BytesIO()
    writer.write(written)
    return written.getvalue()


def test_a_pdf_is_named_and_tells_nothing_of_machine_and_time() -> None:
    done = finished(raw(A3, 2), "Bauabschnitt 1", Paper.A3, ["Opladen"])
    assert PdfReader(BytesIO(done.content)).metadata == {"/Title": "Bauabschnitt 1", "/Producer": "rollout"}
    for word in (b"Mozilla", b"Skia", b"20261129"):
        assert word not in done.content


def test_every_sheet_has_a_bookmark_to_its_page() -> None:
    done = finished(raw(A4, 5, (2, 3, 4)), "Stadt", Paper.A4, ["Alkenrath", "Bürrig", "Zoo"])
    reader = PdfReader(BytesIO(done.content))
    found = {str(entry.title): reader.get_destination_page_number(entry) for entry in reader.outline}
    assert found == {"Alkenrath": 1, "Bürrig": 2, "Zoo": 3}
    assert done.starts == (2, 3, 4)
    assert done.pages == 5


def test_the_same_pages_give_the_same_bytes() -> None:
    made = [finished(raw(A4, 3, (2, 3)), "Stadt", Paper.A4, ["a", "b"]).content for _ in range(2)]
    assert made[0] == made[1]


def test_pages_of_another_size_are_refused() -> None:
    with pytest.raises(OutputError, match="210 × 297 mm statt auf A3") as caught:
        finished(raw(A4, 1), "Stadt", Paper.A3, ["a"])
    assert "131" in caught.value.hint


@pytest.mark.parametrize("sheets", [(), (2,), (2, 3, 4)])
def test_sheets_that_are_not_there_are_refused(sheets: tuple[int, ...]) -> None:
    with pytest.raises(OutputError, match="kein lesbares PDF mit 2 Blättern"):
        finished(raw(A4, 4, sheets), "Stadt", Paper.A4, ["a", "b"])


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4", b"<html>", raw(A4, 1)[:200]])
def test_what_is_no_pdf_is_refused(content: bytes) -> None:
    with pytest.raises(OutputError, match="kein lesbares PDF"):
        finished(content, "Stadt", Paper.A4, ["a"])
