"""Where a process runs, so that another can tell at once that it is no more.

    here()                       -> "may-chu 5f0c…/4026531836 1234/88120"
    is_gone(place)               -> True: dead; False: alive; None: on another machine, who knows
    machine_of(place)            -> "may-chu"

A machine that was switched off and on again has another boot number: whatever ran before is gone.
"""

from __future__ import annotations

import os
import socket
from functools import cache
from pathlib import Path

BOOT = Path("/proc/sys/kernel/random/boot_id")
SPACE = Path("/proc/self/ns/pid")


def here() -> str:
    """This process: machine, boot and space of process numbers, number and when it began."""
    return f"{_machine()} {os.getpid()}/{_began(os.getpid())}"


def machine_of(place: str) -> str:
    return place.partition(" ")[0]


def is_gone(place: str) -> bool | None:
    """Whether the process at a place has ended, None where that cannot be told from here."""
    name, _, rest = place.partition(" ")
    boot, _, process = rest.partition(" ")
    mine, _, my_boot = _machine().partition(" ")
    if name != mine or not boot:
        return None
    if boot != my_boot:
        # another boot of this machine is over; another container beside this one may be alive
        return True if boot.partition("/")[0] != my_boot.partition("/")[0] else None
    number, _, began = process.partition("/")
    return _began(int(number)) != began


def is_running(process: int) -> bool:
    """Whether this machine has a process of that number; where that cannot be told, that it has."""
    return not SPACE.exists() or _began(process) != ""


@cache
def _machine() -> str:
    return f"{socket.gethostname()} {_boot()}"


def _boot() -> str:
    try:
        space = str(SPACE.readlink()).strip("pid:[]")
        return f"{BOOT.read_text().strip()}/{space}"
    except OSError:
        return ""  # not Linux: only the lease tells


def _began(process: int) -> str:
    """When a process began, in ticks since boot; "" where there is none (a zombie is none)."""
    try:
        said = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if said[0] in "ZX" else said[19]
