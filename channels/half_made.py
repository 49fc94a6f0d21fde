"""A file in the making lies under a name of its own, which a kill leaves behind; whoever comes next
finds it and can tell whether somebody is still at it.

half_of(Path("t10.tdkt"))           -> Path(".t10.tdkt.part")
alone_at(number)                    of an open file or folder: True if no other process is at it
left_behind(folder)                 -> the halves that nobody is making any more
with making(folder) as half:        a half of its own, locked
begun(folder)                       the same for whoever closes and drops it: a report each
with making_in(folder) as workshop: a folder for many halves, locked
sweep(folder)                       once a process: what killed ones left behind goes
was_finished(half)                  -> the whole file, where only the half's name was left to go
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory

try:
    import fcntl
except ImportError:  # Windows: a file that is open cannot be taken away there
    fcntl = None  # type: ignore[assignment]

BEFORE, AFTER, WORKSHOP = ".", ".part", ".parts"


@dataclass(frozen=True, slots=True)
class Half:
    """Its open file, and where it lies until it is put in its place."""

    number: int
    name: str

    @property
    def path(self) -> Path:
        return Path(self.name)

    def put_at(self, place: str) -> None:
        os.replace(self.name, place)  # noqa: PTH105  a path made for each of many costs more

    def dropped(self) -> None:
        """It is no more, unless it is in its place by now."""
        self.path.unlink(missing_ok=True)


@contextmanager
def making(folder: Path) -> Iterator[Half]:
    """What is not in its place when the block ends is no more."""
    half = begun(folder)
    try:
        yield half
    finally:
        os.close(half.number)
        half.dropped()


@contextmanager
def making_in(folder: Path) -> Iterator[Path]:
    """A folder of its own, locked, which is no more when the block ends; those that killed
    processes left behind go first."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob(f"{BEFORE}*{WORKSHOP}"):
        with _held(old) as alone:
            if alone:
                rmtree(old, ignore_errors=True)
    with TemporaryDirectory(dir=folder, prefix=BEFORE, suffix=WORKSHOP) as made, _held(Path(made)):
        yield Path(made)


@contextmanager
def _held(folder: Path) -> Iterator[bool]:
    number = os.open(folder, os.O_RDONLY)
    try:
        yield alone_at(number)
    finally:
        os.close(number)


@cache
def sweep(folder: Path) -> None:
    for old in left_behind(folder, ""):
        old.unlink(missing_ok=True)


def begun(folder: Path) -> Half:
    """For its owner only, and locked before anybody can have taken it for one that was left
    behind. Whoever calls this closes it, and drops what does not come into its place. Raises
    FileNotFoundError where there is no such folder."""
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    while True:
        name = f"{folder}/{BEFORE}{os.urandom(8).hex()}{AFTER}"
        try:
            number = os.open(name, flags | getattr(os, "O_NOFOLLOW", 0), 0o600)
        except FileExistsError:
            continue
        if alone_at(number) and os.fstat(number).st_nlink:  # nobody has taken it away
            return Half(number, name)
        os.close(number)


def half_of(path: Path) -> Path:
    return path.with_name(f"{BEFORE}{path.name}{AFTER}")


def whole_of(half: Path) -> Path:
    return half.with_name(half.name.removeprefix(BEFORE).removesuffix(AFTER))


def alone_at(number: int) -> bool:
    """Holds the open file for this process until it is closed; the system lets go of what a killed
    process held."""
    if fcntl is None:
        return True
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def left_behind(folder: Path, suffix: str = ".tdkt") -> Iterator[Path]:
    for half in sorted(folder.glob(f"{BEFORE}*{suffix}{AFTER}")):
        try:
            number = os.open(half, os.O_RDONLY)
        except FileNotFoundError:
            continue  # it is in its place by now
        try:
            if alone_at(number):
                yield half
        finally:
            os.close(number)


def was_finished(half: Path) -> Path | None:
    whole = whole_of(half)
    try:
        return whole if whole.samefile(half) else None
    except FileNotFoundError:
        return None
