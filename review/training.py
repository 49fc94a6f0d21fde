"""Who needs which training, and what was given: needs from faults, low criteria, new texts and
readiness; forms mixed; hours against the minimum; who is overdue.

    needs = needs_of(cadre, card_facts, rules)
    needs[0].course.code, needs[0].why      -> "BD-HS", evidence with the cell of the faulty product
    given(lessons, rules, since, until)     -> hours by cadre, by form

Source: the founding article, first measure; domain.md 1.1, rows 2, 3, 7, 14, 17.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from review.cadres import Cadre
from review.evidence import Evidence, Measure, decimal, months_after, percent
from review.plan_rules import Course, LegalText, TrainingRules


@dataclass(frozen=True, slots=True)
class Lesson:
    """A class that one cadre attended. `hours` in hundredths of a lesson (tiết)."""

    cadre: str
    topic: str
    form: str
    hours: int
    on: date | None
    until: date | None = None
    course: str = ""
    cost: int = 0
    certificate: str = ""
    cell: str = ""
    period: str = ""

    @property
    def days(self) -> int:
        if self.on is None:
            return 1
        return max(1, ((self.until or self.on) - self.on).days + 1)


@dataclass(frozen=True, slots=True)
class Reading:
    """A cadre has studied a legal text, and was tested on it or not."""

    cadre: str
    text: str
    on: date | None
    cell: str = ""
    period: str = ""


@dataclass(frozen=True, slots=True)
class Need:
    """One cadre needs one course; `since` is the day the first of its causes showed."""

    cadre: str
    unit: str
    course: Course
    why: tuple[Evidence, ...]
    since: date


@dataclass(frozen=True, slots=True)
class Fault:
    """A product of one cadre that fell short so many times, not excused."""

    cadre: str
    work: str
    times: int
    says: str
    cell: str
    period: str
    on: date


@dataclass(frozen=True, slots=True)
class LowMark:
    """A general criterion; `mark` and `most` in hundredths of a point."""

    cadre: str
    criterion: str
    mark: int
    most: int
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
    faults: Iterable[Fault] = (),
    marks: Iterable[LowMark] = (),
    gaps: Iterable[Gap] = (),
    unread: Iterable[LegalText] = (),
    months: int = 1,
) -> tuple[Need, ...]:
    """One need a course, with everything that caused it, the earliest cause first. `months` is the
    length of the period: faults are weighed by month, marks by their mean over the period."""
    causes: dict[str, list[Evidence]] = defaultdict(list)
    for course in rules.courses:
        found = [
            *_from_faults(course, faults, rules.faults_make_need * months),
            *_from_marks(course, marks, rules),
            *(_from_gap(gap) for gap in gaps if course.readiness),
            *(_from_text(text) for text in unread if course.law),
        ]
        causes[course.code] = [replace(one, subject=one.subject or cadre.code) for one in found]
    return tuple(
        Need(
            cadre.code,
            cadre.unit,
            course,
            tuple(_in_order(causes[course.code])),
            _first(causes[course.code]),
        )
        for course in rules.courses
        if causes[course.code]
    )


def _from_faults(course: Course, faults: Iterable[Fault], enough: int) -> Iterator[Evidence]:
    mine = [fault for fault in faults if fault.work in course.works]
    if sum(fault.times for fault in mine) >= enough:
        for fault in mine:
            yield Evidence(fault.says, fault.cadre, fault.period, fault.cell, on=fault.on)


def _from_marks(
    course: Course, marks: Iterable[LowMark], rules: TrainingRules
) -> Iterator[Evidence]:
    """Every mark of a criterion whose mean is too low, so that a person can do the sum again."""
    by_criterion: dict[str, list[LowMark]] = defaultdict(list)
    for mark in marks:
        if mark.criterion in course.criteria:
            by_criterion[mark.criterion].append(mark)
    for some in by_criterion.values():
        most = sum(mark.most for mark in some) * rules.low_criterion_percent
        if sum(mark.mark for mark in some) * 100 < most:
            for mark in some:
                says = f"{mark.says}: {decimal(mark.mark)}/{decimal(mark.most)} điểm"
                yield Evidence(says, mark.cadre, mark.period, mark.cell, mark.mark, mark.on)


def _from_gap(gap: Gap) -> Evidence:
    says = f"Cần bồi dưỡng để đảm nhận {gap.post}: {gap.lacks}"
    return Evidence(says, gap.cadre, gap.period, gap.cell, on=gap.on)


def _from_text(text: LegalText) -> Evidence:
    return Evidence(f"Chưa cập nhật {text.code}, áp dụng từ {text.since:%d/%m/%Y}", on=text.since)


def unread_texts(
    cadre: str,
    readings: Iterable[Reading],
    texts: Iterable[LegalText],
    rules: TrainingRules,
    on: date,
) -> tuple[LegalText, ...]:
    """The texts in force for longer than the limit that the cadre has not been told of."""
    read = {reading.text for reading in readings if reading.cadre == cadre}
    limit = timedelta(days=rules.law_days)
    return tuple(t for t in texts if t.since + limit <= on and t.code not in read)


def hours_by_cadre(lessons: Iterable[Lesson], since: date, until: date) -> Counter[str]:
    """Hundredths of a lesson by cadre, of classes between two days."""
    hours: Counter[str] = Counter()
    for lesson in lessons:
        if lesson.on is None or since <= lesson.on <= until:
            hours[lesson.cadre] += lesson.hours
    return hours


def short_of_hours(hours: Mapping[str, int], rules: TrainingRules, months: int) -> int:
    """The hours (hundredths) that somebody serving so many months of the year should have."""
    return rules.min_hours_year * 100 * min(months, 12) // 12


def overdue(
    needs: Iterable[Need], met: Collection[tuple[str, str]], rules: TrainingRules, on: date
) -> tuple[Need, ...]:
    """The needs older than the limit that no class has met; `met` are pairs of cadre and course."""
    limit = months_after(on, -rules.overdue_months)
    late = [n for n in needs if n.since < limit and (n.cadre, n.course.code) not in met]
    return tuple(sorted(late, key=lambda need: (need.since, need.cadre, need.course.code)))


def measures_of(
    cadres: Sequence[Cadre],
    lessons: Sequence[Lesson],
    rules: TrainingRules,
    since: date,
    until: date,
    needs: Sequence[Need] = (),
) -> tuple[Measure, ...]:
    held = [one for one in lessons if one.on is None or since <= one.on <= until]
    hours = hours_by_cadre(held, since, until)
    months = (until.year - since.year) * 12 + until.month - since.month + 1
    wanted = short_of_hours(hours, rules, months)
    short = [cadre for cadre in cadres if hours[cadre.code] < wanted]
    late = overdue(needs, {(one.cadre, one.course) for one in lessons}, rules, until)
    return (
        Measure(
            "TIET",
            "Số tiết bồi dưỡng bình quân một cán bộ",
            _mean(sum(hours[cadre.code] for cadre in cadres), len(cadres)),
            "tiết",
            says=f"{len(held)} lượt học; mức tối thiểu {decimal(wanted)} tiết "
            f"({rules.min_hours_status}).",
        ),
        Measure(
            "THIEU_TIET",
            "Cán bộ chưa đủ số tiết tối thiểu",
            len(short),
            "người",
            says=f"{len(short)} trên {len(cadres)} người chưa đủ {decimal(wanted)} tiết.",
            evidence=tuple(
                Evidence(f"{c.name}: {decimal(hours[c.code])} tiết", c.code) for c in short
            ),
            alarm=bool(short),
        ),
        mix_of_forms(held, rules),
        Measure(
            "CHO_QUA_HAN",
            "Nhu cầu bồi dưỡng chờ quá hạn",
            len(late),
            "nhu cầu",
            says=f"{len(late)} nhu cầu chờ quá {rules.overdue_months} tháng.",
            evidence=tuple(Evidence(n.course.name, n.cadre, on=n.since) for n in late),
            alarm=bool(late),
        ),
    )


def mix_of_forms(held: Sequence[Lesson], rules: TrainingRules) -> Measure:
    """The share of the hours that the commonest form of training has (đa dạng hóa hình thức)."""
    by_form: Counter[str] = Counter()
    for lesson in held:
        by_form[lesson.form] += lesson.hours
    whole = sum(by_form.values())
    form, most = max(by_form.items(), key=lambda pair: (pair[1], pair[0]), default=("", 0))
    share = percent(most, whole)
    said = "; ".join(
        f"{rules.forms.get(name, name or 'không rõ')} {decimal(amount)} tiết"
        for name, amount in by_form.most_common()
    )
    return Measure(
        "HINH_THUC",
        "Tỷ trọng hình thức bồi dưỡng nhiều nhất",
        share,
        "%",
        says=f"{rules.forms.get(form, form)} chiếm nhiều nhất. {said}."
        if whole
        else "Chưa có lớp nào.",
        alarm=share is not None and share > rules.one_form_percent * 100,
    )


def too_long_days(lessons: Iterable[Lesson], rules: TrainingRules) -> tuple[Lesson, ...]:
    """Classes that claim more lessons than their days can hold."""
    return tuple(one for one in lessons if one.hours > one.days * rules.most_hours_day * 100)


def updated_in_time(
    cadres: Sequence[Cadre],
    readings: Sequence[Reading],
    text: LegalText,
    rules: TrainingRules,
    on: date,
) -> Measure:
    """The share of cadres who knew a text within the days of the rules."""
    limit = text.since + timedelta(days=rules.law_days)
    told = {r.cadre for r in readings if r.text == text.code and (r.on is None or r.on <= limit)}
    serving = [cadre for cadre in cadres if cadre.since is None or cadre.since <= limit]
    missing = [cadre for cadre in serving if cadre.code not in told]
    share = percent(len(serving) - len(missing), len(serving)) if on >= limit else None
    return Measure(
        f"CAP_NHAT_{text.code}",
        f"Cập nhật {text.code} trong {rules.law_days} ngày",
        share,
        "%",
        says=f"{len(serving) - len(missing)} trên {len(serving)} người, hạn {limit:%d/%m/%Y}.",
        evidence=tuple(Evidence(f"{c.name} chưa cập nhật", c.code, on=limit) for c in missing),
        alarm=share is not None and share < rules.law_least_percent * 100,
    )


def cost_of(course: Course, rules: TrainingRules) -> int:
    """Đồng a person, by the rate of the course's form."""
    return course.hours * rules.cost.get(course.form, 0)


def _mean(whole: int, count: int) -> int | None:
    return None if count == 0 else (whole * 2 + count) // (2 * count)


def _in_order(causes: Iterable[Evidence]) -> list[Evidence]:
    return sorted(causes, key=lambda one: (one.on or date.max, one.period, one.cell, one.says))


def _first(causes: Iterable[Evidence]) -> date:
    return min(one.on for one in causes if one.on is not None)
