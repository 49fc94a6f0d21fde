"""Who needs which training, and what was given: needs from faults, low criteria, new texts,
readiness, what units ask for, and what was planned and not held.

    needs = needs_of(cadre, rules, faults=…, marks=…)
    needs[0].course.code, needs[0].why      -> "BD-HS", evidence with the cell of the faulty product
    delivered(lessons, course, since, on)   -> the class that met it, None where there was none

Source: the founding article, first measure; domain.md 1.1, rows 2, 3, 7, 14, 17.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from review.cadres import Cadre
from review.evidence import Evidence, decimal, months_after, percent
from review.marked_low import LowMark
from review.plan_rules import Course, LegalText, TrainingRules


@dataclass(frozen=True, slots=True)
class Lesson:
    """A class that one cadre attended. `hours` in hundredths of a lesson (tiết), `cost` in
    hundredths of a million đồng; `course` the catalogue's code, `kind` the report's."""

    cadre: str
    topic: str
    form: str
    hours: int
    on: date | None
    until: date | None = None
    course: str = ""
    kind: str = ""
    cost: int = 0
    certificate: str = ""
    cell: str = ""
    period: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """A cadre has studied a legal text, and was tested on it or not."""

    cadre: str
    text: str
    on: date | None
    cell: str = ""
    period: str = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """What the unit itself asks for one cadre; `planned` where it has a class in view."""

    cadre: str
    course: str
    kind: str
    topic: str
    planned: bool
    since: date
    cell: str = ""
    period: str = ""


@dataclass(frozen=True, slots=True)
class Missed:
    """A class that stood in the period's plan and was not held; `waited` months in plans."""

    cadre: str
    course: str
    plan: str
    waited: int
    since: date


class Need(NamedTuple):
    """One cadre needs one course; `since` is the day the first of its causes showed, `waited` the
    months it has stood in plans already."""

    cadre: str
    unit: str
    course: Course
    why: tuple[Evidence, ...]
    since: date
    waited: int = 0


class Fault(NamedTuple):
    """A product of one cadre that fell short so many times, not excused."""

    cadre: str
    work: str
    times: int
    says: str
    cell: str
    period: str
    on: date


@dataclass(frozen=True, slots=True)
class Gap:
    """What a candidate lacks for the post foreseen."""

    cadre: str
    post: str
    lacks: str
    cell: str
    period: str
    on: date


def needs_of(
    cadre: Cadre,
    rules: TrainingRules,
    *,
    faults: Sequence[Fault] = (),
    marks: Sequence[LowMark] = (),
    gaps: Sequence[Gap] = (),
    unread: Sequence[LegalText] = (),
    wishes: Sequence[Wish] = (),
    missed: Sequence[Missed] = (),
    months: int = 1,
) -> tuple[Need, ...]:
    """One need a course, with everything that caused it, the earliest cause first. `months` is the
    length of the period: faults are weighed by month, marks by their mean over the period."""
    low = _too_low(marks, rules) if marks else ()
    if not (faults or low or gaps or unread or wishes or missed):
        return ()  # as of most people in most months
    waited = {one.course: one.waited for one in missed}
    enough = rules.faults_make_need * months
    asked = [(rules.course(wish.course, wish.kind), wish) for wish in wishes]
    needs = []
    for course in rules.courses:
        found: list[Evidence] = []
        if faults and course.works:
            found += _from_faults(course, faults, enough)
        if low and course.criteria:
            found += _from_marks(course, low)
        if gaps and course.readiness:
            found += map(_from_gap, gaps)
        if unread and course.law:
            found += (_from_text(text, cadre.code) for text in unread)
        if asked:
            found += (_from_wish(wish) for wanted, wish in asked if wanted is course)
        if course.code in waited:
            found += (_from_plan(one) for one in missed if one.course == course.code)
        if found:
            why, since = tuple(_in_order(found)), _first(found)
            late = waited.get(course.code, 0)
            needs.append(Need(cadre.code, cadre.unit, course, why, since, late))
    return tuple(needs)


def _from_faults(course: Course, faults: Iterable[Fault], enough: int) -> Sequence[Evidence]:
    works = course.works
    mine = [fault for fault in faults if fault.work in works]
    if not mine or sum([fault.times for fault in mine]) < enough:
        return ()
    return [Evidence(one.says, one.cadre, one.period, one.cell, on=one.on) for one in mine]


def _too_low(
    marks: Sequence[LowMark], rules: TrainingRules
) -> Sequence[tuple[str, Sequence[LowMark]]]:
    """The criteria whose mean is too low, each with every mark of it, so that a person can do the
    sum again."""
    least = rules.low_criterion_percent
    by_criterion: dict[str, list[LowMark]] = {}
    for mark in marks:
        by_criterion.setdefault(mark.criterion, []).append(mark)
    return [
        (criterion, some)
        for criterion, some in by_criterion.items()
        if sum([mark.mark for mark in some]) * 100 < sum([mark.most for mark in some]) * least
    ]


def _from_marks(course: Course, low: Sequence[tuple[str, Sequence[LowMark]]]) -> Iterator[Evidence]:
    for criterion, some in low:
        if criterion in course.criteria:
            for mark in some:
                says = f"{mark.says}: {decimal(mark.mark)}/{decimal(mark.most)} điểm"
                yield Evidence(says, mark.cadre, mark.period, mark.cell, mark.mark, mark.on)


