"""The original bytes of everything received, kept for ever under their hash.

    originals.keep_file(path)   -> KeptOriginal(sha256="ab12…", place="ab/ab12…")

Bytes are streamed: memory does not grow with a file. Of a file beyond the largest that is ever
opened only the beginning is kept, enough to know it again; the file itself stays in its inbox.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
from dataclasses import dataclass
from io import BytesIO, FileIO
from pathlib import Path
from typing import BinaryIO

from channels.errors import ChannelBusy, ChannelError, of_the_disk
from channels.half_made import Half, begun, sweep

CHUNK = 1 << 16  # most reports are one; what a larger buffer costs to be had is more than it saves
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
        with FileIO(os.open(path, os.O_RDONLY | PLAIN_FILES)) as source:
            return self.keep_stream(source)

    def keep_bytes(self, data: bytes, most: int = MOST_KEPT) -> KeptOriginal:
        return self.keep_stream(BytesIO(data), most)

    def keep_stream(self, source: BinaryIO | FileIO, most: int = MOST_KEPT) -> KeptOriginal:
        """The same for a file that is open already; `most` is how much of it is kept."""
        half = self._begun()
        try:
            sha = _copy(source, half.number, most)
            place = f"{sha[:2]}/{sha}"
            self._put(half, place)
        except BaseException:
            half.dropped()
            raise
        finally:
            os.close(half.number)
        return KeptOriginal(sha, place)

    def _begun(self) -> Half:
        try:
            sweep(self.folder)
            try:
                return begun(self.folder)
            except FileNotFoundError:  # the first of all
                self.folder.mkdir(parents=True, exist_ok=True)
                return begun(self.folder)
        except OSError as wrong:
            raise _unwritten(wrong) from wrong

    def _put(self, half: Half, place: str) -> None:
        final = f"{self.folder}/{place}"
        try:
            try:
                half.put_at(final)
            except FileNotFoundError:  # the first whose hash begins so
                Path(final).parent.mkdir(exist_ok=True)
                half.put_at(final)
        except OSError as wrong:
            raise _unwritten(wrong) from wrong

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


def _copy(source: BinaryIO | FileIO, number: int, left: int) -> str:
    """Reading fails with what the source says, writing with a ChannelError."""
    digest = hashlib.sha256()
    while left and (some := source.read(min(CHUNK, left))):
        digest.update(some)
        _write(number, some)
        left -= len(some)
    return digest.hexdigest()


def _write(number: int, some: bytes) -> None:
    try:
        while some:
            some = some[os.write(number, some) :]
    except OSError as wrong:
        raise _unwritten(wrong) from wrong


def _unwritten(wrong: OSError) -> ChannelError:
    return of_the_disk(wrong) or ChannelBusy(f"Không lưu được bản gốc: {wrong.strerror}.")
