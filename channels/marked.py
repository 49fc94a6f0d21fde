"""The unit's own workbook back, with what is wrong marked in it and nothing else changed.

    marked(data, examined.findings)   -> the bytes of the marked .xlsx

Faulty cells are coloured by severity, each with a note that says what is wrong and how to mend it;
a first sheet “Lỗi cần sửa” lists every finding with a link to its cell. Values, styles, widths and
rules of entry stay; every other part of the file stays byte for byte. A second round replaces the
marks of the first. For files that the reader could open (its guard has passed).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from channels.errors import ChannelRefused
from channels.marked_list import Group, list_sheet
from channels.marked_parts import Parts, Tree, broken, child, insert_before, maker, relation_id
from channels.marked_sheet import mark_sheet
from channels.marked_styles import EMPTY_STYLES, StyleTable
from channels.marked_words import WEIGHT, is_cell
from channels.sniffing import ZIP
from review.cells import folded
from review.explanations import LIST_SHEET
from review.findings import Finding, Severity
from review.sheet_names import paired

_BOOK = "xl/workbook.xml"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_STYLES = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"


def marked(data: bytes, findings: Sequence[Finding]) -> bytes:
    """The .xlsx `data` with these findings marked in it; those without a cell are on the list only.

    Raises ChannelRefused, in Vietnamese, for a workbook of another kind or one that is broken.
    """
    if not data.startswith(ZIP):
        raise _other_kind()
    try:
        return _marked(Parts(data), findings)
    except (ValueError, LookupError) as wrong:  # a number that is none, an index that leads nowhere
        raise broken() from wrong


def _marked(parts: Parts, findings: Sequence[Finding]) -> bytes:
    if _BOOK not in parts:
        raise _other_kind()
    own = _own_sheets(parts)
    pages = {finding.sheet for finding in findings if finding.sheet}
    renamed = paired(list(own), pages)  # findings speak of the form's sheets
    called = {folded(form): name for name, form in renamed.items()}
    groups = _groups(findings, {**{folded(name): name for name in own}, **called})
    table = _style_table(parts)
    shades = {severity: table.shade(severity) for severity in Severity}
    on_sheets = dict(groups)
    for name, part in own.items():
        on_cells = [finding for finding in on_sheets.get(name, ()) if is_cell(finding.cell)]
        mark_sheet(parts, part, on_cells, shades)
    _put_list(parts, groups, table)
    return parts.packed()


def _other_kind() -> ChannelRefused:
    return ChannelRefused(
        "Chỉ đánh dấu được vào tệp .xlsx. Mở tệp bằng Excel, chọn Lưu thành (Save As) "
        "“Excel Workbook (.xlsx)” rồi kiểm tra lại."
    )


def _sheets(parts: Parts) -> dict[str, str]:
    """Part of each sheet by its name, in the order of the tabs; charts on a tab are no sheets."""
    book = parts.tree(_BOOK)
    targets = parts.targets(_BOOK, "worksheet")
    named = {sheet.get("name", ""): sheet.get(relation_id(book), "") for sheet in _tabs(book)}
    return {name: targets[own] for name, own in named.items() if own in targets}


def _own_sheets(parts: Parts) -> dict[str, str]:
    return {name: part for name, part in _sheets(parts).items() if name != LIST_SHEET}


def _tabs(book: Tree) -> Tree:
    found = child(book, "sheets")
    if found is None:
        raise broken()
    return found


def _style_table(parts: Parts) -> StyleTable:
    part = next(iter(parts.targets(_BOOK, "styles").values()), "")
    if not part:
        part = parts.free_name("xl/styles{}.xml")
        parts.put(part, EMPTY_STYLES)
        parts.declare(part, _STYLES)
        parts.relate(_BOOK, parts.tree(_BOOK), "styles", part)
    return StyleTable(parts.tree(part))


def _groups(findings: Sequence[Finding], called: Mapping[str, str]) -> list[Group]:
    """Findings by sheet: the sheet with the worst first, then in the order of the tabs. A sheet the
    workbook does not have belongs to what is wrong with the whole file."""
    order = {name: at for at, name in enumerate(["", *called.values()])}
    groups: dict[str, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(called.get(folded(finding.sheet), ""), []).append(finding)
    worst = {name: min(WEIGHT[f.severity] for f in own) for name, own in groups.items()}
    return sorted(groups.items(), key=lambda group: (worst[group[0]], order[group[0]]))


# The list


def _put_list(parts: Parts, groups: Sequence[Group], table: StyleTable) -> None:
    book = parts.tree(_BOOK)
    part = _sheets(parts).get(LIST_SHEET) or _new_first_sheet(parts, book)
    namespace = (book.tag[1:].partition("}")[0], relation_id(book)[1:].partition("}")[0])
    parts.put(part, list_sheet(namespace, groups, table))
    number = [tab.get("name") for tab in _tabs(book)].index(LIST_SHEET)
    _tabs(book)[number].attrib.pop("state", None)  # hidden by somebody, it must be seen again
    _open_on(book, number)


def _new_first_sheet(parts: Parts, book: Tree) -> str:
    tabs = _tabs(book)
    part = parts.free_name("xl/worksheets/sheet{}.xml")
    parts.declare(part, _SHEET)
    numbers = [int(tab.get("sheetId", "0")) for tab in tabs]
    tab = maker(book, "sheet", name=LIST_SHEET, sheetId=str(max(numbers, default=0) + 1))
    tab.set(relation_id(book), parts.relate(_BOOK, book, "worksheet", part))
    tabs.insert(0, tab)
    _renumber(book)
    return part


def _renumber(book: Tree) -> None:
    """Names of one sheet, such as its print area, count the sheets from the first."""
    names = child(book, "definedNames")
    for name in names if names is not None else ():
        if own := name.get("localSheetId"):
            name.set("localSheetId", str(int(own) + 1))


def _open_on(book: Tree, number: int) -> None:
    views = child(book, "bookViews")
    if views is None:
        views = maker(book, "bookViews")
        insert_before(book, views, ("sheets",))
    if not len(views):
        views.append(maker(book, "workbookView"))
    for view in views:
        view.set("activeTab", str(number))
        view.set("firstSheet", "0")
