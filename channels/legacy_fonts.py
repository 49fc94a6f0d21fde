"""Which cells of an .xlsx are in a font of before Unicode (.VnTime, VNI-Times), by their styles.

    cells_in_old_fonts(package, sheets)["S3 Công việc – sản phẩm"]["B6"]    -> Font("tcvn3")

Nearly no file has one: then a look for two words in the styles is all that it costs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from channels.zip_patch import Package, Seal
from review.legacy_text import Font, by_font

if TYPE_CHECKING:
    from lxml import etree

_STYLES = "xl/styles.xml"
_TELLING = re.compile(rb"""val=["'](?:\.vn|vni)""", re.IGNORECASE)
_CELL = re.compile(rb"""<(?:\w+:)?c\s([^>]*)>""")
_ADDRESS = re.compile(rb"""\br=["']([A-Z]{1,3}\d{1,7})["']""")
_STYLE = re.compile(rb"""\bs=["'](\d{1,6})["']""")

KNOWN = 32  # styles remembered

Fonts = Mapping[str, Mapping[str, Font]]
_known: dict[Seal, Mapping[int, Font]] = {}


def cells_in_old_fonts(package: Package, sheets: Mapping[str, bytes]) -> Fonts:
    """By sheet (`sheets`: the XML of each), the cells in such a font."""
    if _STYLES not in package.names:
        return {}
    old = _known_styles(package)
    return {name: dict(_cells(xml, old)) for name, xml in sheets.items()} if old else {}


def _known_styles(package: Package) -> Mapping[int, Font]:
    """The workbooks of one month have the same styles, most of them to the byte: those are looked
    at once."""
    seal = package.seal(_STYLES)
    old = _known.get(seal)
    if old is None:
        styles = package.read(_STYLES)
        old = _old_styles(styles) if _TELLING.search(styles) else {}
        if len(_known) >= KNOWN:
            _known.clear()
        _known[seal] = old
    return old


def _old_styles(styles: bytes) -> dict[int, Font]:
    """The numbers of the cell styles that use such a font."""
    from lxml import etree  # slow to load and rarely wanted

    try:
        root = etree.fromstring(styles, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        return {}
    fonts = [by_font(_name_of(font)) for font in root.iterfind("{*}fonts/{*}font")]
    found = {}
    for number, style in enumerate(root.iterfind("{*}cellXfs/{*}xf")):
        told = style.get("fontId", "")
        font = fonts[int(told)] if told.isdigit() and int(told) < len(fonts) else None
        if font is not None:
            found[number] = font
    return found


def _name_of(font: etree._Element) -> str:
    name = font.find("{*}name")
    return name.get("val", "") if name is not None else ""


def _cells(xml: bytes, old: Mapping[int, Font]) -> list[tuple[str, Font]]:
    found = []
    for tag in _CELL.finditer(xml):
        style, address = _STYLE.search(tag[1]), _ADDRESS.search(tag[1])
        if style and address and (font := old.get(int(style[1]))):
            found.append((address[1].decode(), font))
    return found
