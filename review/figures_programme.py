"""Figures of the work programme, of leaders' attention, of outcomes, of reports in time, and of
what units say of themselves at the end of a term."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from review.attention import careless, silent
from review.brief import ProgrammeTask
from review.effect import often_returned
from review.evidence import Evidence, Measure, decimal, percent, whole_number
from review.ground import Ground, seen
from review.period import Cadence, Period
from review.plans import PlanKind
from review.roll import tally as roll_tally
from review.self_assessment import CARRIED_OUT, LEFT, left_over
from review.tally import Tally, tally
from review.weighing import Figure, Tallies, Weighing, counted, measure, share
from review.workplan import above_of, concrete, lacking, latest, traced, uncovered


def lines(ground: Ground) -> dict[str, Tally]:
    """Each line once, as it stood last. Lines of the period itself have nothing above them here."""
    own = ground.period.cadence
    below = [t for t in latest([*ground.tasks, *ground.higher]) if _cadence(t) is not own]
    every, above = latest([*ground.tasks, *ground.higher]), above_of(ground.higher)
    lost = [task for task in below if not traced(task, above)] if above else []
    vague = [task for task in every if not concrete(task)]
    carried = [task for task in every if task.carried]
    lying = uncovered(latest(ground.higher), every) if ground.tasks else ()
    return {
        "TRUY_LEN": tally(
            (_of(task, "không gắn với việc nào của quý, năm, toàn khóa") for task in lost),
            part=len(below) - len(lost) if above else 0,
            whole=len(below) if above else 0,
        ),
        "CU_THE": tally(
            (_of(task, f"thiếu {lacking(task)}") for task in vague),
            part=len(every) - len(vague),
            whole=len(every),
        ),
        "CHUYEN_KY": tally(
            (_of(task, f"chuyển kỳ {task.carried} lần") for task in carried),
            part=len(carried),
            whole=len(every),
            times=sum(task.carried for task in carried),
        ),
        "PHU_KIN": tally((_of(task, "chưa được giao xuống") for task in lying), n=len(lying)),
    }


def _cadence(task: ProgrammeTask) -> Cadence:
    return Period.parse(task.period).cadence


def _of(task: ProgrammeTask, says: str) -> Evidence:
    told = f"{task.code} {task.content}: {says}"
    return Evidence(told, task.owner or task.unit, task.period, on=task.due)


def lines_said(tallies: Tallies, weighing: Weighing) -> Iterator[Measure]:
    rules = weighing.rules.programme
    for code, label, least in (
        ("TRUY_LEN", "Việc truy được lên chương trình kỳ dài hơn", rules.least_traced_percent),
        ("CU_THE", "Việc có đủ sản phẩm, người chủ trì, hạn", rules.least_concrete_percent),
    ):
        found = tallies.get(code, Tally())
        says = f"{found.said('part')} trên {found.said('whole')} việc; cần từ {least}%."
        yield share(code, label, found, says, least)
    moved = tallies.get("CHUYEN_KY", Tally())
    rate = percent(moved["part"], moved["whole"])
    yield measure(
        "CHUYEN_KY",
        "Việc phải chuyển kỳ",
        rate,
        "%",
        f"{moved.said('part')} trên {moved.said('whole')} việc, cộng {moved.said('times')} lượt "
        "chuyển.",
        moved,
        alarm=rate is not None and rate > rules.most_carry_percent * 100,
    )
    lying = tallies.get("PHU_KIN", Tally())
    yield counted(
        "PHU_KIN",
        "Việc của kỳ dài chưa có việc nào triển khai",
        "việc",
        lying,
        f"{lying.said('n')} việc của chương trình quý, năm, toàn khóa chưa được giao xuống.",
    )


def care(ground: Ground) -> dict[str, Tally]:
    """What leaders did, and whether the unit's reports of the months came in time."""
    told, rules = ground.told.attention, ground.rules.attention
    found = {}
    if told:
        quiet = silent(told, rules)
        found["QUAN_TAM"] = tally(
            (
                seen(q, f"{q.name}: không họp, không văn bản", q.on)
                for quarters in quiet
                for q in quarters
            ),
            part=sum(min(one.meetings, one.planned) for one in told),
            whole=sum(one.planned for one in told),
            documents=sum(one.documents for one in told),
            quiet=len(quiet),
        )
    if ground.entries:
        late = careless(ground.entries, rules)
        found["DUNG_HAN"] = tally(
            (
                Evidence(one.says, ground.unit, str(ground.period), on=one.evidence[0].on)
                for one in late
            ),
            part=roll_tally(ground.entries).in_time,
            whole=len(ground.entries),
            careless=len({one.unit for one in late}),
        )
    return found


