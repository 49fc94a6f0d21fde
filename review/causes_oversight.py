"""What results change in the plan of inspection: remedies, cases, faults, inspections not held."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from review.causes import NOT_TOLD, Cause, Judge, Rule, Seen, done, not_done, own_key, watched
from review.criticism import to_pursue
from review.evidence import Evidence
from review.ground import Ground, seen, short
from review.inspection import Matter, MatterKind, late_ones, not_held, repeated
from review.plans import PlanKind, PlanLine

KIND = PlanKind.INSPECTION


def remedies_are_overdue(ground: Ground) -> Iterator[Cause]:
    for remedy in to_pursue(ground.told.meetings, ground.on, ground.rules.oversight):
        met = remedy.meeting
        late = f"quá hạn {remedy.late} ngày" if met.due else "không ghi hạn"
        yield Cause(
            short(met.minutes),
            f"Đôn đốc khắc phục: {met.remedy}",
            f"Biên bản {met.minutes}: mở {remedy.age} ngày, {late}.",
            [seen(met, met.remedy, met.held)],
            product="Báo cáo kết quả khắc phục",
        )


def remedy_was_done(ground: Ground, line: PlanLine) -> Seen:
    met = next((one for one in ground.told.meetings if short(one.minutes) == own_key(line)), None)
    if met is None:
        return NOT_TOLD
    if met.finished is None or met.finished > ground.on:
        return not_done(f"Biên bản {met.minutes}: chưa khắc phục xong.")
    return done(f"Khắc phục xong ngày {met.finished:%d/%m/%Y} (biên bản {met.minutes}).")


def members_were_not_reviewed(ground: Ground) -> Iterator[Cause]:
    """Where the unit tells of its meetings: fewer took part in self-criticism than asked."""
    if not ground.tells("meetings") or not ground.serving:
        return
    persons, least = len(ground.serving), ground.rules.oversight.least_reviewed_percent
    done = min(persons, max((met.persons for met in ground.told.meetings), default=0))
    if done * 100 < persons * least:
        says = f"{done} trên {persons} người đã tự phê bình, kiểm điểm"
        yield Cause(
            "",
            "Tổ chức tự phê bình và phê bình cho cán bộ chưa kiểm điểm",
            f"{says}, cần {least}%.",
            [Evidence(says, ground.unit, str(ground.period), on=ground.on)],
            product="Biên bản họp kiểm điểm",
            quantity=persons - done,
        )


def cases_take_too_long(ground: Ground) -> Iterator[Cause]:
    return _late(ground, MatterKind.CASE, "Xử lý dứt điểm", "Kết luận, văn bản xử lý")


def faults_are_not_corrected(ground: Ground) -> Iterator[Cause]:
    return _late(ground, MatterKind.FAULT, "Uốn nắn sai sót", "Báo cáo kết quả khắc phục")


def _late(ground: Ground, kind: MatterKind, do: str, product: str) -> Iterator[Cause]:
    for matter in late_ones(ground.told.matters, ground.on, ground.rules.oversight):
        if matter.kind is kind:
            yield Cause(
                _key(matter),
                f"{do}: {matter.content}",
                f"Phát hiện {_day(matter.opened)}, {matter.days(ground.on)} ngày chưa xong.",
                [seen(matter, matter.content, matter.opened)],
                product=product,
                subject=matter.cadre,
            )


def inspections_were_not_held(ground: Ground) -> Iterator[Cause]:
    for matter in not_held(ground.told.matters, ground.on):
        yield Cause(
            _key(matter),
            f"Tiến hành cuộc kiểm tra chưa thực hiện: {matter.content}",
            f"Kế hoạch ngày {_day(matter.planned)}, chưa tiến hành.",
            [seen(matter, matter.content, matter.planned)],
            product="Kết luận kiểm tra",
        )


def closed(word: str) -> Judge:
    def judge(ground: Ground, line: PlanLine) -> Seen:
        matter = _of_line(ground, line)
        if matter is None:
            return NOT_TOLD
        if matter.closed is None or matter.closed > ground.on:
            return not_done(f"Đến hết {ground.period.label} chưa xong.")
        return done(f"{word} ngày {matter.closed:%d/%m/%Y}: {matter.outcome or 'đã xong'}.")

    return judge


def was_held(ground: Ground, line: PlanLine) -> Seen:
    matter = _of_line(ground, line)
    if matter is None:
        return NOT_TOLD
    if matter.opened is None or matter.opened > ground.on:
        return not_done(f"Đến hết {ground.period.label} chưa tiến hành.")
    return done(f"Đã tiến hành ngày {matter.opened:%d/%m/%Y}.")


def _of_line(ground: Ground, line: PlanLine) -> Matter | None:
    return next((one for one in ground.told.matters if _key(one) == own_key(line)), None)


def faults_come_again(ground: Ground) -> Iterator[Cause]:
    for some in repeated(ground.told.matters, ground.rules.oversight):
        first = some[0]
        yield Cause(
            short(first.content),
            f"Kiểm tra việc khắc phục sai sót lặp lại: {first.content}",
            f"Lặp lại {len(some)} lần." if len(some) > 1 else "Đơn vị ghi là lặp lại lỗi cũ.",
            [seen(one, one.content, one.opened) for one in some],
            product="Kết luận kiểm tra",
        )


def _key(matter: Matter) -> str:
    """A matter that comes up on another day is another matter."""
    day = matter.planned if matter.kind is MatterKind.PLANNED else matter.opened
    return short(f"{matter.content} {day or ''}")


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else "chưa rõ ngày"


RULES = (
    Rule(KIND, "KHAC_PHUC_MO", remedies_are_overdue, remedy_was_done),
    watched(KIND, "TU_KIEM_DIEM", members_were_not_reviewed, "meetings"),
    Rule(KIND, "VU_VIEC", cases_take_too_long, closed("Xử lý xong")),
    Rule(KIND, "UON_NAN", faults_are_not_corrected, closed("Khắc phục xong")),
    Rule(KIND, "KIEM_TRA", inspections_were_not_held, was_held),
    watched(KIND, "LAP_LAI", faults_come_again, "inspections"),
)
