"""What can go wrong with the book, in words that say what to do.

    BookError
    ├── BookMissing       the file or the server is not there
    ├── BookNotMigrated   its tables are of another age than the program
    └── BookBusy          another run holds it; worth another try

No message shows the user, the password or the parameters of a statement.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

POSTGRESQL = "postgresql+psycopg"
BUSY = ("locked", "busy", "deadlock", "serialize", "timeout")
FULL = ("disk is full", "no space left", "disk i/o error", "could not extend file")
NO_TABLE = ("no such table", "no such column", "does not exist")


class BookError(Exception):
    """The book cannot be used; the message is Vietnamese and says what to do."""


class BookMissing(BookError):
    """The file or the server is not there."""


class BookNotMigrated(BookError):
    """The tables are absent, or of another age than the program."""


class BookBusy(BookError):
    """Another run has held the book for too long; trying again is worth it."""


def parsed(url: str) -> URL:
    """The URL of the book. Raises BookError without repeating a text that may hold a password."""
    try:
        parts = make_url(url)
        if parts.drivername in ("postgres", "postgresql"):  # as most programs write it
            parts = parts.set(drivername=POSTGRESQL)
        parts.get_dialect()
    except (ArgumentError, NoSuchModuleError, ImportError, ValueError):
        raise BookError(
            "Địa chỉ sổ dữ liệu (TDKT_DATABASE_URL) không đọc được. Ví dụ đúng: "
            "sqlite:///duong/dan/office.db hoặc postgresql+psycopg://nguoi_dung:mat_khau@may/so."
        ) from None
    if parts.get_backend_name() not in ("sqlite", "postgresql"):
        raise BookError(
            f"Sổ dữ liệu chỉ dùng SQLite hoặc PostgreSQL, không dùng “{parts.get_backend_name()}”. "
            "Hãy sửa TDKT_DATABASE_URL."
        )
    if "@" in (parts.host or ""):  # what is read as the host is the end of a password
        raise BookError(
            "Địa chỉ sổ dữ liệu (TDKT_DATABASE_URL) có hai dấu @: dấu @ nằm trong mật khẩu phải "
            "viết là %40 (dấu / là %2F, dấu # là %23, dấu % là %25)."
        )
    return parts


def place_of(url: URL) -> str:
    """Where the book lies, without user, password or options."""
    if url.get_backend_name() == "sqlite":
        return url.database or ":memory:"
    port = f":{url.port}" if url.port else ""
    return f"postgresql://{url.host or 'máy này'}{port}/{url.database or ''}"


def missing(url: URL) -> BookMissing:
    if url.get_backend_name() == "sqlite":
        return BookMissing(
            f"Không mở được sổ dữ liệu ở {place_of(url)}. Nếu chưa lập sổ, hãy chạy “tdkt init”; "
            "nếu đã lập, hãy kiểm tra đường dẫn và quyền đọc, ghi."
        )
    return BookMissing(
        f"Không nối được tới sổ dữ liệu {place_of(url)}. Hãy kiểm tra máy chủ PostgreSQL có chạy "
        "không, tên sổ, tài khoản và mật khẩu trong TDKT_DATABASE_URL."
    )


def not_migrated(url: URL, found: str | None) -> BookNotMigrated:
    state = f"đang ở bước {found}" if found else "chưa có bảng nào của chương trình"
    return BookNotMigrated(
        f"Sổ dữ liệu {place_of(url)} {state}. Hãy chạy “tdkt init” để cập nhật các bảng "
        "(dữ liệu đã có được giữ nguyên)."
    )


@contextmanager
def said_plainly(engine: Engine) -> Iterator[None]:
    """Turns what the database says into a BookError; any other exception passes through."""
    driver_error: type[Exception] = engine.dialect.loaded_dbapi.Error
    try:
        yield
    except (DBAPIError, driver_error) as wrong:
        raise _meaning(wrong, engine.url) from wrong


def _all_said(wrong: BaseException | None) -> Iterator[str]:
    """What the database said, the last first, and what before that made somebody ask it again."""
    while isinstance(wrong, Exception):
        yield str(getattr(wrong, "orig", None) or wrong).splitlines()[0].lower()
        wrong = wrong.__cause__ or wrong.__context__


def _meaning(wrong: Exception, url: URL) -> BookError:
    # `orig` is the driver's own error; the outer text would repeat the statement.
    said = str(getattr(wrong, "orig", None) or wrong).splitlines()[0]
    low = said.lower()
    # On a full disk SQLite takes everything back; whoever tidies up then misses a table.
    if any(word in first for first in _all_said(wrong) for word in FULL):
        return BookBusy(
            f"Đĩa chứa sổ dữ liệu {place_of(url)} đã đầy hoặc có lỗi: lần ghi này chưa được giữ. "
            "Hãy dọn bớt (hay kiểm tra đĩa) rồi chạy lại đúng lệnh cũ."
        )
    if any(word in low for word in BUSY):
        return BookBusy(
            f"Sổ dữ liệu {place_of(url)} đang bận vì một lượt chạy khác. "
            "Hãy đợi lượt đó xong rồi chạy lại."
        )
    if any(word in low for word in NO_TABLE):
        return not_migrated(url, None)
    if "unable to open" in low or "readonly" in low or "not a database" in low:
        return missing(url)
    return BookError(
        f"Sổ dữ liệu {place_of(url)} từ chối ghi ({type(wrong).__name__}). Chưa có gì thay đổi; "
        "hãy xem nhật ký và báo người quản trị."
    )
