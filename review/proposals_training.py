"""What results change in the plan of training: needs met by courses, hours, forms, cost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from review.evidence import Evidence, decimal
from review.ground import Ground
from review.plans import PlanKind, ProposedChange
from review.training import (
    Fault,
    Gap,
    Lesson,
    LowMark,
    Need,
    cost_of,
    hours_by_cadre,
    mix_of_forms,
    needs_of,
    short_of_hours,
    unread_texts,
)


def for_training(ground: Ground) -> Iterator[ProposedChange]:
    rules = ground.rules.training
    for need in training_needs(ground):
        course = need.course
        yield ground.propose(
            PlanKind.TRAINING,
            need.unit,
            f"{need.cadre}:{course.code}",
            course.name,
            measure="NHU_CAU",
            says=f"{ground.called(need.cadre)}: {len(need.why)} căn cứ; {need.why[0].says}.",
            evidence=need.why,
            subject=need.cadre,
            product="Chứng nhận, kết quả kiểm tra",
            form=rules.forms.get(course.form, course.form),
            quantity=course.hours,
            cost=cost_of(course, rules),
        )
    yield from _more_hours(ground)
    yield from _other_forms(ground)


def training_needs(ground: Ground) -> Iterator[Need]:
    rules, told = ground.rules.training, ground.told
    faults, marks, gaps = _by_cadre(told.faults), _by_cadre(told.marks), _by_cadre(told.gaps)
    known = {reading.cadre for reading in told.readings}
    for cadre in ground.serving:
        asked = told.tells(cadre.unit, "training")
        texts = unread_texts(cadre.code, told.readings, ground.rules.texts, rules, ground.on)
        yield from needs_of(
            cadre,
            rules,
            faults=faults.get(cadre.code, ()),
            marks=marks.get(cadre.code, ()),
            gaps=gaps.get(cadre.code, ()),
            months=ground.period.cadence.months,
            unread=texts if asked or cadre.code in known else (),
        )


def _more_hours(ground: Ground) -> Iterator[ProposedChange]:
    """Only where the report had the sheet: what nobody was asked is not missing."""
    rules, told = ground.rules.training, ground.told
    course = next((one for one in rules.courses if one.hours_only), None)
    hours = hours_by_cadre(told.lessons, ground.period.start, ground.on)
    wanted = short_of_hours(hours, rules, ground.period.cadence.months)
    for cadre in ground.serving:
        if course and told.tells(cadre.unit, "training") and hours[cadre.code] < wanted:
            says = f"đã học {decimal(hours[cadre.code])} trên {decimal(wanted)} tiết"
            yield ground.propose(
                PlanKind.TRAINING,
                cadre.unit,
                f"{cadre.code}:{course.code}",
                course.name,
                measure="THIEU_TIET",
                says=f"{cadre.name}: {says} (mức tối thiểu {rules.min_hours_status}).",
                evidence=[Evidence(says, cadre.code, str(ground.period), on=ground.on)],
                subject=cadre.code,
                form=rules.forms.get(course.form, course.form),
                quantity=max(course.hours, (wanted - hours[cadre.code] + 99) // 100),
                cost=cost_of(course, rules),
            )


def _other_forms(ground: Ground) -> Iterator[ProposedChange]:
    rules = ground.rules.training
    by_unit: dict[str, list[Lesson]] = {}
    for lesson in ground.told.lessons:
        cadre = ground.by_code.get(lesson.cadre)
        if cadre:
            by_unit.setdefault(cadre.unit, []).append(lesson)
    for unit, lessons in sorted(by_unit.items()):
        mix = mix_of_forms(lessons, rules)
        if mix.alarm and len(lessons) > 1:
            yield ground.propose(
                PlanKind.TRAINING,
                unit,
                "hinh-thuc",
                "Đa dạng hóa hình thức đào tạo, bồi dưỡng",
                measure=mix.code,
                says=mix.says,
                evidence=[Evidence(mix.says, unit, str(ground.period), score=mix.value)],
                product="Ít nhất hai hình thức bồi dưỡng trong kỳ",
            )


Caused = TypeVar("Caused", Fault, LowMark, Gap)


def _by_cadre(some: Iterable[Caused]) -> dict[str, list[Caused]]:
    found: dict[str, list[Caused]] = {}
    for one in some:
        found.setdefault(one.cadre, []).append(one)
    return found
