"""What came of the work (hiệu quả): files approved or returned, satisfaction, what was copied.

Decree 335/2025 has no such term, so it never enters the legal score (domain.md 1.1, row 15).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from review.evidence import Evidence, Measure, percent


@dataclass(frozen=True, slots=True)
class Effect:
    """One product of a unit: how many were handed in, approved, returned; `satisfied` percent."""

    unit: str
    content: str
    submitted: int
    approved: int
    returned: int
    satisfied: int | None
    copied: bool
    cell: str = ""
    period: str = ""


def measures_of(effects: Sequence[Effect]) -> tuple[Measure, ...]:
    submitted = sum(one.submitted for one in effects)
    approved = sum(min(one.approved, one.submitted) for one in effects)
    copied = sum(one.copied for one in effects)
    told = [one.satisfied for one in effects if one.satisfied is not None]
    pleased = f"; hài lòng bình quân {sum(told) // len(told)}%" if told else ""
    returned = [one for one in effects if one.returned]
    return (
        Measure(
            "HIEU_QUA",
            "Hồ sơ, sản phẩm trình được duyệt",
            percent(approved, submitted),
            "%",
            says=f"{approved} trên {submitted} được duyệt, {copied} được nhân rộng{pleased}.",
            evidence=tuple(
                Evidence(f"{o.content}: {o.returned} bị trả lại", o.unit, o.period, o.cell)
                for o in returned
            ),
        ),
    )
