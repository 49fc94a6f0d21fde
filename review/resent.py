"""A unit that sends again in a period is told which version its new one replaces.

resent(before)                                  -> Finding("NOP_LAI", Severity.NOTE, …)
arrivals_before([(1, monday), (2, tuesday)])    -> {2: monday}, whatever order they were read in
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import pairwise

from review.findings import Finding, Severity

RESENT = "NOP_LAI"


def resent(before: datetime) -> Finding:
    """`before`: when the unit's last version came, in the office's own zone."""
    says = (
        f"Đơn vị đã nộp kỳ này lúc {before:%H:%M} ngày {before:%d/%m/%Y}. Bản mới thay bản cũ; "
        "bản cũ được lưu để đối chiếu."
    )
    return Finding(RESENT, Severity.NOTE, "", "", "", says, "Không cần làm gì thêm.")


def arrivals_before(files: Iterable[tuple[int, datetime]]) -> dict[int, datetime]:
    """By file, when the one before it came; nothing for the first. Files in the order they came."""
    return {file: before for (_, before), (file, _) in pairwise(files)}
