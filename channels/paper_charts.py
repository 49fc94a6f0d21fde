"""The charts of the papers, drawn by matplotlib in greys and hatches that a copier keeps apart.

    charts_of(payload, "svg")["fan"].drawn       for the PDF: its letters stay letters
    charts_of(payload, "png")["fan"].drawn       for the document

Each is drawn in the paper's own type (Tinos), has its figures beside its marks, and tells them in
words too (`says`). The same payload comes to the same bytes. The kinds: paper_chart_kinds.py.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager

from channels.paper_chart_kinds import KINDS

FONTS = Path(__file__).resolve().parent.parent / "templates" / "documents" / "fonts"
DRAWN_BY: dict[Any, Any] = {
    "font.family": "Tinos",
    "font.size": 10,
    "svg.fonttype": "none",  # letters as letters: read aloud, searched for, and seen by the gate
    "svg.hashsalt": "tdkt",
    "hatch.linewidth": 0.6,
    "axes.linewidth": 0.6,
}
WIDE = 6.2  # inches: the breadth of the text of an A4 page
_DRAWING = threading.Lock()  # matplotlib's settings are one for all threads


@dataclass(frozen=True, slots=True)
class Chart:
    drawn: bytes
    says: str


def charts_of(payload: Mapping[str, Any], form: str) -> dict[str, Chart]:
    """Those charts for which the report has figures, by name; `form` is "svg" or "png"."""
    charts = {}
    with _drawing():
        for name, (height, draw) in KINDS.items():
            tall = height(payload)
            if not tall:
                continue
            figure = Figure(figsize=(WIDE, tall), facecolor="white")
            says = draw(figure.subplots(), payload)
            figure.tight_layout(pad=0.3)
            charts[name] = Chart(FORMS[form](figure), says)
    return charts


@contextmanager
def _drawing() -> Iterator[None]:
    with _DRAWING:
        known = {font.fname for font in fontManager.ttflist}
        for font in sorted(FONTS.glob("*.ttf")):
            if str(font) not in known:
                fontManager.addfont(font)
        with matplotlib.rc_context(DRAWN_BY):
            yield


def _svg(figure: Figure) -> bytes:
    FigureCanvasSVG(figure)
    page = io.BytesIO()
    figure.savefig(page, format="svg", metadata={"Date": None, "Creator": None})
    return page.getvalue()


def _png(figure: Figure) -> bytes:
    FigureCanvasAgg(figure)
    picture = io.BytesIO()
    figure.savefig(picture, format="png", dpi=200, metadata={"Software": None})
    return picture.getvalue()


FORMS: dict[str, Callable[[Figure], bytes]] = {"svg": _svg, "png": _png}
