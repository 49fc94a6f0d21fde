"""A workbook's zip, with a few parts exchanged and the rest copied as they lie, still compressed.

    package = Package(data)
    package.text("xl/workbook.xml")            -> "<?xml …"
    package.with_parts({"xl/workbook.xml": b"…"})  -> the bytes of the new workbook

    package.with_open({"xl/workbook.xml": b"…"}, {})   the same, parts uncompressed: for a parser

Recompressing a whole workbook costs more than writing one sheet (lab, ingest.md 2.1), so only what
changed is compressed. Every date inside is 1980-01-01: the same content has the same hash.
A part is never inflated beyond the size that the zip states for it. What a stranger made is the
guard's: it looks at the sizes before it asks for a part.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Mapping
from typing import NamedTuple

from isal import isal_zlib
from isal.igzip_lib import IsalError

from channels.zip_directory import Directory, Entry, directory

# What zipfile and its helpers raise, between them, for a zip that is none or lies about itself; a
# password is a RuntimeError of its own.
BROKEN = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError),
    *(NotImplementedError, IndexError, OverflowError),
)
_LOCAL = struct.Struct("<4s5H3I2H")
_LENGTHS = struct.Struct("<2H")  # of the name and of what is added to it
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_FIRST_DAY = (1 << 5) | 1  # 1980-01-01 as MS-DOS writes it
_UTF8_NAME = 0x800
_LEVEL = 6
_STORED, _DEFLATED = 0, 8
_LOCKED = 1  # the flag of a part with a password


Seal = tuple[bytes, int, int, int, int]


class _Member(NamedTuple):
    name: bytes
    method: int
    crc: int
    size: int
    packed: bytes
    flags: int = 0


class Package:
    """The members of one zip, each kept compressed until somebody asks for it."""

    def __init__(self, data: bytes, entries: Directory = ()) -> None:
        """`entries` are the directory of the same zip where somebody has read it already. Raises
        zipfile.BadZipFile for what is none."""
        self._members = {one.filename: _member(data, one) for one in entries or directory(data)}

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._members)

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def read(self, name: str) -> bytes:
        """The content of one part. Raises KeyError where there is none of that name, RuntimeError
        for one with a password, NotImplementedError for another compression than deflate,
        zipfile.BadZipFile for what cannot be inflated."""
        return _content(self._members[name])

    def seal(self, name: str) -> Seal:
        """What `read` makes the content of one part from, and the sum stated for it: equal seals,
        equal contents, sound or not alike. Raises KeyError."""
        member = self._members[name]
        return member.packed, member.method, member.size, member.flags, member.crc

    def text(self, name: str) -> str:
        return self.read(name).decode("utf-8")

    def with_parts(self, parts: Mapping[str, bytes]) -> bytes:
        """The same zip with these parts in place of their namesakes, or added at the end."""
        fresh = {name: _packed(name, content) for name, content in parts.items()}
        return _written({**self._members, **fresh})

    def is_sound(self, name: str, content: bytes) -> bool:
        """Whether this is the content whose sum the zip states for a part. Raises KeyError."""
        return self._members[name].crc == isal_zlib.crc32(content)

    def with_open(self, parts: Mapping[str, bytes], changed: Mapping[str, bytes]) -> bytes:
        """The same zip with these parts, which it has, laid in as they are; the sums by which a
        reader tells damage stay those of the original, but for those of them that are `changed`."""
        members = self._members
        laid_in = {
            name: _Member(members[name].name, _STORED, members[name].crc, len(content), content)
            for name, content in parts.items()
            if name not in changed
        }
        for name, content in changed.items():
            crc = isal_zlib.crc32(content)
            laid_in[name] = _Member(members[name].name, _STORED, crc, len(content), content)
        return _written({**members, **laid_in})


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """A new zip of these parts, in this order."""
    return _written({name: _packed(name, content) for name, content in parts.items()})


def _member(data: bytes, one: Entry | zipfile.ZipInfo) -> _Member:
    name_length, extra_length = _LENGTHS.unpack_from(data, one.header_offset + 26)
    start = one.header_offset + _LOCAL.size + name_length + extra_length
    packed = data[start : start + one.compress_size]
    name = one.filename.encode("utf-8")
    return _Member(name, one.compress_type, one.CRC, one.file_size, packed, one.flag_bits)


def _content(member: _Member) -> bytes:
    if member.flags & _LOCKED:
        raise RuntimeError("a part with a password")
    if member.method == _STORED:
        return member.packed
    if member.method != _DEFLATED:
        raise NotImplementedError(f"compression {member.method}")
    try:
        unpacker = isal_zlib.decompressobj(-15)
        content: bytes = unpacker.decompress(member.packed, max(1, member.size))
    except IsalError as wrong:  # type: ignore[misc]
        raise zipfile.BadZipFile(f"{member.name!r} cannot be inflated") from wrong
    return content


def _packed(name: str, content: bytes) -> _Member:
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, -15)
    packed = packer.compress(content) + packer.flush()
    return _Member(name.encode("utf-8"), _DEFLATED, zlib.crc32(content), len(content), packed)


def _written(members: Mapping[str, _Member]) -> bytes:
    body: list[bytes] = []
    directory: list[bytes] = []
    offset = 0
    for name, method, crc, size, packed, _flags in members.values():
        told = (_UTF8_NAME, method, 0, _FIRST_DAY, crc, len(packed), size, len(name))
        body += _LOCAL.pack(b"PK\x03\x04", 20, *told, 0), name, packed
        directory += _CENTRAL.pack(b"PK\x01\x02", 20, 20, *told, 0, 0, 0, 0, 0, offset), name
        offset += _LOCAL.size + len(name) + len(packed)
    count, length = len(members), sum(map(len, directory))
    end = _END.pack(b"PK\x05\x06", 0, 0, count, count, length, offset, 0)
    return b"".join((*body, *directory, end))
