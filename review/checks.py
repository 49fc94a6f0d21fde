"""The checks of a careful officer (domain.md, section 5), in two rounds.

    in_file(submission, form)                       what the file says of itself
    against_brief(submission, form, brief, …)       what it says against the roll and history
    findings_of(examined, form, brief, …)           everything, in the order to be read

`examine` has done the first round already: `examined.findings` includes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from review.brief import UnitBrief, WorkType
from review.calendar import WorkingDays
from review.case import Case, Rule
from review.checks_file import IN_FILE
from review.checks_form import BY_FORM
from review.checks_history import AGAINST_HISTORY
from review.checks_roll import AGAINST_BRIEF, coefficients_are_those_of_the_catalogue
from review.checks_sheets import BETWEEN_SHEETS
from review.findings import Finding, Severity
from review.form import Form
from review.order import ordered, reweighed
from review.past import NOTHING, Past
from review.retirement import RetirementTable
from review.submission import Submission

Severities = Mapping[str, Severity]


class Read(Protocol):
    """What the reading of a file yields (review.examine.Examined)."""

    @property
    def unit(self) -> str: ...
    @property
    def submission(self) -> Submission | None: ...
    @property
    def findings(self) -> tuple[Finding, ...]: ...


def in_file(
    submission: Submission, form: Form, *, severities: Severities | None = None
) -> tuple[Finding, ...]:
    """The rules between the cells of one file."""
    case = Case(submission, form)
    return _found((*IN_FILE, *BETWEEN_SHEETS, *BY_FORM), case, severities)


def against_brief(
    submission: Submission,
    form: Form,
    brief: UnitBrief,
    *,
    received_at: datetime | None = None,
    due: datetime | None = None,
    severities: Severities | None = None,
    totals: Mapping[str, int] | None = None,
    days: WorkingDays | None = None,
    past: Past = NOTHING,
    retirement: RetirementTable | None = None,
) -> tuple[Finding, ...]:
    """The rules against the roll, the calendar and history.

    `received_at` and `due` are aware instants, shown as given: pass them in the office's zone.
    `totals` are points of cadres in hundredths, where they are known already. `days` says which
    days are working days. `past` is what was looked up of earlier periods and other units;
    `retirement` is the regulation's table.
    """
    case = Case(
        submission,
        form,
        brief,
        brief.works,
        received_at,
        due,
        totals or {},
        days or WorkingDays(),
        past=past,
        retirement=retirement,
    )
    return _found((*AGAINST_BRIEF, *AGAINST_HISTORY), case, severities)


def against_catalogue(
    submission: Submission,
    form: Form,
    works: Sequence[WorkType],
    *,
    severities: Severities | None = None,
) -> tuple[Finding, ...]:
    """The one rule for which the catalogue of products is enough, where there is no office."""
    case = Case(submission, form, works=works)
    return _found((coefficients_are_those_of_the_catalogue,), case, severities)


def unknown_unit(code: str, form: Form) -> Finding:
    """For a file of a unit that is not on the roster."""
    says = f"Mã “{code}” không có trong danh mục đơn vị của tỉnh."
    if not code:
        says = "Chưa ghi mã đơn vị."
    cover = next((sheet for sheet in form.sheets if sheet.key == "cover"), None)
    name, cell = (cover.name, cover.cell("unit")) if cover else ("", "")
    fix = "Dùng tệp mẫu mà tỉnh đã gửi cho đơn vị mình."
    return Finding("MA_DON_VI", Severity.MUST_FIX, name, cell, code, says, fix)


def findings_of(
    read: Read,
    form: Form,
    brief: UnitBrief | None,
    *,
    received_at: datetime | None = None,
    due: datetime | None = None,
    severities: Severities | None = None,
    totals: Mapping[str, int] | None = None,
    days: WorkingDays | None = None,
    past: Past = NOTHING,
    retirement: RetirementTable | None = None,
) -> tuple[Finding, ...]:
    """Everything wrong with a file, once each, most important first. `brief` None: the unit is
    unknown. For an unreadable file, the one finding that says why."""
    more: tuple[Finding, ...] = ()
    if read.submission is not None and brief is None:
        more = (unknown_unit(read.unit, form),)
    elif read.submission is not None and brief is not None:
        more = against_brief(
            read.submission,
            form,
            brief,
            received_at=received_at,
            due=due,
            totals=totals,
            days=days,
            past=past,
            retirement=retirement,
        )
    return ordered(reweighed(_once((*read.findings, *more)), severities or {}), form)


def _found(rules: Iterable[Rule], case: Case, severities: Severities | None) -> tuple[Finding, ...]:
    found = [finding for rule in rules for finding in rule(case)]
    return ordered(reweighed(_once(found), severities or {}), case.form)


def _once(findings: Iterable[Finding]) -> list[Finding]:
    """One finding for each check and cell: a cell is not blamed twice for one thing."""
    kept: dict[tuple[str, str, str, str], Finding] = {}
    for finding in findings:
        about = finding.says if not finding.cell else ""
        kept.setdefault((finding.check, finding.sheet, finding.cell, about), finding)
    return list(kept.values())
