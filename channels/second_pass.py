"""A sheet as the parser is to have it, so that it goes through its XML once. It does so a second
time, to the end, for the merged cells, which nobody here asks for.

    spared(xml).xml     -> the same cells, and before them an empty list of merged cells, where the
                           second time stops
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
_APART = b"</worksheet><mergeCells></mergeCells>"
_DIGITS = bytes.maketrans(b"123456789", b"000000000")
LARGEST = 4 << 20  # bytes of a sheet: a larger one is not copied once more in a desk's memory
LONGEST = 64 << 10  # bytes around the cells: our form has some six thousand
KNOWN = 512  # such surroundings remembered
_known: dict[bytes, bool] = {}


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
    if (b"!" in cells and _ASIDE in cells) or not _is_sound(b"".join((before, _FIRST, xml[last:]))):
        return None
    return Spared(b"".join((before, _APART, cells, _LAST)), cells)


def _is_sound(around: bytes) -> bool:
    """Whether a sheet is well formed without its cells, has nothing aside, and has none merged.
    Other digits make it no worse: where they matter, in a name or a reference, zeros are not taken
    for sound."""
    shape = around.translate(_DIGITS)
    known = _known.get(shape)
    if known is None:
        if len(_known) >= KNOWN:
            _known.clear()
        known = _known[shape] = (
            _ASIDE not in shape and b"mergeCells" not in shape and _is_well_formed(shape)
        )
    return known


def _is_well_formed(xml: bytes) -> bool:
    try:
        ParserCreate("utf-8").Parse(xml, True)
    except ExpatError:
        return False
    return True
