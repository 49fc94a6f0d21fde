"""The directory of a zip: what parts it says it has, where, and how large.

    directory(data)             -> [Entry("xl/workbook.xml", 0, 8, …), …], in the directory's order
    plain_directory(data)       -> the same; None for a zip that is not as spreadsheets are written

zipfile makes an object of fifteen attributes of each part, which costs as much as inflating half of
them. Of a plain zip (one piece from the first byte to the last, no comment, no zip64, names in
ASCII, nothing added to an entry) it says the same as this (tests/test_zip_directory.py); what any
other zip is, zipfile decides.
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Sequence
from typing import NamedTuple

# Not read: who wrote it, the day, the attributes, the number of the disk.
_CENTRAL = struct.Struct("<4s2xBx2H4x3I3H8xI")
_END = struct.Struct("<4s8x2IH")
_ENTRY, _WHOLE, _ZIP64 = b"PK\x01\x02", b"PK\x05\x06", b"PK\x06\x07"
_NEWEST = 63  # of the versions of zip: what zipfile reads


class Entry(NamedTuple):
    """One part, by the names that zipfile.ZipInfo has for the same."""

    filename: str
    flag_bits: int
    compress_type: int
    CRC: int
    compress_size: int
    file_size: int
    header_offset: int


Directory = Sequence[Entry | zipfile.ZipInfo]


def directory(data: bytes) -> Directory:
    """Raises what zipfile raises for what is no zip."""
    return plain_directory(data) or zipfile.ZipFile(io.BytesIO(data)).infolist()


def plain_directory(data: bytes) -> list[Entry] | None:
    end = len(data) - _END.size
    if end < 0:
        return None
    mark, size, at, comment = _END.unpack_from(data, end)
    if mark != _WHOLE or comment or at + size != end or data[end - 20 : end - 16] == _ZIP64:
        return None
    entries = []
    while at + _CENTRAL.size <= end:
        mark, version, flags, method, crc, packed, full, named, added, note, offset = (
            _CENTRAL.unpack_from(data, at)
        )
        at += _CENTRAL.size + named
        name = data[at - named : at]
        if mark != _ENTRY or version > _NEWEST or added or note or not _is_plain(name):
            return None
        entries.append(Entry(name.decode("ascii"), flags, method, crc, packed, full, offset))
    return entries if at == end else None


def _is_plain(name: bytes) -> bool:
    """A name that has one reading on every machine."""
    return name.isascii() and b"\0" not in name and b"\\" not in name
