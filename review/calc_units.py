"""The groups of `tdkt calc` beyond one person's points: quota, clusters, agencies, titles, dates.

cap(Given({"cap_denominator": "GOOD_ONLY", "n_good_or_better": 35}), law)["max_excellent"]  -> 5
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from review.agency import agency_year
from review.cadres import Sex
from review.clusters import LateRule, cluster_score
from review.given import HUNDREDTH, CaseError, Given, points
from review.period import Period
from review.points import written
from review.quota import SMALL_GROUP, Candidate, CapReading, most_excellent, suggest
from review.regulation import Regulation
from review.retirement import retirement
from review.scorecard import Grade
from review.titles import Collective, collective_conditions, eligible, most_cstdcs

SEXES = {"M": Sex.MALE, "F": Sex.FEMALE, "NAM": Sex.MALE, "NU": Sex.FEMALE}


def cap(given: Given, law: Regulation) -> dict[str, Any]:
    """The quota of Article 20.5. A case that names no reading sees them side by side, and the one
    in force is said."""
    reading = given.choice("cap_denominator", CapReading, law.cap.reading)
    seats = _seats(given, law, reading)
    alone = given.has("cap_denominator")
    shown: Any = seats[reading] if alone else {str(r): most for r, most in seats.items()}
    answer: dict[str, Any] = {"max_excellent": shown, "reading": str(reading), "flags": []}
    if given.known("n_at_least_90"):
        answer["demoted"] = _demoted(given, seats, reading if alone else None)
    if _good(given, reading) and not seats[reading]:
        answer["flags"] = [SMALL_GROUP]
    return {**answer, **_suggested(given, law, seats[reading], reading)}


def _seats(given: Given, law: Regulation, chosen: CapReading) -> dict[CapReading, int]:
    percent = _percent(given, "cap_percent", law.cap.percent)
    good = _good(given, chosen)
    rated = given.whole("n_rated") if given.known("n_rated") else None
    if chosen is CapReading.ALL_RATED and rated is None:
        raise CaseError("cách tính ALL_RATED cần “n_rated”")
    if rated is not None and rated < good:
        raise CaseError(f"“n_rated” = {rated} ít hơn “n_good_or_better” = {good}")
    readings = [r for r in CapReading if r is not CapReading.ALL_RATED or rated is not None]
    return {reading: most_excellent(reading, percent, good, rated) for reading in readings}


def _percent(given: Given, key: str, default: int) -> int:
    """A percent in hundredths; more decimals than that are refused, not rounded."""
    if not given.has(key):
        return default
    exact = given.number(key, high=100)
    if exact % HUNDREDTH:
        raise CaseError(f"“{key}” chỉ nhận nhiều nhất hai chữ số thập phân")
    return exact // HUNDREDTH


def _good(given: Given, reading: CapReading) -> int:
    if reading is CapReading.ALL_RATED and not given.known("n_good_or_better"):
        return given.whole("n_rated")
    return given.whole("n_good_or_better")


def _demoted(given: Given, seats: Mapping[CapReading, int], alone: CapReading | None) -> Any:
    excellent, good = given.whole("n_at_least_90"), given.whole("n_good_or_better")
    if excellent > good:
        raise CaseError(f"“n_at_least_90” = {excellent} nhiều hơn “n_good_or_better” = {good}")
    if alone:
        return max(0, excellent - seats[alone])
    return {str(reading): max(0, excellent - most) for reading, most in seats.items()}


def _suggested(given: Given, law: Regulation, seats: int, reading: CapReading) -> dict[str, Any]:
    if not given.known("candidates"):
        return {}
    candidates = [_candidate(part) for part in given.parts("candidates")]
    codes = [candidate.code for candidate in candidates]
    if len(set(codes)) < len(codes):
        raise CaseError("“candidates” có mã trùng nhau")
    least = law.grades.excellent * HUNDREDTH
    worthy = [candidate for candidate in candidates if candidate.total >= least]
    if len(worthy) > _good(given, reading):
        raise CaseError("“candidates” nhiều hơn “n_good_or_better”")
    suggestion = suggest(worthy, seats)
    return {
        "suggested": list(suggestion.chosen),
        "tied_at_cut": list(suggestion.tied),
        "displaced": list(suggestion.displaced),
        "below_threshold": sorted(c.code for c in candidates if c.total < least),
        "needs_decision": suggestion.needs_decision,
    }


def _candidate(part: Given) -> Candidate:
    return Candidate(part.text("id"), part.number("total", 100), part.number("task_score", 70))


def cluster(given: Given, law: Regulation) -> dict[str, Any]:
    """Base points, bonuses, penalties, and the days that a report was late."""
    score = cluster_score(
        given.number("base"),
        [bonus.number("points") for bonus in given.parts("bonuses")],
        [penalty.number("points") for penalty in given.parts("penalties")],
        given.whole("late_working_days", default=0),
        _late_rule(given, law),
    )
    return {name: points(getattr(score, name)) for name in ("base", "bonus", "penalty", "total")}


def _late_rule(given: Given, law: Regulation) -> LateRule:
    """The case's own rule; a case that gives none of it has the regulation's sample rule."""
    if not given.has("per_day") and not given.has("max"):
        local, most = law.late_report, law.late_report.most
        return LateRule(local.per_day * HUNDREDTH, None if most is None else most * HUNDREDTH)
    return LateRule(given.number("per_day"), given.number("max") if given.known("max") else None)


def agency(given: Given, law: Regulation) -> dict[str, Any]:
    """An agency's own year: 30 general and 70 results."""
    general = given.number("general", law.points.general_max // 100)
    results = given.number("results", law.points.results_max // 100)
    year = agency_year(general, results, law.agency_grades, unit=HUNDREDTH)
    return {"total": written(year.total), "grade": str(year.grade)}


def retires(given: Given, law: Regulation) -> dict[str, Any]:
    """Age, month and first day of pension (Decree 135/2020)."""
    sex = SEXES.get(given.text("sex").strip().upper())
    if sex is None:
        raise CaseError(f"“sex” = “{given.text('sex')}” không dùng được; chọn M hoặc F")
    leave = retirement(sex, given.day("birth"), law.retirement)
    return {
        "age": leave.age,
        "reaches": f"{leave.reaches:%Y-%m}",
        "pension_from": leave.pension_from.isoformat(),
        "flags": ["CAN_DOI_CHIEU_BANG_TUOI"] if leave.verify else [],
    }


def report_window(given: Given, law: Regulation) -> dict[str, Any]:
    """The days whose figures a report counts, both included (Decree 09/2019, Article 12)."""
    *cadence, text = given.text("period").split() or [""]
    period = Period.parse(text)
    if cadence and cadence != [str(period.cadence)]:
        raise CaseError(f"“{' '.join(cadence)}” không phải loại kỳ của {text} ({period.cadence})")
    opens, closes = period.report_window
    return {"from_": opens.isoformat(), "to": closes.isoformat()}


def title(given: Given, law: Regulation) -> dict[str, Any]:
    """The gate of Tập thể lao động xuất sắc, the quota of CSTĐCS, or both."""
    if not given.has("n"):
        return _cstdcs(given, law)
    answer = _collective(given, law)
    return answer | _cstdcs(given, law) if given.has("percent") else answer


def _cstdcs(given: Given, law: Regulation) -> dict[str, Any]:
    percent = _percent(given, "percent", law.titles.cstdcs_percent)
    return {"max_cstdcs": most_cstdcs(given.whole("n_ldtt"), percent)}


def _collective(given: Given, law: Regulation) -> dict[str, Any]:
    counts = [
        given.whole(key)
        for key in ("n", "n_hoan_thanh", "n_ldtt", "n_cstdcs", "n_ky_luat_canh_cao")
    ]
    if not counts[0] or max(counts) > counts[0]:
        raise CaseError(f"“n” = {counts[0]} phải từ 1 trở lên và không ít hơn các số còn lại")
    members, completed, ldtt, cstdcs, warned = counts
    grade = given.choice("unit_grade", Grade)
    unit = Collective(members, completed, ldtt, cstdcs, warned, grade)
    conditions = collective_conditions(unit, law.titles)
    return {
        "eligible": eligible(conditions),
        "reason": "; ".join(c.says for c in conditions if not c.met) or None,
        "conditions": [
            {"name": c.name, "met": c.met, "says": c.says, "article": c.article} for c in conditions
        ],
    }
