"""A unit explains what a check asks about; the office accepts it until a date: quiet till then.

    subject_of(finding, submission, form)      -> "work:03637-01 · TD01 · Báo cáo tháng"
    parted(findings, subjects, waivers)        -> what is still asked, and what was accepted

What a finding is about is told by the fields that identify its line, not by its cell: next month
the same person stands on another line. What concerns a whole file (late, a copy of the month
before) is about that period's file: explained in October, it is asked again in November.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from review.cells import as_text, folded
from review.findings import Finding, Severity
from review.form import Form, Sheet
from review.raw import Rows
from review.submission import Submission

LIST_SHEET = "Lỗi cần sửa"  # of a marked workbook; the unit explains there, in a column of its own
PLACE, CELL, WORDS, CODE = "Trang", "Ô", "Giải trình của đơn vị", "Mã lỗi"
LONGEST = 1000
_SEARCHED_ROWS = 40
_CELL = re.compile(r"[A-Z]+(\d+)")


class Answer(StrEnum):
    """What the office says to an explanation."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    REFUSED = "refused"

    @property
    def label(self) -> str:
        return {"waiting": "Chờ xem xét", "accepted": "Chấp nhận", "refused": "Không chấp nhận"}[
            self
        ]


@dataclass(frozen=True, slots=True)
class Explained:
    """What a unit wrote beside a finding on the list of its marked workbook."""

    check: str
    sheet: str
    cell: str
    says: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """One entry of the ledger. `until` is the last day on which an accepted one holds, `who` and
    `note` the office's; `asked` the finding's own words. `id` is the book's."""

    unit: str
    period: str
    check: str
    subject: str
    asked: str
    says: str
    file: int
    answer: Answer = Answer.WAITING
    until: date | None = None
    who: str = ""
    note: str = ""
    id: int | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        return self.unit, self.check, self.subject

    def holds_on(self, day: date) -> bool:
        return self.answer is Answer.ACCEPTED and self.until is not None and day <= self.until


def read_explained(rows: Rows) -> tuple[Explained, ...]:
    """What the unit wrote on the list of its marked workbook: its columns are found by their
    headings; a list without them says nothing."""
    for at, row in enumerate(rows[:_SEARCHED_ROWS]):
        heads = [folded(cell) for cell in row]
        if folded(WORDS) in heads and folded(CODE) in heads:
            columns = [heads.index(folded(name)) for name in (CODE, PLACE, CELL, WORDS)]
            lines = ([as_text(line[n]).strip() for n in columns] for line in rows[at + 1 :])
            return tuple(
                Explained(code, sheet, _address(cell), says[:LONGEST])
                for code, sheet, cell, says in lines
                if code and says
            )
    return ()


def _address(cell: str) -> str:
    return cell if _CELL.fullmatch(cell) else ""


def subject_of(finding: Finding, submission: Submission, form: Form) -> str:
    """What a finding is about, in words that stay the same next month."""
    sheet = next((sheet for sheet in form.sheets if sheet.name == finding.sheet), None)
    if sheet is None:
        return about_file(submission.period, finding.value)
    found = _CELL.fullmatch(finding.cell)
    if found is None:
        return f"{sheet.key}:{finding.value}"
    if sheet.kind == "card":
        return f"{sheet.key}.{_card_field(sheet, finding.cell)}"
    return f"{sheet.key}:{_line_key(sheet, submission, int(found[1]))}"


def about_file(period: str, value: str = "") -> str:
    """The subject of what concerns a whole file of that period."""
    return f"file:{period}" + (f" · {value}" if value else "")


def _card_field(sheet: Sheet, cell: str) -> str:
    """Cards are rarely moved; where one was, its cell will do."""
    return next((f.name for f in sheet.fields if sheet.cell(f.name) == cell), cell)


def _line_key(sheet: Sheet, submission: Submission, row: int) -> str:
    table = submission.tables.get(sheet.key)
    if table is None:
        return str(row)
    places = [1 + table.columns.index(name) for name in sheet.row_key]
    for line in (*table.rows, *table.idle):
        if line[0] == row:
            return " · ".join(as_text(line[n]) for n in places)
    return str(row)


def matched(
    explained: Iterable[Explained], findings: Sequence[Finding]
) -> list[tuple[Finding, Explained]]:
    """Each explanation with the finding it answers: of the same check at the same cell, else the
    only one of that check on that sheet. Only what must be explained can be."""
    open_ = [f for f in findings if f.severity is Severity.MUST_EXPLAIN]
    pairs = []
    for one in explained:
        same = [f for f in open_ if f.check == one.check and _same_sheet(f.sheet, one.sheet)]
        here = [f for f in same if f.cell == one.cell] or same
        if one.says.strip() and len(here) == 1:
            pairs.append((here[0], one))
    return pairs


def _same_sheet(sheet: str, written: str) -> bool:
    """The list calls what concerns the whole file by other words."""
    return folded(sheet) == folded(written) if sheet else True


def awaiting(finding: Finding, says: str) -> Finding:
    """The finding as it is said while its explanation waits for the office."""
    words = f"{finding.says} Đơn vị giải trình: “{says}”."
    return replace(finding, says=words, fix="Đã nhận giải trình, chờ cơ quan xem xét.")


def declined(finding: Finding, one: Explanation) -> Finding:
    """The finding as it is said once the office has not accepted the explanation."""
    why = one.note.strip().rstrip(".")
    words = f"{one.asked} Giải trình “{one.says}” không được chấp nhận: {why}."
    return replace(finding, says=words, fix="Sửa số liệu, hoặc gửi lại giải trình có căn cứ khác.")


def as_answered(finding: Finding, one: Explanation) -> Finding:
    """A finding in the words that the state of its explanation asks for."""
    if one.answer is Answer.REFUSED:
        return declined(finding, one)
    if one.answer is Answer.WAITING:
        return awaiting(finding, one.says)
    fix = "Giải trình trước đây đã hết thời hạn chấp nhận: sửa số liệu, hoặc giải trình lại."
    return replace(finding, says=one.asked, fix=fix)


def concerns(explanation: Explanation, cadre: str) -> bool:
    """Whether it is about this cadre: the code is one of the parts that identify its line."""
    return cadre in explanation.subject.partition(":")[2].split(" · ")


def parted(
    findings: Iterable[Finding],
    subjects: Mapping[Finding, str],
    waivers: Mapping[tuple[str, str], Explanation],
) -> tuple[tuple[Finding, ...], tuple[tuple[Finding, Explanation], ...]]:
    """The findings that are still asked, and those that an accepted explanation (by check and
    subject) keeps quiet, each with it. What must be mended is never explained away."""
    asked: list[Finding] = []
    quiet: list[tuple[Finding, Explanation]] = []
    for finding in findings:
        waiver = waivers.get((finding.check, subjects[finding]))
        if waiver is None or finding.severity is not Severity.MUST_EXPLAIN:
            asked.append(finding)
        else:
            quiet.append((finding, waiver))
    return tuple(asked), tuple(quiet)


def asked_later(explained: Iterable[Explained], finding: Finding) -> Explained | None:
    """What a unit wrote to something that is asked only when all files of a round are read."""
    said = (one for one in explained if one.check == finding.check and one.says.strip())
    return next(said, None)
