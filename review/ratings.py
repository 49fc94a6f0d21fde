"""Marks of form 01 that came on slips of their own, and when their seal is opened.

    ready(due, there, regulation.raters)        -> whether all whose marks are needed are in
    with_ratings(submission, opened)            the report with those marks in place of its own rows

A slip is the rater's own paper: where a report has a row of the same rater's role too, the slip
counts. Of several who mark as the competent authority the exact mean counts (review.scoring).
"""

from __future__ import annotations

import hashlib
import hmac
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from review.cadres import Cadre
from review.findings import Finding, Severity
from review.form import FIRST_ROW, Form
from review.rater_rules import RaterRules, raters_of
from review.rubric import FROM_SLIPS, Rubric
from review.slip_form import ROLE_NAMES
from review.submission import Submission, Table


@dataclass(frozen=True, slots=True)
class Rating:
    """What one rater marked one person in one period, `role` as what. `marks` hundredths by the
    criteria's fields, empty while it is sealed; `file` the slip it stands in, on `line`; `digest`
    tells of it before it is opened: of two slips that say the same it is the same."""

    period: str
    unit: str
    cadre: str
    role: str
    rater: str
    file: str
    line: int
    digest: str
    marks: Mapping[str, int] = field(default_factory=dict)
    at: datetime | None = None
    opened_at: datetime | None = None

    @property
    def about(self) -> str:
        """What the seal is bound to."""
        return f"{self.period}/{self.cadre}/{self.role}/{self.rater}"


def ratings_of(submission: Submission, file: str, rubric: Rubric, key: bytes) -> list[Rating]:
    """Every person whom a slip marks in full. Without the `key` no digest can be guessed from."""
    cover = submission.cover
    found = []
    for row in submission.rows(rubric.sheet):
        marks = {name: getattr(row, name) for name in rubric.fields}
        if row.cadre and None not in marks.values():
            digest = _digest(key, submission.period, row.cadre, cover.role, cover.rater, marks)
            found.append(
                Rating(submission.period, submission.unit, row.cadre, cover.role, cover.rater,
                       file, row.line, digest, marks)
            )  # fmt: skip
    return found


def _digest(key: bytes, *said: object) -> str:
    return hmac.new(key, repr(said).encode(), hashlib.sha256).hexdigest()


def slip_findings(
    submission: Submission, form: Form, cadres: Sequence[Cadre], rules: RaterRules
) -> Iterator[Finding]:
    """Why a slip is sent back: from nobody of the unit, or marking someone who is not the rater's
    to mark. No figure is told."""
    cover, page, sheet = submission.cover, form.sheet("cover"), form.sheets[-1]
    names = {cadre.code: cadre for cadre in cadres}
    if cover.rater not in names:
        says = f"Mã người chấm {cover.rater or '(trống)'} không có trong danh sách của đơn vị."
        fix = "Dùng đúng phiếu tỉnh đã phát cho người chấm."
        yield _stranger(page.name, page.cell("rater"), cover.rater, says, fix)
        return
    for row in submission.rows(sheet.key):
        person = names.get(row.cadre)
        mine = raters_of(person, cadres, rules) if person else {}
        if cover.rater not in mine.get(cover.role, ()):
            role = ROLE_NAMES.get(cover.role, cover.role or "(trống)")
            says = f"{cover.rater} không phải người chấm {row.cadre} ở vai {role}."
            fix = "Xóa dòng này, hoặc dùng đúng phiếu tỉnh đã phát."
            yield _stranger(sheet.name, sheet.cell("cadre", row.line), row.cadre, says, fix)


def _stranger(sheet: str, cell: str, code: str, says: str, fix: str) -> Finding:
    return Finding("NGOAI_DANH_SACH", Severity.MUST_FIX, sheet, cell, code, says, fix)


def too_late(cadres: Sequence[str]) -> Finding:
    """Why a slip no longer counts for these people: their marks have been seen."""
    says = f"Phiếu chấm của {', '.join(cadres)} đã mở niêm phong, không thay được nữa."
    fix = "Muốn điều chỉnh thì kiến nghị với cơ quan sau khi kết quả được phê duyệt."
    return Finding("DA_MO", Severity.MUST_FIX, "", "", "", says, fix)


def ready(
    due: Mapping[str, Sequence[str]], there: Mapping[str, Collection[str]], rules: RaterRules
) -> bool:
    """Whether the seal may be broken: everyone due in each role that is needed is in. `there` has
    the raters by role; a role marked in the report itself has "" among them."""
    return all(
        "" in there.get(role, ()) or (due.get(role) and set(due[role]) <= set(there.get(role, ())))
        for role in rules.needed
    )


def marked_in_report(submission: Submission, rubric: Rubric) -> dict[str, set[str]]:
    """By cadre, the roles of which the unit's own report has every mark."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for row in submission.rows(rubric.sheet):
        if row.rater and None not in rubric.marks_of(row):
            found[row.cadre].add(row.rater)
    return found


def with_ratings(submission: Submission, opened: Iterable[Rating], rubric: Rubric) -> Submission:
    """The report with opened slips laid beside; its own rows that a slip replaces are left out."""
    slips = list(opened)
    own = submission.tables.get(rubric.sheet)
    if not slips or own is None:
        return submission
    by_slip = {(one.cadre, one.role) for one in slips}
    at, rater = (1 + own.columns.index(name) for name in ("cadre", "rater"))
    rows = tuple(row for row in own.rows if (row[at], row[rater]) not in by_slip)
    columns = ("cadre", "rater", "by", "file", *rubric.fields)
    laid = tuple(
        (one.line or FIRST_ROW, one.cadre, one.role, one.rater, one.file,
         *(one.marks[name] for name in rubric.fields))
        for one in sorted(slips, key=lambda one: (one.cadre, one.role, one.rater))
    )  # fmt: skip
    tables = {**submission.tables, rubric.sheet: replace(own, rows=rows),
              FROM_SLIPS: Table(FROM_SLIPS, columns, laid)}  # fmt: skip
    return replace(submission, tables=tables)
