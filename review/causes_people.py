"""What results change in the plans about persons: structure, sources, rotation, self-training."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from review.cadres import Cadre
from review.causes import (
    GONE,
    NOT_TOLD,
    Cause,
    Rule,
    Seen,
    done,
    not_done,
    own_key,
    watched,
)
from review.evidence import Evidence, decimal, percent
from review.forecast import retiring_within
from review.ground import Ground, seen, short
from review.period import Period
from review.plans import PlanKind, PlanLine
from review.rotation import stood_in_well, too_early, too_late
from review.scorecard import CardStatus, Grade
from review.self_training import behind, without_plan
from review.structure import mismatches

NEXT_YEAR = 12  # months in which a retirement needs somebody named now
WEAK = (Grade.DONE, Grade.NOT_DONE)


def holders_lack_what_posts_ask(ground: Ground) -> Iterator[Cause]:
    for one in mismatches(ground.serving, ground.rules.structure, ground.told.skills):
        says = f"{one.cadre.name}: {'; '.join(one.lacks)}"
        code = one.cadre.code
        why = Evidence(says, code, str(ground.period), on=ground.on)
        yield Cause(
            code,
            f"Đào tạo bổ sung hoặc bố trí lại: {post_of(one.cadre)}",
            f"{says}.",
            [seen(one.told, says, ground.on)] if one.told else [why],
            product="Phương án bố trí",
            subject=code,
        )


def holders_retire_soon(ground: Ground) -> Iterator[Cause]:
    table = ground.retirement
    for leaver in retiring_within(ground.serving, ground.on, NEXT_YEAR, table):
        cadre, day = leaver.cadre, leaver.leaves
        says = f"{cadre.name} nghỉ hưu từ {day:%d/%m/%Y}"
        ask = " Cần kiểm lại tuổi nghỉ hưu." if leaver.verify else ""
        yield Cause(
            cadre.code,
            f"Bố trí người thay vị trí {post_of(cadre)}",
            f"{says} ({table.article}).{ask}",
            [Evidence(says, cadre.code, on=day)],
            product="Quyết định phân công",
            subject=cadre.code,
            due=day if day > ground.on else None,
            quantity=1,
        )


def somebody_follows(ground: Ground, line: PlanLine) -> Seen:
    """Another of the same role serves, who came since the line was planned or while it stood."""
    holder = next((cadre for cadre in ground.ever if cadre.code == line.subject), None)
    if holder is None:
        return NOT_TOLD
    others = [c for c in ground.serving if c.role is holder.role and c.code != holder.code]
    newest = max(others, key=lambda c: (c.since or date.min, c.code), default=None)
    if newest is None or (newest.since or date.min) < Period.parse(line.period).previous().start:
        return not_done("Chưa có người mới được bố trí vào vị trí này.")
    return done(f"{newest.name} ({newest.code}) đảm nhận từ {newest.since:%d/%m/%Y}.")


def machinery_is_incomplete(ground: Ground) -> Iterator[Cause]:
    for setup in ground.told.setups:
        if not (setup.council and setup.officer):
            lacks = "người phụ trách TĐKT" if setup.council else "Hội đồng Thi đua – Khen thưởng"
            yield Cause(
                "",
                f"Kiện toàn bộ máy: {lacks}",
                f"Đơn vị chưa có {lacks}.",
                [seen(setup, f"chưa có {lacks}", ground.on)],
                product="Quyết định",
            )


def posts_given_are_empty(ground: Ground) -> Iterator[Cause]:
    for posts in ground.told.establishments:
        if posts.vacant:
            says = f"được giao {posts.given}, có mặt {posts.filled}"
            yield Cause(
                "",
                "Tuyển dụng, tiếp nhận cho đủ biên chế làm TĐKT",
                f"Thiếu {posts.vacant} người: {says}.",
                [seen(posts, says, ground.on)],
                product="Quyết định tuyển dụng, tiếp nhận",
                quantity=posts.vacant,
            )


def posts_are_filled(ground: Ground, _line: PlanLine) -> Seen:
    told = ground.told.establishments
    if not told:
        return NOT_TOLD
    short = sum(one.vacant for one in told)
    return not_done(f"Còn thiếu {short} người.") if short else GONE


def too_little_time_is_given(ground: Ground) -> Iterator[Cause]:
    least = ground.rules.structure.least_fte
    share = sum(cadre.share for cadre in ground.serving)
    if ground.serving and share < least:
        says = f"{len(ground.serving)} người dành tổng cộng {share}% thời gian, cần từ {least}%"
        yield Cause(
            "",
            "Bố trí thêm thời gian, người làm công tác TĐKT",
            f"{says}.",
            [Evidence(says, ground.unit, str(ground.period), score=share * 100, on=ground.on)],
            product="Văn bản phân công",
        )


def posts_of_the_next_term_lack_people(ground: Ground) -> Iterator[Cause]:
    for one in ground.told.demands:
        if one.short:
            says = (
                f"{one.post}: cần {one.needed}, hiện có {one.present}, sẽ nghỉ và chuyển "
                f"{one.retiring + one.leaving}, sẵn sàng {one.ready}"
            )
            yield Cause(
                short(one.post),
                f"Chuẩn bị người cho chức danh {one.post} của nhiệm kỳ tới",
                f"Thiếu {one.short} người. {says}.",
                [seen(one, says, ground.on)],
                product=one.plan or "Phương án bố trí, tạo nguồn",
                quantity=one.short,
            )


def sources_are_too_few(ground: Ground) -> Iterator[Cause]:
    """A unit that loses people within the months of the rules and names too few to follow them."""
    rules = ground.rules.succession
    leaving = retiring_within(ground.serving, ground.on, rules.source_months, ground.retirement)
    ready = [source for source in ground.told.sources if not source.taken]
    if leaving and len(ready) * 100 < len(leaving) * rules.least_source_percent:
        yield Cause(
            "",
            "Tạo nguồn cán bộ làm công tác TĐKT",
            f"{len(leaving)} vị trí trống trong {rules.source_months} tháng tới, "
            f"nguồn có {len(ready)} người.",
            [Evidence(f"{o.cadre.name} nghỉ hưu", o.cadre.code, on=o.leaves) for o in leaving],
            product="Danh sách nguồn, kế hoạch bồi dưỡng",
            quantity=len(leaving) - len(ready),
        )


def posts_are_held_too_long(ground: Ground) -> Iterator[Cause]:
    rules = ground.rules.rotation
    for one in too_late(ground.serving, ground.on, rules, ground.retirement):
        says = f"{one.cadre.name}: {one.says} tháng"
        yield Cause(
            one.cadre.code,
            f"Xem xét chuyển đổi vị trí: {post_of(one.cadre)}",
            f"{says}.",
            [Evidence(says, one.cadre.code, on=one.cadre.since)],
            product="Phương án chuyển đổi",
            subject=one.cadre.code,
        )


def posts_were_left_too_soon(ground: Ground) -> Iterator[Cause]:
    rules = ground.rules.rotation
    for one in too_early(ground.left, rules, ground.retirement):
        says = f"{one.cadre.name}: {one.says} tháng"
        yield Cause(
            one.cadre.code,
            f"Giữ ổn định vị trí {post_of(one.cadre)} sau khi thay người",
            f"{says}.",
            [Evidence(says, one.cadre.code, on=one.cadre.until)],
            product=f"Cam kết ổn định vị trí ít nhất {rules.early_months} tháng",
            subject=one.cadre.code,
        )


def somebody_stood_in_well(ground: Ground) -> Iterator[Cause]:
    """Knows the superior's work (nắm việc cấp trên): could be rotated or appointed."""
    for one in stood_in_well(ground.told.actings, ground.on):
        cadre = ground.by_code.get(one.cadre)
        if cadre is not None and not cadre.leads:
            says = f"{cadre.name} – {one.post}: {one.result}"
            yield Cause(
                one.cadre,
                f"Xem xét luân chuyển, bổ nhiệm: {cadre.name}",
                f"Đã được giao phụ trách thay từ {one.on:%d/%m/%Y}. {one.result}.",
                [seen(one, says, one.on)],
                product="Đề xuất luân chuyển, bổ nhiệm",
                subject=one.cadre,
            )


