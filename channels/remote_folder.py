"""An inbox that is a folder on another machine, reached through fsspec.

    for arrival in sftp_server("sftp://ten:mk@may.tinh.gov.vn/bao-cao").arrivals(known): ...

As with a folder of this machine nothing is moved or deleted: what was taken is known by its place,
size and time of change (or the server's own mark of its content). No message repeats the address.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from fsspec import AbstractFileSystem, get_filesystem_class
from fsspec.core import url_to_fs
from fsspec.registry import known_implementations

from channels.errors import ChannelBusy, ChannelError, ChannelRefused
from channels.folder import in_letters, is_report
from channels.originals import KeptOriginal, Originals

CONNECT_SECONDS = 20
# How servers call the time a file was changed, and their own mark of its content.
CHANGED = ("mtime", "modified", "LastModified", "last_modified", "updated", "created")
MARKS = ("ETag", "etag", "md5", "checksum")
EXTRAS = {"s3": "s3fs", "s3a": "s3fs", "webdav": "webdav4", "gs": "gcsfs", "abfs": "adlfs"}
Opened = tuple[AbstractFileSystem, str]


@dataclass(frozen=True, slots=True)
class RemoteArrival:
    """One file as it came; see channels/inboxes.py."""

    channel: str
    channel_id: str
    path: str
    size: int
    received_at: datetime
    server: AbstractFileSystem = field(repr=False, compare=False)

    @property
    def name(self) -> str:
        return in_letters(PurePosixPath(self.path).name)

    def kept_in(self, originals: Originals) -> KeptOriginal | None:
        """Its bytes, kept for ever; None where they cannot be read just now."""
        try:
            with self.server.open(self.path, "rb") as source:
                return originals.keep_stream(source)
        except ChannelError:  # of this machine, not of the server
            raise
        except Exception:  # every kind of server has errors of its own; the next round tries again
            return None


@dataclass(frozen=True, slots=True)
class RemoteFolder:
    """`where` is shown to people and bears no secret; `open` connects."""

    where: str
    open: Callable[[], Opened] = field(repr=False)

    def arrivals(self, known: Collection[str] = ()) -> Iterator[RemoteArrival]:
        """The files not taken before, oldest first. Raises ChannelRefused where the folder is not
        there or may not be read, ChannelBusy where the server does not answer."""
        with _said_plainly(self.where):
            server, root = self.open()
            entries = server.ls(root, detail=True)
        files = [entry for entry in entries if _is_file(entry)]
        found = [_arrival(self.where, entry, server) for entry in files]
        yield from sorted(
            (one for one in found if one.channel_id not in known),
            key=lambda one: (one.received_at, one.name),
        )


def sftp_server(address: str) -> RemoteFolder:
    """A folder over SSH. The server's key must be known: ~/.ssh/known_hosts, or ?known_hosts=."""
    parts, query = _split(address)
    options: dict[str, Any] = {
        "port": parts.port or 22,
        "known_hosts": query.get("known_hosts", ()),
    }
    options |= {"username": unquote(parts.username)} if parts.username else {}
    options |= {"password": unquote(parts.password)} if parts.password else {}
    options |= {"client_keys": [query["key"]]} if "key" in query else {}

    def connected() -> Opened:
        from sshfs import SSHFileSystem  # cryptography is slow to load and rarely wanted

        server = SSHFileSystem(
            parts.hostname, skip_instance_cache=True, timeout=CONNECT_SECONDS, **options
        )
        return server, unquote(parts.path) or "."

    return RemoteFolder(_shown(parts), connected)


def webdav_server(address: str) -> RemoteFolder:
    """A folder over WebDAV; webdavs:// is the same over TLS."""
    parts, _ = _split(address)
    safe = "https" if parts.scheme == "webdavs" else "http"
    port = f":{parts.port}" if parts.port else ""
    signed = (unquote(parts.username or ""), unquote(parts.password or ""))

    def connected() -> Opened:
        options = {"auth": signed} if signed[0] else {}
        kind = get_filesystem_class("webdav")
        base = f"{safe}://{parts.hostname}{port}{parts.path}"
        return kind(base, skip_instance_cache=True, timeout=CONNECT_SECONDS, **options), ""

    return RemoteFolder(_shown(parts), connected)


