"""Real workbooks, damaged in every way that a hand, a disk or an attacker damages them.

    data = mutated(Random(7), bases)        one to four changes on one of the bases
    bases = real_workbooks()                reports of the sample in each kind of file there is

Three depths: bytes of the file as it lies, members of its zip, and the XML inside a member. The
same seed gives the same file, so that a file that was too much can be made again.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from random import Random

from tests.drawer import Desk

DRAWER = Path(__file__).parent / "drawer"
KINDS = (".xlsx", ".ods", ".xls", ".xlsb", ".csv", ".json", ".zip")
MOST = 24 << 20  # what a mutation may grow to: beyond the largest that is read


@cache
def real_workbooks() -> tuple[bytes, ...]:
    """A good report, its blank and a longer form first, then the drawer's files."""
    desk = Desk()
    awkward = [path.read_bytes() for path in sorted(DRAWER.iterdir()) if path.suffix in KINDS]
    return (desk.good(), desk.good(), desk.blank(), *awkward)


def mutated(rng: Random, bases: Sequence[bytes]) -> bytes:
    data = rng.choice(bases)
    for _ in range(rng.randint(1, 4)):
        deep = data.startswith(b"PK") and rng.random() < 0.75
        change = rng.choice(INSIDE if deep else OUTSIDE)
        try:
            data = change(rng, data)
        except (zipfile.BadZipFile, ValueError, KeyError, zlib.error, NotImplementedError,
                RuntimeError, EOFError, OSError, struct.error, IndexError):  # fmt: skip
            data = flip(rng, data)  # it can no longer be taken apart: damaged further as it lies
        if len(data) > MOST:
            return data[:MOST]
    return data


# As it lies


def flip(rng: Random, data: bytes) -> bytes:
    raw = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 8, 64))):
        if raw:
            raw[rng.randrange(len(raw))] ^= 1 << rng.randrange(8)
    return bytes(raw)


def cut(rng: Random, data: bytes) -> bytes:
    at, to = sorted(rng.randrange(len(data) + 1) for _ in range(2))
    return data[:at] if rng.random() < 0.5 else data[:at] + data[to:]


def repeat(rng: Random, data: bytes) -> bytes:
    at = rng.randrange(len(data) + 1)
    some = data[at : at + rng.choice((1, 16, 512, 8192))]
    return data[:at] + some * rng.choice((2, 10, 200)) + data[at:]


def splice(rng: Random, data: bytes) -> bytes:
    other = rng.choice(real_workbooks())
    return data[: rng.randrange(len(data) + 1)] + other[rng.randrange(len(other)) :]


def overwrite(rng: Random, data: bytes) -> bytes:
    value = rng.choice((b"\0" * 8, b"\xff" * 8, struct.pack("<I", 0x7FFFFFFF), b"\x01\0\0\0"))
    at = rng.randrange(len(data) + 1)
    return data[:at] + value + data[at + len(value) :]