def now_leads(ground: Ground, line: PlanLine) -> Seen:
    cadre = ground.by_code.get(line.subject)
    if cadre is None:
        return NOT_TOLD
    if cadre.leads:
        return done(f"{cadre.name} đã giữ chức vụ {post_of(cadre)}.")
    return not_done(f"{cadre.name} vẫn là {post_of(cadre)}.")


def results_are_weak(ground: Ground) -> Iterator[Cause]:
    for code, card in sorted(ground.cards.items()):
        if card.grade in WEAK and card.total is not None and code in ground.by_code:
            says = f"Xếp loại “{card.grade.label}”, {decimal(card.total)} điểm"
            yield Cause(
                code,
                "Kế hoạch rèn luyện, khắc phục hạn chế sau đánh giá",
                f"{ground.called(code)}: {says}.",
                [Evidence(says, code, card.period, score=card.total, on=ground.on)],
                product="Bản đăng ký rèn luyện và kết quả",
                subject=code,
                owner=code,
            )


def results_are_good_again(ground: Ground, line: PlanLine) -> Seen:
    card = ground.cards.get(line.subject)
    if card is None or card.status is not CardStatus.OK or card.grade is None:
        return NOT_TOLD
    says = f"{ground.period.title} xếp loại “{card.grade.label}”."
    return not_done(says) if card.grade in WEAK else done(says)


