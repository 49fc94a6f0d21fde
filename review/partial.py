"""Good lines taken, bad ones held: where the form allows it, sheet by sheet (`partial = true`).

    settled = settle(submission, findings, form)
    settled.verdict             -> Verdict.PARTIAL
    settled.submission          -> the report without the held lines
    settled.held[0].line        -> 9

A fault anywhere else (the cover, another sheet, the whole file) has the whole report returned.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from review.findings import Finding, Severity, Verdict, verdict_of
from review.form import Form, Sheet
from review.submission import Submission

_CELL = re.compile(r"[A-Z]+(\d+)")


@dataclass(frozen=True, slots=True)
class Held:
    """One line that does not count until it is mended: its sheet's key and its Excel row."""

    sheet: str
    line: int


@dataclass(frozen=True, slots=True)
class Settled:
    """What a checked report comes to: `submission` is what counts of it."""

    verdict: Verdict
    submission: Submission | None
    held: tuple[Held, ...] = ()


def settle(
    submission: Submission | None, findings: Sequence[Finding], form: Form | None
) -> Settled:
    verdict = verdict_of(findings)
    if verdict is not Verdict.RETURNED or submission is None or form is None:
        return Settled(verdict, submission)
    grave = [finding for finding in findings if finding.severity is Severity.MUST_FIX]
    places = [_line_of(finding, submission, form) for finding in grave]
    held = tuple(dict.fromkeys(place for place in places if place is not None))
    if None in places:
        return Settled(verdict, submission)
    return Settled(Verdict.PARTIAL, _without(submission, held), held)


def _line_of(finding: Finding, submission: Submission, form: Form) -> Held | None:
    """The line a finding lies in, if that line may be held."""
    sheet = next((sheet for sheet in form.sheets if sheet.name == finding.sheet), None)
    found = _CELL.fullmatch(finding.cell)
    if sheet is None or found is None or not _may_be_held(sheet):
        return None
    line = int(found[1])
    there = any(row[0] == line for row in submission.tables[sheet.key].rows)
    return Held(sheet.key, line) if there else None


def _may_be_held(sheet: Sheet) -> bool:
    return sheet.partial and sheet.kind == "table"


def _without(submission: Submission, held: Sequence[Held]) -> Submission:
    tables = dict(submission.tables)
    for key in {one.sheet for one in held}:
        lines = {one.line for one in held if one.sheet == key}
        rows = tuple(row for row in tables[key].rows if row[0] not in lines)
        tables[key] = replace(tables[key], rows=rows)
    return replace(submission, tables=tables)
