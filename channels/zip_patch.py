"""A workbook's zip, with a few parts exchanged and the rest copied as they lie, still compressed.

    package = Package(data)
    package.text("xl/workbook.xml")            -> "<?xml …"
    package.with_parts({"xl/workbook.xml": b"…"})  -> the bytes of the new workbook

Recompressing a whole workbook costs more than writing one sheet (lab, ingest.md 2.1), so only what
changed is compressed. Every date inside is 1980-01-01: the same content has the same hash.
Only for zips that we made ourselves; what a stranger made goes through the guard first.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_FIRST_DAY = (1 << 5) | 1  # 1980-01-01 as MS-DOS writes it
_UTF8_NAME = 0x800
_LEVEL = 6


@dataclass(frozen=True, slots=True)
class _Member:
    name: bytes
    method: int
    crc: int
    size: int
    packed: bytes


class Package:
    """The members of one zip, each kept compressed until somebody asks for it."""

    def __init__(self, data: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            self._members = {info.filename: _member(data, info) for info in archive.infolist()}

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._members)

    def read(self, name: str) -> bytes:
        """The content of one part. Raises KeyError where there is none of that name."""
        member = self._members[name]
        return member.packed if member.method == 0 else zlib.decompress(member.packed, -15)

    def text(self, name: str) -> str:
        return self.read(name).decode("utf-8")

    def with_parts(self, parts: Mapping[str, bytes]) -> bytes:
        """The same zip with these parts in place of their namesakes, or added at the end."""
        fresh = {name: _packed(name, content) for name, content in parts.items()}
        return _written({**self._members, **fresh})


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """A new zip of these parts, in this order."""
    return _written({name: _packed(name, content) for name, content in parts.items()})


def _member(data: bytes, info: zipfile.ZipInfo) -> _Member:
    name_length, extra_length = struct.unpack_from("<2H", data, info.header_offset + 26)
    start = info.header_offset + _LOCAL.size + name_length + extra_length
    packed = data[start : start + info.compress_size]
    return _Member(
        info.filename.encode("utf-8"), info.compress_type, info.CRC, info.file_size, packed
    )


def _packed(name: str, content: bytes) -> _Member:
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, -15)
    packed = packer.compress(content) + packer.flush()
    return _Member(name.encode("utf-8"), 8, zlib.crc32(content), len(content), packed)


def _written(members: Mapping[str, _Member]) -> bytes:
    body, directory = bytearray(), bytearray()
    for member in members.values():
        directory += _central(member, len(body))
        body += _local(member) + member.name + member.packed
    count = len(members)
    end = _END.pack(b"PK\x05\x06", 0, 0, count, count, len(directory), len(body), 0)
    return bytes(body + directory + end)


def _local(member: _Member) -> bytes:
    sizes = (member.crc, len(member.packed), member.size)
    return _LOCAL.pack(
        b"PK\x03\x04", 20, _UTF8_NAME, member.method, 0, _FIRST_DAY, *sizes, len(member.name), 0
    )


def _central(member: _Member, offset: int) -> bytes:
    sizes = (member.crc, len(member.packed), member.size)
    head = (b"PK\x01\x02", 20, 20, _UTF8_NAME, member.method, 0, _FIRST_DAY)
    return _CENTRAL.pack(*head, *sizes, len(member.name), 0, 0, 0, 0, 0, offset) + member.name