def conduct_is_marked_low(ground: Ground) -> Iterator[Cause]:
    """The authority's marks of the general criteria over the period (phẩm chất, đạo đức)."""
    least = ground.rules.oversight.least_conduct_percent
    for code, (got, most) in sorted(ground.once(conduct).items()):
        share = percent(got, most)
        if share is not None and share < least * 100:
            lowest = min(
                (m for one in ground.told.marks if one.cadre == code for m in one.each()),
                key=lambda m: (m.mark * 10_000 // m.most, m.period, m.criterion),
            )
            says = f"tiêu chí chung đạt {decimal(share)}% điểm tối đa"
            low = f"{lowest.says}: {decimal(lowest.mark)}/{decimal(lowest.most)} điểm"
            yield Cause(
                code,
                "Rèn luyện theo các tiêu chí chung còn thấp",
                f"{ground.called(code)}: {says}; thấp nhất {low}.",
                [
                    Evidence(says, code, str(ground.period), score=share, on=ground.on),
                    Evidence(low, code, lowest.period, lowest.cell, lowest.mark, lowest.on),
                ],
                product="Bản đăng ký rèn luyện",
                subject=code,
                owner=code,
            )


def conduct(ground: Ground) -> dict[str, tuple[int, int]]:
    """By cadre of the unit: points given and the most there was, both in hundredths."""
    found: dict[str, tuple[int, int]] = {}
    for one in ground.told.marks:
        for mark in one.each() if one.cadre in ground.by_code else ():
            got, most = found.get(mark.cadre, (0, 0))
            found[mark.cadre] = got + mark.mark, most + mark.most
    return found


def conduct_is_marked_well(ground: Ground, line: PlanLine) -> Seen:
    share = percent(*ground.once(conduct).get(line.subject, (0, 0)))
    if share is None:
        return NOT_TOLD
    says = f"Tiêu chí chung đạt {decimal(share)}%."
    least = ground.rules.oversight.least_conduct_percent
    return not_done(says) if share < least * 100 else done(says)


def own_plans_are_not_done(ground: Ground) -> Iterator[Cause]:
    for one in behind(ground.told.studies, ground.rules.oversight):
        yield Cause(
            one.cadre,
            "Hoàn thành kế hoạch tự học, tự rèn luyện còn lại",
            f"{ground.called(one.cadre)} mới đạt {decimal(one.share)}%.",
            [seen(t, f"{t.topic}: {t.done}/{t.planned} tiết", ground.on) for t in one.topics],
            product="Thu hoạch",
            subject=one.cadre,
            owner=one.cadre,
            quantity=sum(t.planned - t.done for t in one.topics),
        )


def some_have_no_plan_of_their_own(ground: Ground) -> Iterator[Cause]:
    asked = ground.serving if ground.tells("selfstudy") else ()
    for cadre in without_plan(asked, ground.told.studies):
        yield Cause(
            cadre.code,
            "Lập kế hoạch tự học, tự rèn luyện cá nhân",
            f"{cadre.name} chưa có kế hoạch.",
            [Evidence("Chưa có kế hoạch tự học", cadre.code, str(ground.period), on=ground.on)],
            product="Kế hoạch cá nhân",
            subject=cadre.code,
            owner=cadre.code,
        )


def studied_on(ground: Ground, line: PlanLine) -> Seen:
    mine = [one for one in ground.told.studies if one.cadre == own_key(line)]
    late = behind(mine, ground.rules.oversight)
    lessons, planned = sum(one.done for one in mine), sum(one.planned for one in mine)
    says = f"Đã học {lessons}/{planned} tiết theo kế hoạch cá nhân."
    if not mine:
        none = not_done("Vẫn chưa có kế hoạch tự học.")
        return none if ground.tells("selfstudy") else NOT_TOLD
    return not_done(says) if late else done(says)


def post_of(cadre: Cadre) -> str:
    return cadre.post or cadre.role.label


S, R, T = PlanKind.STRUCTURE, PlanKind.ROTATION, PlanKind.SELF_TRAINING
RULES = (
    watched(S, "BO_TRI", holders_lack_what_posts_ask),
    Rule(S, "HUU_12", holders_retire_soon, somebody_follows),
    watched(S, "BO_MAY", machinery_is_incomplete, "setup"),
    Rule(S, "TRONG", posts_given_are_empty, posts_are_filled),
    watched(S, "FTE", too_little_time_is_given),
    watched(S, "NHU_CAU_DV", posts_of_the_next_term_lack_people, "needs"),
    watched(PlanKind.SOURCES, "NGUON", sources_are_too_few, "sources"),
    watched(R, "QUA_LAU", posts_are_held_too_long),
    watched(R, "QUA_SOM", posts_were_left_too_soon),
    Rule(R, "PHU_TRACH_THAY", somebody_stood_in_well, now_leads),
    Rule(T, "XEP_LOAI", results_are_weak, results_are_good_again),
    Rule(T, "PHAM_CHAT", conduct_is_marked_low, conduct_is_marked_well),
    Rule(T, "TU_HOC", own_plans_are_not_done, studied_on),
    Rule(T, "KHONG_KE_HOACH", some_have_no_plan_of_their_own, studied_on),
)
