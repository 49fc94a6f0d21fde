"""Pictures of every letter, phone and desktop, light and dark:  python -m tests.pictures [NAME …]

They lie in docs/letters/ for whoever wants to see what readers see; Chromium draws them. Run it
after a template was changed, look at them, and commit them.
"""

from __future__ import annotations

import base64
import html
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from PIL import Image, ImageChops

sys.path.insert(0, str(Path(__file__).parent))
FOLDER = Path(__file__).parent.parent / "docs" / "letters"
PHONE, DESKTOP, TALL = 390, 700, 3400
SCALE, COLOURS = 0.62, 48
SCHEMES = {"light": (1, "#d5dbe1"), "dark": (0, "#000000")}


def chromium() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser")


def page_of(name: str) -> str:
    """A sample letter as a page of its own, its pictures inside."""
    from letter_samples import worded

    rendered = worded(name)
    pictures = {image.cid: base64.b64encode(image.content).decode() for image in rendered.images}
    return re.sub(
        r"cid:([^\"']+)",
        lambda found: f"data:image/png;base64,{pictures[html.unescape(found[1])]}",
        rendered.html,
    )


def drawn(page: str, scheme: str, folder: Path) -> Image.Image:
    """Both widths of a letter beside each other, without the empty rest below."""
    number, back = SCHEMES[scheme]
    frames = "".join(
        f'<iframe srcdoc="{html.escape(page)}" width="{width}" height="{TALL - 40}" '
        'style="border:0;margin:10px;vertical-align:top"></iframe>'
        for width in (PHONE, DESKTOP)
    )
    both, shot = folder / "both.html", folder / f"{scheme}.png"
    style = f"<meta charset=utf-8><style>body{{margin:0;background:{back};white-space:nowrap}}"
    both.write_text(f"<!doctype html>{style}</style>{frames}", encoding="utf-8")
    subprocess.run(
        [
            *(str(chromium()), "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"),
            *(f"--blink-settings=preferredColorScheme={number}", "--virtual-time-budget=2000"),
            *(f"--window-size={PHONE + DESKTOP + 50},{TALL}", f"--screenshot={shot}"),
            both.as_uri(),
        ],
        check=True,
        capture_output=True,
        timeout=60,
    )
    return _cropped(Image.open(shot).convert("RGB"))


def _cropped(picture: Image.Image) -> Image.Image:
    """Cut below the last line that is drawn in either frame."""
    empty = Image.new("RGB", picture.size)
    line = picture.crop((0, TALL - 60, picture.width, TALL - 59))
    for at in range(picture.height):
        empty.paste(line, (0, at))
    box = ImageChops.difference(picture.crop((0, 20, picture.width, TALL - 45)), empty.crop(
        (0, 20, picture.width, TALL - 45))).getbbox()  # fmt: skip
    return picture.crop((0, 0, picture.width, min(TALL, (box[3] if box else TALL) + 40)))


def sheets(wanted: Sequence[str] = ()) -> Iterator[Path]:
    """Of the letters whose name is given, or of all."""
    from letter_samples import LETTERS

    from review.post import LetterKind

    english = [f"en/{kind.value}" for kind in LetterKind]
    (FOLDER / "en").mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        for name in wanted or [*LETTERS, *english]:
            parts = [drawn(page_of(name), scheme, Path(scratch)) for scheme in SCHEMES]
            size = (sum(part.width for part in parts), max(part.height for part in parts))
            sheet = Image.new("RGB", size, "white")
            for at, part in enumerate(parts):
                sheet.paste(part, (at * parts[0].width, 0))
            small = sheet.resize([round(side * SCALE) for side in size], Image.Resampling.LANCZOS)
            path = FOLDER / f"{name}.png"
            small.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
            yield path


def main() -> None:
    if chromium() is None:
        sys.exit("Chromium is needed: apt-get install chromium")
    for path in sheets(sys.argv[1:]):
        print(f"{path.stat().st_size // 1024:4} KB  {path}")


if __name__ == "__main__":
    main()
