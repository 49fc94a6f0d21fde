"""The reading room that the tasks of this process share; its desks end with the process.

reading_room(2).examine(paths, forms, "2026-10")
"""

from __future__ import annotations

import atexit
from functools import cache

from channels.reading_room import ReadingRoom


@cache
def reading_room(processes: int) -> ReadingRoom:
    """One room for each number of desks asked for; opened when first needed."""
    room = ReadingRoom(processes)
    atexit.register(room.close)
    return room
