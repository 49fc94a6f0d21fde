"""What a report tells of plans, as a made-up province might have it: for papers and letters."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from review.evidence import Measure
from review.period import Period
from review.plans import ChangeState, Outcome, PlanKind
from review.report_plans import Followed, Proposed, plans_section
from tasks.plan_report import WITHIN


def plans(period: Period) -> dict[str, Any]:
    """Figures that alarm and figures that do not, a plan followed up, changes in every state."""
    programme, oversight = PlanKind.PROGRAMME, PlanKind.INSPECTION
    figures = {
        programme: [
            Measure("TRUY_LEN", "Việc truy được lên chương trình kỳ dài hơn", 7777, "%",
                    "1.557 trên 2.002 việc; cần từ 80%.", alarm=True),
            Measure("CU_THE", "Việc có đủ sản phẩm, người chủ trì, hạn", 9810, "%",
                    "1.964 trên 2.002 việc; cần từ 90%."),
        ],
        PlanKind.STRUCTURE: [
            Measure("TRONG_24", "Vị trí sẽ trống trong 24 tháng tới", 13, "vị trí",
                    "4 nghỉ hưu, 1 dự kiến chuyển, còn lại là biến động khác của 140 người. "
                    "Khả năng 80%: 9 – 17 vị trí, trong đó chức danh chủ chốt 2 – 4.",
                    low=9, high=17),
        ],
        oversight: [
            Measure("KHAC_PHUC_MO", "Biện pháp khắc phục chưa xong", 11, "biện pháp",
                    "11 biện pháp, 5 đã quá hạn; lâu nhất 214 ngày.", alarm=True),
        ],
    }  # fmt: skip
    before = {programme: [replace(figures[programme][0], value=7120)]}
    proposed = [
        Proposed(programme, "TRUY_LEN", ChangeState.PROPOSED, 4),
        Proposed(programme, "CHUYEN_KY", ChangeState.ACCEPTED, 2),
        Proposed(oversight, "KHAC_PHUC_MO", ChangeState.REFUSED, 1),
        Proposed(PlanKind.TRAINING, "NHU_CAU", ChangeState.PROPOSED, 31, 186_000_000),
    ]
    followed = [
        Followed(programme, Outcome.DONE, 12),
        Followed(programme, Outcome.NOT_DONE, 3),
        Followed(PlanKind.TRAINING, Outcome.UNKNOWN, 2),
    ]
    return plans_section(figures, before, proposed, followed, period.next().label)


def course(period: Period) -> list[list[Any]]:
    shorter = WITHIN[period.cadence]
    return [[part.label, 4, 8790 + 40 * at] for at, part in enumerate(period.split(shorter))]
