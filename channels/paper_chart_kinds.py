"""What each chart of the papers shows, and how tall it is; nothing for what a report has no figures
of.

    KINDS["grades"]     -> (height(payload) in inches, draw(axes, payload) -> its figures in words)
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes

from channels.vietnamese import count, percent, points

Payload = Mapping[str, Any]
BLACK, DARK, MID, LIGHT, PALE = "#000000", "#333333", "#737373", "#adadad", "#e0e0e0"
THEN: dict[str, Any] = {"facecolor": "white", "edgecolor": MID, "hatch": "////", "linewidth": 0.6}
MOST_BARS = 20


def _few(height: float, rows: int, each: float) -> float:
    return height + each * min(rows, MOST_BARS) if rows else 0.0


# completeness over periods


def _series_height(payload: Payload) -> float:
    return 2.3 if len(payload["series"]) > 1 else 0.0


def _series(axes: Axes, payload: Payload) -> str:
    rows = payload["series"]
    at = range(len(rows))
    lines = (("completeness", "Đầy đủ", "-", "o", 7), ("timeliness", "Đúng hạn", "--", "s", -13))
    for key, label, dash, marker, away in lines:
        shares = [(row[key] or 0) / 100 for row in rows]
        axes.plot(at, shares, dash, color=BLACK, marker=marker, markersize=4, label=label)
        if len(rows) <= 13:
            for x, share in zip(at, shares, strict=True):
                axes.annotate(f"{share:.0f}", (x, share), xytext=(0, away), fontsize=8,
                              textcoords="offset points", ha="center")  # fmt: skip
    every = max(1, -(-len(rows) // 13))
    axes.set_xticks(list(at)[::every], _short_months(rows)[::every], fontsize=9)
    axes.set_ylim(-8, 112)
    axes.set_yticks([0, 25, 50, 75, 100], ["0%", "25%", "50%", "75%", "100%"], fontsize=9)
    axes.grid(axis="y", color=PALE, linewidth=0.6)
    axes.legend(frameon=False, fontsize=9, ncols=2, loc="upper center", bbox_to_anchor=(0.5, 1.16))
    _open(axes, "top", "right")
    return "; ".join(
        f"{row['label']}: đầy đủ {percent(row['completeness'])}, "
        f"đúng hạn {percent(row['timeliness'])}"
        for row in rows
    )


def _short_months(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """ "T1" with the year below, then "T2" … until the next year."""
    said, year = [], ""
    for row in rows:
        month, _, of = row["label"].partition("/")
        said.append(f"{month}\n{of}" if of != year else month)
        year = of
    return said


# how grades fall


def _grades_height(payload: Payload) -> float:
    compared = any(grade["before"] is not None for grade in payload["grades"])
    return (2.1 if compared else 1.5) if payload["persons"]["scored"] else 0.0


def _grades(axes: Axes, payload: Payload) -> str:
    rows = payload["grades"]
    compared = any(row["before"] is not None for row in rows)
    thick = 0.36 if compared else 0.6
    most = max(1, *(row["count"] for row in rows), *((row["before"] or 0) for row in rows))
    for at, (row, grey) in enumerate(zip(rows, (DARK, MID, LIGHT, PALE), strict=True)):
        up = at - thick / 2 if compared else at
        axes.barh(up, row["count"], thick, color=grey, edgecolor=BLACK, linewidth=0.6)
        words = f"{count(row['count'])} ({percent(row['share'])})"
        axes.text(row["count"] + most * 0.012, up, words, va="center", weight="bold", fontsize=9)
        if compared:
            old = row["before"] or 0
            axes.barh(at + thick / 2, old, thick, **THEN)
            axes.text(old + most * 0.012, at + thick / 2, count(old), va="center", fontsize=9)
    _named(axes, [row["label"] for row in rows], most * 1.22)
    if compared:
        axes.bar(0, 0, color=DARK, label="Kỳ này")
        axes.bar(0, 0, label="Kỳ trước", **THEN)
        axes.legend(frameon=False, fontsize=9, loc="lower right")
    return "; ".join(f"{row['label']}: {count(row['count'])} người" for row in rows)


# clusters by their mean


def _ranked(payload: Payload) -> list[Mapping[str, Any]]:
    return [row for row in payload["clusters"] if row["mean"] is not None]


def _clusters_height(payload: Payload) -> float:
    return _few(0.35, len(_ranked(payload)), 0.3)


def _clusters(axes: Axes, payload: Payload) -> str:
    rows = _ranked(payload)[:MOST_BARS]
    least = min(row["mean"] for row in rows) / 100
    start = max(0, (int(least) - 5) // 10 * 10)
    for at, row in enumerate(rows):
        axes.barh(at, row["mean"] / 100 - start, 0.62, left=start, color=MID, edgecolor=BLACK,
                  linewidth=0.6)  # fmt: skip
        axes.text(row["mean"] / 100 + 0.4, at, points(row["mean"]), va="center", weight="bold",
                  fontsize=9)  # fmt: skip
        old = (row["before"] or {}).get("mean")
        if old is not None and old / 100 >= start:
            axes.plot([old / 100], [at], marker="D", color="white", markeredgecolor=BLACK,
                      markersize=5, linestyle="none")  # fmt: skip
    _named(axes, [f"{at}. {row['name']}" for at, row in enumerate(rows, start=1)], 0)
    axes.set_xlim(start, 106)
    axes.set_xticks(range(start, 101, 10), [str(n) for n in range(start, 101, 10)], fontsize=8)
    if any((row["before"] or {}).get("mean") for row in rows):
        axes.plot([], [], marker="D", color="white", markeredgecolor=BLACK, linestyle="none",
                  label="Kỳ trước")  # fmt: skip
        axes.legend(frameon=False, fontsize=8, loc="lower right", bbox_to_anchor=(1.0, 1.0))
    return "; ".join(f"{row['name']}: {points(row['mean'])}" for row in rows)


# age structure


def _ages_height(payload: Payload) -> float:
    return 0.5 + 0.34 * len(payload["ages"]) if payload["ages"] else 0.0


def _ages(axes: Axes, payload: Payload) -> str:
    rows = payload["ages"]
    most = max(1, *(row["count"] for row in rows))
    for at, row in enumerate(rows):
        men = row["count"] - row["women"]
        axes.barh(at, men, 0.6, color=MID, edgecolor=BLACK, linewidth=0.6)
        axes.barh(at, row["women"], 0.6, left=men, facecolor="white", edgecolor=BLACK,
                  hatch="....", linewidth=0.6)  # fmt: skip
        words = f"{count(row['count'])} (nữ {count(row['women'])})"
        axes.text(row["count"] + most * 0.012, at, words, va="center", weight="bold", fontsize=9)
    _named(axes, [row["label"] for row in rows], most * 1.25)
    axes.bar(0, 0, color=MID, label="Nam")
    axes.bar(0, 0, facecolor="white", edgecolor=BLACK, hatch="....", label="Nữ")
    axes.legend(frameon=False, fontsize=9, ncols=2, loc="lower right", bbox_to_anchor=(1.0, 0.98))
    return "; ".join(
        f"{row['label']}: {count(row['count'])} người, nữ {count(row['women'])}" for row in rows
    )


# how many will still serve


def _fan_height(payload: Payload) -> float:
    return 2.4 if payload.get("fan") else 0.0


def _fan(axes: Axes, payload: Payload) -> str:
    rows = payload["fan"]
    at = [row["months"] for row in rows]
    low, middle, high = ([row[key] for row in rows] for key in ("low", "middle", "high"))
    axes.fill_between(at, low, high, facecolor=PALE, edgecolor=MID, linewidth=0.6)
    axes.plot(at, middle, color=BLACK, marker="o", markersize=4)
    for row in rows:
        spread = (
            "" if row["low"] == row["high"] else f"\n({count(row['low'])}–{count(row['high'])})"
        )
        axes.annotate(f"{count(row['middle'])}{spread}", (row["months"], row["high"]),
                      xytext=(0, 5), textcoords="offset points", ha="center", fontsize=8.5,
                      weight="bold")  # fmt: skip
    span = max(1, max(high) - min(low))
    axes.set_ylim(max(0, min(low) - span * 0.1), max(high) + span * 0.4)
    axes.set_xlim(-at[-1] * 0.06, at[-1] * 1.06)
    axes.set_xticks(at, ["Nay" if n == 0 else f"Sau {n} tháng" for n in at], fontsize=9)
    axes.tick_params(axis="y", labelsize=9)
    axes.grid(axis="y", color=PALE, linewidth=0.6)
    _open(axes, "top", "right")
    return "; ".join(
        f"sau {row['months']} tháng: {row['low']}–{row['high']} người" for row in rows[1:]
    )


# the raters


def _raters_height(payload: Payload) -> float:
    return _few(0.55, len(payload.get("raters", ())), 0.24)


def _raters(axes: Axes, payload: Payload) -> str:
    rows = payload["raters"][:MOST_BARS]
    for at, row in enumerate(rows):
        lean, low, high = (row[key] / 100 for key in ("lean", "low", "high"))
        axes.plot([low, high], [at, at], color=DARK, linewidth=1.2, solid_capstyle="butt")
        face = BLACK if row["flagged"] else "white"
        axes.plot([lean], [at], marker="o", color=face, markeredgecolor=BLACK, markersize=5.5)
    axes.axvline(0, color=MID, linewidth=0.8, linestyle=":")
    _named(axes, [row["unit_name"] or row["unit"] for row in rows], 0)
    ends = [row[key] / 100 for row in rows for key in ("low", "high")]
    axes.set_xlim(min(*ends, -1) - 0.5, max(*ends, 1) + 0.5)
    axes.xaxis.set_major_formatter(lambda x, _: f"{x:+g}".replace(".", ",") if x else "0")
    axes.tick_params(axis="x", labelsize=8, length=3, bottom=True, labelbottom=True)
    return "; ".join(
        f"{row['unit_name'] or row['unit']}: lệch {points(row['lean'])} điểm"
        + (" (cần xem)" if row["flagged"] else "")
        for row in rows
    )


def _named(axes: Axes, names: Sequence[str], most: float) -> None:
    folded = ["\n".join(textwrap.wrap(name, 34)[:2]) for name in names]
    axes.set_yticks(range(len(names)), folded, fontsize=9)
    axes.invert_yaxis()
    axes.tick_params(length=0)
    axes.set_xticks([])
    if most:
        axes.set_xlim(0, most)
    _open(axes, "top", "right", "bottom")


def _open(axes: Axes, *sides: str) -> None:
    for side in sides:
        axes.spines[side].set_visible(False)


KINDS: dict[str, tuple[Callable[[Payload], float], Callable[[Axes, Payload], str]]] = {
    "series": (_series_height, _series),
    "grades": (_grades_height, _grades),
    "clusters": (_clusters_height, _clusters),
    "ages": (_ages_height, _ages),
    "fan": (_fan_height, _fan),
    "raters": (_raters_height, _raters),
}
