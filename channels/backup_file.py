"""One file that holds a whole office: a zip with a signed manifest, locked with a password or not.

    with BackupWriter(path, password="") as made:
        made.add("book/units.jsonl", lines)
        made.add_file("office.toml", folder / "office.toml")
        made.finish({"step": "0018", …}, key)
    with BackupReader(path, password="") as kept:
        kept.manifest["step"], list(kept.lines("book/units.jsonl")), kept.extract("office.toml", to)

The manifest names every member with its size and sha256; what is read is held to it. A file that is
there is never written over, and no half of one is left behind: it is made under a name of its own
(channels/half_made.py), which goes when the block ends, whatever the block does once it is whole.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Any, BinaryIO, Self, cast

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from channels.errors import ChannelRefused, why
from channels.half_made import alone_at, half_of
from channels.signing import raw_public
from channels.strongbox import MAGIC, StrongReader, StrongWriter, is_box

FORM = "tdkt-backup-1"
MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
PIECE = 1 << 20
_UNREADABLE = (
    *(zipfile.BadZipFile, zlib.error),
    *(KeyError, ValueError, EOFError, OSError, RuntimeError),  # NotImplementedError is one too
)


class BackupRefused(ChannelRefused):
    """The file cannot be written there, or is not a whole, unaltered backup."""


class BackupWriter:
    """Raises BackupRefused where the file is there already or cannot be written."""

    def __init__(self, path: Path, password: str = "") -> None:
        if path.exists():
            raise BackupRefused(f"{path} đã có; không ghi đè. Hãy chọn tên tệp khác.")
        self._path, self._half = path, half_of(path)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            number = os.open(self._half, os.O_WRONLY | os.O_CREAT, 0o600)
            if not alone_at(number):
                os.close(number)
                raise BackupRefused(f"{path} đang được một lượt khác ghi; hãy chờ lượt ấy xong.")
            os.truncate(number, 0)
        except OSError as wrong:
            raise BackupRefused(f"Không ghi được {path}: {why(wrong)}.") from wrong
        raw = os.fdopen(number, "wb")
        self._out: Any = StrongWriter(cast(BinaryIO, raw), password) if password else raw
        self._zip = zipfile.ZipFile(self._out, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
        self._members: dict[str, dict[str, Any]] = {}
        self._finished = False

    def add(self, name: str, pieces: Iterable[bytes]) -> int:
        """Writes a member; returns how many pieces it had."""
        digest, size, count = hashlib.sha256(), 0, 0
        with self._zip.open(name, "w", force_zip64=True) as member:
            for piece in pieces:
                member.write(piece)
                digest.update(piece)
                size += len(piece)
                count += 1
        self._members[name] = {"size": size, "sha256": digest.hexdigest()}
        return count

    def add_file(self, name: str, path: Path) -> None:
        """With the time of its last change: of a file in the inbox, that is when it came. Raises
        OSError where it cannot be read."""
        with path.open("rb") as file:
            changed = os.fstat(file.fileno()).st_mtime_ns
            self.add(name, iter(lambda: file.read(PIECE), b""))
        self._members[name]["changed"] = changed

    def finish(self, said: Mapping[str, Any], key: Ed25519PrivateKey) -> None:
        """Writes the manifest, signed, and puts the file in its place."""
        whole = {"form": FORM, **said, "members": self._members}
        data = json.dumps(whole, ensure_ascii=False, sort_keys=True, indent=1).encode()
        signed = {"key": _text(raw_public(key)), "signature": _text(key.sign(data))}
        self._zip.writestr(MANIFEST, data)
        self._zip.writestr(SIGNATURE, json.dumps(signed))
        self._zip.close()
        self._out.flush()
        if not isinstance(self._out, StrongWriter):
            os.fsync(self._out.fileno())
        self._out.close()
        try:
            os.link(
                self._half, self._path
            )  # unlike a rename, never over a file that came meanwhile
        except FileExistsError:
            raise BackupRefused(f"{self._path} đã có; không ghi đè.") from None
        self._finished = True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        wrong: BaseException | None,
        _t: TracebackType | None,
    ) -> None:
        if not self._finished:
            self._zip.fp = None  # nothing more is written
            self._out.close()
        self._half.unlink(missing_ok=True)
        if isinstance(wrong, OSError):
            raise BackupRefused(f"Không ghi được {self._path}: {why(wrong)}.") from wrong


class BackupReader:
    """Raises BackupRefused, here and when a member is read, for what is not as it was signed."""

    def __init__(self, path: Path, password: str = "") -> None:
        try:
            file: Any = path.open("rb")
            if is_box(file.read(len(MAGIC))):
                file.seek(0)
                if not password:
                    raise BackupRefused(f"{path} có mật khẩu. {HOW}")
                file = io.BufferedReader(StrongReader(file, password))
            file.seek(0)
            self._zip = zipfile.ZipFile(file)
            self.manifest, self.signer = self._signed()
        except ChannelRefused:
            raise
        except _UNREADABLE as wrong:
            raise _damaged(path, wrong) from wrong
        self._path = path
        self.members: Mapping[str, Mapping[str, Any]] = self.manifest["members"]
        if set(self._zip.namelist()) != {*self.members, MANIFEST, SIGNATURE}:
            raise BackupRefused(f"{path}: các tệp bên trong không đúng như đã ký.")
        for name in self.members:
            _safe(name)

    def _signed(self) -> tuple[Mapping[str, Any], bytes]:
        data, signed = self._zip.read(MANIFEST), json.loads(self._zip.read(SIGNATURE))
        key = base64.b64decode(signed["key"])
        try:
            said = base64.b64decode(signed["signature"])
            Ed25519PublicKey.from_public_bytes(key).verify(said, data)
        except InvalidSignature:
            raise BackupRefused("Bản sao lưu đã bị sửa: chữ ký không đúng.") from None
        manifest = json.loads(data)
        if manifest.get("form") != FORM:
            raise BackupRefused("Bản sao lưu do phiên bản chương trình khác lập, không đọc được.")
        return manifest, key

    def pieces(self, name: str) -> Iterator[bytes]:
        """The member's bytes. The last piece comes only if all of it is as it was signed."""
        said, digest, size = self.members[name], hashlib.sha256(), 0
        try:
            with self._zip.open(name) as member:
                while piece := member.read(PIECE):
                    size += len(piece)
                    digest.update(piece)
                    if size > said["size"]:
                        break
                    yield piece
        except _UNREADABLE as wrong:
            raise _damaged(self._path, wrong) from wrong
        if size != said["size"] or digest.hexdigest() != said["sha256"]:
            raise BackupRefused(f"{self._path}: {name} bên trong đã hỏng hay bị sửa.")

    def lines(self, name: str) -> Iterator[bytes]:
        rest = b""
        for piece in self.pieces(name):
            *whole, rest = (rest + piece).split(b"\n")
            yield from whole
        if rest:
            yield rest

    def extract(self, name: str, folder: Path) -> None:
        """Below `folder`, for the office's account alone."""
        path = folder / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(number, "wb") as kept:
            for piece in self.pieces(name):
                kept.write(piece)
        changed = self.members[name].get("changed", 0)
        os.utime(path, ns=(changed, changed))

    def close(self) -> None:
        self._zip.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_wrong: object) -> None:
        self.close()


HOW = "Đặt mật khẩu vào TDKT_BACKUP_PASSWORD (hoặc tệp mà TDKT_BACKUP_PASSWORD_FILE chỉ tới)."


def _safe(name: str) -> None:
    parts = PurePosixPath(name).parts
    if not parts or name.startswith("/") or ".." in parts or "\\" in name or "\0" in name:
        raise BackupRefused(f"Bản sao lưu có tên tệp không được phép: {name[:60]!r}.")


def _damaged(path: Path, wrong: Exception) -> BackupRefused:
    if isinstance(wrong, OSError) and wrong.strerror:
        return BackupRefused(f"Không đọc được {path}: {why(wrong)}.")
    return BackupRefused(f"{path} không phải là bản sao lưu, hoặc đã hỏng.")


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
