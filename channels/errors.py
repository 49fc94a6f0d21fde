"""What can go wrong between the office and the world.

    ChannelError            the world, or what came from it, is not as it must be
    ├── ChannelBusy         worth another try: a lock, a time-out, a server that says "later"
    │   └── DiskFull        there is no room; when there is, the same run goes on
    ├── ChannelRefused      never by trying again: a wrong file, an address that does not exist
    └── LibraryError        regulations/ does not load or does not add up

A library's own exceptions are translated once, in the channel that uses it. The message is
Vietnamese: it names the thing, what was found and what to do.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager


class ChannelError(Exception):
    """Any failure of a channel."""


class ChannelBusy(ChannelError):
    """The other side may take it later; only this one is retried."""


class ChannelRefused(ChannelError):
    """Trying again will not help; a person must act."""


class LibraryError(ChannelError):
    """A regulation is missing, cannot be parsed, or contradicts itself."""


class DiskFull(ChannelBusy):
    """What is to be kept has no room; what was kept before stays."""


WHY = {  # what the system says of a place, in the words of an official
    errno.EEXIST: "ở đó đang có một tệp, cần một thư mục",
    errno.ENOTDIR: "một phần của đường dẫn là tệp, không phải thư mục",
    errno.EISDIR: "đó là một thư mục, cần một tệp",
    errno.ENAMETOOLONG: "tên quá dài",
    errno.ELOOP: "lối tắt dẫn vòng về chính nó",
    errno.ENOENT: "không có chỗ ấy",
    errno.EACCES: "không có quyền",
    errno.EPERM: "không có quyền",
    errno.EROFS: "ổ đĩa chỉ cho đọc",
    errno.EBUSY: "đang có chương trình khác dùng",
    errno.EIO: "ổ đĩa có lỗi",
    errno.ENOSPC: "đĩa đã đầy",
    errno.EDQUOT: "hết hạn mức đĩa",
    errno.ENOMEM: "máy hết bộ nhớ",
    errno.EAGAIN: "máy đang quá bận",
    errno.EMFILE: "chương trình mở quá nhiều tệp",
}
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
CLOSED = (errno.EROFS, errno.EACCES, errno.EPERM)


def of_the_disk(wrong: OSError) -> ChannelError | None:
    """A disk that is full or closed in words for a person, None for anything else."""
    where = f" ({wrong.filename})" if wrong.filename else ""
    if wrong.errno in FULL:
        return DiskFull(
            f"Đĩa đã đầy, hoặc hết hạn mức{where}: không ghi thêm được. Hãy dọn bớt rồi chạy lại "
            "đúng lệnh cũ; những gì đã ghi vẫn còn."
        )
    if wrong.errno in CLOSED:
        return ChannelRefused(
            f"Không có quyền ghi, hoặc ổ đĩa chỉ cho đọc{where}. Hãy sửa quyền của thư mục rồi "
            "chạy lại đúng lệnh cũ."
        )
    return None


def why(wrong: OSError) -> str:
    """The reason alone, to end a sentence with."""
    return WHY.get(wrong.errno or 0) or wrong.strerror or type(wrong).__name__


@contextmanager
def disks_said_plainly() -> Iterator[None]:
    """Turns what the system says of a disk into a ChannelError; anything else passes through."""
    try:
        yield
    except OSError as wrong:
        if said := of_the_disk(wrong):
            raise said from wrong
        raise
