"""The original bytes of everything received, kept for ever under their hash.

    originals.keep_file(path)   -> KeptOriginal(sha256="ab12…", place="ab/ab12…")

Bytes are streamed: memory does not grow with a file. Of a file beyond the largest that is ever
opened only the beginning is kept, enough to know it again; the file itself stays in its inbox.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

CHUNK = 1 << 20
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
        """Copies the bytes once, whole or not at all. Raises OSError where they cannot be read."""
        with path.open("rb") as source:
            return self.keep_stream(source)

    def keep_bytes(self, data: bytes, most: int = MOST_KEPT) -> KeptOriginal:
        return self.keep_stream(BytesIO(data), most)

    def keep_stream(self, source: BinaryIO, most: int = MOST_KEPT) -> KeptOriginal:
        """The same for a file that is open already; `most` is how much of it is kept."""
        self.folder.mkdir(parents=True, exist_ok=True)
        number, half = tempfile.mkstemp(dir=self.folder, suffix=".part")
        part = Path(half)
        try:
            with os.fdopen(number, "wb") as kept:
                sha = _copy(source, kept, most)
            place = f"{sha[:2]}/{sha}"
            final = self.path(place)
            final.parent.mkdir(exist_ok=True)
            part.replace(final)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        return KeptOriginal(sha, place)

    def path(self, place: str) -> Path:
        return self.folder / place

    def find(self, sha256: str) -> bytes | None:
        """What was kept under a hash, or the beginning of one; None if nothing was."""
        for path in sorted((self.folder / sha256[:2]).glob(f"{sha256}*")):
            return path.read_bytes()
        return None


def _copy(source: BinaryIO, kept: BinaryIO, left: int) -> str:
    digest = hashlib.sha256()
    while left and (some := source.read(min(CHUNK, left))):
        digest.update(some)
        kept.write(some)
        left -= len(some)
    return digest.hexdigest()
