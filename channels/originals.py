"""The original bytes of everything received, kept for ever under their hash.

originals.keep(data)   -> "ab/ab12…": where it lies below the folder
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path


def sha256_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@dataclass(frozen=True, slots=True)
class Originals:
    folder: Path

    def keep(self, data: bytes) -> str:
        """Writes the bytes once, whole or not at all, and says where they lie."""
        sha = sha256_of(data)
        place = f"{sha[:2]}/{sha}"
        path = self.folder / place
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            half = path.with_name(f"{sha}.{os.getpid()}.part")
            half.write_bytes(data)
            half.replace(path)
        return place

    def path(self, place: str) -> Path:
        return self.folder / place
