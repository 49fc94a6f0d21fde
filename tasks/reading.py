"""The reading room that the tasks of this process share; its desks end with the process.

room_of(office).examine(paths, forms, "2026-10")

with reading_here():                            what is taken in will be checked by this process:
    read_ahead(office, paths, forms, "2026-10")     its desks begin with it at once
    expect(office, paths, forms, "2026-10")         all that will be checked, in that order
"""

from __future__ import annotations

import atexit
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

from channels.desk_process import Forms
from channels.reading_room import ReadingRoom
from tasks.office import Office

_here: ContextVar[bool] = ContextVar("reading_here", default=False)
_alone = 0  # how many ask that this process keep to one desk


def room_of(office: Office) -> ReadingRoom:
    """As many desks as the office's settings say; one, where other processes read beside this."""
    return reading_room(1 if _alone else office.settings.work.processes)


@cache
def reading_room(desks: int) -> ReadingRoom:
    """One room for each number of desks asked for; opened when first needed."""
    room = ReadingRoom(desks)
    atexit.register(room.close)
    return room


def keep_to_one_desk(yes: bool) -> None:
    """For a process that is one of several; each of them reads with a desk of its own."""
    global _alone
    _alone += 1 if yes else -1


@contextmanager
def reading_here(yes: bool = True) -> Iterator[None]:
    """Whether what is taken in meanwhile will be checked by this very process."""
    token = _here.set(yes)
    try:
        yield
    finally:
        _here.reset(token)


def read_ahead(office: Office, paths: Sequence[Path], forms: Forms, period: str) -> None:
    """Has this process's desks begin with files that have just been taken in, where it is this
    process that will check them."""
    if _here.get():
        room_of(office).read_ahead(paths, forms, period)


def expect(office: Office, paths: Sequence[Path], forms: Forms, period: str) -> None:
    """The same for all files that this process will check, in the order in which it will."""
    if _here.get() and paths:
        room_of(office).expect(paths, forms, period)


def desks_are_free(office: Office) -> bool:
    """Whether this process's desks have read all that they were told to expect."""
    return room_of(office).has_read_all()
