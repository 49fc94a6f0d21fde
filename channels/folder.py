"""An inbox that is a folder: units, or whoever serves them, put workbooks there.

    for arrival in Folder(path).arrivals(known=ids): ...    arrival.name, arrival.data

Nothing is moved or deleted: what was taken is known by its path, size and time of change.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from channels.errors import ChannelBusy, ChannelRefused

NOT_REPORTS = (".", "~$")  # hidden files, and the lock files that office suites leave beside a file
TAKEN_ENDINGS = {".tmp", ".part", ".crdownload"}  # still being copied


@dataclass(frozen=True, slots=True)
class Arrival:
    """One file as it came. `channel` and `channel_id` name it once; `received_at` is UTC."""

    channel: str
    channel_id: str
    name: str
    data: bytes
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Folder:
    path: Path

    def arrivals(self, known: Collection[str] = ()) -> Iterator[Arrival]:
        """The files not taken before, oldest first. Raises ChannelRefused where there is no such
        folder or it may not be read, ChannelBusy where a file is locked just now."""
        for path in self._files():
            identity = _identity(path)
            if identity not in known:
                yield self._arrival(path, identity)

    def _files(self) -> list[Path]:
        try:
            files = [path for path in self.path.iterdir() if path.is_file() and _is_report(path)]
            return sorted(files, key=lambda path: (path.stat().st_mtime_ns, path.name))
        except FileNotFoundError as wrong:
            raise ChannelRefused(
                f"Không thấy hộp thư đến {self.path}. Hãy tạo thư mục này hoặc sửa TDKT_INBOX."
            ) from wrong
        except PermissionError as wrong:
            raise ChannelRefused(
                f"Không được phép đọc hộp thư đến {self.path}. Hãy cấp quyền đọc thư mục này."
            ) from wrong
        except NotADirectoryError as wrong:
            raise ChannelRefused(f"{self.path} không phải là thư mục.") from wrong

    def _arrival(self, path: Path, identity: str) -> Arrival:
        try:
            data = path.read_bytes()
        except PermissionError as wrong:
            raise ChannelBusy(f"Tệp {path.name} đang bị khóa, sẽ thử lại ở lượt sau.") from wrong
        changed = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        return Arrival("folder", identity, path.name, data, changed)


def _is_report(path: Path) -> bool:
    return not path.name.startswith(NOT_REPORTS) and path.suffix.lower() not in TAKEN_ENDINGS


def _identity(path: Path) -> str:
    stat = path.stat()
    return f"{path}|{stat.st_size}|{stat.st_mtime_ns}"
