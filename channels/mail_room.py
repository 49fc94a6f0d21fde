"""Where the mails of a run are opened, in a process of their own.

with MailRoom() as room:
    mail = room.open(raw)       -> OpenedMail; a mail that kills its reader is BROKEN, no more
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from multiprocessing.connection import Connection, Pipe
from typing import Self

from channels.errors import ChannelBusy
from channels.reading import READY
from channels.reading_room import PASSED_ON, ROOT, START_SECONDS
from review.mail import OpenedMail

MEMORY_MIB = 768  # a mail, its parts decoded and what its archives hold, all bounded
SECONDS = 20.0
TOO_SLOW = "Thư mất quá nhiều thời gian để mở nên được để riêng."
TOO_MUCH = "Thư làm hỏng chương trình mở thư nên được để riêng."


class MailRoom:
    """One desk, started when first needed and replaced when a mail was too much for it."""

    def __init__(self, seconds: float = SECONDS, memory_mib: int = MEMORY_MIB) -> None:
        self._seconds, self._memory = seconds, memory_mib
        self._line: Connection | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def open(self, raw: bytes) -> OpenedMail:
        """Raises ChannelBusy only where no desk can be started."""
        line = self._line or self._start()
        try:
            line.send_bytes(raw)
            if not line.poll(self._seconds):
                self.close()
                return OpenedMail(broken=TOO_SLOW)
            told = line.recv()
        except (EOFError, OSError):
            self.close()
            return OpenedMail(broken=TOO_MUCH)
        return told if isinstance(told, OpenedMail) else OpenedMail(broken=TOO_MUCH)

    def _start(self) -> Connection:
        here, there = Pipe()
        environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        with there:
            number = there.fileno()
            try:
                self._process = subprocess.Popen(
                    [sys.executable, "-m", "channels.mail_desk", str(number), str(self._memory)],
                    cwd=ROOT,
                    env=environment | {"PYTHONPATH": str(ROOT)},
                    pass_fds=(number,),
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    start_new_session=True,
                )
            except OSError as wrong:
                here.close()
                raise ChannelBusy("Không mở được tiến trình đọc thư.") from wrong
        self._line = here
        with contextlib.suppress(EOFError, OSError):
            if here.poll(START_SECONDS) and here.recv_bytes() == READY:
                return here
        self.close()
        raise ChannelBusy("Tiến trình đọc thư không khởi động được; hãy thử lại.")

    def close(self) -> None:
        """Ends the desk, whatever it is at. May be called twice."""
        if self._line is not None:
            self._line.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._line, self._process = None, None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_wrong: object) -> None:
        self.close()
