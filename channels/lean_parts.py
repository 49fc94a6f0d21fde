"""The parts around the sheets as the parser is to have them: without what nobody asks it for.

    lean_parts(package)     -> {} where it is the first package with such parts, then
                               {"xl/workbook.xml": b"…", "xl/styles.xml": b"…"}

Of the workbook it needs the list of sheets, of the styles what is a date. It goes through the names
of seventy ranges, the fonts and the borders too, for every file, though the workbooks of one month
have these two parts the same, most of them to the byte. So what is met a second time is cut down
once: to whole elements right below the root, as they stand, where the part is sound and nothing
that the parser looks for stands in what is left out.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from xml.parsers.expat import ExpatError, ParserCreate

from channels.zip_patch import BROKEN, Package, Seal

# By part, what the parser looks for in it, wherever it stands, and where that stands by rights.
ASKED: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "xl/workbook.xml": (frozenset({"workbookPr", "sheet"}), frozenset({"workbookPr", "sheets"})),
    "xl/styles.xml": (frozenset({"numFmts", "cellXfs"}), frozenset({"numFmts", "cellXfs"})),
}
# Other declarations may name another encoding, in which the same bytes mean something else.
_DECLARED = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_ASIDE = b"<!"  # comments, and document types with entities of their own
LONGEST = 256 << 10
KNOWN = 64  # such parts remembered, of each the bytes that it is packed in
_known: dict[Seal, bytes | None] = {}


def lean_parts(package: Package) -> dict[str, bytes]:
    found = ((part, _lean(package, part)) for part in ASKED if part in package)
    return {part: lean for part, lean in found if lean}


def _lean(package: Package, part: str) -> bytes | None:
    seal = package.seal(part)
    if seal not in _known:
        if len(_known) >= KNOWN:
            _known.clear()
        _known[seal] = None
        return None
    lean = _known[seal]
    if lean is None:
        lean = _known[seal] = _cut_down(package, part)
    return lean


def _cut_down(package: Package, part: str) -> bytes:
    """b"" for a part that stays as it is."""
    try:
        xml = package.read(part)
    except BROKEN:
        return b""
    if len(xml) > LONGEST or not package.is_sound(part, xml):
        return b""
    return outline(xml, *ASKED[part])


def outline(xml: bytes, looked_for: Collection[str], kept: Collection[str]) -> bytes:
    """The root with those elements right below it that are `kept`, as they stand; b"" for what is
    not well formed, or has what is `looked_for` elsewhere."""
    if not xml.startswith(_DECLARED) or _ASIDE in xml:
        return b""
    parser = ParserCreate()
    opened: list[str] = []
    pieces: list[
        tuple[int, bool]
    ] = []  # of what stands below the root: its place, whether it stays
    astray: list[str] = []

    def begins(name: str, _attributes: dict[str, str]) -> None:
        if len(opened) == 1:
            pieces.append((parser.CurrentByteIndex, name in kept))
        if name.rpartition(":")[2] in looked_for and not (opened and pieces[-1][1]):
            astray.append(name)
        opened.append(name)

    def ends(_name: str) -> None:
        opened.pop()
        if not opened:
            pieces.append((parser.CurrentByteIndex, True))

    parser.StartElementHandler, parser.EndElementHandler = begins, ends
    try:
        parser.Parse(xml, True)
    except ExpatError:
        return b""
    if astray:
        return b""
    ends_at = [at for at, _ in pieces[1:]] + [len(xml)]
    told = (xml[at:end] for (at, stays), end in zip(pieces, ends_at, strict=True) if stays)
    return b"".join((xml[: pieces[0][0]], *told))
