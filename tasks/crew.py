"""Who carries out the batches of a step: this process, and clerks in processes beside it.

    hands = Crew(clerks=3)
    hands.begin()
    hands.carry_out(validate, occasion, batch)      from any thread; blocks until it is done

The first place is here, so that work begins at once; the clerks join as soon as they stand (a
second for a fresh Python to load the program). Too few batches for that, and the threads of this
process share them as before. A clerk that dies is replaced and its batch done again: every step
finds its place in the book.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from queue import LifoQueue
from threading import Thread
from typing import Any

from prefect import Task

from channels.errors import ChannelBusy
from tasks import reading
from tasks.clerk import READY

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 60.0
LEAST_BATCHES = 3  # for fewer a clerk would stand just in time to see the last one done
AGAIN = "Một tiến trình làm việc dừng đột ngột hai lần ở cùng một lượt; hãy chạy lại."


def _nothing() -> None:
    """What there is to do after most work."""


class Crew:
    """Places where a batch can be carried out, shared by any number of threads: one here, and the
    clerks once they have begun."""

    def __init__(self, clerks: int) -> None:
        self._places: LifoQueue[_Clerk | None] = LifoQueue()
        self._places.put(None)
        self._clerks = clerks
        self._starting: list[Thread] = []
        self._beside_readers = False

    @property
    def size(self) -> int:
        return 1 + self._clerks

    def worth_it(self, batches: int) -> bool:
        return self._clerks > 0 and batches >= LEAST_BATCHES

    def begin(self, *, reading_too: bool = True) -> None:
        """Calls the clerks; may be called again. Where they will open reports too, each with a desk
        of its own, this process keeps to one desk."""
        if reading_too and not self._beside_readers:
            self._beside_readers = True
            reading.keep_to_one_desk(True)
        if not self._starting:
            self._starting = [Thread(target=self._join, daemon=True) for _ in range(self._clerks)]
            for thread in self._starting:
                thread.start()

    def carry_out(
        self, task: Task[..., Any], *values: Any, afterwards: Callable[[], None] = _nothing
    ) -> Any:
        """The task's own result, or what it raised. `afterwards` is done where it was carried out
        here, in the same place: nothing else is in hand here then."""
        place = self._places.get()
        try:
            if place is None:
                result = task.fn(*values)
                afterwards()
                return result
            for _ in range(2):
                said = place.carry_out(_name_of(task), values)
                if said is not None:
                    break
                place = place.replaced()
            else:
                raise ChannelBusy(AGAIN)
        finally:
            self._places.put(place)
        kind, result = said
        if kind == "failed":
            raise result
        return result

    def pids(self) -> set[int]:
        """The processes of the clerks that are free now, once all that were called stand."""
        for thread in self._starting:
            thread.join()
        return {place.pid for place in self._places.queue if place is not None}

    def end(self) -> None:
        """Ends every clerk; may be called again."""
        if self._beside_readers:
            self._beside_readers = False
            reading.keep_to_one_desk(False)
        for thread in self._starting:
            thread.join()
        self._starting = []
        while not self._places.empty():
            if clerk := self._places.get():
                clerk.end()
        self._places.put(None)

    def _join(self) -> None:
        with contextlib.suppress(ChannelBusy):  # one clerk fewer, that is all
            clerk = _Clerk()
            if clerk.stands():
                self._places.put(clerk)


def _name_of(task: Task[..., Any]) -> str:
    return f"{task.fn.__module__}:{task.fn.__name__}"


class _Clerk:
    """One process and the line to it."""

    def __init__(self) -> None:
        here, there = Pipe()
        self._line: Connection = here
        with there:
            number = there.fileno()
            command = [sys.executable, "-m", "tasks.clerk", str(number)]
            paths = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
            try:
                self._process = subprocess.Popen(
                    command,
                    env=os.environ | {"PYTHONPATH": paths},
                    pass_fds=(number,),
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    start_new_session=True,  # Ctrl-C is for the program, which ends the crew
                )
            except OSError as wrong:
                here.close()
                said = f"Không mở được tiến trình làm việc: {wrong.strerror}."
                raise ChannelBusy(said) from wrong

    @property
    def pid(self) -> int:
        return self._process.pid

    def stands(self) -> bool:
        with contextlib.suppress(EOFError, OSError):
            if self._line.poll(START_SECONDS) and self._line.recv_bytes() == READY:
                return True
        self.end()
        return False

    def carry_out(self, name: str, values: tuple[Any, ...]) -> tuple[str, Any] | None:
        """None where the clerk died of it."""
        try:
            self._line.send((name, values))
            said: tuple[str, Any] = self._line.recv()
        except (EOFError, OSError):
            return None
        return said

    def replaced(self) -> _Clerk:
        self.end()
        clerk = _Clerk()
        clerk.stands()
        return clerk

    def end(self) -> None:
        self._line.close()
        self._process.kill()
        self._process.wait()
