"""The collector of cycles rests while batches are at work.

    with collector_at_rest() as tidy:
        for batch in batches: …; tidy()

What a batch makes are trees of values, freed by counting; the collector, called every few hundred
of them, walks over all of Prefect and SQLAlchemy each time and takes a third of a review's time.
So it sleeps, and `tidy` frees between batches what hangs together in a circle (some three hundred
small things a batch): of what is new each time, and now and then of all that was made since the
first batch. What stood before it, the program's own furniture, is not walked over.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock

WHOLE_EVERY = 5  # what another batch still held when it was looked at is old by the next time

_lock = Lock()
_resting = 0
_tidied = 0


@contextmanager
def collector_at_rest() -> Iterator[Callable[[], None]]:
    """Any number of threads may be inside; the collector wakes when the last one leaves."""
    global _resting
    with _lock:
        _resting += 1
        if _resting == 1:
            gc.disable()
            gc.freeze()
    try:
        yield tidy
    finally:
        with _lock:
            _resting -= 1
            if _resting == 0:
                gc.unfreeze()
                gc.enable()


def tidy() -> None:
    """Frees the circles among what is new, and every few batches among what is not so new."""
    global _tidied
    with _lock:
        _tidied += 1
        generation = 1 if _tidied % WHOLE_EVERY else 2
    gc.collect(generation)
