"""The approval form on the operators' screen: what `tdkt approve` does from the command line."""

from __future__ import annotations

from typing import Annotated

from prefect import flow
from pydantic import Field

from flows.agenda import step
from flows.opening import occasion_of
from review.period import Cadence
from tasks.approve import Approved, Signature, approve
from tasks.office import Office

Period = Annotated[
    str,
    Field(
        title="Kỳ đánh giá",
        description="Ví dụ 2026-10, 2026-Q4, 2026.",
        pattern=r"^\s*\d{4}(-(0[1-9]|1[0-2]|Q[1-4]|H[12])|\.\.\d{4})?\s*$",
    ),
]
Name = Annotated[str, Field(title="Người phê duyệt", description="Họ và tên.", min_length=2)]
Note = Annotated[
    str, Field(title="Ý kiến", description="Ghi vào sổ cùng tên và giờ.", min_length=1)
]
Refuse = Annotated[bool, Field(title="Không phê duyệt", description="Trả kết quả lại, mở khóa.")]
UnitCode = Annotated[
    str, Field(title="Mã đơn vị", description="Chỉ điền khi thủ trưởng đơn vị phê duyệt.")
]


@flow(
    name="approve-results",
    description="Phê duyệt kết quả của kỳ, hoặc trả lại; kết quả đã phê duyệt thì khóa.",
    validate_parameters=True,
)
def approve_results(
    period: Period, who: Name, note: Note, refuse: Refuse = False, unit: UnitCode = ""
) -> dict[str, object]:
    """Puts a person's name to the results; what stands in the way is said and nothing is changed.

    Args:
        period: Kỳ đánh giá, ví dụ 2026-10, 2026-Q4, 2026.
        who: Người phê duyệt, họ và tên.
        note: Ý kiến, ghi vào sổ cùng tên và giờ.
        refuse: Không phê duyệt, trả kết quả lại và mở khóa.
        unit: Mã đơn vị, chỉ khi thủ trưởng đơn vị phê duyệt.
    """
    occasion = occasion_of(Office.at(), period, Cadence.MONTH)
    done: Approved = step(approve, occasion, Signature(who, note, unit.strip(), refuse))
    following = done.following.value if done.following else None
    return {"period": occasion.period_text, "stage": done.decision.stage.value,
            "final": done.final, "next": following, "persons": done.persons}  # fmt: skip
