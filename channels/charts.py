"""The one picture of the digest: how the grades fall, and how complete each cluster is.

    digest_chart((("Hoàn thành tốt nhiệm vụ", 61), …), (("Cụm 1", 9167), …))   -> PNG bytes

Drawn without pyplot (which keeps every figure it ever made), on white also in dark mode, with its
figures beside the bars and shades that stay apart when printed in grey.
"""

from __future__ import annotations

import io
from functools import lru_cache
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

INK, SOFT, PALE = "#1f2933", "#52606d", "#e6eaee"
SHADES = ("#14508c", "#4b8bc8", "#a9c8e6", "#b3261e")  # dark to light, then the grave one
HATCHES = ("", "", "", "////")
MOST_CLUSTERS = 14
FONT: dict[str, Any] = {
    "family": ["DejaVu Sans"]
}  # comes with matplotlib and has every Vietnamese letter


@lru_cache(maxsize=8)
def digest_chart(
    grades: tuple[tuple[str, int], ...], clusters: tuple[tuple[str, int | None], ...]
) -> bytes:
    """A PNG 1120 pixels wide (shown at 560): persons by grade above, completeness of clusters (in
    hundredths of a percent) below. Past 14 clusters only the least complete are drawn."""
    shown = sorted(clusters, key=lambda cluster: (cluster[1] or 0, cluster[0]))[:MOST_CLUSTERS]
    heights = [max(1, len(grades)) + 1.2, max(1, len(shown)) + 1.2]
    figure = Figure(figsize=(5.6, 0.3 * sum(heights)), dpi=200, facecolor="white")
    FigureCanvasAgg(figure)
    above, below = figure.subplots(2, 1, gridspec_kw={"height_ratios": heights})
    _grades(above, grades)
    _clusters(below, shown)
    figure.tight_layout(pad=0.6, h_pad=1.2)
    return _png(figure)


def _grades(axes: Axes, grades: tuple[tuple[str, int], ...]) -> None:
    counts = [count for _, count in grades]
    bars = axes.barh(range(len(grades)), counts, height=0.62, color=SHADES[: len(grades)])
    for bar, hatch in zip(bars, HATCHES, strict=False):
        bar.set(hatch=hatch, edgecolor="white" if hatch else "none")
    _dress(axes, "Số người theo mức xếp loại dự kiến", [name for name, _ in grades])
    _figures(axes, counts, [str(count) for count in counts], max([*counts, 1]))


def _clusters(axes: Axes, clusters: list[tuple[str, int | None]]) -> None:
    shares = [(share or 0) / 100 for _, share in clusters]
    axes.barh(range(len(clusters)), [100] * len(clusters), height=0.62, color=PALE)
    axes.barh(range(len(clusters)), shares, height=0.62, color=SHADES[0])
    _dress(axes, "Tỷ lệ đơn vị có báo cáo được chấp nhận", [_short(name) for name, _ in clusters])
    _figures(axes, [100.0] * len(clusters), [f"{share:.0f}%" for share in shares], 100)


def _short(name: str) -> str:
    return name if len(name) <= 34 else name[:33].rstrip() + "…"


def _dress(axes: Axes, title: str, names: list[str]) -> None:
    axes.set_title(title, loc="left", fontsize=9, fontweight="bold", color=INK, **FONT)
    axes.set_yticks(range(len(names)), names, fontsize=8, color=INK, **FONT)
    axes.invert_yaxis()
    axes.set_xticks([])
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _figures(axes: Axes, ends: list[Any], words: list[str], longest: float) -> None:
    axes.set_xlim(0, longest * 1.16)
    for at, (end, word) in enumerate(zip(ends, words, strict=True)):
        axes.text(
            end + longest * 0.015, at, word, va="center", fontsize=8, color=INK, fontweight="bold"
        )


def _png(figure: Figure) -> bytes:
    picture = io.BytesIO()
    figure.savefig(picture, format="png", metadata={"Software": None})
    return picture.getvalue()
