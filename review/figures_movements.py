"""Figures of movements and awards: reviews held, true self-grades, who takes part, models spread,
awards traced to movements, reaching those who do the work, paid in time."""

from __future__ import annotations

from collections.abc import Iterator

from review.awards import FROM_MOVEMENT, paid_late, persons_of, untraced
from review.evidence import Evidence, Measure, decimal, percent, whole_number
from review.ground import Ground, seen
from review.movements import LABELS, LAUNCH, Movement, boasting, owed, poorly_joined
from review.plans import PlanKind
from review.tally import Tally, tally
from review.weighing import Figure, Tallies, Weighing, counted, measure, share


def movements(ground: Ground) -> dict[str, Tally]:
    told, on, rules = ground.told, ground.on, ground.rules.movements
    if not ground.tells("movements"):
        return {}
    missing = owed(told.movements, told.conferences, on, rules)
    held = sum(c.kind != LAUNCH and c.held is not None and c.held <= on for c in told.conferences)
    boasts = [one for one in told.movements if boasting(one, rules)]
    vague = [one for one in told.movements if not one.measurable]
    unmeasured = [m for m in told.movements if m.measurable and m.reached is None and m.ended]
    return {
        "SO_TONG_KET": tally(
            (_of(m, f"chưa {LABELS[kind]}") for m, kind in missing),
            part=held,
            whole=held + len(missing),
        ),
        "THUC_CHAT": tally(
            (
                _of(m, f"tự đánh giá cao, chỉ tiêu đạt {decimal(m.achieved or 0)}%", m.achieved)
                for m in boasts
            ),
            n=len(boasts),
            movements=len(told.movements),
        ),
        "CHI_TIEU": tally(
            [
                *(_of(m, "chưa có chỉ tiêu đo được") for m in vague),
                *(_of(m, "đã kết thúc mà chưa đo chỉ tiêu") for m in unmeasured),
            ],
            part=len(told.movements) - len(vague),
            whole=len(told.movements),
            unmeasured=len(unmeasured),
        ),
    }


def movements_said(tallies: Tallies, weighing: Weighing) -> Iterator[Measure]:
    held, boasts, targets = (tallies.get(code) for code in ("SO_TONG_KET", "THUC_CHAT", "CHI_TIEU"))
    if held is None or boasts is None or targets is None:
        return
    rules, missing = weighing.rules.movements, held["whole"] - held["part"]
    yield measure(
        "SO_TONG_KET",
        "Sơ kết, tổng kết đã tổ chức so với phải tổ chức",
        percent(held["part"], held["whole"]),
        "%",
        f"{held.said('part')} cuộc đã tổ chức, {whole_number(missing)} cuộc còn thiếu.",
        held,
        alarm=missing > 0,
    )
    yield counted(
        "THUC_CHAT",
        "Phong trào tự đánh giá cao hơn số liệu",
        "phong trào",
        boasts,
        f"{boasts.said('n')} trên {boasts.said('movements')} phong trào tự đánh giá cao hơn kết "
        f"quả trên {rules.gap_percent}%.",
    )
    vague = targets["whole"] - targets["part"]
    yield share(
        "CHI_TIEU",
        "Phong trào có chỉ tiêu đo được",
        targets,
        f"{whole_number(vague)} phong trào chưa có chỉ tiêu đo được; {targets.said('unmeasured')} "
        "chỉ tiêu không bao giờ được đo.",
        rules.least_measurable,
    )


def participation(ground: Ground) -> dict[str, Tally]:
    told, rules = ground.told.movements, ground.rules.movements
    known = [one for one in told if one.participation is not None]
    if not known:
        return {}
    joined = sum(min(one.joined or 0, one.registered or 0) for one in known)
    registered = sum(one.registered or 0 for one in known)
    part = percent(joined, registered) or 0
    own = Evidence(
        f"{whole_number(joined)} trên {whole_number(registered)}",
        ground.unit,
        str(ground.period),
        score=part,
    )
    few = (
        _of(m, f"{m.joined}/{m.registered} tham gia", m.participation)
        for m in poorly_joined(told, rules)
    )
    return {
        "THAM_GIA": tally(few, True, part=joined, whole=registered, known=len(known)),
        "CHENH_LECH": tally([own], True),
        # The same with its sign turned: the first of these is the unit that takes part most.
        "CHENH_LECH_CAO": tally([own._replace(score=-part)], True),
    }


