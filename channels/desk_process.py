"""One desk of the reading room as the office sees it: its process, and the line to it.

    desk = Desk(memory_mib=512)
    desk.knows(0, forms)
    desk.read([path, data], 0, "2026-10", 10.0, answers)    -> None, or the Trouble it got into
    answers[0].opened()                                     -> Examined

A desk (channels/reading_desk.py) is a fresh Python without the office's environment: it imports the
reading modules only, whatever the program that opened the room has loaded, which neither fork nor
multiprocessing's own start methods can promise (they import the parent's __main__).
"""

from __future__ import annotations

import contextlib
import os
import pickle
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from channels.desk_line import LENGTH
from channels.errors import ChannelBusy
from channels.reading import OUT_OF_MEMORY, READY
from channels.reading_line import heard
from review.examine import Examined, unreadable
from review.form import Form

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 120.0  # a desk that died is known at once: this is for a machine out of breath
# All that a desk is told of this machine: no database, no mail server, no secret.
PASSED_ON = ("PATH", "LANG", "LC_ALL", "TZ", "LD_LIBRARY_PATH", "PYTHONDONTWRITEBYTECODE")
# A desk keeps the memory of one file for the next, up to so many bytes: given back to the system
# and asked for again, each file's pages are cleared anew. Read by glibc; others pay no heed.
KEEPING = {"MALLOC_TRIM_THRESHOLD_": str(64 << 20), "MALLOC_MMAP_THRESHOLD_": str(16 << 20)}
MOST_ANSWERED = 256 << 20  # bytes: a desk has twice as much for all that it does
WAITING_BYTES = 1 << 20  # answers that may wait in the line, so that a desk need not

Named = bytes | Path | tuple[Path, ...]  # several: a file and the corrections laid over it
Forms = Mapping[str, Form]


def length_of(head: bytes) -> int:
    """How long an answer is going to be. Raises ValueError for what no desk has room to say: it is
    not waited for, and no room is made for it."""
    length: int = LENGTH.unpack(head)[0]
    if not 0 <= length <= MOST_ANSWERED:
        raise ValueError("an answer longer than any report")
    return length


class Trouble:
    """How a desk failed: it took too long, ran out of memory, or died of something else."""

    def __init__(self, slow: bool = False, code: int | None = None) -> None:
        self.slow, self._code = slow, code

    def answer(self, seconds: float) -> Examined:
        fix = "Chép số liệu sang tệp mẫu mới của tỉnh rồi gửi lại."
        if self.slow:
            says = f"Tệp mất quá {seconds:g} giây mà chưa đọc xong."
            return unreadable("TOO_SLOW", says.replace(".", ",", seconds % 1 != 0), fix)
        if self._code == OUT_OF_MEMORY:
            return unreadable("TOO_LARGE", "Tệp cần quá nhiều bộ nhớ để đọc.", fix)
        return unreadable("HOSTILE_FILE", "Tệp làm hỏng chương trình đọc nên bị từ chối.", fix)


class Desk:
    """One process and the line to it."""

    def __init__(self, memory_mib: int) -> None:
        self._line, there = socket.socketpair()
        there.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, WAITING_BYTES)
        self._heard = self._line.makefile("rb", WAITING_BYTES)
        self._known: set[int] = set()
        self.fresh = True
        environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        with there:
            number = there.fileno()
            try:
                self._process = subprocess.Popen(
                    [sys.executable, "-m", "channels.reading_desk", str(number), str(memory_mib)],
                    cwd=ROOT,
                    env=environment | KEEPING | {"PYTHONPATH": str(ROOT)},
                    pass_fds=(number,),
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    start_new_session=True,  # Ctrl-C is for the program, which closes the room
                )
            except OSError as wrong:
                self._hang_up()
                said = f"Không mở được tiến trình đọc tệp: {wrong.strerror}."
                raise ChannelBusy(said) from wrong

    def knows(self, number: int, forms: Forms) -> None:
        if number not in self._known:
            with contextlib.suppress(OSError):  # if it died just now, the reading will tell
                self._say(("forms", number, dict(forms)))
            self._known.add(number)

    def read(
        self,
        files: Sequence[Named],
        number: int,
        expected: str | None,
        seconds: float,
        answers: Answers,
    ) -> Trouble | None:
        """Appends an answer for each file, up to the one that was too much, if any."""
        if self.fresh:
            self._wait_until_ready()
        try:
            self._say(("read", number, expected, list(files)))
            for _ in files:
                answers.append(Answer(self, self._next(seconds)))
                self.fresh = False
        except TimeoutError:
            return Trouble(slow=True)
        except (EOFError, OSError):
            return Trouble(code=self._died_of())
        except ValueError:  # no sound desk says this: its file made it
            return Trouble()
        return None

    def _wait_until_ready(self) -> None:
        """Its start is our time, not the file's."""
        with contextlib.suppress(EOFError, OSError):
            if self._next(START_SECONDS) == READY:
                return
        self.end()
        raise ChannelBusy("Tiến trình đọc tệp không khởi động được; hãy thử lại.")

    def _say(self, order: tuple[object, ...]) -> None:
        """Raises OSError where nobody listens."""
        said = pickle.dumps(order, pickle.HIGHEST_PROTOCOL)
        self._line.settimeout(START_SECONDS)
        self._line.sendall(LENGTH.pack(len(said)) + said)

    def _next(self, seconds: float) -> bytes:
        """The next answer. Read through a buffer: where several wait they come at once, and a
        thread that waits for Python's turn between any two reads would keep a desk waiting.
        Raises TimeoutError, EOFError, OSError."""
        self._line.settimeout(seconds)
        return self._exactly(length_of(self._exactly(LENGTH.size)))

    def _exactly(self, size: int) -> bytes:
        found: bytes = self._heard.read(size)
        if len(found) < size:
            raise EOFError
        return found

    def _died_of(self) -> int | None:
        try:
            return self._process.wait(1)
        except subprocess.TimeoutExpired:
            return None

    def stop(self) -> None:
        """Ends the process, whatever it is at; whoever uses this desk finds it gone."""
        self._process.kill()

    def end(self) -> None:
        """Ends the process, whatever it is at, and waits until it is gone."""
        self._hang_up()
        self._process.kill()
        self._process.wait()

    def _hang_up(self) -> None:
        """May be called twice."""
        self._heard.close()
        self._line.close()


class Answer(NamedTuple):
    """What a desk said of a file, as it came: a seventh of the memory that it takes once opened,
    and one thing instead of thousands for Python's collector to go over while it waits."""

    desk: Desk
    line: bytes

    def opened(self) -> Examined | None:
        """None for what no sound desk says: its file made it, and it is not asked again."""
        try:
            return heard(self.line)
        except (ValueError, LookupError, TypeError, AttributeError):
            self.desk.stop()
            return None


Answers = list[Answer | Examined]  # of files, in order; Examined where it is known already
