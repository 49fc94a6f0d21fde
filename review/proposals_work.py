"""What results change in the plans of work: inspection, self-training, movements, awards, tasks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from review.attention import silent
from review.awards import paid_late, untraced
from review.brief import ProgrammeTask
from review.criticism import to_pursue
from review.evidence import Evidence, decimal
from review.ground import Ground, seen, short
from review.inspection import late_ones, not_held, repeated
from review.movements import LABELS, boasting, not_fostered, owed
from review.plans import PlanKind, ProposedChange
from review.scorecard import Grade
from review.self_training import behind, without_plan
from review.workplan import above_of, concrete, lacking, stuck, traced, uncovered

WEAK = (Grade.DONE, Grade.NOT_DONE)


def for_inspection(ground: Ground) -> Iterator[ProposedChange]:
    rules, told, on = ground.rules.oversight, ground.told, ground.on
    kind = PlanKind.INSPECTION
    for remedy in to_pursue(told.meetings, on, rules):
        met = remedy.meeting
        why = seen(met, met.remedy, met.held)
        yield ground.propose(
            kind,
            met.unit,
            f"khac-phuc:{short(met.minutes)}",
            f"Đôn đốc khắc phục: {met.remedy}",
            measure="KHAC_PHUC_MO",
            says=f"Mở {remedy.age} ngày, quá hạn {remedy.late} ngày.",
            evidence=[why],
            product="Báo cáo kết quả khắc phục",
        )
    for matter in late_ones(told.matters, on, rules):
        why = seen(matter, matter.content, matter.opened)
        yield ground.propose(
            kind,
            matter.unit,
            f"vu-viec:{short(matter.content)}",
            f"Xử lý dứt điểm: {matter.content}",
            measure="VU_VIEC",
            says=f"Đã {matter.days(on)} ngày chưa xong.",
            evidence=[why],
            subject=matter.cadre,
            product="Kết luận, văn bản xử lý",
        )
    for matter in not_held(told.matters, on):
        why = seen(matter, matter.content, matter.planned)
        yield ground.propose(
            kind,
            matter.unit,
            f"kiem-tra:{short(matter.content)}",
            f"Tiến hành cuộc kiểm tra chưa thực hiện: {matter.content}",
            measure="KIEM_TRA",
            says=f"Kế hoạch ngày {_day(matter.planned)}, chưa tiến hành.",
            evidence=[why],
            product="Kết luận kiểm tra",
        )
    for some in repeated(told.matters, rules):
        first = some[0]
        yield ground.propose(
            kind,
            first.unit,
            f"lap-lai:{short(first.content)}",
            f"Kiểm tra việc khắc phục sai sót lặp lại: {first.content}",
            measure="LAP_LAI",
            says=f"Lặp lại {len(some)} lần.",
            product="Kết luận kiểm tra",
            evidence=[seen(m, m.content, m.opened) for m in some],
        )


def for_self_training(ground: Ground) -> Iterator[ProposedChange]:
    rules, told, kind = ground.rules.oversight, ground.told, PlanKind.SELF_TRAINING
    for code, card in sorted(ground.cards.items()):
        if card.grade in WEAK and card.total is not None and code in ground.by_code:
            says = f"Xếp loại “{card.grade.label}”, {decimal(card.total)} điểm"
            why = Evidence(says, code, card.period, score=card.total, on=ground.on)
            yield ground.propose(
                kind,
                card.unit,
                code,
                "Kế hoạch rèn luyện, khắc phục hạn chế sau đánh giá",
                measure="XEP_LOAI",
                says=f"{ground.called(code)}: {says}.",
                evidence=[why],
                subject=code,
                owner=code,
                product="Bản đăng ký rèn luyện và kết quả",
            )
    for one in behind(told.studies, rules):
        done = [seen(t, f"{t.topic}: {t.done}/{t.planned} tiết") for t in one.topics]
        yield ground.propose(
            kind,
            one.unit,
            one.cadre,
            "Hoàn thành kế hoạch tự học, tự rèn luyện còn lại",
            measure="TU_HOC",
            says=f"{ground.called(one.cadre)} mới đạt {decimal(one.share)}%.",
            evidence=done,
            subject=one.cadre,
            owner=one.cadre,
            quantity=sum(t.planned - t.done for t in one.topics),
            product="Thu hoạch",
        )
    asked = [cadre for cadre in ground.serving if told.tells(cadre.unit, "selfstudy")]
    for cadre in without_plan(asked, told.studies):
        why = Evidence("Chưa có kế hoạch tự học", cadre.code, str(ground.period), on=ground.on)
        yield ground.propose(
            kind,
            cadre.unit,
            cadre.code,
            "Lập kế hoạch tự học, tự rèn luyện cá nhân",
            measure="KHONG_KE_HOACH",
            says=f"{cadre.name} chưa có kế hoạch.",
            evidence=[why],
            subject=cadre.code,
            owner=cadre.code,
            product="Kế hoạch cá nhân",
        )


def for_movements(ground: Ground) -> Iterator[ProposedChange]:
    rules, told, kind = ground.rules.movements, ground.told, PlanKind.MOVEMENTS
    for one, owes in owed(told.movements, told.conferences, ground.on, rules):
        why = seen(one, f"{one.name}: chưa {LABELS[owes]}", one.launched)
        yield ground.propose(
            kind,
            one.unit,
            f"{one.code}:{owes}",
            f"Tổ chức {LABELS[owes]} phong trào “{one.name}”",
            measure="SO_TONG_KET",
            says=f"Phát động {_day(one.launched)}, chưa {LABELS[owes]}.",
            evidence=[why],
            subject=one.code,
            product=f"Báo cáo {LABELS[owes]}",
        )
    for one in told.movements:
        why = seen(one, one.name, one.launched, one.achieved)
        if not one.measurable:
            yield ground.propose(
                kind,
                one.unit,
                f"{one.code}:chi-tieu",
                f"Bổ sung chỉ tiêu cho “{one.name}”",
                measure="CHI_TIEU",
                says="Phong trào chưa có chỉ tiêu đo được.",
                evidence=[why],
                subject=one.code,
                product="Chỉ tiêu bằng số, cách đo",
            )
        if boasting(one, rules):
            yield ground.propose(
                kind,
                one.unit,
                f"{one.code}:thuc-chat",
                f"Đánh giá lại phong trào “{one.name}”",
                measure="THUC_CHAT",
                evidence=[why],
                subject=one.code,
                says=f"Tự đánh giá cao, chỉ tiêu mới đạt {decimal(one.achieved or 0)}%.",
                product="Bản đánh giá có số liệu kiểm chứng",
            )
    for model in not_fostered(told.models, ground.on, rules):
        why = seen(model, model.name, model.found)
        yield ground.propose(
            kind,
            model.unit,
            f"dien-hinh:{short(model.name)}",
            f"Bồi dưỡng {model.name}",
            measure="DIEN_HINH",
            says=f"Phát hiện {_day(model.found)}, chưa bồi dưỡng.",
            evidence=[why],
            product="Kế hoạch bồi dưỡng, nhân rộng",
        )


def for_awards(ground: Ground) -> Iterator[ProposedChange]:
    rules, told, kind = ground.rules.awards, ground.told, PlanKind.AWARDS
    for award in paid_late(told.awards, ground.on, rules):
        if award.paid is None:
            why = seen(award, award.name, award.decided)
            yield ground.propose(
                kind,
                award.unit,
                f"chi:{short(award.decision + award.name)}",
                f"Chi thưởng cho {award.name} ({award.award})",
                measure="CHI_CHAM",
                says=f"{award.decision} ngày {_day(award.decided)}, quá {rules.pay_days} ngày.",
                evidence=[why],
                cost=(award.amount or 0) * 10,
                product="Chứng từ chi thưởng",
            )
    movements = {(one.unit, one.code) for one in told.movements}
    for award in untraced(told.awards, movements):
        why = seen(award, award.name, award.decided)
        yield ground.propose(
            kind,
            award.unit,
            f"can-cu:{short(award.decision + award.name)}",
            f"Làm rõ căn cứ khen thưởng {award.name}",
            measure="GAN_PHONG_TRAO",
            says=f"Khen từ phong trào “{award.movement}” mà đơn vị không có phong trào ấy.",
            evidence=[why],
            product="Bản giải trình",
        )


def for_programme(ground: Ground) -> Iterator[ProposedChange]:
    rules, kind, above = ground.rules.programme, PlanKind.PROGRAMME, above_of(ground.higher)
    for task in stuck([*ground.tasks, *ground.higher], rules):
        yield _of_task(
            ground,
            task,
            "chuyen",
            "Rà soát, giao lại hoặc dừng",
            "CHUYEN_KY",
            f"Đã chuyển kỳ {task.carried} lần.",
        )
    for task in ground.tasks:
        if not concrete(task):
            yield _of_task(
                ground,
                task,
                "cu-the",
                "Bổ sung cho đủ sản phẩm, người, hạn",
                "CU_THE",
                f"Thiếu {lacking(task)}.",
            )
        elif above and not traced(task, above):
            yield _of_task(
                ground,
                task,
                "truy",
                "Gắn với chương trình cấp trên",
                "TRUY_LEN",
                "Không truy được lên chương trình quý, năm, toàn khóa.",
            )
    for task in uncovered(ground.higher, [*ground.tasks, *ground.higher]):
        yield _of_task(
            ground,
            task,
            "giao",
            "Cụ thể hóa xuống chương trình kỳ ngắn hơn",
            "PHU_KIN",
            "Chưa có việc nào triển khai.",
        )
    for quarters in silent(ground.told.attention, ground.rules.attention):
        last = quarters[-1]
        yield ground.propose(
            kind,
            last.unit,
            f"quan-tam:{last.cadre}",
            "Đưa TĐKT vào chương trình họp của lãnh đạo",
            measure="QUAN_TAM",
            says=f"{last.name}: {len(quarters)} quý liền không có gì.",
            evidence=[seen(q, "không họp, không văn bản", q.on) for q in quarters],
            subject=last.cadre,
            owner=last.cadre,
            product="Lịch họp, văn bản chỉ đạo",
        )


def _of_task(
    ground: Ground, task: ProgrammeTask, cause: str, do: str, measure: str, says: str
) -> ProposedChange:
    told = f"{task.code} {task.content}"
    why = Evidence(told, task.owner or task.unit, task.period, on=task.due)
    return ground.propose(
        PlanKind.PROGRAMME,
        task.unit,
        f"{cause}:{task.code}",
        f"{do}: {task.content}",
        measure=measure,
        says=says,
        evidence=[why],
        subject=task.code,
        owner=task.owner,
        product=task.product,
    )


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else "chưa rõ ngày"