def care_said(tallies: Tallies, _weighing: Weighing) -> Iterator[Measure]:
    if (cared := tallies.get("QUAN_TAM")) is not None:
        yield measure(
            "QUAN_TAM",
            "Họp bàn về TĐKT so với kế hoạch của lãnh đạo",
            percent(cared["part"], cared["whole"]),
            "%",
            f"{cared.said('part')} trên {cared.said('whole')} cuộc theo kế hoạch, "
            f"{cared.said('documents')} văn bản chỉ đạo; {cared.said('quiet')} lãnh đạo nhiều quý "
            "liền không có gì.",
            cared,
            alarm=cared["quiet"] > 0,
        )
    if (came := tallies.get("DUNG_HAN")) is not None:
        yield measure(
            "DUNG_HAN",
            "Báo cáo tháng nộp đúng hạn",
            percent(came["part"], came["whole"]),
            "%",
            f"{came.said('part')} trên {came.said('whole')} lượt đơn vị phải báo cáo; "
            f"{came.said('careless')} đơn vị nhiều lần nộp muộn, không nộp hoặc báo không phát "
            "sinh.",
            came,
            alarm=came["careless"] > 0,
        )


def effects(ground: Ground) -> dict[str, Tally]:
    told = ground.told.effects
    if not told:
        return {}
    pleased = [one.satisfied for one in told if one.satisfied is not None]
    often = often_returned(told, ground.rules.programme)
    return {
        "HIEU_QUA": tally(
            (
                seen(
                    one,
                    f"{one.content}: {one.returned}/{one.submitted} bị trả lại",
                    ground.on,
                    percent(one.returned, one.submitted),
                )
                for one in often
            ),
            part=sum(min(one.approved, one.submitted) for one in told),
            whole=sum(one.submitted for one in told),
            returned=sum(one.returned for one in told),
            copied=sum(one.copied for one in told),
            pleased=sum(pleased),
            asked=len(pleased),
        )
    }


def effects_said(tallies: Tallies, _weighing: Weighing) -> Iterator[Measure]:
    found = tallies.get("HIEU_QUA")
    if found is None:
        return
    mean = found["pleased"] * 100 // found["asked"] if found["asked"] else 0
    pleased = f"; hài lòng bình quân {decimal(mean)}%" if found["asked"] else ""
    yield share(
        "HIEU_QUA",
        "Hồ sơ, sản phẩm trình được duyệt",
        found,
        f"{found.said('part')} trên {found.said('whole')} được duyệt, {found.said('returned')} bị "
        f"trả lại, {found.said('copied')} được nhân rộng{pleased}. Không tính vào điểm theo Nghị "
        "định.",
    )


def self_view(ground: Ground) -> dict[str, Tally]:
    weak, solved = ground.told.weaknesses, ground.told.solutions
    found = {}
    if weak:
        found["HAN_CHE"] = tally(
            (seen(one, f"{one.code} {one.content}: còn nhiều") for one in left_over(weak)),
            more=Counter(f"level:{one.level}" for one in weak),
        )
    if solved:
        worst = [one for one in solved if one.level == "yeu"]
        found["GIAI_PHAP"] = tally(
            (seen(one, f"{one.code} {one.content}: tự đánh giá yếu") for one in worst),
            more=Counter(f"level:{one.level}" for one in solved),
        )
    return found


def self_view_said(tallies: Tallies, _weighing: Weighing) -> Iterator[Measure]:
    for code, label, words, good, unit in (
        ("GIAI_PHAP", "Giải pháp được tự đánh giá tốt, khá", CARRIED_OUT, ("tot", "kha"), "lượt"),
        ("HAN_CHE", "Hạn chế không còn", LEFT, ("khong_con",), "lượt"),
    ):
        found = tallies.get(code)
        if found is not None:
            levels = found.under("level:")
            said = "; ".join(
                f"{word} {whole_number(levels.get(key, 0))}" for key, word in words.items()
            )
            part, whole = sum(levels.get(key, 0) for key in good), sum(levels.values())
            says = f"Đơn vị tự đánh giá {whole_number(whole)} {unit}: {said}."
            yield measure(code, label, percent(part, whole), "%", says, found)


KIND = PlanKind.PROGRAMME
FIGURES = (
    Figure(KIND, lines, lines_said),
    Figure(KIND, care, care_said),
    Figure(KIND, effects, effects_said),
    Figure(KIND, self_view, self_view_said),
)