def _from_gap(gap: Gap) -> Evidence:
    says = f"Cần bồi dưỡng để đảm nhận {gap.post}: {gap.lacks}"
    return Evidence(says, gap.cadre, gap.period, gap.cell, on=gap.on)


def _from_text(text: LegalText, cadre: str) -> Evidence:
    says = f"Chưa cập nhật {text.code}, áp dụng từ {text.since:%d/%m/%Y}"
    return Evidence(says, cadre, on=text.since)


def _from_wish(wish: Wish) -> Evidence:
    says = f"Đơn vị đề nghị: {wish.topic}"
    return Evidence(says, wish.cadre, wish.period, wish.cell, on=wish.since)


def _from_plan(one: Missed) -> Evidence:
    return Evidence(f"Có trong kế hoạch {one.plan}, chưa được học", one.cadre, on=one.since)


def meets(lesson: Lesson, course: Course, rules: TrainingRules) -> bool:
    """By the course that the report names; where it names none, by the course's own name or by the
    kind of the class."""
    if lesson.course:
        return lesson.course == course.code
    named = course.name.casefold() in lesson.topic.casefold()
    return named or rules.course("", lesson.kind) is course


def delivered(
    lessons: Sequence[Lesson], course: Course, rules: TrainingRules, since: date, on: date
) -> Lesson | None:
    """The first of one cadre's classes that met the course between two days."""
    if not lessons:
        return None
    those = (one for one in lessons if meets(one, course, rules))
    held = [one for one in those if one.on and since <= (one.until or one.on) <= on]
    return min(held, key=lambda one: (one.on or on, one.topic), default=None)


def last_day(text: LegalText, rules: TrainingRules) -> date:
    """The day by which a new text must be known."""
    return text.since + timedelta(days=rules.law_days)


def texts_due(
    texts: Iterable[LegalText], rules: TrainingRules, since: date, until: date
) -> tuple[LegalText, ...]:
    """The texts that had to be known between two days: each is asked for in one period only; who
    did not know it then has a line in the plan that follows."""
    return tuple(text for text in texts if since <= last_day(text, rules) <= until)


def unread_texts(
    cadre: Cadre, readings: Iterable[Reading], texts: Collection[LegalText], rules: TrainingRules
) -> tuple[LegalText, ...]:
    """Those that a cadre has not been told of, of the ones due; who came later is not asked."""
    if not texts:
        return ()
    read = {reading.text for reading in readings if reading.cadre == cadre.code}
    return tuple(
        text
        for text in texts
        if text.code not in read and not (cadre.since and cadre.since > last_day(text, rules))
    )


def hours_by_cadre(lessons: Iterable[Lesson], since: date, until: date) -> Counter[str]:
    """Hundredths of a lesson by cadre, of classes between two days."""
    hours: Counter[str] = Counter()
    for lesson in lessons:
        if lesson.on is None or since <= lesson.on <= until:
            hours[lesson.cadre] += lesson.hours
    return hours


def hours_wanted(rules: TrainingRules, months: int) -> int:
    """The hours (hundredths) that somebody serving so many months of the year should have."""
    return rules.min_hours_year * 100 * min(months, 12) // 12


def overdue(needs: Iterable[Need], rules: TrainingRules, on: date) -> tuple[Need, ...]:
    """The needs that show, or have stood in plans, for longer than the limit."""
    limit = months_after(on, -rules.overdue_months)
    late = [n for n in needs if n.since < limit or n.waited >= rules.overdue_months]
    return tuple(sorted(late, key=lambda need: (need.since, need.cadre, need.course.code)))


def commonest(hours_by_form: Mapping[str, int]) -> tuple[str, int | None]:
    """The form of training that has most of the hours, and its share (đa dạng hóa hình thức)."""
    form, most = max(hours_by_form.items(), key=lambda pair: (pair[1], pair[0]), default=("", 0))
    return form, percent(most, sum(hours_by_form.values()))


def forms_of(lessons: Iterable[Lesson]) -> Counter[str]:
    """Hundredths of a lesson by form of training."""
    hours: Counter[str] = Counter()
    for lesson in lessons:
        hours[lesson.form] += lesson.hours
    return hours


def mix_said(hours_by_form: Mapping[str, int], rules: TrainingRules) -> str:
    """The mix in words, the commonest form first."""
    ordered = sorted(hours_by_form.items(), key=lambda pair: (-pair[1], pair[0]))
    return "; ".join(
        f"{rules.forms.get(name, name or 'không rõ')} {decimal(amount)} tiết"
        for name, amount in ordered
    )


def cost_of(course: Course, rules: TrainingRules) -> int:
    """Đồng a person, by the rate of the course's form."""
    return course.hours * rules.cost.get(course.form, 0)


def _in_order(causes: Sequence[Evidence]) -> Sequence[Evidence]:
    return (
        causes
        if len(causes) == 1
        else sorted(causes, key=lambda one: (one.on or date.max, one.period, one.cell, one.says))
    )


def _first(causes: Iterable[Evidence]) -> date:
    return min(one.on for one in causes if one.on is not None)
