"""The sheet “Lỗi cần sửa”: how many faults, then each with a link to its cell, the worst first.

    list_sheet(namespace, [("S4 Tiêu chí chung", [finding, …]), …], table)  -> the sheet's XML

Every text stands in its cell as text (inlineStr, and it stays text when edited): what a stranger
wrote cannot become a formula.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

from channels.marked_styles import GROUNDS, INKS, StyleTable
from channels.marked_words import by_weight, is_cell, legible
from review.explanations import CELL, CODE, LIST_SHEET, PLACE, WORDS
from review.findings import Finding, Severity

HEADINGS = ("STT", PLACE, CELL, "Mức", "Nội dung", "Cách sửa", WORDS, CODE)
MOST_ROWS = 2000  # nobody mends more in one go, and the guard stops a sheet of 9,999 rows
WHOLE_FILE = "Cả tệp"
_WIDTHS = (7, 27, 9, 16, 56, 50, 44, 20)
_LETTERS_A_UNIT = 1.25  # of a column's width, in Times New Roman 12, on the safe side
_LINE_HEIGHT, _PADDING, _MOST_LINES = 16, 8, 20
_COLUMNS = "ABCDEFGH"
_HOW = (
    "Bấm vào tên ô để tới chỗ sai; cạnh ô có ghi chú. Sửa xong, lưu và gửi lại chính tệp này. "
    "Số liệu đúng thì ghi lý do vào cột “Giải trình của đơn vị”. Trang này do tỉnh tạo ra, không "
    "cần xóa và không tính vào báo cáo."
)
_MEANING = {
    Severity.MUST_FIX: "ô tô đỏ: phải sửa thì báo cáo mới được nhận đủ",
    Severity.MUST_EXPLAIN: "ô tô vàng cam: sửa, hoặc giải trình nếu số liệu đúng",
    Severity.NOTE: "ô tô xanh: để đơn vị biết, không bắt buộc sửa",
}

Group = tuple[str, Sequence[Finding]]


@dataclass(frozen=True, slots=True)
class _Looks:
    """The numbers of the list's looks."""

    title: int
    how: int
    heading: int
    group: int
    centred: int
    text: int
    link: int
    answer: int
    counts: Mapping[Severity, int]

    @classmethod
    def of(cls, table: StyleTable) -> _Looks:
        return cls(
            title=table.look(bold=True, size=16, ink="1F3864", framed=False),
            how=table.look(italic=True, ink="404040", framed=False),
            heading=table.look(bold=True, ink="FFFFFF", fill="1F3864", centred=True),
            group=table.look(bold=True, ink="1F3864", fill="D9E5F3"),
            centred=table.look(centred=True),
            text=table.look(),
            link=table.look(link=True, ink="0563C1", centred=True),
            answer=table.look(fill="FFF9E5"),
            counts={
                severity: table.look(bold=True, ink=ink, fill=GROUNDS[severity], centred=True)
                for severity, ink in INKS.items()
            },
        )


@dataclass(slots=True)
class _Written:
    """The rows so far, and what refers to them."""

    looks: _Looks
    rows: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)

    def row(self, cells: Sequence[tuple[str | int, int]], height: float = 0) -> int:
        """Writes (value, look) from column A on; returns the row's number."""
        at = len(self.rows) + 1
        size = f' ht="{height}" customHeight="1"' if height else ""
        written = "".join(
            _cell(f"{column}{at}", value, look)
            for column, (value, look) in zip(_COLUMNS, cells, strict=False)
        )
        self.rows.append(f'<row r="{at}"{size}>{written}</row>')
        return at

    def band(self, text: str, look: int, height: float = 0) -> None:
        """One text over all columns."""
        at = self.row([(text, look), *[("", look)] * (len(_COLUMNS) - 1)], height)
        self.merged.append(f"A{at}:{_COLUMNS[-1]}{at}")


def list_sheet(namespace: tuple[str, str], groups: Sequence[Group], table: StyleTable) -> bytes:
    """The sheet for these groups (name of the sheet as the workbook has it, "" for the whole file;
    its findings). `namespace`: that of sheets and that of relations in this workbook."""
    page = _Written(_Looks.of(table))
    _head(page, [finding for _, findings in groups for finding in findings])
    top = page.row([(heading, page.looks.heading) for heading in HEADINGS], 24)
    shown = 0
    for name, findings in groups:
        own = by_weight(findings)[: MOST_ROWS - shown]
        if own:
            page.band(f"{legible(name) or WHOLE_FILE} – {len(findings)} mục", page.looks.group, 22)
        for number, finding in enumerate(own, shown + 1):
            _finding(page, number, name, finding)
        shown += len(own)
    if hidden := sum(len(findings) for _, findings in groups) - shown:
        page.band(f"… và {hidden} mục nữa; sửa các mục trên trước.", page.looks.how)
    return _sheet(namespace, page, top).encode()


