"""A board as Markdown for Prefect's screen, its charts as pictures inside.

    markdown(board)                          -> "## Đơn vị nộp báo cáo…\n\n| Cụm | Phải nộp |…"
    markdown(board, said=in_english)         each text put through `said` first

The screen strips raw SVG but shows a picture whose source is a data URI (lab/prefect.md).
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable
from html import escape

from review.board import Bars, Block, Board, Cell, Items, Links, Table, Words

Said = Callable[[str], str]
SPECIAL = re.compile(r"([\\`*_\[\]<>#|])")
SHADES = ("#14508c", "#e6eaee", "#1f2933")
WIDE, LABEL, TALL = 640, 230, 24


def markdown(board: Board, said: Said = str) -> str:
    parts = [f"## {plain(said(board.title))}"]
    for block in board.blocks:
        if block.heading:
            parts.append(f"### {plain(said(block.heading))}")
        parts.append(_block(block, said))
    return "\n\n".join(part for part in parts if part) + "\n"


def plain(text: str) -> str:
    """Text that Markdown takes for nothing but text, on one line."""
    return SPECIAL.sub(r"\\\1", " ".join(text.split()))


def _block(block: Block, said: Said) -> str:
    if isinstance(block, Words):
        return plain(said(block.text))
    if isinstance(block, Items):
        lines = [f"- {plain(said(line))}" for line in block.lines]
        return "\n".join(lines) or plain(said(block.none))
    if isinstance(block, Links):
        return "\n".join(f"- {_link(plain(said(words)), goal)}" for words, goal in block.lines)
    if isinstance(block, Bars):
        return f"![{_spoken(block, said)}](data:image/svg+xml;base64,{_picture(block, said)})"
    return _table(block, said)


def _link(words: str, goal: str) -> str:
    return f"[{words}]({goal})" if "://" in goal else f"{words}: `{goal}`"


def _table(table: Table, said: Said) -> str:
    if not table.rows:
        return ""
    right = [
        all(isinstance(row[at], int) for row in table.rows) for at in range(len(table.rows[0]))
    ]
    heads = " | ".join(plain(said(heading)) for heading in table.headings)
    rule = "|".join("---:" if one else "---" for one in right)
    rows = "\n".join(f"| {' | '.join(_cell(cell, said) for cell in row)} |" for row in table.rows)
    more = f"\n\n{plain(said(f'… và {table.left_out} dòng nữa.'))}" if table.left_out else ""
    return f"| {heads} |\n|{rule}|\n{rows}{more}"


def _cell(cell: Cell, said: Said) -> str:
    return plain(said(cell)) if isinstance(cell, str) else str(cell)


def _spoken(bars: Bars, said: Said) -> str:
    """What the picture says, for whoever cannot see it."""
    lines = [f"{said(name)} {count}{said(bars.unit)}" for name, count in bars.lines]
    return plain("; ".join(lines))


def _picture(bars: Bars, said: Said) -> str:
    """Drawn by hand: a bar chart needs no library, and no second of a cycle's time."""
    most = bars.of or max((count for _, count in bars.lines), default=0) or 1
    room = WIDE - LABEL - 70
    dark, pale, ink = SHADES
    drawn = []
    for at, (name, count) in enumerate(bars.lines):
        top, long = at * TALL + 4, room * count / most
        drawn.append(
            f'<text x="{LABEL - 8}" y="{top + 12}" text-anchor="end" fill="{ink}">'
            f"{escape(_short(said(name)))}</text>"
            f'<rect x="{LABEL}" y="{top}" width="{room}" height="16" fill="{pale}"/>'
            f'<rect x="{LABEL}" y="{top}" width="{long:.1f}" height="16" fill="{dark}"/>'
            f'<text x="{LABEL + room + 8}" y="{top + 12}" fill="{ink}" font-weight="bold">'
            f"{count}{escape(said(bars.unit))}</text>"
        )
    high = TALL * len(bars.lines) + 6
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDE}" height="{high}" '
        f'viewBox="0 0 {WIDE} {high}" font-family="sans-serif" font-size="12">'
        f'<rect width="{WIDE}" height="{high}" fill="#ffffff"/>{"".join(drawn)}</svg>'
    )
    return b64encode(svg.encode()).decode()


def _short(name: str) -> str:
    return name if len(name) <= 34 else name[:33].rstrip() + "…"
