"""The marks on one sheet of a unit: a colour over each faulty cell and a note beside it.

    mark_sheet(parts, "xl/worksheets/sheet4.xml", findings, shades)

The colour is a conditional format that always holds, so that the cell's own style stays as it is;
its formula says whose it is, which is how the next round finds and replaces it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice

from lxml import etree

from channels.marked_notes import put_notes
from channels.marked_parts import Page, Parts, Tree, insert_before, maker
from channels.marked_words import by_weight, note_words
from review.findings import Finding, Severity

OURS = 'N("TDKT'  # how the formula of a mark begins: N of a text is 0
CELLS_A_RULE = 500
_AFTER_FORMATS = (
    *("dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup", "headerFooter"),
    *("rowBreaks", "colBreaks", "customProperties", "cellWatches", "ignoredErrors", "smartTags"),
    *("drawing", "legacyDrawing", "legacyDrawingHF", "drawingHF", "picture", "oleObjects"),
    *("controls", "webPublishItems", "tableParts", "extLst"),
)


def mark_sheet(
    parts: Parts, part: str, findings: Sequence[Finding], shades: Mapping[Severity, int]
) -> None:
    """Replaces the marks of an earlier round by those of these findings, each with its cell.
    `shades`: number of the differential format of each severity. Another sheet becomes the one
    that the workbook opens on, so this one is no longer selected."""
    page = parts.page(part)
    before = etree.tostring(page.root)
    by_cell: dict[str, list[Finding]] = {}
    for finding in by_weight(findings):
        by_cell.setdefault(finding.cell, []).append(finding)
    _deselect(page)
    _uncolour(page)
    _colour(page, {cell: found[0].severity for cell, found in by_cell.items()}, shades)
    put_notes(parts, page, {cell: note_words(found) for cell, found in by_cell.items()})
    if etree.tostring(page.root) != before:
        parts.put_page(page)


def _deselect(page: Page) -> None:
    """Two selected sheets are a group in Excel: what is typed in one would go to both."""
    for view in _all(page.root, "sheetView"):
        view.attrib.pop("tabSelected", None)


def _all(root: Tree, name: str) -> list[Tree]:
    return [e for e in root.iter() if isinstance(e.tag, str) and etree.QName(e).localname == name]


def _uncolour(page: Page) -> None:
    for rule in _all(page.root, "cfRule"):
        formulas = ("".join(formula.itertext()) for formula in rule)
        if any(text.replace(" ", "").startswith(OURS) for text in formulas):
            formats = rule.getparent()
            formats.remove(rule)
            if not len(formats):
                formats.getparent().remove(formats)


def _colour(page: Page, severities: Mapping[str, Severity], shades: Mapping[Severity, int]) -> None:
    rules = [
        (severity, cells)
        for severity in Severity
        for cells in _chunks([cell for cell, own in severities.items() if own is severity])
    ]
    _make_way(page.root, len(rules))
    for priority, (severity, cells) in enumerate(rules, 1):
        formats = maker(page.root, "conditionalFormatting", sqref=" ".join(cells))
        rule = maker(page.root, "cfRule", type="expression", dxfId=str(shades[severity]))
        rule.set("priority", str(priority))
        formula = maker(page.root, "formula")
        formula.text = f'{OURS} {severity}")=0'
        rule.append(formula)
        formats.append(rule)
        insert_before(page.root, formats, _AFTER_FORMATS)


def _chunks(cells: Sequence[str]) -> list[list[str]]:
    rest = iter(cells)
    return [*iter(lambda: list(islice(rest, CELLS_A_RULE)), [])]


def _make_way(root: Tree, count: int) -> None:
    """Ours come first: the unit's rules move down as far as they stand in the way."""
    rules = [rule for rule in _all(root, "cfRule") if rule.get("priority", "").isdigit()]
    if not count or not rules:
        return
    step = count + 1 - min(int(rule.get("priority")) for rule in rules)
    for rule in rules:
        rule.set("priority", str(int(rule.get("priority")) + max(step, 0)))
