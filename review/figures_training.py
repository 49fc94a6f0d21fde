"""Figures of training: hours, forms, needs against classes held, new texts known in time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from review.causes_training import class_was_held, needs_planned, own_lessons, training_needs
from review.evidence import Evidence, Measure, decimal, whole_number
from review.ground import Ground
from review.plans import Outcome, PlanKind
from review.tally import Tally, tally
from review.training import (
    commonest,
    forms_of,
    hours_by_cadre,
    hours_wanted,
    last_day,
    mix_said,
    overdue,
    texts_due,
)
from review.weighing import Figure, Tallies, Weighing, counted, measure, share

MOST_COURSES = 3  # named in the figure of needs


def hours(ground: Ground) -> dict[str, Tally]:
    if not ground.tells("training"):
        return {}
    rules, mine = ground.rules.training, own_lessons(ground)
    by_cadre = hours_by_cadre(ground.told.lessons, ground.period.start, ground.on)
    wanted = hours_wanted(rules, ground.months)
    short = [cadre for cadre in ground.serving if by_cadre[cadre.code] < wanted]
    lacking = tally(
        [
            Evidence(f"{c.name}: {decimal(by_cadre[c.code])} tiết", c.code, on=ground.on)
            for c in short
        ],
        n=len(short),
        persons=len(ground.serving),
    )
    held = tally(
        persons=len(ground.serving),
        hours=sum(by_cadre[cadre.code] for cadre in ground.serving),
        classes=len(mine),
        certificates=sum(bool(one.certificate) for one in mine),
        cost=sum(one.cost for one in mine),
        more={f"form:{form}": amount for form, amount in forms_of(mine).items()},
    )
    return {"TIET": held, "THIEU_TIET": lacking}


def hours_said(tallies: Tallies, weighing: Weighing) -> Iterator[Measure]:
    held, short = tallies.get("TIET"), tallies.get("THIEU_TIET")
    if held is None or short is None:
        return
    rules = weighing.rules.training
    wanted = decimal(hours_wanted(rules, weighing.period.cadence.months))
    persons = held["persons"]
    mean = None if not persons else (held["hours"] * 2 + persons) // (2 * persons)
    yield measure(
        "TIET",
        "Số tiết bồi dưỡng bình quân một cán bộ",
        mean,
        "tiết",
        f"{held.said('classes')} lượt học, {held.said('certificates')} có chứng chỉ, kinh phí "
        f"{decimal(held['cost'])} triệu đồng; mức tối thiểu {wanted} tiết "
        f"({rules.min_hours_status}).",
    )
    yield counted(
        "THIEU_TIET",
        "Cán bộ chưa đủ số tiết tối thiểu",
        "người",
        short,
        f"{short.said('n')} trên {short.said('persons')} người chưa đủ {wanted} tiết.",
    )
    by_form = held.under("form:")
    form, most = commonest(by_form)
    yield measure(
        "HINH_THUC",
        "Tỷ trọng hình thức bồi dưỡng nhiều nhất",
        most,
        "%",
        f"{rules.forms.get(form, form)} chiếm nhiều nhất. {mix_said(by_form, rules)}."
        if by_form
        else "Chưa có lớp nào.",
        alarm=most is not None and most > rules.one_form_percent * 100,
    )


def needs(ground: Ground) -> dict[str, Tally]:
    """Needs not met, those of them that wait too long, and what became of the classes planned."""
    found = ground.once(training_needs)
    late = overdue(found, ground.rules.training, ground.on)
    of_whom = {need.cadre for need in found}
    planned = needs_planned(ground) if ground.tells("training") else []
    missed = [ln for ln in planned if class_was_held(ground, ln)[0] is not Outcome.DONE]
    return {
        "NHU_CAU": tally(
            (piece for need in found for piece in need.why[:1]),
            n=len(found),
            persons=len(of_whom),
            more=Counter(f"course:{need.course.code}" for need in found),
        ),
        "CHO_QUA_HAN": tally(
            (Evidence(n.course.name, n.cadre, on=n.since) for n in late), n=len(late)
        ),
        "DAP_UNG": tally(
            (
                Evidence(f"{line.content}: chưa học", line.subject, line.period, on=line.due)
                for line in missed
            ),
            part=len(planned) - len(missed),
            whole=len(planned),
        ),
    }


def needs_said(tallies: Tallies, weighing: Weighing) -> Iterator[Measure]:
    rules = weighing.rules.training
    found, late, met = (tallies.get(code) for code in ("NHU_CAU", "CHO_QUA_HAN", "DAP_UNG"))
    if found is None or late is None or met is None:
        return
    by_course = sorted(found.under("course:").items(), key=lambda pair: (-pair[1], pair[0]))
    names = {course.code: course.name for course in rules.courses}
    said = "; ".join(f"{names.get(c, c)} ({whole_number(n)})" for c, n in by_course[:MOST_COURSES])
    yield measure(
        "NHU_CAU",
        "Nhu cầu đào tạo, bồi dưỡng chưa đáp ứng",
        found["n"],
        "nhu cầu",
        f"{found.said('n')} nhu cầu của {found.said('persons')} người"
        f"{f', nhiều nhất: {said}' if said else ''}.",
        found,
    )
    yield share(
        "DAP_UNG",
        "Dòng kế hoạch bồi dưỡng đã học xong",
        met,
        f"{met.said('part')} trên {met.said('whole')} dòng có nội dung bồi dưỡng của kế hoạch "
        f"{weighing.period.label} (không kể dòng học bù số tiết)."
        if met["whole"]
        else f"Kế hoạch {weighing.period.label} chưa có dòng nào được chấp nhận.",
    )
    yield counted(
        "CHO_QUA_HAN",
        "Nhu cầu bồi dưỡng chờ quá hạn",
        "nhu cầu",
        late,
        f"{late.said('n')} nhu cầu chờ quá {rules.overdue_months} tháng.",
    )


def texts(ground: Ground) -> dict[str, Tally]:
    """Who was told of each text within its days, where these ended in the period; those who came
    later are not asked."""
    found: dict[str, Tally] = {}
    if not ground.tells("training"):
        return found
    rules = ground.rules.training
    for text in texts_due(ground.rules.texts, rules, ground.period.start, ground.on):
        limit = last_day(text, rules)
        readings = [r for r in ground.told.readings if r.text == text.code]
        known = {r.cadre for r in readings if r.on is None or r.on <= limit}
        late = {r.cadre for r in readings} - known
        asked = [c for c in ground.serving if c.since is None or c.since <= limit]
        missing = [c for c in asked if c.code not in known]
        found[f"CAP_NHAT_{text.code}"] = tally(
            (
                Evidence(
                    f"{c.name} cập nhật muộn" if c.code in late else f"{c.name} chưa cập nhật",
                    c.code,
                    on=limit,
                )
                for c in missing
            ),
            part=len(asked) - len(missing),
            whole=len(asked),
        )
    return found


def texts_said(tallies: Tallies, weighing: Weighing) -> Iterator[Measure]:
    rules = weighing.rules.training
    for text in weighing.rules.texts:
        found = tallies.get(f"CAP_NHAT_{text.code}")
        if found is not None:
            limit = f"{last_day(text, rules):%d/%m/%Y}"
            yield share(
                f"CAP_NHAT_{text.code}",
                f"Cập nhật {text.code} trong {rules.law_days} ngày",
                found,
                f"{found.said('part')} trên {found.said('whole')} người, hạn {limit}.",
                rules.law_least_percent,
            )


KIND = PlanKind.TRAINING
FIGURES = (
    Figure(KIND, hours, hours_said),
    Figure(KIND, needs, needs_said),
    Figure(KIND, texts, texts_said),
)
