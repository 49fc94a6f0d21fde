"""The one picture of the digest: how complete each cluster is.

    digest_chart((("Cụm 1", 9167), …))   -> PNG bytes

Drawn without pyplot (which keeps every figure it ever made), on white also in dark mode, with its
figures beside the bars, shades that stay apart when printed in grey, and type that can be read
when a phone shows it at two thirds of its size.
"""

from __future__ import annotations

import io
import textwrap
from functools import lru_cache
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from channels.vietnamese import percent

INK, PALE, FULL, LOW = "#1f2933", "#e1e6ea", "#14508c", "#a3201d"
MOST_CLUSTERS = 14
LONGEST_LINE = 24
FONT: dict[str, Any] = {
    "family": ["DejaVu Sans"]
}  # comes with matplotlib and has every Vietnamese letter


@lru_cache(maxsize=8)
def digest_chart(clusters: tuple[tuple[str, int | None], ...], title: str) -> bytes:
    """A PNG 880 pixels wide (shown at 440): completeness of clusters, in hundredths of a percent,
    the least complete first and those below half hatched. Past 14 only the least complete are
    drawn."""
    shown = sorted(clusters, key=lambda cluster: (cluster[1] or 0, cluster[0]))[:MOST_CLUSTERS]
    figure = Figure(figsize=(4.4, 0.4 * len(shown) + 0.5), dpi=200, facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.subplots()
    figure.suptitle(title, x=0.01, ha="left", fontsize=9.5, fontweight="bold", color=INK, **FONT)
    rows = range(len(shown))
    shares = [(share or 0) / 100 for _, share in shown]
    axes.barh(rows, [100] * len(shown), height=0.52, color=PALE)
    bars = axes.barh(rows, shares, height=0.52, color=[FULL if s >= 50 else LOW for s in shares])
    for bar, share in zip(bars, shares, strict=True):
        if share < 50:
            bar.set(hatch="////", edgecolor="white", linewidth=0)
    _dress(axes, [_folded(name) for name, _ in shown])
    axes.set_xlim(0, 124)
    for at, (_, hundredths) in enumerate(shown):
        words = percent(round((hundredths or 0) / 100) * 100)
        axes.text(102, at, words, va="center", fontsize=9, color=INK, fontweight="bold", **FONT)
    figure.tight_layout(pad=0.4)
    return _png(figure)


def _folded(name: str) -> str:
    """At most two lines of a cluster's name."""
    lines = textwrap.wrap(name, LONGEST_LINE) or [name]
    return "\n".join([lines[0], " ".join(lines[1:])[:LONGEST_LINE]][: len(lines)])


def _dress(axes: Axes, names: list[str]) -> None:
    axes.set_yticks(range(len(names)), names, fontsize=8, color=INK, linespacing=1.15, **FONT)
    axes.invert_yaxis()
    axes.set_xticks([])
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _png(figure: Figure) -> bytes:
    picture = io.BytesIO()
    figure.savefig(picture, format="png", metadata={"Software": None})
    return picture.getvalue()
