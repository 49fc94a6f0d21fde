"""An inbox that is a folder: units, or whoever serves them, put workbooks there.

    for arrival in Folder(Path("/srv/tdkt/inbox")).arrivals(known=ids): ...    arrival.name

Nothing is moved or deleted: what was taken is known by its path, size and time of change. A file
that cannot be read just now (locked, gone again) is left for the next round and never stops the
others. A link is never followed: whoever may put a file here must not choose which file of this
machine is read in its place.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePath
from stat import S_ISREG

from channels.errors import ChannelRefused
from channels.originals import KeptOriginal, Originals

NOT_REPORTS = (".", "~$")  # hidden files, and the lock files that office suites leave beside a file
LAST = datetime.max.replace(tzinfo=UTC)
TAKEN_ENDINGS = {".tmp", ".part", ".crdownload"}  # still being copied


@dataclass(frozen=True, slots=True)
class Arrival:
    """One file as it came. `channel` and `channel_id` name it once; `received_at` is UTC."""

    channel: str
    channel_id: str
    path: Path
    size: int
    received_at: datetime

    @property
    def name(self) -> str:
        return in_letters(self.path.name)

    def kept_in(self, originals: Originals) -> KeptOriginal | None:
        """Its bytes, kept for ever; None where they cannot be read just now."""
        try:
            return originals.keep_file(self.path)
        except OSError:
            return None


@dataclass(frozen=True, slots=True)
class Folder:
    path: Path

    def arrivals(self, known: Collection[str] = ()) -> Iterator[Arrival]:
        """The files not taken before, oldest first. Raises ChannelRefused where there is no such
        folder or it may not be read."""
        try:
            paths = list(self.path.iterdir())
        except FileNotFoundError as wrong:
            raise ChannelRefused(
                f"Không thấy hộp thư đến {self.path}. Hãy tạo thư mục này hoặc sửa TDKT_INBOX."
            ) from wrong
        except NotADirectoryError as wrong:
            raise ChannelRefused(f"{self.path} không phải là thư mục.") from wrong
        except OSError as wrong:
            raise ChannelRefused(
                f"Không đọc được hộp thư đến {self.path}. Hãy cấp quyền đọc thư mục này."
            ) from wrong
        found = filter(None, map(_arrival, filter(is_report, paths)))
        yield from sorted(
            (one for one in found if one.channel_id not in known),
            key=lambda one: (one.received_at, one.name),
        )

    def links(self) -> list[str]:
        """The names of the links in it, which are never read."""
        return sorted(in_letters(path.name) for path in self.path.iterdir() if path.is_symlink())


def is_report(path: PurePath) -> bool:
    """Whether a file may be a report: not hidden, not a lock, not still being copied."""
    return not path.name.startswith(NOT_REPORTS) and path.suffix.lower() not in TAKEN_ENDINGS


def in_letters(name: str) -> str:
    """A name as it can be written down: bytes that are no UTF-8 (as zip programs leave names of old
    code pages) and signs that a screen would obey are spelt out."""
    if name.isprintable():  # no lone surrogate is
        return name
    return "".join(
        c if c.isprintable() else c.encode("unicode_escape", "surrogatepass").decode() for c in name
    )


def _arrival(path: Path) -> Arrival | None:
    """None for what is no plain file, or is gone again."""
    try:
        stat = path.lstat()
    except OSError:
        return None
    if not S_ISREG(stat.st_mode):
        return None
    place = str(path).encode("utf-8", "backslashreplace").decode()
    identity = f"{place}|{stat.st_size}|{stat.st_mtime_ns}"
    try:
        changed = datetime.fromtimestamp(stat.st_mtime, UTC)
    except (OverflowError, ValueError, OSError):  # some file systems keep years past 9999
        changed = LAST
    return Arrival("folder", identity, path, stat.st_size, changed)
