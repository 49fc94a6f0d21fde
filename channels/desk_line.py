"""A desk's end of the line to the office: how many bytes follow, then the bytes.

    line = Line(5)              the socket of that number, open already
    line.recv()                 -> ("read", 0, "2026-10", [path]): what the office asks
    line.send_bytes(b"ready")

What multiprocessing's connections do, without the ten modules that they load first: a desk is
started for every file that kills one. Only the office may be unpickled; a desk never is.
"""

from __future__ import annotations

import os
import pickle
import struct
from typing import Any

LENGTH = struct.Struct("!i")  # of what follows


class Line:
    """Both ways raise OSError or EOFError where nobody is there any more."""

    def __init__(self, number: int) -> None:
        self._number = number
        self._asked = open(number, "rb")  # noqa: SIM115 - for as long as the desk lives

    def recv(self) -> Any:
        length: int = LENGTH.unpack(self._exactly(LENGTH.size))[0]
        return pickle.loads(self._exactly(length))

    def send_bytes(self, said: bytes) -> None:
        waiting = memoryview(LENGTH.pack(len(said)) + said)
        while waiting:
            waiting = waiting[os.write(self._number, waiting) :]

    def _exactly(self, size: int) -> bytes:
        found = self._asked.read(size)
        if len(found) < size:
            raise EOFError
        return found
