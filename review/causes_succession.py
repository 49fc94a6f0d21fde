"""What results change in the plan of succession: who enters, who leaves, which posts stand bare."""

from __future__ import annotations

from collections.abc import Iterator

from review.causes import NOT_TOLD, Cause, Rule, Seen, done, not_done, own_key, watched
from review.evidence import Evidence
from review.ground import Ground, seen, short
from review.plans import PlanKind, PlanLine
from review.succession import (
    bare_posts,
    busy_candidates,
    crowded_posts,
    entering_the_plan,
    entry,
    generation_gaps,
    graded,
    leaving_the_plan,
    unreviewed,
)

KIND = PlanKind.SUCCESSION


def holders_retire_with_nobody_behind(ground: Ground) -> Iterator[Cause]:
    rules, table = ground.rules.succession, ground.retirement
    for gap in generation_gaps(ground.posts, ground.candidates, ground.on, rules, table):
        yield Cause(
            gap.post.holder.code,
            f"Bổ sung người kế cận: {gap.post.name}",
            f"{gap.says}.",
            gap.evidence,
            product="Danh sách quy hoạch bổ sung",
            subject=gap.post.holder.code,
            due=gap.leaves if gap.leaves > ground.on else None,
        )


def posts_have_no_candidate(ground: Ground) -> Iterator[Cause]:
    """Only where the unit was asked; a post with a generation gap has its line already."""
    if not ground.tells("succession"):
        return
    gaps = {cause.subject for cause in holders_retire_with_nobody_behind(ground)}
    for post, count in bare_posts(ground.posts, ground.candidates, ground.rules.succession):
        if post.holder.code not in gaps:
            says = f"{post.name}: {count} người trong quy hoạch"
            yield Cause(
                post.code,
                f"Đưa người vào quy hoạch {post.name}",
                f"{says}, cần ít nhất {ground.rules.succession.least_candidates}.",
                [Evidence(says, post.holder.code, str(ground.period), on=ground.on)],
                product="Danh sách quy hoạch bổ sung",
                subject=post.holder.code,
            )


def candidates_no_longer_qualify(ground: Ground) -> Iterator[Cause]:
    for one in leaving_the_plan(ground.candidates, ground.rules.succession):
        yield Cause(
            f"{one.who}:{short(one.post)}",
            f"Xem xét đưa ra khỏi quy hoạch {one.title or one.post}",
            f"{one.name}: xếp loại “{graded(one)}”, chưa đủ để ở trong quy hoạch.",
            [entry(one, f"{one.name}: {graded(one)}", ground.on)],
            product="Quyết định điều chỉnh quy hoạch",
            subject=one.who,
        )


def somebody_is_ready_to_enter(ground: Ground) -> Iterator[Cause]:
    grades = {code: card.grade for code, card in ground.cards.items()}
    rules, told = ground.rules.succession, ground.told
    for one in entering_the_plan(told.prospects, ground.candidates, grades, rules):
        card = ground.cards[one.cadre]
        grade = card.grade.label if card.grade else ""
        post = f" {one.title}" if one.title else ""
        says = f"{ground.called(one.cadre)}: sẵn sàng{post}, xếp loại “{grade}”"
        yield Cause(
            one.cadre,
            f"Xem xét đưa vào quy hoạch{post}: {ground.called(one.cadre)}",
            f"{says}, chưa có trong quy hoạch.",
            [
                seen(one, f"{ground.called(one.cadre)}: sẵn sàng", ground.on),
                Evidence(f"Xếp loại “{grade}”", one.cadre, card.period, score=card.total),
            ],
            product="Hồ sơ giới thiệu quy hoạch",
            subject=one.cadre,
        )


def is_in_the_plan(ground: Ground, line: PlanLine) -> Seen:
    if not ground.tells("succession"):
        return NOT_TOLD
    mine = next((one for one in ground.candidates if one.who == line.subject), None)
    if mine is None:
        return not_done("Chưa có trong quy hoạch.")
    return done(f"{mine.name} đã có trong quy hoạch {mine.title or mine.post}.")


def entries_were_not_reviewed(ground: Ground) -> Iterator[Cause]:
    """One line a post: its entries are reviewed together."""
    rules, done = ground.rules.succession, set()
    for one in unreviewed(ground.candidates, ground.on, rules):
        last = one.reviewed or one.entered
        if one.post in done or last is None:
            continue
        done.add(one.post)
        mine = [c for c in unreviewed(ground.candidates, ground.on, rules) if c.post == one.post]
        yield Cause(
            short(one.post),
            f"Rà soát quy hoạch {one.title or one.post}",
            f"Rà soát gần nhất {last:%d/%m/%Y}, quá {rules.review_months} tháng.",
            [entry(c, f"{c.name} – {c.title or c.post}", c.reviewed or c.entered) for c in mine],
            product="Biên bản rà soát",
        )


def a_post_has_too_many(ground: Ground) -> Iterator[Cause]:
    rules = ground.rules.succession
    for some in crowded_posts(ground.posts, ground.candidates, rules):
        title = some[0].title or some[0].post
        yield Cause(
            short(some[0].post),
            f"Rút gọn quy hoạch {title}",
            f"{len(some)} người, mỗi chức danh không quá {rules.max_candidates}.",
            [entry(one, f"{one.name} – {title}") for one in some],
            product="Danh sách quy hoạch điều chỉnh",
        )


def somebody_has_too_many_posts(ground: Ground) -> Iterator[Cause]:
    rules = ground.rules.succession
    for some in busy_candidates(ground.candidates, rules):
        yield Cause(
            some[0].who,
            f"Rút bớt chức danh quy hoạch của {some[0].name}",
            f"{len(some)} chức danh, mỗi người không quá {rules.max_posts}.",
            [entry(one, f"{one.name} – {one.title or one.post}") for one in some],
            product="Danh sách quy hoạch điều chỉnh",
            subject=some[0].who,
        )


def post_has_a_candidate(ground: Ground, line: PlanLine) -> Seen:
    """Somebody who is graded well, or not yet, stands behind the post again; it is said who."""
    if not ground.tells("succession"):
        return NOT_TOLD
    holder = ground.by_code.get(own_key(line)) or ground.by_code.get(line.subject)
    code = holder.role.value if holder else own_key(line)
    weak = {one.who for one in leaving_the_plan(ground.candidates, ground.rules.succession)}
    behind = [one.name for one in ground.candidates if one.post == code and one.who not in weak]
    if not behind:
        return not_done("Chức danh vẫn chưa có người kế cận đáp ứng.")
    return done(f"Trong quy hoạch: {', '.join(behind)}.")


RULES = (
    Rule(KIND, "HANG_HUT", holders_retire_with_nobody_behind, post_has_a_candidate),
    Rule(KIND, "TRONG_QH", posts_have_no_candidate, post_has_a_candidate),
    watched(KIND, "XEP_LOAI", candidates_no_longer_qualify, "succession"),
    Rule(KIND, "DE_XUAT_VAO", somebody_is_ready_to_enter, is_in_the_plan),
    watched(KIND, "CHUA_RA_SOAT", entries_were_not_reviewed, "succession"),
    watched(KIND, "NHIEU_NGUOI", a_post_has_too_many, "succession"),
    watched(KIND, "NHIEU_CHUC", somebody_has_too_many_posts, "succession"),
)