def _head(page: _Written, findings: Sequence[Finding]) -> None:
    counts = Counter(finding.severity for finding in findings)
    page.band(LIST_SHEET, page.looks.title, 28)
    page.band(_HOW if findings else "Không còn lỗi nào trong tệp này.", page.looks.how, 36)
    for severity in Severity:
        words = f"{severity.label} – {_MEANING[severity]}"
        count = (counts[severity], page.looks.counts[severity])
        at = page.row(
            [count, (words, page.looks.text), *[("", page.looks.text)] * (len(_COLUMNS) - 2)], 20
        )
        page.merged.append(f"B{at}:{_COLUMNS[-1]}{at}")
    page.row([], 8)


def _finding(page: _Written, number: int, name: str, finding: Finding) -> None:
    looks, linked = page.looks, bool(name) and is_cell(finding.cell)
    cells: list[tuple[str | int, int]] = [
        (number, looks.centred),
        (legible(name or finding.sheet) or WHOLE_FILE, looks.text),
        (legible(finding.cell) or "–", looks.link if linked else looks.centred),
        (finding.severity.label, looks.counts[finding.severity]),
        (legible(finding.says), looks.text),
        (legible(finding.fix), looks.text),
        ("", looks.answer if finding.severity is Severity.MUST_EXPLAIN else looks.text),
        (legible(finding.check), looks.centred),
    ]
    at = page.row(cells, _height([str(value) for value, _ in cells]))
    if linked:
        quoted = name.replace("'", "''")
        target = quoteattr(f"'{quoted}'!{finding.cell}")
        tip = quoteattr(f"Tới ô {finding.cell}")
        page.links.append(f'<hyperlink ref="C{at}" location={target} tooltip={tip}/>')


def _height(texts: Sequence[str]) -> float:
    """Points that the longest text needs: LibreOffice does not fit the rows of a file it opens."""
    lines = (
        sum(1 + int(len(line) / (width * _LETTERS_A_UNIT)) for line in text.split("\n"))
        for text, width in zip(texts, _WIDTHS, strict=True)
    )
    return min(max(lines), _MOST_LINES) * _LINE_HEIGHT + _PADDING


def _cell(address: str, value: str | int, look: int) -> str:
    head = f'<c r="{address}" s="{look}"'
    if isinstance(value, int):
        return f"{head}><v>{value}</v></c>"
    if not value:
        return f"{head}/>"
    return f'{head} t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'


def _sheet(namespace: tuple[str, str], page: _Written, top: int) -> str:
    return "".join(_pieces(namespace, page, top))


def _pieces(namespace: tuple[str, str], page: _Written, top: int) -> Iterator[str]:
    main, relations = namespace
    yield '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    yield f'<worksheet xmlns="{main}" xmlns:r="{relations}">'
    yield '<sheetPr><tabColor rgb="FFC00000"/><pageSetUpPr fitToPage="1"/></sheetPr>'
    below = f"A{top + 1}"
    yield '<sheetViews><sheetView showGridLines="0" tabSelected="1" workbookViewId="0">'
    yield f'<pane ySplit="{top}" topLeftCell="{below}" activePane="bottomLeft" state="frozen"/>'
    yield f'<selection pane="bottomLeft" activeCell="{below}" sqref="{below}"/>'
    yield '</sheetView></sheetViews><sheetFormatPr defaultRowHeight="16"/><cols>'
    for number, width in enumerate(_WIDTHS, 1):
        yield f'<col min="{number}" max="{number}" width="{width}" customWidth="1"/>'
    yield "</cols><sheetData>"
    yield from page.rows
    yield f'</sheetData><mergeCells count="{len(page.merged)}">'
    yield from (f'<mergeCell ref="{area}"/>' for area in page.merged)
    yield "</mergeCells>"
    if page.links:
        yield f"<hyperlinks>{''.join(page.links)}</hyperlinks>"
    yield '<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.5" header="0.3" footer="0.3"/>'
    yield '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>'
    yield "<headerFooter><oddFooter>&amp;CTrang &amp;P/&amp;N</oddFooter></headerFooter>"
    yield "</worksheet>"
