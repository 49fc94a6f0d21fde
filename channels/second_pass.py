"""A sheet as the parser is to have it, so that it goes through its XML once. It does so a second
time, to the end, for the merged cells, which nobody here asks for.

    spared(xml).xml     -> the same cells, and before them the sheet's size and an empty list of
                           merged cells, where the second time stops
    spared(xml).cells   -> the cells alone: what is looked for in cells is looked for there
    spared(xml)         -> None where the second time has something to find

What only the second time finds wrong is a tag closed once too often, which shows at the end, and
broken XML behind the cells. So the cells are set apart from the rest: a tag too many among them
shows when they end. What stands around them must be sound; it is much the same in all workbooks
of a month but for the numbers of lines, and looked at once for all that differ in digits only.
"""

from __future__ import annotations

from typing import NamedTuple
from xml.parsers.expat import ExpatError, ParserCreate

_FIRST, _LAST = b"<sheetData>", b"</sheetData>"
_ASIDE = b"<!"  # comments, and document types with entities of their own
_NONE_MERGED = b"<mergeCells></mergeCells></worksheet>"
_DIGITS = bytes.maketrans(b"123456789", b"000000000")
LARGEST = 4 << 20  # bytes of a sheet: a larger one is not copied once more in a desk's memory
LONGEST = 64 << 10  # bytes around the cells: our form has some six thousand
KNOWN = 512  # such surroundings remembered
_known: dict[bytes, int] = {}


class Spared(NamedTuple):
    """`xml` for the parser; `cells` are all the cells it will find, and nothing else of the sheet
    but the tag that begins them."""

    xml: bytes
    cells: bytes


def spared(xml: bytes) -> Spared | None:
    if len(xml) > LARGEST:
        return None
    first, last = xml.find(_FIRST), xml.find(_LAST)
    if not 0 < first < last or first + len(xml) - last > LONGEST:
        return None
    before, cells = xml[:first], xml[first:last]
    if b"!" in cells and _ASIDE in cells:
        return None
    enough = _enough(b"".join((before, _FIRST, xml[last:])))
    if not enough:
        return None
    return Spared(b"".join((before[:enough], _NONE_MERGED, cells, _LAST)), cells)


def _enough(around: bytes) -> int:
    """How much of what stands before its cells a parser needs of a sheet that is well formed
    without them, has nothing aside, and has none merged; 0 for any other. Other digits make it no
    worse: where they matter, in a name or a reference, zeros are not taken for sound."""
    shape = around.translate(_DIGITS)
    known = _known.get(shape)
    if known is None:
        if len(_known) >= KNOWN:
            _known.clear()
        aside = _ASIDE in shape or b"mergeCells" in shape
        known = _known[shape] = 0 if aside else _up_to_its_size(shape)
    return known


def _up_to_its_size(xml: bytes) -> int:
    """The place behind the sheet's stated size, where its views and columns begin; 0 for what is
    not well formed."""
    parser = ParserCreate("utf-8")
    opened: list[str] = []
    begun: list[tuple[str, int, int]] = []  # each element: its name, its depth, its place

    def begins(name: str, _attributes: dict[str, str]) -> None:
        begun.append((name, len(opened), parser.CurrentByteIndex))
        opened.append(name)

    parser.StartElementHandler = begins
    parser.EndElementHandler = lambda _name: opened.pop()
    try:
        parser.Parse(xml, True)
    except ExpatError:
        return 0
    names = [name for name, _, _ in begun]
    cells = names.index("sheetData")
    if (
        names[0] != "worksheet"
        or begun[cells][1] != 1
        or sum(n.endswith("sheetData") for n in names) > 1
    ):
        return 0
    size = max((n for n in range(cells) if names[n].endswith("dimension")), default=0)
    return next(place for _, depth, place in begun[size + 1 :] if depth == 1)