def disguise(rng: Random, data: bytes) -> bytes:
    """A polyglot: what another program would take it for comes first, or last."""
    heads = (b"%PDF-1.7\n", b"<html><script>", b"MZ\x90\0", b"\x7fELF", b"GIF89a", b"#!/bin/sh\n")
    head = rng.choice((*heads, b"\xef\xbb\xbf", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"))
    return head + data if rng.random() < 0.7 else data + head + data[:200]


# Members of the zip


def members_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as kept:
        return {
            info.filename: kept.read(info) if info.file_size < MOST else b""
            for info in kept.infolist()[:60]
        }


def zipped_again(members: Sequence[tuple[str, bytes]], level: int = 1) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as made:
        for name, content in members:
            made.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def lose_a_member(rng: Random, data: bytes) -> bytes:
    members = members_of(data)
    members.pop(rng.choice(sorted(members)))
    return zipped_again(list(members.items()))


def swap_members(rng: Random, data: bytes) -> bytes:
    members = members_of(data)
    one, other = (rng.choice(sorted(members)) for _ in range(2))
    members[one], members[other] = members[other], members[one]
    return zipped_again(list(members.items()))


def twice_a_member(rng: Random, data: bytes) -> bytes:
    members = list(members_of(data).items())
    name, _ = rng.choice(members)
    return zipped_again([*members, (name, rng.choice(members)[1])])


def add_a_member(rng: Random, data: bytes) -> bytes:
    strange = rng.choice(
        (
            ("../../../../etc/cron.d/x", b"x"),
            ("/etc/passwd", b"x"),
            ("xl/externalLinks/externalLink1.xml", b'<externalLink xmlns="x"/>'),
            ("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0" * 99),
            ("xl/embeddings/oleObject1.bin", b"MZ" * 999),
            ("xl/connections.xml", b"<connections/>"),
            (
                "customXml/item1.xml",
                b"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>",
            ),
            ("a" * 60_000, b"x"),
            ("\x00\n.xml", b"x"),
            ("nested.zip", data[:50_000]),
        )
    )
    return zipped_again([*members_of(data).items(), strange])


def swell_a_member(rng: Random, data: bytes) -> bytes:
    members = members_of(data)
    name = rng.choice([n for n in sorted(members) if n.endswith((".xml", ".bin"))])
    members[name] += rng.choice((b" ", b"<a>", b"\0")) * rng.choice((1 << 16, 1 << 20, 1 << 23))
    return zipped_again(list(members.items()))


def lie_in_the_directory(rng: Random, data: bytes) -> bytes:
    raw = bytearray(data)
    places = [found.start() for found in re.finditer(rb"PK\x01\x02|PK\x03\x04|PK\x05\x06", data)]
    at = rng.choice(places) + rng.randrange(4, 46)
    width, top = rng.choice((("<H", 0xFFFF), ("<I", 0xFFFFFFFF)))
    struct.pack_into(width, raw, at, rng.choice((0, 1, top, top >> 1, rng.randrange(top))))
    return bytes(raw)


# The XML inside


def in_the_xml(change: Callable[[Random, bytes], bytes]) -> Callable[[Random, bytes], bytes]:
    def changed(rng: Random, data: bytes) -> bytes:
        members = members_of(data)
        xml = [name for name in sorted(members) if name.endswith((".xml", ".rels"))]
        # Sheets are what is read most of; the others are what leads to them.
        sheets = [name for name in xml if "sheet" in name or name == "content.xml"]
        name = rng.choice(sheets if sheets and rng.random() < 0.6 else xml)
        members[name] = change(rng, members[name])
        return zipped_again(list(members.items()))

    return changed


def _put(rng: Random, xml: bytes, pattern: bytes, values: Sequence[bytes], most: int = 40) -> bytes:
    """A few of the places that fit a pattern get another value."""
    places = [found.span(1) for found in re.finditer(pattern, xml)]
    for start, end in sorted(rng.sample(places, min(len(places), rng.randint(1, most))))[::-1]:
        xml = xml[:start] + rng.choice(values) + xml[end:]
    return xml


NUMBERS = (
    *(b"-1", b"0", b"1e308", b"-1e308", b"1e-320", b"NaN", b"INF", b"99999999999999999999999", b""),
    *(b"2147483648", b"4294967296", b"9223372036854775807", b"0x10", b"1,5", "٣".encode(), b"1 2"),
    *(b"-0.0", b"2958466", b"60", b"5e-324", b" 7 ", b"true", b"1/0", b"&#x31;"),
)
CELLS = (
    b"XFD1048576",
    b"A1048576",
    b"A0",
    b"AAAA1",
    b"ZZZ99999999999",
    b"",
    b"1A",
    b"$A$1",
    b"A1:B2",
)
TEXTS = (
    *(b"", b"=1+1", b"=cmd|'/c calc'!A1", b"x" * 40_000, "Ạ\u0301\u200b\u202e".encode(), b"\x0b"),
    *(
        b"&#0;",
        b"&#xFFFE;",
        b"&nope;",
        b"<![CDATA[",
        b"]]>",
        b"\xed\xa0\x80",
        b"\xff\xfe",
        b"0" * 999,
    ),
    *("𝟗𝟗".encode(), b"31/02/2026", b"2026-13-45", b"1e5", b"#REF!", b"_x000D_" * 50),
)
NESTED = b"<a>" * 20_000


def numbers(rng: Random, xml: bytes) -> bytes:
    return _put(rng, xml, rb"<(?:\w+:)?v>([^<]*)<", NUMBERS)


def places(rng: Random, xml: bytes) -> bytes:
    return _put(rng, xml, rb'\b(?:r|ref|sqref|spans)="([^"]*)"', CELLS, 6)


def attributes(rng: Random, xml: bytes) -> bytes:
    return _put(rng, xml, rb'=\s*"([^"]*)"', (*NUMBERS, *CELLS, *TEXTS), 12)


def texts(rng: Random, xml: bytes) -> bytes:
    return _put(rng, xml, rb"<(?:\w+:)?t\b[^>]*>([^<]*)<", TEXTS)


def formulas(rng: Random, xml: bytes) -> bytes:
    strange = (b"<f>" + b"(" * 9000 + b"</f>", b'<f t="shared" si="9"/>', b"<f>1+</f>", b"<f/>")
    return _put(rng, xml, rb"(<v>)", [some + b"<v>" for some in strange], 8)


def tags(rng: Random, xml: bytes) -> bytes:
    some = (b"", b"<x/>", b"</row>", b"<row>", b"<!-- -->", b"<?x y?>", NESTED, b"</sheetData>")
    return _put(rng, xml, rb"(<[^>]{1,200}>)", some, 3)


def rows_again(rng: Random, xml: bytes) -> bytes:
    found = list(re.finditer(rb"<row\b.*?</row>", xml, re.S))
    row = rng.choice(found)
    return xml[: row.end()] + row[0] * rng.choice((1, 100, 3000)) + xml[row.end() :]


def declared(rng: Random, xml: bytes) -> bytes:
    heads = (
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        b'<!DOCTYPE a [<!ENTITY a "' + b"ha" * 500 + b'"><!ENTITY b "' + b"&a;" * 999 + b'">]>',
        b'<?xml-stylesheet href="http://evil.example/"?>',
        b'<!DOCTYPE a SYSTEM "http://evil.example/x.dtd">',
    )
    head, _, rest = xml.partition(b"?>")
    return head + b"?>" + rng.choice(heads) + rest


def encoded(rng: Random, xml: bytes) -> bytes:
    kind = rng.choice(("utf-16", "utf-16-be", "utf-32", "latin-1"))
    text = xml.decode("utf-8", "replace")
    if rng.random() < 0.5:
        text = text.replace("UTF-8", rng.choice((kind, "x-nope", "EBCDIC-CP-BE")), 1)
    return text.encode(kind, "replace")


def relations(rng: Random, xml: bytes) -> bytes:
    leads = (
        b"../../../../etc/passwd",
        b"http://evil.example/",
        b"/",
        b"",
        b"xl/workbook.xml",
        b"..",
    )
    return _put(rng, xml, rb'Target="([^"]*)"', leads, 3)


XML = (numbers, places, attributes, texts, formulas, tags, rows_again, declared, encoded, relations)
OUTSIDE = (flip, flip, cut, repeat, splice, overwrite, disguise)
INSIDE = (
    *map(in_the_xml, XML),
    *map(in_the_xml, (numbers, places, attributes, flip, cut)),
    *(lose_a_member, swap_members, twice_a_member, add_a_member, swell_a_member),
    lie_in_the_directory,
)
