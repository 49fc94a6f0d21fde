"""What results change in the plan of training: needs met by courses, hours, forms, cost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TypeVar

from review.causes import NOT_TOLD, Cause, Rule, Seen, done, not_done, own_key, watched
from review.evidence import Evidence, decimal
from review.ground import Ground
from review.marked_low import Marked
from review.period import Period
from review.plans import Outcome, PlanKind, PlanLine
from review.training import (
    Fault,
    Gap,
    Lesson,
    Missed,
    Need,
    Wish,
    commonest,
    cost_of,
    delivered,
    forms_of,
    hours_by_cadre,
    hours_wanted,
    mix_said,
    needs_of,
    texts_due,
    unread_texts,
)

ABOUT_A_COURSE = "NHU_CAU"


def training_is_needed(ground: Ground) -> Iterator[Cause]:
    rules = ground.rules.training
    for need in ground.once(training_needs):
        course = need.course
        yield Cause(
            f"{need.cadre}:{course.code}",
            course.name,
            f"{ground.called(need.cadre)}: {len(need.why)} căn cứ; {need.why[0].says}.",
            need.why,
            product="Chứng nhận, kết quả kiểm tra",
            subject=need.cadre,
            form=rules.forms.get(course.form, course.form),
            quantity=course.hours,
            cost=cost_of(course, rules),
        )


def training_needs(ground: Ground) -> tuple[Need, ...]:
    """Of everyone serving; a need that a class of the period has met already is none."""
    return tuple(_needs(ground))


def _needs(ground: Ground) -> Iterator[Need]:
    rules, told = ground.rules.training, ground.told
    faults, marks, gaps = _by_cadre(told.faults), _by_cadre(told.marks), _by_cadre(told.gaps)
    wishes, missed, lessons = (
        _by_cadre(told.wishes),
        missed_classes(ground),
        _by_cadre(told.lessons),
    )
    start, on = ground.period.start, ground.on
    texts = texts_due(ground.rules.texts, rules, start, on)
    if not ground.tells("training"):
        texts = ()
    least = rules.low_criterion_percent
    caused = {*faults, *gaps, *wishes, *missed}
    for cadre in ground.serving:
        mine = marks.get(cadre.code, ())
        low = {name for one in mine for name in one.below(least)}  # of others nor is the mean
        if not (low or texts or cadre.code in caused):
            continue  # as of most people in most months
        needs = needs_of(
            cadre,
            rules,
            faults=faults.get(cadre.code, ()),
            marks=[mark for one in mine for mark in one.each(low)] if low else (),
            gaps=gaps.get(cadre.code, ()),
            unread=unread_texts(cadre, told.readings, texts, rules),
            wishes=wishes.get(cadre.code, ()),
            missed=missed.get(cadre.code, ()),
            months=ground.months,
        )
        held = lessons.get(cadre.code, ())
        for need in needs:
            if not delivered(held, need.course, rules, max(need.since, start), on):
                yield need


def missed_classes(ground: Ground) -> dict[str, list[Missed]]:
    """The classes of the period's own plan that nobody held, by cadre; only where the reports tell
    of classes at all."""
    found: dict[str, list[Missed]] = defaultdict(list)
    if not ground.tells("training"):
        return found
    for line in needs_planned(ground):
        if class_was_held(ground, line)[0] is not Outcome.DONE:
            course, waited = course_of(line), (line.carried + 1) * ground.months
            found[line.subject].append(
                Missed(line.subject, course, ground.period.label, waited, ground.period.start)
            )
    return found


def needs_planned(ground: Ground) -> list[PlanLine]:
    """The lines of the period's own plan that give one cadre one course."""
    lines = (line for (kind, _), line in ground.planned.items() if kind is PlanKind.TRAINING)
    return [line for line in lines if line.first_key.startswith(f"{ABOUT_A_COURSE}:")]


def course_of(line: PlanLine) -> str:
    return own_key(line).rpartition(":")[2]


def class_was_held(ground: Ground, line: PlanLine) -> Seen:
    """Done is what was delivered: a class that met the course, on the line's days or later."""
    rules = ground.rules.training
    course = rules.course(course_of(line))
    mine = [one for one in ground.told.lessons if one.cadre == line.subject]
    since = Period.parse(line.period).start
    lesson = delivered(mine, course, rules, since, ground.on) if course else None
    if lesson is None or lesson.on is None:
        missing = f"Đến hết {ground.period.label} chưa có lớp nào đáp ứng."
        return not_done(missing) if ground.tells("training") else NOT_TOLD
    return done(
        f"Đã học “{lesson.topic}” từ {lesson.on:%d/%m/%Y}, {decimal(lesson.hours)} tiết"
        f"{f' ({lesson.cell}, kỳ {lesson.period})' if lesson.cell else ''}."
    )


def hours_are_too_few(ground: Ground) -> Iterator[Cause]:
    """Only where the report had the sheet: what nobody was asked is not missing."""
    rules = ground.rules.training
    course = next((one for one in rules.courses if one.hours_only), None)
    if course is None or not ground.tells("training"):
        return
    hours = hours_by_cadre(ground.told.lessons, ground.period.start, ground.on)
    wanted = hours_wanted(rules, ground.months)
    for cadre in ground.serving:
        if hours[cadre.code] < wanted:
            says = f"đã học {decimal(hours[cadre.code])} trên {decimal(wanted)} tiết"
            yield Cause(
                f"{cadre.code}:{course.code}",
                course.name,
                f"{cadre.name}: {says} (mức tối thiểu {rules.min_hours_status}).",
                [Evidence(says, cadre.code, str(ground.period), on=ground.on)],
                product="Chứng nhận, đủ số tiết",
                subject=cadre.code,
                form=rules.forms.get(course.form, course.form),
                quantity=max(course.hours, (wanted - hours[cadre.code] + 99) // 100),
                cost=cost_of(course, rules),
            )


def one_form_is_used_for_nearly_all(ground: Ground) -> Iterator[Cause]:
    rules, mine = ground.rules.training, own_lessons(ground)
    by_form = forms_of(mine)
    form, share = commonest(by_form)
    if len(mine) > 1 and share is not None and share > rules.one_form_percent * 100:
        says = f"{rules.forms.get(form, form)} chiếm {decimal(share)}% số tiết"
        yield Cause(
            "",
            "Đa dạng hóa hình thức đào tạo, bồi dưỡng",
            f"{says}. {mix_said(by_form, rules)}.",
            [Evidence(says, ground.unit, str(ground.period), score=share, on=ground.on)],
            product="Ít nhất hai hình thức bồi dưỡng trong kỳ",
        )


def own_lessons(ground: Ground) -> list[Lesson]:
    """Classes of the period that somebody of the unit attended."""
    start = ground.period.start
    held = (one for one in ground.told.lessons if one.on is None or start <= one.on <= ground.on)
    return [one for one in held if one.cadre in ground.by_code]


Caused = TypeVar("Caused", Fault, Marked, Gap, Wish, Lesson)


def _by_cadre(some: Iterable[Caused]) -> dict[str, list[Caused]]:
    found: dict[str, list[Caused]] = {}
    for one in some:
        found.setdefault(one.cadre, []).append(one)
    return found


RULES = (
    Rule(PlanKind.TRAINING, ABOUT_A_COURSE, training_is_needed, class_was_held),
    watched(PlanKind.TRAINING, "THIEU_TIET", hours_are_too_few, "training"),
    watched(PlanKind.TRAINING, "HINH_THUC", one_form_is_used_for_nearly_all, "training"),
)
