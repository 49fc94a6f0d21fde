"""The groups of `tdkt calc` that concern a person: a period, a year, a fault, a leader's d.

person_period(Given({"role": "staff", "general_score": "30", "tasks": […]}), law)["total"]
    -> "100.00"
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from review.given import HUNDREDTH, ONE, CaseError, Given, number, points
from review.marks import Line, Marks, Sums, leader_marks, staff_marks, sums_of
from review.points import written
from review.regulation import Regulation
from review.scorecard import CardStatus, Grade
from review.scoring import NEEDS_WORD, OVER_FULFILLED
from review.year import MATERNITY, YearRule, grade_under_decree_90, looks_like_maternity, year_of

LEADERS = ("leader", "head", "deputy")
PERCENT = 100 * ONE


def person_period(given: Given, law: Regulation) -> dict[str, Any]:
    """A month or quarter of one person (Decree 335/2025, Articles 12–16 and 20)."""
    leads = _leads(given)
    forced = _forced(given, law, leads)
    general = given.number_or_none("general_score", law.points.general_max // 100)
    lines = _lines(given, law)
    sums = _sums(given, lines, given.flag("cap_per_line", law.points.cap_per_line))
    dde = _dde(given, law, leads)
    if sums is None or not sums.full or general is None or dde is None:
        return _insufficient(forced)
    marks = _marks(sums, dde, general, law)
    grade = law.grades.grade_of(marks.total)
    return {
        "status": str(CardStatus.OK),
        **{term: written(value) for term, value in zip("abc", marks[:3], strict=True)},
        "mean_percent": written(marks.mean),
        "task_score": written(marks.task),
        "total": written(marks.total),
        "grade_provisional": str(grade),
        "grade": str(Grade.NOT_DONE if forced else grade),
        "flags": [OVER_FULFILLED] if sums.over else [],
        **_both_caps(lines),
    }


def _leads(given: Given) -> bool:
    role = given.text("role")
    if role not in ("staff", *LEADERS):
        raise CaseError(f"“role” = “{role}” không dùng được; chọn staff, leader, head hoặc deputy")
    return role in LEADERS


def _forced(given: Given, law: Regulation, leads: bool) -> bool:
    """Whether a disqualifier of Article 20.4 applies; one for leaders only leaves staff alone."""
    found = []
    for at, code in enumerate(given.items("disqualifiers") if given.known("disqualifiers") else []):
        rule = law.disqualifier(code) if isinstance(code, str) else None
        if rule is None:
            known = ", ".join(rule.codes[0] for rule in law.disqualifiers)
            raise CaseError(f"“disqualifiers[{at}]” = “{code}” không có; các mã: {known}")
        found.append(leads or not rule.leaders_only)
    return any(found)


def _lines(given: Given, law: Regulation) -> list[Line]:
    return [_line(task, law) for task in given.parts("tasks")]


def _line(task: Given, law: Regulation) -> Line:
    assigned, done = task.whole("assigned"), task.whole("done")
    return Line(
        task.number("coef"),
        assigned,
        done,
        _loss(task, "quality_faults", done, law),
        _loss(task, "delays", done, law),
    )


def _loss(task: Given, key: str, done: int, law: Regulation) -> int:
    """Percent of products lost. An excused fault costs nothing: its proof is taken as read."""
    loss = units = 0
    for fault in task.parts(key):
        qty, times = fault.whole("qty"), fault.whole("times", default=1)
        units += qty
        loss += 0 if fault.flag("excused", False) else qty * (100 - law.points.factor(times))
    if units > done:
        raise CaseError(f"“{key}” nêu {units} sản phẩm nhưng chỉ có {done} sản phẩm hoàn thành")
    return loss


def _sums(given: Given, lines: Sequence[Line], per_line: bool) -> Sums | None:
    """From the tasks, or from a, b, c given as percent; None where one of these is null."""
    if given.known("percent") == given.known("tasks"):
        raise CaseError("cần đúng một trong “tasks” và “percent”")
    if given.known("tasks"):
        return sums_of(lines, per_line)
    percents = [given.part("percent").number_or_none(term) for term in "abc"]
    known = [percent for percent in percents if percent is not None]
    if len(known) < len(percents):
        return None
    a, b, c = (min(percent, PERCENT) for percent in known)
    return Sums(PERCENT, a, b, c, over=max(known) > PERCENT)


def _dde(given: Given, law: Regulation, leads: bool) -> tuple[int, ...] | None:
    """d, đ, e in whole percent; none for staff, None while one is still null."""
    if not leads:
        if given.known("percent_dde"):
            raise CaseError("“percent_dde” chỉ dành cho lãnh đạo, quản lý")
        return ()
    terms = given.part("percent_dde")
    values = [terms.number_or_none(term) for term in ("d", "dd", "e")]
    allowed = [value * ONE for value in law.points.leader_values]
    if any(value not in allowed for value in values if value is not None):
        raise CaseError("“percent_dde”: d, đ, e chỉ nhận 100 hoặc 50")
    known = [value // ONE for value in values if value is not None]
    return tuple(known) if len(known) == len(values) else None


def _marks(sums: Sums, dde: Sequence[int], general: int, law: Regulation) -> Marks:
    most = law.points.results_max
    if dde:
        return leader_marks(sums, sum(dde), general, most, unit=HUNDREDTH)
    return staff_marks(sums, general, most, unit=HUNDREDTH)


def _both_caps(lines: Sequence[Line]) -> dict[str, str]:
    """The quantity under both readings of the 100% cap, where it was counted from products."""
    if not lines:
        return {}
    total, per_line = (sums_of(lines, choice) for choice in (False, True))
    return {
        "a_cap_total": points(total.a * PERCENT // total.full),
        "a_cap_per_line": points(per_line.a * PERCENT // per_line.full),
    }


def _insufficient(forced: bool) -> dict[str, Any]:
    """No figure is known; a disqualifier that is named decides the grade all the same."""
    unknown = ("a", "b", "c", "mean_percent", "task_score", "total", "grade_provisional")
    return {
        "status": str(CardStatus.INSUFFICIENT),
        **dict.fromkeys(unknown),
        "grade": str(Grade.NOT_DONE) if forced else None,
        "flags": [NEEDS_WORD],
    }


def person_year(given: Given, law: Regulation) -> dict[str, Any]:
    """A year from up to twelve monthly totals, January first (Decree 335/2025, Article 21)."""
    months = _months(given)
    rule = given.choice("rule", YearRule, law.year.rule)
    forced = _forced(given, law, leads=True)
    year = year_of(months, rule, unit=HUNDREDTH)
    grade = None if year.score is None else law.grades.grade_of(year.score)
    maternity = _maternity(given, months, law)
    old = grade_under_decree_90(grade, year.counted, maternity, law.year)
    flags = ([MATERNITY] if maternity else []) + ([NEEDS_WORD] if grade is None else [])
    return {
        "status": str(CardStatus.INSUFFICIENT if grade is None else CardStatus.OK),
        "months_counted": year.counted,
        "months_due": year.due,
        "year_score": None if year.score is None else written(year.score),
        "grade_provisional": grade and str(grade),
        "grade": grade and str(Grade.NOT_DONE if forced else grade),
        "rule": str(rule),
        "quarter_scores": {f"Q{n}": written(score) for n, score, _ in year.quarters},
        "quarter_months": {f"Q{n}": counted for n, _, counted in year.quarters},
        "grade_under_ND90_2020": old and str(old),
        "flags": flags,
    }


def _months(given: Given) -> list[int | None]:
    items = given.items("monthly")
    if not 1 <= len(items) <= 12:
        raise CaseError(f"“monthly” có {len(items)} tháng; cần từ 1 đến 12, tháng thiếu ghi null")
    return [
        None if item is None else number(item, f"monthly[{at}]", high=100)
        for at, item in enumerate(items)
    ]


def _maternity(given: Given, months: Sequence[int | None], law: Regulation) -> bool:
    """By what is said of the leave; where nothing is said, by the length of the gap."""
    if not given.known("leave"):
        return looks_like_maternity(months, law.year)
    leave = given.text("leave").lower()
    if leave not in law.leave:
        raise CaseError(f"“leave” = “{leave}” không có; các mã: {', '.join(law.leave)}")
    return leave == "thai_san"


def unit_factor(given: Given, law: Regulation) -> dict[str, Any]:
    """What is left of a product after so many faults (Article 14.2b, c)."""
    return {"factor": [written(law.points.factor(times)) for times in given.wholes("times")]}


def leader_dde(given: Given, law: Regulation) -> dict[str, Any]:
    """A head's d: 100 when everyone managed reaches 50 points, else 50; unknown while one who may
    still fall short has no score."""
    scores = [
        None if item is None else number(item, f"subordinate_scores[{at}]", high=100)
        for at, item in enumerate(given.items("subordinate_scores"))
    ]
    if not scores:
        raise CaseError("“subordinate_scores” trống: không có ai để tính d")
    least = law.grades.done * HUNDREDTH
    if any(score is not None and score < least for score in scores):
        return {"status": str(CardStatus.OK), "d": "50", "flags": []}
    if None in scores:
        return {"status": str(CardStatus.INSUFFICIENT), "d": None, "flags": [NEEDS_WORD]}
    return {"status": str(CardStatus.OK), "d": "100", "flags": []}
