"""The reading room that the tasks of this process share; its desks end with the process.

room_of(office).examine(paths, forms, "2026-10")
"""

from __future__ import annotations

import atexit
from functools import cache

from channels.reading_room import ReadingRoom
from tasks.office import Office

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
