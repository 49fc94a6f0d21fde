"""A file that opens with a password only: AES-256-GCM in chunks, so that it can be read anywhere.

    with StrongWriter(path.open("wb"), password) as box: box.write(b"…")
    with StrongReader(path.open("rb"), password) as box: box.seek(100); box.read(20)

The key is made of the password by scrypt (32 MiB a try). A chunk that was altered, moved, left out
or cut off at the end is refused when it is read: `BoxRefused`.
"""

from __future__ import annotations

import io
import os
from struct import Struct
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from channels.errors import ChannelRefused

MAGIC = b"TDKTKHO1"
CHUNK, TAG = 64 * 1024, 16
SALT, PREFIX = 16, 7
_HEAD = len(MAGIC) + SALT + PREFIX
_COUNT = Struct(">I?")  # which chunk, and whether it is the last


class BoxRefused(ChannelRefused):
    """The password is another one, or the file was damaged or altered."""


def is_box(beginning: bytes) -> bool:
    return beginning.startswith(MAGIC)


def _key(password: str, salt: bytes) -> AESGCM:
    return AESGCM(Scrypt(salt=salt, length=32, n=2**15, r=8, p=1).derive(password.encode()))


class StrongWriter(io.RawIOBase):
    """Writes to `file`, which it closes."""

    def __init__(self, file: BinaryIO, password: str) -> None:
        salt, self._prefix = os.urandom(SALT), os.urandom(PREFIX)
        self._file, self._box = file, _key(password, salt)
        self._left, self._n = bytearray(), 0
        file.write(MAGIC + salt + self._prefix)

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        view = memoryview(data)  # type: ignore[arg-type]
        self._left += view
        while len(self._left) > CHUNK:  # one chunk at least is kept: the last bears a mark
            self._seal(bytes(self._left[:CHUNK]), last=False)
            del self._left[:CHUNK]
        return view.nbytes

    def close(self) -> None:
        if not self.closed:
            self._seal(bytes(self._left), last=True)
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
        super().close()

    def _seal(self, data: bytes, *, last: bool) -> None:
        nonce = self._prefix + _COUNT.pack(self._n, last)
        self._file.write(self._box.encrypt(nonce, data, None))
        self._n += 1


class StrongReader(io.RawIOBase):
    """Reads from `file`, which it closes. Raises BoxRefused, at once for a wrong password."""

    def __init__(self, file: BinaryIO, password: str) -> None:
        self._file = file
        head = file.read(_HEAD)
        if len(head) < _HEAD or not is_box(head):
            raise BoxRefused("Đây không phải là tệp có mật khẩu của chương trình.")
        salt = head[len(MAGIC) : len(MAGIC) + SALT]
        self._prefix, self._box = head[-PREFIX:], _key(password, salt)
        sealed = file.seek(0, io.SEEK_END) - _HEAD
        self._chunks = max(1, -(-sealed // (CHUNK + TAG)))
        self._size = sealed - self._chunks * TAG
        self._at, self._kept = 0, (-1, b"")
        self._chunk(
            self._chunks - 1
        )  # the last one bears the mark: the password is right, all there

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, into: object) -> int:
        view = memoryview(into).cast("B")  # type: ignore[arg-type]
        if self._at >= self._size:
            return 0
        n, offset = divmod(self._at, CHUNK)
        some = self._chunk(n)[offset : offset + len(view)]
        view[: len(some)] = some
        self._at += len(some)
        return len(some)

    def close(self) -> None:
        self._file.close()
        super().close()

    def _chunk(self, n: int) -> bytes:
        if self._kept[0] != n:
            self._file.seek(_HEAD + n * (CHUNK + TAG))
            sealed = self._file.read(CHUNK + TAG)
            nonce = self._prefix + _COUNT.pack(n, n == self._chunks - 1)
            try:
                self._kept = n, self._box.decrypt(nonce, sealed, None)
            except InvalidTag:
                raise BoxRefused(
                    "Mật khẩu không đúng, hoặc tệp đã hỏng hay bị sửa: không mở được."
                ) from None
        return self._kept[1]
