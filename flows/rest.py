"""The collector of cycles rests while batches are at work.

    with collector_at_rest() as tidy:
        for batch in batches: …; tidy()

What a batch makes are trees of values, freed by counting; the collector, called every few hundred
of them, walks over all of Prefect and SQLAlchemy each time and takes a third of a review's time.
So it sleeps, and `tidy` frees between batches what did hang together in a circle.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock

_lock = Lock()
_resting = 0


@contextmanager
def collector_at_rest() -> Iterator[Callable[[], None]]:
    """Any number of threads may be inside; the collector wakes when the last one leaves."""
    global _resting
    with _lock:
        _resting += 1
        if _resting == 1:
            gc.disable()
    try:
        yield tidy
    finally:
        with _lock:
            _resting -= 1
            if _resting == 0:
                gc.enable()


def tidy() -> None:
    """Frees the circles among what is new, the program's own furniture aside."""
    gc.collect(1)
