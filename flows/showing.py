"""What an operator sees of a period in Prefect's screen: boards, and a bar while work goes on.

show(occasion)                          every board of the period, each run adding to its history
with progress_shown(occasion) as tell:  review_cycle(occasion, progress=tell)
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace

from httpx import HTTPError
from prefect.artifacts import (
    create_markdown_artifact,
    create_progress_artifact,
    update_progress_artifact,
)

from channels.board_markdown import markdown
from channels.words import Told, words
from flows.agenda import Progress, in_a_flow, step
from review.board import Board
from review.desk_boards import boards
from review.desk_figures import Figures
from tasks.desk_figures import desk_figures
from tasks.occasion import Occasion

EVERY = 2.0  # seconds between two looks of the bar: each costs the server a write
STEPS = 6.0  # long steps of a cycle: check, score, plans, letters, and the two ends


def show(
    occasion: Occasion, waits: Callable[[Figures], Sequence[tuple[str, str]]] | None = None
) -> None:
    """Keeps every board of the period as an artifact of its own. Outside a flow there is no screen.
    `waits` finds, from the figures, what a person has to decide."""
    if not in_a_flow():
        return
    figures: Figures = step(desk_figures, occasion)
    if waits:
        figures = replace(figures, waits=waits(figures))
    for board in boards(figures):
        show_board(board, occasion.period_text, words(occasion.office.settings.lang))


def show_board(board: Board, about: str, told: Told) -> None:
    """`told` says its texts in the office's language."""
    create_markdown_artifact(
        key=key_of(board.key, about), markdown=markdown(board, told), description=told(board.title)
    )


def key_of(board: str, about: str) -> str:
    """Letters, figures and dashes only: "danh-sach-2026-q4"."""
    return re.sub(r"[^a-z0-9]+", "-", f"{board}-{about}".casefold()).strip("-")


@contextmanager
def progress_shown(occasion: Occasion) -> Iterator[Progress]:
    """A bar in the screen, moved on at most every two seconds; a server that is away does not stop
    the work."""
    made = create_progress_artifact(
        progress=0.0,
        key=key_of("tien-do", occasion.period_text),
        description=f"Tiến độ {occasion.period.label}",
    )
    seen: dict[str, float] = {}
    last = time.monotonic()

    def tell(name: str, done: int, of: int) -> None:
        nonlocal last
        seen[name] = done / of if of else 1.0
        if time.monotonic() - last >= EVERY:
            last = time.monotonic()
            _move(made, min(99.0, sum(seen.values()) / STEPS * 100), f"{name}: {done}/{of}")

    yield tell
    _move(made, 100.0, f"Xong {occasion.period.label}")


def _move(made: object, percent: float, says: str) -> None:
    with suppress(HTTPError):
        update_progress_artifact(made, progress=percent, description=says)  # type: ignore[arg-type]
