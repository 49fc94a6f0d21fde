"""What results change in the plans about persons: structure, succession, sources, rotation."""

from __future__ import annotations

from collections.abc import Iterator

from review.cadres import Cadre
from review.evidence import Evidence, months_after
from review.forecast import retiring_within
from review.ground import Ground, seen, short
from review.plans import PlanKind, ProposedChange
from review.rotation import too_early, too_late
from review.structure import mismatches
from review.succession import generation_gaps, leaving_the_plan, posts_of

NEXT_YEAR = 12  # months in which a retirement needs somebody named now


def for_structure(ground: Ground) -> Iterator[ProposedChange]:
    yield from _misplaced(ground)
    yield from _replacements(ground)
    yield from _machinery(ground)
    yield from _unfilled(ground)


def _misplaced(ground: Ground) -> Iterator[ProposedChange]:
    for one in mismatches(ground.serving, ground.rules.structure):
        says = f"{one.cadre.name}: {'; '.join(one.lacks)}"
        yield ground.propose(
            PlanKind.STRUCTURE,
            one.cadre.unit,
            f"vi-tri:{one.cadre.code}",
            f"Đào tạo bổ sung hoặc bố trí lại: {_post(one.cadre)}",
            measure="BO_TRI",
            says=f"{says}.",
            evidence=[Evidence(says, one.cadre.code, str(ground.period), on=ground.on)],
            subject=one.cadre.code,
            product="Phương án bố trí",
        )


def _replacements(ground: Ground) -> Iterator[ProposedChange]:
    for leaver in retiring_within(ground.serving, ground.on, NEXT_YEAR, ground.retirement):
        cadre, day = leaver.cadre, leaver.leaves
        says = f"{cadre.name} nghỉ hưu từ {day:%d/%m/%Y}"
        ask = " Cần kiểm lại tuổi nghỉ hưu." if leaver.verify else ""
        yield ground.propose(
            PlanKind.STRUCTURE,
            cadre.unit,
            f"thay:{cadre.code}",
            f"Bố trí người thay vị trí {_post(cadre)}",
            measure="HUU_12",
            says=f"{says}.{ask}",
            evidence=[Evidence(says, cadre.code, on=day)],
            subject=cadre.code,
            due=day,
            quantity=1,
            product="Quyết định phân công",
        )


def _machinery(ground: Ground) -> Iterator[ProposedChange]:
    for setup in ground.told.setups:
        if not (setup.council and setup.officer):
            lacks = "người phụ trách TĐKT" if setup.council else "Hội đồng Thi đua – Khen thưởng"
            yield ground.propose(
                PlanKind.STRUCTURE,
                setup.unit,
                "bo-may",
                f"Kiện toàn bộ máy: {lacks}",
                measure="BO_MAY",
                says=f"Đơn vị chưa có {lacks}.",
                evidence=[seen(setup, f"chưa có {lacks}", ground.on)],
                product="Quyết định",
            )


def _unfilled(ground: Ground) -> Iterator[ProposedChange]:
    for posts in ground.told.establishments:
        if posts.vacant:
            says = f"được giao {posts.given}, có mặt {posts.filled}"
            yield ground.propose(
                PlanKind.STRUCTURE,
                posts.unit,
                "bien-che",
                "Tuyển dụng, tiếp nhận cho đủ biên chế làm TĐKT",
                measure="TRONG",
                says=f"Thiếu {posts.vacant} người: {says}.",
                evidence=[seen(posts, says, ground.on)],
                quantity=posts.vacant,
                product="Quyết định tuyển dụng, tiếp nhận",
            )


def for_succession(ground: Ground) -> Iterator[ProposedChange]:
    yield from _successors(ground)
    for entry in leaving_the_plan(ground.told.candidates, ground.rules.succession):
        yield ground.propose(
            PlanKind.SUCCESSION,
            entry.unit,
            f"dua-ra:{entry.cadre}:{short(entry.post)}",
            f"Xem xét đưa ra khỏi quy hoạch {entry.post}",
            measure="XEP_LOAI",
            says=f"{ground.called(entry.cadre)}: {entry.ground}.",
            evidence=entry.evidence,
            subject=entry.cadre,
            product="Quyết định điều chỉnh quy hoạch",
        )
    yield from _unreviewed(ground)


