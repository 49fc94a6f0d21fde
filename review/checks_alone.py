"""The rules that need nothing but the file itself, and how any rules are gone through.

    in_file(submission, form)   -> what the cells of one file say against each other

Apart from review/checks.py, which knows the roll and history: whoever only opens files does without
(channels/reading_desk.py is a fresh process for each file that kills one).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from review.case import Case, Rule
from review.checks_file import IN_FILE
from review.checks_form import BY_FORM
from review.checks_sheets import BETWEEN_SHEETS
from review.findings import Finding, Severity
from review.form import Form
from review.order import ordered, reweighed
from review.submission import Submission

Severities = Mapping[str, Severity]


def in_file(
    submission: Submission, form: Form, *, severities: Severities | None = None
) -> tuple[Finding, ...]:
    """The rules between the cells of one file."""
    case = Case(submission, form)
    return found((*IN_FILE, *BETWEEN_SHEETS, *BY_FORM), case, severities)


def found(rules: Iterable[Rule], case: Case, severities: Severities | None) -> tuple[Finding, ...]:
    found = [finding for rule in rules for finding in rule(case)]
    return ordered(reweighed(once(found), severities or {}), case.form)


def once(findings: Iterable[Finding]) -> list[Finding]:
    """One finding for each check and cell: a cell is not blamed twice for one thing."""
    kept: dict[tuple[str, str, str, str], Finding] = {}
    for finding in findings:
        about = finding.says if not finding.cell else ""
        kept.setdefault((finding.check, finding.sheet, finding.cell, about), finding)
    return list(kept.values())
