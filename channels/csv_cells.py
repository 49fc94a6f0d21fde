"""Text for the cells of a csv, which a spreadsheet reads as if somebody had typed them.

    guarded("=1+1")          -> "'=1+1"
    guarded("x; =1+1")       -> "x; '=1+1": to a program that parts cells by another sign than ours
    unguarded("'=1+1")       -> "=1+1"

Nothing else is changed, and what was guarded comes back as it was.
"""

from __future__ import annotations

import re

# Where a cell may begin, to whoever parts cells by ";", by "," or by tabs; and what begins a
# formula there, as full-width signs do where Excel speaks Chinese or Japanese.
_BEGINS = r"(?:\A|[,;|\t\r\n])\s*"
_RUNS = r"(?='*[=+\-@＝＋－＠])|\A(?='*[\t\r])"
_OPENS = re.compile(rf"(?:{_BEGINS}{_RUNS})")
_GUARDED = re.compile(rf"({_BEGINS})'(?='*[=+\-@＝＋－＠])|\A'(?='*[\t\r])")


def guarded(text: str) -> str:
    """An apostrophe before what a spreadsheet would run."""
    return _OPENS.sub(lambda found: f"{found[0]}'", text)


def unguarded(text: str) -> str:
    """What `guarded` was given."""
    return _GUARDED.sub(lambda found: found[1] or "", text)
