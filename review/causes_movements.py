"""What results change in the plans of movements and of awards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from review.awards import Award, paid_late, persons_of, untraced
from review.causes import NOT_TOLD, Cause, Judge, Rule, Seen, done, not_done, own_key, watched
from review.evidence import Evidence, decimal, percent
from review.ground import Ground, seen, short
from review.movements import (
    LABELS,
    Model,
    Movement,
    boasting,
    not_fostered,
    not_spread,
    owed,
    poorly_joined,
)
from review.plan_rules import MovementRules
from review.plans import PlanKind, PlanLine

LEAST_PERSONS = 3  # of fewer awards a share says nothing


def reviews_are_owed(ground: Ground) -> Iterator[Cause]:
    told, rules = ground.told, ground.rules.movements
    for one, owes in owed(told.movements, told.conferences, ground.on, rules):
        yield Cause(
            f"{one.code}:{owes}",
            f"Tổ chức {LABELS[owes]} phong trào “{one.name}”",
            f"Phát động {_day(one.launched)}, chưa {LABELS[owes]}.",
            [seen(one, f"{one.name}: chưa {LABELS[owes]}", one.launched)],
            product=f"Báo cáo {LABELS[owes]}",
            subject=one.code,
        )


def review_was_held(ground: Ground, line: PlanLine) -> Seen:
    code, _, kind = own_key(line).partition(":")
    word = LABELS.get(kind, kind)
    for one in ground.told.conferences:
        if (one.movement, one.kind) == (code, kind) and one.held and one.held <= ground.on:
            report = f", {one.report}" if one.report else ""
            return done(f"Đã {word} ngày {one.held:%d/%m/%Y}{report}.")
    known = any(one.code == code for one in ground.told.movements)
    return not_done(f"Đến hết {ground.period.label} chưa {word}.") if known else NOT_TOLD


def targets_cannot_be_measured(ground: Ground) -> Iterator[Cause]:
    for one in ground.told.movements:
        if not one.measurable:
            yield _of(
                one,
                f"Bổ sung chỉ tiêu cho “{one.name}”",
                "Phong trào chưa có chỉ tiêu đo được.",
                "Chỉ tiêu bằng số, cách đo",
            )


def self_grades_are_above_the_figures(ground: Ground) -> Iterator[Cause]:
    for one in ground.told.movements:
        if boasting(one, ground.rules.movements):
            yield _of(
                one,
                f"Đánh giá lại phong trào “{one.name}”",
                f"Tự đánh giá cao, chỉ tiêu mới đạt {decimal(one.achieved or 0)}%.",
                "Bản đánh giá có số liệu kiểm chứng",
                one.achieved,
            )


def too_few_take_part(ground: Ground) -> Iterator[Cause]:
    least = ground.rules.movements.least_participation
    for one in poorly_joined(ground.told.movements, ground.rules.movements):
        yield _of(
            one,
            f"Vận động tham gia phong trào “{one.name}”",
            f"{one.joined} tham gia trên {one.registered} đăng ký, cần từ {least}%.",
            "Kế hoạch vận động, danh sách tham gia",
            one.participation,
        )


def _of(one: Movement, content: str, says: str, product: str, score: int | None = None) -> Cause:
    why = seen(one, f"{one.name}: {says}", one.launched, score)
    return Cause(one.code, content, says, [why], product=product, subject=one.code)


def movement(stands: Callable[[Movement, MovementRules], Seen]) -> Judge:
    """Looks at the movement as it was told of last."""

    def judge(ground: Ground, line: PlanLine) -> Seen:
        mine = (one for one in ground.told.movements if one.code == own_key(line))
        return next((stands(one, ground.rules.movements) for one in mine), NOT_TOLD)

    return judge


def models_are_not_fostered(ground: Ground) -> Iterator[Cause]:
    for model in not_fostered(ground.told.models, ground.on, ground.rules.movements):
        says = f"Phát hiện {_day(model.found)}, chưa bồi dưỡng."
        yield _of_model(model, f"Bồi dưỡng {model.name}", says, "boi-duong")
    for model in not_spread(ground.told.models, ground.on, ground.rules.movements):
        says = f"Bồi dưỡng từ {_day(model.nurtured)}, chưa nhân rộng."
        yield _of_model(model, f"Nhân rộng {model.name}", says, "nhan-rong")


def _of_model(model: Model, content: str, says: str, step: str) -> Cause:
    why = seen(model, f"{model.name} ({model.field}): {says}", model.found)
    product = "Kế hoạch bồi dưỡng, nhân rộng"
    return Cause(f"{short(model.name)}:{step}", content, says, [why], product=product)


def model_went_on(ground: Ground, line: PlanLine) -> Seen:
    key, _, step = own_key(line).partition(":")
    model = next((one for one in ground.told.models if short(one.name) == key), None)
    if model is None:
        return NOT_TOLD
    day = model.nurtured if step == "boi-duong" else model.spread
    word = "bồi dưỡng" if step == "boi-duong" else "nhân rộng"
    return done(f"Đã {word} từ {day:%d/%m/%Y}.") if day else not_done(f"Chưa {word}.")


def money_is_not_paid(ground: Ground) -> Iterator[Cause]:
    rules = ground.rules.awards
    for award in paid_late(ground.told.awards, ground.on, rules):
        if award.paid is None or award.paid > ground.on:
            yield Cause(
                _key(award),
                f"Chi thưởng cho {award.name} ({award.award})",
                f"{award.decision} ngày {_day(award.decided)}, quá {rules.pay_days} ngày.",
                [seen(award, f"{award.name}: chưa chi", award.decided)],
                product="Chứng từ chi thưởng",
                cost=(award.amount or 0) * 10,
            )


def money_was_paid(ground: Ground, line: PlanLine) -> Seen:
    award = next((one for one in ground.told.awards if _key(one) == own_key(line)), None)
    if award is None:
        return NOT_TOLD
    if award.paid is None or award.paid > ground.on:
        return not_done(f"Đến hết {ground.period.label} chưa chi.")
    return done(f"Đã chi ngày {award.paid:%d/%m/%Y}.")


def awards_name_no_known_movement(ground: Ground) -> Iterator[Cause]:
    known = {(one.unit, one.code) for one in ground.told.movements}
    for award in untraced(ground.awards, known):
        yield Cause(
            _key(award),
            f"Làm rõ căn cứ khen thưởng {award.name}",
            f"Khen từ phong trào “{award.movement}” mà đơn vị không có phong trào ấy.",
            [seen(award, f"{award.name}, {award.decision}", award.decided)],
            product="Bản giải trình",
        )


def too_few_awards_reach_workers(ground: Ground) -> Iterator[Cause]:
    direct, persons = persons_of(ground.awards)
    least = ground.rules.awards.least_direct_percent
    share = percent(direct, persons)
    if persons >= LEAST_PERSONS and share is not None and share < least * 100:
        says = f"{direct} trên {persons} cá nhân được khen là người trực tiếp công tác"
        yield Cause(
            "",
            "Tăng khen thưởng người trực tiếp lao động, công tác",
            f"{says}, cần từ {least}%.",
            [Evidence(says, ground.unit, str(ground.period), score=share, on=ground.on)],
            product="Danh sách đề nghị khen thưởng",
        )


def _key(award: Award) -> str:
    return short(award.decision + award.name)


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else "chưa rõ ngày"


def _has_target(one: Movement, _rules: MovementRules) -> Seen:
    if not one.measurable:
        return not_done("Vẫn chưa có chỉ tiêu đo được.")
    return done(f"Chỉ tiêu: {one.target}.")


def _is_graded_truly(one: Movement, rules: MovementRules) -> Seen:
    if one.achieved is None:
        return NOT_TOLD
    says = f"Chỉ tiêu đạt {decimal(one.achieved)}%."
    return not_done(f"{says} Vẫn tự đánh giá cao hơn.") if boasting(one, rules) else done(says)


def _is_joined(one: Movement, rules: MovementRules) -> Seen:
    if one.participation is None:
        return NOT_TOLD
    says = f"{one.joined}/{one.registered} tham gia."
    return not_done(says) if poorly_joined([one], rules) else done(says)


M, A = PlanKind.MOVEMENTS, PlanKind.AWARDS
RULES = (
    Rule(M, "SO_TONG_KET", reviews_are_owed, review_was_held),
    Rule(M, "CHI_TIEU", targets_cannot_be_measured, movement(_has_target)),
    Rule(M, "THUC_CHAT", self_grades_are_above_the_figures, movement(_is_graded_truly)),
    Rule(M, "THAM_GIA", too_few_take_part, movement(_is_joined)),
    Rule(M, "DIEN_HINH", models_are_not_fostered, model_went_on),
    Rule(A, "CHI_CHAM", money_is_not_paid, money_was_paid),
    watched(A, "GAN_PHONG_TRAO", awards_name_no_known_movement, "awards"),
    watched(A, "TRUC_TIEP", too_few_awards_reach_workers, "awards"),
)
