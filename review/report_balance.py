"""Whether a report adds up: one that does not is not made (feature L16).

imbalances(report_of(…))      -> (), or the figures that do not agree, in Vietnamese
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

OTHER_PEOPLE = "Báo cáo: số dòng bảng cá nhân khác số người trong danh sách."


def imbalances(payload: Mapping[str, Any]) -> tuple[str, ...]:
    """Figures of a report that do not add up: then it is not made (feature L16)."""
    roll, found = payload["roll"], []
    states = sum(roll[key] for key in ("accepted", "returned", "nil", "missing", "set_aside"))
    if states != roll["roll"]:
        found.append(f"Báo cáo: phải báo cáo {roll['roll']}, cộng các trạng thái {states}.")
    for key in ("roll", "accepted", "returned", "nil", "missing", "set_aside", "late", "received"):
        parts = sum(row[key] for row in payload["clusters"])
        if parts != roll[key]:
            found.append(f"Báo cáo: cột “{key}” cộng các cụm, khối {parts}, tổng {roll[key]}.")
    graded = sum(grade["count"] for grade in payload["grades"])
    if graded != payload["persons"]["scored"]:
        found.append(
            f"Báo cáo: đã chấm {payload['persons']['scored']} người, cộng các mức {graded}."
        )
    if "cards" in payload and len(payload["cards"]) != payload["persons"]["on_roll"]:
        found.append(OTHER_PEOPLE)
    return (*found, *_of_plans(payload.get("plans") or {}))


def _of_plans(plans: Mapping[str, Any]) -> Iterator[str]:
    for label, lines, _, waiting, accepted, refused, _ in plans.get("proposed", ()):
        if lines != waiting + accepted + refused:
            yield f"{label}: {lines} đề xuất, cộng các trạng thái {waiting + accepted + refused}."
    for label, lines, done, not_done, unknown in plans.get("followed", ()):
        if lines != done + not_done + unknown:
            yield f"{label}: {lines} dòng, cộng các kết quả {done + not_done + unknown}."
    told = sum(len(part["rows"]) for part in plans.get("parts", ()))
    if told != plans.get("figures", 0):
        yield f"Báo cáo: {plans['figures']} chỉ số, trong các mục có {told}."
