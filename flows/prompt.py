"""Threads that serve clerks get their turn at once.

    with prompt_threads(True):
        for batch in batches: …

While this process plans or writes, the threads beside wait for its interpreter only to take a
clerk's answer and to give out the next batch: five milliseconds each time, some eight times a
batch, and the clerk waits with them. Where desks are served it is better left: their answers are
large and many, and taking each at once costs the judging more than the desks gain.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

TURN_SECONDS = 0.0005

_lock = Lock()
_inside = 0
_before = 0.0


@contextmanager
def prompt_threads(yes: bool) -> Iterator[None]:
    """Any number of threads may be inside; the last one that leaves puts things back."""
    global _inside, _before
    if not yes:
        yield
        return
    with _lock:
        _inside += 1
        if _inside == 1:
            _before = sys.getswitchinterval()
            sys.setswitchinterval(TURN_SECONDS)
    try:
        yield
    finally:
        with _lock:
            _inside -= 1
            if _inside == 0:
                sys.setswitchinterval(_before)