def _successors(ground: Ground) -> Iterator[ProposedChange]:
    rules, candidates = ground.rules.succession, ground.told.candidates
    posts = posts_of(ground.serving, ground.rules.forecast.key_roles)
    for gap in generation_gaps(posts, candidates, ground.on, rules, ground.retirement):
        yield ground.propose(
            PlanKind.SUCCESSION,
            gap.post.unit,
            f"ke-can:{short(gap.post.code)}",
            f"Bổ sung người kế cận: {gap.post.name}",
            measure="HANG_HUT",
            says=f"{gap.says}.",
            evidence=gap.evidence,
            subject=gap.post.holder.code if gap.post.holder else "",
            due=gap.leaves,
            product="Danh sách quy hoạch bổ sung",
        )


def _unreviewed(ground: Ground) -> Iterator[ProposedChange]:
    months = ground.rules.succession.review_months
    limit = months_after(ground.on, -months)
    for one in ground.told.candidates:
        last = one.reviewed or one.entered
        if last is not None and last < limit:
            yield ground.propose(
                PlanKind.SUCCESSION,
                one.unit,
                f"ra-soat:{short(one.post)}",
                f"Rà soát quy hoạch {one.post}",
                measure="CHUA_RA_SOAT",
                says=f"Rà soát gần nhất {last:%d/%m/%Y}, quá {months} tháng.",
                evidence=[seen(one, f"{one.name} – {one.post}", last)],
                subject=one.who,
                product="Biên bản rà soát",
            )


def for_sources(ground: Ground) -> Iterator[ProposedChange]:
    """A unit that loses people within the months of the rules and names too few to follow them."""
    rules, told = ground.rules.succession, ground.told
    leaving = retiring_within(ground.serving, ground.on, rules.source_months, ground.retirement)
    for unit in sorted({one.cadre.unit for one in leaving}):
        mine = [one for one in leaving if one.cadre.unit == unit]
        ready = [source for source in told.sources if source.unit == unit and not source.taken]
        if len(ready) * 100 < len(mine) * rules.least_source_percent:
            yield ground.propose(
                PlanKind.SOURCES,
                unit,
                "nguon",
                "Tạo nguồn cán bộ làm công tác TĐKT",
                measure="NGUON",
                says=f"{len(mine)} vị trí trống trong {rules.source_months} tháng tới, "
                f"nguồn có {len(ready)} người.",
                evidence=[
                    Evidence(f"{one.cadre.name} nghỉ hưu", one.cadre.code, on=one.leaves)
                    for one in mine
                ],
                quantity=len(mine) - len(ready),
                product="Danh sách nguồn, kế hoạch bồi dưỡng",
            )


def for_rotation(ground: Ground) -> Iterator[ProposedChange]:
    rules = ground.rules.rotation
    for one in too_late(ground.serving, ground.on, rules, ground.retirement):
        yield ground.propose(
            PlanKind.ROTATION,
            one.cadre.unit,
            f"chuyen:{one.cadre.code}",
            f"Xem xét chuyển đổi vị trí: {_post(one.cadre)}",
            measure="QUA_LAU",
            says=f"{one.cadre.name} {one.says} tháng.",
            evidence=[
                Evidence(f"{one.cadre.name}: {one.says}", one.cadre.code, on=one.cadre.since)
            ],
            subject=one.cadre.code,
            product="Phương án chuyển đổi",
        )
    left = [c for c in ground.cadres if c.until and ground.period.start <= c.until < ground.on]
    for one in too_early(left, rules, ground.retirement):
        yield ground.propose(
            PlanKind.ROTATION,
            one.cadre.unit,
            f"on-dinh:{one.cadre.code}",
            f"Giữ ổn định vị trí {_post(one.cadre)} sau khi thay người",
            measure="QUA_SOM",
            says=f"{one.cadre.name} {one.says} tháng.",
            evidence=[
                Evidence(f"{one.cadre.name}: {one.says}", one.cadre.code, on=one.cadre.until)
            ],
            subject=one.cadre.code,
            product=f"Cam kết ổn định vị trí ít nhất {rules.early_months} tháng",
        )


def _post(cadre: Cadre) -> str:
    return cadre.post or cadre.role.label
