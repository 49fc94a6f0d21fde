"""What results change in the work programme: lines that are stuck, vague, loose or left lying, and
what leaders and units leave undone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from review.attention import careless, silent
from review.brief import ProgrammeTask
from review.causes import NOT_TOLD, Cause, Rule, Seen, done, not_done, own_key, watched
from review.effect import often_returned
from review.evidence import Evidence, decimal, percent
from review.ground import Ground, seen, short
from review.period import Period
from review.plans import PlanKind, PlanLine
from review.programme import is_open
from review.self_assessment import LEFT, MANY, left_over
from review.workplan import above_of, concrete, lacking, latest, stuck, traced, uncovered

KIND = PlanKind.PROGRAMME


def lines_are_stuck(ground: Ground) -> Iterator[Cause]:
    for task in stuck(latest([*ground.tasks, *ground.higher]), ground.rules.programme):
        says = f"Đã chuyển kỳ {task.carried} lần"
        yield Cause(
            task.code,
            f"Rà soát, giao lại hoặc dừng: {task.content}",
            f"{says}.",
            [_of(task, says)],
            product=task.product,
            subject=task.code,
            owner=task.owner,
        )


def line_was_ended(ground: Ground, line: PlanLine) -> Seen:
    every = latest([*ground.tasks, *ground.higher])
    task = next((one for one in every if one.code == own_key(line)), None)
    if task is None:
        return NOT_TOLD
    if is_open(task):
        return not_done(f"Việc vẫn chưa xong, đã chuyển kỳ {task.carried} lần.")
    return done(f"Việc đã {'xong' if task.finished else 'dừng'}{_when(task)}.")


def lines_are_vague(ground: Ground) -> Iterator[Cause]:
    vague = [task for task in _open(ground) if not concrete(task)]
    if vague:
        yield _together(
            "Bổ sung sản phẩm, người chủ trì, hạn",
            vague,
            [f"thiếu {lacking(task)}" for task in vague],
        )


def lines_lead_nowhere(ground: Ground) -> Iterator[Cause]:
    """Lines of the short periods that serve no line of a longer one."""
    above = above_of(ground.higher)
    loose = [task for task in _open(ground) if not traced(task, above)]
    if above and loose:
        yield _together(
            "Gắn với chương trình quý, năm, toàn khóa",
            loose,
            ["không gắn với việc nào của kỳ dài hơn"] * len(loose),
        )


def lines_are_left_lying(ground: Ground) -> Iterator[Cause]:
    """Lines of a longer period that no line of a shorter one works on."""
    lying = uncovered(latest(ground.higher), [*ground.tasks, *ground.higher])
    if lying and ground.tasks:
        yield _together(
            "Cụ thể hóa xuống chương trình kỳ ngắn hơn",
            lying,
            ["chưa có việc nào triển khai"] * len(lying),
        )


def _open(ground: Ground) -> list[ProgrammeTask]:
    return [task for task in latest(ground.tasks) if is_open(task)]


def _together(do: str, tasks: Sequence[ProgrammeTask], says: Sequence[str]) -> Cause:
    """One line of the plan for all lines of the programme that lack the same."""
    first = f"{tasks[0].code} {tasks[0].content}"
    many = f" và {len(tasks) - 1} việc khác" if len(tasks) > 1 else ""
    return Cause(
        "",
        f"{do} cho {len(tasks)} việc",
        f"{first}: {says[0]}{many}.",
        [_of(task, why) for task, why in zip(tasks, says, strict=True)],
        product="Chương trình công tác đã bổ sung",
        quantity=len(tasks),
    )


def _of(task: ProgrammeTask, says: str) -> Evidence:
    told = f"{task.code} {task.content}: {says}"
    return Evidence(told, task.owner or task.unit, task.period, on=task.due)


def _when(task: ProgrammeTask) -> str:
    return f" ngày {task.finished:%d/%m/%Y}" if task.finished else ""


def leaders_say_nothing(ground: Ground) -> Iterator[Cause]:
    for quarters in silent(ground.told.attention, ground.rules.attention):
        last = quarters[-1]
        yield Cause(
            last.cadre,
            "Đưa TĐKT vào chương trình họp của lãnh đạo",
            f"{last.name}: {len(quarters)} quý liền không họp, không văn bản.",
            [seen(q, f"{q.name}: không họp, không văn bản", q.on) for q in quarters],
            product="Lịch họp, văn bản chỉ đạo",
            subject=last.cadre,
            owner=last.cadre,
        )


def leader_spoke(ground: Ground, line: PlanLine) -> Seen:
    since = Period.parse(line.period).start
    told = [one for one in ground.told.attention if one.cadre == line.subject]
    mine = [one for one in told if Period.parse(one.period).start >= since]
    meetings, documents = sum(o.meetings for o in mine), sum(o.documents for o in mine)
    if not mine:
        return NOT_TOLD
    says = f"{meetings} cuộc họp, {documents} văn bản chỉ đạo."
    return done(says) if meetings or documents else not_done(says)


def products_come_back_too_often(ground: Ground) -> Iterator[Cause]:
    """The outcome of the work, apart from the legal score (hiệu quả)."""
    for one in often_returned(ground.told.effects, ground.rules.programme):
        share = percent(one.returned, one.submitted)
        says = f"{one.returned} trên {one.submitted} bị trả lại"
        yield Cause(
            short(one.content),
            f"Nâng chất lượng, rút kinh nghiệm: {one.content}",
            f"{says} ({decimal(share or 0)}%).",
            [seen(one, f"{one.content}: {says}", ground.on, share)],
            product="Biện pháp khắc phục, hồ sơ mẫu",
        )


def reports_are_late_or_empty(ground: Ground) -> Iterator[Cause]:
    for one in careless(ground.entries, ground.rules.attention):
        yield Cause(
            "khong-phat-sinh" if one.nil else "",
            "Giao người theo dõi, báo cáo công tác TĐKT đúng hạn, thực chất",
            f"{one.says}.",
            one.evidence,
            product="Văn bản phân công, báo cáo đúng hạn",
        )


def weaknesses_are_left(ground: Ground) -> Iterator[Cause]:
    for one in left_over(ground.told.weaknesses):
        yield Cause(
            one.code,
            one.remedy or f"Khắc phục hạn chế: {one.content}",
            f"{one.code} {one.content}: đơn vị tự thấy còn nhiều.",
            [seen(one, one.signs or one.content, one.due)],
            product="Kết quả khắc phục",
            due=one.due,
        )


def weakness_is_less(ground: Ground, line: PlanLine) -> Seen:
    mine = next((one for one in ground.told.weaknesses if one.code == own_key(line)), None)
    if mine is None:
        return NOT_TOLD
    says = f"Đơn vị tự thấy {LEFT.get(mine.level, mine.level)}."
    return not_done(says) if mine.level == MANY else done(says)


RULES = (
    Rule(KIND, "CHUYEN_KY", lines_are_stuck, line_was_ended),
    watched(KIND, "CU_THE", lines_are_vague, "programme"),
    watched(KIND, "TRUY_LEN", lines_lead_nowhere, "programme"),
    watched(KIND, "PHU_KIN", lines_are_left_lying, "programme"),
    Rule(KIND, "QUAN_TAM", leaders_say_nothing, leader_spoke),
    watched(KIND, "HIEU_QUA", products_come_back_too_often, "outcomes"),
    watched(KIND, "DUNG_HAN", reports_are_late_or_empty),
    Rule(KIND, "HAN_CHE", weaknesses_are_left, weakness_is_less),
)
