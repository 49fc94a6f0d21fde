"""Figures of oversight: inspections, cases, corrections, self-criticism and its open remedies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from review.criticism import Remedy, open_remedies, to_pursue
from review.evidence import Evidence, Measure, percent, whole_number
from review.ground import Ground, seen
from review.inspection import MatterKind, late_ones, not_held, repeated, timely
from review.plans import PlanKind
from review.tally import Tally, middle_of, spread_of, tally
from review.weighing import Figure, Tallies, Weighing, counted, measure, share


def matters(ground: Ground) -> dict[str, Tally]:
    if not ground.tells("inspections"):
        return {}
    told, on, rules = ground.told.matters, ground.on, ground.rules.oversight
    planned = [m for m in told if m.kind is MatterKind.PLANNED and m.planned and m.planned <= on]
    missed, late, again = not_held(told, on), late_ones(told, on, rules), repeated(told, rules)
    judged = Counter(timely(m, on, rules) for m in told if m.kind is MatterKind.CASE)
    mended = [m.days(on) or 0 for m in told if m.kind is MatterKind.FAULT and m.closed]
    surprises = sum(m.kind is MatterKind.SURPRISE for m in told)

    def long(kind: MatterKind) -> Iterator[Evidence]:
        for m in late:
            if m.kind is kind:
                yield seen(m, f"{m.content}: đã {m.days(on)} ngày", m.opened)

    return {
        "KIEM_TRA": tally(
            (seen(m, f"{m.content}: chưa tiến hành", m.planned) for m in missed),
            part=len(planned) - len(missed),
            whole=len(planned),
            surprises=surprises,
        ),
        "VU_VIEC": tally(
            long(MatterKind.CASE),
            in_time=judged[True],
            late=judged[False],
            running=judged[None],
        ),
        "UON_NAN": tally(long(MatterKind.FAULT), more=spread_of(mended), n=len(mended)),
        "LAP_LAI": tally(
            (seen(m, f"{m.content}: {len(some)} lần", m.opened) for some in again for m in some),
            n=len(again),
        ),
    }


def matters_said(tallies: Tallies, weighing: Weighing) -> Iterator[Measure]:
    rules = weighing.rules.oversight
    if "KIEM_TRA" not in tallies:
        return
    held, cases, mended, again = (
        tallies[code] for code in ("KIEM_TRA", "VU_VIEC", "UON_NAN", "LAP_LAI")
    )
    yield share(
        "KIEM_TRA",
        "Hoàn thành kế hoạch kiểm tra, giám sát",
        held,
        f"{held.said('part')} trên {held.said('whole')} cuộc đến hạn; {held.said('surprises')} "
        "cuộc đột xuất.",
        rules.least_plan_percent,
    )
    yield measure(
        "VU_VIEC",
        "Vụ việc xử lý kịp thời",
        percent(cases["in_time"], cases["in_time"] + cases["late"]),
        "%",
        f"{cases.said('in_time')} kịp thời, {cases.said('late')} quá {rules.case_days} ngày, "
        f"{cases.said('running')} còn trong hạn.",
        cases,
        alarm=cases.found > 0,
    )
    days = middle_of(mended)
    yield measure(
        "UON_NAN",
        "Số ngày uốn nắn một sai sót (trung vị)",
        None if days is None else (days + 50) // 100,
        "ngày",
        f"{mended.said('n')} sai sót đã khắc phục; {whole_number(mended.found)} sai sót còn mở quá "
        f"{rules.correction_days} ngày.",
        mended,
        alarm=mended.found > 0,
    )
    says = f"{again.said('n')} sai sót lặp lại từ {rules.repeats} lần."
    yield counted("LAP_LAI", "Sai sót lặp lại", "sai sót", again, says)


def criticism(ground: Ground) -> dict[str, Tally]:
    """Of the units whose reports tell of meetings. A person reviewed in two meetings is one."""
    if not ground.tells("meetings"):
        return {}
    met, on, rules = ground.told.meetings, ground.on, ground.rules.oversight
    still, persons = open_remedies(met, on), len(ground.serving)
    pursued = to_pursue(met, on, rules)
    done = min(persons, max((one.persons for one in met), default=0))
    few = f"{done} trên {persons} người đã kiểm điểm"
    return {
        "TU_KIEM_DIEM": tally(
            [Evidence(few, ground.unit, str(ground.period))] if done < persons else [],
            part=done,
            whole=persons,
            meetings=len(met),
        ),
        "KHAC_PHUC_MO": tally(
            map(_told, still),
            n=len(still),
            late=len(pursued),
            more=spread_of(one.age for one in still),
        ),
    }


def _told(one: Remedy) -> Evidence:
    met = one.meeting
    late = f", quá hạn {one.late} ngày" if one.late else ""
    return seen(met, f"{met.remedy} (biên bản {met.minutes}): đã {one.age} ngày{late}", met.held)


def criticism_said(tallies: Tallies, weighing: Weighing) -> Iterator[Measure]:
    done, still = tallies.get("TU_KIEM_DIEM"), tallies.get("KHAC_PHUC_MO")
    if done is None or still is None:
        return
    yield share(
        "TU_KIEM_DIEM",
        "Cán bộ đã tự phê bình, kiểm điểm",
        done,
        f"{done.said('part')} trên {done.said('whole')} người, qua {done.said('meetings')} cuộc "
        "họp.",
        weighing.rules.oversight.least_reviewed_percent,
    )
    ages = [int(age) for age in still.under("d:")]
    oldest = f"; lâu nhất {max(ages)} ngày" if ages else ""
    yield measure(
        "KHAC_PHUC_MO",
        "Biện pháp khắc phục chưa xong",
        still["n"],
        "biện pháp",
        f"{still.said('n')} biện pháp, {still.said('late')} đã quá hạn{oldest}.",
        still,
        alarm=still["late"] > 0,
    )
    middle = middle_of(still)
    yield measure(
        "TUOI_KHAC_PHUC",
        "Tuổi của biện pháp khắc phục chưa xong (trung vị)",
        None if middle is None else (middle + 50) // 100,
        "ngày",
        "Số ngày kể từ cuộc họp đã đặt ra biện pháp.",
    )


FIGURES = (
    Figure(PlanKind.INSPECTION, matters, matters_said),
    Figure(PlanKind.INSPECTION, criticism, criticism_said),
)
