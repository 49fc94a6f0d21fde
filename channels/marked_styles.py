"""Looks added to a unit's table of styles; none that is there changes its place or its content.

    table = StyleTable(parts.tree("xl/styles.xml"))
    table.look(bold=True, fill="FFC7CE")     -> 57, the number a cell of the list names
    table.shade(Severity.MUST_FIX)           -> 3, the number a conditional format names

A second round finds the looks of the first and adds none.
"""

from __future__ import annotations

from lxml import etree

from channels.marked_parts import Tree, child, insert_before, maker
from review.findings import Severity

# Ink and ground of each severity. The ground is stronger than the pale yellow of our entry cells.
INKS = {
    Severity.MUST_FIX: "9C0006",
    Severity.MUST_EXPLAIN: "7A4B00",
    Severity.NOTE: "1F3864",
}
GROUNDS = {
    Severity.MUST_FIX: "FFB3B3",
    Severity.MUST_EXPLAIN: "FFD27F",
    Severity.NOTE: "BDD7EE",
}
EMPTY_STYLES = (
    b'<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"></styleSheet>'
)
_ORDER = (
    *("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs"),
    *("tableStyles", "colors", "extLst"),
)
# What number 0 stands for where a table is missing: the plain look of a cell.
_PLAIN = {
    "fonts": ("font",),
    "fills": ("fill", "fill"),
    "borders": ("border",),
    "cellStyleXfs": ("xf",),
    "cellXfs": ("xf",),
}
_LINE = "BFBFBF"


class StyleTable:
    """The styles part of one workbook."""

    def __init__(self, root: Tree) -> None:
        self._root = root
        self._known: dict[str, dict[bytes, int]] = {}

    def shade(self, severity: Severity) -> int:
        """The differential format that colours a faulty cell, whatever its own look."""
        dxf = self._new("dxf")
        font = self._new("font")
        font.append(self._new("color", rgb=f"FF{INKS[severity]}"))
        dxf.append(font)
        dxf.append(self._ground(GROUNDS[severity], both=True))
        return self._number("dxfs", dxf)

    def look(
        self,
        *,
        bold: bool = False,
        italic: bool = False,
        link: bool = False,
        size: int = 12,
        ink: str = "000000",
        fill: str = "",
        framed: bool = True,
        centred: bool = False,
    ) -> int:
        """The format of a cell of ours: wrapped text that stays text when somebody edits it."""
        self._number("cellStyleXfs", None)
        font = self._number("fonts", self._font(bold, italic, link, size, ink))
        ground = self._number("fills", self._ground(fill) if fill else None)
        border = self._number("borders", self._frame() if framed else None)
        look = self._new("xf", numFmtId="0", fontId=str(font), fillId=str(ground))
        look.set("borderId", str(border))
        for key in ("xfId", "quotePrefix", "applyFont", "applyFill", "applyBorder"):
            look.set(key, "0" if key == "xfId" else "1")
        look.set("applyAlignment", "1")
        across = "center" if centred else "left"
        lines = self._new("alignment", horizontal=across, vertical="center", wrapText="1")
        if framed and not centred:
            lines.set("indent", "1")
        look.append(lines)
        return self._number("cellXfs", look)

    def _new(self, tag: str, /, **attributes: str) -> Tree:
        return maker(self._root, tag, **attributes)

    def _font(self, bold: bool, italic: bool, link: bool, size: int, ink: str) -> Tree:
        font = self._new("font")
        for name, wanted in (("b", bold), ("i", italic), ("u", link)):
            if wanted:
                font.append(self._new(name))
        font.append(self._new("sz", val=str(size)))
        font.append(self._new("color", rgb=f"FF{ink}"))
        font.append(self._new("name", val="Times New Roman"))
        return font

    def _ground(self, colour: str, both: bool = False) -> Tree:
        """A conditional format shows the background of a solid pattern, a cell its foreground."""
        fill, pattern = self._new("fill"), self._new("patternFill", patternType="solid")
        pattern.append(self._new("fgColor", rgb=f"FF{colour}"))
        if both:
            pattern.append(self._new("bgColor", rgb=f"FF{colour}"))
        fill.append(pattern)
        return fill

    def _frame(self) -> Tree:
        border = self._new("border")
        for name in ("left", "right", "top", "bottom"):
            side = self._new(name, style="thin")
            side.append(self._new("color", rgb=f"FF{_LINE}"))
            border.append(side)
        border.append(self._new("diagonal"))
        return border

    def _number(self, section: str, wanted: Tree | None) -> int:
        """The place of the entry equal to this one, added where there is none; None is entry 0."""
        table = child(self._root, section)
        if table is None:
            table = self._new(section)
            insert_before(self._root, table, _ORDER[_ORDER.index(section) + 1 :])
            for name in _PLAIN.get(section, ()):
                table.append(self._new(name))
        known = self._known.setdefault(section, _canonical_of(table))
        if wanted is None:
            return 0
        text = _canonical(wanted)
        if text not in known:
            known[text] = len(table)
            table.append(wanted)
            table.set("count", str(len(table)))
        return known[text]


def _canonical_of(table: Tree) -> dict[bytes, int]:
    known: dict[bytes, int] = {}
    for number, entry in enumerate(table):
        known.setdefault(_canonical(entry), number)
    return known


def _canonical(entry: Tree) -> bytes:
    text: bytes = etree.tostring(entry, method="c14n", exclusive=True, with_tail=False)
    return text
