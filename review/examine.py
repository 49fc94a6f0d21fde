"""What a workbook says, judged cell by cell against its form: everything wrong, in one pass.

    examined = examine(raw, regulation.forms, "2026-10")
    examined.submission         -> Submission, or None where the form itself is damaged
    examined.findings           -> (Finding("KHONG_PHAI_SO", …, "S4 Tiêu chí chung", "E9", …), …)
    examined.repairs[0].why     -> "number_text"
    examined.verdict            -> Verdict.RETURNED

The findings hold what can be judged from the file alone, the rules between cells included
(review/checks_alone.py: `in_file`); what needs the roll or history comes after (`against_brief`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from review.checks_alone import in_file
from review.document import Written
from review.explanations import LIST_SHEET, Explained, read_explained
from review.faults import Marks
from review.findings import Finding, Repair, Severity, Verdict, verdict_of
from review.form import Form, Sheet
from review.headings import card_place, missing_sheet, table_place
from review.identity import Identity, identify
from review.order import ordered
from review.raw import Mark, RawWorkbook
from review.sheet_reading import CardReader, SheetRead, TableReader
from review.submission import Submission
from review.which_form import form_of

MOST_FINDINGS = 2_000  # a file with more than these is not mended cell by cell
MOST_REPAIRS = 5_000


@dataclass(frozen=True, slots=True)
class Examined:
    """One file, read and judged. `period` is canonical text, "" where it could not be told;
    `submission` None where a sheet or column is missing; `readable` False where no reader could
    or should open the file (then there is one finding, which says why); `explained` what the unit
    wrote on the list of its marked workbook; `corrects` the sha256 of the file that a correction
    is to be laid over; `written` the submission ready for the book, where a desk has made it so."""

    unit: str
    period: str
    form: str
    version: str
    submission: Submission | None
    findings: tuple[Finding, ...] = ()
    repairs: tuple[Repair, ...] = ()
    readable: bool = True
    explained: tuple[Explained, ...] = ()
    corrects: str = ""
    written: Written | None = field(default=None, compare=False, repr=False)

    @property
    def verdict(self) -> Verdict:
        return verdict_of(self.findings) if self.readable else Verdict.UNREADABLE


def unreadable(check: str, says: str, fix: str) -> Examined:
    """The answer for a file that is not opened at all."""
    finding = Finding(check, Severity.MUST_FIX, "", "", "", says, fix)
    return Examined("", "", "", "", None, (finding,), (), readable=False)


def examine(
    raw: RawWorkbook, forms: Mapping[str, Form], expected_period: str | None = None
) -> Examined:
    """Judges a workbook by the form it says it is (of `forms`, by cadence).

    `expected_period` is the period being collected; None when any will do.
    """
    if raw.meta.get("corrects"):
        return _correction_alone(raw)
    form = form_of(raw.meta, raw.names, forms)
    if form is None:
        return _no_form_of_ours(raw)
    reading, marks = _Reading(form), _marks_by_sheet(raw)
    reads = {s.key: reading.sheet(s.key, raw, marks.get(s.name, ())) for s in form.sheets}
    cover = reads["cover"].table if "cover" in reads else None
    identity = identify(form, cover, raw.meta, expected_period)
    found = _examined(form, identity, reads)
    names = {"", *(sheet.name for sheet in form.sheets)}
    mended = tuple(repair for repair in raw.mended if repair.sheet in names)
    return replace(
        found,
        repairs=(*mended, *found.repairs)[:MOST_REPAIRS],
        explained=read_explained(raw.sheets.get(LIST_SHEET, ())),
    )


def _examined(form: Form, identity: Identity, reads: Mapping[str, SheetRead]) -> Examined:
    findings = [*identity.findings, *(f for read in reads.values() for f in read.findings)]
    submission = _submission(form, identity, reads)
    if submission is not None:
        findings += _not_said_yet(findings, in_file(submission, form))
    repairs = [*identity.repairs, *(r for read in reads.values() for r in read.repairs)]
    return Examined(
        identity.unit,
        identity.period,
        form.code,
        identity.version,
        submission,
        _shortened(ordered(findings, form)),
        tuple(repairs[:MOST_REPAIRS]),
    )


def _submission(
    form: Form, identity: Identity, reads: Mapping[str, SheetRead]
) -> Submission | None:
    tables = {key: read.table for key, read in reads.items() if read.table is not None}
    if len(tables) < len(form.sheets):
        return None
    return Submission(identity.unit, identity.period, form.code, identity.version, tables)


def _not_said_yet(said: list[Finding], more: tuple[Finding, ...]) -> list[Finding]:
    """A cell that is wrong in itself is not also blamed for what follows from it."""
    wrong = {(finding.sheet, finding.cell) for finding in said if finding.cell}
    return [finding for finding in more if (finding.sheet, finding.cell) not in wrong]


def _shortened(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    more = len(findings) - MOST_FINDINGS
    if more <= 0:
        return findings
    says = f"Còn {more} lỗi khác không liệt kê ở đây."
    fix = "Chép số liệu sang mẫu mới của tỉnh thay vì sửa từng ô."
    rest = Finding("CON_NUA", Severity.MUST_FIX, "", "", "", says, fix)
    return (*findings[:MOST_FINDINGS], rest)


# Which form


def _no_form_of_ours(raw: RawWorkbook) -> Examined:
    found = ", ".join(f"“{name}”" for name in raw.names[:5])
    says = f"Tệp không theo mẫu báo cáo của tỉnh: các trang trong tệp là {found}."
    fix = "Điền vào tệp mẫu mà tỉnh đã gửi cho đơn vị rồi gửi lại."
    finding = Finding("SAI_MAU", Severity.MUST_FIX, "", "", "", says, fix)
    meta = raw.meta
    return Examined(meta.get("unit", ""), meta.get("period", ""), "", "", None, (finding,))


def _correction_alone(raw: RawWorkbook) -> Examined:
    """A workbook of mended lines says nothing without the file they belong to."""
    says = "Đây là tệp chỉ gồm các dòng sửa; chưa tìm thấy báo cáo mà tệp này sửa."
    fix = "Gửi tệp sửa về đúng cơ quan đã trả lại, hoặc gửi lại cả báo cáo."
    finding = Finding("TEP_SUA", Severity.MUST_FIX, "", "", "", says, fix)
    meta = raw.meta
    unit, period, form, version = (
        meta.get(name, "") for name in ("unit", "period", "form", "version")
    )
    return Examined(unit, period, form, version, None, (finding,), corrects=meta["corrects"])


# Sheets


class _Reading:
    """The compiled readers of one form, kept for as long as the process lives."""

    _kept: dict[int, tuple[Form, dict[str, TableReader | CardReader]]] = {}

    def __init__(self, form: Form) -> None:
        known = self._kept.get(id(form))
        if known is None:
            if len(self._kept) > 32:
                self._kept.clear()
            known = self._kept[id(form)] = (form, _readers(form))
        self._form, self._readers = known

    def sheet(self, key: str, raw: RawWorkbook, marks: Marks) -> SheetRead:
        reader = self._readers[key]
        sheet = reader.sheet
        rows = raw.sheets.get(sheet.name)
        if rows is None:
            return SheetRead(None, (missing_sheet(sheet, self._form.version, raw.names),))
        placed = table_place if isinstance(reader, TableReader) else card_place
        place = placed(sheet, rows, self._form.version)
        read = reader.read(rows, place, marks)
        hidden = _out_of_sight(sheet, read, raw)
        return SheetRead(
            read.table if place.whole else None,
            (*place.findings, *read.findings, *hidden),
            (*place.repairs, *read.repairs),
        )


def _out_of_sight(sheet: Sheet, read: SheetRead, raw: RawWorkbook) -> Iterator[Finding]:
    if sheet.name in raw.hidden and read.table is not None and read.table.rows:
        says = f"Trang “{sheet.name}” đang bị ẩn nhưng có số liệu; tỉnh vẫn tính."
        fix = "Cho hiện lại trang này (bấm chuột phải vào tên trang, chọn Hiện) để kiểm tra."
        yield Finding("TRANG_AN", Severity.NOTE, sheet.name, "", "", says, fix)


def _readers(form: Form) -> dict[str, TableReader | CardReader]:
    return {
        sheet.key: CardReader(sheet) if sheet.kind == "card" else TableReader(sheet)
        for sheet in form.sheets
    }


def _marks_by_sheet(raw: RawWorkbook) -> Mapping[str, list[Mark]]:
    found: dict[str, list[Mark]] = {}
    for mark in raw.marks:
        found.setdefault(mark.sheet, []).append(mark)
    return found
