"""Paper as a reader sees it: pages as pictures, and what a telephone reads off them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pypdfium2
import zxingcpp

if TYPE_CHECKING:
    from PIL.Image import Image


def pictures(pdf: bytes, dots_per_inch: int = 150) -> list[Image]:
    """Every page as a picture."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.render(scale=dots_per_inch / 72).to_pil() for page in document]


def codes(picture: Image) -> list[str]:
    """What the QR codes on a picture say."""
    return [found.text for found in zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)]