def any_server(address: str) -> RemoteFolder:
    """Whatever else fsspec knows; who we are is told by that kind's own settings."""
    parts, _ = _split(address)
    if parts.scheme not in known_implementations:
        raise ChannelRefused(
            f"Chưa hỗ trợ hộp thư đến kiểu {parts.scheme}://. Hãy đặt TDKT_INBOX là một thư mục, "
            "sftp://…, s3://…, webdavs://… hoặc imaps://…."
        )

    def connected() -> Opened:
        server, root = url_to_fs(address, use_listings_cache=False, skip_instance_cache=True)
        return server, str(root)

    return RemoteFolder(_shown(parts), connected)


def _split(address: str) -> tuple[SplitResult, Mapping[str, str]]:
    # `from None`: urllib's own message quotes the address, password and all.
    try:
        parts = urlsplit(address.strip())
        _ = parts.port
    except ValueError:
        raise ChannelRefused(
            "Địa chỉ hộp thư đến (TDKT_INBOX) viết sai tên máy chủ hoặc cổng. "
            "Ví dụ đúng: sftp://ten:matkhau@may.tinh.gov.vn:22/bao-cao"
        ) from None
    return parts, {name: values[-1] for name, values in parse_qs(parts.query).items()}


def _shown(parts: SplitResult) -> str:
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{parts.hostname or ''}{port}{parts.path}"


@contextlib.contextmanager
def _said_plainly(where: str) -> Iterator[None]:
    """A server's own errors as ours, once, for every kind of server."""
    try:
        yield
    except ChannelError:
        raise
    except ImportError:
        raise ChannelRefused(_missing_extra(where.partition("://")[0])) from None
    except (FileNotFoundError, NotADirectoryError):
        raise ChannelRefused(
            f"Không thấy thư mục {where}. Hãy tạo thư mục này hoặc sửa TDKT_INBOX."
        ) from None
    except Exception as wrong:
        raise _translated(where, wrong) from None


def _missing_extra(scheme: str) -> str:
    extra = EXTRAS.get(scheme.removesuffix("s") if scheme == "webdavs" else scheme, "")
    wanted = f"thư viện {extra}" if extra else "thư viện đi kèm"
    told = f" Hãy chạy: .venv/bin/python -m pip install {extra}" if extra else ""
    return f"Hộp thư đến kiểu {scheme}:// cần thêm {wanted}, máy này chưa có.{told}"


def _translated(where: str, wrong: Exception) -> ChannelError:
    kind = type(wrong).__name__
    if kind == "HostKeyNotVerifiable":
        return ChannelRefused(
            f"Chưa biết khóa của máy chủ {where} nên không kết nối. Hãy hỏi người quản trị, rồi "
            "thêm khóa đó vào ~/.ssh/known_hosts (ssh-keyscan) hoặc vào tệp nêu ở ?known_hosts=."
        )
    status = getattr(wrong, "status_code", None)  # of WebDAV's HTTPError
    if isinstance(wrong, PermissionError) or kind in REFUSALS or status in (401, 403):
        return ChannelRefused(
            f"Máy chủ không cho đọc {where}. Hãy xem lại tên, mật khẩu hoặc khóa và quyền đọc."
        )
    return ChannelBusy(f"Chưa kết nối được {where} ({kind}). Sẽ thử lại.")


REFUSALS = ("PermissionDenied", "NoCredentialsError", "ClientError", "KeyImportError")


def _is_file(entry: Mapping[str, Any]) -> bool:
    return entry.get("type") == "file" and is_report(PurePosixPath(str(entry["name"])))


def _arrival(where: str, entry: Mapping[str, Any], server: AbstractFileSystem) -> RemoteArrival:
    path, size = str(entry["name"]), int(entry.get("size") or 0)
    changed = _instant(next((entry[key] for key in CHANGED if entry.get(key)), None))
    mark = next((str(entry[key]) for key in MARKS if entry.get(key)), changed or "")
    scheme, _, place = where.partition("://")
    known = path.encode("utf-8", "backslashreplace").decode()
    identity = f"{place.partition('/')[0]}|{known}|{size}|{mark}"
    return RemoteArrival(scheme, identity, path, size, changed or datetime.now(UTC), server)


def _instant(told: Any) -> datetime | None:
    if isinstance(told, str):
        with contextlib.suppress(ValueError):
            told = datetime.fromisoformat(told)
    if isinstance(told, int | float):
        return datetime.fromtimestamp(told, UTC)
    if isinstance(told, datetime):
        return told.astimezone(UTC) if told.tzinfo else told.replace(tzinfo=UTC)
    return None