def participation_said(tallies: Tallies, weighing: Weighing) -> Iterator[Measure]:
    found = tallies.get("THAM_GIA")
    if found is None:
        return
    rules = weighing.rules.movements
    yield share(
        "THAM_GIA",
        "Tỷ lệ tham gia phong trào",
        found,
        f"{found.said('part')} tham gia trên {found.said('whole')} đăng ký, {found.said('known')} "
        "phong trào có số liệu.",
        rules.least_participation,
    )
    lowest, highest = tallies["CHENH_LECH"].shown[0], tallies["CHENH_LECH_CAO"].shown[0]
    low, high = lowest.score or 0, -(highest.score or 0)
    says = (
        f"Cao nhất {weighing.called(highest.subject)} {decimal(high)}%, thấp nhất "
        f"{weighing.called(lowest.subject)} {decimal(low)}%."
    )
    ends = Tally({}, (lowest, highest._replace(score=high)), 2)
    alarm = high - low > rules.most_spread * 100
    label = "Chênh lệch tham gia giữa các đơn vị"
    yield measure("CHENH_LECH", label, high - low, "%", says, ends, alarm=alarm)


def models(ground: Ground) -> dict[str, Tally]:
    told, on = ground.told.models, ground.on
    return {
        "DIEN_HINH": tally(
            (seen(m, f"{m.name} ({m.field})", m.found) for m in told if m.spread is None),
            n=len(told),
            fostered=sum(bool(m.nurtured and m.nurtured <= on) for m in told),
            spread=sum(bool(m.spread and m.spread <= on) for m in told),
        )
    }


def models_said(tallies: Tallies, _weighing: Weighing) -> Iterator[Measure]:
    found = tallies.get("DIEN_HINH", Tally())
    yield measure(
        "DIEN_HINH",
        "Điển hình tiên tiến được phát hiện",
        found["n"],
        "điển hình",
        f"{found.said('n')} phát hiện → {found.said('fostered')} bồi dưỡng → "
        f"{found.said('spread')} nhân rộng.",
        found,
    )


def awards(ground: Ground) -> dict[str, Tally]:
    told, rules = ground.awards, ground.rules.awards
    lost = untraced(told, {(one.unit, one.code) for one in ground.told.movements})
    owed_for = ground.told.awards
    late = paid_late(owed_for, ground.on, rules)
    direct, persons = persons_of(told)
    return {
        "GAN_PHONG_TRAO": tally(
            (
                seen(a, f"{a.name}, {a.decision}: không có phong trào “{a.movement}”", a.decided)
                for a in lost
            ),
            part=sum(a.basis == FROM_MOVEMENT for a in told) - len(lost),
            whole=len(told),
        ),
        "TRUC_TIEP": tally(part=direct, whole=persons),
        "CHI_CHAM": tally(
            (
                seen(
                    a,
                    f"{a.name}, {a.award} ({a.decision}): {'chi chậm' if a.paid else 'chưa chi'}",
                    a.decided,
                )
                for a in late
            ),
            part=len(late),
            whole=sum(bool(a.amount) for a in owed_for),
            unpaid=sum(a.paid is None for a in late),
        ),
    }


def awards_said(tallies: Tallies, weighing: Weighing) -> Iterator[Measure]:
    rules = weighing.rules.awards
    traced, direct, late = (
        tallies.get(code, Tally()) for code in ("GAN_PHONG_TRAO", "TRUC_TIEP", "CHI_CHAM")
    )
    yield share(
        "GAN_PHONG_TRAO",
        "Khen thưởng gắn với phong trào thi đua",
        traced,
        f"{traced.said('part')} trên {traced.said('whole')} trường hợp; mong muốn từ "
        f"{rules.least_traced_percent}%.",
        rules.least_traced_percent,
    )
    yield share(
        "TRUC_TIEP",
        "Cá nhân được khen là người trực tiếp công tác",
        direct,
        f"{direct.said('part')} trên {direct.said('whole')} cá nhân, còn lại là lãnh đạo, quản "
        f"lý; mong muốn từ {rules.least_direct_percent}%.",
        rules.least_direct_percent,
    )
    value = percent(late["part"], late["whole"])
    yield measure(
        "CHI_CHAM",
        f"Chi thưởng chậm quá {rules.pay_days} ngày",
        value,
        "%",
        f"{late.said('part')} trên {late.said('whole')} khoản, {late.said('unpaid')} khoản chưa "
        "chi.",
        late,
        alarm=value is not None and value > rules.most_unpaid_percent * 100,
    )


def _of(one: Movement, says: str, score: int | None = None) -> Evidence:
    subject = f"{one.unit}:{one.code}"
    told = f"{one.name}: {says}"
    return Evidence(told, subject, one.period, one.cell, score, one.launched)


FIGURES = (
    Figure(PlanKind.MOVEMENTS, movements, movements_said),
    Figure(PlanKind.MOVEMENTS, participation, participation_said),
    Figure(PlanKind.MOVEMENTS, models, models_said),
    Figure(PlanKind.AWARDS, awards, awards_said),
)
