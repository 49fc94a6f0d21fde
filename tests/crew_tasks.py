"""Tasks for clerks to carry out: they must be found by name in another process."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from prefect import task

from channels.errors import ChannelRefused


@task
def whose(_occasion: object, number: int) -> tuple[int, int]:
    """In which process it was done; it takes long enough for every place to be asked."""
    time.sleep(0.05)
    return number, os.getpid()


@task
def refused(_occasion: object, number: int) -> None:
    raise ChannelRefused(f"Lượt {number} không làm được.")


@task
def dies_once(folder: object, number: int) -> int:
    """Ends its process the first time, unless that is the one that asked."""
    mark = Path(str(folder)) / str(number)
    if os.getppid() == int(os.environ["TDKT_TEST_PARENT"]) and not mark.exists():
        mark.write_text("đã chết một lần")
        os.kill(os.getpid(), signal.SIGKILL)
    return number
