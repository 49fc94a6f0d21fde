"""The original bytes of everything received, kept for ever under their hash.

    originals.keep_file(path)   -> KeptOriginal(sha256="ab12…", place="ab/ab12…")

Bytes are streamed: memory does not grow with a file. Of a file beyond the largest that is ever
opened only the beginning is kept, enough to know it again; the file itself stays in its inbox.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from channels.errors import ChannelBusy, disks_said_plainly
from channels.half_made import making, sweep

CHUNK = 1 << 20
# What was a file a moment ago may be a link or a pipe by now: neither is followed or waited for.
PLAIN_FILES = (
    getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
)
MOST_KEPT = (20 << 20) + 1  # one byte more than the reader takes, so that it still says "too large"


@dataclass(frozen=True, slots=True)
class KeptOriginal:
    """`sha256` of what was kept, and where it lies below the folder."""

    sha256: str
    place: str


@dataclass(frozen=True, slots=True)
class Originals:
    folder: Path

    def keep_file(self, path: Path) -> KeptOriginal:
        """Copies the bytes once, whole or not at all. Raises OSError where they cannot be read,
        ChannelError where they cannot be written: that is no fault of theirs."""
        with os.fdopen(os.open(path, os.O_RDONLY | PLAIN_FILES), "rb") as source:
            return self.keep_stream(source)

    def keep_bytes(self, data: bytes, most: int = MOST_KEPT) -> KeptOriginal:
        return self.keep_stream(BytesIO(data), most)

    def keep_stream(self, source: BinaryIO, most: int = MOST_KEPT) -> KeptOriginal:
        """The same for a file that is open already; `most` is how much of it is kept."""
        with _writing():
            self.folder.mkdir(parents=True, exist_ok=True)
            sweep(self.folder)
        with ExitStack() as stack:
            with _writing():
                half = stack.enter_context(making(self.folder))
            sha = _copy(source, half.number, most)
            place = f"{sha[:2]}/{sha}"
            with _writing():
                _put(half.path, self.path(place))
        return KeptOriginal(sha, place)

    def settle(self) -> None:
        """Waits until what was kept is on the disk: the book is told of it only then, or a power
        cut could leave it naming what is not there. Once for many files: one each costs a hundred
        times as much."""
        if not self.folder.is_dir():
            return
        place = os.open(self.folder, os.O_RDONLY)
        try:
            if ctypes.CDLL(None).syncfs(place) != 0:
                os.sync()
        except AttributeError:  # not Linux
            os.sync()
        finally:
            os.close(place)

    def path(self, place: str) -> Path:
        return self.folder / place

    def find(self, sha256: str) -> bytes | None:
        """What was kept under a hash, or the beginning of one; None if nothing was."""
        for path in sorted((self.folder / sha256[:2]).glob(f"{sha256}*")):
            return path.read_bytes()
        return None


def _put(half: Path, final: Path) -> None:
    try:
        half.replace(final)
    except FileNotFoundError:  # the first whose hash begins so
        final.parent.mkdir(exist_ok=True)
        half.replace(final)


@contextmanager
def _writing() -> Iterator[None]:
    try:
        with disks_said_plainly():
            yield
    except OSError as wrong:
        raise ChannelBusy(f"Không lưu được bản gốc: {wrong.strerror}.") from wrong


def _copy(source: BinaryIO, number: int, left: int) -> str:
    """Reading fails with what the source says, writing with a ChannelError."""
    digest = hashlib.sha256()
    kept = os.fdopen(number, "wb", closefd=False)
    try:
        while left and (some := source.read(min(CHUNK, left))):
            digest.update(some)
            with _writing():
                kept.write(some)
                kept.flush()
            left -= len(some)
    finally:
        kept.close()
    return digest.hexdigest()
