"""Pictures of the screen for the manual: few colours and small, so that the repository stays so.

keep(png, Path("docs/van-hanh/anh/phe-duyet.png"))
"""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image

WIDE, COLOURS = 960, 64


def keep(png: bytes, path: Path) -> None:
    """Writes a picture, made smaller."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    high = round(picture.height * WIDE / picture.width)
    small = picture.resize((WIDE, high), Image.Resampling.LANCZOS)
    path.parent.mkdir(parents=True, exist_ok=True)
    few = small.quantize(COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    few.save(path, optimize=True)
