"""The checks of a careful officer (domain.md, section 5), in two rounds.

    in_file(submission, form)                       what the file says of itself (checks_alone.py)
    against_brief(submission, form, brief, …)       what it says against the roll and history
    findings_of(examined, form, brief, …)           everything, in the order to be read

`examine` has done the first round already: `examined.findings` includes it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from review.brief import UnitBrief, WorkType
from review.calendar import WorkingDays
from review.case import Case
from review.checks_alone import Severities, found, once
from review.checks_history import AGAINST_HISTORY
from review.checks_roll import AGAINST_BRIEF, coefficients_are_those_of_the_catalogue
from review.findings import Finding, Severity
from review.form import Form
from review.order import ordered, reweighed
from review.past import NOTHING, Past
from review.retirement import RetirementTable
from review.submission import Submission


class Read(Protocol):
    """What the reading of a file yields (review.examine.Examined)."""

    @property
    def unit(self) -> str: ...
    @property
    def submission(self) -> Submission | None: ...
    @property
    def findings(self) -> tuple[Finding, ...]: ...


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
    return found((*AGAINST_BRIEF, *AGAINST_HISTORY), case, severities)


def against_catalogue(
    submission: Submission,
    form: Form,
    works: Sequence[WorkType],
    *,
    severities: Severities | None = None,
) -> tuple[Finding, ...]:
    """The one rule for which the catalogue of products is enough, where there is no office."""
    case = Case(submission, form, works=works)
    return found((coefficients_are_those_of_the_catalogue,), case, severities)


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
    return ordered(reweighed(once((*read.findings, *more)), severities or {}), form)
