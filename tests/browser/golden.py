"""
Pictures of pages beside pictures that a person has looked at.

What differs between machines must not count, and what a person would see must. So every page is set in one font, the
one that matplotlib brings, and pictures are compared by the mean colour of cells as large as a letter, where the edges
of letters no longer tell one system's drawing from another's: brightness loosely, since letters may sit a
fraction of a pixel elsewhere, colour strictly, since grey letters have none.
"""

from __future__ import annotations

import base64
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import matplotlib as mpl
import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from numpy.typing import NDArray

FOLDER = Path(__file__).parent / "golden"

CELL = 12
"""Pixels of the screen along the side of a cell."""

BRIGHTNESS, COLOUR = 0.08, 0.02
"""How far a cell may be off: in luma, and in the plane of both chroma axes; the whole range is 1."""

MOST_CELLS = 4
"""How many cells of a picture may be off by more. Letters on whole pixels instead of parts of them put off one."""

RENEW = "GOLDEN=renew .venv/bin/python -m pytest tests/browser/test_golden.py"


def font_script() -> str:
    """A script that sets everything, canvas included, in one font before the page draws anything."""
    folder = Path(mpl.get_data_path()) / "fonts" / "ttf"
    faces = {"400": "DejaVuSans.ttf", "700": "DejaVuSans-Bold.ttf"}
    data = {weight: base64.b64encode((folder / name).read_bytes()).decode() for weight, name in faces.items()}
    return f"""(() => {{
      for (const [weight, text] of Object.entries({data})) {{
        const bytes = Uint8Array.from(atob(text), letter => letter.charCodeAt(0));
        document.fonts.add(new FontFace("Golden", bytes.buffer, {{ weight }}));
      }}
      const {{ prototype }} = CanvasRenderingContext2D;
      const font = Object.getOwnPropertyDescriptor(prototype, "font");
      const set = function (value) {{ font.set.call(this, value.replace("system-ui", "Golden")); }};
      Object.defineProperty(prototype, "font", {{ get: font.get, set }});
      document.addEventListener("readystatechange", () => {{
        const style = document.createElement("style");
        style.textContent = ":root, :root * {{ font-family: Golden, sans-serif !important; }}";
        document.head.append(style);
      }}, {{ once: true }});
    }})();"""


def picture(file: Path) -> Image.Image:
    """A picture that is kept."""
    return Image.open(BytesIO(file.read_bytes()))


def reduced(png: bytes, divisor: int) -> Image.Image:
    """A picture as it is kept: smaller, and of few colours."""
    whole = Image.open(BytesIO(png)).convert("RGB")
    small = whole.resize((whole.width // divisor, whole.height // divisor), Image.Resampling.BOX)
    return small.quantize(128, dither=Image.Dither.NONE)


def cells(picture: Image.Image, divisor: int) -> NDArray[np.float64]:
    """Luma and both chroma axes of every cell, by BT.601."""
    size = (round(picture.width * divisor / CELL), round(picture.height * divisor / CELL))
    small = np.asarray(picture.convert("RGB").resize(size, Image.Resampling.BOX), dtype=np.float64) / 255
    luma = small @ np.array([0.299, 0.587, 0.114])
    return np.stack([luma, (small[..., 2] - luma) * 0.564, (small[..., 0] - luma) * 0.713], axis=2)


def off(golden: Image.Image, made: Image.Image, divisor: int) -> NDArray[np.bool_]:
    """Which cells are off by more than a cell may be; all where the pictures have another size."""
    one, other = cells(golden, divisor), cells(made, divisor)
    if golden.size != made.size:
        return np.ones(one.shape[:2], dtype=bool)
    apart = np.abs(one - other)
    return (apart[..., 0] > BRIGHTNESS) | (np.hypot(apart[..., 1], apart[..., 2]) > COLOUR)


def marked(golden: Image.Image, made: Image.Image, divisor: int) -> Image.Image:
    """What was made, beside what was meant, with the cells that are off in red."""
    mask = Image.fromarray((off(golden, made, divisor) * 160).astype(np.uint8)).resize(
        made.size, Image.Resampling.NEAREST
    )
    red = Image.composite(Image.new("RGB", made.size, "#d00000"), made.convert("RGB"), mask)
    both = Image.new("RGB", (golden.width * 2 + 8, golden.height), "white")
    both.paste(golden.convert("RGB"), (0, 0))
    both.paste(red, (golden.width + 8, 0))
    return both
